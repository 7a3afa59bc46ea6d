package profitshare_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// manyPlans is a book with so many plans of one product each, every one of
// which owes member M1 100.000 for April.
func manyPlans(b *runBook, n int) []*profitshare.Desk {
	chart := []string{"50101", "50301"}
	var desks []*profitshare.Desk
	for i := range n {
		id, income := fmt.Sprintf("M1-%02d", i), chart[0]
		if i > 0 {
			income = fmt.Sprintf("504%02d", i)
			require.NoError(b.t, b.Update(ctx, func(tx *ledger.Tx) error {
				return tx.AddAccount("A"+income, ledger.Account{Code: income, Name: income, Kind: ledger.Income, Normal: ledger.CreditSide})
			}))
		}
		b.book("2026-03-31", "10102", "30101/"+id, 1_000_000)
		b.book("2026-04-30", "10102", income, 200_000)
		plan := runPlan()
		plan.Name, plan.Income, plan.Products = fmt.Sprintf("plan-%02d", i), pooled(income), plan.Products[:1]
		desks = append(desks, profitshare.NewDesk(b.Book, plan, earning{account(id)}))
	}
	return desks
}

// Twelve plans pay one member in one month: every pay-out reads those before
// it once. The third one crosses the threshold and catches up for two.
func TestTaxOverManyPlans(t *testing.T) {
	b := newRunBook(t)
	april, may := month(t, "2026-04"), month(t, "2026-05")
	var taxes []ledger.Money
	for i, desk := range manyPlans(b, 12) {
		_, err := desk.Post(ctx, profitshare.Posting{Key: fmt.Sprint("P", i), Month: april})
		require.NoError(t, err)
		paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: fmt.Sprint("B", i), Month: april, Date: may.First().AddDays(i)})
		require.NoError(t, err)
		taxes = append(taxes, paid.Payment.Tax)
	}
	require.Equal(t, []ledger.Money{rp(0), rp(0), rp(30_000), rp(10_000)}, taxes[:4])
	list, err := profitshare.WithholdingList(ctx, b.Book, may)
	require.NoError(t, err)
	require.Len(t, list.Rows, 12, "a slip for each, also at zero")
	require.True(t, list.Rows[0].Tax.IsZero())
	require.Equal(t, rp(20_000), list.Rows[2].CatchUp)
	require.Equal(t, rp(10_000), list.Rows[2].Tax)
	require.Equal(t, rp(120_000), list.Tax)
	require.Equal(t, rp(1_200_000), list.Gross)
	require.Equal(t, rp(1_080_000), list.Net)
	none, err := profitshare.WithholdingList(ctx, b.Book, april)
	require.NoError(t, err)
	require.Empty(t, none.Rows)
}

// What counts is the calendar month in which a member is paid: a share that was
// blocked in May and is paid in June stands in June's month.
func TestTaxMonthIsTheMonthOfPayment(t *testing.T) {
	b := newRunBook(t)
	desks := manyPlans(b, 3)
	april, may, june := month(t, "2026-04"), month(t, "2026-05"), month(t, "2026-06")
	for i, day := range []ledger.Date{may.First(), may.First(), june.First()} {
		_, err := desks[i].Post(ctx, profitshare.Posting{Key: fmt.Sprint("P", i), Month: april})
		require.NoError(t, err)
		paid, err := desks[i].PayOut(ctx, profitshare.Disbursement{Key: fmt.Sprint("B", i), Month: april, Date: day})
		require.NoError(t, err)
		require.True(t, paid.Payment.Tax.IsZero())
	}
	// A pay-out that no later one of its members saw can be undone; the other not.
	_, err := desks[0].Reverse(ctx, profitshare.Reversal{Key: "R0", Month: april, Date: may.First(), Reason: "salah"})
	require.ErrorContains(t, err, `counts in the tax of run "2026-04/plan-01"`)
	for _, i := range []int{2, 1, 0} {
		_, err := desks[i].Reverse(ctx, profitshare.Reversal{Key: fmt.Sprint("R1", i), Month: april, Date: june.First(), Reason: "salah"})
		require.NoError(t, err)
	}
	list, err := profitshare.WithholdingList(ctx, b.Book, may)
	require.NoError(t, err)
	require.Empty(t, list.Rows)
}

// A later product with an account back-dated into a closed month changes
// neither that month's statement nor its verification.
func TestOldMonthAfterALaterProduct(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	april := month(t, "2026-04")
	plan := runPlan()
	plan.Products = plan.Products[:1]
	plan.Income = pooled("50101")
	_, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A")}).Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	later := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A"), account("M2-A"), deposit12("M1-D")})
	rows, err := later.Rows(ctx, april)
	require.NoError(t, err)
	require.Len(t, rows, 2)
	v, err := later.Verify(ctx, april)
	require.NoError(t, err)
	require.True(t, v.Agrees(), "computed again by the plan it was posted with")
	require.Equal(t, []string{"M1-D"}, v.Strangers)
}

