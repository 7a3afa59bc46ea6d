package financing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

func headOf(t testing.TB, book *ledger.Book) ledger.Head {
	t.Helper()
	head, err := book.Head(ctx)
	require.NoError(t, err)
	return head
}

func undo(version int) command {
	return command{financing.EventReverse, nil, func(d *financing.Desk, key string) (financing.Result, error) {
		s := slip(on(2026, 3, 31))
		s.Key = key
		return d.Reverse(ctx, financing.Reversal{Slip: s, Version: version})
	}}
}

// A repeated key answers with the first result, after the contract has moved
// on, the period is closed and the book opened again, and writes nothing; the
// same key with anything else in it is refused.
func TestEveryCommandRepeats(t *testing.T) {
	for _, form := range financing.Forms() {
		for state, life := range lives(form) {
			if len(life) == 0 {
				continue
			}
			t.Run(string(form)+"/"+string(state), func(t *testing.T) {
				store := ledger.NewMemory()
				config := ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()}
				book, err := ledger.Create(ctx, store, config)
				require.NoError(t, err)
				desk := financing.NewDesk(book, accounts, financing.PSAK405())
				var firsts []financing.Result
				steps := append(slices.Clip(life), undo(0))
				for i, c := range steps {
					r, err := c.desk(desk, fmt.Sprint("K", i))
					require.NoError(t, err, c.name)
					firsts = append(firsts, r)
				}
				require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: ledger.On(2027, 12, 31)}))
				requireSound(t, book)
				book, err = ledger.Open(ctx, store, config)
				require.NoError(t, err)
				desk = financing.NewDesk(book, accounts, financing.PSAK405())
				before := headOf(t, book)
				for i, c := range steps {
					again, err := c.desk(desk, fmt.Sprint("K", i))
					require.NoError(t, err, c.name)
					require.True(t, again.Repeat)
					require.Equal(t, asJSON(t, firsts[i].Contract), asJSON(t, again.Contract), c.name)
					require.Equal(t, asJSON(t, firsts[i].Event), asJSON(t, again.Event), c.name)
					require.Equal(t, firsts[i].Posted.Lines, again.Posted.Lines)
					_, err = release(on(2026, 9, 9)).desk(desk, fmt.Sprint("K", i))
					require.ErrorIs(t, err, ledger.ErrKeyConflict)
				}
				require.Equal(t, before, headOf(t, book))
			})
		}
	}
}

// Random lives on a book, events undone on the way: the books and the contract
// agree all the time, and in the end no sub of any contract has a balance.
func TestRandomLivesOnABook(t *testing.T) {
	const seed = 3
	book, desk := newDesk(t)
	for n := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, n))
		agreed := randomTerms(random)
		agreed.Contract = fmt.Sprintf("PMB-%03d", n)
		m := financing.Commitment{Slip: slip(start), Terms: agreed}
		m.Key = agreed.Contract
		last, err := desk.Commit(ctx, m)
		require.NoError(t, err)
		day := start
		for i := range 30 {
			day = day.AddDays(random.IntN(12))
			key := fmt.Sprintf("%s/%d", agreed.Contract, i)
			s := slip(day)
			s.Contract, s.Key, s.Document = agreed.Contract, key, "LAP"
			var result financing.Result
			if random.IntN(8) == 0 && last.Contract.Version > 1 {
				result, err = desk.Reverse(ctx, financing.Reversal{Slip: s})
				if err == nil && result.Contract.State == financing.Unagreed {
					m.Key += "+"
					m.Date = day
					result, err = desk.Commit(ctx, m)
				}
			} else {
				result, err = byDesk(random, desk, s, last.Contract)
			}
			if err == nil {
				last = result
			}
		}
		finishByDesk(t, desk, last.Contract, day)
	}
	requireSound(t, book)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for _, code := range []string{"11201", "11202", "11203", "11113", "11120", "11121", "11302", "20605", "99102"} {
			for sub, err := range tx.Subs(code, "") {
				require.NoError(t, err)
				require.True(t, sub.Last.IsZero(), "%s/%s has %s", code, sub.Sub, sub.Last)
			}
		}
		return nil
	}))
	list, err := desk.Nominatif(ctx, ledger.Date{})
	require.NoError(t, err)
	require.Len(t, list.Rows, 40)
	require.True(t, list.Total.Net().IsZero())
	for day := start; day.Before(on(2026, 12, 31)); day = day.AddDays(17) {
		requireNominatif(t, book, desk, day)
	}
}

