package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// fixedClock ticks a microsecond at every look, so that two runs give the same digests.
func fixedClock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

func newBook(t testing.TB) *ledger.Book {
	t.Helper()
	book := newBookOnly(t)
	t.Cleanup(func() { requireSound(t, book) })
	return book
}

func testChart() ledger.Chart {
	return ledger.Chart{
		{Code: "10102", Name: "Kas Teller", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "20101", Name: "Simpanan Wadiah", Kind: ledger.Liability, Normal: ledger.CreditSide, Control: true},
		{Code: "30101", Name: "Simpanan Mudharabah", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
		{Code: "40402", Name: "SHU", Kind: ledger.Equity, Normal: ledger.CreditSide},
		{Code: "50101", Name: "Pendapatan", Kind: ledger.Income, Normal: ledger.CreditSide},
		{Code: "60101", Name: "Beban", Kind: ledger.Expense, Normal: ledger.DebitSide},
		{Code: "99101", Name: "Hapus Buku", Kind: ledger.Memorandum, Normal: ledger.DebitSide, Control: true},
		{Code: "99199", Name: "Lawan Administratif", Kind: ledger.Memorandum, Normal: ledger.CreditSide},
		{Code: "1", Name: "Aset", Kind: ledger.Asset, Normal: ledger.DebitSide, Header: true},
	}
}

// requireSound is how every test that owns a book ends.
func requireSound(t testing.TB, book *ledger.Book) {
	t.Helper()
	for finding, err := range book.Check(context.Background()) {
		require.NoError(t, err)
		t.Error(finding)
	}
}

func deposit(key string, day ledger.Date, sub string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Memo: "Setoran tunai", Lines: []ledger.Line{
		ledger.Debit("10102", ledger.IDR.Of(rupiah)),
		ledger.Credit("30101", ledger.IDR.Of(rupiah)).For(sub),
	}}
}

func TestPostAndRead(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	nov := func(day int) ledger.Date { return ledger.On(2026, time.November, day) }

	first, err := book.Post(ctx, deposit("T1", nov(10), "M1", 1000))
	require.NoError(t, err)
	require.Equal(t, uint64(1), first.Number)
	_, err = book.Post(ctx, deposit("T2", nov(20), "M1", 500))
	require.NoError(t, err)
	_, err = book.Post(ctx, deposit("T3", nov(5), "M1", 200)) // back-dated
	require.NoError(t, err)

	again, err := book.Post(ctx, deposit("T1", nov(10), "M1", 1000))
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, first.Digest, again.Digest)
	_, err = book.Post(ctx, deposit("T1", nov(10), "M1", 1001))
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for day, want := range map[int]int64{4: 0, 5: -200, 10: -1200, 20: -1700, 30: -1700} {
			balance, err := tx.Balance("30101", "M1", ledger.EndOf(nov(day)))
			require.NoError(t, err)
			require.Equal(t, ledger.IDR.Of(want), balance, day)
		}
		asOf, err := tx.Balance("30101", "", ledger.EndOf(nov(30)).AsOf(first.Change+1))
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-1500), asOf)
		days, err := tx.BalanceDays("30101", "M1", nov(1), nov(30))
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-(200*5 + 1200*10 + 1700*11)).Over(1), days)
		return nil
	}))
	mirror, err := book.Reverse(ctx, ledger.Reversal{Key: "R1", Entry: 1, Date: nov(25), Reason: "salah rekening"})
	require.NoError(t, err)
	require.Equal(t, uint64(1), mirror.Reverses)
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R2", Entry: 1, Date: nov(25), Reason: "lagi"})
	require.ErrorIs(t, err, ledger.ErrReversal)
}
