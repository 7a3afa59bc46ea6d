package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// earningDays returns the days of a month on which an account earns, and where
// its share goes.
func earningDays(t testing.TB, book *ledger.Book, account string, m time.Month) (days int, to savings.Place) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, month(m).First(), month(m).Last()) {
			require.NoError(t, err)
			if e.Account != account {
				continue
			}
			to = savings.Place{Account: e.PayControl, Sub: e.PayTo}
			for _, s := range e.Slices {
				days += s.From.DaysUntil(s.Through) + 1
			}
		}
		return nil
	}))
	return days, to
}

func settles(desk *savings.Desk, on ledger.Date, waived bool) (savings.ExitResult, error) {
	return desk.Settle(ctx, savings.Settlement{Key: "S", Date: on, Member: "M1", Waived: waived})
}

// claims is the credit of M1's claim.
func claims(amount int64) ledger.Line { return credit("20204", amount).For("M1").With(former("M1")) }

// Who leaves while time savings still run breaks them with the settlement, by
// their product's rule: in one entry, the penalty to the benevolent fund, no
// share for the broken month.
func TestS18S25LeavingBreaksTerms(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.RollPrincipal)
	opens(t, desk, "M1", "SIMUDA")
	paysIn(t, desk, "D", "M1-SIMUDA", day(time.February, 1), 100_000)
	leaves(t, desk, "M1", day(time.March, 10))
	settled, err := settles(desk, day(time.March, 12), false)
	require.NoError(t, err)
	requireLines(t, settled.Posted,
		debit("30202", 1_000_000).For("BJ").With(former("M1")), credit("90205", 25_000).With(former("M1")),
		debit("30101", 100_000).For("M1-SIMUDA").With(former("M1")), claims(1_075_000))
	require.Equal(t, savings.ExitLine{Account: "BJ", Control: "30202", Balance: rupiah(1_000_000), Broken: true, Forfeited: true,
		Penalty: rupiah(25_000), PenaltyAccount: "90205"}, settled.Exit.Accounts[0])
	a := accountOf(t, book, "BJ")
	require.Equal(t, savings.Closed, a.Status)
	require.True(t, a.Term.Broken)
	days, to := earningDays(t, book, "BJ", time.February)
	require.Equal(t, 28, days)
	require.Equal(t, savings.Place{Account: "20204", Sub: "M1"}, to, "what February earned goes to the claim")
	days, _ = earningDays(t, book, "BJ", time.March)
	require.Zero(t, days)
	ended, err := desk.EndDay(ctx, savings.DayEnd{Key: "E", Day: day(time.June, 1), By: "sistem"})
	require.NoError(t, err)
	require.Equal(t, savings.DayEnded{}, ended, "nothing matures any more")
	again, err := settles(desk, day(time.March, 12), false)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	_, err = settles(desk, day(time.March, 12), true)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	// Taken back, the term runs on and matures.
	require.NoError(t, reverses(desk, "R", "S", day(time.March, 13)))
	require.NoError(t, reverses(desk, "R2", "L/M1", day(time.March, 13)))
	require.False(t, accountOf(t, book, "BJ").Term.Broken)
	days, _ = earningDays(t, book, "BJ", time.March)
	require.Equal(t, 31, days)
	ended, err = desk.EndDay(ctx, savings.DayEnd{Key: "E2", Day: day(time.May, 1), By: "sistem"})
	require.NoError(t, err)
	require.Equal(t, savings.DayEnded{RolledOver: 1}, ended)
}

