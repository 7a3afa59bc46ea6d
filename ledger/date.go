package ledger

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a calendar day without time of day or zone: the day a bookkeeper
// writes on the voucher. Which day it is in Jakarta or Jayapura is the
// caller's business.
//
// The zero value is no date; operations that need one refuse it. Dates are
// comparable with == and range from 1 January [MinYear] to 31 December [MaxYear].
type Date struct{ n int32 } // days since 31 December MinYear-1; 0 none, negative invalid

const notADay int32 = -1

// On returns the given day. A day that does not exist (31 November) or lies
// outside the range is an invalid Date, which every operation refuses.
func On(year int, month time.Month, day int) Date {
	if year < MinYear || year > MaxYear || month < time.January || month > time.December ||
		day < 1 || day > daysIn(year, month) {
		return Date{notADay}
	}
	return Date{daysBefore(year, month) + int32(day)}
}

// DateOf returns the calendar day that t shows in its own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return On(year, month, day)
}

// ParseDate reads YYYY-MM-DD and nothing else. Errors match [ErrDate].
func ParseDate(text string) (Date, error) {
	if len(text) != len(time.DateOnly) || text[4] != '-' || text[7] != '-' ||
		!allDigits(text[:4]) || !allDigits(text[5:7]) || !allDigits(text[8:]) {
		return Date{}, &DateError{Text: clip(text), Reason: "not of the form YYYY-MM-DD"}
	}
	d := On(number(text[:4]), time.Month(number(text[5:7])), number(text[8:]))
	if !d.Valid() {
		return Date{}, &DateError{Text: text, Reason: noSuchDay()}
	}
	return d, nil
}

// number reads a few digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// Valid reports whether d is a day of the calendar within the range.
func (d Date) Valid() bool { return d.n > 0 && d.n <= lastDay }

// IsZero reports whether d is the zero Date: none given.
func (d Date) IsZero() bool { return d.n == 0 }

// Err says why d is not a day, or returns nil. The error matches [ErrDate].
func (d Date) Err() error {
	switch {
	case d.Valid():
		return nil
	case d.IsZero():
		return &DateError{Reason: "missing"}
	}
	return &DateError{Reason: noSuchDay()}
}

func noSuchDay() string { return fmt.Sprintf("no such day between %d and %d", MinYear, MaxYear) }

// YMD returns year, month and day, all 0 if d is not a day.
func (d Date) YMD() (year int, month time.Month, day int) {
	if !d.Valid() {
		return 0, 0, 0
	}
	return civil(d.n)
}

// Year returns the year, 0 if d is not a day.
func (d Date) Year() int {
	year, _, _ := d.YMD()
	return year
}

// Day returns the day of the month, 0 if d is not a day.
func (d Date) Day() int {
	_, _, day := d.YMD()
	return day
}

// Weekday returns the day of the week. It is meaningless if d is not a day.
func (d Date) Weekday() time.Weekday {
	// 31 December 1899, day 0, was a Sunday.
	return time.Weekday(max(d.n, 0) % 7)
}

// Month returns the month d lies in, the zero Month if d is not a day.
func (d Date) Month() Month {
	year, month, _ := d.YMD()
	if year == 0 {
		return Month{}
	}
	return MonthOf(year, month)
}

// Before reports whether d is an earlier day than e. What is not a day is
// before every day.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// Cmp returns -1, 0 or +1 as d is before, on or after e.
func (d Date) Cmp(e Date) int {
	switch {
	case d.n < e.n:
		return -1
	case d.n > e.n:
		return 1
	}
	return 0
}

// DaysUntil returns the number of days from d to e: 1 for the next day,
// negative if e is earlier, 0 if either is not a day.
func (d Date) DaysUntil(e Date) int {
	if !d.Valid() || !e.Valid() {
		return 0
	}
	return int(e.n - d.n)
}

// AddDays returns the day n days after d (before it, if n is negative). Out of
// range, or if d is not a day, it is invalid.
func (d Date) AddDays(n int) Date {
	if !d.Valid() || n > int(lastDay-d.n) || n < int(1-d.n) {
		return Date{notADay}
	}
	return Date{d.n + int32(n)}
}

// Next returns the following day; after the last of the range it is invalid.
func (d Date) Next() Date { return d.AddDays(1) }

// Prev returns the day before; before the first of the range it is invalid.
func (d Date) Prev() Date { return d.AddDays(-1) }

// AddMonths returns the day n months after d that keeps d's day of the month
// as its anchor; a month that lacks that day gives its last day. To keep the
// anchor over many months always count from the first date: 31 January plus
// two months is 31 March, never 28. Out of range, or if d is not a day, it is
// invalid.
func (d Date) AddMonths(n int) Date { return d.Month().Add(n).Day(d.Day()) }

// Ordinal returns the day's number on an unbroken count of days, for keys and
// encodings: 1 is 1 January [MinYear], 0 no date, -1 an invalid one.
func (d Date) Ordinal() int { return int(d.n) }

// String returns YYYY-MM-DD, "no date" or "invalid date".
func (d Date) String() string {
	switch {
	case d.IsZero():
		return "no date"
	case !d.Valid():
		return "invalid date"
	}
	var text [len(time.DateOnly)]byte
	return string(d.append(text[:0]))
}

// append adds the form YYYY-MM-DD of a day.
func (d Date) append(text []byte) []byte {
	year, month, day := civil(d.n)
	text = appendYearMonth(text, year, month)
	return append(text, '-', byte('0'+day/10), byte('0'+day%10))
}

// MarshalText writes YYYY-MM-DD, or nothing for the zero Date. An invalid Date
// is an error that matches [ErrDate].
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return []byte{}, nil
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return d.append(make([]byte, 0, len(time.DateOnly))), nil
}

// UnmarshalText reads what MarshalText wrote. Errors match [ErrDate] and leave
// d as it was.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	return d.read(text)
}

// read parses text that must be a day. It is clipped before it is converted.
func (d *Date) read(text []byte) error {
	read, err := ParseDate(string(text[:min(len(text), MaxDecimalText)]))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// Value stores YYYY-MM-DD, or NULL for the zero Date, for database/sql.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return d.String(), nil
}

// Scan reads NULL as the zero Date, text of the form YYYY-MM-DD, or a
// time.Time at midnight as drivers return for a date column. Errors match
// [ErrDate] and leave d as it was.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.read([]byte(v[:min(len(v), MaxDecimalText)]))
	case []byte:
		return d.read(v)
	case time.Time:
		if h, m, s := v.Clock(); h != 0 || m != 0 || s != 0 || v.Nanosecond() != 0 {
			return &DateError{Text: columnText(v), Reason: "has a time of day"}
		}
		read := DateOf(v)
		if !read.Valid() {
			return &DateError{Text: columnText(v), Reason: noSuchDay()}
		}
		*d = read
		return nil
	}
	return &DateError{Text: columnText(src), Reason: columnType(src)}
}

// DateError says which text is not a date and why. It matches [ErrDate].
type DateError struct {
	Text   string // what was given, clipped
	Reason string
}

// Error says which text is no date, and why, in one line.
func (e *DateError) Error() string {
	if e.Text == "" {
		return "ledger: not a date: " + e.Reason
	}
	return fmt.Sprintf("ledger: %q is not a date: %s", e.Text, e.Reason)
}

// Is reports whether target is [ErrDate].
func (e *DateError) Is(target error) bool { return target == ErrDate }
