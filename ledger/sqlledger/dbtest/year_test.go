package dbtest

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/examples/koperasi/year"
	"github.com/mizan-coop/mizan/ledger"
)

// melati is the folder of a made-up cooperative's year.
const melati = "../../../examples/koperasi/melati/in"

// TestYear keeps a whole year, row by row, in a database: every file that is
// read from its books and the digest of their head are as in memory.
func TestYear(t *testing.T) {
	head, files := keepYear(t, ledger.NewMemory())
	require.Len(t, files, 9)
	onEach(t, func(t *testing.T, e engine) {
		store, db := e.store(t)
		stored, read := keepYear(t, store)
		require.Equal(t, head, stored)
		for name, content := range files {
			require.True(t, bytes.Equal(content, read[name]), "%s is not as in memory", name)
		}
		require.Len(t, read, len(files))
		book, err := ledger.Open(context.Background(), store, config(head.Book))
		require.NoError(t, err)
		requireInvariants(t, db, book)
	})
}

// keepYear keeps the year in a store and returns the head of its book and all
// files.
func keepYear(t *testing.T, store ledger.Store) (ledger.Head, map[string][]byte) {
	t.Helper()
	ctx := context.Background()
	folder, faults := year.Read(os.DirFS(melati))
	require.Empty(t, faults)
	kept, faults, err := year.Keep(ctx, store, folder, func(string) {})
	require.NoError(t, err)
	require.Empty(t, faults)
	require.NoError(t, kept.Check(ctx))
	files := make(map[string][]byte)
	for _, file := range kept.Files(ctx) {
		var content bytes.Buffer
		require.NoError(t, file.Write(&content))
		files[file.Name] = content.Bytes()
	}
	head, err := kept.Book().Head(ctx)
	require.NoError(t, err)
	return head, files
}
