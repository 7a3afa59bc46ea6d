package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Printed is what a printing gave, page by page.
type Printed struct {
	Passbook Passbook // as it then was
	Member   string
	Currency ledger.Currency
	Pages    []PrintedPage
	// More says that lines of the day or before wait: the book is full, or no
	// more were asked for.
	More   bool
	Repeat bool // it was printed before; these are the same lines
}

// PrintedPage is the lines that one printing puts on one page.
type PrintedPage struct {
	Page int // from 1
	// Brought is the balance before the first of Lines. Where that is the page's
	// first line it is printed above it, on no line of its own.
	Brought ledger.Money
	Lines   []PrintedLine
	Carried ledger.Money // the balance after the last of Lines
}

// PrintedLine is one line of a printed passbook.
type PrintedLine struct {
	PassbookLine // Balance is what the passbook shows behind it
	Number       int
	Line         int  // on the page, from 1
	Correction   bool // dated before lines that were printed earlier
}

// Mismatch says that a printed passbook no longer agrees with the ledger: an
// entry, perhaps a reversal, is dated before the line that was printed last. It
// stands behind a [*Refusal] that matches [ErrMark]; errors.As finds it.
type Mismatch struct {
	Account, Serial string
	Number          int                 // of the line that was printed last
	Shown           ledger.Money        // the balance the passbook shows behind that line
	Stands          ledger.Money        // what the ledger has there
	Missed          []ledger.PostedLine // what the passbook does not show, by day
}

// Error returns one line: which book, how many entries.
func (m *Mismatch) Error() string { return "savings: account " + clip(m.Account) + ": " + m.reason() }

func (m *Mismatch) reason() string {
	return fmt.Sprintf("passbook %s lacks lines dated before its line %d: %d, the first of %s",
		clip(m.Serial), m.Number, len(m.Missed), m.Missed[0].Date)
}

// mismatch returns what is wrong with a passbook that lacks lines.
func (p Passbook) mismatch(missed []ledger.PostedLine) *Mismatch {
	m := &Mismatch{Account: p.Account, Serial: p.Serial, Number: p.Number, Shown: p.After.Balance, Stands: p.After.Balance, Missed: missed}
	for _, line := range missed {
		m.Stands = m.Stands.Add(ledger.CreditSide.Natural(line.Amount))
	}
	return m
}

// IssuedPassbookIn returns the printed passbook of an account; false if it has
// none.
func IssuedPassbookIn(tx *ledger.Tx, account string) (Passbook, bool, error) {
	p, version, err := load[Passbook](tx, KindPassbook, account)
	return p, version > 0, err
}

// MismatchIn says whether a printed passbook still agrees with the ledger; nil
// if it does. The error matches [ErrUnknown] if the account has none.
func MismatchIn(tx *ledger.Tx, account string) (*Mismatch, error) {
	p, issued, err := IssuedPassbookIn(tx, account)
	if err != nil {
		return nil, err
	}
	if !issued {
		return nil, &Refusal{Kind: ErrUnknown, Code: "passbook.none", Account: account, Reason: "has no passbook"}
	}
	a, err := found(tx, account)
	if err != nil {
		return nil, err
	}
	missed, err := p.missed(tx, a, p.Seen, 0)
	if err != nil || len(missed) == 0 {
		return nil, err
	}
	return p.mismatch(missed), nil
}

// missed lists the lines up to the passbook's mark that were written after one
// change and, if until is not zero, not after another.
func (p Passbook) missed(tx *ledger.Tx, a Account, after, until uint64) ([]ledger.PostedLine, error) {
	if p.After.Cursor == (ledger.LineCursor{}) {
		return nil, nil
	}
	query := ledger.LineQuery{Account: a.Control, Sub: a.ID, Through: p.After.Cursor.Date, After: after}
	return upTo(tx, query, p.After.Cursor, until)
}

