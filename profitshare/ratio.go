package profitshare

import (
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// MaxDecimals is the most decimals a nisbah, weight or rate may be written
// with, and MaxWhole the largest whole part: nothing that stands in an akad
// comes near either, and no input can ask for a number of a million digits.
const (
	MaxDecimals = 18
	MaxWhole    = 1_000_000_000
)

// exactRatio returns d as an exact fraction, or a reason why it is refused.
// The exponent is judged before any power of ten is computed.
func exactRatio(d decimal.Decimal) (*big.Rat, string) {
	switch {
	case tooLong(d) && d.Exponent() < 0:
		return nil, "more than 18 decimals"
	case d.Exponent() > MaxDecimals || d.Coefficient().BitLen() > 128:
		return nil, "beyond the largest number"
	}
	ratio := d.Rat()
	if new(big.Rat).Abs(ratio).Cmp(big.NewRat(MaxWhole, 1)) > 0 {
		return nil, "beyond the largest number"
	}
	return ratio, ""
}

// tooLong reports whether comparing or writing d could take a power of ten
// beyond what any ratio has.
func tooLong(d decimal.Decimal) bool {
	return d.Exponent() < -MaxDecimals || d.Exponent() > MaxDecimals
}

// clipDecimal prints d for a message without expanding a huge exponent.
func clipDecimal(d decimal.Decimal) string {
	if exp := d.Exponent(); exp < -40 || exp > 40 || d.Coefficient().BitLen() > 200 {
		return "a number out of range"
	}
	return d.String()
}

// one is the whole; callers must not change it.
func one() *big.Rat { return big.NewRat(1, 1) }

func ratOf(m ledger.Money) *big.Rat { return new(big.Rat).SetInt64(m.Minor()) }

func ratOfDays(d ledger.BalanceDays) *big.Rat { return new(big.Rat).SetInt(d.Big()) }

// commonDenominator returns the least common multiple of the denominators.
func commonDenominator(ratios []*big.Rat) *big.Int {
	multiple := big.NewInt(1)
	for _, r := range ratios {
		divisor := new(big.Int).GCD(nil, nil, multiple, r.Denom())
		multiple.Mul(multiple, new(big.Int).Quo(r.Denom(), divisor))
	}
	return multiple
}

// proportions returns the smallest whole numbers that stand to each other as
// the ratios do. Not all ratios may be zero.
func proportions(ratios []*big.Rat) []*big.Int {
	multiple := commonDenominator(ratios)
	whole := make([]*big.Int, len(ratios))
	divisor := new(big.Int)
	for i, r := range ratios {
		whole[i] = new(big.Int).Quo(multiple, r.Denom())
		whole[i].Mul(whole[i], r.Num())
		divisor.GCD(nil, nil, divisor, whole[i])
	}
	for _, n := range whole {
		n.Quo(n, divisor)
	}
	return whole
}
