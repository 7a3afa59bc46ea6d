package shu

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// State is where a year's result stands.
type State string

const (
	// Undecided is the state before the meeting: there is no decision.
	Undecided State = ""
	// Decided: the meeting has divided the result; members are owed.
	Decided State = "decided"
	// Settled: no member is owed anything of the year.
	Settled State = "settled"
	// Short: the meeting has covered part of a deficit; the rest stands.
	Short State = "short"
	// Covered: the deficit is covered.
	Covered State = "covered"
)

// States lists all states.
func States() []State { return []State{Undecided, Decided, Settled, Short, Covered} }

// EventName names what happened.
type EventName string

const (
	EventDecide  EventName = "decide"  // the meeting divided the result
	EventAdopt   EventName = "adopt"   // unpaid shares of an earlier year taken over, posts nothing
	EventPay     EventName = "pay"     // members paid in cash or into savings
	EventSpend   EventName = "spend"   // a fund used
	EventCover   EventName = "cover"   // a deficit covered from reserves
	EventReverse EventName = "reverse" // the latest event undone
)

// allowedIn is the state machine: which command in which states. The diagram
// in the package comment draws it, and a test compares the two.
func allowedIn(command EventName) []State {
	switch command {
	case EventDecide, EventAdopt:
		return []State{Undecided}
	case EventPay:
		return []State{Decided}
	case EventSpend:
		return []State{Decided, Settled}
	case EventCover:
		return []State{Undecided, Short}
	}
	return nil
}

// Position is what a year amounts to, and in an event what changes of it. None
// is below zero.
type Position struct {
	Divided  ledger.Money `json:"divided,omitzero"`  // the result that the meeting divided
	Reserved ledger.Money `json:"reserved,omitzero"` // of it, to reserves
	Funds    ledger.Money `json:"funds,omitzero"`    // of it, to funds
	Payable  ledger.Money `json:"payable,omitzero"`  // owed to members
	Paid     ledger.Money `json:"paid,omitzero"`     // to members
	Spent    ledger.Money `json:"spent,omitzero"`    // out of funds
	Deficit  ledger.Money `json:"deficit,omitzero"`  // not covered yet
	Covered  ledger.Money `json:"covered,omitzero"`  // from reserves
}

func (p *Position) fields() [8]*ledger.Money {
	return [...]*ledger.Money{&p.Divided, &p.Reserved, &p.Funds, &p.Payable, &p.Paid, &p.Spent, &p.Deficit, &p.Covered}
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

// Voucher is the paper behind an event and its entry: the minutes of the
// meeting, a receipt.
type Voucher = contract.Voucher

// Leg is an amount on an account without subs.
type Leg struct {
	Account string       `json:"account"`
	Amount  ledger.Money `json:"amount"` // above zero
}

// Event is one thing that happened to a year. It carries every amount that was
// decided but those of single members, which stand in the lines of its entry.
type Event struct {
	Name    EventName   `json:"name"`
	Version int         `json:"version"` // the year's version that this event makes, from 1
	Date    ledger.Date `json:"date"`
	From    State       `json:"from"`
	To      State       `json:"to"`
	Latest  ledger.Date `json:"latest,omitzero"` // the day the year has come to

	Change  Position     `json:"change,omitzero"`
	Plan    *Plan        `json:"plan,omitempty"`    // decide
	Legs    []Leg        `json:"legs,omitempty"`    // decide: credited; cover: reserves debited
	Fund    string       `json:"fund,omitempty"`    // spend: the account
	Place   ledger.Place `json:"place,omitzero"`    // spend: where it went
	Members int          `json:"members,omitempty"` // decide, pay: how many were credited or paid
	Left    int          `json:"left,omitempty"`    // pay: how many were not, their accounts being blocked
	Owing   []string     `json:"owing,omitempty"`   // decide, adopt: the accounts with members' subs
	Note    string       `json:"note,omitempty"`
	Voucher
	Undoes int       `json:"undoes,omitempty"`
	Undone EventName `json:"undone,omitempty"`
}

// what returns what kind of event it is: its own, or the one undone.
func (e Event) what() EventName {
	if e.Name == EventReverse {
		return e.Undone
	}
	return e.Name
}

// String returns the event's name, version and date.
func (e Event) String() string { return fmt.Sprintf("%s #%d on %s", e.Name, e.Version, e.Date) }

// Year is one year's result as the meeting decided on it. It is a value.
type Year struct {
	Year     int
	State    State
	Version  int
	Latest   ledger.Date
	Plan     *Plan    // none where a deficit was covered, or shares were taken over
	Owing    []string // the accounts on which members are owed, under Sub
	Position Position
}

// Format is the version of the stored form of years and events.
const Format = 1

type yearJSON struct {
	Format   int         `json:"format"`
	Year     int         `json:"year"`
	State    State       `json:"state"`
	Version  int         `json:"version"`
	Latest   ledger.Date `json:"latest,omitzero"`
	Plan     *Plan       `json:"plan,omitempty"`
	Owing    []string    `json:"owing,omitempty"`
	Position Position    `json:"position"`
}

// MarshalJSON writes the stored form.
func (y Year) MarshalJSON() ([]byte, error) {
	return json.Marshal(yearJSON{Format, y.Year, y.State, y.Version, y.Latest, y.Plan, y.Owing, y.Position})
}

// UnmarshalJSON reads the stored form. Another format or an unknown state is an
// error of kind [ErrFormat].
func (y *Year) UnmarshalJSON(data []byte) error {
	var s yearJSON
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	if s.Format != Format || !slices.Contains(States(), s.State) {
		return refuse(ErrFormat, "format.version", "", "stored format %d and state %q, this release reads %d", s.Format, contract.Clip(string(s.State)), Format)
	}
	*y = Year{s.Year, s.State, s.Version, s.Latest, s.Plan, s.Owing, s.Position}
	return nil
}

// Sub is the sub key of a member's share of a year: "M0001/2025". A year that is
// not paid is carried beside the next, and never mixed with it.
func Sub(member string, year int) string { return member + "/" + strconv.Itoa(year) }

// MemberOf returns the member of a sub key, if it is one of the year.
func MemberOf(sub string, year int) (member string, found bool) {
	return strings.CutSuffix(sub, "/"+strconv.Itoa(year))
}

func yearName(year int) string { return fmt.Sprintf("SHU %d", year) }

// Apply returns the year after an event; it only adds up what the event
// carries. What does not follow is refused with [ErrSequence].
func (y Year) Apply(e Event) (Year, error) {
	if e.Version != y.Version+1 || e.From != y.State || !slices.Contains(States(), e.To) {
		return y, refuse(ErrSequence, "apply.sequence", yearName(y.Year),
			"event %s goes from %q, the year has version %d and is %q", e, contract.Clip(string(e.From)), y.Version, y.State)
	}
	next := y
	next.State, next.Version, next.Latest, next.Position = e.To, e.Version, e.Latest, y.Position.Add(e.Change)
	if e.Name == EventDecide || e.Name == EventAdopt {
		next.Plan, next.Owing = e.Plan, e.Owing
	}
	if e.To == Undecided {
		next.Plan, next.Owing = nil, nil
	}
	for _, amount := range next.Position.fields() {
		if amount.Err() != nil || amount.Sign() < 0 {
			return y, refuse(ErrSequence, "apply.amount", yearName(y.Year), "event %s would leave %s", e, *amount)
		}
	}
	return next, nil
}

// Replay applies events in their order to a year of which nothing is decided.
func Replay(year int, events []Event) (Year, error) {
	return kind.Replay(strconv.Itoa(year), events)
}
