package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// The journals of a cooperative's savings, by the numbers of the domain's
// table and on the codes of the standard chart, account by account.

func TestS1TellerFloatOutAndIn(t *testing.T) {
	_, desk := newFullDesk(t)
	out, err := desk.MoveCash(ctx, savings.CashMove{Key: "K1", Date: day(time.February, 2), From: vault, To: teller, Amount: rupiah(5_000_000)})
	require.NoError(t, err)
	requireLines(t, out.Posted, debit("10102", 5_000_000), credit("10101", 5_000_000))
	back, err := desk.MoveCash(ctx, savings.CashMove{Key: "K2", Date: day(time.February, 2), From: teller, To: vault, Amount: rupiah(5_000_000)})
	require.NoError(t, err)
	requireLines(t, back.Posted, debit("10101", 5_000_000), credit("10102", 5_000_000))
	again, err := desk.MoveCash(ctx, savings.CashMove{Key: "K2", Date: day(time.February, 2), From: teller, To: vault, Amount: rupiah(5_000_000)})
	require.NoError(t, err)
	require.True(t, again.Repeat)
	for code, bad := range map[string]savings.CashMove{
		"amount.not_positive": {Key: "X", Date: day(time.February, 2), From: vault, To: teller},
		"cash.same":           {Key: "X", Date: day(time.February, 2), From: vault, To: vault, Amount: rupiah(1)},
		"cash.account":        {Key: "X", Date: day(time.February, 2), From: vault, To: savings.Place{Account: "50202"}, Amount: rupiah(1)},
	} {
		_, err := desk.MoveCash(ctx, bad)
		var r *savings.Refusal
		require.ErrorAs(t, err, &r)
		require.Equal(t, code, r.Code)
	}
}

func TestS2MemberJoins(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "POKOK")
	requireLines(t, paysIn(t, desk, "D", "M1-POKOK", day(time.February, 2), 100_000),
		debit("10102", 100_000), credit("40101", 100_000).For("M1-POKOK").With(member("M1")))
}

func TestS3WajibInCashAndFromSavings(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB", "SIWA")
	requireLines(t, paysIn(t, desk, "D1", "M1-WAJIB", day(time.January, 10), 25_000),
		debit("10102", 25_000), credit("40102", 25_000).For("M1-WAJIB").With(member("M1")))
	paysIn(t, desk, "D2", "M1-SIWA", day(time.January, 10), 70_000)
	_, err := desk.MandateDues(ctx, savings.DuesMandate{Key: "MD", Date: day(time.January, 10), Account: "M1-WAJIB", From: "M1-SIWA", Document: "kuasa/1"})
	require.NoError(t, err)
	// February and March are owed: 50,000, and 60,000 are available.
	taken, err := desk.CollectDues(ctx, savings.DuesCollection{Key: "C1", Date: day(time.March, 1), Account: "M1-WAJIB"})
	require.NoError(t, err)
	requireLines(t, taken.Posted, debit("20101", 50_000).For("M1-SIWA").With(member("M1")), credit("40102", 50_000).For("M1-WAJIB").With(member("M1")))
	// Another 25,000 are owed in April, and 10,000 are above the minimum.
	taken, err = desk.CollectDues(ctx, savings.DuesCollection{Key: "C2", Date: day(time.April, 1), Account: "M1-WAJIB"})
	require.NoError(t, err)
	requireLines(t, taken.Posted, debit("20101", 10_000).For("M1-SIWA").With(member("M1")), credit("40102", 10_000).For("M1-WAJIB").With(member("M1")))
	_, err = desk.CollectDues(ctx, savings.DuesCollection{Key: "C3", Date: day(time.April, 1), Account: "M1-WAJIB"})
	refused(t, err, savings.ErrMinBalance, "dues.unavailable")
}

