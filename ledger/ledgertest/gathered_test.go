//go:build go1.25

package ledgertest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// TestGatheredExercise asks random operations in flushes of many closures, of
// which some end in an error, a panic or a Goexit after they have written: the
// model takes back what they did, and so must the book, whatever their
// neighbours in the flush have touched.
func TestGatheredExercise(t *testing.T) {
	seeds, flushes := 8, 120
	if testing.Short() || raced {
		seeds, flushes = 2, 40
	}
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { gatheredExercise(t, seed, flushes) })
		})
	}
}

func gatheredExercise(t *testing.T, seed uint64, flushes int) {
	rng := rand.New(rand.NewPCG(seed, 7))
	book, store := watchedBook(t)
	if seed%2 == 1 {
		store.Store = ledgertest.Twice(store.Store)
	}
	model := ledgertest.NewModel(ledgertest.Chart())
	operations := ledgertest.NewOperations(seed, model)
	for flush := range flushes {
		calls := make([]*call, 1+rng.IntN(12))
		for i := range calls {
			calls[i] = random(t, rng, model, operations, i == 0, fmt.Sprintf("seed %d, flush %d, call %d", seed, flush, i))
		}
		gathered(book, calls, nil)
		head, err := book.Head(t.Context())
		require.NoError(t, err)
		require.Equal(t, model.Changes(), head.Change, "seed %d, flush %d", seed, flush)
		require.Equal(t, model.Entries(), head.Entries, "seed %d, flush %d", seed, flush)
	}
	broken := 0
	for finding, err := range book.Check(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, "assertions", finding.Check, "seed %d: %s", seed, finding)
		broken++
	}
	require.Equal(t, model.Broken(), broken)
	require.NoError(t, book.View(t.Context(), func(tx *ledger.Tx) error {
		want := model.Balances(ledger.On(ledger.MaxYear, 12, 31), ledger.Closing, 0)
		for b, err := range tx.Balances(ledger.Latest()) {
			require.NoError(t, err)
			require.Equal(t, want[[2]string{b.Account.Code, b.Sub}], b.Amount)
			delete(want, [2]string{b.Account.Code, b.Sub})
		}
		require.Empty(t, want)
		return nil
	}))
}

// random makes up a call of a few operations that may fail in the end. A
// leader ends properly, as those it leads would otherwise run in the next
// flush and in another order than the model's.
func random(t *testing.T, rng *rand.Rand, model *ledgertest.Model, operations *ledgertest.Operations, leads bool, what string) *call {
	mark := model.Mark()
	ops := make([]ledgertest.Operation, 1+rng.IntN(3))
	want := make([]ledgertest.Answer, len(ops))
	for i := range ops {
		ops[i] = operations.Next()
		want[i] = model.Ask(ops[i])
	}
	end := rng.IntN(12)
	if leads && end < 2 {
		end = 2
	}
	if end < 4 {
		model.Rollback(mark)
	}
	model.Settle()
	return &call{fn: func(tx *ledger.Tx) error {
		for i, op := range ops {
			got, err := op.Apply(tx)
			if err != nil || got != want[i] {
				t.Errorf("%s: %v:\nthe book answers %+v (%v)\nthe model answers %+v", what, op, got, err, want[i])
			}
		}
		switch end {
		case 0:
			panic("thrown on purpose")
		case 1:
			runtime.Goexit()
		case 2, 3:
			return errors.New("given up on purpose")
		}
		return nil
	}}
}
