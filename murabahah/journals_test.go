package murabahah_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// journal is a life of a contract on the books, with the lines of the entries
// that are asked for by their numbers in the domain notes.
type journal struct {
	name  string
	terms func(*murabahah.Terms)
	steps []move
}

// move is one command: the lines it must post.
type move struct {
	number string // of the journal, empty for what only leads there
	do     func(*murabahah.Desk, murabahah.Contract) (murabahah.Result, error)
	lines  []string
}

// asks carries a command of the package out under a key that its name gives.
func asks(number string, command func(murabahah.Act) murabahah.Command, lines ...string) move {
	return move{number, func(d *murabahah.Desk, c murabahah.Contract) (murabahah.Result, error) {
		return d.Do(ctx, command(act(c)))
	}, lines}
}

func on(a murabahah.Act, day ledger.Date) murabahah.Act {
	a.Date = day
	return a
}

func steps(number string, s step, lines ...string) move {
	return move{number, func(d *murabahah.Desk, _ murabahah.Contract) (murabahah.Result, error) { return s.do(d) }, lines}
}

// toSale leads to where most journals begin.
func toSale(more ...move) []move {
	return append([]move{
		steps("", downPayment("K-dp", 4_000_000)), steps("", acquire("K-buy", 20_000_000)), steps("", sell("K-sell")),
	}, more...)
}

func journals() []journal {
	return append(journalsBefore(), append(journalsAfter(), journalsOfDefault()...)...)
}

