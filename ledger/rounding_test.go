package ledger_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

var rules = []ledger.Rounding{ledger.RoundHalfUp, ledger.RoundHalfEven, ledger.RoundUp, ledger.RoundDown}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		name                     string
		exact                    *big.Rat
		step                     int64
		halfUp, halfEven, up, dn int64
	}{
		{name: "zero", exact: big.NewRat(0, 1), step: 100},
		{name: "on the step", exact: big.NewRat(300, 1), step: 100, halfUp: 300, halfEven: 300, up: 300, dn: 300},
		{name: "below half", exact: big.NewRat(249, 1), step: 100, halfUp: 200, halfEven: 200, up: 300, dn: 200},
		{name: "half, even below", exact: big.NewRat(250, 1), step: 100, halfUp: 300, halfEven: 200, up: 300, dn: 200},
		{name: "half, odd below", exact: big.NewRat(350, 1), step: 100, halfUp: 400, halfEven: 400, up: 400, dn: 300},
		{name: "above half by a hair", exact: big.NewRat(2_500_000_001, 10_000_000), step: 100, halfUp: 300, halfEven: 300, up: 300, dn: 200},
		{name: "negative half, even", exact: big.NewRat(-250, 1), step: 100, halfUp: -300, halfEven: -200, up: -300, dn: -200},
		{name: "negative half, odd", exact: big.NewRat(-350, 1), step: 100, halfUp: -400, halfEven: -400, up: -400, dn: -300},
		{name: "negative below half", exact: big.NewRat(-249, 1), step: 100, halfUp: -200, halfEven: -200, up: -300, dn: -200},
		{name: "half of the smallest unit", exact: big.NewRat(1, 2), step: 1, halfUp: 1, halfEven: 0, up: 1, dn: 0},
		{name: "third", exact: big.NewRat(100, 3), step: 1, halfUp: 33, halfEven: 33, up: 34, dn: 33},
		{name: "odd step", exact: big.NewRat(21, 2), step: 7, halfUp: 14, halfEven: 14, up: 14, dn: 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			for rule, want := range map[ledger.Rounding]int64{
				ledger.RoundHalfUp: c.halfUp, ledger.RoundHalfEven: c.halfEven, ledger.RoundUp: c.up, ledger.RoundDown: c.dn,
			} {
				before := new(big.Rat).Set(c.exact)
				got, err := ledger.Round(c.exact, ledger.Minor(c.step), rule)
				require.NoError(t, err)
				require.Equal(t, want, got.Minor(), "%s", rule)
				require.Zero(t, before.Cmp(c.exact), "the argument changed")
			}
		})
	}
}

func TestRoundAtTheLimits(t *testing.T) {
	largest := new(big.Rat).SetInt64(ledger.MaxMoney)
	tenth := big.NewRat(1, 10)
	justAbove := new(big.Rat).Add(largest, tenth)
	for _, c := range []struct {
		name  string
		exact *big.Rat
		step  ledger.Money
		rule  ledger.Rounding
		want  int64
		error string
	}{
		{name: "largest", exact: largest, step: ledger.Minor(1), rule: ledger.RoundUp, want: ledger.MaxMoney},
		{name: "just above, down", exact: justAbove, step: ledger.Minor(1), rule: ledger.RoundDown, want: ledger.MaxMoney},
		{name: "just above, up", exact: justAbove, step: ledger.Minor(1), rule: ledger.RoundUp, error: "ledger: not an amount: beyond the largest amount"},
		{name: "just below the smallest, down", exact: new(big.Rat).Neg(justAbove), step: ledger.Minor(1), rule: ledger.RoundDown, want: -ledger.MaxMoney},
		{name: "just below the smallest, up", exact: new(big.Rat).Neg(justAbove), step: ledger.Minor(1), rule: ledger.RoundUp, error: "ledger: not an amount: beyond the largest amount"},
		{name: "largest step", exact: tenth, step: maxMoney, rule: ledger.RoundUp, want: ledger.MaxMoney},
		{name: "beyond 64 bits", exact: new(big.Rat).Mul(largest, largest), step: ledger.Minor(1), rule: ledger.RoundDown, error: "ledger: not an amount: beyond the largest amount"},
		{name: "no step", exact: tenth, rule: ledger.RoundUp, error: `ledger: "0" is not an amount: a rounding step must be above zero`},
		{name: "negative step", exact: tenth, step: ledger.Minor(-1), rule: ledger.RoundUp, error: `ledger: "-1" is not an amount: a rounding step must be above zero`},
		{name: "invalid step", exact: tenth, step: tooMuch, rule: ledger.RoundUp, error: `ledger: "ledger: not an amount: beyond the largest amount" is not an amount: a rounding step must be above zero`},
		{name: "nothing", step: ledger.Minor(1), rule: ledger.RoundUp, error: "ledger: not an amount: nothing to round"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ledger.Round(c.exact, c.step, c.rule)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, ledger.ErrMoney)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got.Minor())
		})
	}
	for _, rule := range []ledger.Rounding{0, ledger.RoundDown + 1, 255} {
		_, err := ledger.Round(tenth, ledger.Minor(1), rule)
		require.ErrorIs(t, err, ledger.ErrName)
		require.False(t, rule.Valid())
	}
}

func TestRoundingNames(t *testing.T) {
	for _, rule := range append([]ledger.Rounding{0}, rules...) {
		text, err := json.Marshal(rule)
		require.NoError(t, err)
		require.Equal(t, `"`+rule.String()+`"`, string(text))
		var back ledger.Rounding
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, rule, back)
	}
	kept := ledger.RoundUp
	require.EqualError(t, kept.UnmarshalText([]byte("nearest")), `ledger: unknown rounding rule "nearest", want one of: none, half_up, half_even, up, down`)
	require.Equal(t, ledger.RoundUp, kept)
	_, err := json.Marshal(ledger.Rounding(9))
	require.ErrorIs(t, err, ledger.ErrName)
	require.Equal(t, "rounding rule(9)", ledger.Rounding(9).String())
}

func ExampleRound() {
	share := big.NewRat(1_000_000_00, 3) // a third of a million rupiah, in minor units
	for _, rule := range []ledger.Rounding{ledger.RoundUp, ledger.RoundDown} {
		m, err := ledger.Round(share, ledger.IDR.Of(1), rule)
		fmt.Println(rule, ledger.IDR.FormatLocal(m), err)
	}
	// Output:
	// up 333.334 <nil>
	// down 333.333 <nil>
}

func BenchmarkRound(b *testing.B) {
	share := big.NewRat(1_234_567_890_123, 7)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ledger.Round(share, ledger.IDR.Of(1), ledger.RoundHalfUp)
	}
}
