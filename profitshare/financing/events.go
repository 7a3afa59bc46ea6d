package financing

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// State is where a contract stands.
type State string

const (
	// Unagreed is the state before the commitment: there is no contract yet.
	Unagreed State = ""
	// Committed: approved, nothing handed over.
	Committed State = "committed"
	// Funded: capital is handed over, the business has not begun.
	Funded State = "funded"
	// Running: the business works with the capital.
	Running State = "running"
	// Ended: the partnership is over; something is still owed.
	Ended State = "ended"
	// Closed: the partnership is over and nothing is owed.
	Closed State = "closed"
	// Cancelled: the commitment ended before anything was handed over.
	Cancelled State = "cancelled"
)

// States lists all states in the order of a contract's life.
func States() []State {
	return []State{Unagreed, Committed, Funded, Running, Ended, Closed, Cancelled}
}

// EventName names what happened.
type EventName string

const (
	EventCommit   EventName = "commit"    // approved; a memorandum entry
	EventAdopt    EventName = "adopt"     // a running contract taken over, posts nothing
	EventDisburse EventName = "disburse"  // a tranche in money
	EventHandOver EventName = "hand_over" // a tranche in kind
	EventRelease  EventName = "release"   // what is not drawn is given up
	EventAgree    EventName = "agree"     // another nisbah from a day on
	EventStart    EventName = "start"     // the business begins
	EventReport   EventName = "report"    // actual results of a period, shared or borne
	EventCollect  EventName = "collect"   // cash on what is due
	EventRepay    EventName = "repay"     // capital that comes back in stages
	EventSettle   EventName = "settle"    // losses set against shares that were provisional
	EventBuyBack  EventName = "buy_back"  // shares of a declining musyarakah sold to the partner
	EventAmortise EventName = "amortise"  // deferred gain that became income
	EventWear     EventName = "wear"      // goods of a musyarakah that lost value in use
	EventLose     EventName = "lose"      // capital lost without fault
	EventFault    EventName = "fault"     // capital lost by the manager's fault
	EventEnd      EventName = "end"       // maturity or termination, with the final account
	EventWriteOff EventName = "write_off" // what is due and will not come
	EventReverse  EventName = "reverse"   // the latest event undone
)

// Position is what a contract amounts to, and in an event what changes of it.
// None of the amounts of a contract is below zero.
type Position struct {
	// What stands on the contract's subs.
	Commitment ledger.Money `json:"commitment,omitzero"` // not drawn yet; memorandum
	Invested   ledger.Money `json:"invested,omitzero"`   // the investment, before the allowance
	Allowance  ledger.Money `json:"allowance,omitzero"`  // against losses
	Deferred   ledger.Money `json:"deferred,omitzero"`   // gain on goods handed over
	ShareDue   ledger.Money `json:"share_due,omitzero"`  // profit share reported and unpaid
	Matured    ledger.Money `json:"matured,omitzero"`    // capital due when the contract ended
	Fault      ledger.Money `json:"fault,omitzero"`      // owed for losses by the manager's fault

	// What the business stands at, for the division of results.
	Capital ledger.Money `json:"capital,omitzero"` // the cooperative's, before losses that later profit makes good
	Bought  ledger.Money `json:"bought,omitzero"`  // capital that the partner has bought of the cooperative
	Deficit ledger.Money `json:"deficit,omitzero"` // losses of both sides that later profit must make good first
	Pending ledger.Money `json:"pending,omitzero"` // losses of both sides not settled yet
	InKind  ledger.Money `json:"in_kind,omitzero"` // of the capital, what stands in goods handed over
	// Interim is profit of both sides that was shared for the time being, and
	// InterimOwn the cooperative's part of it; zero where shares are final.
	Interim    ledger.Money `json:"interim,omitzero"`
	InterimOwn ledger.Money `json:"interim_own,omitzero"`

	// What went through income and expense so far.
	Income       ledger.Money `json:"income,omitzero"`        // profit shares
	Forgone      ledger.Money `json:"forgone,omitzero"`       // shares that were income and are no more: they never came, or went back at a settlement
	HandoverGain ledger.Money `json:"handover_gain,omitzero"` // recognised
	HandoverLoss ledger.Money `json:"handover_loss,omitzero"`
	Loss         ledger.Money `json:"loss,omitzero"`
	Wear         ledger.Money `json:"wear,omitzero"`     // depreciation of goods in use
	Recovery     ledger.Money `json:"recovery,omitzero"` // of losses recognised before
	Gain         ledger.Money `json:"gain,omitzero"`     // on shares sold, and at the end
}

