package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// What goes wrong with murabahah in practice, one test a mistake: it cannot be
// expressed, or it is refused with the rule's name.

func TestMistakeCashWithoutGoods(t *testing.T) {
	for _, state := range []murabahah.State{murabahah.Ordered, murabahah.Entrusted, murabahah.Bought} {
		_, err := inState(t, state).contract.Sell(murabahah.Sale{Date: start})
		require.ErrorIs(t, err, murabahah.ErrNotOwned, "wakalah signed together with the akad, goods not in possession")
		require.ErrorContains(t, err, "(DSN-MUI 04/2000)")
	}
	b := inState(t, murabahah.Ordered)
	cashToAgent := murabahah.Entrustment{Act: act(b.contract), Amount: rupiah, Place: cash}
	cashToAgent.Approver = ""
	_, err := b.contract.Decide(cashToAgent)
	require.ErrorIs(t, err, murabahah.ErrEvidence, "money in the agent's hands is approved by somebody")
	require.ErrorContains(t, err, "(DSN-MUI 10/2000)")
	b = inState(t, murabahah.Entrusted)
	for _, paper := range []string{"", "  "} {
		_, err = b.contract.Acquire(murabahah.Acquisition{Date: start, Cost: b.contract.Terms.Cost, Place: cash, Supplier: "Toko Jaya", Document: paper})
		require.ErrorIs(t, err, murabahah.ErrEvidence, "a supplier's name is no purchase evidence")
		require.ErrorContains(t, err, "(DSN-MUI 04/2000)")
	}
	b = inState(t, murabahah.Bought)
	_, err = b.contract.Decide(murabahah.Possession{Act: murabahah.Act{Date: start}})
	require.ErrorIs(t, err, murabahah.ErrEvidence, "possession evidence")
}

func TestMistakeAssetNotAtCost(t *testing.T) {
	b := newBook(t).order(motor(murabahah.Proportional)).acquire()
	require.Equal(t, b.contract.Terms.Cost, b.balances[accounts.Inventory])
	b.sell()
	require.Zero(t, b.balances[accounts.Inventory])
	require.Equal(t, b.contract.Terms.Margin.Neg(), b.balances[accounts.DeferredMargin])
	require.Equal(t, b.contract.Terms.Financed(), b.contract.Position.Carrying())
}

func TestMistakeDeferredMarginAsLiability(t *testing.T) {
	book, _ := newDesk(t)
	wrong := accounts
	wrong.DeferredMargin = "20303"
	wrong.Deposit = ""
	_, err := order("K", motor(murabahah.Proportional)).do(murabahah.NewDesk(book, wrong))
	require.ErrorIs(t, err, murabahah.ErrRole)
	require.ErrorContains(t, err, "it is of kind liability, want asset")
}

func TestMistakePenaltyAsIncome(t *testing.T) {
	book, _ := newDesk(t)
	for _, code := range []string{"50599", "50101", "50290"} {
		wrong := accounts
		wrong.PenaltyFund = code
		_, err := order("K", motor(murabahah.Proportional)).do(murabahah.NewDesk(book, wrong))
		require.ErrorIs(t, err, murabahah.ErrRole)
		require.ErrorContains(t, err, "(DSN-MUI 17/2000)")
	}
	b := inState(t, murabahah.Sold)
	b.does(murabahah.Ability{Act: act(b.contract)})
	_, err := b.contract.Penalise(receiving(10_000))
	require.ErrorIs(t, err, murabahah.ErrAble, "none from who cannot pay")
	require.ErrorContains(t, err, "(DSN-MUI 17/2000)")
	b.does(murabahah.Ability{Act: act(b.contract), Able: true})
	b.do(b.contract.Penalise(receiving(10_000)))
	require.Zero(t, b.contract.Position.Recognised)
}

func TestMistakeTazirAndTawidhMixed(t *testing.T) {
	b := inState(t, murabahah.Sold)
	for _, lack := range []func(*murabahah.Act){func(a *murabahah.Act) { a.Document = "" }, func(a *murabahah.Act) { a.Note = " " }} {
		a := act(b.contract)
		lack(&a)
		_, err := b.contract.Decide(murabahah.Compensation{Act: a, Amount: rupiah, Place: cash})
		require.ErrorIs(t, err, murabahah.ErrEvidence)
		require.ErrorContains(t, err, "(DSN-MUI 43/2004)")
	}
	b.does(murabahah.Compensation{Act: act(b.contract), Amount: rupiah, Place: cash})
	require.Equal(t, rupiah, b.contract.Position.Compensated)
	require.Zero(t, b.contract.Position.Penalties)
}

