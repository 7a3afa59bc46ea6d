package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// stumbling fails one statement of those that write, after it was carried out.
type stumbling struct {
	sqlledger.Querier
	at   int
	seen int
}

func (s *stumbling) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	result, err := s.Querier.ExecContext(ctx, text, args...)
	if strings.HasPrefix(text, "INSERT") || strings.HasPrefix(text, "UPDATE mizan_book SET currency") {
		if s.seen++; s.seen == s.at && err == nil {
			err = errors.New("stumbled")
		}
	}
	return result, err
}

// TestCarelessHost commits although it was told to roll back. On PostgreSQL the
// server does not; on SQLite only the host's own rows are committed, and
// nothing of what was being written: the book goes on.
func TestCarelessHost(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		orders, entries := 0, 1
		for at, stumbles := 1, true; stumbles; at++ {
			tx, err := h.db.BeginTx(h.ctx, nil)
			require.NoError(t, err)
			h.order(tx, fmt.Sprint("A", at))
			var q sqlledger.Querier = tx
			if e.dialect == sqlledger.PostgreSQL { // where a statement that fails does so in the server
				_, err = h.db.Exec("INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) "+
					"VALUES ('kspps-melati', $1, 2, '10102', '', 1, '2026-11-23', 0, '', 0, 0)", entries+1)
				require.NoError(t, err)
				stumbles = false
			} else {
				q = &stumbling{Querier: tx, at: at}
			}
			book, err := ledger.Open(h.ctx, h.store.Bind(q), config("kspps-melati"))
			require.NoError(t, err)
			all := func(tx *ledger.Tx) error { return allKinds(tx, fmt.Sprint("K", at), at) }
			err = book.Update(h.ctx, all)
			if stumbles {
				if stumbles = err != nil; !stumbles {
					require.Greater(t, at, 9, "every table")
				}
			}
			if err != nil {
				require.ErrorIs(t, err, sqlledger.ErrRollBack)
				require.ErrorIs(t, book.Update(h.ctx, all), sqlledger.ErrRollBack)
			}
			committed := tx.Commit()
			if e.dialect == sqlledger.PostgreSQL {
				require.Error(t, committed)
				_, err = h.db.Exec("DELETE FROM mizan_line WHERE seq = $1", entries+1)
				require.NoError(t, err)
			} else {
				require.NoError(t, committed)
				orders++
			}
			require.NoError(t, h.book.Update(h.ctx, all), "the book goes on")
			entries++
			h.stands(orders, entries)
		}
		requireInvariants(t, h.db, h.book)
	})
}

// TestBindTakesATransaction refuses a pool of connections, each of whose
// statements would commit by itself, and a transaction that has ended.
func TestBindTakesATransaction(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		bound := h.store.Bind(h.db)
		_, err := ledger.Open(h.ctx, bound, config("kspps-melati"))
		require.ErrorContains(t, err, "not a *sql.DB")
		require.ErrorContains(t, bound.Update(h.ctx, "kspps-melati", func(ledger.Writer) error { return nil }), "not a *sql.DB")
		require.ErrorContains(t, bound.Lock(h.ctx, "kspps-melati"), "not a *sql.DB")

		tx, bound, book := h.begin("A")
		_, err = book.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		require.NoError(t, tx.Commit())
		_, err = book.Post(h.ctx, deposit("T2", "M1"))
		require.ErrorIs(t, err, sql.ErrTxDone)
		_, err = book.Head(h.ctx)
		require.ErrorIs(t, err, sql.ErrTxDone)
		_, err = ledger.Open(h.ctx, h.store.Bind(tx), config("kspps-melati"))
		require.ErrorIs(t, err, sql.ErrTxDone)
		require.ErrorIs(t, bound.Lock(h.ctx, "kspps-melati"), sql.ErrTxDone)
		_, err = h.book.Post(h.ctx, deposit("T2", "M1"))
		require.NoError(t, err)
		h.stands(1, 3)
	})
}

// TestBindsOfOneTransaction interleaves the books of two Binds of a
// transaction, and two books of one Bind.
func TestBindsOfOneTransaction(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		tx, bound, one := h.begin("A")
		two, err := ledger.Open(h.ctx, bound, config("kspps-melati"))
		require.NoError(t, err)
		three, err := ledger.Open(h.ctx, h.store.Bind(tx), config("kspps-melati"))
		require.NoError(t, err)
		for i, book := range []*ledger.Book{one, two, three, one, three, two} {
			posted, err := book.Post(h.ctx, deposit(fmt.Sprint("K", i), "M1"))
			require.NoError(t, err)
			require.Equal(t, uint64(2+i), posted.Number)
		}
		again, err := three.Post(h.ctx, deposit("K0", "M1"))
		require.NoError(t, err)
		require.True(t, again.Repeat)
		require.NoError(t, tx.Commit())
		h.stands(1, 7)
	})
}

