package ledger_test

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func currency(t testing.TB, code string, digits int) ledger.Currency {
	t.Helper()
	c, err := ledger.NewCurrency(code, digits)
	require.NoError(t, err)
	return c
}

func TestNewCurrency(t *testing.T) {
	for _, c := range []struct {
		code   string
		digits int
		error  string
	}{
		{code: "IDR", digits: 2},
		{code: "JPY", digits: 0},
		{code: "CLF", digits: 4},
		{code: "CLF", digits: 5, error: `ledger: currency "CLF" with 5 decimal digits: the decimal digits are not 0 to 4`},
		{code: "IDR", digits: -1, error: `ledger: currency "IDR" with -1 decimal digits: the decimal digits are not 0 to 4`},
		{code: "", error: `ledger: currency "" with 0 decimal digits: the code is not three capital letters`},
		{code: "Idr", digits: 2, error: `ledger: currency "Idr" with 2 decimal digits: the code is not three capital letters`},
		{code: "RP", digits: 2, error: `ledger: currency "RP" with 2 decimal digits: the code is not three capital letters`},
		{code: "I-R", digits: 2, error: `ledger: currency "I-R" with 2 decimal digits: the code is not three capital letters`},
	} {
		t.Run(fmt.Sprintf("%s%d", c.code, c.digits), func(t *testing.T) {
			made, err := ledger.NewCurrency(c.code, c.digits)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, ledger.ErrCurrency)
				require.True(t, made.IsZero())
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.code, made.Code())
			require.Equal(t, c.code, made.String())
			require.Equal(t, c.digits, made.Digits())
			require.False(t, made.IsZero())
		})
	}
	require.Equal(t, ledger.IDR, currency(t, "IDR", 2))
}

func TestZeroCurrencyMakesAndShowsNothing(t *testing.T) {
	var none ledger.Currency
	require.Error(t, none.Of(0).Err())
	for _, verb := range []struct {
		name string
		run  func() (ledger.Money, error)
	}{
		{name: "Parse", run: func() (ledger.Money, error) { return none.Parse("1") }},
		{name: "ParseLocal", run: func() (ledger.Money, error) { return none.ParseLocal("1") }},
		{name: "Exact", run: func() (ledger.Money, error) { return none.Exact(decimal.New(1, 0)) }},
		{name: "Exact zero", run: func() (ledger.Money, error) { return none.Exact(decimal.Decimal{}) }},
		{name: "Decimal", run: func() (ledger.Money, error) { _, err := none.Decimal(ledger.Minor(1)); return ledger.Money{}, err }},
	} {
		_, err := verb.run()
		require.ErrorIs(t, err, ledger.ErrMoney, verb.name)
		require.ErrorContains(t, err, "the currency is missing", verb.name)
	}
	require.Equal(t, "ledger: not an amount: the currency is missing", none.Format(ledger.Minor(1)))
	require.Equal(t, "ledger: not an amount: the currency is missing", none.FormatLocal(ledger.Minor(1)))
}

func TestOf(t *testing.T) {
	const mostRupiah = ledger.MaxMoney / 100
	yen := currency(t, "JPY", 0)
	for _, c := range []struct {
		name     string
		currency ledger.Currency
		whole    int64
		want     int64
		beyond   bool
	}{
		{name: "rupiah", currency: ledger.IDR, whole: 100_000, want: 100_000_00},
		{name: "most rupiah", currency: ledger.IDR, whole: mostRupiah, want: mostRupiah * 100},
		{name: "one rupiah beyond", currency: ledger.IDR, whole: mostRupiah + 1, beyond: true},
		{name: "least rupiah", currency: ledger.IDR, whole: -mostRupiah, want: -mostRupiah * 100},
		{name: "one rupiah below", currency: ledger.IDR, whole: -mostRupiah - 1, beyond: true},
		{name: "largest integer", currency: ledger.IDR, whole: math.MaxInt64, beyond: true},
		{name: "smallest integer", currency: ledger.IDR, whole: math.MinInt64, beyond: true},
		{name: "no decimals", currency: yen, whole: ledger.MaxMoney, want: ledger.MaxMoney},
		{name: "no decimals, beyond", currency: yen, whole: ledger.MaxMoney + 1, beyond: true},
		{name: "no decimals, smallest integer", currency: yen, whole: math.MinInt64, beyond: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := c.currency.Of(c.whole)
			if c.beyond {
				require.ErrorIs(t, m.Err(), ledger.ErrMoney)
				return
			}
			require.NoError(t, m.Err())
			require.Equal(t, c.want, m.Minor())
		})
	}
}

