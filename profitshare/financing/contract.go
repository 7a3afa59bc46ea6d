package financing

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Contract is one partnership as it stands: its terms, its state and what it
// amounts to. It is a value; commands decide events, [Contract.Apply] returns
// the contract after one. The zero Contract is one that is not agreed yet.
type Contract struct {
	Terms    Terms
	State    State
	Version  int         // the number of events so far
	Latest   ledger.Date // the day of the latest event that stands
	Through  ledger.Date // the last day reported; at first the day before the business began
	Nisbah   []NisbahTerm
	Gains    []Gain // deferred, as goods were handed over
	Position Position
}

// Format is the version of the stored form of contracts and events.
const Format = 1

// contractJSON is the stored form, format 1.
type contractJSON struct {
	Format   int          `json:"format"`
	Terms    *Terms       `json:"terms,omitempty"`
	State    State        `json:"state"`
	Version  int          `json:"version"`
	Latest   ledger.Date  `json:"latest,omitzero"`
	Through  ledger.Date  `json:"through,omitzero"`
	Nisbah   []NisbahTerm `json:"nisbah,omitempty"`
	Gains    []Gain       `json:"gains,omitempty"`
	Position Position     `json:"position"`
}

// MarshalJSON writes the stored form.
func (c Contract) MarshalJSON() ([]byte, error) {
	stored := contractJSON{Format, nil, c.State, c.Version, c.Latest, c.Through, c.Nisbah, c.Gains, c.Position}
	if c.State != Unagreed {
		stored.Terms = &c.Terms
	}
	return json.Marshal(stored)
}

// UnmarshalJSON reads the stored form. Another format or an unknown state is
// an error of kind [ErrFormat]. The terms are not judged here, so that a book
// stays readable under a release with stricter rules; commands judge them.
func (c *Contract) UnmarshalJSON(data []byte) error {
	var s contractJSON
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	if s.Format != Format {
		return refuse(ErrFormat, "format.version", "", "stored format %d, this release reads %d", s.Format, Format)
	}
	if !slices.Contains(States(), s.State) || (s.State == Unagreed) != (s.Terms == nil) {
		return refuse(ErrFormat, "format.state", "", "stored state %q does not fit", contract.Clip(string(s.State)))
	}
	read := Contract{State: s.State, Version: s.Version, Latest: s.Latest, Through: s.Through, Nisbah: s.Nisbah, Gains: s.Gains, Position: s.Position}
	if s.Terms != nil {
		read.Terms = *s.Terms
	}
	*c = read
	return nil
}

// Apply returns the contract after an event. It only adds up what the event
// carries. An event that does not follow the contract's version and state,
// whose debits and credits differ, or whose amounts are none, is refused with
// [ErrSequence].
func (c Contract) Apply(e Event) (Contract, error) {
	id := c.Terms.Contract
	if e.Version != c.Version+1 || e.From != c.State || !slices.Contains(States(), e.To) {
		return c, refuse(ErrSequence, "apply.sequence", id,
			"event %s goes from %q, the contract has version %d and is %q", e, contract.Clip(string(e.From)), c.Version, c.State)
	}
	if excess := e.Change.entered().Add(e.Cash); e.what() != EventAdopt && !excess.IsZero() {
		return c, refuse(ErrSequence, "apply.balance", id, "the debits of event %s exceed its credits by %s", e, excess)
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
	var fits bool
	if next.Gains, fits = after(c.Gains, e.Gain, e.Name); fits {
		next.Nisbah, fits = after(c.Nisbah, e.Nisbah, e.Name)
	}
	if !fits {
		return c, refuse(ErrSequence, "apply.undo", id, "event %s undoes what the contract does not have", e)
	}
	for _, amount := range next.Position.fields() {
		if amount.Err() != nil || amount.Sign() < 0 {
			r := refuse(ErrSequence, "apply.amount", id, "event %s would leave a balance of %s", e, *amount)
			r.Given = *amount
			return c, r
		}
	}
	return next, nil
}

// after returns a list with what an event adds, or takes away if it reverses.
// The list given is never changed: contracts are values.
func after[T any](list []T, item *T, name EventName) ([]T, bool) {
	switch {
	case item == nil:
		return list, true
	case name != EventReverse:
		return append(slices.Clip(list), *item), true
	case len(list) == 0:
		return list, false
	case len(list) == 1:
		return nil, true
	}
	return list[:len(list)-1], true
}

// Replay applies events in their order to a contract that is not agreed yet.
func Replay(events []Event) (Contract, error) { return kind.Replay("", events) }

// NisbahOn returns the cooperative's nisbah in force on a day.
func (c Contract) NisbahOn(day ledger.Date) decimal.Decimal {
	nisbah := c.Terms.Nisbah
	for _, term := range c.Nisbah {
		if !term.From.After(day) {
			nisbah = term.Nisbah
		}
	}
	return nisbah
}

// PartnerCapital returns the partner's capital in the business: what it brought
// in and what it bought of the cooperative.
func (c Contract) PartnerCapital() ledger.Money { return c.Terms.PartnerCapital.Add(c.Position.Bought) }

// venture is the business as it is on a day.
func (c Contract) venture(day ledger.Date) Venture {
	return Venture{
		Form: c.Terms.Form, Nisbah: c.NisbahOn(day), Order: c.Terms.Order,
		Owner: c.Position.Capital, Partner: c.PartnerCapital(),
		Rounding: c.Terms.Rounding, Step: c.Terms.Step,
	}
}

// stateName names a state for people.
func stateName(s State) string {
	if s == Unagreed {
		return "not agreed"
	}
	return string(s)
}

func (c Contract) summary() string {
	return fmt.Sprintf("%s %s #%d %+v", contract.Clip(c.Terms.Contract), stateName(c.State), c.Version, c.Position)
}