// requireNominatif compares the list of a day with the accounts on that day.
func requireNominatif(t testing.TB, book *ledger.Book, desk *financing.Desk, day ledger.Date) {
	t.Helper()
	list, err := desk.Nominatif(ctx, day)
	require.NoError(t, err)
	p := list.Total
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for name, c := range map[string]struct {
			codes []string
			want  ledger.Money
		}{
			"invested": {[]string{"11201", "11202", "11203"}, p.Invested}, "allowance": {[]string{"11302"}, p.Allowance.Neg()}, "deferred": {[]string{"20605"}, p.Deferred.Neg()},
			"share": {[]string{"11113"}, p.ShareDue}, "matured": {[]string{"11120"}, p.Matured}, "fault": {[]string{"11121"}, p.Fault}, "commitment": {[]string{"99102"}, p.Commitment},
		} {
			var got ledger.Money
			for _, code := range c.codes {
				balance, err := tx.Balance(code, "", ledger.EndOf(day))
				require.NoError(t, err)
				got = got.Add(balance)
			}
			require.Equal(t, c.want, got, "%s on %s", name, day)
		}
		return nil
	}))
}

// byDesk asks for something that a contract may do.
func byDesk(random *rand.Rand, desk *financing.Desk, s financing.Slip, c financing.Contract) (financing.Result, error) {
	p := c.Position
	switch random.IntN(11) {
	case 0:
		return desk.Disburse(ctx, financing.Disbursement{Slip: s, Amount: some(random, p.Commitment), Place: cash})
	case 1:
		fair := some(random, p.Commitment)
		return desk.HandOver(ctx, financing.Handover{Slip: s, Fair: fair, Carrying: some(random, fair.Add(fair)), Place: goods})
	case 2:
		return desk.Start(ctx, s)
	case 3, 4, 5:
		from := c.Through.Next()
		if c.Through.IsZero() {
			from = start
		}
		return desk.Report(ctx, financing.Report{Slip: s, From: from, Through: s.Date, Revenue: some(random, p.Capital), Cost: some(random, p.Capital)})
	case 6:
		return desk.Collect(ctx, financing.Collection{Slip: s, Claim: financing.ClaimShare, Amount: some(random, p.ShareDue), Place: cash})
	case 7:
		return desk.Amortise(ctx, s)
	case 8:
		return desk.Lose(ctx, financing.Loss{Slip: s, Amount: some(random, p.Net())})
	case 9:
		return desk.Blame(ctx, financing.Fault{Slip: s, Ground: financing.NoForceMajeure, Amount: some(random, p.Net())})
	default:
		share := some(random, p.Net())
		return desk.BuyBack(ctx, financing.BuyBack{Slip: s, Capital: share, Price: share, Place: cash})
	}
}

func finishByDesk(t testing.TB, desk *financing.Desk, c financing.Contract, day ledger.Date) {
	t.Helper()
	n := 0
	form := func() financing.Slip {
		n++
		s := slip(day)
		s.Contract, s.Key = c.Terms.Contract, fmt.Sprintf("%s/end/%d", c.Terms.Contract, n)
		return s
	}
	keep := func(r financing.Result, err error) {
		t.Helper()
		require.NoError(t, err)
		c = r.Contract
	}
	switch c.State {
	case financing.Committed:
		keep(desk.Release(ctx, form()))
	case financing.Funded, financing.Running:
		if p := c.Position; p.Interim.Sign() > 0 && p.Pending.Sign() > 0 {
			day = c.Through.Next()
			if day.Before(c.Latest) {
				day = c.Latest
			}
			keep(desk.Report(ctx, financing.Report{Slip: form(), From: c.Through.Next(), Through: day}))
		}
		if p := c.Position; p.Interim.Sign() > 0 && p.Deficit.Sign() > 0 {
			keep(desk.Settle(ctx, financing.Settlement{Slip: form(), Place: cash}))
		}
		keep(desk.End(ctx, financing.Ending{Slip: form(), Due: c.Position.Net(), Paid: c.Position.Net(), Place: cash}))
	}
	if due := c.Position.ShareDue; due.Sign() > 0 {
		keep(desk.WriteOff(ctx, financing.WriteOff{Slip: form(), Claim: financing.ClaimShare, Amount: due}))
	}
	if due := c.Position.Fault; due.Sign() > 0 {
		keep(desk.Collect(ctx, financing.Collection{Slip: form(), Claim: financing.ClaimFault, Amount: due, Place: cash}))
	}
	require.Contains(t, []financing.State{financing.Closed, financing.Cancelled}, c.State)
}

