package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// next is a day of 2027.
func next(month time.Month, n int) ledger.Date { return ledger.On(2027, month, n) }

func marks(desk *savings.Desk, key, account string, on ledger.Date) error {
	_, err := desk.MarkDormant(ctx, savings.DormancyMarking{Key: key, Date: on, Account: account})
	return err
}

func lastOwn(t testing.TB, book *ledger.Book, account string) (last ledger.Date) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		last, err = savings.LastOwnIn(tx, account)
		return err
	}))
	return last
}

// The months are the calendar's, and a month without the day ends on its last.
func TestDormantMonths(t *testing.T) {
	for _, test := range []struct {
		last   ledger.Date
		months int
		first  ledger.Date // on which it is dormant
	}{
		{day(time.January, 15), 6, day(time.July, 15)},
		{day(time.January, 31), 1, day(time.February, 28)},
		{day(time.August, 31), 6, next(time.February, 28)},
		{day(time.August, 30), 6, next(time.February, 28)},
		{day(time.February, 28), 6, day(time.August, 28)},
		{ledger.On(2028, time.February, 29), 12, ledger.On(2029, time.February, 28)},
		{day(time.December, 31), 12, next(time.December, 31)},
		{day(time.March, 1), 1200, ledger.On(2126, time.March, 1)},
	} {
		t.Run(fmt.Sprintf("%s and %d months", test.last, test.months), func(t *testing.T) {
			book, desk := newFullDesk(t)
			terms := savings.Terms{From: day(time.January, 1), DormantMonths: test.months}
			_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "P", Code: "PASIF", Akad: savings.Wadiah, Control: "20101", Terms: terms})
			require.NoError(t, err)
			opens(t, desk, "M1", "PASIF")
			paysIn(t, desk, "D", "M1-PASIF", test.last, 10_000)
			r := refused(t, marks(desk, "X", "M1-PASIF", test.first.Prev()), savings.ErrNotDormant, "dormant.not_due")
			require.ErrorContains(t, r, fmt.Sprintf("the member moved it on %s, and %d months are over on %s", test.last, test.months, test.first))
			for on, want := range map[ledger.Date]int{test.first.Prev(): 0, test.first: 1, test.first.AddDays(40): 1} {
				require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
					due, err := savings.DueDormantIn(tx, on)
					require.Len(t, due, want, "%s", on)
					return err
				}))
			}
			require.NoError(t, marks(desk, "X", "M1-PASIF", test.first))
		})
	}
}

