package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// What was accrued, or kept track of while accrual was stopped, on instalments
// that are put off is margin to be earned again: their days are other ones.
func TestReschedulingTakesAccrualBack(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		terms := motor(murabahah.Annuity)
		terms.Recognition.Basis = murabahah.OnDueDate
		b := inStateOn(t, murabahah.Sold, terms)
		behind := murabahah.Act{Date: ledger.On(2026, 3, 1), Note: "menunggak"}
		if stopped {
			b.does(murabahah.AccrualStop{Act: behind})
		}
		b.does(murabahah.Falling{Act: behind})
		p := b.contract.Position
		require.Equal(t, stopped, p.Accrued.IsZero())
		require.Equal(t, !stopped, p.Suspended.IsZero())
		rest := plan(10, rupiah, ledger.RoundHalfUp)
		rest.FirstDue = ledger.On(2026, 5, 31)
		b.does(murabahah.Reschedule{Act: behind, Kind: murabahah.Rescheduling, Plan: rest})
		p = b.contract.Position
		require.Equal(t, []ledger.Money{none, none, none}, []ledger.Money{p.Due, p.Accrued, p.Suspended})
		require.Equal(t, terms.Margin, p.Deferred)
		require.Equal(t, terms.NetReceivable(), p.Receivable)
	}
}

// Margin that waits for the last rupiah says nothing about time: paying ahead
// earns it for the cooperative as under the proportional method.
func TestQuoteOfMarginThatWaits(t *testing.T) {
	quote := func(method murabahah.Method) murabahah.Quote {
		q, err := inStateOn(t, murabahah.Sold, motor(method)).pay(ledger.IDR.Of(15_000_000)).contract.Quote(ledger.On(2026, 2, 1))
		require.NoError(t, err)
		return q
	}
	proportional, waiting := quote(murabahah.Proportional), quote(murabahah.AfterCollected)
	require.Positive(t, proportional.Earned.Sign())
	require.Equal(t, proportional.Rebate, waiting.Rebate)
	require.Equal(t, proportional.Pays, waiting.Pays)
}

// A coarse step can leave more margin unearned than is owed. Written off, no
// more margin than debt is lost, and the books stay whole.
func TestWriteOffWithMoreMarginThanDebt(t *testing.T) {
	hundred := ledger.Minor(100)
	b := newBook(t).order(sale(ledger.Minor(50), hundred, none, plan(1, ledger.Minor(1), ledger.RoundHalfUp), murabahah.Proportional, hundred)).acquire().sell()
	b.pay(ledger.Minor(74)) // 49.3 of the margin, no step of it
	require.Equal(t, hundred, b.contract.Position.Deferred)
	b.does(murabahah.WriteOff{Act: act(b.contract)})
	p := b.contract.Position
	require.Equal(t, []int64{76, 0, 24, 76}, []int64{p.Lost.Minor(), p.AllowanceUsed.Minor(), p.Recognised.Minor(), p.WrittenOff.Minor()})
	b.does(murabahah.Recovery{Act: act(b.contract), Amount: ledger.Minor(76), Place: cash})
	require.Equal(t, murabahah.Settled, b.contract.State)
	require.Equal(t, hundred, b.contract.Position.Recognised)
}

// The class goes by the plan in force: of instalments agreed anew by the week
// more may be behind than of months.
func TestClassOfThePlanInForce(t *testing.T) {
	policy := murabahah.DefaultCollectibility(start)
	weekly := plan(20, rupiah, ledger.RoundHalfUp)
	weekly.FirstDue, weekly.Days = ledger.On(2026, 2, 2), murabahah.Weekly
	b := inState(t, murabahah.Sold)
	asOf := ledger.On(2026, 3, 1) // two months behind
	class, _, err := policy.ClassOf(b.contract, asOf)
	require.NoError(t, err)
	require.Equal(t, murabahah.Substandard, class)
	b.does(murabahah.Reschedule{Act: murabahah.Act{Date: ledger.On(2026, 2, 1)}, Kind: murabahah.Reconditioning, Plan: weekly})
	for _, test := range []struct {
		asOf ledger.Date
		want murabahah.Class
	}{{ledger.On(2026, 2, 10), "L"}, {ledger.On(2026, 2, 16), "L"}, {ledger.On(2026, 2, 17), "KL"}, {asOf, "KL"}, {ledger.On(2026, 3, 3), "D"}, {ledger.On(2026, 3, 31), "M"}} {
		class, arrears, err := policy.ClassOf(b.contract, test.asOf)
		require.NoError(t, err)
		require.Equal(t, test.want, class, "%s, %d behind", test.asOf, arrears.Instalments)
	}
}

// Weeks, market days and the last day of February go on over the new year.
func TestDaysOverTheNewYear(t *testing.T) {
	for _, test := range []struct {
		name         string
		days, months int
		first        ledger.Date
		want         []string
		pasaran      string
	}{
		{"weeks", murabahah.Weekly, 0, ledger.On(2026, 12, 28), []string{"2026-12-28", "2027-01-04", "2027-01-11"}, ""},
		{"market days over a leap day", murabahah.MarketDay, 0, ledger.On(2028, 2, 25), []string{"2028-02-25", "2028-03-01", "2028-03-06"}, "Pon"},
		{"selapan", murabahah.Selapan, 0, ledger.On(2027, 12, 30), []string{"2027-12-30", "2028-02-03", "2028-03-09"}, "Legi"},
		{"leap days", 0, 12, ledger.On(2028, 2, 29), []string{"2028-02-29", "2029-02-28", "2030-02-28"}, ""},
		{"last days", 0, 1, ledger.On(2027, 12, 31), []string{"2027-12-31", "2028-01-31", "2028-02-29"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			terms := motor(murabahah.Annuity)
			terms.Plan.Days, terms.Plan.Months, terms.Plan.FirstDue, terms.Plan.Instalments = test.days, test.months, test.first, len(test.want)
			schedule, err := terms.Schedule()
			require.NoError(t, err)
			for i, row := range schedule.Rows {
				require.Equal(t, test.want[i], row.Due.String())
				if test.pasaran != "" {
					require.Equal(t, test.pasaran, murabahah.Pasaran(row.Due))
				}
			}
		})
	}
}
