package murabahah

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// allowedIn is the contract's state machine: which command in which states.
// The diagram in the package comment draws it, and a test compares the two.
func allowedIn(command EventName) []State {
	switch command {
	case EventOrder, EventAdopt:
		return []State{Unordered}
	case EventDownPayment:
		return []State{Ordered, Acquired}
	case EventAcquire, EventCancel:
		return []State{Ordered}
	case EventSell:
		return []State{Acquired}
	case EventPay, EventSettle:
		return []State{Sold}
	case EventPenalty:
		return []State{Sold, Settled}
	}
	return nil
}

// allow checks state and date, the first two steps of every command.
func (c Contract) allow(command EventName, day ledger.Date) error {
	switch {
	case slices.Contains(allowedIn(command), c.State):
	case command == EventSell && c.State == Ordered:
		r := c.refuse(ErrNotOwned, "sell.not_owned", "the goods must be owned before they are sold, the contract is only ordered")
		r.Rule = RuleMurabahah
		return r
	default:
		return c.refuse(ErrState, string(command)+".state", "%s is not possible, the contract is %s", command, stateName(c.State))
	}
	if err := day.Err(); err != nil {
		return c.refuse(ErrDate, string(command)+".date", "%s: %v", command, err)
	}
	if day.Before(c.Latest) {
		return c.refuse(ErrDate, string(command)+".date", "%s on %s lies before the latest event on %s", command, day, c.Latest)
	}
	return nil
}

// stateName names a state for people.
func stateName(s State) string {
	if s == Unordered {
		return "not ordered"
	}
	return string(s)
}

func (c Contract) refuse(kind error, code, format string, args ...any) *Refusal {
	return refuse(kind, code, c.Terms.Contract, format, args...)
}

// event starts an event that leads from the contract as it is.
func (c Contract) event(name EventName, day ledger.Date, to State, standing ledger.Standing) Event {
	party := c.Terms.Buyer
	if standing != ledger.NoStanding {
		party.Standing = standing
	}
	return Event{Name: name, Version: c.Version + 1, Date: day, Latest: day, From: c.State, To: to, Party: party}
}

// Ordering is the member's request for goods on agreed terms. It is a promise,
// not the sale.
type Ordering struct {
	Key   string // of the [Desk]'s command, as in all of them; the contract itself does not look at it
	Date  ledger.Date
	Terms Terms

	Document, Maker, Approver string // the [Voucher]; an order has no entry
}

// Order starts a contract. It posts nothing. It refuses terms that cannot be
// ([ErrTerms]).
func (c Contract) Order(o Ordering) (Event, error) {
	if err := c.allow(EventOrder, o.Date); err != nil {
		return Event{}, err
	}
	if err := o.Terms.Validate(); err != nil {
		return Event{}, err
	}
	c.Terms = o.Terms
	voucher := Voucher{Document: o.Document, Maker: o.Maker, Approver: o.Approver}
	if err := c.texts(EventOrder, "", voucher); err != nil {
		return Event{}, err
	}
	e := c.event(EventOrder, o.Date, Ordered, ledger.NoStanding)
	e.Terms, e.Voucher = &o.Terms, voucher
	return e, nil
}

// Receipt is money that comes in.
type Receipt struct {
	Key      string
	Contract string // the contract's id, for the [Desk], as in all commands
	Date     ledger.Date
	Amount   ledger.Money // above zero
	Place    Place        // where it goes: cash, a bank, out of a savings account
	// Standing is what the member is on this day; left out, what the member
	// was at the order.
	Standing ledger.Standing
	Note     string // up to [ledger.MaxText] bytes

	Memo, Document, Maker, Approver string // the [Voucher]
}

func (r Receipt) voucher() Voucher { return Voucher{r.Memo, r.Document, r.Maker, r.Approver} }

func (c Contract) receive(command EventName, r Receipt) error {
	if err := c.allow(command, r.Date); err != nil {
		return err
	}
	if err := r.Amount.Err(); err != nil {
		return c.refuse(ErrAmount, string(command)+".amount", "%s: %v", command, err)
	}
	if r.Amount.Sign() <= 0 {
		refusal := c.refuse(ErrAmount, string(command)+".amount", "%s of %s is not above zero", command, r.Amount)
		refusal.Given = r.Amount
		return refusal
	}
	return c.complete(command, r.Place, r.Standing, r.Note, r.voucher())
}

