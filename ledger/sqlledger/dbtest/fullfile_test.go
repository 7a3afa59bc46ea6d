package dbtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestFullDisk lets a file of SQLite grow no further: what does not fit is
// refused whole, in the store's own transactions and in a host's that commits
// all the same, and written once there is room.
func TestFullDisk(t *testing.T) {
	ctx, file := context.Background(), t.TempDir()+"/books.db"
	options := sqlledger.Options{Dialect: sqlledger.SQLite, Busy: busy}
	small := openHandle(t, "sqlite", sqliteURL(file, "_pragma=synchronous(OFF)&_pragma=max_page_count(150)"))
	require.NoError(t, sqlledger.Migrate(ctx, small, sqlledger.SQLite))
	book := create(t, sqlledger.Open(small, options), "kspps-melati")
	var refused []ledger.Entry
	n := 0
	for full := error(nil); full == nil; {
		refused = refused[:0]
		for range 60 {
			n++
			refused = append(refused, deposit(fmt.Sprint("K", n), fmt.Sprint("M", n)))
		}
		_, full = book.PostAll(ctx, refused)
	}
	require.Greater(t, n, 120)
	_, err := book.Post(ctx, long("long", 1200))
	require.ErrorContains(t, err, "full")
	tx, err := small.Begin()
	require.NoError(t, err)
	bound, err := ledger.Open(ctx, sqlledger.Open(small, options).Bind(tx), config("kspps-melati"))
	require.NoError(t, err)
	_, err = bound.Post(ctx, long("long", 1200))
	require.ErrorIs(t, err, sqlledger.ErrRollBack)
	_ = tx.Commit()
	require.True(t, ledgertest.Sound(ctx, t, book))

	large := openHandle(t, "sqlite", fastSQLite(file))
	book, err = ledger.Open(ctx, sqlledger.Open(large, options), config("kspps-melati"))
	require.NoError(t, err)
	for _, e := range append(refused, long("long", 1200)) {
		posted, err := book.Post(ctx, e)
		require.NoError(t, err)
		require.False(t, posted.Repeat)
	}
	require.True(t, ledgertest.Sound(ctx, t, book))
}

// TestReadOnlyFile reads a book in a file that may not be written.
func TestReadOnlyFile(t *testing.T) {
	ctx, file := context.Background(), t.TempDir()+"/books.db"
	options := sqlledger.Options{Dialect: sqlledger.SQLite, Busy: busy}
	db := openHandle(t, "sqlite", fastSQLite(file))
	require.NoError(t, sqlledger.Migrate(ctx, db, sqlledger.SQLite))
	oneOfEverything(t, sqlledger.Open(db, options))

	readOnly := openHandle(t, "sqlite", "file:"+file+"?mode=ro")
	require.NoError(t, sqlledger.Migrate(ctx, readOnly, sqlledger.SQLite), "there is nothing to do")
	book, err := ledger.Open(ctx, sqlledger.Open(readOnly, options), config("kspps-melati"))
	require.NoError(t, err)
	requireInvariants(t, readOnly, book)
	before, err := book.Head(ctx)
	require.NoError(t, err)
	_, err = book.Post(ctx, deposit("T9", "M1"))
	require.ErrorContains(t, err, "readonly")
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
