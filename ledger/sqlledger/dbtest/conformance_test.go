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
	onEach(t, func(t *testing.T, e engine) {
		ledgertest.Run(t, func(inner ledgertest.T) ledger.Store {
			store, _ := e.store(asTB(t, inner))
			return ledgertest.Twice(store)
		})
	})
}

// TestSameDigests does the same operations on every store and in memory.
func TestSameDigests(t *testing.T) {
	const seeds, operations = 3, 1000
	var heads [seeds]ledger.Head
	for seed := range heads {
		heads[seed] = ledgertest.Exercise(t, ledger.NewMemory(), uint64(seed), operations)
	}
	onEach(t, func(t *testing.T, e engine) {
		for seed, want := range heads {
			store, _ := e.store(t)
			require.Equal(t, want, ledgertest.Exercise(t, store, uint64(seed), operations))
		}
	})
}

// asTB returns the test that the suite has started, which is always a testing.TB.
func asTB(t *testing.T, inner ledgertest.T) testing.TB {
	if tb, is := inner.(testing.TB); is {
		return tb
	}
	return t
}
