package profitshare_test

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/stretchr/testify/require"
)

// A reader who follows the lines of any working must arrive at the payout.
func TestWorkingArrivesAtThePayout(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	checked := 0
	for range 300 {
		pool := randomPool(random)
		s, err := profitshare.Distribute(pool)
		if err != nil || s.Nothing != profitshare.SharedOut {
			continue
		}
		exact := reference(pool)
		for p := range s.Payouts() {
			w, found := s.Working(p.Account)
			require.True(t, found)
			require.Equal(t, p.Gross, w.Gross)
			last := w.Lines[len(w.Lines)-2] // the exact share; the payout follows
			if strings.HasPrefix(last.Label, "step for one") {
				last = w.Lines[len(w.Lines)-3]
			}
			require.Zero(t, exact[p.Account].Cmp(last.Figure), "%s: %s", p.Account, w.Text(ledger.IDR))
			require.Equal(t, ratMoney(p.Gross).RatString(), w.Lines[len(w.Lines)-1].Figure.RatString())
			again, err := w.Again()
			require.NoError(t, err)
			require.Equal(t, p.Gross, again, w.Text(ledger.IDR))
			checked++
		}
	}
	require.Greater(t, checked, 500)
}

func TestWorkingText(t *testing.T) {
	pool := examplePool()
	pool.Hibah = ledger.IDR.Of(10_000)
	s, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	w, found := s.Working("M2-SIMUDA")
	require.True(t, found)
	var labels []string
	for line := range strings.Lines(w.Text(ledger.IDR)) {
		labels = append(labels, strings.Join(strings.Fields(line), " "))
	}
	require.Equal(t, []string{
		"result of the pool 1000000",
		"own funds' part 0 by the split: whole",
		"profit equalisation reserve 0 set aside less released",
		"income to share 1000000 result - own funds - reserve",
		"weighted balance-days of the pool 210000000 sum of weight x balance-days",
		"balance-days under SIMUDA 30000000",
		"weight of SIMUDA 1 in proportion to the pool's other weights",
		"income of the stake 142857.142857... income to share x weight x balance-days / weighted balance-days of the pool",
		"nisbah 0.4",
		"share by nisbah 57142.857143... sum of nisbah x income of each stake",
		"members' part by nisbah 514285.714286... all accounts",
		"members' part after risk reserve and hibah 524285.714286... all accounts",
		"share after risk reserve and hibah 58253.968254... share x part after / part by nisbah",
		"payout 58254 member_up to a multiple of 100 minor units",
	}, labels)
	_, found = s.Working("nobody")
	require.False(t, found)
}

func TestIndicationText(t *testing.T) {
	hi := profitshare.HI1000(big.NewRat(60164, 10), ledger.Minor(1_000_000).Over(30), 30) // 6.0164
	for _, c := range []struct {
		decimals int
		rule     ledger.Rounding
		want     string
	}{{2, ledger.RoundDown, "6.01"}, {2, ledger.RoundHalfUp, "6.02"}, {0, ledger.RoundUp, "7"}, {6, ledger.RoundDown, "6.016400"}} {
		text, err := hi.Text(c.decimals, c.rule)
		require.NoError(t, err)
		require.Equal(t, c.want, text)
	}
	for _, decimals := range []int{-1, profitshare.MaxDecimals + 1} {
		_, err := hi.Text(decimals, ledger.RoundDown)
		require.Error(t, err)
	}
	_, err := hi.Text(2, 0)
	require.Error(t, err)
	require.Zero(t, profitshare.HI1000(big.NewRat(1, 1), ledger.BalanceDays{}, 30).Exact().Sign(), "no balance, no figure")
	require.Zero(t, profitshare.Indication{}.Exact().Sign())
	january := profitshare.EquivalentRate(big.NewRat(1, 1), ledger.Minor(100).Over(31), 31, profitshare.Times365)
	require.Zero(t, january.Exact().Cmp(big.NewRat(365, 31)))
	require.Zero(t, profitshare.EquivalentRate(big.NewRat(1, 1), ledger.Minor(100).Over(31), 31, profitshare.Times12).Exact().Cmp(big.NewRat(12, 1)))
}
