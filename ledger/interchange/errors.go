package interchange

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// ErrFile marks a file that cannot be read in: its form is wrong, it was
// altered or cut off, or the book refuses what it asks for. Nothing of it has
// been kept.
var ErrFile = errors.New("interchange: faulty file")

// Limits of what is read. What goes beyond one is refused by its name.
const (
	// MaxCSV is the longest CSV that is read, in bytes: some three million rows,
	// which are held in memory and posted at once.
	MaxCSV = 256 << 20
	// MaxFaults is the most faults of one CSV that are listed; more are counted.
	MaxFaults = 1000
	// MaxLine is the longest line of a JSON Lines file that is read, in bytes.
	// Every entry that a book can hold fits: [ledger.MaxLines] lines with
	// the longest keys, each character of them escaped.
	MaxLine = 3 << 29
)

// Fault is one thing that is wrong with a file. It matches [ErrFile], and
// whatever Err matches, such as [ledger.ErrUnbalanced].
type Fault struct {
	Line   int    // from 1; 0 for the file as a whole
	Column string // the column's name in a CSV; empty for the whole line
	Reason string
	Err    error // the cause, if there is one: a [*ledger.Refusal], say
}

// Error says where and what, in one line.
func (f *Fault) Error() string { return "interchange: " + f.where() }

func (f *Fault) where() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.Column != "" {
		b.WriteString(plain(f.Column) + ": ")
	}
	b.WriteString(f.Reason)
	return b.String()
}

// Is reports whether target is [ErrFile].
func (f *Fault) Is(target error) bool { return target == ErrFile }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Faults is everything that is wrong with a CSV, by line. It matches
// [ErrFile], and whatever one of its faults matches.
type Faults struct {
	List []*Fault // at most MaxFaults
	More int      // how many are not listed
}

// Error lists the faults, one a line.
func (f *Faults) Error() string {
	var b strings.Builder
	for i, fault := range f.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(fault.Error())
	}
	if f.More > 0 {
		fmt.Fprintf(&b, "\ninterchange: and %d more", f.More)
	}
	return b.String()
}

// Unwrap returns the faults.
func (f *Faults) Unwrap() []error {
	errs := make([]error, len(f.List))
	for i, fault := range f.List {
		errs[i] = fault
	}
	return errs
}

// reasonOf is an error's message inside a fault, which has a prefix already.
func reasonOf(err error) string { return strings.TrimPrefix(err.Error(), "ledger: ") }

// plain shows a column's name as it is, or quoted if it would not print on one
// line.
func plain(name string) string {
	if ledger.TextFault(name, len(name)) != "" {
		return strconv.Quote(name)
	}
	return name
}

// clip shortens text from outside before it goes into a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
