package report

import (
	"github.com/mizan-coop/mizan/ledger"
)

// Report is a statement, list or card as a value: what it is called, its
// columns and its rows. It shows nothing by itself; see [Report.Text],
// [Report.CSV] and [HTML].
type Report struct {
	Entity string // the cooperative's name; may be empty
	Title  Label
	Period Label // the day or days it speaks of
	Facts  []Fact
	// Alerts say loudly that something is wrong with the report; every form
	// for people prints them above the rows.
	Alerts   []Label
	Columns  []Column
	Rows     []Row
	Currency ledger.Currency
	// Head is where the book stood when the report was read. Forms for people
	// print it as an anchor that [ledger.Book.Prove] can later be held against;
	// a zero Head prints nothing.
	Head ledger.Head
}

// Fact is one line above the rows, such as a passbook's owner.
type Fact struct {
	Label Label
	Value Cell
}

// Column says what stands in one column.
type Column struct {
	Key   string // the heading of the CSV form, such as "debit" or "2025-12-31"
	Label Label
	Kind  ColumnKind
	// Optional columns are left out of the forms for people where no row has
	// anything in them.
	Optional bool
	// Indented columns show the level of their rows.
	Indented bool
}

// ColumnKind says how a column is set.
type ColumnKind uint8

const (
	// Words are set flush left and wrapped.
	Words ColumnKind = iota
	// Numbers are set flush right: amounts, counts and balance-days.
	Numbers
	// Short are words that a narrow page does not wrap: days and account codes.
	Short
)

// RowKind says what a row is.
type RowKind uint8

const (
	// Line is a row of the book's figures, or of the caller's.
	Line RowKind = iota
	// Header is a heading without amounts.
	Header
	// Total is a sum under a rule.
	Total
	// Grand is a sum that ends a statement or one side of it: under a rule,
	// over a double one.
	Grand
	// Blank is an empty row.
	Blank
)

var rowKinds = [...]string{"line", "header", "total", "grand", "blank"}

// String returns the kind's name, as the CSV form writes it.
func (k RowKind) String() string {
	if int(k) < len(rowKinds) {
		return rowKinds[k]
	}
	return "row"
}

// Row is one row: its cells stand under the report's columns.
type Row struct {
	Kind  RowKind
	Level int // 0 is the outermost
	// Key names the row, or all rows of one account each, for [Report.Amount].
	Key   string
	Cells []Cell
	// Hidden rows have nothing to show; the writers pass them over.
	Hidden bool
}

// Amount returns the amount of the row with a key, of all its lines together
// if there are several, in the given amount column, counted from 0. It reports
// false if no row has that key or there is no such column.
func (r Report) Amount(key string, column int) (ledger.Money, bool) {
	var sum ledger.Money
	found := false
	for _, row := range r.Rows {
		if row.Key != key || key == "" {
			continue
		}
		at := column
		for _, cell := range row.Cells {
			amount, ok := cell.Amount()
			if !ok {
				continue
			}
			if at == 0 {
				sum, found = sum.Add(amount), true
			}
			at--
		}
	}
	return sum, found
}

// Language is the language of a report's words. Numbers keep the Indonesian
// form in both, so that a figure looks alike on every copy.
type Language uint8

const (
	Indonesian Language = iota
	English
)

// String returns the language's code: "id" or "en".
func (l Language) String() string {
	if l == English {
		return "en"
	}
	return "id"
}

// Label is a text in both languages.
type Label struct {
	ID string // Indonesian
	EN string // English
}

// Same is a label that is the same in both languages: a name, a number.
func Same(text string) Label { return Label{ID: text, EN: text} }

// In returns the label in a language, in the other one if it lacks that.
func (l Label) In(language Language) string {
	if language == English && l.EN != "" || l.ID == "" {
		return l.EN
	}
	return l.ID
}

// sound returns the reason of the first amount, sum or day in the rows that is none.
func (r Report) sound() error {
	for _, row := range r.Rows {
		for _, cell := range row.Cells {
			if err := cell.err(); err != nil {
				return err
			}
		}
	}
	return nil
}
