package ledger

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFlightKept: a flush keeps its room for the next, but nothing of what was
// written and no room for very much.
func TestFlightKept(t *testing.T) {
	ctx := context.Background()
	book, err := Create(ctx, NewMemory(), Config{
		ID: "kept", Currency: IDR, Clock: func() time.Time { return time.UnixMicro(1).UTC() },
		Chart: Chart{
			{Code: "1", Name: "Kas", Kind: Asset, Normal: DebitSide},
			{Code: "2", Name: "Simpanan", Kind: Liability, Normal: CreditSide, Control: true},
		},
	})
	require.NoError(t, err)
	day := On(2026, time.November, 24)
	entries := func(prefix string, n int) []Entry {
		list := make([]Entry, n)
		for i := range list {
			list[i] = Entry{Key: prefix + strconv.Itoa(i), Date: day, Lines: []Line{Debit("1", IDR.Of(1)), Credit("2", IDR.Of(1)).For("M1")}}
		}
		return list
	}
	for _, c := range []struct {
		name string
		n    int
		kept bool
	}{{"one", 1, true}, {"ten thousand", 10_000, true}, {"many", 40_000, false}, {"two", 2, true}} {
		_, err := book.PostAll(ctx, entries(c.name, c.n))
		require.NoError(t, err)
		require.Equal(t, c.kept, book.gather.flight != nil, c.name)
		if c.kept {
			for _, ch := range book.gather.flight.stage.changes {
				require.Nil(t, ch.Posted, c.name)
			}
		}
	}
}
