package ledger_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

var (
	firstDay = ledger.On(ledger.MinYear, time.January, 1)
	lastDay  = ledger.On(ledger.MaxYear, time.December, 31)
	november = ledger.On(2026, time.November, 23)
	noSuch   = ledger.On(2026, time.November, 31)
)

// Every day of the range, counted one by one, is the day the standard library
// says it is.
func TestEveryDay(t *testing.T) {
	day := firstDay
	for at := time.Date(ledger.MinYear, time.January, 1, 0, 0, 0, 0, time.UTC); at.Year() <= ledger.MaxYear; at = at.AddDate(0, 0, 1) {
		year, month, n := at.Date()
		gotYear, gotMonth, gotDay := day.YMD()
		if gotYear != year || gotMonth != month || gotDay != n || day != ledger.On(year, month, n) || day.Weekday() != at.Weekday() {
			require.Failf(t, "days differ", "%s %s, want %s %s", day, day.Weekday(), at.Format(time.DateOnly), at.Weekday())
		}
		if n == 1 && day != day.Month().First() || day.Next().Day() == 1 && day != day.Month().Last() {
			require.Failf(t, "month's ends differ", "%s", day)
		}
		day = day.Next()
	}
	require.Equal(t, lastDay, ledger.On(2026, time.January, 1).AddDays(lastDay.Ordinal()-ledger.On(2026, time.January, 1).Ordinal()))
	require.Error(t, day.Err(), "the day after the last is no day")
}

func TestOn(t *testing.T) {
	for _, c := range []struct {
		name  string
		year  int
		month time.Month
		day   int
		valid bool
	}{
		{name: "first", year: 1900, month: 1, day: 1, valid: true},
		{name: "one before", year: 1899, month: 12, day: 31},
		{name: "last", year: 9999, month: 12, day: 31, valid: true},
		{name: "one after", year: 10000, month: 1, day: 1},
		{name: "leap day", year: 2024, month: 2, day: 29, valid: true},
		{name: "leap day of 2000", year: 2000, month: 2, day: 29, valid: true},
		{name: "no leap day", year: 2026, month: 2, day: 29},
		{name: "no leap day in 1900", year: 1900, month: 2, day: 29},
		{name: "no leap day in 2100", year: 2100, month: 2, day: 29},
		{name: "31 November", year: 2026, month: 11, day: 31},
		{name: "day 0", year: 2026, month: 11},
		{name: "day -1", year: 2026, month: 11, day: -1},
		{name: "day 32", year: 2026, month: 12, day: 32},
		{name: "month 0", year: 2026, day: 1},
		{name: "month 13", year: 2026, month: 13, day: 1},
		{name: "extremes", year: math.MaxInt, month: math.MaxInt, day: math.MaxInt},
		{name: "other extremes", year: math.MinInt, month: math.MinInt, day: math.MinInt},
		{name: "day that wraps 32 bits", year: 2026, month: 11, day: 1<<32 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := ledger.On(c.year, c.month, c.day)
			require.Equal(t, c.valid, d.Valid())
			require.False(t, d.IsZero())
			if !c.valid {
				require.EqualError(t, d.Err(), "ledger: not a date: no such day between 1900 and 9999")
				require.ErrorIs(t, d.Err(), ledger.ErrDate)
				return
			}
			require.NoError(t, d.Err())
			require.Equal(t, fmt.Sprintf("%04d-%02d-%02d", c.year, c.month, c.day), d.String())
		})
	}
}

