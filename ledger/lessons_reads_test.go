package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestSealedPeriodRestated: what was closed answers the same for ever, whatever
// is tried, gaps in the closings included.
func TestSealedPeriodRestated(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	january, march := ledger.On(2026, time.January, 31), ledger.On(2026, time.March, 31)
	_, err := book.PostAll(ctx, []ledger.Entry{
		deposit("T1", ledger.On(2026, time.January, 5), "M1", 500), deposit("T2", ledger.On(2026, time.February, 5), "M1", 250),
	})
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(100), From: january, Reason: "jaminan"})
		return err
	}))
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "P1", Through: january}))
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "P2", Through: march})) // February by the way
	sealed := func() (balances []ledger.Money) {
		for day := ledger.On(2026, time.January, 1); !day.After(march); day = day.Next() {
			balances = append(balances, balanceOf(t, book, "30101", "M1", ledger.EndOf(day)))
		}
		return balances
	}
	before := sealed()
	for _, day := range []ledger.Date{ledger.On(ledger.MinYear, time.January, 1), ledger.On(2025, time.December, 31), january, january.Next(), ledger.On(2026, time.February, 28), march} {
		for name, try := range map[string]func(tx *ledger.Tx) error{
			"post":   func(tx *ledger.Tx) error { _, err := tx.Post(deposit("X", day, "M1", 1)); return err },
			"import": func(tx *ledger.Tx) error { _, err := tx.Import(deposit("X", day, "M1", 1)); return err },
			"adjusting": func(tx *ledger.Tx) error {
				e := deposit("X", day, "M1", 1)
				e.Phase = ledger.Adjusting
				_, err := tx.Post(e)
				return err
			},
			"closing": func(tx *ledger.Tx) error {
				e := deposit("X", day, "M1", 1)
				e.Phase = ledger.Closing
				_, err := tx.Post(e)
				return err
			},
			"reverse": func(tx *ledger.Tx) error {
				_, err := tx.Reverse(ledger.Reversal{Key: "X", Entry: 1, Date: day, Reason: "salah", Adjusting: true})
				return err
			},
			"capture": func(tx *ledger.Tx) error {
				_, err := tx.Capture(ledger.Release{Key: "X", Hold: "H", Reason: "angsuran"}, withdrawal("", day, "M1", 100))
				return err
			},
		} {
			require.ErrorIs(t, book.Update(ctx, try), ledger.ErrPeriodClosed, "%s on %s", name, day)
		}
	}
	require.ErrorIs(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "P3", Through: january}), ledger.ErrClosing, "closings go forward")
	require.Equal(t, before, sealed())
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R", Entry: 1, Date: march.Next(), Reason: "salah"})
	require.NoError(t, err, "a closed entry is corrected in an open period")
	require.Equal(t, before, sealed())
}

// TestSoftAndHardClosings walks through every state that closings and
// reopenings lead to.
func TestSoftAndHardClosings(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	month := func(m time.Month) ledger.Date { return ledger.MonthOf(2026, m).Last() }
	n := 0
	takes := func(day ledger.Date, phase ledger.Phase) bool {
		t.Helper()
		n++
		e := deposit(fmt.Sprintf("T%d", n), day, "M1", 1)
		e.Phase = phase
		_, err := book.Post(ctx, e)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrPeriodClosed)
		}
		return err == nil
	}
	states := func() (got [3][2]bool) { // January, February, March; ordinary, adjusting
		for i := range got {
			got[i] = [2]bool{takes(month(time.Month(i+1)), ledger.Ordinary), takes(month(time.Month(i+1)), ledger.Adjusting)}
		}
		return got
	}
	hard, soft, open := [2]bool{false, false}, [2]bool{false, true}, [2]bool{true, true}
	update := func(key string, do func(tx *ledger.Tx, key string) error) error {
		return book.Update(ctx, func(tx *ledger.Tx) error { return do(tx, key) })
	}
	closing := func(through ledger.Date, soft bool) func(*ledger.Tx, string) error {
		return func(tx *ledger.Tx, key string) error {
			return tx.Close(ledger.PeriodClosing{Key: key, Through: through, Soft: soft})
		}
	}
	reopening := func(through, softThrough ledger.Date, by string) func(*ledger.Tx, string) error {
		return func(tx *ledger.Tx, key string) error {
			return tx.Reopen(ledger.PeriodReopening{Key: key, Through: through, SoftThrough: softThrough, Reason: "koreksi", By: by})
		}
	}
	for _, c := range []struct {
		name string
		do   func(*ledger.Tx, string) error
		want error
		then [3][2]bool
	}{
		{"soft through February", closing(month(2), true), nil, [3][2]bool{soft, soft, open}},
		{"soft through January: goes back", closing(month(1), true), ledger.ErrClosing, [3][2]bool{soft, soft, open}},
		{"hard through January", closing(month(1), false), nil, [3][2]bool{hard, soft, open}},
		{"soft through January: closed harder", closing(month(1), true), ledger.ErrClosing, [3][2]bool{hard, soft, open}},
		{"hard through March closes softly too", closing(month(3), false), nil, [3][2]bool{hard, hard, hard}},
		{"nobody authorised it", reopening(month(1), month(1), ""), ledger.ErrEntry, [3][2]bool{hard, hard, hard}},
		{"March softly open", reopening(month(2), month(3), "pengawas"), nil, [3][2]bool{hard, hard, soft}},
		{"nothing to reopen", reopening(month(2), month(3), "pengawas"), ledger.ErrClosing, [3][2]bool{hard, hard, soft}},
		{"reopening never closes", reopening(month(3), month(3), "pengawas"), ledger.ErrClosing, [3][2]bool{hard, hard, soft}},
		{"soft cannot end before hard", reopening(month(2), month(1), "pengawas"), ledger.ErrClosing, [3][2]bool{hard, hard, soft}},
		{"March open", reopening(month(2), month(2), "pengawas"), nil, [3][2]bool{hard, hard, open}},
		{"everything open", reopening(ledger.Date{}, ledger.Date{}, "pengawas"), nil, [3][2]bool{open, open, open}},
		{"no such day", reopening(ledger.On(2026, 2, 30), ledger.Date{}, "pengawas"), ledger.ErrDate, [3][2]bool{open, open, open}},
		{"no such day to close", closing(ledger.Date{}, false), ledger.ErrDate, [3][2]bool{open, open, open}},
	} {
		require.ErrorIs(t, update(c.name, c.do), c.want, c.name)
		require.Equal(t, c.then, states(), c.name)
	}
}

