package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A claim is paid later and in parts, never more than is due.
func TestClaimInInstalments(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "POKOK", "SIWA")
	paysIn(t, desk, "D1", "M1-POKOK", day(time.February, 2), 100_000)
	paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 2), 500_000)
	leaves(t, desk, "M1", day(time.March, 1))
	settlement := savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1", From: day(time.May, 1),
		Instalments: []savings.Instalment{{Due: day(time.May, 1), Amount: rupiah(200_000)}, {Due: day(time.June, 1), Amount: rupiah(400_000)}}}
	for name, change := range map[string]func(*savings.Settlement){
		"do not add up":     func(s *savings.Settlement) { s.Instalments = s.Instalments[:1] },
		"before they begin": func(s *savings.Settlement) { s.From = day(time.May, 2) },
		"before settlement": func(s *savings.Settlement) { s.From = day(time.February, 1) },
	} {
		s := settlement
		change(&s)
		_, err := desk.Settle(ctx, s)
		refused(t, err, savings.ErrCommand, "settle.instalments")
		_ = name
	}
	settled, err := desk.Settle(ctx, settlement)
	require.NoError(t, err)
	require.Equal(t, rupiah(600_000), settled.Exit.Claim)
	_, err = book.Post(ctx, ledger.Entry{Key: "past the desk", Date: day(time.May, 1), Lines: []ledger.Line{debit("20204", 600_001).For("M1"), credit("10201", 600_001)}})
	require.ErrorIs(t, err, ledger.ErrFloor, "whoever pays, never more than is owed")
	pay := func(key string, on ledger.Date, amount int64) error {
		_, err := desk.PayClaim(ctx, savings.ClaimPayment{Key: key, Date: on, Member: "M1", Amount: rupiah(amount), Counter: teller})
		return err
	}
	refused(t, pay("C1", day(time.April, 30), 1), savings.ErrClaim, "claim.not_due")
	require.NoError(t, pay("C1", day(time.May, 1), 150_000))
	r := refused(t, pay("C2", day(time.May, 2), 50_001), savings.ErrClaim, "claim.not_due")
	require.Equal(t, rupiah(50_000), r.Limit)
	require.EqualError(t, r, "savings: member M1: more than what is due by 2026-05-02 and not paid: 50001.00 against 50000.00")
	require.NoError(t, pay("C2", day(time.June, 1), 450_000))
	require.Equal(t, savings.MemberSettled, memberOf(t, book, "M1").State())
	refused(t, pay("C3", day(time.June, 2), 1), savings.ErrState, "claim.done")
	require.NoError(t, pay("C2", day(time.June, 1), 450_000), "a repeat")
	require.ErrorIs(t, pay("C2", day(time.June, 1), 450_001), ledger.ErrKeyConflict)
	// The last payment and the settling of the member are taken back together.
	require.NoError(t, reverses(desk, "R", "C2", day(time.June, 2)))
	require.Equal(t, savings.MemberResigned, memberOf(t, book, "M1").State())
	require.NoError(t, pay("C4", day(time.June, 3), 450_000))
}

// Dues that were called and never paid are no money: nothing of them leaves,
// and they go back where they came from when the account is closed or settled.
func TestCalledDuesAreNotPaidOut(t *testing.T) {
	book, desk := newFullDesk(t)
	for _, m := range []string{"M1", "M2"} {
		opens(t, desk, m, "PANGGIL")
		paysIn(t, desk, "D/"+m, m+"-PANGGIL", day(time.January, 10), 40_000)
		_, err := desk.CallDues(ctx, savings.DuesCall{Key: "C/" + m, Date: day(time.February, 1), Account: m + "-PANGGIL", Month: month(time.February)})
		require.NoError(t, err)
	}
	_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 2), Account: "M1-PANGGIL", Amount: rupiah(1), Counter: teller})
	refused(t, err, savings.ErrState, "withdraw.called")
	closed, err := desk.Close(ctx, savings.Closing{Key: "CL", Date: day(time.March, 1), Account: "M1-PANGGIL", Counter: teller})
	require.NoError(t, err)
	requireLines(t, closed.Posted, debit("40102", 50_000).For("M1-PANGGIL").With(member("M1")),
		credit("40104", 10_000).For("M1-PANGGIL").With(member("M1")), credit("10102", 40_000))
	require.Equal(t, rupiah(40_000), closed.Paid)
	leaves(t, desk, "M2", day(time.March, 1))
	settled, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M2"})
	require.NoError(t, err)
	requireLines(t, settled.Posted, debit("40102", 50_000).For("M2-PANGGIL").With(former("M2")),
		credit("40104", 10_000).For("M2-PANGGIL").With(former("M2")), credit("20204", 40_000).For("M2").With(former("M2")))
	for place, balance := range balancesOf(t, book) {
		require.NotContains(t, place, "PANGGIL", "%s is left", balance)
	}
}

