package murabahah_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// randomTerms returns terms of any kind; the caller skips those refused.
func randomTerms(random *rand.Rand) murabahah.Terms {
	terms := motor(murabahah.Proportional)
	step := []int64{1, 100, 100, 50_000}[random.IntN(4)]
	scale := []int64{20, 100_000, 5_000_000_00, 9e15}[random.IntN(4)]
	terms.Recognition.Step = ledger.Minor(step)
	terms.Cost = ledger.Minor(1 + random.Int64N(scale))
	terms.Margin = ledger.Minor(random.Int64N(scale*int64(1+random.IntN(3))) / step * step)
	terms.DownPayment = ledger.Minor(random.Int64N(terms.Cost.Minor()) * int64(random.IntN(2)))
	terms.Plan.Instalments = 1 + random.IntN(40)
	terms.Plan.Step = ledger.Minor([]int64{1, 100, 100_000}[random.IntN(3)])
	terms.Plan.Rounding = ledger.Rounding(1 + random.IntN(4))
	terms.Plan.RemainderFirst = random.IntN(4) == 0
	terms.Plan.FirstDue = start.AddDays(random.IntN(90))
	if random.IntN(4) == 0 {
		terms.Plan.Days = 7
	}
	switch random.IntN(6) {
	case 0:
		terms.Plan.Kind = []murabahah.PlanKind{murabahah.Declining, murabahah.Progressive}[random.IntN(2)]
		terms.Recognition.Method = []murabahah.Method{murabahah.Planned, murabahah.Proportional, murabahah.Annuity}[random.IntN(3)]
	case 1, 2:
		terms.Recognition.Method = murabahah.Annuity
	case 3:
		terms.Recognition.Method, terms.Recognition.Rate = murabahah.AnnuityAtRate, decimal.New(random.Int64N(30), -3)
	case 4:
		if terms.Plan.Instalments > 1 && !terms.Plan.RemainderFirst {
			terms.Plan.Final = ledger.Minor(1 + random.Int64N(terms.NetReceivable().Minor()))
		}
	}
	return terms
}

// Random contracts with random payment streams keep the invariants of the
// package after every event; [book.do] checks entries, replay and stored form.
func TestRandomContracts(t *testing.T) {
	const seed = 153_2022
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	lived, early := 0, 0
	for range 3000 {
		terms := randomTerms(random)
		schedule, err := terms.Schedule()
		if err != nil {
			require.ErrorIs(t, err, murabahah.ErrTerms)
			continue
		}
		lived++
		slack := int64(0)
		if terms.Recognition.Method == murabahah.Proportional {
			slack = terms.Recognition.Step.Minor() / 2
		}
		requireScheduleSumsWithin(t, schedule, terms.Financed().Minor(), terms.Margin.Minor(), slack)
		b := newBook(t).order(terms).acquire().sell()
		requireInvariants(t, b.contract, terms.NetReceivable())
		for b.contract.State == murabahah.Sold {
			owed := b.contract.Outstanding()
			if random.IntN(8) == 0 {
				penalty := ledger.Minor(1 + random.Int64N(1000))
				b.do(b.contract.Penalise(murabahah.Receipt{Date: b.contract.Latest, Amount: penalty, Place: cash}))
				require.Equal(t, owed, b.contract.Outstanding(), "a penalty is no part of the debt")
			}
			if random.IntN(12) == 0 && settled(t, b, random) {
				early++
				break
			}
			amount := ledger.Minor(1 + random.Int64N(max(1, terms.NetReceivable().Minor()/int64(1+random.IntN(10))))).Min(owed)
			if random.IntN(12) == 0 {
				amount = owed
			}
			b.pay(amount)
			requireInvariants(t, b.contract, owed)
		}
		requireEnd(t, b)
	}
	t.Logf("%d contracts, %d settled early", lived, early)
	require.Greater(t, lived, 1000)
	require.Greater(t, early, 100)
}

func settled(t *testing.T, b *book, random *rand.Rand) bool {
	asOf := b.contract.Latest.AddDays(random.IntN(400))
	before := b.contract.Position
	q, err := b.contract.Quote(asOf)
	if errors.Is(err, murabahah.ErrNoClaim) {
		return false
	}
	require.NoError(t, err)
	require.GreaterOrEqual(t, q.Rebate.Sign(), 0)
	require.GreaterOrEqual(t, q.Income.Sign(), 0)
	require.Equal(t, before.Receivable, q.Pays.Add(q.Rebate))
	require.Equal(t, before.Deferred, q.Income.Add(q.Rebate))
	b.do(b.contract.Settle(murabahah.Settlement{Date: asOf, Place: cash}))
	return true
}