// upTo lists a query's lines up to and including a cursor, the zero cursor for
// all of them, that were not written after a change, zero for any.
func upTo(tx *ledger.Tx, query ledger.LineQuery, cursor ledger.LineCursor, until uint64) ([]ledger.PostedLine, error) {
	last := ledger.PostedLine{Date: cursor.Date, Entry: cursor.Entry, No: cursor.Line}
	var list []ledger.PostedLine
	for line, err := range tx.Lines(query) {
		switch {
		case err != nil:
			return nil, err
		case cursor != (ledger.LineCursor{}) && query.Compare(line, last) > 0:
			return list, nil
		case until == 0 || line.Change <= until:
			list = append(list, line)
		}
	}
	return list, nil
}

// fresh lists at most so many lines behind the passbook's mark, dated up to a day.
func (p Passbook) fresh(tx *ledger.Tx, a Account, day ledger.Date, most int) ([]ledger.PostedLine, error) {
	query := ledger.LineQuery{Account: a.Control, Sub: a.ID, From: p.After.Cursor.Date, Through: day, Cursor: p.After.Cursor}
	var list []ledger.PostedLine
	if day.Before(query.From) {
		return nil, nil
	}
	for line, err := range tx.Lines(query) {
		if err != nil {
			return nil, err
		}
		if list = append(list, line); len(list) == most {
			break
		}
	}
	return list, nil
}

// stand returns where an account's lines stand behind a cursor, or with the zero
// cursor at the end of a day. Lines that are in no book are those written after
// the passbook's change number.
func (p Passbook) stand(tx *ledger.Tx, a Account, cursor ledger.LineCursor, day ledger.Date) (passbookStand, error) {
	head, err := tx.Head()
	if err != nil {
		return passbookStand{}, err
	}
	s := passbookStand{after: Mark{Cursor: cursor}, seen: head.Change}
	lines, err := upTo(tx, ledger.LineQuery{Account: a.Control, Sub: a.ID, Through: day}, cursor, 0)
	if err != nil {
		return passbookStand{}, err
	}
	for _, line := range lines {
		s.after = Mark{line.Cursor(), s.after.Balance.Add(ledger.CreditSide.Natural(line.Amount))}
		if line.Change > p.Seen {
			s.skipped++
		}
	}
	return s, s.after.Balance.Err()
}

// laidOut puts lines on the pages of a passbook as it was before them.
func (p Passbook) laidOut(corrections, fresh []ledger.PostedLine) []PrintedPage {
	var pages []PrintedPage
	balance, printed, number := p.After.Balance, p.Printed, p.Number
	for i := range len(corrections) + len(fresh) {
		correction := i < len(corrections)
		var line ledger.PostedLine
		if correction {
			line = corrections[i]
		} else {
			line = fresh[i-len(corrections)]
		}
		page, at := placeOf(printed, p.PageLines)
		if len(pages) == 0 || at == 1 {
			pages = append(pages, PrintedPage{Page: page, Brought: balance})
		}
		amount := ledger.CreditSide.Natural(line.Amount)
		balance, printed, number = balance.Add(amount), printed+1, number+1
		on := &pages[len(pages)-1]
		on.Lines = append(on.Lines, PrintedLine{PassbookLine{line, amount, balance}, number, at, correction})
		on.Carried = balance
	}
	return pages
}

// reprinted returns what an earlier printing gave: its lines are in the book,
// and only what was written after it is left out.
func (p Passbook) reprinted(tx *ledger.Tx, a Account, e PassbookEvent) ([]PrintedPage, error) {
	var corrections []ledger.PostedLine
	var err error
	if e.Corrections > 0 {
		if corrections, err = p.missed(tx, a, p.Seen, e.Seen); err != nil {
			return nil, err
		}
	}
	query := ledger.LineQuery{Account: a.Control, Sub: a.ID, From: p.After.Cursor.Date, Through: e.After.Cursor.Date, Cursor: p.After.Cursor}
	var fresh []ledger.PostedLine
	if e.Lines > 0 {
		if fresh, err = upTo(tx, query, e.After.Cursor, e.Seen); err != nil {
			return nil, err
		}
	}
	if len(corrections) != e.Corrections || len(fresh) != e.Lines {
		return nil, fmt.Errorf("%w: passbook %s: %d and %d lines were printed, the ledger has %d and %d",
			ledger.ErrCorrupt, clip(p.Serial), e.Corrections, e.Lines, len(corrections), len(fresh))
	}
	return p.laidOut(corrections, fresh), nil
}