func (c Contract) complete(command EventName, p Place, s ledger.Standing, note string, v Voucher) error {
	switch {
	case p.Account == "":
		return c.refuse(ErrCommand, string(command)+".place", "%s does not say through which account the money goes", command)
	case s > ledger.Other:
		return c.refuse(ErrCommand, string(command)+".standing", "%s: unknown standing %s", command, s)
	}
	return c.texts(command, note, v)
}

// texts checks what is kept with the event. An event without an entry is
// never seen by the book's own checks.
func (c Contract) texts(command EventName, note string, v Voucher) error {
	for _, text := range [...]struct{ what, text string }{
		{"note", note}, {"memo", v.Memo}, {"document", v.Document}, {"maker", v.Maker}, {"approver", v.Approver},
	} {
		if why := textFault(text.text); why != "" {
			return c.refuse(ErrCommand, string(command)+"."+text.what, "%s: the %s %s", command, text.what, why)
		}
	}
	return nil
}

// ReceiveDownPayment takes part of the price before the sale; it is a
// liability until then (DSN-MUI 13/2000). All down payments together may not
// exceed the terms ([ErrDownPayment]). Journal: cash to down payment.
func (c Contract) ReceiveDownPayment(r Receipt) (Event, error) {
	if err := c.receive(EventDownPayment, r); err != nil {
		return Event{}, err
	}
	if total := c.Position.DownPayment.Add(r.Amount); c.Terms.DownPayment.Less(total) || total.Err() != nil {
		refusal := c.refuse(ErrDownPayment, "down_payment.above", "down payments of %s are above the %s of the terms", total, c.Terms.DownPayment)
		refusal.Given, refusal.Limit = total, c.Terms.DownPayment
		return Event{}, refusal
	}
	e := c.event(EventDownPayment, r.Date, c.State, r.Standing)
	e.Place, e.Cash, e.Note, e.Voucher = r.Place, r.Amount, r.Note, r.voucher()
	e.Change.DownPayment = r.Amount
	return e, nil
}

// Acquisition is the purchase of the goods in the cooperative's own name.
type Acquisition struct {
	Key      string
	Contract string
	Date     ledger.Date
	Cost     ledger.Money // must be the cost that the terms disclose
	Place    Place        // what pays: cash, a bank, an advance to the supplier, a payable
	Supplier string       // who sold them; the buyer's own number is refused
	Standing ledger.Standing

	Memo, Document, Maker, Approver string // the [Voucher]
}

func (a Acquisition) receipt() Receipt {
	return Receipt{
		Date: a.Date, Amount: a.Cost, Place: a.Place, Standing: a.Standing, Note: a.Supplier,
		Memo: a.Memo, Document: a.Document, Maker: a.Maker, Approver: a.Approver,
	}
}

// Acquire buys the goods; from here the cooperative bears their risk. The cost
// must be that of the terms ([ErrCost]), because the price was formed on it,
// and the supplier may not be the buyer: selling somebody's own goods back is
// bay' al-'inah. Journal: inventory to cash.
func (c Contract) Acquire(a Acquisition) (Event, error) {
	if err := c.receive(EventAcquire, a.receipt()); err != nil {
		return Event{}, err
	}
	if a.Cost != c.Terms.Cost {
		r := c.refuse(ErrCost, "acquire.cost", "cost %s differs from the %s of the terms", a.Cost, c.Terms.Cost)
		r.Rule, r.Given, r.Limit = RuleMurabahah, a.Cost, c.Terms.Cost
		return Event{}, r
	}
	if a.Supplier != "" && a.Supplier == c.Terms.Buyer.Member {
		r := c.refuse(ErrCommand, "acquire.supplier", "the supplier %s is the buyer (bay' al-'inah)", clip(a.Supplier))
		r.Rule = RuleMurabahah
		return Event{}, r
	}
	e := c.event(EventAcquire, a.Date, Acquired, a.Standing)
	e.Place, e.Cash, e.Note, e.Voucher = a.Place, a.Cost.Neg(), a.Supplier, a.receipt().voucher()
	e.Change.Inventory = a.Cost
	return e, nil
}

