package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// The tests of the lessons_*_test.go files are each named after a failure that
// users of other ledgers have suffered.

func withdrawal(key string, day ledger.Date, sub string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Memo: "Penarikan tunai", Lines: []ledger.Line{
		ledger.Debit("30101", ledger.IDR.Of(rupiah)).For(sub), ledger.Credit("10102", ledger.IDR.Of(rupiah)),
	}}
}

func setFloor(t testing.TB, book *ledger.Book, sub string, floor ledger.Floor) {
	t.Helper()
	require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "floor/" + sub, Account: "30101", Sub: sub, Floor: floor})
	}))
}

func balanceOf(t testing.TB, book *ledger.Book, account, sub string, at ledger.Moment) ledger.Money {
	t.Helper()
	var balance ledger.Money
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) (err error) {
		balance, err = tx.Balance(account, sub, at)
		return err
	}))
	return balance
}

// together runs n functions at once and returns their errors.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[i] = do(i)
		}()
	}
	wait.Wait()
	return errs
}

// TestLostUpdate: writers that read a balance and write by what they read lose
// nothing of each other's.
func TestLostUpdate(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	const writers, rounds = 16, 20
	for _, err := range together(writers, func(i int) error {
		for round := range rounds {
			err := book.Update(ctx, func(tx *ledger.Tx) error {
				before, err := tx.Balance("30101", "M1", ledger.Latest())
				if err != nil {
					return err
				}
				if _, err := tx.Post(deposit(fmt.Sprintf("T%d/%d", i, round), eventfulDay, "M1", 1)); err != nil {
					return err
				}
				after, err := tx.Balance("30101", "M1", ledger.Latest())
				if err == nil && after != before.Sub(ledger.IDR.Of(1)) {
					err = fmt.Errorf("from %s to %s", before, after)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		require.NoError(t, err)
	}
	require.Equal(t, ledger.IDR.Of(-writers*rounds), balanceOf(t, book, "30101", "M1", ledger.Latest()))
}

// TestWriteSkew: withdrawals that each fit but together overdraw, and a closing
// against posts into the days it closes.
func TestWriteSkew(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	_, err := book.Post(ctx, deposit("D", eventfulDay, "M1", 1_000))
	require.NoError(t, err)
	setFloor(t, book, "M1", ledger.HardFloor(ledger.Money{}))
	done := 0
	for _, err := range together(16, func(i int) error {
		_, err := book.Post(ctx, withdrawal(fmt.Sprintf("W%d", i), eventfulDay, "M1", 100))
		return err
	}) {
		if err == nil {
			done++
			continue
		}
		require.ErrorIs(t, err, ledger.ErrFloor)
	}
	require.Equal(t, 10, done)

	for _, err := range together(16, func(i int) error {
		if i == 7 {
			return book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: eventfulDay})
		}
		_, err := book.Post(ctx, deposit(fmt.Sprintf("L%d", i), eventfulDay, "M1", 1))
		return err
	}) {
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrPeriodClosed)
		}
	}
	closed := false
	for _, ch := range changesOf(t, book) {
		closed = closed || ch.Kind == ledger.ChangeClosing
		require.False(t, closed && ch.Posted != nil, "change %d came after the closing", ch.Number)
	}
	require.True(t, closed)
}

// TestRetryDuplicates: the same command from fifty callers, from a store that
// runs everything twice, and from a client that never stops asking.
func TestRetryDuplicates(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	var mu sync.Mutex
	first := 0
	for _, err := range together(50, func(int) error {
		posted, err := book.Post(ctx, deposit("T1", eventfulDay, "M1", 1_000))
		mu.Lock()
		defer mu.Unlock()
		if !posted.Repeat {
			first++
		}
		if err == nil && posted.Number != 1 {
			err = fmt.Errorf("entry %d", posted.Number)
		}
		return err
	}) {
		require.NoError(t, err)
	}
	require.Equal(t, 1, first)
	require.Equal(t, ledger.IDR.Of(-1_000), balanceOf(t, book, "30101", "M1", ledger.Latest()))

	twice, err := ledger.Create(ctx, &rerunning{Store: ledger.NewMemory()}, ledger.Config{ID: "b", Currency: ledger.IDR, Clock: fixedClock(), Chart: testChart()})
	require.NoError(t, err)
	for range 3 {
		posted, err := twice.Post(ctx, deposit("T1", eventfulDay, "M1", 1_000))
		require.NoError(t, err)
		require.Equal(t, uint64(1), posted.Number)
	}
	require.Equal(t, ledger.IDR.Of(-1_000), balanceOf(t, twice, "30101", "M1", ledger.Latest()))
	requireSound(t, twice)
}

// rerunning is a store that runs every closure once for nothing, as one does
// whose transaction lost a race.
type rerunning struct{ ledger.Store }

func (s *rerunning) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	lost := errors.New("lost race")
	if err := s.Store.Update(ctx, book, func(w ledger.Writer) error { return errors.Join(fn(w), lost) }); !errors.Is(err, lost) {
		return err
	}
	return s.Store.Update(ctx, book, fn)
}

