package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

var (
	maxMoney = ledger.Minor(ledger.MaxMoney)
	minMoney = maxMoney.Neg()
	tooMuch  = maxMoney.Add(ledger.Minor(1))
)

func TestMinorAtTheLimits(t *testing.T) {
	for _, c := range []struct {
		name  string
		minor int64
		valid bool
	}{
		{name: "zero", minor: 0, valid: true},
		{name: "largest", minor: ledger.MaxMoney, valid: true},
		{name: "one beyond the largest", minor: ledger.MaxMoney + 1},
		{name: "the largest integer", minor: math.MaxInt64},
		{name: "smallest", minor: -ledger.MaxMoney, valid: true},
		{name: "one beyond the smallest", minor: -ledger.MaxMoney - 1},
		{name: "the smallest integer", minor: math.MinInt64},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := ledger.Minor(c.minor)
			if c.valid {
				require.NoError(t, m.Err())
				require.Equal(t, c.minor, m.Minor())
				return
			}
			require.ErrorIs(t, m.Err(), ledger.ErrMoney)
			var fault *ledger.MoneyError
			require.ErrorAs(t, m.Err(), &fault)
			require.Equal(t, "beyond the largest amount", fault.Reason)
		})
	}
}

// Every pair of amounts around every edge adds up as big integers do, or is
// invalid where Money cannot hold the sum.
func TestAddAgainstBigIntegers(t *testing.T) {
	edges := []int64{0, 1, 2, 99, 100, ledger.MaxMoney / 2, ledger.MaxMoney/2 + 1, ledger.MaxMoney - 1, ledger.MaxMoney}
	for _, e := range slices.Clone(edges) {
		edges = append(edges, -e)
	}
	const seed = 20261123
	random := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		edges = append(edges, random.Int64N(ledger.MaxMoney)>>random.IntN(60)*(1-2*random.Int64N(2)))
	}
	limit := big.NewInt(ledger.MaxMoney)
	for _, a := range edges {
		for _, b := range edges {
			m, n := ledger.Minor(a), ledger.Minor(b)
			for _, c := range []struct {
				verb string
				got  ledger.Money
				want *big.Int
			}{
				{verb: "+", got: m.Add(n), want: new(big.Int).Add(big.NewInt(a), big.NewInt(b))},
				{verb: "-", got: m.Sub(n), want: new(big.Int).Sub(big.NewInt(a), big.NewInt(b))},
			} {
				if c.want.CmpAbs(limit) > 0 {
					require.Error(t, c.got.Err(), "%d %s %d, seed %d", a, c.verb, b, seed)
				} else {
					require.NoError(t, c.got.Err(), "%d %s %d, seed %d", a, c.verb, b, seed)
					require.Equal(t, c.want.Int64(), c.got.Minor(), "%d %s %d, seed %d", a, c.verb, b, seed)
				}
			}
		}
	}
}

func TestInvalidMoneyStaysInvalid(t *testing.T) {
	one := ledger.Minor(1)
	foreign := ledger.Currency{}.Of(1)
	for _, c := range []struct {
		name string
		got  ledger.Money
	}{
		{name: "sum", got: tooMuch.Add(one)},
		{name: "sum, second", got: one.Add(tooMuch)},
		{name: "sum that would come back", got: tooMuch.Add(minMoney)},
		{name: "sum of two", got: tooMuch.Add(tooMuch)},
		{name: "difference", got: tooMuch.Sub(tooMuch)},
		{name: "difference, second", got: one.Sub(tooMuch)},
		{name: "negation", got: tooMuch.Neg()},
		{name: "without sign", got: tooMuch.Abs()},
		{name: "smaller", got: one.Min(tooMuch)},
		{name: "smaller, first", got: tooMuch.Min(one)},
		{name: "larger", got: one.Max(tooMuch)},
		{name: "larger, first", got: tooMuch.Max(one)},
		{name: "total", got: ledger.Sum(maxMoney, one, minMoney)},
		{name: "below the smallest", got: minMoney.Sub(one)},
		{name: "no currency", got: foreign.Add(one)},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.ErrorIs(t, c.got.Err(), ledger.ErrMoney)
			require.False(t, c.got.IsZero())
			require.Zero(t, c.got.Sign())
			require.Equal(t, c.got.Err().Error(), c.got.String())
			_, err := c.got.Value()
			require.ErrorIs(t, err, ledger.ErrMoney)
			_, err = json.Marshal(c.got)
			require.ErrorIs(t, err, ledger.ErrMoney)
		})
	}
	require.EqualError(t, one.Add(foreign).Err(), "ledger: not an amount: the currency is missing")
}

