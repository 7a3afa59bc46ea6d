package murabahah

import (
	"math/big"
	"math/bits"
)

// factor is a discount factor v = 1/(1+r) strictly between 0 and 1, exactly
// (hi*2^64 + lo) / 2^128.
type factor struct{ hi, lo uint64 }

// fixed is a number of minor units with 128 binary places:
// whole + (hi*2^64 + lo) / 2^128. Its smallest step, 2^-128, is called an ulp.
type fixed struct{ whole, hi, lo uint64 }

// times returns x*v rounded down: it falls short of the product by less than
// one ulp.
func (x fixed) times(v factor) fixed {
	// Only the words from 2^-128 upwards are kept; the two below them matter
	// through their carries alone.
	carry1, _ := bits.Mul64(x.lo, v.lo)
	high1, low1 := bits.Mul64(x.lo, v.hi)
	high2, low2 := bits.Mul64(x.hi, v.lo)
	below, c1 := bits.Add64(carry1, low1, 0)
	_, c2 := bits.Add64(below, low2, 0)

	high3, low3 := bits.Mul64(x.hi, v.hi)
	high4, low4 := bits.Mul64(x.whole, v.lo)
	lo, d1 := bits.Add64(high1, high2, c1)
	lo, d2 := bits.Add64(lo, low3, c2)
	lo, d3 := bits.Add64(lo, low4, 0)

	high5, low5 := bits.Mul64(x.whole, v.hi)
	hi, e1 := bits.Add64(high3, high4, d1)
	hi, e2 := bits.Add64(hi, low5, d2)
	hi, e3 := bits.Add64(hi, d3, 0)
	return fixed{whole: high5 + e1 + e2 + e3, hi: hi, lo: lo}
}

// less reports whether x < y.
func (x fixed) less(y fixed) bool {
	_, borrow := bits.Sub64(x.lo, y.lo, 0)
	_, borrow = bits.Sub64(x.hi, y.hi, borrow)
	_, borrow = bits.Sub64(x.whole, y.whole, borrow)
	return borrow == 1
}

// plus returns x with n ulps added.
func (x fixed) plus(n uint64) fixed {
	lo, carry := bits.Add64(x.lo, n, 0)
	hi, carry := bits.Add64(x.hi, 0, carry)
	return fixed{whole: x.whole + carry, hi: hi, lo: lo}
}

// product returns n*x in parts: its whole units and whether at least half a
// unit follows them. It reports false if the whole units need more than 63 bits.
func (x fixed) product(n uint64) (whole uint64, half, fits bool) {
	carry, _ := bits.Mul64(x.lo, n)
	high1, low1 := bits.Mul64(x.hi, n)
	fraction, c := bits.Add64(low1, carry, 0)
	high2, low2 := bits.Mul64(x.whole, n)
	whole, c = bits.Add64(low2, high1, c)
	return whole, fraction>>63 == 1, high2+c == 0 && whole>>63 == 0
}

// gap returns w - v, in units of 2^-128, for v <= w; more than 64 bits count
// as the largest number.
func (v factor) gap(w factor) uint64 {
	lo, borrow := bits.Sub64(w.lo, v.lo, 0)
	if hi, _ := bits.Sub64(w.hi, v.hi, borrow); hi > 0 {
		return ^uint64(0)
	}
	return lo
}

// middle returns the factor half way between v and w.
func (v factor) middle(w factor) factor {
	lo, carry := bits.Add64(v.lo, w.lo, 0)
	hi, carry := bits.Add64(v.hi, w.hi, carry)
	return factor{hi: carry<<63 | hi>>1, lo: hi<<63 | lo>>1}
}

func (v factor) big() *big.Int { return words(0, v.hi, v.lo) }

func (x fixed) big() *big.Int { return words(x.whole, x.hi, x.lo) }

// words returns a*2^128 + b*2^64 + c.
func words(a, b, c uint64) *big.Int {
	n := new(big.Int).SetUint64(a)
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(b))
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(c))
}

// fixedFrom returns the number of ulps as a fixed, or false if it does not fit.
func fixedFrom(ulps *big.Int) (fixed, bool) {
	if ulps.Sign() < 0 || ulps.BitLen() > 192 {
		return fixed{}, false
	}
	mask := new(big.Int).SetUint64(^uint64(0))
	word := func(shift uint) uint64 {
		n := new(big.Int).Rsh(ulps, shift)
		return n.And(n, mask).Uint64()
	}
	return fixed{whole: word(128), hi: word(64), lo: word(0)}, true
}
