package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// asking is a transaction that counts the questions for subs that go through
// it.
type asking struct {
	*sql.Tx
	asked *int
}

func (a asking) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if strings.Contains(query, "mizan_sub s") {
		*a.asked++
	}
	return a.Tx.QueryContext(ctx, query, args...)
}

// teller posts through a store of its own, as another process does.
type teller struct {
	*testing.T
	store *sqlledger.Store
	db    *sql.DB
}

// post posts 100 in a transaction and returns how often it had to ask for
// subs.
func (t teller) post(key, sub string, day ledger.Date) (asked int) {
	t.Helper()
	t.within(&asked, func(book *ledger.Book) error {
		e := deposit(key, sub)
		e.Date = day
		_, err := book.Post(context.Background(), e)
		return err
	})
	return asked
}

// within works on the book in a transaction, which is rolled back if that
// fails.
func (t teller) within(asked *int, do func(*ledger.Book) error) {
	t.Helper()
	ctx := context.Background()
	tx, err := t.db.BeginTx(ctx, nil)
	require.NoError(t, err)
	defer tx.Rollback()
	book, err := ledger.Open(ctx, t.store.Bind(asking{tx, asked}), config("kspps-melati"))
	require.NoError(t, err)
	if do(book) == nil {
		require.NoError(t, tx.Commit())
	}
}

// TestStandings posts through two stores in turn. A store asks for subs that
// it has just written no second time, and never posts on what another has
// changed meanwhile: whatever happened in between, the books are right.
func TestStandings(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		db, again := e.prepared(t)
		a, b := teller{t, sqlledger.Open(db, e.options()), db}, teller{T: t, db: again()}
		b.store = sqlledger.Open(b.db, e.options())
		book := create(t, a.store, "kspps-melati")
		day := ledger.On(2026, time.November, 23)
		require.Equal(t, 1, a.post("A1", "M1", day))
		require.Equal(t, 0, a.post("A2", "M1", day))
		require.Equal(t, 0, a.post("A3", "M1", day.Next()), "another day")
		require.Equal(t, 1, a.post("A4", "M1", day.AddDays(-7)), "days before those that are known")
		require.Equal(t, 0, a.post("A5", "M1", day.AddDays(-3)), "between them")
		require.Equal(t, 1, a.post("A6", "M2", day), "another member")
		requireInvariants(t, db, book)

		require.Equal(t, 1, b.post("B1", "M1", day.AddDays(-1)), "another store")
		require.Equal(t, 1, a.post("A7", "M1", day))
		require.Equal(t, 1, b.post("B2", "M1", day))
		requireInvariants(t, db, book)

		asked, changed := 0, errors.New("the host thinks better of it")
		b.within(&asked, func(book *ledger.Book) error {
			_, err := book.Post(ctx, deposit("B3", "M1"))
			require.NoError(t, err)
			return changed
		})
		require.Equal(t, 1, b.post("B4", "M1", day), "what was rolled back was never there")
		requireInvariants(t, db, book)

		refused := 0
		b.within(&refused, func(book *ledger.Book) error {
			e := deposit("B5", "M1")
			e.Lines[0].Sub = "x"
			_, err := book.Post(ctx, e)
			require.Error(t, err)
			return err
		})
		require.Equal(t, 0, b.post("B6", "M1", day), "a refusal changes nothing")

		b.within(&asked, func(book *ledger.Book) error { // floors, holds and blocks are known too
			return book.Update(ctx, func(tx *ledger.Tx) error {
				_, err := tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(50), From: day, Reason: "jaminan", By: "manajer"})
				require.NoError(t, err)
				return nil
			})
		})
		before, err := book.Head(ctx)
		require.NoError(t, err)
		b.within(&asked, func(book *ledger.Book) error {
			var balance ledger.Money
			require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
				balance, err = tx.Balance("30101", "M1", ledger.Latest())
				return err
			}))
			e := deposit("B7", "M1")
			e.Date = day.AddDays(30)
			e.Lines = []ledger.Line{ledger.Debit("30101", balance.Neg()).For("M1"), ledger.Credit("10102", balance.Neg())}
			_, err := book.Post(ctx, e)
			require.Error(t, err, "all of it, with a part held")
			return err
		})
		after, err := book.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, before, after)
		requireInvariants(t, db, book)
	})
}

// TestStandingsRecounted has a store post after another has put damaged
// turnovers right: it does not bring the damage back, though the head says
// that nothing has happened.
func TestStandingsRecounted(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		db, again := e.prepared(t)
		a, b := teller{t, sqlledger.Open(db, e.options()), db}, teller{T: t, db: again()}
		b.store = sqlledger.Open(b.db, e.options())
		book := create(t, a.store, "kspps-melati")
		day := ledger.On(2026, time.November, 23)
		b.post("B1", "M1", day)
		_, err := db.Exec("UPDATE mizan_turnover SET credit = credit + 7, balance = balance - 7 WHERE book_id = 'kspps-melati' AND sub = 'M1'")
		require.NoError(t, err)
		require.Equal(t, 1, a.post("A1", "M1", day), "and knows the damage now")
		other, err := ledger.Open(ctx, b.store, config("kspps-melati"))
		require.NoError(t, err)
		for n := range 2 {
			rebuilt, err := other.Rebuild(ctx)
			require.NoError(t, err)
			require.Len(t, rebuilt, 1-n)
			require.Equal(t, 1-n, a.post(fmt.Sprint("A2", n), "M1", day))
			requireInvariants(t, db, book)
		}
	})
}
