package dbtest

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestPinnedReads takes a report as of a change, lets the book go on, back-dated
// entries included, and takes it again, from the store and inside a host's
// transaction: it is the same, byte by byte.
func TestPinnedReads(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, db := e.store(t)
		book := create(t, store, "kspps-melati")
		longHistory(t, book, 5, 300)
		head, err := book.Head(ctx)
		require.NoError(t, err)
		first := pinned(t, book, head.Change)
		later := make([]ledger.Entry, 250)
		for i := range later { // on days long before, of accounts and subs old and new
			later[i] = deposit(fmt.Sprint("later", i), fmt.Sprint("M", i%12))
			later[i].Date = ledger.On(2025, 12, 20).AddDays(i)
		}
		_, err = book.PostAll(ctx, later)
		require.NoError(t, err)
		after, err := book.Head(ctx)
		require.NoError(t, err)
		require.Greater(t, after.Entries, head.Entries+200)
		require.NotEqual(t, first, pinned(t, book, after.Change))
		require.Equal(t, first, pinned(t, book, head.Change))
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		defer tx.Rollback()
		bound, err := ledger.Open(ctx, store.Bind(tx), config("kspps-melati"))
		require.NoError(t, err)
		_, err = bound.Post(ctx, deposit("bound", "M1"))
		require.NoError(t, err)
		require.Equal(t, first, pinned(t, bound, head.Change))
	})
}

// pinned reads balances, lines and changes as of a change.
func pinned(t *testing.T, book *ledger.Book, change uint64) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		for _, at := range []ledger.Moment{ledger.Latest(), ledger.EndOf(ledger.On(2026, 6, 30))} {
			through(t, &out, tx.Balances(at.AsOf(change)), func(ledger.Balance) bool { return true })
			through(t, &out, tx.SubBalances("30101", "", at.AsOf(change)), func(ledger.Balance) bool { return true })
		}
		for _, q := range []ledger.LineQuery{{}, {Account: "10102"}, {Account: "30101", AllSubs: true, From: ledger.On(2026, 2, 1), Through: ledger.On(2026, 6, 30)}} {
			through(t, &out, tx.Lines(q), func(l ledger.PostedLine) bool { return l.Change <= change })
		}
		through(t, &out, tx.Entries(1), func(p ledger.Posted) bool { return p.Change <= change })
		return nil
	}))
	return out.String()
}

func through[R any](t *testing.T, out *strings.Builder, list iter.Seq2[R, error], there func(R) bool) {
	t.Helper()
	for row, err := range list {
		require.NoError(t, err)
		if there(row) {
			fmt.Fprintf(out, "%+v\n", row)
		}
	}
}
