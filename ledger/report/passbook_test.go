package report_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

// savingsBook has a passbook of eleven lines, several on one day, posted out
// of the order of their dates.
func savingsBook(t testing.TB) *ledger.Book {
	t.Helper()
	book := createBook(t, "kspps-kenanga", ledger.Chart{
		{Code: "101", Name: "Kas", NameEn: "Cash", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "301", Name: "Simpanan Mudharabah", NameEn: "Mudharabah savings", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
	})
	require.NoError(t, book.Update(t.Context(), func(tx *ledger.Tx) error {
		return tx.OpenSub(ledger.SubOpening{Key: "buka", Account: "301", Sub: "S1", Holder: "M0001"})
	}))
	for i, move := range []struct {
		day    int
		rupiah int64
		memo   string
	}{
		{1, 500_000, "Setoran awal"}, {9, 25_000, "Setoran tunai"}, {5, 100_000, "Setoran tunai"}, {5, -50_000, "Tarikan tunai"},
		{5, 10_000, "Setoran: حساب الادخار"}, {5, -5_000, "Tarikan tunai"}, {20, -80_000, "Tarikan tunai untuk biaya sekolah anak kedua semester ganjil tahun ajaran baru"},
		{31, 4_321, "Bagi hasil"},
	} {
		savingsMove(t, book, fmt.Sprintf("T%02d", i+1), move.day, move.rupiah, move.memo)
		savingsMoveOf(t, book, "S2", fmt.Sprintf("U%02d", i+1), move.day, 1_000_000, "bukan miliknya")
	}
	return book
}

func savingsMove(t testing.TB, book *ledger.Book, key string, day int, rupiah int64, memo string) {
	t.Helper()
	savingsMoveOf(t, book, "S1", key, day, rupiah, memo)
}

func savingsMoveOf(t testing.TB, book *ledger.Book, sub, key string, day int, rupiah int64, memo string) {
	t.Helper()
	post(t, book, ledger.Entry{Key: key, Date: ledger.On(2025, 1, day), Memo: memo, Lines: []ledger.Line{
		ledger.Debit("101", ledger.IDR.Of(rupiah)), ledger.Credit("301", ledger.IDR.Of(rupiah)).For(sub)}})
}

func readPassbook(t testing.TB, book *ledger.Book, q report.PassbookQuery) (p report.Passbook, err error) {
	t.Helper()
	view(t, book, func(tx *ledger.Tx) { p, err = report.ReadPassbook(tx, q) })
	return p, err
}

func TestPassbook(t *testing.T) {
	book := savingsBook(t)
	p, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", Limit: 100})
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(504_321), p.Closing)
	require.Equal(t, "M0001", p.Holder)
	require.False(t, p.More)
	goldenText(t, "passbook_id.txt", p.Report("KSPPS Kenanga", "Siti Aisyah"), report.Indonesian)
	goldenText(t, "passbook_en.txt", p.Report("KSPPS Kenanga", "Siti Aisyah"), report.English)

	since, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", From: ledger.On(2025, 1, 6), Through: ledger.On(2025, 1, 20), Limit: 100})
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(555_000), since.Opening)
	require.Equal(t, ledger.IDR.Of(500_000), since.Closing)
	require.Len(t, since.Lines, 2)

	// An account without subs, on the debit side.
	cash, err := readPassbook(t, book, report.PassbookQuery{Account: "101", Through: ledger.On(2025, 1, 1), Limit: 100})
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(1_500_000), cash.Closing)
	require.Equal(t, ledger.IDR.Of(500_000), cash.Lines[0].Debit)
}

// Pages of any size, put together, are the whole: also where a page ends in
// the middle of a day.
func TestPassbookPages(t *testing.T) {
	book := savingsBook(t)
	whole, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", Limit: report.MaxPassbookLines})
	require.NoError(t, err)
	for limit := 1; limit <= len(whole.Lines)+1; limit++ {
		var lines []report.PassbookLine
		var mark report.Mark
		for page := 0; ; page++ {
			p, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", After: mark, Limit: limit})
			require.NoError(t, err)
			require.LessOrEqual(t, len(p.Lines), limit)
			require.Equal(t, mark.Balance, p.Opening)
			require.Equal(t, len(lines)+len(p.Lines) < len(whole.Lines), p.More)
			lines, mark = append(lines, p.Lines...), p.Next
			if !p.More {
				break
			}
		}
		require.Equal(t, whole.Lines, lines, "pages of %d", limit)
		rest, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", After: mark, Limit: limit})
		require.NoError(t, err)
		require.Empty(t, rest.Lines)
		require.Equal(t, mark, rest.Next)
	}
}

func TestPassbookThatMissesALine(t *testing.T) {
	book := savingsBook(t)
	first, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", Limit: 4})
	require.NoError(t, err)
	savingsMove(t, book, "mundur", 3, 1_000, "Setoran bertanggal mundur")
	_, err = readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S1", After: first.Next, Limit: 4})
	require.ErrorIs(t, err, report.ErrMark)
	var fault *report.MarkError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, ledger.IDR.Of(1_000), fault.Book.Sub(fault.Printed))
	require.EqualError(t, err, "report: passbook of 301/S1: printed up to a balance of 560000.00, the book has 561000.00 there")
}

func TestPassbookRefuses(t *testing.T) {
	book := savingsBook(t)
	day := ledger.On(2025, 1, 5)
	for name, c := range map[string]struct {
		query report.PassbookQuery
		want  error
	}{
		"no limit":           {report.PassbookQuery{Account: "301", Sub: "S1"}, report.ErrRequest},
		"too many":           {report.PassbookQuery{Account: "301", Sub: "S1", Limit: report.MaxPassbookLines + 1}, report.ErrRequest},
		"unknown account":    {report.PassbookQuery{Account: "999", Limit: 1}, report.ErrRequest},
		"no sub":             {report.PassbookQuery{Account: "301", Limit: 1}, report.ErrRequest},
		"sub not allowed":    {report.PassbookQuery{Account: "101", Sub: "S1", Limit: 1}, report.ErrRequest},
		"two beginnings":     {report.PassbookQuery{Account: "301", Sub: "S1", From: day, After: report.Mark{Line: 1}, Limit: 1}, report.ErrRequest},
		"a day that is none": {report.PassbookQuery{Account: "301", Sub: "S1", From: ledger.On(2025, 2, 30), Limit: 1}, ledger.ErrDate},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readPassbook(t, book, c.query)
			require.ErrorIs(t, err, c.want)
		})
	}
	unknown, err := readPassbook(t, book, report.PassbookQuery{Account: "301", Sub: "S9", Limit: 1})
	require.NoError(t, err)
	require.Empty(t, unknown.Lines)
}
