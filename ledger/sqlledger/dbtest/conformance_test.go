package dbtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

func TestConformance(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ledgertest.Run(t, func(inner ledgertest.T) ledger.Store {
			store, _ := e.store(asTB(t, inner))
			return store
		})
	})
}

// TestTwice runs every closure twice.
func TestTwice(t *testing.T) {
	byHand(t)
	onEach(t, func(t *testing.T, e engine) {
		ledgertest.Run(t, func(inner ledgertest.T) ledger.Store {
			store, _ := e.store(asTB(t, inner))
			return ledgertest.Twice(store)
		})
	})
}

// TestSameDigests does the same operations on every store and in memory.
func TestSameDigests(t *testing.T) {
	byHand(t)
	for seed := range uint64(3) {
		want := ledgertest.Exercise(t, ledger.NewMemory(), seed, 1500)
		onEach(t, func(t *testing.T, e engine) {
			store, _ := e.store(t)
			require.Equal(t, want, ledgertest.Exercise(t, store, seed, 1500))
		})
	}
}

// asTB returns the test that the suite has started, which is always a testing.TB.
func asTB(t *testing.T, inner ledgertest.T) testing.TB {
	if tb, is := inner.(testing.TB); is {
		return tb
	}
	return t
}