// A contract is taken over as its opening balances say, and goes on.
func TestAdopt(t *testing.T) {
	book, desk := newDesk(t)
	a := running(mudharabah())
	a.Key = "adopt"
	opening := func(key string, lines ...ledger.Line) {
		t.Helper()
		_, err := book.Post(ctx, ledger.Entry{Key: key, Date: a.Date, Memo: "Saldo awal", Lines: lines})
		require.NoError(t, err)
	}
	_, err := desk.Adopt(ctx, a)
	require.ErrorIs(t, err, financing.ErrOpening)
	require.EqualError(t, err, "financing: contract PMB-1: the mudharabah investment is 70000000.00 as stated, the book has 0.00 on account 11201/PMB-1 on 2026-03-31")
	opening("O1", ledger.Debit("11201", rp(70_000_000)).For("PMB-1"), ledger.Credit("11302", rp(8_000_000)).For("PMB-1"),
		ledger.Credit("20605", rp(900_000)).For("PMB-1"), ledger.Debit("11113", rp(2_000_000)).For("PMB-1"),
		ledger.Debit("11121", rp(500_000)).For("PMB-1"), ledger.Credit("40301", rp(63_600_000)))
	_, err = desk.Adopt(ctx, a)
	require.ErrorContains(t, err, "the commitment is 30000000.00 as stated, the book has 0.00")
	opening("O2", ledger.Debit("99102", rp(30_000_000)).For("PMB-1"), ledger.Credit("99199", rp(30_000_000)))
	before := headOf(t, book)
	got, err := desk.Adopt(ctx, a)
	require.NoError(t, err)
	require.Equal(t, financing.Running, got.Contract.State)
	require.Empty(t, got.Posted.Lines)
	require.Equal(t, before.Entries, headOf(t, book).Entries, "an adoption posts nothing")

	r := does(t, desk, disburse(on(2026, 4, 1), 30_000_000), results(time.April, 12_000_000, 0, 0))
	require.Equal(t, []string{"Dr 11113/PMB-1 1.200.000", "Dr 11302/PMB-1 8.000.000", "Cr 50106 1.200.000", "Cr 50502 8.000.000"}, lines(r.Posted),
		"the pending loss of 1 million and the deficit of 8 come first")
	r = does(t, desk, amortise(on(2026, 6, 30)))
	require.Equal(t, rp(300_000), r.Event.Change.HandoverGain, "three of the nine months left")
	does(t, desk, end(ends, 100_000_000, 100_000_000), collect(ends, financing.ClaimShare, 3_200_000), collect(ends, financing.ClaimFault, 500_000))

	other := running(mudharabah())
	other.Terms.Contract = "PMB-2"
	other.Key, other.State, other.Position = "adopt 2", financing.Ended, financing.Position{Matured: rp(5)}
	opening("O3", ledger.Debit("11120", rp(5)).For("PMB-2"), ledger.Credit("40301", rp(5)))
	_, err = desk.Adopt(ctx, other)
	require.NoError(t, err)
}

