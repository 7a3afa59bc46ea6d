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
