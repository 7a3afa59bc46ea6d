package profitshare_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

func TestNothingToShare(t *testing.T) {
	for _, c := range []struct {
		name string
		post func(b *runBook)
		why  profitshare.Nothing
	}{
		{"no income", func(b *runBook) { b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000) }, profitshare.NoIncome},
		{"loss", func(b *runBook) {
			b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
			b.book("2026-04-30", "50101", "10102", 5_000)
		}, profitshare.NoIncome},
		{"no balance", func(b *runBook) { b.book("2026-04-30", "10102", "50101", 5_000) }, profitshare.NoStakes},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newRunBook(t)
			c.post(b)
			april := month(t, "2026-04")
			desk := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A")})
			r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
			require.NoError(t, err)
			require.Equal(t, c.why, r.Figures.Nothing)
			require.Zero(t, r.Posted.Number)
			again, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
			require.NoError(t, err)
			require.True(t, again.Repeat)
			require.Equal(t, c.why, again.Figures.Nothing)
			_, err = desk.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
			require.ErrorIs(t, err, profitshare.ErrRun)
			rows, err := desk.Rows(ctx, april)
			require.NoError(t, err)
			require.Empty(t, rows)
			paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
			require.NoError(t, err)
			require.Zero(t, paid.Posted.Number)
			require.Equal(t, profitshare.Paid, paid.Run.Status)

			// Late income: the empty pay-out and the run are undone, and the month is run again.
			b.book("2026-04-30", "10102", "50101", 45_000)
			b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
			for n := range 2 {
				_, err = desk.Reverse(ctx, profitshare.Reversal{Key: fmt.Sprint("R", n), Month: april, Date: april.Last(), Reason: "pendapatan terlambat"})
				require.NoError(t, err)
			}
			r, err = desk.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
			require.NoError(t, err)
			require.Equal(t, profitshare.SharedOut, r.Figures.Nothing)
			require.NotZero(t, r.Posted.Number)
		})
	}
}

// Closing entries are not income, adjusting ones are: the year's last month can
// be verified after the year is closed.
func TestClosingIsNoIncome(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-11-30", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-12-10", "10102", "50101", 60_000)
	last := ledger.On(2026, time.December, 31)
	post := func(phase ledger.Phase, debit, credit string, amount int64) {
		_, err := b.Post(ctx, ledger.Entry{Key: "X" + phase.String(), Date: last, Phase: phase, Memo: "Jurnal",
			Lines: []ledger.Line{ledger.Debit(debit, rp(amount)), ledger.Credit(credit, rp(amount))}})
		require.NoError(t, err)
	}
	post(ledger.Adjusting, "10102", "50301", 40_000)
	desk := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A")})
	december := month(t, "2026-12")
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: december, Adjusting: true})
	require.NoError(t, err)
	require.Equal(t, rp(50_000), r.Figures.Members)
	require.Equal(t, ledger.Adjusting, r.Posted.Phase)
	post(ledger.Closing, "50101", "40101", 60_000)
	v, err := desk.Verify(ctx, december)
	require.NoError(t, err)
	require.True(t, v.Agrees())
}

