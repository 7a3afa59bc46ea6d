package financing_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// TestConcurrentCommands: of commands that come at once for one share, exactly
// so many are carried out as are due.
func TestConcurrentCommands(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000), results(time.January, 100, 0, 0)) // 40 are due
	var wait sync.WaitGroup
	var paid atomic.Int64
	for n := range 60 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if _, err := collect(on(2026, 2, 1), financing.ClaimShare, 1).desk(desk, fmt.Sprint("at once/", n)); err == nil {
				paid.Add(1)
			}
		}()
	}
	wait.Wait()
	require.EqualValues(t, 40, paid.Load())
	c, err := desk.Contract(ctx, "PMB-1")
	require.NoError(t, err)
	require.True(t, c.Position.ShareDue.IsZero())
}

// BenchmarkReport is a month of one contract on a book in memory, the report and
// its receipt, beside a bare post of two lines.
func BenchmarkReport(b *testing.B) {
	b.Run("report and receipt", func(b *testing.B) {
		book := newBook(b)
		desk := financing.NewDesk(book, accounts, financing.PSAK405())
		does(b, desk, commit(mudharabah()), disburse(start, 100_000_000))
		b.ReportAllocs()
		day, n := start, 0
		for b.Loop() {
			n++
			r := financing.Report{Slip: slip(day), From: day, Through: day, Revenue: rp(1_000_000)}
			r.Key, r.Document = fmt.Sprint("R", n), "LAP"
			if _, err := desk.Report(ctx, r); err != nil {
				b.Fatal(err)
			}
			if _, err := collect(day, financing.ClaimShare, 400_000).desk(desk, fmt.Sprint("C", n)); err != nil {
				b.Fatal(err)
			}
			day = day.Next()
		}
	})
	b.Run("bare post", func(b *testing.B) {
		book := newBook(b)
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			n++
			_, err := book.Post(ctx, ledger.Entry{Key: fmt.Sprint("P", n), Date: start, Memo: "x", Lines: []ledger.Line{
				ledger.Debit("10102", rp(1)), ledger.Credit("40301", rp(1)),
			}})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
