package ledgertest_test

import (
	"fmt"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

func TestExerciseX(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			ledgertest.Exercise(t, ledger.NewMemory(), seed, 2000)
		})
	}
}
