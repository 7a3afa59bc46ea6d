package murabahah_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// A repeated key answers with the first result, after the contract has moved
// on, the period is closed and the book opened again, and writes nothing.
func TestEveryCommandRepeats(t *testing.T) {
	all := lives()
	all["adopted"] = []step{adopt("K1", running())}
	for name, life := range all {
		t.Run(name, func(t *testing.T) {
			store := ledger.NewMemory()
			book := newLedger(t, store)
			if name == "adopted" {
				openingEntry(t, book, running())
			}
			steps := append(life, reverse("R1", 0), reverse("R2", 0))
			if name == "adopted" {
				steps = life
			}
			desk := murabahah.NewDesk(book, accounts)
			provide(t, desk, 25_000_000)
			var firsts []murabahah.Result
			for _, s := range steps {
				firsts = append(firsts, does(t, desk, s))
			}
			require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: ledger.On(2027, 12, 31)}))
			requireSound(t, book)

			book, err := ledger.Open(ctx, store, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
			require.NoError(t, err)
			desk, before := murabahah.NewDesk(book, accounts), headOf(t, book)
			for i, s := range steps {
				again, err := s.do(desk)
				require.NoError(t, err, s.name)
				require.True(t, again.Repeat)
				require.Equal(t, asJSON(t, firsts[i].Contract), asJSON(t, again.Contract), s.name)
				require.Equal(t, asJSON(t, firsts[i].Event), asJSON(t, again.Event), s.name)
				require.Equal(t, firsts[i].Posted.Number, again.Posted.Number)
				require.Equal(t, firsts[i].Posted.Lines, again.Posted.Lines)
			}
			require.Equal(t, before, headOf(t, book))
		})
	}
}

// A key that comes again with any other content is refused, whatever differs.
func TestEveryFieldIsContent(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Annuity)))
	does(t, desk, downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	base := receipt("K5", 100_000)
	_, err := desk.Pay(ctx, base)
	require.NoError(t, err)
	before := headOf(t, book)
	for name, change := range map[string]func(*murabahah.Receipt){
		"contract": func(r *murabahah.Receipt) { r.Contract = "MRB-2" },
		"date":     func(r *murabahah.Receipt) { r.Date = r.Date.Next() },
		"amount":   func(r *murabahah.Receipt) { r.Amount = r.Amount.Add(sen) },
		"account":  func(r *murabahah.Receipt) { r.Place.Account = "10201" },
		"sub":      func(r *murabahah.Receipt) { r.Place.Sub = "x" },
		"standing": func(r *murabahah.Receipt) { r.Standing = ledger.Member },
		"note":     func(r *murabahah.Receipt) { r.Note = "x" },
		"memo":     func(r *murabahah.Receipt) { r.Memo = "x" },
		"document": func(r *murabahah.Receipt) { r.Document = "x" },
		"maker":    func(r *murabahah.Receipt) { r.Maker = "x" },
		"approver": func(r *murabahah.Receipt) { r.Approver = "x" },
	} {
		r := base
		change(&r)
		_, err := desk.Pay(ctx, r)
		require.ErrorIs(t, err, ledger.ErrKeyConflict, name)
	}
	_, err = desk.Penalise(ctx, base)
	require.ErrorIs(t, err, ledger.ErrKeyConflict, "another command")
	for key, s := range map[string]step{
		"K1": order("K1", motor(murabahah.Proportional)), "K2": downPayment("K2", 1), "K3": acquire("K3", 1),
		"K4": settle("K4"), "K5": cancel("K5", 0),
	} {
		_, err := s.do(desk)
		require.ErrorIs(t, err, ledger.ErrKeyConflict, key)
	}
	_, err = desk.Sell(ctx, murabahah.Sale{Key: "K4", Contract: "MRB-1", Date: start, Approver: "x"})
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	require.Equal(t, before, headOf(t, book))
}

// A rate with zeros at its end is the same rate.
func TestTheSameTermsAreTheSameContent(t *testing.T) {
	_, desk := newDesk(t)
	terms := motor(murabahah.AnnuityAtRate)
	terms.Recognition.Rate = decimal.RequireFromString("0.0400")
	does(t, desk, order("K1", terms))
	terms.Recognition.Rate = decimal.RequireFromString("0.04")
	again, err := order("K1", terms).do(desk)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	terms.Recognition.Rate = decimal.New(1, 1_000_000_000)
	_, err = order("K1", terms).do(desk)
	require.ErrorIs(t, err, murabahah.ErrTerms, "terms that nobody can store")
}

