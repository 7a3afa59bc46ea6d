package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Sentinels name the kind of an error; errors.Is finds them. The data is in
// the typed errors below, which errors.As finds.
var (
	// ErrLayout marks a layout that contradicts itself. See [*LayoutError].
	ErrLayout = errors.New("report: faulty layout")
	// ErrCoverage marks a layout that misses or doubles accounts. See [*CoverageError].
	ErrCoverage = errors.New("report: the layout does not cover the accounts")
	// ErrUnbalanced marks totals that should agree and do not. See [*UnbalancedError].
	ErrUnbalanced = errors.New("report: does not balance")
	// ErrRequest marks a report that cannot be made as asked for. See [*RequestError].
	ErrRequest = errors.New("report: cannot be made")
	// ErrMark marks a passbook that shows another balance than the book. See [*MarkError].
	ErrMark = errors.New("report: the passbook and the book differ")
	// ErrRow marks a caller's row whose figures contradict each other. See [*RowError].
	ErrRow = errors.New("report: faulty row")
)

// LayoutError says what is wrong with one item of a layout. It matches [ErrLayout].
type LayoutError struct {
	Layout string // its title
	Item   int    // the item's place, from 1, or the line of the file; 0 for the whole
	Key    string
	Reason string
}

func (e *LayoutError) Error() string {
	text := fmt.Sprintf("report: layout %q", clip(e.Layout))
	if e.Item > 0 {
		text += fmt.Sprintf(" item %d", e.Item)
	}
	if e.Key != "" {
		text += fmt.Sprintf(" %q", clip(e.Key))
	}
	return text + ": " + e.Reason
}

// Is reports whether target is [ErrLayout].
func (e *LayoutError) Is(target error) bool { return target == ErrLayout }

// CoverageError lists the accounts that a layout misses although they have an
// amount, and those that stand in more than one line. It matches [ErrCoverage].
type CoverageError struct {
	Layout  string
	Missing []string // account codes
	Doubled []string // account codes
}

func (e *CoverageError) Error() string {
	text := fmt.Sprintf("report: layout %q", clip(e.Layout))
	if len(e.Missing) > 0 {
		text += ": no line for " + listed(e.Missing)
	}
	if len(e.Doubled) > 0 {
		text += ": more than one line for " + listed(e.Doubled)
	}
	return text
}

// Is reports whether target is [ErrCoverage].
func (e *CoverageError) Is(target error) bool { return target == ErrCoverage }

// UnbalancedError says which two totals should be equal and what they come to.
// It matches [ErrUnbalanced]. The report it comes with is whole and carries an
// alert.
type UnbalancedError struct {
	Report      string // its title
	Column      string // the column's key
	Left, Right string // the totals' keys
	// LeftAmount and RightAmount are as the report shows them.
	LeftAmount, RightAmount ledger.Money
	currency                ledger.Currency
}

// Difference returns the left amount less the right.
func (e *UnbalancedError) Difference() ledger.Money { return e.LeftAmount.Sub(e.RightAmount) }

func (e *UnbalancedError) Error() string {
	return fmt.Sprintf("report: %s, %s: %s is %s and %s is %s, a difference of %s", e.Report, e.Column,
		e.Left, e.show(e.LeftAmount), e.Right, e.show(e.RightAmount), e.show(e.Difference()))
}

func (e *UnbalancedError) show(amount ledger.Money) string {
	if e.currency.IsZero() {
		return amount.String()
	}
	return e.currency.Format(amount)
}

// Is reports whether target is [ErrUnbalanced].
func (e *UnbalancedError) Is(target error) bool { return target == ErrUnbalanced }

func (e *UnbalancedError) alert() Label {
	return Label{
		ID: fmt.Sprintf("TIDAK SEIMBANG (%s): selisih %s", e.Column, e.currency.FormatLocal(e.Difference())),
		EN: fmt.Sprintf("DOES NOT BALANCE (%s): difference %s", e.Column, e.currency.FormatLocal(e.Difference())),
	}
}

// RequestError says what was asked for and why it cannot be. It matches [ErrRequest].
type RequestError struct {
	What   string
	Reason string
}

func (e *RequestError) Error() string { return "report: " + e.What + ": " + e.Reason }

// Is reports whether target is [ErrRequest].
func (e *RequestError) Is(target error) bool { return target == ErrRequest }

// MarkError says that a passbook was printed up to a balance that is not, or
// no longer, the book's: a line was dated before the last printed one. It
// matches [ErrMark].
type MarkError struct {
	Account, Sub string
	Printed      ledger.Money // what the passbook shows, on the account's own side
	Book         ledger.Money // what the book has at that place
	currency     ledger.Currency
}

func (e *MarkError) Error() string {
	return fmt.Sprintf("report: passbook of %s/%s: printed up to a balance of %s, the book has %s there",
		clip(e.Account), clip(e.Sub), e.currency.Format(e.Printed), e.currency.Format(e.Book))
}

// Is reports whether target is [ErrMark].
func (e *MarkError) Is(target error) bool { return target == ErrMark }

// RowError says which of the caller's rows contradicts itself. It matches [ErrRow].
type RowError struct {
	Row    int    // its place, from 1
	Name   string // its number, account or contract
	Reason string
}

func (e *RowError) Error() string {
	return fmt.Sprintf("report: row %d (%s): %s", e.Row, clip(e.Name), e.Reason)
}

// Is reports whether target is [ErrRow].
func (e *RowError) Is(target error) bool { return target == ErrRow }

// listed names up to ten codes.
func listed(codes []string) string {
	const most = 10
	rest := len(codes) - most
	text := clip(strings.Join(codes[:min(len(codes), most)], ", "))
	if rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}

// clip shortens text from outside to a readable length, at a whole character.
func clip(text string) string {
	const most = 160
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && text[cut]&0xC0 == 0x80 {
		cut--
	}
	return text[:cut] + "..."
}
