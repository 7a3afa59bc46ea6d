package ledger_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// postFloor is what no keyed post can do without, in two parts. The first is
// to remember: an uncontended mutex, two look-ups by string code, an insert
// into a map of keys and an append. The second is to seal: one SHA-256 over
// 288 bytes, which are about the entry and its link in the chain.
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

// remember does n rounds more of the first part, in batches under one lock each.
func (f *postFloor) remember(n, batch int) {
	for range n / batch {
		f.mu.Lock()
		for range batch {
			i := len(f.lines)
			*f.accounts["10102"] += 100
			*f.accounts["30101"] -= 100
			f.seen[f.keys[i]] = uint64(i)
			f.lines = append(f.lines, [2]int64{100, -100})
		}
		f.mu.Unlock()
	}
}

// seal does n rounds of the second part.
func (f *postFloor) seal(n int) {
	for i := range n {
		f.content[0] = byte(i)
		sum := sha256.Sum256(f.content)
		f.content[1] = sum[0]
	}
}

// reportPostFloor reports the ratio of a benchmark of single posts to both
// parts of the floor together.
func reportPostFloor(b *testing.B) {
	const n = 1_000_000
	floor := newPostFloor(n)
	reportFloor(b, 1, n, func(n int) {
		floor.remember(n, 1)
		floor.seal(n)
	})
}

// turns measures posts in turns with the two parts of their floor, so that all
// three meet the same machine, and by processor time, the collector's included,
// so that what others run counts in none of them.
type turns struct{ posts, remember, seal time.Duration }

// besidePostFloor posts batches, and in turns with them as many rounds of the
// floor; held is how many posts both have behind them. Making the entries is
// the caller's work and not measured.
//
// The aim is 3 times the first part and 1.5 times the second, "of-aim" is 1
// where it is just reached. For a batch the aim is built alike for each entry;
// but the first part takes its lock once a batch, so that the aim leaves
// nothing for a call that each entry does not have.
func besidePostFloor(b *testing.B, held, batch int, post func(entries []ledger.Entry)) {
	b.Helper()
	floor := newPostFloor(held + b.N*batch)
	floor.remember(held, 1)
	keys, day := keysOf("post", b.N*batch), ledger.On(2026, time.November, 23)
	turn := max(1, 20_000/batch)
	entries := make([]ledger.Entry, 0, turn*batch)
	var t turns
	spend := func(on *time.Duration, work func()) {
		start := spent()
		work()
		*on += spent() - start
	}
	runtime.GC()
	b.ReportAllocs()
	b.ResetTimer()
	for from := 0; from < b.N; from += turn {
		b.StopTimer()
		n := min(turn, b.N-from) * batch
		entries = entries[:0]
		for _, key := range keys[from*batch:][:n] {
			entries = append(entries, deposit(key, day, "M0001-SIMUDA", 100))
		}
		spend(&t.remember, func() { floor.remember(n, batch) })
		spend(&t.seal, func() { floor.seal(n) })
		b.StartTimer()
		spend(&t.posts, func() {
			for i := 0; i < n; i += batch {
				post(entries[i : i+batch])
			}
		})
	}
	b.StopTimer()
	t.report(b, float64(b.N*batch))
}

func (t *turns) report(b *testing.B, posts float64) {
	own, first, second := float64(t.posts.Nanoseconds()), float64(t.remember.Nanoseconds()), float64(t.seal.Nanoseconds())
	b.ReportMetric(own/posts, "cpu-ns/post")
	b.ReportMetric(first/posts, "first-ns/post")
	b.ReportMetric(second/posts, "second-ns/post")
	b.ReportMetric(own/(3*first+1.5*second), "of-aim")
}

func BenchmarkPost(b *testing.B) {
	for _, held := range []int{0, 1_000, 1_000_000} {
		b.Run(fmt.Sprintf("held=%d", held), func(b *testing.B) {
			ctx := context.Background()
			book := newBookOnly(b)
			post(b, book, "held", held, ledger.On(2026, time.November, 23))
			besidePostFloor(b, held, 1, func(entries []ledger.Entry) {
				if _, err := book.Post(ctx, entries[0]); err != nil {
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
			besidePostFloor(b, 0, batch, func(entries []ledger.Entry) {
				if _, err := book.PostAll(ctx, entries); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
