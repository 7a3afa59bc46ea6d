package profitshare_test

import (
	"math/big"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/stretchr/testify/require"
)

func august(day int) ledger.Date { return ledger.On(2026, 8, day) }

func TestWeigh(t *testing.T) {
	balance := func(day int, amount int64) profitshare.Balance {
		return profitshare.Balance{From: august(day), Amount: ledger.Minor(amount)}
	}
	for _, c := range []struct {
		name           string
		opened, closed ledger.Date
		balances       []profitshare.Balance
		measure        profitshare.Measure
		rule           profitshare.DayRule
		days           int64
		counted        int
	}{
		{"open all month", ledger.Date{}, ledger.Date{}, []profitshare.Balance{balance(1, 10), balance(11, 40)}, profitshare.AverageDaily, profitshare.CountOpening, 10*10 + 21*40, 31},
		{"the other rule changes nothing for it", ledger.Date{}, ledger.Date{}, []profitshare.Balance{balance(1, 10), balance(11, 40)}, profitshare.AverageDaily, profitshare.SkipOpening, 10*10 + 21*40, 31},
		{"opened earlier with the day known", ledger.On(2026, 7, 3), ledger.Date{}, []profitshare.Balance{balance(1, 10)}, profitshare.AverageDaily, profitshare.SkipOpening, 310, 31},
		{"opened on the 13th: 19 days", august(13), ledger.Date{}, []profitshare.Balance{balance(13, 10)}, profitshare.AverageDaily, profitshare.CountOpening, 190, 19},
		{"opened on the 13th: 18 days", august(13), ledger.Date{}, []profitshare.Balance{balance(13, 10)}, profitshare.AverageDaily, profitshare.SkipOpening, 180, 18},
		{"opened on the first", august(1), ledger.Date{}, []profitshare.Balance{balance(1, 10)}, profitshare.AverageDaily, profitshare.SkipOpening, 300, 30},
		{"opened on the last day", august(31), ledger.Date{}, []profitshare.Balance{balance(31, 10)}, profitshare.AverageDaily, profitshare.CountOpening, 10, 1},
		{"opened on the last day, skipped", august(31), ledger.Date{}, []profitshare.Balance{balance(31, 10)}, profitshare.MonthEnd, profitshare.SkipOpening, 0, 0},
		{"matured on the 20th", ledger.Date{}, august(20), []profitshare.Balance{balance(1, 10)}, profitshare.AverageDaily, profitshare.CountOpening, 190, 19},
		{"opened and closed within", august(5), august(9), []profitshare.Balance{balance(5, 10)}, profitshare.AverageDaily, profitshare.SkipOpening, 30, 3},
		{"opened and closed on one day", august(5), august(5), []profitshare.Balance{balance(5, 10)}, profitshare.AverageDaily, profitshare.CountOpening, 0, 0},
		{"closed on the last day", ledger.Date{}, august(31), []profitshare.Balance{balance(1, 10)}, profitshare.AverageDaily, profitshare.CountOpening, 300, 30},
		{"closed before the period", ledger.Date{}, ledger.On(2026, 7, 31), nil, profitshare.AverageDaily, profitshare.CountOpening, 0, 0},
		{"a balance after closing is not counted", ledger.Date{}, august(20), []profitshare.Balance{balance(1, 10), balance(20, 0), balance(25, 99)}, profitshare.AverageDaily, profitshare.CountOpening, 190, 19},
		{"month end", ledger.Date{}, ledger.Date{}, []profitshare.Balance{balance(1, 10), balance(31, 40)}, profitshare.MonthEnd, profitshare.CountOpening, 31 * 40, 31},
		{"month end of a closed account", ledger.Date{}, august(31), []profitshare.Balance{balance(1, 10)}, profitshare.MonthEnd, profitshare.CountOpening, 0, 30},
		{"lowest", ledger.Date{}, ledger.Date{}, []profitshare.Balance{balance(1, 50), balance(11, 40), balance(20, 60)}, profitshare.Lowest, profitshare.CountOpening, 31 * 40, 31},
		{"lowest over the open days", august(13), ledger.Date{}, []profitshare.Balance{balance(13, 50), balance(20, 40)}, profitshare.Lowest, profitshare.CountOpening, 19 * 40, 19},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := profitshare.Weigh(profitshare.History{First: august(1), Last: august(31), Opened: c.opened, Closed: c.closed, Balances: c.balances}, c.measure, c.rule)
			require.NoError(t, err)
			require.Equal(t, big.NewInt(c.days).String(), w.Days.String())
			require.Equal(t, c.counted, w.Counted)
			require.Equal(t, 31, w.Period)
			require.Zero(t, w.Average().Cmp(big.NewRat(c.days, 31)))
		})
	}
}

