package murabahah

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/mizan-coop/mizan/ledger"
)

// The solved rate of an annuity is the one number r with
//
//	financed = sum of amount(t) / (1+r)^t
//
// It is irrational as a rule, so it is never written down. What is known of it
// is an interval, so narrow that both of its ends round nearly every row alike,
// and an exact test: is r at least this fraction? The present value falls as r
// grows, so that test is the sign of a polynomial with whole coefficients,
// computed in whole numbers. A row whose two ends round differently is decided
// by that test at the fraction where the rounding turns. Nothing is ever
// narrowed in the hope that the ends will agree, so a rate that lies exactly
// on such a fraction (a rational rate can) is decided like any other and the
// calculation always ends.
type solvedRate struct {
	amounts  []int64 // minor units, all above zero, at least two
	financed int64   // minor units, above zero and below the sum of amounts
	low      fixed   // low <= r
	high     fixed   // r <= high
}

// solveRate brackets the rate. The sum of amounts must exceed financed, so r
// is above zero, and fit an amount of money.
func solveRate(amounts []int64, financed int64) solvedRate {
	low, high := bracketFactor(amounts, financed, approachFactor(amounts, fixed{whole: uint64(financed)}))
	// r = (1-v)/v falls as v grows: the high factor bounds the rate from below.
	one := new(big.Int).Lsh(big.NewInt(1), 128)
	rate := func(v factor, up bool) fixed {
		divisor := v.big()
		dividend := new(big.Int).Sub(one, divisor)
		dividend.Lsh(dividend, 128)
		quotient, rest := dividend.QuoRem(dividend, divisor, new(big.Int))
		if up && rest.Sign() > 0 {
			quotient.Add(quotient, big.NewInt(1))
		}
		r, fits := fixedFrom(quotient)
		if !fits {
			// amounts add up to less than 2^63, so v > 2^-64 and r < 2^64.
			panic("murabahah: broken invariant: solved rate beyond 2^64")
		}
		return r
	}
	return solvedRate{amounts: amounts, financed: financed, low: rate(high, false), high: rate(low, true)}
}

// margin returns opening x r rounded half up to step, at most left. Left must
// be a multiple of step; an opening principal of zero gives zero.
func (s solvedRate) margin(opening, left, step int64) int64 {
	low := roundedProduct(s.low, opening, left, step)
	high := roundedProduct(s.high, opening, left, step)
	for low < high {
		// Halve the candidates; in practice there are at most two.
		middle := low + ((high-low)/step+1)/2*step
		if s.roundsTo(middle, opening, step) {
			low = middle
		} else {
			high = middle - step
		}
	}
	return low
}

// roundedProduct returns opening x r rounded half up to step, at most left.
func roundedProduct(r fixed, opening, left, step int64) int64 {
	whole, half, fits := r.product(uint64(opening))
	if !fits || whole >= uint64(left) {
		return left
	}
	steps, rest := whole/uint64(step), whole%uint64(step)
	// What follows the half unit cannot change a comparison of whole numbers.
	rest *= 2
	if half {
		rest++
	}
	if rest >= uint64(step) {
		steps++
	}
	return min(int64(steps)*step, left)
}

// roundsTo reports whether opening x r rounds half up to amount or more: r is
// at least (amount - step/2) / opening.
func (s solvedRate) roundsTo(amount, opening, step int64) bool {
	num := big.NewInt(amount)
	num.Lsh(num, 1).Sub(num, big.NewInt(step))
	den := big.NewInt(opening)
	return s.atLeast(new(big.Rat).SetFrac(num, den.Lsh(den, 1)))
}

// atLeast reports, exactly, whether r >= q.
func (s solvedRate) atLeast(q *big.Rat) bool {
	// With 1+q = N/d: the sum of amount(t) d^t N^(n-t), less financed N^n.
	d := q.Denom()
	whole := new(big.Int).Add(q.Num(), d)
	sum, power, growth, term := new(big.Int), big.NewInt(1), big.NewInt(1), new(big.Int)
	for _, amount := range s.amounts {
		power.Mul(power, d)
		growth.Mul(growth, whole)
		sum.Mul(sum, whole)
		sum.Add(sum, term.Mul(power, term.SetInt64(amount)))
	}
	return sum.Cmp(growth.Mul(growth, big.NewInt(s.financed))) >= 0
}

// bracketFactor returns factors low < v <= high around the exact discount
// factor v, a few units of 2^-128 apart, from any start; a close one saves
// work. Both ends are certified: the present value at low is below financed
// and at high it is not.
func bracketFactor(amounts []int64, financed int64, start factor) (low, high factor) {
	target := fixed{whole: uint64(financed)}
	// presentValue falls short by less than one ulp a row.
	slack := uint64(len(amounts))
	below := func(v factor) bool { return !target.less(presentValue(amounts, v).plus(slack)) }
	above := func(v factor) bool { return !presentValue(amounts, v).less(target) }
	around := func(v factor) (low, high factor) {
		low, high = v, v
		for distance := uint64(1); !below(low); distance <<= 1 {
			low = low.minus(distance)
		}
		for distance := uint64(1); !above(high); distance <<= 1 {
			high = high.plus(distance)
		}
		return low, high
	}
	low, high = around(start)
	for low.gap(high) > 2 {
		switch middle := low.middle(high); {
		case above(middle):
			high = middle
		case below(middle):
			low = middle
		default: // too close to tell with 128 places; the exact test decides what is left
			return around(middle)
		}
	}
	return low, high
}

