package ledger_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestCancelledWhileReading: who has begun to read all of a book can be
// stopped, and is told so instead of taking a part for the whole.
func TestCancelledWhileReading(t *testing.T) {
	const many = 1_000
	book := newBook(t)
	entries := make([]ledger.Entry, many)
	for i := range entries {
		entries[i] = deposit(fmt.Sprint("D", i), eventfulDay.AddDays(i), fmt.Sprintf("M%d", i%500), 1)
	}
	entries = append(entries, entries[0])
	entries[many].Key = "long"
	for range many {
		entries[many].Lines = append(entries[many].Lines, entries[many].Lines[:2]...)
	}
	_, err := book.PostAll(context.Background(), entries)
	require.NoError(t, err)
	require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
		for i := range 600 {
			if _, err := tx.Save(ledger.Record{Key: fmt.Sprint("S", i), Kind: "k", ID: fmt.Sprint(i), Version: 1, Event: "e", State: []byte("{}")}); err != nil {
				return err
			}
			if err := tx.AddAccount(fmt.Sprint("A", i), ledger.Account{Code: fmt.Sprint("9", i), Kind: ledger.Asset, Normal: ledger.DebitSide}); err != nil {
				return err
			}
		}
		return nil
	}))
	lists := map[string]func(*ledger.Tx) error{
		"accounts": func(tx *ledger.Tx) error { return drained(tx.Accounts()) },
		"balances": func(tx *ledger.Tx) error { return drained(tx.Balances(ledger.Latest())) },
		"subs":     func(tx *ledger.Tx) error { return drained(tx.Subs("30101", "")) },
		"changes":  func(tx *ledger.Tx) error { return drained(tx.Changes(1)) },
		"records":  func(tx *ledger.Tx) error { return drained(tx.Records("k", "")) },
		"lines":    func(tx *ledger.Tx) error { return drained(tx.Lines(ledger.LineQuery{})) },
		"a sub's lines": func(tx *ledger.Tx) error {
			return drained(tx.Lines(ledger.LineQuery{Account: "30101", Sub: "M0"}))
		},
	}
	for name, list := range lists {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		err := book.View(ctx, func(tx *ledger.Tx) error {
			require.NoError(t, list(tx), name)
			cancel()
			return list(tx)
		})
		require.ErrorIs(t, err, context.Canceled, name)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopping := func(tx *ledger.Tx) iter.Seq2[ledger.Finding, error] {
		cancel()
		return ledger.NewCheck("long", func(tx *ledger.Tx, _ ledger.Report) error { return drained(tx.Changes(1)) })(tx)
	}
	var got error
	for finding, err := range book.Check(ctx, stopping) {
		require.Error(t, err, finding)
		got = err
	}
	require.ErrorIs(t, got, context.Canceled)
	requireSound(t, book)
}

func drained[V any](list iter.Seq2[V, error]) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
