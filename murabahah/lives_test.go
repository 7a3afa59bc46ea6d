package murabahah_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// randomCommand asks for an event with arguments that often fit and often do not.
func randomCommand(random *rand.Rand, c murabahah.Contract, name murabahah.EventName) (murabahah.Event, error) {
	p := c.Position
	on := c.Latest.AddDays(random.IntN(60))
	if c.Latest.IsZero() {
		on = start
	}
	a := murabahah.Act{Contract: c.Terms.Contract, Date: on, Note: "alasan", Document: "DOK", Approver: "Budi"}
	// some is a part of an amount, now and then the whole or more than it.
	some := func(of ledger.Money) ledger.Money {
		switch random.IntN(6) {
		case 0:
			return of
		case 1:
			return of.Add(rupiah)
		}
		return ledger.Minor(1 + random.Int64N(max(1, of.Minor())))
	}
	r := murabahah.Receipt{Date: on, Place: cash}
	asset := murabahah.Place{Account: "15103"}
	switch name {
	case murabahah.EventDownPayment:
		r.Amount = some(c.Terms.DownPayment.Sub(p.DownPayment).Sub(p.Deposit))
		return c.ReceiveDownPayment(r)
	case murabahah.EventPay:
		r.Amount = some(ledger.Minor(c.Outstanding().Minor() / int64(1+random.IntN(6))))
		return c.Pay(r)
	case murabahah.EventPenalty:
		r.Amount = some(rupiah)
		return c.Penalise(r)
	case murabahah.EventAcquire:
		return c.Acquire(murabahah.Acquisition{Date: on, Cost: c.Terms.Cost, Place: cash, Document: "FKT", Awaiting: random.IntN(3) == 0})
	case murabahah.EventSell:
		return c.Sell(murabahah.Sale{Date: c.Latest})
	case murabahah.EventSettle:
		return c.Settle(murabahah.Settlement{Date: on, Place: cash})
	case murabahah.EventCancel:
		return c.Cancel(murabahah.Cancellation{Date: on, ActualLoss: some(rupiah), Evidence: "kuitansi", Claim: random.IntN(2) == 0, Place: cash})
	case murabahah.EventOrder:
		if c.State == murabahah.Stocked {
			terms := c.Terms
			whole := motor(murabahah.Proportional)
			if terms.Recognition.Method == "" { // goods that nobody has ordered before
				whole.Goods, whole.Margin, whole.DownPayment, whole.Recognition.Step = terms.Goods, p.Inventory, none, sen
				whole.Plan.Step, terms = sen, whole
			}
			terms.Buyer, terms.Cost, terms.Plan.FirstDue = whole.Buyer, p.Inventory, on.AddDays(random.IntN(90))
			return c.Order(murabahah.Ordering{Date: on, Terms: terms})
		}
		return murabahah.Event{}, &murabahah.Refusal{Kind: murabahah.ErrState}
	case murabahah.EventOffer:
		terms := c.Terms
		terms.Cost, terms.DownPayment = p.Inventory, p.DownPayment.Add(p.Deposit)
		terms.Plan.FirstDue = on.AddDays(random.IntN(90))
		return c.Decide(murabahah.Offer{Act: a, Terms: terms})
	}
	var command murabahah.Command
	switch name {
	case murabahah.EventDeposit:
		command = murabahah.Deposit{Act: a, Amount: some(c.Terms.DownPayment.Sub(p.DownPayment)), Place: cash}
	case murabahah.EventReturnDeposit:
		command = murabahah.DepositReturn{Act: a, Amount: some(p.Deposit), Place: cash}
	case murabahah.EventAdvance:
		command = murabahah.SupplierAdvance{Act: a, Amount: some(c.Terms.Cost), Place: cash}
	case murabahah.EventEntrust:
		command = murabahah.Entrustment{Act: a, Amount: some(c.Terms.Cost), Place: cash}
	case murabahah.EventPossess:
		command = murabahah.Possession{Act: a}
	case murabahah.EventCost:
		command = murabahah.FurtherCost{Act: a, Amount: rupiah, Place: cash}
	case murabahah.EventImpair:
		command = murabahah.Impairment{Act: a, Value: some(p.Inventory), Cause: murabahah.Damage}
	case murabahah.EventDispose:
		command = murabahah.Disposal{Act: a, Proceeds: some(p.Inventory), Place: cash}
	case murabahah.EventDeliver:
		command = murabahah.Delivery{Act: a}
	case murabahah.EventFee:
		command = murabahah.Fee{Act: a, Amount: rupiah, Place: cash}
	case murabahah.EventReturn:
		command = murabahah.GoodsReturn{Act: a, Place: cash}
	case murabahah.EventDue:
		command = murabahah.Falling{Act: a}
	case murabahah.EventApplyHeld:
		command = murabahah.HeldUse{Act: a}
	case murabahah.EventReturnHeld:
		command = murabahah.HeldReturn{Act: a, Amount: some(p.Held), Place: cash}
	case murabahah.EventPayRebate:
		command = murabahah.RebatePayment{Act: a, Place: cash}
	case murabahah.EventSupplierDiscount:
		discount := murabahah.SupplierDiscount{Act: a, Amount: some(rupiah), Place: cash}
		if c.Terms.LaterDiscount == murabahah.Shared && (c.State == murabahah.Sold || c.State == murabahah.Settled) {
			discount.BuyersPart = some(discount.Amount)
		}
		command = discount
	case murabahah.EventPayDiscount:
		command = murabahah.DiscountPayment{Act: a, Amount: some(p.DiscountOwed), Place: cash, Untraceable: random.IntN(2) == 0}
	case murabahah.EventDiscount:
		command = murabahah.PromptDiscount{Act: a, Amount: some(ledger.Minor(p.Unearned().Minor() / 4)), Place: cash}
	case murabahah.EventConcession:
		command = murabahah.Concession{Act: a, Amount: some(ledger.Minor(c.Outstanding().Minor() / 3))}
	case murabahah.EventRelease:
		command = murabahah.Release{Act: a, FromAllowance: random.IntN(2) == 0}
	case murabahah.EventCompensation:
		command = murabahah.Compensation{Act: a, Amount: rupiah, Place: cash}
	case murabahah.EventRevise:
		plan := c.Terms.Plan
		plan.Kind, plan.Rows, plan.Final, plan.Months, plan.Step, plan.Rounding = murabahah.Level, nil, none, 1, sen, ledger.RoundHalfUp
		plan.Instalments, plan.FirstDue = 1+random.IntN(30), on.AddDays(random.IntN(40))
		command = murabahah.Reschedule{Act: a, Kind: murabahah.Reconditioning, Plan: plan}
	case murabahah.EventStop:
		command = murabahah.AccrualStop{Act: a}
	case murabahah.EventResume:
		command = murabahah.AccrualResumption{Act: a}
	case murabahah.EventJudge:
		command = murabahah.Judge{Act: a, Class: murabahah.Doubtful}
	case murabahah.EventAbility:
		command = murabahah.Ability{Act: a, Able: random.IntN(2) == 0}
	case murabahah.EventRealise:
		command = murabahah.Realise{Act: a, Proceeds: some(c.Outstanding()), Place: cash}
	case murabahah.EventTakeOver:
		command = murabahah.TakeOver{Act: a, Value: some(ledger.Minor(c.Outstanding().Minor() / 2)), Asset: asset}
	case murabahah.EventConvert:
		command = murabahah.Convert{Act: a, Value: some(c.Outstanding()), Asset: asset, Surplus: murabahah.Place{Account: "20301"}}
	case murabahah.EventWriteOff:
		command = murabahah.WriteOff{Act: a}
	case murabahah.EventRecover:
		command = murabahah.Recovery{Act: a, Amount: some(p.WrittenOff), Place: cash}
	default:
		return murabahah.Event{}, &murabahah.Refusal{Kind: murabahah.ErrState}
	}
	return c.Decide(command)
}

