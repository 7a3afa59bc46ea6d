package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// fixedClock ticks a microsecond at every look, so that two runs give the same digests.
func fixedClock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

func newBook(t testing.TB) *ledger.Book {
	t.Helper()
	book := newBookOnly(t)
	t.Cleanup(func() { requireSound(t, book) })
	return book
}

func testChart() ledger.Chart {
	return ledger.Chart{
		{Code: "10102", Name: "Kas Teller", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "20101", Name: "Simpanan Wadiah", Kind: ledger.Liability, Normal: ledger.CreditSide, Control: true},
		{Code: "30101", Name: "Simpanan Mudharabah", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
		{Code: "40401", Name: "SHU Tahun Lalu", Kind: ledger.Equity, Normal: ledger.CreditSide},
		{Code: "40402", Name: "SHU", Kind: ledger.Equity, Normal: ledger.CreditSide},
		{Code: "50101", Name: "Pendapatan", Kind: ledger.Income, Normal: ledger.CreditSide},
		{Code: "60101", Name: "Beban", Kind: ledger.Expense, Normal: ledger.DebitSide},
		{Code: "99101", Name: "Hapus Buku", Kind: ledger.Memorandum, Normal: ledger.DebitSide, Control: true},
		{Code: "99199", Name: "Lawan Administratif", Kind: ledger.Memorandum, Normal: ledger.CreditSide},
		{Code: "1", Name: "Aset", Kind: ledger.Asset, Normal: ledger.DebitSide, Header: true},
	}
}

// requireSound is how every test that owns a book ends.
func requireSound(t testing.TB, book *ledger.Book) {
	t.Helper()
	for finding, err := range book.Check(context.Background()) {
		require.NoError(t, err)
		t.Error(finding)
	}
}

func deposit(key string, day ledger.Date, sub string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Memo: "Setoran tunai", Lines: []ledger.Line{
		ledger.Debit("10102", ledger.IDR.Of(rupiah)),
		ledger.Credit("30101", ledger.IDR.Of(rupiah)).For(sub),
	}}
}

func TestPostAndRead(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	nov := func(day int) ledger.Date { return ledger.On(2026, time.November, day) }

	first, err := book.Post(ctx, deposit("T1", nov(10), "M1", 1000))
	require.NoError(t, err)
	require.Equal(t, uint64(1), first.Number)
	_, err = book.Post(ctx, deposit("T2", nov(20), "M1", 500))
	require.NoError(t, err)
	_, err = book.Post(ctx, deposit("T3", nov(5), "M1", 200)) // back-dated
	require.NoError(t, err)

	again, err := book.Post(ctx, deposit("T1", nov(10), "M1", 1000))
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, first.Digest, again.Digest)
	_, err = book.Post(ctx, deposit("T1", nov(10), "M1", 1001))
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for day, want := range map[int]int64{4: 0, 5: -200, 10: -1200, 20: -1700, 30: -1700} {
			balance, err := tx.Balance("30101", "M1", ledger.EndOf(nov(day)))
			require.NoError(t, err)
			require.Equal(t, ledger.IDR.Of(want), balance, day)
		}
		asOf, err := tx.Balance("30101", "", ledger.EndOf(nov(30)).AsOf(first.Change+1))
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-1500), asOf)
		days, err := tx.BalanceDays("30101", "M1", nov(1), nov(30))
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-(200*5 + 1200*10 + 1700*11)).Over(1), days)
		return nil
	}))
	mirror, err := book.Reverse(ctx, ledger.Reversal{Key: "R1", Entry: 1, Date: nov(25), Reason: "salah rekening"})
	require.NoError(t, err)
	require.Equal(t, uint64(1), mirror.Reverses)
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R2", Entry: 1, Date: nov(25), Reason: "lagi"})
	require.ErrorIs(t, err, ledger.ErrReversal)
}

