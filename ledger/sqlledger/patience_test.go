//go:build go1.25

package sqlledger_test

import (
	"context"
	"database/sql"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestAttempts counts how often a server that is away is asked, and for how
// long.
func TestAttempts(t *testing.T) {
	for _, c := range []struct {
		attempts, want    int
		shortest, longest time.Duration
	}{
		{attempts: 1, want: 1},
		{attempts: 4, want: 4, shortest: 7 * time.Millisecond, longest: 14 * time.Millisecond},
		{attempts: 0, want: 20, shortest: 3 * time.Second, longest: 6010 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{fails: func(int, string) error { return sqlState("57P03") }}
			db := sql.OpenDB(f)
			defer db.Close()
			store := sqlledger.Open(db, sqlledger.Options{Dialect: sqlledger.PostgreSQL, Attempts: c.attempts})
			begun := time.Now()
			_, err := ledger.Open(t.Context(), store, ledger.Config{ID: "kspps-melati", Clock: time.Now})
			require.ErrorIs(t, err, sqlState("57P03"))
			require.Len(t, f.calls, c.want)
			require.GreaterOrEqual(t, time.Since(begun), c.shortest)
			require.LessOrEqual(t, time.Since(begun), c.longest)
		})
	}
}

// TestPauseEnds with the context, and what is unknown stays so.
func TestPauseEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := false
		f := &fake{fails: func(_ int, call string) error {
			if lost = lost || call == "commit"; lost {
				return sqlState("08006")
			}
			return nil
		}}
		db := sql.OpenDB(f)
		defer db.Close()
		store := sqlledger.Open(db, sqlledger.Options{Dialect: sqlledger.PostgreSQL, Attempts: 1000})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		err := order(ctx, store)
		require.ErrorIs(t, err, ledger.ErrCommitUnknown)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(begun))
	})
}
