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

// savers is a pool of many accounts of one product, listed without a list.
type savers int

func (n savers) Earning(*ledger.Tx, ledger.Date, ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for i := range int(n) {
			id := fmt.Sprintf("M%07d", i)
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
	for a := range n.Earning(nil, ledger.Date{}, ledger.Date{}) {
		amount := rp(int64(20_000 + len(lines)%977*1_000))
		lines[0].Amount = lines[0].Amount.Add(amount)
		lines = append(lines, ledger.Credit("30101", amount).For(a.Account))
	}
	_, err := book.Post(ctx, ledger.Entry{Key: "saldo awal", Date: ledger.On(2026, time.March, 31), Memo: "Saldo awal", Lines: lines})
	require.NoError(b, err)
	book.book("2026-04-15", "10102", "50101", int64(n)*5_000)
	return book
}

// BenchmarkRun posts and pays a month of many accounts on a book in memory,
// each time on a new book: what a month end costs, shares, entry, chain and all.
func BenchmarkRun(b *testing.B) {
	april := ledger.MonthOf(2026, time.April)
	for _, n := range []savers{1_000, 100_000, 1_000_000} {
		for _, pays := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/%d", map[bool]string{false: "post", true: "payout"}[pays], n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					desk := profitshare.NewDesk(savingBook(b, n).Book, runPlan(), n)
					post := func() {
						r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
						require.NoError(b, err)
						require.Equal(b, int(n), r.Run.Accounts)
					}
					if !pays {
						b.StartTimer()
						post()
						continue
					}
					post()
					b.StartTimer()
					_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
					require.NoError(b, err)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/account")
			})
		}
	}
}
