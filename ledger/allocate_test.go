package ledger_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func rationals(weights ...int64) []*big.Rat {
	rats := make([]*big.Rat, len(weights))
	for i, w := range weights {
		rats[i] = big.NewRat(w, 1)
	}
	return rats
}

func minors(amounts []ledger.Money) []int64 {
	out := make([]int64, len(amounts))
	for i, m := range amounts {
		out[i] = m.Minor()
	}
	return out
}

func TestAllocate(t *testing.T) {
	const most = math.MaxInt64
	for _, c := range []struct {
		name        string
		total, step int64
		weights     []int64
		want        []int64
	}{
		{name: "even", total: 900, step: 1, weights: []int64{1, 1, 1}, want: []int64{300, 300, 300}},
		{name: "ties go to the earlier", total: 100, step: 1, weights: []int64{1, 1, 1}, want: []int64{34, 33, 33}},
		{name: "two steps over", total: 101, step: 1, weights: []int64{1, 1, 1}, want: []int64{34, 34, 33}},
		{name: "largest remainder, not the first", total: 10, step: 1, weights: []int64{1, 1, 4}, want: []int64{2, 2, 6}},
		{name: "remainder decides over size", total: 100, step: 1, weights: []int64{335, 330, 335}, want: []int64{34, 33, 33}},
		{name: "ties among some", total: 7, step: 1, weights: []int64{3, 1, 3, 1}, want: []int64{3, 1, 2, 1}},
		{name: "steps of a hundred", total: 10_000, step: 100, weights: []int64{1, 1, 1}, want: []int64{3400, 3300, 3300}},
		{name: "weight of zero gets nothing", total: 5, step: 1, weights: []int64{0, 1, 0, 1, 0}, want: []int64{0, 3, 0, 2, 0}},
		{name: "fewer steps than weights", total: 2, step: 1, weights: []int64{1, 5, 5, 5}, want: []int64{0, 1, 1, 0}},
		{name: "one", total: 5, step: 5, weights: []int64{most}, want: []int64{5}},
		{name: "nothing", total: 0, step: 1, weights: []int64{1, 2}, want: []int64{0, 0}},
		{name: "negative is the mirror", total: -100, step: 1, weights: []int64{1, 1, 1}, want: []int64{-34, -33, -33}},
		{name: "largest total, largest weights", total: ledger.MaxMoney, step: 1, weights: []int64{most, most}, want: []int64{ledger.MaxMoney / 2, ledger.MaxMoney / 2}},
		{name: "weights beyond 64 bits", total: 100, step: 1, weights: []int64{most, most, most}, want: []int64{34, 33, 33}},
		{name: "largest step", total: -ledger.MaxMoney, step: ledger.MaxMoney, weights: []int64{1, 2}, want: []int64{0, -ledger.MaxMoney}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ledger.Allocate(ledger.Minor(c.total), ledger.Minor(c.step), rationals(c.weights...))
			require.NoError(t, err)
			require.Equal(t, c.want, minors(got))
			got, err = ledger.AllocateInts(ledger.Minor(c.total), ledger.Minor(c.step), c.weights)
			require.NoError(t, err)
			require.Equal(t, c.want, minors(got))
		})
	}
}

// Fractions are weights as whole numbers are: only their proportion counts.
func TestAllocateOverFractions(t *testing.T) {
	weights := []*big.Rat{big.NewRat(1, 3), big.NewRat(1, 2), big.NewRat(1, 6), new(big.Rat)}
	got, err := ledger.Allocate(ledger.Minor(1000), ledger.Minor(1), weights)
	require.NoError(t, err)
	require.Equal(t, []int64{333, 500, 167, 0}, minors(got))
	require.Equal(t, []string{"1/3", "1/2", "1/6", "0/1"}, []string{weights[0].String(), weights[1].String(), weights[2].String(), weights[3].String()})
}

