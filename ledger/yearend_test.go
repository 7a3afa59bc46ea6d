package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// A clock that far off would write instants that no database can read again.
func TestClockFarOff(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	create := func() (*ledger.Book, error) {
		return ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "b", Currency: ledger.IDR, Chart: ledger.StandardChart(),
			Clock: func() time.Time { return now }})
	}
	book, err := create()
	require.NoError(t, err)
	for _, year := range []int{-5000, 0, 10_000, 300_000} {
		now = time.Date(year, time.June, 1, 0, 0, 0, 0, time.UTC)
		_, err := create()
		require.ErrorIs(t, err, ledger.ErrClock)
		_, err = book.Post(ctx, deposit("A", ledger.On(2026, time.May, 4), "M1", 1))
		require.ErrorIs(t, err, ledger.ErrClock)
	}
	for _, year := range []int{1, 9999} {
		now = time.Date(year, time.June, 1, 0, 0, 0, 0, time.UTC)
		_, err := create()
		require.NoError(t, err)
	}
}

// A result is carried between two accounts of equity, and a key is that of one
// year: under the key of the last one it would carry the wrong amount.
func TestCarriedWrongly(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	income := func(key string, day ledger.Date, amount int64) {
		_, err := book.Post(ctx, ledger.Entry{Key: key, Date: day, Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(amount)), ledger.Credit("50101", ledger.IDR.Of(amount))}})
		require.NoError(t, err)
	}
	last := ledger.On(2025, time.December, 31)
	income("A", last, 100)
	income("B", last.Next(), 30)
	closes := func(key string, day ledger.Date) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			_, _, err := tx.CloseYear(ledger.YearEnd{Key: key, Day: day, Result: "40402"})
			return err
		})
	}
	carries := func(key string, day ledger.Date, from, to string) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			_, _, err := tx.CarryResult(ledger.CarryResult{Key: key, Day: day, From: from, To: to})
			return err
		})
	}
	require.NoError(t, closes("year", last))
	for _, wrong := range [][2]string{{"10102", "40401"}, {"40402", "50101"}, {"40402", "30101"}, {"40402", "99999"}, {"40402", "40402"}} {
		require.ErrorIs(t, carries("carry", last.Next(), wrong[0], wrong[1]), ledger.ErrAccount, wrong)
	}
	require.NoError(t, carries("carry", last.Next(), "40402", "40401"))
	require.NoError(t, carries("carry", last.Next(), "40402", "40401"))

	next := ledger.On(2026, time.December, 31)
	require.ErrorIs(t, closes("year", next), ledger.ErrKeyConflict)
	require.NoError(t, closes("year", last), "asked again")
	require.ErrorIs(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, _, err := tx.CloseYear(ledger.YearEnd{Key: "year", Day: last, Result: "40401"})
		return err
	}), ledger.ErrKeyConflict, "another account for the result")
	require.NoError(t, closes("year-2026", next))
	err := carries("carry", next.Next(), "40402", "40401")
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	require.ErrorContains(t, err, "carry/1 is the key of entry 4 of 2026-01-01")
	require.NoError(t, carries("carry-2026", next.Next(), "40402", "40401"))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		balance, err := tx.Balance("40401", "", ledger.Latest())
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-130), balance)
		return nil
	}))
}

// TestSumsThatPassTheLargestAmount on their way to one that fits: the total of a
// kind, and the result of a year.
func TestSumsThatPassTheLargestAmount(t *testing.T) {
	ctx := context.Background()
	most := ledger.Minor(ledger.MaxMoney)
	chart := append(testChart(),
		ledger.Account{Code: "50901", Name: "Pendapatan lain", Kind: ledger.Income, Normal: ledger.CreditSide},
		ledger.Account{Code: "60901", Name: "Beban lain", Kind: ledger.Expense, Normal: ledger.DebitSide},
		ledger.Account{Code: "60902", Name: "Beban lain-lain", Kind: ledger.Expense, Normal: ledger.DebitSide},
		ledger.Account{Code: "19901", Name: "Aset lain", Kind: ledger.Asset, Normal: ledger.DebitSide},
		ledger.Account{Code: "19902", Name: "Penyisihan", Kind: ledger.Asset, Normal: ledger.CreditSide})
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: chart, Clock: fixedClock()})
	require.NoError(t, err)
	day := ledger.On(2026, time.December, 31)
	_, err = book.PostAll(ctx, []ledger.Entry{
		{Key: "1", Date: day, Lines: []ledger.Line{ledger.Debit("10102", most), ledger.Credit("50101", most)}},
		{Key: "2", Date: day, Lines: []ledger.Line{ledger.Debit("19901", most), ledger.Credit("50901", most)}},
		{Key: "3", Date: day, Lines: []ledger.Line{ledger.Debit("60901", most), ledger.Credit("19902", most)}},
		{Key: "4", Date: day, Lines: []ledger.Line{ledger.Debit("60902", ledger.Minor(7)), ledger.Credit("19901", ledger.Minor(7))}},
	})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		assets, err := tx.KindBalance(ledger.Asset, ledger.Latest())
		require.NoError(t, err)
		require.Equal(t, ledger.Minor(ledger.MaxMoney-7), assets)
		_, err = tx.KindBalance(ledger.Income, ledger.Latest())
		require.ErrorIs(t, err, ledger.ErrMoney)
		return nil
	}))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		closing, _, err := tx.CloseYear(ledger.YearEnd{Key: "Y", Day: day, Result: "40402"})
		if err == nil {
			require.Equal(t, ledger.Line{Account: "40402", Amount: ledger.Minor(-ledger.MaxMoney + 7)}, closing.Lines[len(closing.Lines)-1])
		}
		return err
	}))
	requireSound(t, book)
}