// What the member does himself is a movement; what comes by itself, and what
// was taken back, is none.
func TestOwnMovements(t *testing.T) {
	on := day(time.June, 15)
	for _, test := range []struct {
		name string
		do   func(*savings.Desk, *ledger.Book) error
		own  bool
	}{
		{"deposit", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1_000), Counter: teller})
			return err
		}, true},
		{"deposit of a batch", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1_000), Counter: bank, Batch: true})
			return err
		}, false},
		{"line of a payroll file", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.DepositAll(ctx, savings.BulkDeposit{Date: on, Counter: bank, List: savings.BulkList{Lines: []savings.BulkLine{{Line: 1, Key: "X", Account: "M1-SIWA", Amount: rupiah(1_000)}}}})
			return err
		}, false},
		{"withdrawal", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1_000), Counter: teller})
			return err
		}, true},
		{"transfer out", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-SIWA", To: "M2-SIWA", Amount: rupiah(1_000)})
			return err
		}, true},
		{"transfer in of the same member", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-TITIPAN", To: "M1-SIWA", Amount: rupiah(1_000)})
			return err
		}, true},
		{"transfer in of another member", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M2-SIWA", To: "M1-SIWA", Amount: rupiah(1_000)})
			return err
		}, false},
		{"time savings broken into it", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Break(ctx, savings.Breaking{Key: "X", Date: on, Account: "B1", To: "M1-SIWA", Reason: "perlu dana"})
			return err
		}, true},
		{"fee", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: "M1-SIWA", Fee: savings.MonthlyFee})
			return err
		}, false},
		{"dues by mandate", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.CollectDues(ctx, savings.DuesCollection{Key: "X", Date: on, Account: "M1-WAJIB"})
			return err
		}, false},
		{"an entry past the desk, such as a profit share", func(_ *savings.Desk, b *ledger.Book) error {
			_, err := b.Post(ctx, ledger.Entry{Key: "X", Date: on, Lines: []ledger.Line{debit("60101", 500), credit("20101", 500).For("M1-SIWA")}})
			return err
		}, false},
		{"deposit taken back", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "Y", Date: on, Account: "M1-SIWA", Amount: rupiah(1_000), Counter: teller})
			if err == nil {
				err = reverses(d, "X", "Y", on)
			}
			return err
		}, false},
		{"withdrawal taken back by the book", func(d *savings.Desk, b *ledger.Book) error {
			r, err := d.Withdraw(ctx, savings.Withdrawal{Key: "Y", Date: on, Account: "M1-SIWA", Amount: rupiah(1_000), Counter: teller})
			if err == nil {
				_, err = b.Reverse(ctx, ledger.Reversal{Key: "X", Entry: r.Posted.Number, Date: on, Reason: "keliru"})
			}
			return err
		}, false},
		{"hold, block and mandates", func(d *savings.Desk, _ *ledger.Book) error {
			_, err := d.Hold(ctx, savings.HoldPlacing{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1), Reason: "jaminan", By: "manajer"})
			return err
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, desk := newFullDesk(t)
			opens(t, desk, "M1", "SIWA", "TITIPAN", "WAJIB")
			opens(t, desk, "M2", "SIWA")
			_, err := desk.Open(ctx, savings.Opening{Key: "OB", Date: day(time.January, 10), Account: "B1", Member: "M1", Product: "SIJAKA3",
				Term: &savings.TermAgreed{Certificate: "B-1", Months: 3, Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd}})
			require.NoError(t, err)
			require.Equal(t, day(time.January, 10), lastOwn(t, book, "M1-SIWA"), "the opening")
			for i, account := range []string{"M1-SIWA", "M1-TITIPAN", "M2-SIWA", "B1"} {
				paysIn(t, desk, fmt.Sprintf("D%d", i), account, day(time.February, 2), 500_000)
			}
			_, err = desk.EndDay(ctx, savings.DayEnd{Key: "E", Day: day(time.May, 2), By: "manajer"})
			require.NoError(t, err)
			_, err = desk.MandateDues(ctx, savings.DuesMandate{Key: "MD", Date: day(time.February, 2), Account: "M1-WAJIB", From: "M1-SIWA", Document: "kuasa"})
			require.NoError(t, err)
			require.NoError(t, test.do(desk, book))
			due, last := next(time.February, 2), day(time.February, 2)
			if test.own {
				due, last = next(time.June, 15), on
			}
			require.Equal(t, last, lastOwn(t, book, "M1-SIWA"))
			refused(t, marks(desk, "P", "M1-SIWA", due.Prev()), savings.ErrNotDormant, "dormant.not_due")
			require.NoError(t, marks(desk, "P", "M1-SIWA", due))
			require.Equal(t, last, accountOf(t, book, "M1-SIWA").Dormant.Last)
		})
	}
}

func TestMarkDormantRefuses(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "TITIPAN")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	on := ledger.On(2028, time.January, 1)
	meets(t, book, savings.ErrUnknown, func() error { return marks(desk, "X", "NOBODY", on) })
	meets(t, book, savings.ErrDate, func() error { return marks(desk, "X", "M1-SIWA", ledger.Date{}) })
	meets(t, book, savings.ErrDate, func() error { return marks(desk, "X", "M1-SIWA", day(time.January, 9)) })
	refused(t, marks(desk, "X", "M1-TITIPAN", on), savings.ErrCommand, "dormant.product")
	leaves(t, desk, "M2", day(time.March, 1))
	refused(t, marks(desk, "X", "M2-SIWA", on), savings.ErrMember, "dormant.left")
	_, err := desk.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: "M1-SIWA", Reason: "datang", By: "manajer"})
	refused(t, err, savings.ErrNotDormant, "reactivate.active")
	require.EqualError(t, marks(desk, "X", "M1-SIWA", next(time.January, 1)),
		"savings: account M1-SIWA: not dormant on 2027-01-01: the member moved it on 2026-02-02, and 12 months are over on 2027-02-02")
	// Time savings move only when they mature.
	tenor := savings.Terms{From: day(time.January, 2), Nisbah: ratio("0.5"), ShareAccount: "50901", Tenors: []int{3}, DormantMonths: 1}
	_, err = desk.ChangeProduct(ctx, savings.ProductChange{Key: "T", Code: "SIJAKA3", Terms: tenor})
	require.NoError(t, err)
	_, err = desk.Open(ctx, savings.Opening{Key: "OB", Date: day(time.January, 10), Account: "B1", Member: "M1", Product: "SIJAKA3",
		Term: &savings.TermAgreed{Certificate: "B-1", Months: 3, Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd}})
	require.NoError(t, err)
	paysIn(t, desk, "DB", "B1", day(time.January, 10), 500_000)
	refused(t, marks(desk, "X", "B1", day(time.March, 20)), savings.ErrTerm, "dormant.term")
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		due, err := savings.DueDormantIn(tx, on)
		require.Equal(t, []string{"M1-SIWA"}, due)
		return err
	}))
}