func TestZakatByMandate(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-03-31", "10102", "30101/M2-A", 1_000_000)
	b.book("2026-04-30", "10102", "50101", 1_200_000)
	april, first := month(t, "2026-04"), month(t, "2026-05").First()
	giver, other := account("M1-A"), account("M2-A")
	giver.Zakat = &profitshare.Mandate{Document: "SK-ZKT/1", From: ledger.On(2026, 1, 1)}
	plan := runPlan()
	post := func(plan profitshare.Plan, a earning) (profitshare.Disbursed, *profitshare.Desk, error) {
		desk := profitshare.NewDesk(b.Book, plan, a)
		if _, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april}); err != nil {
			return profitshare.Disbursed{}, nil, err
		}
		paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: first})
		return paid, desk, err
	}
	plan.Zakat.Account = "50101"
	_, _, err := post(plan, earning{giver, other})
	require.ErrorIs(t, err, profitshare.ErrPlan, "zakat never becomes income")
	plan.Zakat.Account, plan.ZakatRules = "80101", profitshare.ZakatRules{profitshare.ZakatOnShares()}
	unwritten := giver
	unwritten.Zakat = &profitshare.Mandate{From: ledger.On(2026, 1, 1)}
	_, _, err = post(plan, earning{unwritten, other})
	require.ErrorIs(t, err, profitshare.ErrZakat)
	require.ErrorContains(t, err, "is not written anywhere (UU 23/2011 (unconfirmed))")
	// 300.000 each, 10% tax; 2,5% of 270.000 from the one who asked for it.
	paid, desk, err := post(plan, earning{giver, other})
	require.NoError(t, err)
	require.Equal(t, rp(6_750), paid.Payment.Zakat)
	b.requireBalance("80101", "2026-05-01", -6_750)
	b.requireBalance("30101/M1-A", "2026-05-01", -1_263_250)
	b.requireBalance("30101/M2-A", "2026-05-01", -1_270_000)
	rows, err := desk.Rows(ctx, april)
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{rp(30_000), rp(6_750), rp(263_250)}, []ledger.Money{rows[0].Tax, rows[0].Zakat, rows[0].Net})
	require.Equal(t, []ledger.Money{rp(30_000), rp(0), rp(270_000)}, []ledger.Money{rows[1].Tax, rows[1].Zakat, rows[1].Net})
}

func TestZakatRules(t *testing.T) {
	row := profitshare.Withheld{Return: profitshare.Return{Account: "A", Gross: rp(300_000)}, Net: rp(270_000)}
	rule := profitshare.ZakatOnShares()
	mandate := profitshare.Mandate{Document: "SK"}
	zakat, err := rule.Zakat(mandate, row)
	require.NoError(t, err)
	require.Equal(t, rp(6_750), zakat)
	rule.OfGross = true
	zakat, err = rule.Zakat(mandate, row)
	require.NoError(t, err)
	require.Equal(t, rp(7_500), zakat)
	mandate.Rate = decimal.NewFromInt(1)
	zakat, err = rule.Zakat(mandate, row)
	require.NoError(t, err)
	require.Equal(t, rp(270_000), zakat, "never more than the member receives")
	mandate.Rate = decimal.NewFromInt(2)
	_, err = rule.Zakat(mandate, row)
	require.EqualError(t, err, `profitshare: mandate for account "A": 2: a rate of zakat is above 0 and at most 1`)
	_, err = profitshare.ZakatRules{profitshare.ZakatOnShares()}.On(ledger.On(2000, 1, 1))
	require.ErrorIs(t, err, profitshare.ErrZakat)
}

// Time savings paid on their anniversary wait for their own day of the next
// month; the 31st falls back to the last day of a shorter one.
func TestPaidOnAnniversaries(t *testing.T) {
	b := newRunBook(t)
	open := func(id string, opened ledger.Date) profitshare.EarningAccount {
		a := deposit12(id)
		a.PayTo = profitshare.Place{Account: "30101", Sub: id}
		a.Schedule, a.Opened = profitshare.OnAnniversary, opened
		b.book(opened.String(), "10102", "30204/"+id, 1_000_000)
		return a
	}
	list := earning{
		open("M1-D", ledger.On(2026, 1, 15)), open("M2-D", ledger.On(2026, 1, 31)), open("M3-D", ledger.On(2026, 3, 1)), account("M4-A"),
	}
	list[2].Closed = ledger.On(2026, 4, 1) // matured: waits no longer
	b.book("2026-01-15", "10102", "30101/M4-A", 1_000_000)
	b.book("2026-03-30", "10102", "50101", 400_000)
	desk := profitshare.NewDesk(b.Book, runPlan(), list)
	march, april := month(t, "2026-03"), month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: march})
	require.NoError(t, err)
	for _, day := range []struct {
		date ledger.Date
		paid int
		left []string
	}{
		{april.First(), 2, []string{"M1-D is due on 2026-04-15", "M2-D is due on 2026-04-30"}},
		{april.Day(14), 0, []string{"M1-D is due on 2026-04-15", "M2-D is due on 2026-04-30"}},
		{april.Day(15), 1, []string{"M2-D is due on 2026-04-30"}},
		{april.Day(30), 1, nil},
	} {
		paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: day.date.String(), Month: march, Date: day.date})
		require.NoError(t, err)
		require.Equal(t, day.paid, paid.Payment.Accounts, day.date)
		var left []string
		for _, d := range paid.Deferred {
			left = append(left, d.Account+" "+d.Reason)
		}
		require.Equal(t, day.left, left)
	}
	rows, err := desk.Rows(ctx, march)
	require.NoError(t, err)
	require.Equal(t, []ledger.Date{april.Day(15), april.Day(30), april.First(), april.First()},
		[]ledger.Date{rows[0].Paid, rows[1].Paid, rows[2].Paid, rows[3].Paid})
}
