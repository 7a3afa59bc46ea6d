package savings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// The registers that a savings desk works with and examiners ask for. Each is
// a list of plain values, whose Table can be printed or written as CSV.

// Nominatif is the list of all open accounts of a product on a day (daftar
// nominatif): its total is what the product has on its control account.
type Nominatif struct {
	Product  Product
	Day      ledger.Date
	Currency ledger.Currency
	Rows     []NominatifRow
	Total    ledger.Money
}

// NominatifRow is one account on a day. Status, nisbah and block are what the
// record says now.
type NominatifRow struct {
	Account, Member string
	Opened          ledger.Date
	Status          Status
	Nisbah          decimal.Decimal // the account's own or the product's on the day, zero for none
	Balance         ledger.Money    // at the end of the day
	Held            ledger.Money    // of it
	Block           ledger.Block
	LastDay         ledger.Date // of the latest movement of all, zero for none
}

// NominatifIn lists a product's accounts that were opened by a day and not
// closed on or before it, by id. The error matches [ErrUnknown] or [ErrDate].
func NominatifIn(tx *ledger.Tx, product string, day ledger.Date) (Nominatif, error) {
	p, exists, err := ProductIn(tx, product)
	if err != nil {
		return Nominatif{}, err
	}
	if !exists {
		return Nominatif{}, &Refusal{Kind: ErrUnknown, Code: "product.unknown", Product: product, Reason: "there is no such product"}
	}
	n := Nominatif{Product: p, Day: day, Currency: tx.Currency()}
	if err := registerDay(day); err != nil {
		return Nominatif{}, err
	}
	terms, _ := p.On(day)
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return Nominatif{}, err
		}
		if a.Product != product || a.Opened.After(day) || !a.Closed.IsZero() && !a.Closed.After(day) {
			continue
		}
		row := NominatifRow{Account: a.ID, Member: a.Member, Opened: a.Opened, Status: a.Status, Nisbah: ratioOn(a.Nisbah, day)}
		if row.Nisbah.IsZero() {
			row.Nisbah = terms.Nisbah
		}
		sub, _, err := tx.Sub(a.Control, a.ID)
		if err != nil {
			return Nominatif{}, err
		}
		row.Block, row.LastDay, row.Balance = sub.Block, sub.LastDay, ledger.CreditSide.Natural(sub.Last)
		if sub.LastDay.After(day) {
			if row.Balance, err = BalanceIn(tx, a.ID, day); err != nil {
				return Nominatif{}, err
			}
		}
		if row.Held, err = heldOn(tx, Place{Account: a.Control, Sub: a.ID}, day); err != nil {
			return Nominatif{}, err
		}
		n.Rows = append(n.Rows, row)
		n.Total = n.Total.Add(row.Balance)
	}
	return n, n.Total.Err()
}

func registerDay(day ledger.Date) error {
	if err := day.Err(); err != nil {
		return &Refusal{Kind: ErrDate, Code: "register.day", Date: day, Reason: "day of the register: " + err.Error()}
	}
	return nil
}

// Table lays the register out.
func (n Nominatif) Table() Table {
	t := Table{Title: Label{"DAFTAR NOMINATIF " + n.Product.Code, "ACCOUNTS OF " + n.Product.Code}, Day: n.Day, Currency: n.Currency,
		Columns: []Column{
			{"account", Label{"Rekening", "Account"}, false}, {"member", Label{"Anggota", "Member"}, false},
			{"opened", Label{"Dibuka", "Opened"}, false}, {"status", Label{"Status", "Status"}, false},
			{"nisbah", Label{"Nisbah", "Nisbah"}, true}, {"balance", Label{"Saldo", "Balance"}, true},
			{"held", Label{"Ditahan", "Held"}, true}, {"block", Label{"Blokir", "Block"}, false}, {"last_day", Label{"Mutasi terakhir", "Last movement"}, false},
		},
		Total: []Cell{word(""), {}, {}, {}, {}, amount(n.Total), {}, {}, {}}}
	for _, r := range n.Rows {
		t.Rows = append(t.Rows, []Cell{word(r.Account), word(r.Member), dayCell(r.Opened), word(string(r.Status)), word(nisbahText(r.Nisbah)),
			amount(r.Balance), amount(r.Held), word(blockWord(r.Block)), dayOrEmpty(r.LastDay)})
	}
	return t
}

