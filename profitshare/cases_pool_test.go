package profitshare_test

import (
	"math/big"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// PT-01 prints one wrong cell (14,468,750 for 14,625,000); the computed rows are tested.
func runPoolTable(t *testing.T, c publishedCase) {
	type product struct {
		Product        string
		Avg            int64           `json:"avg_balance"`
		Weight         decimal.Decimal `json:"weight"`
		Nisbah         decimal.Decimal `json:"nisbah_member"`
		Weighted       int64
		Revenue        int64
		Member         int64
		Bank           int64
		EquivalentRate decimal.Decimal `json:"equivalent_rate_pct"`
		HI             decimal.Decimal `json:"hi1000"`
	}
	in := read[struct {
		Revenue  int64 `json:"distributable_revenue"`
		Products []product
	}](t, c.Inputs)
	want := read[struct {
		Rows        []product
		TotalMember int64 `json:"total_member"`
		TotalBank   int64 `json:"total_bank"`
	}](t, c.Expected.Values)
	pool := profitshare.Pool{Result: ledger.IDR.Of(in.Revenue), Rounding: toTheCent}
	for i, p := range in.Products {
		pool.Terms = append(pool.Terms, profitshare.Term{Product: p.Product, Nisbah: p.Nisbah, Weight: p.Weight})
		pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: p.Product, Term: i, Days: ledger.IDR.Of(p.Avg).Over(30)})
	}
	s, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	for i, row := range want.Rows {
		require.Equal(t, ledger.IDR.Of(row.Member), s.Products[i].Gross, row.Product)
		sameMoney(t, decimal.NewFromInt(row.Revenue), s.Income(i), row.Product)
		sameMoney(t, decimal.NewFromInt(row.Bank), new(big.Rat).Sub(s.Income(i), ratMoney(s.Products[i].Gross)), row.Product)
		hi, rate := s.Indications(i, 30, profitshare.Times12)
		same(t, row.HI, hi.Exact(), "HI of "+row.Product)
		same(t, row.EquivalentRate, rate.Exact(), "rate of "+row.Product)
	}
	require.Equal(t, ledger.IDR.Of(want.TotalMember), s.Members)
	require.Equal(t, ledger.IDR.Of(want.TotalBank), s.Manager)
	require.Zero(t, s.Leftover)
}

// PW-01 weighs tenors and the owner's equity, which pays the fee like everybody.
func runWeightedPool(t *testing.T, c publishedCase) {
	in := read[struct {
		PoolSize int64 `json:"pool_size"`
		Income   int64
		Days     int             `json:"days_in_month"`
		Mudharib decimal.Decimal `json:"mudharib_share"`
		Equity   decimal.Decimal `json:"equity_weight"`
		Deposits []struct {
			Tenor  string
			Weight decimal.Decimal
			Items  []struct {
				Amount int64
				Days   int
			}
		}
	}](t, c.Inputs)
	want := read[struct {
		Mudharib, Distributable int64
		Average, Allocation     map[string]decimal.Decimal
		Percent                 map[string]decimal.Decimal `json:"annualised_pct"`
	}](t, c.Expected.Values)
	nisbah := weightOne.Sub(in.Mudharib)
	rounding := toTheCent
	pool := profitshare.Pool{Result: ledger.IDR.Of(in.Income), Rounding: rounding}
	equity := ledger.IDR.Of(in.PoolSize).Over(in.Days)
	for i, d := range in.Deposits {
		pool.Terms = append(pool.Terms, profitshare.Term{Product: d.Tenor, Nisbah: nisbah, Weight: d.Weight})
		for _, item := range d.Items {
			// Two deposits of a tenor are taken as one account: shares are additive.
			pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: d.Tenor, Term: i, Days: ledger.IDR.Of(item.Amount).Over(item.Days)})
			equity = equity.Add(ledger.IDR.Of(item.Amount).Over(-item.Days))
		}
	}
	pool.Terms = append(pool.Terms, profitshare.Term{Product: "equity", Nisbah: nisbah, Weight: in.Equity})
	pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: "equity", Term: len(in.Deposits), Days: equity})
	s, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	for i, p := range s.Products {
		average := new(big.Rat).Quo(new(big.Rat).SetInt(p.Days.Big()), big.NewRat(int64(in.Days), 1))
		sameMoney(t, want.Average[p.Product], average, p.Product)
		sameMoney(t, want.Allocation[p.Product], ratMoney(p.Gross), p.Product)
		_, rate := s.Indications(i, in.Days, profitshare.Times365)
		same(t, want.Percent[p.Product], rate.Exact(), p.Product)
	}
	// Half up to the cent comes to one cent more than there is: the manager's.
	require.Equal(t, ledger.IDR.Of(want.Distributable).Add(ledger.Minor(1)), s.Members)
	require.Equal(t, ledger.IDR.Of(want.Mudharib).Sub(ledger.Minor(1)), s.Manager)

	// The source prints whole units, half up; these happen to come out even.
	pool.Rounding.Step = ledger.IDR.Of(1)
	s, err = profitshare.Distribute(pool)
	require.NoError(t, err)
	printed := read[struct{ Allocation map[string]int64 }](t, c.Expected.Published)
	for _, p := range s.Products {
		require.Equal(t, ledger.IDR.Of(printed.Allocation[p.Product]), p.Gross, p.Product)
	}
	require.Equal(t, ledger.IDR.Of(want.Mudharib), s.Manager)
}

