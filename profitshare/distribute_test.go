package profitshare_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

var allRules = []profitshare.Rule{profitshare.MemberUp, profitshare.MemberHalfUp, profitshare.MemberDown, profitshare.LargestRemainder}

func term(product string, nisbahPercent, weightPercent int64) profitshare.Term {
	return profitshare.Term{Product: product, Nisbah: decimal.New(nisbahPercent, -2), Weight: decimal.New(weightPercent, -2)}
}

// reference is a second model of a distribution, written with fractions alone:
// the exact share of every account.
func reference(p profitshare.Pool) map[string]*big.Rat {
	weighted, members, shares := new(big.Rat), new(big.Rat), map[string]*big.Rat{}
	for _, s := range p.Stakes {
		stake := new(big.Rat).SetInt(s.Days.Big())
		weighted.Add(weighted, stake.Mul(stake, p.Terms[s.Term].Weight.Rat()))
	}
	income := ratMoney(p.Result)
	if p.Split.Total().Sign() != 0 {
		income = p.Split.Syirkah()
	}
	income.Sub(income, ratMoney(p.Equalisation.SetAside)).Add(income, ratMoney(p.Equalisation.Released))
	for _, s := range p.Stakes {
		share := new(big.Rat).SetInt(s.Days.Big())
		share.Mul(share, p.Terms[s.Term].Weight.Rat()).Mul(share, p.Terms[s.Term].Nisbah.Rat())
		share.Mul(share, income).Quo(share, weighted)
		members.Add(members, share)
		if shares[s.Account] == nil {
			shares[s.Account] = new(big.Rat)
		}
		shares[s.Account].Add(shares[s.Account], share)
	}
	adjusted := new(big.Rat).Add(members, ratMoney(p.Hibah))
	adjusted.Sub(adjusted, ratMoney(p.Risk.SetAside)).Add(adjusted, ratMoney(p.Risk.Released))
	for _, share := range shares {
		share.Mul(share, adjusted).Quo(share, members)
	}
	return shares
}

// verify checks one distribution against the reference and the promises of its rule.
func verify(t *testing.T, p profitshare.Pool, s profitshare.Shares) {
	t.Helper()
	require.Equal(t, profitshare.SharedOut, s.Nothing)
	exact, step := reference(p), p.Rounding.Step
	require.Equal(t, len(exact), s.Accounts())
	sum, due := ledger.Money{}, new(big.Rat)
	stepRat := ratMoney(step)
	payouts := slices.Collect(s.Payouts())
	for i, payout := range payouts {
		share := exact[payout.Account]
		due.Add(due, share)
		sum = sum.Add(payout.Gross)
		require.True(t, i == 0 || payouts[i-1].Account < payout.Account, "payouts stand by account")
		require.Zero(t, payout.Gross.Minor()%step.Minor())
		off := new(big.Rat).Sub(ratMoney(payout.Gross), share)
		require.Negative(t, new(big.Rat).Abs(off).Cmp(stepRat), "within one step: %s of exact %s", payout.Gross, share)
		switch rules := p.Rounding.Rule; rules {
		case profitshare.MemberUp, profitshare.MemberHalfUp, profitshare.MemberDown:
			rounding := map[profitshare.Rule]ledger.Rounding{profitshare.MemberUp: ledger.RoundUp,
				profitshare.MemberHalfUp: ledger.RoundHalfUp, profitshare.MemberDown: ledger.RoundDown}[rules]
			want, err := ledger.Round(share, step, rounding)
			require.NoError(t, err)
			require.Equal(t, want, payout.Gross)
		}
	}
	require.Equal(t, sum, s.Members)
	byProduct, accounts := ledger.Money{}, 0
	for _, product := range s.Products {
		byProduct, accounts = byProduct.Add(product.Gross), accounts+product.Accounts
	}
	require.Equal(t, sum, byProduct)
	require.Equal(t, s.Accounts(), accounts)
	require.Len(t, payouts, accounts)
	if p.Rounding.Rule == profitshare.LargestRemainder {
		want, err := ledger.Round(due, step, ledger.RoundUp)
		require.NoError(t, err)
		require.Equal(t, want, sum, "the members' part as a whole")
		verifyRemainders(t, s, exact, stepRat)
	}
	require.GreaterOrEqual(t, s.Leftover.Sign(), 0)
	reserves := p.Equalisation.Closing().Sub(p.Equalisation.Opening).Add(p.Risk.Closing().Sub(p.Risk.Opening))
	require.Equal(t, p.Result, ledger.Sum(s.Members, s.Manager, s.Own, s.Leftover, reserves, s.Unshared), "the parts add up to the whole")
	require.Equal(t, s.Manager.Sign() < 0, s.Shortfall().Sign() > 0)
}

