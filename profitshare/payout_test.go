package profitshare_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// rowText is a row of the statement in rupiah.
func rowText(r profitshare.Row) string {
	return fmt.Sprintf("%s %s %s %s: %s - %s = %s", r.Month, r.Account, r.Member, r.Product,
		ledger.IDR.FormatLocal(r.Gross), ledger.IDR.FormatLocal(r.Tax.Add(r.CatchUp)), ledger.IDR.FormatLocal(r.Net))
}

func rowsOf(t testing.TB, desk *profitshare.Desk, m ledger.Month) []string {
	t.Helper()
	rows, err := desk.Rows(ctx, m)
	require.NoError(t, err)
	var list []string
	for _, r := range rows {
		list = append(list, rowText(r))
	}
	return list
}

// The threshold looks at all of a member's accounts: 240.000 is free, one
// rupiah more and each account is taxed whole, cut to whole rupiah.
func TestTaxCliff(t *testing.T) {
	for _, c := range []struct {
		name    string
		second  int64 // balance and share of the member's second account
		want    []string
		tax     int64
		savings int64
	}{
		{"240.000", 120_000, []string{
			"2026-04 M1-A M1 SIMUDA: 120.000 - 0 = 120.000",
			"2026-04 M1-B M1 SIJAKA12: 120.000 - 0 = 120.000",
			"2026-04 M2-A M2 SIMUDA: 239.999 - 0 = 239.999"}, 0, 360_000},
		{"240.001", 120_001, []string{
			"2026-04 M1-A M1 SIMUDA: 120.000 - 12.000 = 108.000",
			"2026-04 M1-B M1 SIJAKA12: 120.001 - 12.000 = 108.001",
			"2026-04 M2-A M2 SIMUDA: 239.999 - 0 = 239.999"}, 24_000, 336_001},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newRunBook(t)
			b.book("2026-03-31", "10102", "30101/M1-A", 120_000)
			b.book("2026-03-31", "10102", "30204/M1-B", c.second)
			b.book("2026-03-31", "10102", "30101/M2-A", 239_999)
			b.book("2026-04-30", "10102", "50101", 120_000+c.second+239_999)
			plan := runPlan()
			for i := range plan.Products {
				plan.Products[i].Nisbah = decimal.NewFromInt(1)
			}
			second := deposit12("M1-B")
			second.PayTo = profitshare.Place{Account: "30101", Sub: "M1-A"}
			desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), second, account("M2-A")})
			april := month(t, "2026-04")
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
			require.NoError(t, err)
			require.Equal(t, c.want, rowsOf(t, desk, april)) // owed, and already with its tax
			paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
			require.NoError(t, err)
			require.Equal(t, c.want, rowsOf(t, desk, april))
			require.Equal(t, rp(c.tax), paid.Payment.Tax)
			require.Equal(t, profitshare.Paid, paid.Run.Status)
			b.requireBalance("20401", "2026-05-01", -c.tax)
			b.requireBalance("30101/M1-A", "2026-05-01", -c.savings)
			b.requireBalance("20201", "2026-05-01", 0)
			for _, l := range paid.Posted.Lines {
				require.NotEmpty(t, l.Party.Member, "a withholding slip needs the member")
			}
		})
	}
}

// A second plan that pays for the same month brings the member over the
// threshold: the tax on the first payout is caught up on the second.
func TestTaxOverTwoPlans(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-03-31", "10102", "30204/M1-D", 1_000_000)
	b.book("2026-04-30", "10102", "50101", 400_000)
	b.book("2026-04-30", "10102", "50301", 100_000)
	general, deposits := runPlan(), runPlan()
	general.Income, general.Products = pooled("50101"), general.Products[:1]
	deposits.Name, deposits.Income, deposits.Products = "berjangka", pooled("50301"), deposits.Products[1:]
	april, first := month(t, "2026-04"), month(t, "2026-05").First()
	one := profitshare.NewDesk(b.Book, general, earning{account("M1-A")})
	two := profitshare.NewDesk(b.Book, deposits, earning{deposit12("M1-D")})
	for i, desk := range []*profitshare.Desk{one, two} {
		_, err := desk.Post(ctx, profitshare.Posting{Key: fmt.Sprint("P", i), Month: april})
		require.NoError(t, err)
	}
	_, err := one.PayOut(ctx, profitshare.Disbursement{Key: "B1", Month: april, Date: first})
	require.NoError(t, err)
	paid, err := two.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: first})
	require.NoError(t, err)
	// 200.000 + 60.000: 6.000 of this share, 20.000 of the one before.
	require.Equal(t, "PP 15/2009 art. 2, PMK 112/PMK.03/2010", paid.Payment.Rule.Source)
	require.Equal(t, []string{"2026-04 M1-A M1 SIMUDA: 200.000 - 0 = 200.000"}, rowsOf(t, one, april))
	require.Equal(t, []string{"2026-04 M1-D M1 SIJAKA12: 60.000 - 26.000 = 34.000"}, rowsOf(t, two, april))
	b.requireBalance("20401", "2026-05-01", -26_000)

	_, err = one.Reverse(ctx, profitshare.Reversal{Key: "R1", Month: april, Date: first, Reason: "salah"})
	require.EqualError(t, err, `profitshare: run "2026-04/umum": its pay-out counts in the tax of run "2026-04/berjangka"; reverse that pay-out first`)
	_, err = two.Reverse(ctx, profitshare.Reversal{Key: "R2", Month: april, Date: first, Reason: "salah"})
	require.NoError(t, err)
	_, err = one.Reverse(ctx, profitshare.Reversal{Key: "R3", Month: april, Date: first, Reason: "salah"})
	require.NoError(t, err)
	b.requireBalance("20401", "2026-05-01", 0)
}

