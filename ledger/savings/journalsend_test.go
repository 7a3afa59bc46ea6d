package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func TestS24SavingsClosed(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA", "TITIPAN")
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 350_000)
	c, err := desk.Close(ctx, savings.Closing{Key: "C1", Date: day(time.March, 1), Account: "M1-SIWA", Counter: teller})
	require.NoError(t, err)
	requireLines(t, c.Posted, debit("20101", 350_000).For("M1-SIWA").With(member("M1")), credit("50202", 7_500).With(member("M1")), credit("10102", 342_500))
	paysIn(t, desk, "D2", "M1-SIMUDA", day(time.February, 2), 20_000)
	c, err = desk.Close(ctx, savings.Closing{Key: "C2", Date: day(time.March, 1), Account: "M1-SIMUDA", Counter: teller, Waived: true})
	require.NoError(t, err)
	requireLines(t, c.Posted, debit("30101", 20_000).For("M1-SIMUDA").With(member("M1")), credit("10102", 20_000))
	require.Equal(t, rupiah(20_000), c.Paid)
}

// The receivable of a murabahah that no contract package keeps.
func owesMurabahah(t testing.TB, book *ledger.Book, contract string, price, margin int64) {
	t.Helper()
	_, err := book.Post(ctx, ledger.Entry{Key: "sale/" + contract, Date: day(time.February, 1), Lines: []ledger.Line{
		debit("11101", price).For(contract), credit("11102", margin).For(contract), credit("10201", price-margin)}})
	require.NoError(t, err)
}

func TestS25MemberExitWithSetOff(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "POKOK", "WAJIB", "SIWA", "SIMUDA")
	for account, amount := range map[string]int64{"M1-POKOK": 100_000, "M1-WAJIB": 75_000, "M1-SIWA": 40_000, "M1-SIMUDA": 200_000} {
		paysIn(t, desk, "D/"+account, account, day(time.February, 2), amount)
	}
	owesMurabahah(t, book, "MRB-1", 150_000, 0+10_000)
	leaves(t, desk, "M1", day(time.March, 1))
	var statement savings.ExitStatement
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		statement, err = savings.ExitStatementIn(tx, "M1", day(time.March, 1), "11101", "20201")
		return err
	}))
	require.Len(t, statement.Lines, 4, "the sale names no holder in this book")
	require.Equal(t, rupiah(415_000), statement.Total)

	s := savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1",
		SetOffs: []savings.SetOff{{Receivable: savings.Place{Account: "11101", Sub: "MRB-1"}, Amount: rupiah(140_000)}}}
	r, err := desk.Settle(ctx, s)
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("40101", 100_000).For("M1-POKOK").With(former("M1")), debit("30101", 200_000).For("M1-SIMUDA").With(former("M1")),
		debit("20101", 40_000).For("M1-SIWA").With(former("M1")), debit("40102", 75_000).For("M1-WAJIB").With(former("M1")),
		credit("11101", 140_000).For("MRB-1").With(former("M1")), credit("20204", 275_000).For("M1").With(former("M1")))
	again, err := desk.Settle(ctx, s)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, r.Exit, again.Exit)
}

func TestS26MarginOfTheSetOffReceivable(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	paysIn(t, desk, "D", "M1-SIMUDA", day(time.February, 2), 500_000)
	owesMurabahah(t, book, "MRB-1", 150_000, 30_000)
	leaves(t, desk, "M1", day(time.March, 1))
	r, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1", SetOffs: []savings.SetOff{{
		Receivable: savings.Place{Account: "11101", Sub: "MRB-1"}, Amount: rupiah(130_000),
		Deferred: savings.Place{Account: "11102", Sub: "MRB-1"}, Earned: rupiah(10_000), Income: "50101", Waived: rupiah(20_000)}}})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("30101", 500_000).For("M1-SIMUDA").With(former("M1")), debit("11102", 30_000).For("MRB-1").With(former("M1")),
		credit("11101", 150_000).For("MRB-1").With(former("M1")), credit("50101", 10_000).With(former("M1")), credit("20204", 370_000).For("M1").With(former("M1")))
}

func TestS27RefundPaid(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "POKOK")
	paysIn(t, desk, "D", "M1-POKOK", day(time.February, 2), 100_000)
	leaves(t, desk, "M1", day(time.March, 1))
	_, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 1), Member: "M1"})
	require.NoError(t, err)
	r, err := desk.PayClaim(ctx, savings.ClaimPayment{Key: "C", Date: day(time.March, 2), Member: "M1", Amount: rupiah(100_000), Counter: teller})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("20204", 100_000).For("M1").With(former("M1")), credit("10102", 100_000))
	require.Equal(t, day(time.March, 2), r.Exit.Done)
	require.Equal(t, savings.MemberSettled, memberOf(t, book, "M1").State())
}

func memberOf(t testing.TB, book *ledger.Book, number string) (m savings.Member) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		m, _, err = savings.MemberIn(tx, number)
		return err
	}))
	return m
}

