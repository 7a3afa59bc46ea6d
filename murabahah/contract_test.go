package murabahah_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

var (
	cash  = murabahah.Place{Account: "10102"}
	start = ledger.On(2026, 1, 5)
)

// motor is a motorcycle for 24 million: 20 million cost, 4.8 million margin,
// 4 million down.
func motor(method murabahah.Method) murabahah.Terms {
	return murabahah.Terms{
		Contract: "MRB-1", Buyer: ledger.Party{Member: "M00001", Standing: ledger.Candidate}, Goods: "Sepeda motor",
		Cost: ledger.IDR.Of(20_000_000), Margin: ledger.IDR.Of(4_800_000), DownPayment: ledger.IDR.Of(4_000_000),
		Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: 12, FirstDue: ledger.On(2026, 1, 31),
			Step: ledger.IDR.Of(1000), Rounding: ledger.RoundHalfUp,
		},
		Recognition: murabahah.Recognition{Method: method, Step: ledger.IDR.Of(1)},
	}
}

// book is a contract with its history and the balances of its accounts.
type book struct {
	t        testing.TB
	contract murabahah.Contract
	history  []murabahah.Event
	balances map[string]ledger.Money
	want     murabahah.State // in which a test wants it
}

func newBook(t testing.TB) *book { return &book{t: t, balances: map[string]ledger.Money{}} }

func (b *book) do(e murabahah.Event, err error) ledger.Entry {
	b.t.Helper()
	require.NoError(b.t, err)
	entry := requireBalanced(b.t, b.contract, e)
	next, err := b.contract.Apply(e)
	require.NoError(b.t, err)
	b.contract, b.history = next, append(b.history, e)
	for _, line := range entry.Lines {
		b.balances[line.Account] = b.balances[line.Account].Add(line.Amount)
	}
	b.check()
	return entry
}

// check compares contract and accounts, and replay and JSON with the contract.
func (b *book) check() {
	b.t.Helper()
	p := b.contract.Position
	require.Equal(b.t, p.Receivable, b.balances[accounts.Receivable])
	require.Equal(b.t, p.Inventory, b.balances[accounts.Inventory])
	require.Equal(b.t, p.Deferred.Neg(), b.balances[accounts.DeferredMargin])
	require.Equal(b.t, p.DownPayment.Neg(), b.balances[accounts.DownPayment])
	require.Equal(b.t, p.Recognised.Add(p.SupplierProfit).Neg(), b.balances[accounts.MarginIncome])
	require.Equal(b.t, p.Penalties.Neg(), b.balances[accounts.PenaltyFund])
	require.Equal(b.t, p.Due, b.balances[accounts.Due])
	require.Equal(b.t, p.Accrued.Neg(), b.balances[accounts.AccruedIncome])
	require.Equal(b.t, p.Held.Neg(), b.balances[accounts.Held])
	require.Equal(b.t, p.Deposit.Neg(), b.balances[accounts.Deposit])
	require.Equal(b.t, p.Agent, b.balances[accounts.Agent])
	require.Equal(b.t, p.AllowanceUsed, b.balances[accounts.Allowance])
	require.Equal(b.t, p.WrittenOff, b.balances[accounts.WrittenOff])
	require.Equal(b.t, p.Suspended, b.balances[accounts.Suspended])

	again, err := murabahah.Replay(b.history)
	require.NoError(b.t, err)
	requireSame(b.t, b.contract, again)
	data, err := json.Marshal(b.history)
	require.NoError(b.t, err)
	var stored []murabahah.Event
	require.NoError(b.t, json.Unmarshal(data, &stored))
	again, err = murabahah.Replay(stored)
	require.NoError(b.t, err)
	requireSame(b.t, b.contract, again)
	data, err = json.Marshal(b.contract)
	require.NoError(b.t, err)
	var read murabahah.Contract
	require.NoError(b.t, json.Unmarshal(data, &read))
	requireSame(b.t, b.contract, read)
}

// requireSame compares two contracts by their stored form, which writes rates
// in one way only.
func requireSame(t testing.TB, want, got murabahah.Contract) {
	t.Helper()
	a, err := json.Marshal(want)
	require.NoError(t, err)
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
}

func (b *book) order(terms murabahah.Terms) *book {
	b.t.Helper()
	b.do(b.contract.Order(murabahah.Ordering{Date: start, Terms: terms}))
	return b
}

// does decides commands one after the other.
func (b *book) does(commands ...murabahah.Command) *book {
	b.t.Helper()
	for _, command := range commands {
		b.do(b.contract.Decide(command))
	}
	return b
}

