package murabahah_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// act is what the commands of the tests say beside their own matter.
func act(c murabahah.Contract) murabahah.Act {
	on := start
	if c.Latest.After(on) {
		on = c.Latest
	}
	return murabahah.Act{Key: fmt.Sprint("A", c.Version), Contract: "MRB-1", Date: on, Note: "alasan", Document: "DOK-1", Approver: "Budi"}
}

// inState returns a contract in the given state.
func inState(t testing.TB, state murabahah.State) *book {
	return inStateOn(t, state, motor(murabahah.Proportional))
}

// chosen are terms with a choice of their own wherever there is one.
func chosen() murabahah.Terms {
	terms := motor(murabahah.Proportional)
	terms.LaterDiscount, terms.Ahead, terms.Recognition.Basis = murabahah.ForBuyer, murabahah.AheadHeld, murabahah.OnDueDate
	return terms
}

func inStateOn(t testing.TB, state murabahah.State, terms murabahah.Terms) *book {
	b := newBook(t)
	sold := func() { b.order(terms).acquire().sell() }
	switch state {
	case murabahah.Stocked:
		b.does(murabahah.Stocking{Act: act(b.contract), Goods: "Sepeda motor", Cost: ledger.IDR.Of(20_000_000), Place: cash, Supplier: "Toko Jaya", Possession: "SJ-1"})
	case murabahah.Ordered:
		b.order(terms)
	case murabahah.Entrusted:
		b.order(terms).does(murabahah.Entrustment{Act: act(b.contract), Amount: ledger.IDR.Of(20_000_000), Place: cash})
	case murabahah.Bought:
		b.order(terms).do(b.contract.Acquire(murabahah.Acquisition{
			Date: start, Cost: ledger.IDR.Of(20_000_000), Place: cash, Document: "FKT-1", Awaiting: true,
		}))
	case murabahah.Acquired:
		b.order(terms).acquire()
	case murabahah.Sold:
		sold()
	case murabahah.Settled:
		sold()
		b.pay(b.contract.Outstanding())
	case murabahah.WrittenOff:
		sold()
		b.does(murabahah.WriteOff{Act: act(b.contract)})
	case murabahah.Cancelled:
		b.order(terms)
		b.do(b.contract.Cancel(murabahah.Cancellation{Date: start}))
	}
	require.Equal(t, state, b.contract.State)
	return b
}

// attempt is a command with arguments that only the state can refuse, and what
// has to be done to the contract before it can be carried out.
type attempt struct {
	before func(*book)
	only   []murabahah.State // in which before makes sense; none means all
	do     func(murabahah.Contract) (murabahah.Event, error)
}

func (a attempt) in(states ...murabahah.State) attempt {
	a.only = states
	return a
}

func asking(command func(murabahah.Contract) murabahah.Command) attempt {
	return attempt{do: func(c murabahah.Contract) (murabahah.Event, error) { return c.Decide(command(c)) }}
}

func (a attempt) after(before func(*book)) attempt {
	a.before = before
	return a
}

func receiving(amount int64) murabahah.Receipt {
	return murabahah.Receipt{Date: start, Amount: ledger.IDR.Of(amount), Place: cash}
}

// attempts has every command in every way that leads somewhere else.
func attempts() map[murabahah.EventName][]attempt {
	rp := ledger.IDR.Of
	all := map[murabahah.EventName][]attempt{
		murabahah.EventOrder: {{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Order(murabahah.Ordering{Date: start, Terms: motor(murabahah.Annuity)})
		}}, attempt{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Order(murabahah.Ordering{Date: start, Terms: motor(murabahah.Annuity)})
		}}.after(func(b *book) { // goods that were paid for and never came
			*b = *inState(b.t, murabahah.Bought)
			b.do(b.contract.Cancel(murabahah.Cancellation{Date: start}))
		}).in(murabahah.Stocked)},
		murabahah.EventDownPayment: {{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.ReceiveDownPayment(receiving(1_000_000))
		}}},
		murabahah.EventCancel: {{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Cancel(murabahah.Cancellation{Date: start, ActualLoss: rp(100), Evidence: "kuitansi", Place: cash})
		}}},
		murabahah.EventSell: {{do: sells("")}, {do: sells(cash.Account)}},
		murabahah.EventPay: {
			{do: func(c murabahah.Contract) (murabahah.Event, error) { return c.Pay(receiving(1)) }},
			{do: func(c murabahah.Contract) (murabahah.Event, error) { return c.Pay(receiving(20_800_000)) }},
		},
		murabahah.EventSettle: {{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Settle(murabahah.Settlement{Date: start, Place: cash})
		}}},
		murabahah.EventPenalty: {{do: func(c murabahah.Contract) (murabahah.Event, error) { return c.Penalise(receiving(10_000)) }}},
	}
	for _, awaiting := range []bool{false, true} {
		all[murabahah.EventAcquire] = append(all[murabahah.EventAcquire], attempt{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Acquire(murabahah.Acquisition{Date: start, Cost: rp(20_000_000), Place: cash, Document: "FKT-1", Awaiting: awaiting})
		}})
	}
	for _, state := range []murabahah.State{murabahah.Ordered, murabahah.Acquired, murabahah.Sold} {
		all[murabahah.EventAdopt] = append(all[murabahah.EventAdopt], attempt{do: func(c murabahah.Contract) (murabahah.Event, error) {
			return c.Adopt(murabahah.Adoption{Date: start, Terms: motor(murabahah.Annuity), State: state})
		}})
	}
	maps.Copy(all, attemptsBefore())
	maps.Copy(all, attemptsAfter())
	return all
}

