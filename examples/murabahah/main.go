// Command murabahah sells a member a laptop: ordered, bought, sold at cost plus
// margin, paid once, and settled early with the rebate. A second contract falls
// behind, is rescheduled, and is written off in the end.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

func main() {
	if err := run(context.Background(), os.Stdout, time.Now); err != nil {
		fmt.Fprintln(os.Stderr, "murabahah:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, clock func() time.Time) error {
	desk, book, err := order(ctx, clock)
	if err != nil {
		return err
	}
	on := func(month time.Month, day int) ledger.Date { return ledger.On(2026, month, day) }
	sale := murabahah.Sale{Key: "akad/1", Contract: laptop, Date: on(time.January, 6)}
	if _, err = desk.Sell(ctx, sale); !errors.Is(err, murabahah.ErrNotOwned) {
		return fmt.Errorf("goods that are not owned should not be sold, got %w", err)
	}
	fmt.Fprintln(w, "refused:", err)
	bought := murabahah.Acquisition{Key: "BKK-1", Contract: laptop, Date: on(time.January, 5), Cost: ledger.IDR.Of(8_000_000), Place: teller, Document: "FKT-88"}
	if _, err := desk.Acquire(ctx, bought); err != nil {
		return err
	}
	if _, err := desk.Sell(ctx, sale); err != nil { // a refused key is free again
		return err
	}
	paid := murabahah.Receipt{Key: "BKM-17", Contract: laptop, Date: on(time.January, 31), Amount: ledger.IDR.Of(1_493_000), Place: teller}
	if _, err := desk.Pay(ctx, paid); err != nil {
		return err
	}
	if err := printQuote(ctx, w, desk, on(time.March, 10)); err != nil {
		return err
	}
	settled, err := desk.Settle(ctx, murabahah.Settlement{Key: "BKM-31", Contract: laptop, Date: on(time.March, 10), Place: teller})
	if err != nil {
		return err
	}
	if err := errors.Join(printStep(w, settled), late(ctx, w, desk)); err != nil {
		return err
	}
	return sound(ctx, book)
}
