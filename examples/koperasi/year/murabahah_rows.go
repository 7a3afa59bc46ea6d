package year

import (
	"cmp"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// murabahahRow carries out a row of murabahah_events.csv at the murabahah desk.
func (y *Year) murabahahRow(tx *ledger.Tx, row *yearfolder.MurabahahEvent) error {
	place := murabahah.Place{Account: row.Account, Sub: row.Savings}
	if row.Event == yearfolder.Penalty {
		place.Account = y.role(yearfolder.PenaltyCash)
	}
	document, note, approver := oneLine(row.Document), oneLine(row.Note), oneLine(row.Approver)
	receipt := murabahah.Receipt{
		Key: row.Key, Contract: row.Contract, Date: row.Date, Amount: row.Amount, Place: place, Payer: y.payer(row),
		Note: note, Document: document, Approver: approver,
	}
	var err error
	switch row.Event {
	case yearfolder.Order:
		_, err = y.contracts.OrderTx(tx, murabahah.Ordering{
			Key: row.Key, Date: row.Date, Terms: y.terms[row.Contract], Document: document, Approver: approver,
		})
	case yearfolder.DownPayment:
		_, err = y.contracts.ReceiveDownPaymentTx(tx, receipt)
	case yearfolder.Acquire:
		_, err = y.contracts.AcquireTx(tx, murabahah.Acquisition{
			Key: row.Key, Contract: row.Contract, Date: row.Date, Cost: row.Amount, Place: place, Document: cmp.Or(document, row.Key),
			Supplier: oneLine(row.Supplier), SupplierMember: row.SupplierMember, Open: row.Open, Awaiting: row.Awaiting, Memo: note, Approver: approver,
		})
	case yearfolder.Sell:
		_, err = y.contracts.SellTx(tx, murabahah.Sale{
			Key: row.Key, Contract: row.Contract, Date: row.Date, Place: place, Memo: note, Document: document, Approver: approver,
		})
	case yearfolder.Pay:
		_, err = y.contracts.PayTx(tx, receipt)
	case yearfolder.Settle:
		_, err = y.contracts.SettleTx(tx, murabahah.Settlement{
			Key: row.Key, Contract: row.Contract, Date: row.Date, Rebate: row.Rebate, Place: place, Payer: receipt.Payer,
			Note: note, Document: document, Approver: approver,
		})
	case yearfolder.Penalty:
		_, err = y.contracts.PenaliseTx(tx, receipt)
	case yearfolder.Cancel:
		_, err = y.contracts.CancelTx(tx, murabahah.Cancellation{
			Key: row.Key, Contract: row.Contract, Date: row.Date, ActualLoss: row.Amount, Evidence: document, Claim: row.Claim, Place: place,
			Memo: note, Document: document, Approver: approver,
		})
	case yearfolder.ReverseLast:
		_, err = y.contracts.ReverseTx(tx, murabahah.Reversal{
			Key: row.Key, Contract: row.Contract, Date: row.Date, Reason: note, Document: document, Approver: approver,
		})
	case yearfolder.Offer:
		return y.offer(tx, row)
	default:
		_, err = y.contracts.DoTx(tx, y.otherwise(row, place))
	}
	return err
}

// payer names whose savings pay, if they are not the buyer's own.
func (y *Year) payer(row *yearfolder.MurabahahEvent) ledger.Party {
	if row.Payer == "" || row.Payer == y.terms[row.Contract].Buyer.Member {
		return ledger.Party{}
	}
	return ledger.Party{Member: row.Payer, Standing: ledger.Member}
}

// offer agrees the terms anew that stand now, with what the row changes.
func (y *Year) offer(tx *ledger.Tx, row *yearfolder.MurabahahEvent) error {
	contract, _, err := murabahah.ContractIn(tx, row.Contract)
	if err != nil {
		return err
	}
	terms := contract.Terms
	terms.Cost = cmp.Or(row.Cost, terms.Cost)
	if row.HasMargin {
		terms.Margin = row.Margin
	}
	if row.HasDownPayment {
		terms.DownPayment = row.DownPayment
	}
	terms.Plan.Instalments = cmp.Or(row.Instalments, terms.Plan.Instalments)
	terms.Plan.FirstDue = cmp.Or(row.FirstDue, terms.Plan.FirstDue)
	_, err = y.contracts.DoTx(tx, murabahah.Offer{Act: actOf(row), Terms: terms})
	return err
}

func actOf(row *yearfolder.MurabahahEvent) murabahah.Act {
	return murabahah.Act{
		Key: row.Key, Contract: row.Contract, Date: row.Date, Document: oneLine(row.Document), Note: oneLine(row.Note), Approver: oneLine(row.Approver),
	}
}

// otherwise returns the command of an event of a life that goes otherwise.
func (y *Year) otherwise(row *yearfolder.MurabahahEvent, place murabahah.Place) murabahah.Command {
	act, amount := actOf(row), row.Amount
	switch row.Event {
	case yearfolder.Due:
		return murabahah.Falling{Act: act}
	case yearfolder.ApplyHeld:
		return murabahah.HeldUse{Act: act}
	case yearfolder.ReturnHeld:
		return murabahah.HeldReturn{Act: act, Amount: amount, Place: place}
	case yearfolder.PayRebate:
		return murabahah.RebatePayment{Act: act, Place: place}
	case yearfolder.SupplierDiscount:
		return murabahah.SupplierDiscount{Act: act, Amount: amount, Place: place, BuyersPart: row.BuyersPart}
	case yearfolder.PayDiscount:
		return murabahah.DiscountPayment{Act: act, Amount: amount, Place: place, Untraceable: row.Account == ""}
	case yearfolder.Discount:
		return murabahah.PromptDiscount{Act: act, Amount: amount, Place: place}
	case yearfolder.Concession:
		return murabahah.Concession{Act: act, Amount: amount}
	case yearfolder.Release:
		return murabahah.Release{Act: act, FromAllowance: row.FromAllowance}
	case yearfolder.Compensation:
		return murabahah.Compensation{Act: act, Amount: amount, Place: place}
	case yearfolder.Reschedule:
		return murabahah.Reschedule{Act: act, Kind: cmp.Or(row.Revision, murabahah.Rescheduling), Plan: y.anew(row)}
	case yearfolder.StopAccrual:
		return murabahah.AccrualStop{Act: act}
	case yearfolder.ResumeAccrual:
		return murabahah.AccrualResumption{Act: act}
	case yearfolder.Judge:
		return murabahah.Judge{Act: act, Class: row.Class}
	case yearfolder.Ability:
		return murabahah.Ability{Act: act, Able: row.Able}
	case yearfolder.Realise:
		return murabahah.Realise{Act: act, Proceeds: amount, Place: place}
	case yearfolder.TakeOver:
		return murabahah.TakeOver{Act: act, Value: amount, Asset: place}
	case yearfolder.ConvertAkad:
		return murabahah.Convert{Act: act, Value: amount, Asset: place}
	case yearfolder.WriteOff:
		return murabahah.WriteOff{Act: act}
	case yearfolder.Recover:
		return murabahah.Recovery{Act: act, Amount: amount, Place: place}
	case yearfolder.ReturnGoods:
		return murabahah.GoodsReturn{Act: act, Place: place}
	}
	return y.beforehand(row, act, place)
}

// beforehand returns the command of such an event before the sale, or at it.
func (y *Year) beforehand(row *yearfolder.MurabahahEvent, act murabahah.Act, place murabahah.Place) murabahah.Command {
	amount := row.Amount
	switch row.Event {
	case yearfolder.Stock:
		return murabahah.Stocking{
			Act: act, Goods: y.terms[row.Contract].Goods, Cost: amount, Place: place, Supplier: oneLine(row.Supplier), Possession: oneLine(row.Possession),
		}
	case yearfolder.Advance:
		return murabahah.SupplierAdvance{Act: act, Amount: amount, Place: place}
	case yearfolder.OrderDeposit:
		return murabahah.Deposit{Act: act, Amount: amount, Place: place}
	case yearfolder.ReturnDeposit:
		return murabahah.DepositReturn{Act: act, Amount: amount, Place: place}
	case yearfolder.Entrust:
		return murabahah.Entrustment{Act: act, Amount: amount, Place: place}
	case yearfolder.Possess:
		return murabahah.Possession{Act: act}
	case yearfolder.Cost:
		return murabahah.FurtherCost{Act: act, Amount: amount, Place: place}
	case yearfolder.Impair:
		return murabahah.Impairment{Act: act, Value: amount, Cause: row.Cause}
	case yearfolder.Dispose:
		return murabahah.Disposal{Act: act, Proceeds: amount, Place: place}
	case yearfolder.Deliver:
		return murabahah.Delivery{Act: act}
	}
	return murabahah.Fee{Act: act, Amount: amount, Place: place}
}

// anew returns the plan of the rest that a row states: the contract's own kind
// and period where that is computed, without grace and balloon.
func (y *Year) anew(row *yearfolder.MurabahahEvent) murabahah.Plan {
	plan := y.terms[row.Contract].Plan
	if plan.Kind == murabahah.ByHand {
		plan = murabahah.Plan{Step: y.folder.Cooperative.Step, Rounding: ledger.RoundHalfUp}
	}
	if plan.Kind != murabahah.Seasonal {
		plan.Kind = murabahah.Level
	}
	plan.Instalments, plan.FirstDue, plan.Grace, plan.Final = row.Instalments, row.FirstDue, 0, ledger.Money{}
	return plan
}
