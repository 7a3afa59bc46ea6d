package profitshare_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
)

// BenchmarkDistribute stands beside BenchmarkFloor: the least that any correct
// pro rata must do over the same accounts, in the same run. "wide" multiplies
// the balances until totals need more than 64 bits.
func BenchmarkDistribute(b *testing.B) {
	for _, rule := range []profitshare.Rule{profitshare.MemberUp, profitshare.LargestRemainder} {
		for _, size := range []struct {
			name  string
			scale int64
		}{{"64bit", 1}, {"wide", 1 << 20}} {
			for _, accounts := range []int{1_000, 100_000, 1_000_000} {
				pool := benchPool(accounts, size.scale)
				pool.Rounding.Rule = rule
				b.Run(fmt.Sprintf("%s/%s/%d", rule, size.name, accounts), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := profitshare.Distribute(pool); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(accounts), "ns/account")
				})
			}
		}
	}
}

// BenchmarkFloor is a 128-bit integer pro rata with the largest remainder by
// selection and nothing else: no nisbah, no slices, no checks.
func BenchmarkFloor(b *testing.B) {
	for _, accounts := range []int{1_000, 100_000, 1_000_000} {
		pool := benchPool(accounts, 1)
		weights := make([]uint64, accounts)
		for i, stake := range pool.Stakes {
			_, weights[i] = stake.Days.Words()
		}
		b.Run(fmt.Sprint(accounts), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				floor(uint64(pool.Result.Minor()), weights)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(accounts), "ns/account")
		})
	}
}

func floor(result uint64, weights []uint64) []uint64 {
	var total uint64
	for _, w := range weights {
		total += w
	}
	parts, rests := make([]uint64, len(weights)), make([]uint64, len(weights))
	order := make([]int32, len(weights))
	left := result
	for i, w := range weights {
		hi, lo := bits.Mul64(result, w)
		parts[i], rests[i] = bits.Div64(hi, lo, total)
		left -= parts[i]
		order[i] = int32(i)
	}
	low, high, count := 0, len(order)-1, int(left)
	for low < high && count > 0 {
		pivot := rests[order[(low+high)/2]]
		i, j := low, high
		for i <= j {
			for rests[order[i]] > pivot {
				i++
			}
			for rests[order[j]] < pivot {
				j--
			}
			if i <= j {
				order[i], order[j] = order[j], order[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case count-1 <= j:
			high = j
		case count-1 >= i:
			low = i
		default:
			low = high
		}
	}
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

func benchPool(accounts int, scale int64) profitshare.Pool {
	random := rand.New(rand.NewPCG(1, 2))
	pool := profitshare.Pool{
		Result:   ledger.IDR.Of(int64(accounts) * 12_345),
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: ledger.IDR.Of(1)},
		Stakes:   make([]profitshare.Stake, accounts),
	}
	for i, nisbah := range []int64{40, 45, 60, 65} {
		pool.Terms = append(pool.Terms, profitshare.Term{
			Product: fmt.Sprintf("P%d", i), Nisbah: decimal.New(nisbah, -2), Weight: decimal.NewFromInt(1)})
	}
	for i := range pool.Stakes {
		balance := ledger.Minor(random.Int64N(500_000_000) * scale)
		pool.Stakes[i] = profitshare.Stake{Account: fmt.Sprintf("M%07d-SIMUDA", i), Term: i % 4, Days: balance.Over(31)}
	}
	return pool
}
