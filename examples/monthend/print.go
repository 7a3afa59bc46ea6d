package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// printShares prints who got what of a month's profit.
func printShares(ctx context.Context, w io.Writer, desk *profitshare.Desk, month ledger.Month) error {
	rows, err := desk.Rows(ctx, month)
	if err != nil {
		return err
	}
	table := report.ShareTable{Entity: "KSPPS Melati", Month: month, Currency: ledger.IDR}
	for _, row := range rows {
		table.Rows = append(table.Rows, report.Share{
			Account: row.Account, Member: row.Member, Product: row.Product,
			BalanceDays: row.Days, Gross: row.Gross, Tax: row.Tax.Add(row.CatchUp), Net: row.Net,
		})
	}
	laid, err := table.Report()
	if err != nil {
		return err
	}
	return laid.Text(w, report.Indonesian)
}

// sound asks the book, and what each package knows of its own contracts,
// whether anything contradicts itself.
func sound(ctx context.Context, book *ledger.Book) error {
	for finding, err := range book.Check(ctx, slices.Concat(savings.Checks(), profitshare.Checks())...) {
		if err != nil {
			return err
		}
		return fmt.Errorf("the books contradict themselves: %s", finding)
	}
	return nil
}
