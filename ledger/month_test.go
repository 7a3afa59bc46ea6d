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
	firstMonth = ledger.MonthOf(ledger.MinYear, time.January)
	lastMonth  = ledger.MonthOf(ledger.MaxYear, time.December)
	nov2026    = ledger.MonthOf(2026, time.November)
	noMonth    = ledger.MonthOf(2026, 13)
)

func TestMonthOf(t *testing.T) {
	for _, c := range []struct {
		name  string
		year  int
		month time.Month
		valid bool
	}{
		{name: "first", year: 1900, month: 1, valid: true},
		{name: "one before", year: 1899, month: 12},
		{name: "last", year: 9999, month: 12, valid: true},
		{name: "one after", year: 10000, month: 1},
		{name: "month 0", year: 2026},
		{name: "month 13", year: 2026, month: 13},
		{name: "extremes", year: math.MaxInt, month: math.MinInt},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := ledger.MonthOf(c.year, c.month)
			require.Equal(t, c.valid, m.Valid())
			require.False(t, m.IsZero())
			if !c.valid {
				require.EqualError(t, m.Err(), "ledger: not a date: no such month between 1900 and 9999")
				require.ErrorIs(t, m.Err(), ledger.ErrDate)
				return
			}
			require.NoError(t, m.Err())
			year, month := m.YearMonth()
			require.Equal(t, c.year, year)
			require.Equal(t, c.month, month)
		})
	}
}

func TestMonthDays(t *testing.T) {
	for _, c := range []struct {
		month ledger.Month
		days  int
	}{
		{month: ledger.MonthOf(2026, time.February), days: 28},
		{month: ledger.MonthOf(2024, time.February), days: 29},
		{month: ledger.MonthOf(1900, time.February), days: 28},
		{month: ledger.MonthOf(2000, time.February), days: 29},
		{month: nov2026, days: 30},
		{month: lastMonth, days: 31},
	} {
		t.Run(c.month.String(), func(t *testing.T) {
			require.Equal(t, c.days, c.month.Days())
			require.Equal(t, 1, c.month.First().Day())
			require.Equal(t, c.days, c.month.Last().Day())
			require.Equal(t, c.month, c.month.Last().Month())
			require.Equal(t, c.month.Last(), c.month.Day(31))
			require.Equal(t, c.month.First().AddDays(14), c.month.Day(15))
			for _, anchor := range []int{math.MinInt, -1, 0, 32, math.MaxInt} {
				require.False(t, c.month.Day(anchor).Valid(), "day %d", anchor)
			}
		})
	}
	require.Equal(t, lastDay, lastMonth.Last())
	require.Equal(t, firstDay, firstMonth.First())
}

func TestMonthArithmetic(t *testing.T) {
	const all = (ledger.MaxYear-ledger.MinYear+1)*12 - 1
	for _, c := range []struct {
		name string
		from ledger.Month
		add  int
		want string
	}{
		{name: "over the year", from: nov2026, add: 2, want: "2027-01"},
		{name: "back", from: nov2026, add: -11, want: "2025-12"},
		{name: "to the last", from: firstMonth, add: all, want: "9999-12"},
		{name: "one beyond", from: firstMonth, add: all + 1, want: "invalid month"},
		{name: "to the first", from: lastMonth, add: -all, want: "1900-01"},
		{name: "one before", from: lastMonth, add: -all - 1, want: "invalid month"},
		{name: "most", from: nov2026, add: math.MaxInt, want: "invalid month"},
		{name: "least", from: nov2026, add: math.MinInt, want: "invalid month"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.from.Add(c.add)
			require.Equal(t, c.want, got.String())
			if got.Valid() {
				require.Equal(t, c.add, c.from.MonthsUntil(got))
			}
		})
	}
	require.Equal(t, nov2026, nov2026.Next().Prev())
	require.True(t, nov2026.Before(nov2026.Next()) && nov2026.Next().After(nov2026) && !nov2026.Before(nov2026) && !nov2026.After(nov2026))
}

func TestWhatIsNotAMonth(t *testing.T) {
	for text, m := range map[string]ledger.Month{"no month": {}, "invalid month": noMonth} {
		require.Equal(t, text, m.String())
		require.ErrorIs(t, m.Err(), ledger.ErrDate)
		year, month := m.YearMonth()
		require.Zero(t, year+int(month)+m.Days()+m.MonthsUntil(nov2026)+nov2026.MonthsUntil(m))
		require.False(t, m.First().Valid() || m.Last().Valid() || m.Add(1).Valid())
		require.True(t, m.Before(firstMonth))
	}
}

func TestParseMonth(t *testing.T) {
	const form, none = "not of the form YYYY-MM", "no such month between 1900 and 9999"
	for _, c := range []struct {
		name string
		text string
		want ledger.Month
		why  string
	}{
		{name: "month", text: "2026-11", want: nov2026},
		{name: "first", text: "1900-01", want: firstMonth},
		{name: "last", text: "9999-12", want: lastMonth},
		{name: "before the first", text: "1899-12", why: none},
		{name: "month 13", text: "2026-13", why: none},
		{name: "month 0", text: "2026-00", why: none},
		{name: "empty", text: "", why: form},
		{name: "short", text: "2026-1", why: form},
		{name: "a day", text: "2026-11-01", why: form},
		{name: "other separator", text: "2026/11", why: form},
		{name: "sign", text: "2026--1", why: form},
		{name: "long", text: strings.Repeat("9", 1_000_000), why: form},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ledger.ParseMonth(c.text)
			if c.why != "" {
				var fault *ledger.DateError
				require.ErrorAs(t, err, &fault)
				require.Equal(t, c.why, fault.Reason)
				require.LessOrEqual(t, len(fault.Text), 43)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			require.Equal(t, c.text, got.String())
		})
	}
}

func TestMonthJSON(t *testing.T) {
	for text, m := range map[string]ledger.Month{`"2026-11"`: nov2026, `""`: {}} {
		got, err := json.Marshal(m)
		require.NoError(t, err)
		require.Equal(t, text, string(got))
		back := lastMonth
		require.NoError(t, json.Unmarshal(got, &back))
		require.Equal(t, m, back)
	}
	kept := nov2026
	require.ErrorIs(t, json.Unmarshal([]byte(`"2026-13"`), &kept), ledger.ErrDate)
	require.Equal(t, nov2026, kept)
	_, err := json.Marshal(noMonth)
	require.ErrorIs(t, err, ledger.ErrDate)
}

func ExampleMonth_Day() {
	february := ledger.MonthOf(2026, time.February)
	fmt.Println(february.First(), february.Day(31), february.Next().Day(31))
	// Output: 2026-02-01 2026-02-28 2026-03-31
}

func ExampleParseMonth() {
	m, err := ledger.ParseMonth("2024-02")
	fmt.Println(m.Days(), err)
	// Output: 29 <nil>
}
