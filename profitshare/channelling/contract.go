package channelling

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Terms are what investor, business and cooperative agree on.
type Terms struct {
	Contract string       `json:"contract"` // the id, and the sub key on all accounts
	Investor ledger.Party `json:"investor"` // whose money it is
	Manager  ledger.Party `json:"manager"`  // whose business it is for
	// Restriction is what the investor allows its money to be used for; required.
	Restriction string       `json:"restriction"`
	Amount      ledger.Money `json:"amount"` // the most that is placed at a time, above zero
	// Nisbah is the investor's part of the business's result, above 0 and below 1;
	// the rest is the business's. The cooperative has none.
	Nisbah decimal.Decimal `json:"nisbah"`
	// Fee is the whole agreed fee of the cooperative, zero or more; a sum and
	// never a part of the result.
	Fee      ledger.Money `json:"fee,omitzero"`
	Maturity ledger.Date  `json:"maturity"`
	// Rounding is the rule by which the investor's share becomes money, in
	// multiples of Step.
	Rounding ledger.Rounding `json:"rounding"`
	Step     ledger.Money    `json:"step"`
}

// State is where a contract stands.
type State string

const (
	Unagreed State = ""        // there is no contract yet
	Agreed   State = "agreed"  // nothing is placed yet
	Running  State = "running" // money is, or was, with the business
	Closed   State = "closed"  // it is over and nothing is held
)

// States lists all states in the order of a contract's life.
func States() []State { return []State{Unagreed, Agreed, Running, Closed} }

// EventName names what happened.
type EventName string

const (
	EventAgree      EventName = "agree"      // the contract begins; posts nothing
	EventAdopt      EventName = "adopt"      // a running contract taken over, posts nothing
	EventReceive    EventName = "receive"    // money from the investor
	EventPlace      EventName = "place"      // passed on to the business
	EventReport     EventName = "report"     // actual result of a period; posts nothing
	EventCollect    EventName = "collect"    // the investor's share, from the business
	EventReturn     EventName = "return"     // capital, from the business
	EventLose       EventName = "lose"       // capital lost: the investor's
	EventCompensate EventName = "compensate" // a loss by the cooperative's own fault, made good
	EventCharge     EventName = "charge"     // the fee, out of what is held
	EventPayOut     EventName = "pay_out"    // to the investor
	EventClose      EventName = "close"      // it is over
	EventReverse    EventName = "reverse"    // the latest event undone
)

// allowedIn is the state machine; the table in doc.go draws it.
func allowedIn(name EventName) []State {
	switch name {
	case EventAgree, EventAdopt:
		return []State{Unagreed}
	case EventReceive, EventPlace, EventCharge, EventPayOut, EventClose:
		return []State{Agreed, Running}
	case EventReport, EventCollect, EventReturn, EventLose, EventCompensate:
		return []State{Running}
	}
	return nil
}

// Position is what a contract amounts to, and in an event what changes of it.
// No amount of a contract is below zero.
type Position struct {
	Held   ledger.Money `json:"held,omitzero"`   // the investor's, in the cooperative's hands: a liability
	Placed ledger.Money `json:"placed,omitzero"` // capital with the business: memorandum
	// ShareDue is what the business owes the investor of reported results. It
	// stands in the register only.
	ShareDue ledger.Money `json:"share_due,omitzero"`

	// What happened so far.
	Received    ledger.Money `json:"received,omitzero"`    // from the investor
	Shared      ledger.Money `json:"shared,omitzero"`      // the investor's part of results
	Collected   ledger.Money `json:"collected,omitzero"`   // of that, what came
	Lost        ledger.Money `json:"lost,omitzero"`        // capital
	Compensated ledger.Money `json:"compensated,omitzero"` // of that, by the cooperative
	Charged     ledger.Money `json:"charged,omitzero"`     // fees
	Paid        ledger.Money `json:"paid,omitzero"`        // to the investor
}

func (p *Position) fields() [10]*ledger.Money {
	return [...]*ledger.Money{&p.Held, &p.Placed, &p.ShareDue, &p.Received, &p.Shared, &p.Collected, &p.Lost, &p.Compensated, &p.Charged, &p.Paid}
}

