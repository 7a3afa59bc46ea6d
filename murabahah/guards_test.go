package murabahah_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// Money comes out of the buyer's own savings, or out of those of somebody who
// is named as paying for the buyer, and out of nobody else's.
func TestWhoPays(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for _, member := range []string{"M00001", "M00002"} {
			sub := member + "-SIMUDA"
			if err := tx.OpenSub(ledger.SubOpening{Key: "S" + sub, Account: "30101", Sub: sub, Holder: member, Floor: ledger.HardFloor(none)}); err != nil {
				return err
			}
			if _, err := tx.Post(ledger.Entry{Key: "D" + sub, Date: start, Memo: "Setoran", Lines: []ledger.Line{
				ledger.Debit("10102", ledger.IDR.Of(500_000)), ledger.Credit("30101", ledger.IDR.Of(500_000)).For(sub),
			}}); err != nil {
				return err
			}
		}
		return nil
	}))
	from := func(key, member, payer string) error {
		r := receipt(key, 100_000)
		r.Place = murabahah.Place{Account: "30101", Sub: member + "-SIMUDA"}
		if payer != "" {
			r.Payer = ledger.Party{Member: payer, Standing: ledger.Member}
		}
		_, err := desk.Pay(ctx, r)
		return err
	}
	require.NoError(t, from("P1", "M00001", ""))
	err := from("P2", "M00002", "")
	require.ErrorIs(t, err, murabahah.ErrPayer)
	require.EqualError(t, err, "murabahah: contract MRB-1: pay: account 30101/M00002-SIMUDA is that of M00002, the buyer is M00001; name who pays for the buyer")
	require.ErrorIs(t, from("P3", "M00002", "M00003"), murabahah.ErrPayer, "another name does not help")
	require.NoError(t, from("P4", "M00002", "M00002"))
	_, err = desk.Settle(ctx, murabahah.Settlement{Key: "E", Contract: "MRB-1", Date: start, Place: murabahah.Place{Account: "30101", Sub: "M00002-SIMUDA"}})
	require.ErrorIs(t, err, murabahah.ErrPayer)
	_, err = desk.Do(ctx, murabahah.Compensation{Act: murabahah.Act{Key: "C", Contract: "MRB-1", Date: start, Note: "x", Document: "x"}, Amount: rupiah, Place: murabahah.Place{Account: "30101", Sub: "M00002-SIMUDA"}})
	require.ErrorIs(t, err, murabahah.ErrPayer)
	r := receipt("P5", 1)
	r.Payer = ledger.Party{Member: "M00002"}
	_, err = desk.Pay(ctx, r)
	require.ErrorIs(t, err, murabahah.ErrCommand, "a payer has a standing")
}

// An entry of a contract is neither taken back nor added to past the desk by
// whoever makes up a source: the contract and the books move together or not at
// all.
func TestMadeUpSourceIsRefused(t *testing.T) {
	book := newLedger(t, ledger.NewMemory())
	desk := murabahah.NewDesk(book, accounts)
	bought := does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000))
	before := headOf(t, book)
	next := ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: bought.Contract.Version + 1, Event: "reverse"}
	for name, forged := range map[string]func() error{
		"reversal": func() error {
			_, err := book.Reverse(ctx, ledger.Reversal{Key: "R", Entry: bought.Posted.Number, Date: start, Reason: "x", Source: next})
			return err
		},
		"entry": func() error {
			_, err := book.Post(ctx, ledger.Entry{Key: "R", Date: start, Memo: "x", Source: next, Lines: bought.Posted.Lines})
			return err
		},
		"entry beside the desk's": func() error {
			return book.Update(ctx, func(tx *ledger.Tx) error {
				if _, err := desk.SellTx(tx, murabahah.Sale{Key: "K4", Contract: "MRB-1", Date: start}); err != nil {
					return err
				}
				_, err := tx.Post(ledger.Entry{Key: "R", Date: start, Memo: "x", Lines: bought.Posted.Lines,
					Source: ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: bought.Contract.Version + 1, Event: "sell"}})
				return err
			})
		},
	} {
		require.ErrorIs(t, forged(), ledger.ErrSource, name)
		require.Equal(t, before, headOf(t, book), name)
	}
	requireSound(t, book)
	does(t, desk, sell("K4"))
}

