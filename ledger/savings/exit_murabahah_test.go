package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
)

// A member leaves with a running murabahah: the balances become a claim, the
// murabahah's own desk is paid out of it, and the rest is paid out, all of it
// in one Update. Neither package knows the other.
func TestExitSettlesAMurabahah(t *testing.T) {
	book, desk := newFullDesk(t)
	sales := murabahah.NewDesk(book, murabahah.Accounts{Inventory: "11401", Receivable: "11101", DeferredMargin: "11102",
		DownPayment: "20302", MarginIncome: "50101", PenaltyFund: "90205"})
	_, err := sales.Order(ctx, murabahah.Ordering{Key: "SP", Date: day(time.January, 6), Terms: murabahah.Terms{
		Contract: "MRB-1", Buyer: member("M1"), Goods: "Mesin jahit", Cost: rupiah(1_200_000), Margin: rupiah(120_000),
		Plan:        murabahah.Plan{Kind: murabahah.Level, Instalments: 12, FirstDue: day(time.February, 6), Step: rupiah(1_000), Rounding: ledger.RoundHalfUp},
		Recognition: murabahah.Recognition{Method: murabahah.Proportional, Step: rupiah(1)},
	}})
	require.NoError(t, err)
	_, err = sales.Acquire(ctx, murabahah.Acquisition{Key: "BKK", Contract: "MRB-1", Date: day(time.January, 6), Cost: rupiah(1_200_000), Place: teller, Document: "FKT-1"})
	require.NoError(t, err)
	_, err = sales.Sell(ctx, murabahah.Sale{Key: "akad", Contract: "MRB-1", Date: day(time.January, 6)})
	require.NoError(t, err)
	opens(t, desk, "M1", "POKOK", "SIMUDA")
	paysIn(t, desk, "D1", "M1-POKOK", day(time.January, 10), 100_000)
	paysIn(t, desk, "D2", "M1-SIMUDA", day(time.January, 10), 2_000_000)
	leaves(t, desk, "M1", day(time.March, 1))

	on := day(time.March, 2)
	var paid savings.ExitResult
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		settled, err := desk.SettleTx(tx, savings.Settlement{Key: "S", Date: on, Member: "M1"})
		if err != nil {
			return err
		}
		claim := settled.Exit.Place
		if _, err := sales.SettleTx(tx, murabahah.Settlement{Key: "SM", Contract: "MRB-1", Date: on, Place: claim}); err != nil {
			return err
		}
		left, err := tx.Balance(claim.Account, claim.Sub, ledger.Latest())
		if err != nil {
			return err
		}
		paid, err = desk.PayClaimTx(tx, savings.ClaimPayment{Key: "C", Date: on, Member: "M1", Amount: left.Neg(), Counter: teller})
		return err
	}))
	// One row of the margin, 10,000, was due; the rest of it is waived.
	requireLines(t, paid.Posted, debit("20204", 890_000).For("M1").With(former("M1")), credit("10102", 890_000))
	require.Equal(t, savings.MemberSettled, memberOf(t, book, "M1").State())
	for place, balance := range balancesOf(t, book) {
		require.NotContains(t, place, "MRB-1", "the contract is settled too, %s is left", balance)
	}
}
