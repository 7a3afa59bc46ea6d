package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// paidDown returns a contract that is acquired, its down payment received.
func paidDown(t testing.TB, terms murabahah.Terms, on ledger.Date) *book {
	b := newBook(t)
	b.do(b.contract.Order(murabahah.Ordering{Date: on, Terms: terms}))
	b.do(b.contract.Acquire(murabahah.Acquisition{Date: on, Cost: terms.Cost, Place: cash, Supplier: "Toko Jaya", Document: "FKT-1"}))
	if !terms.DownPayment.IsZero() {
		b.do(b.contract.ReceiveDownPayment(murabahah.Receipt{Date: on, Amount: terms.DownPayment, Place: cash}))
	}
	return b
}

func offering(c murabahah.Contract, on ledger.Date, terms murabahah.Terms) murabahah.Offer {
	return murabahah.Offer{Act: murabahah.Act{Contract: c.Terms.Contract, Date: on}, Terms: terms}
}

// An order that waited: time before the akad earns no margin, so no instalment
// of it falls due before. The day itself is not before.
func TestMarginBeginsAtTheAkad(t *testing.T) {
	b := paidDown(t, motor(murabahah.Annuity), start) // first due on 31 January
	_, err := b.contract.Sell(murabahah.Sale{Date: ledger.On(2026, 1, 31)})
	require.NoError(t, err)
	late := ledger.On(2026, 2, 1)
	_, err = b.contract.Sell(murabahah.Sale{Date: late})
	require.ErrorIs(t, err, murabahah.ErrDate)
	require.ErrorContains(t, err, "the first instalment would be due on 2026-01-31, before the akad of 2026-02-01; offer the terms anew (DSN-MUI 04/2000)")
	terms := b.contract.Terms
	terms.Plan.FirstDue = ledger.On(2026, 2, 28)
	b.do(b.contract.Decide(offering(b.contract, late, terms)))
	b.do(b.contract.Sell(murabahah.Sale{Date: late}))
	q, err := b.contract.Quote(late)
	require.NoError(t, err)
	require.Equal(t, terms.Margin, q.Rebate, "no time has elapsed")

	counter := motor(murabahah.Proportional) // for cash, nothing falls due
	counter.Plan.Instalments = 1
	b = paidDown(t, counter, start)
	_, err = b.contract.Sell(murabahah.Sale{Date: late, Place: cash})
	require.NoError(t, err)
}

// DSN-MUI 153/2022 binds every akad of its time: neither an offer after the
// order nor an order of before leads around it.
func TestMandatoryRebateHoldsOfferAndAkad(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.Settlement.Rule = murabahah.RebateDiscretionary
	b := inState(t, murabahah.Ordered)
	_, err := b.contract.Decide(offering(b.contract, start, terms))
	require.ErrorIs(t, err, murabahah.ErrTerms)
	require.ErrorContains(t, err, "(DSN-MUI 153/2022)")

	before, from := murabahah.MandatoryFrom().Prev(), murabahah.MandatoryFrom()
	b = paidDown(t, terms, before)
	_, err = b.contract.Sell(murabahah.Sale{Date: before})
	require.NoError(t, err)
	_, err = b.contract.Sell(murabahah.Sale{Date: from})
	require.ErrorIs(t, err, murabahah.ErrTerms)
	require.ErrorContains(t, err, "(DSN-MUI 153/2022)")
	terms.Settlement.Rule = murabahah.RebateMandatory
	b.do(b.contract.Decide(offering(b.contract, from, terms)))
	b.do(b.contract.Sell(murabahah.Sale{Date: from}))
}