func runHibah(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	pool := profitshare.Pool{
		Result: rupiah(t, in["distributable"]), Rounding: toTheCent,
		Terms:  []profitshare.Term{{Product: "P", Nisbah: weightOne.Sub(in["mudharib_share"]), Weight: weightOne}},
		Stakes: []profitshare.Stake{{Account: "owners", Days: ledger.IDR.Of(1).Over(1)}},
	}
	before, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	require.Equal(t, rupiah(t, want["owners_before"]), before.Members)
	require.Equal(t, rupiah(t, want["mudharib_before"]), before.Manager)
	pool.Hibah = rupiah(t, in["hibah_from_mudharib"])
	after, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	require.Equal(t, rupiah(t, want["owners_after"]), after.Members)
	require.Equal(t, rupiah(t, want["mudharib_after"]), after.Manager)
}

// PR-01 calls PER what it computes as IRR; both are tested under their names.
func runReserves(t *testing.T, c publishedCase) {
	in := figures(t, c.Inputs)
	want := read[map[string]map[string]int64](t, c.Expected.Values)
	irr, per := want["as_published"], want["true_PER_before_split"]
	pool := func(result string) profitshare.Pool {
		return profitshare.Pool{
			Result: rupiah(t, in[result]), Rounding: toTheCent,
			Terms:  []profitshare.Term{{Product: "P", Nisbah: in["nisbah_owner"], Weight: weightOne}},
			Stakes: []profitshare.Stake{{Account: "owner", Days: ledger.IDR.Of(1).Over(1)}},
		}
	}
	year1 := pool("year1_profit")
	year1.Risk.SetAside = rupiah(t, in["set_aside"])
	s, err := profitshare.Distribute(year1)
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(irr["year1_owner"]), s.Members)
	year2 := pool("year2_profit")
	year2.Risk = profitshare.Reserve{Opening: year1.Risk.Closing(), Released: rupiah(t, in["draw"])}
	s, err = profitshare.Distribute(year2)
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(irr["year2_owner"]), s.Members)
	require.Equal(t, ledger.IDR.Of(irr["balance_after"]), year2.Risk.Closing())

	year1 = pool("year1_profit")
	year1.Equalisation.SetAside = rupiah(t, in["set_aside"])
	s, err = profitshare.Distribute(year1)
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(per["year1_owner"]), s.Members)
	require.Equal(t, ledger.IDR.Of(per["year1_mudharib"]), s.Manager)
	require.NotEqual(t, rupiah(t, figures(t, c.Expected.Published)["year1_owner"]), s.Members, "printed as a PER, computed as an IRR")
	require.Equal(t, ledger.IDR.Of(per["balance"]), year1.Equalisation.Closing())
}

// AV-01 takes 30 days for January: its segments are tested as they stand, and
// refused for the 31 days the month has.
func runSegments(t *testing.T, c publishedCase) {
	in := read[struct {
		Segments []struct {
			Days    int
			Balance int64
		}
		Days int `json:"days_in_period"`
	}](t, c.Inputs)
	want := figures(t, c.Expected.Values)
	var segments []profitshare.Segment
	for _, s := range in.Segments {
		segments = append(segments, profitshare.Segment{Days: s.Days, Amount: ledger.IDR.Of(s.Balance)})
	}
	w, err := profitshare.WeighSegments(segments, in.Days)
	require.NoError(t, err)
	sameMoney(t, want["sum_of_products"], new(big.Rat).SetInt(w.Days.Big()), "sum")
	sameMoney(t, want["average"], w.Average(), "average")
	_, err = profitshare.WeighSegments(segments, 31)
	require.ErrorIs(t, err, profitshare.ErrWeigh)
}

// AV-03 and AV-04 print averages that leave out days; the corrected ones are
// tested, and the published segments of AV-03 (15 of 28 days) are refused.
func runMovements(t *testing.T, c publishedCase) {
	in := read[struct {
		Movements []struct {
			Day     int
			Balance int64
		}
	}](t, c.Inputs)
	want := figures(t, c.Expected.Values)
	month, opened := ledger.MonthOf(2011, 2), ledger.Date{}
	if c.ID == "AV-04" {
		month = ledger.MonthOf(2011, 3)
		opened = month.Day(in.Movements[0].Day)
	}
	h := profitshare.History{First: month.First(), Last: month.Last(), Opened: opened}
	for _, m := range in.Movements {
		h.Balances = append(h.Balances, profitshare.Balance{From: month.Day(m.Day), Amount: ledger.IDR.Of(m.Balance)})
	}
	w, err := profitshare.Weigh(h, profitshare.AverageDaily, profitshare.CountOpening)
	require.NoError(t, err)
	printed := rupiah(t, figures(t, c.Expected.Published)["average"])
	require.NotZero(t, w.Average().Cmp(ratMoney(printed)), "what is printed is no average of the days")
	if c.ID == "AV-03" {
		sameMoney(t, want["average"], w.Average(), "average")
		_, err = profitshare.WeighSegments([]profitshare.Segment{
			{Days: 3, Amount: ledger.IDR.Of(30_000_000)}, {Days: 5, Amount: ledger.IDR.Of(50_000_000)}, {Days: 7, Amount: ledger.IDR.Of(40_000_000)},
		}, 28)
		require.ErrorIs(t, err, profitshare.ErrWeigh)
		return
	}
	sameMoney(t, want["daily_average_over_31_days"], w.Average(), "average")
	open := profitshare.Weight{Days: w.Days, Period: w.Counted}
	sameMoney(t, want["daily_average_over_30_open_days"], open.Average(), "average over the open days")
	lowest, err := profitshare.Weigh(h, profitshare.Lowest, profitshare.CountOpening)
	require.NoError(t, err)
	require.Equal(t, rupiah(t, want["lowest_balance"]).Over(30), lowest.Days)
}
