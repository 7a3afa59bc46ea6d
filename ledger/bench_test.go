package ledger_test

import (
	"context"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// The benchmarks print ratios, not times: each runs the floor of the same work
// in the same process, and reports how many times as long the
// book took ("x-floor"). How to run them and what was reached is in
// BENCHMARKS.md.

func keysOf(prefix string, n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = prefix + "/" + strconv.Itoa(i)
	}
	return keys
}

// reportFloor times n rounds of the floor and reports the benchmark's ratio to
// it; perOp is how many of those rounds one operation stands for.
func reportFloor(b *testing.B, perOp float64, n int, floor func(n int)) {
	b.Helper()
	runtime.GC()
	began := time.Now()
	floor(n)
	each := float64(time.Since(began).Nanoseconds()) / float64(n)
	took := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / perOp
	b.ReportMetric(each, "floor-ns/op")
	b.ReportMetric(took/each, "x-floor")
}

var began = time.Now()

// newBookOnly is newBook without the check at the end, which a benchmark's
// many iterations would repeat.
func newBookOnly(tb testing.TB) *ledger.Book {
	tb.Helper()
	book, err := ledger.Create(context.Background(), ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: testChart(),
	})
	require.NoError(tb, err)
	return book
}

func post(tb testing.TB, book *ledger.Book, prefix string, n int, day ledger.Date) {
	tb.Helper()
	const batch = 10_000
	for from := 0; from < n; from += batch {
		var entries []ledger.Entry
		for i := from; i < min(n, from+batch); i++ {
			entries = append(entries, deposit(prefix+"/"+strconv.Itoa(i), day, "M0001-SIMUDA", 100))
		}
		_, err := book.PostAll(context.Background(), entries)
		require.NoError(tb, err)
	}
}
