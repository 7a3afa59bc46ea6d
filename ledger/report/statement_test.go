package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

var (
	yearEnd       = ledger.On(2025, 12, 31)
	beforeClosing = report.At(ledger.EndOf(yearEnd).BeforeClosing())
	afterClosing  = report.At(ledger.EndOf(yearEnd))
	wholeYear     = report.During(ledger.On(2025, 1, 1), yearEnd)
)

func statement(t testing.TB, book *ledger.Book, layout report.Layout, periods ...report.Period) report.Report {
	t.Helper()
	var r report.Report
	view(t, book, func(tx *ledger.Tx) {
		var err error
		r, err = report.Statement(tx, report.Request{Entity: "KSPPS Contoh", Layout: layout, Periods: periods})
		require.NoError(t, err)
	})
	return r
}

func requireAmount(t testing.TB, r report.Report, key string, column int, minor int64) {
	t.Helper()
	amount, found := r.Amount(key, column)
	require.True(t, found, key)
	require.Equal(t, ledger.Minor(minor), amount, key)
}

func TestStatementsOfSmallBook(t *testing.T) {
	book := smallBook(t)
	lastYear := report.At(ledger.EndOf(ledger.On(2024, 12, 31)))
	for _, language := range []report.Language{report.Indonesian, report.English} {
		suffix := "_" + language.String() + ".txt"
		goldenText(t, "position"+suffix, statement(t, book, report.PositionByKind(), beforeClosing, lastYear), language)
		goldenText(t, "income"+suffix, statement(t, book, report.IncomeByKind("509"), wholeYear, report.InMonth(ledger.MonthOf(2025, 3))), language)
		goldenText(t, "zakat"+suffix, statement(t, book, report.ZakatFund(), wholeYear), language)
		goldenText(t, "benevolent"+suffix, statement(t, book, report.BenevolentFund(), wholeYear), language)
	}
}

// The year's result stands in a row of its own until it is closed; then the
// account has it, and the income can still be read.
func TestResultBeforeAndAfterClosing(t *testing.T) {
	book := smallBook(t)
	closeSmall(t, book)
	r := statement(t, book, report.PositionByKind(), beforeClosing, afterClosing)
	requireAmount(t, r, "unclosed_shu", 0, -28_333_83)
	requireAmount(t, r, "unclosed_shu", 1, 0)
	requireAmount(t, r, "equity_accounts", 0, 2_000_000_00)
	requireAmount(t, r, "equity_accounts", 1, 1_971_666_17)
	for _, key := range []string{"assets", "sources", "equity"} {
		before, _ := r.Amount(key, 0)
		after, _ := r.Amount(key, 1)
		require.Equal(t, before, after, key)
	}
	income := statement(t, book, report.IncomeByKind("509"), wholeYear)
	requireAmount(t, income, "income", 0, 66_666_67)
	requireAmount(t, income, "owners_share", 0, -20_000_50)
	requireAmount(t, income, "net_income", 0, 46_666_17)
	requireAmount(t, income, "expense", 0, -75_000_00)
	requireAmount(t, income, "shu", 0, -28_333_83)

	after := statement(t, book, report.PositionByKind(), afterClosing)
	require.NotContains(t, text(t, after), "belum ditutup")
	require.Contains(t, text(t, after), "SHU Tahun Berjalan")
}

