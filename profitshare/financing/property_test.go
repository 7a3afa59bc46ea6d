package financing_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// randomTerms are valid terms of any form.
func randomTerms(random *rand.Rand) financing.Terms {
	forms := financing.Forms()
	t := terms(forms[random.IntN(len(forms))])
	t.Capital = ledger.Minor(1 + random.Int64N(1_000_000_00))
	if t.Form != financing.Mudharabah {
		t.PartnerCapital = ledger.Minor(1 + random.Int64N(1_000_000_00))
	}
	t.Nisbah = decimal.New(1+random.Int64N(9998), -4)
	t.Sharing = []financing.Sharing{financing.RevenueSharing, financing.GrossProfitSharing, financing.ProfitSharing}[random.IntN(3)]
	t.StartsLater, t.LossFinal = random.IntN(3) == 0, random.IntN(4) == 0
	if !t.LossFinal && random.IntN(2) == 0 {
		t.Interim = financing.InterimProvisional
	}
	if t.Form == financing.Mudharabah || t.Form == financing.Musytarakah {
		t.Return = []financing.Return{financing.AtEnd, financing.InStages}[random.IntN(2)]
	}
	if t.Form == financing.Musytarakah {
		t.Order = []financing.Order{financing.CapitalFirst, financing.NisbahFirst}[random.IntN(2)]
	}
	t.Rounding = ledger.Rounding(1 + random.IntN(4))
	t.Step = ledger.Minor([]int64{1, 100, 1000}[random.IntN(3)])
	return t
}

// some is an amount from zero to the most, all of it now and then.
func some(random *rand.Rand, most ledger.Money) ledger.Money {
	if most.Sign() <= 0 || random.IntN(4) == 0 {
		return most
	}
	return ledger.Minor(random.Int64N(most.Minor() + 1))
}

// randomCommand decides something that a contract may do on a day; what is
// refused is asked for again with other figures.
func randomCommand(random *rand.Rand, day ledger.Date, policies financing.Policies) func(financing.Contract) (financing.Event, error) {
	s := slip(day)
	s.Document = "LAP"
	return func(c financing.Contract) (financing.Event, error) {
		p := c.Position
		claim := []financing.Claim{financing.ClaimShare, financing.ClaimMatured, financing.ClaimFault}[random.IntN(3)]
		due := map[financing.Claim]ledger.Money{financing.ClaimShare: p.ShareDue, financing.ClaimMatured: p.Matured, financing.ClaimFault: p.Fault}[claim]
		switch random.IntN(19) {
		case 0, 1:
			return c.Disburse(financing.Disbursement{Slip: s, Amount: some(random, p.Commitment), Place: cash})
		case 2:
			fair := some(random, p.Commitment)
			return c.HandOver(financing.Handover{Slip: s, Fair: fair, Carrying: some(random, fair.Add(fair)), Place: goods}, policies)
		case 3:
			return c.Start(s)
		case 4, 5, 6, 7:
			from := c.Through.Next()
			if c.Through.IsZero() {
				from = start
			}
			worth := p.Capital.Add(c.PartnerCapital())
			return c.Report(financing.Report{Slip: s, From: from, Through: day, Revenue: some(random, worth), Cost: some(random, worth), Expenses: some(random, worth)}, policies)
		case 8, 9:
			return c.Collect(financing.Collection{Slip: s, Claim: claim, Amount: some(random, due), Place: cash})
		case 10:
			return c.Repay(financing.Repayment{Slip: s, Amount: some(random, p.Net()), Place: cash})
		case 11:
			share := some(random, p.Net())
			return c.BuyBack(financing.BuyBack{Slip: s, Capital: share, Price: some(random, share.Add(share)), Place: cash})
		case 12:
			return c.Amortise(s)
		case 13:
			return c.Lose(financing.Loss{Slip: s, Amount: some(random, p.Net())})
		case 14:
			amount := some(random, p.Net())
			return c.Blame(financing.Fault{Slip: s, Ground: financing.Ruling, Amount: amount, Recognised: some(random, amount.Min(p.Lost())), Pending: some(random, p.Pending)})
		case 15:
			return c.Agree(financing.Agreement{Slip: s, From: day.AddDays(1 + random.IntN(20)), Nisbah: decimal.New(1+random.Int64N(98), -2)})
		case 17:
			return c.Settle(financing.Settlement{Slip: s, Place: cash})
		case 16:
			return c.Depreciate(financing.Wear{Slip: s, Amount: some(random, p.InKind.Min(p.Net()))})
		default:
			if random.IntN(6) > 0 {
				return c.Release(s)
			}
			back := some(random, p.Capital)
			return c.End(financing.Ending{Slip: s, Due: back, Paid: some(random, back), Place: cash})
		}
	}
}

