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
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// hosted is a host application: its own table beside the books.
type hosted struct {
	*testing.T
	engine
	ctx   context.Context
	db    *sql.DB
	store *sqlledger.Store
	book  *ledger.Book // through the store
}

func host(t *testing.T, e engine) *hosted {
	t.Helper()
	_, db := e.store(t)
	return hostOn(t, e, db)
}

func hostOn(t *testing.T, e engine, db *sql.DB) *hosted {
	t.Helper()
	store := sqlledger.Open(db, e.options())
	_, err := db.Exec("CREATE TABLE orders (id varchar(60) NOT NULL, PRIMARY KEY (id))")
	require.NoError(t, err)
	h := &hosted{T: t, engine: e, ctx: context.Background(), db: db, store: store, book: create(t, store, "kspps-melati")}
	_, err = h.book.Post(h.ctx, deposit("T0", "M1"))
	require.NoError(t, err)
	return h
}

// begin begins the host's transaction with a row of its own.
func (h *hosted) begin(order string) (*sql.Tx, *sqlledger.Bound, *ledger.Book) {
	h.Helper()
	tx, err := h.db.BeginTx(h.ctx, nil)
	require.NoError(h, err)
	h.order(tx, order)
	bound := h.store.Bind(tx)
	book, err := ledger.Open(h.ctx, bound, config("kspps-melati"))
	require.NoError(h, err)
	return tx, bound, book
}

func (h *hosted) order(tx *sql.Tx, id string) {
	h.Helper()
	_, err := tx.Exec("INSERT INTO orders (id) VALUES ('" + id + "')")
	require.NoError(h, err)
}

// stands fails unless there are so many orders and entries, and the books are sound.
func (h *hosted) stands(orders, entries int) {
	h.Helper()
	var n int
	require.NoError(h, h.db.QueryRow("SELECT count(*) FROM orders").Scan(&n))
	require.Equal(h, orders, n)
	head, err := h.book.Head(h.ctx)
	require.NoError(h, err)
	require.Equal(h, uint64(entries), head.Entries)
	require.True(h, ledgertest.Sound(h.ctx, h.T, h.book))
}

func TestBoundCommitsWithItsHost(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		tx, _, book := h.begin("A")
		posted, err := book.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		require.Equal(t, uint64(2), posted.Number)
		_, err = book.PostAll(h.ctx, []ledger.Entry{deposit("T2", "M1"), deposit("T3", "M2")})
		require.NoError(t, err)
		head, err := book.Head(h.ctx) // sees its own
		require.NoError(t, err)
		require.Equal(t, uint64(4), head.Entries)
		require.NoError(t, tx.Commit())
		h.stands(1, 4)
	})
}

func TestBoundRollsBackWithItsHost(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		before, err := h.book.Head(h.ctx)
		require.NoError(t, err)
		tx, bound, book := h.begin("A")
		_, err = book.Post(h.ctx, deposit("T1", "M9"))
		require.NoError(t, err)
		_, err = ledger.Create(h.ctx, bound, config("kspps-mawar"))
		require.NoError(t, err)
		require.NoError(t, tx.Rollback())
		h.stands(0, 1)
		after, err := h.book.Head(h.ctx)
		require.NoError(t, err)
		require.Equal(t, before, after)
		for _, table := range []string{"mizan_book", "mizan_change", "mizan_entry"} {
			var n int
			require.NoError(t, h.db.QueryRow("SELECT count(*) FROM "+table+" WHERE book_id = 'kspps-mawar'").Scan(&n))
			require.Zero(t, n, table)
		}
		posted, err := h.book.Post(h.ctx, deposit("T1", "M9")) // the key is free
		require.NoError(t, err)
		require.False(t, posted.Repeat)
		h.stands(0, 2)
	})
}

// TestBoundRefusal leaves the host's transaction usable.
func TestBoundRefusal(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		tx, bound, book := h.begin("A")
		wrong := deposit("T1", "M1")
		wrong.Lines[0].Amount = ledger.IDR.Of(7)
		_, err := book.Post(h.ctx, wrong)
		require.ErrorIs(t, err, ledger.ErrUnbalanced)
		wrong = deposit("\x00", "M1")
		_, err = book.Post(h.ctx, wrong)
		require.ErrorIs(t, err, ledger.ErrKey)
		wrong = deposit("T1", "\xff")
		_, err = book.Post(h.ctx, wrong)
		require.ErrorIs(t, err, ledger.ErrSub)
		_, err = ledger.Open(h.ctx, bound, config("nobody"))
		require.ErrorIs(t, err, ledger.ErrNoBook)
		own := errors.New("given up")
		err = bound.Update(h.ctx, "nobody", func(ledger.Writer) error { return own })
		require.ErrorIs(t, err, own)
		require.NotErrorIs(t, err, sqlledger.ErrRollBack)
		h.order(tx, "B")
		_, err = book.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		require.NoError(t, tx.Commit())
		h.stands(2, 2)
		var n int
		require.NoError(t, h.db.QueryRow("SELECT count(*) FROM mizan_book").Scan(&n))
		require.Equal(t, 1, n)
	})
}