func TestAllocateRefuses(t *testing.T) {
	for _, c := range []struct {
		name        string
		total, step ledger.Money
		weights     []int64
		weight      int
		error       string
	}{
		{name: "invalid total", total: tooMuch, step: ledger.Minor(1), weights: []int64{1}, weight: -1,
			error: "ledger: cannot allocate ledger: not an amount: beyond the largest amount in steps of 1: the total is not an amount"},
		{name: "no step", total: ledger.Minor(1), weights: []int64{1}, weight: -1, error: "ledger: cannot allocate 1 in steps of 0: the step is not above zero"},
		{name: "negative step", total: ledger.Minor(1), step: ledger.Minor(-1), weights: []int64{1}, weight: -1, error: "ledger: cannot allocate 1 in steps of -1: the step is not above zero"},
		{name: "not a multiple", total: ledger.Minor(150), step: ledger.Minor(100), weights: []int64{1}, weight: -1, error: "ledger: cannot allocate 150 in steps of 100: the total is not a multiple of the step"},
		{name: "no weights", total: ledger.Minor(1), step: ledger.Minor(1), weight: -1, error: "ledger: cannot allocate 1 in steps of 1: the weights add up to zero"},
		{name: "weights of zero", total: ledger.Minor(1), step: ledger.Minor(1), weights: []int64{0, 0}, weight: -1, error: "ledger: cannot allocate 1 in steps of 1: the weights add up to zero"},
		{name: "negative weight", total: ledger.Minor(1), step: ledger.Minor(1), weights: []int64{1, -1}, weight: 1, error: "ledger: cannot allocate 1 in steps of 1: weight 1 is missing or negative"},
		{name: "negative weight after very large ones", total: ledger.Minor(1), step: ledger.Minor(1), weights: []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MinInt64}, weight: 3,
			error: "ledger: cannot allocate 1 in steps of 1: weight 3 is missing or negative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for verb, allocate := range map[string]func() ([]ledger.Money, error){
				"Allocate":     func() ([]ledger.Money, error) { return ledger.Allocate(c.total, c.step, rationals(c.weights...)) },
				"AllocateInts": func() ([]ledger.Money, error) { return ledger.AllocateInts(c.total, c.step, c.weights) },
			} {
				parts, err := allocate()
				require.Nil(t, parts, verb)
				require.EqualError(t, err, c.error, verb)
				require.ErrorIs(t, err, ledger.ErrAllocate, verb)
				var fault *ledger.AllocateError
				require.ErrorAs(t, err, &fault, verb)
				require.Equal(t, c.weight, fault.Weight, verb)
				require.Equal(t, c.total, fault.Total, verb)
				require.Equal(t, c.step, fault.Step, verb)
			}
		})
	}
	_, err := ledger.Allocate(ledger.Minor(1), ledger.Minor(1), []*big.Rat{nil})
	require.EqualError(t, err, "ledger: cannot allocate 1 in steps of 1: weight 0 is missing or negative")
}

// requireFair checks parts against the definition, written out with rationals:
// exact sum, each part the exact share rounded down to the step or one step
// more, and the steps over with the largest remainders, earlier first.
func requireFair(t *testing.T, total, step int64, weights []int64, parts []int64) {
	t.Helper()
	whole, sum := new(big.Rat), new(big.Int)
	for i, w := range weights {
		whole.Add(whole, big.NewRat(w, 1))
		sum.Add(sum, big.NewInt(parts[i]))
	}
	require.Zero(t, sum.Cmp(big.NewInt(total)), "the parts sum to %s", sum)
	over := make([]bool, len(parts))
	rests := make([]*big.Rat, len(parts))
	for i, w := range weights {
		share := new(big.Rat).Mul(big.NewRat(total, step), big.NewRat(w, 1))
		share.Abs(share.Quo(share, whole))
		down := new(big.Int).Quo(share.Num(), share.Denom())
		rests[i] = new(big.Rat).Sub(share, new(big.Rat).SetInt(down))
		require.Zero(t, parts[i]%step)
		steps := new(big.Int).Abs(big.NewInt(parts[i] / step))
		more := new(big.Int).Sub(steps, down)
		require.True(t, more.Sign() == 0 || more.IsInt64() && more.Int64() == 1, "part %d is %s steps off its share", i, more)
		over[i] = more.Sign() > 0
		require.False(t, w == 0 && parts[i] != 0, "weight %d is zero and gets %d", i, parts[i])
		require.False(t, parts[i] != 0 && (parts[i] < 0) != (total < 0), "part %d has the other sign", i)
	}
	for i := range parts {
		for j := range parts {
			if over[i] && !over[j] {
				order := rests[i].Cmp(rests[j])
				require.True(t, order > 0 || order == 0 && i < j, "part %d got a step that part %d had the first right to", i, j)
			}
		}
	}
}

// All totals up to 12 steps over all lists of up to four weights from 0 to 5.
func TestAllocateExhaustively(t *testing.T) {
	var try func(weights []int64)
	try = func(weights []int64) {
		if slices.Max(append(weights, 0)) > 0 {
			for total := int64(-12); total <= 12; total += 3 {
				parts, err := ledger.AllocateInts(ledger.Minor(total), ledger.Minor(3), weights)
				require.NoError(t, err)
				requireFair(t, total, 3, weights, minors(parts))
				general, err := ledger.Allocate(ledger.Minor(total), ledger.Minor(3), rationals(weights...))
				require.NoError(t, err)
				require.Equal(t, general, parts, "%d over %v", total, weights)
			}
		}
		if len(weights) == 4 {
			return
		}
		for w := range int64(6) {
			try(append(slices.Clone(weights), w))
		}
	}
	try(nil)
}

