package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Places says which accounts stand in each named line of statements: code sets
// by the line's name. A layout file refers to them as @name.
type Places map[string][]Codes

// ReadPlaces reads from a chart in CSV in which line each account stands: its
// column code, and the named column with the line's name, such as
// statement_line in [ledger.StandardChartCSV]. Rows whose line is empty are
// passed over. Errors match [ErrLayout]. At most [ledger.MaxChartText] bytes
// are read.
func ReadPlaces(chart io.Reader, column string) (Places, error) {
	places := make(Places)
	err := readRows(chart, column, []string{"code", column}, func(_ int, cell func(string) string) {
		if line := cell(column); line != "" {
			places[line] = append(places[line], Code(cell("code")))
		}
	})
	if err != nil {
		return nil, err
	}
	return places, nil
}

// ReadLayout reads a layout from CSV with the columns row, key, level, side,
// measure, select, sum, label_id and label_en, in any order; a statement of
// cash flows has the column activity as well.
//
//	row       header, line (one row for all its accounts), kept (a line shown even
//	          if zero), each (a row an account), total, grand, blank; or one of
//	          title (its labels), covers (kinds of account in select), equal (two
//	          totals' keys in sum), cash (in select what is cash), activity (in
//	          select whose flows are of it; the first such row decides)
//	side      debit or credit: where the amounts print positive
//	measure   balance, movement, opening, ending or cash; empty is balance
//	activity  operating, investing, financing or fund: whose flows the line shows
//	select    words apart by spaces: kinds of account, codes, prefixes as 101*,
//	          ranges as 10101..10109, @name for the accounts of a place, plain or
//	          contra; with ! before codes and places those are left out
//	sum       the keys of the items to add up, apart by spaces
//
// A place that places does not have holds no accounts. All faults are reported
// together; they match [ErrLayout].
func ReadLayout(file io.Reader, places Places) (Layout, error) {
	read := layoutReader{places: places}
	columns := []string{"row", "key", "level", "side", "measure", "select", "sum", "label_id", "label_en"}
	if err := readRows(file, "layout", columns, read.row); err != nil {
		return Layout{}, err
	}
	if len(read.faults) > 0 {
		return Layout{}, errors.Join(read.faults...)
	}
	if err := read.layout.Validate(); err != nil {
		return Layout{}, err
	}
	return read.layout, nil
}

type layoutReader struct {
	places Places
	layout Layout
	faults []error
}

func (r *layoutReader) row(line int, cell func(string) string) {
	refuse := func(reason string) {
		r.faults = append(r.faults, &LayoutError{Layout: r.layout.Title.In(Indonesian), Item: line, Key: cell("key"), Reason: reason})
	}
	label := Label{ID: cell("label_id"), EN: cell("label_en")}
	switch cell("row") {
	case "title":
		r.layout.Title = label
		return
	case "covers":
		covered := r.selector(cell("select"), refuse)
		r.layout.Covers = append(r.layout.Covers, covered.Kinds...)
		if len(covered.Codes)+len(covered.Except) > 0 || covered.Contra != PlainAndContra {
			refuse("covers kinds of account, nothing else")
		}
		return
	case "equal":
		keys := strings.Fields(cell("sum"))
		if len(keys) != 2 {
			refuse("names not two totals that must be equal")
			return
		}
		r.layout.Equal = append(r.layout.Equal, [2]string{keys[0], keys[1]})
		return
	}
	activity := ledger.Derived
	if text := cell("activity"); text != "" {
		if err := activity.UnmarshalText([]byte(text)); err != nil {
			refuse(err.Error())
		}
	}
	switch cell("row") {
	case "cash":
		r.layout.CashAccounts = r.selector(cell("select"), refuse)
		return
	case "activity":
		r.layout.Activities = append(r.layout.Activities, ActivityRule{Activity: activity, Select: r.selector(cell("select"), refuse)})
		return
	}
	it := Item{Key: cell("key"), Activity: activity, Label: label, Sum: strings.Fields(cell("sum")), Select: r.selector(cell("select"), refuse)}
	r.kind(&it, cell, refuse)
	r.layout.Items = append(r.layout.Items, it)
}

