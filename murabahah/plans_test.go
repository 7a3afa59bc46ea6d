package murabahah_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

func dues(t testing.TB, terms murabahah.Terms) (days []string) {
	t.Helper()
	for _, row := range scheduleOf(t, terms) {
		days = append(days, row.Due.String())
	}
	return days
}

// Harvest, market day, week and grace: the days of every kind of plan, and
// that each of them adds up with every method that it can have.
func TestPlansByTheCalendar(t *testing.T) {
	with := func(n int, first ledger.Date, change func(*murabahah.Plan)) murabahah.Terms {
		terms := motor(murabahah.Proportional)
		terms.Plan.Instalments, terms.Plan.FirstDue = n, first
		change(&terms.Plan)
		return terms
	}
	for name, test := range map[string]struct {
		terms murabahah.Terms
		days  []string
	}{
		"two harvests a year": {with(4, ledger.On(2026, 9, 30), func(p *murabahah.Plan) { p.Kind, p.Harvest = murabahah.Seasonal, []int{2, 9} }),
			[]string{"2026-09-30", "2027-02-28", "2027-09-30", "2028-02-29"}},
		"one harvest": {with(2, ledger.On(2026, 4, 10), func(p *murabahah.Plan) { p.Kind, p.Harvest = murabahah.Seasonal, []int{4} }),
			[]string{"2026-04-10", "2027-04-10"}},
		"a harvest that fails once": {with(2, ledger.On(2026, 4, 10), func(p *murabahah.Plan) { p.Kind, p.Harvest, p.Grace = murabahah.Seasonal, []int{4, 8}, 1 }),
			[]string{"2026-08-10", "2027-04-10"}},
		"weeks":       {with(3, ledger.On(2026, 1, 9), func(p *murabahah.Plan) { p.Days = murabahah.Weekly }), []string{"2026-01-09", "2026-01-16", "2026-01-23"}},
		"market days": {with(3, ledger.On(2026, 1, 9), func(p *murabahah.Plan) { p.Days = murabahah.MarketDay }), []string{"2026-01-09", "2026-01-14", "2026-01-19"}},
		"three months of grace": {with(2, ledger.On(2026, 1, 31), func(p *murabahah.Plan) { p.Grace = 3 }),
			[]string{"2026-04-30", "2026-05-31"}},
		"a bullet": {with(1, ledger.On(2026, 12, 31), func(p *murabahah.Plan) {}), []string{"2026-12-31"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.days, dues(t, test.terms))
			for _, method := range []murabahah.Method{murabahah.Proportional, murabahah.Annuity, murabahah.AtDelivery, murabahah.AfterCollected} {
				terms := test.terms
				terms.Recognition.Method = method
				scheduleOf(t, terms)
			}
		})
	}
	for name, change := range map[string]func(*murabahah.Plan){
		"no months":             func(p *murabahah.Plan) {},
		"a thirteenth":          func(p *murabahah.Plan) { p.Harvest = []int{1, 13} },
		"not rising":            func(p *murabahah.Plan) { p.Harvest = []int{4, 1} },
		"another month's first": func(p *murabahah.Plan) { p.Harvest = []int{4, 8} },
		"and a distance":        func(p *murabahah.Plan) { p.Harvest, p.Days = []int{1}, 7 },
	} {
		terms := with(2, ledger.On(2026, 1, 31), func(p *murabahah.Plan) { p.Kind = murabahah.Seasonal })
		change(&terms.Plan)
		var refusal *murabahah.Refusal
		require.ErrorAs(t, terms.Validate(), &refusal, name)
		require.Equal(t, "plan.harvest", refusal.Code, name)
	}
	level := with(2, ledger.On(2026, 1, 31), func(p *murabahah.Plan) { p.Harvest = []int{1} })
	require.ErrorIs(t, level.Validate(), murabahah.ErrTerms)
	level = with(2, ledger.On(2026, 1, 31), func(p *murabahah.Plan) { p.Grace = -1 })
	require.ErrorIs(t, level.Validate(), murabahah.ErrTerms)
}

func TestPasaran(t *testing.T) {
	require.Equal(t, "Legi", murabahah.Pasaran(ledger.On(1945, 8, 17)))
	require.Equal(t, "Kliwon", murabahah.Pasaran(ledger.On(1945, 8, 16)))
	require.Equal(t, "Legi", murabahah.Pasaran(ledger.On(2000, 1, 1)))
	require.Equal(t, "Pahing", murabahah.Pasaran(ledger.On(2026, 1, 5)))
	require.Empty(t, murabahah.Pasaran(ledger.Date{}))
	for i := range 3 {
		require.Equal(t, "Pahing", murabahah.Pasaran(ledger.On(2026, 1, 5).AddDays(i*murabahah.MarketDay)))
	}
}

