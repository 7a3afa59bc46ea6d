package profitshare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// anniversaries is a book with a time saving opened on 15 January that is paid
// on its anniversaries at 60%, and a plain one at 50%, a million each. Every
// rupiah-day earned 0,001 in March.
func anniversaries(t *testing.T) (*runBook, *profitshare.Desk, earning) {
	b := newRunBook(t)
	d := deposit12("M1-D")
	d.Schedule, d.Opened = profitshare.OnAnniversary, ledger.On(2026, 1, 15)
	d.PayTo = profitshare.Place{Account: "30101", Sub: "M1-A"}
	list := earning{d, account("M2-A")}
	b.book("2026-01-15", "10102", "30204/M1-D", 1_000_000)
	b.book("2026-01-15", "10102", "30101/M2-A", 1_000_000)
	b.book("2026-03-31", "10102", "50101", 62_000)
	plan := runPlan()
	plan.Benevolent = "90205"
	desk := profitshare.NewDesk(b.Book, plan, list)
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P3", Month: month(t, "2026-03")})
	require.NoError(t, err)
	return b, desk, list
}

// On 15 April the time saving gets March's share, 31 days, and 14 days of April
// at March's rate. The run of April then owes what April truly earned beyond.
func TestAnniversaryAtTheLastClosedMonthsRate(t *testing.T) {
	b, desk, _ := anniversaries(t)
	march, april, may, june := month(t, "2026-03"), month(t, "2026-04"), month(t, "2026-05"), month(t, "2026-06")
	_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B3", Month: march, Date: april.Day(15)})
	require.NoError(t, err)
	day := profitshare.Advance{Key: "U4", Date: april.Day(15)}
	paid, err := desk.Advance(ctx, day)
	require.NoError(t, err)
	require.Equal(t, []string{"20201/M1-D -8.400", "20201/M1-D 8.400", "30101/M1-A -8.400", "50902 8.400"}, entryText(paid.Posted))
	b.requireBalance("30101/M1-A", "2026-04-15", -(18_600 + 8_400))
	again, err := desk.Advance(ctx, day)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, paid.Posted.Digest, again.Posted.Digest)
	other, err := desk.Advance(ctx, profitshare.Advance{Key: "U4b", Date: april.Day(15)})
	require.NoError(t, err)
	require.Zero(t, other.Posted.Number, "no day is paid twice")
	none, err := desk.Advance(ctx, profitshare.Advance{Key: "U4c", Date: april.Day(16)})
	require.NoError(t, err)
	require.Zero(t, none.Posted.Number, "nobody's day")

	// April earned 0,0015 a day on the 60.000.000 rupiah-days at rest, and the
	// shares credited on the 15th earn too.
	b.book("2026-04-30", "10102", "50101", 90_000)
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: april})
	require.NoError(t, err)
	require.Equal(t, rp(8_400), r.Figures.Advanced)
	gross, _ := r.Shares.Payout("M1-D")
	b.requireBalance("20201/M1-D", "2026-04-30", -(gross.Gross.Minor()/100 - 8_400))
	require.Equal(t, r.Figures.Members.Sub(rp(8_400)), r.Run.Owed())
	v, err := desk.Verify(ctx, april)
	require.NoError(t, err)
	require.True(t, v.Agrees())
	c, err := desk.Reconciliation(ctx, april, april.Last())
	require.NoError(t, err)
	require.NoError(t, c.Err())
	require.Equal(t, rp(8_400), c.Distributed)
	_, err = desk.Advance(ctx, profitshare.Advance{Key: "U9", Date: april.Day(20)})
	require.ErrorContains(t, err, "is run already")
	_, err = desk.ReverseAdvance(ctx, profitshare.Reversal{Key: "X", Month: april, Date: april.Last(), Reason: "salah"})
	require.ErrorContains(t, err, "has counted its advances")

	// May is poor: 14 days at April's rate were more than all 31 at May's. What
	// was too much is the manager's; M2's share is what it would have been.
	advance, err := desk.Advance(ctx, profitshare.Advance{Key: "U5", Date: may.Day(15)})
	require.NoError(t, err)
	require.Equal(t, april, advance.Paid.Rated)
	b.book("2026-05-31", "10102", "50101", 6_200)
	r, err = desk.Post(ctx, profitshare.Posting{Key: "P5", Month: may})
	require.NoError(t, err)
	due, _ := r.Shares.Payout("M1-D")
	require.Equal(t, due.Gross, r.Figures.Advanced)
	require.Equal(t, advance.Paid.Gross.Sub(due.Gross), r.Figures.Excess)
	require.Equal(t, r.Figures.Result, ledger.Sum(r.Figures.Members, r.Figures.Manager, r.Figures.Excess))
	b.requireBalance("20201/M1-D", "2026-05-31", -(gross.Gross.Minor()/100 - 8_400))

	// M2 closes on 10 June: nine days at May's rate at once, less a penalty that
	// goes to the benevolent fund. The true-up stays owed.
	closing := profitshare.Advance{Key: "U6", Date: june.Day(10), Accounts: []string{"M2-A"}, Penalties: map[string]ledger.Money{"M2-A": rp(50)}}
	paid, err = desk.Advance(ctx, closing)
	require.NoError(t, err)
	require.Equal(t, rp(50), paid.Paid.Penalty)
	slips, err := profitshare.WithholdingList(ctx, b.Book, june)
	require.NoError(t, err)
	require.Equal(t, paid.Withheld.Rows, slips.Rows)
	require.Equal(t, paid.Withheld.Net, slips.Net)
	require.Equal(t, rp(50), slips.Rows[0].Penalty)
	b.requireBalance("90205", "2026-06-10", -50)
	undone, err := desk.ReverseAdvance(ctx, profitshare.Reversal{Key: "X6", Month: june, Date: june.Day(10), Reason: "salah"})
	require.NoError(t, err)
	require.Equal(t, paid.Posted.Number, undone.Posted.Reverses)
	b.requireBalance("90205", "2026-06-10", 0)
	closing.Key, closing.Penalties = "U6b", map[string]ledger.Money{"M2-A": rp(5_000)}
	_, err = desk.Advance(ctx, closing)
	require.ErrorContains(t, err, `penalty of account "M2-A": IDR 5.000: more than its return of IDR`)
	_, err = desk.Advance(ctx, profitshare.Advance{Key: "U6c", Date: june.Day(10), Accounts: []string{"M9-A"}})
	require.ErrorContains(t, err, `account "M9-A": does not earn in this month`)
	_, err = desk.Advance(ctx, profitshare.Advance{Key: "U7", Date: june.Next().Day(15)})
	require.ErrorContains(t, err, "there is no rate to pay in advance by")
}

