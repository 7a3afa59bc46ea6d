package murabahah

import (
	"encoding/json"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Contract is one murabahah as it stands: its terms, its state and what it
// amounts to. It is a value; commands decide events, [Contract.Apply] returns
// the contract after one. The zero Contract is one that is not ordered yet.
//
// As JSON it is small, carries a format version and never the schedule, which
// [Terms.Schedule] computes.
type Contract struct {
	Terms    Terms
	State    State
	Version  int         // the number of events so far
	Latest   ledger.Date // the day of the latest event that stands
	Position Position
	Course   Course
}

// Format is the version of the stored form of contracts and events.
const Format = 1

// contractJSON is the stored form, format 1.
type contractJSON struct {
	Format   int         `json:"format"`
	Terms    *Terms      `json:"terms,omitempty"`
	State    State       `json:"state"`
	Version  int         `json:"version"`
	Latest   ledger.Date `json:"latest,omitzero"`
	Position Position    `json:"position"`
	Course   Course      `json:"course,omitzero"`
}

// MarshalJSON writes the stored form.
func (c Contract) MarshalJSON() ([]byte, error) {
	stored := contractJSON{Format: Format, State: c.State, Version: c.Version, Latest: c.Latest, Position: c.Position, Course: c.Course}
	if c.State != Unordered {
		stored.Terms = &c.Terms
	}
	return json.Marshal(stored)
}

// UnmarshalJSON reads the stored form. Another format or an unknown state is
// an error of kind [ErrFormat]. The terms are not judged here, so that a book
// stays readable under a release with stricter rules; commands judge them.
func (c *Contract) UnmarshalJSON(data []byte) error {
	var stored contractJSON
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	if stored.Format != Format {
		return &Refusal{Kind: ErrFormat, Code: "format.version", Reason: fmt.Sprintf("stored format %d, this release reads %d", stored.Format, Format)}
	}
	if !known(stored.State) || (stored.State == Unordered) != (stored.Terms == nil) {
		return &Refusal{Kind: ErrFormat, Code: "format.state", Reason: fmt.Sprintf("stored state %q does not fit", contract.Clip(string(stored.State)))}
	}
	read := Contract{State: stored.State, Version: stored.Version, Latest: stored.Latest, Position: stored.Position, Course: stored.Course}
	if stored.Terms != nil {
		read.Terms = *stored.Terms
	}
	*c = read
	return nil
}

// Apply returns the contract after an event. It only adds up what the event
// carries. An event that does not follow the contract's version and state, or
// whose amounts are none, is refused with [ErrSequence].
func (c Contract) Apply(e Event) (Contract, error) {
	id := c.Terms.Contract
	if e.Version != c.Version+1 || e.From != c.State || !known(e.To) {
		return c, refuse(ErrSequence, "apply.sequence", id,
			"event %s goes from %q, the contract has version %d and is %q", e, e.From, c.Version, c.State)
	}
	next := Contract{Terms: c.Terms, State: e.To, Version: e.Version, Latest: e.Latest, Position: c.Position.Add(e.Change), Course: c.Course}
	if e.Terms != nil {
		next.Terms = *e.Terms
	}
	if e.Course != nil {
		next.Course = *e.Course
	}
	if e.To == Unordered {
		next.Terms = Terms{}
	}
	for _, f := range fieldsOf() {
		if amount := *f.of(&next.Position); amount.Err() != nil || amount.Sign() < 0 {
			r := refuse(ErrSequence, "apply.amount", id, "event %s would leave a balance of %s", e, amount)
			r.Given = amount
			return c, r
		}
	}
	return next, nil
}

// Replay applies events in their order to a contract that is not ordered yet.
func Replay(events []Event) (Contract, error) { return kind.Replay("", events) }

// Outstanding returns what the member still owes of the price.
func (c Contract) Outstanding() ledger.Money { return c.Position.Outstanding() }
