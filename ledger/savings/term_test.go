package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// newTermDesk adds time savings of 1, 3, 6 and 12 months to the full desk.
func newTermDesk(t testing.TB) (*ledger.Book, *savings.Desk) {
	t.Helper()
	book, desk := newFullDesk(t)
	_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "P/SIJAKA", Code: "SIJAKA", Akad: savings.Berjangka, Control: "30202",
		Terms: savings.Terms{From: day(time.January, 1), Name: "Simpanan Berjangka", Nisbah: ratio("0.45"), ShareAccount: "50902",
			MinOpening: rupiah(500_000), Tenors: []int{1, 3, 6, 12}, MaturedAccount: "20205",
			Break: savings.BreakRule{Penalty: rupiah(25_000), Account: "90205"}}})
	require.NoError(t, err)
	return book, desk
}

func term(rollover savings.Rollover) *savings.TermAgreed {
	return &savings.TermAgreed{Certificate: "B-0001", Months: 3, Rollover: rollover, Payout: savings.AtMonthEnd}
}

// opensTerm opens M1's time savings BJ on 31 January.
func opensTerm(t testing.TB, desk *savings.Desk, agreed *savings.TermAgreed) {
	t.Helper()
	_, err := desk.Open(ctx, savings.Opening{Key: "O/BJ", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA", Term: agreed})
	require.NoError(t, err)
}

// places opens them and pays a million in.
func places(t testing.TB, desk *savings.Desk, rollover savings.Rollover) {
	t.Helper()
	opensTerm(t, desk, term(rollover))
	paysIn(t, desk, "PLACE", "BJ", day(time.January, 31), 1_000_000)
}

func TestS15TimeSavingsInCashAndFromSavings(t *testing.T) {
	book, desk := newTermDesk(t)
	opensTerm(t, desk, term(savings.NoRollover))
	requireLines(t, paysIn(t, desk, "D", "BJ", day(time.January, 31), 1_000_000),
		debit("10102", 1_000_000), credit("30202", 1_000_000).For("BJ").With(member("M1")))
	placed := accountOf(t, book, "BJ").Term
	require.Equal(t, day(time.January, 31), placed.From)
	require.Equal(t, day(time.April, 30), placed.Maturity)
	require.Equal(t, rupiah(1_000_000), placed.Principal)

	opens(t, desk, "M2", "SIMUDA")
	paysIn(t, desk, "D2", "M2-SIMUDA", day(time.January, 31), 2_000_000)
	_, err := desk.Open(ctx, savings.Opening{Key: "O2", Date: day(time.February, 1), Account: "BJ2", Member: "M2", Product: "SIJAKA",
		Term: &savings.TermAgreed{Certificate: "B-0002", Months: 1, Rollover: savings.RollPrincipal, Payout: savings.AtAnniversary}, PayTo: "M2-SIMUDA"})
	require.NoError(t, err)
	moved, err := desk.Transfer(ctx, savings.Transfer{Key: "T", Date: day(time.February, 2), From: "M2-SIMUDA", To: "BJ2", Amount: rupiah(1_500_000)})
	require.NoError(t, err)
	requireLines(t, moved.Posted, debit("30101", 1_500_000).For("M2-SIMUDA").With(member("M2")), credit("30202", 1_500_000).For("BJ2").With(member("M2")))
	require.Equal(t, day(time.March, 2), accountOf(t, book, "BJ2").Term.Maturity)

	// One deposit a certificate; one certificate a number.
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "D3", Date: day(time.February, 3), Account: "BJ", Amount: rupiah(1_000), Counter: teller})
	refused(t, err, savings.ErrTerm, "term.placed")
	_, err = desk.Open(ctx, savings.Opening{Key: "O3", Date: day(time.February, 3), Account: "BJ3", Member: "M1", Product: "SIJAKA", Term: term(savings.NoRollover)})
	refused(t, err, savings.ErrExists, "term.certificate_exists")
}

