package murabahah_test

import (
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// The words of the fixed-point arithmetic must agree with big integers.
func FuzzFixedPoint(f *testing.F) {
	f.Add(uint64(1), uint64(0), uint64(0), uint64(1)<<63, uint64(0), uint64(3))
	f.Add(^uint64(0)>>1, ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)>>1)
	f.Fuzz(func(t *testing.T, whole, hi, lo, vhi, vlo, n uint64) {
		x, v := fromWords(whole, hi, lo), fromWords(0, vhi, vlo)
		want := new(big.Int).Mul(x, v)
		require.Equal(t, want.Rsh(want, 128).String(), murabahah.Times(whole, hi, lo, vhi, vlo).String())

		product := new(big.Int).Mul(x, new(big.Int).SetUint64(n))
		gotWhole, gotHalf, fits := murabahah.Product(whole, hi, lo, n)
		wantWhole := new(big.Int).Rsh(product, 128)
		require.Equal(t, wantWhole.BitLen() <= 63, fits)
		if fits {
			require.Equal(t, wantWhole.Uint64(), gotWhole)
			require.Equal(t, product.Bit(127) == 1, gotHalf)
		}
	})
}

func fromWords(a, b, c uint64) *big.Int {
	n := new(big.Int).SetUint64(a)
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(b))
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(c))
}

// presentValueSign is the definition, in fractions: the sign of the present
// value at rate q less what is financed.
func presentValueSign(amounts []int64, financed int64, q *big.Rat) int {
	growth := new(big.Rat).Add(q, big.NewRat(1, 1))
	value := new(big.Rat)
	for i := len(amounts) - 1; i >= 0; i-- {
		value.Add(value, new(big.Rat).SetInt64(amounts[i]))
		value.Quo(value, growth)
	}
	return value.Cmp(new(big.Rat).SetInt64(financed))
}

// slowMargins is the rule as it reads, decided by bisecting the row's margin
// with the definition of the rate.
func slowMargins(amounts []int64, financed, margin, step int64) (margins []int64, ok bool) {
	opening, left := financed, margin
	for i, amount := range amounts {
		m := left
		if i < len(amounts)-1 {
			low, high := int64(0), left/step // in steps
			for low < high {
				middle := low + (high-low+1)/2
				// rounds to middle or more: r >= (middle - 1/2) step / opening
				turn := new(big.Rat).SetInt64(middle)
				turn.Sub(turn, big.NewRat(1, 2)).Mul(turn, big.NewRat(step, max(opening, 1)))
				if opening > 0 && presentValueSign(amounts, financed, turn) >= 0 {
					low = middle
				} else {
					high = middle - 1
				}
			}
			m = low * step
		}
		margins = append(margins, m)
		left -= m
		opening -= amount - m
		if opening < 0 {
			return nil, false
		}
	}
	return margins, true
}

func annuityTerms(amounts []int64, margin, step int64) murabahah.Terms {
	terms := murabahah.Terms{
		Contract: "A", Goods: "goods", Buyer: ledger.Party{Member: "M1", Standing: ledger.Member},
		Margin:      ledger.Minor(margin),
		Plan:        murabahah.Plan{Kind: murabahah.ByHand},
		Recognition: murabahah.Recognition{Method: murabahah.Annuity, Step: ledger.Minor(step)},
	}
	var sum int64
	first := ledger.On(2026, 1, 31)
	for i, amount := range amounts {
		sum += amount
		terms.Plan.Rows = append(terms.Plan.Rows, murabahah.Instalment{Due: first.AddMonths(i), Amount: ledger.Minor(amount)})
	}
	terms.Cost = ledger.Minor(sum - margin)
	return terms
}

func marginsOf(s murabahah.Schedule) (margins []int64) {
	for _, row := range s.Rows {
		margins = append(margins, row.Margin.Minor())
	}
	return margins
}

// Small plans of every shape, compared with the slow rule. Coarse steps and
// tiny amounts put many rows exactly on the turning point of the rounding.
func TestAnnuityEqualsTheSlowRule(t *testing.T) {
	const seed = 20261123
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	refused := 0
	const plans = 500
	for range plans {
		n := 2 + random.IntN(9)
		step := []int64{1, 1, 2, 5, 100}[random.IntN(5)]
		most := []int64{3, 20, 1000, 1_000_000_000, 9e17}[random.IntN(5)]
		amounts, sum := make([]int64, n), int64(0)
		level := random.IntN(2) == 0
		for i := range amounts {
			amounts[i] = 1 + random.Int64N(most)
			if level && i > 0 {
				amounts[i] = amounts[0]
			}
			sum += amounts[i]
		}
		margin := random.Int64N(sum) / step * step
		requireSlow(t, amounts, margin, step, &refused)
	}
	require.Less(t, refused, plans/2, "most plans must be comparable")
}