func TestComparing(t *testing.T) {
	ordered := []ledger.Money{minMoney, ledger.Minor(-1), {}, ledger.Minor(1), maxMoney}
	for i, m := range ordered {
		for j, n := range ordered {
			require.Equal(t, i < j, m.Less(n), "%s < %s", m, n)
			require.Equal(t, i == j, m == n)
			require.Equal(t, ordered[min(i, j)], m.Min(n))
			require.Equal(t, ordered[max(i, j)], m.Max(n))
			switch {
			case i < j:
				require.Equal(t, -1, m.Cmp(n))
			case i > j:
				require.Equal(t, 1, m.Cmp(n))
			default:
				require.Zero(t, m.Cmp(n))
			}
		}
	}
	require.Equal(t, maxMoney, minMoney.Abs())
	require.Equal(t, []int{-1, 0, 1}, []int{minMoney.Sign(), ledger.Money{}.Sign(), maxMoney.Sign()})
}

func TestMoneyJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		json string
		want int64
		why  string
	}{
		{name: "zero", json: `0`},
		{name: "amount", json: `10000050`, want: 100_000_50},
		{name: "negative", json: `-1`, want: -1},
		{name: "largest", json: `9223372036854775792`, want: ledger.MaxMoney},
		{name: "one beyond the largest", json: `9223372036854775793`, why: "beyond the largest amount"},
		{name: "smallest", json: `-9223372036854775792`, want: -ledger.MaxMoney},
		{name: "one beyond the smallest", json: `-9223372036854775793`, why: "beyond the largest amount"},
		{name: "far beyond", json: strings.Repeat("9", ledger.MaxDecimalText), why: "beyond the largest amount"},
		{name: "beyond any number", json: strings.Repeat("9", ledger.MaxDecimalText+1), why: "too long"},
		{name: "null", json: `null`, why: "not a whole number of minor units"},
		{name: "fraction", json: `1.0`, why: "not a whole number of minor units"},
		{name: "exponent", json: `1e3`, why: "not a whole number of minor units"},
		{name: "text", json: `"1"`, why: "not a whole number of minor units"},
		{name: "negative zero", json: `-0`, why: "not a whole number of minor units"},
		{name: "truth", json: `true`, why: "not a whole number of minor units"},
		{name: "object", json: `{}`, why: "not a whole number of minor units"},
	} {
		t.Run(c.name, func(t *testing.T) {
			held := struct{ Amount ledger.Money }{Amount: ledger.Minor(7)}
			err := json.Unmarshal([]byte(`{"Amount":`+c.json+`}`), &held)
			if c.why != "" {
				var fault *ledger.MoneyError
				require.ErrorAs(t, err, &fault)
				require.Equal(t, c.why, fault.Reason)
				require.Equal(t, ledger.Minor(7), held.Amount, "a refused text must change nothing")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, held.Amount.Minor())
			back, err := json.Marshal(held.Amount)
			require.NoError(t, err)
			require.Equal(t, c.json, string(back))
		})
	}
}

func TestMoneyTextHasOneForm(t *testing.T) {
	for _, text := range []string{"", "-", "+5", "05", "-05", "00", "-0", " 5", "5 ", "5_000", "0x5", "٥", "5\x00"} {
		m := ledger.Minor(7)
		require.ErrorIs(t, m.UnmarshalText([]byte(text)), ledger.ErrMoney, "%q", text)
		require.Equal(t, ledger.Minor(7), m)
	}
}

