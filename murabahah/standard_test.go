package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// An order that is held to the standards of PSAK 402 is refused where the one
// in force on its day does not allow the method; without them nothing is asked.
func TestOrderIsHeldToTheStandardInForce(t *testing.T) {
	from2019 := ledger.On(2021, 1, 1)
	financing := murabahah.Facts{Months: 24, Collection: murabahah.LargeRisk, Financing: true}
	trading := financing
	trading.InventoryRisk = true
	for _, test := range []struct {
		name   string
		on     ledger.Date
		facts  murabahah.Facts
		method murabahah.Method
		fault  string // empty: taken
	}{
		{"2016, proportional", ledger.On(2020, 12, 31), financing, murabahah.Proportional, ""},
		{"2019, financing by annuity", from2019, financing, murabahah.Annuity, ""},
		{"2019, financing is not proportional", from2019, financing, murabahah.Proportional, "(PSAK 402 (2019))"},
		{"2019, with the risk of the goods", from2019, trading, murabahah.Proportional, ""},
		{"2019, with the risk of the goods not by annuity", from2019, trading, murabahah.Annuity, "(PSAK 402 (2019))"},
		{"no financing", from2019, murabahah.Facts{Months: 3}, murabahah.Proportional, "(PSAK 402 (2019))"},
		{"before any standard", ledger.On(2007, 12, 31), financing, murabahah.Proportional, "none of 2 standards is in force on 2007-12-31 (PSAK 402)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := murabahah.Ordering{Date: test.on, Terms: motor(test.method)}
			_, err := murabahah.Contract{}.Order(o)
			require.NoError(t, err, "without standards nothing is asked")
			o.Admission = &murabahah.Admission{Standards: murabahah.Standards(from2019), Facts: test.facts}
			_, err = murabahah.Contract{}.Order(o)
			if test.fault == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, murabahah.ErrTerms)
			require.ErrorContains(t, err, test.fault)
		})
	}
}

// What an order is held to is part of what is asked for: under the same key
// other standards or facts are other content.
func TestAdmissionIsContent(t *testing.T) {
	_, desk := newDesk(t)
	o := murabahah.Ordering{Key: "K1", Date: start, Terms: motor(murabahah.Annuity),
		Admission: &murabahah.Admission{Standards: murabahah.Standards(start), Facts: murabahah.Facts{Financing: true}}}
	_, err := desk.Order(ctx, o)
	require.NoError(t, err)
	again, err := desk.Order(ctx, o)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	held := o.Admission
	o.Admission = &murabahah.Admission{Standards: held.Standards, Facts: murabahah.Facts{Financing: true, Months: 24}}
	_, err = desk.Order(ctx, o)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	o.Admission = nil
	_, err = desk.Order(ctx, o)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
}