// TestAmbiguousCommit: the store keeps a write and then reports an error. The
// caller cannot know; the same key settles it.
func TestAmbiguousCommit(t *testing.T) {
	ctx := context.Background()
	lossy := &ambiguous{Store: ledger.NewMemory()}
	book, err := ledger.Create(ctx, lossy, ledger.Config{ID: "b", Currency: ledger.IDR, Clock: fixedClock(), Chart: testChart()})
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		kept bool
	}{{"kept", true}, {"not kept", false}} {
		t.Run(c.name, func(t *testing.T) {
			before := len(changesOf(t, book))
			for _, do := range []command{
				{"post", func(tx *ledger.Tx) error { _, err := tx.Post(deposit("T/"+c.name, eventfulDay, "M1", 10)); return err }},
				{"hold", func(tx *ledger.Tx) error {
					_, err := tx.Hold(ledger.Hold{Key: "H/" + c.name, Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(5), From: eventfulDay, Reason: "jaminan"})
					return err
				}},
			} {
				lossy.fail, lossy.keep = true, c.kept
				require.ErrorIs(t, book.Update(ctx, do.do), errConnection, do.name)
				lossy.fail = false
				for range 2 {
					require.NoError(t, book.Update(ctx, do.do), do.name)
				}
			}
			require.Len(t, changesOf(t, book), before+2)
		})
	}
	requireSound(t, book)
}

var errConnection = errors.New("connection lost")

type ambiguous struct {
	ledger.Store
	fail, keep bool
}

func (s *ambiguous) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	if s.fail && !s.keep {
		fn = func(w ledger.Writer) error { return errConnection }
	}
	if err := s.Store.Update(ctx, book, fn); err != nil || !s.fail {
		return err
	}
	return errConnection
}

// TestDerivedBalanceDrifts: every stored balance is the sum of its lines after
// any order of dates; one that was spoiled is found, and rebuilt on demand.
func TestDerivedBalanceDrifts(t *testing.T) {
	ctx := context.Background()
	store := ledger.NewMemory()
	book, err := ledger.Create(ctx, store, ledger.Config{ID: "b", Currency: ledger.IDR, Clock: fixedClock(), Chart: testChart()})
	require.NoError(t, err)
	const seed = 20260310
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	sums := map[ledger.Date]int64{}
	for i := range 300 {
		day := eventfulDay.AddDays(random.IntN(60) - 30)
		amount := random.Int64N(1_000) + 1
		e := deposit(fmt.Sprintf("T%d", i), day, "M1", amount)
		e.Phase = ledger.Phase(random.IntN(3))
		_, err := book.Post(ctx, e)
		require.NoError(t, err)
		sums[day] += amount
	}
	total := int64(0)
	for day := eventfulDay.AddDays(-31); !day.After(eventfulDay.AddDays(31)); day = day.Next() {
		total += sums[day]
		require.Equal(t, ledger.IDR.Of(-total), balanceOf(t, book, "30101", "M1", ledger.EndOf(day)))
	}
	requireSound(t, book)
	head, err := book.Head(ctx)
	require.NoError(t, err)

	spoil := []ledger.SubTurnovers{{Account: "30101", Sub: "M1", Rows: []ledger.Turnover{
		{Day: eventfulDay, Credit: ledger.IDR.Of(1), Balance: ledger.IDR.Of(-1)},
	}}}
	require.NoError(t, store.Update(ctx, "b", func(w ledger.Writer) error {
		return w.Write(&ledger.Batch{Expect: head.Change, Head: head, Rebuilt: spoil})
	}))
	require.NotEmpty(t, texts(t, book.Check(ctx)))
	rebuilt, err := book.Rebuild(ctx)
	require.NoError(t, err)
	require.Len(t, rebuilt, 1)
	requireSound(t, book)
	require.Equal(t, ledger.IDR.Of(-total), balanceOf(t, book, "30101", "M1", ledger.Latest()))
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after, "a rebuild is no change")
}

