package profitshare_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

var ctx = context.Background()

// earning is a list of accounts that stands in for a package of savings.
type earning []profitshare.EarningAccount

func (e earning) Earning(*ledger.Tx, ledger.Date, ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for _, a := range e {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// account is a SIMUDA account that is paid its own share: "M1-A" is member M1's.
func account(id string) profitshare.EarningAccount {
	return profitshare.EarningAccount{
		Account: id, Product: "SIMUDA", Party: ledger.Party{Member: id[:2], Standing: ledger.Member},
		PayTo: profitshare.Place{Account: "30101", Sub: id},
	}
}

func deposit12(id string) profitshare.EarningAccount {
	a := account(id)
	a.Product, a.PayTo.Account = "SIJAKA12", "30204"
	return a
}

func runChart() ledger.Chart {
	plain := func(code string, kind ledger.Kind) ledger.Account {
		return ledger.Account{Code: code, Name: "Rekening " + code, Kind: kind, Normal: kind.Side()}
	}
	control := func(code string, kind ledger.Kind) ledger.Account {
		a := plain(code, kind)
		a.Control = true
		return a
	}
	contra := func(code string) ledger.Account {
		a := plain(code, ledger.Income)
		a.Normal = ledger.DebitSide
		return a
	}
	return ledger.Chart{
		plain("10102", ledger.Asset), control("11101", ledger.Asset), plain("11102", ledger.Asset), control("11103", ledger.Asset), plain("50201", ledger.Income), plain("60102", ledger.Expense),
		control("20101", ledger.Liability), plain("20102", ledger.Liability), plain("20103", ledger.Liability), control("20202", ledger.Liability), control("20201", ledger.Liability), plain("20401", ledger.Liability), plain("20901", ledger.Liability),
		control("30101", ledger.Syirkah), control("30204", ledger.Syirkah), control("30103", ledger.Syirkah), plain("40101", ledger.Equity),
		plain("50101", ledger.Income), plain("50301", ledger.Income), contra("50901"), contra("50902"), contra("50903"),
		plain("60101", ledger.Expense), plain("80101", ledger.Zakat), plain("90205", ledger.Benevolent),
		{Code: "5", Name: "Pendapatan", Kind: ledger.Income, Normal: ledger.CreditSide, Header: true},
	}
}

func runPlan() profitshare.Plan {
	return profitshare.Plan{
		Name: "umum", Income: pooled("50101", "50301"),
		Products: []profitshare.Product{
			{Code: "SIMUDA", Control: "30101", ShareAccount: "50901", Nisbah: decimal.RequireFromString("0.5")},
			{Code: "SIJAKA12", Control: "30204", ShareAccount: "50902", Nisbah: decimal.RequireFromString("0.6")},
		},
		Payable: "20201", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rp(1)},
	}
}

// pooled is income of financing accounts; 50301 is placements'.
func pooled(codes ...string) []profitshare.IncomeSource {
	var list []profitshare.IncomeSource
	for _, code := range codes {
		nature := profitshare.FinancingIncome
		if code == "50301" {
			nature = profitshare.PlacementIncome
		}
		list = append(list, profitshare.IncomeSource{Account: code, Nature: nature})
	}
	return list
}

func rp(n int64) ledger.Money { return ledger.IDR.Of(n) }

// runBook is a book with helpers for short tests. It ends with Check finding nothing.
type runBook struct {
	*ledger.Book
	t    testing.TB
	keys int
}

func newRunBook(t testing.TB) *runBook {
	t.Helper()
	b := newUncheckedBook(t)
	t.Cleanup(func() { require.Empty(t, b.findings()) })
	return b
}

// newUncheckedBook is for tests that plant faults.
func newUncheckedBook(t testing.TB) *runBook {
	t.Helper()
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: runChart(), Clock: clock})
	require.NoError(t, err)
	return &runBook{Book: book, t: t}
}

func (b *runBook) findings() []string {
	var list []string
	for finding, err := range b.Check(ctx, profitshare.Checks()...) {
		require.NoError(b.t, err)
		list = append(list, finding.String())
	}
	return list
}

// book posts two lines of an amount in rupiah; a sub follows its account after a slash.
func (b *runBook) book(date, debit, credit string, amount int64) ledger.Posted {
	b.t.Helper()
	day, err := ledger.ParseDate(date)
	require.NoError(b.t, err)
	b.keys++
	posted, err := b.Post(ctx, ledger.Entry{Key: fmt.Sprintf("JU-%d", b.keys), Date: day, Memo: "Jurnal", Lines: []ledger.Line{
		at(ledger.Debit("", rp(amount)), debit), at(ledger.Credit("", rp(amount)), credit)}})
	require.NoError(b.t, err)
	return posted
}

func at(l ledger.Line, place string) ledger.Line {
	l.Account = place[:5]
	if len(place) > 6 {
		l.Sub = place[6:]
	}
	return l
}