// finish ends a contract and settles all that is due of it.
func finish(t testing.TB, c financing.Contract, events []financing.Event) (financing.Contract, []financing.Event) {
	day := c.Latest
	do := func(e financing.Event, err error) {
		t.Helper()
		require.NoError(t, err)
		c, err = c.Apply(e)
		require.NoError(t, err)
		events = append(events, e)
	}
	switch c.State {
	case financing.Committed:
		do(c.Release(slip(day)))
	case financing.Funded, financing.Running:
		if p := c.Position; p.Interim.Sign() > 0 && p.Pending.Sign() > 0 {
			r := financing.Report{Slip: slip(day.Next()), From: c.Through.Next(), Through: day.Next()}
			r.Document = "LAP"
			for _, term := range c.Nisbah { // from the last change on
				if term.From.After(r.From) {
					r.From = term.From
				}
			}
			if r.Through.Before(r.From) {
				r.Through, r.Date = r.From, r.From
			}
			day = r.Date
			do(c.Report(r, financing.PSAK405()))
		}
		if p := c.Position; p.Interim.Sign() > 0 && p.Deficit.Sign() > 0 {
			do(c.Settle(financing.Settlement{Slip: slip(day), Place: cash}))
		}
		do(c.End(financing.Ending{Slip: slip(day), Due: c.Position.Net(), Place: cash}))
	}
	for claim, due := range map[financing.Claim]ledger.Money{financing.ClaimShare: c.Position.ShareDue, financing.ClaimMatured: c.Position.Matured, financing.ClaimFault: c.Position.Fault} {
		if due.Sign() > 0 {
			do(c.Collect(financing.Collection{Slip: slip(day), Claim: claim, Amount: due, Place: cash}))
		}
	}
	return c, events
}

// TestRandomContracts takes contracts through random lives: every event is
// balanced, replay gives the stored state, no amount ever falls below zero, a
// result is divided to the rupiah, and in the end nothing is left on any sub
// and all that came in is what went out and what was earned.
func TestRandomContracts(t *testing.T) {
	const seed = 20260105
	kinds, ends := map[financing.EventName]int{}, map[financing.State]int{}
	for n := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, n))
		policies := financing.PSAK405()
		if random.IntN(2) == 0 {
			policies = append(policies, financing.Policy{From: on(2026, 6, 1), Losses: financing.LossDirect, Gains: financing.GainAtOnce, Source: "KJKS"})
		}
		c := run(t, commit(randomTerms(random)))
		first, err := commit(c.Terms).pure(financing.Contract{})
		require.NoError(t, err)
		events := []financing.Event{first}
		day := start
		for range 40 {
			day = day.AddDays(random.IntN(15))
			e, err := randomCommand(random, day, policies)(c)
			if err != nil {
				var refusal *financing.Refusal
				require.ErrorAs(t, err, &refusal, "seed %d/%d", seed, n)
				continue
			}
			next, err := c.Apply(e)
			require.NoError(t, err, "seed %d/%d: %s", seed, n, e)
			requireDivided(t, c, e)
			kinds[e.Name]++
			c, events = next, append(events, e)
		}
		c, events = finish(t, c, events)
		requireOver(t, c, events, fmt.Sprintf("seed %d/%d", seed, n))
		ends[c.State]++
	}
	for _, name := range []financing.EventName{
		financing.EventDisburse, financing.EventHandOver, financing.EventStart, financing.EventReport, financing.EventCollect, financing.EventRepay,
		financing.EventBuyBack, financing.EventAmortise, financing.EventWear, financing.EventLose, financing.EventFault, financing.EventAgree, financing.EventRelease, financing.EventEnd,
	} {
		require.Greater(t, kinds[name], 20, name)
	}
	require.Greater(t, ends[financing.Closed], 1000)
}