// The share of the last month comes after the settlement: it goes to the claim.
func TestShareAfterSettlement(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	paysIn(t, desk, "D", "M1-SIMUDA", day(time.February, 2), 500_000)
	leaves(t, desk, "M1", day(time.March, 1))
	_, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1"})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, day(time.February, 1), day(time.February, 28)) {
			require.NoError(t, err)
			require.Equal(t, savings.Place{Account: "20204", Sub: "M1"}, savings.Place{Account: e.PayControl, Sub: e.PayTo})
		}
		return nil
	}))
	share := func(key string) {
		_, err := book.Post(ctx, ledger.Entry{Key: key, Date: day(time.March, 2), Lines: []ledger.Line{debit("20201", 700).For("M1-SIMUDA"), credit("20204", 700).For("M1")}})
		require.NoError(t, err)
	}
	pay := func(key string, amount int64) error {
		_, err := desk.PayClaim(ctx, savings.ClaimPayment{Key: key, Date: day(time.March, 3), Member: "M1", Amount: rupiah(amount), Counter: teller})
		return err
	}
	share("P1")
	refused(t, pay("C", 500_701), savings.ErrClaim, "claim.not_due")
	require.NoError(t, pay("C", 500_700))
	require.Equal(t, savings.MemberSettled, memberOf(t, book, "M1").State())
	share("P2")
	require.NoError(t, pay("C2", 700), "what comes in later is paid as well")
	refused(t, pay("C3", 1), savings.ErrState, "claim.done")
}

// What is set off stands in the book, is the member's own, and is no savings of
// anybody: a settlement is no way to another member's money.
func TestSettleSetsOffOwnObligations(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	paysIn(t, desk, "D2", "M2-SIWA", day(time.February, 2), 500_000)
	owesMurabahah(t, book, "MRB-1", 150_000, 30_000)
	owesMurabahah(t, book, "M2", 150_000, 30_000) // bears another member's number
	leaves(t, desk, "M1", day(time.March, 1))
	place := func(account, sub string) savings.Place { return savings.Place{Account: account, Sub: sub} }
	whole := savings.SetOff{Receivable: place("11101", "MRB-1"), Amount: rupiah(150_000)}
	earned := savings.SetOff{Receivable: whole.Receivable, Amount: rupiah(1_000), Deferred: place("11102", "MRB-1"), Earned: rupiah(30_000), Income: "50101"}
	with := func(o savings.SetOff, change func(*savings.SetOff)) []savings.SetOff {
		change(&o)
		return []savings.SetOff{o}
	}
	for _, test := range []struct {
		name, code string
		offs       []savings.SetOff
	}{
		{"the same twice", "settle.obligation", []savings.SetOff{whole, {Receivable: whole.Receivable, Amount: rupiah(1)}}},
		{"a margin twice", "settle.obligation", []savings.SetOff{earned, with(earned, func(o *savings.SetOff) { o.Earned = rupiah(1) })[0]}},
		{"another's receivable", "settle.holder", with(whole, func(o *savings.SetOff) { o.Receivable.Sub = "M2" })},
		{"another's savings as margin", "settle.account", with(earned, func(o *savings.SetOff) { o.Deferred = place("20101", "M2-SIWA") })},
		{"own savings as margin", "settle.account", with(earned, func(o *savings.SetOff) { o.Deferred = place("20101", "M1-SIWA") })},
		{"equity as margin", "settle.account", with(earned, func(o *savings.SetOff) { o.Deferred = place("40301", "") })},
		{"a liability as receivable", "settle.account", with(whole, func(o *savings.SetOff) { o.Receivable = place("20901", "") })},
		{"margin to cash", "settle.income", with(earned, func(o *savings.SetOff) { o.Income = "10102" })},
		{"margin to the owners' share", "settle.income", with(earned, func(o *savings.SetOff) { o.Income = "50901" })},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, err := book.Head(ctx)
			require.NoError(t, err)
			_, err = desk.Settle(ctx, savings.Settlement{Key: "X", Date: day(time.March, 1), Member: "M1", SetOffs: test.offs})
			refused(t, err, savings.ErrClaim, test.code)
			after, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}
	r, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1", SetOffs: []savings.SetOff{earned,
		{Receivable: whole.Receivable, Amount: rupiah(149_000)}}})
	require.NoError(t, err)
	require.Equal(t, rupiah(350_000), r.Exit.Claim)
}

