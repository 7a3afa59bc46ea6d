package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// No text turns the direction of reading around: beside it an amount would be
// read backwards, and a name as another. Texts in Arabic need no such mark.
func TestTextsThatTurnAround(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, time.May, 4)
	for _, mark := range []string{"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"} {
		turned := deposit("memo", day, "M1", 1)
		turned.Memo = "Setoran " + mark + "000.001"
		_, err := book.Post(ctx, turned)
		require.ErrorIs(t, err, ledger.ErrEntry)
		require.ErrorContains(t, err, "the memo has a control character")
		_, err = book.Post(ctx, deposit("sub", day, "M"+mark+"1", 1))
		require.ErrorIs(t, err, ledger.ErrSub)
		_, err = book.Post(ctx, deposit("key"+mark, day, "M1", 1))
		require.ErrorIs(t, err, ledger.ErrKey)
	}
	arabic := deposit("memo", day, "M1", 1)
	arabic.Memo = "infak \u0628\u0633\u0645 \u0627\u0644\u0644\u0647"
	_, err := book.Post(ctx, arabic)
	require.NoError(t, err)
}

// A list of entries ends, even if every one it gives leads to another.
func TestEntriesEndWhilePosting(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, time.May, 4)
	for _, key := range []string{"A", "B"} {
		_, err := book.Post(ctx, deposit(key, day, "M1", 1))
		require.NoError(t, err)
	}
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for posted, err := range tx.Entries(1) {
			require.NoError(t, err)
			require.LessOrEqual(t, posted.Number, uint64(2))
			_, err = tx.Post(deposit(posted.Key+"/again", day, "M2", 1))
			require.NoError(t, err)
		}
		return nil
	}))
	head, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, uint64(4), head.Entries)
}