// What an order was held to holds its offers and its akad, each by the standard
// in force on its own day, and goes with the order.
func TestAdmissionHoldsUpToTheAkad(t *testing.T) {
	from2019 := ledger.On(2026, 1, 20)
	held := &murabahah.Admission{Standards: murabahah.Standards(from2019), Facts: murabahah.Facts{Months: 24, Collection: murabahah.LargeRisk, Financing: true}}
	b := newBook(t)
	b.do(b.contract.Order(murabahah.Ordering{Date: start, Terms: motor(murabahah.Proportional), Admission: held}))
	_, err := b.contract.Decide(offering(b.contract, start, motor(murabahah.AtDelivery)))
	require.ErrorIs(t, err, murabahah.ErrTerms, "large risk, a long term")
	require.ErrorContains(t, err, "(PSAK 102 (2016))")
	short := offering(b.contract, start, motor(murabahah.AtDelivery))
	short.Admission = &murabahah.Admission{Standards: held.Standards, Facts: murabahah.Facts{Months: 12}}
	_, err = b.contract.Decide(short)
	require.NoError(t, err, "the facts have changed with the terms")

	b.acquire().do(b.contract.ReceiveDownPayment(receiving(4_000_000)))
	_, err = b.contract.Sell(murabahah.Sale{Date: from2019.Prev()})
	require.NoError(t, err)
	_, err = b.contract.Sell(murabahah.Sale{Date: from2019})
	require.ErrorIs(t, err, murabahah.ErrTerms, "ordered under the rules of 2016, sold under those of 2019")
	require.ErrorContains(t, err, "(PSAK 402 (2019))")
	b.do(b.contract.Decide(offering(b.contract, from2019, motor(murabahah.Annuity))))
	b.do(b.contract.Sell(murabahah.Sale{Date: from2019}))
	require.Equal(t, held, b.contract.Course.Admission)

	// Another buyer of the goods has an order of its own.
	b.does(murabahah.GoodsReturn{Act: act(b.contract), Place: cash})
	b.do(b.contract.Order(murabahah.Ordering{Date: from2019, Terms: motor(murabahah.AtDelivery)}))
	require.Nil(t, b.contract.Course.Admission)
}

// An order that is carried out again in a correction is held to what it was
// held to before.
func TestCorrectionKeepsTheAdmission(t *testing.T) {
	book, desk := newDesk(t)
	held := &murabahah.Admission{Standards: murabahah.Standards(start), Facts: murabahah.Facts{Financing: true}}
	stock := func(supplier string) murabahah.Stocking {
		return murabahah.Stocking{Act: murabahah.Act{Key: "K1" + supplier, Contract: "MRB-1", Date: start, Document: "FKT"}, Goods: "Sepeda motor",
			Cost: ledger.IDR.Of(19_000_000), Place: cash, Supplier: supplier, Possession: "SJ"}
	}
	_, err := desk.Do(ctx, stock("Toko Jaya"))
	require.NoError(t, err)
	further := func(key string) murabahah.FurtherCost {
		return murabahah.FurtherCost{Act: murabahah.Act{Key: key, Contract: "MRB-1", Date: start, Document: "ONGKIR"}, Amount: ledger.IDR.Of(1_000_000), Place: cash}
	}
	_, err = desk.Do(ctx, further("K2"))
	require.NoError(t, err)
	_, err = desk.Order(ctx, murabahah.Ordering{Key: "K3", Date: start, Terms: motor(murabahah.Annuity), Admission: held})
	require.NoError(t, err)
	done, err := desk.Correct(ctx, murabahah.Correction{Key: "C", Contract: "MRB-1", Version: 2, Date: start, Reason: "kuitansi lain", Instead: further("")})
	require.NoError(t, err)
	require.Equal(t, asJSON(t, held), asJSON(t, done.Contract.Course.Admission))
	requireSound(t, book)
}

// The object that the buyer sold to the cooperative for another akad is the
// cooperative's: it is neither sold to it again nor returned for a defect.
func TestGoodsAreResoldOnce(t *testing.T) {
	b := inState(t, murabahah.Sold)
	convert := murabahah.Convert{Act: act(b.contract), Value: ledger.IDR.Of(3_000_000), Asset: murabahah.Place{Account: "15103"}}
	b.does(convert)
	require.Equal(t, murabahah.Sold, b.contract.State, "what is short stays owed")
	_, err := b.contract.Decide(convert)
	require.ErrorIs(t, err, murabahah.ErrCommand)
	require.ErrorContains(t, err, "the object is the cooperative's already, as DOK-1 proves (DSN-MUI 49/2005)")
	goods := murabahah.GoodsReturn{Act: act(b.contract), Place: cash}
	_, err = b.contract.Decide(goods)
	require.ErrorContains(t, err, "the goods are the cooperative's already, as DOK-1 proves (DSN-MUI 49/2005)")
	b.do(murabahah.Reverse(b.history, murabahah.Reversal{Date: start, Reason: "akad batal"}))
	b.does(goods)
}

// A member whose debt was lightened because the ability to pay had fallen is
// on record as unable: no penalty until the contrary is proven.
func TestConcessionRecordsInability(t *testing.T) {
	b := inState(t, murabahah.Sold)
	b.does(murabahah.Concession{Act: act(b.contract), Amount: ledger.IDR.Of(500_000)})
	require.Equal(t, "DOK-1", b.contract.Course.Unable)
	_, err := b.contract.Penalise(receiving(10_000))
	require.ErrorIs(t, err, murabahah.ErrAble)
	b.does(murabahah.Ability{Act: act(b.contract), Able: true})
	_, err = b.contract.Penalise(receiving(10_000))
	require.NoError(t, err)
}

