package financing_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

func provisional(form financing.Form) financing.Terms {
	t := terms(form)
	t.Interim = financing.InterimProvisional
	return t
}

// A profit of 10 million is shared 40:60 and paid, then 6 million are lost. With
// final shares the cooperative has 4 million of profit and 6 of loss; with
// provisional ones it has 40% of the 4 million that both periods come to.
func TestSettleCumulatively(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(provisional(financing.Mudharabah)), disburse(start, 60_000_000), results(time.January, 10_000_000, 0, 0),
		collect(on(2026, 2, 1), financing.ClaimShare, 3_000_000), results(time.February, 0, 6_000_000, 0))
	before := contract(t, desk)
	require.Equal(t, rp(4_000_000-6_000_000), before.Position.ProfitSoFar())
	require.Equal(t, rp(10_000_000), before.Position.Interim)
	_, err := desk.End(ctx, financing.Ending{Slip: keyedSlip("E0", on(2026, 2, 28)), Due: rp(54_000_000)})
	require.ErrorIs(t, err, financing.ErrState)
	require.ErrorContains(t, err, "settled with them first")
	_, err = desk.Settle(ctx, financing.Settlement{Slip: keyedSlip("S0", on(2026, 2, 28))})
	require.ErrorContains(t, err, "does not say through which account", "what was received must be put back from somewhere")

	r, err := desk.Settle(ctx, financing.Settlement{Slip: keyedSlip("S1", on(2026, 2, 28)), Place: cash})
	require.NoError(t, err)
	require.Equal(t, &financing.Settled{Loss: rp(6_000_000), Owner: rp(2_400_000), Partner: rp(3_600_000), Restored: rp(6_000_000)}, r.Event.Settled)
	require.Equal(t, []string{
		"Dr 11302/PMB-1 6.000.000", "Dr 50106 2.400.000", "Cr 10102 1.400.000", "Cr 11113/PMB-1 1.000.000", "Cr 50502 6.000.000",
	}, lines(r.Posted))
	p := r.Contract.Position
	require.Equal(t, rp(1_600_000), p.ProfitSoFar(), "40% of 4 million")
	require.True(t, p.Deficit.IsZero() && p.Allowance.IsZero() && p.ShareDue.IsZero())
	require.Equal(t, rp(4_000_000), p.Interim, "what is left can still meet a loss")
	require.Equal(t, rp(1_600_000), p.InterimOwn)
	again, err := desk.Settle(ctx, financing.Settlement{Slip: keyedSlip("S1", on(2026, 2, 28)), Place: cash})
	require.NoError(t, err)
	require.True(t, again.Repeat)
	_, err = desk.Settle(ctx, financing.Settlement{Slip: keyedSlip("S2", on(2026, 2, 28)), Place: cash})
	require.ErrorIs(t, err, financing.ErrAmount)

	does(t, desk, results(time.March, 0, 5_000_000, 0), settle(on(2026, 3, 31)))
	p = contract(t, desk).Position
	require.Equal(t, rp(-1_000_000), p.ProfitSoFar(), "the profits are used up: the capital bears the rest")
	require.True(t, p.Interim.IsZero() && p.InterimOwn.IsZero())
	does(t, desk, end(on(2026, 6, 30), 59_000_000, 59_000_000))
	require.Equal(t, financing.Closed, contract(t, desk).State)
}

func contract(t testing.TB, d *financing.Desk) financing.Contract {
	t.Helper()
	c, err := d.Contract(ctx, "PMB-1")
	require.NoError(t, err)
	return c
}

func keyedSlip(key string, day ledger.Date) financing.Slip {
	s := slip(day)
	s.Key = key
	return s
}

func TestProvisionalRefusals(t *testing.T) {
	final := terms(financing.Mudharabah)
	final.Interim, final.LossFinal = financing.InterimProvisional, true
	require.ErrorContains(t, final.Validate(), "final with its period")
	final.Interim = "sementara"
	require.ErrorContains(t, final.Validate(), "unknown rule")
	c := run(t, commit(terms(financing.Mudharabah)), disburse(start, 60_000_000), results(time.January, 10_000_000, 0, 0), results(time.February, 0, 6_000_000, 0))
	_, err := settle(on(2026, 2, 28)).pure(c)
	require.ErrorIs(t, err, financing.ErrState)
	require.ErrorContains(t, err, "are final")
	require.True(t, c.Position.Interim.IsZero())
	c = run(t, commit(provisional(financing.Mudharabah)), disburse(start, 60_000_000), results(time.January, 10_000_000, 0, 0), lose(on(2026, 2, 2), 1_000_000))
	_, err = settle(on(2026, 2, 28)).pure(c)
	require.ErrorContains(t, err, "with a report first")
	_, err = end(on(2026, 6, 30), 60_000_000, 0).pure(c)
	require.ErrorContains(t, err, "settled with them first")

	adoption := running(terms(financing.Mudharabah))
	adoption.Position.Interim = rp(1)
	_, err = financing.Contract{}.Adopt(adoption)
	require.ErrorContains(t, err, "provisional only by the terms")
	adoption = running(provisional(financing.Mudharabah))
	adoption.Position.Interim, adoption.Position.InterimOwn = rp(10_000_000), rp(4_000_000)
	_, err = financing.Contract{}.Adopt(adoption)
	require.NoError(t, err)
	adoption.Position.InterimOwn = rp(10_000_001)
	_, err = financing.Contract{}.Adopt(adoption)
	require.ErrorContains(t, err, "are a part of them")
}

// However profits and losses follow each other, and whenever they are settled in
// between: at the end the cooperative has what one division of the whole result
// gives. The figures are such that nothing is rounded.
func TestSettledIsOneDivision(t *testing.T) {
	const seed = 20260711
	for n := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, n))
		agreed := provisional([]financing.Form{financing.Mudharabah, financing.Musyarakah}[n%2])
		agreed.Nisbah = decimal.New(1+random.Int64N(99), -2)
		c := run(t, commit(agreed), disburse(start, agreed.Capital.Minor()/100))
		capital := agreed.Capital.Add(agreed.PartnerCapital).Minor()
		var total int64
		for m := range 8 {
			result := (random.Int64N(41) - 20) * capital / 1000 // within 2% of all capital
			month := time.Month(1 + m)
			report := results(month, max(result, 0)/100, max(-result, 0)/100, 0)
			e, err := report.pure(c)
			require.NoError(t, err)
			c, err = c.Apply(e)
			require.NoError(t, err)
			total += result / 100 * 100
			if random.IntN(3) == 0 || m == 7 {
				if e, err := settle(c.Latest).pure(c); err == nil {
					c, err = c.Apply(e)
					require.NoError(t, err)
				}
			}
		}
		whole, err := financing.Venture{Form: agreed.Form, Nisbah: agreed.Nisbah, Owner: agreed.Capital, Partner: agreed.PartnerCapital,
			Rounding: agreed.Rounding, Step: agreed.Step}.Split(ledger.Minor(total))
		require.NoError(t, err)
		require.Equal(t, whole.Owner, c.Position.ProfitSoFar(), "seed %d, contract %d: %s, a result of %d", seed, n, agreed.Form, total)
	}
}