// A party who is no member is outside the rule.
func TestTaxOfNonMembers(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-04-30", "10102", "50101", 1_000_000)
	a := account("M1-A")
	a.Party.Standing = ledger.Candidate
	desk := profitshare.NewDesk(b.Book, runPlan(), earning{a})
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.Equal(t, rp(0), paid.Payment.Tax)
	require.Equal(t, rp(500_000), paid.Payment.Net)
}

// A blocked account does not hold the others up: its share stays owed and is
// paid once the block is lifted, with the tax it always had.
func TestBlockedAccount(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	b.book("2026-04-16", "10102", "50101", 100_000)
	april, first := month(t, "2026-04"), month(t, "2026-05").First()
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	block := func(key string, to ledger.Block) {
		require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "30101", Sub: "M1-A", Block: to, Reason: "sengketa waris", By: "budi"})
		}))
	}
	block("K1", ledger.CreditBlock)
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B1", Month: april, Date: first})
	require.NoError(t, err)
	require.Equal(t, profitshare.Posted, paid.Run.Status)
	require.Equal(t, 1, paid.Payment.Accounts)
	require.Equal(t, 2, paid.Payment.Left)
	require.Equal(t, []profitshare.Deferred{
		{Account: "M1-A", Member: "M1", Gross: rp(120_000), PayTo: profitshare.Place{Account: "30101", Sub: "M1-A"}, Reason: "the receiving account has a credit block"},
		{Account: "M1-D", Member: "M1", Gross: rp(144_000), PayTo: profitshare.Place{Account: "30101", Sub: "M1-A"}, Reason: "the receiving account has a credit block"},
	}, paid.Deferred)
	require.Equal(t, rp(264_000), paid.Run.Owed())
	b.requireBalance("20201/M1-D", "2026-05-01", -144_000)

	// Nothing can be paid: said so, and the key is taken.
	none, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: first.Next()})
	require.NoError(t, err)
	require.Zero(t, none.Posted.Number)
	require.Equal(t, 2, none.Payment.Left)

	block("K2", ledger.NoBlock)
	rest, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B3", Month: april, Date: first.Next()})
	require.NoError(t, err)
	require.Equal(t, profitshare.Paid, rest.Run.Status)
	require.Equal(t, rp(26_400), rest.Payment.Tax)
	b.requireBalance("20201", "2026-05-02", 0)
	rows, err := desk.Rows(ctx, april)
	require.NoError(t, err)
	require.Equal(t, []ledger.Date{first.Next(), first.Next(), first}, []ledger.Date{rows[0].Paid, rows[1].Paid, rows[2].Paid})
	repeat, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B1", Month: april, Date: first})
	require.NoError(t, err)
	requireSamePayment(t, paid.Payment, repeat.Payment)
}

