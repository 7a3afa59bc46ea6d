package murabahah

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// State is where a contract stands.
type State string

const (
	// Unordered is the state before the order: there is no contract yet.
	Unordered State = ""
	// Ordered: the member has asked for the goods; nothing is sold.
	Ordered State = "ordered"
	// Acquired: the cooperative owns the goods and bears their risk.
	Acquired State = "acquired"
	// Sold: the akad is closed, the member owns the goods and owes the price.
	Sold State = "sold"
	// Settled: nothing is owed any more, paid in full or settled early.
	Settled State = "settled"
	// Cancelled: the order ended without a sale.
	Cancelled State = "cancelled"
)

// States lists all states in the order of a contract's life.
func States() []State { return []State{Unordered, Ordered, Acquired, Sold, Settled, Cancelled} }

// EventName names what happened.
type EventName string

const (
	EventOrder       EventName = "order"        // terms agreed, no money
	EventDownPayment EventName = "down_payment" // part of the price received before the sale
	EventAcquire     EventName = "acquire"      // the goods bought
	EventSell        EventName = "sell"         // the akad
	EventPay         EventName = "pay"          // cash collected on the instalments
	EventSettle      EventName = "settle"       // settled early, with the rebate due
	EventPenalty     EventName = "penalty"      // a penalty received, for the benevolent fund
	EventCancel      EventName = "cancel"       // the order given up, the down payment returned
	EventAdopt       EventName = "adopt"        // a running contract taken over, posts nothing
	EventReverse     EventName = "reverse"      // the latest event undone
)

// Place is the account of the cooperative through which money comes or goes:
// cash, a bank, a member's savings account with its sub key.
type Place = ledger.Place

// Position is what a contract amounts to, each on its natural side; an event
// carries the change of it. The first four are balances of the book under the
// contract's sub key and must equal them at all times.
type Position struct {
	DownPayment ledger.Money `json:"down_payment,omitzero"` // received, before the sale turns it into a payment; credit
	Inventory   ledger.Money `json:"inventory,omitzero"`    // goods owned for this contract; debit
	Receivable  ledger.Money `json:"receivable,omitzero"`   // price not yet paid; debit
	Deferred    ledger.Money `json:"deferred,omitzero"`     // margin not yet earned, against the receivable; credit

	Collected  ledger.Money `json:"collected,omitzero"`  // cash after the down payment
	Recognised ledger.Money `json:"recognised,omitzero"` // margin that became income
	Rebate     ledger.Money `json:"rebate,omitzero"`     // margin waived at an early settlement
	Penalties  ledger.Money `json:"penalties,omitzero"`  // received for the benevolent fund
	Recovered  ledger.Money `json:"recovered,omitzero"`  // actual costs kept from a down payment
}

// Add returns the position after a change.
func (p Position) Add(change Position) Position {
	p.DownPayment = p.DownPayment.Add(change.DownPayment)
	p.Inventory = p.Inventory.Add(change.Inventory)
	p.Receivable = p.Receivable.Add(change.Receivable)
	p.Deferred = p.Deferred.Add(change.Deferred)
	p.Collected = p.Collected.Add(change.Collected)
	p.Recognised = p.Recognised.Add(change.Recognised)
	p.Rebate = p.Rebate.Add(change.Rebate)
	p.Penalties = p.Penalties.Add(change.Penalties)
	p.Recovered = p.Recovered.Add(change.Recovered)
	return p
}

// Neg returns the change that undoes p.
func (p Position) Neg() Position {
	return Position{
		DownPayment: p.DownPayment.Neg(), Inventory: p.Inventory.Neg(), Receivable: p.Receivable.Neg(), Deferred: p.Deferred.Neg(),
		Collected: p.Collected.Neg(), Recognised: p.Recognised.Neg(), Rebate: p.Rebate.Neg(),
		Penalties: p.Penalties.Neg(), Recovered: p.Recovered.Neg(),
	}
}

// Voucher is the paper behind an event and its entry. All of it is optional.
type Voucher struct {
	Memo     string `json:"memo,omitempty"`     // the entry's; empty gives one in Indonesian that names event and contract
	Document string `json:"document,omitempty"` // reference to the paper or file
	Maker    string `json:"maker,omitempty"`    // who entered it
	Approver string `json:"approver,omitempty"` // who approved it
}

// Event is one thing that happened to a contract, with every amount that was
// decided: [Contract.Apply] adds up and computes no rule, so an old book
// replays under a new release.
type Event struct {
	Name    EventName   `json:"name"`
	Version int         `json:"version"` // the contract's version that this event makes, from 1
	Date    ledger.Date `json:"date"`    // the day of its entry
	From    State       `json:"from"`
	To      State       `json:"to"`
	// Latest is the day the contract has come to: the event's own date, or
	// after a reversal the date of the event that is the latest again.
	Latest ledger.Date `json:"latest,omitzero"`

	Party  ledger.Party `json:"party,omitzero"` // the buyer, and what that person is on this day
	Place  Place        `json:"place,omitzero"` // where the cash went
	Cash   ledger.Money `json:"cash,omitzero"`  // received; below zero if paid out
	Change Position     `json:"change,omitzero"`

	Terms *Terms `json:"terms,omitempty"` // order, adopt
	Note  string `json:"note,omitempty"`  // supplier, evidence, reason
	Voucher
	Undoes int       `json:"undoes,omitempty"` // reverse: the version undone
	Undone EventName `json:"undone,omitempty"` // reverse: what that event was
}

// Moves reports whether the event moves money between accounts. An event that
// does not has no entry.
func (e Event) Moves() bool {
	if e.Name == EventAdopt || e.Undone == EventAdopt {
		return false
	}
	moved := e.Change
	moved.Collected, moved.Rebate = ledger.Money{}, ledger.Money{}
	return moved != Position{} || !e.Cash.IsZero()
}

// String returns the event's name, version and date.
func (e Event) String() string { return fmt.Sprintf("%s #%d on %s", e.Name, e.Version, e.Date) }