// Random lives of random contracts, every command among them: what must hold
// of a contract holds after each event, what is refused is refused with its
// type, and undoing every event backwards leaves on all accounts what was on
// them before.
func TestRandomLives(t *testing.T) {
	const seed = 48_2005
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 7))
	ends := []murabahah.EventName{ // what ends most lives comes seldom
		murabahah.EventCancel, murabahah.EventDispose, murabahah.EventSettle, murabahah.EventRelease, murabahah.EventWriteOff,
		murabahah.EventReturn, murabahah.EventRealise, murabahah.EventConvert,
	}
	happened, refused := map[murabahah.EventName]int{}, 0
	for range 250 {
		terms := randomTerms(random)
		terms.Recognition.Basis = []murabahah.Basis{murabahah.OnCash, murabahah.OnDueDate}[random.IntN(2)]
		terms.Ahead = []murabahah.Ahead{murabahah.AheadPays, murabahah.AheadHeld}[random.IntN(2)]
		terms.LaterDiscount = []murabahah.DiscountAgreement{murabahah.ForBuyer, murabahah.ForSeller, murabahah.Shared, murabahah.NotAgreed}[random.IntN(4)]
		terms.Settlement.After, terms.Settlement.Elapsed = random.IntN(3) == 0, []murabahah.Elapsed{"", murabahah.ByDays, murabahah.ByMonths}[random.IntN(3)]
		if random.IntN(2) == 0 {
			terms.Promise = murabahah.Binding
		}
		if terms.Validate() != nil {
			continue
		}
		b := begun(t, random, terms)
		for range 40 {
			names := allowedNow(b.contract.State)
			if len(names) == 0 {
				break
			}
			name := names[random.IntN(len(names))]
			for _, end := range ends {
				if name == end && random.IntN(8) > 0 {
					name = names[random.IntN(len(names))]
				}
			}
			before := b.contract
			e, err := randomCommand(random, b.contract, name)
			if err != nil {
				var refusal *murabahah.Refusal
				require.ErrorAs(t, err, &refusal, "%s", name)
				refused++
				continue
			}
			b.do(e, nil)
			happened[name]++
			requireSoundLife(t, before, b.contract)
		}
		first := 0
		if b.history[0].Name == murabahah.EventAdopt {
			first = 1 // the opening entry is not the contract's
		}
		for len(murabahah.Standing(b.history)) > first {
			b.do(murabahah.Reverse(b.history, murabahah.Reversal{Date: b.contract.Latest.AddDays(4000), Reason: "mundur"}))
		}
		for account, balance := range b.balances {
			require.Equal(t, opened(b.history)[account], balance, account)
		}
	}
	t.Logf("%d refused, happened: %v", refused, happened)
	for _, name := range murabahah.Events() {
		switch name {
		case murabahah.EventStock, murabahah.EventAdopt: // begun with
		default:
			require.NotZero(t, happened[name], name)
		}
	}
}

