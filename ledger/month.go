package ledger

import (
	"fmt"
	"time"
)

// Month is a calendar month of a year. The zero value is no month. Months are
// comparable with ==.
type Month struct{ n int32 } // months since December MinYear-1; 0 none, negative invalid

const lastMonth = (MaxYear - MinYear + 1) * 12

// MonthOf returns the month of a year; out of range it is invalid.
func MonthOf(year int, month time.Month) Month {
	if year < MinYear || year > MaxYear || month < time.January || month > time.December {
		return Month{-1}
	}
	return Month{int32((year-MinYear)*12 + int(month))}
}

// ParseMonth reads YYYY-MM. Errors match [ErrDate].
func ParseMonth(text string) (Month, error) {
	first, err := ParseDate(text + "-01")
	if err != nil || len(text) != 7 {
		return Month{}, &DateError{Text: clip(text), Reason: "not of the form YYYY-MM"}
	}
	return first.Month(), nil
}

// Valid reports whether m is a month within the range.
func (m Month) Valid() bool { return m.n > 0 && m.n <= lastMonth }

// YearMonth returns year and month.
func (m Month) YearMonth() (int, time.Month) {
	return MinYear + int(m.n-1)/12, time.Month(int(m.n-1)%12 + 1)
}

// First returns the first day of the month.
func (m Month) First() Date { return m.Day(1) }

// Last returns the last day of the month.
func (m Month) Last() Date { return m.Day(31) }

// Days returns the number of days in the month, 28 to 31; 0 if invalid.
func (m Month) Days() int {
	if !m.Valid() {
		return 0
	}
	return daysIn(m.YearMonth())
}

// Day returns the day of the month with the given number, its last day where
// the month lacks that day. A number below 1 or above 31 gives an invalid Date.
func (m Month) Day(anchor int) Date {
	if !m.Valid() || anchor > 31 {
		return Date{notADay}
	}
	year, month := m.YearMonth()
	return On(year, month, min(anchor, daysIn(year, month)))
}

// Add returns the month n months later, earlier if n is negative.
func (m Month) Add(n int) Month {
	sum := int64(m.n) + int64(n)
	if !m.Valid() || sum < 1 || sum > lastMonth {
		return Month{-1}
	}
	return Month{int32(sum)}
}

// Next returns the following month.
func (m Month) Next() Month { return m.Add(1) }

// Before reports whether m is an earlier month than o.
func (m Month) Before(o Month) bool { return m.n < o.n }

// MonthsUntil returns the number of months from m to o.
func (m Month) MonthsUntil(o Month) int { return int(o.n - m.n) }

// String returns YYYY-MM.
func (m Month) String() string {
	if !m.Valid() {
		return "no month"
	}
	year, month := m.YearMonth()
	return fmt.Sprintf("%04d-%02d", year, int(month))
}

// MarshalText writes YYYY-MM.
func (m Month) MarshalText() ([]byte, error) {
	if !m.Valid() {
		return nil, &DateError{Reason: "no month"}
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (m *Month) UnmarshalText(text []byte) error {
	read, err := ParseMonth(string(text))
	if err != nil {
		return err
	}
	*m = read
	return nil
}
