package main

import (
	"context"
	"fmt"
	"io"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// printPassbook prints an account's passbook (buku tabungan). It is read from
// the book's lines: no balance is kept a second time. The name comes from the
// caller, since a book that can forget nothing keeps no names.
func printPassbook(ctx context.Context, w io.Writer, book *ledger.Book, account string) error {
	return book.View(ctx, func(tx *ledger.Tx) error {
		passbook, err := report.ReadPassbook(tx, report.PassbookQuery{Account: mudharabah, Sub: account, Limit: 20})
		if err != nil {
			return err
		}
		return passbook.Report("KSPPS Melati", "Siti Aminah").Text(w, report.Indonesian)
	})
}

// sound asks the book whether it contradicts itself. It is cheap enough to be
// asked every night.
func sound(ctx context.Context, book *ledger.Book) error {
	for finding, err := range book.Check(ctx, savings.Checks()...) {
		if err != nil {
			return err
		}
		return fmt.Errorf("the books contradict themselves: %s", finding)
	}
	return nil
}
