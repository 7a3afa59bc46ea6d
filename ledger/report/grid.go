package report

import (
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// grid is a report in one language as the forms for people show it: hidden
// rows and unused optional columns left out, every cell a text.
type grid struct {
	entity, title, period, unit string
	facts                       []gridFact
	alerts                      []string
	columns                     []gridColumn
	rows                        []gridRow
	anchor                      string
}

type gridFact struct{ label, value string }

type gridColumn struct {
	Column
	heading   string
	decimals  int  // how many cells the longest decimals take, their comma included
	negatives bool // whether a number stands in parentheses
}

type gridRow struct {
	kind  RowKind
	level int
	cells []string
}

func (r Report) grid(language Language) grid {
	g := grid{entity: printable(r.Entity), title: printable(r.Title.In(language)), period: printable(r.Period.In(language)), unit: unit(r.Currency, language)}
	for _, f := range r.Facts {
		if value := f.Value.human(language, r.Currency); value != "" {
			g.facts = append(g.facts, gridFact{printable(f.Label.In(language)), value})
		}
	}
	for _, alert := range r.Alerts {
		g.alerts = append(g.alerts, printable(alert.In(language)))
	}
	if r.Head.Change > 0 {
		g.anchor = Label{"Jangkar buku: ", "Book anchor: "}.In(language) + printable(r.Head.String())
	}
	var shown []int
	for i, column := range r.Columns {
		if !column.Optional || r.uses(i, language) {
			shown = append(shown, i)
			g.columns = append(g.columns, gridColumn{Column: column, heading: printable(column.Label.In(language))})
		}
	}
	for _, row := range r.Rows {
		if row.Hidden {
			continue
		}
		cells := make([]string, len(shown))
		for at, i := range shown {
			if i < len(row.Cells) {
				cells[at] = row.Cells[i].human(language, r.Currency)
			}
			g.columns[at].measure(cells[at])
		}
		g.rows = append(g.rows, gridRow{row.Kind, row.Level, cells})
	}
	return g
}

// measure takes in what a number needs behind its digits.
func (c *gridColumn) measure(number string) {
	if c.Kind != Numbers {
		return
	}
	number, negative := strings.CutSuffix(number, ")")
	c.negatives = c.negatives || negative
	c.decimals = max(c.decimals, decimalsOf(number))
}

// decimalsOf counts the cells from a number's comma on.
func decimalsOf(number string) int {
	if comma := strings.IndexByte(number, ','); comma >= 0 {
		return len(number) - comma
	}
	return 0
}

// uses reports whether a row that is shown has anything in a column.
func (r Report) uses(column int, language Language) bool {
	for _, row := range r.Rows {
		if !row.Hidden && column < len(row.Cells) && row.Cells[column].human(language, r.Currency) != "" {
			return true
		}
	}
	return false
}

func unit(currency ledger.Currency, language Language) string {
	switch {
	case currency.IsZero():
		return ""
	case currency == ledger.IDR:
		return Label{"Dalam rupiah", "In rupiah"}.In(language)
	}
	return Label{"Dalam ", "In "}.In(language) + currency.Code()
}
