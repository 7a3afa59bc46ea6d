package profitshare_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// Until the capital is whole there is no profit, not even the fraction of a
// rupiah that restoration by whole rupiah leaves: MemberUp would make it one.
func TestNoProfitUntilCapitalIsWhole(t *testing.T) {
	for _, c := range []struct {
		result, carried, restored, gross int64
	}{
		{result: 1_000, carried: 5_000, restored: 333},
		{result: 1_000, carried: 334, restored: 333},
		{result: 1_000, carried: 333, restored: 333, gross: 1}, // whole: the third of a rupiah is profit
		{result: 2, carried: 5},                                // less than a rupiah each
	} {
		s, err := profitshare.Distribute(profitshare.Pool{
			Result: rp(c.result),
			Terms:  []profitshare.Term{{Product: "P", Nisbah: decimal.New(5, -1), Weight: weightOne}},
			Stakes: []profitshare.Stake{{Account: "A", Days: rp(1).Over(1)}, {Account: "B", Days: rp(1).Over(1)}, {Account: "C", Days: rp(1).Over(1)}},
			Carried: []profitshare.Carried{{Account: "A", Amount: rp(c.carried)}, {Account: "B", Amount: rp(c.carried)},
				{Account: "C", Amount: rp(c.carried)}},
			Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rp(1)},
		})
		require.NoError(t, err)
		for p := range s.Payouts() {
			require.Equal(t, []ledger.Money{rp(c.restored), rp(c.gross)}, []ledger.Money{p.Restored, p.Gross}, "%+v", c)
			w, _ := s.Working(p.Account)
			again, err := w.Again()
			require.NoError(t, err)
			require.Equal(t, p.Gross, again, "%+v", c)
		}
		require.Equal(t, rp(c.result), ledger.Sum(s.Members, s.Manager, s.Restored()))
	}
}