func TestSettlementOfTermsByRule(t *testing.T) {
	for _, test := range []struct {
		name    string
		rule    func(*savings.BreakRule)
		dies    bool
		waived  bool
		on      ledger.Date
		penalty int64
		march   int // days that earn
	}{
		{name: "leaving", on: day(time.March, 12), penalty: 25_000},
		{name: "leaving, penalty waived", waived: true, on: day(time.March, 12)},
		{name: "leaving, the month keeps its share", rule: func(r *savings.BreakRule) { r.KeepsShare = true }, on: day(time.March, 12), penalty: 25_000, march: 31},
		{name: "leaving, no penalty", rule: func(r *savings.BreakRule) { r.Penalty = rupiah(0) }, on: day(time.March, 12)},
		{name: "leaving, penalty above the balance", rule: func(r *savings.BreakRule) { r.Penalty = rupiah(2_000_000) }, on: day(time.March, 12), penalty: 1_000_000},
		{name: "death", dies: true, on: day(time.March, 12), march: 31},
		{name: "death, by the same rule", rule: func(r *savings.BreakRule) { r.AtDeath = true }, dies: true, on: day(time.March, 12), penalty: 25_000},
		{name: "matured, not yet carried out", on: day(time.April, 30), march: 31},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, desk := newTermDesk(t)
			terms := savings.Terms{From: day(time.January, 31), Name: "Simpanan Berjangka", Nisbah: ratio("0.45"), ShareAccount: "50902",
				Tenors: []int{3}, MaturedAccount: "20205", Break: savings.BreakRule{Penalty: rupiah(25_000), Account: "90205"}}
			if test.rule != nil {
				test.rule(&terms.Break)
			}
			_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: "RULE", Code: "SIJAKA", Terms: terms})
			require.NoError(t, err)
			places(t, desk, savings.NoRollover)
			if test.dies {
				dies(t, desk, day(time.March, 10))
			} else {
				leaves(t, desk, "M1", day(time.March, 10))
			}
			settled, err := settles(desk, test.on, test.waived)
			require.NoError(t, err)
			require.Equal(t, rupiah(1_000_000-test.penalty), settled.Exit.Claim)
			want := []ledger.Line{debit("30202", 1_000_000).For("BJ").With(former("M1"))}
			if test.penalty > 0 {
				want = append(want, credit("90205", test.penalty).With(former("M1")))
			}
			if test.penalty < 1_000_000 {
				want = append(want, claims(1_000_000-test.penalty))
			}
			requireLines(t, settled.Posted, want...)
			days, _ := earningDays(t, book, "BJ", time.March)
			require.Equal(t, test.march, days)
			april, _ := earningDays(t, book, "BJ", time.April)
			require.Equal(t, map[bool]int{true: 29, false: 0}[test.on == day(time.April, 30)], april, "not on the day of maturity, not after it")
		})
	}
}

func dies(t testing.TB, desk *savings.Desk, on ledger.Date) {
	t.Helper()
	_, err := desk.Die(ctx, savings.Death{Key: "L/M1", Date: on, Known: on, Member: "M1", Documents: []string{"akta"}, By: "manajer"})
	require.NoError(t, err)
}

// The heirs are paid what a running certificate comes to, out of the claim.
func TestS28DeathWithTimeSavings(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.RollPrincipal)
	dies(t, desk, day(time.March, 10))
	_, err := desk.Break(ctx, savings.Breaking{Key: "X", Date: day(time.March, 11), Account: "BJ", Counter: teller, Reason: "ahli waris"})
	refused(t, err, savings.ErrState, "close.blocked")
	_, err = settles(desk, day(time.March, 12), false)
	require.NoError(t, err)
	paid, err := desk.PayClaim(ctx, savings.ClaimPayment{Key: "P", Date: day(time.March, 20), Member: "M1", Amount: rupiah(1_000_000), Counter: teller,
		Payee: "ahli waris 1", Document: "surat ahli waris"})
	require.NoError(t, err)
	requireLines(t, paid.Posted, debit("20204", 1_000_000).For("M1").With(former("M1")), credit("10102", 1_000_000))
	require.Equal(t, savings.MemberSettled, memberOf(t, book, "M1").State())
}

// What is pledged stays until it is released.
func TestSettlementOfPledgedTerms(t *testing.T) {
	_, desk := newTermDesk(t)
	places(t, desk, savings.RollPrincipal)
	_, err := desk.Hold(ctx, savings.HoldPlacing{Key: "H", Date: day(time.February, 1), Account: "BJ", Amount: rupiah(800_000), Reason: "jaminan", By: "manajer", Contract: "MRB-1"})
	require.NoError(t, err)
	leaves(t, desk, "M1", day(time.March, 10))
	_, err = settles(desk, day(time.March, 12), false)
	refused(t, err, savings.ErrState, "close.held")
}

