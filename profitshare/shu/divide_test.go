package shu_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/shu"
)

func divide(amount, step int64, rule shu.Residue, basis ...int64) (shu.Division, error) {
	pool := shu.Pool{Name: "jasa usaha", Amount: ledger.Minor(amount)}
	var members []shu.Member
	for i, b := range basis {
		pool.Total += b
		members = append(members, shu.Member{Member: fmt.Sprintf("M%03d", i), Figures: []int64{b}})
	}
	return shu.Divide([]shu.Pool{pool}, members, ledger.Minor(step), rule)
}

// parts are shares in minor units, the residue last.
func parts(d shu.Division) (minor []int64) {
	for _, share := range d.Shares {
		minor = append(minor, share.Total.Minor())
	}
	return append(minor, d.Residue[0].Minor())
}

func TestResidue(t *testing.T) {
	for _, c := range []struct {
		name         string
		amount, step int64
		basis        []int64
		rests        []int64 // by LargestRests, the residue last
		number       []int64 // by ByNumber
		reserve      []int64 // by ToReserve
	}{
		{"even", 90, 1, []int64{1, 2, 6}, []int64{10, 20, 60, 0}, []int64{10, 20, 60, 0}, []int64{10, 20, 60, 0}},
		{"largest rest", 100, 1, []int64{10, 10, 13}, []int64{30, 30, 40, 0}, []int64{30, 30, 40, 0}, []int64{30, 30, 39, 1}},
		{"equal members, one step left", 100, 1, []int64{1, 1, 1}, []int64{33, 33, 33, 1}, []int64{34, 33, 33, 0}, []int64{33, 33, 33, 1}},
		{"equal members, two steps left", 101, 1, []int64{1, 1, 1}, []int64{33, 33, 33, 2}, []int64{34, 34, 33, 0}, []int64{33, 33, 33, 2}},
		{"a tie behind a larger rest", 8, 1, []int64{14, 13, 13}, []int64{3, 2, 2, 1}, []int64{3, 3, 2, 0}, []int64{2, 2, 2, 2}},
		{"a tie that can be served", 11, 1, []int64{4, 2, 2}, []int64{5, 3, 3, 0}, []int64{5, 3, 3, 0}, []int64{5, 2, 2, 2}},
		{"steps of ten", 105, 10, []int64{1, 1}, []int64{50, 50, 5}, []int64{50, 50, 5}, []int64{50, 50, 5}},
		{"nobody did anything", 100, 1, []int64{0, 0}, []int64{0, 0, 100}, []int64{0, 0, 100}, []int64{0, 0, 100}},
		{"nothing to divide", 0, 1, []int64{1, 2}, []int64{0, 0, 0}, []int64{0, 0, 0}, []int64{0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for rule, want := range map[shu.Residue][]int64{shu.LargestRests: c.rests, shu.ByNumber: c.number, shu.ToReserve: c.reserve} {
				d, err := divide(c.amount, c.step, rule, c.basis...)
				require.NoError(t, err)
				require.Equal(t, want, parts(d), rule)
			}
		})
	}
}

