package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

const (
	manyBooks = 10_000
	manyPosts = 4_000
	// mostMemory bounds what a store keeps of its books between posts.
	mostMemory = 32 << 20
)

// TestManyBooks keeps ten thousand small books in one database and posts to
// random ones through one store. The store keeps little of them, and no book
// waits for another.
func TestManyBooks(t *testing.T) {
	oneByOne(t, func(t *testing.T, e engine) { // memory is measured
		ctx := context.Background()
		store, db := e.store(t)
		createInBulk(t, store, manyBooks)
		idle := heap()
		var all sync.WaitGroup
		failed := make([]error, 8)
		for w := range failed {
			all.Add(1)
			go func() {
				defer all.Done()
				rng := rand.New(rand.NewPCG(11, uint64(w)))
				for i := range manyPosts / len(failed) {
					failed[w] = errors.Join(failed[w], postTo(ctx, store, rng.IntN(manyBooks), fmt.Sprintf("%d/%d", w, i)))
				}
			}()
		}
		all.Wait()
		require.NoError(t, errors.Join(failed...))
		if kept := heap() - idle; kept > mostMemory {
			t.Errorf("the store keeps %d MB of its books", kept>>20)
		}
		var books, entries int
		require.NoError(t, db.QueryRow("SELECT count(*), sum(entry_no) FROM mizan_book").Scan(&books, &entries))
		require.Equal(t, manyBooks, books)
		require.Equal(t, manyPosts, entries)
		for i := range 50 {
			book, err := ledger.Open(ctx, store, config(bookOf(i*manyBooks/50)))
			require.NoError(t, err)
			require.True(t, ledgertest.Sound(ctx, t, book))
		}
		if e.dialect == sqlledger.PostgreSQL { // a file of SQLite has one writer
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			defer tx.Rollback()
			require.NoError(t, postTo(ctx, store.Bind(tx), 0, "held"))
			for i := 1; i <= 100; i++ { // while one book is locked
				require.NoError(t, postTo(ctx, store, i, "meanwhile"))
			}
		}
	})
}

func bookOf(i int) string { return fmt.Sprintf("kspps-%d", i) }

// postTo opens a book for one post, as a request to a web server does.
func postTo(ctx context.Context, store ledger.Store, i int, key string) error {
	book, err := ledger.Open(ctx, store, config(bookOf(i)))
	if err != nil {
		return err
	}
	_, err = book.Post(ctx, deposit(key, "M1"))
	return err
}

// createInBulk creates books with the accounts of a deposit, many in a
// transaction.
func createInBulk(t *testing.T, store *sqlledger.Store, n int) {
	t.Helper()
	ctx := context.Background()
	var chart ledger.Chart
	for _, account := range ledgertest.Chart() {
		if account.Code == "10102" || account.Code == "30101" {
			chart = append(chart, account)
		}
	}
	require.Len(t, chart, 2)
	for from := 0; from < n; from += 1000 {
		require.NoError(t, store.Retry(ctx, func(_ *sql.Tx, books *sqlledger.Bound) error {
			for i := from; i < min(from+1000, n); i++ {
				c := config(bookOf(i))
				c.Chart = chart
				if _, err := ledger.Create(ctx, books, c); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// heap returns the bytes that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
