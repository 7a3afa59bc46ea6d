package murabahah_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// derivedCases says how the cases are tested that were worked out for this
// package: both methods at the full price, settlements, arrears, allowances.
var derivedCases = map[string]func(*testing.T, worked){
	"MRB-D01": func(t *testing.T, w worked) {
		// The akad states 1 %. The rate that the rounded instalments imply is a
		// little above it, and moves one rupiah of margin from the last row.
		terms := sale(w.in(t, "financed"), w.in(t, "total_margin"), none, plan(12, rupiah, ledger.RoundHalfUp), murabahah.AnnuityAtRate, rupiah)
		terms.Recognition.Rate = decimal.RequireFromString(w.Inputs["rate_monthly"].(string))
		solved := terms
		solved.Recognition.Method, solved.Recognition.Rate = murabahah.Annuity, decimal.Zero
		solvedRows := scheduleOf(t, solved)
		require.Equal(t, ledger.IDR.Of(1_076_026), solvedRows[5].Margin)
		require.Equal(t, ledger.IDR.Of(158_344), solvedRows[11].Margin)
		open, deferred := terms.Cost, terms.Margin
		for i, row := range scheduleOf(t, terms) {
			want := w.Expected["rows"].([]any)[i].(map[string]any)
			open, deferred = open.Sub(row.Principal), deferred.Sub(row.Margin)
			for name, got := range map[string]ledger.Money{
				"principal": row.Principal, "margin": row.Margin, "instalment": row.Amount,
				"outstanding_principal": open, "deferred_margin": deferred,
			} {
				require.Equal(t, asMoney(t, want[name]), got, "row %d %s", row.No, name)
			}
		}
	},
	"MRB-D03": func(t *testing.T, w worked) {
		terms := sale(ledger.IDR.Of(60_000_000), w.in(t, "margin"), none, plan(18, sen, ledger.RoundHalfUp), murabahah.Proportional, sen)
		require.Equal(t, w.in(t, "net_receivable"), terms.NetReceivable())
		for i, row := range scheduleOf(t, terms) {
			require.Equal(t, asMoney(t, w.Expected["margin_by_period"].([]any)[i]), row.Margin, "row %d", row.No)
		}
	},
	"MRB-D05": func(t *testing.T, w worked) {
		for i, loss := range w.Inputs["actual_loss_cases"].([]any) {
			at := func(name string) ledger.Money { return asMoney(t, w.Expected[name].([]any)[i]) }
			refund := murabahah.SplitDownPayment(w.in(t, "down_payment"), asMoney(t, loss))
			require.Equal(t, murabahah.Refund{Returned: at("returned"), Kept: at("kept"), Claimable: at("still_claimable")}, refund)

			b := newBook(t).order(sale(ledger.IDR.Of(10_000_000), none, w.in(t, "down_payment"), plan(1, rupiah, ledger.RoundHalfUp), murabahah.Proportional, rupiah))
			b.do(b.contract.ReceiveDownPayment(murabahah.Receipt{Date: start, Amount: w.in(t, "down_payment"), Place: cash}))
			b.do(b.contract.Cancel(murabahah.Cancellation{Date: start, ActualLoss: asMoney(t, loss), Evidence: "kuitansi", Place: cash}))
			require.Equal(t, at("kept"), b.balances[cash.Account], "what is left of the cash received")
			require.Equal(t, at("kept").Neg(), b.balances[accounts.CostRecovery])
			require.Zero(t, b.balances[accounts.DownPayment])
		}
	},
	"MRB-D06": func(t *testing.T, w worked) {
		cost, value := w.in(t, "cost"), w.in(t, "nrv_or_damaged_value")
		for i, want := range w.Expected["write_down"].([]any) {
			binding := i != 1
			cause := []murabahah.Cause{murabahah.Damage, murabahah.MarketFall, murabahah.MarketFall}[i]
			terms := sale(cost, none, none, plan(1, rupiah, ledger.RoundHalfUp), murabahah.Proportional, rupiah)
			if binding {
				terms.Promise = murabahah.Binding
			}
			b := newBook(t).order(terms).acquire()
			e, err := b.contract.Decide(murabahah.Impairment{Act: act(b.contract), Value: value, Cause: cause})
			if asMoney(t, want).IsZero() {
				require.ErrorContains(t, err, "(PSAK 402)", w.Inputs["cases"])
				continue
			}
			b.do(e, err)
			require.Equal(t, asMoney(t, want), b.contract.Position.Impaired)
			require.Equal(t, value, b.contract.Position.Inventory)
			_, err = b.contract.Sell(murabahah.Sale{Date: start})
			require.ErrorIs(t, err, murabahah.ErrCost, "the loss is the seller's: the terms are offered at the lower cost")
			terms.Cost = value
			b.does(murabahah.Offer{Act: act(b.contract), Terms: terms}).sell()
			require.Equal(t, value, b.contract.Position.Receivable)
		}
	},
	"MRB-D07": func(t *testing.T, w worked) {
		discount, margin := w.in(t, "discount"), w.in(t, "margin")
		out := func(name string, i int) ledger.Money { return asMoney(t, w.Expected[name].([]any)[i]) }
		agreed := []murabahah.DiscountAgreement{"", murabahah.ForBuyer, murabahah.ForSeller, murabahah.NotAgreed}
		credited := []string{"11401 -3000000.00", "20305 -3000000.00", "50101 -3000000.00", "50599 -3000000.00"}
		for i, agreement := range agreed {
			terms := sale(w.in(t, "list_cost"), margin, none, plan(1, rupiah, ledger.RoundHalfUp), murabahah.Proportional, rupiah)
			terms.LaterDiscount = agreement
			b := newBook(t).order(terms).acquire()
			take := func() ledger.Entry {
				return b.do(b.contract.Decide(murabahah.SupplierDiscount{Act: act(b.contract), Amount: discount, Place: cash}))
			}
			var entry ledger.Entry
			if i == 0 {
				entry = take()
				terms.Cost = b.contract.Position.Inventory // what the buyer is told
				b.does(murabahah.Offer{Act: act(b.contract), Terms: terms})
			}
			require.Equal(t, out("inventory_cost", i), b.contract.Position.Inventory)
			b.sell()
			require.Equal(t, out("sale_price", i), b.contract.Position.Receivable)
			if i > 0 {
				entry = take()
			}
			require.Equal(t, []string{"10102 3000000.00", credited[i]}, linesOf(entry), w.Inputs["cases"].([]any)[i])
		}
	},
	"MRB-D08": func(t *testing.T, w worked) {
		owed, deferred := w.in(t, "receivable_gross"), w.in(t, "deferred_margin")
		for i, proceeds := range w.Inputs["proceeds_cases"].([]any) {
			b := newBook(t).order(sale(owed.Sub(deferred), deferred, none, plan(10, rupiah, ledger.RoundHalfUp), murabahah.Proportional, rupiah)).acquire().sell()
			b.does(murabahah.Realise{Act: act(b.contract), Proceeds: asMoney(t, proceeds), Place: cash})
			require.Equal(t, asMoney(t, w.Expected["returned_to_member"].([]any)[i]), b.contract.Position.Held)
			require.Equal(t, asMoney(t, w.Expected["remaining_debt"].([]any)[i]), b.contract.Outstanding())
			if held := b.contract.Position.Held; !held.IsZero() {
				b.does(murabahah.HeldReturn{Act: act(b.contract), Amount: held, Place: cash})
			}
			if !b.contract.Outstanding().IsZero() {
				b.does(murabahah.Release{Act: act(b.contract)})
			}
			require.Equal(t, murabahah.Settled, b.contract.State)
		}
	},
	"MRB-D09": func(t *testing.T, w worked) {
		remaining := w.in(t, "remaining_gross")
		margin := ledger.IDR.Of(2_000_000)
		b := newBook(t).order(sale(remaining.Sub(margin), margin, none, plan(w.count(t, "old_remaining_instalments"), rupiah, ledger.RoundHalfUp), murabahah.Proportional, rupiah)).acquire().sell()
		addendum := murabahah.Reschedule{Act: act(b.contract), Kind: murabahah.Rescheduling, Plan: plan(w.count(t, "new_remaining_instalments"), rupiah, ledger.RoundHalfUp)}
		grown := addendum
		grown.Total = remaining.Add(ledger.IDR.Of(1))
		_, err := b.contract.Decide(grown)
		require.ErrorIs(t, err, murabahah.ErrGrows)
		require.ErrorContains(t, err, "(DSN-MUI 48/2005)")
		addendum.Total = remaining
		b.does(addendum)
		require.Equal(t, w.out(t, "remaining_gross_after"), b.contract.Outstanding())
		require.Equal(t, margin, b.contract.Position.Unearned(), "no margin is added")
		schedule, err := b.contract.Schedule()
		require.NoError(t, err)
		for _, row := range schedule.Rows {
			require.Equal(t, w.out(t, "new_instalment"), row.Amount)
		}
		entry := b.do(b.contract.Decide(murabahah.Compensation{Act: act(b.contract), Amount: w.in(t, "actual_cost"), Place: cash}))
		require.Equal(t, []string{"10102 50000.00", "50290 -50000.00"}, linesOf(entry), "real costs, apart")
	},
	"MRB-D10": func(t *testing.T, w worked) {
		policy := murabahah.DefaultCollectibility(start)
		for i, text := range w.Inputs["arrears_instalments"].([]any) {
			var n int
			_, err := fmt.Sscan(text.(string), &n)
			require.NoError(t, err)
			want := w.Expected["class"].([]any)[i].(string)
			require.Equal(t, murabahah.Class(want), policy.Classify(motor(murabahah.Proportional), murabahah.Arrears{Instalments: n}), "%d", n)
		}
		weekly := motor(murabahah.Proportional)
		weekly.Plan.Days = 7
		for n, want := range map[int]murabahah.Class{2: "L", 3: "KL", 4: "KL", 5: "D", 8: "D", 9: "M"} {
			require.Equal(t, want, policy.Classify(weekly, murabahah.Arrears{Instalments: n}), "%d", n)
		}
	},
	"MRB-D11": func(t *testing.T, w worked) {
		policy, total := murabahah.DefaultCollectibility(start), none
		for i, exposure := range w.Inputs["exposures"].([]any) {
			row := exposure.([]any)
			got, err := policy.Allowance(murabahah.Exposure{Class: murabahah.Class(row[0].(string)), Net: asMoney(t, row[1]), Collateral: asMoney(t, row[2])})
			require.NoError(t, err)
			require.Equal(t, asMoney(t, w.Expected["allowance"].([]any)[i]), got)
			total = total.Add(got)
		}
		require.Equal(t, w.out(t, "total"), total)
	},
}
