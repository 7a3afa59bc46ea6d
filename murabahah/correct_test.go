package murabahah_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// life is a contract with an event of many kinds behind a payment.
func life(t testing.TB, desk *murabahah.Desk, first int64) { lifeOf(t, desk, first, true) }

func lifeOf(t testing.TB, desk *murabahah.Desk, first int64, behind bool) {
	does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"), pay("K5", first))
	do := func(key string, day ledger.Date, command func(murabahah.Act) murabahah.Command) {
		_, err := desk.Do(ctx, command(murabahah.Act{Key: key, Contract: "MRB-1", Date: day, Note: "alasan", Document: "DOK", Approver: "Budi"}))
		require.NoError(t, err, key)
	}
	if behind {
		do("K6", ledger.On(2026, 2, 2), func(a murabahah.Act) murabahah.Command { return murabahah.Falling{Act: a} })
	}
	does(t, desk, penalise2("K7", 10_000, ledger.On(2026, 2, 3)), pay2("K8", 1_000_000, ledger.On(2026, 2, 4)))
	do("K9", ledger.On(2026, 2, 5), func(a murabahah.Act) murabahah.Command {
		return murabahah.Concession{Act: a, Amount: ledger.IDR.Of(500_000)}
	})
	do("K10", ledger.On(2026, 2, 6), func(a murabahah.Act) murabahah.Command {
		return murabahah.Reschedule{Act: a, Kind: murabahah.Restructuring, Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: 15, FirstDue: ledger.On(2026, 3, 31), Step: ledger.IDR.Of(1000), Rounding: ledger.RoundHalfUp,
		}}
	})
	does(t, desk, pay2("K11", 1_500_000, ledger.On(2026, 3, 31)))
}

func pay2(key string, amount int64, day ledger.Date) step {
	return step{murabahah.EventPay, func(d *murabahah.Desk) (murabahah.Result, error) {
		r := receipt(key, amount)
		r.Date = day
		return d.Pay(ctx, r)
	}}
}

func penalise2(key string, amount int64, day ledger.Date) step {
	return step{murabahah.EventPenalty, func(d *murabahah.Desk) (murabahah.Result, error) {
		r := receipt(key, amount)
		r.Date, r.Place.Account = day, "10111"
		return d.Penalise(ctx, r)
	}}
}

// A payment of the wrong amount is put right under all that followed: contract
// and books are what they would be had it been right from the start.
func TestCorrect(t *testing.T) {
	book, desk := newDesk(t)
	life(t, desk, 733_000)
	right := receipt("", 1_733_000)
	correction := murabahah.Correction{
		Key: "C1", Contract: "MRB-1", Version: 5, Date: ledger.On(2026, 4, 1), Reason: "salah ketik", Instead: murabahah.Payment{Receipt: right}, Maker: "Ani",
	}
	corrected, err := desk.Correct(ctx, correction)
	require.NoError(t, err)
	require.Len(t, corrected.Events, 7+6, "nothing has fallen due any more, so nothing is set apart")
	requireSound(t, book)

	fresh, freshDesk := newDesk(t)
	lifeOf(t, freshDesk, 1_733_000, false)
	want, err := freshDesk.Contract(ctx, "MRB-1")
	require.NoError(t, err)
	require.Equal(t, want.Position, corrected.Contract.Position)
	require.Equal(t, asJSON(t, want.Course), asJSON(t, corrected.Contract.Course))
	require.Equal(t, standing(t, fresh), standing(t, book))

	again, err := desk.Correct(ctx, correction)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, asJSON(t, corrected.Events), asJSON(t, again.Events))
	require.Equal(t, asJSON(t, corrected.Contract), asJSON(t, again.Contract))
	correction.Reason = "x"
	_, err = desk.Correct(ctx, correction)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	// An event that should not have been is left out, and what was carried out
	// again can itself be corrected.
	last := corrected.Events[len(corrected.Events)-1]
	out, err := desk.Correct(ctx, murabahah.Correction{Key: "C2", Contract: "MRB-1", Version: last.Version, Date: ledger.On(2026, 4, 2), Reason: "bukan anggota ini"})
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(1_733_000+1_000_000), out.Contract.Position.Collected)
	undoAll(t, desk, "MRB-1")
}

// What cannot be carried out again refuses the whole, and says which.
func TestCorrectRefused(t *testing.T) {
	book, desk := newDesk(t)
	life(t, desk, 733_000)
	before := headOf(t, book)
	for _, test := range []struct {
		version int
		instead murabahah.Command
		kind    error
		text    string
	}{
		{5, murabahah.Payment{Receipt: receipt("", 20_800_000)}, murabahah.ErrState,
			"again: due #6 on 2026-02-02: murabahah: contract MRB-1: due is not possible, the contract is settled"},
		{5, murabahah.Payment{Receipt: receipt("", 20_800_001)}, murabahah.ErrOverpaid,
			"instead of pay #5 on 2026-01-05: murabahah: contract MRB-1: payment of 20800001.00 is above the 20800000.00 owed"},
		{1, nil, murabahah.ErrCommand, "murabahah: contract MRB-1: order #1 on 2026-01-05 began the contract; reverse what followed, and then it"},
		{99, nil, murabahah.ErrUnknown, "murabahah: contract MRB-1: no event #99 stands"},
		{4, nil, murabahah.ErrState, "again: pay #5 on 2026-01-05: murabahah: contract MRB-1: pay is not possible, the contract is acquired"},
	} {
		_, err := desk.Correct(ctx, murabahah.Correction{Key: "C", Contract: "MRB-1", Version: test.version, Date: ledger.On(2026, 4, 1), Reason: "x", Instead: test.instead})
		require.ErrorIs(t, err, test.kind, fmt.Sprint(test.version))
		require.ErrorContains(t, err, test.text)
		require.Equal(t, before, headOf(t, book))
	}
}

// A cancellation that is carried out again knows the whole loss, though the
// first time less was there to keep it from.
func TestCorrectBehindACancellation(t *testing.T) {
	rp := ledger.IDR.Of
	for _, test := range []struct {
		name                    string
		first, right            int64 // down payment
		loss                    int64
		claim                   bool
		kept, returned, claimed int64
	}{
		{"a loss beyond what was paid", 1_000_000, 2_000_000, 1_500_000, false, 1_500_000, 500_000, 0},
		{"a claim that had nothing to take", 2_000_000, 1_000_000, 1_500_000, true, 1_500_000, 0, 500_000},
		{"a loss that was all kept", 2_000_000, 3_000_000, 1_500_000, false, 1_500_000, 1_500_000, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, desk := newDesk(t)
			terms := motor(murabahah.Proportional)
			terms.Promise = murabahah.Binding
			does(t, desk, order("K1", terms), downPayment("K2", test.first))
			_, err := desk.Cancel(ctx, murabahah.Cancellation{Key: "K3", Contract: "MRB-1", Date: start, ActualLoss: rp(test.loss), Evidence: "kuitansi", Claim: test.claim, Place: cash})
			require.NoError(t, err)
			right := receipt("", test.right)
			done, err := desk.Correct(ctx, murabahah.Correction{Key: "C", Contract: "MRB-1", Version: 2, Date: start, Reason: "salah ketik", Instead: murabahah.DownPayment{Receipt: right}})
			require.NoError(t, err)
			p := done.Contract.Position
			require.Equal(t, []ledger.Money{rp(test.kept), rp(test.claimed)}, []ledger.Money{p.Recovered, p.Claimed})
			require.Equal(t, rp(-test.returned), done.Events[len(done.Events)-1].Cash)
			requireSound(t, book)
		})
	}
}