// verifyRemainders checks that no account without an extra step had a larger
// rest than one with, nor an equal rest and a smaller number.
func verifyRemainders(t *testing.T, s profitshare.Shares, exact map[string]*big.Rat, step *big.Rat) {
	t.Helper()
	var least, most *big.Rat // least rest that was served, most that was not
	lastServed, firstNot := "", ""
	for p := range s.Payouts() {
		off := new(big.Rat).Sub(exact[p.Account], ratMoney(p.Gross))
		if off.Sign() < 0 { // served: its rest was off + step
			if rest := off.Add(off, step); least == nil || rest.Cmp(least) <= 0 {
				least, lastServed = rest, p.Account
			}
		} else if most == nil || off.Cmp(most) > 0 {
			most, firstNot = off, p.Account
		}
	}
	if least != nil && most != nil {
		require.GreaterOrEqual(t, least.Cmp(most), 0)
		if least.Cmp(most) == 0 {
			require.Less(t, lastServed, firstNot)
		}
	}
}

// everyPath computes a pool on each path that it fits and requires one answer.
func everyPath(t *testing.T, p profitshare.Pool) profitshare.Shares {
	t.Helper()
	s, err := profitshare.Distribute(p)
	require.NoError(t, err)
	for name, path := range profitshare.Paths {
		other, _, err := path(p)
		require.NoError(t, err)
		require.Equal(t, slices.Collect(s.Payouts()), slices.Collect(other.Payouts()), name)
		require.Equal(t, s.Products, other.Products, name)
		require.Equal(t, [4]ledger.Money{s.Members, s.Manager, s.Own, s.Leftover},
			[4]ledger.Money{other.Members, other.Manager, other.Own, other.Leftover}, name)
	}
	return s
}

func TestDistributeRoundsOncePerAccount(t *testing.T) {
	// 1,000 over days 1:1:1 at 40:60 is 133.33 each.
	pool := profitshare.Pool{
		Result: ledger.IDR.Of(1000),
		Terms:  []profitshare.Term{term("SIMUDA", 40, 100), term("SIDIK", 40, 100)},
		Stakes: []profitshare.Stake{
			{Account: "C", Term: 1, Days: ledger.IDR.Of(50).Over(30)},
			{Account: "A", Term: 0, Days: ledger.IDR.Of(50).Over(30)},
			{Account: "B", Term: 0, Days: ledger.IDR.Of(50).Over(30)},
		},
		Rounding: profitshare.Rounding{Step: ledger.IDR.Of(1), LeftoverTo: "dana kebajikan"},
	}
	for _, want := range []struct {
		rule              profitshare.Rule
		a, b, c           int64
		manager, leftover int64
	}{
		{profitshare.MemberUp, 134, 134, 134, 598, 0},
		{profitshare.MemberHalfUp, 133, 133, 133, 600, 1},
		{profitshare.MemberDown, 133, 133, 133, 600, 1},
		{profitshare.LargestRemainder, 134, 133, 133, 600, 0},
	} {
		t.Run(want.rule.String(), func(t *testing.T) {
			pool.Rounding.Rule = want.rule
			s := everyPath(t, pool)
			verify(t, pool, s)
			require.Equal(t, ledger.IDR.Of(want.a), payout(t, s, "A"))
			require.Equal(t, ledger.IDR.Of(want.b), payout(t, s, "B"))
			require.Equal(t, ledger.IDR.Of(want.c), payout(t, s, "C"))
			require.Equal(t, ledger.IDR.Of(want.manager), s.Manager)
			require.Equal(t, ledger.IDR.Of(want.leftover), s.Leftover)
			require.Equal(t, []string{"SIMUDA", "SIDIK"}, []string{s.Products[0].Product, s.Products[1].Product})
			require.Equal(t, "C", pool.Stakes[0].Account, "the caller's stakes keep their order")
		})
	}
}

