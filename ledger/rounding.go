package ledger

import "math/big"

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

var roundingNames = nameSet{what: "rounding rule", list: []string{"none", "half_up", "half_even", "up", "down"}}

// ParseRounding reads a rule's name, as [Rounding.String] writes it; "none" is
// the zero value. Errors match [ErrName].
func ParseRounding(text string) (Rounding, error) {
	n, err := roundingNames.parse(text)
	return Rounding(n), err
}

// Valid reports whether r is one of the rules.
func (r Rounding) Valid() bool { return r != 0 && roundingNames.has(uint8(r)) }

// String returns the rule's name.
func (r Rounding) String() string { return roundingNames.text(uint8(r)) }

// MarshalText writes the rule's name; a value without one is an error that matches [ErrName].
func (r Rounding) MarshalText() ([]byte, error) { return roundingNames.marshal(uint8(r)) }

// UnmarshalText reads what MarshalText wrote. Errors match [ErrName].
func (r *Rounding) UnmarshalText(text []byte) error {
	read, err := ParseRounding(string(text))
	if err != nil {
		return err
	}
	*r = read
	return nil
}

// Round returns the multiple of step that rule picks for exact, which counts
// minor units. Step must be above zero; Minor(1) is the smallest. A faulty
// step, a missing exact and a result that does not fit Money are errors that
// match [ErrMoney]; an unknown rule, the zero Rounding included, is one that
// matches [ErrName].
func Round(exact *big.Rat, step Money, rule Rounding) (Money, error) {
	if !step.valid() || step.minor <= 0 {
		return Money{}, &MoneyError{Text: step.String(), Reason: "a rounding step must be above zero"}
	}
	if !rule.Valid() {
		return Money{}, roundingNames.unknown(rule.String())
	}
	if exact == nil {
		return Money{}, &MoneyError{Reason: "nothing to round"}
	}
	// exact/step = quotient + rest/den, with |rest| < den.
	size := big.NewInt(step.minor)
	den := new(big.Int).Mul(exact.Denom(), size)
	quotient, rest := new(big.Int).QuoRem(exact.Num(), den, new(big.Int))
	if roundsAway(rule, quotient, rest, den) {
		quotient.Add(quotient, big.NewInt(int64(exact.Sign())))
	}
	quotient.Mul(quotient, size)
	if !quotient.IsInt64() || !Minor(quotient.Int64()).valid() {
		return Money{}, &MoneyError{Reason: tooLarge}
	}
	return Money{quotient.Int64()}, nil
}

func roundsAway(rule Rounding, quotient, rest, den *big.Int) bool {
	if rest.Sign() == 0 {
		return false
	}
	twice := new(big.Int).Lsh(rest, 1)
	half := twice.CmpAbs(den)
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
