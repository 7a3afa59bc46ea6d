package ledger

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
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

// MaxMoney is the largest amount, about 92 quadrillion rupiah; its negation is
// the smallest.
const MaxMoney = math.MaxInt64 - 15

// Values below -MaxMoney are not amounts; they say why there is none.
const (
	notMoneyOverflow int64 = math.MinInt64 + iota
	notMoneyMissing
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
	reason := "overflow: beyond the largest amount"
	if m.minor == notMoneyMissing {
		reason = "missing"
	}
	return &MoneyError{Text: "", Reason: reason}
}

func (m Money) valid() bool { return m.minor >= -MaxMoney && m.minor <= MaxMoney }

// Add returns m + n; the result is invalid if it overflows or if either is invalid.
func (m Money) Add(n Money) Money {
	sum := m.minor + n.minor
	// Both are at least MinInt64, so wrapping shows as a sign that neither had.
	if (m.minor^sum)&(n.minor^sum) < 0 || !m.valid() || !n.valid() {
		return Money{firstInvalid(m, n)}
	}
	return Minor(sum)
}

func firstInvalid(m, n Money) int64 {
	switch {
	case !m.valid():
		return m.minor
	case !n.valid():
		return n.minor
	}
	return notMoneyOverflow
}

// Sub returns m - n.
func (m Money) Sub(n Money) Money { return m.Add(n.Neg()) }

// Neg returns -m.
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

// Sign returns -1, 0 or +1. An invalid Money has no sign: it returns 0.
func (m Money) Sign() int {
	switch {
	case !m.valid() || m.minor == 0:
		return 0
	case m.minor < 0:
		return -1
	}
	return 1
}

// IsZero reports whether m is exactly zero.
func (m Money) IsZero() bool { return m.minor == 0 }

// Cmp returns -1, 0 or +1 as m is less than, equal to or greater than n.
// Invalid values sort below all amounts.
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

// Min returns the smaller of m and n.
func (m Money) Min(n Money) Money {
	if n.minor < m.minor {
		return n
	}
	return m
}

// Max returns the larger of m and n.
func (m Money) Max(n Money) Money {
	if n.minor > m.minor {
		return n
	}
	return m
}

// Sum adds up amounts.
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

// MarshalText writes the number of minor units.
func (m Money) MarshalText() ([]byte, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	return strconv.AppendInt(nil, m.minor, 10), nil
}

// UnmarshalText reads what MarshalText wrote.
func (m *Money) UnmarshalText(text []byte) error {
	if len(text) > MaxDecimalText {
		return &MoneyError{Text: clip(string(text)), Reason: "too long"}
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return &MoneyError{Text: string(text), Reason: "not a whole number of minor units"}
	}
	read := Minor(n)
	if err := read.Err(); err != nil {
		return err
	}
	*m = read
	return nil
}

// MarshalJSON writes the number of minor units as a JSON integer.
func (m Money) MarshalJSON() ([]byte, error) { return m.MarshalText() }

// UnmarshalJSON reads a JSON integer of minor units. A fraction, an exponent,
// a string or null is an error.
func (m *Money) UnmarshalJSON(data []byte) error { return m.UnmarshalText(data) }

// Value stores the number of minor units as int64, for database/sql.
func (m Money) Value() (driver.Value, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	return m.minor, nil
}

// Scan reads an int64 of minor units. NULL, floats and text are errors.
func (m *Money) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return &MoneyError{Text: clip(fmt.Sprint(src)), Reason: fmt.Sprintf("a database column of type %T, not an integer of minor units", src)}
	}
	read := Minor(n)
	if err := read.Err(); err != nil {
		return err
	}
	*m = read
	return nil
}

// MoneyError says which text is not an amount and why. It matches [ErrMoney].
type MoneyError struct {
	Text   string // what was given, clipped
	Reason string
}

func (e *MoneyError) Error() string {
	if e.Text == "" {
		return "ledger: not an amount: " + e.Reason
	}
	return fmt.Sprintf("ledger: %q is not an amount: %s", e.Text, e.Reason)
}

// Is reports whether target is [ErrMoney].
func (e *MoneyError) Is(target error) bool { return target == ErrMoney }

var (
	_ json.Marshaler   = Money{}
	_ json.Unmarshaler = (*Money)(nil)
)

// clip shortens text from outside before it goes into a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
