package murabahah

import "math/big"

// Fixed-point pieces for the tests against big integers.

// Times returns x*v rounded down in ulps, from words.
func Times(whole, hi, lo, vhi, vlo uint64) *big.Int {
	return fixed{whole, hi, lo}.times(factor{vhi, vlo}).big()
}

// Product returns the parts of n*x.
func Product(whole, hi, lo, n uint64) (uint64, bool, bool) { return fixed{whole, hi, lo}.product(n) }

// Bracket returns the rate's bounds in units of 2^-128.
func Bracket(amounts []int64, financed int64) (low, high *big.Int) {
	s := solveRate(amounts, financed)
	return s.low.big(), s.high.big()
}

// FactorBracket returns the discount factor's bounds in units of 2^-128, from
// a start given in words.
func FactorBracket(amounts []int64, financed int64, hi, lo uint64) (low, high *big.Int) {
	l, h := bracketFactor(amounts, financed, factor{hi, lo})
	return l.big(), h.big()
}

// RateAtLeast is the exact test.
func RateAtLeast(amounts []int64, financed int64, q *big.Rat) bool {
	return solvedRate{amounts: amounts, financed: financed}.atLeast(q)
}

// SolvedMargin returns one row's margin at the solved rate.
func SolvedMargin(amounts []int64, financed, opening, left, step int64) int64 {
	return solveRate(amounts, financed).margin(opening, left, step)
}

// WidenedMargin is SolvedMargin with a bracket that is no help at all, so that
// the exact test decides alone.
func WidenedMargin(amounts []int64, financed, opening, left, step int64) int64 {
	s := solveRate(amounts, financed)
	s.low, s.high = fixed{}, fixed{whole: ^uint64(0) >> 1}
	return s.margin(opening, left, step)
}

// AllowedIn is the state machine.
var AllowedIn = allowedIn

// Content is everything that a command asks for, its key apart.
var Content = content

// Asked returns an empty command of a kind, nil if there is none.
var Asked = asked