func TestMistakeFullPriceAtEarlySettlement(t *testing.T) {
	b := inState(t, murabahah.Sold)
	q, err := b.contract.Quote(ledger.On(2026, 3, 1))
	require.NoError(t, err)
	require.Equal(t, b.contract.Terms.Margin.Sub(q.DueMargin), q.Rebate, "all of the time not elapsed")
	_, err = b.contract.Settle(murabahah.Settlement{Date: start, Rebate: rupiah, Place: cash})
	require.ErrorIs(t, err, murabahah.ErrRebate, "no arbitrary half")
	require.ErrorContains(t, err, "(DSN-MUI 153/2022)")
}

func TestMistakeRebateCalledOptional(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.Settlement.Rule = murabahah.RebateDiscretionary
	_, err := murabahah.Contract{}.Order(murabahah.Ordering{Date: start, Terms: terms})
	require.ErrorIs(t, err, murabahah.ErrTerms)
	require.ErrorContains(t, err, "(DSN-MUI 153/2022)")
	terms.Plan.FirstDue = ledger.On(2020, 1, 31)
	_, err = murabahah.Contract{}.Order(murabahah.Ordering{Date: ledger.On(2020, 1, 5), Terms: terms})
	require.NoError(t, err, "an akad of its time keeps its rule")
}

func TestMistakeRoundedRatio(t *testing.T) {
	terms := sale(money(t, "60000000"), money(t, "7375570.25"), none, plan(18, sen, ledger.RoundHalfUp), murabahah.Proportional, sen)
	b := newBook(t).order(terms).acquire().sell()
	for !b.contract.Outstanding().IsZero() {
		b.pay(money(t, "3743087.24").Min(b.contract.Outstanding()))
	}
	require.Zero(t, b.contract.Position.Deferred, "no margin is stranded")
}

func TestMistakeInstalmentsThatDoNotAdd(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.Plan = murabahah.Plan{Kind: murabahah.ByHand, Rows: []murabahah.Instalment{{Due: ledger.On(2026, 2, 1), Amount: ledger.IDR.Of(20_792_000)}}}
	var refusal *murabahah.Refusal
	require.ErrorAs(t, terms.Validate(), &refusal)
	require.Equal(t, "plan.total", refusal.Code)
}

func TestMistakeMarginOverCostTimesCollections(t *testing.T) {
	b := newBook(t).order(sale(ledger.IDR.Of(800), ledger.IDR.Of(200), none, plan(1, rupiah, ledger.RoundHalfUp), murabahah.Proportional, rupiah)).acquire().sell()
	b.pay(ledger.IDR.Of(500))
	require.Equal(t, ledger.IDR.Of(100), b.contract.Position.Recognised, "200/1000 of 500, not 200/800 of it")
}

func TestMistakeOneMethodMandatory(t *testing.T) {
	for _, method := range []murabahah.Method{murabahah.Proportional, murabahah.Annuity} {
		require.NoError(t, motor(method).Validate(), "DSN-MUI 84/2012 allows both")
	}
}

func TestMistakePriceRaisedOnRescheduling(t *testing.T) {
	b := inState(t, murabahah.Sold)
	revision := murabahah.Reschedule{Act: act(b.contract), Kind: murabahah.Rescheduling, Plan: plan(24, rupiah, ledger.RoundHalfUp), Total: ledger.IDR.Of(22_000_000)}
	_, err := b.contract.Decide(revision)
	require.ErrorIs(t, err, murabahah.ErrGrows)
	_, err = b.contract.Order(murabahah.Ordering{Date: start, Terms: motor(murabahah.Proportional)})
	require.ErrorIs(t, err, murabahah.ErrState, "no new sale under the old one")

	// A new murabahah to pay the old: its money would have to go through the
	// old one's receivable.
	_, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	second := motor(murabahah.Proportional)
	second.Contract = "MRB-2"
	does(t, desk, order("K5", second))
	_, err = desk.Acquire(ctx, murabahah.Acquisition{Key: "K6", Contract: "MRB-2", Date: start, Cost: second.Cost, Place: murabahah.Place{Account: "11101", Sub: "MRB-1"}, Document: "FKT"})
	require.ErrorIs(t, err, murabahah.ErrRole)
}

func TestMistakeConversionOnlyInTheComputer(t *testing.T) {
	b := inState(t, murabahah.Sold)
	for _, lack := range []func(*murabahah.Act){func(a *murabahah.Act) { a.Document = "" }, func(a *murabahah.Act) { a.Note = "" }} {
		a := act(b.contract)
		lack(&a)
		_, err := b.contract.Decide(murabahah.Convert{Act: a, Value: rupiah, Asset: murabahah.Place{Account: "15103"}})
		require.ErrorIs(t, err, murabahah.ErrEvidence, "the object is sold, and a new akad follows")
		require.ErrorContains(t, err, "(DSN-MUI 49/2005)")
	}
}

func TestMistakeDownPaymentForgottenOrGivenMargin(t *testing.T) {
	terms := motor(murabahah.Proportional)
	require.Equal(t, terms.Cost.Add(terms.Margin), terms.SalePrice())
	terms.Price = terms.SalePrice().Sub(terms.DownPayment)
	require.ErrorIs(t, terms.Validate(), murabahah.ErrTerms)
	b := inState(t, murabahah.Sold)
	require.Zero(t, b.contract.Position.Recognised, "the down payment is principal")
}

