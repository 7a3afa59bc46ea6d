package channelling_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/channelling"
)

// A member's money goes to the business it was meant for; the cooperative earns
// its fee, and the investment stands off its balance sheet.
func ExampleDesk_PlaceWith() {
	clock := func() time.Time { return time.Date(2026, time.January, 5, 8, 0, 0, 0, time.UTC) }
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: clock})
	if err != nil {
		fmt.Println(err)
		return
	}
	desk := channelling.NewDesk(book, channelling.StandardAccounts())
	agreement := channelling.Agreement{Slip: slip(start), Terms: terms()}
	agreement.Key = "agree/MMQ-1"
	if _, err := desk.Agree(ctx, agreement); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := desk.Receive(ctx, keyed(moving(start, 10_200_000), "receive/MMQ-1")); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := desk.Charge(ctx, keyed(moving(start, 200_000), "fee/MMQ-1")); err != nil {
		fmt.Println(err)
		return
	}
	placed, err := desk.PlaceWith(ctx, keyed(moving(start, 10_000_000), "place/MMQ-1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range written(placed.Posted) {
		fmt.Println(line)
	}
	// Output:
	// 20112 MMQ-1 10.000.000
	// 10102  -10.000.000
	// 99106 MMQ-1 10.000.000
	// 99199  -10.000.000
}
