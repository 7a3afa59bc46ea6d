package shu_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/shu"
)

func paper(day ledger.Date) shu.Slip {
	s := shu.Slip{Year: 2025, Date: day, Note: "keputusan"}
	s.Document = "RAT-1"
	return s
}

// commands are one of each kind, pure.
var commands = map[shu.EventName]func(shu.Year) (shu.Event, error){
	shu.EventDecide: func(y shu.Year) (shu.Event, error) {
		e, _, err := y.Decide(shu.Decision{Slip: paper(meeting), Plan: plan(), Members: members()})
		return e, err
	},
	shu.EventAdopt: func(y shu.Year) (shu.Event, error) {
		return y.Adopt(shu.Adoption{Slip: paper(meeting), Owing: []string{"20203"}, Unpaid: rp(5)})
	},
	shu.EventPay: func(y shu.Year) (shu.Event, error) {
		return y.Pay(paper(meeting), []shu.Owed{{Account: "20203", Member: "M1", Amount: rp(5), Place: teller}})
	},
	shu.EventSpend: func(y shu.Year) (shu.Event, error) {
		return y.Spend(shu.Spending{Slip: paper(meeting), Fund: "Dana Sosial", Amount: rp(5), Place: teller}, rp(5))
	},
	shu.EventCover: func(y shu.Year) (shu.Event, error) {
		return y.Cover(shu.Covering{Slip: paper(meeting), Reserves: []shu.Leg{{Account: "40301", Amount: rp(5)}}}, rp(12))
	},
}

// inState takes a year to a state.
func inState(t *testing.T, state shu.State) (y shu.Year, history []shu.Event) {
	t.Helper()
	y = shu.Year{Year: 2025}
	do := func(e shu.Event, err error) {
		t.Helper()
		require.NoError(t, err)
		y, err = y.Apply(e)
		require.NoError(t, err)
		history = append(history, e)
	}
	switch state {
	case shu.Decided, shu.Settled:
		do(commands[shu.EventDecide](y))
		if state == shu.Settled {
			do(y.Pay(paper(meeting), []shu.Owed{{Account: "20203", Member: "M1", Amount: y.Position.Payable, Place: teller}}))
		}
	case shu.Short, shu.Covered:
		deficit := map[shu.State]int64{shu.Short: 17, shu.Covered: 5}[state]
		do(y.Cover(shu.Covering{Slip: paper(meeting), Reserves: []shu.Leg{{Account: "40301", Amount: rp(5)}}}, rp(deficit)))
	}
	require.Equal(t, state, y.State)
	return y, history
}

// The table in doc.go is the state machine: every state x every command is
// either in it and allowed or refused with a typed error; a reversal leads back.
func TestEveryStateEveryCommand(t *testing.T) {
	drawn := diagram(t)
	allowed := 0
	for _, state := range shu.States() {
		for name, command := range commands {
			t.Run(string(state)+"/"+string(name), func(t *testing.T) {
				y, history := inState(t, state)
				e, err := command(y)
				targets, inDiagram := drawn[[2]string{stateName(state), string(name)}]
				require.Equal(t, inDiagram, slices.Contains(shu.AllowedIn(name), state), "doc.go against allowedIn")
				if !inDiagram {
					require.ErrorIs(t, err, shu.ErrState)
					require.Zero(t, e)
					return
				}
				allowed++
				require.NoError(t, err)
				require.Contains(t, targets, stateName(e.To))
				next, err := y.Apply(e)
				require.NoError(t, err)

				history = append(history, e)
				replayed, err := shu.Replay(2025, history)
				require.NoError(t, err)
				require.Equal(t, asJSON(t, next), asJSON(t, replayed))
				var read shu.Year
				require.NoError(t, json.Unmarshal([]byte(asJSON(t, next)), &read))
				require.Equal(t, asJSON(t, next), asJSON(t, read))

				undo, err := shu.Reverse(history, shu.Reversal{Slip: paper(meeting)})
				require.NoError(t, err)
				back, err := next.Apply(undo)
				require.NoError(t, err)
				back.Version = y.Version
				require.Equal(t, asJSON(t, y), asJSON(t, back))
			})
		}
	}
	require.Equal(t, len(drawn), allowed)
}

func asJSON(t testing.TB, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return string(data)
}

func stateName(s shu.State) string {
	if s == shu.Undecided {
		return "undecided"
	}
	return string(s)
}