func TestS4WajibCallRecognised(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "PANGGIL")
	call := func(key string, month time.Month) (savings.Receipt, error) {
		return desk.CallDues(ctx, savings.DuesCall{Key: key, Date: day(time.February, 1), Account: "M1-PANGGIL", Month: ledger.MonthOf(2026, month)})
	}
	called, err := call("C1", time.January)
	require.NoError(t, err)
	requireLines(t, called.Posted, debit("40104", 25_000).For("M1-PANGGIL").With(member("M1")), credit("40102", 25_000).For("M1-PANGGIL").With(member("M1")))
	_, err = call("C2", time.January)
	refused(t, err, savings.ErrAmount, "dues.paid")
	_, err = call("C3", time.February)
	require.NoError(t, err)
	// A payment settles what was called, oldest first; the rest is paid ahead.
	requireLines(t, paysIn(t, desk, "D", "M1-PANGGIL", day(time.February, 2), 60_000), debit("10102", 60_000),
		credit("40104", 50_000).For("M1-PANGGIL").With(member("M1")), credit("40102", 10_000).For("M1-PANGGIL").With(member("M1")))
}

func TestS5OpeningAndPassbookFeeInCash(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	for fee, amount := range map[savings.Fee]int64{savings.OpeningFee: 5_000, savings.PassbookFee: 10_000} {
		r, err := desk.Charge(ctx, savings.Charge{Key: string(fee), Date: day(time.February, 2), Account: "M1-SIWA", Fee: fee, Counter: teller})
		require.NoError(t, err)
		requireLines(t, r.Posted, debit("10102", amount), credit("50202", amount).With(member("M1")))
	}
}

func TestS6WadiahDeposit(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "TITIPAN")
	requireLines(t, paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 500_000),
		debit("10102", 500_000), credit("20101", 500_000).For("M1-SIWA").With(member("M1")))
	r, err := desk.Deposit(ctx, savings.Deposit{Key: "D2", Date: day(time.February, 3), Account: "M1-SIWA", Amount: rupiah(5_000), Counter: bank})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("10201", 5_000), credit("20101", 5_000).For("M1-SIWA").With(member("M1")))
	requireLines(t, paysIn(t, desk, "D3", "M1-TITIPAN", day(time.February, 2), 70_000),
		debit("10102", 70_000), credit("20112", 70_000).For("M1-TITIPAN").With(member("M1")))
}

func TestS7WadiahWithdrawal(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	r, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 3), Account: "M1-SIWA", Amount: rupiah(75_000), Counter: teller})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("20101", 75_000).For("M1-SIWA").With(member("M1")), credit("10102", 75_000))
}

func TestS8MudharabahDepositAndWithdrawal(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	requireLines(t, paysIn(t, desk, "D", "M1-SIMUDA", day(time.February, 2), 300_000),
		debit("10102", 300_000), credit("30101", 300_000).For("M1-SIMUDA").With(member("M1")))
	r, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 3), Account: "M1-SIMUDA", Amount: rupiah(100_000), Counter: teller})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("30101", 100_000).For("M1-SIMUDA").With(member("M1")), credit("10102", 100_000))
}

func TestS9GoalSavings(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "PENDIDIKAN", "QURBAN")
	requireLines(t, paysIn(t, desk, "D1", "M1-PENDIDIKAN", day(time.February, 2), 50_000),
		debit("10102", 50_000), credit("20103", 50_000).For("M1-PENDIDIKAN").With(member("M1")))
	requireLines(t, paysIn(t, desk, "D2", "M1-QURBAN", day(time.February, 2), 60_000),
		debit("10102", 60_000), credit("30104", 60_000).For("M1-QURBAN").With(member("M1")))
	_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.March, 3), Account: "M1-QURBAN", Amount: rupiah(1_000), Counter: teller})
	refused(t, err, savings.ErrLocked, "withdraw.goal")
	_, err = desk.Open(ctx, savings.Opening{Key: "O", Date: day(time.February, 2), Account: "HAJI", Member: "M1", Product: "QURBAN", GoalDay: day(time.May, 27)})
	require.NoError(t, err)
	paysIn(t, desk, "D3", "HAJI", day(time.February, 2), 60_000)
	take := func(on ledger.Date) error {
		_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W2", Date: on, Account: "HAJI", Amount: rupiah(1_000), Counter: teller})
		return err
	}
	refused(t, take(day(time.May, 26)), savings.ErrLocked, "withdraw.goal")
	require.NoError(t, take(day(time.May, 27)), "its day has come")
}