func requireSlow(t *testing.T, amounts []int64, margin, step int64, refused *int) {
	t.Helper()
	terms := annuityTerms(amounts, margin, step)
	schedule, err := terms.Schedule()
	var want []int64
	ok := true
	if margin > 0 {
		want, ok = slowMargins(amounts, terms.Cost.Minor(), margin, step)
	} else {
		want = make([]int64, len(amounts))
	}
	if !ok {
		require.ErrorIs(t, err, murabahah.ErrTerms, "%v margin %d step %d", amounts, margin, step)
		*refused++
		return
	}
	require.NoError(t, err, "%v margin %d step %d", amounts, margin, step)
	require.Equal(t, want, marginsOf(schedule), "%v margin %d step %d", amounts, margin, step)
}

// Every small level plan, exhaustively.
func TestAnnuitySmallPlansExhaustively(t *testing.T) {
	refused := 0
	for n := 2; n <= 5; n++ {
		for amount := int64(1); amount <= 6; amount++ {
			amounts := make([]int64, n)
			for i := range amounts {
				amounts[i] = amount
			}
			for _, step := range []int64{1, 2, 3} {
				for margin := int64(0); margin < int64(n)*amount; margin += step {
					requireSlow(t, amounts, margin, step, &refused)
				}
			}
		}
	}
}

// Rates that are rational, with rows exactly on the turning point: the bracket
// can never tell, the exact test must, and half goes up.
func TestAnnuityOnTheTurningPoint(t *testing.T) {
	for _, test := range []struct {
		name     string
		amounts  []int64
		financed int64
		step     int64
		want     []int64
	}{
		// 100 at one half: 150 after one period, or 50 + 150: the rate is 1/2.
		{"rate 1/2, margin 50.0 of 100", []int64{50, 150}, 100, 1, []int64{50, 50}},
		// r = 1/2 and an opening of 101: 50.5 lies on the turn.
		{"rate 1/2, margin 50.5 of 101", []int64{50, 152}, 101, 1, nil},
		// 25 in the first row: with a step of 50 this is exactly half a step.
		{"rate 1/4, half a step", []int64{25, 125}, 100, 50, []int64{50, 0}},
		{"rate 1, half a step of 2", []int64{1, 2}, 1, 2, []int64{2, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sum int64
			for _, amount := range test.amounts {
				sum += amount
			}
			margin := sum - test.financed
			if margin%test.step != 0 {
				margin = margin / test.step * test.step
			}
			schedule, err := annuityTerms(test.amounts, margin, test.step).Schedule()
			require.NoError(t, err)
			if test.want != nil {
				require.Equal(t, test.want, marginsOf(schedule))
			}
			want, ok := slowMargins(test.amounts, sum-margin, margin, test.step)
			require.True(t, ok)
			require.Equal(t, want, marginsOf(schedule))
		})
	}
}

// The bracket holds the rate, at both ends, for extreme plans too, and the
// exact test alone gives the same margins.
func TestAnnuityExtremes(t *testing.T) {
	const largest = ledger.MaxMoney
	level := func(n int, amount int64) []int64 {
		amounts := make([]int64, n)
		for i := range amounts {
			amounts[i] = amount
		}
		return amounts
	}
	balloon := func(n int, amount, last int64) []int64 { return append(level(n-1, amount), last) }
	for _, test := range []struct {
		name     string
		amounts  []int64
		financed int64
	}{
		{"1200 rows of one minor unit, all but one of it margin", level(1200, 1), 1},
		{"1200 rows of one minor unit, one of it margin", level(1200, 1), 1199},
		{"1200 rows, the largest money", level(1200, largest/1200), largest / 2},
		{"1200 rows, the largest money, one minor unit financed", level(1200, largest/1200), 1},
		{"1200 rows, the largest money, one minor unit margin", level(1200, largest/1200), largest/1200*1200 - 1},
		{"two rows, one minor unit financed", level(2, largest/2), 1},
		{"two rows, one minor unit margin", level(2, largest/2), largest/2*2 - 1},
		{"balloon of 1200 rows", balloon(1200, 1, largest-2000), 1300},
		{"balloon of 1200 rows, small", balloon(1200, 1, 1_000_000), 2000},
		{"balloon, almost no margin", balloon(1200, 1, largest-2000), largest - 802},
		{"first row huge", append([]int64{largest - 1200}, level(1199, 1)...), 2},
		{"ordinary", level(60, 2_224_444_00), 100_000_000_00},
	} {
		t.Run(test.name, func(t *testing.T) {
			low, high := murabahah.Bracket(test.amounts, test.financed)
			unit := new(big.Int).Lsh(big.NewInt(1), 128)
			require.True(t, murabahah.RateAtLeast(test.amounts, test.financed, new(big.Rat).SetFrac(low, unit)))
			beyond := new(big.Int).Add(high, big.NewInt(1))
			require.False(t, murabahah.RateAtLeast(test.amounts, test.financed, new(big.Rat).SetFrac(beyond, unit)))

			// The bracket does not depend on where the search starts.
			for _, start := range [][2]uint64{{0, 1}, {1, 0}, {1 << 63, 0}, {^uint64(0), ^uint64(0)}} {
				from, to := murabahah.FactorBracket(test.amounts, test.financed, start[0], start[1])
				require.LessOrEqual(t, new(big.Int).Sub(to, from).Cmp(big.NewInt(int64(4*len(test.amounts)+8))), 0)
				rate := func(v *big.Int) *big.Rat { return new(big.Rat).SetFrac(new(big.Int).Sub(unit, v), v) }
				require.False(t, murabahah.RateAtLeast(test.amounts, test.financed, rate(from)), "a factor too low is a rate too high")
				require.True(t, murabahah.RateAtLeast(test.amounts, test.financed, rate(to)))
			}

			var sum int64
			for _, amount := range test.amounts {
				sum += amount
			}
			left := sum - test.financed
			require.Equal(t,
				murabahah.WidenedMargin(test.amounts, test.financed, test.financed, left, 1),
				murabahah.SolvedMargin(test.amounts, test.financed, test.financed, left, 1))

			schedule, err := annuityTerms(test.amounts, left, 1).Schedule()
			if err != nil {
				require.ErrorIs(t, err, murabahah.ErrTerms)
				t.Log(err)
				return
			}
			requireScheduleSums(t, schedule, test.financed, left)
		})
	}
}

