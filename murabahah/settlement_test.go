package murabahah_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// published is the sale of Rp 180 million over twelve months at one percent a
// month (MRB-009, MRB-010, MRB-D01), by either method.
func published(method murabahah.Method) murabahah.Terms {
	terms := sale(ledger.IDR.Of(180_000_000), ledger.IDR.Of(11_913_384), none, plan(12, rupiah, ledger.RoundHalfUp), method, rupiah)
	if method == murabahah.AnnuityAtRate {
		terms.Recognition.Rate = decimal.New(1, -2)
	}
	return terms
}

// Paid month by month, margin becomes income as the published table has it, to
// the rupiah; settled after the sixth, each method leaves its own debt.
func TestPublishedTwelveMonths(t *testing.T) {
	rp := ledger.IDR.Of
	annuity := []int64{1_800_000, 1_658_072, 1_514_725, 1_369_945, 1_223_716, 1_076_025, 926_858, 776_199, 624_033, 470_345, 315_121, 158_345}
	for method, test := range map[murabahah.Method]struct {
		margin      func(month int) int64
		rebate, pay int64
	}{
		murabahah.AnnuityAtRate: {func(month int) int64 { return annuity[month] }, 3_270_901, 92_685_791},
		murabahah.Proportional:  {func(int) int64 { return 992_782 }, 5_956_692, 90_000_000},
	} {
		b := newBook(t).order(published(method)).acquire().sell()
		for month := range 12 {
			if month == 6 {
				q, err := b.contract.Quote(ledger.On(2026, 6, 30))
				require.NoError(t, err)
				require.Equal(t, []ledger.Money{rp(test.rebate), rp(test.pay)}, []ledger.Money{q.Rebate, q.Pays}, method)
			}
			before := b.contract.Position.Recognised
			b.pay(rp(15_992_782))
			require.Equal(t, rp(test.margin(month)), b.contract.Position.Recognised.Sub(before), "%s, month %d", method, month+1)
		}
		requireEnd(t, b)
	}
}

// What an early settlement costs under each rule, each count of time, before
// the rebate or after it, with its working.
func TestQuotesUnderEachPolicy(t *testing.T) {
	rp, akad := ledger.IDR.Of, ledger.On(2021, 1, 5) // of a time in which each was allowed
	for _, test := range []struct {
		name    string
		terms   murabahah.SettlementTerms
		on      ledger.Date
		rebate  ledger.Money // chosen
		owed    int64        // margin
		working []string
	}{
		{"whole instalments", murabahah.SettlementTerms{}, ledger.On(2021, 3, 15), none, 2_000_000, []string{
			"Sisa harga jual 112000000", "Margin yang sudah diakui 0", "Margin angsuran yang sudah jatuh tempo 2000000",
			"Margin yang menjadi hak koperasi 2000000", "Potongan pelunasan (muqasah) 10000000", "Jumlah yang dibayar anggota 102000000"}},
		{"days", murabahah.SettlementTerms{Elapsed: murabahah.ByDays}, ledger.On(2021, 3, 14), none, 2_451_613, []string{ // 14 of the 31 days of March
			"Sisa harga jual 112000000", "Margin yang sudah diakui 0", "Margin angsuran yang sudah jatuh tempo 2000000", "Margin masa angsuran berjalan 451613",
			"Margin yang menjadi hak koperasi 2451613", "Potongan pelunasan (muqasah) 9548387", "Jumlah yang dibayar anggota 102451613"}},
		{"completed months of a month", murabahah.SettlementTerms{Elapsed: murabahah.ByMonths}, ledger.On(2021, 3, 15), none, 2_000_000, nil},
		{"days of the first, from the akad", murabahah.SettlementTerms{Elapsed: murabahah.ByDays}, ledger.On(2021, 1, 18), none, 500_000, nil}, // 13 of 26
		{"at the discretion of the cooperative, half", murabahah.SettlementTerms{Rule: murabahah.RebateDiscretionary}, ledger.On(2021, 3, 15), rp(5_000_000), 2_000_000, []string{
			"Sisa harga jual 112000000", "Margin yang sudah diakui 0", "Margin angsuran yang sudah jatuh tempo 2000000", "Margin yang menjadi hak koperasi 2000000",
			"Margin yang dapat dipotong 10000000", "Potongan pelunasan (muqasah) 5000000", "Jumlah yang dibayar anggota 107000000"}},
		{"at its discretion, nothing", murabahah.SettlementTerms{Rule: murabahah.RebateDiscretionary}, ledger.On(2021, 3, 15), none, 2_000_000, nil},
		{"after the settlement", murabahah.SettlementTerms{After: true}, ledger.On(2021, 3, 15), none, 2_000_000, []string{
			"Sisa harga jual 112000000", "Margin yang sudah diakui 0", "Margin angsuran yang sudah jatuh tempo 2000000", "Margin yang menjadi hak koperasi 2000000",
			"Potongan pelunasan (muqasah) 10000000", "Dibayar anggota lebih dahulu 112000000", "Dikembalikan setelah pelunasan 10000000"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			terms := sale(rp(100_000_000), rp(12_000_000), none, plan(12, sen, ledger.RoundHalfUp), murabahah.Proportional, rupiah)
			terms.Settlement = test.terms
			terms.Plan.FirstDue = ledger.On(2021, 1, 31)
			b := paidDown(t, terms, akad)
			b.do(b.contract.Sell(murabahah.Sale{Date: akad}))
			spent := b.balances[cash.Account]
			q, err := b.contract.QuoteWith(test.on, test.rebate)
			require.NoError(t, err)
			require.Equal(t, rp(test.owed), q.Owed)
			require.Equal(t, terms.Margin, q.Owed.Add(q.Waivable))
			if test.working != nil {
				var lines []string
				for _, line := range q.Working() {
					require.NotEmpty(t, line.NameEn)
					lines = append(lines, line.Name+" "+ledger.IDR.Format(line.Amount)[:len(ledger.IDR.Format(line.Amount))-3])
				}
				require.Equal(t, test.working, lines)
			}
			b.do(b.contract.Settle(murabahah.Settlement{Date: test.on, Rebate: test.rebate, Place: cash}))
			if test.terms.After {
				require.Equal(t, q.Rebate, b.contract.Position.RebateDue)
				b.does(murabahah.RebatePayment{Act: act(b.contract), Place: cash})
			}
			require.Equal(t, q.Rebate, b.contract.Position.Rebate)
			require.Equal(t, q.Pays, b.balances[cash.Account].Sub(spent), "what the member pays in the end")
			requireEnd(t, b)
		})
	}
}

