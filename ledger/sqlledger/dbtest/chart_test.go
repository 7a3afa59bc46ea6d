package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestChartIsReadOnce posts through two stores on one database, as two
// processes would: each reads an account again when the book's history has
// moved without it, and at no other time; what the other has done to the chart
// counts at once.
func TestChartIsReadOnce(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, _, f := faultyStore(t, e, 3)
		another := sql.OpenDB(f.Connector)
		t.Cleanup(func() { _ = another.Close() })
		created := create(t, sqlledger.Open(another, e.options()), "kspps-melati")
		book, err := ledger.Open(ctx, store, config("kspps-melati"))
		require.NoError(t, err)
		n := 0
		post := func(b *ledger.Book, code string) error {
			n++
			entry := deposit(fmt.Sprint("K", n), "M1")
			entry.Lines[0].Account = code
			_, err := b.Post(ctx, entry)
			return err
		}
		reads := func(want int, why string) {
			t.Helper()
			require.Equal(t, want, f.sent("FROM mizan_account"), why)
		}

		require.NoError(t, post(book, "10102"))
		reads(1, "nothing is known yet")
		for range 3 {
			require.NoError(t, post(book, "10102"))
		}
		reads(0, "the book has not moved without this store")
		require.NoError(t, post(book, "10103"))
		reads(1, "an account that was not asked for before")
		require.NoError(t, post(book, "10103"))
		reads(0, "now both are known")
		opened, err := ledger.Open(ctx, store, config("kspps-melati"))
		require.NoError(t, err)
		require.NoError(t, post(opened, "10102"))
		reads(0, "the store keeps them, not the book")

		require.NoError(t, post(created, "10102"))
		require.NoError(t, post(book, "10102"))
		reads(1, "the other process has moved the head")

		added := ledger.Account{Code: "10104", Name: "Bank Lain", Kind: ledger.Asset, Normal: ledger.DebitSide}
		require.ErrorIs(t, post(book, "10104"), ledger.ErrAccount)
		require.NoError(t, created.Update(ctx, func(tx *ledger.Tx) error { return tx.AddAccount("A", added) }))
		require.NoError(t, post(book, "10104"))
		require.NoError(t, created.Update(ctx, func(tx *ledger.Tx) error {
			if _, err := tx.Reverse(ledger.Reversal{Key: "V", Entry: 5, Date: ledger.On(2026, 11, 24), Reason: "salah"}); err != nil {
				return err
			}
			if _, err := tx.Reverse(ledger.Reversal{Key: "V2", Entry: 6, Date: ledger.On(2026, 11, 24), Reason: "salah"}); err != nil {
				return err
			}
			return tx.Retire(ledger.Retirement{Key: "R", Account: "10103", Reason: "tutup", By: "manajer"})
		}))
		require.ErrorIs(t, post(book, "10103"), ledger.ErrAccount)
		require.NoError(t, post(book, "10104"))

		// A host that rolls back: what was read and written with it is gone.
		tx, err := another.BeginTx(ctx, nil)
		require.NoError(t, err)
		defer tx.Rollback()
		lost, err := ledger.Open(ctx, store.Bind(tx), config("kspps-melati"))
		require.NoError(t, err)
		added.Code = "10105"
		require.NoError(t, lost.Update(ctx, func(tx *ledger.Tx) error { return tx.AddAccount("A5", added) }))
		require.NoError(t, tx.Rollback())
		require.ErrorIs(t, post(book, "10105"), ledger.ErrAccount)
		require.NoError(t, post(book, "10102"))
	})
}
