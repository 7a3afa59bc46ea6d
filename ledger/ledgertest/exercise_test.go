package ledgertest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// seeds are those of the long exercises: together 100,000 operations.
func seeds() (seeds []uint64, operations int) {
	seeds = []uint64{1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765, 10946}
	if testing.Short() || raced {
		return seeds[:4], 1000
	}
	return seeds, 5000
}

func TestExercise(t *testing.T) {
	all, operations := seeds()
	for _, seed := range all {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			ledgertest.Exercise(t, ledger.NewMemory(), seed, operations)
		})
	}
}

// TestExerciseReproducible needs the same head of the same seed, also in a
// store that runs everything twice.
func TestExerciseReproducible(t *testing.T) {
	heads := map[ledger.Digest]uint64{}
	for seed := range uint64(3) {
		first := ledgertest.Exercise(t, ledger.NewMemory(), seed, 700)
		require.Equal(t, first, ledgertest.Exercise(t, ledger.NewMemory(), seed, 700))
		require.Equal(t, first, ledgertest.Exercise(t, ledgertest.Twice(ledger.NewMemory()), seed, 700))
		require.NotContains(t, heads, first.Digest)
		heads[first.Digest] = seed
	}
}

// TestOperationsAreVaried looks that the generator reaches every refusal and
// every kind of operation, and that neither successes nor refusals are rare.
func TestOperationsAreVaried(t *testing.T) {
	codes, kinds, repeats := map[ledger.Code]int{}, map[string]int{}, 0
	for seed := range uint64(8) {
		model := ledgertest.NewModel(ledgertest.Chart())
		operations := ledgertest.NewOperations(seed, model)
		for range 3000 {
			op := operations.Next()
			answer := model.Ask(op)
			codes[answer.Code]++
			if answer.Code == "" {
				kinds[fmt.Sprintf("%T", op.Ask)]++
			}
			if answer.Repeat {
				repeats++
			}
		}
	}
	require.Len(t, kinds, 16)
	for kind, n := range kinds {
		require.Greater(t, n, 20, kind)
	}
	require.Greater(t, repeats, 100)
	require.InDelta(t, 12_000, codes[""], 4_000) // about half is carried out
	for _, code := range []ledger.Code{
		ledger.CodeKeyMissing, ledger.CodeKeyInvalid, ledger.CodeKeyConflict, ledger.CodeDateInvalid, ledger.CodePeriodClosed, ledger.CodePeriodSoftClosed,
		ledger.CodeAccountUnknown, ledger.CodeAccountHeader, ledger.CodeAccountRetired, ledger.CodeSubMissing, ledger.CodeSubNotAllowed,
		ledger.CodeBlocked, ledger.CodeTooFewLines, ledger.CodeTextInvalid, ledger.CodeUnbalanced, ledger.CodeMemorandumMixed, ledger.CodeAmountZero,
		ledger.CodeBelowFloor, ledger.CodeHeld, ledger.CodeAccountExists, ledger.CodeAccountInvalid, ledger.CodeAccountNotZero, ledger.CodeSubExists,
		ledger.CodeFloorInvalid, ledger.CodeHoldInvalid, ledger.CodeHoldUnknown, ledger.CodeHoldTooLarge, ledger.CodeEntryUnknown,
		ledger.CodeReversalOfReverse, ledger.CodeReversedAlready, ledger.CodeReversalOfSource, ledger.CodeSourceNotSaved, ledger.CodeReasonMissing, ledger.CodeRecordInvalid,
		ledger.CodeRecordStale, ledger.CodeAssertionFailed, ledger.CodeClosingInvalid,
	} {
		require.NotZero(t, codes[code], code)
	}
}