// TestRetryEnded has a closure end the transaction itself: that is neither
// called unknown nor run again.
func TestRetryEnded(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		for i, end := range []func(*sql.Tx) error{(*sql.Tx).Commit, (*sql.Tx).Rollback} {
			runs := 0
			err := h.store.Retry(h.ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
				runs++
				book, err := ledger.Open(h.ctx, books, config("kspps-melati"))
				require.NoError(t, err)
				for n := range 2 {
					_, err = book.Post(h.ctx, deposit(fmt.Sprint("T", i, "/", n), "M1"))
					require.NoError(t, err)
				}
				return end(tx)
			})
			require.ErrorContains(t, err, "ended the transaction by itself")
			require.NotErrorIs(t, err, ledger.ErrCommitUnknown)
			var wrong *sqlledger.StoreError // which says that nothing was written
			require.False(t, errors.As(err, &wrong))
			require.Equal(t, 1, runs)
		}
		h.stands(0, 3)
	})
}

// TestBoundLockInOrder has transactions ask for the same two books in
// different orders: none waits for another that waits for it.
func TestBoundLockInOrder(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		create(t, h.store, "kspps-mawar")
		ids := []string{"kspps-melati", "kspps-mawar"}
		const workers, each = 4, 10
		var runs atomic.Int64
		failed := make([]error, workers)
		var all sync.WaitGroup
		for w := range workers {
			all.Add(1)
			go func() {
				defer all.Done()
				for i := range each {
					failed[w] = errors.Join(failed[w], h.store.Retry(h.ctx, func(_ *sql.Tx, books *sqlledger.Bound) error {
						runs.Add(1)
						if err := books.Lock(h.ctx, ids[w%2], ids[1-w%2]); err != nil {
							return err
						}
						for n := range ids {
							book, err := ledger.Open(h.ctx, books, config(ids[(n+w)%2]))
							if err != nil {
								return err
							}
							if _, err := book.Post(h.ctx, deposit(fmt.Sprint(w, "/", i), "M1")); err != nil {
								return err
							}
						}
						return nil
					}))
				}
			}()
		}
		all.Wait()
		require.NoError(t, errors.Join(failed...))
		if e.dialect == sqlledger.PostgreSQL { // SQLite may say busy
			require.Equal(t, int64(workers*each), runs.Load(), "a transaction was ended as a deadlock's victim")
		}
		h.stands(0, 1+workers*each)
		require.NoError(t, h.store.Retry(h.ctx, func(_ *sql.Tx, books *sqlledger.Bound) error {
			return books.Lock(h.ctx, "nobody", "nobody")
		}))
		h.stands(0, 1+workers*each)
	})
}

// TestBoundLocksTheFile posts to another book while a bound transaction of the
// same call chain is open: SQLite has one lock for all books, and says so.
func TestBoundLocksTheFile(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		if e.dialect == sqlledger.SQLite {
			h = hostOn(t, e, impatientSQLite(t))
		}
		options := e.options()
		options.BoundWait = 300 * time.Millisecond
		h.store = sqlledger.Open(h.db, options)
		other := create(t, h.store, "kspps-mawar")
		tx, _, book := h.begin("A")
		_, err := book.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		_, err = other.Post(h.ctx, deposit("T1", "M1"))
		if e.dialect == sqlledger.SQLite {
			require.ErrorIs(t, err, sqlledger.ErrBoundLock)
		} else {
			require.NoError(t, err)
		}
		require.NoError(t, tx.Commit())
		_, err = other.Post(h.ctx, deposit("T2", "M1"))
		require.NoError(t, err)
		h.stands(1, 2)
	})
}

// TestTimeouts has the server end statements, waits and idle transactions in
// its own time: nothing is written, and the next post goes well.
func TestTimeouts(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		if e.dialect != sqlledger.PostgreSQL {
			t.Skip("SQLite has no such limits")
		}
		ctx, address := context.Background(), postgres(t).schema(t)
		free := openHandle(t, "pgx", address)
		require.NoError(t, sqlledger.Migrate(ctx, free, e.dialect))
		for setting, code := range map[string]string{"lock_timeout=100": "55P03", "statement_timeout=200": "57014", "idle_in_transaction_session_timeout=100": ""} {
			options := e.options()
			options.Attempts = 3
			book := create(t, sqlledger.Open(openHandle(t, "pgx", address+" "+setting), options), setting)
			runs := 0
			post := func(tx *ledger.Tx) error {
				if runs++; code == "" {
					time.Sleep(300 * time.Millisecond)
				}
				_, err := tx.Post(deposit("T1", "M1"))
				return err
			}
			holder, err := free.Begin()
			require.NoError(t, err)
			if code != "" {
				_, err = holder.Exec("UPDATE mizan_book SET change_no = change_no WHERE book_id = $1", setting)
				require.NoError(t, err)
			}
			err = book.Update(ctx, post)
			require.Error(t, err)
			require.NotErrorIs(t, err, ledger.ErrCommitUnknown)
			var state interface{ SQLState() string }
			if code != "" {
				require.ErrorAs(t, err, &state)
				require.Equal(t, code, state.SQLState())
				require.Zero(t, runs)
			}
			require.NoError(t, holder.Rollback())
			_, err = book.Post(ctx, deposit("T1", "M1"))
			require.NoError(t, err)
			requireInvariants(t, free, book)
		}
	})
}
