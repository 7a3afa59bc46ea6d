//go:build go1.25

package ledgertest_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestRefusedOnWhatNeverCame: a refusal that follows from what another caller
// has staged holds only if that is kept. If the flush fails the caller's turn
// comes again, on what is there.
func TestRefusedOnWhatNeverCame(t *testing.T) {
	key := func(key string, rupiah int64) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Post(setoran(key, rupiah))
			return err
		}
	}
	closing := func(tx *ledger.Tx) error {
		return tx.Close(ledger.PeriodClosing{Key: "C", Through: ledger.On(2026, 11, 30)})
	}
	taking := func(key string) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			e := setoran(key, 60)
			e.Lines[0].Amount, e.Lines[1].Amount = e.Lines[0].Amount.Neg(), e.Lines[1].Amount.Neg()
			_, err := tx.Post(e)
			return err
		}
	}
	for name, c := range map[string]struct {
		first, second func(*ledger.Tx) error
		refused       error // the second, if the first is kept
	}{
		"an overdraft":      {taking("W1"), taking("W2"), ledger.ErrFloor},
		"a used key":        {key("K", 1), key("K", 2), ledger.ErrKeyConflict},
		"a period's end":    {closing, key("K", 1), ledger.ErrPeriodClosed},
		"nothing of others": {func(*ledger.Tx) error { return nil }, taking("W2"), nil},
	} {
		for _, fails := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, the flush fails %v", name, fails), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					book, store := watchedBook(t)
					_, err := book.Post(t.Context(), setoran("start", 100))
					require.NoError(t, err)
					require.NoError(t, book.Update(t.Context(), func(tx *ledger.Tx) error {
						return tx.SetFloor(ledger.FloorSetting{Key: "F", Account: "30101", Sub: "M1", Floor: ledger.HardFloor(ledger.Money{}), Reason: "produk"})
					}))
					lost, failing := errors.New("connection lost"), store.updates+1
					store.fail = func(n int) error {
						if fails && n == failing {
							return lost
						}
						return nil
					}
					calls := []*call{{fn: c.first}, {fn: func(*ledger.Tx) error { return nil }}, {fn: c.second}}
					gathered(book, calls, nil)
					switch {
					case !fails:
						require.NoError(t, calls[0].err)
						require.ErrorIs(t, calls[2].err, c.refused)
					case c.refused == nil: // it was in the flush like everybody else
						require.ErrorIs(t, calls[2].err, lost)
					default:
						require.ErrorIs(t, calls[0].err, lost)
						require.ErrorIs(t, calls[1].err, lost)
						require.NoError(t, calls[2].err)
					}
					keys(t, book)
				})
			})
		}
	}
}
