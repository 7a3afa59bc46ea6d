package ledger_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// faults lists the messages of joined errors and requires each to be typed.
func faults(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, one := range joined.Unwrap() {
			lines = append(lines, faults(t, one)...)
		}
		return lines
	}
	var fault *ledger.ChartError
	require.ErrorAs(t, err, &fault)
	require.ErrorIs(t, err, ledger.ErrChart)
	return []string{err.Error()}
}

func cash(code string) ledger.Account {
	return ledger.Account{Code: code, Name: "Kas", NameEn: "Cash", Kind: ledger.Asset, Normal: ledger.DebitSide}
}

func TestChartValidate(t *testing.T) {
	longest := strings.Repeat("1", ledger.MaxCode)
	with := func(change func(*ledger.Account)) ledger.Chart {
		a := cash("101")
		change(&a)
		return ledger.Chart{a}
	}
	const kinds = "want one of: asset, liability, syirkah, equity, income, expense, zakat, benevolent, memorandum"
	for _, c := range []struct {
		name  string
		chart ledger.Chart
		want  []string
	}{
		{name: "two accounts", chart: ledger.Chart{cash("101"), cash("102")}},
		{name: "longest code", chart: ledger.Chart{cash(longest)}},
		{name: "longest names", chart: with(func(a *ledger.Account) {
			a.Name, a.NameEn = strings.Repeat("x", ledger.MaxText), strings.Repeat("é", ledger.MaxText/2)
		})},
		{name: "a space inside a code", chart: ledger.Chart{cash("1 01")}},
		{name: "nothing", want: []string{"ledger: chart has no accounts"}},
		{name: "no code", chart: ledger.Chart{cash("")}, want: []string{"ledger: chart line 1: code: is missing"}},
		{name: "two without a code are each missing one", chart: ledger.Chart{cash(""), cash("")},
			want: []string{"ledger: chart line 1: code: is missing", "ledger: chart line 2: code: is missing"}},
		{name: "code one byte too long", chart: ledger.Chart{cash(longest + "1")},
			want: []string{`ledger: chart line 1: account "` + longest + `...": code: has 41 bytes, more than 40`}},
		{name: "code twice", chart: ledger.Chart{cash("101"), cash("102"), cash("101"), cash("101")}, want: []string{
			`ledger: chart line 3: account "101": code: is used by line 1 already`,
			`ledger: chart line 4: account "101": code: is used by line 1 already`,
		}},
		{name: "code not UTF-8", chart: ledger.Chart{cash("1\xff")}, want: []string{`ledger: chart line 1: account "1\xff": code: is not valid UTF-8`}},
		{name: "line end in a code", chart: ledger.Chart{cash("1\n0")}, want: []string{`ledger: chart line 1: account "1\n0": code: has a control character (U+000A)`}},
		{name: "space behind a code", chart: ledger.Chart{cash("101 ")}, want: []string{`ledger: chart line 1: account "101 ": code: begins or ends with a space`}},
		{name: "invisible character in a code", chart: ledger.Chart{cash("10\u200b1")}, want: []string{`ledger: chart line 1: account "10\u200b1": code: has an invisible character (U+200B)`}},
		{name: "name one byte too long", chart: with(func(a *ledger.Account) { a.Name = strings.Repeat("x", ledger.MaxText+1) }),
			want: []string{`ledger: chart line 1: account "101": name: has 1001 bytes, more than 1000`}},
		{name: "tab in a name", chart: with(func(a *ledger.Account) { a.NameEn = "a\tb" }),
			want: []string{`ledger: chart line 1: account "101": name_en: has a control character (U+0009)`}},
		{name: "no kind, no side", chart: with(func(a *ledger.Account) { a.Kind, a.Normal = 0, 0 }), want: []string{
			`ledger: chart line 1: account "101": kind: unknown account kind "account kind(0)", ` + kinds,
			`ledger: chart line 1: account "101": normal: unknown side "side(0)", want one of: debit, credit`,
		}},
		{name: "header with subs", chart: with(func(a *ledger.Account) { a.Header, a.Control = true, true }),
			want: []string{`ledger: chart line 1: account "101": sub: is not for a header, which takes no lines`}},
		{name: "all at once", chart: ledger.Chart{{Code: "1\x00", Name: "\xff", NameEn: "\x7f", Header: true, Control: true}, cash("2"), cash("2")}, want: []string{
			`ledger: chart line 1: account "1\x00": code: has a control character (U+0000)`,
			`ledger: chart line 1: account "1\x00": name: is not valid UTF-8`,
			`ledger: chart line 1: account "1\x00": name_en: has a control character (U+007F)`,
			`ledger: chart line 1: account "1\x00": sub: is not for a header, which takes no lines`,
			`ledger: chart line 1: account "1\x00": kind: unknown account kind "account kind(0)", ` + kinds,
			`ledger: chart line 1: account "1\x00": normal: unknown side "side(0)", want one of: debit, credit`,
			`ledger: chart line 3: account "2": code: is used by line 2 already`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, faults(t, c.chart.Validate()))
		})
	}
}

