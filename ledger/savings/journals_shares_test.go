package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// sharesFebruary lets a product's accounts share an income of 100,000 in
// February, and pays it on 1 March. It returns both entries.
func sharesFebruary(t *testing.T, book *ledger.Book, product profitshare.Product) (allotted, paid ledger.Posted) {
	t.Helper()
	_, err := book.Post(ctx, ledger.Entry{Key: "margin", Date: day(time.February, 20), Lines: []ledger.Line{debit("10102", 100_000), credit("50101", 100_000)}})
	require.NoError(t, err)
	share := profitshare.NewDesk(book, profitshare.Plan{
		Name: "umum", Income: []profitshare.IncomeSource{{Account: "50101", Nature: profitshare.FinancingIncome}},
		Products: []profitshare.Product{product}, Payable: "20201", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rupiah(1)},
	}, earners{})
	posted, err := share.Post(ctx, profitshare.Posting{Key: "share", Month: month(time.February)})
	require.NoError(t, err)
	out, err := share.PayOut(ctx, profitshare.Disbursement{Key: "pay", Month: month(time.February), Date: day(time.March, 1)})
	require.NoError(t, err)
	return posted.Posted, out.Posted
}

// sums adds an entry up by place: who is named on a line is the other
// package's to say.
func sums(lines ...ledger.Line) map[savings.Place]ledger.Money { return placesOf(lines) }

// A share that profitshare pays into time savings is part of the principal of
// the term that follows.
func TestS16ShareOfTheRunIsAddedToThePrincipal(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.RollAll)
	allotted, paid := sharesFebruary(t, book, profitshare.Product{Code: "SIJAKA", Control: "30202", ShareAccount: "50902", Nisbah: ratio("0.45")})
	require.Equal(t, sums(debit("50902", 45_000), credit("20201", 45_000).For("BJ")), sums(allotted.Lines...), "S19")
	require.Equal(t, sums(debit("20201", 45_000).For("BJ"), credit("30202", 45_000).For("BJ")), sums(paid.Lines...))
	_, err := desk.Mature(ctx, savings.Maturing{Key: "R", Date: day(time.April, 30), Account: "BJ"})
	require.NoError(t, err)
	require.Equal(t, rupiah(1_045_000), accountOf(t, book, "BJ").Term.Principal)
	requireBalance(t, desk, "BJ", 1_045_000)
}

// Participation capital in, its return, and its repayment; by the product's
// setting a syirkah fund or a liability.
func TestS30ReturnOnParticipationCapital(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "MODAL")
	_, err := desk.Deposit(ctx, savings.Deposit{Key: "D", Date: day(time.January, 31), Account: "M1-MODAL", Amount: rupiah(50_000_000), Counter: bank})
	require.NoError(t, err)
	allotted, paid := sharesFebruary(t, book, profitshare.Product{Code: "MODAL", Control: "30402", ShareAccount: "50904", Nisbah: ratio("0.60")})
	require.Equal(t, sums(debit("50904", 60_000), credit("20201", 60_000).For("M1-MODAL")), sums(allotted.Lines...))
	require.Equal(t, sums(debit("20201", 60_000).For("M1-MODAL"), credit("30402", 60_000).For("M1-MODAL")), sums(paid.Lines...))
	closed, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.March, 2), Account: "M1-MODAL", Counter: bank})
	require.NoError(t, err)
	requireLines(t, closed.Posted, debit("30402", 50_060_000).For("M1-MODAL").With(member("M1")), credit("10201", 50_060_000))

	chart := ledger.StandardChart()
	debt, _ := chart.Account("21104")
	require.Equal(t, ledger.Liability, debt.Kind)
	_, err = desk.AddProduct(ctx, savings.ProductOpening{Key: "P", Code: "UTANG", Akad: savings.Penyertaan, Control: "21104", Terms: savings.Terms{From: day(time.January, 1)}})
	require.NoError(t, err)
	opens(t, desk, "M2", "UTANG")
	in, err := desk.Deposit(ctx, savings.Deposit{Key: "D2", Date: day(time.February, 2), Account: "M2-UTANG", Amount: rupiah(5_000_000), Counter: bank})
	require.NoError(t, err)
	requireLines(t, in.Posted, debit("10201", 5_000_000), credit("21104", 5_000_000).For("M2-UTANG").With(member("M2")))
	out, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W2", Date: day(time.July, 2), Account: "M2-UTANG", Amount: rupiah(5_000_000), Counter: bank})
	require.NoError(t, err)
	requireLines(t, out.Posted, debit("21104", 5_000_000).For("M2-UTANG").With(member("M2")), credit("10201", 5_000_000))
}
