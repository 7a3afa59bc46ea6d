package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func refusedAs(t *testing.T, err error, code ledger.Code) {
	t.Helper()
	var refusal *ledger.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, code, refusal.Code, "%v", err)
}

// TestFloorsOnEveryDay: a floor holds on every day from the entry's on, for
// back-dated and future-dated entries, on both normal sides.
func TestFloorsOnEveryDay(t *testing.T) {
	ctx := context.Background()
	day := func(n int) ledger.Date { return eventfulDay.AddDays(n) }
	for _, side := range []string{"30101", "10102"} {
		t.Run(side, func(t *testing.T) {
			book := newBook(t)
			n := 0
			move := func(on int, rupiah int64, waiver string) error { // up if above zero
				n++
				lines := []ledger.Line{ledger.Credit("30101", ledger.IDR.Of(rupiah)).For("M1"), ledger.Debit("40402", ledger.IDR.Of(rupiah))}
				if side == "10102" {
					lines = []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(rupiah)), ledger.Credit("40402", ledger.IDR.Of(rupiah))}
				}
				_, err := book.Post(ctx, ledger.Entry{Key: fmt.Sprintf("T%d", n), Date: day(on), Waiver: waiver, Lines: lines})
				return err
			}
			sub := map[string]string{"30101": "M1"}[side]
			require.NoError(t, move(0, 100, ""))
			require.NoError(t, move(10, -60, "")) // no floor yet
			require.NoError(t, move(20, 200, ""))
			require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
				return tx.SetFloor(ledger.FloorSetting{Key: "F", Account: side, Sub: sub, Floor: ledger.HardFloor(ledger.Money{}).WithSoft(ledger.IDR.Of(10))})
			}))
			available := func(on int) ledger.Money {
				var m ledger.Money
				require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
					m, err = tx.Available(side, sub, day(on))
					return err
				}))
				return m
			}
			// End of days: 100 from day 0, 40 from day 10, 240 from day 20.
			require.Equal(t, ledger.IDR.Of(30), available(0), "the soft floor on day 10 binds")
			require.Equal(t, ledger.IDR.Of(30), available(10))
			require.Equal(t, ledger.IDR.Of(230), available(20))
			require.Equal(t, ledger.IDR.Of(-10), available(-5), "nothing there yet, and ten too little")

			refusedAs(t, move(0, -31, ""), ledger.CodeBelowFloor) // back-dated past day 10
			refusedAs(t, move(-5, -1, ""), ledger.CodeBelowFloor)
			refusedAs(t, move(15, -31, ""), ledger.CodeBelowFloor)
			refusedAs(t, move(20, -231, ""), ledger.CodeBelowFloor)
			require.NoError(t, move(0, -30, ""))
			require.NoError(t, move(0, -10, "izin pengurus"), "the soft floor is waived")
			refusedAs(t, move(0, -1, "izin pengurus"), ledger.CodeBelowFloor)
			require.NoError(t, move(-5, 5, ""), "a rise is never refused")
			require.NoError(t, move(5000, -195, ""), "far ahead")
			refusedAs(t, move(25, -1, ""), ledger.CodeBelowFloor) // the day far ahead stands at ten
			refusedAs(t, move(25, -11, "izin pengurus"), ledger.CodeBelowFloor)
			// Lines of one entry count together: its net is what lowers.
			_, err := book.Post(ctx, ledger.Entry{Key: "net", Date: day(25), Lines: []ledger.Line{
				{Account: side, Sub: sub, Amount: ledger.IDR.Of(9_999)}, {Account: side, Sub: sub, Amount: ledger.IDR.Of(-9_999)},
			}})
			require.NoError(t, err)
		})
	}
}

