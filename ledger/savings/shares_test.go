package savings_test

import (
	"iter"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// earners hands the terms of savings accounts to profitshare, as a host does.
type earners struct{}

func (earners) Earning(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for e, err := range savings.Earnings(tx, from, through) {
			a := profitshare.EarningAccount{Account: e.Account, Product: e.Product, Party: e.Party, PayTo: ledger.Place{Account: e.PayControl, Sub: e.PayTo}}
			for _, s := range e.Slices {
				a.Slices = append(a.Slices, profitshare.Slice{From: s.From, Through: s.Through, Nisbah: s.Nisbah})
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// inFebruary is a day of February 2028, a leap year.
func inFebruary(n int) ledger.Date { return ledger.On(2028, time.February, n) }

// february sets a month up in which accounts come and go: opened on the 29th,
// closed in mid-month, transferred to on the last day, with a product's nisbah
// that changes in mid-month and an account's own on another day.
func february(t *testing.T) (*ledger.Book, *savings.Desk) {
	book, desk := newFullDesk(t)
	open := func(account, member string, on ledger.Date, amount int64) {
		_, err := desk.Open(ctx, savings.Opening{Key: "O/" + account, Date: on, Account: account, Member: member, Product: "SIMUDA"})
		require.NoError(t, err)
		paysIn(t, desk, "D/"+account, account, on, amount)
	}
	before := ledger.On(2028, time.January, 20)
	open("CLOSED", "M1", before, 9_000_000)
	open("GIVES", "M1", before, 5_000_000)
	open("TAKES", "M2", before, 1_000_001)
	open("OWN", "M3", before, 3_333_333)
	open("LEAP", "M2", inFebruary(29), 700_000)
	_, err := desk.Close(ctx, savings.Closing{Key: "C", Date: inFebruary(12), Account: "CLOSED", Counter: teller, PayTo: "GIVES", Waived: true})
	require.NoError(t, err)
	_, err = desk.Transfer(ctx, savings.Transfer{Key: "X", Date: inFebruary(29), From: "GIVES", To: "TAKES", Amount: rupiah(4_000_000)})
	require.NoError(t, err)
	terms := standardProducts()[7].Terms
	terms.From, terms.Nisbah = inFebruary(15), ratio("0.45")
	_, err = desk.ChangeProduct(ctx, savings.ProductChange{Key: "N", Code: "SIMUDA", Terms: terms})
	require.NoError(t, err)
	_, err = desk.Agree(ctx, savings.Agreement{Key: "NA", Account: "OWN", Nisbah: savings.DatedRatio{From: inFebruary(10), Ratio: ratio("0.61")}, Document: "adendum"})
	require.NoError(t, err)
	_, err = book.Post(ctx, ledger.Entry{Key: "margin", Date: inFebruary(20), Lines: []ledger.Line{debit("10102", 2_000_000), credit("50101", 2_000_000)}})
	require.NoError(t, err)
	return book, desk
}

func monthlyShare(book *ledger.Book) *profitshare.Desk {
	return profitshare.NewDesk(book, profitshare.Plan{
		Name: "umum", Income: []profitshare.IncomeSource{{Account: "50101", Nature: profitshare.FinancingIncome}},
		Products: []profitshare.Product{{Code: "SIMUDA", Control: "30101", ShareAccount: "50901", Nisbah: ratio("0.40")}},
		Payable:  "20201", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rupiah(1)},
	}, earners{})
}

// Shares are what a hand reckons day by day.
func TestSharesDayByDay(t *testing.T) {
	book, _ := february(t)
	// What stood on each account at the end of each day, and its nisbah, by hand.
	balance := map[string]func(d int) int64{
		"CLOSED": func(d int) int64 { return map[bool]int64{true: 9_000_000}[d < 12] },
		"GIVES":  func(d int) int64 { return map[bool]int64{true: 5_000_000, false: 1_000_000}[d < 29] },
		"TAKES":  func(d int) int64 { return map[bool]int64{true: 1_000_001, false: 5_000_001}[d < 29] },
		"OWN":    func(int) int64 { return 3_333_333 },
		"LEAP":   func(d int) int64 { return map[bool]int64{true: 700_000}[d == 29] },
	}
	nisbah := func(account string, d int) *big.Rat {
		switch {
		case account == "OWN" && d >= 10:
			return big.NewRat(61, 100)
		case d >= 15:
			return big.NewRat(45, 100)
		}
		return big.NewRat(40, 100)
	}
	total := int64(0)
	for _, of := range balance {
		for d := 1; d <= 29; d++ {
			total += of(d)
		}
	}
	want := make(map[string]ledger.Money)
	for account, of := range balance {
		sum := new(big.Rat)
		for d := 1; d <= 29; d++ {
			day := new(big.Rat).Mul(big.NewRat(of(d), total), nisbah(account, d))
			sum.Add(sum, day.Mul(day, big.NewRat(2_000_000*100, 1)))
		}
		share, err := ledger.Round(sum, rupiah(1), ledger.RoundUp)
		require.NoError(t, err)
		want[account] = share
	}
	share := monthlyShare(book)
	_, err := share.Post(ctx, profitshare.Posting{Key: "share", Month: inFebruary(1).Month()})
	require.NoError(t, err)
	require.Equal(t, want, grossOf(t, share))
}

// grossOf returns the posted shares of February by account.
func grossOf(t *testing.T, share *profitshare.Desk) map[string]ledger.Money {
	t.Helper()
	rows, err := share.Rows(ctx, inFebruary(1).Month())
	require.NoError(t, err)
	gross := make(map[string]ledger.Money)
	for _, row := range rows {
		gross[row.Account] = row.Gross
	}
	return gross
}

// S20, through profitshare: the share is credited less the tax that is
// withheld, where the terms of the desk send it.
func TestS20ShareCreditedTaxWithheld(t *testing.T) {
	book, desk := february(t)
	share := monthlyShare(book)
	_, err := share.Post(ctx, profitshare.Posting{Key: "share", Month: inFebruary(1).Month()})
	require.NoError(t, err)
	gross := grossOf(t, share)
	held, err := desk.Balance(ctx, "GIVES", inFebruary(29))
	require.NoError(t, err)
	_, err = share.PayOut(ctx, profitshare.Disbursement{Key: "pay", Month: inFebruary(1).Month(), Date: ledger.On(2028, time.March, 1)})
	require.NoError(t, err)
	// M1 has more than Rp 240,000 together: a tenth of each, rounded down.
	require.Equal(t, 1, gross["GIVES"].Add(gross["CLOSED"]).Cmp(rupiah(240_000)))
	tax := tenth(t, gross["GIVES"]).Add(tenth(t, gross["CLOSED"]))
	now, err := desk.Balance(ctx, "GIVES", ledger.On(2028, time.March, 1))
	require.NoError(t, err)
	require.Equal(t, held.Add(gross["GIVES"]).Add(gross["CLOSED"]).Sub(tax), now)
	balances := balancesOf(t, book)
	for account := range gross {
		require.Zero(t, balances["20201/"+account], "nothing is owed any more to "+account)
	}
	// So has M3; M2 has less. The cooperative owes what was withheld.
	require.Equal(t, 1, gross["OWN"].Cmp(rupiah(240_000)))
	require.True(t, gross["TAKES"].Add(gross["LEAP"]).Less(rupiah(240_000)))
	require.Equal(t, tax.Add(tenth(t, gross["OWN"])).Neg(), balances["20401/"])
}

func tenth(t *testing.T, m ledger.Money) ledger.Money {
	t.Helper()
	part, err := ledger.Round(big.NewRat(m.Minor(), 10), rupiah(1), ledger.RoundDown)
	require.NoError(t, err)
	return part
}

// Terms that profitshare takes: minimum to earn, tax, zakat by mandate, tiers,
// and the balance-days of a running account from before it was taken over.
func TestTermsForSharing(t *testing.T) {
	book, desk := newFullDesk(t)
	on := day(time.January, 20)
	_, err := book.Post(ctx, ledger.Entry{Key: "opening", Date: on, Lines: []ledger.Line{debit("10201", 400_000), credit("30101", 400_000).For("OLD")}})
	require.NoError(t, err)
	running := savings.Running{Since: ledger.On(2024, time.May, 3), Balance: rupiah(400_000), Days: []savings.DayBalance{
		{From: day(time.January, 1), Balance: rupiah(100_000)}, {From: day(time.January, 11), Balance: rupiah(300_000)}}}
	adopt := func(r savings.Running) error {
		_, err := desk.Adopt(ctx, savings.Opening{Key: "A", Date: on, Account: "OLD", Member: "M1", Product: "SIMUDA", Running: &r,
			Holds: []savings.HoldPlacing{{Key: "H", Date: on, Amount: rupiah(50_000), Reason: "jaminan lama", By: "manajer"}}})
		return err
	}
	wrong := running
	wrong.Balance = rupiah(400_001)
	r := refused(t, adopt(wrong), savings.ErrAdoption, "adopt.balance")
	require.EqualError(t, r, "savings: account OLD: the balance on 2026-01-20 is another in the book: 400001.00 against 400000.00")
	wrong = running
	wrong.Days = running.Days[1:]
	refused(t, adopt(wrong), savings.ErrAdoption, "adopt.days")
	require.NoError(t, adopt(running))
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: on, Account: "OLD", Amount: rupiah(340_001), Counter: teller})
	refused(t, err, savings.ErrMinBalance, "withdraw.held")
	_, err = desk.Agree(ctx, savings.Agreement{Key: "N", Account: "OLD", Nisbah: savings.DatedRatio{From: day(time.January, 25), Ratio: ratio("0.5")}, Document: "adendum"})
	require.NoError(t, err)
	_, err = desk.MandateZakat(ctx, savings.ZakatMandate{Key: "Z", Account: "OLD", Part: savings.DatedRatio{From: day(time.January, 21), Ratio: ratio("0.025")}, Document: "kuasa"})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, day(time.January, 1), day(time.January, 31)) {
			require.NoError(t, err)
			require.Equal(t, "OLD", e.Account)
			require.Equal(t, ledger.On(2024, time.May, 3), e.Opened)
			require.Equal(t, rupiah(50_000), e.MinEarning)
			require.True(t, e.Taxed)
			require.True(t, e.Zakat.Equal(ratio("0.025")))
			require.Len(t, e.Slices, 2)
			require.True(t, e.Slices[0].Nisbah.Equal(ratio("0.4")) && e.Slices[1].Nisbah.Equal(ratio("0.5")))
			require.Equal(t, day(time.January, 24), e.Slices[0].Through)
			require.Equal(t, rupiah(100_000).Over(10).Add(rupiah(300_000).Over(9)), e.Slices[0].Brought)
			require.Zero(t, e.Slices[1].Brought)
		}
		return nil
	}))
	// A tier table stands beside the nisbah; an account with its own has none.
	terms := standardProducts()[7].Terms
	terms.From, terms.Tiering = day(time.February, 1), savings.ByBand
	terms.Tiers = []savings.Tier{{Nisbah: ratio("0.40")}, {From: rupiah(10_000_000), Nisbah: ratio("0.45")}}
	_, err = desk.ChangeProduct(ctx, savings.ProductChange{Key: "T", Code: "SIMUDA", Terms: terms})
	require.NoError(t, err)
	opens(t, desk, "M2", "SIMUDA")
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		tiers := make(map[string]int)
		for e, err := range savings.Earnings(tx, day(time.February, 1), day(time.February, 28)) {
			require.NoError(t, err)
			tiers[e.Account] = len(e.Slices[0].Tiers)
		}
		require.Equal(t, map[string]int{"OLD": 0, "M2-SIMUDA": 2}, tiers)
		return nil
	}))
}
