package year

import (
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
			Key: row.Key, Contract: row.Contract, Date: row.Date, Cost: row.Amount, Place: place, Document: row.Key,
		})
	case yearfolder.Sell:
		_, err = y.contracts.SellTx(tx, murabahah.Sale{Key: row.Key, Contract: row.Contract, Date: row.Date})
	case yearfolder.Pay:
		_, err = y.contracts.PayTx(tx, receipt)
	case yearfolder.Settle:
		_, err = y.contracts.SettleTx(tx, murabahah.Settlement{Key: row.Key, Contract: row.Contract, Date: row.Date, Place: place})
	case yearfolder.Penalty:
		_, err = y.contracts.PenaliseTx(tx, receipt)
	}
	return err
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