func requireScheduleSums(t testing.TB, s murabahah.Schedule, financed, margin int64) {
	t.Helper()
	requireScheduleSumsWithin(t, s, financed, margin, 0)
}

// requireScheduleSumsWithin allows the rows before the last to repay up to
// slack more principal than was financed: half a step of margin, where
// proportional rows are worth less than a step.
func requireScheduleSumsWithin(t testing.TB, s murabahah.Schedule, financed, margin, slack int64) {
	t.Helper()
	var principals, margins int64
	for i, row := range s.Rows {
		require.Equal(t, i+1, row.No)
		require.Positive(t, row.Amount.Minor())
		require.GreaterOrEqual(t, row.Margin.Minor(), int64(0))
		require.Equal(t, row.Amount, row.Principal.Add(row.Margin))
		principals += row.Principal.Minor()
		margins += row.Margin.Minor()
		require.LessOrEqual(t, principals, financed+slack, "row %d", i+1)
	}
	require.Equal(t, financed, principals)
	require.Equal(t, margin, margins)
}

func benchTerms(n int, method murabahah.Method) murabahah.Terms {
	terms := murabahah.Terms{
		Contract: "B", Goods: "goods", Buyer: ledger.Party{Member: "M1", Standing: ledger.Member},
		Cost: ledger.IDR.Of(120_000_000), Margin: ledger.IDR.Of(int64(1_234_567 * n / 2)), DownPayment: ledger.IDR.Of(20_000_000),
		Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: n, FirstDue: ledger.On(2026, 1, 31),
			Step: ledger.IDR.Of(100), Rounding: ledger.RoundHalfUp,
		},
		Recognition: murabahah.Recognition{Method: method, Step: ledger.IDR.Of(1)},
	}
	if method == murabahah.AnnuityAtRate {
		// Below what the cash flows imply; the last row takes the rest.
		terms.Recognition.Rate = decimal.New(5, -3)
	}
	return terms
}

// A schedule of every kind of plan.
func BenchmarkSchedule(b *testing.B) {
	kinds := map[string]func(*murabahah.Terms){
		"flat":    func(*murabahah.Terms) {},
		"annuity": func(t *murabahah.Terms) { t.Recognition.Method = murabahah.Annuity },
		"stated": func(t *murabahah.Terms) {
			price := murabahah.Pricing{Financed: t.Financed(), Rate: decimal.New(1, -2), Instalments: t.Plan.Instalments, Step: rupiah, Rounding: ledger.RoundUp}
			margin, err := price.Annuity()
			if err != nil {
				panic(err)
			}
			t.Margin, t.Recognition.Method, t.Recognition.Rate = margin, murabahah.AnnuityAtRate, price.Rate
		},
		"declining":   func(t *murabahah.Terms) { t.Plan.Kind, t.Recognition.Method = murabahah.Declining, murabahah.Planned },
		"progressive": func(t *murabahah.Terms) { t.Plan.Kind, t.Recognition.Method = murabahah.Progressive, murabahah.Planned },
		"harvest":     func(t *murabahah.Terms) { t.Plan.Kind, t.Plan.Harvest = murabahah.Seasonal, []int{1, 7} },
		"balloon":     func(t *murabahah.Terms) { t.Plan.Final = ledger.IDR.Of(5_000_000) },
		"market days": func(t *murabahah.Terms) { t.Plan.Days = murabahah.MarketDay },
		"by hand": func(t *murabahah.Terms) {
			schedule, err := t.Schedule()
			if err != nil {
				panic(err)
			}
			t.Plan = murabahah.Plan{Kind: murabahah.ByHand}
			for _, row := range schedule.Rows {
				t.Plan.Rows = append(t.Plan.Rows, murabahah.Instalment{Due: row.Due, Amount: row.Amount})
			}
		},
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		for _, n := range []int{12, 60, 360, murabahah.MaxInstalments} {
			if kind == "stated" && n > 60 {
				continue // what rounding leaves grows with the rate; the terms would be refused
			}
			b.Run(fmt.Sprintf("%s/%d", kind, n), func(b *testing.B) {
				terms := benchTerms(n, murabahah.Proportional)
				kinds[kind](&terms)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := terms.Schedule(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
