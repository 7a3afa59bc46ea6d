package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// One payment pays several contracts, the oldest instalment of them all first,
// under one key, all or none.
func TestPaySeveral(t *testing.T) {
	book, desk := newDesk(t)
	var contracts []murabahah.Contract
	for i, id := range []string{"MRB-1", "MRB-2", "MRB-3"} {
		terms := motor(murabahah.Annuity)
		terms.Contract, terms.DownPayment, terms.Plan.FirstDue = id, none, ledger.On(2026, 1, 31).AddDays(-10*i)
		does(t, desk, order("O"+id, terms))
		if id == "MRB-3" {
			continue // not sold
		}
		_, err := desk.Acquire(ctx, murabahah.Acquisition{Key: "A" + id, Contract: id, Date: start, Cost: terms.Cost, Place: cash, Document: "FKT"})
		require.NoError(t, err)
		sold, err := desk.Sell(ctx, murabahah.Sale{Key: "S" + id, Contract: id, Date: start})
		require.NoError(t, err)
		contracts = append(contracts, sold.Contract)
	}
	c3, err := desk.Contract(ctx, "MRB-3")
	require.NoError(t, err)
	contracts = append(contracts, c3)

	rp := ledger.IDR.Of
	shares, rest, err := murabahah.Spread(contracts, rp(5_000_000), ledger.On(2026, 2, 1))
	require.NoError(t, err)
	require.Zero(t, rest)
	require.Equal(t, []murabahah.Share{{Contract: "MRB-1", Amount: rp(2_067_000)}, {Contract: "MRB-2", Amount: rp(2_933_000)}}, shares)
	_, rest, err = murabahah.Spread(contracts, rp(50_000_000), ledger.On(2026, 2, 1))
	require.NoError(t, err)
	require.Equal(t, rp(400_000), rest, "more than all owe")
	_, _, err = murabahah.Spread(contracts, rp(-1), start)
	require.ErrorIs(t, err, murabahah.ErrAmount)

	joint := murabahah.JointReceipt{Receipt: receipt("J", 5_000_000), Shares: shares}
	results, err := desk.PaySeveral(ctx, joint)
	require.NoError(t, err)
	require.Len(t, results, 2)
	require.Equal(t, []string{"10102 2933000.00", "11101/MRB-2 -2933000.00"}, linesOn(results[1].Posted)[:2])
	again, err := desk.PaySeveral(ctx, joint)
	require.NoError(t, err)
	require.True(t, again[1].Repeat)
	require.Equal(t, asJSON(t, results[1].Contract), asJSON(t, again[1].Contract))
	require.Equal(t, results[1].Posted.Number, again[1].Posted.Number)

	before := headOf(t, book)
	for name, change := range map[string]func(*murabahah.JointReceipt){
		"shares that do not add up": func(j *murabahah.JointReceipt) { j.Amount = rp(1) },
		"no shares":                 func(j *murabahah.JointReceipt) { j.Shares, j.Amount = nil, none },
		"one contract twice":        func(j *murabahah.JointReceipt) { j.Shares = []murabahah.Share{shares[0], shares[0]} },
		"one that is not sold": func(j *murabahah.JointReceipt) {
			j.Shares = []murabahah.Share{shares[0], {Contract: "MRB-3", Amount: rp(2_933_000)}}
		},
		"one that owes less": func(j *murabahah.JointReceipt) {
			j.Shares, j.Amount = []murabahah.Share{shares[1], {Contract: "MRB-1", Amount: rp(90_000_000)}}, rp(92_933_000)
		},
		"one that is unknown": func(j *murabahah.JointReceipt) {
			j.Shares, j.Amount = []murabahah.Share{shares[1], {Contract: "MRB-9", Amount: rp(1)}}, rp(2_933_001)
		},
	} {
		wrong := joint
		wrong.Key = "X"
		change(&wrong)
		_, err := desk.PaySeveral(ctx, wrong)
		var refusal *murabahah.Refusal
		require.ErrorAs(t, err, &refusal, name)
		require.Equal(t, before, headOf(t, book), name)
	}
	// Each contract's part is its own latest event, and is taken back alone.
	_, err = desk.Reverse(ctx, murabahah.Reversal{Key: "R", Contract: "MRB-2", Date: start, Reason: "salah"})
	require.NoError(t, err)
}