// A share that was paid into the account (as the profit share's pay-out does)
// is part of the principal of the next term; the rollover itself posts nothing.
func TestS16RolloverWithShareAdded(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.RollAll)
	_, err := book.Post(ctx, ledger.Entry{Key: "SHARE", Date: day(time.March, 31), Memo: "Bagi hasil", Lines: []ledger.Line{
		debit("50902", 9_000), credit("30202", 9_000).For("BJ").With(member("M1"))}})
	require.NoError(t, err)
	_, err = desk.ChangeProduct(ctx, savings.ProductChange{Key: "NEW", Code: "SIJAKA", Terms: savings.Terms{From: day(time.April, 1), Name: "Simpanan Berjangka",
		Nisbah: ratio("0.50"), ShareAccount: "50902", Tenors: []int{3}, MaturedAccount: "20205"}})
	require.NoError(t, err)
	_, err = desk.Mature(ctx, savings.Maturing{Key: "X", Date: day(time.April, 29), Account: "BJ"})
	refused(t, err, savings.ErrTerm, "term.not_due")
	rolled, err := desk.Mature(ctx, savings.Maturing{Key: "R1", Date: day(time.May, 2), Account: "BJ"})
	require.NoError(t, err)
	require.Zero(t, rolled.Posted.Number)
	again, err := desk.Mature(ctx, savings.Maturing{Key: "R1", Date: day(time.May, 2), Account: "BJ"})
	require.NoError(t, err)
	require.True(t, again.Repeat)
	a := accountOf(t, book, "BJ")
	require.Equal(t, rupiah(1_009_000), a.Term.Principal)
	require.Equal(t, 2, a.Term.Number)
	require.Equal(t, day(time.April, 30), a.Term.From, "the maturity, not the day the command came")
	require.Equal(t, day(time.July, 31), a.Term.Maturity, "the 31st it began on comes back")
	require.Equal(t, "0.5", a.Nisbah[len(a.Nisbah)-1].Ratio.String(), "the nisbah then in force")

	// April has 29 days at the first nisbah and one at the next.
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, day(time.April, 1), day(time.April, 30)) {
			require.NoError(t, err)
			require.Equal(t, day(time.January, 31), e.Opened)
			require.Equal(t, savings.AtMonthEnd, e.Payout)
			require.Len(t, e.Slices, 2)
			require.Equal(t, []string{"0.45", "0.5"}, []string{e.Slices[0].Nisbah.String(), e.Slices[1].Nisbah.String()})
			require.Equal(t, day(time.April, 30), e.Slices[1].From)
		}
		return nil
	}))
	// Backwards: the rollover comes off by its own event.
	_, err = desk.Reverse(ctx, savings.Reversal{Key: "U", Of: "R1", Date: day(time.May, 2), Reason: "salah instruksi"})
	require.NoError(t, err)
	require.Equal(t, 1, accountOf(t, book, "BJ").Term.Number)
}