func (b *runBook) requireBalance(place, date string, want int64) {
	b.t.Helper()
	day, err := ledger.ParseDate(date)
	require.NoError(b.t, err)
	l := at(ledger.Line{}, place)
	require.NoError(b.t, b.View(ctx, func(tx *ledger.Tx) error {
		got, err := tx.Balance(l.Account, l.Sub, ledger.EndOf(day))
		require.NoError(b.t, err)
		require.Equal(b.t, rp(want), got, "%s on %s", place, date)
		return nil
	}))
}

func month(t testing.TB, text string) ledger.Month {
	t.Helper()
	m, err := ledger.ParseMonth(text)
	require.NoError(t, err)
	return m
}

// gross lists "account gross" of a result's payouts, in rupiah.
func gross(r profitshare.Result) []string {
	var list []string
	for p := range r.Shares.Payouts() {
		list = append(list, fmt.Sprintf("%s %s", p.Account, ledger.IDR.FormatLocal(p.Gross)))
	}
	return list
}

func slice(from, through, nisbah string) profitshare.Slice {
	first, err := ledger.ParseDate(from)
	if err != nil {
		panic(err)
	}
	last, err := ledger.ParseDate(through)
	if err != nil {
		panic(err)
	}
	return profitshare.Slice{From: first, Through: last, Nisbah: decimal.RequireFromString(nisbah)}
}

func TestMonthsByHand(t *testing.T) {
	sliced := func(id string, slices ...profitshare.Slice) profitshare.EarningAccount {
		a := account(id)
		a.Slices = slices
		return a
	}
	for _, c := range []struct {
		name     string
		month    string
		accounts earning
		post     func(b *runBook)
		want     []string // account and gross
		manager  int64
	}{
		{
			// Leap February: 29 days x 1.000.000 and one day x 2.900.000 stand as
			// 10 : 1; half of 290.000 is 131.818,18 and 13.181,81.
			name: "opened on the 29th of February", month: "2024-02",
			accounts: earning{account("M1-A"), account("M2-A")},
			post: func(b *runBook) {
				b.book("2024-01-20", "10102", "30101/M1-A", 1_000_000)
				b.book("2024-02-10", "10102", "50101", 290_000)
				b.book("2024-02-29", "10102", "30101/M2-A", 2_900_000)
			},
			want: []string{"M1-A 131.819", "M2-A 13.182"}, manager: 144_999,
		},
		{
			// 10 days at 40%, 20 days at 60%: 300.000 x 16/30.
			name: "nisbah changes in mid-month", month: "2026-04",
			accounts: earning{sliced("M1-A", slice("2026-04-01", "2026-04-10", "0.4"), slice("2026-04-11", "2026-04-30", "0.6"))},
			post: func(b *runBook) {
				b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
				b.book("2026-04-30", "10102", "50101", 300_000)
			},
			want: []string{"M1-A 160.000"}, manager: 140_000,
		},
		{
			// A: 29 x 1.000.000 + 1.300.000 = 30.300.000; B: 29.700.000 in one day:
			// 60.000.000 balance-days, half of 600.000 is 151.500 and 148.500.
			name: "money in and out on the last day", month: "2026-04",
			accounts: earning{account("M2-B"), account("M1-A")},
			post: func(b *runBook) {
				b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
				b.book("2026-04-02", "10102", "50101", 600_000)
				b.book("2026-04-30", "10102", "30101/M1-A", 500_000)
				b.book("2026-04-30", "30101/M1-A", "10102", 200_000)
				b.book("2026-04-30", "10102", "30101/M2-B", 29_700_000)
			},
			want: []string{"M1-A 151.500", "M2-B 148.500"}, manager: 300_000,
		},
		{
			// Closed on the 11th: ten days count. Withdrawn to nothing before the
			// month: no part. Income of two accounts, one with a correction.
			name: "two products, a closed account, an empty one", month: "2026-04",
			accounts: earning{account("M1-A"), account("M3-C"), deposit12("M2-B")},
			post: func(b *runBook) {
				b.book("2026-03-31", "10102", "30101/M1-A", 3_000_000)
				b.book("2026-04-11", "30101/M1-A", "10102", 3_000_000)
				b.book("2026-03-30", "10102", "30101/M3-C", 9_000_000)
				b.book("2026-03-31", "30101/M3-C", "10102", 9_000_000)
				b.book("2026-03-31", "10102", "30204/M2-B", 1_000_000)
				b.book("2026-03-31", "10102", "50101", 77_777) // another month's
				b.book("2026-04-05", "10102", "50101", 100_000)
				b.book("2026-04-05", "50101", "10102", 10_000)
				b.book("2026-04-30", "10102", "50301", 30_000)
			},
			want: []string{"M1-A 30.000", "M2-B 36.000"}, manager: 54_000,
		},
		{
			name: "nisbah from the day the product had terms", month: "2026-04",
			accounts: earning{sliced("M1-A", slice("2026-04-16", "2026-04-30", "1"))},
			post: func(b *runBook) {
				b.book("2026-04-16", "10102", "30101/M1-A", 1_000_000)
				b.book("2026-04-30", "10102", "50101", 500_000)
			},
			want: []string{"M1-A 500.000"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newRunBook(t)
			c.post(b)
			m := month(t, c.month)
			desk := profitshare.NewDesk(b.Book, runPlan(), c.accounts)
			preview, err := desk.Preview(ctx, m)
			require.NoError(t, err)
			require.Equal(t, c.want, gross(preview))
			require.Equal(t, rp(c.manager), preview.Figures.Manager)
			posted, err := desk.Post(ctx, profitshare.Posting{Key: "mizan/share", Month: m})
			require.NoError(t, err)
			require.Equal(t, c.want, gross(posted))
			require.Equal(t, m.Last(), posted.Posted.Date)
			require.Equal(t, preview.Figures.Members, posted.Figures.Members)
			var owed []string
			for _, l := range posted.Posted.Lines {
				if l.Account == "20201" {
					owed = append(owed, l.Sub+" "+ledger.IDR.FormatLocal(l.Amount.Neg()))
					require.Equal(t, l.Sub[:2], l.Party.Member)
				}
			}
			require.Equal(t, c.want, owed)
			verified, err := desk.Verify(ctx, m)
			require.NoError(t, err)
			require.True(t, verified.Agrees())
		})
	}
}

