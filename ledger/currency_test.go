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

func TestParse(t *testing.T) {
	yen, three := currency(t, "JPY", 0), currency(t, "KWD", 3)
	for _, c := range []struct {
		name     string
		currency ledger.Currency
		text     string
		want     int64
		why      string
	}{
		{name: "whole", text: "1234", want: 1234_00},
		{name: "one decimal", text: "0.5", want: 50},
		{name: "two decimals", text: "-0.50", want: -50},
		{name: "zero", text: "0"},
		{name: "negative zero is zero", text: "-0"},
		{name: "negative zero with decimals is zero", text: "-0.00"},
		{name: "zeros in front", text: "00012", want: 12_00},
		{name: "longest", text: strings.Repeat("0", ledger.MaxDecimalText-1) + "7", want: 7_00},
		{name: "one byte too long", text: strings.Repeat("0", ledger.MaxDecimalText) + "7", why: "too long"},
		{name: "a million digits", text: strings.Repeat("9", 1_000_000), why: "too long"},
		{name: "largest", text: "92233720368547757.92", want: ledger.MaxMoney},
		{name: "one beyond", text: "92233720368547757.93", why: "beyond the largest amount"},
		{name: "smallest", text: "-92233720368547757.92", want: -ledger.MaxMoney},
		{name: "one below", text: "-92233720368547757.93", why: "beyond the largest amount"},
		{name: "what would wrap around 64 bits", text: "184467440737095516.17", why: "beyond the largest amount"},
		{name: "as many nines as fit", text: strings.Repeat("9", ledger.MaxDecimalText), why: "beyond the largest amount"},
		{name: "three decimals", text: "1.000", why: "more than 2 decimals"},
		{name: "three decimals, all zero", text: "0.000", why: "more than 2 decimals"},
		{name: "empty", text: "", why: "not a number"},
		{name: "sign alone", text: "-", why: "not a number"},
		{name: "two signs", text: "--1", why: "not a number"},
		{name: "plus", text: "+1", why: "not a number"},
		{name: "sign behind", text: "1-", why: "not a number"},
		{name: "point alone", text: ".", why: "not a number"},
		{name: "point in front", text: ".5", why: "not a number"},
		{name: "point behind", text: "5.", why: "not a number"},
		{name: "two points", text: "1.0.0", why: "not a number"},
		{name: "comma", text: "1,50", why: "not a number"},
		{name: "grouped", text: "1.000.000", why: "not a number"},
		{name: "space in front", text: " 1", why: "not a number"},
		{name: "line end", text: "1\n", why: "not a number"},
		{name: "zero byte", text: "1\x00", why: "not a number"},
		{name: "exponent", text: "1e3", why: "not a number"},
		{name: "hexadecimal", text: "0x1", why: "not a number"},
		{name: "underscore", text: "1_000", why: "not a number"},
		{name: "not a number", text: "NaN", why: "not a number"},
		{name: "infinity", text: "Inf", why: "not a number"},
		{name: "Arabic digits", text: "١٢٣", why: "not a number"},
		{name: "wide digits", text: "１２", why: "not a number"},
		{name: "minus sign of typesetters", text: "−1", why: "not a number"},
		{name: "no decimals", currency: yen, text: "5", want: 5},
		{name: "no decimals, a point", currency: yen, text: "5.", why: "not a number"},
		{name: "no decimals, one", currency: yen, text: "5.0", why: "more than 0 decimals"},
		{name: "three decimals of three", currency: three, text: "1.005", want: 1005},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.currency.IsZero() {
				c.currency = ledger.IDR
			}
			got, err := c.currency.Parse(c.text)
			requireParsed(t, got, err, c.want, c.why)
		})
	}
}

func requireParsed(t *testing.T, got ledger.Money, err error, want int64, why string) {
	t.Helper()
	if why != "" {
		var fault *ledger.MoneyError
		require.ErrorAs(t, err, &fault)
		require.ErrorIs(t, err, ledger.ErrMoney)
		require.Equal(t, why, fault.Reason)
		require.LessOrEqual(t, len(fault.Text), 43)
		require.True(t, got.IsZero())
		return
	}
	require.NoError(t, err)
	require.Equal(t, want, got.Minor())
}