// Sale is the akad.
type Sale struct {
	Key      string
	Contract string
	Date     ledger.Date
	Standing ledger.Standing

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Sell closes the akad. The goods must be owned ([ErrNotOwned], DSN-MUI
// 04/2000) and the down payments complete ([ErrDownPayment]). Journal:
// receivable at the price to inventory at cost and deferred margin; the down
// payment reduces the receivable.
func (c Contract) Sell(s Sale) (Event, error) {
	if err := c.allow(EventSell, s.Date); err != nil {
		return Event{}, err
	}
	if s.Standing > ledger.Other {
		return Event{}, c.refuse(ErrCommand, "sell.standing", "sell: unknown standing %s", s.Standing)
	}
	voucher := Voucher{s.Memo, s.Document, s.Maker, s.Approver}
	if err := c.texts(EventSell, "", voucher); err != nil {
		return Event{}, err
	}
	received := c.Position.DownPayment
	if received != c.Terms.DownPayment {
		r := c.refuse(ErrDownPayment, "sell.down_payment", "down payments of %s are not yet the %s of the terms", received, c.Terms.DownPayment)
		r.Given, r.Limit = received, c.Terms.DownPayment
		return Event{}, r
	}
	e := c.event(EventSell, s.Date, Sold, s.Standing)
	e.Voucher = voucher
	e.Change = Position{
		DownPayment: received.Neg(),
		Inventory:   c.Position.Inventory.Neg(),
		Receivable:  c.Terms.SalePrice().Sub(received),
		Deferred:    c.Terms.Margin,
	}
	return e, nil
}

// Pay takes cash for the instalments: the oldest first, in part, or ahead of
// their days. It refuses more than is owed ([ErrOverpaid]). The margin earned
// is E(collected now) - E(collected before), see [Schedule.Earned]; the last
// rupiah settles the contract. Journal: cash to receivable; deferred margin to
// income.
func (c Contract) Pay(r Receipt) (Event, error) {
	if err := c.receive(EventPay, r); err != nil {
		return Event{}, err
	}
	if c.Position.Receivable.Less(r.Amount) {
		refusal := c.refuse(ErrOverpaid, "pay.above", "payment of %s is above the %s owed", r.Amount, c.Position.Receivable)
		refusal.Given, refusal.Limit = r.Amount, c.Position.Receivable
		return Event{}, refusal
	}
	schedule, err := c.Terms.Schedule()
	if err != nil {
		return Event{}, err
	}
	earned := schedule.Earned(c.Position.Collected.Add(r.Amount)).Sub(c.Position.Recognised)
	to := Sold
	if r.Amount == c.Position.Receivable {
		to = Settled
	}
	e := c.event(EventPay, r.Date, to, r.Standing)
	e.Place, e.Cash, e.Note, e.Voucher = r.Place, r.Amount, r.Note, r.voucher()
	e.Change = Position{Receivable: r.Amount.Neg(), Deferred: earned.Neg(), Collected: r.Amount, Recognised: earned}
	return e, nil
}

// Settlement is an early settlement in full.
type Settlement struct {
	Key      string
	Contract string
	Date     ledger.Date
	Place    Place
	Standing ledger.Standing
	Note     string

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Settle ends the contract early at the amount that [Contract.Quote] computes
// for the day, with the rebate of DSN-MUI 153/2022. Journal: cash, and the
// deferred margin, to receivable and the income left after the rebate.
func (c Contract) Settle(s Settlement) (Event, error) {
	q, err := c.Quote(s.Date)
	if err != nil {
		return Event{}, err
	}
	voucher := Voucher{s.Memo, s.Document, s.Maker, s.Approver}
	if err := c.complete(EventSettle, s.Place, s.Standing, s.Note, voucher); err != nil {
		return Event{}, err
	}
	e := c.event(EventSettle, s.Date, Settled, s.Standing)
	e.Place, e.Cash, e.Note, e.Voucher = s.Place, q.Pays, s.Note, voucher
	e.Change = Position{
		Receivable: q.Outstanding.Neg(), Deferred: q.Deferred.Neg(),
		Collected: q.Pays, Recognised: q.Income, Rebate: q.Rebate,
	}
	return e, nil
}

// Penalise takes a penalty (ta'zir) from a member who is able to pay and
// delays. All of it goes to the benevolent fund and none to income (DSN-MUI
// 17/2000), and the debt does not change. Whether the member was able is for
// people to judge; the note can say so. Journal: cash to penalty fund.
func (c Contract) Penalise(r Receipt) (Event, error) {
	if err := c.receive(EventPenalty, r); err != nil {
		return Event{}, err
	}
	e := c.event(EventPenalty, r.Date, c.State, r.Standing)
	e.Place, e.Cash, e.Note, e.Voucher = r.Place, r.Amount, r.Note, r.voucher()
	e.Change.Penalties = r.Amount
	return e, nil
}
