package profitshare_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/mizan-coop/mizan/profitshare"
	"github.com/stretchr/testify/require"
)

// edges are the words at which carries, borrows and wrong guesses of a
// quotient happen.
var edges = []uint64{0, 1, 2, 3, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<64 - 2, 1<<64 - 1}

func wideNumber(hi, lo uint64) *big.Int {
	n := new(big.Int).Lsh(new(big.Int).SetUint64(hi), 64)
	return n.Add(n, new(big.Int).SetUint64(lo))
}

// checkDivide compares (a x b + c) / d and a / d with big integers.
func checkDivide(t *testing.T, a, b, c, d *big.Int) {
	t.Helper()
	if d.Sign() == 0 {
		return
	}
	q, r := profitshare.Divide128(a, d)
	wantQ, wantR := new(big.Int).QuoRem(a, d, new(big.Int))
	require.Zero(t, wantQ.Cmp(q), "%s / %s", a, d)
	require.Zero(t, wantR.Cmp(r), "%s %% %s", a, d)

	x := new(big.Int).Mul(a, b)
	x.Add(x, c)
	if x.BitLen() > 256 {
		return
	}
	wantQ, wantR = new(big.Int).QuoRem(x, d, new(big.Int))
	q, r, fits := profitshare.Divide256(a, b, c, d)
	require.Equal(t, wantQ.BitLen() <= 128, fits)
	if fits {
		require.Zero(t, wantQ.Cmp(q), "%s / %s", x, d)
		require.Zero(t, wantR.Cmp(r), "%s %% %s", x, d)
	}
}

func TestWideDivisionAtTheEdges(t *testing.T) {
	var numbers []*big.Int
	for _, hi := range edges {
		for _, lo := range edges {
			numbers = append(numbers, wideNumber(hi, lo))
		}
	}
	for _, a := range numbers {
		for _, d := range numbers {
			for _, b := range []*big.Int{numbers[0], numbers[1], numbers[len(numbers)/2], d, new(big.Int).Sub(d, big.NewInt(int64(d.Sign())))} {
				checkDivide(t, a, b, numbers[len(numbers)-1], d)
				checkDivide(t, a, b, numbers[0], d)
			}
		}
	}
}

func FuzzWideDivision(f *testing.F) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		var w [8]uint64
		for i := range w {
			w[i] = random.Uint64() >> random.IntN(64)
		}
		f.Add(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7])
	}
	f.Fuzz(func(t *testing.T, a1, a0, b1, b0, c1, c0, d1, d0 uint64) {
		checkDivide(t, wideNumber(a1, a0), wideNumber(b1, b0), wideNumber(c1, c0), wideNumber(d1, d0))
	})
}