func TestMelati(t *testing.T) {
	book := melatiBook(t)
	position := statement(t, book, report.PositionByKind(), beforeClosing)
	income := statement(t, book, report.IncomeByKind("50901", "50902"), wholeYear)
	amount := func(r report.Report, key string) ledger.Money {
		m, found := r.Amount(key, 0)
		require.True(t, found, key)
		return m
	}
	got := map[string]ledger.Money{
		"assets": amount(position, "assets"), "liabilities": amount(position, "liabilities"),
		"syirkah": amount(position, "syirkah"), "equity_before_closing": amount(position, "equity_accounts"),
		"zakat_fund": amount(position, "zakat_fund"), "benevolent_fund": amount(position, "benevolent_fund"),
		"income_net_of_owners_share": amount(income, "net_income"),
		"expense":                    amount(income, "expense").Neg(), "shu": amount(income, "shu"),
	}
	for _, row := range rows(t, "testdata/melati/totals.csv") {
		require.Equal(t, money(t, row["amount"]), got[row["line"]], row["line"])
	}
	require.Equal(t, amount(income, "shu"), amount(position, "unclosed_shu"))
	goldenText(t, "melati_position.txt", position, report.Indonesian)
	goldenText(t, "melati_income.txt", income, report.Indonesian)
	goldenText(t, "melati_zakat.txt", statement(t, book, report.ZakatFund(), wholeYear), report.Indonesian)

	// The standard lines fit the chart too, since its codes are standard.
	psak := statement(t, book, report.PositionPSAK401(report.StandardPlaces()), beforeClosing)
	require.Equal(t, amount(position, "assets"), amount(psak, "assets"))
	goldenText(t, "melati_position_psak401.txt", psak, report.Indonesian)

	view(t, book, func(tx *ledger.Tx) {
		trial, err := report.Trial(tx, ledger.EndOf(yearEnd).BeforeClosing())
		require.NoError(t, err)
		r := trial.Report("KSPPS Melati Kota Blitar")
		goldenText(t, "melati_trial.txt", r, report.Indonesian)
		var file bytes.Buffer
		require.NoError(t, r.CSV(&file, report.CSVForm{LinesOnly: true}))
		want, err := os.ReadFile("testdata/melati/trial_balance.csv")
		require.NoError(t, err)
		require.Equal(t, string(want), file.String())
	})
}

// The published year was computed and balanced by another program.
func TestPublishedYear(t *testing.T) {
	book, doc := yearBook(t)
	places := report.StandardPlaces()
	figures := func(name string) map[string]any {
		var m map[string]any
		require.NoError(t, json.Unmarshal(doc[name], &m))
		return m
	}
	check := func(r report.Report, of map[string]any, keys map[string]string) {
		t.Helper()
		for theirs, ours := range keys {
			want, ok := of[theirs].(float64)
			require.True(t, ok, theirs)
			amount, found := r.Amount(ours, 0)
			require.True(t, found, ours)
			require.Equal(t, ledger.IDR.Of(int64(want)), amount, theirs)
		}
	}
	for _, at := range []report.Period{beforeClosing, afterClosing} {
		for _, layout := range []report.Layout{report.PositionPSAK401(places), report.PositionByKind()} {
			check(statement(t, book, layout, at), figures("posisi_keuangan"), map[string]string{
				"asset": "assets", "liability": "liabilities", "temporary_syirkah_fund": "syirkah",
				"equity": "equity", "zakat_fund": "zakat_fund", "benevolent_fund": "benevolent_fund",
			})
		}
	}
	income := statement(t, book, report.IncomePSAK401(places), wholeYear)
	check(income, figures("perhitungan_hasil_usaha"), map[string]string{
		"pendapatan_pengelolaan_dana (501xx)":         "fund_income",
		"hak_pihak_ketiga_atas_bagi_hasil (509xx)":    "owners_share",
		"hak_bagi_hasil_milik_koperasi":               "own_share",
		"pendapatan_usaha_lain (502xx)":               "other_income",
		"beban_usaha (601xx-605xx)":                   "operating_expense",
		"beban_perkoperasian (606xx)":                 "cooperative_expense",
		"pendapatan_dan_beban_nonusaha (505xx,607xx)": "non_operating",
		"shu_sebelum_zakat_dan_pajak":                 "before_zakat_and_tax",
		"zakat_entitas (608xx)":                       "zakat",
		"pajak_penghasilan (609xx)":                   "tax",
		"shu_tahun_berjalan":                          "shu",
	})
	goldenText(t, "year_income_psak401_en.txt", income, report.English)
	goldenText(t, "year_position_psak401.txt", statement(t, book, report.PositionPSAK401(places), beforeClosing), report.Indonesian)
	goldenText(t, "year_benevolent.txt", statement(t, book, report.BenevolentFund(), wholeYear), report.Indonesian)
	for name, layout := range map[string]report.Layout{"dana_zakat": report.ZakatFund(), "dana_kebajikan": report.BenevolentFund()} {
		r, of := statement(t, book, layout, wholeYear), figures(name)
		check(r, of, map[string]string{"jumlah_sumber": "sources", "kenaikan": "change", "saldo_awal": "opening", "saldo_akhir": "closing"})
		requireAmount(t, r, "uses", 0, -int64(of["jumlah_penggunaan"].(float64))*100)
	}
	view(t, book, func(tx *ledger.Tx) {
		for name, at := range map[string]ledger.Moment{
			"trial_balance_before_closing": ledger.EndOf(yearEnd).BeforeClosing(),
			"trial_balance_after_closing":  ledger.EndOf(yearEnd),
		} {
			trial, err := report.Trial(tx, at)
			require.NoError(t, err)
			var want map[string]struct{ Debit, Credit int64 }
			require.NoError(t, json.Unmarshal(doc[name], &want))
			require.Len(t, trial.Lines, len(want), name)
			for _, line := range trial.Lines {
				require.Equal(t, ledger.IDR.Of(want[line.Account.Code].Debit), line.Debit, line.Account.Code)
				require.Equal(t, ledger.IDR.Of(want[line.Account.Code].Credit), line.Credit, line.Account.Code)
			}
		}
	})
}