// bigDigits returns a decimal with n digits 1 as its coefficient.
func bigDigits(n int, exponent int32) decimal.Decimal {
	ones, _ := new(big.Int).SetString(strings.Repeat("1", n), 10)
	return decimal.NewFromBigInt(ones, exponent)
}

func TestExact(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 30_000_000) // nine million digits
	for _, c := range []struct {
		name  string
		from  decimal.Decimal
		want  int64
		error string
	}{
		{name: "zero", from: decimal.Decimal{}},
		{name: "zero with an exponent", from: decimal.New(0, math.MaxInt32)},
		{name: "zero with decimals", from: decimal.New(0, math.MinInt32)},
		{name: "whole", from: decimal.New(100_000, 0), want: 100_000_00},
		{name: "decimals", from: decimal.New(-12345, -2), want: -123_45},
		{name: "zeros behind the decimals", from: decimal.New(1_500_000, -6), want: 150},
		{name: "exponent", from: decimal.New(15, 5), want: 1_500_000_00},
		{name: "too precise", from: decimal.New(1005, -3), error: `ledger: "1.005" is not an amount: more than 2 decimals`},
		{name: "too precise and negative", from: decimal.New(-5, -3), error: `ledger: "-0.005" is not an amount: more than 2 decimals`},
		{name: "largest", from: decimal.New(ledger.MaxMoney, -2), want: ledger.MaxMoney},
		{name: "one beyond", from: decimal.New(ledger.MaxMoney+1, -2), error: `ledger: "92233720368547757.93" is not an amount: beyond the largest amount`},
		{name: "smallest", from: decimal.New(-ledger.MaxMoney, -2), want: -ledger.MaxMoney},
		{name: "one below", from: decimal.New(-ledger.MaxMoney-1, -2), error: `ledger: "-92233720368547757.93" is not an amount: beyond the largest amount`},
		{name: "twenty digits", from: decimal.New(1, 17), error: `ledger: "100000000000000000" is not an amount: beyond the largest amount`},
		{name: "most digits", from: decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(ledger.MaxDecimalText-1), nil), -ledger.MaxDecimalText+1), want: 100},
		{name: "most digits, no zeros", from: bigDigits(ledger.MaxDecimalText, -63), error: `ledger: "1.11111111111111111111111111111111111111..." is not an amount: more than 2 decimals`},
		{name: "one digit more", from: decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(ledger.MaxDecimalText), nil), -ledger.MaxDecimalText), error: "ledger: not an amount: a number of more than 64 digits"},
		{name: "millions of digits", from: decimal.NewFromBigInt(huge, 0), error: "ledger: not an amount: a number of more than 64 digits"},
		{name: "millions of decimals", from: decimal.NewFromBigInt(huge, -9_000_000), error: "ledger: not an amount: a number of more than 64 digits"},
		{name: "huge exponent", from: decimal.New(1, 2_000_000_000), error: `ledger: "1e2000000000" is not an amount: beyond the largest amount`},
		{name: "largest exponent", from: decimal.New(-1, math.MaxInt32), error: `ledger: "-1e2147483647" is not an amount: beyond the largest amount`},
		{name: "smallest exponent", from: decimal.New(10, math.MinInt32), error: `ledger: "10e-2147483648" is not an amount: more than 2 decimals`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ledger.IDR.Exact(c.from)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, ledger.ErrMoney)
				require.True(t, got.IsZero())
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got.Minor())
			back, err := ledger.IDR.Decimal(got)
			require.NoError(t, err)
			require.Zero(t, c.from.Cmp(back), "%s came back as %s", got, back)
		})
	}
	_, err := ledger.IDR.Decimal(tooMuch)
	require.ErrorIs(t, err, ledger.ErrMoney)
}

