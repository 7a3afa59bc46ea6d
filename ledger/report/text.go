package report

import (
	"bufio"
	"io"
	"strings"
)

// MaxTextWidth is the widest a column of words gets in the text form, in
// character cells; longer words go on in the next line.
const MaxTextWidth = 60

// gap stands between two columns.
const gap = "  "

// Text writes the report for people as monospaced text: words flush left,
// numbers flush right in the Indonesian form with decimals only where there
// are any, negative ones in parentheses.
func (r Report) Text(w io.Writer, language Language) error {
	out := bufio.NewWriter(w)
	g := r.grid(language)
	t := textForm{out: out, g: &g, widths: g.widths()}
	t.heading()
	t.columns()
	for _, row := range g.rows {
		t.row(row)
	}
	if g.anchor != "" {
		t.put("\n" + g.anchor + "\n")
	}
	return out.Flush()
}

type textForm struct {
	out    *bufio.Writer
	g      *grid
	widths []int
}

// put writes; the writer keeps its first error for Flush.
func (t *textForm) put(text string) { _, _ = t.out.WriteString(text) }

func (t *textForm) heading() {
	for _, line := range []string{t.g.entity, t.g.title, t.g.period, t.g.unit} {
		if line != "" {
			t.put(line + "\n")
		}
	}
	labels := 0
	for _, f := range t.g.facts {
		labels = max(labels, width(f.label))
	}
	for _, f := range t.g.facts {
		t.put(pad(f.label, labels) + " : " + f.value + "\n")
	}
	for _, alert := range t.g.alerts {
		t.put("\n*** " + alert + " ***\n")
	}
	t.put("\n")
}

func (t *textForm) columns() {
	heading := gridRow{cells: make([]string, len(t.g.columns))}
	for i, c := range t.g.columns {
		heading.cells[i] = c.heading
	}
	t.cells(heading, true)
	total := 0
	for i, width := range t.widths {
		if i > 0 {
			total += len(gap)
		}
		total += width
	}
	t.put(strings.Repeat("-", total) + "\n")
}

func (t *textForm) row(row gridRow) {
	switch row.kind {
	case Blank:
		t.put("\n")
	case Total, Grand:
		t.rule(row, "-")
		t.cells(row, false)
		if row.kind == Grand {
			t.rule(row, "=")
		}
	default:
		t.cells(row, false)
	}
}

// rule draws a line under or over the row's numbers.
func (t *textForm) rule(row gridRow, mark string) {
	cells := make([]string, len(row.cells))
	for i, c := range t.g.columns {
		if c.Kind == Numbers && row.cells[i] != "" {
			cells[i] = strings.Repeat(mark, t.widths[i])
		}
	}
	t.line(cells)
}

// cells writes a row, on as many lines as its longest words need. Numbers
// stand on the first.
func (t *textForm) cells(row gridRow, heading bool) {
	parts, lines := make([][]string, len(row.cells)), 1
	for i, cell := range row.cells {
		c := t.g.columns[i]
		indent := ""
		if c.Indented {
			indent = strings.Repeat("  ", row.level)
		}
		switch {
		case c.Kind != Numbers:
			parts[i] = wrap(cell, t.widths[i]-len(indent))
			for n := range parts[i] {
				parts[i][n] = indent + parts[i][n]
			}
		case heading:
			parts[i] = []string{cell}
		default:
			parts[i] = []string{c.settled(cell)}
		}
		lines = max(lines, len(parts[i]))
	}
	for n := range lines {
		cells := make([]string, len(parts))
		for i := range parts {
			if n < len(parts[i]) {
				cells[i] = parts[i][n]
			}
		}
		t.line(cells)
	}
}

// line writes one line, without spaces at its end.
func (t *textForm) line(cells []string) {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteString(gap)
		}
		if t.g.columns[i].Kind == Numbers {
			b.WriteString(strings.Repeat(" ", max(0, t.widths[i]-width(cell))) + cell)
		} else {
			b.WriteString(pad(cell, t.widths[i]))
		}
	}
	t.put(strings.TrimRight(b.String(), " ") + "\n")
}

// settled gives a number the room that decimals and a closing parenthesis
// take in others, so that digits stand under digits.
func (c gridColumn) settled(number string) string {
	if number == "" {
		return ""
	}
	digits, negative := strings.CutSuffix(number, ")")
	room := c.decimals - decimalsOf(digits)
	if c.negatives && !negative {
		room++
	}
	return number + strings.Repeat(" ", room)
}

// widths returns the columns' widths in character cells.
func (g *grid) widths() []int {
	widths := make([]int, len(g.columns))
	for i, c := range g.columns {
		widths[i] = width(c.heading)
		for _, row := range g.rows {
			switch {
			case c.Kind == Numbers:
				widths[i] = max(widths[i], width(c.settled(row.cells[i])))
			case c.Indented:
				widths[i] = max(widths[i], min(width(row.cells[i]), MaxTextWidth)+2*row.level)
			default:
				widths[i] = max(widths[i], min(width(row.cells[i]), MaxTextWidth))
			}
		}
	}
	return widths
}
