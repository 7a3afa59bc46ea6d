package murabahah

import (
	"strings"
	"unicode"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Acquisition is the purchase of the goods in the cooperative's own name, by
// itself or through the member as its agent (wakalah).
type Acquisition struct {
	Key      string
	Contract string
	Date     ledger.Date
	Cost     ledger.Money // must be the cost that the terms disclose, unless Open
	Place    Place        // what pays: cash, a bank, a payable; an advance and the agent's money are used first
	Supplier string       // who sold them; the buyer is refused
	// SupplierMember is the supplier's member number, if the supplier is a member.
	SupplierMember string
	// Open says that further costs or a supplier's discount are still to come.
	// The sale asks for the whole.
	Open bool
	// Awaiting says that the goods are not taken over yet: [Possession]
	// follows. What an agent has bought always awaits it.
	Awaiting bool
	Standing ledger.Standing

	// Document is the supplier's invoice, which proves the cost that is
	// disclosed to the buyer. It is required: a supplier's name proves no cost.
	Memo, Document, Maker, Approver string // the [Voucher]
}

func (a Acquisition) receipt() Receipt {
	return Receipt{
		Date: a.Date, Amount: a.Cost, Place: a.Place, Standing: a.Standing, Note: a.Supplier,
		Memo: a.Memo, Document: a.Document, Maker: a.Maker, Approver: a.Approver,
	}
}

// Acquire buys the goods; from here the cooperative bears their risk. The cost
// must be proven ([ErrEvidence]) and be that of the terms ([ErrCost]), because
// the price was formed on it, and the supplier may not be the buyer
// ([ErrInah]): selling somebody's own goods back is bay' al-'inah. Journal:
// inventory to what pays.
func (c Contract) Acquire(a Acquisition) (Event, error) {
	r := a.receipt()
	if err := first(c.allow(EventAcquire, a.Date), c.above(EventAcquire, a.Cost), c.told(EventAcquire, a.Standing, a.Supplier, r.voucher())); err != nil {
		return Event{}, err
	}
	if a.Cost != c.Terms.Cost && !a.Open {
		r := c.breach(ErrCost, RuleMurabahah, "acquire.cost", "cost %s differs from the %s of the terms", a.Cost, c.Terms.Cost)
		r.Given, r.Limit = a.Cost, c.Terms.Cost
		return Event{}, r
	}
	if err := first(c.notInah(EventAcquire, a.Supplier, a.SupplierMember),
		c.proven(EventAcquire, a.Document, RuleMurabahah, "the supplier's invoice as its document")); err != nil {
		return Event{}, err
	}
	e := c.event(EventAcquire, a.Date, Acquired, a.Standing)
	e.Note, e.Voucher = a.Supplier, r.voucher()
	if a.Awaiting || c.State == Entrusted {
		e.To = Bought
	} else {
		e.Course = c.possessed(a.Document)
	}
	p := c.Position
	e.Change = Position{Inventory: a.Cost, Agent: p.Agent.Neg(), Advance: p.Advance.Neg()}
	if err := c.through(&e, a.Place, p.Agent.Add(p.Advance).Sub(a.Cost)); err != nil {
		return Event{}, err
	}
	return e, nil
}

func (c Contract) possessed(evidence string) *Course {
	course := c.Course
	course.Possessed = evidence
	return &course
}

// notInah refuses goods bought from the very buyer, whatever the spelling.
func (c Contract) notInah(command EventName, supplier, member string) error {
	buyer := sameName(c.Terms.Buyer.Member)
	if buyer == "" || sameName(supplier) != buyer && sameName(member) != buyer {
		return nil
	}
	if member == "" {
		member = supplier
	}
	return c.breach(ErrInah, RuleMurabahah, string(command)+".supplier", "the supplier %s is the buyer (bay' al-'inah)", contract.Clip(member))
}

// sameName takes away what does not tell two names apart: spaces, punctuation
// and capitals.
func sameName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// Stocking is the purchase of goods that nobody has ordered. They are sold
// once somebody orders them: [Contract.Order] in the state [Stocked].
type Stocking struct {
	Act                     // Document is the supplier's invoice; required
	Goods      string       `json:"goods"`
	Cost       ledger.Money `json:"cost"`
	Place      Place        `json:"place"`
	Supplier   string       `json:"supplier"`
	Possession string       `json:"possession,omitempty"` // what proves that the goods were taken over
}

func (Stocking) event() EventName { return EventStock }

func (s Stocking) decide(c Contract, e *Event) error {
	terms := Terms{Contract: s.Contract, Goods: s.Goods, Cost: s.Cost, Supplier: s.Supplier}
	if err := first(terms.checkGoods(), c.above(e.Name, s.Cost), c.proven(e.Name, s.Document, RuleMurabahah, "the supplier's invoice as its document"),
		c.proven(e.Name, s.Possession, RuleMurabahah, "what proves that the goods were taken over"), c.texts(e.Name, s.Supplier, Voucher{}),
		c.texts(e.Name, s.Possession, Voucher{}), c.through(e, s.Place, s.Cost.Neg())); err != nil {
		return err
	}
	e.To, e.Terms, e.Course = Stocked, &terms, c.possessed(s.Possession)
	e.Change.Inventory = s.Cost
	return nil
}

// SupplierAdvance is money paid to the supplier before the goods come.
type SupplierAdvance struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (SupplierAdvance) event() EventName { return EventAdvance }

func (a SupplierAdvance) decide(c Contract, e *Event) error {
	e.Change.Advance = a.Amount
	return first(c.above(e.Name, a.Amount), c.atMost(e.Name, c.Position.Advance.Add(a.Amount), c.Terms.Cost, "that the goods cost"),
		c.through(e, a.Place, a.Amount.Neg()))
}

// Entrustment deputises the member to buy the goods in the cooperative's name
// (wakalah). The akad follows when they belong to the cooperative; until then
// no margin is earned. The supplier is best paid directly: money in the
// agent's hands is an exception that somebody has to approve.
type Entrustment struct {
	Act
	Amount ledger.Money `json:"amount,omitzero"` // placed with the agent; zero if the supplier is paid directly
	Place  Place        `json:"place,omitzero"`
}

func (Entrustment) event() EventName { return EventEntrust }

func (t Entrustment) decide(c Contract, e *Event) error {
	if err := first(c.notBelow(e.Name, t.Amount), c.proven(e.Name, t.Document, RuleWakalah, "the deed of agency (wakalah) as its document")); err != nil {
		return err
	}
	if t.Amount.Sign() > 0 {
		if err := first(c.atMost(e.Name, t.Amount, c.Terms.Cost, "that the goods cost"),
			c.proven(e.Name, t.Approver, RuleWakalah, "an approver, because money goes to the agent")); err != nil {
			return err
		}
	}
	e.To, e.Change.Agent = Entrusted, t.Amount
	return c.through(e, t.Place, t.Amount.Neg())
}

// Possession is the taking over of the goods, actual or constructive (qabdh),
// which the Document proves: a delivery note, a warehouse receipt, the agent's
// hand-over. Only goods in possession are sold.
type Possession struct{ Act }

func (Possession) event() EventName { return EventPossess }

func (p Possession) decide(c Contract, e *Event) error {
	if err := c.proven(e.Name, p.Document, RuleMurabahah, "the document that proves it"); err != nil {
		return err
	}
	e.To, e.Course = Acquired, c.possessed(p.Document)
	return nil
}

// FurtherCost is what is paid to bring the goods to the place and condition of
// sale: freight, takaful. It is part of the cost that the terms disclose.
type FurtherCost struct {
	Act                 // Document proves it; required
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (FurtherCost) event() EventName { return EventCost }

func (f FurtherCost) decide(c Contract, e *Event) error {
	e.Change.Inventory = f.Amount
	return first(c.above(e.Name, f.Amount), c.proven(e.Name, f.Document, RuleMurabahah, "a document"), c.through(e, f.Place, f.Amount.Neg()))
}

// Cause is why goods lost value before the sale.
type Cause string

const (
	Damage     Cause = "damage"      // damaged, spoilt, obsolete
	MarketFall Cause = "market_fall" // what they would bring has fallen
)

// Impairment is a loss of value before the sale; it is the cooperative's.
// Ordered under a binding promise the goods stay at cost unless they are
// damaged; else they stand at the lower of cost and net realisable value (PSAK
// 402). The terms are offered anew at the lower cost: [Offer].
type Impairment struct {
	Act
	Value ledger.Money `json:"value"` // what the goods are still worth; below what they stand at
	Cause Cause        `json:"cause"`
}

func (Impairment) event() EventName { return EventImpair }

func (i Impairment) decide(c Contract, e *Event) error {
	held := c.Position.Inventory
	switch {
	case i.Cause != Damage && i.Cause != MarketFall:
		return c.refuse(ErrCommand, "impair.cause", "unknown cause %q", contract.Clip(string(i.Cause)))
	case i.Cause == MarketFall && c.State != Stocked && c.Terms.Promise == Binding:
		return c.breach(ErrCommand, RuleStandard, "impair.binding", "goods of a binding order stay at cost unless they are damaged")
	}
	if err := first(c.notBelow(e.Name, i.Value), c.proven(e.Name, i.Document, RuleStandard, "a document")); err != nil {
		return err
	}
	if !i.Value.Less(held) {
		r := c.breach(ErrAmount, RuleStandard, "impair.value", "the goods stand at %s, a value of %s is no loss", held, i.Value)
		r.Given, r.Limit = i.Value, held
		return r
	}
	loss := held.Sub(i.Value)
	e.Change = Position{Inventory: loss.Neg(), Impaired: loss}
	return nil
}

// Disposal ends goods in stock otherwise than by murabahah: given back to the
// supplier or sold for cash. A loss is the cooperative's; see [ActualLoss].
type Disposal struct {
	Act
	Proceeds ledger.Money `json:"proceeds"`
	Place    Place        `json:"place"`
}

func (Disposal) event() EventName { return EventDispose }

func (d Disposal) decide(c Contract, e *Event) error {
	held := c.Position.Inventory
	e.To = Cancelled
	e.Change = Position{
		Inventory: held.Neg(), Impaired: held.Sub(d.Proceeds).Max(ledger.Money{}), OtherIncome: d.Proceeds.Sub(held).Max(ledger.Money{}),
	}
	return first(c.notBelow(e.Name, d.Proceeds), c.proven(e.Name, d.Document, RuleMurabahah, "a document"), c.through(e, d.Place, d.Proceeds))
}