// Rounding up for many accounts can give members more than there is: the
// manager bears it, and the result says so.
func TestDistributeManagerBearsTheShortfall(t *testing.T) {
	pool := profitshare.Pool{
		Result:   ledger.Minor(1),
		Terms:    []profitshare.Term{term("P", 100, 100)},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: ledger.IDR.Of(1)},
	}
	for i := range 5 {
		pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: fmt.Sprint(i), Days: ledger.Minor(1).Over(1)})
	}
	s := everyPath(t, pool)
	verify(t, pool, s)
	require.Equal(t, ledger.IDR.Of(5), s.Members)
	require.Equal(t, ledger.Minor(-499), s.Manager)
	require.Equal(t, ledger.Minor(499), s.Shortfall())
}

func TestDistributeNothing(t *testing.T) {
	stake := []profitshare.Stake{{Account: "A", Days: ledger.IDR.Of(10).Over(30)}}
	for _, c := range []struct {
		name    string
		result  int64
		stakes  []profitshare.Stake
		nothing profitshare.Nothing
	}{
		{"no income", 0, stake, profitshare.NoIncome},
		{"loss", -5_000, stake, profitshare.NoIncome},
		{"no stakes", 5_000, nil, profitshare.NoStakes},
		{"stakes of zero", 5_000, []profitshare.Stake{{Account: "A"}}, profitshare.NoStakes},
	} {
		for _, rule := range allRules {
			t.Run(c.name+"/"+rule.String(), func(t *testing.T) {
				s, err := profitshare.Distribute(profitshare.Pool{
					Result: ledger.IDR.Of(c.result), Terms: []profitshare.Term{term("P", 40, 100)}, Stakes: c.stakes,
					Rounding: profitshare.Rounding{Rule: rule, Step: ledger.IDR.Of(1), LeftoverTo: "fund"},
				})
				require.NoError(t, err)
				require.Equal(t, c.nothing, s.Nothing)
				require.Equal(t, ledger.IDR.Of(c.result), s.Unshared)
				require.Zero(t, ledger.Sum(s.Members, s.Manager, s.Own, s.Leftover))
				require.Equal(t, len(c.stakes), s.Accounts())
				for p := range s.Payouts() {
					require.Zero(t, p.Gross)
				}
				require.Zero(t, s.Income(0).Sign())
				_, found := s.Working("A")
				require.Equal(t, len(c.stakes) > 0, found)
			})
		}
	}
}

