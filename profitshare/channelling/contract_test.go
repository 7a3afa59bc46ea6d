package channelling_test

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
	"github.com/mizan-coop/mizan/profitshare/channelling"
)

var (
	rp    = ledger.IDR.Of
	on    = ledger.On
	cash  = ledger.Place{Account: "10102"}
	start = on(2026, 1, 5)
)

// terms are 10 million for a year at 35:65, for a fee of 200.000.
func terms() channelling.Terms {
	return channelling.Terms{
		Contract: "MMQ-1", Investor: ledger.Party{Member: "M1", Standing: ledger.Member}, Manager: ledger.Party{Member: "M9", Standing: ledger.Member},
		Restriction: "kebun kopi Pak Dar, tanpa jual beli angsuran", Amount: rp(10_000_000), Nisbah: decimal.RequireFromString("0.35"), Fee: rp(200_000),
		Maturity: on(2027, 1, 5), Rounding: ledger.RoundDown, Step: rp(1),
	}
}

func slip(day ledger.Date) channelling.Slip {
	return channelling.Slip{Contract: "MMQ-1", Date: day, Note: "berita acara", Voucher: channelling.Voucher{Document: "LAP-1"}}
}

func moving(day ledger.Date, amount int64) channelling.Movement {
	return channelling.Movement{Slip: slip(day), Amount: rp(amount), Place: cash}
}

type decide func(channelling.Contract) (channelling.Event, error)

// commands are one of each kind, as they can be carried out on a day.
func commands(day ledger.Date) map[channelling.EventName]decide {
	move := func(do func(channelling.Contract, channelling.Movement) (channelling.Event, error), amount int64) decide {
		return func(c channelling.Contract) (channelling.Event, error) { return do(c, moving(day, amount)) }
	}
	return map[channelling.EventName]decide{
		channelling.EventAgree: func(c channelling.Contract) (channelling.Event, error) {
			return c.Agree(channelling.Agreement{Slip: slip(day), Terms: terms()})
		},
		channelling.EventAdopt: func(c channelling.Contract) (channelling.Event, error) {
			return c.Adopt(channelling.Adoption{Slip: slip(day), Terms: terms(), State: channelling.Running,
				Position: channelling.Position{Placed: rp(5_000_000), Held: rp(100_000), Received: rp(5_100_000)}})
		},
		channelling.EventReceive: move(channelling.Contract.Receive, 1_000_000), channelling.EventPlace: move(channelling.Contract.PlaceWith, 500_000),
		channelling.EventCollect: move(channelling.Contract.Collect, 35_000), channelling.EventReturn: move(channelling.Contract.Return, 150_000),
		channelling.EventLose: move(channelling.Contract.Lose, 120_000), channelling.EventCompensate: move(channelling.Contract.Compensate, 100_000),
		channelling.EventCharge: move(channelling.Contract.Charge, 50_000), channelling.EventPayOut: move(channelling.Contract.PayOut, 10_000),
		channelling.EventReport: func(c channelling.Contract) (channelling.Event, error) {
			from := c.Through.Next()
			if c.Through.IsZero() {
				from = start
			}
			return c.Report(channelling.Report{Slip: slip(day), From: from, Through: day, Result: rp(100_000)})
		},
		channelling.EventClose: func(c channelling.Contract) (channelling.Event, error) { return c.Close(slip(day)) },
	}
}

// live applies commands, each a day later.
func live(t testing.TB, names ...channelling.EventName) (c channelling.Contract, events []channelling.Event) {
	t.Helper()
	for i, name := range names {
		e, err := commands(start.AddDays(i))[name](c)
		require.NoError(t, err, name)
		c, err = c.Apply(e)
		require.NoError(t, err, name)
		events = append(events, e)
	}
	return c, events
}