func TestS28Death(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "POKOK", "SIWA")
	paysIn(t, desk, "D1", "M1-POKOK", day(time.February, 2), 100_000)
	paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 2), 300_000)
	death := savings.Death{Key: "X", Date: day(time.March, 1), Known: day(time.March, 4), Member: "M1", Documents: []string{"akta kematian 5"}, By: "manajer"}
	_, err := desk.Die(ctx, death)
	require.NoError(t, err)
	require.Equal(t, savings.MemberDeceased, memberOf(t, book, "M1").State())
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.March, 5), Account: "M1-SIWA", Amount: rupiah(1_000), Counter: teller})
	require.ErrorIs(t, err, ledger.ErrBlocked)
	_, err = desk.Unblock(ctx, savings.Unblocking{Key: "U", Date: day(time.March, 5), Account: "M1-SIWA", Reason: "diminta ahli waris", By: "manajer"})
	refused(t, err, savings.ErrMember, "unblock.deceased")
	_, err = book.Post(ctx, ledger.Entry{Key: "share", Date: day(time.March, 31), Lines: []ledger.Line{debit("10201", 70), credit("20101", 70).For("M1-SIWA")}})
	require.NoError(t, err, "what is still paid in comes in")

	r, err := desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.April, 1), Member: "M1"})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("40101", 100_000).For("M1-POKOK").With(former("M1")), debit("20101", 300_070).For("M1-SIWA").With(former("M1")),
		credit("20204", 400_070).For("M1").With(former("M1")))
	pay := savings.ClaimPayment{Key: "C", Date: day(time.April, 2), Member: "M1", Amount: rupiah(400_070), Counter: teller}
	_, err = desk.PayClaim(ctx, pay)
	refused(t, err, savings.ErrCommand, "claim.heirs")
	pay.Payee, pay.Document = "ahli waris 1", "surat ahli waris 5"
	r, err = desk.PayClaim(ctx, pay)
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("20204", 400_070).For("M1").With(former("M1")), credit("10102", 400_070))
}

func TestS30ParticipationCapital(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "MODAL")
	r, err := desk.Deposit(ctx, savings.Deposit{Key: "D", Date: day(time.February, 2), Account: "M1-MODAL", Amount: rupiah(50_000_000), Counter: bank})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("10201", 50_000_000), credit("30402", 50_000_000).For("M1-MODAL").With(member("M1")))
	w, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.December, 2), Account: "M1-MODAL", Amount: rupiah(50_000_000), Counter: bank})
	require.NoError(t, err)
	requireLines(t, w.Posted, debit("30402", 50_000_000).For("M1-MODAL").With(member("M1")), credit("10201", 50_000_000))
}

func TestS38TellerShortAndOver(t *testing.T) {
	_, desk := newFullDesk(t)
	_, err := desk.MoveCash(ctx, savings.CashMove{Key: "K1", Date: day(time.February, 2), From: vault, To: teller, Amount: rupiah(5_000_000)})
	require.NoError(t, err)
	count := func(key string, on int, counted int64) savings.Counted {
		c := savings.TillCount{Key: key, Date: day(time.February, on), Till: teller, Counted: rupiah(counted), Maker: "teller-7"}
		r, err := desk.CountTill(ctx, c)
		require.NoError(t, err)
		again, err := desk.CountTill(ctx, c)
		require.NoError(t, err)
		require.True(t, again.Repeat)
		require.Equal(t, r.Difference, again.Difference)
		return r
	}
	require.Zero(t, count("N0", 2, 5_000_000).Posted.Number, "nothing is short or over")
	short := count("N1", 3, 4_980_000)
	requireLines(t, short.Posted, debit("15104", 20_000), credit("10102", 20_000))
	require.Equal(t, rupiah(-20_000), short.Difference)
	over := count("N2", 4, 4_985_000)
	requireLines(t, over.Posted, debit("10102", 5_000), credit("20901", 5_000))
	explain := func(x savings.Explanation) ledger.Posted {
		x.Date = day(time.February, 9)
		r, err := desk.Explain(ctx, x)
		require.NoError(t, err)
		return r.Posted
	}
	requireLines(t, explain(savings.Explanation{Key: "E1", Amount: rupiah(15_000), Reason: "tidak ditemukan"}), debit("60702", 15_000), credit("15104", 15_000))
	requireLines(t, explain(savings.Explanation{Key: "E2", Amount: rupiah(5_000), Cash: teller, Reason: "diganti teller"}), debit("10102", 5_000), credit("15104", 5_000))
	requireLines(t, explain(savings.Explanation{Key: "E3", Amount: rupiah(3_000), Over: true, Reason: "tidak ditemukan"}), debit("20901", 3_000), credit("50505", 3_000))
	requireLines(t, explain(savings.Explanation{Key: "E4", Amount: rupiah(2_000), Over: true, Cash: teller, Reason: "dikembalikan"}), debit("20901", 2_000), credit("10102", 2_000))
	_, err = desk.Explain(ctx, savings.Explanation{Key: "E5", Date: day(time.February, 9), Amount: rupiah(1), Over: true, Reason: "lagi"})
	refused(t, err, savings.ErrAmount, "explain.above")
}

func TestS40Correction(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	opens(t, desk, "M2", "SIWA")
	wrong := paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 500_000)
	r, err := desk.Reverse(ctx, savings.Reversal{Key: "R1", Of: "D1", Date: day(time.February, 3), Reason: "salah rekening"})
	require.NoError(t, err)
	requireLines(t, r.Posted, credit("10102", 500_000), debit("20101", 500_000).For("M1-SIWA").With(member("M1")))
	require.Equal(t, wrong.Number, r.Posted.Reverses)
	requireLines(t, paysIn(t, desk, "D2", "M2-SIWA", day(time.February, 2), 500_000),
		debit("10102", 500_000), credit("20101", 500_000).For("M2-SIWA").With(member("M2")))
}