// Every product's share account is debited with its own total.
func TestPostingLines(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: month(t, "2026-04"), Maker: "ani", Approver: "budi"})
	require.NoError(t, err)
	var lines []string
	for _, l := range r.Posted.Lines {
		lines = append(lines, fmt.Sprintf("%s %s %s", l.Account, l.Sub, ledger.IDR.FormatLocal(l.Amount)))
	}
	require.Equal(t, []string{"50901  150.000", "50902  120.000", "20201 M1-A -100.000", "20201 M1-D -120.000", "20201 M2-A -50.000"}, lines)
	require.Equal(t, "profitshare.run/2026-04/umum#1 post", r.Posted.Source.String())
	require.Equal(t, "Bagi hasil 2026-04", r.Posted.Memo)
	require.Equal(t, "budi", r.Posted.Approver)
	require.Equal(t, profitshare.Posted, r.Run.Status)
	require.Equal(t, 3, r.Run.Accounts)
}

// monthOfApril is a book in which April 2026 is due: members' 5.000.000 at rest
// the whole month and 500.000 of income.
func monthOfApril(b *runBook) *profitshare.Desk {
	b.book("2026-03-31", "10102", "30101/M1-A", 2_000_000)
	b.book("2026-03-31", "10102", "30101/M2-A", 1_000_000)
	b.book("2026-03-31", "10102", "30204/M1-D", 2_000_000)
	b.book("2026-04-15", "10102", "50101", 500_000)
	m1d := deposit12("M1-D")
	m1d.PayTo = profitshare.Place{Account: "30101", Sub: "M1-A"} // a deposit pays into the savings account
	return profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A"), m1d, account("M2-A")})
}

func TestKeys(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	first, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	b.book("2026-04-20", "10102", "50101", 100_000) // back-dated: the repeat still answers with the first result
	again, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, first.Posted.Digest, again.Posted.Digest)
	require.Equal(t, first.Figures.Members, again.Figures.Members)
	require.Equal(t, first.Run.Version, again.Run.Version)

	_, err = desk.Post(ctx, profitshare.Posting{Key: "P", Month: april.Next()})
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	_, err = desk.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.ErrorIs(t, err, profitshare.ErrRun)
	require.EqualError(t, err, `profitshare: run "2026-04/umum": is posted already; reverse it to run the month again`)

	pay := profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()}
	paid, err := desk.PayOut(ctx, pay)
	require.NoError(t, err)
	repeat, err := desk.PayOut(ctx, pay)
	require.NoError(t, err)
	require.True(t, repeat.Repeat)
	require.Equal(t, paid.Posted.Digest, repeat.Posted.Digest)
	requireSamePayment(t, paid.Payment, repeat.Payment)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().Last()})
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: april.Next().First()})
	require.ErrorIs(t, err, profitshare.ErrRun)
	// Gross 220.000 and 50.000 lie below the threshold.
	b.requireBalance("30101/M1-A", "2026-05-01", -2_220_000)
	b.requireBalance("30101/M2-A", "2026-05-01", -1_050_000)
	b.requireBalance("20201", "2026-05-01", 0)
}

func TestPayOutDates(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	pay := func(day ledger.Date) error {
		_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: day})
		return err
	}
	require.EqualError(t, pay(april.Next().First()), `profitshare: run "2026-04/umum": there is none to pay out`)
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	require.ErrorContains(t, pay(april.Last()), "a share paid within its own month would earn in it")
	require.ErrorContains(t, pay(ledger.Date{}), "day of the pay-out")
	require.ErrorIs(t, pay(ledger.On(1950, 1, 1)), profitshare.ErrRun)
	require.NoError(t, pay(april.Next().First()))
}

// requireSamePayment compares all but the writing of the rule's decimals.
func requireSamePayment(t testing.TB, want, got profitshare.Payment) {
	t.Helper()
	require.True(t, want.Rule.Rate.Equal(got.Rule.Rate))
	require.Equal(t, want.Rule.Source, got.Rule.Source)
	want.Rule, got.Rule = nil, nil
	require.Equal(t, want, got)
}
