package dbtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// Every list ends although what it gives leads to more of it: in an update, in
// a view, and in a view of the host's transaction, in which the same goroutine
// posts. Each list is longer than the first pages.
func TestListsEndWhilePosting(t *testing.T) {
	const most = 2_000
	onEach(t, func(t *testing.T, e engine) {
		for _, bound := range []bool{false, true} {
			for name, list := range endlessLists {
				t.Run(fmt.Sprintf("%s/bound %v", name, bound), func(t *testing.T) {
					h := host(t, e)
					book := h.book
					if bound {
						tx, _, hosted := h.begin("A")
						defer func() { require.NoError(t, tx.Rollback()) }()
						book = hosted
					}
					fillForLists(t, book)
					for _, writes := range []bool{true, false} {
						run, began, n := book.View, uint64(0), 0
						if writes {
							run = book.Update
						} else if !bound && e.name == "PostgreSQL" {
							continue // a view keeps a connection, and its state whatever is posted on others
						}
						require.NoError(t, run(h.ctx, func(tx *ledger.Tx) error {
							head, err := tx.Head()
							require.NoError(t, err)
							began, n = head.Entries, 0
							return list(tx, func() bool {
								n++
								for i, sub := range []string{"M1", fmt.Sprintf("Z%v%06d", writes, n), fmt.Sprintf("ZZ%v%06d", writes, n)} {
									e := deposit(fmt.Sprintf("%v/%d/%d", writes, n, i), sub)
									e.Date = ledger.On(2030, time.January, 1).AddDays(2*n + i)
									if writes {
										_, err = tx.Post(e)
									} else {
										_, err = book.Post(h.ctx, e)
									}
									require.NoError(t, err)
								}
								return n < most
							})
						}))
						require.Greater(t, n, 90)
						require.LessOrEqual(t, n, int(began)+3, "writes %v", writes)
						require.Less(t, n, most, "writes %v", writes)
					}
				})
			}
		}
	})
}

var endlessLists = map[string]func(tx *ledger.Tx, next func() bool) error{
	"turnovers": func(tx *ledger.Tx, next func() bool) error {
		for _, err := range tx.Turnovers("30101", "M1", ledger.On(2026, time.May, 4), ledger.On(2099, time.January, 1)) {
			if err != nil || !next() {
				return err
			}
		}
		return nil
	},
	"sub balances": func(tx *ledger.Tx, next func() bool) error {
		for _, err := range tx.SubBalances("30101", "", ledger.Latest()) {
			if err != nil || !next() {
				return err
			}
		}
		return nil
	},
	"balances": func(tx *ledger.Tx, next func() bool) error {
		for _, err := range tx.Balances(ledger.Latest()) {
			if err != nil || !next() {
				return err
			}
		}
		return nil
	},
	"lines": func(tx *ledger.Tx, next func() bool) error {
		for _, err := range tx.Lines(ledger.LineQuery{Account: "30101", Sub: "M1"}) {
			if err != nil || !next() {
				return err
			}
		}
		return nil
	},
}

// fillForLists posts a hundred days of one sub, and to a hundred subs.
func fillForLists(t *testing.T, book *ledger.Book) {
	t.Helper()
	day := ledger.On(2026, time.May, 4)
	var entries []ledger.Entry
	for i := range 100 {
		one, many := deposit(fmt.Sprint("one/", i), "M1"), deposit(fmt.Sprint("many/", i), fmt.Sprintf("M1%06d", i))
		one.Date, many.Date = day.AddDays(i), day
		entries = append(entries, one, many)
	}
	_, err := book.PostAll(context.Background(), entries)
	require.NoError(t, err)
}