// diagram reads the state table of the package comment.
func diagram(t testing.TB) map[[2]string][]string {
	source, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(source), "# States")
	require.True(t, found)
	table, _, _ := strings.Cut(rest, "# Rules")
	drawn := map[[2]string][]string{}
	for _, match := range regexp.MustCompile(`(?m)^//\t(\w+) +(\w+) +(.*)$`).FindAllStringSubmatch(table, -1) {
		drawn[[2]string{match[1], match[2]}] = regexp.MustCompile(`\w+`).FindAllString(match[3], -1)
	}
	require.NotEmpty(t, drawn)
	return drawn
}

// TestPlansRefused is the golden list of plans that no meeting can decide on.
func TestPlansRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*shu.Plan)
		kind   error
		text   string
	}{
		{"105%", func(p *shu.Plan) { p.MemberKey[0].Percent = decimal.NewFromInt(30) }, shu.ErrKey, "the items add up to 105%, not to exactly 100% (UU 25/1992 art. 45)"},
		{"a hair below", func(p *shu.Plan) { p.OtherKey[0].Percent = decimal.New(39_999_999, -6) }, shu.ErrKey, "the items add up to 99.999999%, not to exactly 100% (UU 25/1992 art. 45)"},
		{"hostile number", func(p *shu.Plan) { p.MemberKey[0].Percent = decimal.New(1, 1_000_000_000) }, shu.ErrKey, "Cadangan: above 100%"},
		{"below zero", func(p *shu.Plan) { p.MemberKey[0].Percent = decimal.NewFromInt(-1) }, shu.ErrKey, "Cadangan: below zero"},
		{"no key for others", func(p *shu.Plan) { p.OtherKey = nil }, shu.ErrKey, "a key has 1 to 100 items, not 0"},
		{"name twice", func(p *shu.Plan) { p.MemberKey[3].Name = "Cadangan" }, shu.ErrKey, "Cadangan: the name stands twice"},
		{"item of two accounts", func(p *shu.Plan) { p.OtherKey[0].Account = "40303" }, shu.ErrKey, "Cadangan: the item is another in the key for the other result"},
		{"members without a measure", func(p *shu.Plan) { p.MemberKey[1].Measure = "" }, shu.ErrKey, "Jasa Modal: what goes to members, and nothing else, goes by a measure"},
		{"unknown measure", func(p *shu.Plan) { p.MemberKey[1].Measure = "x" }, shu.ErrKey, `Jasa Modal: the plan has no measure "x"`},
		{"capital by business", func(p *shu.Plan) { p.MemberKey[1].Measure = "margin" }, shu.ErrKey, `Jasa Modal: jasa modal goes by pokok and wajib savings alone, not by "margin" (UU 25/1992 art. 45)`},
		{"business by capital", func(p *shu.Plan) { p.MemberKey[2].Measure = "pokok+wajib" }, shu.ErrKey, "Jasa Usaha: jasa usaha goes by what members did, not by their capital (UU 25/1992 art. 45)"},
		{"others' result to members", func(p *shu.Plan) {
			p.OtherKey[0] = p.MemberKey[2]
			p.OtherKey[0].Percent = decimal.NewFromInt(40)
		}, shu.ErrKey, "Jasa Usaha: what business with others brought does not go to members, unless the plan says so (UU 25/1992 art. 45)"},
		{"residue to a fund", func(p *shu.Plan) { p.ResidueTo = "Dana Sosial" }, shu.ErrKey, "Dana Sosial: what dividing leaves over must go to a reserve of the key"},
		{"residue not named", func(p *shu.Plan) { p.Residue = "" }, shu.ErrMembers, `the rule for the residue must be named, not ""`},
		{"deficit", func(p *shu.Plan) { p.Members = rp(-5) }, shu.ErrResult, "SHU 2025: a result of -500 is not divided: a loss of one side comes off the other, a deficit is covered from the reserve (UU 25/1992 art. 45)"},
		{"nothing", func(p *shu.Plan) { p.Members, p.Others = rp(0), rp(0) }, shu.ErrResult, "SHU 2025: there is no result to divide"},
		{"no step", func(p *shu.Plan) { p.Step = rp(0) }, shu.ErrResult, "SHU 2025: the step of amounts must be above zero"},
		{"no year", func(p *shu.Plan) { p.Year = 5 }, shu.ErrResult, "SHU 5: a year from 1900 to 9999 is needed"},
		{"voluntary savings counted", func(p *shu.Plan) { p.Measures[0].Total = 800 }, shu.ErrMembers,
			"pokok+wajib: the members' figures do not add up to the total of 800: both sides must be counted alike (UU 25/1992 art. 45)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plan()
			c.change(&p)
			_, err := p.Propose(members())
			require.ErrorIs(t, err, c.kind)
			require.EqualError(t, err, "shu: "+c.text)
		})
	}
	p := plan()
	p.OthersToMembers = true
	p.OtherKey[0] = p.MemberKey[2]
	p.OtherKey[0].Percent = decimal.NewFromInt(40)
	got, err := p.Propose(members())
	require.NoError(t, err)
	require.Equal(t, rp(4_799_998), got.Due(), "20% + 20% of 10 million, 40% of 2 million; two rupiah that three equal members cannot share stay in the reserve")
}