// Whatever refuses a command, contract or book, nothing is left of it, and the
// message speaks of rupiah.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	book, desk := newDesk(t)
	terms := motor(murabahah.Proportional)
	terms.Plan.FirstDue = ledger.On(2026, 3, 31) // it is sold again in March
	does(t, desk, order("K1", terms), downPayment("K2", 4_000_000))
	other := motor(murabahah.Proportional)
	other.Contract = "MRB-2"
	does(t, desk, order("O2", other))
	_, err := book.Post(ctx, ledger.Entry{Key: "S1", Date: start, Memo: "Setoran", Lines: []ledger.Line{
		ledger.Debit("10102", ledger.IDR.Of(500_000)), ledger.Credit("30101", ledger.IDR.Of(500_000)).For("M00001-SIMUDA"),
	}})
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.OpenSub(ledger.SubOpening{Key: "S0", Account: "30101", Sub: "M00001-SIMUDA", Holder: "M00001", Floor: ledger.HardFloor(none)})
	}))
	place := func(r murabahah.Receipt, account, sub string) murabahah.Receipt {
		r.Place = murabahah.Place{Account: account, Sub: sub}
		return r
	}
	refused := func(name string, kind error, text string, do func() (murabahah.Result, error)) {
		t.Helper()
		before := headOf(t, book)
		result, err := do()
		require.ErrorIs(t, err, kind, name)
		require.EqualError(t, err, text, name)
		require.Zero(t, result, name)
		require.Equal(t, before, headOf(t, book), name)
	}
	run := func(s step) func() (murabahah.Result, error) {
		return func() (murabahah.Result, error) { return s.do(desk) }
	}
	refused("sale before ownership", murabahah.ErrNotOwned,
		"murabahah: contract MRB-1: the goods must be owned before they are sold, the contract is only ordered (DSN-MUI 04/2000)", run(sell("X")))
	refused("ordered twice", murabahah.ErrState, "murabahah: contract MRB-1: order is not possible, the contract is ordered", run(order("X", motor(murabahah.Annuity))))
	refused("more down payment", murabahah.ErrDownPayment,
		"murabahah: contract MRB-1: down payments of 4000001.00 are above the 4000000.00 of the terms", run(downPayment("X", 1)))
	refused("another cost", murabahah.ErrCost,
		"murabahah: contract MRB-1: cost 19000000.00 differs from the 20000000.00 of the terms (DSN-MUI 04/2000)", run(acquire("X", 19_000_000)))
	does(t, desk, acquire("K3", 20_000_000), sell("K4"))
	refused("no key", ledger.ErrKey, "ledger: every command needs a key", run(pay("", 1)))
	refused("unknown contract", murabahah.ErrUnknown, `murabahah: contract MRB-9: there is no contract "MRB-9"`, func() (murabahah.Result, error) {
		return desk.Pay(ctx, murabahah.Receipt{Key: "X", Contract: "MRB-9", Date: start, Amount: rupiah, Place: cash})
	})
	refused("too much", murabahah.ErrOverpaid, "murabahah: contract MRB-1: payment of 20800001.00 is above the 20800000.00 owed", run(pay("X", 20_800_001)))
	refused("savings below their floor", ledger.ErrFloor,
		`ledger: "X": line 1: account 30101/M00001-SIMUDA: the balance on 2026-01-05 would be -1.00, below the least of 0.00`, func() (murabahah.Result, error) {
			return desk.Pay(ctx, place(receipt("X", 500_001), "30101", "M00001-SIMUDA"))
		})
	refused("another contract's receivable", murabahah.ErrRole,
		`murabahah: contract MRB-1: pay: the money cannot go through account "11101", which is the receivable`, func() (murabahah.Result, error) {
			return desk.Pay(ctx, place(receipt("X", 1), "11101", "MRB-2"))
		})
	refused("a penalty out of the fund itself", murabahah.ErrRole,
		`murabahah: contract MRB-1: penalty: the money cannot go through account "90205", which is the penalty fund`, func() (murabahah.Result, error) {
			return desk.Penalise(ctx, place(receipt("X", 1), "90205", ""))
		})
	refused("unknown account", ledger.ErrAccount, `ledger: "X": line 1: account 10999: is not in the chart`, func() (murabahah.Result, error) {
		return desk.Pay(ctx, place(receipt("X", 1), "10999", ""))
	})
	refused("reversal of an earlier event", murabahah.ErrNotLatest,
		"murabahah: contract MRB-1: event #3 is not the latest that stands; later ones: sell #4 on 2026-01-05", run(reverse("X", 3)))
	refused("reversal of nothing", murabahah.ErrUnknown, `murabahah: contract MRB-9: there is no contract "MRB-9"`, func() (murabahah.Result, error) {
		return desk.Reverse(ctx, murabahah.Reversal{Key: "X", Contract: "MRB-9", Date: start, Reason: "x"})
	})
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M00001-SIMUDA", Amount: ledger.IDR.Of(400_000), From: start, Reason: "jaminan"})
		return err
	}))
	refused("savings that are held", ledger.ErrFloor,
		`ledger: "X": line 1: account 30101/M00001-SIMUDA: the balance on 2026-01-05 would be 399999.00, below the least of 0.00 with 400000.00 held`, func() (murabahah.Result, error) {
			return desk.Pay(ctx, place(receipt("X", 100_001), "30101", "M00001-SIMUDA"))
		})
	_, err = desk.Pay(ctx, place(receipt("P1", 100_000), "30101", "M00001-SIMUDA"))
	require.NoError(t, err)
	does(t, desk, reverse("R1", 0), reverse("R2", 0))
	refused("text that does not print", murabahah.ErrCommand, "murabahah: contract MRB-1: sell: the maker has a control character (U+000A)", func() (murabahah.Result, error) {
		return desk.Sell(ctx, murabahah.Sale{Key: "X", Contract: "MRB-1", Date: start, Maker: "a\nb"})
	})
	refused("text that turns the direction around", murabahah.ErrCommand, "murabahah: contract MRB-1: sell: the maker has a control character (U+202E)", func() (murabahah.Result, error) {
		return desk.Sell(ctx, murabahah.Sale{Key: "X", Contract: "MRB-1", Date: start, Maker: "a\u202eb"})
	})
	refused("sold again on a day on which they stand as sold", murabahah.ErrNotOwned,
		"murabahah: contract MRB-1: the goods must be owned when they are sold: of their cost of 20000000.00 the book has 0.00 on account 11401/MRB-1 (DSN-MUI 04/2000)", run(sell("X")))
	back := start.AddMonths(2)
	resell := func() (murabahah.Result, error) {
		return desk.Sell(ctx, murabahah.Sale{Key: "X", Contract: "MRB-1", Date: back})
	}
	taken, err := book.Post(ctx, ledger.Entry{Key: "T1", Date: back.Next(), Memo: "Barang dikembalikan ke pemasok", Lines: []ledger.Line{
		ledger.Debit("10102", rupiah), ledger.Credit("11401", rupiah).For("MRB-1"),
	}})
	require.NoError(t, err)
	refused("goods that the book no longer has", murabahah.ErrNotOwned,
		"murabahah: contract MRB-1: the goods must be owned when they are sold: of their cost of 20000000.00 the book has 19999999.00 on account 11401/MRB-1 (DSN-MUI 04/2000)", resell)
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "T2", Entry: taken.Number, Date: back.Next(), Reason: "salah"})
	require.NoError(t, err)
	for account, kind := range map[string]ledger.Kind{"50292": ledger.Income, "40101": ledger.Equity, "90301": ledger.Benevolent, "90290": ledger.Zakat, "60101": ledger.Expense} {
		refused("goods out of "+account, murabahah.ErrRole,
			fmt.Sprintf("murabahah: contract MRB-2: acquire: the money cannot go through account %q, which is of kind %s", account, kind), func() (murabahah.Result, error) {
				return desk.Acquire(ctx, murabahah.Acquisition{Key: "X", Contract: "MRB-2", Date: start, Cost: ledger.IDR.Of(20_000_000), Place: murabahah.Place{Account: account}, Document: "FKT-1"})
			})
	}
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: back}))
	refused("a closed period", ledger.ErrPeriodClosed, `ledger: "X": 2026-03-05 is closed: every day through 2026-03-05 is`, resell)
}