// An advance counts in the member's month like any other pay-out.
func TestAdvanceIsTaxed(t *testing.T) {
	b, desk, _ := anniversaries(t)
	april := month(t, "2026-04")
	b.book("2026-04-14", "10102", "30204/M1-D", 30_000_000) // 14.400.000 rupiah-days at 60% of 0,001
	_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B3", Month: april.Prev(), Date: april.Day(15)})
	require.NoError(t, err)
	paid, err := desk.Advance(ctx, profitshare.Advance{Key: "U4", Date: april.Day(15)})
	require.NoError(t, err)
	require.Equal(t, rp(26_400), paid.Paid.Gross) // (13 x 1 + 31 million) x 0,0006
	require.True(t, paid.Paid.Tax.IsZero())
	b.book("2026-04-15", "10102", "30204/M1-D", 500_000_000)
	second, err := desk.Advance(ctx, profitshare.Advance{Key: "U5", Date: april.Day(17), Accounts: []string{"M1-D"}})
	require.NoError(t, err)
	require.Equal(t, rp(637_200), second.Paid.Gross) // 2 days x 531 million x 0,0006
	require.Equal(t, rp(63_720+2_640+1_860), second.Paid.Tax)
	list, err := profitshare.WithholdingList(ctx, b.Book, april)
	require.NoError(t, err)
	require.Len(t, list.Rows, 4)
	_, err = desk.ReverseAdvance(ctx, profitshare.Reversal{Key: "X6", Month: april, Date: april.Day(17), Reason: "salah"})
	require.NoError(t, err)
}

