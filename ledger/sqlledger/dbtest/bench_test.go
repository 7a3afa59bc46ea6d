package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// Client and server share one machine here, so only ratios mean something:
// "of-floor" is this package's rate divided by that of bare SQL on the same
// server. The two take turns, and what counts is the middle of all rounds:
//
//	go test -run '^$' -bench . -benchtime 5x

// contest lets the floor and the book do the same work, a round each in turn.
// A round returns how many a second it did.
func contest(b *testing.B, floor, own func() float64) {
	b.Helper()
	floor() // connections, prepared statements, plans
	own()
	var floors, owns, ratios []float64
	for b.Loop() {
		bare := floor()
		rate := own()
		floors, owns, ratios = append(floors, bare), append(owns, rate), append(ratios, rate/bare)
	}
	b.ReportMetric(middle(owns), "own/s")
	b.ReportMetric(middle(floors), "floor/s")
	b.ReportMetric(middle(ratios), "of-floor")
	b.ReportMetric(0, "ns/op")
}

func middle(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// rate does something a number of times from a number of callers and returns
// how many a second there were.
func rate(b *testing.B, callers, total int, do func(i int) error) float64 {
	b.Helper()
	runtime.GC()
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range callers {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := next.Add(1); i <= int64(total); i = next.Add(1) {
				if err := do(int(i)); err != nil {
					b.Error(err)
					return
				}
			}
		}()
	}
	all.Wait()
	return float64(total) / time.Since(began).Seconds()
}

func deposit(key, sub string) ledger.Entry {
	return ledger.Entry{Key: key, Date: ledger.On(2026, time.November, 23), Memo: "Setoran tunai", Lines: []ledger.Line{
		ledger.Debit("10102", ledger.IDR.Of(100)), ledger.Credit("30101", ledger.IDR.Of(100)).For(sub),
	}}
}

// deposits gives every deposit a key of its own.
type deposits struct{ n atomic.Int64 }

func (d *deposits) next() ledger.Entry {
	n := d.n.Add(1)
	return deposit(fmt.Sprint("k", n), fmt.Sprint("M", n%1000))
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

func onEachEngine(b *testing.B, run func(*testing.B, engine)) {
	for _, e := range engines(b) {
		b.Run(e.name, func(b *testing.B) { run(b, e) })
	}
}

// BenchmarkPost posts through the store. The floor makes seven round trips a
// post.
func BenchmarkPost(b *testing.B) {
	onEachEngine(b, func(b *testing.B, e engine) {
		for _, c := range []struct{ books, callers, total int }{{1, 1, 400}, {1, 16, 2000}, {1, 64, 4000}, {64, 1, 400}, {64, 16, 1000}, {64, 64, 1000}} {
			b.Run(fmt.Sprintf("books=%d/callers=%d", c.books, c.callers), func(b *testing.B) {
				f := newFloor(b, e, c.books, c.callers)
				store, db := e.store(b)
				pool(db, e, c.callers)
				books := createMany(b, store, c.books)
				var keys deposits
				contest(b,
					func() float64 {
						return rate(b, c.callers, c.total, func(i int) error { return f.post(i % c.books) })
					},
					func() float64 {
						return rate(b, c.callers, c.total, func(i int) error {
							_, err := books[i%c.books].Post(context.Background(), keys.next())
							return err
						})
					})
			})
		}
	})
}

// BenchmarkBind posts inside transactions of the host, one caller: those that
// the host has begun, and those of Retry.
func BenchmarkBind(b *testing.B) {
	post := func(ctx context.Context, bound *sqlledger.Bound, entry ledger.Entry) error {
		book, err := ledger.Open(ctx, bound, config("kspps-melati"))
		if err == nil {
			_, err = book.Post(ctx, entry)
		}
		return err
	}
	ways := map[string]func(context.Context, *sql.DB, *sqlledger.Store, ledger.Entry) error{
		"bind": func(ctx context.Context, db *sql.DB, store *sqlledger.Store, entry ledger.Entry) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if err := post(ctx, store.Bind(tx), entry); err != nil {
				return err
			}
			return tx.Commit()
		},
		"retry": func(ctx context.Context, _ *sql.DB, store *sqlledger.Store, entry ledger.Entry) error {
			return store.Retry(ctx, func(_ *sql.Tx, bound *sqlledger.Bound) error { return post(ctx, bound, entry) })
		},
	}
	onEachEngine(b, func(b *testing.B, e engine) {
		for name, way := range ways {
			b.Run(name, func(b *testing.B) {
				f := newFloor(b, e, 1, 1)
				store, db := e.store(b)
				pool(db, e, 1)
				create(b, store, "kspps-melati")
				var keys deposits
				const total = 400
				contest(b,
					func() float64 { return rate(b, 1, total, func(int) error { return f.post(0) }) },
					func() float64 {
						return rate(b, 1, total, func(int) error { return way(context.Background(), db, store, keys.next()) })
					})
			})
		}
	})
}

// BenchmarkPostAll posts a thousand entries at once. The floor is one
// statement for all of them on PostgreSQL, one transaction of prepared
// statements on SQLite.
func BenchmarkPostAll(b *testing.B) {
	const size = 1000
	onEachEngine(b, func(b *testing.B, e engine) {
		f := newFloor(b, e, 1, 1)
		floor := f.set
		if e.dialect == sqlledger.SQLite {
			floor = f.batch
		}
		store, db := e.store(b)
		pool(db, e, 1)
		book := create(b, store, "kspps-melati")
		var keys deposits
		contest(b,
			func() float64 { return size * rate(b, 1, 4, func(int) error { return floor(0, size) }) },
			func() float64 {
				return size * rate(b, 1, 4, func(int) error {
					entries := make([]ledger.Entry, size)
					for i := range entries {
						entries[i] = keys.next()
					}
					_, err := book.PostAll(context.Background(), entries)
					return err
				})
			})
	})
}

// BenchmarkLongEntry posts one entry of 100,000 lines: a month's shares. The
// floor is one statement for all lines on PostgreSQL, one transaction of
// prepared statements on SQLite. Figures are lines.
func BenchmarkLongEntry(b *testing.B) {
	const lines = 100_000
	onEachEngine(b, func(b *testing.B, e engine) {
		f := newFloor(b, e, 1, 1)
		store, db := e.store(b)
		pool(db, e, 1)
		book := create(b, store, "kspps-melati")
		entry := deposit("", "M0")
		entry.Lines = []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(100*(lines-1)))}
		var subs []string
		for i := range lines - 1 {
			subs = append(subs, fmt.Sprint("M", i))
			entry.Lines = append(entry.Lines, ledger.Credit("30101", ledger.IDR.Of(100)).For(subs[i]))
		}
		n := 0
		contest(b,
			func() float64 { return lines * rate(b, 1, 1, func(int) error { return f.long(subs) }) },
			func() float64 {
				n++
				entry.Key = fmt.Sprint("month", n)
				return lines * rate(b, 1, 1, func(int) error {
					_, err := book.Post(context.Background(), entry)
					return err
				})
			})
	})
}
