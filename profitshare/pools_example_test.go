package profitshare_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// Two pools in one call: the general one, and one for members whose money
// finances a project alone. Neither sees the other's income.
func ExampleDistributeAll() {
	stake := func(account string, balance int64) profitshare.Stake {
		return profitshare.Stake{Account: account, Days: rp(balance).Over(30)}
	}
	pool := func(name string, result int64, nisbah string, stakes ...profitshare.Stake) profitshare.NamedPool {
		return profitshare.NamedPool{Name: name, Pool: profitshare.Pool{
			Result: rp(result), Days: 30, Stakes: stakes, Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rp(1)},
			Terms: []profitshare.Term{{Product: name, Nisbah: decimal.RequireFromString(nisbah), Weight: decimal.NewFromInt(1)}},
		}}
	}
	month, err := profitshare.DistributeAll([]profitshare.NamedPool{
		pool("umum", 1_000_000, "0.5", stake("M1-UMUM", 3_000_000), stake("M2-UMUM", 1_000_000)),
		pool("proyek", 600_000, "0.4", stake("M1-PROYEK", 2_000_000)),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for name, p := range month.Payouts() {
		fmt.Println(name, p.Account, ledger.IDR.FormatLocal(p.Gross))
	}
	fmt.Println(ledger.IDR.FormatLocal(month.Result), "=", ledger.IDR.FormatLocal(month.Members), "+", ledger.IDR.FormatLocal(month.Manager))
	// Output:
	// umum M1-UMUM 375.000
	// umum M2-UMUM 125.000
	// proyek M1-PROYEK 240.000
	// 1.600.000 = 740.000 + 860.000
}

// One month of two pools: posted together, paid together under one tax, and
// reported each and in sum.
func ExamplePools() {
	e, april := exampleBook(func(*profitshare.Plan) {}, 460_000)
	e.entry(april.First(), "10102", "30103/M1-P", 1_000_000)
	e.entry(april.Last(), "10102", "50301", 200_000)
	general, project := twoPools()
	general.Products[0].Nisbah = decimal.RequireFromString("0.6")
	pools, err := profitshare.NewPools(e.book, earning{account("M1-A"), account("M2-A"), projectAccount("M1-P")}, general, project)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := pools.Post(ctx, profitshare.PoolsPosting{Key: "share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := pools.PayOut(ctx, profitshare.Disbursement{Key: "pay/2026-04", Month: april, Date: april.Next().First()}); err != nil {
		fmt.Println(err)
		return
	}
	rows, err := pools.Rows(ctx, april)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range rows { // M1 passes the threshold only with both pools
		fmt.Println(row.Account, ledger.IDR.FormatLocal(row.Gross), ledger.IDR.FormatLocal(row.Tax))
	}
	report, err := pools.Reconciliation(ctx, april, april.Next().First())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Sum.Plan, ledger.IDR.FormatLocal(report.Sum.Available), ledger.IDR.FormatLocal(report.Sum.Distributed))
	// Output:
	// M1-A 207.000 20.700
	// M2-A 69.000 0
	// M1-P 80.000 8.000
	// umum + proyek 660.000 356.000
}