// TestFloorOfAnAccount binds every sub that has none of its own, at once.
func TestFloorOfAnAccount(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	_, err := book.Post(ctx, withdrawal("T1", eventfulDay, "M1", 50)) // below zero before there was a floor
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "F", Account: "30101", Floor: ledger.HardFloor(ledger.Money{})})
	}))
	setFloor(t, book, "CREDIT", ledger.HardFloor(ledger.IDR.Of(-100)))
	_, err = book.Post(ctx, withdrawal("T2", eventfulDay, "M1", 1))
	refusedAs(t, err, ledger.CodeBelowFloor)
	_, err = book.Post(ctx, deposit("T3", eventfulDay, "M1", 20))
	require.NoError(t, err, "it may rise, though still below")
	_, err = book.Post(ctx, withdrawal("T4", eventfulDay, "NEW", 1))
	refusedAs(t, err, ledger.CodeBelowFloor)
	_, err = book.Post(ctx, withdrawal("T5", eventfulDay, "CREDIT", 100))
	require.NoError(t, err)
	_, err = book.Post(ctx, withdrawal("T6", eventfulDay, "CREDIT", 1))
	refusedAs(t, err, ledger.CodeBelowFloor)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { // its own floor lifted, the account's binds
		return tx.SetFloor(ledger.FloorSetting{Key: "F2", Account: "30101", Sub: "CREDIT"})
	}))
	_, err = book.Post(ctx, deposit("T7", eventfulDay, "CREDIT", 99))
	require.NoError(t, err)
	_, err = book.Post(ctx, withdrawal("T8", eventfulDay, "CREDIT", 1))
	refusedAs(t, err, ledger.CodeBelowFloor)
}

// TestHoldExpiry: a hold binds from its first day through its last, and not a
// day longer or earlier.
func TestHoldExpiry(t *testing.T) {
	ctx := context.Background()
	from, until := eventfulDay.AddDays(10), eventfulDay.AddDays(20)
	for _, c := range []struct {
		name    string
		day     ledger.Date
		refused bool
	}{
		{"the day before", from.AddDays(-1), true}, // it would be missing on the first day
		{"first day", from, true},
		{"last day", until, true},
		{"the day after", until.Next(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := newBook(t)
			_, err := book.Post(ctx, deposit("D", eventfulDay, "M1", 100))
			require.NoError(t, err)
			require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
				_, err := tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(80), From: from, Until: until, Reason: "jaminan"})
				return err
			}))
			_, err = book.Post(ctx, withdrawal("W0", c.day, "M1", 20))
			require.NoError(t, err, "what is not held is free")
			_, err = book.Post(ctx, withdrawal("W1", c.day, "M1", 1))
			if !c.refused {
				require.NoError(t, err)
				return
			}
			refusedAs(t, err, ledger.CodeHeld)
			require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
				_, err := tx.Release(ledger.Release{Key: "R", Hold: "H", Amount: ledger.IDR.Of(1), Reason: "lunas sebagian"})
				return err
			}))
			_, err = book.Post(ctx, withdrawal("W2", c.day, "M1", 1))
			require.NoError(t, err)
		})
	}
}

