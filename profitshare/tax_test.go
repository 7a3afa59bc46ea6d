package profitshare_test

import (
	"slices"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func pays(account, member string, rupiah int64) profitshare.Return {
	return profitshare.Return{Account: account, Member: member, Gross: ledger.IDR.Of(rupiah)}
}

// The threshold is one for all accounts of a member; the tax is each account's,
// cut to whole rupiah.
func TestWithholdPerMember(t *testing.T) {
	w, err := profitshare.PP15().Withhold([]profitshare.Return{
		pays("a1", "A", 200_005), pays("b1", "B", 240_000), pays("a2", "A", 40_009), pays("c1", "C", 0),
		{Account: "d1", Member: "D", Gross: ledger.IDR.Of(9_000_000), Outside: true},
	}, nil)
	require.NoError(t, err)
	for i, want := range []int64{20_000, 0, 4_000, 0, 0} {
		require.Equal(t, ledger.IDR.Of(want), w.Rows[i].Tax, w.Rows[i].Account)
		require.Equal(t, w.Rows[i].Gross.Sub(w.Rows[i].Tax), w.Rows[i].Net)
		require.Zero(t, w.Rows[i].CatchUp)
	}
	require.Equal(t, ledger.IDR.Of(24_000), w.Tax)
	require.Equal(t, w.Gross, w.Net.Add(w.Tax))
	require.Empty(t, w.Arrears)
}

// A second payout that carries the month over the threshold bears the tax on
// the first as well; what it cannot bear is named.
func TestWithholdCatchUp(t *testing.T) {
	rule := profitshare.PP15()
	first, err := rule.Withhold([]profitshare.Return{pays("a1", "A", 150_009), pays("a2", "A", 80_005), pays("b1", "B", 240_000), pays("c1", "C", 100)}, nil)
	require.NoError(t, err)
	require.Zero(t, first.Tax)
	returns := []profitshare.Return{pays("c2", "C", 200), pays("b2", "B", 1_000), pays("a4", "A", 9_000), pays("a3", "A", 20_000)}
	second, err := rule.Withhold(returns, first.Rows)
	require.NoError(t, err)
	rows := map[string]profitshare.Withheld{}
	for i, row := range second.Rows {
		require.Equal(t, returns[i], row.Return, "rows stand as the returns do")
		require.Equal(t, row.Gross, ledger.Sum(row.Net, row.Tax, row.CatchUp))
		rows[row.Account] = row
	}
	require.Zero(t, rows["c2"].Tax.Add(rows["c2"].CatchUp))
	// A: 10% of 150,009 and of 80,005, each cut, is 23,000; a3 bears what it can.
	require.Equal(t, ledger.IDR.Of(2_000), rows["a3"].Tax)
	require.Equal(t, ledger.IDR.Of(18_000), rows["a3"].CatchUp)
	require.Equal(t, ledger.IDR.Of(900), rows["a4"].Tax)
	require.Equal(t, ledger.IDR.Of(5_000), rows["a4"].CatchUp)
	// B: 1,000 is too little for the 24,000 owed on the first payout.
	require.Equal(t, ledger.IDR.Of(100), rows["b2"].Tax)
	require.Equal(t, ledger.IDR.Of(900), rows["b2"].CatchUp)
	require.Equal(t, []profitshare.Arrears{{Member: "B", Amount: ledger.IDR.Of(23_100)}}, second.Arrears)

	// A third payout takes B's arrears and nothing twice from A.
	third, err := rule.Withhold([]profitshare.Return{pays("b3", "B", 100_000), pays("a5", "A", 100)}, slices.Concat(first.Rows, second.Rows))
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(23_100), third.Rows[0].CatchUp)
	require.Equal(t, ledger.IDR.Of(10_000), third.Rows[0].Tax)
	require.Zero(t, third.Rows[1].CatchUp)
	require.Empty(t, third.Arrears)
}

// However a month is cut into payouts, the tax comes to the same.
func TestWithholdInParts(t *testing.T) {
	rule := profitshare.PP15()
	var all []profitshare.Return
	for i, gross := range []int64{120_001, 3, 60_019, 60_000, 70_777, 500_000} {
		all = append(all, pays(string(rune('a'+i)), "A", gross))
	}
	whole, err := rule.Withhold(all, nil)
	require.NoError(t, err)
	for cut := range all {
		first, err := rule.Withhold(all[:cut], nil)
		require.NoError(t, err)
		second, err := rule.Withhold(all[cut:], first.Rows)
		require.NoError(t, err)
		require.Equal(t, whole.Tax, first.Tax.Add(second.Tax), cut)
		require.Empty(t, second.Arrears)
	}
}

func TestWithholdRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		spoil   func(*profitshare.TaxRule)
		returns []profitshare.Return
		message string
	}{
		{"no rounding", func(r *profitshare.TaxRule) { r.Rounding = 0 }, nil, "profitshare: rounding: none: not a rule"},
		{"no step", func(r *profitshare.TaxRule) { r.Step = ledger.Money{} }, nil, "profitshare: rounding step: 0 minor units: not above zero"},
		{"rate above one", func(r *profitshare.TaxRule) { r.Rate = decimal.NewFromInt(10) }, nil, "profitshare: rate: 10: a rate is 0 to 1"},
		{"negative threshold", func(r *profitshare.TaxRule) { r.Threshold = ledger.Minor(-1) }, nil, "profitshare: threshold: -1 minor units: not zero or above"},
		{"negative gross", nil, []profitshare.Return{pays("a", "A", -1)}, `profitshare: return of account "a": -100 minor units: not zero or above`},
		{"no member", nil, []profitshare.Return{pays("a", "", 1)}, "profitshare: return 1: a: account or member is missing"},
		{"twice", nil, []profitshare.Return{pays("a", "A", 1), pays("a", "A", 1)}, `profitshare: return of account "a": stands twice in one payout`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := profitshare.PP15()
			if c.spoil != nil {
				c.spoil(&rule)
			}
			_, err := rule.Withhold(c.returns, nil)
			require.ErrorIs(t, err, profitshare.ErrTax)
			require.EqualError(t, err, c.message)
		})
	}
}

func TestTaxRulesOn(t *testing.T) {
	later := profitshare.PP15()
	later.From, later.Threshold, later.Source = ledger.On(2030, 1, 1), ledger.IDR.Of(500_000), "a later regulation"
	rules := profitshare.TaxRules{later, profitshare.PP15()}
	for day, threshold := range map[ledger.Date]int64{
		ledger.On(2009, 1, 1): 240_000, ledger.On(2029, 12, 31): 240_000, ledger.On(2030, 1, 1): 500_000,
	} {
		rule, err := rules.On(day)
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(threshold), rule.Threshold)
	}
	for _, day := range []ledger.Date{ledger.On(2008, 12, 31), {}} {
		_, err := rules.On(day)
		require.ErrorIs(t, err, profitshare.ErrTax)
	}
	_, err := append(rules, later).On(ledger.On(2031, 1, 1))
	require.ErrorIs(t, err, profitshare.ErrTax)
	_, err = profitshare.TaxRules{{}}.On(ledger.On(2031, 1, 1))
	require.ErrorIs(t, err, profitshare.ErrTax)
}