// TestBoundFlushFails says that the host must roll back, and goes on saying so.
func TestBoundFlushFails(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		// A row that the book does not know of stands where the next line goes.
		_, err := h.db.Exec("INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) " +
			"VALUES ('kspps-melati', 2, 1, '10102', '', 1, '2026-11-23', 0, '', 0, 0)")
		require.NoError(t, err)
		tx, _, book := h.begin("A")
		_, err = book.Post(h.ctx, deposit("T1", "M1"))
		require.ErrorIs(t, err, sqlledger.ErrRollBack)
		_, err = book.Post(h.ctx, deposit("T2", "M1"))
		require.ErrorIs(t, err, sqlledger.ErrRollBack)
		require.NoError(t, tx.Rollback())
		_, err = h.db.Exec("DELETE FROM mizan_line WHERE seq = 2")
		require.NoError(t, err)
		h.stands(0, 1)
	})
}

// TestBoundLock posts through the store while the same call chain holds the
// lock in a bound transaction: an error, and no deadlock.
func TestBoundLock(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		if e.dialect == sqlledger.SQLite { // whose own wait for a lock nothing cuts short
			h = hostOn(t, e, impatientSQLite(t))
		}
		options := e.options()
		options.BoundWait = 300 * time.Millisecond
		h.store = sqlledger.Open(h.db, options)
		book, err := ledger.Open(h.ctx, h.store, config("kspps-melati"))
		require.NoError(t, err)
		tx, _, bound := h.begin("A")
		_, err = bound.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		_, err = book.Post(h.ctx, deposit("T2", "M1"))
		require.ErrorIs(t, err, sqlledger.ErrBoundLock)
		_, err = bound.Post(h.ctx, deposit("T3", "M1")) // the host's transaction is as it was
		require.NoError(t, err)
		require.NoError(t, tx.Commit())
		_, err = book.Post(h.ctx, deposit("T2", "M1"))
		require.NoError(t, err)
		h.stands(1, 4)
	})
}

// TestBoundWait lets a post of another call chain wait for a bound one.
func TestBoundWait(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		tx, _, bound := h.begin("A")
		_, err := bound.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		done := make(chan error)
		go func() {
			_, err := h.book.Post(h.ctx, deposit("T2", "M1"))
			done <- err
		}()
		time.Sleep(50 * time.Millisecond)
		require.NoError(t, tx.Commit())
		require.NoError(t, <-done)
		h.stands(1, 3)
	})
}

// TestBoundConsistent reads one state under READ COMMITTED.
func TestBoundConsistent(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		tx, err := h.db.BeginTx(h.ctx, nil)
		require.NoError(t, err)
		book, err := ledger.Open(h.ctx, h.store.Bind(tx), config("kspps-melati"))
		require.NoError(t, err)
		posted := make(chan error, 1)
		require.NoError(t, book.View(h.ctx, func(view *ledger.Tx) error {
			first, err := view.Balance("10102", "", ledger.Latest()) // from here on it is one state
			require.NoError(t, err)
			require.Equal(t, ledger.IDR.Of(100), first)
			go func() {
				_, err := h.book.Post(h.ctx, deposit("T1", "M1"))
				posted <- err
			}()
			time.Sleep(50 * time.Millisecond)
			head, err := view.Head()
			require.NoError(t, err)
			require.Equal(t, uint64(1), head.Entries)
			balance, err := view.Balance("10102", "", ledger.Latest())
			require.NoError(t, err)
			require.Equal(t, first, balance)
			return nil
		}))
		require.NoError(t, tx.Rollback())
		require.NoError(t, <-posted)
		h.stands(0, 2)
	})
}

// TestBoundConcurrent has many hosts at once, each with its own row and post.
func TestBoundConcurrent(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		const hosts = 16
		var all sync.WaitGroup
		errs := make([]error, hosts)
		for i := range hosts {
			all.Add(1)
			go func() {
				defer all.Done()
				key := fmt.Sprint("H", i)
				errs[i] = h.store.Retry(h.ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
					book, err := ledger.Open(h.ctx, books, config("kspps-melati"))
					if err != nil {
						return err
					}
					if _, err := book.Post(h.ctx, deposit(key, "M1")); err != nil {
						return err
					}
					_, err = tx.ExecContext(h.ctx, "INSERT INTO orders (id) VALUES ('"+key+"')")
					if i%4 == 3 && err == nil {
						return ledger.ErrStale // the host gives up
					}
					return err
				})
			}()
		}
		all.Wait()
		for i, err := range errs {
			if i%4 == 3 {
				require.ErrorIs(t, err, ledger.ErrStale)
			} else {
				require.NoError(t, err)
			}
		}
		h.stands(hosts*3/4, 1+hosts*3/4)
	})
}

// TestBoundSavepoint takes part of a host's transaction back.
func TestBoundSavepoint(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e)
		tx, _, book := h.begin("A")
		_, err := book.Post(h.ctx, deposit("T1", "M1"))
		require.NoError(t, err)
		_, err = tx.Exec("SAVEPOINT before")
		require.NoError(t, err)
		_, err = book.Post(h.ctx, deposit("T2", "M2"))
		require.NoError(t, err)
		_, err = tx.Exec("ROLLBACK TO SAVEPOINT before")
		require.NoError(t, err)
		posted, err := book.Post(h.ctx, deposit("T3", "M2"))
		require.NoError(t, err)
		require.Equal(t, uint64(3), posted.Number)
		require.NoError(t, tx.Commit())
		h.stands(1, 3)
	})
}
