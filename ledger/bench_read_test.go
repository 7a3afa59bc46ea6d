package ledger_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// reading runs a benchmark's loop inside one View.
func reading(b *testing.B, book *ledger.Book, loop func(tx *ledger.Tx) error) {
	b.Helper()
	b.ReportAllocs()
	require.NoError(b, book.View(context.Background(), func(tx *ledger.Tx) error {
		b.ResetTimer()
		for range b.N {
			if err := loop(tx); err != nil {
				return err
			}
		}
		b.StopTimer()
		return nil
	}))
}

// BenchmarkBalance asks one sub with a line on every day of ten years for its
// balance in their middle. The floor is a lock, two look-ups by string and a
// binary search.
func BenchmarkBalance(b *testing.B) {
	const days = 3_653
	book := newBookOnly(b)
	first := ledger.On(2016, time.January, 1)
	var entries []ledger.Entry
	for i := range days {
		entries = append(entries, deposit("D/"+strconv.Itoa(i), first.AddDays(i), "M1", 100))
	}
	_, err := book.PostAll(context.Background(), entries)
	require.NoError(b, err)
	middle := ledger.EndOf(first.AddDays(days / 2))
	reading(b, book, func(tx *ledger.Tx) error {
		_, err := tx.Balance("30101", "M1", middle)
		return err
	})
	var mu sync.RWMutex
	type row struct {
		day     int32
		balance int64
	}
	rows := make([]row, days)
	for i := range rows {
		rows[i] = row{int32(i), int64(i)}
	}
	accounts := map[string]map[string][]row{"30101": {"M1": rows}}
	found := int64(0)
	reportFloor(b, 1, 1_000_000, func(n int) {
		for range n {
			mu.RLock()
			rows := accounts["30101"]["M1"]
			at := sort.Search(len(rows), func(i int) bool { return rows[i].day > days/2 })
			found += rows[at-1].balance
			mu.RUnlock()
		}
	})
	runtime.KeepAlive(found)
}

// heldLine is a line as the scans of the floors keep it.
type heldLine struct {
	account, sub string
	date         ledger.Date
	change       uint64
	amount       ledger.Money
}

func heldLines(tb testing.TB, book *ledger.Book) []heldLine {
	var held []heldLine
	require.NoError(tb, book.View(context.Background(), func(tx *ledger.Tx) error {
		for l, err := range tx.Lines(ledger.LineQuery{}) {
			require.NoError(tb, err)
			held = append(held, heldLine{l.Account, l.Sub, l.Date, l.Change, l.Amount})
		}
		return nil
	}))
	return held
}

// BenchmarkBalanceOfMillions asks an account for its balance from 2,000,000
// held lines, half of which are its own: at a date, and as of a change after
// which few or many of them were written. The floor scans a slice of the lines.
func BenchmarkBalanceOfMillions(b *testing.B) {
	const n = 1_000_000
	book := newBookOnly(b)
	first := ledger.On(2016, time.January, 1)
	for from := 0; from < n; from += 10_000 {
		entries := make([]ledger.Entry, 10_000)
		for i := range entries {
			entries[i] = deposit("D/"+strconv.Itoa(from+i), first.AddDays((from+i)*3_653/n), "M"+strconv.Itoa(i%1_000), 100)
		}
		_, err := book.PostAll(context.Background(), entries)
		require.NoError(b, err)
	}
	held := heldLines(b, book)
	last := held[len(held)-1].change
	middle := first.AddDays(3_653 / 2)
	for _, c := range []struct {
		name string
		at   ledger.Moment
		asOf uint64
	}{
		{"at a date", ledger.EndOf(middle), last},
		{"as of a change, 1000 since", ledger.Latest().AsOf(last - 1_000), last - 1_000},
		{"as of a change, half since", ledger.Latest().AsOf(last - n/2), last - n/2},
		{"as of a change, all since", ledger.Latest().AsOf(last - n), last - n},
	} {
		b.Run(c.name, func(b *testing.B) {
			var got ledger.Money
			reading(b, book, func(tx *ledger.Tx) (err error) {
				got, err = tx.Balance("10102", "", c.at)
				return err
			})
			var sum ledger.Money
			reportFloor(b, 1, 3, func(rounds int) {
				for range rounds {
					sum = ledger.Money{}
					for i := range held {
						l := &held[i]
						if l.account == "10102" && l.sub == "" && !l.date.After(c.at.Day()) && l.change <= c.asOf {
							sum = sum.Add(l.amount)
						}
					}
				}
			})
			require.Equal(b, sum, got)
		})
	}
}