// requireOver asks that nothing is left, and that replay gives the contract.
func requireOver(t testing.TB, c financing.Contract, events []financing.Event, msg string) {
	t.Helper()
	require.Contains(t, []financing.State{financing.Closed, financing.Cancelled}, c.State, msg)
	p := c.Position
	require.Equal(t, financing.Position{
		Bought: p.Bought, Income: p.Income, Forgone: p.Forgone, HandoverGain: p.HandoverGain, HandoverLoss: p.HandoverLoss, Loss: p.Loss, Wear: p.Wear, Recovery: p.Recovery, Gain: p.Gain,
	}, p, msg)
	var through ledger.Money
	for _, e := range events {
		through = through.Add(e.Cash)
	}
	earned := ledger.Sum(p.Income, p.HandoverGain, p.Recovery, p.Gain).Sub(p.HandoverLoss).Sub(p.Loss).Sub(p.Wear).Sub(p.Forgone)
	require.Equal(t, earned, through, msg)
	replayed, err := financing.Replay(events)
	require.NoError(t, err, msg)
	require.Equal(t, asJSON(t, c), asJSON(t, replayed), msg)
}

// requireDivided asks that a report's parts add up, and who bears a loss.
func requireDivided(t testing.TB, before financing.Contract, e financing.Event) {
	t.Helper()
	r := e.Reported
	if r == nil {
		return
	}
	require.Equal(t, r.Base.Sub(r.Settled), r.Restored.Add(r.Shared))
	require.Equal(t, r.Shared, r.Owner.Add(r.Partner))
	require.Equal(t, r.Partner, r.Manager.Add(r.Capital))
	if r.Shared.Sign() < 0 {
		require.True(t, r.Manager.IsZero(), "who only works bears no loss")
		require.LessOrEqual(t, e.Change.Loss.Cmp(before.Position.Net()), 0, "no more than the capital is lost")
		require.True(t, e.Change.Income.IsZero())
	}
	if before.Terms.LossFinal {
		require.True(t, r.Restored.IsZero())
	}
}

// TestReversalStepsBack undoes a whole life, event by event, to before the
// commitment; each step is the contract that stood before.
func TestReversalStepsBack(t *testing.T) {
	const seed = 7
	for n := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, n))
		first, err := commit(randomTerms(random)).pure(financing.Contract{})
		require.NoError(t, err)
		c, err := financing.Contract{}.Apply(first)
		require.NoError(t, err)
		history, stood := []financing.Event{first}, []financing.Contract{{}, c}
		day := start
		for range 25 {
			day = day.AddDays(random.IntN(20))
			e, err := randomCommand(random, day, financing.PSAK405())(c)
			if err != nil {
				continue
			}
			c, err = c.Apply(e)
			require.NoError(t, err)
			history, stood = append(history, e), append(stood, c)
		}
		for i := len(stood) - 2; i >= 0; i-- {
			undo, err := financing.Reverse(history, financing.Reversal{Slip: slip(day)})
			require.NoError(t, err, "seed %d/%d", seed, n)
			c, err = c.Apply(undo)
			require.NoError(t, err, "seed %d/%d", seed, n)
			history = append(history, undo)
			want := stood[i]
			want.Version = c.Version
			require.Equal(t, asJSON(t, want), asJSON(t, c), "seed %d/%d", seed, n)
		}
		_, err = financing.Reverse(history, financing.Reversal{Slip: slip(day)})
		require.ErrorIs(t, err, financing.ErrState)
	}
}

