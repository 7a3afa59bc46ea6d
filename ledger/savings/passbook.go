package savings

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
)

// BalanceIn returns an account's balance at the end of a day, on the member's
// side: what the cooperative owes or holds for the member.
func BalanceIn(tx *ledger.Tx, account string, day ledger.Date) (ledger.Money, error) {
	a, err := found(tx, account)
	if err != nil {
		return ledger.Money{}, err
	}
	balance, err := tx.Balance(a.Control, a.ID, ledger.EndOf(day))
	return ledger.CreditSide.Natural(balance), err
}

// Balance returns an account's balance at the end of a day, on the member's side.
func (d *Desk) Balance(ctx context.Context, account string, day ledger.Date) (ledger.Money, error) {
	var balance ledger.Money
	err := d.book.View(ctx, func(tx *ledger.Tx) (err error) {
		balance, err = BalanceIn(tx, account, day)
		return err
	})
	return balance, err
}

// PassbookQuery asks for a page of an account's passbook.
type PassbookQuery struct {
	Account string
	// From is the first day, zero for the beginning. After continues behind the
	// last line of an earlier page; From is then not looked at.
	From  ledger.Date
	After Mark
	Lines int // 1 to MaxPassbookLines; 0 means MaxPassbookLines
}

// Mark is where a page ended: behind which line, and with which balance.
type Mark struct {
	Cursor  ledger.LineCursor `json:"cursor,omitzero"`
	Balance ledger.Money      `json:"balance,omitzero"`
}

// Page is a page of a passbook (buku tabungan), read from the book's lines.
type Page struct {
	Account Account
	Brought ledger.Money // the balance before the first line
	Lines   []PassbookLine
	Carried ledger.Money // the balance after the last line
	// Next continues behind the last line; it stays good while entries are
	// added, and equals After if the page is empty. More says that there are
	// lines behind it now.
	Next Mark
	More bool
}

// PassbookLine is one movement, on the member's side.
type PassbookLine struct {
	ledger.PostedLine              // as posted, debit positive
	In                ledger.Money // positive into the account, negative out of it
	Balance           ledger.Money // after this line
}

// Passbook returns a page of an account's passbook.
func (d *Desk) Passbook(ctx context.Context, q PassbookQuery) (Page, error) {
	var page Page
	err := d.book.View(ctx, func(tx *ledger.Tx) (err error) {
		page, err = PassbookIn(tx, q)
		return err
	})
	return page, err
}

// PassbookIn returns a page of an account's passbook. It reads one range of
// lines, from the first day of the page on. If the balance behind the mark is
// another than the page showed, an entry was dated before its end meanwhile:
// the error matches [ErrMark], and the passbook is to be read again from a day.
func PassbookIn(tx *ledger.Tx, q PassbookQuery) (Page, error) {
	a, err := found(tx, q.Account)
	if err != nil {
		return Page{}, err
	}
	most := q.Lines
	switch {
	case most == 0:
		most = MaxPassbookLines
	case most < 0 || most > MaxPassbookLines:
		return Page{}, a.refuse(ErrCommand, "passbook.lines", "a page has 1 to 1000 lines")
	}
	from := q.From
	behind := q.After.Cursor != (ledger.LineCursor{})
	if behind {
		from = q.After.Cursor.Date
	}
	page := Page{Account: a, Next: q.After}
	if !from.IsZero() {
		if err := from.Err(); err != nil {
			return Page{}, a.refuse(ErrDate, "passbook.from", err.Error())
		}
		if before := from.Prev(); before.Valid() {
			if page.Brought, err = BalanceIn(tx, a.ID, before); err != nil {
				return Page{}, err
			}
		}
	}
	page.Carried = page.Brought
	query := ledger.LineQuery{Account: a.Control, Sub: a.ID, From: from}
	last := ledger.PostedLine{Date: q.After.Cursor.Date, Entry: q.After.Cursor.Entry, No: q.After.Cursor.Line}
	for line, err := range tx.Lines(query) {
		if err != nil {
			return Page{}, err
		}
		if len(page.Lines) == most {
			page.More = true
			break
		}
		in := ledger.CreditSide.Natural(line.Amount)
		page.Carried = page.Carried.Add(in)
		if behind && query.Compare(line, last) <= 0 {
			page.Brought = page.Carried // a line of the cursor's day that an earlier page has
			continue
		}
		page.Lines = append(page.Lines, PassbookLine{PostedLine: line, In: in, Balance: page.Carried})
		page.Next = Mark{line.Cursor(), page.Carried}
	}
	if behind && page.Brought != q.After.Balance {
		return Page{}, in(tx, &Refusal{Kind: ErrMark, Code: "passbook.mark", Account: a.ID, Date: q.After.Cursor.Date,
			Given: q.After.Balance, Limit: page.Brought, Reason: "an entry was dated before the end of the page"})
	}
	return page, page.Carried.Err()
}

// found returns an account or says that there is none.
func found(tx *ledger.Tx, id string) (Account, error) {
	a, exists, err := AccountIn(tx, id)
	if err == nil && !exists {
		err = &Refusal{Kind: ErrUnknown, Code: "account.unknown", Account: id, Reason: "there is no such savings account"}
	}
	return a, err
}
