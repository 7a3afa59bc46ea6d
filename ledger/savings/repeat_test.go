package savings_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A repeated command answers with its first result, even when it could not be
// carried out any more: the account is closed and the period shut.
func TestRepeat(t *testing.T) {
	book, desk := newDesk(t)
	open := savings.Opening{Key: "O", Date: day(time.January, 10), Account: "M1-SIWA", Member: "M1", Product: "SIWA"}
	deposit := savings.Deposit{Key: "D", Date: day(time.January, 11), Account: "M1-SIWA", Amount: rupiah(100_000), Counter: teller, Memo: "setoran"}
	withdraw := savings.Withdrawal{Key: "W", Date: day(time.January, 12), Account: "M1-SIWA", Amount: rupiah(30_000), Counter: teller}
	transfer := savings.Transfer{Key: "X", Date: day(time.January, 13), From: "M1-SIWA", To: "M2-SIWA", Amount: rupiah(20_000)}
	closing := savings.Closing{Key: "C", Date: day(time.January, 14), Account: "M1-SIWA", Counter: teller, Fee: rupiah(1_000), FeeAccount: "50202"}
	opens(t, desk, "M2", "SIWA")

	opened, err := desk.Open(ctx, open)
	require.NoError(t, err)
	in, err := desk.Deposit(ctx, deposit)
	require.NoError(t, err)
	out, err := desk.Withdraw(ctx, withdraw)
	require.NoError(t, err)
	over, err := desk.Transfer(ctx, transfer)
	require.NoError(t, err)
	closed, err := desk.Close(ctx, closing)
	require.NoError(t, err)
	require.Equal(t, rupiah(49_000), closed.Paid)
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "month", Through: day(time.January, 31), By: "manajer"}))
	before, err := book.Head(ctx)
	require.NoError(t, err)

	opened2, err := desk.Open(ctx, open)
	require.NoError(t, err)
	opened.Repeat = true
	require.Equal(t, opened, opened2)
	require.Equal(t, savings.Opened, opened2.Account.Status)
	for _, pair := range []struct {
		first savings.Receipt
		again func() (savings.Receipt, error)
	}{
		{in, func() (savings.Receipt, error) { return desk.Deposit(ctx, deposit) }},
		{out, func() (savings.Receipt, error) { return desk.Withdraw(ctx, withdraw) }},
		{over, func() (savings.Receipt, error) { return desk.Transfer(ctx, transfer) }},
	} {
		require.False(t, pair.first.Repeat)
		again, err := pair.again()
		require.NoError(t, err)
		pair.first.Repeat, pair.first.Posted.Repeat = true, true
		require.Equal(t, pair.first, again)
	}
	closed2, err := desk.Close(ctx, closing)
	require.NoError(t, err)
	closed.Repeat, closed.Posted.Repeat = true, true
	require.Equal(t, closed, closed2)

	// Every field of the content counts.
	conflict := func(err error) { t.Helper(); require.ErrorIs(t, err, ledger.ErrKeyConflict) }
	for _, change := range []func(*savings.Deposit){
		func(c *savings.Deposit) { c.Date = day(time.January, 12) }, func(c *savings.Deposit) { c.Account = "M2-SIWA" },
		func(c *savings.Deposit) { c.Amount = rupiah(1) }, func(c *savings.Deposit) { c.Counter.Account = "10201" },
		func(c *savings.Deposit) { c.Counter.Sub = "x" }, func(c *savings.Deposit) { c.Memo = "" },
		func(c *savings.Deposit) { c.Document = "x" }, func(c *savings.Deposit) { c.Maker = "x" }, func(c *savings.Deposit) { c.Approver = "x" },
	} {
		other := deposit
		change(&other)
		_, err := desk.Deposit(ctx, other)
		conflict(err)
	}
	_, err = desk.Adopt(ctx, open) // same key and fields, another command
	conflict(err)
	withdraw.Waiver = "x"
	_, err = desk.Withdraw(ctx, withdraw)
	conflict(err)
	closing.PayTo = "M1-SIMUDA"
	_, err = desk.Close(ctx, closing)
	conflict(err)

	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// The Tx forms compose: several commands in one Update, all or none, and a
