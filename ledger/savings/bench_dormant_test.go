package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// The day's look for accounts that become dormant, among 10,000 of which one in
// ten does: every account has a fee a month, the others a deposit of last month.
func BenchmarkDueDormant(b *testing.B) {
	const accounts = 10_000
	book, desk := newFullDesk(b)
	require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
		for n := range accounts {
			id := fmt.Sprintf("A%05d", n)
			if _, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + id, Date: day(time.January, 10), Account: id, Member: "M1", Product: "SIWA"}); err != nil {
				return err
			}
			deposit := savings.Deposit{Key: "D/" + id, Date: day(time.January, 10), Account: id, Amount: rupiah(100_000), Counter: teller}
			if _, err := desk.DepositTx(tx, deposit); err != nil {
				return err
			}
			if n%10 == 0 {
				continue
			}
			deposit.Key, deposit.Date = "E/"+id, day(time.December, 10)
			if _, err := desk.DepositTx(tx, deposit); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
		for month := time.July; month <= time.December; month++ {
			for n := range accounts {
				id := fmt.Sprintf("A%05d", n)
				charge := savings.Charge{Key: month.String() + id, Date: ledger.MonthOf(2026, month).Last(), Account: id, Fee: savings.MonthlyFee}
				if _, err := desk.ChargeTx(tx, charge); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, book.View(ctx, func(tx *ledger.Tx) error {
			due, err := savings.DueDormantIn(tx, next(time.January, 10))
			require.Len(b, due, accounts/10)
			return err
		}))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/accounts, "ns/account")
}