// The published cash flow and changes in equity, by account.
func TestPublishedYearCashAndEquity(t *testing.T) {
	book, doc := yearBook(t)
	flows := statement(t, book, report.StandardCashFlow(), wholeYear)
	goldenText(t, "year_cash_flow.txt", flows, report.Indonesian)
	var published map[string]int64
	require.NoError(t, json.Unmarshal(doc["arus_kas"], &published))
	for theirs, ours := range map[string]string{"operasi": "operating", "investasi": "investing", "pendanaan": "financing",
		"dana_zakat_dan_kebajikan": "fund", "kenaikan_kas": "increase", "kas_awal": "opening", "kas_akhir": "closing"} {
		requireAmount(t, flows, ours, 0, published[theirs]*100)
	}
	requireAmount(t, flows, "composition", 0, published["kas_akhir"]*100)

	var equity map[string]struct{ Awal, Mutasi, Akhir int64 }
	require.NoError(t, json.Unmarshal(doc["perubahan_ekuitas"], &equity))
	view(t, book, func(tx *ledger.Tx) {
		r, err := report.EquityChanges(tx, "KSPPS Contoh", ledger.On(2025, 1, 1), yearEnd)
		require.NoError(t, err)
		goldenText(t, "year_equity.txt", r, report.Indonesian)
		seen := 0
		for _, row := range r.Rows {
			if row.Key != "account" {
				continue
			}
			seen++
			var amounts [4]ledger.Money
			for i := range amounts {
				amounts[i], _ = row.Cells[2+i].Amount()
			}
			want := equity[row.Cells[0].Words(report.Indonesian)+" "+row.Cells[1].Words(report.Indonesian)]
			require.Equal(t, ledger.IDR.Of(want.Awal), amounts[0])
			require.Equal(t, ledger.IDR.Of(want.Mutasi), amounts[1].Sub(amounts[2]))
			require.Equal(t, ledger.IDR.Of(want.Akhir), amounts[3])
		}
		require.Len(t, equity, seen)

		// In mid-year the result stands in a row of its own.
		r, err = report.EquityChanges(tx, "KSPPS Contoh", ledger.On(2025, 1, 1), ledger.On(2025, 6, 30))
		require.NoError(t, err)
		_, found := r.Amount("unclosed_shu", 3)
		require.True(t, found)
	})
}

// Flows without a line of their activity, and lines that say none, are refused.
func TestCashFlowLayoutFaults(t *testing.T) {
	book := smallBook(t)
	layout := report.StandardCashFlow()
	layout.Items = slices.DeleteFunc(slices.Clone(layout.Items), func(it report.Item) bool { return it.Key == "operating_accounts" })
	for i := range layout.Items {
		layout.Items[i].Sum = slices.DeleteFunc(slices.Clone(layout.Items[i].Sum), func(key string) bool { return key == "operating_accounts" })
		if len(layout.Items[i].Sum) == 0 && layout.Items[i].Key == "operating" {
			layout.Items[i].Sum = []string{"opening_of_nothing"}
			layout.Items = slices.Insert(layout.Items, i, report.Item{Kind: report.Line, Key: "opening_of_nothing", Side: ledger.DebitSide,
				Measure: report.Movement, Select: report.Selector{Codes: []report.Codes{report.Code("none")}}})
			break
		}
	}
	view(t, book, func(tx *ledger.Tx) {
		_, err := report.Statement(tx, report.Request{Layout: layout, Periods: []report.Period{wholeYear}})
		require.ErrorIs(t, err, report.ErrCoverage)
		faulty := report.StandardCashFlow()
		faulty.CashAccounts = report.Selector{}
		_, err = report.Statement(tx, report.Request{Layout: faulty, Periods: []report.Period{wholeYear}})
		require.ErrorIs(t, err, report.ErrLayout)
		faulty = report.ZakatFund()
		faulty.Items = slices.Clone(faulty.Items)
		faulty.Items[1].Activity = ledger.Fund
		_, err = report.Statement(tx, report.Request{Layout: faulty, Periods: []report.Period{wholeYear}})
		require.ErrorIs(t, err, report.ErrLayout)
	})
}