// Accounts that cannot play their role stop every command; a penalty cannot be
// made income by configuration.
func TestRoles(t *testing.T) {
	book, good := newDesk(t)
	does(t, good, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000))
	for _, test := range []struct {
		name   string
		change func(*murabahah.Accounts)
		text   string
	}{
		{"penalty as income", func(a *murabahah.Accounts) { a.PenaltyFund = "50101" },
			`murabahah: contract MRB-1: account "50101" cannot be the penalty fund: it is of kind income, want benevolent (DSN-MUI 17/2000)`},
		{"deferred margin as liability", func(a *murabahah.Accounts) { a.DeferredMargin = "20302" },
			`murabahah: contract MRB-1: account "20302" cannot be the deferred margin: it is of kind liability, want asset`},
		{"receivable on the wrong side", func(a *murabahah.Accounts) { a.Receivable = "11102" },
			`murabahah: contract MRB-1: account "11102" cannot be the receivable: it stands on the credit side`},
		{"receivable without subs", func(a *murabahah.Accounts) { a.Receivable = "10102" },
			`murabahah: contract MRB-1: account "10102" cannot be the receivable: it has no subs, want one for each contract`},
		{"goods and debts on one account", func(a *murabahah.Accounts) { a.Inventory = a.Receivable },
			`murabahah: contract MRB-1: account "11101" cannot be the inventory: it is the receivable`},
		{"what is kept of a down payment as margin", func(a *murabahah.Accounts) { a.CostRecovery = a.MarginIncome },
			`murabahah: contract MRB-1: account "50101" cannot be the cost recovery: it is the margin income`},
		{"unknown", func(a *murabahah.Accounts) { a.Inventory = "" },
			`murabahah: contract MRB-1: account "" cannot be the inventory: it is not in the chart`},
	} {
		a := accounts
		test.change(&a)
		_, err := acquire("X", 20_000_000).do(murabahah.NewDesk(book, a))
		require.ErrorIs(t, err, murabahah.ErrRole, test.name)
		require.EqualError(t, err, test.text, test.name)
	}
	without := accounts
	without.CostRecovery = ""
	_, err := cancel("X", 1000).do(murabahah.NewDesk(book, without))
	require.EqualError(t, err, "murabahah: contract MRB-1: cancel needs an account for the cost recovery, but none is named")
	does(t, murabahah.NewDesk(book, without), cancel("K3", 0))
}

