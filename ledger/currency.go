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
//
// The zero value is no currency: it makes no amount and shows none. Currencies
// are comparable with ==.
type Currency struct {
	code   string
	digits uint8
}

// IDR is the Indonesian rupiah. ISO 4217 gives it two decimal digits.
var IDR = Currency{code: "IDR", digits: 2}

// NewCurrency returns the currency with an ISO 4217 code (three capital
// letters) and its number of decimal digits, 0 to 4. Errors match [ErrCurrency].
func NewCurrency(code string, digits int) (Currency, error) {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Currency{}, &CurrencyError{Code: clip(code), Digits: digits, Reason: "the code is not three capital letters"}
	}
	if digits < 0 || digits > 4 {
		return Currency{}, &CurrencyError{Code: code, Digits: digits, Reason: "the decimal digits are not 0 to 4"}
	}
	return Currency{code: code, digits: uint8(digits)}, nil
}

// Code returns the ISO 4217 code.
func (c Currency) Code() string { return c.code }

// Digits returns the number of decimal digits.
func (c Currency) Digits() int { return int(c.digits) }

// IsZero reports whether c is the zero Currency: none given.
func (c Currency) IsZero() bool { return c == Currency{} }

// String returns the code.
func (c Currency) String() string { return c.code }

func (c Currency) scale() int64 { return int64(pow10(int(c.digits))) }

// Of returns whole units as Money: IDR.Of(100_000) is a hundred thousand
// rupiah. Beyond [MaxMoney] the result is invalid, as is any of the zero Currency.
func (c Currency) Of(whole int64) Money {
	if c.IsZero() {
		return Money{notMoneyNoCurrency}
	}
	scale := c.scale()
	if whole > math.MaxInt64/scale || whole < -(math.MaxInt64/scale) {
		return Money{notMoneyOverflow}
	}
	return Minor(whole * scale)
}

// Exact returns d, in whole units, as Money. It never rounds: an error that
// matches [ErrMoney] says that d has more decimals than the currency (zeros at
// the end do not count) or is too large. So does a d of more than
// [MaxDecimalText] digits, whatever its value, and a huge exponent costs nothing:
// sizes are judged before anything is computed.
func (c Currency) Exact(d decimal.Decimal) (Money, error) {
	if c.IsZero() {
		return Money{}, &MoneyError{Reason: noCurrency}
	}
	if d.IsZero() {
		return Money{}, nil
	}
	coefficient := d.Coefficient()
	if coefficient.BitLen() > maxCoefficientBits || d.NumDigits() > MaxDecimalText {
		return Money{}, &MoneyError{Reason: fmt.Sprintf("a number of more than %d digits", MaxDecimalText)}
	}
	// coefficient * 10^shift is the number of minor units.
	shift := int64(d.Exponent()) + int64(c.digits)
	reason := ""
	switch {
	case shift > 18:
		reason = tooLarge // at least 10^19
	case shift >= 0:
		coefficient.Mul(coefficient, new(big.Int).SetUint64(pow10(int(shift))))
	case -shift > MaxDecimalText || !divideExactly(coefficient, -shift):
		reason = fmt.Sprintf("more than %d decimals", c.digits)
	}
	if reason == "" && (!coefficient.IsInt64() || !Minor(coefficient.Int64()).valid()) {
		reason = tooLarge
	}
	if reason != "" {
		return Money{}, &MoneyError{Text: plainText(d), Reason: reason}
	}
	return Money{coefficient.Int64()}, nil
}

// maxCoefficientBits is the size of the largest number of MaxDecimalText
// digits, 10^64 - 1. Counting the digits of a much larger one would be dear.
const maxCoefficientBits = 213

// divideExactly divides n by 10^places in place, or reports that a rest remains.
func divideExactly(n *big.Int, places int64) bool {
	var rest big.Int
	n.QuoRem(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil), &rest)
	return rest.Sign() == 0
}

// plainText shows a decimal of at most MaxDecimalText digits, with an exponent
// where its zeros would not fit a message. It does not use decimal's String,
// whose form a process may switch.
func plainText(d decimal.Decimal) string {
	if exponent := d.Exponent(); exponent >= -MaxDecimalText && exponent <= MaxDecimalText {
		return clip(d.StringFixed(max(0, -exponent)))
	}
	return fmt.Sprintf("%se%d", clip(d.Coefficient().String()), d.Exponent())
}

// pow10 returns 10^n for n from 0 to 19.
func pow10(n int) uint64 {
	power := uint64(1)
	for range n {
		power *= 10
	}
	return power
}

// Decimal returns m in whole units, exact, or the error of an invalid m.
func (c Currency) Decimal(m Money) (decimal.Decimal, error) {
	if err := c.check(m); err != nil {
		return decimal.Decimal{}, err
	}
	return decimal.New(m.minor, -int32(c.digits)), nil
}

// check refuses to show an invalid amount, or any amount without a currency.
func (c Currency) check(m Money) error {
	if c.IsZero() {
		return &MoneyError{Reason: noCurrency}
	}
	return m.Err()
}

// Parse reads the machine form: an optional minus sign, digits, and optionally
// a point with one to [Currency.Digits] decimals ("1234", "-0.50"). Zeros in
// front are allowed, as fixed-width files have them, and "-0" is zero.
// Everything else is an error that matches [ErrMoney]: grouping, spaces, a plus
// sign, an exponent, a point without digits on both sides, more decimals than
// the currency has even if they are zero, more than [MaxDecimalText] bytes.
func (c Currency) Parse(text string) (Money, error) {
	m, err := c.parse(text, 0, '.')
	if err != nil {
		return Money{}, &MoneyError{Text: clip(text), Reason: err.Error()}
	}
	return m, nil
}

