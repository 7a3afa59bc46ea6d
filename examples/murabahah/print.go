package main

import (
	"cmp"
	"context"
	"errors"
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

// printStep prints the entry of an event, debits positive, and from the sale
// on the instalment card (kartu angsuran) with what became of each row.
func printStep(w io.Writer, done murabahah.Result) error {
	rupiah := ledger.IDR.FormatLocal
	fmt.Fprintf(w, "\n%s %s\n", done.Event.Date, cmp.Or(done.Posted.Memo, string(done.Event.Name)))
	for _, line := range done.Posted.Lines {
		fmt.Fprintf(w, "  %-5s %-12s %20s\n", line.Account, line.Sub, rupiah(line.Amount))
	}
	card, err := done.Contract.Card()
	if errors.Is(err, murabahah.ErrState) {
		return nil // not sold yet
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s %s: paid %s, waived %s, open %s\n", done.Contract.Terms.Contract, done.Contract.State,
		rupiah(card.Paid), rupiah(card.Waived), rupiah(card.Outstanding))
	for _, row := range card.Rows {
		fmt.Fprintf(w, "  %d %s %9s  paid %9s  waived %7s  open %9s\n", row.No, row.Due, rupiah(row.Amount), rupiah(row.Paid), rupiah(row.Waived), rupiah(row.Outstanding))
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