func TestDistributeRefuses(t *testing.T) {
	tooLarge := ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1))
	good := func() profitshare.Pool {
		return profitshare.Pool{
			Result: ledger.IDR.Of(1000), Terms: []profitshare.Term{term("P", 40, 100), term("Q", 50, 100)},
			Stakes:   []profitshare.Stake{{Account: "A", Days: ledger.IDR.Of(10).Over(30)}},
			Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: ledger.IDR.Of(1)},
		}
	}
	for _, c := range []struct {
		name    string
		spoil   func(*profitshare.Pool)
		kind    error
		message string
	}{
		{"no rule", func(p *profitshare.Pool) { p.Rounding.Rule = 0 }, profitshare.ErrPool, "profitshare: rounding: none: not a rule"},
		{"no step", func(p *profitshare.Pool) { p.Rounding.Step = ledger.Money{} }, profitshare.ErrPool, "profitshare: rounding step: 0 minor units: not above zero"},
		{"leftover to nobody", func(p *profitshare.Pool) { p.Rounding.Rule = profitshare.MemberDown }, profitshare.ErrPool, "profitshare: rounding: member_down: nobody is named to receive what is left over"},
		{"nisbah zero", func(p *profitshare.Pool) { p.Terms[0].Nisbah = decimal.Zero }, profitshare.ErrPool, `profitshare: nisbah of product "P": 0: a nisbah is above 0 and at most 1 (DSN-MUI 115/2017)`},
		{"nisbah above one", func(p *profitshare.Pool) { p.Terms[1].Nisbah = decimal.New(101, -2) }, profitshare.ErrPool, `profitshare: nisbah of product "Q": 1.01: a nisbah is above 0 and at most 1 (DSN-MUI 115/2017)`},
		{"nisbah of a billion digits", func(p *profitshare.Pool) { p.Terms[0].Nisbah = decimal.New(1, -1_000_000_000) }, profitshare.ErrPool, `profitshare: nisbah of product "P": a number out of range: more than 18 decimals (DSN-MUI 115/2017)`},
		{"weight missing", func(p *profitshare.Pool) { p.Terms[0].Weight = decimal.Decimal{} }, profitshare.ErrPool, `profitshare: weight of product "P": 0: a weight is above 0; 1 where products are not weighted`},
		{"weight out of range", func(p *profitshare.Pool) { p.Terms[0].Weight = decimal.New(1, 1_000_000_000) }, profitshare.ErrPool, `profitshare: weight of product "P": a number out of range: beyond the largest number`},
		{"unknown term", func(p *profitshare.Pool) { p.Stakes[0].Term = 2 }, profitshare.ErrPool, `profitshare: stake of account "A": term 2: the pool has 2 terms`},
		{"negative term", func(p *profitshare.Pool) { p.Stakes[0].Term = -1 }, profitshare.ErrPool, `profitshare: stake of account "A": term -1: the pool has 2 terms`},
		{"no account", func(p *profitshare.Pool) { p.Stakes[0].Account = "" }, profitshare.ErrPool, "profitshare: stake: no account"},
		{"overdrawn", func(p *profitshare.Pool) { p.Stakes[0].Days = ledger.Minor(-5).Over(1) }, profitshare.ErrPool, `profitshare: stake of account "A": -5 balance-days: below zero`},
		{"two products", func(p *profitshare.Pool) { p.Stakes = append(p.Stakes, profitshare.Stake{Account: "A", Term: 1}) }, profitshare.ErrPool, `profitshare: stake of account "A": P and Q: one account in two products`},
		{"invalid result", func(p *profitshare.Pool) { p.Result = tooLarge }, profitshare.ErrPool, "profitshare: result: " + tooLarge.Err().Error()},
		{"result too large", func(p *profitshare.Pool) { p.Result = ledger.Minor(ledger.MaxMoney) }, profitshare.ErrPool, "profitshare: result: 9223372036854775792 minor units: the shares could exceed the largest amount"},
		{"step too large", func(p *profitshare.Pool) { p.Rounding.Step = ledger.Minor(ledger.MaxMoney) }, profitshare.ErrPool, "profitshare: result: 100000 minor units: the shares could exceed the largest amount"},
		{"hibah above the manager's part", func(p *profitshare.Pool) { p.Hibah = ledger.IDR.Of(601) }, profitshare.ErrReserve, "profitshare: hibah: 60100 minor units: more than the manager's part of 60000 minor units"},
		{"negative hibah", func(p *profitshare.Pool) { p.Hibah = ledger.Minor(-1) }, profitshare.ErrReserve, "profitshare: hibah: -1 minor units: not zero or above"},
		{"IRR above the members' part", func(p *profitshare.Pool) { p.Risk.SetAside = ledger.IDR.Of(401) }, profitshare.ErrReserve, "profitshare: investment risk reserve: 40100 minor units: more than the members' part of 40000 minor units"},
		{"PER released beyond its balance", func(p *profitshare.Pool) {
			p.Equalisation = profitshare.Reserve{Opening: ledger.Minor(4), Released: ledger.Minor(5)}
		}, profitshare.ErrReserve, "profitshare: profit equalisation reserve: 5 minor units: more is released than the reserve's 4 minor units"},
		{"both directions", func(p *profitshare.Pool) {
			p.Risk = profitshare.Reserve{Opening: ledger.Minor(9), SetAside: ledger.Minor(1), Released: ledger.Minor(5)}
		}, profitshare.ErrReserve, "profitshare: investment risk reserve: 5 minor units: set aside and released in one period"},
		{"reserve from nothing", func(p *profitshare.Pool) { p.Result, p.Hibah = ledger.Money{}, ledger.Minor(1) }, profitshare.ErrReserve, "profitshare: reserves and hibah: cannot move, for there is nothing to share: no income to share"},
		{"PER takes all", func(p *profitshare.Pool) { p.Equalisation.SetAside = ledger.IDR.Of(1000) }, profitshare.ErrReserve, "profitshare: reserves and hibah: cannot move, for there is nothing to share: no income to share"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pool := good()
			c.spoil(&pool)
			s, err := profitshare.Distribute(pool)
			require.ErrorIs(t, err, c.kind)
			require.EqualError(t, err, c.message)
			var typed *profitshare.InputError
			require.ErrorAs(t, err, &typed)
			require.Zero(t, s)
		})
	}
	t.Run("split of another income", func(t *testing.T) {
		pool := good()
		var err error
		pool.Split, err = profitshare.Funds{FinancingIncome: ledger.IDR.Of(999), Weight: weightOne}.Split(profitshare.SplitWhole)
		require.NoError(t, err)
		_, err = profitshare.Distribute(pool)
		require.EqualError(t, err, "profitshare: result: 100000 minor units: the split was made for 99900 minor units")
	})
}