// A deposit of the member's reactivates in the same command; taken back, the
// account is dormant again, unless the member has moved it since.
func TestReactivationTakenBack(t *testing.T) {
	on := next(time.March, 1)
	for name, test := range map[string]struct {
		wake  func(*testing.T, *savings.Desk)
		after func(*testing.T, *savings.Desk)
		again bool
	}{
		"deposit": {func(t *testing.T, d *savings.Desk) { paysIn(t, d, "X", "M1-SIMUDA", on, 2_000) }, nil, true},
		"deposit, then another": {func(t *testing.T, d *savings.Desk) { paysIn(t, d, "X", "M1-SIMUDA", on, 2_000) },
			func(t *testing.T, d *savings.Desk) { paysIn(t, d, "Y", "M1-SIMUDA", on, 3_000) }, false},
		"deposit, then a batch": {func(t *testing.T, d *savings.Desk) { paysIn(t, d, "X", "M1-SIMUDA", on, 2_000) },
			func(t *testing.T, d *savings.Desk) {
				_, err := d.Deposit(ctx, savings.Deposit{Key: "Y", Date: on, Account: "M1-SIMUDA", Amount: rupiah(3_000), Counter: bank, Batch: true})
				require.NoError(t, err)
			}, true},
		"transfer": {func(t *testing.T, d *savings.Desk) {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-SIWA", To: "M1-SIMUDA", Amount: rupiah(2_000)})
			require.NoError(t, err)
		}, nil, true},
		"reactivation": {func(t *testing.T, d *savings.Desk) {
			_, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: "M1-SIMUDA", Reason: "anggota datang", By: "manajer", Document: "surat/1"})
			require.NoError(t, err)
		}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			book, desk := newFullDesk(t)
			dormantMuda(t, desk)
			before := accountOf(t, book, "M1-SIMUDA")
			test.wake(t, desk)
			require.Zero(t, accountOf(t, book, "M1-SIMUDA").Dormant)
			if test.after != nil {
				test.after(t, desk)
			}
			require.ErrorIs(t, reverses(desk, "R0", "P", on), savings.ErrNotLatest, "the marking is built upon")
			require.NoError(t, reverses(desk, "R", "X", on))
			if test.again {
				require.Equal(t, before, accountOf(t, book, "M1-SIMUDA"))
				require.NoError(t, reverses(desk, "R2", "P", on))
			}
			require.Zero(t, accountOf(t, book, "M1-SIMUDA").Dormant)
			_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: on, Account: "M1-SIMUDA", Amount: rupiah(1_000), Counter: teller})
			require.NoError(t, err)
		})
	}
}

// A reactivation counts as a movement: the next day's run leaves it alone.
func TestReactivationBeginsTheMonthsAnew(t *testing.T) {
	book, desk := newFullDesk(t)
	dormantMuda(t, desk)
	on := next(time.March, 1)
	_, err := desk.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: "M1-SIMUDA", Reason: "anggota datang", By: "manajer"})
	require.NoError(t, err)
	require.Equal(t, on, lastOwn(t, book, "M1-SIMUDA"))
	refused(t, marks(desk, "P2", "M1-SIMUDA", on.AddMonths(12).Prev()), savings.ErrNotDormant, "dormant.not_due")
	require.NoError(t, marks(desk, "P2", "M1-SIMUDA", on.AddMonths(12)))
	require.Equal(t, savings.Dormancy{Since: on.AddMonths(12), Last: on, Months: 12}, accountOf(t, book, "M1-SIMUDA").Dormant)
}

// Changed months hold from their day on: what was marked stays, and nothing
// becomes dormant before the day.
func TestDormantMonthsAreDated(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 100_000)
	paysIn(t, desk, "D2", "M2-SIWA", day(time.October, 2), 100_000)
	require.NoError(t, marks(desk, "P1", "M1-SIWA", next(time.February, 2)))
	was := accountOf(t, book, "M1-SIWA").Dormant
	change := func(from ledger.Date, months int) {
		_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: "C/" + from.String(), Code: "SIWA", Terms: savings.Terms{From: from, DormantMonths: months}})
		require.NoError(t, err)
	}
	change(next(time.June, 1), 6)
	change(next(time.September, 1), 0)
	refused(t, marks(desk, "P2", "M2-SIWA", next(time.May, 31)), savings.ErrNotDormant, "dormant.not_due")
	refused(t, marks(desk, "P2", "M2-SIWA", next(time.September, 1)), savings.ErrCommand, "dormant.product")
	require.NoError(t, marks(desk, "P2", "M2-SIWA", next(time.June, 1)))
	require.Equal(t, savings.Dormancy{Since: next(time.June, 1), Last: day(time.October, 2), Months: 6}, accountOf(t, book, "M2-SIWA").Dormant)
	require.Equal(t, was, accountOf(t, book, "M1-SIWA").Dormant, "not even where the product knows no dormancy any more")
}