func blockWord(b ledger.Block) string {
	if b == ledger.NoBlock {
		return ""
	}
	return b.String()
}

// DuesRegister is the dues of all members in a product on a day: asked, paid,
// owed by age.
type DuesRegister struct {
	Product  string
	Day      ledger.Date
	Currency ledger.Currency
	Rows     []DuesRow
}

// DuesRow is one member's dues.
type DuesRow struct {
	Schedule
	Mandate string // the savings account that they may be taken from, empty for none
}

// DuesIn lists the dues of a product's accounts on a day, by account.
// onlyOwed leaves out who owes nothing: the arrears. Errors match [ErrCommand]
// or [ErrDate].
func DuesIn(tx *ledger.Tx, product string, day ledger.Date, onlyOwed bool) (DuesRegister, error) {
	p, exists, err := ProductIn(tx, product)
	if err != nil {
		return DuesRegister{}, err
	}
	if !exists || p.Akad != Wajib {
		return DuesRegister{}, &Refusal{Kind: ErrCommand, Code: "dues.akad", Product: product, Reason: "there is no such product with dues"}
	}
	if err := registerDay(day); err != nil {
		return DuesRegister{}, err
	}
	r := DuesRegister{Product: product, Day: day, Currency: tx.Currency()}
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return DuesRegister{}, err
		}
		if a.Product != product || a.Opened.After(day) || !a.Closed.IsZero() && !a.Closed.After(day) {
			continue
		}
		m, known, err := MemberIn(tx, a.Member)
		if err != nil {
			return DuesRegister{}, err
		}
		if !known {
			return DuesRegister{}, fmt.Errorf("%w: account %s has member %s, who is missing", ledger.ErrCorrupt, clip(a.ID), clip(a.Member))
		}
		s, err := schedule(tx, a, p, m, day)
		if err != nil {
			return DuesRegister{}, err
		}
		if !onlyOwed || s.Arrears().Sign() > 0 {
			r.Rows = append(r.Rows, DuesRow{s, a.Mandate})
		}
	}
	return r, nil
}

// Collector returns what a collector has to ask for: who owes and has given no
// mandate to take it from savings, the most owed first.
func (r DuesRegister) Collector() DuesRegister {
	rows := slices.Clone(r.Rows)
	rows = slices.DeleteFunc(rows, func(row DuesRow) bool { return row.Mandate != "" || row.Arrears().Sign() <= 0 })
	slices.SortStableFunc(rows, func(a, b DuesRow) int { return cmp.Or(b.Arrears().Cmp(a.Arrears()), cmp.Compare(a.Account, b.Account)) })
	r.Rows = rows
	return r
}