func TestS17MaturedNotCollected(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.NoRollover)
	matured, err := desk.Mature(ctx, savings.Maturing{Key: "M", Date: day(time.April, 30), Account: "BJ"})
	require.NoError(t, err)
	requireLines(t, matured.Posted, debit("30202", 1_000_000).For("BJ").With(member("M1")), credit("20205", 1_000_000).For("BJ").With(member("M1")))
	require.Equal(t, savings.Closed, accountOf(t, book, "BJ").Status)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error { // it earns until the day, not on it and not after
		for e, err := range savings.Earnings(tx, day(time.May, 1), day(time.May, 31)) {
			require.NoError(t, err)
			require.NotEqual(t, "BJ", e.Account)
		}
		return nil
	}))
	// Taken back and matured again, then paid: to savings, or in cash.
	_, err = desk.Reverse(ctx, savings.Reversal{Key: "U", Of: "M", Date: day(time.April, 30), Reason: "salah"})
	require.NoError(t, err)
	_, err = desk.Mature(ctx, savings.Maturing{Key: "M2", Date: day(time.April, 30), Account: "BJ"})
	require.NoError(t, err)
	opens(t, desk, "M1", "SIMUDA")
	opens(t, desk, "M2", "SIMUDA")
	for _, bad := range []struct {
		c    savings.Collecting
		kind error
		code string
	}{
		{savings.Collecting{Date: day(time.April, 1), To: "M1-SIMUDA"}, savings.ErrDate, "collect.before"},
		{savings.Collecting{Date: day(time.May, 5), To: "M2-SIMUDA"}, savings.ErrCommand, "term.to"},
		{savings.Collecting{Date: day(time.May, 5), To: "BJ"}, savings.ErrCommand, "term.to"},
		{savings.Collecting{Date: day(time.May, 5), To: "M1-SIMUDA", Counter: teller}, savings.ErrCommand, "term.to"},
		{savings.Collecting{Date: day(time.May, 5), Counter: savings.Place{Account: "30101", Sub: "M1-SIMUDA"}}, savings.ErrCommand, "counter.savings"},
	} {
		bad.c.Key, bad.c.Account = "X", "BJ"
		_, err := desk.Collect(ctx, bad.c)
		refused(t, err, bad.kind, bad.code)
	}
	paid, err := desk.Collect(ctx, savings.Collecting{Key: "C", Date: day(time.May, 5), Account: "BJ", To: "M1-SIMUDA"})
	require.NoError(t, err)
	requireLines(t, paid.Posted, debit("20205", 1_000_000).For("BJ").With(member("M1")), credit("30101", 1_000_000).For("M1-SIMUDA").With(member("M1")))
	require.Equal(t, savings.Active, accountOf(t, book, "M1-SIMUDA").Status)
	_, err = desk.Collect(ctx, savings.Collecting{Key: "C2", Date: day(time.May, 5), Account: "BJ", Counter: teller})
	refused(t, err, savings.ErrTerm, "collect.nothing")
	_, err = desk.Reverse(ctx, savings.Reversal{Key: "U2", Of: "C", Date: day(time.May, 5), Reason: "salah"})
	require.NoError(t, err)
	paid, err = desk.Collect(ctx, savings.Collecting{Key: "C3", Date: day(time.May, 6), Account: "BJ", Counter: teller})
	require.NoError(t, err)
	requireLines(t, paid.Posted, debit("20205", 1_000_000).For("BJ").With(member("M1")), credit("10102", 1_000_000))
}

// On the day of maturity the holder may come for the money: closing pays it.
func TestMaturedClosedAtTheCounter(t *testing.T) {
	_, desk := newTermDesk(t)
	places(t, desk, savings.RollPrincipal)
	_, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.April, 29), Account: "BJ", Counter: teller})
	refused(t, err, savings.ErrTerm, "term.runs")
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.April, 29), Account: "BJ", Amount: rupiah(1), Counter: teller})
	refused(t, err, savings.ErrTerm, "term.runs")
	closed, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.April, 30), Account: "BJ", Counter: teller})
	require.NoError(t, err)
	require.Equal(t, rupiah(1_000_000), closed.Paid)
}

