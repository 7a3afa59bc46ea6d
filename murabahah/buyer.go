package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Buyer gives the entries of a cooperative that itself buys by murabahah, such
// as an office or a vehicle from a sharia bank. They are pure: the caller posts
// them with a key of its own. The terms are the same as the seller's.
type Buyer struct {
	Asset        string // what is bought, asset
	DeferredCost string // Beban Murabahah Tangguhan, against the payable; unused with AtPrice
	Payable      Place  // Utang Murabahah, liability
	Cost         string // Beban Murabahah, expense; unused with AtPrice
	Loss         string // Kerugian, expense: penalties paid, down payments lost
	DownPayment  Place  // Uang Muka paid, asset
	// AtPrice shows the asset at the murabahah price (AAOIFI), instead of at
	// its cash price with the margin as a deferred cost (PSAK 402).
	AtPrice bool
}

// Purchase returns the entry of the akad: the asset and the deferred cost
// against what is owed; a down payment paid before reduces it.
func (b Buyer) Purchase(on ledger.Date, t Terms) (ledger.Entry, error) {
	if err := t.Validate(); err != nil {
		return ledger.Entry{}, err
	}
	asset, deferred := t.Cost, t.Margin
	if b.AtPrice {
		asset, deferred = t.SalePrice(), ledger.Money{}
	}
	return buyerEntry(on, "Pembelian murabahah "+t.Contract,
		ledger.Debit(b.Asset, asset), ledger.Debit(b.DeferredCost, deferred),
		ledger.Credit(b.Payable.Account, t.NetReceivable()).For(b.Payable.Sub),
		ledger.Credit(b.DownPayment.Account, t.DownPayment).For(b.DownPayment.Sub)), nil
}

// Instalment returns the entry of a payment: what is owed falls, and the
// deferred cost of it becomes expense. Paid is what was paid on the
// instalments before it.
func (b Buyer) Instalment(on ledger.Date, t Terms, paid, amount ledger.Money, from Place) (ledger.Entry, error) {
	schedule, err := t.Schedule()
	if err != nil {
		return ledger.Entry{}, err
	}
	if paid.Err() != nil || paid.Sign() < 0 || amount.Err() != nil || amount.Sign() <= 0 || t.NetReceivable().Less(paid.Add(amount)) {
		r := t.refuse("buyer.amount", "%s after %s is not between zero and the %s owed", amount, paid, t.NetReceivable())
		r.Kind, r.Given, r.Limit = ErrOverpaid, amount, t.NetReceivable()
		return ledger.Entry{}, r
	}
	cost := schedule.covered(paid.Add(amount)).Sub(schedule.covered(paid))
	if b.AtPrice {
		cost = ledger.Money{}
	}
	return buyerEntry(on, "Angsuran pembelian murabahah "+t.Contract,
		ledger.Debit(b.Payable.Account, amount).For(b.Payable.Sub), ledger.Debit(b.Cost, cost),
		ledger.Credit(from.Account, amount).For(from.Sub), ledger.Credit(b.DeferredCost, cost)), nil
}

// Forfeit returns the entry of a loss: a penalty paid from a place, or a down
// payment that the seller keeps.
func (b Buyer) Forfeit(on ledger.Date, amount ledger.Money, from Place, memo string) ledger.Entry {
	return buyerEntry(on, memo, ledger.Debit(b.Loss, amount), ledger.Credit(from.Account, amount).For(from.Sub))
}

// buyerEntry leaves lines of zero out.
func buyerEntry(on ledger.Date, memo string, lines ...ledger.Line) ledger.Entry {
	entry := ledger.Entry{Date: on, Memo: memo}
	for _, line := range lines {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line)
		}
	}
	return entry
}
