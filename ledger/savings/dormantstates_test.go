package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A dormant account meets every command that has to do with it.
func TestDormantAndCommand(t *testing.T) {
	const account = "M1-SIMUDA"
	on := next(time.March, 1)
	for _, command := range []struct {
		name string
		do   func(*savings.Desk) error
		want error
		left bool // dormant afterwards
	}{
		{"deposit", func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: account, Amount: rupiah(2_000), Counter: teller})
			return err
		}, nil, false},
		{"deposit of a batch", func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: account, Amount: rupiah(2_000), Counter: teller, Batch: true})
			return err
		}, nil, true},
		{"line of a payroll file", func(d *savings.Desk) error {
			_, err := d.DepositAll(ctx, savings.BulkDeposit{Date: on, Counter: bank, List: savings.BulkList{Lines: []savings.BulkLine{{Line: 1, Key: "X", Account: account, Amount: rupiah(2_000)}}}})
			return err
		}, nil, true},
		{"withdraw", func(d *savings.Desk) error {
			_, err := d.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: account, Amount: rupiah(1_000), Counter: teller})
			return err
		}, savings.ErrDormant, true},
		{"transfer out", func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: account, To: "M2-SIWA", Amount: rupiah(1_000)})
			return err
		}, savings.ErrDormant, true},
		{"transfer in of the same member", func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-SIWA", To: account, Amount: rupiah(2_000)})
			return err
		}, nil, false},
		{"transfer in of another member", func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M2-SIWA", To: account, Amount: rupiah(2_000)})
			return err
		}, nil, true},
		{"time savings broken into it", func(d *savings.Desk) error {
			_, err := d.Break(ctx, savings.Breaking{Key: "X", Date: on, Account: "B1", To: account, Reason: "perlu dana"})
			return err
		}, nil, false},
		{"convert", func(d *savings.Desk) error {
			_, err := d.Convert(ctx, savings.Conversion{Key: "X", Date: on, Account: account, To: "N", Product: "SIWA", Document: "akad/1"})
			return err
		}, savings.ErrDormant, true},
		{"close", func(d *savings.Desk) error {
			_, err := d.Close(ctx, savings.Closing{Key: "X", Date: on, Account: account, Counter: teller})
			return err
		}, savings.ErrDormant, true},
		{"charge the inactive fee", func(d *savings.Desk) error {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: account, Fee: savings.InactiveFee})
			return err
		}, nil, true},
		{"charge another fee", func(d *savings.Desk) error {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: account, Fee: savings.MonthlyFee})
			return err
		}, nil, true},
		{"dues by mandate", func(d *savings.Desk) error {
			_, err := d.CollectDues(ctx, savings.DuesCollection{Key: "X", Date: on, Account: "M1-WAJIB"})
			return err
		}, nil, true},
		{"hold", func(d *savings.Desk) error {
			_, err := d.Hold(ctx, savings.HoldPlacing{Key: "X", Date: on, Account: account, Amount: rupiah(1_000), Reason: "jaminan", By: "manajer"})
			return err
		}, nil, true},
		{"block", func(d *savings.Desk) error {
			_, err := d.Block(ctx, savings.Blocking{Key: "X", Date: on, Account: account, Block: ledger.DebitBlock, Reason: "buku hilang", By: "manajer"})
			return err
		}, nil, true},
		{"redirect", func(d *savings.Desk) error {
			_, err := d.Redirect(ctx, savings.Redirection{Key: "X", Date: on, Account: account, PayTo: "M1-SIWA"})
			return err
		}, nil, true},
		{"agree", func(d *savings.Desk) error {
			_, err := d.Agree(ctx, savings.Agreement{Key: "X", Account: account, Nisbah: savings.DatedRatio{From: on, Ratio: ratio("0.5")}, Document: "adendum/1"})
			return err
		}, nil, true},
		{"zakat", func(d *savings.Desk) error {
			_, err := d.MandateZakat(ctx, savings.ZakatMandate{Key: "X", Account: account, Part: savings.DatedRatio{From: on, Ratio: ratio("0.025")}, Document: "kuasa/1"})
			return err
		}, nil, true},
		{"mark", func(d *savings.Desk) error { return marks(d, "X", account, on) }, savings.ErrDormant, true},
		{"reactivate", func(d *savings.Desk) error {
			_, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: account, Reason: "anggota datang", By: "manajer"})
			return err
		}, nil, false},
		{"reactivate before it was marked", func(d *savings.Desk) error {
			_, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: next(time.February, 1), Account: account, Reason: "anggota datang", By: "manajer"})
			return err
		}, savings.ErrDate, true},
		{"reactivate without a reason", func(d *savings.Desk) error {
			_, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: account, By: "manajer"})
			return err
		}, savings.ErrCommand, true},
		{"reactivate with a text that is none", func(d *savings.Desk) error {
			_, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: account, Reason: "a\nb", By: "manajer"})
			return err
		}, savings.ErrCommand, true},
		{"reverse the marking", func(d *savings.Desk) error { return reverses(d, "X", "P", on) }, nil, false},
		{"reverse the first deposit", func(d *savings.Desk) error { return reverses(d, "X", "D", on) }, savings.ErrNotLatest, true},
		{"leave", func(d *savings.Desk) error {
			_, err := d.Leave(ctx, savings.Leaving{Key: "X", Date: on, Member: "M1", Reason: "pindah"})
			return err
		}, nil, true},
		{"die", func(d *savings.Desk) error {
			_, err := d.Die(ctx, savings.Death{Key: "X", Date: on, Known: on, Member: "M1", Documents: []string{"akta"}, By: "manajer"})
			return err
		}, nil, true},
	} {
		t.Run(command.name, func(t *testing.T) {
			book, desk := newFullDesk(t)
			dormantMuda(t, desk)
			require.False(t, accountOf(t, book, account).Dormant.Since.IsZero())
			meets(t, book, command.want, func() error { return command.do(desk) })
			require.Equal(t, command.left, !accountOf(t, book, account).Dormant.Since.IsZero())
		})
	}
}

