package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageText string

// HTML writes reports as one self-contained page, which prints each on a sheet
// of its own and reads well on a phone. All texts are escaped. A page without
// a report is an error that matches [ErrRequest].
func HTML(w io.Writer, language Language, reports ...Report) error {
	if len(reports) == 0 {
		return &RequestError{What: "page", Reason: "no report"}
	}
	page := htmlPage{Language: language.String()}
	for _, r := range reports {
		page.Reports = append(page.Reports, htmlOf(r.grid(language)))
	}
	page.Title = page.Reports[0].Title
	if entity := page.Reports[0].Entity; entity != "" {
		page.Title += " - " + entity
	}
	parsed, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	return parsed.Execute(w, page)
}

// HTML writes the report as a page of its own. See the function [HTML].
func (r Report) HTML(w io.Writer, language Language) error { return HTML(w, language, r) }

type htmlPage struct {
	Language, Title string
	Reports         []htmlReport
}

type htmlReport struct {
	Entity, Title, Period, Unit, Anchor string
	Facts                               []htmlFact
	Alerts                              []string
	Wide                                bool // more columns than a narrow page holds
	Columns                             []htmlCell
	Rows                                []htmlRow
}

type htmlFact struct{ Label, Value string }

type htmlRow struct {
	Class string
	Cells []htmlCell
}

type htmlCell struct{ Class, Text string }

func htmlOf(g grid) htmlReport {
	r := htmlReport{Entity: g.entity, Title: g.title, Period: g.period, Unit: g.unit, Anchor: g.anchor,
		Alerts: g.alerts, Wide: len(g.columns) > 5}
	for _, f := range g.facts {
		r.Facts = append(r.Facts, htmlFact{f.label, f.value})
	}
	for _, c := range g.columns {
		r.Columns = append(r.Columns, htmlCell{htmlClass(c, ""), c.heading})
	}
	for _, row := range g.rows {
		shown := htmlRow{Class: row.kind.String()}
		for i, text := range row.cells {
			cell := htmlCell{htmlClass(g.columns[i], text), text}
			if g.columns[i].Indented && row.level > 0 {
				cell.Class += " in" + string(rune('0'+min(row.level, MaxLevel)))
			}
			shown.Cells = append(shown.Cells, cell)
		}
		r.Rows = append(r.Rows, shown)
	}
	return r
}

// htmlClass tells numbers apart by what takes room behind their digits, so
// that the style can set digits under digits.
func htmlClass(c gridColumn, text string) string {
	switch c.Kind {
	case Words:
		return "w"
	case Short:
		return "w m"
	}
	class := "n"
	digits, negative := strings.CutSuffix(text, ")")
	if negative {
		class += " neg"
	}
	if c.decimals > 0 && text != "" && decimalsOf(digits) == 0 {
		class += " whole"
	}
	return class
}