// TestRefusedCommandsLeaveNothing: whatever refuses a command, nothing is left.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	b := newBook(t)
	b.post(on(2025, 1, 1), ledger.Debit("10102", rp(1_000)), ledger.Credit("40301", rp(1_000)))
	b.result(2025, 12_000_000)
	decision := func(change func(*shu.Decision)) func() (shu.Result, error) {
		return func() (shu.Result, error) {
			d := shu.Decision{Slip: b.slip(2025, meeting), Plan: plan(), Members: members()}
			change(&d)
			return b.desk.Decide(ctx, d)
		}
	}
	payment := func(payees ...shu.Payee) func() (shu.Result, error) {
		return func() (shu.Result, error) {
			return b.desk.Pay(ctx, shu.Payment{Slip: b.slip(2025, meeting), Payees: payees})
		}
	}
	refused := func(name, text string, do func() (shu.Result, error)) {
		t.Helper()
		before, err := b.Head(ctx)
		require.NoError(t, err)
		r, err := do()
		require.EqualError(t, err, text, name)
		require.Zero(t, r, name)
		after, err := b.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, before, after, name)
	}
	refused("not the book's result", "shu: SHU 2025: the plan divides 12000001.00, the book has 12000000.00 undivided (UU 25/1992 art. 45)",
		decision(func(d *shu.Decision) { d.Plan.Members = rp(10_000_001) }))
	refused("no minutes", "shu: SHU 2025: the minutes of the members' meeting must be named (UU 25/1992 art. 45)", decision(func(d *shu.Decision) { d.Document = "" }))
	refused("amid the year", "shu: SHU 2025: decide on 2025-12-31: the year is not over", decision(func(d *shu.Decision) { d.Date = on(2025, 12, 31) }))
	refused("a result that is none", "shu: SHU 2025: a result of "+ledger.Minor(ledger.MaxMoney).Add(rp(1)).String()+" is not divided: a loss of one side comes off the other, a deficit is covered from the reserve (UU 25/1992 art. 45)",
		decision(func(d *shu.Decision) { d.Plan.Others = ledger.Minor(ledger.MaxMoney).Add(rp(1)) }))
	refused("a percentage that is none", "shu: Cadangan: a percentage has at most 6 decimals", decision(func(d *shu.Decision) { d.Plan.MemberKey[0].Percent = decimal.New(1, -7) }))
	refused("another year's plan", "shu: SHU 2025: the plan is of 2024", decision(func(d *shu.Decision) { d.Plan.Year = 2024 }))
	refused("reserve as liability", `shu: account "20701" cannot be Cadangan: it is of kind liability, want equity`, decision(func(d *shu.Decision) {
		d.Plan.MemberKey[0].Account, d.Plan.OtherKey[0].Account = "20701", "20701"
	}))
	refused("members without subs", `shu: account "20701" cannot be Jasa Modal: it has no subs, want one for each member`, decision(func(d *shu.Decision) { d.Plan.MemberKey[1].Account = "20701" }))
	refused("into the undivided itself", `shu: account "40401" cannot be Zakat: it is the undivided SHU`, decision(func(d *shu.Decision) { d.Plan.MemberKey[7].Account = "40401" }))
	refused("cover of a result", "shu: SHU 2025: cover of 1.00 is above the -12000000.00 of the deficit", func() (shu.Result, error) {
		return b.desk.Cover(ctx, shu.Covering{Slip: b.slip(2025, meeting), Reserves: []shu.Leg{{Account: "40301", Amount: rp(1)}}})
	})
	refused("payment before the meeting", "shu: SHU 2025: there is no decision on it", payment(shu.Payee{Member: "M1", Place: teller}))
	_, err := decision(func(*shu.Decision) {})()
	require.NoError(t, err)
	refused("decided twice", "shu: SHU 2025: decide is not possible, the year is decided", decision(func(*shu.Decision) {}))
	refused("nobody", "shu: SHU 2025: there is nobody to be paid", payment())
	refused("nowhere", "shu: SHU 2025: it is not said where member M1 is paid", payment(shu.Payee{Member: "M1"}))
	refused("twice in one", "shu: member M1: is to be paid twice", payment(shu.Payee{Member: "M1", Place: teller}, shu.Payee{Member: "M1", Place: teller}))
	refused("no member", "shu: member M9: 0.00 is unpaid of 2025, 0.00 is to be paid", payment(shu.Payee{Member: "M9", Place: teller}))
	refused("more than owed", "shu: member M3: 666666.00 is unpaid of 2025, 666667.00 is to be paid", payment(shu.Payee{Member: "M3", Place: teller, Amount: rp(666_667)}))
	refused("out of income", `shu: SHU 2025: pay: it cannot go through account "50101"`, payment(shu.Payee{Member: "M1", Place: ledger.Place{Account: "50101"}}))
	refused("to another member's share", `shu: SHU 2025: pay: it cannot go through account "20203"`, payment(shu.Payee{Member: "M1", Place: ledger.Place{Account: "20203", Sub: "M2/2025"}}))
	refused("no such fund", `shu: SHU 2025: the decision has no fund "Cadangan"`, func() (shu.Result, error) {
		return b.desk.Spend(ctx, shu.Spending{Slip: b.slip(2025, meeting), Fund: "Cadangan", Amount: rp(1), Place: teller})
	})
	require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetBlock(ledger.BlockSetting{Key: "blokir", Account: "30101", Sub: "M1-SIMUDA", Block: ledger.FullBlock, Reason: "sengketa", By: "pengurus"})
	}))
	blocked := shu.Payee{Member: "M1", Place: ledger.Place{Account: "30101", Sub: "M1-SIMUDA"}}
	refused("blocked alone", "shu: SHU 2025: there is nobody to be paid", payment(blocked))
	paid, err := payment(blocked, shu.Payee{Member: "M3", Place: teller})()
	require.NoError(t, err, "a blocked account stops nobody else")
	require.Equal(t, 1, paid.Event.Members)
	require.Equal(t, 1, paid.Event.Left)
	owed, err := b.desk.Payable(ctx, "M1")
	require.NoError(t, err)
	require.Equal(t, []shu.YearOwed{{Year: 2025, Amount: rp(1_809_523)}}, owed, "it stays a liability")
	b.result(2026, -5_000)
	refused("more than the reserve has", "shu: SHU 2026: cover of 3302002.00 is above the 5000.00 of the deficit", func() (shu.Result, error) {
		return b.desk.Cover(ctx, shu.Covering{Slip: b.slip(2026, on(2027, 3, 1)), Reserves: []shu.Leg{{Account: "40301", Amount: rp(3_302_002)}}})
	})
	refused("a reserve that has nothing", "shu: SHU 2026: cover of 5000.00 is above the 0.00 in reserve 40302", func() (shu.Result, error) {
		return b.desk.Cover(ctx, shu.Covering{Slip: b.slip(2026, on(2027, 3, 1)), Reserves: []shu.Leg{{Account: "40302", Amount: rp(5_000)}}})
	})
}

