package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A block that was agreed until a day binds on that day, and its end lifts it;
// one without a last day, of a death or past the desk stays.
func TestEndDayLiftsBlocks(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA", "TITIPAN")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "D2", "M2-SIWA", day(time.January, 15), 50_000)
	for account, until := range map[string]ledger.Date{"M1-SIWA": day(time.February, 20), "M1-SIMUDA": day(time.February, 21), "M1-TITIPAN": {}, "M2-SIWA": day(time.February, 20)} {
		_, err := desk.Block(ctx, savings.Blocking{Key: "B/" + account, Date: day(time.February, 14), Account: account, Block: ledger.FullBlock, Until: until, Reason: "buku hilang", By: "manajer"})
		require.NoError(t, err)
	}
	_, err := desk.Die(ctx, savings.Death{Key: "L", Date: day(time.February, 16), Known: day(time.February, 16), Member: "M2", Documents: []string{"akta"}, By: "manajer"})
	require.NoError(t, err)
	ends := func(key string, on ledger.Date) savings.DayEnded {
		ended, err := desk.EndDay(ctx, savings.DayEnd{Key: key, Day: on, By: "sistem"})
		require.NoError(t, err)
		return ended
	}
	deposit := func(account string, on ledger.Date) error {
		_, err := desk.Deposit(ctx, savings.Deposit{Key: "D/" + account, Date: on, Account: account, Amount: rupiah(20_000), Counter: teller})
		return err
	}
	require.Zero(t, ends("E1", day(time.February, 19)))
	require.ErrorIs(t, deposit("M1-SIWA", day(time.February, 20)), ledger.ErrBlocked)
	require.Equal(t, savings.DayEnded{Unblocked: 1}, ends("E2", day(time.February, 20)))
	require.Zero(t, ends("E2", day(time.February, 20)), "once")
	require.NoError(t, deposit("M1-SIWA", day(time.February, 21)))
	require.ErrorIs(t, deposit("M1-SIMUDA", day(time.February, 21)), ledger.ErrBlocked)
	require.Equal(t, savings.DayEnded{Unblocked: 1}, ends("E3", day(time.March, 5)), "what was missed is caught up")
	require.NoError(t, deposit("M1-SIMUDA", day(time.March, 6)))
	require.ErrorIs(t, deposit("M1-TITIPAN", day(time.March, 6)), ledger.ErrBlocked)
	require.NotEqual(t, ledger.NoBlock, accountOf(t, book, "M2-SIWA").Blocked.Block, "its holder has died")
}

// A fee of closing is income and nothing else: not cash beside the till, not
// the owners' share, not equity.
func TestClosingFeeIsIncome(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	closes := func(account string) error {
		_, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.March, 1), Account: "M1-SIWA", Counter: teller, Fee: rupiah(5_000), FeeAccount: account})
		return err
	}
	for _, account := range []string{"10102", "50901", "40301", "90205", "20901"} {
		refused(t, closes(account), savings.ErrCommand, "close.fee_account")
	}
	require.ErrorIs(t, closes("99999"), ledger.ErrAccount)
	require.NoError(t, closes("50202"))
}
