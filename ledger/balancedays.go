package ledger

import (
	"math"
	"math/big"
	"math/bits"
)

// BalanceDays is a sum of end-of-day balances over days, in minor-unit-days,
// exact in 128 bits: the weight of an account in a month's profit share. The
// zero value is zero. Values are comparable with ==.
//
// As with [Money], what does not fit or comes from an invalid Money is invalid
// and stays so; [BalanceDays.Err] tells. The largest balance held for all days
// from [MinYear] to [MaxYear] fits a trillion times over.
type BalanceDays struct {
	hi int64 // math.MinInt64 marks an invalid value
	lo uint64
}

var (
	balanceDaysOverflow = BalanceDays{hi: math.MinInt64, lo: 0}
	balanceDaysNoMoney  = BalanceDays{hi: math.MinInt64, lo: 1}
	// balanceDaysBound and its negation are just out of range, so that every
	// value in range has a negation and none has the mark of an invalid one.
	balanceDaysBound = BalanceDays{hi: math.MaxInt64, lo: 0}
)

// Over returns balance held for a number of days; negative days take it away.
func (m Money) Over(days int) BalanceDays {
	if !m.valid() {
		return balanceDaysNoMoney
	}
	hi, lo := bits.Mul64(uint64(m.Abs().minor), uint64(max(days, -days)))
	product := BalanceDays{int64(hi), lo}
	if (m.minor < 0) != (days < 0) {
		return product.Neg()
	}
	return product
}

func (d BalanceDays) valid() bool { return d.hi != math.MinInt64 }

// Err says why d is not a sum of balances, or returns nil. The error matches [ErrMoney].
func (d BalanceDays) Err() error {
	switch d {
	case balanceDaysNoMoney:
		return &MoneyError{Reason: "balance-days of an invalid amount"}
	case balanceDaysOverflow:
		return &MoneyError{Reason: "balance-days beyond 128 bits"}
	}
	return nil
}

// Add returns d + e; it is invalid if it overflows or if either is invalid.
func (d BalanceDays) Add(e BalanceDays) BalanceDays {
	switch {
	case !d.valid():
		return d
	case !e.valid():
		return e
	}
	lo, carry := bits.Add64(d.lo, e.lo, 0)
	hi := d.hi + e.hi + int64(carry)
	sum := BalanceDays{hi, lo}
	// A sum that wraps around has a sign that neither d nor e had.
	if (d.hi^hi)&(e.hi^hi) < 0 || sum.Cmp(balanceDaysBound) >= 0 || sum.Cmp(balanceDaysBound.Neg()) <= 0 {
		return balanceDaysOverflow
	}
	return sum
}

// Sub returns d - e; it is invalid if it overflows or if either is invalid.
func (d BalanceDays) Sub(e BalanceDays) BalanceDays { return d.Add(e.Neg()) }

// Neg returns -d. An invalid value stays as it is.
func (d BalanceDays) Neg() BalanceDays {
	if !d.valid() {
		return d
	}
	lo, borrow := bits.Sub64(0, d.lo, 0)
	hi, _ := bits.Sub64(0, uint64(d.hi), borrow)
	return BalanceDays{int64(hi), lo}
}

// Cmp returns -1, 0 or +1 as d is less than, equal to or greater than e.
// Invalid values sort below all others.
func (d BalanceDays) Cmp(e BalanceDays) int {
	switch {
	case d == e:
		return 0
	case d.hi < e.hi || d.hi == e.hi && d.lo < e.lo:
		return -1
	}
	return 1
}

// Sign returns -1, 0 or +1. An invalid value has no sign: it returns 0.
func (d BalanceDays) Sign() int {
	if !d.valid() {
		return 0
	}
	return d.Cmp(BalanceDays{})
}

// Words returns d as a 128-bit two's complement number: hi * 2^64 + lo. It is
// meaningless if d.Err() != nil.
func (d BalanceDays) Words() (hi int64, lo uint64) { return d.hi, d.lo }

// Big returns d as a big integer of minor-unit-days. It is meaningless if
// d.Err() != nil.
func (d BalanceDays) Big() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(d.hi), 64)
	return n.Add(n, new(big.Int).SetUint64(d.lo))
}

// String returns the number of minor-unit-days, or why there is none.
func (d BalanceDays) String() string {
	if err := d.Err(); err != nil {
		return err.Error()
	}
	return d.Big().String()
}