// fields lists the amounts, for what is done to all of them alike.
func (p *Position) fields() [22]*ledger.Money {
	return [...]*ledger.Money{
		&p.Commitment, &p.Invested, &p.Allowance, &p.Deferred, &p.ShareDue, &p.Matured, &p.Fault,
		&p.Capital, &p.Bought, &p.Deficit, &p.Pending, &p.InKind, &p.Interim, &p.InterimOwn,
		&p.Income, &p.Forgone, &p.HandoverGain, &p.HandoverLoss, &p.Loss, &p.Wear, &p.Recovery, &p.Gain,
	}
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

// Net is the carrying amount of the investment: less the allowance.
func (p Position) Net() ledger.Money { return p.Invested.Sub(p.Allowance) }

// Lost is what losses have taken off the investment that later profit, or the
// final account, may restore: the allowance, and what was cut directly.
func (p Position) Lost() ledger.Money { return p.Allowance.Add(p.Capital).Sub(p.Invested) }

// Due is what the partner owes: shares, matured capital, and for fault.
func (p Position) Due() ledger.Money { return ledger.Sum(p.ShareDue, p.Matured, p.Fault) }

// entered returns what a change's debits exceed its credits by; cash apart.
func (p Position) entered() ledger.Money {
	return ledger.Sum(p.Invested, p.Allowance.Neg(), p.Deferred.Neg(), p.ShareDue, p.Matured, p.Fault,
		p.Income.Neg(), p.Forgone, p.HandoverGain.Neg(), p.HandoverLoss, p.Loss, p.Wear, p.Recovery.Neg(), p.Gain.Neg())
}

// Place is an account, with its sub if it has subs, through which money or
// goods come and go.
type Place = ledger.Place

// Gain is the deferred gain of goods that were handed over on a day.
type Gain struct {
	From   ledger.Date  `json:"from"`
	Amount ledger.Money `json:"amount"`
}

// Reported is what a report said and what was decided by it.
type Reported struct {
	From    ledger.Date  `json:"from"`
	Through ledger.Date  `json:"through"`
	Revenue ledger.Money `json:"revenue,omitzero"`
	Cost    ledger.Money `json:"cost,omitzero"`
	Expense ledger.Money `json:"expense,omitzero"`

	Base     ledger.Money `json:"base,omitzero"`     // what the akad shares, below zero for a loss
	Settled  ledger.Money `json:"settled,omitzero"`  // pending losses taken off it
	Restored ledger.Money `json:"restored,omitzero"` // profit that made earlier losses of both sides good
	Nisbah   string       `json:"nisbah"`            // the cooperative's part in force
	Shared   ledger.Money `json:"shared,omitzero"`   // divided; below zero for a loss
	// Owner and Partner add up to Shared; Manager and Capital to Partner.
	Owner   ledger.Money `json:"owner,omitzero"`
	Partner ledger.Money `json:"partner,omitzero"`
	Manager ledger.Money `json:"manager,omitzero"`
	Capital ledger.Money `json:"capital,omitzero"`
}

// Settled is what a settlement set against each other.
type Settled struct {
	Loss ledger.Money `json:"loss"` // of both sides, made good out of profit shared before
	// Owner and Partner are the shares that each gives back; they add up to Loss.
	Owner   ledger.Money `json:"owner,omitzero"`
	Partner ledger.Money `json:"partner,omitzero"`
	// Restored is what the loss had taken off the cooperative's capital.
	Restored ledger.Money `json:"restored,omitzero"`
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
	// Through is the last day reported, or before the business began, after the event.
	Latest  ledger.Date `json:"latest,omitzero"`
	Through ledger.Date `json:"through,omitzero"`

	Party  ledger.Party `json:"party,omitzero"` // the partner, and what that person is on this day
	Place  Place        `json:"place,omitzero"`
	Cash   ledger.Money `json:"cash,omitzero"` // through the place; below zero if it left the cooperative
	Change Position     `json:"change,omitzero"`

	Terms    *Terms      `json:"terms,omitempty"`    // commit, adopt
	Gain     *Gain       `json:"gain,omitempty"`     // hand_over with a deferred gain, adopt
	Nisbah   *NisbahTerm `json:"nisbah,omitempty"`   // agree
	Reported *Reported   `json:"reported,omitempty"` // report
	Settled  *Settled    `json:"settled,omitempty"`  // settle
	Claim    Claim       `json:"claim,omitempty"`    // collect, write_off
	Ground   Ground      `json:"ground,omitempty"`   // fault
	Policy   string      `json:"policy,omitempty"`   // the source of the policy that decided, where one did
	Note     string      `json:"note,omitempty"`     // evidence, reason
	Voucher
	Undoes int       `json:"undoes,omitempty"` // reverse: the version undone
	Undone EventName `json:"undone,omitempty"` // reverse: what that event was
}

// Voucher is the paper behind an event and its entry.
type Voucher = contract.Voucher

// what returns what kind of event moves the money: its own, or the one undone.
func (e Event) what() EventName {
	if e.Name == EventReverse {
		return e.Undone
	}
	return e.Name
}

// String returns the event's name, version and date.
func (e Event) String() string { return fmt.Sprintf("%s #%d on %s", e.Name, e.Version, e.Date) }
