package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// said returns what an operation sends to the server, one call of the driver
// after the other: it is ended at each in turn until it comes through.
func said(t *testing.T, f *faulty, do func(n int) error) []string {
	t.Helper()
	var all []string
	stop := errors.New("as far as this")
	for at := 1; ; at++ {
		require.NoError(t, do(-at)) // what is kept from one to the next
		f.arm(at, false, stop)
		err := do(at)
		_, hit := f.disarm()
		if hit == "" {
			require.NoError(t, err)
			return all
		}
		require.ErrorIs(t, err, stop)
		all = append(all, hit)
	}
}

// TestStatements holds the number of statements to what it is: on PostgreSQL
// each is a way to the server and back.
func TestStatements(t *testing.T) {
	want := map[string]map[sqlledger.Dialect]int{ // BEGIN and COMMIT among them
		"a post":            {sqlledger.PostgreSQL: 5, sqlledger.SQLite: 9},
		"a repeat":          {sqlledger.PostgreSQL: 5, sqlledger.SQLite: 5},
		"a refusal":         {sqlledger.PostgreSQL: 3, sqlledger.SQLite: 3},
		"a bound post":      {sqlledger.PostgreSQL: 6, sqlledger.SQLite: 10},
		"a host's post":     {sqlledger.PostgreSQL: 6, sqlledger.SQLite: 12}, // with a savepoint and its release
		"100 posts at once": {sqlledger.PostgreSQL: 5, sqlledger.SQLite: 64},
		"1000 posts":        {sqlledger.PostgreSQL: 10, sqlledger.SQLite: 569},
		"a balance":         {sqlledger.PostgreSQL: 3, sqlledger.SQLite: 3},
		"a balance as of":   {sqlledger.PostgreSQL: 5, sqlledger.SQLite: 5},
		"a passbook page":   {sqlledger.PostgreSQL: 3, sqlledger.SQLite: 3},
		"opening a book":    {sqlledger.PostgreSQL: 2, sqlledger.SQLite: 2},
	}
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, db, f := faultyStore(t, e, 1)
		book := create(t, store, "kspps-melati")
		many := func(n, size int) []ledger.Entry {
			entries := make([]ledger.Entry, size)
			for i := range entries {
				entries[i] = deposit(fmt.Sprint("A", size, "/", n, "/", i), fmt.Sprint("M", i))
			}
			return entries
		}
		for _, warm := range []int{1, 100, 1000} { // charts, subs, prepared statements
			for n := range 2 {
				_, err := book.PostAll(ctx, many(-n, warm))
				require.NoError(t, err)
			}
		}
		read := func(fn func(tx *ledger.Tx) error) func(int) error {
			return func(int) error { return book.View(ctx, fn) }
		}
		balance := func(at ledger.Moment) func(int) error {
			return read(func(tx *ledger.Tx) error { _, err := tx.Balance("30101", "M7", at); return err })
		}
		day := ledger.On(2026, 11, 23)
		got := make(map[string]int)
		for name, do := range map[string]func(n int) error{
			"a post":   func(n int) error { _, err := book.Post(ctx, deposit(fmt.Sprint("P", n), "M1")); return err },
			"a repeat": func(int) error { _, err := book.Post(ctx, many(0, 1)[0]); return err },
			"a refusal": func(n int) error {
				_, err := book.Post(ctx, deposit(fmt.Sprint("R", n), ""))
				if errors.Is(err, ledger.ErrSub) {
					return nil
				}
				return err
			},
			"a bound post": func(n int) error {
				return store.Retry(ctx, func(_ *sql.Tx, books *sqlledger.Bound) error {
					bound, err := ledger.Open(ctx, books, config("kspps-melati"))
					if err != nil {
						return err
					}
					_, err = bound.Post(ctx, deposit(fmt.Sprint("B", n), "M1"))
					return err
				})
			},
			"a host's post": func(n int) error {
				tx, err := db.BeginTx(ctx, nil)
				if err != nil {
					return err
				}
				defer tx.Rollback()
				own, err := ledger.Open(ctx, store.Bind(tx), config("kspps-melati"))
				if err != nil {
					return err
				}
				if _, err := own.Post(ctx, deposit(fmt.Sprint("H", n), "M1")); err != nil {
					return err
				}
				return tx.Commit()
			},
			"100 posts at once": func(n int) error { _, err := book.PostAll(ctx, many(n, 100)); return err },
			"1000 posts":        func(n int) error { _, err := book.PostAll(ctx, many(n, 1000)); return err },
			"a balance":         balance(ledger.EndOf(day)),
			"a balance as of":   balance(ledger.EndOf(day).AsOf(40)),
			"a passbook page": read(func(tx *ledger.Tx) error {
				n := 0
				for _, err := range tx.Lines(ledger.LineQuery{Account: "30101", Sub: "M7"}) {
					if n++; err != nil || n == 50 {
						return err
					}
				}
				return nil
			}),
			"opening a book": func(int) error { _, err := ledger.Open(ctx, store, config("kspps-melati")); return err },
		} {
			require.NoError(t, do(1)) // what is kept from one to the next
			f.arm(0, false, nil)
			require.NoError(t, do(2))
			got[name], _ = f.disarm()
		}
		for name := range want {
			require.Equal(t, want[name][e.dialect], got[name], "%s on %s: all are %v", name, e.name, got)
		}
	})
}