// The table in doc.go is the state machine: every state x every command is in it
// and allowed, or refused with ErrState; only closing asks for more.
func TestEveryStateEveryCommand(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	drawn := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^//\t(unagreed|agreed|running|closed)  +(\w+)  +(.+)$`).FindAllStringSubmatch(string(doc), -1) {
		drawn[row[1]+" "+row[2]] = row[3]
	}
	require.Len(t, drawn, 17)
	running := []channelling.EventName{channelling.EventAgree, channelling.EventReceive, channelling.EventPlace, channelling.EventReport, channelling.EventLose}
	agreed, _ := live(t, running[:2]...)
	middle, _ := live(t, running...)
	empty, _ := live(t, channelling.EventAgree)
	closed, _ := live(t, channelling.EventAgree, channelling.EventClose)
	for state, c := range map[channelling.State]channelling.Contract{
		channelling.Unagreed: {}, channelling.Agreed: agreed, channelling.Running: middle, channelling.Closed: closed,
	} {
		require.Equal(t, state, c.State)
		for name, do := range commands(on(2026, 3, 1)) {
			word := string(state)
			if word == "" {
				word = "unagreed"
			}
			from := c
			if name == channelling.EventClose && state == channelling.Agreed {
				from = empty
			}
			e, err := do(from)
			to, allowed := drawn[word+" "+string(name)]
			if !allowed {
				require.ErrorIs(t, err, channelling.ErrState, "%s %s", word, name)
				require.Zero(t, e)
				continue
			}
			if name == channelling.EventClose && state == channelling.Running {
				require.ErrorIs(t, err, channelling.ErrAmount, "something is held and placed")
				continue
			}
			require.NoError(t, err, "%s %s", word, name)
			require.Contains(t, strings.Split(to, " or "), string(e.To), "%s %s", word, name)
			next, err := from.Apply(e)
			require.NoError(t, err)
			data, err := json.Marshal(next)
			require.NoError(t, err)
			var read channelling.Contract
			require.NoError(t, json.Unmarshal(data, &read))
			again, err := json.Marshal(read)
			require.NoError(t, err)
			require.JSONEq(t, string(data), string(again))
			_, err = next.Apply(e)
			require.ErrorIs(t, err, channelling.ErrSequence, "the same event twice")
		}
	}
}

func TestTermsRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*channelling.Terms)
		want   string
	}{
		{"no id", func(t *channelling.Terms) { t.Contract = "" }, "the id must have"},
		{"nobody", func(t *channelling.Terms) { t.Investor = ledger.Party{} }, "must be named"},
		{"one person", func(t *channelling.Terms) { t.Manager = t.Investor }, "are one"},
		{"unrestricted", func(t *channelling.Terms) { t.Restriction = " " }, "(DSN-MUI 115/2017)"},
		{"no amount", func(t *channelling.Terms) { t.Amount = rp(0) }, "not above zero"},
		{"fee below zero", func(t *channelling.Terms) { t.Fee = rp(-1) }, "below zero"},
		{"nisbah of nothing", func(t *channelling.Terms) { t.Nisbah = decimal.Decimal{} }, "above 0 and below 1"},
		{"nisbah of all", func(t *channelling.Terms) { t.Nisbah = decimal.NewFromInt(1) }, "above 0 and below 1"},
		{"nisbah out of range", func(t *channelling.Terms) { t.Nisbah = decimal.New(1, -1_000_000) }, "above 0 and below 1"},
		{"no day", func(t *channelling.Terms) { t.Maturity = on(2026, 2, 31) }, "maturity"},
		{"no step", func(t *channelling.Terms) { t.Step = rp(0) }, "must be named"},
	} {
		t.Run(c.name, func(t *testing.T) {
			agreed := terms()
			c.change(&agreed)
			_, err := channelling.Contract{}.Agree(channelling.Agreement{Slip: slip(start), Terms: agreed})
			require.ErrorIs(t, err, channelling.ErrTerms)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestCommandRefusals(t *testing.T) {
	c, _ := live(t, channelling.EventAgree, channelling.EventReceive, channelling.EventPlace, channelling.EventReport)
	day := on(2026, 3, 1)
	quiet := moving(day, 1)
	quiet.Note = ""
	nowhere := moving(day, 1)
	nowhere.Place = ledger.Place{}
	report := func(change func(*channelling.Report)) error {
		r := channelling.Report{Slip: slip(day), From: on(2026, 2, 1), Through: on(2026, 2, 28), Result: rp(1)}
		change(&r)
		_, err := c.Report(r)
		return err
	}
	only := func(_ channelling.Event, err error) error { return err }
	for _, r := range []struct {
		name string
		err  error
		kind error
		want string
	}{
		{"more than held", only(c.PlaceWith(moving(day, 500_001))), channelling.ErrAmount, "above the"},
		{"more than placed", only(c.Return(moving(day, 500_001))), channelling.ErrAmount, "above the"},
		{"a share that was not reported", only(c.Collect(moving(day, 35_001))), channelling.ErrAmount, "above the"},
		{"a fee beyond the agreed", only(c.Charge(moving(day, 200_001))), channelling.ErrAmount, "above the"},
		{"paid beyond what is held", only(c.PayOut(moving(day, 500_001))), channelling.ErrAmount, "above the"},
		{"made good what was not lost", only(c.Compensate(moving(day, 1))), channelling.ErrAmount, "above the"},
		{"nothing", only(c.Receive(moving(day, 0))), channelling.ErrAmount, "not above zero"},
		{"a loss without proof", only(c.Lose(quiet)), channelling.ErrCommand, "needs a note"},
		{"from nowhere", only(c.Receive(nowhere)), channelling.ErrCommand, "does not say through which account"},
		{"before the latest event", only(c.Receive(moving(start, 1))), channelling.ErrCommand, "lies before the latest event"},
		{"days to come", report(func(r *channelling.Report) { r.Through = on(2026, 3, 31) }), channelling.ErrReport, "only be projected"},
		{"days twice", report(func(r *channelling.Report) { r.From = start }), channelling.ErrReport, "reported already"},
		{"without the report", report(func(r *channelling.Report) { r.Document = "" }), channelling.ErrReport, "must be named"},
		{"a negative result", report(func(r *channelling.Report) { r.Result = rp(-1) }), channelling.ErrReport, "recorded as lost"},
		{"no period", report(func(r *channelling.Report) { r.Through = on(2026, 1, 31) }), channelling.ErrReport, "first and last day"},
	} {
		t.Run(r.name, func(t *testing.T) {
			require.ErrorIs(t, r.err, r.kind)
			require.ErrorContains(t, r.err, r.want)
			var refusal *channelling.Refusal
			require.ErrorAs(t, r.err, &refusal)
			require.Equal(t, "MMQ-1", refusal.Contract)
			require.Contains(t, refusal.Code, ".")
		})
	}
	big := terms()
	big.Amount = rp(600_000)
	e, err := channelling.Contract{}.Agree(channelling.Agreement{Slip: slip(start), Terms: big})
	require.NoError(t, err)
	c, err = channelling.Contract{}.Apply(e)
	require.NoError(t, err)
	for _, step := range []channelling.EventName{channelling.EventReceive, channelling.EventPlace} {
		e, err := commands(start)[step](c)
		require.NoError(t, err)
		c, err = c.Apply(e)
		require.NoError(t, err)
	}
	_, err = c.PlaceWith(moving(start, 100_001))
	require.ErrorContains(t, err, "above the", "the terms allow 600.000 in all")
}

// Random lives: what came is what is held, placed, lost, charged and paid; no
// amount is ever below zero; undoing every event leads back to nothing.
func TestRandomLives(t *testing.T) {
	const seed = 20260214
	done := map[channelling.EventName]int{}
	for n := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, n))
		c, events := live(t, channelling.EventAgree)
		for i := range 40 {
			all := commands(start.AddDays(i + 1))
			names := slices.Sorted(func(yield func(channelling.EventName) bool) {
				for name := range all {
					if !yield(name) {
						return
					}
				}
			})
			e, err := all[names[random.IntN(len(names))]](c)
			if err != nil {
				continue
			}
			done[e.Name]++
			c, err = c.Apply(e)
			require.NoError(t, err)
			events = append(events, e)
			p := c.Position
			require.Equal(t, ledger.Sum(p.Received, p.Collected, p.Compensated), ledger.Sum(p.Held, p.Placed, p.Lost, p.Charged, p.Paid), "seed %d, life %d, %s", seed, n, e)
			var sum ledger.Money
			for _, line := range channelling.Journal(c, e, channelling.StandardAccounts()).Lines {
				sum = sum.Add(line.Amount)
			}
			require.True(t, sum.IsZero(), e.String())
		}
		for range len(events) {
			e, err := channelling.Reverse(events, channelling.Reversal{Slip: slip(on(2026, 12, 31))})
			require.NoError(t, err)
			c, err = c.Apply(e)
			require.NoError(t, err)
			events = append(events, e)
		}
		require.Equal(t, channelling.Unagreed, c.State)
		require.Zero(t, c.Position)
		_, err := channelling.Reverse(events, channelling.Reversal{Slip: slip(on(2026, 12, 31))})
		require.ErrorIs(t, err, channelling.ErrState)
	}
	require.Len(t, done, 10, fmt.Sprint(done)) // all but agree and adopt
}