// Long lists, with many ties and with none.
func TestAllocateToManyMembers(t *testing.T) {
	const seed = 1448
	random := rand.New(rand.NewPCG(seed, 0))
	for _, bound := range []int64{1, 2, 300, 1 << 16, 1 << 40, math.MaxInt64} {
		weights := make([]int64, 5000)
		for i := range weights {
			weights[i] = random.Int64N(bound) + bound&1
		}
		weights[17] = 1
		for _, total := range []int64{1, 4999, 5001, 1_000_003, ledger.MaxMoney} {
			fast, err := ledger.AllocateInts(ledger.Minor(total), ledger.Minor(1), weights)
			require.NoError(t, err)
			general, err := ledger.Allocate(ledger.Minor(total), ledger.Minor(1), rationals(weights...))
			require.NoError(t, err)
			require.Equal(t, general, fast, "total %d, weights below %d, seed %d", total, bound, seed)
		}
	}
}

// The two forms agree, and both do what the definition says.
func FuzzAllocate(f *testing.F) {
	weights := func(ws ...int64) []byte {
		var raw []byte
		for _, w := range ws {
			raw = binary.BigEndian.AppendUint64(raw, uint64(w))
		}
		return raw
	}
	f.Add(int64(100), int64(1), weights(1, 1, 1))
	f.Add(int64(-7), int64(1), weights(3, 0, 3, 1))
	f.Add(int64(1000), int64(100), weights(math.MaxInt64, math.MaxInt64, math.MaxInt64))
	f.Add(int64(ledger.MaxMoney), int64(1), weights(math.MaxInt64, 1, math.MaxInt64-1))
	f.Add(int64(ledger.MaxMoney), int64(7), weights(256, 255, 65536, 65535))
	f.Add(int64(5), int64(2), weights(1))
	f.Add(int64(5), int64(0), weights(1, -1))
	f.Fuzz(func(t *testing.T, total, step int64, raw []byte) {
		var list []int64
		for len(raw) >= 8 && len(list) < 40 {
			list = append(list, int64(binary.BigEndian.Uint64(raw)))
			raw = raw[8:]
		}
		fast, err := ledger.AllocateInts(ledger.Minor(total), ledger.Minor(step), list)
		general, generalErr := ledger.Allocate(ledger.Minor(total), ledger.Minor(step), rationals(list...))
		require.Equal(t, generalErr, err)
		require.Equal(t, general, fast)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrAllocate)
			return
		}
		requireFair(t, total, step, list, minors(fast))
	})
}

func ExampleAllocate() {
	// SHU of Rp 100.000 by nisbah 0.5, 0.3 and 0.2, in whole rupiah.
	nisbah := []*big.Rat{big.NewRat(5, 10), big.NewRat(3, 10), big.NewRat(2, 10)}
	parts, err := ledger.Allocate(ledger.IDR.Of(100_001), ledger.IDR.Of(1), nisbah)
	for _, part := range parts {
		fmt.Println(ledger.IDR.FormatLocal(part))
	}
	fmt.Println(err)
	// Output:
	// 50.001
	// 30.000
	// 20.000
	// <nil>
}

func ExampleAllocateInts() {
	parts, err := ledger.AllocateInts(ledger.IDR.Of(100), ledger.IDR.Of(1), []int64{1, 1, 1})
	for _, part := range parts {
		fmt.Println(ledger.IDR.FormatLocal(part))
	}
	fmt.Println(err)
	// Output:
	// 34
	// 33
	// 33
	// <nil>
}

func BenchmarkAllocate(b *testing.B) {
	random := rand.New(rand.NewPCG(7, 0))
	total, step := ledger.IDR.Of(123_456_789), ledger.IDR.Of(1)
	for _, n := range []int{3, 1000, 100_000} {
		weights := make([]int64, n)
		for i := range weights {
			weights[i] = random.Int64N(1 << 40)
		}
		rats := rationals(weights...)
		b.Run(fmt.Sprintf("ints/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ledger.AllocateInts(total, step, weights)
			}
		})
		b.Run(fmt.Sprintf("rationals/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ledger.Allocate(total, step, rats)
			}
		})
	}
}