func (b *book) acquire() *book {
	b.t.Helper()
	b.do(b.contract.Acquire(murabahah.Acquisition{Date: start, Cost: b.contract.Terms.Cost, Place: cash, Supplier: "Toko Jaya", Document: "FKT-1"}))
	return b
}

func (b *book) sell() *book {
	b.t.Helper()
	if down := b.contract.Terms.DownPayment.Sub(b.contract.Position.DownPayment); !down.IsZero() {
		b.do(b.contract.ReceiveDownPayment(murabahah.Receipt{Date: start, Amount: down, Place: cash}))
	}
	b.do(b.contract.Sell(murabahah.Sale{Date: start}))
	return b
}

func (b *book) pay(amount ledger.Money) *book {
	b.t.Helper()
	b.do(b.contract.Pay(murabahah.Receipt{Date: b.contract.Latest, Amount: amount, Place: cash}))
	return b
}

func TestRefusals(t *testing.T) {
	on := ledger.On
	rp := ledger.IDR.Of
	for _, test := range []struct {
		name  string
		state murabahah.State
		do    func(murabahah.Contract) (murabahah.Event, error)
		kind  error
		text  string
	}{
		{"down payments above the terms", murabahah.Ordered, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.ReceiveDownPayment(murabahah.Receipt{Date: start, Amount: rp(4_000_001), Place: cash})
		}, murabahah.ErrDownPayment, "murabahah: contract MRB-1: down payments of 400000100 are above the 400000000 of the terms"},
		{"sale before the down payment is complete", murabahah.Acquired, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Sell(murabahah.Sale{Date: start})
		}, murabahah.ErrDownPayment, "murabahah: contract MRB-1: down payments of 0 are not yet the 400000000 of the terms"},
		{"sale before ownership", murabahah.Ordered, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Sell(murabahah.Sale{Date: start})
		}, murabahah.ErrNotOwned, "murabahah: contract MRB-1: the goods must be owned before they are sold, the contract is only ordered (DSN-MUI 04/2000)"},
		{"another cost", murabahah.Ordered, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Acquire(murabahah.Acquisition{Date: start, Cost: rp(19_000_000), Place: cash, Document: "FKT-1"})
		}, murabahah.ErrCost, "murabahah: contract MRB-1: cost 1900000000 differs from the 2000000000 of the terms (DSN-MUI 04/2000)"},
		{"the buyer's own goods", murabahah.Ordered, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Acquire(murabahah.Acquisition{Date: start, Cost: rp(20_000_000), Place: cash, Supplier: "M00001"})
		}, murabahah.ErrInah, "murabahah: contract MRB-1: the supplier M00001 is the buyer (bay' al-'inah) (DSN-MUI 04/2000)"},
		{"payment above what is owed", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Pay(murabahah.Receipt{Date: start, Amount: rp(20_800_001), Place: cash})
		}, murabahah.ErrOverpaid, "murabahah: contract MRB-1: payment of 2080000100 is above the 2080000000 owed"},
		{"payment of nothing", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Pay(murabahah.Receipt{Date: start, Place: cash})
		}, murabahah.ErrAmount, "murabahah: contract MRB-1: pay of 0 is not above zero"},
		{"negative payment", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Pay(murabahah.Receipt{Date: start, Amount: rp(-5), Place: cash})
		}, murabahah.ErrAmount, "murabahah: contract MRB-1: pay of -500 is not above zero"},
		{"money that is none", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Penalise(murabahah.Receipt{Date: start, Amount: ledger.Minor(ledger.MaxMoney).Add(rp(1)), Place: cash})
		}, murabahah.ErrAmount, "murabahah: contract MRB-1: penalty: " + ledger.Minor(ledger.MaxMoney).Add(rp(1)).Err().Error()},
		{"no account", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Settle(murabahah.Settlement{Date: start})
		}, murabahah.ErrCommand, "murabahah: contract MRB-1: settle does not say through which account the money goes"},
		{"no date", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Pay(murabahah.Receipt{Amount: rp(1), Place: cash})
		}, murabahah.ErrDate, "murabahah: contract MRB-1: pay: ledger: not a date: missing"},
		{"back-dated", murabahah.Sold, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Pay(murabahah.Receipt{Date: on(2026, 1, 4), Amount: rp(1), Place: cash})
		}, murabahah.ErrDate, "murabahah: contract MRB-1: pay on 2026-01-04 lies before the latest event on 2026-01-05"},
		{"settlement of what is fully paid", murabahah.Settled, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Settle(murabahah.Settlement{Date: start, Place: cash})
		}, murabahah.ErrState, "murabahah: contract MRB-1: settle is not possible, the contract is settled"},
		{"loss without evidence", murabahah.Ordered, func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Cancel(murabahah.Cancellation{Date: start, ActualLoss: rp(1), Place: cash})
		}, murabahah.ErrCommand, "murabahah: contract MRB-1: an actual loss of 100 needs evidence (DSN-MUI 13/2000)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := test.do(inState(t, test.state).contract)
			require.ErrorIs(t, err, test.kind)
			require.EqualError(t, err, test.text)
			require.Zero(t, e)
			var refusal *murabahah.Refusal
			require.True(t, errors.As(err, &refusal))
			require.NotEmpty(t, refusal.Code)
		})
	}
}