// Only the latest event is undone, by the desk alone, and the mirror is exact.
func TestReverse(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000))
	reported := does(t, desk, results(time.January, 10_000_000, 0, 0))
	_, err := undo(2).desk(desk, "X")
	require.ErrorIs(t, err, financing.ErrNotLatest)
	require.EqualError(t, err, "financing: contract PMB-1: event #2 is not the latest that stands; later ones: report #3 on 2026-01-31")
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "Y", Entry: reported.Posted.Number, Date: on(2026, 2, 1), Reason: "salah"})
	require.Error(t, err, "a contract's entry is the contract's to undo")
	back := does(t, desk, undo(0))
	require.Equal(t, []string{"Cr 11113/PMB-1 4.000.000", "Dr 50106 4.000.000"}, lines(back.Posted))
	require.Equal(t, reported.Posted.Number, back.Posted.Reverses)
	require.Equal(t, start.Prev(), back.Contract.Through, "January can be reported again")
	does(t, desk, results(time.January, 8_000_000, 0, 0), undo(0), undo(0), undo(0))
	c, err := desk.Contract(ctx, "PMB-1")
	require.NoError(t, err)
	require.Equal(t, financing.Unagreed, c.State)
	page, err := desk.Contracts(ctx, "", 0)
	require.NoError(t, err)
	require.Empty(t, page.Contracts)
	history, err := desk.History(ctx, "PMB-1")
	require.NoError(t, err)
	require.Len(t, history, 8)
}

// Whatever refuses a command, contract or book, nothing is left of it, and the
// message speaks of rupiah.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 60_000_000), results(time.January, 10_000_000, 0, 0))
	day := on(2026, 2, 1)
	for name, test := range map[string]struct {
		do   func() (financing.Result, error)
		text string
	}{
		"no key": {func() (financing.Result, error) { return desk.Release(ctx, slip(day)) }, "ledger: every command needs a key"},
		"too much": {func() (financing.Result, error) { return collect(day, financing.ClaimShare, 4_000_001).desk(desk, "X") },
			"financing: contract PMB-1: collect of 4000001.00 is above the 4000000.00 due of it"},
		"no such contract": {func() (financing.Result, error) {
			return desk.Release(ctx, financing.Slip{Key: "X", Contract: "PMB-9", Date: day})
		}, `financing: contract PMB-9: there is no contract "PMB-9"`},
		"out of income": {func() (financing.Result, error) {
			return desk.Disburse(ctx, financing.Disbursement{Slip: financing.Slip{Key: "X", Contract: "PMB-1", Date: day}, Amount: rp(1), Place: financing.Place{Account: "50106"}})
		}, `financing: contract PMB-1: disburse: it cannot go through account "50106", which is the mudharabah income`},
		"out of expense": {func() (financing.Result, error) {
			return desk.Disburse(ctx, financing.Disbursement{Slip: financing.Slip{Key: "X", Contract: "PMB-1", Date: day}, Amount: rp(1), Place: financing.Place{Account: "60201"}})
		}, `financing: contract PMB-1: disburse: it cannot go through account "60201", which is of kind expense`},
		"unknown account": {func() (financing.Result, error) {
			return desk.Disburse(ctx, financing.Disbursement{Slip: financing.Slip{Key: "X", Contract: "PMB-1", Date: day}, Amount: rp(1), Place: financing.Place{Account: "77777"}})
		}, `ledger: "X": line 2: account 77777: is not in the chart`},
		"money that is none": {func() (financing.Result, error) {
			return desk.Disburse(ctx, financing.Disbursement{Slip: financing.Slip{Key: "X", Contract: "PMB-1", Date: day}, Amount: ledger.Minor(ledger.MaxMoney).Add(rp(1)), Place: cash})
		}, "financing: contract PMB-1: disburse: " + ledger.Minor(ledger.MaxMoney).Add(rp(1)).Err().Error()},
		"a day that is none": {func() (financing.Result, error) { return release(on(2026, 2, 30)).desk(desk, "X") },
			"financing: contract PMB-1: release: " + on(2026, 2, 30).Err().Error()},
		"a nisbah that nobody can store": {func() (financing.Result, error) { return agree(day, day, "1.5").desk(desk, "X") },
			"financing: contract PMB-1: a nisbah is a part of the result, above 0 and below 1 (DSN-MUI 115/2017)"},
	} {
		before := headOf(t, book)
		r, err := test.do()
		require.EqualError(t, err, test.text, name)
		require.Zero(t, r, name)
		require.Equal(t, before, headOf(t, book), name)
	}
}

