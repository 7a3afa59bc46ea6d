package murabahah

import "github.com/mizan-coop/mizan/ledger"

// DiscountAgreement says in the akad whose a discount is that the supplier
// gives after it (DSN-MUI 16/2000).
type DiscountAgreement string

const (
	NotAgreed DiscountAgreement = ""       // other operating income
	ForBuyer  DiscountAgreement = "buyer"  // owed to the buyer
	ForSeller DiscountAgreement = "seller" // additional margin
	Shared    DiscountAgreement = "shared" // in part the one, in part the other
)

// SupplierDiscount is what the supplier takes off after the goods were paid.
// Before the akad it lowers the cost, and so belongs to the buyer; after it, it
// goes where the akad says: to the buyer as a debt, to margin income, or, if
// nothing was agreed, to other operating income.
type SupplierDiscount struct {
	Act                 // Document is the supplier's note; required
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
	// BuyersPart is the buyer's, of a discount after an akad that shares it;
	// zero otherwise.
	BuyersPart ledger.Money `json:"buyers_part,omitzero"`
}

func (SupplierDiscount) event() EventName { return EventSupplierDiscount }

func (d SupplierDiscount) decide(c Contract, e *Event) error {
	if err := first(c.above(e.Name, d.Amount), c.proven(e.Name, d.Document, RuleDiscount, "the supplier's note as its document"), c.through(e, d.Place, d.Amount)); err != nil {
		return err
	}
	after := c.State == Sold || c.State == Settled
	if shared := after && c.Terms.LaterDiscount == Shared; d.BuyersPart.Err() != nil || d.BuyersPart.Sign() < 0 || d.Amount.Less(d.BuyersPart) || !shared && !d.BuyersPart.IsZero() {
		r := c.breach(ErrAmount, RuleDiscount, "supplier_discount.part", "a buyer's part of %s of %s, but the akad must share it", d.BuyersPart, d.Amount)
		r.Given, r.Limit = d.BuyersPart, d.Amount
		return r
	}
	switch {
	case !after:
		if !d.Amount.Less(c.Position.Inventory) {
			r := c.breach(ErrAmount, RuleDiscount, "supplier_discount.above", "a discount of %s leaves nothing of goods that stand at %s", d.Amount, c.Position.Inventory)
			r.Given, r.Limit = d.Amount, c.Position.Inventory
			return r
		}
		e.Change.Inventory = d.Amount.Neg()
	case c.Terms.LaterDiscount == ForBuyer:
		e.Change.DiscountOwed = d.Amount
	case c.Terms.LaterDiscount == Shared:
		e.Change.DiscountOwed, e.Change.SupplierProfit = d.BuyersPart, d.Amount.Sub(d.BuyersPart)
	case c.Terms.LaterDiscount == ForSeller:
		e.Change.SupplierProfit = d.Amount
	default:
		e.Change.OtherIncome = d.Amount
	}
	return nil
}

// DiscountPayment pays the buyer what is the buyer's of a supplier's discount,
// or gives it to the benevolent fund if the buyer cannot be found.
type DiscountPayment struct {
	Act
	Amount      ledger.Money `json:"amount"`
	Place       Place        `json:"place,omitzero"`       // what pays
	Untraceable bool         `json:"untraceable,omitzero"` // to the fund; the Document proves the search
}

func (DiscountPayment) event() EventName { return EventPayDiscount }

func (d DiscountPayment) decide(c Contract, e *Event) error {
	if err := first(c.above(e.Name, d.Amount), c.atMost(e.Name, d.Amount, c.Position.DiscountOwed, "that is owed of a discount")); err != nil {
		return err
	}
	e.Change.DiscountOwed = d.Amount.Neg()
	if d.Untraceable {
		e.Change.Unclaimed = d.Amount
		return c.proven(e.Name, d.Document, RuleDiscount, "what proves the search as its document")
	}
	return c.through(e, d.Place, d.Amount.Neg())
}

// PromptDiscount reduces what is owed for a member who has paid on time, at
// the cooperative's discretion and never promised (DSN-MUI 46/2005). It comes
// out of the margin: what is deferred first, then what was income. A contract
// that is settled pays it back.
type PromptDiscount struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place,omitzero"` // what pays back, of a contract that is settled
}

func (PromptDiscount) event() EventName { return EventDiscount }

func (d PromptDiscount) decide(c Contract, e *Event) error {
	p := c.Position
	margin := p.Unearned().Add(p.Recognised)
	if err := first(c.above(e.Name, d.Amount), c.atMost(e.Name, d.Amount, margin, "of margin")); err != nil {
		return err
	}
	if c.State == Settled {
		e.Change = Position{Recognised: d.Amount.Neg(), Rebate: d.Amount, Collected: d.Amount.Neg()}
		return first(c.atMost(e.Name, d.Amount, p.Collected, "collected"), c.through(e, d.Place, d.Amount.Neg()))
	}
	arrears, err := c.Arrears(d.Date)
	if err != nil {
		return err
	}
	if arrears.Instalments > 0 {
		return c.breach(ErrCommand, RuleConcession, "discount.arrears", "a discount for prompt payment, but %s is overdue", arrears.Overdue)
	}
	if err := c.atMost(e.Name, d.Amount, p.Unearned().Min(c.Outstanding()), "of margin not yet earned"); err != nil {
		return err
	}
	return c.cut(e, d.Amount, ledger.Money{})
}

// Concession reduces what a member owes whose ability to pay has fallen, at
// the cooperative's discretion and never promised (DSN-MUI 46/2005). Margin
// that is not earned goes first; the rest is an expense. The member is on
// record as unable from then on: see [Ability].
type Concession struct {
	Act                 // Document proves the inability; required
	Amount ledger.Money `json:"amount"`
}

func (Concession) event() EventName { return EventConcession }

func (n Concession) decide(c Contract, e *Event) error {
	if err := first(c.above(e.Name, n.Amount), c.atMost(e.Name, n.Amount, c.Outstanding(), "owed"),
		c.proven(e.Name, n.Document, RuleConcession, "what proves the inability as its document")); err != nil {
		return err
	}
	margin := n.Amount.Min(c.Position.Unearned())
	e.Change.Conceded = n.Amount.Sub(margin)
	c.Course.Unable = n.Document
	return c.cut(e, margin, n.Amount.Sub(margin))
}

// Release frees the member of all that is still owed. The margin in it is
// waived; the principal is charged to the allowance, as far as that holds it
// ([ErrAllowance]), or is an expense.
type Release struct {
	Act                // Approver and Note, the reason, are required
	FromAllowance bool `json:"from_allowance,omitempty"`
}

func (Release) event() EventName { return EventRelease }

func (r Release) decide(c Contract, e *Event) error {
	if err := first(c.proven(e.Name, r.Note, RuleRealise, "a reason as its note"), c.proven(e.Name, r.Approver, RuleRealise, "an approver")); err != nil {
		return err
	}
	margin := c.Position.Unearned()
	principal := c.Outstanding().Sub(margin).Max(ledger.Money{})
	margin = c.Outstanding().Sub(principal)
	if r.FromAllowance {
		e.Change.AllowanceUsed = principal
	} else {
		e.Change.Conceded = principal
	}
	return c.cut(e, margin, principal)
}
