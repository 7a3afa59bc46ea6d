package ledger_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func TestOverAgainstBigIntegers(t *testing.T) {
	for _, minor := range []int64{0, 1, -1, 100_000_00, -ledger.MaxMoney, ledger.MaxMoney} {
		for _, days := range []int{0, 1, -1, 31, 366, -2_958_464, math.MaxInt, math.MinInt} {
			d := ledger.Minor(minor).Over(days)
			want := new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(days)))
			require.NoError(t, d.Err())
			require.Zero(t, want.Cmp(d.Big()), "%d over %d days is %s", minor, days, d)
			require.Equal(t, want.String(), d.String())
			require.Equal(t, want.Sign(), d.Sign())
			require.Zero(t, new(big.Int).Neg(want).Cmp(d.Neg().Big()))
			hi, lo := d.Words()
			words := new(big.Int).Lsh(big.NewInt(hi), 64)
			require.Zero(t, want.Cmp(words.Add(words, new(big.Int).SetUint64(lo))))
		}
	}
}

func TestBalanceDaysSums(t *testing.T) {
	parts := []ledger.BalanceDays{
		{}, ledger.Minor(1).Over(1), ledger.Minor(-1).Over(1), ledger.Minor(-1).Over(3),
		maxMoney.Over(2), maxMoney.Over(-3), maxMoney.Over(math.MaxInt), maxMoney.Over(math.MinInt),
	}
	for _, d := range parts {
		for _, e := range parts {
			sum, difference := d.Add(e), d.Sub(e)
			require.Zero(t, new(big.Int).Add(d.Big(), e.Big()).Cmp(sum.Big()), "%s + %s = %s", d, e, sum)
			require.Zero(t, new(big.Int).Sub(d.Big(), e.Big()).Cmp(difference.Big()), "%s - %s = %s", d, e, difference)
			require.Equal(t, d.Big().Cmp(e.Big()), d.Cmp(e))
			require.Equal(t, d.Big().Cmp(e.Big()) == 0, d == e)
		}
	}
}

// Doubling a large sum ends in an invalid value, never in one of the other
// sign, from above and from below.
func TestBalanceDaysOverflow(t *testing.T) {
	for _, start := range []ledger.BalanceDays{maxMoney.Over(math.MaxInt), maxMoney.Over(math.MinInt), minMoney.Over(math.MaxInt)} {
		d, sign := start, start.Sign()
		for range 4 {
			d = d.Add(d)
			if d.Err() == nil {
				require.Equal(t, sign, d.Sign())
			}
		}
		require.EqualError(t, d.Err(), "ledger: not an amount: balance-days beyond 128 bits")
		require.ErrorIs(t, d.Err(), ledger.ErrMoney)
		require.Equal(t, d, d.Sub(start))
		require.Equal(t, d, start.Add(d))
		require.Equal(t, d, d.Neg())
		require.Zero(t, d.Sign())
		require.Equal(t, d.Err().Error(), d.String())
		require.Equal(t, -1, d.Cmp(start))
	}
}

// The sums go up to 2^127 - 2^64 - 1 and down to its negation, and not one further.
func TestBalanceDaysAtTheLimit(t *testing.T) {
	limit := new(big.Int).Lsh(big.NewInt(1), 127)
	limit.Sub(limit, new(big.Int).Lsh(big.NewInt(1), 64))
	limit.Sub(limit, big.NewInt(1))
	one := ledger.Minor(1).Over(1)
	for _, sign := range []int64{1, -1} {
		var d ledger.BalanceDays
		left := new(big.Int).Set(limit)
		for left.Sign() > 0 { // as many of the largest products as fit, then smaller ones
			amount, days := new(big.Int).Set(left), int64(1)
			if left.Cmp(big.NewInt(ledger.MaxMoney)) > 0 {
				amount.SetInt64(ledger.MaxMoney)
				days = math.MaxInt64
				if most := new(big.Int).Quo(left, amount); most.IsInt64() {
					days = most.Int64()
				}
			}
			d = d.Add(ledger.Minor(sign * amount.Int64()).Over(int(days)))
			left.Sub(left, amount.Mul(amount, big.NewInt(days)))
		}
		require.NoError(t, d.Err())
		require.Zero(t, limit.CmpAbs(d.Big()))
		require.Equal(t, d, d.Neg().Neg())
		require.NoError(t, d.Add(ledger.BalanceDays{}).Err())
		require.Error(t, d.Add(ledger.Minor(sign).Over(1)).Err(), "one beyond")
		require.NoError(t, d.Sub(ledger.Minor(sign).Over(1)).Err())
	}
	require.Equal(t, 1, one.Sign())
}

func TestBalanceDaysOfAnInvalidAmount(t *testing.T) {
	d := tooMuch.Over(31)
	require.EqualError(t, d.Err(), "ledger: not an amount: balance-days of an invalid amount")
	require.Equal(t, d, d.Add(ledger.Minor(1).Over(1)))
	require.Equal(t, d, ledger.Minor(1).Over(1).Add(d))
}

func TestBalanceDaysWithoutAllocation(t *testing.T) {
	var total ledger.BalanceDays
	require.Zero(t, testing.AllocsPerRun(100, func() {
		total = total.Add(ledger.IDR.Of(100_000).Over(31)).Sub(ledger.IDR.Of(1).Over(2))
		if total.Cmp(ledger.BalanceDays{}) < 0 || total.Sign() < 0 || total.Err() != nil {
			panic(total.String())
		}
	}))
}

func ExampleMoney_Over() {
	// Rp 100.000 for ten days, then Rp 250.000 for twenty.
	days := ledger.IDR.Of(100_000).Over(10).Add(ledger.IDR.Of(250_000).Over(20))
	fmt.Println(days)
	// Output: 600000000
}

func BenchmarkBalanceDays(b *testing.B) {
	m := ledger.IDR.Of(1_234_567)
	var total ledger.BalanceDays
	b.ReportAllocs()
	for b.Loop() {
		total = total.Add(m.Over(31))
	}
}