// approachFactor comes close to the discount factor from above by Newton's
// method. The present value is convex and grows with v, so from above no step
// overshoots; steps are rounded down and slopes up to keep it so. Its result
// needs no proof: [bracketFactor] certifies it.
func approachFactor(amounts []int64, target fixed) factor {
	v := startFactor(amounts, target)
	for range newtonMost {
		value, slope := presentValueAndSlope(amounts, v)
		if !target.less(value) {
			return v
		}
		// value - target counts ulps, slope units of 2^-slopePlaces.
		step := value.big()
		step.Sub(step, target.big())
		step.Lsh(step, slopePlaces).Quo(step, slope)
		if step.Sign() == 0 {
			return v
		}
		move, _ := fixedFrom(step)
		lo, borrow := bits.Sub64(v.lo, move.lo, 0)
		hi, _ := bits.Sub64(v.hi, move.hi, borrow)
		v = factor{hi: hi, lo: lo}
	}
	return v
}

// newtonMost bounds the steps of Newton's method. Each at least divides the
// excess of the present value by about e until the steps turn quadratic, and
// the excess is below 2^63; 44 and a few are enough.
const newtonMost = 100

// startFactor returns the factor of the form 1 - 2^-j or 2^-j next above the
// root.
func startFactor(amounts []int64, target fixed) factor {
	const half = uint64(1) << 63
	v := factor{hi: half}
	if presentValue(amounts, v).less(target) { // the root is above one half
		for distance := half; distance > 1 && presentValue(amounts, v).less(target); {
			distance >>= 1
			v = factor{hi: -distance}
		}
		if presentValue(amounts, v).less(target) {
			v = largestFactor
		}
		return v
	}
	for {
		next := factor{hi: v.hi >> 1, lo: v.hi<<63 | v.lo>>1}
		if presentValue(amounts, next).less(target) {
			return v
		}
		v = next
	}
}

// presentValue returns the sum of amount(t) v^t, rounded down: it falls short
// by less than one ulp a row.
func presentValue(amounts []int64, v factor) fixed {
	var value fixed
	for i := len(amounts) - 1; i >= 0; i-- {
		value.whole += uint64(amounts[i])
		value = value.times(v)
	}
	return value
}

// slopePlaces is the number of binary places of a slope: with at most
// [MaxInstalments] < 2^11 rows of together less than 2^63 minor units a slope
// stays below 2^74, with room to spare in 128 bits.
const slopePlaces = 53

// presentValueAndSlope returns the present value at v, rounded down, and its
// derivative in units of 2^-slopePlaces, rounded up.
func presentValueAndSlope(amounts []int64, v factor) (fixed, *big.Int) {
	var value fixed
	var high, low uint64 // the slope so far
	for i := len(amounts) - 1; i >= 0; i-- {
		value.whole += uint64(amounts[i])
		if v.hi < math.MaxUint64 { // slope x v, with v rounded up to 64 places
			carry, _ := bits.Mul64(low, v.hi+1)
			h, l := bits.Mul64(high, v.hi+1)
			var c uint64
			low, c = bits.Add64(l, carry, 1)
			high = h + c
		}
		var c uint64
		low, c = bits.Add64(low, value.whole<<slopePlaces|value.hi>>(64-slopePlaces), 0)
		high += value.whole>>(64-slopePlaces) + c
		low, c = bits.Add64(low, 1, 0)
		high += c
		value = value.times(v)
	}
	return value, words(0, high, low)
}

// smallestFactor and largestFactor stand outside every root: a root v has
// 2^-64 < v < 1 - 2^-74, because the amounts add up to less than 2^63.
var (
	smallestFactor = factor{lo: 1}
	largestFactor  = factor{hi: math.MaxUint64, lo: math.MaxUint64}
)

// minus returns v less n units of 2^-128, at least the smallest factor. Zero
// units stand for more than 64 bits of them.
func (v factor) minus(n uint64) factor {
	lo, borrow := bits.Sub64(v.lo, n, 0)
	hi, borrow := bits.Sub64(v.hi, 0, borrow)
	if n == 0 || borrow > 0 || hi == 0 && lo == 0 {
		return smallestFactor
	}
	return factor{hi: hi, lo: lo}
}

// plus returns v and n units of 2^-128, at most the largest factor. Zero units
// stand for more than 64 bits of them.
func (v factor) plus(n uint64) factor {
	lo, carry := bits.Add64(v.lo, n, 0)
	hi, carry := bits.Add64(v.hi, 0, carry)
	if n == 0 || carry > 0 {
		return largestFactor
	}
	return factor{hi: hi, lo: lo}
}

// statedRate is a rate a month, or whatever the plan's period is, that the
// akad itself states.
type statedRate struct{ exact *big.Rat }

// margin returns opening x rate rounded half up to step, at most left.
func (s statedRate) margin(opening, left, step int64) int64 {
	product := new(big.Rat).SetInt64(opening)
	rounded, err := ledger.Round(product.Mul(product, s.exact), ledger.Minor(step), ledger.RoundHalfUp)
	if err != nil { // beyond the largest amount, so beyond what is left
		return left
	}
	return min(rounded.Minor(), left)
}