func TestChartValidateAtTheLimit(t *testing.T) {
	chart := make(ledger.Chart, ledger.MaxChartAccounts)
	for i := range chart {
		chart[i] = cash(fmt.Sprintf("%06d", i))
	}
	require.NoError(t, chart.Validate())
	chart = append(chart, cash("one more"))
	require.Equal(t, []string{"ledger: chart has more than 100000 accounts"}, faults(t, chart.Validate()))
}

func TestAccountValidate(t *testing.T) {
	require.NoError(t, cash("101").Validate())
	bad := cash("")
	bad.Kind = 0
	require.Equal(t, []string{
		"ledger: chart: code: is missing",
		`ledger: chart: kind: unknown account kind "account kind(0)", want one of: asset, liability, syirkah, equity, income, expense, zakat, benevolent, memorandum`,
	}, faults(t, bad.Validate()))
}

func TestReadChart(t *testing.T) {
	const kinds = "want one of: asset, liability, syirkah, equity, income, expense, zakat, benevolent, memorandum"
	for _, c := range []struct {
		name string
		csv  string
		want ledger.Chart
		bad  []string
	}{
		{
			name: "columns in any order, with a mark of order and others between",
			csv:  "\ufeffsub,remark,normal,kind,name,code\nno,x,debit,asset,Kas,101\nyes,,credit,syirkah,\"Simpanan, umum\",301\n,,credit,asset,Margin,112\n",
			want: ledger.Chart{
				{Code: "101", Name: "Kas", Kind: ledger.Asset, Normal: ledger.DebitSide},
				{Code: "301", Name: "Simpanan, umum", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
				{Code: "112", Name: "Margin", Kind: ledger.Asset, Normal: ledger.CreditSide},
			},
		},
		{name: "empty", bad: []string{
			"ledger: chart line 1: code: is missing from the columns", "ledger: chart line 1: name: is missing from the columns",
			"ledger: chart line 1: kind: is missing from the columns", "ledger: chart line 1: normal: is missing from the columns",
			"ledger: chart line 1: sub: is missing from the columns",
		}},
		{name: "a column missing, one twice", csv: "code,name,name_id,kind,normal\n", bad: []string{
			"ledger: chart line 1: name: is a column twice", "ledger: chart line 1: sub: is missing from the columns",
		}},
		{name: "a column that does not print, twice", csv: "code,name,kind,normal,sub,\x1b[2J,\x1b[2J\n", bad: []string{`ledger: chart line 1: "\x1b[2J": is a column twice`}},
		{name: "no accounts", csv: "code,name,kind,normal,sub\n", bad: []string{"ledger: chart has no accounts"}},
		{name: "all faults with their lines", csv: "code,name,kind,normal,sub\n101,Kas,cash,kanan,no\n\n101,\"two\nlines\",asset,debit,no\n103,Kas,asset\n104,Kas,asset,debit,no\n104,Kas,asset,debit,no\n", bad: []string{
			`ledger: chart line 2: account "101": kind: unknown account kind "cash", ` + kinds,
			`ledger: chart line 2: account "101": normal: unknown side "kanan", want one of: debit, credit`,
			`ledger: chart line 4: account "101": name: has a control character (U+000A)`,
			`ledger: chart line 4: account "101": code: is used by line 2 already`,
			"ledger: chart line 6: has 3 columns, the header has 5",
			`ledger: chart line 8: account "104": code: is used by line 7 already`,
		}},
		{name: "a quote that never ends", csv: "code,name,kind,normal,sub\n101,Kas,cash,debit,no\n102,\"Kas,asset,debit,no\n", bad: []string{
			`ledger: chart line 2: account "101": kind: unknown account kind "cash", ` + kinds,
			`ledger: chart line 3: is not CSV: extraneous or missing " in quoted-field`,
		}},
		{name: "a quote in the header", csv: "co\"de\n", bad: []string{`ledger: chart line 1: is not CSV: bare " in non-quoted-field`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			chart, err := ledger.ReadChart(strings.NewReader(c.csv))
			require.Equal(t, c.bad, faults(t, err))
			require.Equal(t, c.want, chart)
		})
	}
}

func TestReadChartAtTheLimits(t *testing.T) {
	const header = "code,name,kind,normal,sub,remark\n"
	const row = "101,Kas,asset,debit,no,"
	fits := header + row + strings.Repeat("x", ledger.MaxChartText-len(header)-len(row)-1) + "\n"
	require.Len(t, fits, ledger.MaxChartText)
	chart, err := ledger.ReadChart(strings.NewReader(fits))
	require.NoError(t, err)
	require.Len(t, chart, 1)
	_, err = ledger.ReadChart(strings.NewReader(fits + "\n"))
	require.Equal(t, []string{"ledger: chart is longer than 33554432 bytes"}, faults(t, err))

	var many strings.Builder
	many.WriteString("code,name,kind,normal,sub\n")
	for i := range ledger.MaxChartAccounts {
		fmt.Fprintf(&many, "%d,Kas,asset,debit,\n", i)
	}
	chart, err = ledger.ReadChart(strings.NewReader(many.String()))
	require.NoError(t, err)
	require.Len(t, chart, ledger.MaxChartAccounts)
	_, err = ledger.ReadChart(strings.NewReader(many.String() + "more,Kas,asset,debit,\n"))
	require.Equal(t, []string{"ledger: chart has more than 100000 accounts"}, faults(t, err))
}

func TestReadChartFailingReader(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, start := range []string{"", "code,name,kind,normal,sub\n"} {
		_, err := ledger.ReadChart(io.MultiReader(strings.NewReader(start), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
		require.NotErrorIs(t, err, ledger.ErrChart)
	}
}

func TestStandardChart(t *testing.T) {
	chart := ledger.StandardChart()
	require.Len(t, chart, 229)
	require.NoError(t, chart.Validate())

	rows, err := csv.NewReader(strings.NewReader(string(ledger.StandardChartCSV()))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"code", "name_id", "name_en", "kind", "normal", "contra", "sub", "statement_line", "juknis15_line"}, rows[0])
	seen := map[string]bool{}
	for i, row := range rows[1:] {
		a := chart[i]
		require.False(t, seen[a.Code], a.Code)
		seen[a.Code] = true
		require.Equal(t, row[:5], []string{a.Code, a.Name, a.NameEn, a.Kind.String(), a.Normal.String()})
		require.True(t, a.Kind.Valid(), a.Code)
		require.Equal(t, row[5] == "yes", a.Contra(), "a contra account stands on the other side: %s", a.Code)
		require.Equal(t, row[6] != "", a.Control, a.Code)
		require.NotEmpty(t, row[7], "no statement line: %s", a.Code)
		require.False(t, a.Header || a.Retired, a.Code)
		if i > 0 {
			require.Greater(t, a.Code, chart[i-1].Code, "not in order of code")
		}
	}
	golden(t, "standard_chart.golden.txt", listing(chart))
}

// listing prints a chart as a bookkeeper reads it: contra accounts marked by
// (-), control accounts by *.
func listing(chart ledger.Chart) string {
	var b strings.Builder
	var kind ledger.Kind
	for _, a := range chart {
		if a.Kind != kind {
			kind = a.Kind
			fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(kind.String()))
		}
		mark := ""
		if a.Contra() {
			mark += " (-)"
		}
		if a.Control {
			mark += " *"
		}
		fmt.Fprintf(&b, "  %s %-6s %s%s\n               %s\n", a.Code, a.Normal, a.Name, mark, a.NameEn)
	}
	return strings.TrimPrefix(b.String(), "\n")
}

func TestStandardChartIsFreshEachTime(t *testing.T) {
	first, text := ledger.StandardChart(), ledger.StandardChartCSV()
	first[0].Code, text[0] = "changed", 'X'
	require.Equal(t, "10101", ledger.StandardChart()[0].Code)
	require.Equal(t, byte('c'), ledger.StandardChartCSV()[0])
}

func TestBrokenStandardChartPanics(t *testing.T) {
	require.PanicsWithValue(t, "ledger: the standard chart is broken: ledger: chart has no accounts", func() {
		ledger.MustChart("code,name,kind,normal,sub\n")
	})
}

func ExampleStandardChart() {
	chart := ledger.StandardChart()
	margin, _ := chart.Account("11102")
	fmt.Println(len(chart), margin.Name, margin.Normal, margin.Contra(), margin.Control)
	_, found := chart.Account("00000")
	fmt.Println(found)
	// Output:
	// 229 Margin Murabahah Ditangguhkan credit true true
	// false
}

func ExampleReadChart() {
	_, err := ledger.ReadChart(strings.NewReader("code,name,kind,normal,sub\n101,Kas,cash,debit,no\n101,Bank,asset,left,no\n"))
	var fault *ledger.ChartError
	fmt.Println(errors.As(err, &fault), fault.Line, fault.Field)
	fmt.Println(err)
	// Output:
	// true 2 kind
	// ledger: chart line 2: account "101": kind: unknown account kind "cash", want one of: asset, liability, syirkah, equity, income, expense, zakat, benevolent, memorandum
	// ledger: chart line 3: account "101": normal: unknown side "left", want one of: debit, credit
	// ledger: chart line 3: account "101": code: is used by line 2 already
}

func BenchmarkStandardChart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = ledger.StandardChart()
	}
}
