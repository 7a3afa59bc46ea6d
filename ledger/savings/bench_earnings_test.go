package savings_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A month end asks for the terms of every account: here 10,000 members with an
// account each.
func BenchmarkEarnings10000(b *testing.B) {
	book := newBook(b)
	desk := savings.NewDesk(book)
	_, err := desk.AddProduct(ctx, products()[3])
	require.NoError(b, err)
	require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
		for n := range 10_000 {
			id := strconv.Itoa(n)
			if _, err := desk.JoinTx(tx, savings.Joining{Key: "J/" + id, Date: day(time.January, 5), Member: "M" + id}); err != nil {
				return err
			}
			if _, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + id, Date: day(time.January, 10), Account: "A" + id, Member: "M" + id, Product: "SIMUDA"}); err != nil {
				return err
			}
		}
		return nil
	}))
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, book.View(ctx, func(tx *ledger.Tx) error {
			for _, err := range savings.Earnings(tx, day(time.January, 1), day(time.January, 31)) {
				if err != nil {
					return err
				}
			}
			return nil
		}))
	}
}
