package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// longHistory posts so many entries, on all days of a year in any order and in
// every phase, and reverses some: the same ones in every store for a seed.
func longHistory(t *testing.T, book *ledger.Book, seed uint64, entries int) (places [][2]string) {
	t.Helper()
	ctx := context.Background()
	places = [][2]string{{"10102", ""}, {"10103", ""}, {"50101", ""}}
	for i := range 9 {
		places = append(places, [2]string{[]string{"20101", "30101", "10409"}[i%3], fmt.Sprint("M", i)})
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	first := ledger.On(2026, time.January, 1)
	for n := uint64(0); n < uint64(entries); {
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			for range min(250, entries-int(n)) {
				n++
				day, key := first.AddDays(rng.IntN(365)), fmt.Sprint("K", n)
				if n > 10 && rng.IntN(12) == 0 {
					// An entry is reversed once, so this may be refused.
					_, err := tx.Reverse(ledger.Reversal{Key: key, Entry: 1 + rng.Uint64N(n-5), Date: first.AddDays(365), Reason: "salah"})
					if err == nil {
						continue
					}
				}
				e := ledger.Entry{Key: key + "/p", Date: day, Phase: ledger.Phase(rng.IntN(3))}
				from, to := places[rng.IntN(len(places))], places[rng.IntN(len(places))]
				amount := ledger.Minor(1 + rng.Int64N(1<<(1+rng.IntN(40))))
				e.Lines = []ledger.Line{ledger.Debit(from[0], amount).For(from[1]), ledger.Credit(to[0], amount).For(to[1])}
				if _, err := tx.Post(e); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return places
}

// TestAsOf compares balances as of earlier changes with those in memory:
// every place at every change of a short history, and a place at every change
// of one that is longer than what counts as recent.
func TestAsOf(t *testing.T) {
	const short, long = 120, 6000
	onEach(t, func(t *testing.T, e engine) {
		for _, entries := range []int{short, long} {
			seed := uint64(entries)
			ctx := context.Background()
			memory := create(t, ledger.NewMemory(), "kspps-melati")
			store, _ := e.store(t)
			book := create(t, store, "kspps-melati")
			places := longHistory(t, memory, seed, entries)
			longHistory(t, book, seed, entries)
			want, err := memory.Head(ctx)
			require.NoError(t, err)
			head, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, want, head)

			rng := rand.New(rand.NewPCG(seed, 2))
			require.NoError(t, memory.View(ctx, func(expected *ledger.Tx) error {
				return book.View(ctx, func(tx *ledger.Tx) error {
					for change := uint64(1); change <= head.Change; change++ {
						asked := places
						if entries == long {
							asked = places[rng.IntN(len(places)):][:1]
						}
						for _, p := range asked {
							at := ledger.EndOf(ledger.On(2026, time.January, 1).AddDays(rng.IntN(370)))
							switch rng.IntN(4) {
							case 0:
								at = ledger.Latest()
							case 1:
								at = at.BeforeClosing()
							case 2:
								at = at.BeforeAdjusting()
							}
							at = at.AsOf(change)
							want, err := expected.Balance(p[0], p[1], at)
							require.NoError(t, err)
							got, err := tx.Balance(p[0], p[1], at)
							require.NoError(t, err)
							require.True(t, want == got, "seed %d: %v as of %d of %d: %+v: %s, in memory %s", seed, p, change, head.Change, at, got, want)
						}
					}
					return nil
				})
			}))
			require.True(t, ledgertest.Sound(ctx, t, book))
		}
	})
}