// TestHoldsNeverExceed: holds that overlap never hold more than is there on any
// day, whatever their spans; where they do not overlap each has the whole.
func TestHoldsNeverExceed(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := func(n int) ledger.Date { return eventfulDay.AddDays(n) }
	_, err := book.PostAll(ctx, []ledger.Entry{deposit("D", day(0), "M1", 100), withdrawal("W", day(50), "M1", 40)})
	require.NoError(t, err)
	hold := func(key string, rupiah int64, from, until ledger.Date) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Hold(ledger.Hold{Key: key, Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(rupiah), From: from, Until: until, Reason: "jaminan"})
			return err
		})
	}
	require.NoError(t, hold("A", 100, day(0), day(9)))
	require.NoError(t, hold("B", 100, day(10), day(19)))
	refusedAs(t, hold("C", 1, day(9), day(10)), ledger.CodeHoldTooLarge)
	refusedAs(t, hold("D1", 101, day(20), day(30)), ledger.CodeHoldTooLarge)
	require.NoError(t, hold("E", 60, day(20), ledger.Date{}))
	refusedAs(t, hold("F", 41, day(20), day(49)), ledger.CodeHoldTooLarge)
	require.NoError(t, hold("G", 40, day(20), day(49)))
	refusedAs(t, hold("I", 1, day(50), ledger.Date{}), ledger.CodeHoldTooLarge)
	refusedAs(t, hold("J", 1, day(-1), day(-1)), ledger.CodeHoldTooLarge) // nothing there yet
	for code, err := range map[ledger.Code]error{
		ledger.CodeHoldInvalid:   hold("K", 0, day(0), day(9)),
		ledger.CodeDateInvalid:   hold("L", 1, ledger.Date{}, day(9)),
		ledger.CodeAmountInvalid: hold("M", 1<<62, day(0), day(9)),
	} {
		refusedAs(t, err, code)
	}
	refusedAs(t, hold("N", 1, day(9), day(8)), ledger.CodeHoldInvalid)

	// Above a floor far below zero, holds may add up to more than an amount.
	most := ledger.Minor(ledger.MaxMoney)
	_, err = book.Post(ctx, ledger.Entry{Key: "most", Date: day(0), Lines: []ledger.Line{ledger.Debit("40401", most), ledger.Credit("20101", most).For("M1")}})
	require.NoError(t, err)
	huge := func(key string) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Hold(ledger.Hold{Key: key, Account: "20101", Sub: "M1", Amount: most, From: day(0), Reason: "jaminan"})
			return err
		})
	}
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "low", Account: "20101", Sub: "M1", Floor: ledger.HardFloor(most.Neg())})
	}))
	require.NoError(t, huge("H1"))
	require.NoError(t, huge("H2"))
	refusedAs(t, huge("H3"), ledger.CodeHoldTooLarge)
	_, err = book.Post(ctx, ledger.Entry{Key: "W2", Date: day(0), Lines: []ledger.Line{ledger.Debit("20101", ledger.Minor(1)).For("M1"), ledger.Credit("40401", ledger.Minor(1))}})
	refusedAs(t, err, ledger.CodeHeld)
}

// TestCaptureTwoPhases: held, part captured, part released, the rest captured;
// nothing is captured twice, and a refused capture keeps the hold.
func TestCaptureTwoPhases(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	_, err := book.Post(ctx, deposit("D", eventfulDay, "M1", 100))
	require.NoError(t, err)
	setFloor(t, book, "M1", ledger.HardFloor(ledger.Money{}))
	left := func() (m ledger.Money) {
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			held, _, err := tx.HeldUnder("H")
			m = held.Left
			return err
		}))
		return m
	}
	capture := func(key string, rupiah, taken int64) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Capture(ledger.Release{Key: key, Hold: "H", Amount: ledger.IDR.Of(rupiah), Reason: "angsuran"}, withdrawal("", eventfulDay, "M1", taken))
			return err
		})
	}
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(100), From: eventfulDay, Reason: "jaminan"})
		return err
	}))
	refusedAs(t, capture("C0", 30, 31), ledger.CodeHeld) // takes a rupiah that stays held
	require.Equal(t, ledger.IDR.Of(100), left())
	for range 2 {
		require.NoError(t, capture("C1", 30, 30))
		require.Equal(t, ledger.IDR.Of(70), left())
	}
	refusedAs(t, capture("C2", 71, 71), ledger.CodeHoldTooLarge)
	refusedAs(t, capture("C2", 30, -1), ledger.CodeHoldInvalid) // gives instead of taking
	refusedAs(t, book.Update(ctx, func(tx *ledger.Tx) error {   // takes it from somebody else
		_, err := tx.Capture(ledger.Release{Key: "C2", Hold: "H", Amount: ledger.IDR.Of(30), Reason: "angsuran"}, ledger.Entry{
			Date: eventfulDay, Lines: []ledger.Line{ledger.Debit("40401", ledger.IDR.Of(30)), ledger.Credit("10102", ledger.IDR.Of(30))}})
		return err
	}), ledger.CodeHoldInvalid)
	require.Equal(t, ledger.IDR.Of(70), left())
	refusedAs(t, capture("C3", -1, 1), ledger.CodeHoldInvalid)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Release(ledger.Release{Key: "R", Hold: "H", Amount: ledger.IDR.Of(20), Reason: "sebagian"})
		return err
	}))
	require.NoError(t, capture("C4", 0, 50)) // zero captures what is left
	require.Equal(t, ledger.Money{}, left())
	refusedAs(t, capture("C5", 0, 1), ledger.CodeHoldInvalid)
	require.Equal(t, ledger.IDR.Of(-20), balanceOf(t, book, "30101", "M1", ledger.Latest()))
	posted := changesOf(t, book)
	last := posted[len(posted)-2]
	var release ledger.Release
	require.NoError(t, last.Decode(&release))
	require.Equal(t, posted[len(posted)-1].Entry, release.Entry, "the release names the entry that took the money")
}