// Table lays the register out: what is owed of the current month and of
// periods that began 1, 2 to 3, 4 to 6, 7 to 12 and more months before it.
func (r DuesRegister) Table() Table {
	t := Table{Title: Label{"SIMPANAN WAJIB DAN TUNGGAKAN " + r.Product, "DUES AND ARREARS OF " + r.Product}, Day: r.Day, Currency: r.Currency,
		Columns: []Column{
			{"account", Label{"Rekening", "Account"}, false}, {"member", Label{"Anggota", "Member"}, false}, {"mandate", Label{"Kuasa debet", "Mandate"}, false},
			{"paid_to", Label{"Lunas s.d.", "Paid to"}, false}, {"due", Label{"Wajib", "Due"}, true}, {"paid", Label{"Dibayar", "Paid"}, true},
			{"arrears", Label{"Tunggakan", "Arrears"}, true}, {"current", Label{"Bulan ini", "This month"}, true}, {"age_1", Label{"1 bulan", "1 month"}, true},
			{"age_2_3", Label{"2-3", "2-3"}, true}, {"age_4_6", Label{"4-6", "4-6"}, true}, {"age_7_12", Label{"7-12", "7-12"}, true},
			{"age_over_12", Label{">12", ">12"}, true}, {"ahead", Label{"Di muka", "Ahead"}, true},
		}}
	var totals [10]ledger.Money
	for _, row := range r.Rows {
		ages := row.Age()
		amounts := [...]ledger.Money{row.Schedule.Total(), row.Paid, row.Arrears(), ages[0], ages[1], ages[2], ages[3], ages[4], ages[5], row.Ahead()}
		paidTo := ""
		if last := row.PaidTo(); !last.IsZero() {
			paidTo = last.String()
		}
		cells := []Cell{word(row.Account), word(row.Member), word(row.Mandate), word(paidTo)}
		for i, m := range amounts {
			totals[i] = totals[i].Add(m)
			cells = append(cells, amount(m))
		}
		t.Rows = append(t.Rows, cells)
	}
	t.Total = make([]Cell, 4, len(t.Columns))
	for _, m := range totals {
		t.Total = append(t.Total, amount(m))
	}
	return t
}

// HoldRegister is everything that keeps money from moving on a day.
type HoldRegister struct {
	Day      ledger.Date
	Currency ledger.Currency
	Rows     []HoldRow
}

// HoldRow is a hold of an amount, or a block.
type HoldRow struct {
	Account, Member string
	Key             string       // of a hold, empty for a block
	Block           ledger.Block // of a block
	Amount          ledger.Money // what is left of a hold
	Reason, By      string
	From, Until     ledger.Date // Until is zero if it binds until it is released
}

// HoldsIn lists the holds that bind on a day, and the blocks that there are,
// by account. A block that was set past the desk has no reason here.
func HoldsIn(tx *ledger.Tx, day ledger.Date) (HoldRegister, error) {
	r := HoldRegister{Day: day, Currency: tx.Currency()}
	if err := registerDay(day); err != nil {
		return HoldRegister{}, err
	}
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return HoldRegister{}, err
		}
		if a.Status == Closed {
			continue
		}
		holds, err := tx.Holds(a.Control, a.ID)
		if err != nil {
			return HoldRegister{}, err
		}
		for _, h := range holds {
			if day.Before(h.From) || !h.Until.IsZero() && h.Until.Before(day) {
				continue
			}
			r.Rows = append(r.Rows, HoldRow{Account: a.ID, Member: a.Member, Key: h.Key, Amount: h.Left, Reason: h.Reason, By: h.By, From: h.From, Until: h.Until})
		}
		sub, _, err := tx.Sub(a.Control, a.ID)
		if err != nil {
			return HoldRegister{}, err
		}
		if sub.Block != ledger.NoBlock {
			b := a.Blocked
			r.Rows = append(r.Rows, HoldRow{Account: a.ID, Member: a.Member, Block: sub.Block, Reason: b.Reason, By: b.By, From: b.From, Until: b.Until})
		}
	}
	return r, nil
}

// Table lays the register out.
func (r HoldRegister) Table() Table {
	t := Table{Title: Label{"SALDO DITAHAN DAN REKENING DIBLOKIR", "HOLDS AND BLOCKS"}, Day: r.Day, Currency: r.Currency,
		Columns: []Column{
			{"account", Label{"Rekening", "Account"}, false}, {"member", Label{"Anggota", "Member"}, false}, {"key", Label{"Nomor", "Key"}, false},
			{"block", Label{"Blokir", "Block"}, false}, {"amount", Label{"Jumlah", "Amount"}, true}, {"reason", Label{"Alasan", "Reason"}, false},
			{"by", Label{"Oleh", "By"}, false}, {"from", Label{"Dari", "From"}, false}, {"until", Label{"Sampai", "Until"}, false},
		}}
	for _, row := range r.Rows {
		t.Rows = append(t.Rows, []Cell{word(row.Account), word(row.Member), word(row.Key), word(blockWord(row.Block)), amount(row.Amount),
			word(row.Reason), word(row.By), dayOrEmpty(row.From), dayOrEmpty(row.Until)})
	}
	return t
}

