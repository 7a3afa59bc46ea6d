package profitshare_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// A hundred thousand accounts are taken over at once, owed shares and carried
// losses: more than one record holds. They are paid and restored like few.
func TestAdoptManyAccounts(t *testing.T) {
	const n = 100_000
	b := newRunBook(t)
	savers := manySavers(n)
	march := ledger.MonthOf(2026, time.March)
	adoption := profitshare.Adoption{Key: "T", Day: march.Last(), Month: march, By: "Bu Sri", Document: "Neraca awal"}
	opening := []ledger.Line{{Account: "10102"}}
	for i, id := range savers {
		owed, held := rp(int64(1+i%7)*100), rp(int64(10_000+i%11*1_000))
		adoption.Owed = append(adoption.Owed, profitshare.AdoptedShare{Account: id, Member: id, Standing: ledger.Member, Gross: owed})
		adoption.Carried = append(adoption.Carried, profitshare.Carried{Account: id, Amount: rp(int64(1 + i%3))})
		opening = append(opening, ledger.Credit("20201", owed).For(id), ledger.Credit("30101", held).For(id))
		opening[0].Amount = opening[0].Amount.Add(owed).Add(held)
	}
	_, err := b.Post(ctx, ledger.Entry{Key: "SA", Date: march.Last(), Memo: "Saldo awal", Lines: opening})
	require.NoError(t, err)
	desk := profitshare.NewDesk(b.Book, reservePlan(), savers)
	spoilt := adoption
	spoilt.Owed = append(spoilt.Owed[:n-1:n-1], adoption.Owed[n-1])
	spoilt.Owed[n-1].Gross = rp(99)
	_, err = desk.Adopt(ctx, spoilt)
	require.ErrorIs(t, err, ledger.ErrAdoption)
	require.NoError(t, b.View(ctx, func(tx *ledger.Tx) error {
		for r, err := range tx.Records(profitshare.AdoptedKind, "") {
			require.NoError(t, err)
			t.Errorf("a refused adoption has left %s", r.ID)
		}
		return nil
	}))

	run, err := desk.Adopt(ctx, adoption)
	require.NoError(t, err)
	again, err := desk.Adopt(ctx, adoption)
	require.NoError(t, err)
	require.Equal(t, run.Version, again.Version)
	require.Equal(t, n, run.Accounts)
	require.NoError(t, b.View(ctx, func(tx *ledger.Tx) error {
		pages := 0
		for r, err := range tx.Records(profitshare.AdoptedKind, "") {
			require.NoError(t, err)
			require.LessOrEqual(t, len(r.Data), ledger.MaxData)
			pages++
		}
		require.Greater(t, pages, 10)
		losses, err := profitshare.LossesIn(tx, "umum")
		require.NoError(t, err)
		require.Equal(t, rp(n/3*6+1), losses.Carried()) // 1, 2, 3, 1, 2, 3, ..., 1
		return nil
	}))
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: march, Date: march.Next().First()})
	require.NoError(t, err)
	require.Equal(t, n, paid.Payment.Accounts)
	require.Equal(t, run.Members, paid.Payment.Gross)
	b.requireBalance("20201", "2026-04-01", 0)

	b.book("2026-04-30", "10102", "50101", 50_000_000)
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: march.Next()})
	require.NoError(t, err)
	require.Equal(t, rp(n/3*6+1), r.Figures.Restored, "what was carried comes back first, to each its own")
	p, found := r.Shares.Payout(savers[2])
	require.True(t, found)
	require.Equal(t, rp(3), p.Restored)
}
