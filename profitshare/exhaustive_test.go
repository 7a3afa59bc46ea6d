package profitshare_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// eachSmallPool calls do with every pool of three accounts whose balances are 0
// to 3, under one of two terms each, with a result of 1 to 5 in minor units,
// and every rule.
func eachSmallPool(do func(profitshare.Pool)) {
	terms := []profitshare.Term{
		{Product: "P", Nisbah: decimal.New(4, -1), Weight: decimal.NewFromInt(1)},
		{Product: "P", Nisbah: decimal.NewFromInt(1), Weight: decimal.NewFromInt(2)},
	}
	for code := range 4 * 4 * 4 * 8 * 5 {
		at := code
		next := func(n int) int {
			digit := at % n
			at /= n
			return digit
		}
		pool := profitshare.Pool{Terms: terms}
		for _, id := range []string{"A", "B", "C"} {
			pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: id, Days: ledger.Minor(int64(next(4))).Over(1), Term: next(2)})
		}
		pool.Result = ledger.Minor(int64(next(5) + 1))
		for _, rule := range allRules {
			pool.Rounding = profitshare.Rounding{Rule: rule, Step: ledger.Minor(1), LeftoverTo: "fund"}
			do(pool)
		}
	}
}

// Every small pool: the sums, all three paths, no part below zero, equal
// accounts alike, the order of accounts and the cutting of a stake into slices
// of days without effect, and nobody gains because another deposits more.
func TestEverySmallPool(t *testing.T) {
	pools := 0
	eachSmallPool(func(pool profitshare.Pool) {
		pools++
		s, err := profitshare.Distribute(pool)
		require.NoError(t, err)
		if s.Nothing == profitshare.SharedOut {
			verify(t, pool, s)
		}
		require.Equal(t, pool.Result, ledger.Sum(s.Members, s.Manager, s.Own, s.Leftover, s.Unshared))
		list := slices.Collect(s.Payouts())
		for i, p := range list {
			require.GreaterOrEqual(t, p.Gross.Sign(), 0)
			for j := range i {
				if pool.Stakes[i].Term == pool.Stakes[j].Term && pool.Stakes[i].Days == pool.Stakes[j].Days && pool.Rounding.Rule != profitshare.LargestRemainder {
					require.Equal(t, list[j].Gross, p.Gross)
				}
			}
		}
		other := pool
		other.Stakes = nil
		for _, stake := range slices.Backward(pool.Stakes) {
			for range 2 {
				stake.Days = ledger.Minor(stake.Days.Big().Int64()/2 + stake.Days.Big().Int64()%2*int64(len(other.Stakes)%2)).Over(1)
				other.Stakes = append(other.Stakes, stake)
				stake.Days = pool.Stakes[int(stake.Account[0]-'A')].Days
			}
		}
		again, err := profitshare.Distribute(other)
		require.NoError(t, err)
		require.Equal(t, list, slices.Collect(again.Payouts()))
		if pool.Rounding.Rule == profitshare.LargestRemainder || s.Nothing != profitshare.SharedOut {
			return
		}
		more := pool
		more.Stakes = slices.Clone(pool.Stakes)
		more.Stakes[0].Days = more.Stakes[0].Days.Add(ledger.Minor(1).Over(1))
		with, err := profitshare.Distribute(more)
		require.NoError(t, err)
		for i, p := range slices.Collect(with.Payouts()) {
			if i > 0 {
				require.False(t, list[i].Gross.Less(p.Gross), "%+v", pool)
			}
		}
	})
	require.Equal(t, 4*4*4*8*5*4, pools)
}

// Every small pool in which A and B carry losses: compared with fractions on paper.
func TestEverySmallPoolWithLosses(t *testing.T) {
	eachSmallPool(func(pool profitshare.Pool) {
		if pool.Rounding.Rule != profitshare.MemberUp || pool.Result.Minor() < 4 {
			return
		}
		pool.Carried = []profitshare.Carried{{Account: "A", Amount: ledger.Minor(1)}, {Account: "B", Amount: ledger.Minor(3)}}
		s, err := profitshare.Distribute(pool)
		require.NoError(t, err)
		if s.Nothing != profitshare.SharedOut {
			return
		}
		var weighted int64
		for _, stake := range pool.Stakes {
			weighted += int64(stake.Term+1) * stake.Days.Big().Int64()
		}
		for i, p := range slices.Collect(s.Payouts()) {
			stake := pool.Stakes[i]
			earned := pool.Result.Minor() * int64(stake.Term+1) * stake.Days.Big().Int64() // over weighted
			restored := min(map[string]int64{"A": 1, "B": 3}[p.Account], earned/weighted)
			tenths := int64(4 + 6*stake.Term)
			share := (earned - restored*weighted) * tenths // over weighted x 10
			if restored < map[string]int64{"A": 1, "B": 3}[p.Account] {
				share = 0 // there is no profit until the capital is whole
			}
			require.Equal(t, ledger.Minor(restored), p.Restored)
			require.Equal(t, ledger.Minor((share+weighted*10-1)/(weighted*10)), p.Gross)
		}
		require.Equal(t, pool.Result, ledger.Sum(s.Members, s.Manager, s.Restored()))
	})
}

// A pool may be shared out by any number of goroutines at once.
func TestDistributeInManyGoroutines(t *testing.T) {
	pool := benchPool(2_000, 1)
	slices.Reverse(pool.Stakes) // so that each of them has to sort
	want, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	var group sync.WaitGroup
	got := make([]profitshare.Shares, 8)
	for i := range got {
		group.Add(1)
		go func() {
			defer group.Done()
			got[i], _ = profitshare.Distribute(pool)
		}()
	}
	group.Wait()
	for i := range got {
		require.Equal(t, slices.Collect(want.Payouts()), slices.Collect(got[i].Payouts()))
	}
}
