package year

import (
	"cmp"
	"errors"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// murabahahAccounts are the accounts that contracts post to.
func (y *Year) murabahahAccounts() murabahah.Accounts {
	return murabahah.Accounts{
		Inventory:      y.role(yearfolder.MurabahahInventory),
		Receivable:     y.role(yearfolder.MurabahahReceivable),
		DeferredMargin: y.role(yearfolder.MurabahahDeferredMargin),
		DownPayment:    y.role(yearfolder.MurabahahDownPayment),
		MarginIncome:   y.role(yearfolder.MurabahahMarginIncome),
		PenaltyFund:    y.role(yearfolder.PenaltyFund),
		Deposit:        y.role(yearfolder.MurabahahDeposit),
		Agent:          y.role(yearfolder.MurabahahAgent),
		Due:            y.role(yearfolder.MurabahahDue),
		Held:           y.role(yearfolder.MurabahahHeld),
		CostRecovery:   y.role(yearfolder.MurabahahCostRecovery),
		FeeIncome:      y.role(yearfolder.MurabahahFeeIncome),
		Concession:     y.role(yearfolder.MurabahahConcession),
		Allowance:      y.role(yearfolder.MurabahahAllowance),
		DiscountOwed:   y.role(yearfolder.MurabahahDiscountOwed),
		Advance:        y.role(yearfolder.MurabahahAdvance),
		AccruedIncome:  y.role(yearfolder.MurabahahAccrued),
		Claims:         y.role(yearfolder.MurabahahClaims),
		OtherIncome:    y.role(yearfolder.MurabahahOtherIncome),
		Impairment:     y.role(yearfolder.MurabahahImpairment),
		AllowanceCost:  y.role(yearfolder.MurabahahAllowanceCost),
		AllowanceBack:  y.role(yearfolder.MurabahahAllowanceBack),
		UnclaimedFund:  y.role(yearfolder.MurabahahUnclaimed),
	}
}

func termsByID(folder *yearfolder.Folder) map[string]murabahah.Terms {
	all := make(map[string]murabahah.Terms, len(folder.Contracts))
	for _, c := range folder.Contracts {
		all[c.ID] = termsOf(c, folder.Cooperative.Step)
	}
	return all
}

// termsOf returns a contract's terms; step is the unit of its margins.
func termsOf(c yearfolder.Contract, step ledger.Money) murabahah.Terms {
	o := c.Options
	return murabahah.Terms{
		Contract: c.ID, Buyer: ledger.Party{Member: c.Member, Standing: ledger.Member}, Goods: oneLine(c.Goods),
		Cost: c.Cost, Margin: c.Margin, DownPayment: c.DownPayment, Plan: planOfContract(c),
		Recognition: murabahah.Recognition{Method: murabahah.Method(c.Method), Rate: o.Rate, Step: step, Basis: o.Basis},
		Promise:     o.Promise, Supplier: oneLine(o.Supplier), LaterDiscount: o.LaterDiscount, Ahead: o.Ahead,
		Settlement: o.Settlement, MaxRevisions: o.MaxRevisions,
	}
}

// planOfContract returns how a contract is to be paid.
func planOfContract(c yearfolder.Contract) murabahah.Plan {
	o := c.Options
	if o.Kind == murabahah.ByHand {
		return murabahah.Plan{Kind: murabahah.ByHand, Rows: o.Rows}
	}
	return murabahah.Plan{
		Kind: cmp.Or(o.Kind, murabahah.Level), Instalments: c.Instalments, FirstDue: c.FirstDue, Months: o.Months, Days: o.Days,
		Grace: o.Grace, Harvest: o.Harvest, Step: c.Step, Rounding: cmp.Or(o.Rounding, ledger.RoundHalfUp),
		RemainderFirst: o.RemainderFirst, Final: o.Final,
	}
}

// checkTerms reports contracts that no murabahah can have, such as a plan
// whose last instalment would not be above zero. It adds to what is wrong with
// the folder's form.
func checkTerms(folder *yearfolder.Folder) yearfolder.Faults {
	var faults yearfolder.Faults
	if folder.Cooperative.Step.IsZero() {
		return nil // reported; margins have no unit
	}
	for _, c := range folder.Contracts {
		var refused *murabahah.Refusal
		if errors.As(termsOf(c, folder.Cooperative.Step).Validate(), &refused) {
			text, _ := reason(refused.In(ledger.IDR))
			faults = append(faults, c.Faultf("%s", text))
		}
	}
	return faults
}
