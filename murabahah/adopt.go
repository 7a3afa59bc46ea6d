package murabahah

import (
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Adoption takes over a contract that is running already.
type Adoption struct {
	Key   string
	Date  ledger.Date // the day as of which the opening balances stand
	Terms Terms
	State State // ordered, acquired or sold
	// DownPayment is what was received before the sale, for a contract that is
	// not sold yet; a sold one has received all of it.
	DownPayment ledger.Money
	// Collected is what a sold contract has collected of its instalments.
	Collected ledger.Money
	// Recognised is the margin that the old books have taken to income by
	// their own method, if they are followed (OldBooks); else it is what the
	// contract's own method gives. The rest is earned with the rest.
	Recognised ledger.Money
	OldBooks   bool
	// Due is what of the arrears stands apart as due in the opening balances.
	Due ledger.Money
	// SoldOn is the day of the akad, where time elapsed is counted from it.
	SoldOn ledger.Date

	Document, Maker, Approver string // the [Voucher]; an adoption has no entry
}

// Adopt takes a running contract over. It posts nothing: the opening entry
// brings the balances in, and they must equal the [Position] that follows from
// the terms and the progress stated here, margin earned so far included.
func (c Contract) Adopt(a Adoption) (Event, error) {
	if err := c.allow(EventAdopt, a.Date); err != nil {
		return Event{}, err
	}
	if err := a.Terms.Validate(); err != nil {
		return Event{}, err
	}
	c.Terms = a.Terms
	e := c.event(EventAdopt, a.Date, a.State, ledger.NoStanding)
	e.Terms, e.Voucher = &a.Terms, Voucher{Document: a.Document, Maker: a.Maker, Approver: a.Approver}
	if err := first(c.progress(a), c.texts(EventAdopt, "", e.Voucher)); err != nil {
		return Event{}, err
	}
	e.Change.DownPayment = a.DownPayment
	if a.State == Acquired {
		e.Change.Inventory = a.Terms.Cost
	}
	if a.State == Sold {
		if err := c.adoptSold(&e, a); err != nil {
			return Event{}, err
		}
	}
	return e, nil
}

// adoptSold sets what a sold contract amounts to.
func (c Contract) adoptSold(e *Event, a Adoption) error {
	net := a.Terms.NetReceivable()
	e.Change = Position{Receivable: net.Sub(a.Collected).Sub(a.Due), Due: a.Due, Collected: a.Collected}
	course := Course{SoldOn: a.SoldOn}
	if a.OldBooks {
		course.Base = &Base{Collected: a.Collected, Recognised: a.Recognised, Owed: net.Sub(a.Collected), Unearned: a.Terms.Margin.Sub(a.Recognised)}
	}
	if course != (Course{}) {
		e.Course = &course
	}
	if err := c.earn(e); err != nil {
		return err
	}
	e.Change.Deferred = e.Change.Deferred.Add(a.Terms.Margin)
	return nil
}

// progress checks how far a contract is said to have come.
func (c Contract) progress(a Adoption) error {
	net := a.Terms.NetReceivable()
	switch {
	case a.DownPayment.Err() != nil || a.Collected.Err() != nil || a.DownPayment.Sign() < 0 || a.Collected.Sign() < 0:
		return c.refuse(ErrAmount, "adopt.amount", "down payment %s and collected %s must be zero or more", a.DownPayment, a.Collected)
	case a.State != Ordered && a.State != Acquired && a.State != Sold:
		return c.refuse(ErrState, "adopt.state", "a contract that is %q cannot be taken over", contract.Clip(string(a.State)))
	case a.State == Sold && !a.DownPayment.IsZero() || a.State != Sold && !(a.Collected.IsZero() && a.Due.IsZero() && a.Recognised.IsZero() && a.SoldOn.IsZero()):
		return c.refuse(ErrCommand, "adopt.progress", "before the sale there are down payments, after it collections, never both")
	case a.Terms.DownPayment.Less(a.DownPayment):
		r := c.refuse(ErrDownPayment, "adopt.down_payment", "down payments of %s are above the %s of the terms", a.DownPayment, a.Terms.DownPayment)
		r.Given, r.Limit = a.DownPayment, a.Terms.DownPayment
		return r
	case a.State == Sold && !a.Collected.Less(net):
		r := c.refuse(ErrOverpaid, "adopt.collected", "collected %s leaves nothing of the %s to be taken over", a.Collected, net)
		r.Given, r.Limit = a.Collected, net
		return r
	case a.Due.Err() != nil || a.Due.Sign() < 0 || net.Sub(a.Collected).Less(a.Due):
		r := c.refuse(ErrAmount, "adopt.due", "%s due is not between zero and the %s owed", a.Due, net.Sub(a.Collected))
		r.Given, r.Limit = a.Due, net.Sub(a.Collected)
		return r
	case !a.OldBooks && a.Recognised != (ledger.Money{}):
		return c.refuse(ErrCommand, "adopt.recognised", "margin recognised is what the contract's own method gives, unless the old books are followed")
	case a.OldBooks && (a.Recognised.Err() != nil || a.Recognised.Sign() < 0 || a.Terms.Margin.Less(a.Recognised) || net.Sub(a.Collected).Less(a.Terms.Margin.Sub(a.Recognised))):
		r := c.refuse(ErrAmount, "adopt.recognised", "margin of %s recognised leaves a margin that is above the margin or the %s owed", a.Recognised, net.Sub(a.Collected))
		r.Given, r.Limit = a.Recognised, a.Terms.Margin
		return r
	case !a.SoldOn.IsZero() && (a.SoldOn.Err() != nil || a.SoldOn.After(a.Date)):
		return c.refuse(ErrDate, "adopt.sold_on", "the akad of %s lies after the day of taking over, %s", a.SoldOn, a.Date)
	}
	return nil
}