func TestTrialBalance(t *testing.T) {
	book := smallBook(t)
	view(t, book, func(tx *ledger.Tx) {
		trial, err := report.Trial(tx, ledger.Latest())
		require.NoError(t, err)
		require.Equal(t, trial.Debit, trial.Credit)
		require.Len(t, trial.Memorandum, 2)
		trial.At = yearEnd
		goldenText(t, "trial_id.txt", trial.Report("KSPPS Kenanga"), report.Indonesian)
		goldenText(t, "trial_en.txt", trial.Report("KSPPS Kenanga"), report.English)

		_, err = report.Trial(tx, ledger.EndOf(ledger.On(2025, 2, 30)))
		require.ErrorIs(t, err, ledger.ErrDate)
	})
}

func TestTrialBalanceThatDoesNotBalance(t *testing.T) {
	trial := report.TrialBalance{At: yearEnd, Currency: ledger.IDR}
	err := trial.Add(balances(
		ledger.Balance{Account: ledger.Account{Code: "101", Kind: ledger.Asset}, Amount: ledger.IDR.Of(100)},
		ledger.Balance{Account: ledger.Account{Code: "201", Kind: ledger.Liability}, Sub: "a", Amount: ledger.IDR.Of(-60)},
		ledger.Balance{Account: ledger.Account{Code: "201", Kind: ledger.Liability}, Sub: "b", Amount: ledger.IDR.Of(-30)},
	))
	require.ErrorIs(t, err, report.ErrUnbalanced)
	var fault *report.UnbalancedError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, ledger.IDR.Of(10), fault.Difference())
	require.EqualError(t, err, "report: NERACA SALDO, 2025-12-31: debit is 100.00 and credit is 90.00, a difference of 10.00")
	require.Contains(t, text(t, trial.Report("")), "*** TIDAK SEIMBANG (2025-12-31): selisih 10 ***")

	broken := errors.New("disk")
	err = new(report.TrialBalance).Add(func(yield func(ledger.Balance, error) bool) { yield(ledger.Balance{}, broken) })
	require.ErrorIs(t, err, broken)

	largest := ledger.Minor(ledger.MaxMoney)
	overflow := report.TrialBalance{At: yearEnd, Currency: ledger.IDR}
	err = overflow.Add(balances(
		ledger.Balance{Account: ledger.Account{Code: "1"}, Amount: largest},
		ledger.Balance{Account: ledger.Account{Code: "2"}, Amount: largest}))
	require.ErrorIs(t, err, ledger.ErrMoney)
	overflow = report.TrialBalance{At: yearEnd, Currency: ledger.IDR}
	err = overflow.Add(balances(
		ledger.Balance{Account: ledger.Account{Code: "1"}, Sub: "a", Amount: largest},
		ledger.Balance{Account: ledger.Account{Code: "1"}, Sub: "b", Amount: largest}))
	require.ErrorIs(t, err, ledger.ErrMoney)
}