// Every pool of up to four accounts with small figures: shares, sums and paths.
func TestDistributeExhaustive(t *testing.T) {
	terms := []profitshare.Term{term("P", 40, 95), term("P", 55, 95), term("Q", 100, 60)}
	for result := int64(1); result <= 24; result += 1 {
		for figures := range 7 * 7 * 7 {
			pool := profitshare.Pool{Result: ledger.Minor(result), Terms: terms}
			days := []int{figures % 7, figures / 7 % 7, figures / 49}
			for i, d := range days {
				pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: fmt.Sprint("a", i), Term: i, Days: ledger.Minor(int64(d)).Over(1)})
			}
			// The fourth account has slices under two nisbahs.
			for i, d := range days[:2] {
				pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: "b", Term: i, Days: ledger.Minor(int64(d)).Over(2)})
			}
			if figures == 0 {
				continue
			}
			for _, rule := range allRules {
				pool.Rounding = profitshare.Rounding{Rule: rule, Step: ledger.Minor(1 + result%3), LeftoverTo: "fund"}
				s, err := profitshare.Distribute(pool)
				require.NoError(t, err)
				if result%8 == 0 {
					verify(t, pool, everyPath(t, pool))
				}
				require.Equal(t, pool.Result, ledger.Sum(s.Members, s.Manager, s.Leftover))
			}
		}
	}
}

// A share of exactly half a step is rounded up by MemberHalfUp, and one a
// breath below is not, wherever the half lies between the two divisors.
func TestDistributeHalves(t *testing.T) {
	for _, c := range []struct {
		nisbah      int64
		result      int64
		days        []int64
		step        int64
		first, rest int64
	}{
		{100, 1, []int64{1, 1}, 1, 1, 1},         // 0.5 and 0.5
		{100, 1, []int64{3, 3}, 1, 1, 1},         // the same over 6
		{100, 3, []int64{7, 7}, 3, 3, 3},         // 1.5 of a step of 3
		{100, 15, []int64{1, 1}, 5, 10, 10},      // 7.5: one and a half steps of 5
		{50, 1, []int64{5, 0}, 1, 1, 0},          // the half comes from the nisbah
		{100, 1, []int64{499, 501}, 1, 0, 1},     // 0.499
		{50, 100, []int64{999, 1}, 100, 0, 0},    // 49.95 of a step of 100
		{50, 100, []int64{1000, 0}, 100, 100, 0}, // 50
	} {
		pool := profitshare.Pool{
			Result: ledger.Minor(c.result), Terms: []profitshare.Term{term("P", c.nisbah, 100)},
			Stakes: []profitshare.Stake{
				{Account: "a", Days: ledger.Minor(c.days[0]).Over(1)}, {Account: "b", Days: ledger.Minor(c.days[1]).Over(1)},
			},
			Rounding: profitshare.Rounding{Rule: profitshare.MemberHalfUp, Step: ledger.Minor(c.step), LeftoverTo: "fund"},
		}
		s := everyPath(t, pool)
		verify(t, pool, s)
		require.Equal(t, ledger.Minor(c.first), payout(t, s, "a"), c)
		require.Equal(t, ledger.Minor(c.rest), payout(t, s, "b"), c)
	}
}
