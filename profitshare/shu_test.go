package profitshare_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func shuOf(amount int64, step int64, basis ...int64) (profitshare.SHUDivision, error) {
	pool := profitshare.ServicePool{Name: "jasa usaha", Amount: ledger.Minor(amount)}
	var members []profitshare.SHUMember
	for i, b := range basis {
		pool.Total = pool.Total.Add(ledger.Minor(b))
		members = append(members, profitshare.SHUMember{Member: fmt.Sprint("M", i), Basis: []ledger.Money{ledger.Minor(b)}})
	}
	return profitshare.DivideSHU([]profitshare.ServicePool{pool}, members, ledger.Minor(step))
}

func TestDivideSHULeavesTiesToTheReserve(t *testing.T) {
	for _, c := range []struct {
		name         string
		amount, step int64
		basis, parts []int64
		residue      int64
	}{
		{"even", 90, 1, []int64{1, 2, 6}, []int64{10, 20, 60}, 0},
		{"largest rest", 100, 1, []int64{10, 10, 13}, []int64{30, 30, 40}, 0}, // rests 10/33, 10/33, 13/33
		{"equal members, one step left", 100, 1, []int64{1, 1, 1}, []int64{33, 33, 33}, 1},
		{"equal members, two steps left", 101, 1, []int64{1, 1, 1}, []int64{33, 33, 33}, 2},
		{"a tie behind a larger rest", 8, 1, []int64{14, 13, 13}, []int64{3, 2, 2}, 1}, // 2.8, 2.6, 2.6 and two steps left
		{"a tie that can be served", 11, 1, []int64{4, 2, 2}, []int64{5, 3, 3}, 0},     // 5.5, 2.75, 2.75 and two steps left
		{"steps of ten", 105, 10, []int64{1, 1}, []int64{50, 50}, 5},
		{"nobody did anything", 100, 1, []int64{0, 0}, []int64{0, 0}, 100},
		{"nothing to divide", 0, 1, []int64{1, 2}, []int64{0, 0}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := shuOf(c.amount, c.step, c.basis...)
			require.NoError(t, err)
			for i, want := range c.parts {
				require.Equal(t, ledger.Minor(want), d.Shares[i].Total, i)
			}
			require.Equal(t, ledger.Minor(c.residue), d.Residue[0])
		})
	}
}

func TestDivideSHUProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		basis := make([]int64, 1+random.IntN(8))
		for i := range basis {
			basis[i] = random.Int64N(1 + int64(1)<<random.IntN(55))
		}
		amount, step := random.Int64N(1<<random.IntN(60)+1), 1+random.Int64N(100)
		d, err := shuOf(amount, step, basis...)
		require.NoError(t, err)
		var sum, total int64
		for i, share := range d.Shares {
			sum += share.Total.Minor()
			total += basis[i]
			for j, other := range d.Shares {
				if basis[i] == basis[j] {
					require.Equal(t, share.Total, other.Total, "equal members, equal amounts")
				}
			}
		}
		require.Equal(t, amount, sum+d.Residue[0].Minor())
		require.GreaterOrEqual(t, d.Residue[0].Sign(), 0)
		if total == 0 {
			continue
		}
		for i, share := range d.Shares {
			exact := new(big.Rat).Mul(big.NewRat(amount-amount%step, 1), big.NewRat(basis[i], total))
			off := exact.Sub(exact, ratMoney(share.Total))
			require.Negative(t, off.Abs(off).Cmp(big.NewRat(step, 1)))
		}
	}
}

func TestDivideSHURefuses(t *testing.T) {
	pool := profitshare.ServicePool{Name: "jasa modal", Amount: ledger.Minor(10), Total: ledger.Minor(5)}
	member := func(name string, basis ...int64) profitshare.SHUMember {
		m := profitshare.SHUMember{Member: name}
		for _, b := range basis {
			m.Basis = append(m.Basis, ledger.Minor(b))
		}
		return m
	}
	for _, c := range []struct {
		name    string
		members []profitshare.SHUMember
		step    int64
		message string
	}{
		{"step", nil, 0, "profitshare: step: 0: not above zero"},
		{"not the total", []profitshare.SHUMember{member("A", 4)}, 1, `profitshare: pool "jasa modal": 4: the members' figures do not add up to the total of 5 (UU 25/1992 art. 45)`},
		{"no name", []profitshare.SHUMember{member("", 5)}, 1, `profitshare: member "": the number is missing or stands twice`},
		{"twice", []profitshare.SHUMember{member("A", 2), member("A", 3)}, 1, `profitshare: member "A": the number is missing or stands twice`},
		{"figures missing", []profitshare.SHUMember{member("A")}, 1, `profitshare: member "A": 0 figures: want one for each of 1 pools`},
		{"negative", []profitshare.SHUMember{member("A", -1), member("B", 6)}, 1, `profitshare: member "A": -1: not zero or above`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := profitshare.DivideSHU([]profitshare.ServicePool{pool}, c.members, ledger.Minor(c.step))
			require.ErrorIs(t, err, profitshare.ErrSHU)
			require.EqualError(t, err, c.message)
		})
	}
}

func TestAllocationKey(t *testing.T) {
	key := func(percents ...string) (k profitshare.AllocationKey) {
		for i, p := range percents {
			k = append(k, profitshare.KeyItem{Name: fmt.Sprint("item ", i), Percent: decimal.RequireFromString(p)})
		}
		return k
	}
	items, err := key("33.3", "33.3", "33.4").Allocate(ledger.IDR.Of(100), ledger.IDR.Of(1))
	require.NoError(t, err)
	require.Equal(t, []profitshare.AllocatedItem{{"item 0", ledger.IDR.Of(33)}, {"item 1", ledger.IDR.Of(33)}, {"item 2", ledger.IDR.Of(34)}}, items)
	for name, k := range map[string]profitshare.AllocationKey{
		"105":       key("40", "40", "25"),
		"99.999999": key("50", "49.999999"),
		"empty":     key(),
		"negative":  key("110", "-10"),
		"twice":     append(key("50"), key("50")...),
	} {
		_, err := k.Allocate(ledger.IDR.Of(100), ledger.IDR.Of(1))
		require.ErrorIs(t, err, profitshare.ErrSHU, name)
	}
	for _, shu := range []ledger.Money{ledger.IDR.Of(-1), ledger.Minor(150)} { // a deficit; not whole rupiah
		_, err := key("100").Allocate(shu, ledger.IDR.Of(1))
		require.ErrorIs(t, err, profitshare.ErrSHU)
	}
}
