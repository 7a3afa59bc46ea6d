package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// useAll has a book do everything a book can.
func useAll(t *testing.T, store ledger.Store, tx *sql.Tx, members int) {
	t.Helper()
	ctx := context.Background()
	book, err := ledger.Open(ctx, store, config("big"))
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { return writeAll(t, tx) }))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error { readAll(t, tx, members); return nil }))

	_, err = ledger.Open(ctx, store, config("absent"))
	require.ErrorIs(t, err, ledger.ErrNoBook)
	absent := errors.New("changed my mind")
	require.ErrorIs(t, store.Update(ctx, "absent", func(ledger.Writer) error { return absent }), absent)
	small := create(t, store, "small")
	_, err = small.Post(ctx, deposit("K", "M1"))
	require.NoError(t, err)
	_, err = tx.Exec("UPDATE mizan_turnover SET balance = 7 WHERE book_id = 'small'")
	require.NoError(t, err)
	_, err = small.Rebuild(ctx)
	require.NoError(t, err)
}

func writeAll(t *testing.T, tx *ledger.Tx) error {
	t.Helper()
	var entries []ledger.Posted
	for i := range 700 { // more than one statement takes
		posted, err := tx.Post(deposit(fmt.Sprint("K", i), fmt.Sprint("N", i)))
		require.NoError(t, err)
		entries = append(entries, posted)
	}
	_, err := tx.Post(deposit("bulk/7", "M1")) // a used key
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	day := ledger.On(2026, time.November, 24)
	_, err = tx.Reverse(ledger.Reversal{Key: "R", Entry: entries[0].Number, Date: day, Reason: "salah", Maker: "T", Approver: "M"})
	require.NoError(t, err)
	_, err = tx.Reverse(ledger.Reversal{Key: "R2", Entry: 5, Date: day, Reason: "salah", Maker: "T", Approver: "M"})
	require.NoError(t, err)
	require.NoError(t, tx.AddAccount("A", ledger.Account{Code: "10104", Name: "Bank Lain", Kind: ledger.Asset, Normal: ledger.DebitSide}))
	require.NoError(t, tx.OpenSub(ledger.SubOpening{Key: "S", Account: "30101", Sub: "O1", Holder: "A-1", By: "T"}))
	_, err = tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M4", Amount: ledger.IDR.Of(1), From: day, Reason: "akad", By: "T"})
	require.NoError(t, err)
	_, err = tx.Release(ledger.Release{Key: "H2", Hold: "hold/4", Reason: "lunas", By: "T"})
	require.NoError(t, err)
	require.NoError(t, tx.Assert(ledger.Assertion{Key: "AS", Account: "10103", Date: day, Document: "RK", By: "T"}))
	for range 2 {
		_, err = tx.Save(ledger.Record{Key: "", Kind: "murabahah", ID: "K-new", Event: "x", Data: []byte("{}"), Format: 1, State: []byte("{}")})
		require.Error(t, err) // no key
	}
	_, err = tx.Save(ledger.Record{Key: "REC", Kind: "murabahah", ID: "K-new", Version: 1, Event: "x", Data: []byte("{}"), Format: 1, State: []byte("{}")})
	require.NoError(t, err)
	return nil
}

func readAll(t *testing.T, tx *ledger.Tx, members int) {
	t.Helper()
	head, err := tx.Head()
	require.NoError(t, err)
	day := ledger.On(2025, time.March, 3)
	member := fmt.Sprintf("M%d", members/2)
	for _, at := range []ledger.Moment{ledger.EndOf(day), ledger.Latest(), ledger.Latest().AsOf(head.Change - 10), ledger.EndOf(day).AsOf(head.Change / 2)} {
		_, err := tx.Balance("30101", member, at)
		require.NoError(t, err)
	}
	_, err = tx.Available("30101", "M4", day) // on which something is held
	require.NoError(t, err)
	_, _, err = tx.Record("murabahah", "K-7")
	require.NoError(t, err)
	_, _, err = tx.EntryByKey("bulk/77")
	require.NoError(t, err)
	_, _, err = tx.HeldUnder("hold/4")
	require.NoError(t, err)
	_, _, err = tx.Account("10103")
	require.NoError(t, err)
	few(t, tx.Accounts())
	few(t, tx.Subs("30101", ""))
	few(t, tx.Subs("30101", member))
	few(t, tx.Turnovers("30101", member, day, ledger.On(2026, 1, 1)))
	few(t, tx.Changes(head.Change/2))
	few(t, tx.Changes(head.Change-1))
	few(t, tx.Changes(1))
	few(t, tx.Entries(head.Entries/2))
	few(t, tx.History("murabahah", "K-7"))
	few(t, tx.Records("murabahah", ""))
	few(t, tx.Records("murabahah", "K-7"))
	few(t, tx.Assertions())
	for _, q := range []ledger.LineQuery{
		{}, {Account: "30101", Sub: member}, {Account: "10102"}, {Account: "30101", AllSubs: true},
		{Party: fmt.Sprintf("P%d", members/2)}, {Source: "murabahah"}, {Source: "murabahah/K-70"},
	} {
		for _, span := range []ledger.LineQuery{{}, {From: day}, {Through: day}, {From: day, Through: day.AddDays(30)}, {After: head.Change / 2}} {
			for _, descending := range []bool{false, true} {
				q.From, q.Through, q.After, q.Descending = span.From, span.Through, span.After, descending
				few(t, tx.Lines(q))
			}
		}
	}
}

// few reads the beginning of a list, the second page included.
func few[T any](t *testing.T, list iter.Seq2[T, error]) {
	t.Helper()
	n := 0
	for _, err := range list {
		require.NoError(t, err)
		if n++; n > 70 {
			return
		}
	}
}