func TestS18BrokenEarly(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.RollPrincipal)
	opens(t, desk, "M1", "SIMUDA")
	breaking := savings.Breaking{Key: "B", Date: day(time.March, 10), Account: "BJ", To: "M1-SIMUDA", Reason: "keperluan mendesak"}

	// Held as collateral it cannot be broken.
	_, err := desk.Hold(ctx, savings.HoldPlacing{Key: "H", Date: day(time.February, 1), Account: "BJ", Amount: rupiah(600_000), Reason: "jaminan MRB-1", By: "manajer"})
	require.NoError(t, err)
	_, err = desk.Break(ctx, breaking)
	refused(t, err, savings.ErrState, "close.held")
	_, err = desk.Release(ctx, savings.HoldRelease{Key: "HR", Hold: "H", Reason: "lunas", By: "manajer"})
	require.NoError(t, err)

	broken, err := desk.Break(ctx, breaking)
	require.NoError(t, err)
	requireLines(t, broken.Posted, debit("30202", 1_000_000).For("BJ").With(member("M1")),
		credit("90205", 25_000).With(member("M1")), credit("30101", 975_000).For("M1-SIMUDA").With(member("M1")))
	again, err := desk.Break(ctx, breaking)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, broken.Posted.Number, again.Posted.Number)

	// February's share is owed, March earns nothing.
	payTo := "M1-SIMUDA"
	listed := func(month time.Month) (found bool) {
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			span := ledger.InMonth(ledger.MonthOf(2026, month))
			for e, err := range savings.Earnings(tx, span.From, span.Through) {
				require.NoError(t, err)
				if e.Account == "BJ" {
					found = true
					require.Equal(t, payTo, e.PayTo)
				}
			}
			return nil
		}))
		return found
	}
	require.True(t, listed(time.February))
	require.False(t, listed(time.March))

	// Taken back it runs again; broken in cash with the penalty waived.
	_, err = desk.Reverse(ctx, savings.Reversal{Key: "U", Of: "B", Date: day(time.March, 10), Reason: "salah rekening"})
	require.NoError(t, err)
	payTo = "BJ"
	require.True(t, listed(time.March))
	broken, err = desk.Break(ctx, savings.Breaking{Key: "B2", Date: day(time.March, 11), Account: "BJ", Counter: teller, Reason: "sakit", Waived: true})
	require.NoError(t, err)
	requireLines(t, broken.Posted, debit("30202", 1_000_000).For("BJ").With(member("M1")), credit("10102", 1_000_000))
}

func TestTermProductRules(t *testing.T) {
	_, desk := newTermDesk(t)
	base := func() savings.Terms {
		return savings.Terms{From: day(time.January, 1), Name: "Berjangka", Nisbah: ratio("0.45"), ShareAccount: "50902", Tenors: []int{3}}
	}
	for code, change := range map[string]func(*savings.Terms){
		"product.tenors":          func(x *savings.Terms) { x.Tenors = []int{3, 3} },
		"product.matured_account": func(x *savings.Terms) { x.MaturedAccount = "10102" },
		"product.break.account": func(x *savings.Terms) {
			x.Break = savings.BreakRule{Penalty: rupiah(1), Account: "50202"} // income
		},
		"product.break.penalty": func(x *savings.Terms) { x.Break = savings.BreakRule{Penalty: rupiah(-1), Account: "90205"} },
	} {
		terms := base()
		change(&terms)
		_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "X", Code: "X", Akad: savings.Berjangka, Control: "30202", Terms: terms})
		refused(t, err, savings.ErrProduct, code)
	}
	terms := base()
	terms.Tenors, terms.MaturedAccount = nil, "20205"
	_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "X", Code: "X", Akad: savings.Mudharabah, Control: "30101", Terms: terms})
	refused(t, err, savings.ErrProduct, "product.matured_account")
	_, err = desk.AddProduct(ctx, savings.ProductOpening{Key: "X", Code: "X", Akad: savings.Berjangka, Control: "30202",
		Terms: savings.Terms{From: day(time.January, 1), Nisbah: ratio("0.45"), ShareAccount: "50902", Tenors: []int{3}, Break: savings.BreakRule{Penalty: rupiah(1)}}})
	refused(t, err, savings.ErrProduct, "product.break.account")

	for code, agreed := range map[string]*savings.TermAgreed{
		"term.missing":     nil,
		"term.certificate": {Months: 3, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd},
		"term.months":      {Certificate: "B", Months: 4, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd},
		"term.rollover":    {Certificate: "B", Months: 3, Payout: savings.AtMonthEnd},
		"term.payout":      {Certificate: "B", Months: 3, Rollover: savings.NoRollover},
		"term.from":        {Certificate: "B", Months: 3, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd, From: day(time.January, 9)},
	} {
		_, err := desk.Open(ctx, savings.Opening{Key: "X", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA", Term: agreed})
		refused(t, err, savings.ErrTerm, code)
	}
	_, err = desk.Open(ctx, savings.Opening{Key: "X", Date: day(time.January, 31), Account: "S", Member: "M1", Product: "SIMUDA", Term: term(savings.NoRollover)})
	refused(t, err, savings.ErrTerm, "term.product")
	opens(t, desk, "M1", "SIMUDA")
	_, err = desk.Open(ctx, savings.Opening{Key: "X", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA", PayTo: "M1-SIMUDA", Term: term(savings.RollAll)})
	refused(t, err, savings.ErrTerm, "term.pay_to")
}

// Maturities keep the day of the month they began on, through short months
// and leap years, over as many terms as there are.
func TestMaturitiesKeepTheirDay(t *testing.T) {
	book, desk := newTermDesk(t)
	_, err := desk.Open(ctx, savings.Opening{Key: "O", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA",
		Term: &savings.TermAgreed{Certificate: "B-1", Months: 1, Rollover: savings.RollPrincipal, Payout: savings.AtAnniversary}})
	require.NoError(t, err)
	paysIn(t, desk, "D", "BJ", day(time.January, 31), 1_000_000)
	var days []string
	for i := range 26 {
		due := accountOf(t, book, "BJ").Term.Maturity
		days = append(days, due.String())
		_, err := desk.Mature(ctx, savings.Maturing{Key: fmt.Sprint("R", i), Date: due, Account: "BJ"})
		require.NoError(t, err)
	}
	require.Equal(t, []string{"2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"}, days[:4])
	require.Equal(t, "2028-02-29", days[24], "a leap year")
	require.Equal(t, "2028-03-31", days[25])
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, day(time.March, 1), day(time.March, 31)) {
			require.NoError(t, err)
			require.Equal(t, day(time.January, 31), e.Opened, "the day on which shares fall due")
			require.Equal(t, savings.AtAnniversary, e.Payout)
		}
		return nil
	}))
}