// Margin that became income all at once says nothing about time: what is not
// elapsed is waived out of the income.
func TestRebateOfMarginTakenAtDelivery(t *testing.T) {
	b := newBook(t).order(motor(murabahah.AtDelivery)).acquire().sell()
	require.Equal(t, b.contract.Terms.Margin, b.contract.Position.Recognised)
	same, err := inState(t, murabahah.Sold).contract.Quote(ledger.On(2026, 3, 1))
	require.NoError(t, err)
	q, err := b.contract.Quote(ledger.On(2026, 3, 1))
	require.NoError(t, err)
	require.Equal(t, same.Rebate, q.Rebate)
	require.Negative(t, q.Income.Sign())
	b.do(b.contract.Settle(murabahah.Settlement{Date: ledger.On(2026, 3, 1), Place: cash}))
	requireEnd(t, b)
	late := newBook(t).order(motor(murabahah.AfterCollected)).acquire().sell().pay(ledger.IDR.Of(20_000_000))
	require.Zero(t, late.contract.Position.Recognised)
	late.pay(ledger.IDR.Of(800_000))
	requireEnd(t, late)
}

// MRB-017 and its like: half of what is left, of an akad of its time.
func TestRebateRefused(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.Settlement.Rule = murabahah.RebateDiscretionary
	akad := murabahah.MandatoryFrom().Prev()
	b := paidDown(t, terms, akad)
	b.do(b.contract.Sell(murabahah.Sale{Date: akad}))
	for _, rebate := range []ledger.Money{ledger.IDR.Of(-1), terms.Margin.Add(rupiah)} {
		_, err := b.contract.QuoteWith(start, rebate)
		require.ErrorIs(t, err, murabahah.ErrRebate)
		require.ErrorContains(t, err, "(DSN-MUI 23/2002)")
	}
}

// Seasonal plans, plans of one instalment and by hand go by days; a judgment of
// management goes before everything.
func TestClassOf(t *testing.T) {
	policy := murabahah.DefaultCollectibility(start)
	bullet := motor(murabahah.Proportional)
	bullet.Plan.Instalments = 1
	b := newBook(t).order(bullet).acquire().sell()
	for days, want := range map[int]murabahah.Class{0: "L", 90: "L", 91: "KL", 180: "KL", 181: "D", 270: "D", 271: "M"} {
		class, arrears, err := policy.ClassOf(b.contract, ledger.On(2026, 1, 31).AddDays(days))
		require.NoError(t, err)
		require.Equal(t, want, class, "%d days", days)
		require.Equal(t, days, arrears.Days)
	}
	b.do(b.contract.Decide(murabahah.Judge{Act: act(b.contract), Class: murabahah.Loss}))
	class, _, err := policy.ClassOf(b.contract, start)
	require.NoError(t, err)
	require.Equal(t, murabahah.Loss, class)
	require.Equal(t, "Budi", b.contract.Course.Judgment.By)
	b.do(b.contract.Decide(murabahah.Judge{Act: act(b.contract)}))
	class, _, err = policy.ClassOf(b.contract, start)
	require.NoError(t, err)
	require.Equal(t, murabahah.Current, class, "taken back")
	_, err = b.contract.Decide(murabahah.Judge{Act: act(b.contract), Class: "X"})
	require.ErrorIs(t, err, murabahah.ErrCommand)
}
