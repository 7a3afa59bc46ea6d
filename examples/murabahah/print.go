package main

import (
	"context"
	"fmt"
	"io"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// printQuote prints what an early settlement costs, as the member is shown it.
func printQuote(ctx context.Context, w io.Writer, desk *murabahah.Desk, asOf ledger.Date) error {
	quote, err := desk.Quote(ctx, laptop, asOf)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nsettling on %s\n", asOf)
	for _, line := range quote.Working() {
		fmt.Fprintf(w, "  %-38s %9s\n", line.Name, ledger.IDR.FormatLocal(line.Amount))
	}
	return nil
}

// printSettled prints the entry of the settlement, debits positive, and the
// instalment card (kartu angsuran) with what became of each row.
func printSettled(w io.Writer, settled murabahah.Result) error {
	rupiah := ledger.IDR.FormatLocal
	fmt.Fprintf(w, "\n%s %s\n", settled.Posted.Date, settled.Posted.Memo)
	for _, line := range settled.Posted.Lines {
		fmt.Fprintf(w, "  %-5s %-12s %20s\n", line.Account, line.Sub, rupiah(line.Amount))
	}
	card, err := settled.Contract.Card()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s %s\n", laptop, card.Contract.State)
	for _, row := range card.Rows {
		fmt.Fprintf(w, "  %d %s %9s  paid %9s  waived %7s\n", row.No, row.Due, rupiah(row.Amount), rupiah(row.Paid), rupiah(row.Waived))
	}
	return nil
}

// sound asks whether the book contradicts itself, or a contract the book.
func sound(ctx context.Context, book *ledger.Book) error {
	for finding, err := range book.Check(ctx, murabahah.Checks(accounts)...) {
		if err != nil {
			return err
		}
		return fmt.Errorf("the books contradict themselves: %s", finding)
	}
	return nil
}
