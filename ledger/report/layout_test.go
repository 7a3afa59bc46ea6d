package report_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

// twoLines is a layout of one line on each side.
func twoLines() report.Layout {
	return report.Layout{
		Title: report.Label{ID: "NERACA"}, Covers: []ledger.Kind{ledger.Asset, ledger.Liability},
		Equal: [][2]string{{"left", "right"}},
		Items: []report.Item{
			{Key: "assets", Side: ledger.DebitSide, Select: report.Selector{Kinds: []ledger.Kind{ledger.Asset}}, Each: true, Level: 1},
			{Key: "left", Kind: report.Total, Side: ledger.DebitSide, Sum: []string{"assets"}},
			{Key: "liabilities", Side: ledger.CreditSide, Select: report.Selector{Codes: []report.Codes{{Prefix: "2"}}}, Label: report.Label{ID: "Liabilitas"}},
			{Key: "right", Kind: report.Total, Side: ledger.CreditSide, Sum: []string{"liabilities"}},
		},
	}
}

func figures(accounts ...report.AccountFigures) report.Figures {
	return report.Figures{Currency: ledger.IDR, Columns: []report.Column{{Key: "kini", Kind: report.Numbers}}, Accounts: accounts}
}

func figure(code string, kind ledger.Kind, minor ...int64) report.AccountFigures {
	f := report.AccountFigures{Account: ledger.Account{Code: code, Name: "Akun " + code, Kind: kind, Normal: kind.Side()}}
	for _, n := range minor {
		f.Balance = append(f.Balance, ledger.Minor(n))
	}
	return f
}

func TestFill(t *testing.T) {
	r, err := twoLines().Fill(figures(
		figure("101", ledger.Asset, 70), figure("102", ledger.Asset, 0), figure("103", ledger.Asset, 30), figure("201", ledger.Liability, -100)))
	require.NoError(t, err)
	var codes []string
	for _, row := range r.Rows {
		codes = append(codes, row.Cells[0].Words(report.Indonesian))
	}
	require.Equal(t, []string{"101", "103", "", "", ""}, codes)
	requireAmount(t, r, "assets", 0, 100)
	requireAmount(t, r, "left", 0, 100)
	requireAmount(t, r, "liabilities", 0, 100)
	_, found := r.Amount("left", 1)
	require.False(t, found)
	_, found = r.Amount("", 0)
	require.False(t, found)
	require.Empty(t, r.Alerts)
}

func TestFillRefuses(t *testing.T) {
	good := []report.AccountFigures{figure("101", ledger.Asset, 100), figure("201", ledger.Liability, -100)}
	for name, c := range map[string]struct {
		change   func(*report.Layout)
		accounts []report.AccountFigures
		want     error
		text     string
	}{
		"an account in no line": {
			accounts: append(good, figure("150", ledger.Liability, 5), figure("301", ledger.Syirkah, 5), figure("160", ledger.Liability)),
			want:     report.ErrCoverage, text: `report: layout "NERACA": no line for 150`,
		},
		"an account in two lines": {
			change: func(l *report.Layout) { l.Items[2].Select.Codes[0].Prefix = "" },
			accounts: append(good, func() report.AccountFigures {
				f := figure("101", ledger.Asset)
				return f
			}()),
			want: report.ErrCoverage, text: `report: layout "NERACA": no line for 201`,
		},
		"doubled even without an amount": {
			accounts: append(good, figure("299", ledger.Asset)),
			want:     report.ErrCoverage, text: `report: layout "NERACA": more than one line for 299`,
		},
		"a position that does not balance": {
			accounts: []report.AccountFigures{figure("101", ledger.Asset, 100_00), figure("201", ledger.Liability, -75_50)},
			want:     report.ErrUnbalanced, text: "report: NERACA, kini: left is 100.00 and right is 75.50, a difference of 24.50",
		},
		"an amount that does not fit": {
			accounts: []report.AccountFigures{figure("101", ledger.Asset, ledger.MaxMoney), figure("102", ledger.Asset, ledger.MaxMoney)},
			want:     ledger.ErrMoney,
		},
	} {
		t.Run(name, func(t *testing.T) {
			layout := twoLines()
			if c.change != nil {
				c.change(&layout)
			}
			r, err := layout.Fill(figures(c.accounts...))
			require.ErrorIs(t, err, c.want)
			if c.text != "" {
				require.EqualError(t, err, c.text)
			}
			if errors.Is(err, report.ErrUnbalanced) { // shown, and loudly
				require.Contains(t, text(t, r), "*** TIDAK SEIMBANG (kini): selisih 24,50 ***")
				require.Contains(t, html(t, report.English, r), "DOES NOT BALANCE (kini): difference 24,50")
				return
			}
			require.Empty(t, r.Rows)
		})
	}
	_, err := twoLines().Fill(report.Figures{})
	require.ErrorIs(t, err, report.ErrRequest)
}