// begun begins a life: by an order, by goods in stock, or by taking a contract
// over that is sold.
func begun(t testing.TB, random *rand.Rand, terms murabahah.Terms) *book {
	b := newBook(t)
	switch random.IntN(8) {
	case 0:
		return b.does(murabahah.Stocking{Act: act(b.contract), Goods: terms.Goods, Cost: terms.Cost, Place: cash, Supplier: "Toko Jaya", Possession: "SJ"})
	case 1:
		collected := ledger.Minor(random.Int64N(terms.NetReceivable().Minor()))
		e, err := b.contract.Adopt(murabahah.Adoption{Date: start, Terms: terms, State: murabahah.Sold, Collected: collected, SoldOn: start})
		require.NoError(t, err)
		b.balances = opened([]murabahah.Event{e})
		b.do(e, nil)
		return b
	case 2, 3:
		return b.order(terms)
	}
	return b.order(terms).acquire().sell()
}

// opened is what the opening entry of a contract that was taken over brought in.
func opened(history []murabahah.Event) map[string]ledger.Money {
	p := history[0].Change
	if history[0].Name != murabahah.EventAdopt {
		return map[string]ledger.Money{}
	}
	return map[string]ledger.Money{
		accounts.Receivable: p.Receivable, accounts.DeferredMargin: p.Deferred.Neg(), accounts.Due: p.Due, accounts.AccruedIncome: p.Accrued.Neg(),
		accounts.MarginIncome: p.Recognised.Neg(),
	}
}

func allowedNow(s murabahah.State) (names []murabahah.EventName) {
	for _, name := range murabahah.Events() {
		for _, state := range murabahah.AllowedIn(name) {
			if state == s {
				names = append(names, name)
			}
		}
	}
	return names
}

func requireSoundLife(t testing.TB, before, c murabahah.Contract) {
	t.Helper()
	p := c.Position
	owes := c.State == murabahah.Sold || c.State == murabahah.Settled || c.State == murabahah.WrittenOff
	if !owes {
		require.Zero(t, c.Outstanding())
		return
	}
	require.Zero(t, p.Inventory, "goods are gone after the sale")
	slack := ledger.Minor(c.Terms.Recognition.Step.Minor() / 2)
	require.False(t, c.Outstanding().Add(slack).Less(p.Unearned()), "owed %s, unearned %s", c.Outstanding(), p.Unearned())
	require.Equal(t, c.Terms.NetReceivable(), ledger.Sum(c.Outstanding(), p.Collected, p.Rebate, p.Conceded, p.AllowanceUsed, p.Lost))
	require.Equal(t, c.Terms.Margin, ledger.Sum(p.Recognised, p.Accrued, p.Deferred, p.Rebate, p.Lost))
	if before.State == murabahah.Sold {
		require.False(t, before.Outstanding().Less(c.Outstanding()), "the claim never rises")
	}
	if c.State != murabahah.Sold {
		require.Zero(t, c.Outstanding())
		require.Zero(t, p.Unearned())
		require.Zero(t, p.Suspended, "nothing is kept track of that cannot come any more")
		return
	}
	schedule, err := c.Schedule()
	require.NoError(t, err)
	require.Equal(t, p.Recognised, schedule.Earned(p.Collected))
	var rows ledger.Money
	for _, row := range schedule.Cover(p.Collected) {
		rows = rows.Add(row.Open())
	}
	require.Equal(t, c.Outstanding(), rows, "the plan in force is what is owed")
}