// Who leaves or dies is settled without a reactivation.
func TestDormantIsSettled(t *testing.T) {
	on := next(time.March, 1)
	settle := func(t *testing.T, book *ledger.Book, desk *savings.Desk) {
		_, err := desk.Break(ctx, savings.Breaking{Key: "BX", Date: on.Prev(), Account: "B1", Counter: teller, Reason: "keluar"})
		require.NoError(t, err)
		settled, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: on, Member: "M1"})
		require.NoError(t, err)
		require.Equal(t, rupiah(1_000_000), settled.Exit.Claim)
		a := accountOf(t, book, "M1-SIMUDA")
		require.Equal(t, savings.Closed, a.Status)
		require.Zero(t, a.Dormant)
		require.NoError(t, reverses(desk, "R", "S", on))
		require.Equal(t, next(time.February, 2), accountOf(t, book, "M1-SIMUDA").Dormant.Since)
	}
	t.Run("left", func(t *testing.T) {
		book, desk := newFullDesk(t)
		dormantMuda(t, desk)
		leaves(t, desk, "M1", on)
		_, err := desk.Close(ctx, savings.Closing{Key: "C", Date: on, Account: "M1-SIMUDA", Counter: teller})
		refused(t, err, savings.ErrDormant, "account.dormant")
		settle(t, book, desk)
		_, err = desk.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: "M1-SIMUDA", Reason: "anggota datang", By: "manajer"})
		require.NoError(t, err, "who has left may still come for it")
	})
	t.Run("died", func(t *testing.T) {
		book, desk := newFullDesk(t)
		dormantMuda(t, desk)
		_, err := desk.Break(ctx, savings.Breaking{Key: "BX", Date: on.Prev(), Account: "B1", Counter: teller, Reason: "keluar"})
		require.NoError(t, err)
		_, err = desk.Die(ctx, savings.Death{Key: "X", Date: on, Known: on, Member: "M1", Documents: []string{"akta"}, By: "manajer"})
		require.NoError(t, err)
		_, err = desk.Reactivate(ctx, savings.Reactivation{Key: "Y", Date: on, Account: "M1-SIMUDA", Reason: "ahli waris", By: "manajer"})
		refused(t, err, savings.ErrMember, "reactivate.deceased")
		settled, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: on, Member: "M1"})
		require.NoError(t, err)
		require.Equal(t, rupiah(1_000_000), settled.Exit.Claim)
		require.Zero(t, accountOf(t, book, "M1-SIMUDA").Dormant)
	})
}

// An adopted account brings the day of its latest own movement along.
func TestDormantAdopted(t *testing.T) {
	book, desk := newFullDesk(t)
	_, err := book.Post(ctx, ledger.Entry{Key: "open", Date: day(time.January, 1), Lines: []ledger.Line{debit("10101", 70_000), credit("20101", 40_000).For("A"), credit("20101", 30_000).For("B")}})
	require.NoError(t, err)
	adopt := func(id string, running *savings.Running) error {
		_, err := desk.Adopt(ctx, savings.Opening{Key: "A/" + id, Date: day(time.January, 5), Account: id, Member: "M1", Product: "SIWA", Running: running})
		return err
	}
	for _, moved := range []ledger.Date{day(time.January, 6), ledger.On(2019, time.May, 1), ledger.On(2026, time.February, 30)} {
		refused(t, adopt("A", &savings.Running{Since: ledger.On(2020, time.May, 1), Balance: rupiah(40_000), Moved: moved}), savings.ErrAdoption, "adopt.moved")
	}
	require.NoError(t, adopt("A", &savings.Running{Since: ledger.On(2020, time.May, 1), Balance: rupiah(40_000), Moved: ledger.On(2025, time.March, 10)}))
	require.NoError(t, adopt("B", &savings.Running{Since: ledger.On(2020, time.May, 1), Balance: rupiah(30_000)}))
	require.Equal(t, ledger.On(2025, time.March, 10), lastOwn(t, book, "A"))
	require.Equal(t, day(time.January, 5), lastOwn(t, book, "B"), "nothing is known: from the adoption on")
	refused(t, marks(desk, "P", "A", day(time.March, 9)), savings.ErrNotDormant, "dormant.not_due")
	require.NoError(t, marks(desk, "P", "A", day(time.March, 10)))
}