// Reversing event by event takes every balance back to zero, contract and
// books agreeing at each step, and the same id can be ordered anew.
func TestReversalOfEveryEvent(t *testing.T) {
	for name, life := range lives() {
		t.Run(name, func(t *testing.T) {
			book, desk := newDesk(t)
			provide(t, desk, 25_000_000)
			var states []string
			for _, s := range life {
				states = append(states, asJSON(t, does(t, desk, s).Contract.Position))
			}
			for i := len(life) - 1; i >= 0; i-- {
				result := does(t, desk, reverse(fmt.Sprint("R", i), i+1))
				require.Equal(t, life[i].name, result.Event.Undone)
				if i > 0 {
					require.Equal(t, states[i-1], asJSON(t, result.Contract.Position))
				}
				if !result.Posted.Date.IsZero() {
					require.NotZero(t, result.Posted.Reverses)
					require.Equal(t, "salah input", result.Posted.Memo)
					require.Equal(t, ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: len(life) + len(life) - i, Event: "reverse"}, result.Posted.Source)
				}
				requireSound(t, book)
			}
			require.Equal(t, map[string]string{"11301": "-25000000.00", "60501": "25000000.00"}, standing(t, book), "the allowance alone is left")
			_, err := reverse("R", 0).do(desk)
			require.ErrorIs(t, err, murabahah.ErrState)
			c, err := desk.Contract(ctx, "MRB-1")
			require.NoError(t, err)
			require.Equal(t, murabahah.Unordered, c.State)
			require.Equal(t, 2*len(life), c.Version)
			again := does(t, desk, order("again", motor(murabahah.Annuity)))
			require.Equal(t, 2*len(life)+1, again.Contract.Version)
		})
	}
}

// The book alone does not take an entry of a contract back.
func TestOnlyTheDeskReverses(t *testing.T) {
	book, desk := newDesk(t)
	bought := does(t, desk, order("K1", motor(murabahah.Annuity)), acquire("K2", 20_000_000))
	_, err := book.Reverse(ctx, ledger.Reversal{Key: "R", Entry: bought.Posted.Number, Date: start, Reason: "x"})
	require.ErrorIs(t, err, ledger.ErrReversal)
	does(t, desk, reverse("R", 0))
}

