package savings

import (
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// PassbookRegister is all printed passbooks and how far they are printed
// (daftar buku tabungan).
type PassbookRegister struct {
	Day      ledger.Date
	Currency ledger.Currency
	Rows     []PassbookRow
}

// PassbookRow is the passbook of one account.
type PassbookRow struct {
	Passbook
	Member string
	// Mismatch is the flag of a passbook that no longer agrees with the ledger,
	// nil for one that does.
	Mismatch *Mismatch
}

// PassbooksIn lists the passbooks in use that were begun by a day, by account.
// It reads every account's lines up to where its book is printed. The error
// matches [ErrDate].
func PassbooksIn(tx *ledger.Tx, day ledger.Date) (PassbookRegister, error) {
	r := PassbookRegister{Day: day, Currency: tx.Currency()}
	if err := registerDay(day); err != nil {
		return PassbookRegister{}, err
	}
	for p, err := range states[Passbook](tx, KindPassbook, "") {
		if err != nil {
			return PassbookRegister{}, err
		}
		if p.Issued.After(day) {
			continue
		}
		a, err := found(tx, p.Account)
		if err != nil {
			return PassbookRegister{}, err
		}
		row := PassbookRow{Passbook: p, Member: a.Member}
		if row.Mismatch, err = MismatchIn(tx, p.Account); err != nil {
			return PassbookRegister{}, err
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// Table lays the register out.
func (r PassbookRegister) Table() Table {
	t := Table{Title: Label{"DAFTAR BUKU TABUNGAN", "PASSBOOKS"}, Day: r.Day, Currency: r.Currency,
		Columns: []Column{
			{"account", Label{"Rekening", "Account"}, false}, {"member", Label{"Anggota", "Member"}, false},
			{"serial", Label{"Nomor seri", "Serial"}, false}, {"book", Label{"Buku ke", "Book"}, true}, {"issued", Label{"Terbit", "Issued"}, false},
			{"number", Label{"Baris terakhir", "Last line"}, true}, {"page", Label{"Halaman", "Page"}, true},
			{"balance", Label{"Saldo tercetak", "Printed balance"}, true}, {"missed", Label{"Belum tercatat", "Missed"}, true},
		}}
	for _, row := range r.Rows {
		page, _ := placeOf(max(row.Printed-1, 0), row.PageLines)
		missed := Cell{}
		if row.Mismatch != nil {
			missed = number(len(row.Mismatch.Missed))
		}
		t.Rows = append(t.Rows, []Cell{word(row.Account), word(row.Member), word(row.Serial), number(row.Book), dayCell(row.Issued),
			number(row.Number), number(page), amount(row.After.Balance), missed})
	}
	return t
}

// Tables lays what was printed out, a table for each page: numbers, days, what
// for, out, in and the balance. A page that begins is headed by the balance
// brought forward, a correction is marked with a star.
func (p Printed) Tables() []Table {
	tables := make([]Table, 0, len(p.Pages))
	for _, page := range p.Pages {
		title := fmt.Sprintf("%s %s/%d", p.Passbook.Account, p.Passbook.Serial, page.Page)
		t := Table{Title: Label{"BUKU TABUNGAN " + title, "PASSBOOK " + title}, Day: page.Lines[len(page.Lines)-1].Date, Currency: p.Currency,
			Columns: []Column{
				{"number", Label{"No", "No"}, true}, {"date", Label{"Tanggal", "Date"}, false}, {"memo", Label{"Keterangan", "Memo"}, false},
				{"out", Label{"Debet", "Out"}, true}, {"in", Label{"Kredit", "In"}, true}, {"balance", Label{"Saldo", "Balance"}, true},
			}}
		if page.Lines[0].Line == 1 && (page.Page > 1 || p.Passbook.Book > 1 || !page.Brought.IsZero()) {
			t.Rows = append(t.Rows, []Cell{{}, {}, word("Saldo pindahan"), {}, {}, amount(page.Brought)})
		}
		for _, line := range page.Lines {
			no := strconv.Itoa(line.Number)
			if line.Correction {
				no = "*" + no
			}
			row := []Cell{word(no), dayCell(line.Date), word(line.Memo), {}, {}, amount(line.Balance)}
			if line.In.Sign() < 0 {
				row[3] = amount(line.In.Neg())
			} else {
				row[4] = amount(line.In)
			}
			t.Rows = append(t.Rows, row)
		}
		tables = append(tables, t)
	}
	return tables
}

// checkPassbooks recounts every passbook: the lines up to its mark that the
// ledger had when it was printed are the ones that it numbers or skipped, and
// come to the balance it shows. Its serial is its own.
func checkPassbooks(tx *ledger.Tx, say ledger.Report) error {
	for p, err := range states[Passbook](tx, KindPassbook, "") {
		if err != nil {
			return err
		}
		a, exists, err := AccountIn(tx, p.Account)
		if err != nil {
			return err
		}
		if !exists {
			say(ledger.Finding{Sub: p.Account}, "passbook %s belongs to no savings account", p.Serial)
			continue
		}
		at := ledger.Finding{Account: a.Control, Sub: a.ID}
		lines, err := p.missed(tx, a, 0, p.Seen)
		if err != nil {
			return err
		}
		var balance ledger.Money
		for _, line := range lines {
			balance = balance.Add(ledger.CreditSide.Natural(line.Amount))
		}
		if len(lines) != p.Number+p.Skipped {
			say(at, "passbook %s: %d lines were printed and %d skipped, the ledger had %d", p.Serial, p.Number, p.Skipped, len(lines))
		}
		if balance != p.After.Balance {
			say(at, "passbook %s shows %s, its lines come to %s", p.Serial, p.After.Balance, balance)
		}
		if serial, version, err := load[certificate](tx, KindSerial, p.Serial); err != nil {
			return err
		} else if version == 0 || serial.Account != p.Account {
			say(at, "passbook %s is registered for account %q", p.Serial, serial.Account)
		}
	}
	return nil
}
