package savings_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func ExampleDesk_Redirect() {
	ctx, desk := context.Background(), example()
	_, err := desk.Redirect(ctx, savings.Redirection{Key: "R/1", Date: ledger.On(2026, time.March, 1), Account: "M1-SIMUDA", PayTo: "M2-SIMUDA"})
	fmt.Println(err)
	// Output:
	// savings: account M1-SIMUDA: member M1: the profit share cannot go to M2-SIMUDA, which is another member's
}

func TestRedirect(t *testing.T) {
	book, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA")
	opens(t, desk, "M2", "SIWA")
	redirect := func(key, payTo string, on ledger.Date) (savings.Registered, error) {
		return desk.Redirect(ctx, savings.Redirection{Key: key, Date: on, Account: "M1-SIMUDA", PayTo: payTo})
	}
	paid := func() string {
		var to string
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			for e, err := range savings.Earnings(tx, day(time.March, 1), day(time.March, 31)) {
				require.NoError(t, err)
				if e.Account == "M1-SIMUDA" {
					to = e.PayTo
				}
			}
			return nil
		}))
		return to
	}
	require.Equal(t, "M1-SIMUDA", paid())

	first, err := redirect("R1", "M1-SIWA", day(time.March, 5))
	require.NoError(t, err)
	require.Equal(t, "M1-SIWA", first.Account.PayTo)
	require.Equal(t, "M1-SIWA", paid())

	back, err := redirect("R2", "M1-SIMUDA", day(time.March, 6))
	require.NoError(t, err)
	require.Empty(t, back.Account.PayTo, "itself")
	require.Equal(t, "M1-SIMUDA", paid())

	again, err := redirect("R1", "M1-SIWA", day(time.March, 5))
	require.NoError(t, err)
	first.Repeat = true
	require.Equal(t, first, again)
	require.Equal(t, "M1-SIMUDA", paid(), "a repeat changes nothing")
	_, err = redirect("R1", "", day(time.March, 5))
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	_, err = redirect("R3", "M2-SIWA", day(time.March, 6))
	refused(t, err, savings.ErrCommand, "account.pay_to")
	_, err = redirect("R4", "M1-POKOK", day(time.March, 6))
	refused(t, err, savings.ErrUnknown, "account.unknown")
	_, err = desk.Redirect(ctx, savings.Redirection{Key: "R5", Date: day(time.March, 6), Account: "M9-SIWA"})
	refused(t, err, savings.ErrUnknown, "account.unknown")
	_, err = desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.March, 7), Account: "M1-SIWA", Counter: teller})
	require.NoError(t, err)
	_, err = redirect("R6", "M1-SIWA", day(time.March, 8))
	refused(t, err, savings.ErrCommand, "account.pay_to")
	_, err = desk.Close(ctx, savings.Closing{Key: "C2", Date: day(time.March, 9), Account: "M1-SIMUDA", Counter: teller})
	require.NoError(t, err)
	require.Empty(t, paid(), "closed, and nobody said where its share goes")
	for _, itself := range []string{"", "M1-SIMUDA"} {
		_, err = redirect("R7", itself, day(time.March, 10))
		refused(t, err, savings.ErrState, "account.closed")
	}
	opens(t, desk, "M1", "WAJIB")
	late, err := redirect("R7", "M1-WAJIB", day(time.March, 10))
	require.NoError(t, err)
	require.Equal(t, savings.Closed, late.Account.Status)
	require.Equal(t, "M1-WAJIB", paid(), "a share that is still owed finds its way")
}
