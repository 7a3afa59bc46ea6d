package savings_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// Time savings in every state meet every command of theirs.
func TestTermStateAndCommand(t *testing.T) {
	on := day(time.March, 1)
	reach := map[string]func(*testing.T, *savings.Desk){
		"opened": func(t *testing.T, d *savings.Desk) { opensTerm(t, d, term(savings.NoRollover)) },
		"runs":   func(t *testing.T, d *savings.Desk) { places(t, d, savings.NoRollover) },
		"due": func(t *testing.T, d *savings.Desk) {
			_, err := d.Open(ctx, savings.Opening{Key: "O", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA",
				Term: &savings.TermAgreed{Certificate: "B", Months: 1, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd}})
			require.NoError(t, err)
			paysIn(t, d, "PLACE", "BJ", day(time.January, 31), 1_000_000)
		},
	}
	reach["waits"] = func(t *testing.T, d *savings.Desk) {
		reach["due"](t, d)
		_, err := d.Mature(ctx, savings.Maturing{Key: "MM", Date: day(time.February, 28), Account: "BJ"})
		require.NoError(t, err)
	}
	reach["collected"] = func(t *testing.T, d *savings.Desk) {
		reach["waits"](t, d)
		_, err := d.Collect(ctx, savings.Collecting{Key: "CC", Date: day(time.February, 28), Account: "BJ", Counter: teller})
		require.NoError(t, err)
	}
	reach["broken"] = func(t *testing.T, d *savings.Desk) {
		places(t, d, savings.NoRollover)
		_, err := d.Break(ctx, savings.Breaking{Key: "BB", Date: day(time.February, 10), Account: "BJ", Counter: teller, Reason: "sakit"})
		require.NoError(t, err)
	}
	state, wrong := savings.ErrState, savings.ErrTerm
	for _, command := range []struct {
		name string
		do   func(*savings.Desk) error
		want map[string]error
	}{
		{"deposit", func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "BJ", Amount: rupiah(600_000), Counter: teller})
			return err
		}, map[string]error{"opened": nil, "runs": wrong, "due": wrong, "waits": state, "collected": state, "broken": state}},
		{"withdraw", func(d *savings.Desk) error {
			_, err := d.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: "BJ", Amount: rupiah(600_000), Counter: teller})
			return err
		}, map[string]error{"opened": savings.ErrMinBalance, "runs": wrong, "due": nil, "waits": state, "collected": state, "broken": state}},
		{"mature", func(d *savings.Desk) error {
			_, err := d.Mature(ctx, savings.Maturing{Key: "X", Date: on, Account: "BJ"})
			return err
		}, map[string]error{"opened": wrong, "runs": wrong, "due": nil, "waits": state, "collected": state, "broken": state}},
		{"break", func(d *savings.Desk) error {
			_, err := d.Break(ctx, savings.Breaking{Key: "X", Date: on, Account: "BJ", Counter: teller, Reason: "sakit"})
			return err
		}, map[string]error{"opened": wrong, "runs": nil, "due": wrong, "waits": state, "collected": state, "broken": state}},
		{"collect", func(d *savings.Desk) error {
			_, err := d.Collect(ctx, savings.Collecting{Key: "X", Date: on, Account: "BJ", Counter: teller})
			return err
		}, map[string]error{"opened": wrong, "runs": wrong, "due": wrong, "waits": nil, "collected": wrong, "broken": wrong}},
		{"instruct", func(d *savings.Desk) error {
			_, err := d.Instruct(ctx, savings.Instruction{Key: "X", Date: on, Account: "BJ", Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd, Document: "surat/1"})
			return err
		}, map[string]error{"opened": nil, "runs": nil, "due": wrong, "waits": state, "collected": state, "broken": state}},
		{"close", func(d *savings.Desk) error {
			_, err := d.Close(ctx, savings.Closing{Key: "X", Date: on, Account: "BJ", Counter: teller})
			return err
		}, map[string]error{"opened": nil, "runs": wrong, "due": nil, "waits": state, "collected": state, "broken": state}},
	} {
		for name, want := range command.want {
			t.Run(command.name+" "+name, func(t *testing.T) {
				book, desk := newTermDesk(t)
				reach[name](t, desk)
				meets(t, book, want, func() error { return command.do(desk) })
			})
		}
	}
}

// A day's end does what is due, catches up on missed days, names what it could
// not do, and done again does nothing.
func TestEndDay(t *testing.T) {
	book, desk := newTermDesk(t)
	for i, agreed := range []savings.TermAgreed{
		{Months: 1, Rollover: savings.RollPrincipal}, {Months: 3, Rollover: savings.NoRollover}, {Months: 1, Rollover: savings.NoRollover}, {Months: 12, Rollover: savings.RollAll},
	} {
		id := fmt.Sprint("BJ", i)
		agreed.Certificate, agreed.Payout = "B"+id, savings.AtMonthEnd
		_, err := desk.Open(ctx, savings.Opening{Key: "O" + id, Date: day(time.January, 15), Account: id, Member: "M1", Product: "SIJAKA", Term: &agreed})
		require.NoError(t, err)
		paysIn(t, desk, "D"+id, id, day(time.January, 15), 1_000_000)
	}
	_, err := desk.Hold(ctx, savings.HoldPlacing{Key: "H", Date: day(time.January, 16), Account: "BJ2", Amount: rupiah(1), Reason: "jaminan", By: "manajer"})
	require.NoError(t, err)
	var list savings.MaturityList
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		list, err = savings.MaturitiesIn(tx, day(time.January, 1), day(time.April, 20), false)
		return err
	}))
	require.Len(t, list.Rows, 3)
	require.Equal(t, rupiah(3_000_000), list.Total)
	var file strings.Builder
	require.NoError(t, list.Table().CSV(&file))
	require.Contains(t, file.String(), "BJ2,M1,BBJ2,1,2026-01-15,2026-02-15,none,1000000.00,1000000.00,1.00")

	end := savings.DayEnd{Key: "tutup/0420", Day: day(time.April, 20), By: "sistem"}
	done, err := desk.EndDay(ctx, end)
	require.NoError(t, err)
	require.Equal(t, 3, done.RolledOver, "February, March and April of the first")
	require.Equal(t, 1, done.Matured)
	require.Len(t, done.Refused, 1)
	require.ErrorIs(t, done.Refused[0], savings.ErrState)
	before, err := book.Head(ctx)
	require.NoError(t, err)
	done, err = desk.EndDay(ctx, end)
	require.NoError(t, err)
	require.Zero(t, done.RolledOver+done.Matured)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		list, err = savings.MaturitiesIn(tx, day(time.January, 1), day(time.April, 20), true)
		return err
	}))
	require.Len(t, list.Rows, 1)
	require.Equal(t, "BJ1", list.Rows[0].Account)
}