// sells closes the akad, the down payment completed first, for cash if there
// is an account for it.
func sells(account string) func(murabahah.Contract) (murabahah.Event, error) {
	return func(c murabahah.Contract) (murabahah.Event, error) {
		if c.State == murabahah.Acquired {
			e, err := c.ReceiveDownPayment(murabahah.Receipt{Date: start, Amount: c.Terms.DownPayment, Place: cash})
			if err != nil {
				return e, err
			}
			if c, err = c.Apply(e); err != nil {
				return e, err
			}
			if account != "" {
				c.Terms.Plan.Instalments = 1
			}
		}
		return c.Sell(murabahah.Sale{Date: start, Place: murabahah.Place{Account: account}})
	}
}

func attemptsBefore() map[murabahah.EventName][]attempt {
	rp := ledger.IDR.Of
	return map[murabahah.EventName][]attempt{
		murabahah.EventStock: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Stocking{Act: act(c), Goods: "Sepeda motor", Cost: rp(20_000_000), Place: cash, Possession: "SJ-1"}
		})},
		murabahah.EventOffer: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Offer{Act: act(c), Terms: motor(murabahah.Annuity)}
		})},
		murabahah.EventDeposit: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Deposit{Act: act(c), Amount: rp(500_000), Place: cash}
		})},
		murabahah.EventReturnDeposit: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.DepositReturn{Act: act(c), Amount: rp(200_000), Place: cash}
		}).after(func(b *book) { b.does(murabahah.Deposit{Act: act(b.contract), Amount: rp(500_000), Place: cash}) })},
		murabahah.EventAdvance: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.SupplierAdvance{Act: act(c), Amount: rp(5_000_000), Place: cash}
		})},
		murabahah.EventEntrust: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Entrustment{Act: act(c), Amount: rp(20_000_000), Place: cash}
		})},
		murabahah.EventPossess: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.Possession{Act: act(c)} })},
		murabahah.EventCost: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.FurtherCost{Act: act(c), Amount: rp(300_000), Place: cash}
		})},
		murabahah.EventImpair: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Impairment{Act: act(c), Value: rp(18_000_000), Cause: murabahah.Damage}
		})},
		murabahah.EventDispose: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Disposal{Act: act(c), Proceeds: rp(19_000_000), Place: cash}
		})},
		murabahah.EventDeliver: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.Delivery{Act: act(c)} })},
		murabahah.EventFee: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Fee{Act: act(c), Amount: rp(75_000), Place: cash}
		})},
		murabahah.EventReturn: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.GoodsReturn{Act: act(c), Place: cash}
		})},
		murabahah.EventSupplierDiscount: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.SupplierDiscount{Act: act(c), Amount: rp(300_000), Place: cash}
		})},
	}
}

