package financing_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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
	list, err := desk.Nominatif(ctx)
	require.NoError(t, err)
	require.Len(t, list.Rows, 40)
	require.True(t, list.Total.Net().IsZero())
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
	require.True(t, back.Contract.Through.IsZero(), "January can be reported again")
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

// What could be wrong in a book that somebody wrote to past the desk is found
// by the check that looks for it.
func TestChecksFindWhatIsWrong(t *testing.T) {
	latest := func(edit func(*financing.Event, *financing.Contract)) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			c, _, err := financing.ContractIn(tx, "PMB-1")
			require.NoError(t, err)
			e, err := c.Agree(financing.Agreement{Slip: slip(c.Latest), From: c.Latest.Next(), Nisbah: ratio("0.3")})
			require.NoError(t, err)
			next, err := c.Apply(e)
			require.NoError(t, err)
			edit(&e, &next)
			data, err := json.Marshal(e)
			require.NoError(t, err)
			state, err := json.Marshal(next)
			require.NoError(t, err)
			_, err = tx.Save(ledger.Record{Key: "X", Kind: financing.RecordKind, ID: "PMB-1", Version: next.Version, Event: "agree", Data: data, Format: financing.Format, State: state})
			return err
		}
	}
	entry := func(source ledger.Source, lines ...ledger.Line) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Post(ledger.Entry{Key: "X", Date: start, Memo: "x", Source: source, Lines: lines})
			return err
		}
	}
	one := rp(1)
	for _, test := range []struct {
		name  string
		plant func(*ledger.Tx) error
		check string
		text  string
	}{
		{"a line on the contract's sub", entry(ledger.Source{}, ledger.Debit("10102", one), ledger.Credit("11201", one).For("PMB-1")),
			"financing.balances", "the contract's mudharabah investment is 60000000.00, the book has 59999999.00"},
		{"a line on a sub of no contract", entry(ledger.Source{}, ledger.Debit("10102", one), ledger.Credit("11302", one).For("PMB-7")),
			"financing.balances", "account 11302/PMB-7: the contract's allowance is 0.00, the book has 1.00"},
		{"an entry of no event", entry(ledger.Source{Kind: "financing", ID: "PMB-1", Version: 9, Event: "report"}, ledger.Debit("10102", one), ledger.Credit("40402", one)),
			"financing.entries", "it names financing/PMB-1#9 report, which there is none of"},
		{"a state that the events do not give", latest(func(_ *financing.Event, c *financing.Contract) { c.Position.Deficit = one }),
			"financing.replay", "contract PMB-1, version 4: the state is not what the events give"},
		{"money without an entry", latest(func(e *financing.Event, c *financing.Contract) {
			e.Change.ShareDue, e.Change.Income = one, one
			c.Position = c.Position.Add(e.Change)
		}), "financing.entries", "financing/PMB-1#4 agree moves money and has no entry"},
		{"a result ahead of its days", latest(func(e *financing.Event, _ *financing.Contract) {
			e.Reported = &financing.Reported{Through: on(2027, 1, 1)}
		}), "financing.course", "reports days that were still to come (PSAK 405)"},
		{"a command that the state does not allow", latest(func(e *financing.Event, _ *financing.Contract) { e.Name = financing.EventStart }),
			"financing.course", "was not possible, the contract was running"},
		{"more invested than given", latest(func(e *financing.Event, c *financing.Contract) {
			e.Change.Capital = rp(-1)
			c.Position = c.Position.Add(e.Change)
		}), "financing.sums", "of a capital of 59999999.00, 60000000.00 is invested"},
		{"a form of another release", func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X", Kind: "financing", ID: "PMB-8", Version: 1, Event: "commit", Data: []byte("{}"), Format: 2, State: []byte("{}")})
			return err
		}, "financing.replay", "stored format 2, this release reads 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := newBook(t)
			desk := financing.NewDesk(book, accounts, financing.PSAK405())
			does(t, desk, commit(mudharabah()), disburse(start, 60_000_000), results(time.January, 10_000_000, 0, 0))
			requireSound(t, book)
			require.NoError(t, book.Update(ctx, test.plant))
			var texts []string
			for _, f := range findings(t, book) {
				texts = append(texts, f.String())
				if f.Check == test.check && strings.Contains(f.String(), test.text) {
					return
				}
			}
			t.Fatalf("not found: %s: %s\namong: %q", test.check, test.text, texts)
		})
	}
}
