package murabahah

import (
	"cmp"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Ordering is the member's request for goods on agreed terms. It is a promise,
// not the sale. Whether the buyer is known is the host's to ask before it orders:
// this package knows no register of members, and an order in the name of a
// number that nobody has is taken.
type Ordering struct {
	Key   string // of the [Desk]'s command, as in all of them; the contract itself does not look at it
	Date  ledger.Date
	Terms Terms
	// Admission, if it is given, holds the terms to the standard in force: on
	// the day of the order, of every [Offer] and of the akad. Without it
	// nothing is asked of the method.
	Admission *Admission

	Document, Maker, Approver string // the [Voucher]; an order has no entry
}

// Admission is what an order is held to: the cooperative's standards, dated,
// and what they ask about the sale. It stays with the contract up to the akad.
type Admission struct {
	Standards []Standard `json:"standards"` // see [Standards]
	Facts     Facts      `json:"facts"`
}

// admit refuses terms that the standard of a day does not allow ([ErrTerms]).
func (a *Admission) admit(t Terms, on ledger.Date) error {
	if a == nil {
		return nil
	}
	standard, found := StandardOn(a.Standards, on)
	if !found {
		return t.refuseRule(RuleStandard, "terms.standard", "none of %d standards is in force on %s", len(a.Standards), on)
	}
	return standard.Admit(t, a.Facts)
}

// Order starts a contract, or gives goods in stock a buyer. It posts nothing.
// It refuses terms that cannot be ([ErrTerms]).
func (c Contract) Order(o Ordering) (Event, error) {
	if err := c.allow(EventOrder, o.Date); err != nil {
		return Event{}, err
	}
	if err := o.Terms.Validate(); err != nil {
		return Event{}, err
	}
	if err := o.Admission.admit(o.Terms, o.Date); err != nil {
		return Event{}, err
	}
	if err := o.Terms.settledBy(o.Date); err != nil {
		return Event{}, err
	}
	to, stock := Ordered, c.Terms
	c.Terms = o.Terms
	voucher := Voucher{Document: o.Document, Maker: o.Maker, Approver: o.Approver}
	if err := c.texts(EventOrder, "", voucher); err != nil {
		return Event{}, err
	}
	e := c.event(EventOrder, o.Date, to, ledger.NoStanding)
	e.Terms, e.Voucher = &o.Terms, voucher
	if o.Admission != c.Course.Admission {
		e.Course = c.admitted(o.Admission)
	}
	if c.State == Stocked {
		if err := c.ownGoods(stock, &e); err != nil {
			return Event{}, err
		}
		if c.Course.Possessed == "" {
			e.To = Bought
		} else {
			e.To = Acquired
		}
	}
	return e, nil
}

// admitted returns the contract's course with what it is held to from now on.
func (c Contract) admitted(a *Admission) *Course {
	course := c.Course
	course.Admission = a
	return &course
}

// ownGoods says whether goods in stock can be sold on these terms: the same
// goods, and not to who sold them.
func (c Contract) ownGoods(stock Terms, e *Event) error {
	if c.Terms.Contract != stock.Contract || c.Terms.Goods != stock.Goods {
		return c.refuse(ErrTerms, "order.goods", "the goods in stock are %s of %s, not %s", contract.Clip(stock.Goods), contract.Clip(stock.Contract), contract.Clip(c.Terms.Goods))
	}
	c.Terms.Supplier, e.Terms.Supplier = stock.Supplier, stock.Supplier
	return c.notInah(EventOrder, stock.Supplier, "")
}

// Offer is a set of terms agreed anew before the akad: because the cost came
// out differently, the supplier gave a discount, the goods lost value, or the
// member wants another tenor. Contract, buyer and goods stay, and what the
// order was held to holds the offer too.
type Offer struct {
	Act
	Terms Terms `json:"terms"`
	// Admission, if it is given, is what the contract is held to from now on,
	// because the facts of the sale have changed with its terms.
	Admission *Admission `json:"admission,omitempty"`
}

func (Offer) event() EventName { return EventOffer }

func (o Offer) decide(c Contract, e *Event) error {
	t, was := o.Terms, c.Terms
	if err := first(t.Validate(), t.settledBy(o.Date), cmp.Or(o.Admission, c.Course.Admission).admit(t, o.Date)); err != nil {
		return err
	}
	t.Supplier = was.Supplier
	switch {
	case t.Contract != was.Contract || t.Buyer.Member != was.Buyer.Member || t.Goods != was.Goods:
		return c.refuse(ErrTerms, "offer.parties", "an offer keeps contract, buyer and goods: %s, %s, %s", contract.Clip(was.Contract), contract.Clip(was.Buyer.Member), contract.Clip(was.Goods))
	case t.DownPayment.Less(c.Position.DownPayment):
		r := c.refuse(ErrDownPayment, "offer.down_payment", "down payments of %s were received already, the offer has %s", c.Position.DownPayment, t.DownPayment)
		r.Given, r.Limit = c.Position.DownPayment, t.DownPayment
		return r
	}
	e.Terms = &t
	if o.Admission != nil {
		e.Course = c.admitted(o.Admission)
	}
	return nil
}

// Receipt is money that comes in.
type Receipt struct {
	Key      string
	Contract string // the contract's id, for the [Desk], as in all commands
	Date     ledger.Date
	Amount   ledger.Money // above zero
	Place    Place        // where it goes: cash, a bank, out of a savings account
	// Payer is who pays, if not the buyer: only then may the money come out of
	// savings that are not the buyer's own.
	Payer ledger.Party
	// Standing is what the member is on this day; left out, what the member
	// was at the order.
	Standing ledger.Standing
	Note     string // up to [ledger.MaxText] bytes

	Memo, Document, Maker, Approver string // the [Voucher]
}

func (r Receipt) voucher() Voucher {
	return Voucher{Memo: r.Memo, Document: r.Document, Maker: r.Maker, Approver: r.Approver}
}

func (c Contract) receive(command EventName, r Receipt) error {
	return first(c.allow(command, r.Date), c.above(command, r.Amount), c.complete(command, r.Place, r.Standing, r.Note, r.voucher()),
		c.paying(command, r.Payer))
}

// paying checks who pays for the buyer.
func (c Contract) paying(command EventName, p ledger.Party) error {
	if p.Standing > ledger.Other || len(p.Member) > ledger.MaxSub || contract.TextFault(p.Member) != "" || (p.Member == "") != (p.Standing == ledger.NoStanding) {
		return c.refuse(ErrCommand, string(command)+".payer", "%s: a payer needs a member number and a standing", command)
	}
	return nil
}

func (c Contract) complete(command EventName, p Place, s ledger.Standing, note string, v Voucher) error {
	if p.Account == "" {
		return c.refuse(ErrCommand, string(command)+".place", "%s does not say through which account the money goes", command)
	}
	return c.told(command, s, note, v)
}

// received starts the event of a receipt.
func (c Contract) received(command EventName, r Receipt, to State) Event {
	e := c.event(command, r.Date, to, r.Standing)
	e.Payer, e.Place, e.Cash, e.Note, e.Voucher = r.Payer, r.Place, r.Amount, r.Note, r.voucher()
	return e
}

// ReceiveDownPayment takes part of the price before the sale (urbun); it is a
// liability until then (DSN-MUI 13/2000). All that is paid before the sale, an
// order's deposit included, may not exceed the down payment of the terms
// ([ErrDownPayment]). Journal: cash to down payment.
func (c Contract) ReceiveDownPayment(r Receipt) (Event, error) {
	if err := c.receive(EventDownPayment, r); err != nil {
		return Event{}, err
	}
	if err := c.withinDownPayment(r.Amount); err != nil {
		return Event{}, err
	}
	e := c.received(EventDownPayment, r, c.State)
	e.Change.DownPayment = r.Amount
	return e, nil
}

func (c Contract) withinDownPayment(more ledger.Money) error {
	total := ledger.Sum(c.Position.DownPayment, c.Position.Deposit, more)
	if c.Terms.DownPayment.Less(total) || total.Err() != nil {
		r := c.refuse(ErrDownPayment, "down_payment.above", "down payments of %s are above the %s of the terms", total, c.Terms.DownPayment)
		r.Given, r.Limit = total, c.Terms.DownPayment
		return r
	}
	return nil
}

// Deposit is hamish jiddiyah: what the member lays down with the promise to
// show that it is meant. It is held for the member and is no income; at the
// sale it becomes part of the down payment, or it is returned before.
type Deposit struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (Deposit) event() EventName { return EventDeposit }

func (d Deposit) decide(c Contract, e *Event) error {
	e.Change.Deposit = d.Amount
	return first(c.above(e.Name, d.Amount), c.through(e, d.Place, d.Amount), c.withinDownPayment(d.Amount))
}

// DepositReturn gives hamish jiddiyah back before the sale.
type DepositReturn struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (DepositReturn) event() EventName { return EventReturnDeposit }

func (d DepositReturn) decide(c Contract, e *Event) error {
	e.Change.Deposit = d.Amount.Neg()
	return first(c.above(e.Name, d.Amount), c.atMost(e.Name, d.Amount, c.Position.Deposit, "held as a deposit"), c.through(e, d.Place, d.Amount.Neg()))
}

// Cancellation ends an order before the sale.
type Cancellation struct {
	Key      string
	Contract string
	Date     ledger.Date
	// ActualLoss is what the order has really cost, zero or more; the profit
	// that was hoped for is not a loss. See [ActualLoss].
	ActualLoss ledger.Money
	Evidence   string // what proves the loss; required if there is one
	// Claim books the loss beyond what was paid as a claim on the member. Only
	// who broke a binding promise owes it.
	Claim    bool
	Place    Place // what pays back, or takes the agent's money back; required if there is any
	Standing ledger.Standing

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Refund is how a down payment is divided when an order is cancelled.
type Refund struct {
	Returned  ledger.Money // to the member
	Kept      ledger.Money // against the actual loss
	Claimable ledger.Money // loss beyond the down payment, which may be claimed
}

// SplitDownPayment divides a down payment by the actual loss: never more than
// the loss is kept (DSN-MUI 13/2000). Neither amount may be below zero.
func SplitDownPayment(received, actualLoss ledger.Money) Refund {
	kept := received.Min(actualLoss)
	return Refund{Returned: received.Sub(kept), Kept: kept, Claimable: actualLoss.Sub(kept)}
}

// ActualLoss returns what a broken promise has really cost: the cost of the
// goods and of selling them otherwise, less what they brought; zero if they
// brought more. The price that was promised has no part in it.
func ActualLoss(cost, proceeds ledger.Money) ledger.Money {
	return cost.Sub(proceeds).Max(ledger.Money{})
}

// Cancel ends an order. Of the deposit and the down payment the actual loss is
// kept and the rest returned ([SplitDownPayment]). Goods that are already
// bought stay with the cooperative as stock, to be ordered by another buyer or
// disposed of. Journal: deposit and down payment to cash and cost recovery.
func (c Contract) Cancel(n Cancellation) (Event, error) {
	if err := c.allow(EventCancel, n.Date); err != nil {
		return Event{}, err
	}
	if err := c.losing(n); err != nil {
		return Event{}, err
	}
	voucher := Voucher{Memo: n.Memo, Document: n.Document, Maker: n.Maker, Approver: n.Approver}
	if err := c.told(EventCancel, n.Standing, n.Evidence, voucher); err != nil {
		return Event{}, err
	}
	p := c.Position
	refund := SplitDownPayment(p.DownPayment.Add(p.Deposit), n.ActualLoss)
	e := c.event(EventCancel, n.Date, Cancelled, n.Standing)
	if !p.Inventory.IsZero() {
		e.To = Stocked
	}
	e.Note, e.Voucher = n.Evidence, voucher
	e.Change = Position{
		DownPayment: p.DownPayment.Neg(), Deposit: p.Deposit.Neg(), Recovered: refund.Kept,
		Agent: p.Agent.Neg(), Advance: p.Advance.Neg(),
	}
	if n.Claim {
		e.Change.Claimed = refund.Claimable
		e.Change.Recovered = e.Change.Recovered.Add(refund.Claimable)
	}
	if err := c.through(&e, n.Place, ledger.Sum(p.Agent, p.Advance, refund.Returned.Neg())); err != nil {
		return Event{}, err
	}
	if e.Place.Account == "" {
		e.Place = n.Place
	}
	return e, n.keepLoss(&e)
}

// losing checks the loss of a cancelled order.
func (c Contract) losing(n Cancellation) error {
	if n.ActualLoss.Err() != nil || n.ActualLoss.Sign() < 0 {
		r := c.refuse(ErrAmount, "cancel.amount", "an actual loss of %s is below zero", n.ActualLoss)
		r.Given = n.ActualLoss
		return r
	}
	if n.ActualLoss.Sign() > 0 && strings.TrimSpace(n.Evidence) == "" {
		r := c.breach(ErrCommand, RuleDownPayment, "cancel.evidence", "an actual loss of %s needs evidence", n.ActualLoss)
		r.Given = n.ActualLoss
		return r
	}
	if n.Claim && c.Terms.Promise != Binding {
		return c.breach(ErrCommand, RuleDownPayment, "cancel.claim", "a loss is claimed only from who broke a binding promise")
	}
	return nil
}
