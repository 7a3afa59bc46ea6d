package savings

import "github.com/mizan-coop/mizan/ledger"

// DormantRegister is all dormant accounts on a day (daftar rekening pasif).
type DormantRegister struct {
	Day      ledger.Date
	Currency ledger.Currency
	Rows     []DormantRow
	Total    ledger.Money // of Balance
}

// DormantRow is one dormant account.
type DormantRow struct {
	Account, Member, Product string
	Dormancy
	Balance ledger.Money // at the end of the day, the member's
}

// DormantIn lists the accounts that are dormant and were so on a day, by id, as
// the records say now. The error matches [ErrDate].
func DormantIn(tx *ledger.Tx, day ledger.Date) (DormantRegister, error) {
	r := DormantRegister{Day: day, Currency: tx.Currency()}
	if err := registerDay(day); err != nil {
		return DormantRegister{}, err
	}
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return DormantRegister{}, err
		}
		if !a.dormant() || a.Dormant.Since.After(day) {
			continue
		}
		balance, err := tx.Balance(a.Control, a.ID, ledger.EndOf(day))
		if err != nil {
			return DormantRegister{}, err
		}
		row := DormantRow{Account: a.ID, Member: a.Member, Product: a.Product, Dormancy: a.Dormant, Balance: ledger.CreditSide.Natural(balance)}
		r.Rows = append(r.Rows, row)
		r.Total = r.Total.Add(row.Balance)
	}
	return r, r.Total.Err()
}

// Table lays the register out.
func (r DormantRegister) Table() Table {
	t := Table{Title: Label{"DAFTAR REKENING PASIF", "DORMANT ACCOUNTS"}, Day: r.Day, Currency: r.Currency,
		Columns: []Column{
			{"account", Label{"Rekening", "Account"}, false}, {"member", Label{"Anggota", "Member"}, false},
			{"product", Label{"Produk", "Product"}, false}, {"last", Label{"Mutasi sendiri", "Own movement"}, false},
			{"months", Label{"Bulan", "Months"}, true}, {"balance", Label{"Saldo", "Balance"}, true}, {"since", Label{"Pasif sejak", "Dormant since"}, false},
		},
		Total: []Cell{word(""), {}, {}, {}, {}, amount(r.Total), {}}}
	for _, row := range r.Rows {
		t.Rows = append(t.Rows, []Cell{word(row.Account), word(row.Member), word(row.Product), dayCell(row.Last),
			number(row.Months), amount(row.Balance), dayCell(row.Since)})
	}
	return t
}

// checkDormant looks for dormant accounts that their members have moved.
func checkDormant(tx *ledger.Tx, say ledger.Report) error {
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return err
		}
		if !a.dormant() {
			continue
		}
		at := ledger.Finding{Account: a.Control, Sub: a.ID}
		if a.Status == Closed || a.Term != nil {
			say(at, "the account is dormant since %s, and closed or for a term", a.Dormant.Since)
		}
		last, err := a.ownSince(tx, a.Dormant.Last.Next())
		if err != nil {
			return err
		}
		if !last.IsZero() {
			say(at, "the account is dormant since %s for want of a movement since %s, its member moved it on %s", a.Dormant.Since, a.Dormant.Last, last)
		}
	}
	return nil
}