func requireInvariants(t testing.TB, c murabahah.Contract, owedBefore ledger.Money) {
	t.Helper()
	p := c.Position
	require.Zero(t, p.Inventory, "goods are gone after the sale")
	require.Zero(t, p.DownPayment)
	require.GreaterOrEqual(t, p.Deferred.Sign(), 0)
	// Rounding to the step is the one slack: with less than a step of cash to
	// come, up to half a step of margin may stand against it.
	slack := ledger.Minor(c.Terms.Recognition.Step.Minor() / 2)
	require.False(t, p.Receivable.Add(slack).Less(p.Deferred), "receivable %s, deferred %s", p.Receivable, p.Deferred)
	if p.Receivable.IsZero() {
		require.Zero(t, p.Deferred)
	}
	require.False(t, owedBefore.Less(p.Receivable), "the claim never rises")
	require.Equal(t, c.Terms.Margin, p.Recognised.Add(p.Deferred).Add(p.Rebate))
	require.Equal(t, c.Terms.NetReceivable(), p.Collected.Add(p.Receivable).Add(p.Rebate))
}

func requireEnd(t testing.TB, b *book) {
	t.Helper()
	require.Equal(t, murabahah.Settled, b.contract.State)
	p := b.contract.Position
	for _, account := range []string{accounts.Receivable, accounts.DeferredMargin, accounts.Inventory, accounts.DownPayment} {
		require.Zero(t, b.balances[account])
	}
	require.Equal(t, b.contract.Terms.Margin, p.Recognised.Add(p.Rebate))
}

// E(c) starts at zero, ends at the margin and never falls.
func TestEarnedGrows(t *testing.T) {
	const seed = 84_2012
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 3))
	for range 2000 {
		terms := randomTerms(random)
		schedule, err := terms.Schedule()
		if err != nil {
			continue
		}
		net := terms.NetReceivable().Minor()
		require.Zero(t, schedule.Earned(ledger.Money{}))
		require.Equal(t, terms.Margin, schedule.Earned(ledger.Minor(net)))
		c, last := int64(0), ledger.Money{}
		for c < net {
			c = min(net, c+1+random.Int64N(max(1, net/20)))
			now := schedule.Earned(ledger.Minor(c))
			require.False(t, now.Less(last))
			require.False(t, terms.Margin.Less(now))
			last = now
		}
		// At the end of a row proportional recognition is what the rows say.
		var sum, margin ledger.Money
		for _, row := range schedule.Rows {
			sum, margin = sum.Add(row.Amount), margin.Add(row.Margin)
			if terms.Plan.Kind == murabahah.Level {
				require.Equal(t, margin, schedule.Earned(sum))
			}
		}
	}
}

// Half a step goes up: in proportional recognition, in a row begun, and in the
// rows of a plan.
func TestHalfGoesUp(t *testing.T) {
	one, two := ledger.Minor(1), ledger.Minor(2)
	for _, method := range []murabahah.Method{murabahah.Proportional, murabahah.Annuity} {
		terms := sale(ledger.Minor(3), one, ledger.Money{}, plan(1, one, ledger.RoundHalfUp), method, one)
		schedule, err := terms.Schedule()
		require.NoError(t, err)
		require.Equal(t, ledger.Money{}, schedule.Earned(one), "a quarter of 1")
		require.Equal(t, one, schedule.Earned(two), "half of 1")
	}
	schedule, err := sale(ledger.Minor(3), one, ledger.Money{}, plan(2, one, ledger.RoundHalfUp), murabahah.Proportional, one).Schedule()
	require.NoError(t, err)
	require.Equal(t, []int64{1, 0}, marginsOf(schedule))
}