func TestWeighRefuses(t *testing.T) {
	good := func() profitshare.History {
		return profitshare.History{First: august(1), Last: august(31), Balances: []profitshare.Balance{{From: august(1)}, {From: august(9)}}}
	}
	for _, c := range []struct {
		name    string
		spoil   func(*profitshare.History)
		message string
	}{
		{"no period", func(h *profitshare.History) { h.Last = ledger.Date{} }, "profitshare: period: 2026-08-01 to no date: not a period"},
		{"period backwards", func(h *profitshare.History) { h.Last = ledger.On(2026, 7, 1) }, "profitshare: period: 2026-08-01 to 2026-07-01: not a period"},
		{"no such opening day", func(h *profitshare.History) { h.Opened = ledger.On(2026, 2, 30) }, "profitshare: opening day: invalid date: not a day"},
		{"closed before opened", func(h *profitshare.History) { h.Opened, h.Closed = august(9), august(8) }, "profitshare: closing day: 2026-08-08: not a day on or after the opening"},
		{"no balances", func(h *profitshare.History) { h.Balances = nil }, "profitshare: balances: none, though the account was open from 2026-08-01"},
		{"first segment left out", func(h *profitshare.History) { h.Balances = h.Balances[1:] }, "profitshare: balance: 2026-08-09: the first one does not stand at 2026-08-01: the days do not add up to the period"},
		{"not at the opening", func(h *profitshare.History) { h.Opened = august(2) }, "profitshare: balance: 2026-08-01: the first one does not stand at 2026-08-02: the days do not add up to the period"},
		{"in disorder", func(h *profitshare.History) { h.Balances[1].From = august(1) }, "profitshare: balance: 2026-08-01: not after the one before"},
		{"after the period", func(h *profitshare.History) { h.Balances[1].From = ledger.On(2026, 9, 1) }, "profitshare: balance: 2026-09-01: not a day of the period"},
		{"overdrawn", func(h *profitshare.History) { h.Balances[1].Amount = ledger.Minor(-1) }, "profitshare: balance of 2026-08-09: -1 minor units: not zero or above"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := good()
			c.spoil(&h)
			_, err := profitshare.Weigh(h, profitshare.AverageDaily, profitshare.CountOpening)
			require.ErrorIs(t, err, profitshare.ErrWeigh)
			require.EqualError(t, err, c.message)
		})
	}
	for _, c := range []struct {
		measure profitshare.Measure
		rule    profitshare.DayRule
	}{{0, profitshare.CountOpening}, {profitshare.Lowest + 1, profitshare.CountOpening}, {profitshare.Lowest, 0}, {profitshare.Lowest, profitshare.SkipOpening + 1}} {
		_, err := profitshare.Weigh(good(), c.measure, c.rule)
		require.ErrorIs(t, err, profitshare.ErrWeigh)
	}
}

func TestWeighSegmentsRefuses(t *testing.T) {
	for name, segments := range map[string][]profitshare.Segment{
		"none":      nil,
		"short":     {{Days: 29}},
		"long":      {{Days: 30}, {Days: 1}},
		"no days":   {{Days: 30}, {Days: 0}},
		"backwards": {{Days: 31}, {Days: -1}},
		"overdrawn": {{Days: 30, Amount: ledger.Minor(-1)}},
	} {
		_, err := profitshare.WeighSegments(segments, 30)
		require.ErrorIs(t, err, profitshare.ErrWeigh, name)
	}
}

// Ladder by level and by band at, below and above the bounds of the rungs.
func TestLadder(t *testing.T) {
	rungs := []profitshare.Rung{{Term: 0}, {From: ledger.Minor(100), Term: 1}, {From: ledger.Minor(250), Term: 2}}
	const days = 31
	for _, c := range []struct {
		average, level int64
		bands          []int64
	}{
		{99, 0, []int64{99}},
		{100, 1, []int64{100}},
		{101, 1, []int64{100, 1}},
		{250, 2, []int64{100, 150}},
		{1000, 2, []int64{100, 150, 750}},
	} {
		held := ledger.Minor(c.average).Over(days)
		stakes, err := profitshare.Ladder{Tiering: profitshare.ByLevel, Rungs: rungs}.Stakes("A", held, days)
		require.NoError(t, err)
		require.Equal(t, []profitshare.Stake{{Account: "A", Term: int(c.level), Days: held}}, stakes)

		stakes, err = profitshare.Ladder{Tiering: profitshare.ByBand, Rungs: rungs}.Stakes("A", held, days)
		require.NoError(t, err)
		var sum ledger.BalanceDays
		require.Len(t, stakes, len(c.bands))
		for i, s := range stakes {
			require.Equal(t, profitshare.Stake{Account: "A", Term: i, Days: ledger.Minor(c.bands[i]).Over(days)}, s)
			sum = sum.Add(s.Days)
		}
		require.Equal(t, held, sum)
	}
	// One rupiah-day below a bound has not reached it.
	held := ledger.Minor(100).Over(days).Add(ledger.Minor(-1).Over(1))
	stakes, err := profitshare.Ladder{Tiering: profitshare.ByLevel, Rungs: rungs}.Stakes("A", held, days)
	require.NoError(t, err)
	require.Zero(t, stakes[0].Term)
	// Below the minimum nothing is held; at it everything.
	ladder := profitshare.Ladder{Tiering: profitshare.ByBand, Rungs: rungs, Minimum: ledger.Minor(100)}
	stakes, err = ladder.Stakes("A", held, days)
	require.NoError(t, err)
	require.Empty(t, stakes)
	stakes, err = ladder.Stakes("A", ledger.Minor(100).Over(days), days)
	require.NoError(t, err)
	require.Len(t, stakes, 1)
}

