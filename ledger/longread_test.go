package ledger_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestLongReads lists more than a page while the book is posted to: what is
// listed is what was there when the list began, whole and in order.
func TestLongReads(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, 11, 23)
	post(t, book, "early", 1500, day)
	head, err := book.Head(ctx)
	require.NoError(t, err)

	for name, q := range map[string]ledger.LineQuery{
		"all":        {},
		"of a sub":   {Account: "30101", Sub: "M0001-SIMUDA"},
		"descending": {Account: "10102", Descending: true},
	} {
		var want []ledger.PostedLine
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			for line, err := range tx.Lines(q) {
				require.NoError(t, err)
				want = append(want, line)
			}
			return nil
		}))
		var got []ledger.PostedLine
		for line, err := range book.Lines(ctx, q) {
			require.NoError(t, err)
			if len(got)%700 == 0 {
				post(t, book, name+strconv.Itoa(len(got)), 1, day.AddDays(-len(got)/700))
			}
			got = append(got, line)
		}
		require.Equal(t, want, got, name)
	}

	next := head.Change - 1100
	for ch, err := range book.Changes(ctx, next) {
		require.NoError(t, err)
		require.Equal(t, next, ch.Number)
		if next%500 == 0 {
			post(t, book, "feed"+strconv.FormatUint(next, 10), 1, day)
		}
		next++
		if next == head.Change {
			break // a list may be left
		}
	}
	require.Equal(t, head.Change, next)
	head, err = book.Head(ctx)
	require.NoError(t, err)
	next = head.Change - 100                       // more than a page
	for ch, err := range book.Changes(ctx, next) { // each row leads to another behind it
		require.NoError(t, err)
		require.LessOrEqual(t, ch.Number, head.Change, "the feed does not end where the book stood")
		post(t, book, "on"+strconv.FormatUint(next, 10), 1, day)
		next++
	}
	require.Equal(t, head.Change+1, next)
	for _, err := range book.Lines(ctx, ledger.LineQuery{Sub: "M0001-SIMUDA"}) {
		require.ErrorIs(t, err, ledger.ErrSub)
	}
}