// TestRandomYears takes years of random results and members through the desk;
// in the end no member's sub has a balance, and the sums hold all the way.
func TestRandomYears(t *testing.T) {
	const seed = 5
	b := newBook(t)
	random := rand.New(rand.NewPCG(seed, 0))
	b.post(on(2000, 1, 1), ledger.Debit("10102", rp(900_000_000)), ledger.Credit("40301", rp(900_000_000)))
	for year := 2001; year < 2031; year++ {
		amount := random.Int64N(50_000_000) - 10_000_000
		if amount == 0 {
			amount = 1
		}
		b.result(year, amount)
		day := on(year+1, 3, 15)
		if amount < 0 {
			_, err := b.desk.Cover(ctx, shu.Covering{Slip: b.slip(year, day), Reserves: []shu.Leg{{Account: "40301", Amount: rp(-amount)}}})
			require.NoError(t, err)
			continue
		}
		p := plan()
		p.Year, p.Others = year, rp(random.Int64N(amount+1))
		p.Members = rp(amount).Sub(p.Others)
		p.Residue = []shu.Residue{shu.ToReserve, shu.LargestRests, shu.ByNumber}[random.IntN(3)]
		p.Measures[0].Total, p.Measures[1].Total = 0, 0
		var list []shu.Member
		for i := range 1 + random.IntN(12) {
			m := shu.Member{Member: fmt.Sprintf("M%02d", i), Figures: []int64{random.Int64N(1 << 40), random.Int64N(3)}}
			p.Measures[0].Total += m.Figures[0]
			p.Measures[1].Total += m.Figures[1]
			list = append(list, m)
		}
		got := b.decide(p, list...)
		position := got.Year.Position
		require.Equal(t, rp(amount), ledger.Sum(position.Reserved, position.Funds, position.Payable), "seed %d, year %d", seed, year)
		for got.Year.State == shu.Decided {
			var payees []shu.Payee
			require.NoError(t, b.View(ctx, func(tx *ledger.Tx) error {
				for o, err := range shu.Unpaid(tx, year) {
					require.NoError(t, err)
					if random.IntN(2) == 0 && !slices.ContainsFunc(payees, func(p shu.Payee) bool { return p.Member == o.Member }) {
						payees = append(payees, shu.Payee{Member: o.Member, Place: teller, Amount: ledger.Minor(random.Int64N(o.Amount.Minor() + 1))})
					}
				}
				return nil
			}))
			if len(payees) > 0 {
				got = b.pay(year, day, payees...)
				if random.IntN(9) == 0 {
					_, err := b.desk.Reverse(ctx, shu.Reversal{Slip: b.slip(year, day)})
					require.NoError(t, err)
					got.Year, err = b.desk.Year(ctx, year)
					require.NoError(t, err)
				}
			}
		}
	}
	require.NoError(t, b.View(ctx, func(tx *ledger.Tx) error {
		for sub, err := range tx.Subs("20203", "") {
			require.NoError(t, err)
			require.True(t, sub.Last.IsZero(), sub.Sub)
		}
		balance, err := tx.Balance("40401", "", ledger.Latest())
		require.NoError(t, err)
		require.True(t, balance.IsZero())
		return nil
	}))
}

