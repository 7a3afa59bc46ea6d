package main

import (
	"net/http"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/murabahah"
)

// orderPage is a contract from the order to the last instalment: what comes
// next, the instalment card (kartu angsuran), and what settling early costs.
func (a *app) orderPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return "", page{}, err
	}
	ours, err := t.order(c.ID, r.PathValue("order"))
	if err != nil {
		return "", page{}, err
	}
	shown := orderData{Order: ours}
	err = t.inBook(c.ID, func(tx *ledger.Tx) error { return shown.read(tx, c.Name, t.today) })
	return "order", page{Title: ours.Goods, Coop: c, Here: "anggota", Data: &shown}, err
}

// orderData is what the page of a contract shows.
type orderData struct {
	Order    order
	Contract murabahah.Contract
	Card     report.InstalmentCard
	Waived   ledger.Money
	Arrears  murabahah.Arrears
	Next     *report.Instalment // the oldest that is not paid
	NextOpen ledger.Money
	Quote    *murabahah.Quote // of an early settlement today
	Free     ledger.Money     // what the buyer's savings could pay
	Bank     ledger.Money     // what the cooperative could pay for the goods
	Cash     ledger.Money
}

// Is reports whether the contract is in a state.
func (d *orderData) Is(state string) bool { return string(d.Contract.State) == state }

func (d *orderData) read(tx *ledger.Tx, entity string, today ledger.Date) error {
	contract, known, err := murabahah.ContractIn(tx, d.Order.ID)
	if err != nil || !known {
		return found(err, "contract", d.Order.ID)
	}
	d.Contract = contract
	if d.Arrears, err = contract.Arrears(today); err != nil {
		return err
	}
	if d.Card, err = instalmentCard(tx, contract, entity, d.Order.MemberName); err != nil {
		return err
	}
	for i := range d.Card.Rows {
		if row := &d.Card.Rows[i]; row.Paid.Less(row.Amount) {
			d.Next, d.NextOpen = row, row.Amount.Sub(row.Paid)
			break
		}
	}
	if contract.State == murabahah.Ordered {
		if d.Bank, err = tx.Available(bankAccount, "", today); err != nil {
			return err
		}
		d.Cash, err = tx.Available(tellerCash, "", today)
		return err
	}
	if contract.State != murabahah.Sold {
		d.Waived, d.Next = contract.Position.Rebate, nil
		return nil
	}
	if quote, err := contract.Quote(today); err == nil { // refused at the very end, where there is nothing to waive
		d.Quote = &quote
	}
	place := fromSavings(contract.Terms.Buyer.Member)
	d.Free, err = tx.Available(place.Account, place.Sub, today)
	d.Free = d.Free.Max(ledger.Money{})
	return err
}

// instalmentCard fills the report's card: before the sale with the plan alone.
func instalmentCard(tx *ledger.Tx, c murabahah.Contract, entity, buyer string) (report.InstalmentCard, error) {
	card := report.InstalmentCard{Entity: entity, Contract: c.Terms.Contract, Member: buyer, Goods: c.Terms.Goods, Currency: tx.Currency()}
	schedule, err := c.Terms.Schedule()
	if err != nil {
		return card, err
	}
	history, err := murabahah.HistoryIn(tx, c.Terms.Contract)
	if err != nil {
		return card, err
	}
	left := c.Terms.NetReceivable()
	for i, row := range schedule.Cover(c.Position.Collected) {
		left = left.Sub(row.Amount)
		card.Rows = append(card.Rows, report.Instalment{
			No: row.No, Due: row.Due, Amount: row.Amount, Principal: row.Principal, Margin: row.Margin,
			PaidOn: paidOn(history, schedule.Rows, i), Paid: row.Paid, Outstanding: left,
		})
	}
	return card, nil
}

// paidOn is the day of the last payment that went into a row, zero for none.
func paidOn(history []murabahah.Event, rows []murabahah.Row, row int) ledger.Date {
	var from, collected ledger.Money
	for _, earlier := range rows[:row] {
		from = from.Add(earlier.Amount)
	}
	through := from.Add(rows[row].Amount)
	var day ledger.Date
	for _, event := range murabahah.Standing(history) {
		before := collected
		collected = collected.Add(event.Change.Collected)
		if before.Less(collected) && before.Less(through) && from.Less(collected) {
			day = event.Date
		}
	}
	return day
}