func TestPlansByHandRefused(t *testing.T) {
	row := func(month int, amount int64) murabahah.Instalment {
		return murabahah.Instalment{Due: ledger.On(2026, 1, 31).AddMonths(month), Amount: ledger.IDR.Of(amount)}
	}
	good := murabahah.Plan{Kind: murabahah.ByHand, Rows: []murabahah.Instalment{row(2, 800_000), row(8, 20_000_000)}}
	for _, test := range []struct {
		name string
		rows []murabahah.Instalment
		code string
	}{
		{"no rows", nil, "plan.instalments"},
		{"too little", []murabahah.Instalment{row(2, 800_000)}, "plan.total"},
		{"too much", []murabahah.Instalment{row(2, 800_001), row(8, 20_000_000)}, "plan.total"},
		{"a row of zero", []murabahah.Instalment{row(2, 20_800_000), row(8, 0)}, "plan.row"},
		{"the same day twice", []murabahah.Instalment{row(2, 800_000), row(2, 20_000_000)}, "plan.rows"},
		{"no day", []murabahah.Instalment{{Amount: ledger.IDR.Of(20_800_000)}}, "plan.rows"},
	} {
		terms := motor(murabahah.Proportional)
		terms.Plan = murabahah.Plan{Kind: murabahah.ByHand, Rows: test.rows}
		var refusal *murabahah.Refusal
		require.ErrorAs(t, terms.Validate(), &refusal, test.name)
		require.Equal(t, test.code, refusal.Code, test.name)
	}
	terms := motor(murabahah.Annuity)
	terms.Plan = good
	require.NoError(t, terms.Validate())
	terms.Plan.Months = 1
	require.ErrorIs(t, terms.Validate(), murabahah.ErrTerms)
}

func TestStatedRateRefused(t *testing.T) {
	for text, code := range map[string]string{
		"0.2":                   "terms.rate", // earns all margin long before the end
		"-0.01":                 "terms.rate",
		"11":                    "terms.rate",
		"0.0000000000000000001": "terms.rate",
		"0":                     "plan.margin", // all margin would fall on the last row
	} {
		terms := motor(murabahah.AnnuityAtRate)
		terms.Recognition.Rate = decimal.RequireFromString(text)
		var refusal *murabahah.Refusal
		require.ErrorAs(t, terms.Validate(), &refusal, text)
		require.Equal(t, code, refusal.Code, text)
	}
	terms := motor(murabahah.AnnuityAtRate)
	terms.Recognition.Rate = decimal.RequireFromString("0.2")
	require.ErrorContains(t, terms.Validate(), "DSN-MUI 84/2012")
	terms.Recognition.Method = murabahah.Annuity
	require.ErrorIs(t, terms.Validate(), murabahah.ErrTerms, "a rate with another method")
	terms.Recognition = murabahah.Recognition{Method: murabahah.AnnuityAtRate, Rate: decimal.New(1, 1_000_000_000), Step: ledger.IDR.Of(1)}
	require.ErrorIs(t, terms.Validate(), murabahah.ErrTerms, "judged before any arithmetic")
}

// What the member is on the day stands on the lines of that day.
func TestStandingOfTheDay(t *testing.T) {
	b := inState(t, murabahah.Sold)
	receipt := murabahah.Receipt{Date: start, Amount: ledger.IDR.Of(1), Place: murabahah.Place{Account: "30101", Sub: "M00001-SIMUDA"}}
	candidate := b.do(b.contract.Pay(receipt))
	receipt.Standing = ledger.Member
	member := b.do(b.contract.Pay(receipt))
	for i := range member.Lines {
		require.Equal(t, ledger.Party{Member: "M00001", Standing: ledger.Candidate}, candidate.Lines[i].Party)
		require.Equal(t, ledger.Party{Member: "M00001", Standing: ledger.Member}, member.Lines[i].Party)
	}
	require.Equal(t, "M00001-SIMUDA", member.Lines[0].Sub)
	require.Equal(t, ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: b.contract.Version, Event: "pay"}, member.Source)
	receipt.Standing = 9
	_, err := b.contract.Pay(receipt)
	require.ErrorIs(t, err, murabahah.ErrCommand)
	receipt.Standing, receipt.Note = ledger.Member, strings.Repeat("x", ledger.MaxText+1)
	_, err = b.contract.Pay(receipt)
	require.ErrorIs(t, err, murabahah.ErrCommand)
}

