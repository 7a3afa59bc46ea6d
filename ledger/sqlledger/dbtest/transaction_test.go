package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestOneBookATransaction posts to and reads several books at once: every
// transaction of the store is about one of them, so that it stays on one node
// of a sharded database.
func TestOneBookATransaction(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, _, f := faultyStore(t, e, 50)
		books := createMany(t, store, 4)
		var all sync.WaitGroup
		for w := range 8 {
			all.Add(1)
			go func() {
				defer all.Done()
				for i := range 10 {
					book, key := books[(w+i)%len(books)], fmt.Sprint("K", w, "/", i)
					_, err := book.PostAll(ctx, []ledger.Entry{deposit(key, "M1"), deposit(key+"/2", key)})
					if err == nil {
						err = book.Update(ctx, func(tx *ledger.Tx) error {
							_, err := tx.Save(ledger.Record{Key: key + "/s", Kind: "murabahah", ID: key, Version: 1, Event: "order", Data: []byte(`{}`), State: []byte(`{}`), Format: 1})
							return err
						})
					}
					if err != nil || !ledgertest.Sound(ctx, t, book) {
						t.Errorf("%s: %v", book.ID(), err)
					}
				}
			}()
		}
		all.Wait()
		require.Zero(t, f.mixed, "statements of a transaction were about several books")
		// The counter does count.
		require.NoError(t, store.Retry(ctx, func(_ *sql.Tx, bound *sqlledger.Bound) error {
			for _, book := range books[:2] {
				own, err := ledger.Open(ctx, bound, config(book.ID()))
				if err != nil {
					return err
				}
				if _, err := own.Post(ctx, deposit("both", "M1")); err != nil {
					return err
				}
			}
			return nil
		}))
		require.Positive(t, f.mixed)
	})
}

// TestLevels holds transactions to the levels they are written for.
func TestLevels(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, _, f := faultyStore(t, e, 1)
		book := create(t, store, "kspps-melati")
		write, read := "begin Default", "begin Default" // SQLite: its one level is the strictest
		if e.dialect == sqlledger.PostgreSQL {
			write, read = "begin Read Committed", "begin Repeatable Read, read only"
		}
		f.arm(0, false, nil)
		_, err := book.Post(ctx, deposit("K", "M1"))
		require.NoError(t, err)
		require.Equal(t, write, f.heard[0])
		f.arm(0, false, nil)
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Balance("30101", "M1", ledger.Latest())
			return err
		}))
		require.Equal(t, read, f.heard[0])
		f.arm(0, false, nil)
		require.NoError(t, store.Retry(ctx, func(*sql.Tx, *sqlledger.Bound) error { return nil }))
		require.Equal(t, write, f.heard[0])
	})
}

// TestRowsOfAStatement bounds what one statement writes, however long an entry
// or a batch is.
func TestRowsOfAStatement(t *testing.T) {
	const most = 1000
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, db := e.store(t)
		create(t, store, "kspps-melati")
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		defer tx.Rollback()
		sizes := &rowCounter{Querier: tx}
		book, err := ledger.Open(ctx, store.Bind(sizes), config("kspps-melati"))
		require.NoError(t, err)
		_, err = book.Post(ctx, long("L", 3500))
		require.NoError(t, err)
		var entries []ledger.Entry
		for i := range 1500 {
			entries = append(entries, deposit(fmt.Sprint("A", i), fmt.Sprint("N", i)))
		}
		_, err = book.PostAll(ctx, entries)
		require.NoError(t, err)
		require.NotEmpty(t, sizes.rows)
		total := 0
		for _, n := range sizes.rows {
			require.LessOrEqual(t, n, most)
			total += n
		}
		// Lines, subs and turnovers of the entry; of each post its change, entry,
		// two lines, sub and turnover.
		require.GreaterOrEqual(t, total, 3*3500+6*1500)
	})
}

// rowCounter counts the rows that each insert writes.
type rowCounter struct {
	sqlledger.Querier
	rows []int
}

func (c *rowCounter) count(text string, args []any) {
	n := strings.Count(text, "(?1,") // SQLite: rows of values
	for _, part := range strings.Split(text, "INSERT INTO ")[1:] {
		var first int // PostgreSQL: the length of each table's first array
		if _, list, found := strings.Cut(part, "unnest($"); found {
			if _, err := fmt.Sscanf(list, "%d", &first); err == nil {
				n += strings.Count(fmt.Sprint(args[first-1]), ",") + 1
			}
		}
	}
	if strings.Contains(text, "INTO mizan_") && n > 0 {
		c.rows = append(c.rows, n)
	}
}

func (c *rowCounter) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	c.count(text, args)
	return c.Querier.ExecContext(ctx, text, args...)
}

func (c *rowCounter) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	c.count(text, args)
	return c.Querier.QueryContext(ctx, text, args...)
}