func TestS10GoalReached(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "QURBAN", "PENDIDIKAN", "SIWA")
	for account, code := range map[string]string{"M1-QURBAN": "30104", "M1-PENDIDIKAN": "20103"} {
		paysIn(t, desk, "D/"+account, account, day(time.February, 2), 3_000_000)
		r, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W/" + account, Date: day(time.May, 20), Account: account, Amount: rupiah(3_000_000),
			Counter: bank, ForGoal: true, Document: "faktur/9"})
		require.NoError(t, err)
		requireLines(t, r.Posted, debit(code, 3_000_000).For(account).With(member("M1")), credit("10201", 3_000_000))
	}
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 3_000_000)
	_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.May, 20), Account: "M1-SIWA", Amount: rupiah(1), Counter: bank, ForGoal: true})
	refused(t, err, savings.ErrCommand, "withdraw.goal")
}

func TestS11TransferBetweenMembers(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "KHUSUS", "POKOK")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	r, err := desk.Transfer(ctx, savings.Transfer{Key: "X", Date: day(time.February, 3), From: "M1-SIWA", To: "M2-SIWA", Amount: rupiah(50_000)})
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("20101", 50_000).For("M1-SIWA").With(member("M1")), credit("20101", 50_000).For("M2-SIWA").With(member("M2")))
}

func TestS12Conversion(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "POKOK")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	convert := savings.Conversion{Key: "V", Date: day(time.March, 1), Account: "M1-SIWA", To: "M1-SIMUDA", Product: "SIMUDA", Document: "akad/7"}
	for code, change := range map[string]func(*savings.Conversion){
		"convert.document":  func(c *savings.Conversion) { c.Document = "" },
		"convert.akad":      func(c *savings.Conversion) { c.Product = "PENDIDIKAN" },
		"convert.capital":   func(c *savings.Conversion) { c.Product = "KHUSUS" },
		"open.state":        func(c *savings.Conversion) { c.To = "M1-POKOK" },
		"product.unknown":   func(c *savings.Conversion) { c.Product = "X" },
		"close.moved_later": func(c *savings.Conversion) { c.Date = day(time.February, 1) },
	} {
		c := convert
		change(&c)
		_, err := desk.Convert(ctx, c)
		var r *savings.Refusal
		require.ErrorAs(t, err, &r, code)
		require.Equal(t, code, r.Code)
	}
	r, err := desk.Convert(ctx, convert)
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("20101", 500_000).For("M1-SIWA").With(member("M1")), credit("30101", 500_000).For("M1-SIMUDA").With(member("M1")))
	require.Equal(t, savings.Closed, r.From.Status)
	require.Equal(t, savings.Active, r.To.Status)
	again, err := desk.Convert(ctx, convert)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	again.Repeat, again.Posted.Repeat = false, false
	require.Equal(t, r, again)
}