// Add returns the position after a change.
func (p Position) Add(change Position) Position {
	to := p.fields()
	for i, amount := range change.fields() {
		*to[i] = to[i].Add(*amount)
	}
	return p
}

// Neg returns the change that undoes p.
func (p Position) Neg() Position {
	for _, amount := range p.fields() {
		*amount = amount.Neg()
	}
	return p
}

// Event is one thing that happened, with every amount that was decided.
type Event struct {
	Name    EventName   `json:"name"`
	Version int         `json:"version"`
	Date    ledger.Date `json:"date"`
	From    State       `json:"from"`
	To      State       `json:"to"`
	Latest  ledger.Date `json:"latest,omitzero"`  // the contract's latest day after the event
	Through ledger.Date `json:"through,omitzero"` // the last day reported after the event

	Change Position     `json:"change,omitzero"`
	Place  ledger.Place `json:"place,omitzero"` // through which money comes or goes
	Cash   ledger.Money `json:"cash,omitzero"`  // through it; below zero if it left the cooperative

	Terms    *Terms    `json:"terms,omitempty"`    // agree, adopt
	Reported *Reported `json:"reported,omitempty"` // report
	Note     string    `json:"note,omitempty"`
	Voucher
	Undoes int       `json:"undoes,omitempty"` // reverse: the version undone
	Undone EventName `json:"undone,omitempty"` // reverse: what that event was
}

// Reported is the result of a period and how it was shared.
type Reported struct {
	From     ledger.Date  `json:"from"`
	Through  ledger.Date  `json:"through"`
	Result   ledger.Money `json:"result"`
	Investor ledger.Money `json:"investor"`
	Manager  ledger.Money `json:"manager"`
}

// Voucher is the paper behind an event and its entry.
type Voucher = contract.Voucher

// String returns the event's name, version and date.
func (e Event) String() string { return fmt.Sprintf("%s #%d on %s", e.Name, e.Version, e.Date) }

// what is what moves the money: the event, or the one it undoes.
func (e Event) what() EventName {
	if e.Name == EventReverse {
		return e.Undone
	}
	return e.Name
}

// Contract is one restricted investment as it stands; the zero value is one that
// is not agreed yet.
type Contract struct {
	Terms    Terms       `json:"terms,omitzero"`
	State    State       `json:"state"`
	Version  int         `json:"version"`
	Latest   ledger.Date `json:"latest,omitzero"`
	Through  ledger.Date `json:"through,omitzero"`
	Position Position    `json:"position,omitzero"`
}

// Apply returns the contract after an event. It computes no rule; an event that
// does not follow is refused with [ErrSequence].
func (c Contract) Apply(e Event) (Contract, error) {
	id := c.Terms.Contract
	if e.Version != c.Version+1 || e.From != c.State || !slices.Contains(States(), e.To) {
		return c, refuse(ErrSequence, "apply.sequence", id, "event %s goes from %q, the contract has version %d and is %q", e, contract.Clip(string(e.From)), c.Version, c.State)
	}
	if e.what() != EventAdopt && e.Change.Held != e.Cash.Add(e.internal()) {
		return c, refuse(ErrSequence, "apply.balance", id, "event %s moves %s, and what is held by %s", e, e.Cash, e.Change.Held)
	}
	next := c
	next.State, next.Version, next.Latest, next.Through = e.To, e.Version, e.Latest, e.Through
	next.Position = c.Position.Add(e.Change)
	if e.Terms != nil {
		next.Terms = *e.Terms
	}
	if e.To == Unagreed {
		next.Terms = Terms{}
	}
	for _, amount := range next.Position.fields() {
		if amount.Err() != nil || amount.Sign() < 0 {
			return c, refuse(ErrSequence, "apply.amount", id, "event %s would leave an amount of %s", e, *amount)
		}
	}
	return next, nil
}

// internal is what moves what is held without passing a place: the fee.
func (e Event) internal() ledger.Money { return e.Change.Charged.Neg() }

// Replay applies events in their order to a contract that is not agreed yet.
func Replay(events []Event) (Contract, error) { return kind.Replay("", events) }

// Standing returns the events that still stand.
func Standing(history []Event) []Event { return kind.Standing(history) }