func TestParseDate(t *testing.T) {
	const form, none = "not of the form YYYY-MM-DD", "no such day between 1900 and 9999"
	for _, c := range []struct {
		name string
		text string
		want ledger.Date
		why  string
	}{
		{name: "day", text: "2026-11-23", want: november},
		{name: "first", text: "1900-01-01", want: firstDay},
		{name: "last", text: "9999-12-31", want: lastDay},
		{name: "before the first", text: "1899-12-31", why: none},
		{name: "year 0", text: "0000-01-01", why: none},
		{name: "year of five digits", text: "10000-01-01", why: form},
		{name: "31 November", text: "2026-11-31", why: none},
		{name: "month 13", text: "2026-13-01", why: none},
		{name: "day 0", text: "2026-11-00", why: none},
		{name: "empty", text: "", why: form},
		{name: "short month", text: "2026-1-23", why: form},
		{name: "slashes", text: "2026/11/23", why: form},
		{name: "day first", text: "23-11-2026", why: form},
		{name: "with a time", text: "2026-11-23T00:00:00Z", why: form},
		{name: "space behind", text: "2026-11-23 ", why: form},
		{name: "sign", text: "2026-11--3", why: form},
		{name: "plus", text: "+026-11-23", why: form},
		{name: "letters", text: "2026-Nov-3", why: form},
		{name: "long", text: strings.Repeat("2026-11-23", 100_000), why: form},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ledger.ParseDate(c.text)
			held := november
			heldErr := held.UnmarshalText([]byte(c.text))
			if c.why != "" {
				var fault *ledger.DateError
				require.ErrorAs(t, err, &fault)
				require.ErrorIs(t, err, ledger.ErrDate)
				require.Equal(t, c.why, fault.Reason)
				require.LessOrEqual(t, len(fault.Text), 43)
				require.True(t, got.IsZero())
				if c.text != "" {
					require.Equal(t, err, heldErr)
					require.Equal(t, november, held)
				}
				return
			}
			require.NoError(t, err)
			require.NoError(t, heldErr)
			require.Equal(t, c.want, got)
			require.Equal(t, c.want, held)
			require.Equal(t, c.text, got.String())
		})
	}
}

func TestWhatIsNotADay(t *testing.T) {
	var none ledger.Date
	for _, c := range []struct {
		name string
		date ledger.Date
		text string
		err  string
	}{
		{name: "zero", date: none, text: "no date", err: "ledger: not a date: missing"},
		{name: "invalid", date: noSuch, text: "invalid date", err: "ledger: not a date: no such day between 1900 and 9999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.text, c.date.String())
			require.EqualError(t, c.date.Err(), c.err)
			year, month, day := c.date.YMD()
			require.Zero(t, year+int(month)+day+c.date.Year()+c.date.Day())
			require.Equal(t, ledger.Month{}, c.date.Month())
			require.Zero(t, c.date.DaysUntil(november))
			require.Zero(t, november.DaysUntil(c.date))
			require.False(t, c.date.AddDays(0).Valid())
			require.False(t, c.date.AddDays(1).Valid())
			require.False(t, c.date.AddMonths(1).Valid())
			require.True(t, c.date.Before(firstDay))
			require.Less(t, c.date.Ordinal(), 1)
			_ = c.date.Weekday()
		})
	}
}

func TestAddDays(t *testing.T) {
	for _, c := range []struct {
		name string
		from ledger.Date
		days int
		want string
	}{
		{name: "over a month's end", from: november, days: 8, want: "2026-12-01"},
		{name: "back over a leap day", from: ledger.On(2024, time.March, 1), days: -1, want: "2024-02-29"},
		{name: "nothing", from: november, want: "2026-11-23"},
		{name: "to the last", from: firstDay, days: lastDay.Ordinal() - 1, want: "9999-12-31"},
		{name: "to the first", from: lastDay, days: 1 - lastDay.Ordinal(), want: "1900-01-01"},
		{name: "one beyond the last", from: lastDay, days: 1, want: "invalid date"},
		{name: "one before the first", from: firstDay, days: -1, want: "invalid date"},
		{name: "to day zero", from: november, days: -november.Ordinal(), want: "invalid date"},
		{name: "most", from: lastDay, days: math.MaxInt, want: "invalid date"},
		{name: "least", from: firstDay, days: math.MinInt, want: "invalid date"},
		{name: "what wraps 32 bits", from: november, days: 1 << 32, want: "invalid date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.from.AddDays(c.days)
			require.Equal(t, c.want, got.String())
			if got.Valid() {
				require.Equal(t, c.days, c.from.DaysUntil(got))
				require.Equal(t, -c.days, got.DaysUntil(c.from))
			}
		})
	}
}