func TestReversalStepsBack(t *testing.T) {
	b := newBook(t).order(motor(murabahah.Annuity)).acquire().sell()
	b.pay(ledger.IDR.Of(2_000_000))
	b.do(b.contract.Settle(murabahah.Settlement{Date: ledger.On(2026, 3, 2), Place: cash}))
	original := murabahah.Journal(b.contract, b.history[len(b.history)-1], accounts)

	_, err := murabahah.Reverse(b.history, murabahah.Reversal{Version: 5, Date: ledger.On(2026, 3, 3), Reason: "salah"})
	require.ErrorIs(t, err, murabahah.ErrNotLatest)
	require.ErrorContains(t, err, "settle #6 on 2026-03-02")
	_, err = murabahah.Reverse(b.history, murabahah.Reversal{Date: ledger.On(2026, 3, 1), Reason: "salah"})
	require.ErrorIs(t, err, murabahah.ErrDate)
	_, err = murabahah.Reverse(b.history, murabahah.Reversal{Date: ledger.On(2026, 3, 3)})
	require.ErrorIs(t, err, murabahah.ErrCommand)

	mirror := b.do(murabahah.Reverse(b.history, murabahah.Reversal{Version: 6, Date: ledger.On(2026, 3, 3), Reason: "salah"}))
	require.Len(t, mirror.Lines, len(original.Lines))
	for i, line := range original.Lines {
		line.Amount = line.Amount.Neg()
		require.Equal(t, line, mirror.Lines[i])
	}
	require.Equal(t, murabahah.Sold, b.contract.State)
	require.Equal(t, start, b.contract.Latest, "the payment is the latest event again")

	// The right payment can carry its own, earlier date.
	b.do(b.contract.Pay(murabahah.Receipt{Date: ledger.On(2026, 3, 2), Amount: ledger.IDR.Of(5), Place: cash}))

	// All the way back: what stands is undone one by one until nothing is left.
	for len(murabahah.Standing(b.history)) > 0 {
		b.do(murabahah.Reverse(b.history, murabahah.Reversal{Date: ledger.On(2026, 3, 9), Reason: "salah"}))
	}
	require.Equal(t, murabahah.Unordered, b.contract.State)
	require.Zero(t, b.contract.Position)
	for account, balance := range b.balances {
		require.Zero(t, balance, account)
	}
	_, err = murabahah.Reverse(b.history, murabahah.Reversal{Date: ledger.On(2026, 3, 9), Reason: "salah"})
	require.ErrorIs(t, err, murabahah.ErrState)
}

// A contract taken over half-paid goes on exactly like the one that was here
// from the first day.
func TestAdoptedContractGoesOn(t *testing.T) {
	for _, method := range []murabahah.Method{murabahah.Proportional, murabahah.Annuity, murabahah.AtDelivery, murabahah.AfterCollected} {
		for _, collected := range []int64{0, 1, 7_654_321, 16_000_001, 20_799_999} { // the last two leave less than the whole margin
			requireAdoptedGoesOn(t, method, ledger.IDR.Of(collected))
		}
	}
	for name, a := range map[string]murabahah.Adoption{
		"settled":                   {State: murabahah.Settled},
		"all collected":             {State: murabahah.Sold, Collected: ledger.IDR.Of(20_800_000)},
		"collected before the sale": {State: murabahah.Acquired, Collected: ledger.IDR.Of(1)},
		"too much down":             {State: murabahah.Ordered, DownPayment: ledger.IDR.Of(4_000_001)},
		"negative":                  {State: murabahah.Ordered, DownPayment: ledger.IDR.Of(-1)},
	} {
		a.Date, a.Terms = start, motor(murabahah.Annuity)
		_, err := murabahah.Contract{}.Adopt(a)
		var refusal *murabahah.Refusal
		require.ErrorAs(t, err, &refusal, name)
	}
}

func requireAdoptedGoesOn(t testing.TB, method murabahah.Method, collected ledger.Money) {
	t.Helper()
	own := newBook(t).order(motor(method)).acquire().sell()
	if collected.Sign() > 0 {
		own.pay(collected)
	}
	e, err := murabahah.Contract{}.Adopt(murabahah.Adoption{
		Date: start, Terms: motor(method), State: murabahah.Sold, Collected: collected, SoldOn: start,
	})
	require.NoError(t, err, "%s, %s collected", method, collected)
	require.False(t, e.Moves())
	require.Empty(t, murabahah.Journal(murabahah.Contract{}, e, accounts).Lines)
	adopted, err := murabahah.Contract{}.Apply(e)
	require.NoError(t, err)
	require.Equal(t, own.contract.Position, adopted.Position)
	for _, on := range []ledger.Date{ledger.On(2026, 1, 20), ledger.On(2026, 9, 1)} {
		mine, err := own.contract.Quote(on)
		theirs, refused := adopted.Quote(on)
		require.Equal(t, err, refused)
		require.Equal(t, mine, theirs)
	}
}

