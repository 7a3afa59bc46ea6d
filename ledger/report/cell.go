package report

import (
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/mizan-coop/mizan/ledger"
)

// Cell is what stands in one column of a row: nothing (the zero value), words,
// a day, a count, an amount or a sum of balance-days. Cells are comparable
// with ==.
type Cell struct {
	kind   cellKind
	words  Label
	day    ledger.Date
	count  int64
	amount ledger.Money
	days   ledger.BalanceDays
}

type cellKind uint8

const (
	emptyCell cellKind = iota
	wordsCell
	dayCell
	countCell
	amountCell
	balanceDaysCell
)

// Text is a cell with words.
func Text(words Label) Cell { return Cell{kind: wordsCell, words: words} }

// Name is a cell with a text that is the same in both languages.
func Name(text string) Cell { return Text(Same(text)) }

// Day is a cell with a day; without one it is empty.
func Day(day ledger.Date) Cell {
	if day.IsZero() {
		return Cell{}
	}
	return Cell{kind: dayCell, day: day}
}

// Count is a cell with a number of things.
func Count(n int) Cell { return Cell{kind: countCell, count: int64(n)} }

// Money is a cell with an amount, shown as it is: zero as 0.
func Money(amount ledger.Money) Cell { return Cell{kind: amountCell, amount: amount} }

// MoneyUnlessZero is a cell with an amount that is empty at zero.
func MoneyUnlessZero(amount ledger.Money) Cell {
	if amount.IsZero() {
		return Cell{}
	}
	return Money(amount)
}

// BalanceDays is a cell with a sum of end-of-day balances, shown in whole
// currency units times days.
func BalanceDays(days ledger.BalanceDays) Cell { return Cell{kind: balanceDaysCell, days: days} }

// IsEmpty reports whether nothing stands in the cell.
func (c Cell) IsEmpty() bool { return c.kind == emptyCell }

// Amount returns the cell's amount and whether it has one.
func (c Cell) Amount() (ledger.Money, bool) { return c.amount, c.kind == amountCell }

// Words returns the cell's words in a language, empty if it has none.
func (c Cell) Words(language Language) string { return c.words.In(language) }

// err is the reason of an amount or day that is none.
func (c Cell) err() error {
	switch c.kind {
	case dayCell:
		return c.day.Err()
	case amountCell:
		return c.amount.Err()
	case balanceDaysCell:
		return c.days.Err()
	}
	return nil
}

// machine returns the cell in the form that programs read.
func (c Cell) machine(language Language, currency ledger.Currency) string {
	switch c.kind {
	case wordsCell:
		return c.words.In(language)
	case dayCell:
		return c.day.String()
	case countCell:
		return strconv.FormatInt(c.count, 10)
	case amountCell:
		return currency.Format(c.amount)
	case balanceDaysCell:
		return decimals(c.days.Big(), currency.Digits(), "", ".", false)
	}
	return ""
}

// human returns the cell in the form that people read: Indonesian numbers,
// negative ones in parentheses.
func (c Cell) human(language Language, currency ledger.Currency) string {
	switch c.kind {
	case wordsCell:
		return printable(c.words.In(language))
	case dayCell:
		return shortDay(c.day, language)
	case countCell:
		return strconv.FormatInt(c.count, 10)
	case amountCell:
		text := currency.FormatLocal(c.amount)
		if c.amount.Sign() < 0 {
			return "(" + strings.TrimPrefix(text, "-") + ")"
		}
		return text
	case balanceDaysCell:
		text := decimals(c.days.Big(), currency.Digits(), ".", ",", true)
		if c.days.Sign() < 0 {
			return "(" + strings.TrimPrefix(text, "-") + ")"
		}
		return text
	}
	return ""
}

// decimals writes a number of minor units in whole units, however large. With
// short, decimals that are all zero are left out.
func decimals(minor *big.Int, digits int, group, point string, short bool) string {
	text := new(big.Int).Abs(minor).String()
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	whole, fraction := text[:len(text)-digits], text[len(text)-digits:]
	var b strings.Builder
	if minor.Sign() < 0 {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	if fraction != "" && !(short && strings.Trim(fraction, "0") == "") {
		b.WriteString(point + fraction)
	}
	return b.String()
}

// printable puts a space in place of what would break a line or move the
// cursor: rows may come from callers whose texts the book has not seen.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// shortDay is the form for columns: 31-12-2025, in English 2025-12-31, which
// no reader takes for another day.
func shortDay(day ledger.Date, language Language) string {
	year, month, d := day.YMD()
	if language == English || year == 0 {
		return day.String()
	}
	return two(d) + "-" + two(int(month)) + "-" + strconv.Itoa(year)
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

var months = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
	"Agustus", "September", "Oktober", "November", "Desember"}

// longMonth is the form for headings: Desember 2025, December 2025.
func longMonth(month ledger.Month) Label {
	year, m := month.YearMonth()
	if year == 0 {
		return Same(month.String())
	}
	return Label{ID: monthName(m, Indonesian), EN: monthName(m, English)}.followed(" " + strconv.Itoa(year))
}

// longDay is the form for headings: 31 Desember 2025, 31 December 2025.
func longDay(day ledger.Date) Label {
	if !day.Valid() {
		return Same(day.String())
	}
	month := longMonth(day.Month())
	prefix := strconv.Itoa(day.Day()) + " "
	return Label{ID: prefix + month.ID, EN: prefix + month.EN}
}

func (l Label) followed(suffix string) Label { return Label{ID: l.ID + suffix, EN: l.EN + suffix} }

func monthName(month time.Month, language Language) string {
	if language == English {
		return month.String()
	}
	return months[month-1]
}