func TestAddMonths(t *testing.T) {
	end := ledger.On(2026, time.January, 31)
	for _, c := range []struct {
		name   string
		from   ledger.Date
		months int
		want   string
	}{
		{name: "a month that lacks the day", from: end, months: 1, want: "2026-02-28"},
		{name: "the anchor is kept", from: end, months: 2, want: "2026-03-31"},
		{name: "thirty days", from: end, months: 3, want: "2026-04-30"},
		{name: "a leap year", from: end, months: 25, want: "2028-02-29"},
		{name: "leap day to a common year", from: ledger.On(2024, time.February, 29), months: 12, want: "2025-02-28"},
		{name: "leap day to the next", from: ledger.On(2024, time.February, 29), months: 48, want: "2028-02-29"},
		{name: "back", from: ledger.On(2026, time.March, 31), months: -1, want: "2026-02-28"},
		{name: "back over a year's start", from: end, months: -1, want: "2025-12-31"},
		{name: "none", from: end, want: "2026-01-31"},
		{name: "to the last month", from: firstDay, months: 8100*12 - 1, want: "9999-12-01"},
		{name: "one beyond", from: firstDay, months: 8100 * 12, want: "invalid date"},
		{name: "one before", from: firstDay, months: -1, want: "invalid date"},
		{name: "most", from: november, months: math.MaxInt, want: "invalid date"},
		{name: "least", from: november, months: math.MinInt, want: "invalid date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, c.from.AddMonths(c.months).String())
		})
	}
}

func TestDateOrder(t *testing.T) {
	earlier := november.Prev()
	require.True(t, earlier.Before(november) && november.After(earlier) && !november.Before(november) && !november.After(november))
	require.Equal(t, []int{-1, 0, 1}, []int{earlier.Cmp(november), november.Cmp(november), november.Cmp(earlier)})
	require.Equal(t, 1, firstDay.Ordinal())
	require.Equal(t, november, earlier.Next())
}

func TestDateOf(t *testing.T) {
	jakarta := time.FixedZone("WIB", 7*60*60)
	late := time.Date(2026, time.November, 22, 23, 0, 0, 0, time.UTC)
	require.Equal(t, november.Prev(), ledger.DateOf(late))
	require.Equal(t, november, ledger.DateOf(late.In(jakarta)))
	require.False(t, ledger.DateOf(time.Time{}).Valid(), "year 1 is out of range")
}