func TestDivideProperties(t *testing.T) {
	const seed = 7
	for n := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, n))
		basis := make([]int64, 1+random.IntN(8))
		var total int64
		for i := range basis {
			basis[i] = random.Int64N(1 + int64(1)<<random.IntN(55))
			if random.IntN(3) == 0 && i > 0 {
				basis[i] = basis[i-1]
			}
			total += basis[i]
		}
		amount, step := random.Int64N(1<<random.IntN(60)+1), 1+random.Int64N(100)
		for _, rule := range []shu.Residue{shu.ToReserve, shu.LargestRests, shu.ByNumber} {
			d, err := divide(amount, step, rule, basis...)
			require.NoError(t, err)
			var sum int64
			for i, share := range d.Shares {
				sum += share.Total.Minor()
				require.Zero(t, share.Total.Minor()%step)
				for j, other := range d.Shares {
					if basis[i] == basis[j] && rule != shu.ByNumber {
						require.Equal(t, share.Total, other.Total, "equal members, equal amounts; seed %d/%d", seed, n)
					}
					if basis[i] > basis[j] {
						require.GreaterOrEqual(t, share.Total.Cmp(other.Total), 0, "who did more never has less")
					}
				}
				if total > 0 {
					exact := new(big.Rat).Mul(big.NewRat(amount-amount%step, 1), big.NewRat(basis[i], total))
					off := exact.Sub(exact, big.NewRat(share.Total.Minor(), 1))
					require.Negative(t, off.Abs(off).Cmp(big.NewRat(step, 1)), "within one step; seed %d/%d", seed, n)
				}
			}
			require.Equal(t, amount, sum+d.Residue[0].Minor(), "seed %d/%d", seed, n)
			require.GreaterOrEqual(t, d.Residue[0].Sign(), 0)
			if rule == shu.ByNumber && total > 0 {
				require.Less(t, d.Residue[0].Minor(), step, "nothing is left over")
			}
		}
	}
}

// TestOrderIsIrrelevant: who stands first has no more, but for the last steps
// under ByNumber.
func TestOrderIsIrrelevant(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		basis := make([]int64, 2+random.IntN(20))
		for i := range basis {
			basis[i] = random.Int64N(50)
		}
		a, err := divide(1_000, 1, shu.LargestRests, basis...)
		require.NoError(t, err)
		turned := slices.Clone(basis)
		slices.Reverse(turned)
		b, err := divide(1_000, 1, shu.LargestRests, turned...)
		require.NoError(t, err)
		for i := range a.Shares {
			require.Equal(t, a.Shares[i].Total, b.Shares[len(basis)-1-i].Total)
		}
		require.Equal(t, a.Residue, b.Residue)
	}
}

func TestLargest(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		numbers := make([]uint64, 1+random.IntN(60))
		for i := range numbers {
			numbers[i] = random.Uint64N(1 << (1 + random.IntN(20)))
		}
		sorted := slices.Sorted(slices.Values(numbers))
		slices.Reverse(sorted)
		count := 1 + random.IntN(len(numbers))
		require.Equal(t, sorted[count-1], shu.Largest(numbers, count))
	}
}

func TestDivideRefuses(t *testing.T) {
	pool := func(amount, total int64) []shu.Pool {
		return []shu.Pool{{Name: "jasa modal", Amount: ledger.Minor(amount), Total: total}}
	}
	one := []shu.Member{{Member: "M1", Figures: []int64{5}}}
	for _, c := range []struct {
		pools   []shu.Pool
		members []shu.Member
		step    int64
		rule    shu.Residue
		text    string
	}{
		{pool(10, 5), one, 0, shu.ToReserve, "shu: the step of shares must be above zero"},
		{pool(10, 5), one, 1, "", `shu: the rule for the residue must be named, not ""`},
		{pool(-1, 5), one, 1, shu.ToReserve, "shu: jasa modal: neither amount -1 nor total 5 may be below zero"},
		{pool(10, -5), nil, 1, shu.ToReserve, "shu: jasa modal: neither amount 10 nor total -5 may be below zero"},
		{pool(10, 6), one, 1, shu.ToReserve, "shu: jasa modal: the members' figures do not add up to the total of 6: both sides must be counted alike (UU 25/1992 art. 45)"},
		{pool(10, 4), one, 1, shu.ToReserve, "shu: jasa modal: the members' figures do not add up to the total of 4: both sides must be counted alike (UU 25/1992 art. 45)"},
		{pool(10, 5), []shu.Member{{Member: "M1", Figures: []int64{1<<63 - 1}}, {Member: "M2", Figures: []int64{1<<63 - 1}}, {Member: "M3", Figures: []int64{7}}}, 1, shu.ToReserve,
			"shu: jasa modal: the members' figures do not add up to the total of 5: both sides must be counted alike (UU 25/1992 art. 45)"},
		{pool(10, 5), []shu.Member{{Member: "M1", Figures: []int64{-5}}}, 1, shu.ToReserve, "shu: member M1: a figure of -5 is below zero"},
		{pool(10, 5), []shu.Member{{Member: "M1"}}, 1, shu.ToReserve, "shu: member M1: 0 figures, want one for each of 1 measures"},
		{pool(10, 5), []shu.Member{{Figures: []int64{5}}}, 1, shu.ToReserve, "shu: member 1: a number of plain text, up to 115 bytes, is needed"},
		{pool(10, 5), []shu.Member{{Member: "M2", Figures: []int64{2}}, {Member: "M1", Figures: []int64{2}}, {Member: "M2", Figures: []int64{1}}}, 1, shu.ToReserve,
			"shu: member M2: the number stands twice"},
	} {
		d, err := shu.Divide(c.pools, c.members, ledger.Minor(c.step), c.rule)
		require.ErrorIs(t, err, shu.ErrMembers)
		require.EqualError(t, err, c.text)
		require.Zero(t, d)
	}
}

