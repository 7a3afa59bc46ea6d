package interchange_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// A backup from before names had to be told apart by sight is history and is
// restored to the byte: what was written stays. Only a new command is refused.
func TestBackupWithNamesThatLookAlike(t *testing.T) {
	ctx := context.Background()
	want, err := os.ReadFile(filepath.Join("testdata", "alike.jsonl"))
	require.NoError(t, err)
	book, err := importBook(ledger.NewMemory(), bytes.NewReader(want))
	require.NoError(t, err)
	requireSound(t, book)
	require.Equal(t, string(want), view(t, book, exportBook))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		balance, err := tx.Balance("99101", "A:1 (lama) ", ledger.Latest())
		require.NoError(t, err)
		require.Equal(t, rp(50), balance)
		return nil
	}))
	moves := func(key, sub string) error {
		_, err := book.Post(ctx, ledger.Entry{Key: key, Date: nov(25), Lines: []ledger.Line{
			ledger.Debit("99101", rp(1)).For(sub), ledger.Credit("99199", rp(1))}})
		return err
	}
	require.ErrorIs(t, moves("baru", "A:1 (lama) "), ledger.ErrSub)
	require.ErrorIs(t, moves("baru ", "A:1 (lama)"), ledger.ErrKey)
	require.NoError(t, moves("baru", "A:1 (lama)"))
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "balik", Entry: 4, Date: nov(25), Reason: "nama lama"})
	require.NoError(t, err)
}
