// Command qardh keeps a contract of its own beside the library's: a benevolent
// loan without profit, granted, paid back in instalments, and paid by the
// benevolent fund where the member cannot. Package ledger/contract keeps it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

func main() {
	if err := run(context.Background(), os.Stdout, time.Now); err != nil {
		fmt.Fprintln(os.Stderr, "qardh:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, clock func() time.Time) error {
	config := ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: clock}
	book, err := ledger.Create(ctx, ledger.NewMemory(), config)
	if err != nil {
		return err
	}
	if err := open(ctx, book); err != nil {
		return err
	}
	desk := Desk{book}
	act := func(key string, month time.Month, amount int64, note string) Act {
		return Act{Key: key, Loan: "QRD-1", Date: ledger.On(2026, month, 10), Amount: ledger.IDR.Of(amount), Note: note}
	}
	grant := act("BKK-1", time.January, 2_000_000, "")
	grant.Member = "M0001"
	first, second := act("BKM-1", time.February, 500_000, ""), act("BKM-2", time.March, 500_000, "")
	all, rest := act("MEMO-1", time.May, 1_500_000, "sakit, berita acara 12"), act("MEMO-2", time.May, 1_000_000, "sakit, berita acara 12")

	show := printer{ctx, w, desk}
	show.do("grant", grant, Loan.Grant)
	show.do("repay", first, Loan.Repay)
	show.do("repay", second, Loan.Repay)
	show.do("repay", second, Loan.Repay) // sent again after a lost answer
	show.undo(act("MEMO-0", time.March, 500_000, "salah kontrak"))
	show.do("write_off", all, Loan.WriteOff) // more than the fund has
	show.do("repay", act("BKM-3", time.April, 500_000, ""), Loan.Repay)
	show.do("repay", act("BKM-4", time.April, 1_000_001, ""), Loan.Repay) // more than is owed
	show.do("write_off", rest, Loan.WriteOff)
	for finding, err := range book.Check(ctx, checks()...) {
		return errors.Join(err, fmt.Errorf("the book is not sound: %s", finding))
	}
	return show.history("QRD-1")
}
