package profitshare_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// printedPool is a month of 30 days in which 70.000.000 earn 764.615: an HI of
// 10,923071...
func printedPool(hi *profitshare.PrintedHI) profitshare.Pool {
	return profitshare.Pool{
		Result: rp(764_615), Days: 30,
		Terms:    []profitshare.Term{{Product: "P", Nisbah: decimal.New(3, -1), Weight: weightOne}},
		Stakes:   []profitshare.Stake{{Account: "A", Days: rp(10_000_000).Over(30)}, {Account: "B", Days: rp(60_000_000).Over(30)}},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: ledger.Minor(1), LeftoverTo: "dana kebajikan", PrintedHI: hi},
	}
}

// Only the setting lets a display feed money, and what the display cuts off of
// members' shares goes where the plan says: 10.000.000 at 30% is 32.769,2143 by
// the exact HI, 32.769 by 10,923 and 32.760 by 10,92; 10,93 would give 32.790
// and the manager bears it.
func TestPrintedHI(t *testing.T) {
	for _, c := range []struct {
		hi       *profitshare.PrintedHI
		a        ledger.Money
		leftover ledger.Money
	}{
		{nil, ledger.Minor(3_276_922), rp(0)},
		{&profitshare.PrintedHI{Decimals: 3, Rounding: ledger.RoundHalfUp}, rp(32_769), ledger.Minor(150)},
		{&profitshare.PrintedHI{Decimals: 2, Rounding: ledger.RoundDown}, rp(32_760), ledger.Minor(6_450)},
		{&profitshare.PrintedHI{Decimals: 2, Rounding: ledger.RoundUp}, rp(32_790), rp(0)},
	} {
		pool := printedPool(c.hi)
		s, err := profitshare.Distribute(pool)
		require.NoError(t, err)
		require.Equal(t, c.a, payout(t, s, "A"))
		require.Equal(t, c.leftover, s.Leftover)
		require.Equal(t, pool.Result, ledger.Sum(s.Members, s.Manager, s.Leftover))
		w, found := s.Working("A")
		require.True(t, found)
		again, err := w.Again()
		require.NoError(t, err)
		require.Equal(t, c.a, again, w.Text(ledger.IDR))
	}
	two := profitshare.PrintedHI{Decimals: 2, Rounding: ledger.RoundDown}
	for want, spoil := range map[string]func(*profitshare.Pool){
		"0 to 18 decimals":           func(p *profitshare.Pool) { p.Rounding.PrintedHI.Decimals = 19 },
		"how many days":              func(p *profitshare.Pool) { p.Days = 0 },
		"nobody is named":            func(p *profitshare.Pool) { p.Rounding.LeftoverTo = "" },
		"shares out the exact sum":   func(p *profitshare.Pool) { p.Rounding.Rule = profitshare.LargestRemainder },
		"does not go with a risk re": func(p *profitshare.Pool) { p.Hibah = rp(1) },
	} {
		hi := two
		pool := printedPool(&hi)
		spoil(&pool)
		_, err := profitshare.Distribute(pool)
		require.ErrorIs(t, err, profitshare.ErrPool)
		require.ErrorContains(t, err, want)
	}
}
