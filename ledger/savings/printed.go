package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// DefaultPageLines is how many lines a page of a printed passbook has where
// the policy says nothing (unconfirmed: forms differ).
const DefaultPageLines = 24

// Passbook is the printed passbook (buku tabungan) of an account: which book is
// in use and how far it is printed. Its lines are the book's own; each is
// printed once, under a number that continues from one book to the next.
type Passbook struct {
	Account string      `json:"account"`
	Serial  string      `json:"serial"` // of the book in use, unique among all passbooks
	Book    int         `json:"book"`   // 1, and one more with every replacement
	Issued  ledger.Date `json:"issued"` // the day the book in use was begun
	// PageLines are the lines of its pages and Pages how many there are, 0 for a
	// book that is never full: the policy's on the day it was begun.
	PageLines int `json:"page_lines"`
	Pages     int `json:"pages,omitempty"`
	// Brought is the balance with which the book in use began.
	Brought ledger.Money `json:"brought,omitzero"`
	Printed int          `json:"printed,omitempty"` // lines in the book in use
	Number  int          `json:"number,omitempty"`  // of the line that was printed last, in all books
	// Skipped are lines that were never printed, since the balance with which a
	// book began stands for them.
	Skipped int `json:"skipped,omitempty"`
	// After is behind which line it is printed and the balance it shows there.
	// Every line up to that was printed or skipped that the ledger had by its
	// change number Seen.
	After Mark   `json:"after,omitzero"`
	Seen  uint64 `json:"seen,omitempty"`
}

// Full reports whether the book in use has no line left.
func (p Passbook) Full() bool { return p.Pages > 0 && p.Printed >= p.Pages*p.PageLines }

// Place returns where the next line is printed: the page and the line on it,
// both from 1. Of a full book it is behind the last page.
func (p Passbook) Place() (page, line int) { return placeOf(p.Printed, p.PageLines) }

func placeOf(printed, pageLines int) (page, line int) {
	if pageLines <= 0 {
		return 0, 0
	}
	return printed/pageLines + 1, printed%pageLines + 1
}

// room returns how many more lines the book in use takes, at most most.
func (p Passbook) room(most int) int {
	if p.Pages == 0 {
		return most
	}
	return min(most, p.Pages*p.PageLines-p.Printed)
}

// PassbookIssue begins the first passbook of an account.
type PassbookIssue struct {
	Key     string
	Date    ledger.Date
	Account string
	Serial  string // of the new book
	// Forward begins with the balance at the end of Date brought forward, as for
	// an account that was kept without a book or came from older ones. Otherwise
	// the account's first line is the book's.
	Forward bool
}

// PassbookPrinting prints what is new.
type PassbookPrinting struct {
	Key     string
	Date    ledger.Date // lines dated up to the end of it are printed
	Account string
	Serial  string // of the book that lies in the printer, which must be the one in use
	Lines   int    // the most lines, 1 to MaxPassbookLines; 0 means MaxPassbookLines
	// Corrections lets lines be printed that are dated before the ones printed
	// earlier: as corrections, before the new ones, with their own days. Without
	// it such a [Mismatch] is refused.
	Corrections bool
}

// most returns the most lines that are asked for.
func (c PassbookPrinting) most() int {
	if c.Lines == 0 {
		return MaxPassbookLines
	}
	return c.Lines
}

// ReplacementCause is why a passbook was replaced.
type ReplacementCause string

const (
	LostBook    ReplacementCause = "lost"
	FullBook    ReplacementCause = "full"
	DamagedBook ReplacementCause = "damaged"
)

// PassbookReplacement begins a new book in place of the one in use.
type PassbookReplacement struct {
	Key      string
	Date     ledger.Date
	Account  string
	Serial   string           // of the new book
	Cause    ReplacementCause // required
	By       string           // who authorised it, required
	Document string           // the report of a loss or the like: a reference
	// Charge takes the product's passbook fee with it: from Counter in cash, or
	// from the account if that is the zero Place.
	Charge  bool
	Counter Place

	Maker, Approver string // of the fee's entry
}

