package report_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata with what the code gives now")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// goldenText compares a report's text. The anchor is left out: it is the
// book's own encoding, tested there.
func goldenText(t *testing.T, name string, r report.Report, language report.Language) {
	t.Helper()
	r.Head = ledger.Head{}
	var text bytes.Buffer
	require.NoError(t, r.Text(&text, language))
	golden(t, name, text.Bytes())
}

func fixedClock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

func createBook(t testing.TB, id string, chart ledger.Chart) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(context.Background(), ledger.NewMemory(), ledger.Config{
		ID: id, Currency: ledger.IDR, Clock: fixedClock(), Chart: chart,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		for finding, err := range book.Check(context.Background()) {
			require.NoError(t, err)
			t.Error(finding)
		}
	})
	return book
}

func view(t testing.TB, book *ledger.Book, fn func(tx *ledger.Tx)) {
	t.Helper()
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		fn(tx)
		return nil
	}))
}

func post(t testing.TB, book *ledger.Book, e ledger.Entry) {
	t.Helper()
	_, err := book.Post(context.Background(), e)
	require.NoError(t, err)
}

// smallBook is a cooperative small enough to check with a pencil.
func smallBook(t testing.TB) *ledger.Book {
	t.Helper()
	book := createBook(t, "kspps-kenanga", ledger.Chart{
		{Code: "101", Name: "Kas", NameEn: "Cash", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "111", Name: "Piutang Murabahah", NameEn: "Murabahah receivables", Kind: ledger.Asset, Normal: ledger.DebitSide, Control: true},
		{Code: "112", Name: "Margin Murabahah Ditangguhkan", NameEn: "Deferred murabahah margin", Kind: ledger.Asset, Normal: ledger.CreditSide, Control: true},
		{Code: "201", Name: "Simpanan Wadiah", NameEn: "Wadiah savings", Kind: ledger.Liability, Normal: ledger.CreditSide, Control: true},
		{Code: "301", Name: "Simpanan Mudharabah", NameEn: "Mudharabah savings", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
		{Code: "401", Name: "Simpanan Pokok", Kind: ledger.Equity, Normal: ledger.CreditSide, Control: true},
		{Code: "409", Name: "SHU Tahun Berjalan", NameEn: "Current-year SHU", Kind: ledger.Equity, Normal: ledger.CreditSide},
		{Code: "501", Name: "Pendapatan Margin", NameEn: "Margin income", Kind: ledger.Income, Normal: ledger.CreditSide},
		{Code: "509", Name: "Hak Pemilik Dana", NameEn: "Fund owners' share", Kind: ledger.Income, Normal: ledger.DebitSide},
		{Code: "601", Name: "Beban Gaji", NameEn: "Salaries", Kind: ledger.Expense, Normal: ledger.DebitSide},
		{Code: "801", Name: "Penerimaan Zakat", NameEn: "Zakat received", Kind: ledger.Zakat, Normal: ledger.CreditSide},
		{Code: "803", Name: "Penyaluran Zakat kepada Fakir", NameEn: "Zakat paid to the destitute", Kind: ledger.Zakat, Normal: ledger.DebitSide},
		{Code: "901", Name: "Denda (Ta'zir)", NameEn: "Penalties", Kind: ledger.Benevolent, Normal: ledger.CreditSide},
		{Code: "991", Name: "Agunan Diterima", NameEn: "Collateral received", Kind: ledger.Memorandum, Normal: ledger.DebitSide},
		{Code: "999", Name: "Lawan Rekening Administratif", NameEn: "Memorandum contra", Kind: ledger.Memorandum, Normal: ledger.CreditSide},
	})
	rp, on := ledger.IDR.Of, func(month time.Month, day int) ledger.Date { return ledger.On(2025, month, day) }
	for _, e := range []ledger.Entry{
		{Key: "K0", Date: ledger.On(2024, 12, 30), Memo: "Zakat anggota", Lines: []ledger.Line{
			ledger.Debit("101", rp(50_000)), ledger.Credit("801", rp(50_000))}},
		{Key: "K1", Date: on(1, 2), Memo: "Simpanan pokok", Lines: []ledger.Line{
			ledger.Debit("101", rp(2_000_000)), ledger.Credit("401", rp(1_000_000)).For("M1"), ledger.Credit("401", rp(1_000_000)).For("M2")}},
		{Key: "K2", Date: on(1, 3), Memo: "Setoran tunai", Lines: []ledger.Line{
			ledger.Debit("101", rp(5_000_000)), ledger.Credit("201", rp(1_500_000)).For("W1"), ledger.Credit("301", rp(3_500_000)).For("S1")}},
		{Key: "K3", Date: on(2, 1), Memo: "Penjualan murabahah: motor", Lines: []ledger.Line{
			ledger.Debit("111", rp(4_800_000)).For("C1"), ledger.Credit("101", rp(4_000_000)), ledger.Credit("112", rp(800_000)).For("C1")}},
		{Key: "K4", Date: on(3, 1), Memo: "Angsuran 1", Lines: []ledger.Line{
			ledger.Debit("101", rp(400_000)), ledger.Credit("111", rp(400_000)).For("C1"),
			ledger.Debit("112", ledger.Minor(66_666_67)).For("C1"), ledger.Credit("501", ledger.Minor(66_666_67))}},
		{Key: "K5", Date: on(3, 31), Memo: "Bagi hasil Maret", Lines: []ledger.Line{
			ledger.Debit("509", ledger.Minor(20_000_50)), ledger.Credit("301", ledger.Minor(20_000_50)).For("S1")}},
		{Key: "K6", Date: on(3, 31), Memo: "Gaji", Lines: []ledger.Line{
			ledger.Debit("601", rp(75_000)), ledger.Credit("101", rp(75_000))}},
		{Key: "K7", Date: on(4, 5), Memo: "Penyaluran zakat", Lines: []ledger.Line{
			ledger.Debit("803", rp(30_000)), ledger.Credit("101", rp(30_000))}},
		{Key: "K8", Date: on(4, 6), Memo: "Denda keterlambatan", Lines: []ledger.Line{
			ledger.Debit("101", rp(10_000)), ledger.Credit("901", rp(10_000))}},
		{Key: "K9", Date: on(4, 7), Memo: "BPKB motor", Lines: []ledger.Line{
			ledger.Debit("991", rp(4_000_000)), ledger.Credit("999", rp(4_000_000))}},
		{Key: "K10", Date: on(4, 8), Memo: "Tarikan tunai", Lines: []ledger.Line{
			ledger.Debit("201", rp(250_000)).For("W1"), ledger.Credit("101", rp(250_000))}},
	} {
		post(t, book, e)
	}
	return book
}

// closeSmall closes the small book's year: a loss of 28.333,83.
func closeSmall(t testing.TB, book *ledger.Book) {
	post(t, book, ledger.Entry{Key: "TUTUP", Date: ledger.On(2025, 12, 31), Phase: ledger.Closing, Memo: "Penutupan", Lines: []ledger.Line{
		ledger.Debit("501", ledger.Minor(66_666_67)), ledger.Credit("509", ledger.Minor(20_000_50)),
		ledger.Credit("601", ledger.IDR.Of(75_000)), ledger.Debit("409", ledger.Minor(28_333_83))}})
}

// melatiBook is a cooperative of 120 members at the end of a year: its opening
// balances by sub, and in one entry what the year came to.
func melatiBook(t testing.TB) *ledger.Book {
	t.Helper()
	file, err := os.Open("testdata/melati/accounts.csv")
	require.NoError(t, err)
	defer file.Close()
	chart, err := ledger.ReadChart(file)
	require.NoError(t, err)
	book := createBook(t, "kspps-melati", chart)
	opening := ledger.Entry{Key: "opening", Date: ledger.On(2024, 12, 31), Memo: "Saldo awal"}
	net := make(map[string]ledger.Money)
	for _, row := range rows(t, "testdata/melati/opening.csv") {
		amount := money(t, row["debit"]).Sub(money(t, row["credit"]))
		net[row["code"]] = net[row["code"]].Sub(amount)
		opening.Lines = append(opening.Lines, ledger.Debit(row["code"], amount).For(row["sub"]))
	}
	post(t, book, opening)
	for _, row := range rows(t, "testdata/melati/trial_balance.csv") {
		net[row["code"]] = net[row["code"]].Add(money(t, row["debit"])).Sub(money(t, row["credit"]))
	}
	year := ledger.Entry{Key: "year", Date: ledger.On(2025, 12, 31), Memo: "Mutasi setahun"}
	for _, account := range chart {
		if amount := net[account.Code]; !amount.IsZero() {
			line := ledger.Debit(account.Code, amount)
			if account.Control {
				line = line.For("semua")
			}
			year.Lines = append(year.Lines, line)
		}
	}
	post(t, book, year)
	return book
}

// yearBook is the published synthetic year in the standard chart.
func yearBook(t testing.TB) (*ledger.Book, map[string]json.RawMessage) {
	t.Helper()
	file, err := os.ReadFile("testdata/cooperative_year.json")
	require.NoError(t, err)
	var doc map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(file, &doc))
	var journals []struct {
		ID, Date, Event string
		Closing         bool
		Lines           []struct {
			Account, Sub  string
			Debit, Credit int64
		}
	}
	require.NoError(t, json.Unmarshal(doc["journals"], &journals))
	chart := ledger.StandardChart()
	book := createBook(t, "kspps-contoh", chart)
	for _, j := range journals {
		date, err := ledger.ParseDate(j.Date)
		require.NoError(t, err)
		e := ledger.Entry{Key: j.ID, Date: date, Memo: j.Event}
		if j.ID == "J000" {
			e.Date = ledger.On(2024, 12, 31) // opening balances are last year's end
		}
		if j.Closing {
			e.Phase = ledger.Closing
		}
		for _, l := range j.Lines {
			line := ledger.Debit(l.Account, ledger.IDR.Of(l.Debit-l.Credit))
			account, found := chart.Account(l.Account)
			require.True(t, found, l.Account)
			if account.Control {
				line = line.For(cmp.Or(l.Sub, "others"))
			}
			if j.ID == "J041" && l.Debit > 0 {
				// What a leaving member is paid: 340,000 of it is returned capital.
				// The published cash flow tells the two apart; so does who posts it.
				capital := ledger.IDR.Of(340_000)
				rest := line
				rest.Amount = line.Amount.Sub(capital)
				e.Lines = append(e.Lines, rest.In(ledger.Operating))
				line.Amount = capital
				line = line.In(ledger.Financing)
			}
			e.Lines = append(e.Lines, line)
		}
		post(t, book, e)
	}
	return book, doc
}

func money(t testing.TB, text string) ledger.Money {
	t.Helper()
	if text == "" {
		return ledger.Money{}
	}
	m, err := ledger.IDR.Parse(text)
	require.NoError(t, err)
	return m
}

// rows reads a CSV file with a header line.
func rows(t testing.TB, path string) []map[string]string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var all []map[string]string
	for _, record := range records[1:] {
		row := make(map[string]string)
		for i, column := range records[0] {
			row[column] = record[i]
		}
		all = append(all, row)
	}
	return all
}
