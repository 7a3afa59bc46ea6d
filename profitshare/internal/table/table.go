// Package table lays rows of text out: for people with aligned columns, for
// programs as CSV. Amounts are text already, so that a report decides itself
// how they are written.
package table

import (
	"bufio"
	"encoding/csv"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// Column is one column: its heading for people, its key for programs.
type Column struct {
	Heading, Key string
	Number       bool // flush right
}

// Table is a report laid out. Every row has one cell a column.
type Table struct {
	Title   string
	Columns []Column
	Rows    iter.Seq[[]Cell] // is gone through twice for text; a row may be used again
	Total   []Cell           // under a rule; none if empty
}

// Cell is one figure or word in both forms.
type Cell struct {
	Text    string // for people
	Machine string // for programs
}

// Same is a cell that reads alike in both forms.
func Same(text string) Cell { return Cell{text, text} }

// CSV writes a header line with the columns' keys and the rows, without title
// and total. Texts are exact: a spreadsheet should import them as text, and not
// open them as formulas.
func (t Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		record[i] = column.Key
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row := range t.Rows {
		for i, cell := range row {
			record[i] = cell.Machine
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Text writes title, headings, rows and total in columns as wide as they need
// to be: words flush left, numbers flush right.
func (t Table) Text(w io.Writer) error {
	widths := make([]int, len(t.Columns))
	for i, column := range t.Columns {
		widths[i] = utf8.RuneCountInString(column.Heading)
	}
	widen := func(row []Cell) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell.Text))
		}
	}
	for row := range t.Rows {
		widen(row)
	}
	widen(t.Total)
	out := bufio.NewWriter(w)
	line := func(text func(int) string) {
		var b strings.Builder
		for i, column := range t.Columns {
			if i > 0 {
				b.WriteString("  ")
			}
			cell := text(i)
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if column.Number {
				cell = space + cell
			} else {
				cell += space
			}
			b.WriteString(cell)
		}
		_, _ = out.WriteString(strings.TrimRight(b.String(), " ") + "\n") // Flush keeps the first error
	}
	rule := func() { line(func(i int) string { return strings.Repeat("-", widths[i]) }) }
	if t.Title != "" {
		_, _ = out.WriteString(t.Title + "\n\n")
	}
	line(func(i int) string { return t.Columns[i].Heading })
	rule()
	for row := range t.Rows {
		line(func(i int) string { return row[i].Text })
	}
	if len(t.Total) > 0 {
		rule()
		line(func(i int) string { return t.Total[i].Text })
	}
	return out.Flush()
}
