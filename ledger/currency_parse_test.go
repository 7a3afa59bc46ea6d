package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

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
