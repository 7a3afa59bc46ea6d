package ledger

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Chart is the list of accounts a book starts with.
type Chart []Account

// Account returns the account with the given code.
func (c Chart) Account(code string) (Account, bool) {
	for _, a := range c {
		if a.Code == code {
			return a, true
		}
	}
	return Account{}, false
}

// Validate reports everything that is wrong with the chart, as joined errors
// of type [*ChartError] that all match [ErrChart], or nil. Codes must be there,
// be unique, and be plain text of at most [MaxCode] bytes; names plain text of
// at most [MaxText] bytes; kind and normal side must be stated; a header takes
// no subs. A chart has at least one account and at most [MaxChartAccounts].
func (c Chart) Validate() error {
	var faults []*ChartError
	for i, a := range c[:min(len(c), MaxChartAccounts)] {
		faults = append(faults, a.faults(i+1)...)
		faults = append(faults, a.nameless(i+1)...)
	}
	return joinFaults(append(faults, c.faults(func(i int) int { return i + 1 })...))
}

// joinFaults joins faults in the order of their lines; none is no error.
func joinFaults(faults []*ChartError) error {
	slices.SortStableFunc(faults, func(a, b *ChartError) int { return a.Line - b.Line })
	errs := make([]error, len(faults))
	for i, fault := range faults {
		errs[i] = fault
	}
	return errors.Join(errs...)
}

// Validate reports everything that is wrong with the account by itself, by the
// rules of [Chart.Validate].
func (a Account) Validate() error {
	return joinFaults(append(a.faults(0), a.nameless(0)...))
}

// faults judges what accounts are only together. line tells an account's line.
func (c Chart) faults(line func(i int) int) []*ChartError {
	if len(c) == 0 {
		return []*ChartError{{Reason: "has no accounts"}}
	}
	if len(c) > MaxChartAccounts {
		return []*ChartError{{Reason: fmt.Sprintf("has more than %d accounts", MaxChartAccounts)}}
	}
	var faults []*ChartError
	first := make(map[string]int, len(c))
	for i, a := range c {
		if earlier, taken := first[a.Code]; !taken {
			first[a.Code] = line(i)
		} else if a.Code != "" {
			faults = append(faults, a.fault(line(i), "code", fmt.Sprintf("is used by line %d already", earlier)))
		}
	}
	return faults
}

// faults judges the account's texts and marks.
func (a Account) faults(line int) []*ChartError {
	var faults []*ChartError
	refuse := func(field, reason string) { faults = append(faults, a.fault(line, field, reason)) }
	if why := codeFault(a.Code); why != "" {
		refuse("code", why)
	}
	if why := TextFault(a.Name, MaxText); why != "" {
		refuse("name", why)
	}
	if why := TextFault(a.NameEn, MaxText); why != "" {
		refuse("name_en", why)
	}
	if err := a.Floor.err(); err != nil {
		refuse("floor", reason(err))
	}
	if a.Header && a.Control {
		refuse("sub", "is not for a header, which takes no lines")
	}
	return faults
}

// nameless reports the kind and side that have no name.
func (a Account) nameless(line int) []*ChartError {
	var faults []*ChartError
	if !a.Kind.Valid() {
		faults = append(faults, a.fault(line, "kind", kindNames.unknown(a.Kind.String()).Error()))
	}
	if !a.Normal.Valid() {
		faults = append(faults, a.fault(line, "normal", unknownSide(a.Normal.String()).Error()))
	}
	return faults
}

// faultText says in one line what is wrong with the account by itself.
func (a Account) faultText() string {
	var all []string
	for _, fault := range append(a.faults(0), a.nameless(0)...) {
		all = append(all, fault.Field+" "+fault.Reason)
	}
	return strings.Join(all, "; ")
}

func (a Account) fault(line int, field, reason string) *ChartError {
	reason = strings.TrimPrefix(reason, "ledger: ")
	return &ChartError{Line: line, Code: clip(a.Code), Field: field, Reason: reason}
}

// codeFault says what is wrong with an account's code.
func codeFault(code string) string {
	if code == "" {
		return "is missing"
	}
	return NameFault(code, MaxCode)
}

