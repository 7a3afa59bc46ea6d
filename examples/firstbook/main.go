// Command firstbook opens a cooperative's books, takes a member's deposit, sees
// a withdrawal refused, and prints the member's passbook.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func main() {
	if err := run(context.Background(), os.Stdout, time.Now); err != nil {
		fmt.Fprintln(os.Stderr, "firstbook:", err)
		os.Exit(1)
	}
}

// run takes the clock from outside, as the library does: it stamps when something
// was recorded and decides nothing.
func run(ctx context.Context, w io.Writer, clock func() time.Time) error {
	desk, book, err := open(ctx, clock)
	if err != nil {
		return err
	}
	deposit := savings.Deposit{
		Key:  "teller-7/000123", // the voucher's number: each is carried out once
		Date: ledger.On(2026, time.November, 23), Account: "M0001-SIMUDA",
		Amount: ledger.IDR.Of(100_000), Counter: ledger.Place{Account: tellerCash}, Memo: "Setoran tunai",
	}
	for range 2 { // a lost answer is no trouble: asking again gives the first result
		receipt, err := desk.Deposit(ctx, deposit)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "entry %d, repeated: %t\n", receipt.Posted.Number, receipt.Repeat)
	}
	_, err = desk.Withdraw(ctx, savings.Withdrawal{
		Key: "teller-7/000124", Date: deposit.Date, Account: deposit.Account,
		Amount: ledger.IDR.Of(95_000), Counter: deposit.Counter, Memo: "Penarikan tunai",
	})
	if !errors.Is(err, savings.ErrMinBalance) {
		return fmt.Errorf("the minimum balance should have held, got %w", err)
	}
	fmt.Fprintf(w, "refused: %v\n\n", err) // and nothing has changed
	if err := printPassbook(ctx, w, book, deposit.Account); err != nil {
		return err
	}
	return sound(ctx, book)
}
