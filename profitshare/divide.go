package profitshare

import (
	"math/big"
	"math/bits"
)

// quota is the exact share of every account as whole numbers: an account whose
// stakes have days D under the terms c is due
//
//	sum of perTerm[c] x D / (first x second)
//
// steps of the rounding unit. The divisor comes in two parts because each is
// often one machine word where their product is not, and dividing by one after
// the other gives the same quotient.
type quota struct {
	perTerm       []*big.Int
	first, second *big.Int
	total         *big.Int   // the numerator of all accounts together
	days          []*big.Int // balance-days of all accounts, per term
}

// rest says where the fraction of a step that a division leaves lies.
type rest uint8

const (
	restNone rest = iota
	restBelowHalf
	restHalfOrMore
)

// divider computes exact shares. Its three forms differ in speed alone: which
// of them ran can never be seen in a result.
type divider interface {
	// divide returns the whole steps due on one account's stakes and where the
	// rest lies. If rests are kept, it keeps this one at the given place.
	divide(place int, stakes []Stake) (steps int64, r rest)
	// compare orders two kept rests.
	compare(place, other int) int
	// keep makes room for n rests.
	keep(n int)
}

// fastest returns the quickest divider that the numbers fit.
func fastest(q quota) divider {
	if d, fits := newNarrow(q); fits {
		return d
	}
	if d, fits := newWide(q); fits {
		return d
	}
	return newUnbounded(q)
}

// nothing is the divider of a pool in which nothing is shared.
type nothing struct{}

func (nothing) divide(int, []Stake) (int64, rest) { return 0, restNone }
func (nothing) compare(int, int) int              { return 0 }
func (nothing) keep(int)                          {}

// reduce cancels common factors between the numerators and each divisor.
func (q *quota) reduce() {
	common := new(big.Int)
	for _, n := range q.perTerm {
		common.GCD(nil, nil, common, n)
	}
	if common.Sign() == 0 {
		return
	}
	for _, divisor := range []*big.Int{q.first, q.second} {
		cancel := new(big.Int).GCD(nil, nil, common, divisor)
		divisor.Quo(divisor, cancel)
		common.Quo(common, cancel)
		for _, n := range q.perTerm {
			n.Quo(n, cancel)
		}
		q.total.Quo(q.total, cancel)
	}
}

// fits reports whether all numbers fit words of the given size and all
// products two of them.
func (q *quota) fits(size int) bool {
	if q.first.BitLen() > size || q.second.BitLen() > size {
		return false
	}
	for i, n := range q.perTerm {
		if n.BitLen() > size || q.days[i].BitLen() > size {
			return false
		}
	}
	// No account's first quotient is above that of all of them together, so
	// dividing by first cannot overflow, nor can the sum over its stakes.
	return new(big.Int).Quo(q.total, q.first).BitLen() <= size
}

// narrow works in 64-bit words with 128-bit products.
type narrow struct {
	perTerm       []uint64
	first, second uint64
	rests         []u128 // second's rest, then first's: compared in this order
}

func newNarrow(q quota) (*narrow, bool) {
	if !q.fits(64) {
		return nil, false
	}
	d := &narrow{first: q.first.Uint64(), second: q.second.Uint64()}
	for _, n := range q.perTerm {
		d.perTerm = append(d.perTerm, n.Uint64())
	}
	return d, true
}

func (d *narrow) keep(n int) { d.rests = make([]u128, n) }

func (d *narrow) divide(place int, stakes []Stake) (int64, rest) {
	var hi, lo uint64
	for i := range stakes {
		_, days := stakes[i].Days.Words()
		h, l := bits.Mul64(d.perTerm[stakes[i].Term], days)
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		hi += h + carry
	}
	whole, inner := bits.Div64(hi, lo, d.first)
	steps, outer := whole/d.second, whole%d.second
	if d.rests != nil {
		d.rests[place] = u128{outer, inner}
	}
	if outer|inner == 0 {
		return int64(steps), restNone
	}
	// The rest is (outer x first + inner) of (first x second).
	if missing := d.second - outer; outer >= missing || missing-outer == 1 && inner >= d.first-inner {
		return int64(steps), restHalfOrMore
	}
	return int64(steps), restBelowHalf
}

func (d *narrow) compare(a, b int) int { return d.rests[a].compare(d.rests[b]) }

// wide works in 128-bit numbers with 256-bit products.
type wide struct {
	perTerm       []u128
	first, second u128
	rests         [][2]u128
}

func newWide(q quota) (*wide, bool) {
	if !q.fits(128) {
		return nil, false
	}
	d := &wide{}
	d.first, _ = wideOf(q.first)
	d.second, _ = wideOf(q.second)
	for _, n := range q.perTerm {
		w, _ := wideOf(n)
		d.perTerm = append(d.perTerm, w)
	}
	return d, true
}

func (d *wide) keep(n int) { d.rests = make([][2]u128, n) }

func (d *wide) divide(place int, stakes []Stake) (int64, rest) {
	var sum u256
	for i := range stakes {
		hi, lo := stakes[i].Days.Words()
		sum = sum.plus(d.perTerm[stakes[i].Term].times(u128{uint64(hi), lo}))
	}
	whole, inner := divide256(sum, d.first)
	steps, outer := divide128(whole, d.second)
	if d.rests != nil {
		d.rests[place] = [2]u128{outer, inner}
	}
	if outer.isZero() && inner.isZero() {
		return int64(steps.lo), restNone
	}
	missing := d.second.minus(outer)
	if !outer.less(missing) || missing.minus(outer) == (u128{0, 1}) && !inner.less(d.first.minus(inner)) {
		return int64(steps.lo), restHalfOrMore
	}
	return int64(steps.lo), restBelowHalf
}

func (d *wide) compare(a, b int) int {
	if order := d.rests[a][0].compare(d.rests[b][0]); order != 0 {
		return order
	}
	return d.rests[a][1].compare(d.rests[b][1])
}

// unbounded works in big integers.
type unbounded struct {
	perTerm []*big.Int
	divisor *big.Int
	half    *big.Int // the least rest that is half the divisor or more
	// less is taken off the sum of the account whose first stake it stands
	// beside, and times multiplies what is left; nil for neither.
	less  []*big.Int
	times *big.Int
	rests []*big.Int
}

func newUnbounded(q quota) *unbounded {
	divisor := new(big.Int).Mul(q.first, q.second)
	half := new(big.Int).Add(divisor, big.NewInt(1))
	return &unbounded{perTerm: q.perTerm, divisor: divisor, half: half.Rsh(half, 1)}
}

func (d *unbounded) keep(n int) { d.rests = make([]*big.Int, n) }

func (d *unbounded) divide(place int, stakes []Stake) (int64, rest) {
	sum, product := new(big.Int), new(big.Int)
	for i := range stakes {
		sum.Add(sum, product.Mul(d.perTerm[stakes[i].Term], stakes[i].Days.Big()))
	}
	if d.times != nil {
		if less := d.less[place]; less != nil {
			sum.Sub(sum, less)
		}
		sum.Mul(sum, d.times)
	}
	steps, left := product.QuoRem(sum, d.divisor, new(big.Int))
	if d.rests != nil {
		d.rests[place] = left
	}
	switch {
	case left.Sign() == 0:
		return steps.Int64(), restNone
	case left.Cmp(d.half) >= 0:
		return steps.Int64(), restHalfOrMore
	}
	return steps.Int64(), restBelowHalf
}

func (d *unbounded) compare(a, b int) int { return d.rests[a].Cmp(d.rests[b]) }