func TestMistakeSupplierDiscountKeptSilently(t *testing.T) {
	b := inState(t, murabahah.Acquired)
	b.does(murabahah.SupplierDiscount{Act: act(b.contract), Amount: rupiah, Place: cash})
	b.do(b.contract.ReceiveDownPayment(receiving(4_000_000)))
	_, err := b.contract.Sell(murabahah.Sale{Date: start})
	require.ErrorIs(t, err, murabahah.ErrCost, "before the akad it belongs to the buyer")
	terms := motor(murabahah.Proportional)
	terms.LaterDiscount = "whoever"
	require.ErrorContains(t, terms.Validate(), "(DSN-MUI 16/2000)")
}

func TestMistakeAdminFeeAsMargin(t *testing.T) {
	b := inState(t, murabahah.Sold)
	fee := murabahah.Fee{Act: act(b.contract), Amount: ledger.IDR.Of(75_000), Place: cash}
	b.does(fee)
	require.Zero(t, b.contract.Position.Recognised)
	fee.Note = ""
	_, err := b.contract.Decide(fee)
	require.ErrorIs(t, err, murabahah.ErrEvidence, "a note of the real costs, not a percentage")
}

func TestMistakeCollectibilityByDaysOnly(t *testing.T) {
	policy := murabahah.DefaultCollectibility(start)
	weekly := motor(murabahah.Proportional)
	weekly.Plan.Days = murabahah.MarketDay
	behind := murabahah.Arrears{Instalments: 4, Days: 20}
	require.Equal(t, murabahah.Substandard, policy.Classify(weekly, behind))
	require.Equal(t, murabahah.Doubtful, policy.Classify(motor(murabahah.Proportional), behind))
}

// A share that does not perform is seen at every month's end and provided for,
// once.
func TestMistakeNPFWithoutProcedure(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	monthEnd := start.AddMonths(14)
	ageing, err := desk.Ageing(ctx, murabahah.DefaultCollectibility(start), monthEnd, nil)
	require.NoError(t, err)
	require.Equal(t, murabahah.Loss, ageing.Rows[0].Class, "nothing was paid for a year")
	require.Equal(t, "1", ageing.NPF().Gross(4).String())
	require.Equal(t, ledger.IDR.Of(16_000_000), ageing.Total.Allowance, "all that is owed but its margin")
	done, err := desk.Provide(ctx, murabahah.Provision{Key: "PPAP/1", Date: monthEnd, Required: ageing.Total.Allowance})
	require.NoError(t, err)
	require.Equal(t, ageing.Total.Allowance, done.Movement)
	before := headOf(t, book)
	again, err := desk.Provide(ctx, murabahah.Provision{Key: "PPAP/2", Date: monthEnd, Required: ageing.Total.Allowance})
	require.NoError(t, err)
	require.True(t, again.Movement.IsZero())
	require.Equal(t, before, headOf(t, book), "what is held already is not set aside twice")
}

func TestMistakeJournalOutOfBalance(t *testing.T) {
	book, _ := newDesk(t)
	_, err := book.Post(ctx, ledger.Entry{Key: "MRB-025", Date: start, Memo: "x", Lines: []ledger.Line{
		ledger.Debit("11101", ledger.IDR.Of(125_000)).For("MRB-1"), ledger.Credit("11401", ledger.IDR.Of(105_000)).For("MRB-1"),
	}})
	require.ErrorIs(t, err, ledger.ErrUnbalanced)
}

// The supplier is the buyer, however the name or the number is written.
func TestMistakeBayAlInah(t *testing.T) {
	b := inState(t, murabahah.Ordered)
	for _, supplier := range []string{"M00001", "m00001", " M 00001 ", "M-00001"} {
		_, err := b.contract.Acquire(murabahah.Acquisition{Date: start, Cost: b.contract.Terms.Cost, Place: cash, Supplier: supplier})
		require.ErrorIs(t, err, murabahah.ErrInah, supplier)
	}
	_, err := b.contract.Acquire(murabahah.Acquisition{Date: start, Cost: b.contract.Terms.Cost, Place: cash, Supplier: "Toko Jaya", SupplierMember: "M00001"})
	require.ErrorIs(t, err, murabahah.ErrInah)
	stock := newBook(t).does(murabahah.Stocking{Act: act(b.contract), Goods: "Sepeda motor", Cost: ledger.IDR.Of(20_000_000), Place: cash, Supplier: "m-00001", Possession: "SJ"})
	_, err = stock.contract.Order(murabahah.Ordering{Date: start, Terms: motor(murabahah.Proportional)})
	require.ErrorIs(t, err, murabahah.ErrInah, "goods in stock are not sold to who sold them")
}