// Both commands in one transaction of the caller's: all of it or nothing.
func TestPostAndPayInOneUpdate(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	both := func(tx *ledger.Tx) error {
		if _, err := desk.PostTx(tx, profitshare.Posting{Key: "P", Month: april}); err != nil {
			return err
		}
		paid, err := desk.PayOutTx(tx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
		if err == nil {
			require.Equal(t, profitshare.Paid, paid.Run.Status)
			require.Equal(t, 3, paid.Payment.Accounts)
		}
		return err
	}
	stop := errors.New("stop")
	require.ErrorIs(t, b.Update(ctx, func(tx *ledger.Tx) error {
		require.NoError(t, both(tx))
		return stop
	}), stop)
	_, err := desk.Rows(ctx, april)
	require.ErrorIs(t, err, profitshare.ErrRun, "nothing was kept")
	require.NoError(t, b.Update(ctx, both))
	b.requireBalance("20201", "2026-05-01", 0)
	b.requireBalance("30101/M1-A", "2026-05-01", -2_220_000)
}

// Events that are applied in order to nothing give the state; none of them
// changes the state before it.
func TestApplyLeavesTheRunBefore(t *testing.T) {
	payment := func(version, left int) *profitshare.Payment {
		return &profitshare.Payment{Version: version, Left: left}
	}
	april := month(t, "2026-04")
	run := profitshare.Run{}
	var states []profitshare.Run
	for n, e := range []profitshare.RunEvent{
		{Name: profitshare.EventPost, Figures: &profitshare.Figures{Accounts: 2, Members: rp(10)}},
		{Name: profitshare.EventPayOut, Payment: payment(2, 1)},
		{Name: profitshare.EventPayOut, Payment: payment(3, 0)},
		{Name: profitshare.EventReverse, Undoes: 3},
		{Name: profitshare.EventPayOut, Payment: payment(5, 0)},
		{Name: profitshare.EventReverse, Undoes: 5},
		{Name: profitshare.EventReverse, Undoes: 2},
		{Name: profitshare.EventReverse, Undoes: 1},
	} {
		e.Version, e.Month = n+1, april
		run = run.Apply(e)
		states = append(states, run)
	}
	var got []string
	for _, s := range states {
		got = append(got, fmt.Sprintf("%d %s %d", s.Version, s.Status, len(s.Payments)))
	}
	require.Equal(t, []string{
		"1 posted 0", "2 posted 1", "3 paid 2", "4 posted 1", "5 paid 2", "6 posted 1", "7 posted 0", "8 reversed 0"}, got)
	require.Equal(t, 3, states[2].Payments[1].Version, "the later pay-out has not written over it")
}

// What stands in the way of one share is said of that share alone.
func TestObstacles(t *testing.T) {
	april := month(t, "2026-04")
	for _, c := range []struct {
		name    string
		account string // whose sub is blocked, M1-A
		block   ledger.Block
		payTo   profitshare.Place
		want    string
	}{
		{"frozen share", "20201", ledger.DebitBlock, profitshare.Place{Account: "30101", Sub: "M1-A"}, "the share itself has a debit block"},
		{"closed account", "30101", ledger.FullBlock, profitshare.Place{Account: "30101", Sub: "M1-A"}, "the receiving account has a full block"},
		{"into the debt", "30101", ledger.NoBlock, profitshare.Place{Account: "20201", Sub: "M1-A"}, "cannot be paid into the account that owes it"},
		{"debits blocked alone", "30101", ledger.DebitBlock, profitshare.Place{Account: "30101", Sub: "M1-A"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newRunBook(t)
			b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
			b.book("2026-04-30", "10102", "50101", 10_000)
			a := account("M1-A")
			a.PayTo = c.payTo
			desk := profitshare.NewDesk(b.Book, runPlan(), earning{a})
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april, Memo: "Bagi hasil bulan April"})
			require.NoError(t, err)
			require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
				return tx.SetBlock(ledger.BlockSetting{Key: "K", Account: c.account, Sub: "M1-A", Block: c.block, Reason: "sengketa", By: "budi"})
			}))
			paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
			require.NoError(t, err)
			if c.want == "" {
				require.Empty(t, paid.Deferred)
				return
			}
			require.Equal(t, c.want, paid.Deferred[0].Reason)
			require.Equal(t, rp(5_000), paid.Run.Owed())
		})
	}
}

// A pay-out before any tax rule is refused and changes nothing.
func TestNoTaxRule(t *testing.T) {
	b := newRunBook(t)
	b.book("2006-03-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2006-04-30", "10102", "50101", 10_000)
	april := month(t, "2006-04")
	desk := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A")})
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.ErrorIs(t, err, profitshare.ErrTax)
	_, err = desk.Rows(ctx, april)
	require.ErrorIs(t, err, profitshare.ErrTax)
	b.requireBalance("20201", "2006-05-01", -5_000)
}

// Accounts that came or went since the posting show with nothing on one side.
func TestVerifyNamesWhoCameAndWent(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	april := month(t, "2026-04")
	_, err := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A"), deposit12("M1-D")}).Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	v, err := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A"), account("M2-A")}).Verify(ctx, april)
	require.NoError(t, err)
	require.Equal(t, []profitshare.Difference{
		{Account: "M1-A", Posted: rp(125_000), Now: rp(166_667)},
		{Account: "M1-D", Posted: rp(150_000)},
		{Account: "M2-A", Now: rp(83_334)},
	}, v.Differences)
	_, err = profitshare.NewDesk(b.Book, runPlan(), nil).Verify(ctx, april.Next())
	require.ErrorIs(t, err, profitshare.ErrRun)
}