func attemptsAfter() map[murabahah.EventName][]attempt {
	rp := ledger.IDR.Of
	due := func(n int) ledger.Date { return ledger.On(2026, 1, 31).AddMonths(n - 1) }
	by := func(c murabahah.Contract, n int) murabahah.Act {
		a := act(c)
		a.Date = due(n)
		return a
	}
	paidAhead := func(b *book) {
		if b.contract.State == murabahah.Sold {
			b.pay(rp(4_000_000))
		}
	}
	// surplus leaves money held on a contract that is not sold any more.
	held := func(b *book) {
		switch b.contract.State {
		case murabahah.Sold:
			paidAhead(b)
		default:
			want := b.want
			*b = *soldWith(b.t, paidAhead)
			if want == murabahah.WrittenOff {
				b.does(murabahah.WriteOff{Act: act(b.contract)})
			} else {
				b.pay(b.contract.Outstanding())
			}
		}
	}
	owedDiscount := func(b *book) {
		discount := func(b *book) {
			b.does(murabahah.SupplierDiscount{Act: act(b.contract), Amount: rp(300_000), Place: cash})
		}
		if b.contract.State != murabahah.WrittenOff {
			discount(b)
			return
		}
		*b = *soldWith(b.t, discount)
		b.does(murabahah.WriteOff{Act: act(b.contract)})
	}
	both := func(part, whole func(murabahah.Contract) murabahah.Command) []attempt {
		return []attempt{asking(part), asking(whole)}
	}
	return map[murabahah.EventName][]attempt{
		murabahah.EventDue: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.Falling{Act: by(c, 2)} })},
		murabahah.EventApplyHeld: {
			asking(func(c murabahah.Contract) murabahah.Command { return murabahah.HeldUse{Act: by(c, 1)} }).after(paidAhead),
			asking(func(c murabahah.Contract) murabahah.Command { return murabahah.HeldUse{Act: by(c, 12)} }).after(func(b *book) {
				b.pay(rp(20_000_000)).pay(rp(800_000))
			}),
		},
		murabahah.EventReturnHeld: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.HeldReturn{Act: act(c), Amount: rp(100_000), Place: cash}
		}).after(held)},
		murabahah.EventPayRebate: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.RebatePayment{Act: act(c), Place: cash}
		}).after(func(b *book) {
			fresh := newBook(b.t)
			terms := motor(murabahah.Proportional)
			terms.Settlement.After = true
			fresh.order(terms).acquire().sell()
			fresh.do(fresh.contract.Settle(murabahah.Settlement{Date: start, Place: cash}))
			*b = *fresh
		})},
		murabahah.EventPayDiscount: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.DiscountPayment{Act: act(c), Amount: rp(300_000), Place: cash}
		}).after(owedDiscount)},
		murabahah.EventDiscount: {
			asking(func(c murabahah.Contract) murabahah.Command {
				return murabahah.PromptDiscount{Act: act(c), Amount: rp(100_000), Place: cash}
			}),
			asking(func(c murabahah.Contract) murabahah.Command {
				return murabahah.PromptDiscount{Act: act(c), Amount: c.Outstanding(), Place: cash}
			}).after(func(b *book) { // all of the principal is paid, what is left is margin
				*b = *newBook(b.t)
				b.order(motor(murabahah.AfterCollected)).acquire().sell().pay(rp(16_000_000))
			}).in(murabahah.Sold),
		},
		murabahah.EventConcession: both(
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Concession{Act: act(c), Amount: rp(5_000_000)}
			},
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Concession{Act: act(c), Amount: rp(20_800_000)}
			}),
		murabahah.EventRelease: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.Release{Act: act(c)} })},
		murabahah.EventCompensation: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Compensation{Act: act(c), Amount: rp(50_000), Place: cash}
		})},
		murabahah.EventRevise: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Reschedule{Act: act(c), Kind: murabahah.Rescheduling, Plan: plan(20, ledger.IDR.Of(1000), ledger.RoundHalfUp)}
		})},
		murabahah.EventStop: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.AccrualStop{Act: act(c)} })},
		murabahah.EventResume: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.AccrualResumption{Act: act(c)} }).
			after(func(b *book) { b.does(murabahah.AccrualStop{Act: act(b.contract)}) })},
		murabahah.EventJudge: {asking(func(c murabahah.Contract) murabahah.Command {
			return murabahah.Judge{Act: act(c), Class: murabahah.Loss}
		})},
		murabahah.EventAbility: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.Ability{Act: act(c)} })},
		murabahah.EventRealise: both(
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Realise{Act: act(c), Proceeds: rp(10_000_000), Place: cash}
			},
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Realise{Act: act(c), Proceeds: rp(25_000_000), Place: cash}
			}),
		murabahah.EventTakeOver: both(
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.TakeOver{Act: act(c), Value: rp(10_000_000), Asset: murabahah.Place{Account: "15103"}}
			},
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.TakeOver{Act: act(c), Value: rp(20_800_000), Asset: murabahah.Place{Account: "15103"}}
			}),
		murabahah.EventConvert: both(
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Convert{Act: act(c), Value: rp(10_000_000), Asset: murabahah.Place{Account: "15103"}}
			},
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Convert{Act: act(c), Value: rp(21_000_000), Asset: murabahah.Place{Account: "15103"}, Surplus: murabahah.Place{Account: "20301"}}
			}),
		murabahah.EventWriteOff: {asking(func(c murabahah.Contract) murabahah.Command { return murabahah.WriteOff{Act: act(c)} })},
		murabahah.EventRecover: both(
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Recovery{Act: act(c), Amount: rp(1_000_000), Place: cash}
			},
			func(c murabahah.Contract) murabahah.Command {
				return murabahah.Recovery{Act: act(c), Amount: rp(20_800_000), Place: cash}
			}),
	}
}