// BenchmarkFeed reads a million entries through Changes, per change. The floor
// hands each change of a slice to a function that looks at it.
func BenchmarkFeed(b *testing.B) {
	const n = 1_000_000
	book := newBookOnly(b)
	post(b, book, "feed", n, eventfulDay)
	lines := 0
	reading(b, book, func(tx *ledger.Tx) error {
		for ch, err := range tx.Changes(1) {
			if err != nil {
				return err
			}
			if ch.Posted != nil {
				lines += len(ch.Posted.Lines)
			}
		}
		return nil
	})
	require.Equal(b, 2*n*b.N, lines)
	kept := slices.Clone(changesOf(b, book))
	look := func(ch ledger.Change) bool {
		if ch.Posted != nil {
			lines += len(ch.Posted.Lines)
		}
		return lines > 0
	}
	reportFloor(b, n, n, func(int) {
		for i := range kept {
			if !look(kept[i]) {
				return
			}
		}
	})
}

// BenchmarkCheck checks a book, per entry. The floor is two SHA-256 sums over
// 288 bytes, of the content and of the link.
func BenchmarkCheck(b *testing.B) {
	const n = 100_000
	book := newBookOnly(b)
	post(b, book, "check", n, eventfulDay)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		for finding, err := range book.Check(context.Background()) {
			b.Fatal(finding, err)
		}
	}
	b.StopTimer()
	content := make([]byte, 288)
	reportFloor(b, n, n, func(n int) {
		for range n {
			sum := sha256.Sum256(content)
			content[0] = sum[0]
			sum = sha256.Sum256(content)
			content[1] = sum[0]
		}
	})
}

// BenchmarkTrialBalance reads what stands on 100,000 subs, per sub. The floor
// looks each of them up by its string in order.
func BenchmarkTrialBalance(b *testing.B) {
	const n = 100_000
	book := newBookOnly(b)
	keys := make([]string, n)
	lines := make([]ledger.Line, 0, n+1)
	for i := range n {
		keys[i] = fmt.Sprintf("M%06d", i)
		lines = append(lines, ledger.Credit("30101", ledger.IDR.Of(int64(i+1))).For(keys[i]))
	}
	var total ledger.Money
	for _, l := range lines {
		total = total.Add(l.Amount)
	}
	_, err := book.Post(context.Background(), ledger.Entry{Key: "T", Date: eventfulDay, Lines: append(lines, ledger.Debit("10102", total.Neg()))})
	require.NoError(b, err)
	for _, c := range []struct {
		name string
		at   ledger.Moment
	}{{"latest", ledger.Latest()}, {"before the last day", ledger.EndOf(eventfulDay.Prev())}} {
		b.Run(c.name, func(b *testing.B) {
			reading(b, book, func(tx *ledger.Tx) error {
				for _, err := range tx.Balances(c.at) {
					if err != nil {
						return err
					}
				}
				return nil
			})
			subs := make(map[string]*int64, n)
			for i, key := range keys {
				amount := int64(i)
				subs[key] = &amount
			}
			sum := int64(0)
			reportFloor(b, n, 10*n, func(int) {
				for range 10 {
					for _, key := range keys {
						sum += *subs[key]
					}
				}
			})
			runtime.KeepAlive(sum)
		})
	}
}