func TestSettleRefused(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 100_000)
	owesMurabahah(t, book, "MRB-1", 150_000, 30_000)
	leaves(t, desk, "M1", day(time.March, 1))
	receivable := savings.Place{Account: "11101", Sub: "MRB-1"}
	for code, s := range map[string]savings.Settlement{
		"settle.before_left": {Date: day(time.February, 28)},
		"settle.set_off":     {Date: day(time.March, 1), SetOffs: []savings.SetOff{{Receivable: receivable, Amount: rupiah(100_001)}}},
		"settle.obligation":  {Date: day(time.March, 1), SetOffs: []savings.SetOff{{Receivable: receivable, Amount: rupiah(100_000), Deferred: savings.Place{Account: "11102", Sub: "MRB-1"}, Waived: rupiah(30_001)}}},
		"settle.date":        {Date: day(time.February, 30)},
	} {
		s.Key, s.Member = "X", "M1"
		_, err := desk.Settle(ctx, s)
		var r *savings.Refusal
		require.ErrorAs(t, err, &r, code)
		require.Equal(t, code, r.Code)
	}
	// What is held as collateral is released first.
	_, err := desk.Hold(ctx, savings.HoldPlacing{Key: "H", Date: day(time.March, 1), Account: "M1-SIWA", Amount: rupiah(50_000), Reason: "jaminan", By: "manajer", Contract: "MRB-1"})
	require.NoError(t, err)
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1"})
	refused(t, err, savings.ErrState, "close.held")
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		s, err := savings.ExitStatementIn(tx, "M1", day(time.March, 1))
		require.Equal(t, rupiah(50_000), s.Lines[0].Held)
		return err
	}))
	_, err = desk.Release(ctx, savings.HoldRelease{Key: "HR", Hold: "H", Reason: "diperhitungkan", By: "manajer"})
	require.NoError(t, err)
	r, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1",
		SetOffs: []savings.SetOff{{Receivable: receivable, Amount: rupiah(100_000)}}})
	require.NoError(t, err)
	require.Equal(t, day(time.March, 1), r.Exit.Done, "nothing is left to claim")
	require.Equal(t, savings.MemberSettled, memberOf(t, book, "M1").State())
}

func TestSettleNeedsAPolicy(t *testing.T) {
	_, desk := newDesk(t)
	leaves(t, desk, "M1", day(time.March, 1))
	_, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1"})
	refused(t, err, savings.ErrPolicy, "policy.missing")
}

