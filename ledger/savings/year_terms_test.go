package savings_test

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// askTerms asks for what has to do with time savings, and for what comes late,
// in lists or from elsewhere.
func (y *randomYear) askTerms(on ledger.Date) (string, error) {
	who, account := pick(y.r, y.members), pick(y.r, y.account)
	bilyet := pick(y.r, y.like("SIJAKA"))
	late := on.AddDays(-y.r.IntN(20))
	switch n := y.r.IntN(100); {
	case n < 16:
		id := fmt.Sprintf("%s-SIJAKA-%d", who, y.n)
		agreed := savings.TermAgreed{Certificate: "B" + y.key, Months: []int{1, 3}[y.r.IntN(2)], Payout: savings.AtMonthEnd,
			Rollover: []savings.Rollover{savings.NoRollover, savings.RollPrincipal, savings.RollAll}[y.r.IntN(3)]}
		_, err := y.desk.Open(ctx, savings.Opening{Key: y.key, Date: on, Account: id, Member: who, Product: "SIJAKA", Term: &agreed})
		if err == nil {
			y.account = append(y.account, id)
		}
		return "agree a term", err
	case n < 34:
		_, err := y.desk.Deposit(ctx, savings.Deposit{Key: y.key, Date: on, Account: bilyet, Amount: rupiah(500_000).Add(y.amount()), Counter: teller})
		return "place", err
	case n < 40:
		_, err := y.desk.Break(ctx, savings.Breaking{Key: y.key, Date: on, Account: bilyet, Counter: teller, Reason: "perlu dana"})
		return "break", err
	case n < 50:
		_, err := y.desk.Collect(ctx, savings.Collecting{Key: y.key, Date: on, Account: bilyet, Counter: teller})
		return "collect", err
	case n < 56:
		_, err := y.desk.Instruct(ctx, savings.Instruction{Key: y.key, Date: on, Account: bilyet, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd, Document: "surat"})
		return "instruct", err
	case n < 62: // a share from elsewhere; whoever posts meets the same floors and blocks
		control, to := "30101", pick(y.r, y.like("SIMUDA"))
		if y.r.IntN(2) == 0 {
			control, to = "30202", bilyet
		}
		if to == "nobody" { // a sub that is none would be a finding of the Check
			return "share", &savings.Refusal{Kind: savings.ErrUnknown}
		}
		_, err := y.book.Post(ctx, ledger.Entry{Key: y.key, Date: on, Lines: []ledger.Line{debit("50901", 70), credit(control, 70).For(to)}})
		return "share", err
	case n < 72:
		_, err := y.desk.Deposit(ctx, savings.Deposit{Key: y.key, Date: late, Account: account, Amount: y.amount(), Counter: teller})
		return "late deposit", err
	case n < 82:
		_, err := y.desk.Withdraw(ctx, savings.Withdrawal{Key: y.key, Date: late, Account: account, Amount: y.amount(), Counter: teller})
		return "late withdrawal", err
	case n < 90:
		var list savings.BulkList
		for i := range 4 {
			list.Lines = append(list.Lines, savings.BulkLine{Line: i + 1, Key: fmt.Sprintf("%s/%d", y.key, i), Account: pick(y.r, y.account), Amount: y.amount()})
		}
		_, err := y.desk.DepositAll(ctx, savings.BulkDeposit{Date: on, Counter: bank, List: list, SkipFaulty: true})
		return "list", err
	case n < 96:
		_, err := y.desk.Redirect(ctx, savings.Redirection{Key: y.key, Date: on, Account: account, PayTo: pick(y.r, y.account)})
		return "redirect", err
	}
	terms := standardProducts()[7].Terms // in the middle of a month
	terms.From, terms.DormantMonths, terms.Nisbah = on, 2, ratio([]string{"0.40", "0.45", "0.5"}[y.r.IntN(3)])
	_, err := y.desk.ChangeProduct(ctx, savings.ProductChange{Key: y.key, Code: "SIMUDA", Terms: terms})
	return "new terms", err
}

// matures does the day's end: what is due rolls over or waits, and what waits
// is its control account.
func (y *randomYear) matures(on ledger.Date) {
	y.t.Helper()
	ended, err := y.desk.EndDay(ctx, savings.DayEnd{Key: "E/" + on.String(), Day: on, By: "sistem"})
	require.NoError(y.t, err)
	y.done["mature"] += ended.Matured
	y.done["roll over"] += ended.RolledOver
	require.NoError(y.t, y.book.View(ctx, func(tx *ledger.Tx) error {
		waiting, err := savings.MaturitiesIn(tx, ledger.On(2026, 1, 1), on, true)
		require.NoError(y.t, err)
		control, err := tx.Balance("20205", "", ledger.EndOf(on))
		require.Equal(y.t, control.Neg(), waiting.Total, "%s", on)
		return err
	}))
}

// floors looks back at every day of the year, as late entries have left it.
func (y *randomYear) floors(seed uint64) {
	y.t.Helper()
	require.NoError(y.t, y.book.View(ctx, func(tx *ledger.Tx) error {
		for a, err := range savings.Accounts(tx, "") {
			require.NoError(y.t, err)
			for on := a.Opened; on.Year() == 2026; on = on.Next() {
				balance, err := savings.BalanceIn(tx, a.ID, on)
				require.NoError(y.t, err)
				require.GreaterOrEqual(y.t, balance.Sign(), 0, "seed %d: %s on %s", seed, a.ID, on)
			}
		}
		return nil
	}))
}