// A reversal obeys the book: what came out of savings that are closed to
// credits cannot go back there, and the contract stays where it was.
func TestReversalObeysTheBook(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	r := receipt("K5", 100_000)
	r.Place = murabahah.Place{Account: "30101", Sub: "M00001-SIMUDA"}
	_, err := desk.Pay(ctx, r)
	require.ErrorIs(t, err, murabahah.ErrPayer, "savings of nobody")
	r.Payer = ledger.Party{Member: "M00009", Standing: ledger.Member}
	paid, err := desk.Pay(ctx, r)
	require.NoError(t, err)
	require.Equal(t, r.Payer, paid.Posted.Lines[0].Party, "the line of the money is the payer's")
	require.Equal(t, "M00001", paid.Posted.Lines[1].Party.Member)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetBlock(ledger.BlockSetting{Key: "B", Account: "30101", Sub: "M00001-SIMUDA", Block: ledger.CreditBlock, Reason: "warisan"})
	}))
	_, err = reverse("R", 0).do(desk)
	require.ErrorIs(t, err, ledger.ErrBlocked)
	c, err := desk.Contract(ctx, "MRB-1")
	require.NoError(t, err)
	require.Equal(t, asJSON(t, paid.Contract), asJSON(t, c))
}

// Payments of one contract from two tellers both land; of two sales one is
// refused.
func TestConcurrentCommands(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000))
	together := func(n int, do func(i int) error) (errs []error) {
		errs = make([]error, n)
		var wait sync.WaitGroup
		for i := range n {
			wait.Add(1)
			go func() {
				defer wait.Done()
				errs[i] = do(i)
			}()
		}
		wait.Wait()
		return errs
	}
	sales := together(2, func(i int) error { _, err := sell(fmt.Sprint("S", i)).do(desk); return err })
	require.True(t, (sales[0] == nil) != (sales[1] == nil), "%v", sales)
	require.ErrorIs(t, errors.Join(sales...), murabahah.ErrState)

	const tellers = 8
	for i, err := range together(tellers, func(i int) error { _, err := pay(fmt.Sprint("P", i), 1_000_000).do(desk); return err }) {
		require.NoError(t, err, i)
	}
	c, err := desk.Contract(ctx, "MRB-1")
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(tellers*1_000_000), c.Position.Collected)
	require.Equal(t, 4+tellers, c.Version)

	// The same command from all tellers at once is carried out once.
	results := make([]murabahah.Result, tellers)
	for _, err := range together(tellers, func(i int) (err error) { results[i], err = pay("same", 500_000).do(desk); return err }) {
		require.NoError(t, err)
	}
	first := 0
	for _, r := range results {
		require.Equal(t, results[0].Posted.Number, r.Posted.Number)
		if !r.Repeat {
			first++
		}
	}
	require.Equal(t, 1, first)
}

// Commands compose with the caller's own writes, all or nothing.
func TestInTheCallersTransaction(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	before := headOf(t, book)
	fee := ledger.Entry{Date: start, Memo: "Biaya", Lines: []ledger.Line{ledger.Debit("10102", rupiah), ledger.Credit("40402", rupiah)}}
	day := func(fail error) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			_, repeated, err := tx.Repeat(ledger.Command{Key: "host", Kind: "host", Content: ledger.NewContent("host").Digest()})
			if err != nil || repeated {
				return err
			}
			for i := range 3 {
				if _, err := desk.PayTx(tx, receipt(fmt.Sprint("P", i), 1_000_000)); err != nil {
					return err
				}
			}
			if _, err := tx.Post(fee); err != nil {
				return err
			}
			if _, err := desk.ReverseTx(tx, murabahah.Reversal{Key: "R", Contract: "MRB-1", Date: start, Reason: "salah"}); err != nil {
				return err
			}
			return fail
		})
	}
	broken := errors.New("the host has changed its mind")
	require.ErrorIs(t, day(broken), broken)
	require.Equal(t, before, headOf(t, book))
	require.NoError(t, day(nil))
	require.NoError(t, day(nil), "again, as a whole")
	c, err := desk.Contract(ctx, "MRB-1")
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(2_000_000), c.Position.Collected)
	require.Equal(t, 8, c.Version)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		posted, found, err := tx.EntryByKey("host")
		require.True(t, found, "what the host writes after the desk's commands is the host's")
		require.Equal(t, "Biaya", posted.Memo)
		return err
	}))
}
