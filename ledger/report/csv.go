package report

import (
	"encoding/csv"
	"io"
	"strconv"
)

// CSVForm says how a report is written as CSV.
type CSVForm struct {
	Language Language // of labels; headings are the columns' keys
	// LinesOnly writes lines alone, without headers and totals and without the
	// columns that tell them apart.
	LinesOnly bool
}

// CSV writes the report for programs: a header line with the columns' keys,
// before them row (line, header, total, grand), key and level; amounts with
// all decimals of the currency, a point and no grouping; days as YYYY-MM-DD.
// Hidden and blank rows are left out. Texts are exact, so a spreadsheet should
// import them as text, not open them as formulas.
func (r Report) CSV(w io.Writer, form CSVForm) error {
	out := csv.NewWriter(w)
	var record []string
	if !form.LinesOnly {
		record = append(record, "row", "key", "level")
	}
	for _, column := range r.Columns {
		record = append(record, column.Key)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if row.Hidden || row.Kind == Blank || form.LinesOnly && row.Kind != Line {
			continue
		}
		record = record[:0]
		if !form.LinesOnly {
			record = append(record, row.Kind.String(), row.Key, strconv.Itoa(row.Level))
		}
		for i := range r.Columns {
			text := ""
			if i < len(row.Cells) {
				text = row.Cells[i].machine(form.Language, r.Currency)
			}
			record = append(record, text)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
