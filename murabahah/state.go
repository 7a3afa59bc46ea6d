package murabahah

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// State is where a contract stands.
type State string

const (
	// Unordered is the state before the order: there is no contract yet.
	Unordered State = ""
	// Stocked: the cooperative owns goods that nobody has ordered.
	Stocked State = "stocked"
	// Ordered: the member has asked for the goods; nothing is sold.
	Ordered State = "ordered"
	// Entrusted: the member buys the goods as the cooperative's agent (wakalah).
	Entrusted State = "entrusted"
	// Bought: the goods are paid for but not taken over yet.
	Bought State = "bought"
	// Acquired: the cooperative owns and possesses the goods and bears their risk.
	Acquired State = "acquired"
	// Sold: the akad is closed, the member owns the goods and owes the price.
	Sold State = "sold"
	// Settled: nothing is owed any more, paid in full or settled early.
	Settled State = "settled"
	// WrittenOff: the debt has left the books' assets and is still claimed.
	WrittenOff State = "written_off"
	// Cancelled: it ended without a sale.
	Cancelled State = "cancelled"
)

// States lists all states in the order of a contract's life.
func States() []State {
	return []State{Unordered, Stocked, Ordered, Entrusted, Bought, Acquired, Sold, Settled, WrittenOff, Cancelled}
}

// Events lists all events but the reversal, in the order of a contract's life.
func Events() []EventName {
	names := make([]EventName, len(machine))
	for i, m := range machine {
		names[i] = m.event
	}
	return names
}

// beforeSale are the states of an order that is not fulfilled yet.
var beforeSale = []State{Ordered, Entrusted, Bought, Acquired}

// machine is the contract's state machine: which command in which states. The
// table in the package comment draws it, and a test compares the two.
var machine = [...]struct {
	event EventName
	in    []State
}{
	{EventOrder, []State{Unordered, Stocked}},
	{EventAdopt, []State{Unordered}},
	{EventStock, []State{Unordered}},
	{EventOffer, beforeSale},
	{EventDeposit, beforeSale},
	{EventReturnDeposit, beforeSale},
	{EventDownPayment, beforeSale},
	{EventCancel, beforeSale},
	{EventAdvance, []State{Ordered}},
	{EventEntrust, []State{Ordered}},
	{EventAcquire, []State{Ordered, Entrusted}},
	{EventPossess, []State{Bought}},
	{EventCost, []State{Stocked, Bought, Acquired}},
	{EventImpair, []State{Stocked, Bought, Acquired}},
	{EventDispose, []State{Stocked}},
	{EventSell, []State{Acquired}},
	{EventDeliver, []State{Sold, Settled}},
	{EventFee, []State{Ordered, Entrusted, Bought, Acquired, Sold}},
	{EventReturn, []State{Sold, Settled}},
	{EventDue, []State{Sold}},
	{EventPay, []State{Sold}},
	{EventApplyHeld, []State{Sold}},
	{EventReturnHeld, []State{Sold, Settled, WrittenOff}},
	{EventSettle, []State{Sold}},
	{EventPayRebate, []State{Settled}},
	{EventSupplierDiscount, []State{Stocked, Bought, Acquired, Sold, Settled}},
	{EventPayDiscount, []State{Sold, Settled, WrittenOff}},
	{EventDiscount, []State{Sold, Settled}},
	{EventConcession, []State{Sold}},
	{EventRelease, []State{Sold}},
	{EventPenalty, []State{Sold, Settled}},
	{EventCompensation, []State{Sold, Settled, WrittenOff}},
	{EventRevise, []State{Sold}},
	{EventStop, []State{Sold}},
	{EventResume, []State{Sold}},
	{EventJudge, []State{Sold}},
	{EventAbility, []State{Sold}},
	{EventRealise, []State{Sold}},
	{EventTakeOver, []State{Sold}},
	{EventConvert, []State{Sold}},
	{EventWriteOff, []State{Sold}},
	{EventRecover, []State{WrittenOff}},
}

// allowedIn returns the states in which a command is possible.
func allowedIn(command EventName) []State {
	for i := range machine {
		if machine[i].event == command {
			return machine[i].in
		}
	}
	return nil
}

// allow checks state and date, the first two steps of every command.
func (c Contract) allow(command EventName, day ledger.Date) error {
	switch {
	case slices.Contains(allowedIn(command), c.State):
	case command == EventSell && slices.Contains(beforeSale, c.State):
		r := c.refuse(ErrNotOwned, "sell.not_owned", "the goods must be owned before they are sold, the contract is only %s", c.State)
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

func known(s State) bool { return slices.Contains(States(), s) }

// Course is what a contract has come to beside its amounts. An event that
// changes any of it carries the whole.
type Course struct {
	SoldOn    ledger.Date `json:"sold_on,omitzero"`    // the day of the akad: margin is not counted before it
	Delivered ledger.Date `json:"delivered,omitzero"`  // the day the buyer got the goods
	Possessed string      `json:"possessed,omitempty"` // what proves that the cooperative had taken the goods over
	Revisions int         `json:"revisions,omitempty"` // how often the rest was agreed anew
	Revision  *Revision   `json:"revision,omitempty"`  // the plan in force, if it is no longer the akad's
	Base      *Base       `json:"base,omitempty"`      // from where margin is earned, after a revision or a cut
	Stopped   bool        `json:"stopped,omitempty"`   // margin falling due is not accrued
	Unable    string      `json:"unable,omitempty"`    // what proves that the member cannot pay
	Judgment  *Judgment   `json:"judgment,omitempty"`  // the class that management has set
	Admission *Admission  `json:"admission,omitempty"` // the standards that terms and akad are held to
	Resold    string      `json:"resold,omitempty"`    // what proves that the buyer sold the goods to the cooperative for another akad
}

// Revision is the plan that was agreed for the rest of a debt.
type Revision struct {
	Kind      RevisionKind `json:"kind"`
	Plan      Plan         `json:"plan"`
	Method    Method       `json:"method"`    // by which the rest of the margin is earned
	Collected ledger.Money `json:"collected"` // when it was agreed
	Total     ledger.Money `json:"total"`     // what its instalments add up to: all that was owed then
	Margin    ledger.Money `json:"margin"`    // of which is margin
	// Elapsed is the margin, of all of the contract's, that the time up to then
	// had made owed; see [Quote].
	Elapsed ledger.Money `json:"elapsed,omitzero"`
}

// Base is where a contract stood when its debt was last cut or agreed anew:
// the margin not yet earned then is earned with what was owed then.
type Base struct {
	Collected  ledger.Money `json:"collected"`
	Recognised ledger.Money `json:"recognised"`
	Owed       ledger.Money `json:"owed"`
	Unearned   ledger.Money `json:"unearned"`
}

// Judgment is a class that management has set, whatever the arrears say.
type Judgment struct {
	Class Class       `json:"class"`
	On    ledger.Date `json:"on"`
	By    string      `json:"by"`
	Why   string      `json:"why"`
}