// dormantMuda gives M1 the dormant account M1-SIMUDA, marked on 2 February
// 2027, beside savings that are not.
func dormantMuda(t testing.TB, desk *savings.Desk) {
	t.Helper()
	var terms savings.Terms
	for _, p := range standardProducts() {
		if p.Code == "SIMUDA" {
			terms = p.Terms
		}
	}
	terms.From, terms.DormantMonths = day(time.January, 2), 12
	_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: "T", Code: "SIMUDA", Terms: terms})
	require.NoError(t, err)
	opens(t, desk, "M1", "SIMUDA", "SIWA", "WAJIB")
	opens(t, desk, "M2", "SIWA")
	_, err = desk.Open(ctx, savings.Opening{Key: "OB", Date: day(time.January, 10), Account: "B1", Member: "M1", Product: "SIJAKA3",
		Term: &savings.TermAgreed{Certificate: "B-1", Months: 3, Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd}})
	require.NoError(t, err)
	paysIn(t, desk, "D", "M1-SIMUDA", day(time.February, 2), 500_000)
	paysIn(t, desk, "DB", "B1", next(time.January, 2), 500_000)
	paysIn(t, desk, "D1", "M1-SIWA", next(time.January, 2), 500_000)
	paysIn(t, desk, "D2", "M2-SIWA", next(time.January, 2), 500_000)
	_, err = desk.MandateDues(ctx, savings.DuesMandate{Key: "MD", Date: day(time.February, 2), Account: "M1-WAJIB", From: "M1-SIMUDA", Document: "kuasa"})
	require.NoError(t, err)
	require.NoError(t, marks(desk, "P", "M1-SIMUDA", next(time.February, 2)))
}