func TestS13AdministrationFee(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA", "TITIPAN")
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 10_000)
	paysIn(t, desk, "D2", "M1-SIMUDA", day(time.February, 2), 20_000)
	charge := func(key, account string, on ledger.Date, fee savings.Fee) (savings.Receipt, error) {
		return desk.Charge(ctx, savings.Charge{Key: key, Date: on, Account: account, Fee: fee})
	}
	r, err := charge("F1", "M1-SIMUDA", day(time.February, 28), savings.MonthlyFee)
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("30101", 2_500).For("M1-SIMUDA").With(member("M1")), credit("50202", 2_500).With(member("M1")))
	// Below the minimum balance, to zero and never below.
	for month := time.February; month <= time.May; month++ {
		r, err = charge("F2/"+month.String(), "M1-SIWA", ledger.MonthOf(2026, month).Last(), savings.MonthlyFee)
		require.NoError(t, err)
		requireLines(t, r.Posted, debit("20101", 2_500).For("M1-SIWA").With(member("M1")), credit("50202", 2_500).With(member("M1")))
	}
	_, err = charge("F3", "M1-SIWA", day(time.June, 30), savings.MonthlyFee)
	refused(t, err, savings.ErrMinBalance, "charge.unavailable")
	paysIn(t, desk, "D3", "M1-SIWA", day(time.July, 2), 3_000)
	_, err = charge("F4", "M1-SIWA", day(time.July, 31), savings.InactiveFee)
	refused(t, err, savings.ErrNotDormant, "charge.not_dormant")
	// The inactive fee is taken only while the account is dormant.
	next := ledger.On(2027, time.July, 2)
	_, err = desk.MarkDormant(ctx, savings.DormancyMarking{Key: "P", Date: next, Account: "M1-SIWA"})
	require.NoError(t, err)
	_, err = charge("F4", "M1-SIWA", next.Prev(), savings.InactiveFee)
	refused(t, err, savings.ErrNotDormant, "charge.not_dormant")
	for i, amount := range []int64{1_500, 1_500} {
		r, err = charge(fmt.Sprintf("F5/%d", i), "M1-SIWA", next.AddMonths(i), savings.InactiveFee)
		require.NoError(t, err)
		requireLines(t, r.Posted, debit("20101", amount).For("M1-SIWA").With(member("M1")), credit("50202", amount).With(member("M1")))
	}
	_, err = charge("F6", "M1-SIWA", next.AddMonths(2), savings.InactiveFee)
	refused(t, err, savings.ErrMinBalance, "charge.unavailable")
	_, err = charge("F5", "M1-TITIPAN", day(time.July, 31), savings.MonthlyFee)
	refused(t, err, savings.ErrCommand, "charge.none")
	_, err = charge("F5", "M1-SIWA", day(time.July, 31), "closing")
	refused(t, err, savings.ErrCommand, "charge.fee")
}

func TestS14HoldPlacedAndReleased(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	before, err := book.Head(ctx)
	require.NoError(t, err)
	place := savings.HoldPlacing{Key: "H", Date: day(time.February, 3), Account: "M1-SIWA", Amount: rupiah(400_000), Reason: "jaminan", By: "manajer", Contract: "MRB-1"}
	held, err := desk.Hold(ctx, place)
	require.NoError(t, err)
	require.Equal(t, "jaminan (MRB-1)", held.Held.Reason)
	again, err := desk.Hold(ctx, place)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 4), Account: "M1-SIWA", Amount: rupiah(90_001), Counter: teller})
	refused(t, err, savings.ErrMinBalance, "withdraw.held")
	place.Key, place.Amount = "H2", rupiah(90_001)
	_, err = desk.Hold(ctx, place)
	require.ErrorIs(t, err, ledger.ErrHold, "available is the balance less what is held and the minimum")
	released, err := desk.Release(ctx, savings.HoldRelease{Key: "HR", Hold: "H", Amount: rupiah(150_000), Reason: "sebagian lunas", By: "manajer"})
	require.NoError(t, err)
	require.Equal(t, rupiah(250_000), released.Held.Left)
	_, err = desk.Release(ctx, savings.HoldRelease{Key: "HR2", Hold: "H", Reason: "lunas", By: "manajer"})
	require.NoError(t, err)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before.Entries, after.Entries, "no entry: a register")
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 4), Account: "M1-SIWA", Amount: rupiah(490_000), Counter: teller})
	require.NoError(t, err)
}

func TestS23DormantFlag(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	before, err := book.Head(ctx)
	require.NoError(t, err)
	balances := balancesOf(t, book)
	marked, err := desk.MarkDormant(ctx, savings.DormancyMarking{Key: "P", Date: ledger.On(2027, time.February, 2), Account: "M1-SIWA"})
	require.NoError(t, err)
	require.Equal(t, savings.Dormancy{Since: ledger.On(2027, time.February, 2), Last: day(time.February, 2), Months: 12}, marked.Account.Dormant)
	require.Equal(t, savings.Active, marked.Account.Status)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before.Entries, after.Entries, "no entry: a register")
	require.Equal(t, balances, balancesOf(t, book))
}
