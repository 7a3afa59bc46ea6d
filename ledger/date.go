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

var (
	dayZero = time.Date(MinYear-1, time.December, 31, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay
	lastDay = Date{int32(time.Date(MaxYear, time.December, 31, 0, 0, 0, 0, time.UTC).Unix()/secondsPerDay - dayZero)}
)

const secondsPerDay = 24 * 60 * 60

// On returns the given day. A day that does not exist (31 November) or lies
// outside the range is an invalid Date, which every operation refuses.
func On(year int, month time.Month, day int) Date {
	if year < MinYear || year > MaxYear || month < time.January || month > time.December ||
		day < 1 || day > daysIn(year, month) {
		return Date{notADay}
	}
	return Date{int32(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/secondsPerDay - dayZero)}
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
		return Date{}, &DateError{Text: text, Reason: "no such day"}
	}
	return d, nil
}

func number(digits string) int {
	n := 0
	for _, digit := range []byte(digits) {
		n = n*10 + int(digit-'0')
	}
	return n
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Valid reports whether d is a day of the calendar within the range.
func (d Date) Valid() bool { return d.n > 0 && d.n <= lastDay.n }

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
	return &DateError{Reason: fmt.Sprintf("no such day between %d and %d", MinYear, MaxYear)}
}

func (d Date) time() time.Time { return time.Unix((int64(d.n)+dayZero)*secondsPerDay, 0).UTC() }

// YMD returns year, month and day.
func (d Date) YMD() (int, time.Month, int) { return d.time().Date() }

// Year returns the year.
func (d Date) Year() int { return d.time().Year() }

// Day returns the day of the month.
func (d Date) Day() int { return d.time().Day() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

// Month returns the month d lies in.
func (d Date) Month() Month {
	if !d.Valid() {
		return Month{}
	}
	year, month, _ := d.YMD()
	return MonthOf(year, month)
}

// Before reports whether d is an earlier day than e.
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
// negative if e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.n - d.n) }

// AddDays returns the day n days after d (before it, if n is negative). Out of
// range it is invalid.
func (d Date) AddDays(n int) Date {
	sum := int64(d.n) + int64(n)
	if !d.Valid() || sum < 1 || sum > int64(lastDay.n) {
		return Date{notADay}
	}
	return Date{int32(sum)}
}

// Next returns the following day.
func (d Date) Next() Date { return d.AddDays(1) }

// Prev returns the day before.
func (d Date) Prev() Date { return d.AddDays(-1) }

// AddMonths returns the day n months after d that keeps d's day of the month
// as its anchor; a month that lacks that day gives its last day. To keep the
// anchor over many months always count from the first date: 31 January plus
// two months is 31 March, never 28.
func (d Date) AddMonths(n int) Date {
	if !d.Valid() {
		return Date{notADay}
	}
	return d.Month().Add(n).Day(d.Day())
}

// Ordinal returns the day's number on an unbroken count of days, for keys and
// encodings: 1 is 1 January [MinYear], 0 no date.
func (d Date) Ordinal() int { return int(d.n) }

// String returns YYYY-MM-DD, "no date" or "invalid date".
func (d Date) String() string {
	switch {
	case d.IsZero():
		return "no date"
	case !d.Valid():
		return "invalid date"
	}
	return d.time().Format(time.DateOnly)
}

// MarshalText writes YYYY-MM-DD, or nothing for the zero Date.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return []byte{}, nil
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
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

// Scan reads NULL, text of the form YYYY-MM-DD, or a time.Time at midnight as
// drivers return for a date column.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		if h, m, s := v.Clock(); h != 0 || m != 0 || s != 0 || v.Nanosecond() != 0 {
			return &DateError{Text: v.String(), Reason: "has a time of day"}
		}
		read := DateOf(v)
		if err := read.Err(); err != nil {
			return err
		}
		*d = read
		return nil
	}
	return &DateError{Text: clip(fmt.Sprint(src)), Reason: fmt.Sprintf("a database column of type %T", src)}
}

// DateError says which text is not a date and why. It matches [ErrDate].
type DateError struct {
	Text   string
	Reason string
}

func (e *DateError) Error() string {
	if e.Text == "" {
		return "ledger: not a date: " + e.Reason
	}
	return fmt.Sprintf("ledger: %q is not a date: %s", e.Text, e.Reason)
}

// Is reports whether target is [ErrDate].
func (e *DateError) Is(target error) bool { return target == ErrDate }