// MemberRegister is the register of members that examiners ask for (buku
// daftar anggota).
type MemberRegister struct {
	Day  ledger.Date
	Rows []MemberRow
}

// MemberRow is one member, with the person as far as it is known.
type MemberRow struct {
	Member
	Person Person // zero if it was erased, or nobody was asked
}

// Register lists everybody who had joined by a day, by number, as the records
// say now. Persons may be nil: the register then has numbers only.
func (d *Desk) Register(ctx context.Context, persons Persons, day ledger.Date) (MemberRegister, error) {
	r := MemberRegister{Day: day}
	if err := registerDay(day); err != nil {
		return r, err
	}
	err := d.book.View(ctx, func(tx *ledger.Tx) error {
		r.Rows = r.Rows[:0]
		for m, err := range Members(tx, "") {
			if err != nil {
				return err
			}
			if !m.Joined.After(day) {
				r.Rows = append(r.Rows, MemberRow{Member: m})
			}
		}
		return nil
	})
	if err != nil || persons == nil {
		return r, err
	}
	for i := range r.Rows {
		if r.Rows[i].Person, _, err = persons.Person(ctx, r.Rows[i].Number); err != nil {
			return MemberRegister{}, err
		}
	}
	return r, nil
}

// Overdue returns the candidates whose time has run out.
func (r MemberRegister) Overdue() MemberRegister {
	r.Rows = slices.DeleteFunc(slices.Clone(r.Rows), func(row MemberRow) bool { return !row.Member.Overdue(r.Day) || row.LeftOn(r.Day) })
	return r
}

// Table lays the register out.
func (r MemberRegister) Table() Table {
	t := Table{Title: Label{"BUKU DAFTAR ANGGOTA", "REGISTER OF MEMBERS"}, Day: r.Day,
		Columns: []Column{
			{"no", Label{"No", "No"}, true}, {"number", Label{"Nomor", "Number"}, false}, {"name", Label{"Nama", "Name"}, false},
			{"identity", Label{"NIK", "Identity"}, false}, {"address", Label{"Alamat", "Address"}, false}, {"occupation", Label{"Pekerjaan", "Occupation"}, false},
			{"state", Label{"Status", "State"}, false}, {"joined", Label{"Masuk", "Joined"}, false}, {"admitted", Label{"Diterima", "Admitted"}, false},
			{"approved_by", Label{"Disetujui", "Approved by"}, false}, {"left", Label{"Keluar", "Left"}, false}, {"reason", Label{"Alasan", "Reason"}, false},
			{"heirs", Label{"Ahli waris", "Heirs"}, false}, {"documents", Label{"Dokumen", "Documents"}, false},
		}}
	for i, row := range r.Rows {
		heirs := make([]string, len(row.Person.Heirs))
		for n, h := range row.Person.Heirs {
			heirs[n] = h.Name
			if h.Relation != "" {
				heirs[n] += " (" + h.Relation + ")"
			}
		}
		t.Rows = append(t.Rows, []Cell{number(i + 1), word(row.Number), word(row.Person.Name), word(row.Person.Identity), word(row.Person.Address),
			word(row.Person.Occupation), word(string(row.State())), dayCell(row.Joined), dayOrEmpty(row.Since()), word(row.ApprovedBy),
			dayOrEmpty(row.Left), word(row.Reason), word(strings.Join(heirs, "; ")), word(strings.Join(row.Documents, "; "))})
	}
	return t
}