// TestDrawing holds the drawing of one post in the package's documentation to
// the statements that are sent.
func TestDrawing(t *testing.T) {
	text, err := os.ReadFile("../doc.go")
	require.NoError(t, err)
	_, drawing, found := strings.Cut(string(text), "// # One post\n")
	require.True(t, found)
	drawing, _, _ = strings.Cut(drawing, "// # ")
	var drawn []string
	for line := range strings.Lines(drawing) {
		if step := regexp.MustCompile(`^//\t([A-Z].*?)( {2,}|\n)`).FindStringSubmatch(line); step != nil {
			drawn = append(drawn, step[1])
		}
	}
	onEach(t, func(t *testing.T, e engine) {
		if e.dialect != sqlledger.PostgreSQL {
			return // one statement a table
		}
		store, _, f := faultyStore(t, e, 1)
		book := create(t, store, "kspps-melati")
		_, err := book.Post(context.Background(), deposit("T", "M1"))
		require.NoError(t, err)
		sent := said(t, f, func(n int) error { // for a member who is not known yet
			_, err := book.Post(context.Background(), deposit(fmt.Sprint("T", n), fmt.Sprint("N", n)))
			return err
		})
		require.Len(t, sent, len(drawn))
		for i, step := range drawn {
			pattern := `(?is)^` + strings.ReplaceAll(regexp.QuoteMeta(step), `\.\.\.`, `.*`)
			require.Regexp(t, pattern, strings.Join(strings.Fields(strings.ReplaceAll(sent[i], "(", "( ")), " "))
		}
	})
}

// TestOneConnection reads long lists from a pool of one connection and posts
// in between: nothing is held while the reader thinks.
func TestOneConnection(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, db := e.store(t)
		db.SetMaxOpenConns(1)
		book, other := create(t, store, "kspps-melati"), create(t, store, "kspps-mawar")
		var entries []ledger.Entry
		for i := range 1500 {
			entries = append(entries, deposit(fmt.Sprint("K", i), "M1"))
		}
		_, err := book.PostAll(ctx, entries)
		require.NoError(t, err)
		head, err := book.Head(ctx)
		require.NoError(t, err)

		n := 0
		for line, err := range book.Lines(ctx, ledger.LineQuery{Account: "30101", Sub: "M1"}) {
			require.NoError(t, err)
			n++
			require.Equal(t, uint64(n), line.Entry)
			if n%300 == 0 {
				for _, b := range []*ledger.Book{book, other} {
					_, err := b.Post(ctx, deposit(fmt.Sprint("L", n), "M1"))
					require.NoError(t, err)
				}
			}
		}
		require.Equal(t, 1500, n)
		number := uint64(1)
		for ch, err := range book.Changes(ctx, number) {
			require.NoError(t, err)
			require.Equal(t, number, ch.Number)
			if number++; number%500 == 0 {
				_, err := book.Post(ctx, deposit(fmt.Sprint("C", number), "M1"))
				require.NoError(t, err)
			}
		}
		require.Greater(t, number, head.Change)
		require.Zero(t, db.Stats().InUse)
	})
}