// Permenkop 8/2023 art. 63, as dated settings: below the floor of own capital
// no claim is paid, and one member has at most a fifth of it.
func TestCapitalLimits(t *testing.T) {
	book, desk := newFullDesk(t)
	for _, m := range []string{"M1", "M2", "M3"} {
		opens(t, desk, m, "POKOK", "KHUSUS")
		paysIn(t, desk, "D/"+m, m+"-POKOK", day(time.January, 10), 100_000)
	}
	_, err := book.Post(ctx, ledger.Entry{Key: "grant", Date: day(time.January, 10), Lines: []ledger.Line{debit("10201", 700_000), credit("40202", 700_000)}})
	require.NoError(t, err)
	policy := standardPolicy()
	policy.From, policy.CapitalFloor, policy.MemberShare = day(time.February, 1), rupiah(950_000), ratio("0.20")
	_, err = desk.SetPolicy(ctx, savings.PolicySetting{Key: "art63", Policy: policy})
	require.NoError(t, err)

	// Of 1,000,000 a member has 100,000: with x more, 100,000 + x <= 0.2 x (1,000,000 + x).
	pay := func(key string, on ledger.Date, amount ledger.Money) error {
		_, err := desk.Deposit(ctx, savings.Deposit{Key: key, Date: on, Account: "M1-KHUSUS", Amount: amount, Counter: teller})
		return err
	}
	r := refused(t, pay("K1", day(time.February, 2), rupiah(125_000).Add(ledger.Minor(1))), savings.ErrCapital, "capital.member_share")
	require.Equal(t, savings.RuleCapital, r.Rule)
	require.NoError(t, pay("K0", day(time.January, 31), rupiah(1_000)), "before the policy")
	require.NoError(t, pay("K1", day(time.February, 2), rupiah(124_000)))
	r = refused(t, pay("K2", day(time.February, 2), ledger.Minor(1)), savings.ErrCapital, "capital.member_share")
	require.ErrorContains(t, r, "(Permenkop 8/2023 art. 63)")

	// 1,125,000 less 225,000 is below the floor: the claim is booked and waits.
	leaves(t, desk, "M1", day(time.March, 1))
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1"})
	require.NoError(t, err)
	claim := savings.ClaimPayment{Key: "C", Date: day(time.March, 2), Member: "M1", Amount: rupiah(225_000), Counter: teller}
	_, err = desk.PayClaim(ctx, claim)
	r = refused(t, err, savings.ErrCapital, "capital.floor")
	require.Equal(t, rupiah(900_000), r.Given)
	require.Equal(t, rupiah(950_000), r.Limit)
	_, err = book.Post(ctx, ledger.Entry{Key: "grant 2", Date: day(time.March, 2), Lines: []ledger.Line{debit("10201", 50_000), credit("40202", 50_000)}})
	require.NoError(t, err)
	_, err = desk.PayClaim(ctx, claim)
	require.NoError(t, err)
}

func TestPolicies(t *testing.T) {
	book, desk := newFullDesk(t)
	good := standardPolicy()
	good.From = day(time.June, 1)
	for code, change := range map[string]func(*savings.Policy){
		"policy.from":             func(p *savings.Policy) { p.From = day(time.January, 1) },
		"policy.candidate_months": func(p *savings.Policy) { p.CandidateMonths = -1 },
		"policy.capital_floor":    func(p *savings.Policy) { p.CapitalFloor = rupiah(-1) },
		"policy.member_share":     func(p *savings.Policy) { p.MemberShare = ratio("1.2") },
		"policy.claims":           func(p *savings.Policy) { p.Claims = "20401" },
		"policy.shortage":         func(p *savings.Policy) { p.Shortage = "60702" },
		"policy.overage_end":      func(p *savings.Policy) { p.OverageEnd = "none" },
		"policy.own_capital":      func(p *savings.Policy) { p.OwnCapital = []string{"9"} },
	} {
		p := good
		change(&p)
		_, err := desk.SetPolicy(ctx, savings.PolicySetting{Key: "X", Policy: p})
		refused(t, err, savings.ErrPolicy, code)
	}
	good.MemberShare = ratio("0.200")
	for _, repeat := range []bool{false, true} {
		r, err := desk.SetPolicy(ctx, savings.PolicySetting{Key: "N", Policy: good})
		require.NoError(t, err)
		require.Equal(t, repeat, r.Repeat)
	}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for on, share := range map[ledger.Date]string{day(time.May, 31): "0", day(time.June, 1): "0.2", ledger.On(2025, time.December, 31): "0"} {
			p, err := savings.PolicyIn(tx, on)
			require.NoError(t, err)
			require.True(t, p.MemberShare.Equal(ratio(share)), on)
			require.Equal(t, 3, p.CandidateMonths)
		}
		return nil
	}))
}
