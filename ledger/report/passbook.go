package report

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// PassbookQuery asks for a page of a passbook: the lines of one account or
// sub, in the order of their dates, with the balance after each.
type PassbookQuery struct {
	Account, Sub string
	From         ledger.Date // zero for the beginning; not together with After
	Through      ledger.Date // zero for the end
	// After continues behind the last line of an earlier page: its Next. It is
	// what an application keeps to print every line once.
	After Mark
	Limit int // the most lines, 1 to MaxPassbookLines
}

// MaxPassbookLines is the most lines of one page of a passbook.
const MaxPassbookLines = 10_000

// Mark is how far a passbook has been listed. The zero value is the beginning.
type Mark struct {
	Cursor  ledger.LineCursor
	Balance ledger.Money // after the last line, on the account's own side
	Line    int          // the last line's running number
}

// Passbook is a page of a passbook. Amounts and balances stand on the
// account's own side: what a member's savings account owes the member is
// positive.
type Passbook struct {
	Account  ledger.Account
	Sub      string
	Holder   string // as the book has it, a member number; may be empty
	Currency ledger.Currency
	Head     ledger.Head
	Opening  ledger.Money
	Lines    []PassbookLine
	Closing  ledger.Money // after the last line
	Next     Mark         // continues behind the last line
	More     bool         // whether there is something behind it
}

// PassbookLine is one line of a passbook.
type PassbookLine struct {
	Line    int // running number, from 1
	Date    ledger.Date
	Memo    string
	Key     string // the entry's key: the voucher
	Entry   uint64
	Debit   ledger.Money // zero if it is a credit
	Credit  ledger.Money // zero if it is a debit
	Balance ledger.Money
}

// ReadPassbook reads a page: one balance, and one range of lines. If After
// shows another balance than the book has there, a line was dated before the
// last one listed meanwhile: the error matches [ErrMark], and the passbook is
// to be listed again from a day. Other errors match [ErrRequest] or come from
// the book.
func ReadPassbook(tx *ledger.Tx, q PassbookQuery) (Passbook, error) {
	account, err := q.check(tx)
	if err != nil {
		return Passbook{}, err
	}
	p := Passbook{Account: account, Sub: q.Sub, Currency: tx.Currency(), Next: q.After}
	if p.Head, err = tx.Head(); err != nil {
		return Passbook{}, err
	}
	sub, _, err := tx.Sub(q.Account, q.Sub)
	if err != nil {
		return Passbook{}, err
	}
	p.Holder = sub.Holder
	lines, opening, err := q.read(tx, &p)
	if err != nil {
		return Passbook{}, err
	}
	p.Opening = account.Normal.Natural(opening)
	if q.After.Line > 0 && p.Opening != q.After.Balance {
		return Passbook{}, &MarkError{Account: q.Account, Sub: q.Sub, Printed: q.After.Balance, Book: p.Opening, currency: p.Currency}
	}
	p.Closing = p.Opening
	for i := range lines {
		p.line(&lines[i])
	}
	p.Next.Balance = p.Closing
	return p, p.Closing.Err()
}

func (q PassbookQuery) check(tx *ledger.Tx) (ledger.Account, error) {
	refuse := func(reason string) (ledger.Account, error) {
		return ledger.Account{}, &RequestError{What: "passbook of " + clip(q.Account) + "/" + clip(q.Sub), Reason: reason}
	}
	if q.Limit < 1 || q.Limit > MaxPassbookLines {
		return refuse(fmt.Sprintf("a page has 1 to %d lines, not %d", MaxPassbookLines, q.Limit))
	}
	if q.After != (Mark{}) && !q.From.IsZero() {
		return refuse("a page begins at a day or behind a mark, not both")
	}
	for _, day := range []ledger.Date{q.From, q.Through} {
		if !day.IsZero() && !day.Valid() {
			return ledger.Account{}, day.Err()
		}
	}
	account, found, err := tx.Account(q.Account)
	switch {
	case err != nil:
		return ledger.Account{}, err
	case !found:
		return refuse("the account is not in the chart")
	case account.Control && q.Sub == "":
		return refuse("the account has subs, and none is named")
	case !account.Control && q.Sub != "":
		return refuse("the account has no subs")
	}
	return account, nil
}