// A layout whose total forgets a line is found by the book's own figures.
func TestTotalThatForgetsALine(t *testing.T) {
	layout := report.PositionByKind()
	for i := range layout.Items {
		if layout.Items[i].Key == "liabilities_and_funds" {
			layout.Items[i].Sum = []string{"liabilities", "benevolent_fund"}
		}
	}
	view(t, smallBook(t), func(tx *ledger.Tx) {
		r, err := report.Statement(tx, report.Request{Layout: layout, Periods: []report.Period{beforeClosing}})
		var fault *report.UnbalancedError
		require.ErrorAs(t, err, &fault)
		require.Equal(t, ledger.IDR.Of(20_000), fault.Difference())
		require.Len(t, r.Alerts, 1)
		require.Contains(t, text(t, r), "Per 31 Desember 2025")
	})
}

// An account that the tenant added is missing in a layout by codes, and the
// error says which.
func TestAddedAccount(t *testing.T) {
	book, _ := yearBook(t)
	require.NoError(t, book.Update(t.Context(), func(tx *ledger.Tx) error {
		_, err := tx.Post(ledger.Entry{Key: "x", Date: yearEnd, Memo: "x", Lines: []ledger.Line{
			ledger.Debit("10101", ledger.IDR.Of(1)), ledger.Credit("50599", ledger.IDR.Of(1))}})
		return err
	}))
	places := report.StandardPlaces()
	places["pendapatan_nonusaha"] = nil
	view(t, book, func(tx *ledger.Tx) {
		_, err := report.Statement(tx, report.Request{Layout: report.IncomePSAK401(places), Periods: []report.Period{wholeYear}})
		var fault *report.CoverageError
		require.ErrorAs(t, err, &fault)
		require.Equal(t, []string{"50599"}, fault.Missing)
	})
}

// Every account of the standard chart has exactly one place in its layouts,
// also those that carry nothing yet.
func TestStandardLayoutsCoverTheStandardChart(t *testing.T) {
	places := report.StandardPlaces()
	for _, layout := range []report.Layout{
		report.PositionPSAK401(places), report.PositionByKind(), report.IncomePSAK401(places), report.IncomeByKind(), report.ZakatFund(), report.BenevolentFund(),
	} {
		var all []report.AccountFigures
		for _, account := range ledger.StandardChart() {
			one := []ledger.Money{ledger.Minor(1)}
			all = append(all, report.AccountFigures{Account: account, Balance: one, Movement: one, Opening: one})
		}
		_, err := layout.Fill(figures(all...))
		if err != nil { // only because one each of unequal many cannot balance
			require.ErrorIs(t, err, report.ErrUnbalanced)
		}
	}
}

func TestLayoutFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*report.Layout)
		text   string
	}{
		"no items":        {func(l *report.Layout) { l.Items, l.Equal = nil, nil }, `report: layout "NERACA": has no items`},
		"too many items":  {func(l *report.Layout) { l.Items = make([]report.Item, report.MaxItems+1) }, "has more than 1000 items"},
		"level":           {func(l *report.Layout) { l.Items[0].Level = 10 }, `item 1 "assets": its level 10 is not 0 to 9`},
		"negative level":  {func(l *report.Layout) { l.Items[0].Level = -1 }, "its level -1 is not 0 to 9"},
		"kind of row":     {func(l *report.Layout) { l.Items[1].Kind = 77 }, "is no kind of row"},
		"no side":         {func(l *report.Layout) { l.Items[0].Side = 0 }, "does not say on which side it is positive"},
		"no key":          {func(l *report.Layout) { l.Items[2].Key = "" }, "has no key"},
		"key twice":       {func(l *report.Layout) { l.Items[2].Key = "assets" }, "its key is used twice"},
		"empty sum":       {func(l *report.Layout) { l.Items[1].Sum = nil }, "a total adds nothing up"},
		"later item":      {func(l *report.Layout) { l.Items[1].Sum = []string{"liabilities"} }, `adds up "liabilities", which is no earlier line or total`},
		"itself":          {func(l *report.Layout) { l.Items[1].Sum = []string{"left"} }, `adds up "left", which is no earlier line or total`},
		"sum twice":       {func(l *report.Layout) { l.Items[1].Sum = []string{"assets", "assets"} }, `adds up "assets" twice`},
		"select all":      {func(l *report.Layout) { l.Items[0].Select = report.Selector{Contra: report.OnlyContra} }, "selects every account"},
		"select no kind":  {func(l *report.Layout) { l.Items[0].Select.Kinds = []ledger.Kind{0} }, "which is no kind of account"},
		"select contra":   {func(l *report.Layout) { l.Items[0].Select.Contra = 9 }, "plain and contra"},
		"measure":         {func(l *report.Layout) { l.Items[0].Measure = 9 }, "does not say what it measures"},
		"mixed measures":  {func(l *report.Layout) { l.Items[0].Measure = report.Movement }, "measures a moment and others a span"},
		"covers":          {func(l *report.Layout) { l.Covers = []ledger.Kind{99} }, "which is no kind of account"},
		"equal to a line": {func(l *report.Layout) { l.Equal[0][1] = "liabilities" }, `"liabilities": must be equal to another total but is none`},
		"equal to none":   {func(l *report.Layout) { l.Equal[0][0] = "x" }, `"x": must be equal`},
	} {
		t.Run(name, func(t *testing.T) {
			layout := twoLines()
			c.change(&layout)
			err := layout.Validate()
			require.ErrorIs(t, err, report.ErrLayout)
			require.ErrorContains(t, err, c.text)
			_, err = layout.Fill(figures())
			require.ErrorIs(t, err, report.ErrLayout)
		})
	}
}

func TestSelector(t *testing.T) {
	plain := ledger.Account{Code: "1-10.2", Kind: ledger.Asset, Normal: ledger.DebitSide}
	contra := ledger.Account{Code: "1-10.3", Kind: ledger.Asset, Normal: ledger.CreditSide}
	places := report.Places{"kas": {report.Code("1-10.2")}, "kosong": nil}
	for _, c := range []struct {
		text          string
		plain, contra bool
	}{
		{"asset", true, true},
		{"asset liability", true, true},
		{"liability", false, false},
		{"asset plain", true, false},
		{"asset contra", false, true},
		{"1-10.2", true, false},
		{"1-10.*", true, true},
		{"1-10.3*", false, true},
		{"1-10.2..1-10.3", true, true},
		{"1-10.0..1-10.2", true, false},
		{"@kas", true, false},
		{"asset !@kas", false, true},
		{"asset !1-10.3", true, false},
		{"asset !1-*", false, false},
		{"@kosong", false, false},
		{"@tidak-ada", false, false},
		{"@tidak-ada 1-10.3", false, true},
		{"asset !@kosong", true, true},
		{"equity 1-10.2", false, false},
	} {
		layout, err := report.ReadLayout(strings.NewReader(layoutHead+"line,a,0,debit,,"+c.text+",,,\n"), places)
		require.NoError(t, err, c.text)
		require.Equal(t, c.plain, layout.Items[0].Select.Selects(plain), c.text)
		require.Equal(t, c.contra, layout.Items[0].Select.Selects(contra), c.text)
	}
}

const layoutHead = "row,key,level,side,measure,select,sum,label_id,label_en\n"

func TestReadLayoutRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, text string }{
		"empty":           {"", "is empty"},
		"no column":       {"row,key\n", `the column "level" is missing`},
		"not CSV":         {layoutHead + "\"x", "is not CSV"},
		"ragged":          {layoutHead + "line,a\n", "is not CSV"},
		"no items":        {layoutHead, "has no items"},
		"row":             {layoutHead + "zeile,a,0,debit,,asset,,,\n", `item 2 "a": "zeile" is no kind of row`},
		"level":           {layoutHead + "line,a,one,debit,,asset,,,\n", `its level "one" is not a number`},
		"side":            {layoutHead + "line,a,0,left,,asset,,,\n", `unknown side "left"`},
		"measure":         {layoutHead + "line,a,0,debit,weight,asset,,,\n", `"weight" is no measure`},
		"range":           {layoutHead + "line,a,0,debit,,2..1,,,\n", `the range "2..1" ends before it begins`},
		"open range":      {layoutHead + "line,a,0,debit,,..1,,,\n", `the range "..1" ends before it begins`},
		"every code":      {layoutHead + "line,a,0,debit,,*,,,\n", "the prefix * would be every code"},
		"lone !":          {layoutHead + "line,a,0,debit,,asset !,,,\n", "leaves out nothing"},
		"plain contra":    {layoutHead + "line,a,0,debit,,asset plain contra,,,\n", "which is both"},
		"covers codes":    {layoutHead + "covers,,,,,101,,,\n", "covers kinds of account, nothing else"},
		"equal of one":    {layoutHead + "equal,,,,,,a,,\n", "names not two totals"},
		"several at once": {layoutHead + "line,a,0,left,,*,,,\n", "the prefix"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := report.ReadLayout(strings.NewReader(c.file), nil)
			require.ErrorIs(t, err, report.ErrLayout)
			require.ErrorContains(t, err, c.text)
		})
	}
	broken := errors.New("disk")
	_, err := report.ReadLayout(iotest.ErrReader(broken), nil)
	require.ErrorIs(t, err, broken)
	_, err = report.ReadPlaces(strings.NewReader("code\n1\n"), "statement_line")
	require.ErrorIs(t, err, report.ErrLayout)
	places, err := report.ReadPlaces(strings.NewReader("\ufeffcode,baris\n1,kas\n2,\n3,kas\n"), "baris")
	require.NoError(t, err)
	require.Equal(t, report.Places{"kas": {report.Code("1"), report.Code("3")}}, places)
}

func FuzzReadLayout(f *testing.F) {
	f.Add(layoutHead + "title,,,,,,,A,B\ncovers,,,,,asset,,,\nline,a,1,debit,balance,asset !@x 1..2 3*,,L,M\ngrand,t,0,debit,,,a,,\nequal,,,,,,t t,,\n")
	f.Add("\ufeff" + layoutHead + "kept,a,0,credit,opening,@x,,,")
	f.Fuzz(func(t *testing.T, file string) {
		layout, err := report.ReadLayout(strings.NewReader(file), report.Places{"x": {report.Code("1")}})
		if err != nil {
			require.ErrorIs(t, err, report.ErrLayout)
			return
		}
		require.NoError(t, layout.Validate())
		r, err := layout.Fill(figures(figure("1", ledger.Asset, 5), figure("2", ledger.Income, -5)))
		if err == nil || errors.Is(err, report.ErrUnbalanced) {
			_ = text(t, r)
			_ = html(t, report.English, r)
		}
	})
}

// Messages stay readable whatever was given.
func TestLongNamesInMessages(t *testing.T) {
	var many []report.AccountFigures
	for range 12 {
		many = append(many, figure(strings.Repeat("é", 20), ledger.Asset))
	}
	layout := twoLines()
	layout.Title.ID = strings.Repeat("é", 1000)
	layout.Items[2].Select.Kinds, layout.Items[2].Select.Codes = []ledger.Kind{ledger.Asset}, nil
	_, err := layout.Fill(figures(many...))
	require.ErrorIs(t, err, report.ErrCoverage)
	require.True(t, utf8.ValidString(err.Error()))
	require.Less(t, len(err.Error()), 500)
	require.ErrorContains(t, err, "and 2 more")
	_, err = layout.Fill(report.Figures{})
	require.ErrorContains(t, err, "the currency is missing")
}