func TestArrears(t *testing.T) {
	b := inState(t, murabahah.Sold) // 12 x 1,733,000, from 31 January
	b.pay(ledger.IDR.Of(2_000_000))
	for _, test := range []struct {
		asOf string
		want murabahah.Arrears
	}{
		{"2026-02-28", murabahah.Arrears{}},
		{"2026-03-01", murabahah.Arrears{Overdue: ledger.IDR.Of(1_466_000), Instalments: 1, Since: ledger.On(2026, 2, 28), Days: 1}},
		{"2026-05-01", murabahah.Arrears{Overdue: ledger.IDR.Of(4_932_000), Instalments: 3, Since: ledger.On(2026, 2, 28), Days: 62}},
	} {
		test.want.AsOf = day(t, test.asOf)
		got, err := b.contract.Arrears(test.want.AsOf)
		require.NoError(t, err)
		require.Equal(t, test.want, got)
	}
	_, err := b.contract.Arrears(ledger.Date{})
	require.ErrorIs(t, err, murabahah.ErrDate)

	old, young := murabahah.DefaultCollectibility(ledger.On(2020, 1, 1)), murabahah.DefaultCollectibility(ledger.On(2026, 1, 1))
	policy, found := murabahah.InForce([]murabahah.Collectibility{young, old}, ledger.On(2025, 12, 31))
	require.True(t, found)
	require.Equal(t, old.From, policy.From)
	_, found = murabahah.InForce([]murabahah.Collectibility{young, old}, ledger.On(2019, 12, 31))
	require.False(t, found)
	_, err = policy.Allowance(murabahah.Exposure{Class: "X"})
	require.ErrorIs(t, err, murabahah.ErrAmount)
	exposure := b.contract.Exposure(murabahah.Substandard, ledger.IDR.Of(100_000_000))
	require.Equal(t, b.contract.Position.Receivable.Sub(b.contract.Position.Deferred), exposure.Net)
	allowance, err := policy.Allowance(exposure)
	require.NoError(t, err)
	require.Zero(t, allowance, "more collateral than debt needs no allowance")
}

// Stored bytes from anywhere are read or refused, never a panic, and what is
// read can be written and read again.
func FuzzStoredContract(f *testing.F) {
	for _, state := range []murabahah.State{murabahah.Unordered, murabahah.Acquired, murabahah.Sold} {
		data, err := json.Marshal(inState(f, state).contract)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`{"format":2,"state":""}`))
	revised := newBook(f).order(motor(murabahah.Annuity)).acquire().sell().pay(ledger.IDR.Of(1_000_000))
	revised.does(murabahah.Concession{Act: act(revised.contract), Amount: ledger.IDR.Of(500_000)})
	for range 2 {
		data, err := json.Marshal(revised.contract)
		require.NoError(f, err)
		f.Add(data)
		for _, hostile := range []string{`"owed":1`, `"owed":9223372036854775792`, `"owed":-1`, `"unearned":9223372036854775792`, `"collected":99`, `"total":0`, `"step":0`} {
			name, _, _ := strings.Cut(hostile, ":")
			f.Add(regexp.MustCompile(name+`:-?\d+`).ReplaceAll(data, []byte(hostile)))
		}
		revised.does(murabahah.Reschedule{Act: act(revised.contract), Kind: murabahah.Rescheduling, Plan: plan(7, rupiah, ledger.RoundHalfUp)})
		revised.does(murabahah.Concession{Act: act(revised.contract), Amount: ledger.IDR.Of(500_000)})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c murabahah.Contract
		if json.Unmarshal(data, &c) != nil {
			return
		}
		again, err := json.Marshal(c)
		require.NoError(t, err)
		var read murabahah.Contract
		require.NoError(t, json.Unmarshal(again, &read))
		requireSame(t, c, read)
		for _, tries := range attempts() {
			for _, try := range tries {
				_, _ = try.do(c)
			}
		}
	})
}

func TestApplyRefusesWhatDoesNotFollow(t *testing.T) {
	b := inState(t, murabahah.Sold)
	e, err := b.contract.Pay(murabahah.Receipt{Date: start, Amount: ledger.IDR.Of(1), Place: cash})
	require.NoError(t, err)
	for name, change := range map[string]func(*murabahah.Event){
		"version": func(e *murabahah.Event) { e.Version++ },
		"from":    func(e *murabahah.Event) { e.From = murabahah.Ordered },
		"to":      func(e *murabahah.Event) { e.To = "lost" },
		"amount":  func(e *murabahah.Event) { e.Change.Receivable = ledger.IDR.Of(-99_000_000) },
	} {
		wrong := e
		change(&wrong)
		after, err := b.contract.Apply(wrong)
		require.ErrorIs(t, err, murabahah.ErrSequence, name)
		requireSame(t, b.contract, after)
	}
}
