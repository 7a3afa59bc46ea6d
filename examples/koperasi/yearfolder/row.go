package yearfolder

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

// row is one line of a table. Its methods read a cell as a value and report
// what is wrong with it; after a fault the row is bad and the value zero.
type row struct {
	Place
	table *table
	cells []string
	bad   bool
}

func (r *row) faultf(format string, args ...any) {
	r.bad = true
	*r.table.faults = append(*r.table.faults, r.Faultf(format, args...))
}

// reject reports what is wrong with the value of a column.
func (r *row) reject(column string, err error) {
	r.faultf("%s %s: %v", column, quote(r.cell(column)), err)
}

// cell returns the text of a column, empty if an optional column is absent.
func (r *row) cell(column string) string {
	i, there := r.table.at[column]
	if !there {
		return ""
	}
	return r.cells[i]
}

// name reads an identifier of at most a number of bytes.
func (r *row) name(column string, most int) string {
	return readCell(r, column, func(text string) (string, error) { return parseName(text, most) })
}

// text reads words for people, which must be there.
func (r *row) text(column string) string {
	return readCell(r, column, parseTitle)
}

// remark reads words for people, which may be empty.
func (r *row) remark(column string) string { return readCell(r, column, parseText) }

func (r *row) date(column string) ledger.Date { return readCell(r, column, parseDate) }

// amount reads money of zero or more.
func (r *row) amount(column string) ledger.Money { return readCell(r, column, parseAmount) }

// positive reads money above zero.
func (r *row) positive(column string) ledger.Money { return readCell(r, column, parsePositive) }

// empty reports a cell that must be empty on this row.
func (r *row) empty(column, why string) {
	if r.cell(column) != "" {
		r.faultf("%s %s: must be empty %s", column, quote(r.cell(column)), why)
	}
}

// readCell reads a cell with parse.
func readCell[T any](r *row, column string, parse func(string) (T, error)) T {
	value, err := parse(r.cell(column))
	if err != nil {
		var none T
		r.reject(column, err)
		return none
	}
	return value
}

// content is what a row says, for telling a repeat from other content under
// the same key. 100 and 100.00 say the same.
func (r *row) content() string {
	var b strings.Builder
	for _, c := range r.table.form.columns {
		cell := r.cell(c.name)
		if amount, err := ledger.IDR.Parse(cell); c.money && err == nil {
			cell = ledger.IDR.Format(amount)
		}
		fmt.Fprintf(&b, "%d:%s", len(cell), cell)
	}
	return b.String()
}

var errMissing = errors.New("missing")

// parseName reads an identifier. Two spaces end an account's name in plain
// text journals, so no identifier may have them.
func parseName(text string, most int) (string, error) {
	switch {
	case text == "":
		return "", errMissing
	case len(text) > most:
		return "", fmt.Errorf("longer than %d bytes", most)
	case strings.TrimSpace(text) != text:
		return "", errors.New("begins or ends with a space")
	case strings.Contains(text, "  "):
		return "", errors.New("has two spaces together")
	case strings.ContainsFunc(text, breaksLine):
		return "", errors.New("has a control character")
	}
	return text, nil
}

// breaksLine reports whether a text with r would not stand on one line.
func breaksLine(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// parseLine reads words for people that must be there, on one line.
func parseLine(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errMissing
	}
	return parseLineIfAny(text)
}

func parseLineIfAny(text string) (string, error) {
	if strings.ContainsFunc(text, breaksLine) {
		return "", errors.New("has a control character")
	}
	return parseText(text)
}

// parseTitle reads words for people that must be there.
func parseTitle(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errMissing
	}
	return parseText(text)
}

func parseText(text string) (string, error) {
	if len(text) > ledger.MaxText {
		return "", fmt.Errorf("longer than %d bytes", ledger.MaxText)
	}
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if strings.ContainsFunc(text, control) {
		return "", errors.New("has a control character")
	}
	return text, nil
}

func parseDate(text string) (ledger.Date, error) {
	if text == "" {
		return ledger.Date{}, errMissing
	}
	date, err := ledger.ParseDate(text)
	var wrong *ledger.DateError
	if errors.As(err, &wrong) {
		return ledger.Date{}, fmt.Errorf("not a date, %s", wrong.Reason)
	}
	return date, err
}

func parseAmount(text string) (ledger.Money, error) {
	if text == "" {
		return ledger.Money{}, errMissing
	}
	amount, err := ledger.IDR.Parse(text)
	var wrong *ledger.MoneyError
	switch {
	case errors.As(err, &wrong):
		return ledger.Money{}, errors.New(wrong.Reason)
	case err != nil:
		return ledger.Money{}, err
	case strings.HasPrefix(text, "-"):
		return ledger.Money{}, errors.New("negative")
	}
	return amount, nil
}

func parsePositive(text string) (ledger.Money, error) {
	amount, err := parseAmount(text)
	if err == nil && amount.IsZero() {
		return ledger.Money{}, errors.New("zero, where money is needed")
	}
	return amount, err
}

// parseRatio reads a plain decimal from 0 to 1, exactly.
func parseRatio(text string) (decimal.Decimal, error) {
	if text == "" {
		return decimal.Decimal{}, errMissing
	}
	whole, decimals, point := strings.Cut(text, ".")
	digits := whole + decimals
	switch {
	case len(text) > ledger.MaxDecimalText:
		return decimal.Decimal{}, fmt.Errorf("longer than %d bytes", ledger.MaxDecimalText)
	case whole == "" || point && decimals == "" || strings.Trim(digits, "0123456789") != "":
		return decimal.Decimal{}, errors.New("not a plain decimal number from 0 to 1")
	}
	coefficient, _ := new(big.Int).SetString(digits, 10)
	ratio := decimal.NewFromBigInt(coefficient, -int32(len(decimals)))
	if ratio.GreaterThan(decimal.NewFromInt(1)) {
		return decimal.Decimal{}, errors.New("above 1")
	}
	return ratio, nil
}
