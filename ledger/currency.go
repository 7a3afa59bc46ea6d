package ledger

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Currency turns text and decimals into [Money] and back. It is the only place
// that knows how many minor units one whole unit has.
type Currency struct {
	code   string
	digits uint8
}

// IDR is the Indonesian rupiah. ISO 4217 gives it two decimal digits.
var IDR = Currency{code: "IDR", digits: 2}

// NewCurrency returns the currency with an ISO 4217 code (three capital
// letters) and its number of decimal digits, 0 to 4.
func NewCurrency(code string, digits int) (Currency, error) {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Currency{}, fmt.Errorf("ledger: currency code %q is not three capital letters", clip(code))
	}
	if digits < 0 || digits > 4 {
		return Currency{}, fmt.Errorf("ledger: currency %s: %d decimal digits, want 0 to 4", code, digits)
	}
	return Currency{code: code, digits: uint8(digits)}, nil
}

// Code returns the ISO 4217 code.
func (c Currency) Code() string { return c.code }

// Digits returns the number of decimal digits.
func (c Currency) Digits() int { return int(c.digits) }

// String returns the code.
func (c Currency) String() string { return c.code }

func (c Currency) scale() int64 {
	scale := int64(1)
	for range c.digits {
		scale *= 10
	}
	return scale
}

// Of returns whole units as Money: IDR.Of(100_000) is a hundred thousand
// rupiah. Beyond [MaxMoney] the result is invalid.
func (c Currency) Of(whole int64) Money {
	scale := c.scale()
	if whole > math.MaxInt64/scale || whole < -(math.MaxInt64/scale) {
		return Money{notMoneyOverflow}
	}
	return Minor(whole * scale)
}

// Exact returns d as Money, or an error that matches [ErrMoney] if d has more
// decimals than the currency or is too large. It never rounds.
func (c Currency) Exact(d decimal.Decimal) (Money, error) {
	if d.IsZero() {
		return Money{}, nil
	}
	shift := int64(d.Exponent()) + int64(c.digits)
	coefficient := d.Coefficient()
	// The size is judged before any power of ten is computed, so an exponent
	// of a billion costs nothing.
	if shift > 19 {
		return Money{}, &MoneyError{Text: clip(d.Coefficient().String()) + "e" + strconv.Itoa(int(d.Exponent())), Reason: "beyond the largest amount"}
	}
	if shift < 0 {
		if -shift > int64(coefficient.BitLen()) { // 10^n has more than n bits
			return Money{}, c.tooPrecise(d)
		}
		var rest big.Int
		coefficient.QuoRem(coefficient, pow10(-shift), &rest)
		if rest.Sign() != 0 {
			return Money{}, c.tooPrecise(d)
		}
	} else {
		coefficient.Mul(coefficient, pow10(shift))
	}
	if !coefficient.IsInt64() || Minor(coefficient.Int64()).Err() != nil {
		return Money{}, &MoneyError{Text: clip(d.String()), Reason: "beyond the largest amount"}
	}
	return Money{coefficient.Int64()}, nil
}

func (c Currency) tooPrecise(d decimal.Decimal) error {
	text := clip(d.Coefficient().String()) + "e" + strconv.Itoa(int(d.Exponent()))
	if d.Exponent() > -40 {
		text = clip(d.String())
	}
	return &MoneyError{Text: text, Reason: fmt.Sprintf("more than %d decimals", c.digits)}
}

func pow10(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

// Decimal returns m in whole units, exact.
func (c Currency) Decimal(m Money) decimal.Decimal { return decimal.New(m.minor, -int32(c.digits)) }

// Parse reads the machine form: an optional minus sign, digits, and optionally
// a point with at most [Currency.Digits] decimals ("1234", "-0.50"). Grouping,
// spaces, a plus sign and exponents are errors that match [ErrMoney].
func (c Currency) Parse(text string) (Money, error) {
	m, err := c.parse(text, "", ".")
	if err != nil {
		return Money{}, &MoneyError{Text: clip(text), Reason: err.Error()}
	}
	return m, nil
}

// ParseLocal reads the Indonesian form: points between groups of three digits
// and a comma before decimals ("1.234.567,50", "Rp 1.000"). A number whose
// points do not stand exactly between groups of three is an error, so
// "100.00" is never taken for 100 nor for 10000.
func (c Currency) ParseLocal(text string) (Money, error) {
	rest := text
	if len(rest) <= MaxDecimalText {
		rest = strings.TrimSpace(rest)
		rest = strings.TrimSpace(strings.TrimPrefix(rest, "Rp"))
	}
	m, err := c.parse(rest, ".", ",")
	if err != nil {
		return Money{}, &MoneyError{Text: clip(text), Reason: err.Error()}
	}
	return m, nil
}

func (c Currency) parse(text, group, point string) (Money, error) {
	if len(text) > MaxDecimalText {
		return Money{}, errors.New("too long")
	}
	digits, negative := strings.CutPrefix(text, "-")
	whole, decimals, hasPoint := strings.Cut(digits, point)
	if group != "" {
		var err error
		if whole, err = ungroup(whole, group); err != nil {
			return Money{}, err
		}
	}
	if whole == "" || !allDigits(whole) || !allDigits(decimals) || (hasPoint && decimals == "") {
		return Money{}, errors.New("not a number")
	}
	if len(decimals) > int(c.digits) {
		return Money{}, fmt.Errorf("more than %d decimals", c.digits)
	}
	decimals += strings.Repeat("0", int(c.digits)-len(decimals))
	n, err := strconv.ParseInt(whole+decimals, 10, 64)
	if err != nil || Minor(n).Err() != nil {
		return Money{}, errors.New("beyond the largest amount")
	}
	if negative {
		n = -n
	}
	return Money{n}, nil
}

func ungroup(whole, group string) (string, error) {
	parts := strings.Split(whole, group)
	for i, part := range parts {
		if len(parts) > 1 && (i > 0 && len(part) != 3 || i == 0 && (len(part) < 1 || len(part) > 3)) {
			return "", errors.New("points do not stand between groups of three digits")
		}
	}
	return strings.Join(parts, ""), nil
}

func allDigits(s string) bool {
	for _, r := range []byte(s) {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// Format returns the machine form with all decimals: "1234567.00".
func (c Currency) Format(m Money) string {
	whole, decimals, err := c.split(m)
	if err != nil {
		return err.Error()
	}
	if c.digits == 0 {
		return whole
	}
	return whole + "." + decimals
}

// FormatLocal returns the Indonesian form: "1.234.567", with ",50" only where
// there are decimals to show.
func (c Currency) FormatLocal(m Money) string {
	whole, decimals, err := c.split(m)
	if err != nil {
		return err.Error()
	}
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(digit)
	}
	if strings.Trim(decimals, "0") != "" {
		b.WriteString("," + decimals)
	}
	return b.String()
}

func (c Currency) split(m Money) (whole, decimals string, err error) {
	if err := m.Err(); err != nil {
		return "", "", err
	}
	digits := strconv.FormatInt(m.Abs().minor, 10)
	if missing := int(c.digits) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	cut := len(digits) - int(c.digits)
	whole, decimals = digits[:cut], digits[cut:]
	if m.minor < 0 {
		whole = "-" + whole
	}
	return whole, decimals, nil
}