// refused one leaves the transaction as it was.
func TestInCallersTransaction(t *testing.T) {
	book, desk := newDesk(t)
	stop := errors.New("stop")
	join := func(tx *ledger.Tx) error {
		for _, o := range []savings.Opening{
			{Key: "O1", Date: day(time.January, 10), Account: "M1-POKOK", Member: "M1", Product: "POKOK"},
			{Key: "O2", Date: day(time.January, 10), Account: "M1-SIMUDA", Member: "M1", Product: "SIMUDA"},
		} {
			if _, err := desk.OpenTx(tx, o); err != nil {
				return err
			}
		}
		if _, err := desk.DepositTx(tx, savings.Deposit{Key: "D1", Date: day(time.January, 10), Account: "M1-POKOK", Amount: rupiah(100_000), Counter: teller}); err != nil {
			return err
		}
		before, err := tx.Head()
		require.NoError(t, err)
		_, err = desk.DepositTx(tx, savings.Deposit{Key: "D2", Date: day(time.January, 10), Account: "M1-SIMUDA", Amount: rupiah(1), Counter: teller})
		refused(t, err, savings.ErrMinOpening, "deposit.min_opening")
		// Closing a blocked name fails late, at the book's own text rules.
		_, err = desk.CloseTx(tx, savings.Closing{Key: "C1", Date: day(time.January, 10), Account: "M1-SIMUDA", Counter: teller, Approver: "a\nb"})
		require.ErrorIs(t, err, ledger.ErrEntry)
		after, err := tx.Head()
		require.NoError(t, err)
		require.Equal(t, before, after)
		_, err = desk.DepositTx(tx, savings.Deposit{Key: "D2", Date: day(time.January, 10), Account: "M1-SIMUDA", Amount: rupiah(20_000), Counter: teller})
		return err
	}
	require.ErrorIs(t, book.Update(ctx, func(tx *ledger.Tx) error {
		require.NoError(t, join(tx))
		return stop
	}), stop)
	_, err := desk.Balance(ctx, "M1-POKOK", day(time.January, 31))
	refused(t, err, savings.ErrUnknown, "account.unknown")
	require.NoError(t, book.Update(ctx, join))
	requireBalance(t, desk, "M1-SIMUDA", 20_000)
}

// A teller's mistake is reversed in the book, under the same floors; nothing
// moves on a closed account, whoever posts.
func TestReversal(t *testing.T) {
	book, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA")
	first := paysIn(t, desk, "D1", "M1-SIWA", day(time.January, 11), 50_000)
	wrong := paysIn(t, desk, "D2", "M1-SIWA", day(time.January, 12), 5_000)
	_, err := book.Reverse(ctx, ledger.Reversal{Key: "R1", Entry: wrong.Number, Date: day(time.January, 12), Reason: "salah rekening"})
	require.NoError(t, err)
	requireBalance(t, desk, "M1-SIWA", 50_000)
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R2", Entry: first.Number, Date: day(time.January, 12), Reason: "salah"})
	require.ErrorIs(t, err, ledger.ErrReversal, "the first deposit made the account active: the desk takes both back")

	closed, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.January, 31), Account: "M1-SIWA", Counter: teller})
	require.NoError(t, err)
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R3", Entry: closed.Posted.Number, Date: day(time.January, 31), Reason: "batal"})
	require.ErrorIs(t, err, ledger.ErrReversal, "a closing is taken back by the desk")
	_, err = book.Post(ctx, ledger.Entry{Key: "S1", Date: day(time.January, 31), Lines: []ledger.Line{
		ledger.Debit("10201", rupiah(5)), ledger.Credit("20101", rupiah(5)).For("M1-SIWA")}})
	require.ErrorIs(t, err, ledger.ErrBlocked)
}
