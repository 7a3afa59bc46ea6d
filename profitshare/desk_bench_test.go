package profitshare_test

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// savers is a pool of many accounts of one product, by their ids.
type savers []string

func manySavers(n int) savers {
	ids := make(savers, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("M%07d", i)
	}
	return ids
}

func (ids savers) Earning(*ledger.Tx, ledger.Date, ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for _, id := range ids {
			a := profitshare.EarningAccount{Account: id, Product: "SIMUDA", Party: ledger.Party{Member: id, Standing: ledger.Member},
				PayTo: profitshare.Place{Account: "30101", Sub: id}}
			if !yield(a, nil) {
				return
			}
		}
	}
}

func savingBook(b *testing.B, n savers) *runBook {
	book := newUncheckedBook(b)
	lines := []ledger.Line{{Account: "10102"}}
	for _, id := range n {
		amount := rp(int64(20_000 + len(lines)%977*1_000))
		lines[0].Amount = lines[0].Amount.Add(amount)
		lines = append(lines, ledger.Credit("30101", amount).For(id))
	}
	_, err := book.Post(ctx, ledger.Entry{Key: "saldo awal", Date: ledger.On(2026, time.March, 31), Memo: "Saldo awal", Lines: lines})
	require.NoError(b, err)
	book.book("2026-04-15", "10102", "50101", int64(len(n))*5_000)
	return book
}

// BenchmarkRun posts and pays a month of many accounts on a book in memory,
// each time on a new book: what a month end costs, shares, entry, chain and all.
// "post" is the first month, in which every payable sub is opened; "next" the
// second, as month ends are from then on.
func BenchmarkRun(b *testing.B) {
	april := ledger.MonthOf(2026, time.April)
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		savers := manySavers(n)
		for _, what := range []string{"post", "next", "payout"} {
			b.Run(fmt.Sprintf("%s/%d", what, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					book := savingBook(b, savers)
					desk := profitshare.NewDesk(book.Book, runPlan(), savers)
					post := func(m ledger.Month) {
						r, err := desk.Post(ctx, profitshare.Posting{Key: m.String(), Month: m})
						require.NoError(b, err)
						require.Equal(b, n, r.Run.Accounts)
					}
					if what == "post" {
						b.StartTimer()
						post(april)
						continue
					}
					post(april)
					if what == "next" {
						book.book("2026-05-15", "10102", "50101", int64(n)*5_000)
						b.StartTimer()
						post(april.Next())
						continue
					}
					b.StartTimer()
					_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
					require.NoError(b, err)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/account")
			})
		}
	}
}
