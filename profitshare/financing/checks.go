package financing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Checks returns the package's invariants for [ledger.Book.Check], one
// function each: contracts replay from their events; these took a course that
// is allowed, and no result was shared before it was real; the sums hold; what
// stands on a contract's subs is its position; every event has the one entry
// that [Journal] gives, on accounts that fit their roles.
func Checks(a Accounts) []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("financing.replay", checkReplay),
		ledger.NewCheck("financing.course", checkCourse),
		ledger.NewCheck("financing.sums", checkSums),
		ledger.NewCheck("financing.balances", a.checkBalances),
		ledger.NewCheck("financing.entries", a.checkEntries),
	}
}

// checkReplay applies every contract's events to nothing and compares each
// version's state.
func checkReplay(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(RecordKind, "") {
		if err != nil {
			return err
		}
		var c Contract
		for r, err := range tx.History(RecordKind, latest.ID) {
			if err != nil {
				return err
			}
			if err := replayed(&c, &r); err != nil {
				say(ledger.Finding{Change: r.Change}, "contract %s, version %d: %v", clip(r.ID), r.Version, err)
				break
			}
		}
	}
	return nil
}

// replayed moves c on by one version, or says what is wrong with it.
func replayed(c *Contract, r *ledger.Record) error {
	var e Event
	if err := decode(r, r.Data, &e); err != nil {
		return err
	}
	if r.Event != string(e.Name) || r.Version != e.Version {
		return fmt.Errorf("the record says event %s #%d, its data %s", clip(r.Event), r.Version, e)
	}
	next, err := c.Apply(e)
	if err != nil {
		return err
	}
	*c = next
	var stored Contract
	if err := decode(r, r.State, &stored); err != nil {
		return err
	}
	want, err := json.Marshal(next)
	if err != nil {
		return err
	}
	got, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	if !bytes.Equal(want, got) {
		return fmt.Errorf("the state is not what the events give: %s, stored %s", next.summary(), stored.summary())
	}
	return nil
}

// checkCourse looks that every event was allowed in the state in which it came,
// that no report ran ahead of its days, that terms never changed after the
// commitment, and that a reversal undid what it says. What cannot be read or
// replayed is checkReplay's to name.
func checkCourse(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(RecordKind, "") {
		if err != nil {
			return err
		}
		var c Contract
		var standing []Event
		for r, err := range tx.History(RecordKind, latest.ID) {
			if err != nil {
				return err
			}
			var e Event
			if decode(&r, r.Data, &e) != nil {
				break
			}
			if why := strayed(c, standing, e); why != "" {
				say(ledger.Finding{Change: r.Change}, "contract %s: %s: %s", clip(r.ID), e, why)
				break
			}
			if c, err = c.Apply(e); err != nil {
				break
			}
			if e.Name == EventReverse {
				standing = standing[:len(standing)-1]
			} else {
				standing = append(standing, e)
			}
		}
	}
	return nil
}

// strayed says why an event cannot have followed on those that stood, or
// returns nothing.
func strayed(c Contract, standing []Event, e Event) string {
	begins := e.Name == EventCommit || e.Name == EventAdopt
	switch {
	case e.Name == EventReverse:
		if n := len(standing); n == 0 || standing[n-1].Version != e.Undoes || standing[n-1].Change.Neg() != e.Change || standing[n-1].From != e.To {
			return "does not undo the latest event that stood"
		}
	case !slices.Contains(allowedIn(e.Name), c.State):
		return "was not possible, the contract was " + stateName(c.State)
	case begins != (e.Terms != nil):
		return "the commitment alone states the terms"
	case e.Reported != nil && e.Reported.Through.After(e.Date):
		return "reports days that were still to come (" + RuleOwner + ")"
	}
	return ""
}