// TestReversalRefusals: each in its order, and nothing is reversed twice even
// by many at once.
func TestReversalRefusals(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	bySavings := deposit("T2", eventfulDay, "M1", 5)
	bySavings.Source = ledger.Source{Kind: "savings", ID: "M1", Version: 1, Event: "deposit"}
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err1 := tx.Post(deposit("T1", eventfulDay, "M1", 5))
		_, err2 := postEvent(tx, bySavings)
		_, err3 := tx.Post(deposit("T3", eventfulDay, "M1", 5))
		return errors.Join(err1, err2, err3)
	}))
	n := 0
	reverse := func(r ledger.Reversal) error {
		n++
		r.Date, r.Key = eventfulDay, fmt.Sprintf("R%d", n)
		_, err := book.Reverse(ctx, r)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrReversal)
		}
		return err
	}
	refusedAs(t, reverse(ledger.Reversal{Entry: 0, Reason: "salah"}), ledger.CodeEntryUnknown)
	refusedAs(t, reverse(ledger.Reversal{Entry: 9, Reason: "salah"}), ledger.CodeEntryUnknown)
	refusedAs(t, reverse(ledger.Reversal{Entry: 1}), ledger.CodeReasonMissing)
	refusedAs(t, reverse(ledger.Reversal{Entry: 2, Reason: "salah"}), ledger.CodeReversalOfSource)
	refusedAs(t, reverse(ledger.Reversal{Entry: 2, Reason: "salah", Source: ledger.Source{Kind: "savings", ID: "M2"}}), ledger.CodeReversalOfSource)
	refusedAs(t, reverse(ledger.Reversal{Entry: 1, Reason: "salah", Source: bySavings.Source}), ledger.CodeReversalOfSource)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		undo := ledger.Source{Kind: "savings", ID: "M1", Version: 2, Event: "undo"}
		_, err := event(tx, "R", undo, func() (ledger.Posted, error) {
			return tx.Reverse(ledger.Reversal{Entry: 2, Date: eventfulDay, Reason: "salah", Source: undo})
		})
		return err
	}))
	require.NoError(t, reverse(ledger.Reversal{Entry: 1, Reason: "salah"}))
	refusedAs(t, reverse(ledger.Reversal{Entry: 1, Reason: "salah lagi"}), ledger.CodeReversedAlready)
	refusedAs(t, reverse(ledger.Reversal{Entry: 5, Reason: "ternyata benar"}), ledger.CodeReversalOfReverse)

	done := 0
	for _, err := range together(16, func(i int) error {
		_, err := book.Reverse(ctx, ledger.Reversal{Key: fmt.Sprintf("once/%d", i), Entry: 3, Date: eventfulDay, Reason: "salah"})
		return err
	}) {
		if err == nil {
			done++
			continue
		}
		refusedAs(t, err, ledger.CodeReversedAlready)
	}
	require.Equal(t, 1, done)
}
