package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// watchdog is how long a test may stand still before that counts as a
// deadlock.
const watchdog = 3 * time.Minute

// TestPoolOfOne lets writers, readers and hosts share the only connection of a
// pool: every one of them gets it in the end.
func TestPoolOfOne(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx, cancel := context.WithTimeout(context.Background(), watchdog)
		defer cancel()
		db, _ := e.prepared(t)
		db.SetMaxOpenConns(1)
		options := e.options()
		options.BoundWait = watchdog // others' hosts are waited for
		store := sqlledger.Open(db, options)
		book, other := create(t, store, "kspps-melati"), create(t, store, "kspps-mawar")
		var entries []ledger.Entry
		for i := range 300 {
			entries = append(entries, deposit(fmt.Sprint("T", i), "M1"))
		}
		_, err := book.PostAll(ctx, entries)
		require.NoError(t, err)

		const rounds = 12
		jobs := map[string]func(n int, key string) error{
			"post": func(_ int, key string) error {
				_, err := book.Post(ctx, deposit(key, "M1"))
				return err
			},
			"post to the other": func(_ int, key string) error {
				_, err := other.Post(ctx, deposit(key, "M1"))
				return err
			},
			"open and post": func(_ int, key string) error {
				own, err := ledger.Open(ctx, store, config("kspps-melati"))
				if err == nil {
					_, err = own.Post(ctx, deposit(key, "M2"))
				}
				return err
			},
			"view": func(int, string) error {
				return book.View(ctx, func(tx *ledger.Tx) error {
					_, err := tx.Balance("30101", "M1", ledger.Latest())
					return err
				})
			},
			"post while reading": func(_ int, key string) error {
				read := 0
				for _, err := range book.Lines(ctx, ledger.LineQuery{Account: "30101", Sub: "M1"}) {
					if err != nil {
						return err
					}
					if read++; read == 100 {
						if _, err := book.Post(ctx, deposit(key, "M1")); err != nil {
							return err
						}
						for ch, err := range other.Changes(ctx, 1) { // and leave it in the middle
							if err != nil || ch.Number == 3 {
								break
							}
						}
					}
				}
				return nil
			},
			"retry": func(_ int, key string) error {
				return store.Retry(ctx, func(_ *sql.Tx, books *sqlledger.Bound) error {
					own, err := ledger.Open(ctx, books, config("kspps-melati"))
					if err == nil {
						_, err = own.Post(ctx, deposit(key, "M3"))
					}
					return err
				})
			},
			"bind": func(n int, key string) error {
				tx, err := db.BeginTx(ctx, nil)
				if err != nil {
					return err
				}
				defer tx.Rollback()
				own, err := ledger.Open(ctx, store.Bind(tx), config("kspps-melati"))
				if err != nil {
					return err
				}
				if _, err := own.Post(ctx, deposit(key, "M4")); err != nil || n%3 == 0 {
					return err // rolled back
				}
				return tx.Commit()
			},
		}
		failed := make(chan error, len(jobs))
		var all sync.WaitGroup
		for name, job := range jobs {
			all.Add(1)
			go func() {
				defer all.Done()
				for n := range rounds {
					if err := job(n, fmt.Sprint(name, "/", n)); err != nil {
						failed <- fmt.Errorf("%s %d: %w", name, n, err)
						return
					}
				}
			}()
		}
		all.Wait()
		close(failed)
		for err := range failed {
			require.NoError(t, err)
		}
		require.Zero(t, db.Stats().InUse)
		requireInvariants(t, db, book)
		requireInvariants(t, db, other)
		head, err := book.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, uint64(300+4*rounds+rounds*2/3), head.Entries)
	})
}

// TestPoolOfOneInOneCallChain holds the only connection in a host's
// transaction and asks the store for another: an error, and no deadlock,
// whatever the store would do with the connection first.
func TestPoolOfOneInOneCallChain(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx, cancel := context.WithTimeout(context.Background(), watchdog)
		defer cancel()
		db, _ := e.prepared(t)
		db.SetMaxOpenConns(1)
		options := e.options()
		options.BoundWait = 200 * time.Millisecond
		store := sqlledger.Open(db, options)
		book := create(t, store, "kspps-melati")
		for i := range 5 {
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			bound, err := ledger.Open(ctx, store.Bind(tx), config("kspps-melati"))
			require.NoError(t, err)
			_, err = bound.Post(ctx, deposit(fmt.Sprint("B", i), "M1"))
			require.NoError(t, err)
			_, err = book.Post(ctx, deposit(fmt.Sprint("S", i), "M1"))
			require.ErrorIs(t, err, sqlledger.ErrBoundLock)

			// What only reads waits as long as its context lets it.
			short, stop := context.WithTimeout(ctx, 50*time.Millisecond)
			err = book.View(short, func(*ledger.Tx) error { return nil })
			require.ErrorIs(t, err, context.DeadlineExceeded)
			stop()
			require.NoError(t, tx.Commit())
			_, err = book.Post(ctx, deposit(fmt.Sprint("S", i), "M1"))
			require.NoError(t, err)
			err = book.View(ctx, func(tx *ledger.Tx) error {
				short, stop := context.WithTimeout(ctx, 50*time.Millisecond)
				defer stop()
				_, err := book.Post(short, deposit(fmt.Sprint("V", i), "M1"))
				return err
			})
			require.True(t, errors.Is(err, context.DeadlineExceeded), "%v", err)
		}
		requireInvariants(t, db, book)
	})
}
