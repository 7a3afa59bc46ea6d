package murabahah

import (
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Sale is the akad.
type Sale struct {
	Key      string
	Contract string
	Date     ledger.Date
	// Place is where the whole price comes in, if the goods are sold for cash
	// over the counter; empty for a sale on instalments.
	Place    Place
	Standing ledger.Standing

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Sell closes the akad. The goods must be owned and in possession
// ([ErrNotOwned], DSN-MUI 04/2000), stand at the cost that the terms disclose
// ([ErrCost]), and what is paid before must be the down payment of the terms
// ([ErrDownPayment]). No instalment falls due before the akad ([ErrDate]),
// because margin is not earned before it, and the terms must be such as an
// akad of the day can have ([ErrTerms]): offer them anew if time has gone by
// since the order ([Offer]). Journal: receivable at the price to inventory at cost
// and deferred margin; the down payment reduces the receivable. For cash: cash
// at the price to inventory and margin income.
func (c Contract) Sell(s Sale) (Event, error) {
	voucher := Voucher{Memo: s.Memo, Document: s.Document, Maker: s.Maker, Approver: s.Approver}
	if err := first(c.allow(EventSell, s.Date), c.told(EventSell, s.Standing, "", voucher)); err != nil {
		return Event{}, err
	}
	p := c.Position
	paid := p.DownPayment.Add(p.Deposit)
	if paid != c.Terms.DownPayment {
		r := c.refuse(ErrDownPayment, "sell.down_payment", "down payments of %s are not yet the %s of the terms", paid, c.Terms.DownPayment)
		r.Given, r.Limit = paid, c.Terms.DownPayment
		return Event{}, r
	}
	if p.Inventory != c.Terms.Cost {
		r := c.breach(ErrCost, RuleMurabahah, "sell.cost", "the goods stand at %s, the terms disclose a cost of %s; offer the terms anew", p.Inventory, c.Terms.Cost)
		r.Given, r.Limit = p.Inventory, c.Terms.Cost
		return Event{}, r
	}
	if s.Place.Account == "" {
		if err := c.timely(s.Date); err != nil {
			return Event{}, err
		}
	}
	e := c.event(EventSell, s.Date, Sold, s.Standing)
	e.Voucher = voucher
	course := c.Course
	course.SoldOn = s.Date
	e.Course = &course
	e.Change = Position{DownPayment: p.DownPayment.Neg(), Deposit: p.Deposit.Neg(), Inventory: p.Inventory.Neg()}
	if s.Place.Account != "" {
		if err := c.forCash(&e, s.Place); err != nil {
			return Event{}, err
		}
		return e, nil
	}
	e.Change.Receivable, e.Change.Deferred = c.Terms.NetReceivable(), c.Terms.Margin
	if c.Terms.Recognition.Method == AtDelivery {
		e.Change.Deferred, e.Change.Recognised = ledger.Money{}, c.Terms.Margin
	}
	return e, nil
}

// timely says whether the terms, agreed at the order, are still those of an
// akad on instalments of a day.
func (c Contract) timely(day ledger.Date) error {
	schedule, err := c.Terms.Schedule()
	if err != nil {
		return err
	}
	if due := schedule.Rows[0].Due; due.Before(day) {
		return c.breach(ErrDate, RuleMurabahah, "sell.first_due", "the first instalment would be due on %s, before the akad of %s; offer the terms anew", due, day)
	}
	return first(c.Terms.settledBy(day), c.Course.Admission.admit(c.Terms, day))
}

// forCash takes the whole price at the akad.
func (c Contract) forCash(e *Event, place Place) error {
	if c.Terms.Plan.Count() != 1 {
		return c.refuse(ErrCommand, "sell.cash", "sold for cash, the price is for cash: the plan has %d instalments, want 1", c.Terms.Plan.Count())
	}
	e.To = Settled
	e.Change.Collected, e.Change.Recognised = c.Terms.NetReceivable(), c.Terms.Margin
	return c.through(e, place, c.Terms.NetReceivable())
}

// Delivery hands the goods to the buyer. The Document is the receipt signed.
type Delivery struct{ Act }

func (Delivery) event() EventName { return EventDeliver }

func (d Delivery) decide(c Contract, e *Event) error {
	if !c.Course.Delivered.IsZero() {
		return c.refuse(ErrCommand, "deliver.twice", "the goods were delivered on %s", c.Course.Delivered)
	}
	course := c.Course
	course.Delivered = d.Date
	e.Course = &course
	return c.proven(e.Name, d.Document, RuleMurabahah, "the signed receipt as its document")
}

// Fee is an administration fee: real costs of the contract, which the note
// states, and never margin nor a part of the debt.
type Fee struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (Fee) event() EventName { return EventFee }

func (f Fee) decide(c Contract, e *Event) error {
	e.Change.Fees = f.Amount
	return first(c.above(e.Name, f.Amount), c.proven(e.Name, f.Note, RuleMurabahah, "the real costs it covers as its note"), c.through(e, f.Place, f.Amount))
}

// GoodsReturn takes goods back for a defect (khiyar 'aib): the sale is undone,
// the member gets all that was paid, and the goods are stock again at cost.
// Penalties stay with the benevolent fund.
type GoodsReturn struct {
	Act         // Document proves the defect; required
	Place Place `json:"place,omitzero"` // what pays back; required if anything was paid
}

func (GoodsReturn) event() EventName { return EventReturn }

func (g GoodsReturn) decide(c Contract, e *Event) error {
	p := c.Position
	if err := c.proven(e.Name, g.Document, RuleMurabahah, "what proves the defect as its document"); err != nil {
		return err
	}
	if c.Course.Resold != "" {
		return c.breach(ErrCommand, RuleConvert, "return_goods.resold", "the goods are the cooperative's already, as %s proves", contract.Clip(c.Course.Resold))
	}
	if !p.Held.IsZero() || !p.DiscountOwed.IsZero() || !p.AllowanceUsed.IsZero() {
		return c.refuse(ErrCommand, "return_goods.open", "held money of %s and a discount of %s must be paid out first, and a part released stays so", p.Held, p.DiscountOwed)
	}
	e.To, e.Course = Stocked, &Course{Possessed: g.Document}
	e.Change = Position{
		Receivable: p.Receivable, Due: p.Due, Deferred: p.Deferred, Accrued: p.Accrued, Recognised: p.Recognised, Collected: p.Collected,
		Rebate: p.Rebate, RebateDue: p.RebateDue, Conceded: p.Conceded, Suspended: p.Suspended,
	}.Neg()
	e.Change.Inventory = c.Terms.Cost
	return c.through(e, g.Place, p.Collected.Add(c.Terms.DownPayment).Neg())
}