// Matured savings that wait are part of the claim; a death blocks them too.
func TestSettlementOfWaitingSavings(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.NoRollover)
	_, err := desk.Mature(ctx, savings.Maturing{Key: "M", Date: day(time.April, 30), Account: "BJ"})
	require.NoError(t, err)
	collect := func(key string) error {
		_, err := desk.Collect(ctx, savings.Collecting{Key: key, Date: day(time.May, 12), Account: "BJ", Counter: teller})
		return err
	}
	dies(t, desk, day(time.May, 10))
	require.ErrorIs(t, collect("C"), ledger.ErrBlocked)
	require.NoError(t, reverses(desk, "R0", "L/M1", day(time.May, 10)))
	require.NoError(t, collect("C"), "a death that was recorded by mistake leaves no block")
	require.NoError(t, reverses(desk, "R1", "C", day(time.May, 12)))
	_, err = desk.Die(ctx, savings.Death{Key: "L2", Date: day(time.May, 10), Known: day(time.May, 10), Member: "M1", Documents: []string{"akta"}, By: "manajer"})
	require.NoError(t, err)

	settled, err := settles(desk, day(time.May, 13), false)
	require.NoError(t, err)
	requireLines(t, settled.Posted, debit("20205", 1_000_000).For("BJ").With(former("M1")), claims(1_000_000))
	a := accountOf(t, book, "BJ")
	require.Equal(t, day(time.April, 30), a.Closed, "the day it matured")
	refused(t, collect("C2"), savings.ErrTerm, "collect.nothing")
	require.NoError(t, reverses(desk, "R2", "S", day(time.May, 13)))
	require.ErrorIs(t, collect("C3"), ledger.ErrBlocked, "it waits again, and is blocked again")
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S2", Date: day(time.May, 14), Member: "M1"})
	require.NoError(t, err)
}

// A transfer is not taken back out of an account that was closed since.
func TestReversalFindsTheAccountClosed(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 1), 100_000)
	_, err := desk.Transfer(ctx, savings.Transfer{Key: "T", Date: day(time.February, 2), From: "M1-SIWA", To: "M2-SIWA", Amount: rupiah(50_000)})
	require.NoError(t, err)
	_, err = desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.February, 3), Account: "M1-SIWA", Counter: teller, Waived: true})
	require.NoError(t, err)
	require.ErrorIs(t, reverses(desk, "R", "T", day(time.February, 4)), ledger.ErrBlocked)
	require.NoError(t, reverses(desk, "RC", "C", day(time.February, 4)))
	require.NoError(t, reverses(desk, "R", "T", day(time.February, 4)))
}

// What a member would be left with is known before the leaving: the penalty
// for a running term is taken off, and what waits is listed once.
func TestExitStatementWithTimeSavings(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.NoRollover)
	statement := func(on ledger.Date) (s savings.ExitStatement) {
		t.Helper()
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
			s, err = savings.ExitStatementIn(tx, "M1", on, "20205")
			return err
		}))
		return s
	}
	running := statement(day(time.March, 1))
	require.Equal(t, []savings.Standing{{Place: savings.Place{Account: "30202", Sub: "BJ"}, Product: "SIJAKA", Balance: rupiah(1_000_000), Penalty: rupiah(25_000)}}, running.Lines)
	require.Equal(t, rupiah(975_000), running.Total)
	require.Equal(t, rupiah(1_000_000), statement(day(time.April, 30)).Total, "nothing is broken any more")
	_, err := desk.Mature(ctx, savings.Maturing{Key: "M", Date: day(time.April, 30), Account: "BJ"})
	require.NoError(t, err)
	waiting := statement(day(time.May, 1))
	require.Equal(t, []savings.Standing{{Place: savings.Place{Account: "20205", Sub: "BJ"}, Product: "SIJAKA", Balance: rupiah(1_000_000)}}, waiting.Lines)
	require.Equal(t, rupiah(1_000_000), waiting.Total)
	dies(t, desk, day(time.May, 2))
	require.Equal(t, rupiah(1_000_000), statement(day(time.May, 2)).Total)
}