// Time that has elapsed stays elapsed: agreeing the rest anew, once or twice,
// moves the days of the instalments and waives no margin.
func TestReschedulingDoesNotTurnTimeBack(t *testing.T) {
	for _, method := range []murabahah.Method{murabahah.Proportional, murabahah.Annuity, murabahah.AtDelivery} {
		b := inStateOn(t, murabahah.Sold, motor(method))
		agreed := ledger.On(2026, 4, 1) // three instalments are due and unpaid
		before, err := b.contract.Quote(agreed)
		require.NoError(t, err)
		require.Positive(t, before.Owed.Sign())
		for _, first := range []ledger.Date{ledger.On(2026, 9, 30), ledger.On(2026, 10, 31)} {
			rest := plan(12, rupiah, ledger.RoundHalfUp)
			rest.FirstDue = first
			a := act(b.contract)
			a.Date = agreed
			b.does(murabahah.Reschedule{Act: a, Kind: murabahah.Rescheduling, Plan: rest})
			for _, on := range []ledger.Date{agreed, first.Prev()} {
				after, err := b.contract.Quote(on)
				require.NoError(t, err)
				require.Equal(t, before.Pays, after.Pays, "%s on %s", method, on)
				require.Contains(t, after.Working(), murabahah.WorkingLine{
					Name: "Margin masa yang telah lewat saat penjadwalan ulang", NameEn: "Margin of the time elapsed when agreed anew", Amount: before.Owed})
			}
		}
		last, err := b.contract.Quote(ledger.On(2027, 9, 30))
		require.NoError(t, err)
		require.Zero(t, last.Rebate, "all of its time has elapsed")
		b.does(murabahah.Concession{Act: murabahah.Act{Date: agreed, Document: "SKTM"}, Amount: b.contract.Terms.Margin.Sub(rupiah)})
		left, err := b.contract.Quote(agreed)
		require.NoError(t, err)
		if method == murabahah.AtDelivery {
			require.Equal(t, before.Owed, left.Owed, "what was given up was not margin")
		} else {
			require.Equal(t, rupiah, left.Owed, "never more than the margin that is left")
		}
		b.do(b.contract.Settle(murabahah.Settlement{Date: agreed, Place: cash}))
		requireSoundLife(t, b.contract, b.contract)
	}
}

// Margin taken at delivery is given back at an early settlement after the rest
// was agreed anew, or a part given up, as it is before.
func TestMarginTakenAtDeliveryIsWaivedAfterRescheduling(t *testing.T) {
	b := inStateOn(t, murabahah.Sold, motor(murabahah.AtDelivery)).pay(ledger.IDR.Of(1_733_000))
	agreed := ledger.On(2026, 2, 1)
	before, err := b.contract.Quote(agreed)
	require.NoError(t, err)
	revise := murabahah.Reschedule{Act: murabahah.Act{Date: agreed}, Kind: murabahah.Rescheduling, Plan: plan(20, rupiah, ledger.RoundHalfUp)}
	revise.Plan.FirstDue = ledger.On(2026, 2, 28)
	revise.Method = murabahah.Proportional
	_, err = b.contract.Decide(revise)
	require.ErrorIs(t, err, murabahah.ErrTerms)
	require.ErrorContains(t, err, "method at_delivery does not become proportional: margin is taken at delivery or it is not (DSN-MUI 84/2012)")
	revise.Method = ""
	b.does(revise)
	after, err := b.contract.Quote(agreed)
	require.NoError(t, err)
	require.Equal(t, before.Rebate, after.Rebate)
	half, err := b.contract.Quote(ledger.On(2026, 11, 30)) // 10 of the 20
	require.NoError(t, err)
	require.Equal(t, ledger.IDR.Of(399_923), before.Owed, "1,733,000/20,800,000 of 4,800,000")
	require.Equal(t, ledger.IDR.Of(2_599_962), half.Owed, "and half of the 4,400,077 beyond it, half up")

	other := inState(t, murabahah.Sold)
	revise.Method = murabahah.AtDelivery
	_, err = other.contract.Decide(revise)
	require.ErrorIs(t, err, murabahah.ErrTerms, "the margin of a rest is not taken at once")
}