// soldWith is a fresh contract that is sold, with something done to it.
func soldWith(t testing.TB, do func(*book)) *book {
	b := inStateOn(t, murabahah.Sold, chosen())
	do(b)
	return b
}

// The arrows and the table in doc.go are the state machine: every state x
// every command is either in it and allowed, with an entry that balances, or
// refused with a typed error.
func TestEveryStateEveryCommand(t *testing.T) {
	drawn, all := diagram(t), attempts()
	require.Len(t, all, len(murabahah.Events()), "every command is attempted")
	seen := map[[2]string][]string{}
	for _, state := range murabahah.States() {
		for _, name := range murabahah.Events() {
			for i, try := range all[name] {
				t.Run(fmt.Sprintf("%s/%s/%d", state, name, i), func(t *testing.T) {
					b := inStateOn(t, state, chosen())
					b.want = state
					if !slices.Contains(murabahah.AllowedIn(name), state) {
						requireRefusedByState(t, b, name, try)
						return
					}
					if len(try.only) > 0 && !slices.Contains(try.only, state) {
						return
					}
					if try.before != nil {
						try.before(b)
						require.Equal(t, state, b.contract.State)
					}
					e, err := try.do(b.contract)
					require.NoError(t, err)
					at := [2]string{stateName(state), string(name)}
					seen[at] = append(seen[at], stateName(e.To))
					requireBalanced(t, b.contract, e)
				})
			}
		}
	}
	for at, targets := range seen {
		slices.Sort(targets)
		seen[at] = slices.Compact(targets)
	}
	for at, targets := range drawn {
		require.Equal(t, seen[at], targets, "doc.go draws %v", at)
	}
	for at, targets := range seen {
		require.Equal(t, targets, drawn[at], "doc.go lacks %v", at)
	}
}

func requireRefusedByState(t testing.TB, b *book, name murabahah.EventName, try attempt) {
	e, err := try.do(b.contract)
	var refusal *murabahah.Refusal
	require.ErrorAs(t, err, &refusal)
	if before := []murabahah.State{murabahah.Ordered, murabahah.Entrusted, murabahah.Bought}; name == murabahah.EventSell && slices.Contains(before, b.contract.State) {
		require.ErrorIs(t, err, murabahah.ErrNotOwned)
		require.Equal(t, "DSN-MUI 04/2000", refusal.Rule)
	} else {
		require.ErrorIs(t, err, murabahah.ErrState)
	}
	require.Zero(t, e)
}

func stateName(s murabahah.State) string {
	if s == murabahah.Unordered {
		return "unordered"
	}
	return string(s)
}

// diagram reads the arrows and the table of the package comment.
func diagram(t testing.TB) map[[2]string][]string {
	source, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(source), "# States")
	require.True(t, found)
	text, _, _ := strings.Cut(rest, "# Guards")
	drawn := map[[2]string][]string{}
	for _, line := range strings.Split(text, "\n") {
		line, isDrawn := strings.CutPrefix(line, "//\t")
		if !isDrawn {
			continue
		}
		words := regexp.MustCompile(`\w+`).FindAllString(line, -1)
		if strings.Contains(line, "-->") {
			for i := 0; i+2 < len(words); i += 2 {
				at := [2]string{words[i], words[i+1]}
				drawn[at] = append(drawn[at], words[i+2])
			}
			continue
		}
		for _, command := range words[1:] {
			at := [2]string{words[0], command}
			drawn[at] = append(drawn[at], words[0])
		}
	}
	for at, targets := range drawn {
		slices.Sort(targets)
		drawn[at] = slices.Compact(targets)
	}
	require.NotEmpty(t, drawn)
	return drawn
}
