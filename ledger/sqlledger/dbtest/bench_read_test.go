package dbtest

import (
	"context"
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// manyLines is how many lines the book has that is read, opened and posted to:
//
//	go test -run '^$' -bench BigBook -lines 10000000 .
//	go test -run TestPlans -lines 10000000 .
var manyLines = flag.Int("lines", 1_000_000, "how many lines the big book of plans and benchmarks has")

// BenchmarkReading reads a book of -lines lines. The floor is the one
// statement that would do, outside any transaction.
func BenchmarkReading(b *testing.B) {
	onEachEngine(b, func(b *testing.B, e engine) {
		ctx := context.Background()
		store, db := e.store(b)
		pool(db, e, 1)
		book := create(b, store, "big")
		members := bulk(b, e, db, "big", *manyLines)
		day := ledger.On(2025, 3, 3)
		head, err := book.Head(ctx)
		require.NoError(b, err)
		balance, err := db.Prepare("SELECT balance FROM mizan_turnover WHERE book_id = 'big' AND code = '30101' AND sub = $1 " +
			"AND on_date <= '2025-03-03' ORDER BY on_date DESC LIMIT 1")
		require.NoError(b, err)
		page, err := db.Prepare("SELECT seq, line_no, amount, on_date FROM mizan_line WHERE book_id = 'big' AND code = '10102' AND sub = '' " +
			"AND on_date >= '2025-03-03' ORDER BY on_date, seq, line_no LIMIT 50")
		require.NoError(b, err)
		member := func(i int) string { return fmt.Sprintf("M%d", i*7919%members) }

		bareBalance := func(i int) error {
			var n int64
			return balance.QueryRow(member(i)).Scan(&n)
		}
		barePage := func(int) error {
			rows, err := page.Query()
			if err != nil {
				return err
			}
			defer rows.Close()
			var seq, no, amount int64
			var on any
			for rows.Next() {
				if err := rows.Scan(&seq, &no, &amount, &on); err != nil {
					return err
				}
			}
			return rows.Err()
		}
		balanceAt := func(at ledger.Moment) func(int) error {
			return func(i int) error {
				return book.View(ctx, func(tx *ledger.Tx) error {
					_, err := tx.Balance("30101", member(i), at)
					return err
				})
			}
		}
		ownPage := func(int) error {
			return book.View(ctx, func(tx *ledger.Tx) error {
				n := 0
				for _, err := range tx.Lines(ledger.LineQuery{Account: "10102", From: day}) {
					if n++; err != nil || n == 50 {
						return err
					}
				}
				return nil
			})
		}
		for _, c := range []struct {
			name      string
			bare, own func(int) error
		}{
			{"balance at a date", bareBalance, balanceAt(ledger.EndOf(day))},
			{"balance as of the last change but 100", bareBalance, balanceAt(ledger.EndOf(day).AsOf(head.Change - 100))},
			{"balance as of the half", bareBalance, balanceAt(ledger.EndOf(day).AsOf(head.Change / 2))},
			{"passbook page of 50", barePage, ownPage},
		} {
			b.Run(c.name, func(b *testing.B) {
				contest(b, func() float64 { return rate(b, 1, 200, c.bare) }, func() float64 { return rate(b, 1, 200, c.own) })
			})
		}
	})
}

// BenchmarkBigBook opens a book of -lines lines, anew for every post, and
// posts. The floor is the same on a book of some lines in the same database.
func BenchmarkBigBook(b *testing.B) {
	onEachEngine(b, func(b *testing.B, e engine) {
		ctx := context.Background()
		store, db := e.store(b)
		pool(db, e, 1)
		create(b, store, "small")
		create(b, store, "big")
		bulk(b, e, db, "small", 1000)
		bulk(b, e, db, "big", *manyLines)
		var keys deposits
		openAndPost := func(id string) func() float64 {
			return func() float64 {
				return rate(b, 1, 100, func(int) error {
					book, err := ledger.Open(ctx, store, config(id))
					if err == nil {
						_, err = book.Post(ctx, keys.next())
					}
					return err
				})
			}
		}
		contest(b, openAndPost("small"), openAndPost("big"))
	})
}