// ParseLocal reads the Indonesian form as a person types it: points between
// groups of three digits or none at all, and a comma before decimals
// ("1.234.567,50", "1000", "-2.500"). White space around it and, for rupiah, a
// leading "Rp" are allowed ("Rp 1.000", "Rp -1.000").
//
// A number whose points do not stand exactly between groups of three is an
// error, so "100.00" is never taken for 100 nor for 10000; nor may a grouped
// number begin with zero, so "0.500" is never taken for 500. Otherwise the
// rules of [Currency.Parse] hold.
func (c Currency) ParseLocal(text string) (Money, error) {
	rest := text
	if len(rest) <= MaxDecimalText {
		rest = strings.TrimSpace(rest)
		if c == IDR {
			rest = strings.TrimSpace(strings.TrimPrefix(rest, "Rp"))
		}
	}
	m, err := c.parse(rest, '.', ',')
	if err != nil {
		return Money{}, &MoneyError{Text: clip(text), Reason: err.Error()}
	}
	return m, nil
}

// parse reads digits with the given decimal point and, if group is not 0, with
// group between every three digits.
func (c Currency) parse(text string, group, point byte) (Money, error) {
	if c.IsZero() {
		return Money{}, errors.New(noCurrency)
	}
	if len(text) > MaxDecimalText {
		return Money{}, errors.New("too long")
	}
	digits, negative := strings.CutPrefix(text, "-")
	whole, decimals := digits, ""
	if at := strings.IndexByte(digits, point); at >= 0 {
		whole, decimals = digits[:at], digits[at+1:]
		if decimals == "" {
			return Money{}, errNotNumber
		}
	}
	if whole == "" || !allDigits(decimals) {
		return Money{}, errNotNumber
	}
	if len(decimals) > int(c.digits) {
		return Money{}, fmt.Errorf("more than %d decimals", c.digits)
	}
	n, err := readWhole(whole, group)
	if err != nil {
		return Money{}, err
	}
	for i := range int(c.digits) {
		digit := byte('0')
		if i < len(decimals) {
			digit = decimals[i]
		}
		n = appendDigit(n, digit)
	}
	if n > MaxMoney {
		return Money{}, errors.New(tooLarge)
	}
	if negative {
		return Money{-int64(n)}, nil
	}
	return Money{int64(n)}, nil
}

var (
	errNotNumber = errors.New("not a number")
	errGrouping  = errors.New("points do not stand between groups of three digits")
)

// readWhole reads the digits before the decimal point, grouped or not.
func readWhole(whole string, group byte) (uint64, error) {
	first := len(whole) // the length of the first group
	for i := range len(whole) {
		switch {
		case group != 0 && whole[i] == group:
			first = min(first, i)
		case whole[i] < '0' || whole[i] > '9':
			return 0, errNotNumber
		}
	}
	if first < len(whole) && (first < 1 || first > 3 || whole[0] == '0' || (len(whole)-first)%4 != 0) {
		return 0, errGrouping
	}
	n := uint64(0)
	for i := range len(whole) {
		between := i >= first && (i-first)%4 == 0
		if between != (whole[i] == group) {
			return 0, errGrouping
		}
		if !between {
			n = appendDigit(n, whole[i])
		}
	}
	return n, nil
}

// appendDigit returns n * 10 + digit; what goes beyond MaxMoney stays beyond it.
func appendDigit(n uint64, digit byte) uint64 {
	if n > MaxMoney/10 {
		return math.MaxUint64
	}
	return n*10 + uint64(digit-'0')
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Format returns the machine form with all decimals: "1234567.00". Instead of
// an invalid amount it shows the reason.
func (c Currency) Format(m Money) string { return c.format(m, 0, '.') }

// FormatLocal returns the Indonesian form: "1.234.567", with ",50" only where
// there are decimals to show. Instead of an invalid amount it shows the reason.
func (c Currency) FormatLocal(m Money) string { return c.format(m, '.', ',') }

// format writes the number from its last digit to its first.
func (c Currency) format(m Money, group, point byte) string {
	if err := c.check(m); err != nil {
		return err.Error()
	}
	var text [32]byte // 19 digits, 6 group points, a decimal point, a sign
	at := len(text)
	put := func(b byte) {
		at--
		text[at] = b
	}
	rest := uint64(m.Abs().minor)
	if scale := uint64(c.scale()); group != 0 && rest%scale == 0 {
		rest /= scale
	} else if c.digits > 0 {
		for range c.digits {
			put(byte('0' + rest%10))
			rest /= 10
		}
		put(point)
	}
	for n := 0; n == 0 || rest > 0; n++ {
		if group != 0 && n > 0 && n%3 == 0 {
			put(group)
		}
		put(byte('0' + rest%10))
		rest /= 10
	}
	if m.minor < 0 {
		put('-')
	}
	return string(text[at:])
}

// ErrCurrency marks a currency that cannot be.
var ErrCurrency = errors.New("ledger: not a currency")

// CurrencyError says which code or number of digits is refused and why. It
// matches [ErrCurrency].
type CurrencyError struct {
	Code   string // what was given, clipped
	Digits int
	Reason string
}

// Error says which currency is none, and why, in one line.
func (e *CurrencyError) Error() string {
	return "ledger: currency " + strconv.Quote(e.Code) + " with " + strconv.Itoa(e.Digits) + " decimal digits: " + e.Reason
}

// Is reports whether target is [ErrCurrency].
func (e *CurrencyError) Is(target error) bool { return target == ErrCurrency }