func TestParseLocal(t *testing.T) {
	const grouping = "points do not stand between groups of three digits"
	dollar := currency(t, "USD", 2)
	for _, c := range []struct {
		name     string
		currency ledger.Currency
		text     string
		want     int64
		why      string
	}{
		{name: "thousand", text: "1.000", want: 1000_00},
		{name: "million and decimals", text: "1.234.567,50", want: 1_234_567_50},
		{name: "one decimal", text: "1.234,5", want: 1234_50},
		{name: "ungrouped", text: "1000", want: 1000_00},
		{name: "ungrouped with decimals", text: "1000,25", want: 1000_25},
		{name: "negative", text: "-2.500", want: -2500_00},
		{name: "below one", text: "0,50", want: 50},
		{name: "zeros in front, ungrouped", text: "00012", want: 12_00},
		{name: "Rp", text: "Rp 1.000", want: 1000_00},
		{name: "Rp close", text: "Rp1.000", want: 1000_00},
		{name: "Rp with a space that does not break", text: "Rp\u00a01.000", want: 1000_00},
		{name: "Rp negative", text: "Rp -1.000", want: -1000_00},
		{name: "white space around", text: "\t1.000 \n", want: 1000_00},
		{name: "largest", text: "92.233.720.368.547.757,92", want: ledger.MaxMoney},
		{name: "one beyond", text: "92.233.720.368.547.757,93", why: "beyond the largest amount"},
		{name: "English decimals", text: "100.00", why: grouping},
		{name: "English decimals of ten", text: "10.0", why: grouping},
		{name: "English half", text: "0.500", why: grouping},
		{name: "English half, zeros", text: "00.500", why: grouping},
		{name: "English", text: "1,234.56", why: "not a number"},
		{name: "English thousand", text: "1,000", why: "more than 2 decimals"},
		{name: "group of four", text: "1.0000", why: grouping},
		{name: "group of two", text: "1.00.000", why: grouping},
		{name: "first group of four", text: "1000.000", why: grouping},
		{name: "points at wrong places of right count", text: "1.0000.00", why: grouping},
		{name: "point in front", text: ".000", why: grouping},
		{name: "point behind", text: "1.000.", why: grouping},
		{name: "two points", text: "1..000", why: grouping},
		{name: "sign inside", text: "1.-00", why: "not a number"},
		{name: "letter inside", text: "1.00a", why: "not a number"},
		{name: "grouped decimals", text: "0,1.0", why: "not a number"},
		{name: "two commas", text: "1,5,0", why: "not a number"},
		{name: "comma behind", text: "1.000,", why: "not a number"},
		{name: "dash for no decimals", text: "1.000,-", why: "not a number"},
		{name: "minus before Rp", text: "-Rp 1.000", why: "not a number"},
		{name: "Rp twice", text: "RpRp 1", why: "not a number"},
		{name: "Rp alone", text: "Rp", why: "not a number"},
		{name: "Rp of another currency", currency: dollar, text: "Rp 1.000", why: "not a number"},
		{name: "space inside", text: "1 000", why: "not a number"},
		{name: "empty", text: "", why: "not a number"},
		{name: "too long", text: strings.Repeat(" ", ledger.MaxDecimalText) + "1", why: "too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.currency.IsZero() {
				c.currency = ledger.IDR
			}
			got, err := c.currency.ParseLocal(c.text)
			requireParsed(t, got, err, c.want, c.why)
		})
	}
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

// What Parse reads is what the decimal package reads in the same text, and
// writes back the same number.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"0", "-0.00", "1.5", "00012", "92233720368547757.92", "92233720368547757.93", "1.000", "1e3", "-", ".5", "5.", "१"} {
		f.Add(seed, uint8(2))
	}
	f.Add("5", uint8(0))
	f.Fuzz(func(t *testing.T, text string, digits uint8) {
		c := currency(t, "XXX", int(digits%5))
		m, err := c.Parse(text)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrMoney)
			return
		}
		want, err := decimal.NewFromString(text)
		require.NoError(t, err)
		got, err := c.Decimal(m)
		require.NoError(t, err)
		require.Zero(t, want.Cmp(got), "%q was read as %s", text, got)
		exact, err := c.Exact(want)
		require.NoError(t, err)
		require.Equal(t, m, exact)
		again, err := c.Parse(c.Format(m))
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}

// What ParseLocal reads is what Parse reads once the points are gone and the
// comma is a point, and the only points it takes are those FormatLocal writes.
func FuzzParseLocal(f *testing.F) {
	for _, seed := range []string{"0", "1.000", "100.00", "0.500", "1.234.567,50", "Rp 1.000", "Rp -1.000", "1,000", "1.0000.00", "000", "1..000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ledger.IDR.ParseLocal(text)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrMoney)
			return
		}
		bare := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "Rp"))
		plain, err := ledger.IDR.Parse(strings.ReplaceAll(strings.ReplaceAll(bare, ".", ""), ",", "."))
		require.NoError(t, err)
		require.Equal(t, plain, m)
		local := ledger.IDR.FormatLocal(m)
		if whole, _, _ := strings.Cut(bare, ","); strings.Contains(whole, ".") {
			canonical, _, _ := strings.Cut(local, ",")
			require.Equal(t, canonical, whole)
		}
		again, err := ledger.IDR.ParseLocal(local)
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}

func ExampleCurrency_Of() {
	fmt.Println(ledger.IDR.Of(100_000).Minor())
	// Output: 10000000
}

func ExampleCurrency_Parse() {
	m, err := ledger.IDR.Parse("100000.50")
	fmt.Println(ledger.IDR.FormatLocal(m), err)
	_, err = ledger.IDR.Parse("100.000")
	fmt.Println(err)
	// Output:
	// 100.000,50 <nil>
	// ledger: "100.000" is not an amount: more than 2 decimals
}

func ExampleCurrency_ParseLocal() {
	m, err := ledger.IDR.ParseLocal("Rp 1.250.000")
	fmt.Println(ledger.IDR.Format(m), err)
	_, err = ledger.IDR.ParseLocal("100.00")
	fmt.Println(err)
	// Output:
	// 1250000.00 <nil>
	// ledger: "100.00" is not an amount: points do not stand between groups of three digits
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