// TestWrongDateDecidesPeriod: the entry's date decides; the instant of
// recording is evidence, even where clocks are years off.
func TestWrongDateDecidesPeriod(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2099, time.January, 1, 0, 0, 0, 0, time.UTC)
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "b", Currency: ledger.IDR, Chart: testChart(), Clock: func() time.Time { return now }})
	require.NoError(t, err)
	closed := ledger.On(2026, time.March, 31)
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "P", Through: closed}))
	for _, recorded := range []time.Time{now, time.Date(1999, time.January, 1, 0, 0, 0, 0, time.UTC)} {
		now = recorded
		_, err := book.Post(ctx, deposit("in/"+now.String()[:4], closed, "M1", 1))
		require.ErrorIs(t, err, ledger.ErrPeriodClosed)
		posted, err := book.Post(ctx, deposit("after/"+now.String()[:4], closed.Next(), "M1", 1))
		require.NoError(t, err)
		require.Equal(t, now, posted.Recorded)
	}
	requireSound(t, book)
}

// TestStaleReads: reads inside Update see the transaction's own writes; a View
// sees the book as it stood when it began.
func TestStaleReads(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for i, want := range []int64{-5, -10, -15} {
			_, err := tx.Post(deposit("T"+string(rune('a'+i)), eventfulDay, "M1", 5))
			require.NoError(t, err)
			balance, err := tx.Balance("30101", "M1", ledger.EndOf(eventfulDay))
			require.NoError(t, err)
			require.Equal(t, ledger.IDR.Of(want), balance)
		}
		seen := 0
		require.NoError(t, book.View(ctx, func(other *ledger.Tx) error { // inside Update: what is committed
			balance, err := other.Balance("30101", "M1", ledger.EndOf(eventfulDay))
			require.Equal(t, ledger.Money{}, balance)
			for range other.Entries(1) {
				seen++
			}
			return err
		}))
		require.Zero(t, seen)
		return nil
	}))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		before, err := tx.Head()
		require.NoError(t, err)
		_, err = book.Post(ctx, deposit("later", eventfulDay.AddDays(-3), "M1", 100))
		require.NoError(t, err)
		after, err := tx.Head()
		require.NoError(t, err)
		require.Equal(t, before, after)
		balance, err := tx.Balance("30101", "M1", ledger.Latest())
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-15), balance)
		return nil
	}))
}

// TestInjectionThroughFilters: what is asked for is compared as it is, never a
// pattern, a prefix or a piece of a query.
func TestInjectionThroughFilters(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	keys := []string{"M1", "M1' OR '1'='1", "%", "_", "M%", "*", "M1;DROP TABLE lines", `\`, `"`, "M1--", "m1", "M 1", "Ḿ1"}
	for _, sub := range keys {
		e := deposit("T/"+sub, eventfulDay, sub, 1)
		e.Lines[1].Party = ledger.Party{Member: sub, Standing: ledger.Member}
		e.Source = ledger.Source{Kind: "kind", ID: sub, Version: 1, Event: "event"}
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { _, err := postEvent(tx, e); return err }))
	}
	count := func(tx *ledger.Tx, q ledger.LineQuery) (n int) {
		for _, err := range tx.Lines(q) {
			require.NoError(t, err)
			n++
		}
		return n
	}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for _, sub := range keys {
			require.Equal(t, 1, count(tx, ledger.LineQuery{Account: "30101", Sub: sub}), sub)
			require.Equal(t, 1, count(tx, ledger.LineQuery{Party: sub}), sub)
			require.Equal(t, 2, count(tx, ledger.LineQuery{Source: "kind/" + sub}), sub)
			balance, err := tx.Balance("30101", sub, ledger.Latest())
			require.NoError(t, err)
			require.Equal(t, ledger.IDR.Of(-1), balance)
			posted, found, err := tx.EntryByKey("T/" + sub)
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, sub, posted.Lines[1].Sub)
		}
		for _, q := range []ledger.LineQuery{{Account: "%", AllSubs: true}, {Account: "3010_", AllSubs: true}, {Account: "30101", Sub: "M"}, {Party: "M"}, {Source: "kin"}, {Source: "kind/"}} {
			require.Zero(t, count(tx, q), "%+v", q)
		}
		for _, q := range []ledger.LineQuery{{Sub: "M1"}, {AllSubs: true}, {From: ledger.On(2026, 2, 30)}, {Through: ledger.On(2026, 2, 30)}} {
			for _, err := range tx.Lines(q) {
				require.Error(t, err, "%+v", q)
			}
		}
		return nil
	}))
}