func TestStatementRequests(t *testing.T) {
	book := smallBook(t)
	for name, c := range map[string]struct {
		request report.Request
		want    error
	}{
		"no layout":                {report.Request{Periods: []report.Period{beforeClosing}}, report.ErrLayout},
		"no period":                {report.Request{Layout: report.PositionByKind()}, report.ErrRequest},
		"too many periods":         {report.Request{Layout: report.PositionByKind(), Periods: make([]report.Period, report.MaxPeriods+1)}, report.ErrRequest},
		"a span for a position":    {report.Request{Layout: report.PositionByKind(), Periods: []report.Period{wholeYear}}, report.ErrRequest},
		"a moment for income":      {report.Request{Layout: report.IncomeByKind(), Periods: []report.Period{beforeClosing}}, report.ErrRequest},
		"no day":                   {report.Request{Layout: report.PositionByKind(), Periods: []report.Period{{}}}, ledger.ErrDate},
		"a span that ends early":   {report.Request{Layout: report.ZakatFund(), Periods: []report.Period{report.During(yearEnd, ledger.On(2025, 1, 1))}}, ledger.ErrDate},
		"a span without beginning": {report.Request{Layout: report.ZakatFund(), Periods: []report.Period{report.During(ledger.Date{}, yearEnd)}}, ledger.ErrDate},
	} {
		t.Run(name, func(t *testing.T) {
			view(t, book, func(tx *ledger.Tx) {
				r, err := report.Statement(tx, c.request)
				require.ErrorIs(t, err, c.want)
				require.Empty(t, r.Rows)
			})
		})
	}
	// The first day there is has no day before it.
	first := report.During(ledger.On(ledger.MinYear, 1, 1), yearEnd)
	requireAmount(t, statement(t, book, report.ZakatFund(), first), "closing", 0, 20_000_00)
}

func text(t testing.TB, r report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, r.Text(&b, report.Indonesian))
	return b.String()
}

func balances(all ...ledger.Balance) iter.Seq2[ledger.Balance, error] {
	return func(yield func(ledger.Balance, error) bool) {
		for _, b := range all {
			if !yield(b, nil) {
				return
			}
		}
	}
}

// The anchor on paper is the head that Prove takes.
func TestAnchor(t *testing.T) {
	book := smallBook(t)
	r := statement(t, book, report.PositionByKind(), beforeClosing)
	head, err := book.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, head, r.Head)
	require.Contains(t, text(t, r), fmt.Sprintf("Jangkar buku: kspps-kenanga @%d %s", head.Change, head.Digest))
}

func BenchmarkTrial(b *testing.B) {
	chart := ledger.Chart{
		{Code: "101", Name: "Kas", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "301", Name: "Simpanan", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
	}
	const subs = 100_000
	e := ledger.Entry{Key: "1", Date: ledger.On(2025, 1, 1), Memo: "Saldo awal"}
	for i := range subs {
		e.Lines = append(e.Lines, ledger.Credit("301", ledger.IDR.Of(int64(i+1))).For(fmt.Sprintf("S%06d", i)))
	}
	e.Lines = append(e.Lines, ledger.Debit("101", ledger.IDR.Of(subs*(subs+1)/2)))
	wide := chart[:1:1]
	w := ledger.Entry{Key: "1", Date: ledger.On(2025, 1, 1), Memo: "Saldo awal"}
	for i := range subs - 1 {
		code := fmt.Sprintf("3%06d", i)
		wide = append(wide, ledger.Account{Code: code, Name: "Simpanan " + code, Kind: ledger.Syirkah, Normal: ledger.CreditSide})
		w.Lines = append(w.Lines, ledger.Credit(code, ledger.IDR.Of(1)))
	}
	w.Lines = append(w.Lines, ledger.Debit("101", ledger.IDR.Of(subs-1)))
	for name, c := range map[string]struct {
		chart ledger.Chart
		entry ledger.Entry
		lines int
	}{"subs": {chart, e, 2}, "accounts": {wide, w, subs}} {
		book := createBook(b, "banyak", c.chart)
		post(b, book, c.entry)
		b.Run(name+"/read", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				view(b, book, func(tx *ledger.Tx) {
					trial, err := report.Trial(tx, ledger.EndOf(ledger.On(2025, 1, 1)))
					require.NoError(b, err)
					require.Len(b, trial.Lines, c.lines)
				})
			}
		})
		b.Run(name+"/text", func(b *testing.B) {
			var trial report.TrialBalance
			view(b, book, func(tx *ledger.Tx) { trial, _ = report.Trial(tx, ledger.Latest()) })
			b.ReportAllocs()
			for b.Loop() {
				var out strings.Builder
				require.NoError(b, trial.Report("").Text(&out, report.Indonesian))
			}
		})
		b.Run(name+"/position", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				statement(b, book, report.PositionByKind(), report.At(ledger.Latest()))
			}
		})
	}
}