func FuzzDivide(f *testing.F) {
	f.Add(int64(100), int64(1), int64(1), int64(1), int64(1))
	f.Add(int64(1)<<60, int64(100), int64(1)<<40, int64(3), int64(0))
	f.Fuzz(func(t *testing.T, amount, step, a, b, c int64) {
		for _, rule := range []shu.Residue{shu.ToReserve, shu.LargestRests, shu.ByNumber} {
			d, err := divide(amount, step, rule, a, b, c)
			if err != nil {
				require.ErrorIs(t, err, shu.ErrMembers)
				continue
			}
			require.Equal(t, amount, ledger.Sum(d.Shares[0].Total, d.Shares[1].Total, d.Shares[2].Total, d.Residue[0]).Minor())
		}
	})
}

// BenchmarkDivide shares a year's result among many members by capital and two
// measures of service.
func BenchmarkDivide(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		pools := []shu.Pool{{Name: "modal", Amount: rp(40_000_000_000)}, {Name: "margin", Amount: rp(30_000_000_000)}, {Name: "belanja", Amount: rp(10_000_000_000)}}
		members := make([]shu.Member, n)
		random := rand.New(rand.NewPCG(5, 6))
		for i := range members {
			figures := []int64{100_000_00 + 20_000_00*random.Int64N(120), 1_00 * random.Int64N(4_000_000), 1_00 * random.Int64N(9_000_000)}
			members[i] = shu.Member{Member: fmt.Sprintf("M%07d", i), Figures: figures}
			for k, figure := range figures {
				pools[k].Total += figure
			}
		}
		for _, rule := range []shu.Residue{shu.ToReserve, shu.LargestRests} {
			b.Run(fmt.Sprintf("%s/%d", rule, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					d, err := shu.Divide(pools, members, rp(1), rule)
					if err != nil || len(d.Shares) != n {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/member")
			})
		}
	}
}

// BenchmarkDecide posts the meeting's decision on a book in memory, a line for
// each member, each time on a new book.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		p := plan()
		p.Measures[0].Total, p.Measures[1].Total = 0, 0
		members := make([]shu.Member, n)
		random := rand.New(rand.NewPCG(5, 6))
		for i := range members {
			figures := []int64{1 + random.Int64N(1_000_000), random.Int64N(1_000_000)}
			members[i] = shu.Member{Member: fmt.Sprintf("M%07d", i), Figures: figures}
			p.Measures[0].Total += figures[0]
			p.Measures[1].Total += figures[1]
		}
		p.Members = rp(int64(n) * 100_000)
		p.Others = rp(0)
		p.OtherKey = nil
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				book := uncheckedBook(b)
				book.result(2025, int64(n)*100_000)
				b.StartTimer()
				if got := book.decide(p, members...); got.Event.Members == 0 {
					b.Fatal("nobody is owed anything")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/member")
		})
	}
}