func TestMoneyInColumns(t *testing.T) {
	for _, c := range []struct {
		name  string
		src   any
		want  int64
		error string
	}{
		{name: "integer", src: int64(-5), want: -5},
		{name: "largest", src: int64(ledger.MaxMoney), want: ledger.MaxMoney},
		{name: "one beyond", src: int64(ledger.MaxMoney + 1), error: `ledger: "9223372036854775793" is not an amount: beyond the largest amount`},
		{name: "null", src: nil, error: "ledger: not an amount: NULL, not an integer of minor units"},
		{name: "float", src: 1.5, error: `ledger: "1.5" is not an amount: a database column of type float64, not an integer of minor units`},
		{name: "text", src: "5", error: `ledger: "5" is not an amount: a database column of type string, not an integer of minor units`},
		{name: "bytes", src: []byte("5"), error: `ledger: "5" is not an amount: a database column of type []uint8, not an integer of minor units`},
		{name: "long text", src: strings.Repeat("é", 1000), error: `ledger: "` + strings.Repeat("é", 20) + `..." is not an amount: a database column of type string, not an integer of minor units`},
		{name: "time", src: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), error: `ledger: "2026-11-23T00:00:00Z" is not an amount: a database column of type time.Time, not an integer of minor units`},
		{name: "other", src: struct{}{}, error: "ledger: not an amount: a database column of type struct {}, not an integer of minor units"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := ledger.Minor(7)
			err := m.Scan(c.src)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, ledger.ErrMoney)
				require.Equal(t, ledger.Minor(7), m)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, m.Minor())
			value, err := m.Value()
			require.NoError(t, err)
			require.Equal(t, c.src, value)
		})
	}
}

func TestMoneyWithoutAllocation(t *testing.T) {
	a, b := ledger.IDR.Of(1_234_567), ledger.Minor(-89)
	var total ledger.Money
	var order int
	require.Zero(t, testing.AllocsPerRun(100, func() {
		total = total.Add(a).Sub(b).Add(a.Min(b)).Add(a.Max(b).Neg().Abs())
		order += a.Cmp(b) + total.Sign()
		if a == b || a.Less(b) || total.IsZero() || total.Err() != nil {
			order++
		}
		total = ledger.Sum(a, b)
	}))
}

// A text is read only if it is the one that would be written, and a refused
// text leaves the amount as it was.
func FuzzMoneyJSON(f *testing.F) {
	for _, seed := range []string{"0", "-0", "1", "-1", "9223372036854775792", "9223372036854775793", "null", `"1"`, "1.5", "1e2", "00", "+1", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := ledger.Minor(7)
		err := m.UnmarshalJSON([]byte(text))
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrMoney)
			require.Equal(t, ledger.Minor(7), m)
			return
		}
		require.NoError(t, m.Err())
		back, err := json.Marshal(m)
		require.NoError(t, err)
		require.Equal(t, text, string(back))
		require.Equal(t, text, m.String())
	})
}

func ExampleMoney_Add() {
	pokok := ledger.IDR.Of(100_000)
	wajib := ledger.IDR.Of(25_000)
	fmt.Println(ledger.IDR.FormatLocal(pokok.Add(wajib)))

	beyond := ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1))
	fmt.Println(errors.Is(beyond.Err(), ledger.ErrMoney), beyond)
	// Output:
	// 125.000
	// true ledger: not an amount: beyond the largest amount
}

func ExampleSum() {
	fmt.Println(ledger.Sum(ledger.Minor(250), ledger.Minor(-100), ledger.Minor(1)))
	// Output: 151
}

func BenchmarkMoney(b *testing.B) {
	m, n := ledger.IDR.Of(1_234_567), ledger.Minor(-89)
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		var total ledger.Money
		for b.Loop() {
			total = total.Add(n)
		}
	})
	b.Run("Cmp", func(b *testing.B) {
		b.ReportAllocs()
		order := 0
		for b.Loop() {
			order += m.Cmp(n)
		}
	})
	b.Run("MarshalText", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = m.MarshalText()
		}
	})
}
