package year

import (
	"cmp"
	"errors"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// murabahahRow carries out a row of murabahah_events.csv at the murabahah desk.
func (y *Year) murabahahRow(tx *ledger.Tx, row *yearfolder.MurabahahEvent) error {
	place := murabahah.Place{Account: row.Account}
	if row.Event == yearfolder.Penalty {
		place.Account = y.role(yearfolder.PenaltyCash)
	}
	receipt := murabahah.Receipt{Key: row.Key, Contract: row.Contract, Date: row.Date, Amount: row.Amount, Place: place}
	var err error
	switch row.Event {
	case yearfolder.Order:
		_, err = y.contracts.OrderTx(tx, murabahah.Ordering{Key: row.Key, Date: row.Date, Terms: y.terms[row.Contract]})
	case yearfolder.DownPayment:
		_, err = y.contracts.ReceiveDownPaymentTx(tx, receipt)
	case yearfolder.Acquire:
		_, err = y.contracts.AcquireTx(tx, murabahah.Acquisition{
			Key: row.Key, Contract: row.Contract, Date: row.Date, Cost: row.Amount, Place: place, Document: cmp.Or(row.Document, row.Key),
		})
	case yearfolder.Sell:
		_, err = y.contracts.SellTx(tx, murabahah.Sale{Key: row.Key, Contract: row.Contract, Date: row.Date})
	case yearfolder.Pay:
		_, err = y.contracts.PayTx(tx, receipt)
	case yearfolder.Settle:
		_, err = y.contracts.SettleTx(tx, murabahah.Settlement{Key: row.Key, Contract: row.Contract, Date: row.Date, Place: place})
	case yearfolder.Penalty:
		_, err = y.contracts.PenaliseTx(tx, receipt)
	case yearfolder.Cancel:
		_, err = y.contracts.CancelTx(tx, murabahah.Cancellation{
			Key: row.Key, Contract: row.Contract, Date: row.Date, ActualLoss: row.Amount, Evidence: row.Document, Place: place,
		})
	default:
		_, err = y.contracts.DoTx(tx, y.otherwise(row, place))
	}
	return err
}

// otherwise returns the command of an event of a life that goes otherwise.
func (y *Year) otherwise(row *yearfolder.MurabahahEvent, place murabahah.Place) murabahah.Command {
	act := murabahah.Act{
		Key: row.Key, Contract: row.Contract, Date: row.Date, Document: oneLine(row.Document), Note: oneLine(row.Note), Approver: oneLine(row.Approver),
	}
	switch row.Event {
	case yearfolder.OrderDeposit:
		return murabahah.Deposit{Act: act, Amount: row.Amount, Place: place}
	case yearfolder.ReturnDeposit:
		return murabahah.DepositReturn{Act: act, Amount: row.Amount, Place: place}
	case yearfolder.Entrust:
		return murabahah.Entrustment{Act: act, Amount: row.Amount, Place: place}
	case yearfolder.Possess:
		return murabahah.Possession{Act: act}
	case yearfolder.Cost:
		return murabahah.FurtherCost{Act: act, Amount: row.Amount, Place: place}
	case yearfolder.Deliver:
		return murabahah.Delivery{Act: act}
	case yearfolder.Fee:
		return murabahah.Fee{Act: act, Amount: row.Amount, Place: place}
	case yearfolder.Due:
		return murabahah.Falling{Act: act}
	case yearfolder.Discount:
		return murabahah.PromptDiscount{Act: act, Amount: row.Amount}
	case yearfolder.Concession:
		return murabahah.Concession{Act: act, Amount: row.Amount}
	case yearfolder.Release:
		return murabahah.Release{Act: act}
	case yearfolder.Compensation:
		return murabahah.Compensation{Act: act, Amount: row.Amount, Place: place}
	case yearfolder.Reschedule:
		plan := y.terms[row.Contract].Plan
		plan.Instalments, plan.FirstDue = row.Instalments, row.FirstDue
		return murabahah.Reschedule{Act: act, Kind: murabahah.Rescheduling, Plan: plan}
	case yearfolder.Realise:
		return murabahah.Realise{Act: act, Proceeds: row.Amount, Place: place}
	case yearfolder.WriteOff:
		return murabahah.WriteOff{Act: act}
	case yearfolder.Recover:
		return murabahah.Recovery{Act: act, Amount: row.Amount, Place: place}
	default:
		return murabahah.GoodsReturn{Act: act, Place: place}
	}
}

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
	return murabahah.Terms{
		Contract: c.ID, Buyer: ledger.Party{Member: c.Member, Standing: ledger.Member}, Goods: oneLine(c.Goods),
		Cost: c.Cost, Margin: c.Margin, DownPayment: c.DownPayment,
		Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: c.Instalments, FirstDue: c.FirstDue, Step: c.Step, Rounding: ledger.RoundHalfUp,
		},
		Recognition: murabahah.Recognition{Method: murabahah.Method(c.Method), Step: step},
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