func TestDateJSON(t *testing.T) {
	type day struct {
		On ledger.Date `json:"on"`
	}
	for _, c := range []struct {
		name string
		date ledger.Date
		json string
	}{
		{name: "day", date: november, json: `{"on":"2026-11-23"}`},
		{name: "none", json: `{"on":""}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := json.Marshal(day{c.date})
			require.NoError(t, err)
			require.Equal(t, c.json, string(text))
			back := day{lastDay}
			require.NoError(t, json.Unmarshal(text, &back))
			require.Equal(t, c.date, back.On)
		})
	}
	_, err := json.Marshal(day{noSuch})
	require.ErrorIs(t, err, ledger.ErrDate)
	require.Error(t, json.Unmarshal([]byte(`{"on":20261123}`), &day{}))
	require.ErrorIs(t, json.Unmarshal([]byte(`{"on":"2026-11-31"}`), &day{}), ledger.ErrDate)
}

func TestDateInColumns(t *testing.T) {
	for _, c := range []struct {
		name  string
		src   any
		want  ledger.Date
		error string
	}{
		{name: "null", src: nil},
		{name: "text", src: "2026-11-23", want: november},
		{name: "bytes", src: []byte("2026-11-23"), want: november},
		{name: "midnight", src: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), want: november},
		{name: "midnight elsewhere", src: time.Date(2026, 11, 23, 0, 0, 0, 0, time.FixedZone("WIT", 9*60*60)), want: november},
		{name: "empty text", src: "", error: `ledger: not a date: not of the form YYYY-MM-DD`},
		{name: "empty bytes", src: []byte{}, error: `ledger: not a date: not of the form YYYY-MM-DD`},
		{name: "text with a time", src: "2026-11-23 00:00:00", error: `ledger: "2026-11-23 00:00:00" is not a date: not of the form YYYY-MM-DD`},
		{name: "a time of day", src: time.Date(2026, 11, 23, 0, 0, 0, 1, time.UTC), error: `ledger: "2026-11-23T00:00:00.000000001Z" is not a date: has a time of day`},
		{name: "a time before the range", src: time.Time{}, error: `ledger: "0001-01-01T00:00:00Z" is not a date: no such day between 1900 and 9999`},
		{name: "number", src: int64(20261123), error: `ledger: "20261123" is not a date: a database column of type int64`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := lastDay
			err := d.Scan(c.src)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, ledger.ErrDate)
				require.Equal(t, lastDay, d)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, d)
			value, err := d.Value()
			require.NoError(t, err)
			if d.IsZero() {
				require.Nil(t, value)
			} else {
				require.Equal(t, "2026-11-23", value)
			}
		})
	}
	_, err := noSuch.Value()
	require.ErrorIs(t, err, ledger.ErrDate)
}

func TestDateWithoutAllocation(t *testing.T) {
	days := 0
	require.Zero(t, testing.AllocsPerRun(100, func() {
		year, month, day := november.YMD()
		d := ledger.On(year, month, day).AddMonths(1).Next()
		days += november.DaysUntil(d) + d.Cmp(november) + d.Month().Days() + int(d.Weekday())
	}))
}

// What is read is what the standard library reads, within the range, and is
// written back as it was.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-11-23", "1900-01-01", "9999-12-31", "1899-12-31", "2026-11-31", "2024-02-29", "1900-02-29", "", "2026-11-2３"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ledger.ParseDate(text)
		want, wantErr := time.Parse(time.DateOnly, text)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrDate)
			require.False(t, wantErr == nil && want.Year() >= ledger.MinYear, "%q is a day", text)
			return
		}
		require.NoError(t, wantErr)
		require.Equal(t, ledger.DateOf(want), d)
		require.Equal(t, text, d.String())
	})
}

func ExampleOn() {
	fmt.Println(ledger.On(2026, time.November, 23))
	fmt.Println(ledger.On(2026, time.November, 31).Err())
	// Output:
	// 2026-11-23
	// ledger: not a date: no such day between 1900 and 9999
}

func ExampleParseDate() {
	d, err := ledger.ParseDate("2026-11-23")
	fmt.Println(d.Weekday(), err)
	_, err = ledger.ParseDate("23/11/2026")
	fmt.Println(err)
	// Output:
	// Monday <nil>
	// ledger: "23/11/2026" is not a date: not of the form YYYY-MM-DD
}

func ExampleDate_AddMonths() {
	first := ledger.On(2026, time.January, 31)
	for n := range 4 {
		fmt.Println(first.AddMonths(n))
	}
	// Output:
	// 2026-01-31
	// 2026-02-28
	// 2026-03-31
	// 2026-04-30
}

func BenchmarkDate(b *testing.B) {
	for _, c := range []struct {
		name string
		run  func()
	}{
		{name: "On", run: func() { _ = ledger.On(2026, time.November, 23) }},
		{name: "YMD", run: func() { _, _, _ = november.YMD() }},
		{name: "AddMonths", run: func() { _ = november.AddMonths(7) }},
		{name: "Parse", run: func() { _, _ = ledger.ParseDate("2026-11-23") }},
		{name: "String", run: func() { _ = november.String() }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.run()
			}
		})
	}
}