// Margin that does not go with what is collected is found, though entry,
// record and sums agree with each other.
func TestChecksFindMarginTakenEarly(t *testing.T) {
	book := newLedger(t, ledger.NewMemory())
	desk := murabahah.NewDesk(book, accounts)
	sold := does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4")).Contract
	e, err := sold.Pay(receipt("", 1_000_000))
	require.NoError(t, err)
	e.Change.Recognised, e.Change.Deferred = e.Change.Recognised.Add(rupiah), e.Change.Deferred.Sub(rupiah)
	next, err := sold.Apply(e)
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return forge(tx, ledger.Record{Kind: "murabahah", ID: "MRB-1", Version: 5, Event: "pay", Data: []byte(asJSON(t, e)), Format: 1, State: []byte(asJSON(t, next))},
			murabahah.Journal(sold, e, accounts))
	}))
	found := findings(t, book)
	require.Len(t, found, 1)
	require.Equal(t, "murabahah.margin", found[0].Check)
	require.Equal(t, "contract MRB-1: margin of 230770.00 is recognised, what is collected implies 230769.00", found[0].Text)
}

// Goods in stock find a buyer, are sold over the counter for cash, and leave
// nothing behind.
func TestStockOverTheCounter(t *testing.T) {
	_, desk := newDesk(t)
	rp := ledger.IDR.Of
	do := func(c murabahah.Command) murabahah.Result {
		t.Helper()
		result, err := desk.Do(ctx, c)
		require.NoError(t, err)
		return result
	}
	a := func(key string) murabahah.Act {
		return murabahah.Act{Key: key, Contract: "MRB-1", Date: start, Document: "DOK-1"}
	}
	stocked := do(murabahah.Stocking{Act: a("K1"), Goods: "Sepeda motor", Cost: rp(19_700_000), Place: cash, Supplier: "Toko Jaya", Possession: "SJ-9"})
	require.Equal(t, []string{"10102 -19700000.00", "11401/MRB-1 19700000.00"}, linesOn(stocked.Posted))
	require.Zero(t, stocked.Posted.Lines[0].Party, "nobody has ordered them")
	do(murabahah.FurtherCost{Act: a("K2"), Amount: rp(300_000), Place: cash})
	terms := motor(murabahah.Proportional)
	terms.DownPayment, terms.Plan.Instalments = none, 1
	ordered := does(t, desk, order("K3", terms))
	require.Equal(t, murabahah.Acquired, ordered.Contract.State)
	require.Equal(t, "Toko Jaya", ordered.Contract.Terms.Supplier)
	sold, err := desk.Sell(ctx, murabahah.Sale{Key: "K4", Contract: "MRB-1", Date: start, Place: cash})
	require.NoError(t, err)
	require.Equal(t, murabahah.Settled, sold.Contract.State)
	other := terms
	other.Goods = "Mobil"
	_, err = murabahah.Contract{Terms: stocked.Contract.Terms, State: murabahah.Stocked}.Order(murabahah.Ordering{Date: start, Terms: other})
	require.ErrorIs(t, err, murabahah.ErrTerms)
	undoAll(t, desk, "MRB-1")
}

// The desk's methods with Tx compose; the context is the caller's.
func TestDoInTheCallersTransaction(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Annuity)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	before := headOf(t, book)
	err := book.Update(context.Background(), func(tx *ledger.Tx) error {
		a := murabahah.Act{Key: "A", Contract: "MRB-1", Date: start, Document: "DOK"}
		if _, err := desk.DoTx(tx, murabahah.Delivery{Act: a}); err != nil {
			return err
		}
		a.Key = "B"
		_, err := desk.DoTx(tx, murabahah.Delivery{Act: a}) // twice
		return err
	})
	require.ErrorIs(t, err, murabahah.ErrCommand)
	require.Equal(t, before, headOf(t, book))
}

// A cooperative without memorandum accounts keeps what is written off in the
// contracts' own records.
func TestWithoutMemoranda(t *testing.T) {
	book := newLedger(t, ledger.NewMemory())
	without := accounts
	without.WrittenOff, without.Suspended, without.MemoContra = "", "", ""
	desk := murabahah.NewDesk(book, without)
	provide(t, desk, 16_000_000)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	result, err := desk.Do(ctx, murabahah.WriteOff{Act: murabahah.Act{Key: "K5", Contract: "MRB-1", Date: start, Note: "x", Approver: "y"}})
	require.NoError(t, err)
	require.Equal(t, []string{"11101/MRB-1 -20800000.00", "11102/MRB-1 4800000.00", "11301 16000000.00"}, linesOn(result.Posted))
	require.Equal(t, ledger.IDR.Of(20_800_000), result.Contract.Position.WrittenOff)
	for finding, err := range book.Check(ctx, murabahah.Checks(without)...) {
		require.NoError(t, err)
		t.Error(finding)
	}
	half := accounts
	half.WrittenOff = ""
	does(t, murabahah.NewDesk(book, without), reverse("R", 0))
	_, err = murabahah.NewDesk(book, half).Do(ctx, murabahah.WriteOff{Act: murabahah.Act{Key: "K6", Contract: "MRB-1", Date: start, Note: "x", Approver: "y"}})
	require.ErrorIs(t, err, murabahah.ErrRole)
}