func journalsBefore() []journal {
	rp := ledger.IDR.Of
	return []journal{
		{name: "advance, purchase, costs, discount", steps: []move{
			asks("J1", func(a murabahah.Act) murabahah.Command {
				return murabahah.SupplierAdvance{Act: a, Amount: rp(5_000_000), Place: cash}
			}, "10102 -5000000.00", "11112 5000000.00"),
			{"J2", func(d *murabahah.Desk, c murabahah.Contract) (murabahah.Result, error) {
				return d.Acquire(ctx, murabahah.Acquisition{Key: "K-buy", Contract: "MRB-1", Date: start, Cost: rp(20_000_000), Place: cash, Document: "FKT-1"})
			}, []string{"10102 -15000000.00", "11401/MRB-1 20000000.00", "11112 -5000000.00"}},
			asks("J3", func(a murabahah.Act) murabahah.Command {
				return murabahah.FurtherCost{Act: a, Amount: rp(300_000), Place: cash}
			}, "10102 -300000.00", "11401/MRB-1 300000.00"),
			asks("J4", func(a murabahah.Act) murabahah.Command {
				return murabahah.SupplierDiscount{Act: a, Amount: rp(300_000), Place: murabahah.Place{Account: "20301"}}
			}, "20301 300000.00", "11401/MRB-1 -300000.00"),
		}},
		{name: "damage under a binding order", terms: func(t *murabahah.Terms) { t.Promise = murabahah.Binding }, steps: []move{
			steps("", acquire("K-buy", 20_000_000)),
			asks("J8", func(a murabahah.Act) murabahah.Command {
				return murabahah.Impairment{Act: a, Value: rp(18_000_000), Cause: murabahah.Damage}
			}, "11401/MRB-1 -2000000.00", "60591 2000000.00"),
		}},
		{name: "a fall of the market without a binding order", steps: []move{
			steps("", acquire("K-buy", 20_000_000)),
			asks("J9", func(a murabahah.Act) murabahah.Command {
				return murabahah.Impairment{Act: a, Value: rp(19_000_000), Cause: murabahah.MarketFall}
			}, "11401/MRB-1 -1000000.00", "60591 1000000.00"),
		}},
		{name: "deposit and down payment, cancelled", terms: func(t *murabahah.Terms) { t.Promise = murabahah.Binding }, steps: []move{
			asks("J10 deposit", func(a murabahah.Act) murabahah.Command {
				return murabahah.Deposit{Act: a, Amount: rp(500_000), Place: cash}
			}, "10102 500000.00", "20303/MRB-1 -500000.00"),
			steps("J10", downPayment("K-dp", 1_000_000), "10102 1000000.00", "20302/MRB-1 -1000000.00"),
			steps("J11", cancel("K-end", 600_000), "10102 -900000.00", "20302/MRB-1 1000000.00", "20303/MRB-1 500000.00", "50290 -600000.00"),
		}},
		{name: "cancelled at a loss above the down payment", terms: func(t *murabahah.Terms) { t.Promise = murabahah.Binding }, steps: []move{
			steps("", downPayment("K-dp", 1_000_000)),
			{"J11b", func(d *murabahah.Desk, _ murabahah.Contract) (murabahah.Result, error) {
				return d.Cancel(ctx, murabahah.Cancellation{Key: "K-end", Contract: "MRB-1", Date: start, ActualLoss: rp(1_400_000), Evidence: "kuitansi", Claim: true})
			}, []string{"20302/MRB-1 1000000.00", "50290 -1400000.00", "11119 400000.00"}},
		}},
		{name: "wakalah", steps: []move{
			asks("J12", func(a murabahah.Act) murabahah.Command {
				return murabahah.Entrustment{Act: a, Amount: rp(20_000_000), Place: cash}
			}, "10102 -20000000.00", "11111/MRB-1 20000000.00"),
			{"J12b", func(d *murabahah.Desk, _ murabahah.Contract) (murabahah.Result, error) {
				return d.Acquire(ctx, murabahah.Acquisition{Key: "K-buy", Contract: "MRB-1", Date: start, Cost: rp(19_400_000), Open: true, Place: cash, Document: "FKT-1"})
			}, []string{"10102 600000.00", "11401/MRB-1 19400000.00", "11111/MRB-1 -20000000.00"}},
			asks("", func(a murabahah.Act) murabahah.Command { return murabahah.Possession{Act: a} }),
		}},
		{name: "cash over the counter", terms: func(t *murabahah.Terms) { t.DownPayment, t.Plan.Instalments = none, 1 }, steps: []move{
			steps("", acquire("K-buy", 20_000_000)),
			{"J13", func(d *murabahah.Desk, _ murabahah.Contract) (murabahah.Result, error) {
				return d.Sell(ctx, murabahah.Sale{Key: "K-sell", Contract: "MRB-1", Date: start, Place: cash})
			}, []string{"10102 24800000.00", "11401/MRB-1 -20000000.00", "50101 -4800000.00"}},
		}},
		{name: "margin at delivery", terms: func(t *murabahah.Terms) { t.DownPayment, t.Recognition.Method = none, murabahah.AtDelivery }, steps: []move{
			steps("", acquire("K-buy", 20_000_000)),
			steps("J14", sell("K-sell"), "11101/MRB-1 24800000.00", "11401/MRB-1 -20000000.00", "50101 -4800000.00"),
		}},
		{name: "deferred margin, down payment applied, fee", steps: []move{
			steps("", downPayment("K-dp", 4_000_000)), steps("", acquire("K-buy", 20_000_000)),
			steps("J15 and J16", sell("K-sell"), "11101/MRB-1 24800000.00", "11401/MRB-1 -20000000.00", "11102/MRB-1 -4800000.00", "20302/MRB-1 4000000.00", "11101/MRB-1 -4000000.00"),
			asks("J17", func(a murabahah.Act) murabahah.Command {
				return murabahah.Fee{Act: a, Amount: rp(75_000), Place: cash}
			}, "10102 75000.00", "50192 -75000.00"),
			steps("J18 and J18b", pay("K-pay", 1_733_000), "10102 1733000.00", "11101/MRB-1 -1733000.00", "11102/MRB-1 399923.00", "50101 -399923.00"),
		}},
	}
}

