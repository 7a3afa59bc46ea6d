package murabahah

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"
)

// Table is a list as a value: for people as text, for spreadsheets as CSV.
type Table struct {
	Title, TitleEn string
	Columns        []Column
	Rows           [][]string // a cell a column
	Foot           []string   // sums, a cell a column; none if empty
}

// Column is the head of a column.
type Column struct {
	Name, NameEn string // Indonesian, English
	Number       bool   // to the right
}

// English returns the table with its heads in English.
func (t Table) English() Table {
	columns := make([]Column, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = Column{Name: c.NameEn, NameEn: c.NameEn, Number: c.Number}
	}
	t.Title, t.Columns = t.TitleEn, columns
	return t
}

// Text writes the table in columns, a line a row.
func (t Table) Text(w io.Writer) error {
	head := make([]string, len(t.Columns))
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	lines := append([][]string{head}, t.Rows...)
	if len(t.Foot) > 0 {
		lines = append(lines, t.Foot)
	}
	for _, cells := range lines {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	b.WriteString(t.Title + "\n")
	for _, cells := range lines {
		var line strings.Builder
		for i, cell := range cells {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if t.Columns[i].Number {
				line.WriteString(space + cell)
			} else {
				line.WriteString(cell + space)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// CSV writes heads, rows and, if there are any, sums, separated by commas.
// Cells that a spreadsheet would take for a formula are quoted with an
// apostrophe, unless they are numbers.
func (t Table) CSV(w io.Writer) error {
	writer := csv.NewWriter(w)
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	lines := append([][]string{head}, t.Rows...)
	if len(t.Foot) > 0 {
		lines = append(lines, t.Foot)
	}
	for n, cells := range lines {
		safe := make([]string, len(cells))
		for i, cell := range cells {
			if n > 0 && !t.Columns[i].Number && cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				cell = "'" + cell
			}
			safe[i] = cell
		}
		if err := writer.Write(safe); err != nil {
			return err
		}
	}
	writer.Flush()
	return writer.Error()
}