// ReadChart reads a chart from CSV with a header line. The columns code, name
// (or name_id), kind, normal and sub are required, in any order; name_en is
// optional; others are passed over. An account whose sub column is empty or
// "no" takes lines without a sub key, any other is a control account.
//
// All faults are reported together, as [Chart.Validate] reports them, each with
// its line in the file. At most [MaxChartText] bytes are read.
func ReadChart(r io.Reader) (Chart, error) {
	limited := &io.LimitedReader{R: r, N: MaxChartText + 1}
	read := chartReader{csv: csv.NewReader(limited)}
	read.csv.ReuseRecord = true
	err := read.all()
	switch {
	case limited.N <= 0:
		return nil, &ChartError{Reason: fmt.Sprintf("is longer than %d bytes", MaxChartText)}
	case err != nil:
		return nil, err
	}
	read.faults = append(read.faults, read.chart.faults(func(i int) int { return read.lines[i] })...)
	if err := joinFaults(read.faults); err != nil {
		return nil, err
	}
	return read.chart, nil
}

type chartReader struct {
	csv    *csv.Reader
	column map[string]int
	chart  Chart
	lines  []int // lines[i] is the line of chart[i]
	faults []*ChartError
}

// all reads to the end. Its error is one that hides what follows.
func (r *chartReader) all() error {
	if err := r.header(); err != nil {
		return err
	}
	for len(r.chart) <= MaxChartAccounts {
		row, err := r.csv.Read()
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, csv.ErrFieldCount):
			line, _ := r.csv.FieldPos(0)
			r.faults = append(r.faults, &ChartError{Line: line, Reason: fmt.Sprintf("has %d columns, the header has %d", len(row), r.csv.FieldsPerRecord)})
		case err != nil:
			return errors.Join(joinFaults(r.faults), readFault(err))
		default:
			r.account(row)
		}
	}
	return nil
}

func (r *chartReader) header() error {
	row, err := r.csv.Read()
	if err != nil && err != io.EOF {
		return readFault(err)
	}
	r.column = make(map[string]int, len(row))
	for i, title := range row {
		title = strings.TrimPrefix(title, "\ufeff") // spreadsheets put it before the first
		if title == "name_id" {
			title = "name"
		}
		if _, twice := r.column[title]; twice {
			r.faults = append(r.faults, &ChartError{Line: 1, Field: clip(title), Reason: "is a column twice"})
		}
		r.column[title] = i
	}
	for _, title := range []string{"code", "name", "kind", "normal", "sub"} {
		if _, ok := r.column[title]; !ok {
			r.faults = append(r.faults, &ChartError{Line: 1, Field: title, Reason: "is missing from the columns"})
		}
	}
	return joinFaults(r.faults)
}

func (r *chartReader) account(row []string) {
	cell := func(title string) string {
		if i, ok := r.column[title]; ok {
			return row[i]
		}
		return ""
	}
	sub := cell("sub")
	line, _ := r.csv.FieldPos(0)
	a := Account{Code: cell("code"), Name: cell("name"), NameEn: cell("name_en"), Control: sub != "" && sub != "no"}
	var err error
	if a.Kind, err = ParseKind(cell("kind")); err != nil {
		r.faults = append(r.faults, a.fault(line, "kind", err.Error()))
	}
	if a.Normal, err = ParseSide(cell("normal")); err != nil {
		r.faults = append(r.faults, a.fault(line, "normal", err.Error()))
	}
	r.faults = append(r.faults, a.faults(line)...)
	r.chart, r.lines = append(r.chart, a), append(r.lines, line)
}

// readFault gives an error of the CSV form its line; one of the reader itself
// stays what it is.
func readFault(err error) error {
	var form *csv.ParseError
	if errors.As(err, &form) {
		return &ChartError{Line: form.StartLine, Reason: "is not CSV: " + form.Err.Error()}
	}
	return fmt.Errorf("ledger: chart: %w", err)
}

// ErrChart marks a chart of accounts that no book can start with.
var ErrChart = errors.New("ledger: faulty chart")

// ChartError says what is wrong with one line of a chart. It matches [ErrChart].
type ChartError struct {
	Line   int    // the line in the file, or the account's place in the Chart, from 1; 0 for the whole
	Code   string // the account's code, clipped; empty if it is not about one
	Field  string // the column's name; empty for the whole line
	Reason string
}

// Error says where in the chart and what, in one line.
func (e *ChartError) Error() string {
	text := "ledger: chart"
	if e.Line > 0 {
		text += fmt.Sprintf(" line %d", e.Line)
	}
	if e.Code != "" {
		text += fmt.Sprintf(": account %q", e.Code)
	}
	if e.Field != "" {
		text += ": " + plain(e.Field)
	}
	if e.Line > 0 || e.Code != "" || e.Field != "" {
		text += ":"
	}
	return text + " " + e.Reason
}

// Is reports whether target is [ErrChart].
func (e *ChartError) Is(target error) bool { return target == ErrChart }