func journalsAfter() []journal {
	rp := ledger.IDR.Of
	february := ledger.On(2026, 2, 1)
	discount := func(agreed murabahah.DiscountAgreement, number string, lines ...string) journal {
		return journal{name: "supplier's discount after the akad: " + number, terms: func(t *murabahah.Terms) { t.LaterDiscount = agreed }, steps: toSale(
			asks(number, func(a murabahah.Act) murabahah.Command {
				return murabahah.SupplierDiscount{Act: a, Amount: rp(300_000), Place: cash}
			}, lines...))}
	}
	forBuyer := discount(murabahah.ForBuyer, "J5", "10102 300000.00", "20305/MRB-1 -300000.00")
	forBuyer.steps = append(forBuyer.steps,
		asks("J5b", func(a murabahah.Act) murabahah.Command {
			return murabahah.DiscountPayment{Act: a, Amount: rp(100_000), Place: cash}
		}, "10102 -100000.00", "20305/MRB-1 100000.00"),
		asks("J5b untraceable", func(a murabahah.Act) murabahah.Command {
			return murabahah.DiscountPayment{Act: a, Amount: rp(200_000), Untraceable: true}
		}, "20305/MRB-1 200000.00", "90101 -200000.00"))
	return []journal{
		forBuyer,
		discount(murabahah.ForSeller, "J6", "10102 300000.00", "50101 -300000.00"),
		discount(murabahah.NotAgreed, "J7", "10102 300000.00", "50599 -300000.00"),
		{name: "due, accrued, paid in part", terms: func(t *murabahah.Terms) { t.Recognition.Basis = murabahah.OnDueDate }, steps: toSale(
			asks("J19 and J19b", func(a murabahah.Act) murabahah.Command { return murabahah.Falling{Act: on(a, february)} },
				"11101/MRB-1 -1733000.00", "11115/MRB-1 1733000.00", "11102/MRB-1 399923.00", "50191 -399923.00"),
			asksPay("J21", 733_000, "10102 733000.00", "11115/MRB-1 -733000.00", "50191 169154.00", "50101 -169154.00"),
			asksPay("J20", 1_000_000, "10102 1000000.00", "11115/MRB-1 -1000000.00", "50191 230769.00", "50101 -230769.00"),
		)},
		{name: "paid ahead and held", terms: func(t *murabahah.Terms) { t.Ahead = murabahah.AheadHeld }, steps: toSale(
			steps("J22", pay("K-pay", 2_000_000), "10102 2000000.00", "20501/MRB-1 -2000000.00"),
			asks("J22 used", func(a murabahah.Act) murabahah.Command { return murabahah.HeldUse{Act: on(a, february)} },
				"11101/MRB-1 -1733000.00", "11102/MRB-1 399923.00", "20501/MRB-1 1733000.00", "50101 -399923.00"),
			asks("J22 returned", func(a murabahah.Act) murabahah.Command {
				return murabahah.HeldReturn{Act: a, Amount: rp(267_000), Place: cash}
			}, "10102 -267000.00", "20501/MRB-1 267000.00"),
		)},
		{name: "paid ahead for the next instalments", steps: toSale(
			steps("J22 next", pay("K-pay", 2_000_000), "10102 2000000.00", "11101/MRB-1 -2000000.00", "11102/MRB-1 461538.00", "50101 -461538.00"))},
		{name: "settled early, rebate at the settlement", steps: toSale(
			steps("J23", settle("K-end"), "10102 16799846.00", "11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "50101 -799846.00"))},
		{name: "settled early, rebate after it", terms: func(t *murabahah.Terms) { t.Settlement.After = true }, steps: toSale(
			steps("J24", settle("K-end"), "10102 20800000.00", "11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "50101 -4800000.00"),
			asks("J24 paid back", func(a murabahah.Act) murabahah.Command { return murabahah.RebatePayment{Act: a, Place: cash} },
				"10102 -4000154.00", "50101 4000154.00"))},
		{name: "discount for prompt payment", steps: toSale(
			asks("J25", func(a murabahah.Act) murabahah.Command { return murabahah.PromptDiscount{Act: a, Amount: rp(100_000)} },
				"11101/MRB-1 -100000.00", "11102/MRB-1 100000.00"))},
		{name: "discount for prompt payment, after all is paid", steps: toSale(
			steps("", pay("K-pay", 20_800_000)),
			asks("J25 settled", func(a murabahah.Act) murabahah.Command {
				return murabahah.PromptDiscount{Act: a, Amount: rp(100_000), Place: cash}
			}, "10102 -100000.00", "50101 100000.00"))},
		{name: "concession to a weakened member", steps: toSale(
			asks("J26", func(a murabahah.Act) murabahah.Command { return murabahah.Concession{Act: a, Amount: rp(5_000_000)} },
				"11101/MRB-1 -5000000.00", "11102/MRB-1 4800000.00", "60592 200000.00"))},
		{name: "penalty and costs of a breach", steps: toSale(
			steps("J27", penalise("K-pen", 20_000), "10111 20000.00", "90205 -20000.00"),
			asks("J28", func(a murabahah.Act) murabahah.Command {
				return murabahah.Compensation{Act: a, Amount: rp(50_000), Place: cash}
			}, "10102 50000.00", "50290 -50000.00"))},
	}
}

func asksPay(number string, amount int64, lines ...string) move {
	return move{number, func(d *murabahah.Desk, c murabahah.Contract) (murabahah.Result, error) {
		return d.Pay(ctx, murabahah.Receipt{Key: "P" + number, Contract: "MRB-1", Date: c.Latest, Amount: ledger.IDR.Of(amount), Place: cash})
	}, lines}
}

func journalsOfDefault() []journal {
	rp := ledger.IDR.Of
	foreclosed := murabahah.Place{Account: "15103"}
	return []journal{
		{name: "rescheduled", steps: toSale(
			asks("J30", func(a murabahah.Act) murabahah.Command {
				return murabahah.Reschedule{Act: a, Kind: murabahah.Rescheduling, Plan: plan(20, rp(1000), ledger.RoundHalfUp)}
			}),
			asks("J30 real cost", func(a murabahah.Act) murabahah.Command {
				return murabahah.Compensation{Act: a, Amount: rp(50_000), Place: cash}
			}, "10102 50000.00", "50290 -50000.00"))},
		{name: "collateral sold for more than the debt", steps: toSale(
			asks("J31", func(a murabahah.Act) murabahah.Command {
				return murabahah.Realise{Act: a, Proceeds: rp(25_000_000), Place: cash}
			}, "10102 25000000.00", "11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "20501/MRB-1 -4200000.00", "50101 -4800000.00"))},
		{name: "collateral sold for less, the rest released", steps: toSale(
			asks("J31b", func(a murabahah.Act) murabahah.Command {
				return murabahah.Realise{Act: a, Proceeds: rp(10_400_000), Place: cash}
			}, "10102 10400000.00", "11101/MRB-1 -10400000.00", "11102/MRB-1 2400000.00", "50101 -2400000.00"),
			asks("J31c", func(a murabahah.Act) murabahah.Command { return murabahah.Release{Act: a, FromAllowance: true} },
				"11101/MRB-1 -10400000.00", "11102/MRB-1 2400000.00", "11301 8000000.00"))},
		{name: "the rest released at an expense", steps: toSale(
			asks("J31c expense", func(a murabahah.Act) murabahah.Command { return murabahah.Release{Act: a} },
				"11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "60592 16000000.00"))},
		{name: "collateral taken over", steps: toSale(
			asks("J32", func(a murabahah.Act) murabahah.Command {
				return murabahah.TakeOver{Act: a, Value: rp(10_400_000), Asset: foreclosed}
			}, "15103 10400000.00", "11101/MRB-1 -10400000.00", "11102/MRB-1 2400000.00", "50101 -2400000.00"))},
		{name: "converted", steps: toSale(
			asks("J33", func(a murabahah.Act) murabahah.Command {
				return murabahah.Convert{Act: a, Value: rp(22_000_000), Asset: foreclosed, Surplus: murabahah.Place{Account: "20301"}}
			}, "15103 22000000.00", "20301 -1200000.00", "11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "50101 -4800000.00"))},
		{name: "written off and recovered", steps: toSale(
			asks("J34", func(a murabahah.Act) murabahah.Command { return murabahah.WriteOff{Act: a} },
				"11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "11301 16000000.00", "99101/MRB-1 20800000.00", "99199 -20800000.00"),
			asks("J35", func(a murabahah.Act) murabahah.Command {
				return murabahah.Recovery{Act: a, Amount: rp(17_000_000), Place: cash}
			}, "10102 17000000.00", "50101 -1000000.00", "11301 -16000000.00", "99101/MRB-1 -17000000.00", "99199 17000000.00"))},
		{name: "returned for a defect", steps: toSale(
			steps("", pay("K-pay", 1_733_000)),
			asks("J36", func(a murabahah.Act) murabahah.Command { return murabahah.GoodsReturn{Act: a, Place: cash} },
				"10102 -5733000.00", "11101/MRB-1 -19067000.00", "11401/MRB-1 20000000.00", "11102/MRB-1 4400077.00", "50101 399923.00"))},
	}
}

// Every journal of the domain notes by its number, account by account, as the
// book has it; and every life, undone backwards event by event, leaves the
// books as they were.
func TestEveryJournal(t *testing.T) {
	for _, j := range journals() {
		t.Run(j.name, func(t *testing.T) {
			book, desk := newDesk(t)
			terms := motor(murabahah.Proportional)
			if j.terms != nil {
				j.terms(&terms)
			}
			provide(t, desk, 25_000_000)
			before := standing(t, book)
			c := does(t, desk, order("K-order", terms)).Contract
			for _, m := range j.steps {
				result, err := m.do(desk, c)
				require.NoError(t, err, m.number)
				c = result.Contract
				if m.number != "" {
					require.Equal(t, m.lines, linesOn(result.Posted), m.number)
				}
			}
			requireSound(t, book)
			undoAll(t, desk, "MRB-1")
			require.Equal(t, before, standing(t, book))
		})
	}
}

// undoAll takes events back until none stands.
func undoAll(t testing.TB, desk *murabahah.Desk, id string) {
	t.Helper()
	for n := 0; ; n++ {
		c, err := desk.Contract(ctx, id)
		require.NoError(t, err)
		if c.State == murabahah.Unordered {
			require.Zero(t, c.Position)
			require.Zero(t, c.Course)
			return
		}
		_, err = desk.Reverse(ctx, murabahah.Reversal{
			Key: "undo/" + id + strings.Repeat("i", n), Contract: id, Date: c.Latest.AddMonths(12), Reason: "mundur",
		})
		require.NoError(t, err)
	}
}

func linesOn(p ledger.Posted) (lines []string) {
	for _, l := range p.Lines {
		lines = append(lines, strings.TrimSuffix(l.Account+"/"+l.Sub, "/")+" "+ledger.IDR.Format(l.Amount))
	}
	return lines
}

// What the benevolent fund has received of penalties is spent by an ordinary
// entry, from its own cash.
func TestJ27bPenaltyUsed(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"), penalise("K5", 20_000))
	used, err := book.Post(ctx, ledger.Entry{Key: "J27b", Date: start, Memo: "Sumbangan", Lines: []ledger.Line{
		ledger.Debit("90301", ledger.IDR.Of(20_000)).In(ledger.Fund), ledger.Credit("10111", ledger.IDR.Of(20_000)).In(ledger.Fund),
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"90301 20000.00", "10111 -20000.00"}, linesOn(used))
}

// The cooperative as buyer: J37 to J39, by PSAK 402 and as AAOIFI shows it.
func TestBuyersJournals(t *testing.T) {
	buyer := murabahah.Buyer{
		Asset: "12101", DeferredCost: "20602", Payable: murabahah.Place{Account: "20601"}, Cost: "60102", Loss: "60799", DownPayment: murabahah.Place{Account: "11112"},
	}
	terms := motor(murabahah.Proportional)
	bought, err := buyer.Purchase(start, terms)
	require.NoError(t, err)
	require.Equal(t, []string{"12101 20000000.00", "20602 4800000.00", "20601 -20800000.00", "11112 -4000000.00"}, linesOf(bought), "J37")
	paid, err := buyer.Instalment(start, terms, none, ledger.IDR.Of(1_733_000), cash)
	require.NoError(t, err)
	require.Equal(t, []string{"20601 1733000.00", "60102 399923.00", "10102 -1733000.00", "20602 -399923.00"}, linesOf(paid), "J38")
	require.Equal(t, []string{"60799 20000.00", "10102 -20000.00"}, linesOf(buyer.Forfeit(start, ledger.IDR.Of(20_000), cash, "Denda")), "J39 penalty")
	require.Equal(t, []string{"60799 4000000.00", "11112 -4000000.00"},
		linesOf(buyer.Forfeit(start, ledger.IDR.Of(4_000_000), buyer.DownPayment, "Urbun hangus")), "J39 lost urbun")

	buyer.AtPrice = true
	bought, err = buyer.Purchase(start, terms)
	require.NoError(t, err)
	require.Equal(t, []string{"12101 24800000.00", "20601 -20800000.00", "11112 -4000000.00"}, linesOf(bought), "AAOIFI: the asset at the murabahah price")
	_, err = buyer.Instalment(start, terms, ledger.IDR.Of(20_000_000), ledger.IDR.Of(900_000), cash)
	require.ErrorIs(t, err, murabahah.ErrOverpaid)
	// The whole deferred cost is expense once all is paid.
	total := none
	buyer.AtPrice = false
	for left, paid := terms.NetReceivable(), none; !left.IsZero(); {
		amount := left.Min(ledger.IDR.Of(999_999))
		entry, err := buyer.Instalment(start, terms, paid, amount, cash)
		require.NoError(t, err)
		for _, line := range entry.Lines {
			if line.Account == "60102" {
				total = total.Add(line.Amount)
			}
		}
		left, paid = left.Sub(amount), paid.Add(amount)
	}
	require.Equal(t, terms.Margin, total)
}
