package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// roundabout is a memory store that a book does not know for one, so that a
// lone post goes the way of all writes.
type roundabout struct{ ledger.Store }

// TestPostAlone holds single posts, which are kept without a stage, to the same
// posts on the way of all writes: entries of every kind, good and bad, repeated,
// back-dated and reversed between other commands, give the same answers and
// the same book.
func TestPostAlone(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			ctx := context.Background()
			straight, round := newBookOn(t, ledger.NewMemory()), newBookOn(t, roundabout{ledger.NewMemory()})
			random := rand.New(rand.NewPCG(seed, 11))
			for i := range 600 {
				if command := betweenPosts(random, i); command != nil {
					one, other := straight.Update(ctx, command), round.Update(ctx, command)
					require.Equal(t, fmt.Sprint(other), fmt.Sprint(one), i)
				}
				e := anyEntry(random)
				one, oneErr := straight.Post(ctx, e)
				other, otherErr := round.Post(ctx, e)
				require.Equal(t, otherErr, oneErr, i)
				require.Equal(t, other, one, i)
			}
			require.Equal(t, changesOf(t, round), changesOf(t, straight))
			one, err := straight.Head(ctx)
			require.NoError(t, err)
			other, err := round.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, other, one)
			require.Greater(t, one.Entries, uint64(100))
			require.Equal(t, rowsOf(t, round), rowsOf(t, straight))
		})
	}
}

// betweenPosts is now and then a command that changes what the next posts meet.
func betweenPosts(random *rand.Rand, i int) func(*ledger.Tx) error {
	key, sub := fmt.Sprint("between/", i), fmt.Sprint("M", random.IntN(5))
	switch random.IntN(60) {
	case 0:
		return func(tx *ledger.Tx) error {
			return tx.SetFloor(ledger.FloorSetting{Key: key, Account: "30101", Sub: sub, Floor: ledger.HardFloor(ledger.IDR.Of(10)), Reason: "r", By: "b"})
		}
	case 1:
		block := []ledger.Block{ledger.DebitBlock, ledger.NoBlock, ledger.NoBlock}[random.IntN(3)]
		return func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "30101", Sub: sub, Block: block, Reason: "r", By: "b"})
		}
	case 2:
		return func(tx *ledger.Tx) error {
			_, err := tx.Hold(ledger.Hold{Key: key, Account: "30101", Sub: sub, Amount: ledger.IDR.Of(5), From: eventfulDay, Reason: "r", By: "b"})
			return err
		}
	case 3:
		entry := 1 + uint64(random.IntN(i+1))
		return func(tx *ledger.Tx) error {
			_, err := tx.Reverse(ledger.Reversal{Key: key, Entry: entry, Date: eventfulDay, Reason: "r"})
			return err
		}
	}
	return nil
}

// anyEntry is an entry that may be good, or have any fault of an entry.
func anyEntry(random *rand.Rand) ledger.Entry {
	n := random.IntN(400) // now and then a key again
	e := deposit(fmt.Sprint("T/", n), eventfulDay.AddDays(random.IntN(9)-4), fmt.Sprint("M", random.IntN(5)), 1+int64(n%30))
	switch random.IntN(14) {
	case 0:
		e.Lines[0].Amount = e.Lines[0].Amount.Add(ledger.IDR.Of(1))
	case 1:
		e.Lines[1].Account = "777"
	case 2:
		e.Lines[1].Sub = ""
	case 3:
		e.Memo, e.Maker, e.Document = "by hand", "teller", "form 7"
	case 4:
		e.Key = ""
	case 5:
		e.Phase = ledger.Adjusting
	case 6:
		e.Source = ledger.Source{Kind: "murabahah", ID: "1", Version: 1, Event: "pay"}
	case 7:
		e.Lines = append(e.Lines, e.Lines...)
	case 8, 9, 10: // a withdrawal
		e.Lines[0].Amount, e.Lines[1].Amount = e.Lines[1].Amount, e.Lines[0].Amount
	}
	return e
}

func newBookOn(t *testing.T, store ledger.Store) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(context.Background(), store, ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: testChart(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { requireSound(t, book) })
	return book
}

// rowsOf are all subs of a book, and the turnovers of each.
func rowsOf(t *testing.T, book *ledger.Book) []string {
	t.Helper()
	var rows []string
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		for _, code := range []string{"10102", "30101"} {
			for sub, err := range tx.Subs(code, "") {
				require.NoError(t, err)
				turnovers := tx.Turnovers(code, sub.Sub, ledger.On(2020, 1, 1), ledger.On(2030, 1, 1))
				for row, err := range turnovers {
					require.NoError(t, err)
					rows = append(rows, fmt.Sprintf("%+v %+v", sub, row))
				}
			}
		}
		return nil
	}))
	return rows
}

