package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// Accrual runs apart from what is received, stops on a contract that does not
// perform, with a memorandum of what falls due, and begins again.
func TestAccrualStopsAndResumes(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.Recognition.Basis = murabahah.OnDueDate
	b := newBook(t).order(terms).acquire().sell()
	rp := ledger.IDR.Of
	at := func(month int) murabahah.Act { return on(act(b.contract), ledger.On(2026, 1, 31).AddMonths(month-1)) }
	amounts := func() []ledger.Money {
		p := b.contract.Position
		return []ledger.Money{p.Due, p.Accrued, p.Suspended, p.Recognised}
	}
	b.does(murabahah.Falling{Act: at(2)})
	require.Equal(t, []ledger.Money{rp(3_466_000), rp(799_846), none, none}, amounts())
	_, err := b.contract.Decide(murabahah.Falling{Act: at(2)})
	require.ErrorIs(t, err, murabahah.ErrAmount, "nothing more has fallen due")
	b.does(murabahah.AccrualStop{Act: at(3)})
	require.Equal(t, []ledger.Money{rp(3_466_000), none, rp(799_846), none}, amounts())
	b.does(murabahah.Falling{Act: at(3)})
	require.Equal(t, []ledger.Money{rp(5_199_000), none, rp(1_199_769), none}, amounts(), "kept track of, not accrued")
	b.pay(rp(1_733_000))
	require.Equal(t, []ledger.Money{rp(3_466_000), none, rp(799_846), rp(399_923)}, amounts(), "what is received is income")
	_, err = b.contract.Decide(murabahah.AccrualStop{Act: at(3)})
	require.ErrorIs(t, err, murabahah.ErrState)
	b.does(murabahah.AccrualResumption{Act: at(3)})
	require.Equal(t, []ledger.Money{rp(3_466_000), rp(799_846), none, rp(399_923)}, amounts())
	q, err := b.contract.Quote(at(3).Date)
	require.NoError(t, err)
	require.Equal(t, rp(1_199_769), q.Owed)
	b.do(b.contract.Settle(murabahah.Settlement{Date: at(3).Date, Place: cash}))
	require.Equal(t, []ledger.Money{none, none, none, rp(1_199_769)}, amounts())
	requireEnd(t, b)

	cashBasis := inState(t, murabahah.Sold)
	_, err = cashBasis.contract.Decide(murabahah.AccrualStop{Act: act(cashBasis.contract)})
	require.ErrorIs(t, err, murabahah.ErrCommand, "nothing is accrued")
}

// A discount is not for a member in arrears, a cut shortens the last
// instalments, and the margin that is left is earned with the rest.
func TestCutsShortenThePlan(t *testing.T) {
	b := newBook(t).order(motor(murabahah.Annuity)).acquire().sell().pay(ledger.IDR.Of(2_000_000))
	discount := murabahah.PromptDiscount{Act: on(act(b.contract), ledger.On(2026, 5, 1)), Amount: ledger.IDR.Of(1_000_000)}
	_, err := b.contract.Decide(discount)
	require.ErrorIs(t, err, murabahah.ErrCommand)
	require.ErrorContains(t, err, "(DSN-MUI 46/2005)")
	discount.Date = start
	earned := b.contract.Position.Recognised
	b.does(discount)
	schedule, err := b.contract.Schedule()
	require.NoError(t, err)
	rows := schedule.Rows
	require.Len(t, rows, 11, "the first is paid")
	require.Equal(t, ledger.IDR.Of(1_466_000), rows[0].Amount, "267,000 of it are paid")
	require.Equal(t, ledger.IDR.Of(737_000), rows[10].Amount, "the last one is a million less")
	require.Equal(t, earned, b.contract.Position.Recognised)
	var margin ledger.Money
	for _, row := range rows {
		margin = margin.Add(row.Margin)
	}
	require.Equal(t, b.contract.Position.Unearned(), margin)
	card, err := b.contract.Card()
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{ledger.IDR.Of(2_000_000), ledger.IDR.Of(2_000_000), b.contract.Outstanding()}, []ledger.Money{card.Before, card.Paid, card.Outstanding})
	b.pay(b.contract.Outstanding())
	requireEnd(t, b)
}

// The rest is agreed anew as often as the terms allow.
func TestRevisionsAreCapped(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.MaxRevisions = 2
	b := newBook(t).order(terms).acquire().sell()
	revise := func() (murabahah.Event, error) {
		return b.contract.Decide(murabahah.Reschedule{Act: act(b.contract), Kind: murabahah.Rescheduling, Plan: plan(20, rupiah, ledger.RoundHalfUp)})
	}
	for range 2 {
		b.do(revise())
		b.pay(ledger.IDR.Of(1_000_000))
	}
	_, err := revise()
	require.ErrorIs(t, err, murabahah.ErrState)
	for name, change := range map[string]func(*murabahah.Reschedule){
		"in the past":      func(r *murabahah.Reschedule) { r.Plan.FirstDue = start.Prev() },
		"no kind":          func(r *murabahah.Reschedule) { r.Kind = "" },
		"less than owed":   func(r *murabahah.Reschedule) { r.Total = rupiah },
		"no instalments":   func(r *murabahah.Reschedule) { r.Plan.Instalments = 0 },
		"a method unknown": func(r *murabahah.Reschedule) { r.Method = "x" },
	} {
		b := inState(t, murabahah.Sold)
		r := murabahah.Reschedule{Act: act(b.contract), Kind: murabahah.Rescheduling, Plan: plan(20, rupiah, ledger.RoundHalfUp)}
		change(&r)
		_, err := b.contract.Decide(r)
		var refusal *murabahah.Refusal
		require.ErrorAs(t, err, &refusal, name)
	}
}
