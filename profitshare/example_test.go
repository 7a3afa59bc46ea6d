package profitshare_test

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
)

// A month's income of Rp 1,000,000 over two savings accounts at 40:60 and a
// deposit at 60:40, all open the whole of November.
func examplePool() profitshare.Pool {
	one := decimal.NewFromInt(1)
	return profitshare.Pool{
		Result: ledger.IDR.Of(1_000_000),
		Terms: []profitshare.Term{
			{Product: "SIMUDA", Nisbah: decimal.RequireFromString("0.40"), Weight: one},
			{Product: "SIJAKA12", Nisbah: decimal.RequireFromString("0.60"), Weight: one},
		},
		Stakes: []profitshare.Stake{
			{Account: "M1-SIMUDA", Term: 0, Days: ledger.IDR.Of(2_000_000).Over(30)},
			{Account: "M2-SIMUDA", Term: 0, Days: ledger.IDR.Of(1_000_000).Over(30)},
			{Account: "M1-SIJAKA12", Term: 1, Days: ledger.IDR.Of(4_000_000).Over(30)},
		},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: ledger.IDR.Of(1)},
	}
}

func ExampleDistribute() {
	shares, err := profitshare.Distribute(examplePool())
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range shares.Payouts() {
		fmt.Println(p.Account, ledger.IDR.FormatLocal(p.Gross))
	}
	fmt.Println("manager", ledger.IDR.FormatLocal(shares.Manager))
	// Output:
	// M1-SIJAKA12 342.858
	// M1-SIMUDA 114.286
	// M2-SIMUDA 57.143
	// manager 485.713
}

func ExampleShares_Working() {
	shares, err := profitshare.Distribute(examplePool())
	if err != nil {
		fmt.Println(err)
		return
	}
	working, _ := shares.Working("M1-SIMUDA")
	for _, line := range working.Lines {
		fmt.Println(line.Label+":", line.Figure.RatString())
	}
	// Output:
	// result of the pool: 100000000
	// own funds' part: 0
	// profit equalisation reserve: 0
	// income to share: 100000000
	// weighted balance-days of the pool: 21000000000
	// balance-days under SIMUDA: 6000000000
	// weight of SIMUDA: 1
	// income of the stake: 200000000/7
	// nisbah: 2/5
	// share by nisbah: 80000000/7
	// payout: 11428600
}

func ExampleShares_Indications() {
	shares, err := profitshare.Distribute(examplePool())
	if err != nil {
		fmt.Println(err)
		return
	}
	hi, rate := shares.Indications(0, 30, profitshare.Times12)
	hiText, _ := hi.Text(3, ledger.RoundDown)
	rateText, _ := rate.Text(2, ledger.RoundHalfUp)
	fmt.Printf("HI-1000 %s, equivalent rate %s%% a year (x 12)\n", hiText, rateText)
	// Output: HI-1000 142.857, equivalent rate 68.57% a year (x 12)
}

func ExampleWeigh() {
	opened := ledger.On(2026, 8, 13)
	history := profitshare.History{
		First: ledger.On(2026, 8, 1), Last: ledger.On(2026, 8, 31), Opened: opened,
		Balances: []profitshare.Balance{{From: opened, Amount: ledger.IDR.Of(1_000_000)}},
	}
	weight, err := profitshare.Weigh(history, profitshare.AverageDaily, profitshare.CountOpening)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(weight.Counted, "of", weight.Period, "days, average in minor units", weight.Average().FloatString(2))
	// Output: 19 of 31 days, average in minor units 61290322.58
}

func ExampleWeighSegments() {
	_, err := profitshare.WeighSegments([]profitshare.Segment{
		{Days: 10, Amount: ledger.IDR.Of(500_000)},
		{Days: 20, Amount: ledger.IDR.Of(700_000)},
	}, 31)
	fmt.Println(err)
	// Output: profitshare: segments: 30 days: do not add up to the period's 31
}

func ExampleFunds_Split() {
	funds := profitshare.Funds{
		FinancingIncome: ledger.IDR.Of(10_000_000), PlacementIncome: ledger.IDR.Of(500_000),
		Financing: ledger.IDR.Of(800_000_000).Over(31), Syirkah: ledger.IDR.Of(600_000_000).Over(31), Own: ledger.IDR.Of(300_000_000).Over(31),
		Weight: decimal.NewFromInt(1),
	}
	for _, policy := range []profitshare.SplitPolicy{profitshare.SyirkahFirst, profitshare.ProRata, profitshare.SplitWhole} {
		split, err := funds.Split(policy)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(policy, split.Syirkah().FloatString(0), split.Own().FloatString(0))
	}
	// Output:
	// syirkah_first 750000000 300000000
	// pro_rata 700000000 350000000
	// whole 1050000000 0
}

func ExampleLadder_Stakes() {
	ladder := profitshare.Ladder{Tiering: profitshare.ByBand, Rungs: []profitshare.Rung{
		{Term: 0}, {From: ledger.IDR.Of(10_000_000), Term: 1},
	}}
	stakes, err := ladder.Stakes("M1", ledger.IDR.Of(15_000_000).Over(30), 30)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range stakes {
		fmt.Println("term", s.Term, "balance-days", s.Days)
	}
	// Output:
	// term 0 balance-days 30000000000
	// term 1 balance-days 15000000000
}

func ExampleTaxRule_Withhold() {
	withholding, err := profitshare.PP15().Withhold([]profitshare.Return{
		{Account: "M1-SIMUDA", Member: "M1", Gross: ledger.IDR.Of(114_286)},
		{Account: "M1-SIJAKA12", Member: "M1", Gross: ledger.IDR.Of(342_858)},
		{Account: "M2-SIMUDA", Member: "M2", Gross: ledger.IDR.Of(57_143)},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range withholding.Rows {
		fmt.Println(row.Account, ledger.IDR.FormatLocal(row.Tax), ledger.IDR.FormatLocal(row.Net))
	}
	// Output:
	// M1-SIMUDA 11.428 102.858
	// M1-SIJAKA12 34.285 308.573
	// M2-SIMUDA 0 57.143
}
