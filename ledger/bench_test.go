package ledger_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// The benchmarks print ratios, not times: each runs the floor of the same work
// in the same process, and reports how many times as long the
// book took ("x-floor"). How to run them and what was reached is in
// BENCHMARKS.md.

// postFloor is what no keyed post can do without: an uncontended mutex, two
// look-ups by string code, an insert into a map of keys, an append, and one
// SHA-256 over 288 bytes.
type postFloor struct {
	mu       sync.Mutex
	accounts map[string]*int64
	seen     map[string]uint64
	lines    [][2]int64
	content  []byte
	keys     []string
}

func newPostFloor(n int) *postFloor {
	return &postFloor{
		accounts: map[string]*int64{"10102": new(int64), "30101": new(int64)}, seen: make(map[string]uint64),
		content: make([]byte, 288), keys: keysOf("floor", n),
	}
}

// post does n rounds more.
func (f *postFloor) post(n int) {
	for range n {
		f.mu.Lock()
		i := len(f.lines)
		*f.accounts["10102"] += 100
		*f.accounts["30101"] -= 100
		f.seen[f.keys[i]] = uint64(i)
		f.lines = append(f.lines, [2]int64{100, -100})
		f.content[0] = byte(i)
		sum := sha256.Sum256(f.content)
		f.content[1] = sum[0]
		f.mu.Unlock()
	}
}

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

// besidePostFloor posts batches, and in turns with them as many rounds of the
// floor, and compares the processor time of both, so that what else the machine
// does counts in neither; held is how many posts both have behind them.
func besidePostFloor(b *testing.B, held, batch int, post func(i int)) {
	b.Helper()
	floor := newPostFloor(held + b.N*batch)
	floor.post(held)
	runtime.GC()
	turn := max(1, 20_000/batch)
	var took, least time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for from := 0; from < b.N; from += turn {
		through := min(b.N, from+turn)
		start := spent()
		for i := from; i < through; i++ {
			post(i)
		}
		took += spent() - start
		b.StopTimer()
		start = spent()
		floor.post((through - from) * batch)
		least += spent() - start
		b.StartTimer()
	}
	b.StopTimer()
	posts := float64(b.N * batch)
	b.ReportMetric(float64(took.Nanoseconds())/posts, "cpu-ns/post")
	b.ReportMetric(float64(least.Nanoseconds())/posts, "floor-cpu-ns/post")
	b.ReportMetric(float64(took)/float64(least), "x-floor")
}

// reportPostFloor reports the ratio to the floor of keyed posts.
func reportPostFloor(b *testing.B) {
	const n = 1_000_000
	floor := newPostFloor(n)
	reportFloor(b, 1, n, floor.post)
}

func BenchmarkPost(b *testing.B) {
	for _, held := range []int{0, 1_000, 1_000_000} {
		b.Run(fmt.Sprintf("held=%d", held), func(b *testing.B) {
			ctx := context.Background()
			book := newBookOnly(b)
			day := ledger.On(2026, 11, 23)
			post(b, book, "held", held, day)
			keys := keysOf("post", b.N)
			besidePostFloor(b, held, 1, func(i int) {
				if _, err := book.Post(ctx, deposit(keys[i], day, "M0001-SIMUDA", 100)); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkPostAll(b *testing.B) {
	for _, batch := range []int{1, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			ctx := context.Background()
			book := newBookOnly(b)
			day := ledger.On(2026, 11, 23)
			keys := keysOf("all", b.N*batch)
			entries := make([]ledger.Entry, batch)
			besidePostFloor(b, 0, batch, func(i int) {
				for j := range entries {
					entries[j] = deposit(keys[i*batch+j], day, "M0001-SIMUDA", 100)
				}
				if _, err := book.PostAll(ctx, entries); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

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