// PassbookEvent is what happened to a passbook.
type PassbookEvent struct {
	Name    string      `json:"name"` // "issue", "print" or "replace"
	Date    ledger.Date `json:"date"`
	Account string      `json:"account"`
	Serial  string      `json:"serial"`

	PageLines int              `json:"page_lines,omitempty"` // issue, replace
	Pages     int              `json:"pages,omitempty"`      // issue, replace
	Cause     ReplacementCause `json:"cause,omitempty"`      // replace
	By        string           `json:"by,omitempty"`         // replace
	Document  string           `json:"document,omitempty"`   // replace
	Skipped   int              `json:"skipped,omitempty"`    // issue, replace: lines that the balance brought forward stands for

	// Corrections and Lines are how many were printed of what is dated before
	// the lines printed earlier, and behind them; More says that others waited.
	Corrections int  `json:"corrections,omitempty"`
	Lines       int  `json:"lines,omitempty"`
	More        bool `json:"more,omitempty"`
	// After and Seen are where the passbook stands from now on.
	After Mark   `json:"after,omitzero"`
	Seen  uint64 `json:"seen,omitempty"`
}

// Apply returns the passbook after an event. It computes no rule.
func (p Passbook) Apply(e PassbookEvent) Passbook {
	p.After, p.Seen = e.After, e.Seen
	if e.Name == "print" {
		lines := e.Corrections + e.Lines
		p.Printed, p.Number = p.Printed+lines, p.Number+lines
		return p
	}
	p.Account, p.Serial, p.Issued, p.PageLines, p.Pages = e.Account, e.Serial, e.Date, e.PageLines, e.Pages
	p.Book, p.Brought, p.Printed, p.Skipped = p.Book+1, e.After.Balance, 0, p.Skipped+e.Skipped
	return p
}

// passbookStand is where an account's lines stand when a passbook is decided upon: a
// mark behind a line with the balance there, how many lines lie up to it that
// are in no book yet, and the ledger's change number.
type passbookStand struct {
	after   Mark
	skipped int
	seen    uint64
}

// issue decides that an account gets its first passbook. Errors match
// [ErrExists], [ErrPassbook], [ErrState] or [ErrDate].
func (p Passbook) issue(c PassbookIssue, a Account, m Member, policy Policy, stand passbookStand) (PassbookEvent, error) {
	if p.Serial != "" {
		return PassbookEvent{}, a.refuseOn(ErrExists, "passbook.exists", c.Date, fmt.Sprintf("has passbook %s: it is replaced", clip(p.Serial)))
	}
	if err := a.newBook(c.Date, m, c.Serial); err != nil {
		return PassbookEvent{}, err
	}
	e := PassbookEvent{Name: "issue", Date: c.Date, Account: a.ID, Serial: c.Serial, Seen: stand.seen}
	e.PageLines, e.Pages = policy.page()
	if c.Forward {
		e.After, e.Skipped = stand.after, stand.skipped
	}
	return e, nil
}

// newBook says whether an account can get a book with a serial.
func (a Account) newBook(day ledger.Date, m Member, serial string) error {
	if err := a.moves(day, m); err != nil {
		return err
	}
	if serial == "" || textFault(serial) != "" {
		return a.refuse(ErrPassbook, "passbook.serial", "a passbook needs a serial number")
	}
	return nil
}

// page returns the lines of a page and the pages of a book.
func (p Policy) page() (lines, pages int) {
	if p.PassbookLines == 0 {
		return DefaultPageLines, p.PassbookPages
	}
	return p.PassbookLines, p.PassbookPages
}