// The published ways to a margin. The akad states the amount they come to.
func TestPricing(t *testing.T) {
	rp := ledger.IDR.Of
	price := murabahah.Pricing{Financed: rp(8_000_000), Rate: decimal.New(23, -3), Instalments: 24, Step: sen, Rounding: ledger.RoundHalfUp}
	average, err := price.Average()
	require.NoError(t, err)
	require.Equal(t, rp(2_300_000), average, "MRB-022 corrected: 8,000,000 x 2.3 % x 25 / 2")
	flat, err := price.Flat()
	require.NoError(t, err)
	require.Equal(t, rp(4_416_000), flat)
	annuity, err := price.Annuity()
	require.NoError(t, err)
	require.Equal(t, money(t, "2499496.55"), annuity, "24 exact instalments; those of the plan are rounded one by one")

	bsm := murabahah.Pricing{Financed: rp(180_000_000), Rate: decimal.New(1, -2), Instalments: 12, Step: rupiah, Rounding: ledger.RoundHalfUp}
	annuity, err = bsm.Annuity()
	require.NoError(t, err)
	require.Equal(t, rp(11_913_384), annuity, "MRB-009")
	bsm.Grace = 1
	later, err := bsm.Annuity()
	require.NoError(t, err)
	require.Equal(t, rp(13_832_517), later, "a month without a payment is priced before the akad")
	bsm.Rate = decimal.Zero
	annuity, err = bsm.Annuity()
	require.NoError(t, err)
	require.Zero(t, annuity)
	for _, wrong := range []murabahah.Pricing{{}, {Financed: rupiah, Instalments: 0}, {Financed: rupiah, Instalments: 1, Rate: decimal.New(-1, 0)}} {
		_, err := wrong.Flat()
		require.Error(t, err)
		_, err = wrong.Annuity()
		require.Error(t, err)
	}
}

// The rules of 2016 and of 2019 are dated data: what they let a sale choose.
func TestStandards(t *testing.T) {
	standards := murabahah.Standards(ledger.On(2024, 1, 1))
	old, found := murabahah.StandardOn(standards, ledger.On(2023, 12, 31))
	require.True(t, found)
	young, _ := murabahah.StandardOn(standards, ledger.On(2024, 1, 1))
	require.Equal(t, []string{"PSAK 102 (2016)", "PSAK 402 (2019)"}, []string{old.Name, young.Name})
	_, found = murabahah.StandardOn(standards, ledger.On(2007, 12, 31))
	require.False(t, found)
	long := murabahah.Facts{Months: 36, Collection: murabahah.LargeRisk, Financing: true}
	for _, test := range []struct {
		standard murabahah.Standard
		facts    murabahah.Facts
		methods  string
	}{
		{old, murabahah.Facts{Cash: true}, "[at_delivery]"},
		{old, murabahah.Facts{Months: 12}, "[at_delivery]"},
		{old, murabahah.Facts{Months: 13}, "[proportional annuity annuity_at_rate planned]"},
		{old, long, "[proportional annuity annuity_at_rate planned]"},
		{old, murabahah.Facts{Months: 36, Collection: murabahah.VeryLargeRisk}, "[after_collected]"},
		{young, murabahah.Facts{Cash: true}, "[at_delivery]"},
		{young, murabahah.Facts{Months: 6}, "[at_delivery]"},
		{young, long, "[annuity annuity_at_rate planned]"},
		{young, murabahah.Facts{Months: 36, Financing: true, InventoryRisk: true}, "[proportional]"},
	} {
		require.Equal(t, test.methods, fmt.Sprint(test.standard.Allows(test.facts)), "%s %+v", test.standard.Name, test.facts)
	}
	require.NoError(t, old.Admit(motor(murabahah.Proportional), long))
	err := young.Admit(motor(murabahah.Proportional), long)
	require.ErrorIs(t, err, murabahah.ErrTerms)
	require.ErrorContains(t, err, "(PSAK 402 (2019))")
	young.Methods = []murabahah.Method{murabahah.Annuity}
	require.Equal(t, "[annuity]", fmt.Sprint(young.Allows(long)))
}
