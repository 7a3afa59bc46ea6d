package profitshare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// An advance is rounded by the plan's rule, up for the member where shares are;
// and a closed time saving has no anniversary any more.
func TestAdvanceRoundsAsSharesDo(t *testing.T) {
	for rule, want := range map[profitshare.Rule]int64{profitshare.MemberUp: 9, profitshare.LargestRemainder: 8} {
		b, _, list := anniversaries(t)
		april := month(t, "2026-04")
		plan := runPlan()
		plan.Rounding.Rule = rule
		b.book("2026-03-31", "30204/M1-D", "10102", 999_000) // 1.000 are left: 0,6 a day
		desk := profitshare.NewDesk(b.Book, plan, list)
		paid, err := desk.Advance(ctx, profitshare.Advance{Key: "U", Date: april.Day(15)})
		require.NoError(t, err)
		require.Equal(t, rp(want), paid.Paid.Gross, "14 days are 8,4")
		closed := list[0]
		closed.Closed = april.Day(10)
		_, err = desk.ReverseAdvance(ctx, profitshare.Reversal{Key: "R", Month: april, Date: april.Day(15), Reason: "tutup"})
		require.NoError(t, err)
		none, err := profitshare.NewDesk(b.Book, plan, earning{closed, list[1]}).Advance(ctx, profitshare.Advance{Key: "U2", Date: april.Day(15)})
		require.NoError(t, err)
		require.Equal(t, ledger.Money{}, none.Paid.Gross)
	}
}
