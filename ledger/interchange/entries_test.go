package interchange_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func entriesOf(tb testing.TB, book *ledger.Book) []ledger.Posted {
	tb.Helper()
	var all []ledger.Posted
	require.NoError(tb, book.View(context.Background(), func(tx *ledger.Tx) error {
		for p, err := range tx.Entries(1) {
			require.NoError(tb, err)
			all = append(all, p)
		}
		return nil
	}))
	return all
}

func numberOf(p ledger.Posted) string { return strconv.FormatUint(p.Number, 10) }