// TestReversedOriginalsStay: no status takes a reversed entry out of a sum.
func TestReversedOriginalsStay(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	_, err := book.Post(ctx, deposit("T1", eventfulDay, "M1", 1_000))
	require.NoError(t, err)
	mirror, err := book.Reverse(ctx, ledger.Reversal{Key: "R1", Entry: 1, Date: eventfulDay.AddDays(30), Reason: "salah rekening"})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		original, found, err := tx.Entry(1)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, mirror.Number, original.ReversedBy)
		for i := range original.Lines {
			require.Equal(t, original.Lines[i].Amount.Neg(), mirror.Lines[i].Amount)
		}
		debit, credit, err := tx.Turnover("30101", "M1", ledger.Span{From: eventfulDay, Through: eventfulDay.AddDays(30)})
		require.NoError(t, err)
		require.Equal(t, []ledger.Money{ledger.IDR.Of(1_000), ledger.IDR.Of(1_000)}, []ledger.Money{debit, credit})
		n := 0
		for _, err := range tx.Lines(ledger.LineQuery{Account: "30101", Sub: "M1"}) {
			require.NoError(t, err)
			n++
		}
		require.Equal(t, 2, n)
		return nil
	}))
	require.Equal(t, ledger.IDR.Of(-1_000), balanceOf(t, book, "30101", "M1", ledger.EndOf(eventfulDay.AddDays(29))), "it stood there for a month")
	require.Equal(t, ledger.Money{}, balanceOf(t, book, "30101", "M1", ledger.EndOf(eventfulDay.AddDays(30))))
}

// TestTwoSidesOneDate: a control account is the sum of its subs at every date
// and as of every change.
func TestTwoSidesOneDate(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	const seed = 7
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range 60 {
		_, err := book.Post(ctx, deposit(fmt.Sprintf("T%d", i), eventfulDay.AddDays(random.IntN(20)), fmt.Sprintf("M%d", random.IntN(5)), random.Int64N(100)+1))
		require.NoError(t, err)
	}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		head, err := tx.Head()
		require.NoError(t, err)
		for days := range 22 {
			for change := uint64(1); change <= head.Change; change += 3 {
				at := ledger.EndOf(eventfulDay.AddDays(days - 1)).AsOf(change)
				total, err := tx.Balance("30101", "", at)
				require.NoError(t, err)
				cash, err := tx.Balance("10102", "", at)
				require.NoError(t, err)
				var sum ledger.Money
				for sub, err := range tx.Subs("30101", "") {
					require.NoError(t, err)
					balance, err := tx.Balance("30101", sub.Sub, at)
					require.NoError(t, err)
					sum = sum.Add(balance)
				}
				require.Equal(t, sum, total)
				require.Equal(t, cash.Neg(), total)
			}
		}
		return nil
	}))
}

// TestTimeZones: the day is the caller's, wherever the clock stands; the
// instant is kept in UTC, so that the zone of a server changes no digest.
func TestTimeZones(t *testing.T) {
	ctx := context.Background()
	instant := time.Date(2026, time.March, 31, 23, 30, 0, 123_456_789, time.FixedZone("WIB", 7*3600))
	var heads []ledger.Head
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("WIB", 7*3600), time.FixedZone("WIT", 9*3600), time.FixedZone("", -11*3600)} {
		book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
			ID: "b", Currency: ledger.IDR, Chart: testChart(), Clock: func() time.Time { return instant.In(zone) },
		})
		require.NoError(t, err)
		posted, err := book.Post(ctx, deposit("T1", ledger.On(2026, time.March, 31), "M1", 5))
		require.NoError(t, err)
		require.Equal(t, ledger.On(2026, time.March, 31), posted.Date)
		require.Equal(t, time.Date(2026, time.March, 31, 16, 30, 0, 123_456_000, time.UTC), posted.Recorded)
		head, err := book.Head(ctx)
		require.NoError(t, err)
		heads = append(heads, head)
		require.Equal(t, heads[0], head)
		requireSound(t, book)
	}
	require.Equal(t, ledger.On(2026, time.March, 31), ledger.DateOf(instant))
	require.Equal(t, ledger.On(2026, time.April, 1), ledger.DateOf(instant.In(time.FixedZone("WIT", 9*3600))))
}
