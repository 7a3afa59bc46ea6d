package ledger

import (
	"math/big"
	"math/bits"
)

// BalanceDays is a sum of end-of-day balances over days, in minor-unit-days,
// exact in 128 bits: the weight of an account in a month's profit share. The
// zero value is zero. Values are comparable with ==.
type BalanceDays struct {
	hi int64
	lo uint64
}

// Over returns balance held for a number of days.
func (m Money) Over(days int) BalanceDays {
	hi, lo := bits.Mul64(uint64(m.Abs().minor), uint64(max(days, -days)))
	product := BalanceDays{int64(hi), lo}
	if (m.minor < 0) != (days < 0) {
		return product.neg()
	}
	return product
}

// Add returns d + e. Sums of fewer than 2^63 products cannot overflow.
func (d BalanceDays) Add(e BalanceDays) BalanceDays {
	lo, carry := bits.Add64(d.lo, e.lo, 0)
	hi, _ := bits.Add64(uint64(d.hi), uint64(e.hi), carry)
	return BalanceDays{int64(hi), lo}
}

func (d BalanceDays) neg() BalanceDays {
	lo, borrow := bits.Sub64(0, d.lo, 0)
	hi, _ := bits.Sub64(0, uint64(d.hi), borrow)
	return BalanceDays{int64(hi), lo}
}

// Sign returns -1, 0 or +1.
func (d BalanceDays) Sign() int {
	switch {
	case d.hi < 0:
		return -1
	case d.hi == 0 && d.lo == 0:
		return 0
	}
	return 1
}

// Words returns d as a 128-bit two's complement number: hi * 2^64 + lo.
func (d BalanceDays) Words() (hi int64, lo uint64) { return d.hi, d.lo }

// Big returns d as a big integer of minor-unit-days.
func (d BalanceDays) Big() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(d.hi), 64)
	return n.Add(n, new(big.Int).SetUint64(d.lo))
}

// String returns the number of minor-unit-days.
func (d BalanceDays) String() string { return d.Big().String() }
