package profitshare_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// A refused command inside a caller's transaction leaves no trace there: what
// the caller writes afterwards is the caller's, and the refused key is free.
func TestRefusedCommandsInACallersTransaction(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april, march := month(t, "2026-04"), month(t, "2026-03")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	for name, refused := range map[string]func(*ledger.Tx) error{
		"post": func(tx *ledger.Tx) error {
			_, err := desk.PostTx(tx, profitshare.Posting{Key: "X", Month: april})
			return err
		},
		"pay out": func(tx *ledger.Tx) error {
			_, err := desk.PayOutTx(tx, profitshare.Disbursement{Key: "X", Month: march, Date: april.First()})
			return err
		},
		"reverse": func(tx *ledger.Tx) error {
			_, err := desk.ReverseTx(tx, profitshare.Reversal{Key: "X", Month: march, Date: april.First(), Reason: "salah"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
				_, _, err := tx.Repeat(ledger.Command{Key: "mine/" + name, Kind: "app"})
				require.NoError(t, err)
				require.ErrorIs(t, refused(tx), profitshare.ErrRun)
				posted, err := tx.Post(ledger.Entry{Date: april.Last(), Lines: []ledger.Line{ledger.Debit("10102", rp(1)), ledger.Credit("40101", rp(1))}})
				require.Equal(t, "mine/"+name, posted.Key)
				return err
			}))
			require.ErrorIs(t, b.Update(ctx, refused), profitshare.ErrRun, "the key was never used")
		})
	}
}

// Income is shared once, whatever the plans are called.
func TestIncomeIsSharedOnce(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	renamed := runPlan()
	renamed.Name, renamed.Income = "baru", pooled("50301", "50101")
	other := profitshare.NewDesk(b.Book, renamed, earning{account("M1-A")})
	_, err = other.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.ErrorIs(t, err, profitshare.ErrRun)
	require.EqualError(t, err, `profitshare: run "2026-04/baru": the income of account 50301 is shared already by run "2026-04/umum"`)
	_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R", Month: april, Date: april.Last(), Reason: "ganti nama"})
	require.NoError(t, err)
	_, err = other.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.NoError(t, err)
	_, err = desk.Post(ctx, profitshare.Posting{Key: "P3", Month: april})
	require.ErrorIs(t, err, profitshare.ErrRun)
}

// A share that is held, as in a dispute, does not keep the others from theirs.
func TestHeldShareIsDeferred(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H", Account: "20201", Sub: "M1-A", Amount: rp(1), From: april.Last(), Reason: "sengketa"})
		return err
	}))
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.Len(t, paid.Deferred, 1)
	require.Equal(t, "M1-A", paid.Deferred[0].Account)
	require.Equal(t, "the share itself is held", paid.Deferred[0].Reason)
	require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Release(ledger.Release{Key: "L", Hold: "H", Reason: "selesai"})
		return err
	}))
	paid, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.Equal(t, profitshare.Paid, paid.Run.Status)
}

// Balance-days that are none are refused, wherever they came from.
func TestInvalidBalanceDaysAreRefused(t *testing.T) {
	none := ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1)).Over(3)
	require.Error(t, none.Err())
	for _, rule := range []profitshare.Rule{profitshare.MemberUp, profitshare.MemberHalfUp, profitshare.MemberDown, profitshare.LargestRemainder} {
		_, err := profitshare.Distribute(profitshare.Pool{
			Result:   rp(1000),
			Terms:    []profitshare.Term{{Product: "P", Nisbah: decimal.New(4, -1), Weight: decimal.New(1, 0)}},
			Stakes:   []profitshare.Stake{{Account: "A", Days: none}, {Account: "B", Days: rp(1).Over(3)}},
			Rounding: profitshare.Rounding{Rule: rule, Step: rp(1), LeftoverTo: "dana kebajikan"},
		})
		require.ErrorIs(t, err, profitshare.ErrPool)
	}
}

// Numbers nobody can write down are refused before they are.
func TestNumbersOutOfRangeInAPlan(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	april := month(t, "2026-04")
	huge, tiny := decimal.New(1, 2_000_000_000), decimal.New(1, -2_000_000_000)
	for name, spoil := range map[string]func(*profitshare.Plan){
		"nisbah":       func(p *profitshare.Plan) { p.Products[1].Nisbah = huge },
		"small nisbah": func(p *profitshare.Plan) { p.Products[1].Nisbah = tiny },
		"weight":       func(p *profitshare.Plan) { p.Products[1].Weight = huge },
		"split":        func(p *profitshare.Plan) { p.Split.Weight = huge },
	} {
		plan := runPlan()
		spoil(&plan)
		_, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Post(ctx, profitshare.Posting{Key: "P", Month: april})
		require.ErrorIs(t, err, profitshare.ErrPlan, name)
		require.Less(t, len(err.Error()), 200, name)
	}
	odd := account("M1-A")
	odd.Slices = []profitshare.Slice{slice("2026-04-01", "2026-04-15", "0.5"), slice("2026-04-16", "2026-04-30", "0.5")}
	odd.Slices[1].Nisbah = tiny
	_, err := profitshare.NewDesk(b.Book, runPlan(), earning{odd}).Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.ErrorIs(t, err, profitshare.ErrEarning)
	_, err = profitshare.NewDesk(b.Book, runPlan(), nil).Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.ErrorIs(t, err, profitshare.ErrPlan)
}

// The last month there is can be shared out like any other.
func TestLastMonthThereIs(t *testing.T) {
	b := newRunBook(t)
	last := ledger.MonthOf(ledger.MaxYear, time.December)
	b.book("9999-12-01", "10102", "30101/M1-A", 1_000_000)
	b.book("9999-12-31", "10102", "50101", 1_000)
	a := account("M1-A")
	a.Slices = []profitshare.Slice{slice("9999-12-01", "9999-12-31", "0.5")}
	r, err := profitshare.NewDesk(b.Book, runPlan(), earning{a}).Post(ctx, profitshare.Posting{Key: "P", Month: last})
	require.NoError(t, err)
	require.Equal(t, rp(500), r.Figures.Members)
}

// An event without its content is no panic: a check names it.
func TestEventWithoutContent(t *testing.T) {
	for _, name := range []profitshare.EventName{profitshare.EventPost, profitshare.EventPayOut, "else"} {
		require.Equal(t, 7, profitshare.Run{Version: 6}.Apply(profitshare.RunEvent{Name: name, Version: 7}).Version)
	}
}