func (r *layoutReader) kind(it *Item, cell func(string) string, refuse func(string)) {
	var err error
	switch row := cell("row"); row {
	case "line", "kept", "each":
		it.Kind, it.Keep, it.Each = Line, row == "kept", row == "each"
	case "header", "total", "grand", "blank":
		it.Kind = RowKind(slices.Index(rowKinds[:], row))
	default:
		refuse(fmt.Sprintf("%q is no kind of row", clip(row)))
	}
	if text := cell("level"); text != "" {
		if it.Level, err = strconv.Atoi(text); err != nil {
			refuse(fmt.Sprintf("its level %q is not a number", clip(text)))
		}
	}
	if text := cell("side"); text != "" {
		if it.Side, err = ledger.ParseSide(text); err != nil {
			refuse(err.Error())
		}
	}
	if text := cell("measure"); text != "" {
		at := slices.Index(measureNames[:], text)
		if at < 0 {
			refuse(fmt.Sprintf("%q is no measure", clip(text)))
			return
		}
		it.Measure = Measure(at)
	}
}

// selector reads the words of a select cell.
func (r *layoutReader) selector(text string, refuse func(string)) Selector {
	var s Selector
	for _, word := range strings.Fields(text) {
		if kind, err := ledger.ParseKind(word); err == nil {
			s.Kinds = append(s.Kinds, kind)
			continue
		}
		if side := slices.Index([]string{"plain", "contra"}, word); side >= 0 {
			if s.Contra != PlainAndContra {
				refuse("selects plain and contra accounts, which is both")
			}
			s.Contra = OnlyPlain + Contra(side)
			continue
		}
		word, except := strings.CutPrefix(word, "!")
		into := &s.Codes
		if except {
			into = &s.Except
		}
		*into = append(*into, r.codes(word, refuse)...)
	}
	return s
}

func (r *layoutReader) codes(word string, refuse func(string)) []Codes {
	if name, ok := strings.CutPrefix(word, "@"); ok {
		if codes := r.places[name]; len(codes) > 0 {
			return codes
		}
		return []Codes{{}} // holds no account, but still restricts
	}
	if first, last, ok := strings.Cut(word, ".."); ok {
		if first == "" || last < first {
			refuse(fmt.Sprintf("the range %q ends before it begins", clip(word)))
		}
		return []Codes{{First: first, Last: last}}
	}
	if prefix, ok := strings.CutSuffix(word, "*"); ok {
		if prefix == "" {
			refuse("the prefix * would be every code")
		}
		return []Codes{{Prefix: prefix}}
	}
	if word == "" {
		refuse("leaves out nothing with a lone !")
	}
	return []Codes{Code(word)}
}

// readRows reads a CSV file with a header line, at most MaxChartText bytes of it.
func readRows(file io.Reader, what string, columns []string, row func(line int, cell func(string) string)) error {
	limited := &io.LimitedReader{R: file, N: ledger.MaxChartText + 1}
	r := csv.NewReader(limited)
	r.ReuseRecord = true
	refuse := func(line int, reason string) error { return &LayoutError{Layout: what, Item: line, Reason: reason} }
	index := make(map[string]int)
	for first := true; ; first = false {
		record, err := r.Read()
		if limited.N <= 0 {
			return refuse(0, fmt.Sprintf("is longer than %d bytes", ledger.MaxChartText))
		}
		var form *csv.ParseError
		switch {
		case err == io.EOF && !first:
			return nil
		case err == io.EOF:
			return refuse(0, "is empty")
		case errors.As(err, &form):
			return refuse(form.Line, "is not CSV: "+form.Err.Error())
		case err != nil:
			return fmt.Errorf("report: layout %q: %w", clip(what), err)
		}
		line, _ := r.FieldPos(0)
		if !first {
			row(line, func(column string) string {
				if at, ok := index[column]; ok {
					return record[at]
				}
				return ""
			})
			continue
		}
		for i, title := range record {
			index[strings.TrimPrefix(title, "\ufeff")] = i // spreadsheets put it before the first
		}
		for _, column := range columns {
			if _, ok := index[column]; !ok {
				return refuse(line, fmt.Sprintf("the column %q is missing", clip(column)))
			}
		}
	}
}
