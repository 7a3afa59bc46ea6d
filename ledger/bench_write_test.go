package ledger_test

import (
	"context"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// BenchmarkPostTogether posts from 16 goroutines at once and reports, beside
// the ratio to the floor, the ratio to one goroutine in the same run: by the
// clock, and by the processor time of all goroutines together.
func BenchmarkPostTogether(b *testing.B) {
	const goroutines = 16
	ctx := context.Background()
	alone, book := newBookOnly(b), newBookOnly(b)
	day := ledger.On(2026, time.November, 23)
	n := max(b.N, 50_000)
	keys := keysOf("alone", n)
	began, start := time.Now(), spent()
	for _, key := range keys {
		if _, err := alone.Post(ctx, deposit(key, day, "M0001-SIMUDA", 100)); err != nil {
			b.Fatal(err)
		}
	}
	one := float64(time.Since(began).Nanoseconds()) / float64(n)
	oneSpent := float64((spent() - start).Nanoseconds()) / float64(n)
	keys = keysOf("together", b.N+goroutines)
	var next atomic.Int64
	b.SetParallelism(goroutines / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.ResetTimer()
	start = spent()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := book.Post(ctx, deposit(keys[next.Add(1)-1], day, "M0001-SIMUDA", 100)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	took := spent() - start
	reportPostFloor(b)
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/oneSpent, "x-single-cpu")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/one, "x-single")
}

// BenchmarkMemory reports the bytes that a book keeps per entry of two lines
// and per savings account, and the ratio to what the floor of a post keeps.
func BenchmarkMemory(b *testing.B) {
	ctx := context.Background()
	day := ledger.On(2026, time.November, 23)
	heap := func() float64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return float64(stats.HeapAlloc)
	}
	keep := func(n int, fill func() any) float64 {
		before := heap()
		kept := fill()
		each := (heap() - before) / float64(n)
		runtime.KeepAlive(kept)
		return each
	}
	const n = 200_000
	for range b.N {
		keys := keysOf("floor", n)
		floor := keep(n, func() any {
			seen, lines := make(map[string]uint64), make([][2]heldLine, 0)
			for i, key := range keys {
				seen[key] = uint64(i)
				lines = append(lines, [2]heldLine{})
			}
			return []any{seen, lines}
		})
		entries := keep(n, func() any {
			book := newBookOnly(b)
			post(b, book, "m", n, day)
			return book
		})
		accounts := keep(n, func() any {
			book := newBookOnly(b)
			require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
				for i := range n {
					opening := ledger.SubOpening{Key: "S/" + strconv.Itoa(i), Account: "30101", Sub: strconv.Itoa(i), Holder: "M" + strconv.Itoa(i), Floor: ledger.HardFloor(ledger.Money{})}
					if err := tx.OpenSub(opening); err != nil {
						return err
					}
				}
				return nil
			}))
			return book
		})
		b.ReportMetric(entries, "bytes/entry")
		b.ReportMetric(entries/floor, "x-floor")
		b.ReportMetric(accounts, "bytes/account")
	}
}
