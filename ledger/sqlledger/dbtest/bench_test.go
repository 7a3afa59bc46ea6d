package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// The benchmarks print ratios to a floor of bare SQL on the same server in the
// same run: "of-floor" is this package's rate divided by the floor's.

// floorTables are the least a double-entry post needs.
const floorTables = `CREATE TABLE floor_book (book_id text PRIMARY KEY, head bigint NOT NULL);
CREATE TABLE floor_entry (book_id text, seq bigint, idem_key text, on_date date, memo text, PRIMARY KEY (book_id, seq), UNIQUE (book_id, idem_key));
CREATE TABLE floor_line (book_id text, seq bigint, line_no integer, code text, sub text, amount bigint, PRIMARY KEY (book_id, seq, line_no));
CREATE TABLE floor_turnover (book_id text, code text, sub text, on_date date, debit bigint, credit bigint, PRIMARY KEY (book_id, code, sub, on_date))`

// floor posts by bare SQL: seven round trips, prepared statements.
type floor struct {
	db                                *sql.DB
	lock, entry, lines, turnover, set *sql.Stmt
	n                                 atomic.Int64
}

func newFloor(b *testing.B, e engine, books int) *floor {
	db, _ := e.open(b)
	for _, statement := range strings.Split(floorTables, ";\n") {
		_, err := db.Exec(statement)
		require.NoError(b, err)
	}
	prepare := func(text string) *sql.Stmt {
		if e.dialect == sqlledger.SQLite {
			text = strings.ReplaceAll(text, "$", "?")
		}
		s, err := db.Prepare(text)
		require.NoError(b, err)
		return s
	}
	f := &floor{db: db,
		lock:  prepare("UPDATE floor_book SET head = head + 1 WHERE book_id = $1 RETURNING head"),
		entry: prepare("INSERT INTO floor_entry VALUES ($1, $2, $3, $4, $5)"),
		lines: prepare("INSERT INTO floor_line VALUES ($1, $2, 1, $3, $4, $5), ($1, $2, 2, $6, $7, $8)"),
		turnover: prepare("INSERT INTO floor_turnover VALUES ($1, $2, $3, $4, $5, 0), ($1, $6, $7, $4, 0, $5) " +
			"ON CONFLICT (book_id, code, sub, on_date) DO UPDATE SET debit = floor_turnover.debit + excluded.debit, credit = floor_turnover.credit + excluded.credit"),
		set: prepare("UPDATE floor_book SET head = $2 WHERE book_id = $1"),
	}
	for i := range books {
		_, err := db.Exec(fmt.Sprintf("INSERT INTO floor_book VALUES ('book-%d', 0)", i))
		require.NoError(b, err)
	}
	return f
}

func (f *floor) post(book int) error {
	ctx := context.Background()
	id := fmt.Sprintf("book-%d", book)
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var head int64
	if err := tx.StmtContext(ctx, f.lock).QueryRowContext(ctx, id).Scan(&head); err != nil {
		return err
	}
	n := f.n.Add(1)
	sub := fmt.Sprintf("M%d", n%1000)
	for _, step := range []struct {
		s    *sql.Stmt
		args []any
	}{
		{f.entry, []any{id, head, fmt.Sprintf("k%d", n), "2026-11-23", "Setoran tunai"}},
		{f.lines, []any{id, head, "10102", "", 100, "30101", sub, -100}},
		{f.turnover, []any{id, "10102", "", "2026-11-23", 100, "30101", sub}},
		{f.set, []any{id, head}},
	} {
		if _, err := tx.StmtContext(ctx, step.s).ExecContext(ctx, step.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// rate runs posts from a number of callers for a while and returns how many a
// second there were.
func rate(b *testing.B, callers, total int, post func(i int) error) float64 {
	b.Helper()
	runtime.GC()
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range callers {
		all.Add(1)
		go func() {
			defer all.Done()
			for {
				i := int(next.Add(1))
				if i > total {
					return
				}
				if err := post(i); err != nil {
					b.Error(err)
					return
				}
			}
		}()
	}
	all.Wait()
	return float64(total) / time.Since(began).Seconds()
}

func report(b *testing.B, own, floor float64) {
	b.ReportMetric(own, "posts/s")
	b.ReportMetric(floor, "floor/s")
	b.ReportMetric(own/floor, "of-floor")
	b.ReportMetric(0, "ns/op")
}

func deposit(key, sub string) ledger.Entry {
	return ledger.Entry{Key: key, Date: ledger.On(2026, time.November, 23), Memo: "Setoran tunai", Lines: []ledger.Line{
		ledger.Debit("10102", ledger.IDR.Of(100)), ledger.Credit("30101", ledger.IDR.Of(100)).For(sub),
	}}
}

func create(t testing.TB, store ledger.Store, id string) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(context.Background(), store, ledger.Config{ID: id, Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()})
	require.NoError(t, err)
	return book
}

func createMany(t testing.TB, store ledger.Store, n int) []*ledger.Book {
	t.Helper()
	books := make([]*ledger.Book, n)
	for i := range books {
		books[i] = create(t, store, fmt.Sprintf("book-%d", i))
	}
	return books
}

func BenchmarkPost(b *testing.B) {
	for _, e := range engines(b) {
		for _, c := range []struct{ callers, books, total int }{{1, 1, 3000}, {16, 1, 12000}, {64, 1, 24000}, {16, 64, 6000}} {
			if e.dialect == sqlledger.SQLite && c.books > 1 {
				continue // one file, one writer
			}
			b.Run(fmt.Sprintf("%s/callers=%d/books=%d", e.name, c.callers, c.books), func(b *testing.B) {
				for b.Loop() {
					f := newFloor(b, e, c.books)
					store, _ := e.store(b)
					books := createMany(b, store, c.books)
					post := func(i int) error {
						_, err := books[i%c.books].Post(context.Background(), deposit(fmt.Sprint("k", i), fmt.Sprint("M", i%1000)))
						return err
					}
					rate(b, c.callers, c.total/10, func(i int) error { return f.post(i % c.books) })
					bare := rate(b, c.callers, c.total/2, func(i int) error { return f.post(i % c.books) })
					rate(b, c.callers, c.total/10, func(i int) error { return post(c.total + i) })
					own := rate(b, c.callers, c.total, post)
					report(b, own, bare)
				}
			})
		}
	}
}