// readable lists the contracts whose stored form can be read; checkReplay
// names the others.
func readable(tx *ledger.Tx) iter.Seq2[Contract, error] {
	return func(yield func(Contract, error) bool) {
		for r, err := range tx.Records(RecordKind, "") {
			var c Contract
			if err == nil && decode(&r, r.State, &c) != nil {
				continue
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// checkSums looks that the parts of a contract fit together: what is invested
// is at most the capital, what is carried at least nothing, nothing is left in a
// contract that is over, and gain deferred is what its tranches say.
func checkSums(tx *ledger.Tx, say ledger.Report) error {
	for c, err := range readable(tx) {
		if err != nil {
			return err
		}
		p, format := c.Position, tx.Currency().Format
		var deferred ledger.Money
		for _, gain := range c.Gains {
			deferred = deferred.Add(gain.Amount)
		}
		over := c.State == Ended || c.State == Closed || c.State == Cancelled
		switch working := ledger.Sum(p.Commitment, p.Invested, p.Allowance, p.Deferred, p.Capital, p.Deficit, p.Pending, p.InKind, p.Interim); {
		case p.Capital.Less(p.Invested) || p.Invested.Less(p.Allowance):
			say(ledger.Finding{}, "contract %s: of a capital of %s, %s is invested with an allowance of %s", c.Terms.Contract, format(p.Capital), format(p.Invested), format(p.Allowance))
		case p.Interim.Less(p.InterimOwn):
			say(ledger.Finding{}, "contract %s: of shares of %s that are provisional, the cooperative's are %s", c.Terms.Contract, format(p.Interim), format(p.InterimOwn))
		case over && !working.IsZero():
			say(ledger.Finding{}, "contract %s is %s and still stands at %s", c.Terms.Contract, c.State, format(working))
		case (c.State == Closed || c.State == Cancelled) && !p.Due().IsZero():
			say(ledger.Finding{}, "contract %s is %s and %s is still due", c.Terms.Contract, c.State, format(p.Due()))
		case deferred.Less(p.Deferred):
			say(ledger.Finding{}, "contract %s: a gain of %s is deferred, of %s", c.Terms.Contract, format(p.Deferred), format(deferred))
		}
	}
	return nil
}

// checkBalances compares the contracts' positions with the subs of the control
// accounts, in both directions.
func (a Accounts) checkBalances(tx *ledger.Tx, say ledger.Report) error {
	want := map[string]map[string]ledger.Money{} // by account and contract
	for _, r := range a.controls() {
		if r.code != "" {
			want[r.code] = map[string]ledger.Money{}
		}
	}
	for c, err := range readable(tx) {
		if err != nil {
			return err
		}
		if c.State == Unagreed {
			continue
		}
		for code, amount := range a.standing(c.Terms.Form, c.Position) {
			if !amount.IsZero() {
				want[code][c.Terms.Contract] = amount
			}
		}
	}
	format := tx.Currency().Format
	for _, r := range a.controls() {
		stands, unseen := want[r.code]
		if !unseen {
			continue
		}
		delete(want, r.code) // two forms may share one account
		compare := func(id string, want, got ledger.Money) {
			if got != want {
				natural := r.normal.Natural
				say(ledger.Finding{Account: r.code, Sub: id}, "the contract's %s is %s, the book has %s", r.name, format(natural(want)), format(natural(got)))
			}
		}
		for sub, err := range tx.Subs(r.code, "") {
			if err != nil {
				return err
			}
			compare(sub.Sub, stands[sub.Sub], sub.Last)
			delete(stands, sub.Sub)
		}
		for _, id := range slices.Sorted(maps.Keys(stands)) {
			compare(id, stands[id], ledger.Money{})
		}
	}
	return nil
}

// checkEntries matches events and entries. An account may have changed its
// code since, so an entry's accounts are compared by their kind and side: a
// share booked as a liability shows, a chart that moved on does not.
func (a Accounts) checkEntries(tx *ledger.Tx, say ledger.Report) error {
	posted := map[ledger.Source]*ledger.Posted{}
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if p := ch.Posted; p != nil && p.Source.Kind == RecordKind {
			at := ledger.Finding{Change: ch.Number, Entry: ch.Entry}
			if _, twice := posted[p.Source]; twice {
				say(at, "%s has a second entry", p.Source)
			}
			posted[p.Source] = p
		}
		if r := ch.Record; r != nil && r.Kind == RecordKind {
			if err := a.checkEntry(tx, r, posted, say); err != nil {
				return err
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Values(posted), func(p, q *ledger.Posted) int { return int(p.Number) - int(q.Number) }) {
		say(ledger.Finding{Change: p.Change, Entry: p.Number}, "it names %s, which there is none of", p.Source)
	}
	return nil
}

// checkEntry compares the entry of one event and takes it off the list.
func (a Accounts) checkEntry(tx *ledger.Tx, r *ledger.Record, posted map[ledger.Source]*ledger.Posted, say ledger.Report) error {
	var e Event
	var c Contract
	err := decode(r, r.Data, &e)
	if err == nil {
		err = decode(r, r.State, &c)
	}
	if err != nil {
		say(ledger.Finding{Change: r.Change}, "contract %s, version %d: %v", clip(r.ID), r.Version, err)
		return nil
	}
	if c.State == Unagreed { // its commitment was undone: the form is in the lines' accounts
		if c, err = before(tx, r); err != nil {
			return err
		}
	}
	event := source(r.ID, e)
	p := posted[event]
	delete(posted, event)
	want := Journal(c, e, a).Lines
	switch {
	case p == nil && len(want) > 0:
		say(ledger.Finding{Change: r.Change}, "%s moves money and has no entry", event)
		return nil
	case p == nil:
		return nil
	}
	at := ledger.Finding{Change: p.Change, Entry: p.Number}
	if p.Date != e.Date || (p.Reverses != 0) != (e.Name == EventReverse) {
		say(at, "it is no entry of %s on %s", event, e.Date)
	}
	if len(want) != len(p.Lines) {
		say(at, "%s has %d lines, its event gives %d", event, len(p.Lines), len(want))
		return nil
	}
	for i, line := range p.Lines {
		fits := line.Account == want[i].Account
		if !fits && want[i].Account != e.Place.Account {
			if fits, err = alike(tx, line.Account, want[i].Account); err != nil {
				return err
			}
		}
		if !fits || line.Sub != want[i].Sub || line.Amount != want[i].Amount || line.Party != want[i].Party {
			format := tx.Currency().Format
			say(at, "line %d of %s is %s on %s/%s, its event gives %s on %s/%s", i+1, event,
				format(line.Amount), line.Account, line.Sub, format(want[i].Amount), want[i].Account, want[i].Sub)
		}
	}
	return nil
}

// before returns the contract as the version before a record had it.
func before(tx *ledger.Tx, r *ledger.Record) (Contract, error) {
	var c Contract
	for earlier, err := range tx.History(r.Kind, r.ID) {
		if err != nil {
			return c, err
		}
		if earlier.Version == r.Version-1 {
			return c, decode(&earlier, earlier.State, &c)
		}
	}
	return c, nil
}

// alike reports whether two accounts are of the same form.
func alike(tx *ledger.Tx, code, other string) (bool, error) {
	a, found, err := tx.Account(code)
	if err != nil || !found {
		return false, err
	}
	b, found, err := tx.Account(other)
	return found && a.Kind == b.Kind && a.Normal == b.Normal && a.Control == b.Control, err
}
