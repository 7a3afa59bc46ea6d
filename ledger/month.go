package ledger

import (
	"fmt"
	"time"
)

// Month is a calendar month of a year, from January [MinYear] to December
// [MaxYear]. The zero value is no month. Months are comparable with ==.
type Month struct{ n int32 } // months since December MinYear-1; 0 none, negative invalid

const (
	notAMonth int32 = -1
	lastMonth int32 = (MaxYear - MinYear + 1) * 12
)

// MonthOf returns the month of a year; out of range it is invalid.
func MonthOf(year int, month time.Month) Month {
	if year < MinYear || year > MaxYear || month < time.January || month > time.December {
		return Month{notAMonth}
	}
	return Month{int32((year-MinYear)*12 + int(month))}
}

// ParseMonth reads YYYY-MM and nothing else. Errors match [ErrDate].
func ParseMonth(text string) (Month, error) {
	if len(text) != len("YYYY-MM") || text[4] != '-' || !allDigits(text[:4]) || !allDigits(text[5:]) {
		return Month{}, &DateError{Text: clip(text), Reason: "not of the form YYYY-MM"}
	}
	m := MonthOf(number(text[:4]), time.Month(number(text[5:])))
	if !m.Valid() {
		return Month{}, &DateError{Text: text, Reason: noSuchMonth()}
	}
	return m, nil
}

// Valid reports whether m is a month within the range.
func (m Month) Valid() bool { return m.n > 0 && m.n <= lastMonth }

// IsZero reports whether m is the zero Month: none given.
func (m Month) IsZero() bool { return m.n == 0 }

// Err says why m is not a month, or returns nil. The error matches [ErrDate].
func (m Month) Err() error {
	switch {
	case m.Valid():
		return nil
	case m.IsZero():
		return &DateError{Reason: "month missing"}
	}
	return &DateError{Reason: noSuchMonth()}
}

func noSuchMonth() string { return fmt.Sprintf("no such month between %d and %d", MinYear, MaxYear) }

// YearMonth returns year and month, both 0 if m is not a month.
func (m Month) YearMonth() (year int, month time.Month) {
	if !m.Valid() {
		return 0, 0
	}
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
// the month lacks that day. A number below 1 or above 31, or an m that is not
// a month, gives an invalid Date.
func (m Month) Day(anchor int) Date {
	if !m.Valid() || anchor < 1 || anchor > 31 {
		return Date{notADay}
	}
	year, month := m.YearMonth()
	return On(year, month, min(anchor, daysIn(year, month)))
}

// Add returns the month n months later, earlier if n is negative. Out of
// range, or if m is not a month, it is invalid.
func (m Month) Add(n int) Month {
	if !m.Valid() || n > int(lastMonth-m.n) || n < int(1-m.n) {
		return Month{notAMonth}
	}
	return Month{m.n + int32(n)}
}

// Next returns the following month; after the last of the range it is invalid.
func (m Month) Next() Month { return m.Add(1) }

// Prev returns the month before; before the first of the range it is invalid.
func (m Month) Prev() Month { return m.Add(-1) }

// Before reports whether m is an earlier month than o. What is not a month is
// before every month.
func (m Month) Before(o Month) bool { return m.n < o.n }

// After reports whether m is a later month than o.
func (m Month) After(o Month) bool { return m.n > o.n }

// MonthsUntil returns the number of months from m to o: 1 for the next month,
// negative if o is earlier, 0 if either is not a month.
func (m Month) MonthsUntil(o Month) int {
	if !m.Valid() || !o.Valid() {
		return 0
	}
	return int(o.n - m.n)
}

// String returns YYYY-MM, "no month" or "invalid month".
func (m Month) String() string {
	switch {
	case m.IsZero():
		return "no month"
	case !m.Valid():
		return "invalid month"
	}
	year, month := m.YearMonth()
	return string(appendYearMonth(make([]byte, 0, len("YYYY-MM")), year, month))
}

// MarshalText writes YYYY-MM, or nothing for the zero Month. An invalid Month
// is an error that matches [ErrDate].
func (m Month) MarshalText() ([]byte, error) {
	if m.IsZero() {
		return []byte{}, nil
	}
	if err := m.Err(); err != nil {
		return nil, err
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads what MarshalText wrote. Errors match [ErrDate] and leave
// m as it was.
func (m *Month) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Month{}
		return nil
	}
	read, err := ParseMonth(string(text[:min(len(text), MaxDecimalText)]))
	if err != nil {
		return err
	}
	*m = read
	return nil
}