func TestAdoptedTerm(t *testing.T) {
	book, desk := newTermDesk(t)
	_, err := book.Post(ctx, ledger.Entry{Key: "opening", Date: day(time.January, 31), Memo: "Saldo awal", Lines: []ledger.Line{
		debit("10102", 2_000_000), credit("30202", 2_000_000).For("BJ").With(member("M1"))}})
	require.NoError(t, err)
	adopt := func(change func(*savings.Opening)) error {
		o := savings.Opening{Key: "A", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA",
			Running: &savings.Running{Since: ledger.On(2025, time.August, 31), Balance: rupiah(2_000_000)},
			Term:    &savings.TermAgreed{Certificate: "L-77", Months: 3, Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd, From: ledger.On(2025, time.November, 30), Anchor: 31}}
		o.Running.Days = []savings.DayBalance{{From: day(time.January, 1), Balance: rupiah(2_000_000)}}
		change(&o)
		_, err := desk.Adopt(ctx, o)
		return err
	}
	refused(t, adopt(func(o *savings.Opening) { o.Running = nil }), savings.ErrTerm, "term.running")
	refused(t, adopt(func(o *savings.Opening) { o.Term.From = day(time.February, 1) }), savings.ErrTerm, "term.from")
	refused(t, adopt(func(o *savings.Opening) { o.Term.From = ledger.On(2025, time.October, 31) }), savings.ErrTerm, "term.matured")
	refused(t, adopt(func(o *savings.Opening) { o.Term.Anchor = 32 }), savings.ErrTerm, "term.anchor")
	require.NoError(t, adopt(func(*savings.Opening) {}))
	a := accountOf(t, book, "BJ")
	require.Equal(t, savings.Active, a.Status)
	require.Equal(t, day(time.February, 28), a.Term.Maturity)
	_, err = desk.Mature(ctx, savings.Maturing{Key: "R", Date: day(time.February, 28), Account: "BJ"})
	require.NoError(t, err)
	require.Equal(t, day(time.May, 31), accountOf(t, book, "BJ").Term.Maturity)
}