// Accounts that cannot play their role stop every command.
func TestRoles(t *testing.T) {
	book, good := newDesk(t)
	does(t, good, commit(mudharabah()))
	for text, change := range map[string]func(*financing.Accounts){
		`account "40301" cannot be the mudharabah income: it is of kind equity, want income`:                        func(a *financing.Accounts) { a.MudharabahIncome = "40301" },
		`account "11301" cannot be the allowance: it has no subs, want one for each contract`:                       func(a *financing.Accounts) { a.Allowance = "11301" },
		`account "11102" cannot be the matured capital: it stands on the credit side`:                               func(a *financing.Accounts) { a.Matured = "11102" },
		`account "11113" cannot be the receivable for fault: it is the profit share receivable`:                     func(a *financing.Accounts) { a.Fault = "11113" },
		`account "50106" cannot be the recovery: it is the mudharabah income`:                                       func(a *financing.Accounts) { a.Recovery = "50106" },
		`account "" cannot be the loss: it is not in the chart`:                                                     func(a *financing.Accounts) { a.Loss = "" },
		`no account for the investment of a mudharabah is named`:                                                    func(a *financing.Accounts) { a.Mudharabah, a.MudharabahIncome = "", "" },
		`account "10101" cannot be the contra of the commitment: it is of kind asset, want memorandum`:              func(a *financing.Accounts) { a.CommitmentContra = "10101" },
		`account "11202" cannot be the profit share receivable: it is the musyarakah investment`:                    func(a *financing.Accounts) { a.ShareDue = "11202" },
		`account "20302" cannot be the mudharabah investment: it is of kind liability, want asset`:                  func(a *financing.Accounts) { a.Mudharabah = "20302" },
		`account "11201" cannot be the musyarakah income: it is of kind asset, want income`:                         func(a *financing.Accounts) { a.MusyarakahIncome = "11201" },
		`account "50108" cannot be the gain: it stands on the debit side`:                                           func(a *financing.Accounts) { a.Gain = "50108" },
		`account "11201" cannot be the commitment: it is of kind asset, want memorandum`:                            func(a *financing.Accounts) { a.Commitment = "11201" },
		`account "10102" cannot be the declining musyarakah investment: it has no subs, want one for each contract`: func(a *financing.Accounts) { a.Declining = "10102" },
	} {
		spoilt := accounts
		change(&spoilt)
		_, err := disburse(start, 1).desk(financing.NewDesk(book, spoilt, financing.PSAK405()), "X")
		require.ErrorIs(t, err, financing.ErrRole, text)
		require.EqualError(t, err, "financing: contract PMB-1: "+text)
	}
	shared := accounts
	shared.Musyarakah, shared.Declining = shared.Mudharabah, shared.Mudharabah
	shared.Commitment, shared.CommitmentContra = "", ""
	_, err := disburse(start, 1).desk(financing.NewDesk(newCommitted(t, shared), shared, financing.PSAK405()), "X")
	require.NoError(t, err, "one investment account for all forms, no memorandum")
}

// newCommitted is another book with PMB-1 committed under other accounts.
func newCommitted(t *testing.T, a financing.Accounts) *ledger.Book {
	t.Helper()
	book := newBook(t)
	does(t, financing.NewDesk(book, a, financing.PSAK405()), commit(mudharabah()))
	t.Cleanup(func() {
		for f, err := range book.Check(ctx, financing.Checks(a)...) {
			require.NoError(t, err)
			t.Error(f)
		}
	})
	return book
}

// TestInTheCallersTransaction: several commands are one step, or none.
func TestInTheCallersTransaction(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000))
	day := on(2026, 2, 1)
	named := func(key string) financing.Slip {
		s := slip(day)
		s.Key, s.Document = key, "LAP-1"
		return s
	}
	report := financing.Report{Slip: named("R"), From: start, Through: on(2026, 1, 31), Revenue: rp(10_000_000)}
	both := func(amount int64) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			if _, err := desk.ReportTx(tx, report); err != nil {
				return err
			}
			_, err := desk.CollectTx(tx, financing.Collection{Slip: named("C"), Claim: financing.ClaimShare, Amount: rp(amount), Place: cash})
			return err
		})
	}
	before := headOf(t, book)
	require.ErrorIs(t, both(4_000_001), financing.ErrAbove)
	require.Equal(t, before, headOf(t, book), "the report is not kept without its receipt")
	require.NoError(t, both(4_000_000))
	c, err := desk.Contract(ctx, "PMB-1")
	require.NoError(t, err)
	require.Equal(t, 4, c.Version)
	require.True(t, c.Position.ShareDue.IsZero())
}