func TestYearEnd(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	last := ledger.On(2025, time.December, 31)
	entry := func(key string, phase ledger.Phase, debit, credit string, rupiah int64) ledger.Entry {
		return ledger.Entry{Key: key, Date: last, Phase: phase, Lines: []ledger.Line{
			ledger.Debit(debit, ledger.IDR.Of(rupiah)), ledger.Credit(credit, ledger.IDR.Of(rupiah)),
		}}
	}
	_, err := book.PostAll(ctx, []ledger.Entry{
		entry("I1", ledger.Ordinary, "10102", "50101", 1000), entry("E1", ledger.Ordinary, "60101", "10102", 300),
	})
	require.NoError(t, err)
	closeYear := func() (closing ledger.Posted, found bool) {
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) (err error) {
			closing, found, err = tx.CloseYear(ledger.YearEnd{Key: "tutup-2025", Day: last, Result: "40402"})
			return err
		}))
		return closing, found
	}
	closing, found := closeYear()
	require.True(t, found)
	require.Equal(t, "tutup-2025/1", closing.Key)
	again, found := closeYear()
	require.True(t, found)
	require.True(t, again.Repeat)
	require.Equal(t, closing.Number, again.Number)

	_, err = book.Post(ctx, entry("A1", ledger.Adjusting, "60101", "10102", 50))
	require.NoError(t, err)
	difference, _ := closeYear()
	require.Equal(t, "tutup-2025/2", difference.Key)
	require.Len(t, difference.Lines, 2)

	for range 2 {
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			carried, found, err := tx.CarryResult(ledger.CarryResult{Key: "awal-2026", Day: last.Next(), From: "40402", To: "40401"})
			require.True(t, found)
			require.Equal(t, uint64(6), carried.Number)
			return err
		}))
	}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for _, c := range []struct {
			code string
			at   ledger.Moment
			want int64
		}{
			{"50101", ledger.EndOf(last), 0},
			{"50101", ledger.EndOf(last).BeforeClosing(), -1000},
			{"60101", ledger.EndOf(last).BeforeClosing(), 350},
			{"60101", ledger.EndOf(last).BeforeAdjusting(), 300},
			{"40402", ledger.EndOf(last), -650},
			{"40402", ledger.EndOf(last.Next()), 0},
			{"40401", ledger.EndOf(last.Next()), -650},
		} {
			balance, err := tx.Balance(c.code, "", c.at)
			require.NoError(t, err)
			require.Equal(t, ledger.IDR.Of(c.want), balance, "%s %v", c.code, c.at)
		}
		debit, credit, err := tx.Turnover("50101", "", ledger.Span{From: last, Through: last}.BeforeClosing())
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(0), debit)
		require.Equal(t, ledger.IDR.Of(1000), credit)
		return nil
	}))
}

func TestRestore(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, time.March, 1)
	_, err := book.Post(ctx, deposit("T1", day, "M1", 1000))
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := tx.Hold(ledger.Hold{Key: "H1", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(400), From: day, Reason: "jaminan"}); err != nil {
			return err
		}
		if _, err := tx.Capture(ledger.Release{Key: "C1", Hold: "H1", Amount: ledger.IDR.Of(100), Reason: "angsuran"}, ledger.Entry{
			Date: day, Lines: []ledger.Line{ledger.Debit("30101", ledger.IDR.Of(100)).For("M1"), ledger.Credit("10102", ledger.IDR.Of(100))},
		}); err != nil {
			return err
		}
		return tx.SetFloor(ledger.FloorSetting{Key: "F1", Account: "30101", Floor: ledger.HardFloor(ledger.IDR.Of(0))})
	}))
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "P1", Through: day}))
	head, err := book.Head(ctx)
	require.NoError(t, err)

	var changes []ledger.Change
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for ch, err := range tx.Changes(1) {
			require.NoError(t, err)
			changes = append(changes, ch)
		}
		return nil
	}))
	restore := func(changes []ledger.Change) (*ledger.Book, error) {
		return ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: book.ID(), Clock: fixedClock()}, func(yield func(ledger.Change, error) bool) {
			for _, ch := range changes {
				if !yield(ch, nil) {
					return
				}
			}
		})
	}
	restored, err := restore(changes)
	require.NoError(t, err)
	requireSound(t, restored)
	got, err := restored.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, got)
	require.NoError(t, restored.View(ctx, func(tx *ledger.Tx) error {
		available, err := tx.Available("30101", "M1", day)
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(600), available)
		return nil
	}))
	for finding, err := range restored.Prove(ctx, head) {
		t.Error(finding, err)
	}

	_, err = restore(changes[1:])
	require.ErrorIs(t, err, ledger.ErrCorrupt)
	swapped := append([]ledger.Change(nil), changes...)
	swapped[2], swapped[3] = swapped[3], swapped[2]
	_, err = restore(swapped)
	require.ErrorIs(t, err, ledger.ErrCorrupt)
}

func TestAtomicTakesOnlyItsOwnBack(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, time.May, 2)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, repeated, err := tx.Repeat(ledger.Command{Key: "outer", Kind: "host", Content: ledger.NewContent("host").Digest()})
		require.NoError(t, err)
		require.False(t, repeated)
		_, err = tx.Post(deposit("", day, "M1", 100))
		require.NoError(t, err)
		refused := tx.Atomic(func() error {
			_, _, err := tx.Repeat(ledger.Command{Key: "inner", Kind: "desk", Content: ledger.NewContent("desk").Digest()})
			require.NoError(t, err)
			_, err = tx.Post(deposit("", day, "M1", 40))
			require.NoError(t, err)
			_, err = tx.Post(deposit("inner/2", day, "M2", 40))
			require.NoError(t, err)
			return ledger.ErrHold // decided against
		})
		require.ErrorIs(t, refused, ledger.ErrHold)
		balance, err := tx.Balance("30101", "", ledger.EndOf(day))
		require.NoError(t, err)
		require.Equal(t, ledger.IDR.Of(-100), balance)
		_, err = tx.Save(ledger.Record{Kind: "host", ID: "1", Version: 1, Event: "made", State: []byte(`{}`)})
		return err
	}))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		outer, found, err := tx.Command("outer")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, outer.First+1, outer.Last, "the record after the inner step belongs to the outer command")
		for _, key := range []string{"inner", "inner/2"} {
			_, found, err = tx.Command(key)
			require.NoError(t, err)
			require.False(t, found)
		}
		return nil
	}))
}