// replace decides that another book takes the place of the one in use. Its
// first balance is the ledger's, so that it also heals a mismatch.
func (p Passbook) replace(c PassbookReplacement, a Account, m Member, policy Policy, stand passbookStand) (PassbookEvent, error) {
	if err := a.newBook(c.Date, m, c.Serial); err != nil {
		return PassbookEvent{}, err
	}
	switch {
	case p.Serial == "":
		return PassbookEvent{}, a.refuse(ErrPassbook, "passbook.none", "has no passbook that could be replaced")
	case c.Date.Before(p.Issued):
		return PassbookEvent{}, a.refuseOn(ErrDate, "passbook.before", c.Date, fmt.Sprintf("%s lies before the book was begun on %s", c.Date, p.Issued))
	case c.Cause != LostBook && c.Cause != FullBook && c.Cause != DamagedBook:
		return PassbookEvent{}, a.refuse(ErrCommand, "passbook.cause", fmt.Sprintf("replaced since %q, want lost, full or damaged", clip(string(c.Cause))))
	case c.By == "":
		return PassbookEvent{}, a.refuse(ErrCommand, "passbook.by", "a replacement needs who authorised it")
	}
	for _, text := range [...]string{c.By, c.Document} {
		if why := textFault(text); why != "" {
			return PassbookEvent{}, a.refuse(ErrCommand, "passbook.text", "who authorised it or the document "+why)
		}
	}
	e := PassbookEvent{Name: "replace", Date: c.Date, Account: a.ID, Serial: c.Serial, Cause: c.Cause, By: c.By, Document: c.Document,
		Skipped: stand.skipped, After: stand.after, Seen: stand.seen}
	e.PageLines, e.Pages = policy.page()
	return e, nil
}

// prints says whether anything can be printed into a book at all.
func (p Passbook) prints(c PassbookPrinting, a Account) error {
	switch {
	case p.Serial == "":
		return a.refuse(ErrPassbook, "passbook.none", "has no passbook")
	case !c.Date.Valid():
		return a.refuse(ErrDate, "passbook.date", c.Date.Err().Error())
	case c.Date.Before(p.Issued):
		return a.refuseOn(ErrDate, "passbook.before", c.Date, fmt.Sprintf("%s lies before the book was begun on %s", c.Date, p.Issued))
	case c.Serial != p.Serial:
		return a.refuse(ErrPassbook, "passbook.serial", fmt.Sprintf("book %q is not the one in use, which is %q", clip(c.Serial), clip(p.Serial)))
	case c.Lines < 0 || c.Lines > MaxPassbookLines:
		return a.refuse(ErrCommand, "passbook.lines", fmt.Sprintf("%d lines, want 1 to %d", c.Lines, MaxPassbookLines))
	case p.Full():
		return a.refuse(ErrPassbook, "passbook.full", fmt.Sprintf("book %s is full: it is to be replaced", clip(p.Serial)))
	}
	return nil
}

// print decides how many lines are printed: missed are dated before the line
// that was printed last, fresh behind it. Corrections are printed all or not at
// all, since the balance behind them is the ledger's again.
func (p Passbook) print(c PassbookPrinting, a Account, missed, fresh []ledger.PostedLine, seen uint64) (PassbookEvent, error) {
	room := p.room(c.most())
	e := PassbookEvent{Name: "print", Date: c.Date, Account: a.ID, Serial: p.Serial, Corrections: len(missed), Lines: len(fresh), After: p.After, Seen: seen}
	switch {
	case len(missed) > 0 && !c.Corrections:
		m := p.mismatch(missed)
		return PassbookEvent{}, &Refusal{Kind: ErrMark, Code: "passbook.mismatch", Account: a.ID, Date: missed[0].Date,
			Given: m.Shown, Limit: m.Stands, Reason: m.reason(), cause: m}
	case len(missed)+len(fresh) == 0:
		return PassbookEvent{}, a.refuseOn(ErrPassbook, "passbook.nothing", c.Date, fmt.Sprintf("nothing is to be printed on %s", c.Date))
	case len(missed) > room:
		return PassbookEvent{}, a.refuse(ErrPassbook, "passbook.corrections", fmt.Sprintf("%d corrections do not fit in %d lines: replace the book", len(missed), room))
	}
	if left := room - len(missed); left < len(fresh) {
		e.Lines, e.More = left, true
	}
	for _, line := range missed {
		e.After.Balance = e.After.Balance.Add(ledger.CreditSide.Natural(line.Amount))
	}
	for _, line := range fresh[:e.Lines] {
		e.After = Mark{line.Cursor(), e.After.Balance.Add(ledger.CreditSide.Natural(line.Amount))}
	}
	return e, e.After.Balance.Err()
}
