package savings

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// Table is a register laid out: a value, which text and CSV only show.
type Table struct {
	Title    Label
	Day      ledger.Date
	Currency ledger.Currency
	Columns  []Column
	Rows     [][]Cell
	Total    []Cell // below the rows, nil for none
}

// Label is a text in Indonesian and English.
type Label struct{ ID, EN string }

// Column is a column of a table.
type Column struct {
	Key   string // stable, the heading in CSV
	Label Label
	Right bool // numbers stand flush right
}

// CellKind says what a cell shows.
type CellKind uint8

const (
	WordCell   CellKind = iota // Text as it is
	AmountCell                 // Amount in the table's currency
	CountCell                  // Count
)

// Cell is one field of a table. The zero Cell is empty.
type Cell struct {
	Kind   CellKind
	Text   string
	Amount ledger.Money
	Count  int
}

func word(text string) Cell      { return Cell{Text: text} }
func amount(m ledger.Money) Cell { return Cell{Kind: AmountCell, Amount: m} }
func number(n int) Cell          { return Cell{Kind: CountCell, Count: n} }
func dayCell(d ledger.Date) Cell { return Cell{Text: d.String()} }
func dayOrEmpty(d ledger.Date) Cell {
	if d.IsZero() {
		return Cell{}
	}
	return dayCell(d)
}

// machine is the cell for programs, person for people.
func (c Cell) machine(currency ledger.Currency) string {
	switch c.Kind {
	case AmountCell:
		return currency.Format(c.Amount)
	case CountCell:
		return strconv.Itoa(c.Count)
	}
	return c.Text
}

func (c Cell) person(currency ledger.Currency) string {
	if c.Kind == AmountCell {
		return currency.FormatLocal(c.Amount)
	}
	return c.machine(currency)
}

// CSV writes the table for programs: a header line with the columns' keys,
// amounts with all decimals, a point and no grouping, days as YYYY-MM-DD, no
// total. Texts are exact, so a spreadsheet should import them as text.
func (t Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Key
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			record[i] = cell.machine(t.Currency)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Text writes the table for people as monospaced text, in Indonesian, or in
// English: words flush left, numbers flush right in the Indonesian form.
func (t Table) Text(w io.Writer, english bool) error {
	label := func(l Label) string {
		if english {
			return l.EN
		}
		return l.ID
	}
	lines := make([][]string, 0, len(t.Rows)+2)
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = label(c.Label)
	}
	lines = append(lines, head)
	for _, row := range t.Rows {
		lines = append(lines, t.persons(row))
	}
	if t.Total != nil {
		lines = append(lines, t.persons(t.Total))
	}
	widths := make([]int, len(t.Columns))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	out := bufio.NewWriter(w)
	write := func(text string) { _, _ = out.WriteString(text) } // the writer keeps its first error for Flush
	write(label(t.Title) + "\n" + t.Day.String() + "\n\n")
	total := 0
	for _, width := range widths {
		total += width + 2
	}
	for n, line := range lines {
		if n == 1 || t.Total != nil && n == len(lines)-1 {
			write(strings.Repeat("-", max(total-2, 0)) + "\n")
		}
		var b strings.Builder
		for i, text := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if t.Columns[i].Right {
				text, space = space, text
			}
			b.WriteString(text + space + "  ")
		}
		write(strings.TrimRight(b.String(), " ") + "\n")
	}
	return out.Flush()
}

func (t Table) persons(row []Cell) []string {
	line := make([]string, len(row))
	for i, cell := range row {
		line[i] = cell.person(t.Currency)
	}
	return line
}
