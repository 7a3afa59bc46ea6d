package profitshare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// What the result is below zero and a loss beside it are two losses: the
// second neither counts as the first nor makes it smaller, and the first is
// borne once.
func TestLossOnLoss(t *testing.T) {
	b, desk := lossBook(t)
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	asset := april2026Loss("L1")
	asset.Amount, asset.From = rp(54_000), profitshare.Place{Account: "11101", Sub: "K1"}
	_, err = desk.BearLoss(ctx, asset)
	require.EqualError(t, err, `profitshare: run "2026-04/umum": what its result is below zero is borne first; leave the amount out`)
	negligent := april2026Loss("N")
	negligent.Negligent, negligent.Amount, negligent.OwnTo = true, rp(1), "60102"
	_, err = desk.BearLoss(ctx, negligent)
	require.NoError(t, err, "the manager's own is another matter")
	first, err := desk.BearLoss(ctx, april2026Loss("L2"))
	require.NoError(t, err)
	require.Equal(t, rp(90_000), first.Loss.Amount)
	_, err = desk.BearLoss(ctx, april2026Loss("L3"))
	require.ErrorContains(t, err, "has no loss that is still to be borne")
	second, err := desk.BearLoss(ctx, asset)
	require.NoError(t, err)
	require.Equal(t, []string{"11101/K1 -54.000", "30101/M1-A 36.000", "30101/M2-A 18.000"}, entryText(second.Posted))
	require.Equal(t, rp(60_000+54_000), second.Losses.Carried())
	b.requireBalance("30101/M1-A", "2026-04-30", -(400_000 - 40_000 - 36_000))
}

// A run whose loss is borne is not run again over it: at a profit, nobody's
// capital would have had to bear anything.
func TestRunOfABorneLossStays(t *testing.T) {
	b, desk := lossBook(t)
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	_, err = desk.BearLoss(ctx, april2026Loss("L"))
	require.NoError(t, err)
	reverse := profitshare.Reversal{Key: "R", Month: april, Date: april.Last(), Reason: "pendapatan terlewat"}
	_, err = desk.Reverse(ctx, reverse)
	require.ErrorIs(t, err, profitshare.ErrRun)
	require.ErrorContains(t, err, "its loss has been borne; reverse the loss first")
	_, err = desk.ReverseLoss(ctx, profitshare.LossReversal{Key: "U", Date: april.Last(), Reason: "pendapatan terlewat"})
	require.NoError(t, err)
	_, err = desk.Reverse(ctx, reverse)
	require.NoError(t, err)
	b.book("2026-04-30", "10102", "50101", 150_000)
	again, err := desk.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 20.000", "M2-A 10.000"}, gross(again), "half of 60.000")
	b.requireBalance("20102", "2026-04-30", -30_000)
}

// The correction of a month after which its reserve was used: what came later
// is undone first, the reserve never falls below zero, and the month run again
// finds in it what is still there.
func TestCorrectionAfterTheReserveWasUsed(t *testing.T) {
	for _, kind := range []string{"PER", "IRR", "IRR by a loss"} {
		t.Run(kind, func(t *testing.T) {
			b := newRunBook(t)
			b.book("2026-03-31", "10102", "30101/M1-A", 10_000_000)
			desk := profitshare.NewDesk(b.Book, reservePlan(), earning{account("M1-A")})
			april, june := month(t, "2026-04"), month(t, "2026-06")
			b.book("2026-04-30", "10102", "50101", 1_000_000)
			moved := func(m profitshare.Movement) profitshare.Decision {
				if kind == "PER" {
					return profitshare.Decision{Equalisation: m}
				}
				return profitshare.Decision{Risk: m}
			}
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: april, Decision: moved(profitshare.Movement{SetAside: rp(200_000)})})
			require.NoError(t, err)
			undo := func() error {
				_, err := desk.Reverse(ctx, profitshare.Reversal{Key: "R5", Month: april.Next(), Date: june.First(), Reason: "koreksi"})
				return err
			}
			if kind == "IRR by a loss" {
				b.book("2026-05-20", "50101", "11101/K1", 150_000)
				_, err = desk.Post(ctx, profitshare.Posting{Key: "P5", Month: april.Next()})
				require.NoError(t, err)
				loss := april2026Loss("L")
				loss.Month, loss.Date = april.Next(), april.Next().Last()
				_, err = desk.BearLoss(ctx, loss)
				require.NoError(t, err)
				undo = func() error {
					_, err := desk.ReverseLoss(ctx, profitshare.LossReversal{Key: "R5", Date: june.First(), Reason: "koreksi"})
					return err
				}
			} else {
				b.book("2026-05-31", "10102", "50101", 1_000_000)
				_, err = desk.Post(ctx, profitshare.Posting{Key: "P5", Month: april.Next(), Decision: moved(profitshare.Movement{Released: rp(150_000)})})
				require.NoError(t, err)
			}
			reverse := profitshare.Reversal{Key: "R4", Month: april, Date: june.First(), Reason: "koreksi"}
			before, err := b.Head(ctx)
			require.NoError(t, err)
			_, err = desk.Reverse(ctx, reverse)
			require.ErrorIs(t, err, profitshare.ErrRun)
			require.ErrorContains(t, err, "that it set aside has been used since; reverse that first")
			after, err := b.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, before.Digest, after.Digest)

			require.NoError(t, undo())
			_, err = desk.Reverse(ctx, reverse)
			require.NoError(t, err)
			_, err = desk.Post(ctx, profitshare.Posting{Key: "P4b", Month: april, Decision: moved(profitshare.Movement{Released: rp(1)})})
			require.ErrorIs(t, err, profitshare.ErrReserve, "the mirror is dated in June, but nothing is there to be released in April")
			again, err := desk.Post(ctx, profitshare.Posting{Key: "P4c", Month: april, Decision: moved(profitshare.Movement{SetAside: rp(60_000)})})
			require.NoError(t, err)
			require.True(t, again.Figures.Equalisation.Opening.IsZero())
			require.True(t, again.Figures.Risk.Opening.IsZero())
			account := map[string]string{"PER": "20103", "IRR": "20102", "IRR by a loss": "20102"}[kind]
			b.requireBalance(account, ledger.On(2026, 6, 30).String(), -60_000)
		})
	}
}
