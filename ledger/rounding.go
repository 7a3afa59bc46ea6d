package ledger

import (
	"fmt"
	"math/big"
)

// Rounding names the one rule by which an exact result becomes money. There
// is no default: the zero value is refused.
type Rounding uint8

const (
	// RoundHalfUp rounds to the nearest step, halves away from zero.
	RoundHalfUp Rounding = iota + 1
	// RoundHalfEven rounds to the nearest step, halves to the even one.
	RoundHalfEven
	// RoundUp rounds away from zero: a member's right is never cut.
	RoundUp
	// RoundDown rounds towards zero: it truncates.
	RoundDown
)

var roundingNames = [...]string{"none", "half_up", "half_even", "up", "down"}

// String returns the rule's name.
func (r Rounding) String() string {
	if int(r) < len(roundingNames) {
		return roundingNames[r]
	}
	return fmt.Sprintf("Rounding(%d)", uint8(r))
}

// Round returns the multiple of step that rule picks for exact, which counts
// minor units. Step must be positive; step Minor(1) is the smallest. What does
// not fit Money is an error that matches [ErrMoney].
func Round(exact *big.Rat, step Money, rule Rounding) (Money, error) {
	if step.Err() != nil || step.minor <= 0 {
		return Money{}, &MoneyError{Text: step.String(), Reason: "a rounding step must be above zero"}
	}
	if rule < RoundHalfUp || rule > RoundDown {
		return Money{}, fmt.Errorf("ledger: unknown rounding rule %s", rule)
	}
	// exact/step = quotient + rest/den, with |rest| < den.
	den := new(big.Int).Mul(exact.Denom(), big.NewInt(step.minor))
	quotient, rest := new(big.Int).QuoRem(exact.Num(), den, new(big.Int))
	if roundsAway(rule, quotient, rest, den) {
		quotient.Add(quotient, big.NewInt(int64(exact.Sign())))
	}
	quotient.Mul(quotient, big.NewInt(step.minor))
	if !quotient.IsInt64() {
		return Money{}, Money{notMoneyOverflow}.Err()
	}
	rounded := Minor(quotient.Int64())
	return rounded, rounded.Err()
}

func roundsAway(rule Rounding, quotient, rest, den *big.Int) bool {
	if rest.Sign() == 0 {
		return false
	}
	twice := new(big.Int).Abs(rest)
	half := twice.Lsh(twice, 1).Cmp(den) // den is positive
	switch rule {
	case RoundUp:
		return true
	case RoundHalfUp:
		return half >= 0
	case RoundHalfEven:
		return half > 0 || half == 0 && quotient.Bit(0) == 1
	}
	return false
}