func TestMissingReceiver(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-04-30", "10102", "50101", 1_000)
	a := account("M1-A")
	a.PayTo = profitshare.Place{}
	april := month(t, "2026-04")
	_, err := profitshare.NewDesk(b.Book, runPlan(), earning{a}).Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	paid, err := profitshare.NewDesk(b.Book, runPlan(), earning{a}).PayOut(ctx, profitshare.Disbursement{Key: "B1", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.Equal(t, "has no receiving account", paid.Deferred[0].Reason)
	a.PayTo = profitshare.Place{Account: "10102"} // in cash
	paid, err = profitshare.NewDesk(b.Book, runPlan(), earning{a}).PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.Equal(t, rp(500), paid.Payment.Net)
}

// A back-dated deposit after the preview counts; one after the posting shows in
// Verify and leaves what was posted, paid and printed as it was, until the run
// is reversed and posted anew.
func TestBackDatedDeposit(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april, first := month(t, "2026-04"), month(t, "2026-05").First()
	preview, err := desk.Preview(ctx, april)
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 100.000", "M1-D 120.000", "M2-A 50.000"}, gross(preview))
	b.book("2026-03-31", "10102", "30101/M2-A", 5_000_000)
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 50.000", "M1-D 60.000", "M2-A 150.000"}, gross(r))
	printed := rowsOf(t, desk, april)
	before, err := desk.Rows(ctx, april)
	require.NoError(t, err)
	require.Equal(t, rp(6_000_000).Over(30), before[2].Days)

	b.book("2026-04-16", "30101/M2-A", "10102", 6_000_000) // half the month
	after, err := desk.Rows(ctx, april)
	require.NoError(t, err)
	require.Equal(t, before, after)
	v, err := desk.Verify(ctx, april)
	require.NoError(t, err)
	require.False(t, v.Agrees())
	// 60, 60 and 90 of 210 million balance-days.
	require.Equal(t, []profitshare.Difference{
		{Account: "M1-A", Posted: rp(50_000), Now: rp(71_429)},
		{Account: "M1-D", Posted: rp(60_000), Now: rp(85_715)},
		{Account: "M2-A", Posted: rp(150_000), Now: rp(107_143)},
	}, v.Differences)

	reverse := profitshare.Reversal{Key: "R1", Month: april, Date: april.Last(), Reason: "penarikan mundur"}
	undone, err := desk.Reverse(ctx, reverse)
	require.NoError(t, err)
	require.Equal(t, r.Posted.Number, undone.Posted.Reverses)
	require.Equal(t, profitshare.Reversed, undone.Run.Status)
	again, err := desk.Reverse(ctx, reverse)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, undone.Posted.Digest, again.Posted.Digest)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B0", Month: april, Date: first})
	require.ErrorIs(t, err, profitshare.ErrRun)
	_, err = desk.Rows(ctx, april)
	require.ErrorIs(t, err, profitshare.ErrRun)
	b.requireBalance("50901", "2026-04-30", 0)
	b.requireBalance("20201", "2026-04-30", 0)

	r, err = desk.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.NoError(t, err)
	require.Equal(t, 3, r.Run.Version)
	require.NotEqual(t, printed, rowsOf(t, desk, april))
	v, err = desk.Verify(ctx, april)
	require.NoError(t, err)
	require.True(t, v.Agrees())
	repeat, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	require.Equal(t, 1, repeat.Run.Version, "the first posting's key still answers with the first result")
}

// A pay-out is undone before its posting, and only where the money is still there.
func TestReversalOfPayOut(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april, first := month(t, "2026-04"), month(t, "2026-05").First()
	require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "F", Account: "30101", Sub: "M2-A", Floor: ledger.HardFloor(rp(0)), Reason: "simpanan", By: "budi"})
	}))
	posted, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: first})
	require.NoError(t, err)
	drawn := b.book("2026-05-01", "30101/M2-A", "10102", 1_050_000)
	reversal := profitshare.Reversal{Key: "R1", Month: april, Date: first, Reason: "salah hitung"}
	_, err = desk.Reverse(ctx, reversal)
	require.ErrorIs(t, err, ledger.ErrFloor)
	_, err = b.Reverse(ctx, ledger.Reversal{Key: "X", Entry: posted.Posted.Number, Date: first, Reason: "langsung"})
	require.ErrorIs(t, err, ledger.ErrReversal, "only the run reverses its entries")
	_, err = b.Reverse(ctx, ledger.Reversal{Key: "Y", Entry: drawn.Number, Date: first, Reason: "dikembalikan"})
	require.NoError(t, err)

	undone, err := desk.Reverse(ctx, reversal)
	require.NoError(t, err)
	require.Equal(t, paid.Posted.Number, undone.Posted.Reverses)
	require.Equal(t, profitshare.Posted, undone.Run.Status)
	require.Equal(t, rp(270_000), undone.Run.Owed())
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: first})
	require.NoError(t, err)
	for n, reason := range []string{"sekali lagi", "semua"} {
		_, err = desk.Reverse(ctx, profitshare.Reversal{Key: fmt.Sprint("R9", n), Month: april, Date: first, Reason: reason})
		require.NoError(t, err)
	}
	_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R5", Month: april, Date: first, Reason: "apa lagi"})
	require.EqualError(t, err, `profitshare: run "2026-04/umum": has no event that stands to be reversed`)
	b.requireBalance("30101/M1-A", "2026-05-01", -2_000_000)
}

func TestReversalNeeds(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	_, err := desk.Reverse(ctx, profitshare.Reversal{Key: "R", Month: april, Date: april.Last(), Reason: "tanpa"})
	require.ErrorIs(t, err, profitshare.ErrRun)
	_, err = desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R", Month: april, Date: april.Last()})
	require.ErrorContains(t, err, "a reversal needs a reason")
	_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R", Month: april, Reason: "tanpa hari"})
	require.ErrorContains(t, err, "day of the reversal")
	_, err = desk.Reverse(ctx, profitshare.Reversal{Month: april, Date: april.Last(), Reason: "tanpa kunci"})
	require.ErrorIs(t, err, ledger.ErrKey)
}