// What could be wrong in a book that somebody wrote to past the desk is found.
func TestChecksFindWhatIsWrong(t *testing.T) {
	one := rp(1)
	entry := func(lines ...ledger.Line) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Post(ledger.Entry{Key: "X", Date: meeting, Memo: "x", Lines: lines})
			return err
		}
	}
	latest := func(edit func(*shu.Event, *shu.Year)) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			y, _, err := shu.YearIn(tx, 2025)
			require.NoError(t, err)
			e, err := y.Spend(shu.Spending{Slip: paper(meeting), Fund: "Dana Sosial", Amount: one, Place: teller}, one)
			require.NoError(t, err)
			next, err := y.Apply(e)
			require.NoError(t, err)
			edit(&e, &next)
			_, err = tx.Save(ledger.Record{Key: "X", Kind: "shu", ID: "2025", Version: next.Version, Event: string(e.Name), Data: []byte(asJSON(t, e)), Format: shu.Format, State: []byte(asJSON(t, next))})
			return err
		}
	}
	for _, test := range []struct {
		name, check, text string
		plant             func(*ledger.Tx) error
	}{
		{"a line on a member's sub", "shu.balances", "3999998.00 is payable to members, the book has 3999997.00", entry(ledger.Debit("20203", one).For("M1/2025"), ledger.Credit("10102", one))},
		{"paid past the desk", "shu.balances", "more was paid than owed: -1.00", entry(ledger.Debit("20203", one).For("M7/2025"), ledger.Credit("10102", one))},
		{"an event without entry", "shu.entries", "shu/2025#2 spend has no entry", latest(func(*shu.Event, *shu.Year) {})},
		{"a state that the events do not give", "shu.replay", "the state is not what the events give", latest(func(_ *shu.Event, y *shu.Year) { y.Position.Paid = one })},
		{"an event that was not possible", "shu.replay", "was not possible, the year was decided", latest(func(e *shu.Event, _ *shu.Year) { e.Name = shu.EventCover })},
		{"what was divided is lost", "shu.sums", "of 12000000.00 divided, 11999999.00 is reserved, set aside, owed and paid", latest(func(_ *shu.Event, y *shu.Year) { y.Position.Funds = y.Position.Funds.Sub(one) })},
		{"a form of another release", "shu.replay", "stored format 2, this release reads 1", func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X", Kind: "shu", ID: "2024", Version: 1, Event: "decide", Data: []byte("{}"), Format: 2, State: []byte("{}")})
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := uncheckedBook(t)
			b.result(2025, 12_000_000)
			b.decide(plan(), members()...)
			require.Empty(t, b.findings())
			require.NoError(t, b.Update(ctx, test.plant))
			var texts []string
			for _, f := range b.findings() {
				texts = append(texts, f.String())
				if f.Check == test.check && strings.Contains(f.String(), test.text) {
					return
				}
			}
			t.Fatalf("not found: %s: %s\namong: %q", test.check, test.text, texts)
		})
	}
}