func TestTermsRefused(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*murabahah.Terms)
		code   string
	}{
		{"no id", func(t *murabahah.Terms) { t.Contract = "" }, "terms.contract"},
		{"no buyer", func(t *murabahah.Terms) { t.Buyer.Member = "" }, "terms.buyer"},
		{"no standing", func(t *murabahah.Terms) { t.Buyer.Standing = 0 }, "terms.standing"},
		{"no goods", func(t *murabahah.Terms) { t.Goods = "" }, "terms.goods"},
		{"no cost", func(t *murabahah.Terms) { t.Cost = ledger.Money{}; t.DownPayment = ledger.Money{} }, "terms.cost"},
		{"negative margin", func(t *murabahah.Terms) { t.Margin = ledger.IDR.Of(-1) }, "terms.amount"},
		{"price beyond money", func(t *murabahah.Terms) { t.Cost = ledger.Minor(ledger.MaxMoney) }, "terms.amount"},
		{"price not cost + margin", func(t *murabahah.Terms) { t.Price = ledger.IDR.Of(25_000_000) }, "terms.price"},
		{"down payment of the whole cost", func(t *murabahah.Terms) { t.DownPayment = t.Cost }, "terms.down_payment"},
		{"no step", func(t *murabahah.Terms) { t.Recognition.Step = ledger.Money{} }, "terms.step"},
		{"margin off the step", func(t *murabahah.Terms) { t.Margin = t.Margin.Add(ledger.Minor(1)) }, "terms.margin"},
		{"unknown method", func(t *murabahah.Terms) { t.Recognition.Method = "sliding" }, "terms.method"},
		{"planned on a level plan", func(t *murabahah.Terms) { t.Recognition.Method = murabahah.Planned }, "terms.method"},
		{"no instalments", func(t *murabahah.Terms) { t.Plan.Instalments = 0 }, "plan.instalments"},
		{"1201 instalments", func(t *murabahah.Terms) { t.Plan.Instalments = murabahah.MaxInstalments + 1 }, "plan.instalments"},
		{"months and days", func(t *murabahah.Terms) { t.Plan.Months, t.Plan.Days = 1, 7 }, "plan.period"},
		{"no first due date", func(t *murabahah.Terms) { t.Plan.FirstDue = ledger.Date{} }, "plan.first_due"},
		{"last due beyond the calendar", func(t *murabahah.Terms) { t.Plan.FirstDue = ledger.On(9999, 12, 1) }, "plan.last_due"},
		{"no instalment step", func(t *murabahah.Terms) { t.Plan.Step = ledger.Money{} }, "plan.step"},
		{"no rounding", func(t *murabahah.Terms) { t.Plan.Rounding = 0 }, "plan.rounding"},
		{"unknown kind", func(t *murabahah.Terms) { t.Plan.Kind = "" }, "plan.kind"},
		{"balloon of one row", func(t *murabahah.Terms) { t.Plan.Instalments, t.Plan.Final = 1, ledger.IDR.Of(1) }, "plan.final"},
		{"last row not above zero", func(t *murabahah.Terms) { t.Plan.Step = ledger.IDR.Of(1_900_000) }, "plan.row"},
		{"first rows zero", func(t *murabahah.Terms) { t.Plan.Step = ledger.IDR.Of(5_000_000) }, "plan.row"},
	} {
		t.Run(test.name, func(t *testing.T) {
			terms := motor(murabahah.Proportional)
			test.change(&terms)
			err := terms.Validate()
			require.ErrorIs(t, err, murabahah.ErrTerms)
			var refusal *murabahah.Refusal
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, test.code, refusal.Code, err)
			_, err = murabahah.Contract{}.Order(murabahah.Ordering{Date: start, Terms: terms})
			require.ErrorIs(t, err, murabahah.ErrTerms)
		})
	}
	terms := motor(murabahah.Proportional)
	terms.Plan.Instalments, terms.Plan.Step = murabahah.MaxInstalments, ledger.IDR.Of(1)
	require.NoError(t, terms.Validate(), "1200 instalments are the limit")
}