func TestAdopt(t *testing.T) {
	b := newRunBook(t)
	march, april := month(t, "2026-03"), month(t, "2026-04")
	for place, amount := range map[string]int64{"20201/M1-A": 250_000, "20201/M2-A": 40_000, "20103": 70_000, "20102": 9_000, "30101/M1-A": 900_000, "30101/M2-A": 1_000_000} {
		b.book("2026-03-31", "10102", place, amount)
	}
	desk := profitshare.NewDesk(b.Book, reservePlan(), earning{account("M1-A"), account("M2-A")})
	adoption := profitshare.Adoption{
		Key: "T", Day: march.Last(), Month: march, By: "Bu Sri", Document: "Neraca awal",
		Owed: []profitshare.AdoptedShare{
			{Account: "M1-A", Member: "M1", Standing: ledger.Member, Gross: rp(250_000)},
			{Account: "M2-A", Member: "M2", Standing: ledger.Member, Gross: rp(40_001)},
		},
		Equalisation: rp(70_000), Risk: rp(9_000), Carried: []profitshare.Carried{{Account: "M1-A", Amount: rp(100_000)}},
	}
	_, err := desk.Adopt(ctx, adoption)
	require.ErrorIs(t, err, ledger.ErrAdoption)
	adoption.Owed[1].Gross = rp(40_000)
	for want, spoil := range map[string]func(a *profitshare.Adoption){
		"needs who vouches for it":                   func(a *profitshare.Adoption) { a.By = "" },
		"do not stand by account":                    func(a *profitshare.Adoption) { a.Owed = append(a.Owed[1:2:2], a.Owed[0]) },
		"claims -69999.00":                           func(a *profitshare.Adoption) { a.Equalisation = rp(69_999) },
		"are of a day before the month":              func(a *profitshare.Adoption) { a.Month = april },
		`loss carried by account "M1-A": IDR 0: not`: func(a *profitshare.Adoption) { a.Carried = []profitshare.Carried{{Account: "M1-A"}} },
	} {
		spoilt := adoption
		spoil(&spoilt)
		_, err := desk.Adopt(ctx, spoilt)
		require.ErrorContains(t, err, want)
	}
	run, err := desk.Adopt(ctx, adoption)
	require.NoError(t, err)
	require.Equal(t, rp(290_000), run.Owed())
	again, err := desk.Adopt(ctx, adoption)
	require.NoError(t, err)
	require.Equal(t, run.Version, again.Version)

	rows := rowsOf(t, desk, march)
	require.Equal(t, []string{"2026-03 M1-A M1 : 250.000 - 25.000 = 225.000", "2026-03 M2-A M2 : 40.000 - 0 = 40.000"}, rows)
	_, err = desk.Post(ctx, profitshare.Posting{Key: "P", Month: march})
	require.ErrorContains(t, err, "is posted already")
	_, err = desk.Verify(ctx, march)
	require.ErrorContains(t, err, "was shared by older books")
	_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R", Month: march, Date: march.Last(), Reason: "x"})
	require.ErrorContains(t, err, "was taken over from older books")
	require.Empty(t, b.findings())
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: march, Date: april.First()})
	require.NoError(t, err)
	require.Equal(t, rp(25_000), paid.Payment.Tax)
	require.Equal(t, profitshare.Paid, paid.Run.Status)
	b.requireBalance("20201", "2026-04-01", 0)

	// The loss that was taken over comes back first, the PER can be released.
	b.book("2026-04-30", "10102", "50101", 400_000)
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: april, Decision: profitshare.Decision{Equalisation: profitshare.Movement{Released: rp(70_000)}}})
	require.NoError(t, err)
	require.Equal(t, rp(100_000), r.Figures.Restored)
	require.Equal(t, rp(70_000), r.Figures.Equalisation.Opening)
}
