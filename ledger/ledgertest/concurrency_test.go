package ledgertest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// TestThirtyTwoGoroutines post, hold, capture, release, reverse, save and read
// at once through two books on one store: money is only moved, no floor and no
// hold is ever broken, nothing is reversed twice.
func TestThirtyTwoGoroutines(t *testing.T) {
	for _, store := range []struct {
		name string
		ledger.Store
	}{{"memory", ledger.NewMemory()}, {"twice", ledgertest.Twice(ledger.NewMemory())}, {"asking", asking{ledger.NewMemory()}}} {
		t.Run(store.name, func(t *testing.T) { thirtyTwo(t, store.Store) })
	}
}

const members, stake = 6, 1000

func member(i int) string { return fmt.Sprintf("M%d", i%members) }

func november(day int) ledger.Date { return ledger.On(2026, 11, day) }

func transfer(key string, day ledger.Date, from, to string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Lines: []ledger.Line{
		ledger.Debit("30101", ledger.IDR.Of(rupiah)).For(from), ledger.Credit("30101", ledger.IDR.Of(rupiah)).For(to),
	}}
}

func thirtyTwo(t *testing.T, store ledger.Store) {
	ctx := t.Context()
	c := ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()}
	book, err := ledger.Create(ctx, store, c)
	require.NoError(t, err)
	other, err := ledger.Open(ctx, store, c)
	require.NoError(t, err)
	for i := range members {
		_, err := book.Post(ctx, ledger.Entry{Key: "start" + member(i), Date: november(1), Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(stake)), ledger.Credit("30101", ledger.IDR.Of(stake)).For(member(i)),
		}})
		require.NoError(t, err)
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			return tx.SetFloor(ledger.FloorSetting{Key: "F" + member(i), Account: "30101", Sub: member(i), Floor: ledger.HardFloor(ledger.Money{})})
		}))
	}
	rounds := 60
	if testing.Short() || raced {
		rounds = 15
	}
	var all sync.WaitGroup
	for g := range 32 {
		all.Add(1)
		go func() {
			defer all.Done()
			w := &worker{t: t, book: book, g: g, rng: rand.New(rand.NewPCG(uint64(g), 32))}
			if g%2 == 1 {
				w.book = other
			}
			for n := range rounds {
				w.round(n)
			}
		}()
	}
	all.Wait()
	consistent(t, book)
	once := map[uint64]bool{}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range tx.Entries(1) {
			require.NoError(t, err)
			require.False(t, e.Reverses != 0 && once[e.Reverses], "entry %d is reversed twice", e.Reverses)
			once[e.Reverses] = true
		}
		return nil
	}))
	require.True(t, ledgertest.Sound(ctx, t, book))
}

// worker is one of the goroutines. It uses no require: that may end only the
// test's own.
type worker struct {
	t    *testing.T
	book *ledger.Book
	g    int
	rng  *rand.Rand
}

func (w *worker) round(n int) {
	ctx := context.Background()
	key := fmt.Sprintf("%d/%d", w.g, n)
	day := november(1 + w.rng.IntN(30))
	amount := int64(1 + w.rng.IntN(300))
	hold := fmt.Sprintf("H%d/%d", w.g, w.rng.IntN(n+1))
	switch w.rng.IntN(8) {
	case 0, 1, 2:
		_, err := w.book.Post(ctx, transfer(key, day, member(w.rng.IntN(members)), member(w.rng.IntN(members)), amount))
		w.check(err, ledger.CodeBelowFloor, ledger.CodeHeld)
	case 3:
		w.update(func(tx *ledger.Tx) error {
			_, err := tx.Hold(ledger.Hold{Key: "H" + key, Account: "30101", Sub: member(w.g), Amount: ledger.IDR.Of(amount), From: day, Reason: "jaminan"})
			return err
		}, ledger.CodeHoldTooLarge)
	case 4:
		w.update(func(tx *ledger.Tx) error {
			_, err := tx.Release(ledger.Release{Key: key, Hold: hold, Reason: "lunas"})
			return err
		}, ledger.CodeHoldUnknown, ledger.CodeHoldInvalid)
	case 5:
		w.update(func(tx *ledger.Tx) error {
			_, err := tx.Capture(ledger.Release{Key: key, Hold: hold, Reason: "eksekusi"}, transfer("", day, member(w.g), member(w.g+1), amount))
			return err
		}, ledger.CodeHoldUnknown, ledger.CodeHoldInvalid, ledger.CodeBelowFloor, ledger.CodeHeld)
	case 6:
		_, err := w.book.Reverse(ctx, ledger.Reversal{Key: key, Entry: uint64(members + 1 + w.rng.IntN(60)), Date: day, Reason: "salah"})
		w.check(err, ledger.CodeBelowFloor, ledger.CodeHeld, ledger.CodeEntryUnknown, ledger.CodeReversedAlready, ledger.CodeReversalOfReverse)
	default:
		consistent(w.t, w.book)
	}
}

func (w *worker) update(fn func(*ledger.Tx) error, codes ...ledger.Code) {
	w.check(w.book.Update(context.Background(), fn), codes...)
}

// check fails the test at an error that is none of the expected refusals.
func (w *worker) check(err error, codes ...ledger.Code) {
	if err == nil {
		return
	}
	code, known := ledgertest.CodeOf(err)
	for _, expected := range codes {
		if known && code == expected {
			return
		}
	}
	w.t.Errorf("goroutine %d: %v", w.g, err)
}

// consistent looks at one state: the total is what was paid in, and no end of
// day of any member is below what is held on it.
func consistent(t *testing.T, book *ledger.Book) {
	err := book.View(context.Background(), func(tx *ledger.Tx) error {
		total, err := tx.Balance("30101", "", ledger.Latest())
		if err != nil {
			return err
		}
		if total != ledger.IDR.Of(-members*stake) {
			return fmt.Errorf("the total is %v", total)
		}
		for i := range members {
			room, err := tx.Available("30101", member(i), november(1))
			if err != nil {
				return err
			}
			if room.Sign() < 0 {
				return errors.New(member(i) + " is below its floor and holds")
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
