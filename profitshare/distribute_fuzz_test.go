package profitshare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// randomPool draws a pool whose figures have a random number of digits, so
// that all three paths meet all sizes.
func randomPool(random *rand.Rand) profitshare.Pool {
	amount := func(limit int64) int64 { return random.Int64N(1+limit>>random.IntN(55)) + 1 }
	pool := profitshare.Pool{
		Result:   ledger.Minor(amount(1 << 60)),
		Rounding: profitshare.Rounding{Rule: allRules[random.IntN(4)], Step: ledger.Minor(amount(1_000_000)), LeftoverTo: "fund"},
	}
	for i := range 1 + random.IntN(4) {
		digits := int32(1 + random.IntN(profitshare.MaxDecimals))
		whole := decimal.New(1, digits).IntPart()
		pool.Terms = append(pool.Terms, profitshare.Term{
			Product: fmt.Sprintf("P%d", i/2),
			Nisbah:  decimal.New(1+random.Int64N(whole), -digits),
			Weight:  decimal.New(1+random.Int64N(whole), -digits),
		})
	}
	for range 1 + random.IntN(12) {
		pool.Stakes = append(pool.Stakes, profitshare.Stake{
			// One account keeps to one product: terms 0 and 1, or 2 and 3.
			Account: fmt.Sprintf("%c", 'a'+random.IntN(8)), Days: ledger.Minor(amount(1 << 61)).Over(random.IntN(366)),
		})
		s := &pool.Stakes[len(pool.Stakes)-1]
		s.Term = int(s.Account[0]-'a') % ((len(pool.Terms) + 1) / 2) * 2
		if s.Term+1 < len(pool.Terms) {
			s.Term += random.IntN(2)
		}
	}
	if random.IntN(3) == 0 {
		reserve := func() profitshare.Reserve {
			opening := ledger.Minor(random.Int64N(1000))
			switch random.IntN(3) {
			case 0:
				return profitshare.Reserve{Opening: opening, SetAside: ledger.Minor(random.Int64N(1000))}
			case 1:
				return profitshare.Reserve{Opening: opening, Released: ledger.Minor(random.Int64N(opening.Minor() + 1))}
			}
			return profitshare.Reserve{Opening: opening}
		}
		pool.Equalisation, pool.Risk, pool.Hibah = reserve(), reserve(), ledger.Minor(random.Int64N(1000))
	}
	if random.IntN(3) == 0 {
		funds := profitshare.Funds{FinancingIncome: pool.Result, Weight: decimal.New(1+random.Int64N(100), -2),
			Financing: ledger.Minor(amount(1 << 50)).Over(31), Syirkah: ledger.Minor(amount(1 << 50)).Over(31), Own: ledger.Minor(amount(1 << 50)).Over(31)}
		if part := random.Int64N(pool.Result.Minor()); random.IntN(2) == 0 {
			funds.FinancingIncome, funds.PlacementIncome = ledger.Minor(part), pool.Result.Sub(ledger.Minor(part))
		}
		pool.Split, _ = funds.Split(profitshare.SplitPolicy(1 + random.IntN(3)))
	}
	return pool
}

func FuzzDistribute(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed, seed*7919)
	}
	f.Fuzz(func(t *testing.T, seed1, seed2 uint64) {
		t.Logf("seeds %d, %d", seed1, seed2)
		random := rand.New(rand.NewPCG(seed1, seed2))
		pool := randomPool(random)
		s, err := profitshare.Distribute(pool)
		if err != nil { // a reserve or gift that is not covered, or too large a sum
			var typed *profitshare.InputError
			require.ErrorAs(t, err, &typed)
			return
		}
		if s.Nothing != profitshare.SharedOut {
			require.Equal(t, pool.Result, s.Unshared)
			return
		}
		s = everyPath(t, pool)
		verify(t, pool, s)

		shuffled := pool
		shuffled.Stakes = append([]profitshare.Stake(nil), pool.Stakes...)
		random.Shuffle(len(shuffled.Stakes), func(i, j int) {
			shuffled.Stakes[i], shuffled.Stakes[j] = shuffled.Stakes[j], shuffled.Stakes[i]
		})
		again, err := profitshare.Distribute(shuffled)
		require.NoError(t, err)
		require.Equal(t, slices.Collect(s.Payouts()), slices.Collect(again.Payouts()), "the order of input is irrelevant")

		// A stake cut into two slices of days under the same term changes nothing.
		cut := shuffled
		cut.Stakes = append([]profitshare.Stake(nil), shuffled.Stakes...)
		half := ledger.Minor(random.Int64N(1000)).Over(1)
		if rest := cut.Stakes[0].Days.Add(ledger.Minor(-half.Big().Int64()).Over(1)); rest.Sign() >= 0 {
			cut.Stakes = append(cut.Stakes, profitshare.Stake{Account: cut.Stakes[0].Account, Term: cut.Stakes[0].Term, Days: half})
			cut.Stakes[0].Days = rest
			again, err = profitshare.Distribute(cut)
			require.NoError(t, err)
			require.Equal(t, slices.Collect(s.Payouts()), slices.Collect(again.Payouts()), "slices come to the same as the whole")
		}
	})
}

// All three paths must have been taken by the drawn pools, or the fuzz test
// compares less than it says.
func TestRandomPoolsTakeEveryPath(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	taken := map[string]int{}
	for range 300 {
		pool := randomPool(random)
		if s, err := profitshare.Distribute(pool); err != nil || s.Nothing != profitshare.SharedOut {
			continue
		}
		for name, path := range profitshare.Paths {
			if _, fits, _ := path(pool); fits {
				taken[name]++
			}
		}
	}
	require.Greater(t, taken["narrow"], 5, taken)
	require.Greater(t, taken["wide"], taken["narrow"]+5, taken)
	require.Greater(t, taken["unbounded"], taken["wide"]+5, taken)
}

// Equal stakes under equal terms are paid alike by every rule that promises it,
// and nobody's exact share grows because another deposits more.
func TestDistributeFairness(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		pool := randomPool(random)
		pool.Equalisation, pool.Risk, pool.Hibah, pool.Split = profitshare.Reserve{}, profitshare.Reserve{}, ledger.Money{}, profitshare.Split{}
		twin := pool.Stakes[0]
		pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: "twin-1", Term: twin.Term, Days: twin.Days}, profitshare.Stake{Account: "twin-2", Term: twin.Term, Days: twin.Days})
		s, err := profitshare.Distribute(pool)
		require.NoError(t, err)
		if s.Nothing != profitshare.SharedOut {
			continue
		}
		one, two := payout(t, s, "twin-1"), payout(t, s, "twin-2")
		if pool.Rounding.Rule == profitshare.LargestRemainder {
			require.LessOrEqual(t, one.Sub(two).Abs().Minor(), pool.Rounding.Step.Minor())
		} else {
			require.Equal(t, one, two)
		}
		before := reference(pool)
		pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: "twin-1", Term: twin.Term, Days: ledger.Minor(1 + random.Int64N(1<<40)).Over(30)})
		after := reference(pool)
		for account, share := range before {
			if account != "twin-1" {
				require.LessOrEqual(t, after[account].Cmp(share), 0)
			}
		}
		verify(t, pool, everyPath(t, pool))
	}
}
