package profitshare_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
)

// exampleDesk is a book with three members' savings in April 2026 and a
// month's income of Rp 1,000,000.
func exampleDesk() (*profitshare.Desk, ledger.Month) {
	clock := func() time.Time { return time.Date(2026, time.April, 30, 17, 0, 0, 0, time.UTC) }
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: runChart(), Clock: clock})
	if err != nil {
		panic(err)
	}
	var accounts earning
	lines := []ledger.Line{ledger.Debit("10102", rp(10_000_000))}
	for id, amount := range map[string]int64{"M1-SIMUDA": 7_000_000, "M2-SIMUDA": 2_000_000, "M3-SIMUDA": 1_000_000} {
		lines = append(lines, ledger.Credit("30101", rp(amount)).For(id))
		accounts = append(accounts, account(id))
	}
	april := ledger.MonthOf(2026, time.April)
	_, err = book.PostAll(ctx, []ledger.Entry{
		{Key: "buka", Date: april.First(), Memo: "Setoran", Lines: lines},
		{Key: "margin", Date: april.Last(), Memo: "Pendapatan margin", Lines: []ledger.Line{
			ledger.Debit("10102", rp(1_000_000)), ledger.Credit("50101", rp(1_000_000))}},
	})
	if err != nil {
		panic(err)
	}
	return profitshare.NewDesk(book, profitshare.Plan{
		Name: "umum", Income: []profitshare.IncomeSource{{Account: "50101", Nature: profitshare.FinancingIncome}},
		Products: []profitshare.Product{{Code: "SIMUDA", Control: "30101", ShareAccount: "50901", Nisbah: decimal.RequireFromString("0.40")}},
		Payable:  "20201", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rp(1)},
	}, accounts), april
}

func ExampleDesk_Preview() {
	desk, april := exampleDesk()
	preview, err := desk.Preview(ctx, april)
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range preview.Shares.Payouts() {
		fmt.Println(p.Account, ledger.IDR.FormatLocal(p.Gross))
	}
	for _, term := range preview.Indications(profitshare.Times12) {
		hi, _ := term.HI1000.Text(3, ledger.RoundDown)
		rate, _ := term.EquivalentRate.Text(2, ledger.RoundHalfUp)
		fmt.Printf("%s HI-1000 %s, equivalent rate %s%% a year (x 12)\n", term.Product, hi, rate)
	}
	// Output:
	// M1-SIMUDA 280.000
	// M2-SIMUDA 80.000
	// M3-SIMUDA 40.000
	// SIMUDA HI-1000 100.000, equivalent rate 48.00% a year (x 12)
}

func ExampleDesk_Post() {
	desk, april := exampleDesk()
	result, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04", Month: april})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range result.Posted.Lines {
		fmt.Println(result.Posted.Date, l.Account, l.Sub, ledger.IDR.FormatLocal(l.Amount))
	}
	again, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04", Month: april})
	fmt.Println(again.Repeat, again.Posted.Number == result.Posted.Number, err)
	// Output:
	// 2026-04-30 50901  400.000
	// 2026-04-30 20201 M1-SIMUDA -280.000
	// 2026-04-30 20201 M2-SIMUDA -80.000
	// 2026-04-30 20201 M3-SIMUDA -40.000
	// true true <nil>
}

func ExampleDesk_PayOut() {
	desk, april := exampleDesk()
	if _, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "mizan/payout/2026-04", Month: april, Date: april.Next().First()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range paid.Posted.Lines {
		fmt.Println(paid.Posted.Date, l.Account, l.Sub, ledger.IDR.FormatLocal(l.Amount))
	}
	fmt.Println(paid.Run.Status)
	// Output:
	// 2026-05-01 20201 M1-SIMUDA 280.000
	// 2026-05-01 30101 M1-SIMUDA -252.000
	// 2026-05-01 20401  -28.000
	// 2026-05-01 20201 M2-SIMUDA 80.000
	// 2026-05-01 30101 M2-SIMUDA -80.000
	// 2026-05-01 20201 M3-SIMUDA 40.000
	// 2026-05-01 30101 M3-SIMUDA -40.000
	// paid
}

func ExampleDesk_Rows() {
	desk, april := exampleDesk()
	if _, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	rows, err := desk.Rows(ctx, april)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Month, r.Account, r.Days, ledger.IDR.Format(r.Gross), ledger.IDR.Format(r.Tax), ledger.IDR.Format(r.Net), r.Paid.IsZero())
	}
	// Output:
	// 2026-04 M1-SIMUDA 21000000000 280000.00 28000.00 252000.00 true
	// 2026-04 M2-SIMUDA 6000000000 80000.00 0.00 80000.00 true
	// 2026-04 M3-SIMUDA 3000000000 40000.00 0.00 40000.00 true
}

func ExampleDesk_Reverse() {
	desk, april := exampleDesk()
	if _, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	undone, err := desk.Reverse(ctx, profitshare.Reversal{Key: "BM-17", Month: april, Date: april.Last(), Reason: "Margin salah bulan"})
	fmt.Println(undone.Run.Status, undone.Posted.Reverses, err)
	result, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04/2", Month: april})
	fmt.Println(result.Run.Status, result.Run.Version, err)
	// Output:
	// reversed 3 <nil>
	// posted 3 <nil>
}

func ExampleDesk_Verify() {
	desk, april := exampleDesk()
	if _, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	v, err := desk.Verify(ctx, april)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Agrees(), len(v.Differences))
	// Output: true 0
}
