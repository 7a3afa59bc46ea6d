package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestConcurrent has sixteen goroutines post, withdraw and repeat keys through
// three stores with handles of their own, as three processes would.
func TestConcurrent(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		noDeadlocks(t, e)
		ctx := context.Background()
		db, again := e.open(t)
		require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
		first := create(t, sqlledger.Open(db, e.options()), "kspps-melati")
		books := []*ledger.Book{first}
		for range 2 {
			book, err := ledger.Open(ctx, sqlledger.Open(again(), e.options()), config("kspps-melati"))
			require.NoError(t, err)
			books = append(books, book)
		}
		require.NoError(t, first.Update(ctx, func(tx *ledger.Tx) error {
			return tx.OpenSub(ledger.SubOpening{Key: "O", Account: "30101", Sub: "M0", Holder: "A-0", Floor: ledger.HardFloor(ledger.Money{})})
		}))
		const workers, each = 16, 40
		taken := make([]int, workers)
		errs := make([]error, workers)
		var all sync.WaitGroup
		for w := range workers {
			all.Add(1)
			go func() {
				defer all.Done()
				rng := rand.New(rand.NewPCG(7, uint64(w)))
				for i := range each {
					book := books[rng.IntN(len(books))]
					entry := deposit(fmt.Sprintf("d%d/%d", w, i), "M0")
					switch rng.IntN(3) {
					case 0: // withdraw, if there is something
						entry.Lines[0].Amount, entry.Lines[1].Amount = entry.Lines[1].Amount, entry.Lines[0].Amount
					case 1:
						entry.Key = fmt.Sprintf("shared/%d", i)
					}
					_, err := book.Post(ctx, entry)
					switch {
					case errors.Is(err, ledger.ErrFloor):
						taken[w]++
					case err != nil:
						errs[w] = err
						return
					}
				}
			}()
		}
		all.Wait()
		require.NoError(t, errors.Join(errs...))
		require.True(t, ledgertest.Sound(ctx, t, first))
		require.NoError(t, first.View(ctx, func(tx *ledger.Tx) error {
			balance, err := tx.Balance("30101", "M0", ledger.Latest())
			require.LessOrEqual(t, balance.Sign(), 0, "never below its floor")
			return err
		}))
	})
}

// noDeadlocks fails the test if the server has had to end a transaction of it
// because two waited for each other. It is called before handles are opened:
// the server counts what happened in a connection when that is closed.
func noDeadlocks(t *testing.T, e engine) {
	t.Helper()
	if e.dialect != sqlledger.PostgreSQL {
		return
	}
	server := postgres(t)
	count := func() int {
		for {
			others, err := server.ask("SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
			require.NoError(t, err)
			if others[0] == 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		deadlocks, err := server.ask("SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()")
		require.NoError(t, err)
		return deadlocks[0]
	}
	before := count()
	t.Cleanup(func() { require.Equal(t, before, count(), "deadlocks") })
}

// TestMigrate runs at once in several processes, again, and on a newer schema.
func TestMigrate(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		db, again := e.open(t)
		_, err := ledger.Create(ctx, sqlledger.Open(db, e.options()), config("kspps-melati"))
		require.ErrorIs(t, err, sqlledger.ErrSchema)
		errs := make(chan error)
		for range 4 {
			own := again()
			go func() { errs <- migrate(ctx, own, e) }()
		}
		for range 4 {
			require.NoError(t, <-errs)
		}
		require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
		create(t, sqlledger.Open(db, e.options()), "kspps-melati")

		_, err = db.Exec("INSERT INTO mizan_schema (version, name) VALUES (99, 'later')")
		require.NoError(t, err)
		var wrong *sqlledger.SchemaError
		require.ErrorAs(t, sqlledger.Migrate(ctx, db, e.dialect), &wrong)
		require.Equal(t, 99, wrong.Found)
		_, err = ledger.Open(ctx, sqlledger.Open(db, e.options()), config("kspps-melati"))
		require.ErrorIs(t, err, sqlledger.ErrSchema)
		require.Error(t, sqlledger.Migrate(ctx, db, 0))
	})
}

// migrate tries again while SQLite is busy, as a host would.
func migrate(ctx context.Context, db *sql.DB, e engine) (err error) {
	for range 50 {
		if err = sqlledger.Migrate(ctx, db, e.dialect); err == nil || !busy(err) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// TestJournalView shows exact decimal amounts to people.
func TestJournalView(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, db := e.store(t)
		book := create(t, store, "kspps-melati")
		entry := deposit("T1", "M1")
		amounts := []string{}
		for i, sen := range []int64{1, 10, 105, 123_456_789_012_345_678} {
			entry.Key = fmt.Sprint("T", i)
			entry.Lines[0].Amount, entry.Lines[1].Amount = ledger.Minor(sen), ledger.Minor(-sen)
			_, err := book.Post(ctx, entry)
			require.NoError(t, err)
		}
		rows, err := db.Query("SELECT amount FROM mizan_journal WHERE book_id = 'kspps-melati' ORDER BY seq, line_no")
		require.NoError(t, err)
		defer rows.Close()
		for rows.Next() {
			var amount string
			require.NoError(t, rows.Scan(&amount))
			amounts = append(amounts, amount)
		}
		require.NoError(t, rows.Err())
		require.Equal(t, []string{"0.01", "-0.01", "0.10", "-0.10", "1.05", "-1.05", "1234567890123456.78", "-1234567890123456.78"}, amounts)
	})
}
