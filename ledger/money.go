package ledger

import (
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Money is an exact amount in minor units of the book's currency (for IDR:
// hundredths of a rupiah). It does not know its currency; the book does. No
// fraction of a minor unit can exist, and there is no constructor from a float.
//
// The zero value is zero money. Values are comparable with ==.
//
// Arithmetic never wraps around: a result beyond [MaxMoney] is an invalid
// Money, which stays invalid through further arithmetic and which every
// operation of the book refuses with its reason ([Money.Err]).
type Money struct{ minor int64 }

// MaxMoney is the largest amount in minor units, about 92 quadrillion rupiah;
// its negation is the smallest.
const MaxMoney = math.MaxInt64 - 15

// Values below -MaxMoney are not amounts; they say why there is none.
const (
	notMoneyOverflow int64 = math.MinInt64 + iota
	notMoneyNoCurrency
)

const (
	tooLarge   = "beyond the largest amount"
	noCurrency = "the currency is missing"
)

// Minor returns the Money of n minor units. Beyond [MaxMoney] it is invalid.
func Minor(n int64) Money {
	if n > MaxMoney || n < -MaxMoney {
		return Money{notMoneyOverflow}
	}
	return Money{n}
}

// Minor returns the amount in minor units. It is meaningless if m.Err() != nil.
func (m Money) Minor() int64 { return m.minor }

// Err says why m is not an amount, or returns nil. The error matches [ErrMoney].
func (m Money) Err() error {
	if m.valid() {
		return nil
	}
	if m.minor == notMoneyNoCurrency {
		return &MoneyError{Reason: noCurrency}
	}
	return &MoneyError{Reason: tooLarge}
}

func (m Money) valid() bool { return m.minor >= -MaxMoney && m.minor <= MaxMoney }

// Add returns m + n; the result is invalid if it overflows or if either is invalid.
func (m Money) Add(n Money) Money {
	sum := Money{m.minor + n.minor}
	// A sum that wraps around has a sign that neither m nor n had.
	if m.valid() && n.valid() && sum.valid() && (m.minor^sum.minor)&(n.minor^sum.minor) >= 0 {
		return sum
	}
	return firstInvalid(m, n)
}

func firstInvalid(m, n Money) Money {
	switch {
	case !m.valid():
		return m
	case !n.valid():
		return n
	}
	return Money{notMoneyOverflow}
}

// Sub returns m - n; the result is invalid if it overflows or if either is invalid.
func (m Money) Sub(n Money) Money { return m.Add(n.Neg()) }

// Neg returns -m. Every amount has a negation; an invalid Money stays as it is.
func (m Money) Neg() Money {
	if !m.valid() {
		return m
	}
	return Money{-m.minor}
}

// Abs returns m without its sign.
func (m Money) Abs() Money {
	if m.minor < 0 {
		return m.Neg()
	}
	return m
}

// Sign returns -1, 0 or +1. An invalid Money has no sign: it returns 0, so a
// test for "above zero" refuses it.
func (m Money) Sign() int {
	switch {
	case !m.valid() || m.minor == 0:
		return 0
	case m.minor < 0:
		return -1
	}
	return 1
}

// IsZero reports whether m is exactly zero; an invalid Money is not.
func (m Money) IsZero() bool { return m.minor == 0 }

// Cmp returns -1, 0 or +1 as m is less than, equal to or greater than n.
// Invalid values sort below all amounts; only [Money.Err] tells them from one.
func (m Money) Cmp(n Money) int {
	switch {
	case m.minor < n.minor:
		return -1
	case m.minor > n.minor:
		return 1
	}
	return 0
}

// Less reports whether m < n.
func (m Money) Less(n Money) bool { return m.minor < n.minor }

// Min returns the smaller of m and n, or the invalid one if either is.
func (m Money) Min(n Money) Money {
	if n.minor < m.minor {
		return n
	}
	return m
}

// Max returns the larger of m and n, or the invalid one if either is.
func (m Money) Max(n Money) Money {
	if !m.valid() || n.valid() && n.minor <= m.minor {
		return m
	}
	return n
}

// Sum adds up amounts, zero for none. It is invalid as [Money.Add] is, also if
// only an intermediate sum overflows.
func Sum(amounts ...Money) Money {
	var total Money
	for _, m := range amounts {
		total = total.Add(m)
	}
	return total
}

// String returns the number of minor units, for logs and tests. For people use
// [Currency.Format] or [Currency.FormatLocal].
func (m Money) String() string {
	if err := m.Err(); err != nil {
		return err.Error()
	}
	return strconv.FormatInt(m.minor, 10)
}

// MarshalText writes the number of minor units in its one form: digits without
// leading zeros, after a minus sign if below zero. An invalid Money is an error.
func (m Money) MarshalText() ([]byte, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	return strconv.AppendInt(nil, m.minor, 10), nil
}

// UnmarshalText reads what MarshalText writes and no other form of the number,
// so that one amount has one text: "+5", "05" and "-0" are errors. Errors match
// [ErrMoney] and leave m as it was.
func (m *Money) UnmarshalText(text []byte) error {
	if len(text) > MaxDecimalText {
		return &MoneyError{Text: clip(string(text)), Reason: "too long"}
	}
	digits, negative := strings.CutPrefix(string(text), "-")
	if digits == "" || !allDigits(digits) || digits[0] == '0' && (len(digits) > 1 || negative) {
		return &MoneyError{Text: clip(string(text)), Reason: "not a whole number of minor units"}
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || !Minor(n).valid() {
		return &MoneyError{Text: clip(string(text)), Reason: tooLarge}
	}
	*m = Money{n}
	return nil
}

// MarshalJSON writes the number of minor units as a JSON integer.
func (m Money) MarshalJSON() ([]byte, error) { return m.MarshalText() }

// UnmarshalJSON reads a JSON integer of minor units. A fraction, an exponent,
// a string or null is an error that matches [ErrMoney] and leaves m as it was.
func (m *Money) UnmarshalJSON(data []byte) error { return m.UnmarshalText(data) }

// Value stores the number of minor units as int64, for database/sql.
func (m Money) Value() (driver.Value, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	return m.minor, nil
}

// Scan reads an int64 of minor units. NULL, floats and text are errors that
// match [ErrMoney] and leave m as it was.
func (m *Money) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return &MoneyError{Text: columnText(src), Reason: columnType(src) + ", not an integer of minor units"}
	}
	if !Minor(n).valid() {
		return &MoneyError{Text: columnText(src), Reason: tooLarge}
	}
	*m = Money{n}
	return nil
}

// MoneyError says which text is not an amount and why. It matches [ErrMoney].
type MoneyError struct {
	Text   string // what was given, clipped
	Reason string
}

// Error says which text is no amount, and why, in one line.
func (e *MoneyError) Error() string {
	if e.Text == "" {
		return "ledger: not an amount: " + e.Reason
	}
	return fmt.Sprintf("ledger: %q is not an amount: %s", e.Text, e.Reason)
}

// Is reports whether target is [ErrMoney].
func (e *MoneyError) Is(target error) bool { return target == ErrMoney }

// clip shortens text from outside before it goes into a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "..."
}

// columnText shows a value that a database driver returned; a long one is
// clipped before it is converted.
func columnText(src any) string {
	switch v := src.(type) {
	case string:
		return clip(v)
	case []byte:
		return clip(string(v[:min(len(v), MaxDecimalText)]))
	case int64, float64, bool:
		return fmt.Sprint(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	return ""
}

func columnType(src any) string {
	if src == nil {
		return "NULL"
	}
	return fmt.Sprintf("a database column of type %T", src)
}