// TestSplitIsFair compares the division with exact fractions: both orders of a
// musytarakah pay the same, profit goes by nisbah and loss by capital.
func TestSplitIsFair(t *testing.T) {
	const seed = 11
	random := rand.New(rand.NewPCG(seed, 0))
	for range 5000 {
		v := financing.Venture{
			Form: financing.Forms()[random.IntN(4)], Nisbah: decimal.New(1+random.Int64N(998), -3),
			Owner: ledger.Minor(1 + random.Int64N(1e12)), Partner: ledger.Minor(1 + random.Int64N(1e12)),
			Rounding: ledger.RoundHalfUp, Step: ledger.Minor(1),
		}
		result := ledger.Minor(random.Int64N(2e12) - 1e12)
		d, err := v.Split(result)
		require.NoError(t, err)
		require.Equal(t, result, d.Owner.Add(d.Partner))
		require.Equal(t, d.Partner, d.AsManager.Add(d.AsCapital))

		capital := big.NewRat(v.Owner.Minor(), v.Owner.Add(v.Partner).Minor())
		fraction := new(big.Rat)
		switch {
		case v.Form == financing.Mudharabah && result.Sign() < 0:
			fraction.SetInt64(1)
		case result.Sign() < 0:
			fraction.Set(capital)
		case v.Form == financing.Musytarakah:
			fraction.Mul(v.Nisbah.Rat(), capital)
		default:
			fraction = v.Nisbah.Rat()
		}
		exact := fraction.Mul(fraction, big.NewRat(result.Minor(), 1))
		off := exact.Sub(exact, big.NewRat(d.Owner.Minor(), 1))
		require.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(1, 2)), 0, "%+v of %s", v, result)

		if v.Form == financing.Musytarakah {
			v.Order = financing.NisbahFirst
			other, err := v.Split(result)
			require.NoError(t, err)
			require.Equal(t, d.Owner, other.Owner, "the order changes what a part is called, not who gets it")
			if result.Sign() > 0 {
				require.LessOrEqual(t, d.AsManager.Cmp(other.AsManager), 0, "the nisbah of the whole is the larger")
			}
		}
	}
}

// TestOrdersOfMusytarakah is the arithmetic by hand: profit 10 million, manager's
// nisbah 60%, 100 million and 25 million of capital.
func TestOrdersOfMusytarakah(t *testing.T) {
	v := financing.Venture{Form: financing.Musytarakah, Nisbah: ratio("0.40"), Owner: rp(100_000_000), Partner: rp(25_000_000), Rounding: ledger.RoundHalfUp, Step: rp(1)}
	d, err := v.Split(rp(10_000_000))
	require.NoError(t, err)
	require.Equal(t, financing.Division{Owner: rp(3_200_000), Partner: rp(6_800_000), AsManager: rp(4_800_000), AsCapital: rp(2_000_000)}, d, "capital first")
	v.Order = financing.NisbahFirst
	d, err = v.Split(rp(10_000_000))
	require.NoError(t, err)
	require.Equal(t, financing.Division{Owner: rp(3_200_000), Partner: rp(6_800_000), AsManager: rp(6_000_000), AsCapital: rp(800_000)}, d, "nisbah first")
	d, err = v.Split(rp(-10_000_000))
	require.NoError(t, err)
	require.Equal(t, financing.Division{Owner: rp(-8_000_000), Partner: rp(-2_000_000), AsCapital: rp(-2_000_000)}, d, "loss by capital")
}
