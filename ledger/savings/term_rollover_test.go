package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// nisbahOn returns the nisbah by which an account shares on a day, empty if it
// shares none.
func nisbahOn(t testing.TB, book *ledger.Book, account string, on ledger.Date) (nisbah string) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, on.Month().First(), on.Month().Last()) {
			require.NoError(t, err)
			for _, s := range e.Slices {
				if e.Account == account && !on.Before(s.From) && !on.After(s.Through) {
					nisbah = s.Nisbah.String()
				}
			}
		}
		return nil
	}))
	return nisbah
}

// Another term takes the product's nisbah; one that was agreed for this account
// from that day on or from a later one is not lost with it.
func TestAgreedNisbahOutlivesARollover(t *testing.T) {
	for _, test := range []struct {
		name              string
		from              ledger.Date
		april, june, july string
	}{
		{"in the first term", day(time.March, 1), "0.7", "0.45", "0.45"},
		{"on the day of the rollover", day(time.April, 30), "0.45", "0.7", "0.7"},
		{"in the next term", day(time.July, 1), "0.45", "0.45", "0.7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, desk := newTermDesk(t)
			places(t, desk, savings.RollPrincipal)
			_, err := desk.Agree(ctx, savings.Agreement{Key: "N", Account: "BJ", Nisbah: savings.DatedRatio{From: test.from, Ratio: ratio("0.7")}, Document: "adendum"})
			require.NoError(t, err)
			_, err = desk.Mature(ctx, savings.Maturing{Key: "R", Date: day(time.May, 2), Account: "BJ"})
			require.NoError(t, err)
			require.Equal(t, []string{test.april, test.june, test.july}, []string{nisbahOn(t, book, "BJ", day(time.April, 29)),
				nisbahOn(t, book, "BJ", day(time.June, 30)), nisbahOn(t, book, "BJ", day(time.July, 1))})
			list := accountOf(t, book, "BJ").Nisbah
			for i := range list[1:] {
				require.True(t, list[i].From.Before(list[i+1].From), "by their days")
			}
			require.NoError(t, reverses(desk, "U", "R", day(time.May, 2)))
			require.Equal(t, test.april, nisbahOn(t, book, "BJ", day(time.April, 29)))
		})
	}
}

// The principal alone begins another term: a share that was paid into the
// account is never added in silence, it is paid out first.
func TestRolloverOfThePrincipalAlone(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.RollPrincipal)
	_, err := book.Post(ctx, ledger.Entry{Key: "SHARE", Date: day(time.March, 31), Lines: []ledger.Line{
		debit("50902", 9_000), credit("30202", 9_000).For("BJ").With(member("M1"))}})
	require.NoError(t, err)
	_, err = desk.Mature(ctx, savings.Maturing{Key: "R", Date: day(time.April, 30), Account: "BJ"})
	r := refused(t, err, savings.ErrTerm, "term.share")
	require.Equal(t, rupiah(1_009_000), r.Given)
	require.Equal(t, rupiah(1_000_000), r.Limit)
	ended, err := desk.EndDay(ctx, savings.DayEnd{Key: "E", Day: day(time.April, 30), By: "sistem"})
	require.NoError(t, err)
	require.Len(t, ended.Refused, 1)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.May, 2), Account: "BJ", Amount: rupiah(9_000), Counter: teller})
	require.NoError(t, err)
	ended, err = desk.EndDay(ctx, savings.DayEnd{Key: "E2", Day: day(time.May, 2), By: "sistem"})
	require.NoError(t, err)
	require.Equal(t, savings.DayEnded{RolledOver: 1}, ended)
	rolled := accountOf(t, book, "BJ").Term
	require.Equal(t, rupiah(1_000_000), rolled.Principal)
	require.Equal(t, day(time.April, 30), rolled.From)
}

// Nothing is earned from the day of maturity on where no other term follows,
// even before anybody has moved the money to where it waits: a share must not
// depend on when the day's end was done.
func TestMaturedEarnsNoMoreBeforeItIsMoved(t *testing.T) {
	for _, test := range []struct {
		name       string
		rollover   savings.Rollover
		dies       bool
		april, may int // days that earn
	}{
		{name: "to be collected", rollover: savings.NoRollover, april: 29},
		{name: "to be rolled over", rollover: savings.RollAll, april: 30, may: 31},
		{name: "to be rolled over, but its member has died", rollover: savings.RollAll, dies: true, april: 29},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, desk := newTermDesk(t)
			places(t, desk, test.rollover)
			if test.dies {
				dies(t, desk, day(time.March, 10))
				ended, err := desk.EndDay(ctx, savings.DayEnd{Key: "E", Day: day(time.May, 1), By: "sistem"})
				require.NoError(t, err)
				require.Len(t, ended.Refused, 1, "blocked until the settlement")
			}
			march, _ := earningDays(t, book, "BJ", time.March)
			april, _ := earningDays(t, book, "BJ", time.April)
			may, _ := earningDays(t, book, "BJ", time.May)
			require.Equal(t, []int{31, test.april, test.may}, []int{march, april, may})
		})
	}
}