// TestPostAloneBreaks: a post whose clock panics or ends the goroutine, or
// whose context is over, leaves nothing behind and the book free for the next.
func TestPostAloneBreaks(t *testing.T) {
	ctx := context.Background()
	tick := fixedClock()
	clock := tick
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Clock: func() time.Time { return clock() }, Chart: testChart(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { requireSound(t, book) })
	before, err := book.Head(ctx)
	require.NoError(t, err)

	clock = func() time.Time { panic("the clock's own") }
	require.PanicsWithValue(t, "the clock's own", func() { _, _ = book.Post(ctx, deposit("T1", eventfulDay, "M1", 1)) })
	clock = func() time.Time { runtime.Goexit(); return time.Time{} }
	var wait sync.WaitGroup
	wait.Add(1)
	go func() {
		defer wait.Done()
		_, _ = book.Post(ctx, deposit("T1", eventfulDay, "M1", 1))
	}()
	wait.Wait()
	clock = tick
	over, cancel := context.WithCancel(ctx)
	cancel()
	_, err = book.Post(over, deposit("T1", eventfulDay, "M1", 1))
	require.ErrorIs(t, err, context.Canceled)

	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
	posted, err := book.Post(ctx, deposit("T1", eventfulDay, "M1", 1))
	require.NoError(t, err)
	require.False(t, posted.Repeat)
}

// TestOtherHandles: what one handle of a book changes in the chart, the next
// post of another meets, though it has posted on the account before; and what
// is posted alone, together and in one closure makes one book.
func TestOtherHandles(t *testing.T) {
	ctx := context.Background()
	store := ledger.NewMemory()
	one := newBookOn(t, store)
	other, err := ledger.Open(ctx, store, ledger.Config{ID: one.ID(), Clock: fixedClock()})
	require.NoError(t, err)
	in := deposit("T1", eventfulDay, "M1", 7)
	out := deposit("T2", eventfulDay, "M1", -7)
	for _, e := range []ledger.Entry{in, out} {
		_, err := one.Post(ctx, e)
		require.NoError(t, err)
	}
	require.NoError(t, other.Update(ctx, func(tx *ledger.Tx) error {
		return tx.Retire(ledger.Retirement{Key: "R", Account: "30101", Reason: "no longer offered", By: "head"})
	}))
	in.Key = "T3"
	_, err = one.Post(ctx, in)
	require.ErrorIs(t, err, ledger.ErrAccount)
	_, err = one.PostAll(ctx, []ledger.Entry{in})
	require.ErrorIs(t, err, ledger.ErrAccount)

	for i, e := range slices.Repeat([]ledger.Entry{in}, 4) {
		e.Key = fmt.Sprint("U", i)
		e.Lines = []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(1)), ledger.Credit("20101", ledger.IDR.Of(1)).For("M1")}
		book := []*ledger.Book{one, other}[i%2]
		if i < 2 {
			_, err = book.Post(ctx, e)
		} else {
			_, err = book.PostAll(ctx, []ledger.Entry{e})
		}
		require.NoError(t, err)
	}
	require.Equal(t, ledger.IDR.Of(-4), balanceOf(t, one, "20101", "M1", ledger.Latest()))
}

// TestPostIsTheCallers: a caller may change the lines that it has posted, those
// that it got back too, and the book keeps what it was given.
func TestPostIsTheCallers(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	entries := []ledger.Entry{deposit("T1", eventfulDay, "M1", 1), deposit("T2", eventfulDay, "M1", 2)}
	all, err := book.PostAll(ctx, entries)
	require.NoError(t, err)
	alone := deposit("T3", eventfulDay, "M1", 3)
	posted, err := book.Post(ctx, alone)
	require.NoError(t, err)
	for _, e := range append(all, posted, ledger.Posted{Entry: entries[0]}, ledger.Posted{Entry: alone}) {
		e.Lines[0].Account, e.Lines[1].Sub = "60101", "M9"
	}
	for _, again := range []ledger.Entry{deposit("T1", eventfulDay, "M1", 1), deposit("T3", eventfulDay, "M1", 3)} {
		repeat, err := book.Post(ctx, again)
		require.NoError(t, err)
		require.True(t, repeat.Repeat)
		require.Equal(t, again.Lines, repeat.Lines)
	}
	require.Equal(t, ledger.IDR.Of(-6), balanceOf(t, book, "30101", "M1", ledger.Latest()))
}