func TestLadderRefuses(t *testing.T) {
	rung := func(from int64) profitshare.Rung { return profitshare.Rung{From: ledger.Minor(from)} }
	held := ledger.Minor(5).Over(30)
	for name, ladder := range map[string]profitshare.Ladder{
		"no tiering":       {Rungs: []profitshare.Rung{rung(0)}},
		"no rungs":         {Tiering: profitshare.ByBand},
		"gap at the foot":  {Tiering: profitshare.ByBand, Rungs: []profitshare.Rung{rung(1)}},
		"equal rungs":      {Tiering: profitshare.ByBand, Rungs: []profitshare.Rung{rung(0), rung(5), rung(5)}},
		"descending":       {Tiering: profitshare.ByLevel, Rungs: []profitshare.Rung{rung(0), rung(5), rung(4)}},
		"negative minimum": {Tiering: profitshare.ByLevel, Rungs: []profitshare.Rung{rung(0)}, Minimum: ledger.Minor(-1)},
	} {
		_, err := ladder.Stakes("A", held, 30)
		require.ErrorIs(t, err, profitshare.ErrTier, name)
	}
	good := profitshare.Ladder{Tiering: profitshare.ByLevel, Rungs: []profitshare.Rung{rung(0)}}
	_, err := good.Stakes("A", held, 0)
	require.ErrorIs(t, err, profitshare.ErrTier)
	_, err = good.Stakes("A", ledger.Minor(-5).Over(30), 30)
	require.ErrorIs(t, err, profitshare.ErrTier)
}

func TestSplitPolicies(t *testing.T) {
	funds := func(financing, syirkah, own int64) profitshare.Funds {
		return profitshare.Funds{FinancingIncome: ledger.Minor(900), PlacementIncome: ledger.Minor(100), Weight: weightOne,
			Financing: ledger.Minor(financing).Over(31), Syirkah: ledger.Minor(syirkah).Over(31), Own: ledger.Minor(own).Over(31)}
	}
	for _, c := range []struct {
		name    string
		funds   profitshare.Funds
		policy  profitshare.SplitPolicy
		syirkah *big.Rat
	}{
		{"all financing from syirkah", funds(100, 100, 50), profitshare.SyirkahFirst, big.NewRat(900, 1)},
		{"more syirkah than financing", funds(100, 300, 50), profitshare.SyirkahFirst, big.NewRat(900, 1)},
		{"a third", funds(300, 100, 50), profitshare.SyirkahFirst, big.NewRat(300, 1)},
		{"pro rata", funds(0, 100, 50), profitshare.ProRata, big.NewRat(2000, 3)},
		{"whole", funds(0, 0, 50), profitshare.SplitWhole, big.NewRat(1000, 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := c.funds.Split(c.policy)
			require.NoError(t, err)
			require.Zero(t, c.syirkah.Cmp(s.Syirkah()), s.Syirkah())
			require.Zero(t, new(big.Rat).Add(s.Syirkah(), s.Own()).Cmp(big.NewRat(1000, 1)))
			require.Equal(t, c.policy, s.Policy())
		})
	}
	require.Equal(t, profitshare.SplitWhole, profitshare.Split{}.Policy())
	for name, refused := range map[string]struct {
		funds  profitshare.Funds
		policy profitshare.SplitPolicy
	}{
		"no policy":              {funds(1, 1, 1), 0},
		"income of nothing":      {funds(0, 1, 1), profitshare.SyirkahFirst},
		"no funds":               {funds(1, 0, 0), profitshare.ProRata},
		"negative funds":         {funds(1, -1, 1), profitshare.ProRata},
		"weight missing":         {profitshare.Funds{}, profitshare.SplitWhole},
		"negative income":        {profitshare.Funds{FinancingIncome: ledger.Minor(-1), Weight: weightOne}, profitshare.SplitWhole},
		"income does not add up": {profitshare.Funds{FinancingIncome: ledger.Minor(ledger.MaxMoney), PlacementIncome: ledger.Minor(1), Weight: weightOne}, profitshare.SplitWhole},
	} {
		_, err := refused.funds.Split(refused.policy)
		require.ErrorIs(t, err, profitshare.ErrSplit, name)
	}
}