// Exact may change neither the decimal it is given nor depend on how a
// process has switched the decimal package to print.
func TestExactLeavesItsArgument(t *testing.T) {
	d := decimal.New(12_300, -3)
	_, err := ledger.IDR.Exact(d)
	require.NoError(t, err)
	require.Equal(t, int64(12_300), d.CoefficientInt64())
	require.Equal(t, int32(-3), d.Exponent())
}

func TestFormat(t *testing.T) {
	yen, three := currency(t, "JPY", 0), currency(t, "KWD", 3)
	for _, c := range []struct {
		name     string
		currency ledger.Currency
		minor    int64
		machine  string
		local    string
	}{
		{name: "zero", currency: ledger.IDR, machine: "0.00", local: "0"},
		{name: "one minor unit", currency: ledger.IDR, minor: 1, machine: "0.01", local: "0,01"},
		{name: "negative minor unit", currency: ledger.IDR, minor: -1, machine: "-0.01", local: "-0,01"},
		{name: "hundreds", currency: ledger.IDR, minor: -999_00, machine: "-999.00", local: "-999"},
		{name: "thousands", currency: ledger.IDR, minor: 1000_00, machine: "1000.00", local: "1.000"},
		{name: "hundred thousands", currency: ledger.IDR, minor: -100_000_00, machine: "-100000.00", local: "-100.000"},
		{name: "millions and decimals", currency: ledger.IDR, minor: 1_234_567_50, machine: "1234567.50", local: "1.234.567,50"},
		{name: "largest", currency: ledger.IDR, minor: ledger.MaxMoney, machine: "92233720368547757.92", local: "92.233.720.368.547.757,92"},
		{name: "smallest", currency: ledger.IDR, minor: -ledger.MaxMoney, machine: "-92233720368547757.92", local: "-92.233.720.368.547.757,92"},
		{name: "no decimals", currency: yen, minor: -ledger.MaxMoney, machine: "-9223372036854775792", local: "-9.223.372.036.854.775.792"},
		{name: "no decimals, zero", currency: yen, machine: "0", local: "0"},
		{name: "three decimals", currency: three, minor: 1_000_005, machine: "1000.005", local: "1.000,005"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := ledger.Minor(c.minor)
			require.Equal(t, c.machine, c.currency.Format(m))
			require.Equal(t, c.local, c.currency.FormatLocal(m))
			back, err := c.currency.Parse(c.machine)
			require.NoError(t, err)
			require.Equal(t, m, back)
			back, err = c.currency.ParseLocal(c.local)
			require.NoError(t, err)
			require.Equal(t, m, back)
		})
	}
	require.Equal(t, "ledger: not an amount: beyond the largest amount", ledger.IDR.Format(tooMuch))
	require.Equal(t, "ledger: not an amount: beyond the largest amount", ledger.IDR.FormatLocal(tooMuch))
}

func ExampleCurrency_Of() {
	fmt.Println(ledger.IDR.Of(100_000).Minor())
	// Output: 10000000
}

func ExampleCurrency_Exact() {
	m, err := ledger.IDR.Exact(decimal.RequireFromString("2500.75"))
	fmt.Println(m, err)
	_, err = ledger.IDR.Exact(decimal.RequireFromString("0.005"))
	fmt.Println(err)
	// Output:
	// 250075 <nil>
	// ledger: "0.005" is not an amount: more than 2 decimals
}

func ExampleCurrency_Decimal() {
	d, err := ledger.IDR.Decimal(ledger.Minor(250075))
	fmt.Println(d.StringFixed(2), err)
	// Output: 2500.75 <nil>
}

func BenchmarkCurrency(b *testing.B) {
	m := ledger.Minor(1_234_567_89)
	d := decimal.New(1_234_567_89, -2)
	for _, c := range []struct {
		name string
		run  func()
	}{
		{name: "Parse", run: func() { _, _ = ledger.IDR.Parse("1234567.89") }},
		{name: "ParseLocal", run: func() { _, _ = ledger.IDR.ParseLocal("1.234.567,89") }},
		{name: "Format", run: func() { _ = ledger.IDR.Format(m) }},
		{name: "FormatLocal", run: func() { _ = ledger.IDR.FormatLocal(m) }},
		{name: "Exact", run: func() { _, _ = ledger.IDR.Exact(d) }},
		{name: "Decimal", run: func() { _, _ = ledger.IDR.Decimal(m) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.run()
			}
		})
	}
}