// A discount after an akad that shares it: the buyer's part is owed, the rest
// is margin; who claims a part where nothing is shared is refused.
func TestSharedDiscount(t *testing.T) {
	terms := motor(murabahah.Proportional)
	terms.LaterDiscount = murabahah.Shared
	b := newBook(t).order(terms).acquire().sell()
	rp := ledger.IDR.Of
	entry := b.do(b.contract.Decide(murabahah.SupplierDiscount{Act: act(b.contract), Amount: rp(300_000), BuyersPart: rp(200_000), Place: cash}))
	require.Equal(t, []string{"10102 300000.00", "20305 -200000.00", "50101 -100000.00"}, linesOf(entry))
	_, err := b.contract.Decide(murabahah.SupplierDiscount{Act: act(b.contract), Amount: rp(1), BuyersPart: rp(2), Place: cash})
	require.ErrorIs(t, err, murabahah.ErrAmount)
	plain := inState(t, murabahah.Sold)
	_, err = plain.contract.Decide(murabahah.SupplierDiscount{Act: act(plain.contract), Amount: rp(2), BuyersPart: rp(1), Place: cash})
	require.ErrorContains(t, err, "(DSN-MUI 16/2000)")
}

// A reversal that does not bring back what stood before is found.
func TestChecksFindAFalseReversal(t *testing.T) {
	book := newLedger(t, ledger.NewMemory())
	desk := murabahah.NewDesk(book, accounts)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	judged, err := desk.Do(ctx, murabahah.Judge{Act: murabahah.Act{Key: "K5", Contract: "MRB-1", Date: start, Note: "x", Approver: "y"}, Class: murabahah.Loss})
	require.NoError(t, err)
	history, err := desk.History(ctx, "MRB-1")
	require.NoError(t, err)
	e, err := murabahah.Reverse(history, murabahah.Reversal{Date: start, Reason: "x"})
	require.NoError(t, err)
	e.Course = &judged.Contract.Course // the judgment stays
	next, err := judged.Contract.Apply(e)
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Save(ledger.Record{Key: "X", Kind: "murabahah", ID: "MRB-1", Version: 6, Event: "reverse", Data: []byte(asJSON(t, e)), Format: 1, State: []byte(asJSON(t, next))})
		return err
	}))
	found := findings(t, book)
	require.Len(t, found, 1)
	require.Equal(t, "murabahah.course", found[0].Check)
	require.Contains(t, found[0].Text, "does not bring back what stood before")
}

// A debt is charged to an allowance that was set up: beyond it the loss would
// stand among the assets and no year's result would have borne it.
func TestWriteOffBeyondTheAllowance(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	provide(t, desk, 15_999_999)
	before := headOf(t, book)
	act := func(key string) murabahah.Act {
		return murabahah.Act{Key: key, Contract: "MRB-1", Date: start, Note: "x", Approver: "y"}
	}
	for _, beyond := range []murabahah.Command{murabahah.WriteOff{Act: act("K5")}, murabahah.Release{Act: act("K5"), FromAllowance: true}} {
		_, err := desk.Do(ctx, beyond)
		require.ErrorIs(t, err, murabahah.ErrAllowance)
		require.ErrorContains(t, err, "of 16000000.00 is more than the allowance of 15999999.00 on account 11301: set it up first")
		require.Equal(t, before, headOf(t, book))
	}
	_, err := desk.Provide(ctx, murabahah.Provision{Key: "PPAP-2", Date: start, Required: ledger.IDR.Of(16_000_000)})
	require.NoError(t, err)
	_, err = desk.Provide(ctx, murabahah.Provision{Key: "PPAP-3", Date: start.AddDays(5)}) // released again later
	require.NoError(t, err)
	_, err = desk.Do(ctx, murabahah.WriteOff{Act: act("K5")})
	require.ErrorIs(t, err, murabahah.ErrAllowance, "dated back to before the release")
	_, err = desk.Provide(ctx, murabahah.Provision{Key: "PPAP-4", Date: start.AddDays(5), Required: ledger.IDR.Of(16_000_000)})
	require.NoError(t, err)
	_, err = desk.Do(ctx, murabahah.WriteOff{Act: act("K5")})
	require.NoError(t, err)
	require.NotContains(t, standing(t, book), "11301")
}
