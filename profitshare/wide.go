package profitshare

import (
	"math/big"
	"math/bits"
)

// u128 is an unsigned 128-bit number.
type u128 struct{ hi, lo uint64 }

// u256 is an unsigned 256-bit number, the lowest word first.
type u256 [4]uint64

func (a u128) less(b u128) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

func (a u128) isZero() bool { return a.hi|a.lo == 0 }

func (a u128) compare(b u128) int {
	switch {
	case a.less(b):
		return -1
	case b.less(a):
		return 1
	}
	return 0
}

func (a u128) minus(b u128) u128 {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return u128{hi, lo}
}

// times returns a * b, which always fits.
func (a u128) times(b u128) u256 {
	h0, l0 := bits.Mul64(a.lo, b.lo)
	h1, l1 := bits.Mul64(a.hi, b.lo)
	h2, l2 := bits.Mul64(a.lo, b.hi)
	h3, l3 := bits.Mul64(a.hi, b.hi)
	w1, carry1 := bits.Add64(h0, l1, 0)
	w1, carry2 := bits.Add64(w1, l2, 0)
	w2, carry3 := bits.Add64(h1, l3, carry1)
	w2, carry4 := bits.Add64(w2, h2, carry2)
	return u256{l0, w1, w2, h3 + carry3 + carry4}
}

// plus returns x + y; the caller knows that it fits.
func (x u256) plus(y u256) (sum u256) {
	var carry uint64
	for i := range sum {
		sum[i], carry = bits.Add64(x[i], y[i], carry)
	}
	return sum
}

// divide256 returns x / d and the rest. The quotient must fit 128 bits: the
// upper half of x is below d.
func divide256(x u256, d u128) (quotient, rest u128) {
	if d.hi == 0 {
		q1, r := bits.Div64(x[2], x[1], d.lo)
		q0, r := bits.Div64(r, x[0], d.lo)
		return u128{q1, q0}, u128{0, r}
	}
	// Schoolbook division on a divisor whose top bit is set.
	shift := uint(bits.LeadingZeros64(d.hi))
	d = u128{d.hi<<shift | d.lo>>(64-shift), d.lo << shift}
	top := u128{x[3]<<shift | x[2]>>(64-shift), x[2]<<shift | x[1]>>(64-shift)}
	q1, top := divide3by2(top, x[1]<<shift|x[0]>>(64-shift), d)
	q0, top := divide3by2(top, x[0]<<shift, d)
	return u128{q1, q0}, u128{top.hi >> shift, top.lo>>shift | top.hi<<(64-shift)}
}

// divide128 returns x / d and the rest.
func divide128(x, d u128) (quotient, rest u128) {
	if d.hi == 0 {
		q1, r := bits.Div64(0, x.hi, d.lo)
		q0, r := bits.Div64(r, x.lo, d.lo)
		return u128{q1, q0}, u128{0, r}
	}
	return divide256(u256{x.lo, x.hi}, d)
}

// divide3by2 divides the three words top:low by d, whose top bit is set and
// which is above top. The quotient is one word.
func divide3by2(top u128, low uint64, d u128) (quotient uint64, rest u128) {
	guess := ^uint64(0)
	if top.hi < d.hi {
		guess, _ = bits.Div64(top.hi, top.lo, d.hi)
	}
	// The guess is at most two too high.
	p1, p0 := bits.Mul64(guess, d.lo)
	p2, p1b := bits.Mul64(guess, d.hi)
	p1, carry := bits.Add64(p1, p1b, 0)
	p2 += carry
	r0, borrow := bits.Sub64(low, p0, 0)
	r1, borrow := bits.Sub64(top.lo, p1, borrow)
	r2, _ := bits.Sub64(top.hi, p2, borrow)
	for r2 != 0 { // negative
		guess--
		var c uint64
		r0, c = bits.Add64(r0, d.lo, 0)
		r1, c = bits.Add64(r1, d.hi, c)
		r2 += c
	}
	return guess, u128{r1, r0}
}

// wideOf returns n as u128; it reports false if n is negative or too large.
func wideOf(n *big.Int) (u128, bool) {
	if n.Sign() < 0 || n.BitLen() > 128 {
		return u128{}, false
	}
	low := new(big.Int).And(n, new(big.Int).SetUint64(^uint64(0)))
	return u128{new(big.Int).Rsh(n, 64).Uint64(), low.Uint64()}, true
}