// read reads the page's lines and the balance before them, debit positive.
func (q PassbookQuery) read(tx *ledger.Tx, p *Passbook) (lines []ledger.PostedLine, opening ledger.Money, err error) {
	cursor := q.After.Cursor
	from, behind := q.From, !cursor.Date.IsZero()
	if behind {
		// What was listed on the cursor's own day is that day's end less its
		// lines still to come, which are taken off below.
		from = cursor.Date
		opening, err = tx.Balance(q.Account, q.Sub, ledger.EndOf(from))
	} else {
		opening, err = q.before(tx, from)
	}
	if err != nil {
		return nil, ledger.Money{}, err
	}
	query := ledger.LineQuery{Account: q.Account, Sub: q.Sub, From: from, Through: q.Through, Cursor: cursor}
	for line, err := range tx.Lines(query) {
		if err != nil {
			return nil, ledger.Money{}, err
		}
		sameDay := behind && line.Date == cursor.Date
		if sameDay {
			opening = opening.Sub(line.Amount)
		}
		if len(lines) < q.Limit {
			lines = append(lines, line)
			continue
		}
		p.More = true
		if !sameDay {
			break
		}
	}
	return lines, opening, opening.Err()
}

// before returns the balance at the end of the day before from.
func (q PassbookQuery) before(tx *ledger.Tx, from ledger.Date) (ledger.Money, error) {
	eve := from.Prev()
	if !eve.Valid() { // the beginning, or the first day there is
		return ledger.Money{}, nil
	}
	return tx.Balance(q.Account, q.Sub, ledger.EndOf(eve))
}

func (p *Passbook) line(l *ledger.PostedLine) {
	p.Closing = p.Closing.Add(p.Account.Normal.Natural(l.Amount))
	line := PassbookLine{Line: p.Next.Line + 1, Date: l.Date, Memo: l.Memo, Key: l.Key, Entry: l.Entry, Balance: p.Closing}
	if l.Amount.Sign() > 0 {
		line.Debit = l.Amount
	} else {
		line.Credit = l.Amount.Neg()
	}
	p.Lines = append(p.Lines, line)
	p.Next.Cursor, p.Next.Line = l.Cursor(), line.Line
}

// Report lays the page out. owner is the member's name, which the book does
// not know.
func (p Passbook) Report(entity, owner string) Report {
	r := Report{
		Entity: entity, Title: Label{"BUKU TABUNGAN", "PASSBOOK"}, Currency: p.Currency, Head: p.Head,
		Facts: []Fact{
			{Label{"Akun", "Account"}, Text(Label{p.Account.Name, p.Account.NameEn})},
			{Label{"Rekening", "Number"}, Name(p.Sub)},
			{Label{"Nomor anggota", "Member number"}, Name(p.Holder)},
			{Label{"Nama", "Name"}, Name(owner)},
		},
		Columns: []Column{
			{Key: "line", Label: Label{"No", "No"}, Kind: Numbers},
			{Key: "date", Label: Label{"Tanggal", "Date"}, Kind: Short},
			{Key: "memo", Label: Label{"Keterangan", "Particulars"}},
			{Key: "voucher", Label: Label{"Bukti", "Voucher"}},
			{Key: "debit", Label: Label{"Debet", "Debit"}, Kind: Numbers},
			{Key: "credit", Label: Label{"Kredit", "Credit"}, Kind: Numbers},
			{Key: "balance", Label: Label{"Saldo", "Balance"}, Kind: Numbers},
		},
	}
	carried := Label{"Saldo awal", "Opening balance"}
	r.Rows = append(r.Rows, Row{Kind: Header, Key: "opening", Cells: []Cell{{}, {}, Text(carried), {}, {}, {}, Money(p.Opening)}})
	for _, l := range p.Lines {
		r.Rows = append(r.Rows, Row{Cells: []Cell{
			Count(l.Line), Day(l.Date), Name(l.Memo), Name(l.Key),
			MoneyUnlessZero(l.Debit), MoneyUnlessZero(l.Credit), Money(l.Balance),
		}})
	}
	closing := Label{"Saldo akhir", "Closing balance"}
	if p.More {
		closing = Label{"Dipindahkan", "Carried forward"}
	}
	r.Rows = append(r.Rows, Row{Kind: Total, Key: "closing", Cells: []Cell{{}, {}, Text(closing), {}, {}, {}, Money(p.Closing)}})
	return r
}
