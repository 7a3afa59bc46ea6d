// Command monthend shares a month's profit with the savers: it previews the
// month, posts it, pays it out with tax, and closes the month.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

func main() {
	if err := run(context.Background(), os.Stdout, time.Now); err != nil {
		fmt.Fprintln(os.Stderr, "monthend:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, clock func() time.Time) error {
	book, err := open(ctx, clock)
	if err != nil {
		return err
	}
	month := ledger.MonthOf(2026, time.October)
	desk := profitshare.NewDesk(book, plan(), earners{})
	preview, err := desk.Preview(ctx, month) // writes nothing: to be looked at before it counts
	if err != nil {
		return err
	}
	rupiah, f := ledger.IDR.FormatLocal, preview.Figures
	fmt.Fprintf(w, "income %s: members %s, cooperative %s\n\n", rupiah(f.Result), rupiah(f.Members), rupiah(f.Manager))
	if _, err := desk.Post(ctx, profitshare.Posting{Key: "share/2026-10", Month: month}); err != nil {
		return err
	}
	// A run is a command like any other: what stands in a timer may run twice.
	payOut := profitshare.Disbursement{Key: "pay-out/2026-10", Month: month, Date: month.Next().First()}
	if _, err := desk.PayOut(ctx, payOut); err != nil {
		return err
	}
	if err := printShares(ctx, w, desk, month); err != nil {
		return err
	}
	closing := ledger.PeriodClosing{Key: "close/2026-10", Through: month.Last(), Reason: "Tutup buku bulanan", By: "Ibu Wati"}
	if err := book.CloseThrough(ctx, closing); err != nil {
		return err
	}
	if err := deposit(ctx, book, "late/1", "M0001-SIMUDA", month.Last(), 50_000); !errors.Is(err, ledger.ErrPeriodClosed) {
		return fmt.Errorf("a closed month should take nothing, got %w", err)
	}
	fmt.Fprintf(w, "\n%s is closed\n", month)
	return sound(ctx, book)
}
