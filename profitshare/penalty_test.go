package profitshare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// A penalty is never below zero, or the benevolent fund would pay a member; nor
// is one forgotten because its account is not paid; and it is part of the
// command, so that the same key with another penalty is another command.
func TestPenaltyRefusals(t *testing.T) {
	b, desk, _ := anniversaries(t)
	april := month(t, "2026-04")
	advance := func(key string, day int, penalty map[string]ledger.Money, accounts ...string) (profitshare.Advanced, error) {
		return desk.Advance(ctx, profitshare.Advance{Key: key, Date: april.Day(day), Accounts: accounts, Penalties: penalty})
	}
	before, err := b.Head(ctx)
	require.NoError(t, err)
	_, err = advance("U", 10, map[string]ledger.Money{"M2-A": rp(-50)}, "M2-A")
	require.ErrorIs(t, err, profitshare.ErrEarning)
	require.EqualError(t, err, `profitshare: penalty of account "M2-A": IDR -50: not zero or above`)
	_, err = advance("U", 10, map[string]ledger.Money{"M1-D": rp(50)}, "M2-A")
	require.EqualError(t, err, `profitshare: penalty of account "M1-D": IDR 50: no return is paid to it now that it could come out of`)
	_, err = advance("U", 16, map[string]ledger.Money{"M1-D": rp(50)})
	require.ErrorIs(t, err, profitshare.ErrEarning, "it is nobody's day")
	_, err = advance("U", 1, map[string]ledger.Money{"M2-A": rp(50)}, "M2-A")
	require.ErrorIs(t, err, profitshare.ErrEarning, "no day has passed yet")
	after, err := b.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before.Digest, after.Digest)

	paid, err := advance("U", 15, map[string]ledger.Money{"M1-D": rp(50)})
	require.NoError(t, err)
	require.Equal(t, rp(50), paid.Paid.Penalty)
	_, err = advance("U", 15, map[string]ledger.Money{"M1-D": rp(51)})
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
}
