package financing

import (
	"errors"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Checks returns the package's invariants for [ledger.Book.Check], one
// function each: contracts replay from their events; these took a course that
// is allowed, and no result was shared before it was real; the sums hold; what
// stands on a contract's subs is its position; every event has the one entry
// that [Journal] gives, on accounts that fit their roles.
func Checks(a Accounts) []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("financing.replay", kind.CheckReplay),
		ledger.NewCheck("financing.course", checkCourse),
		ledger.NewCheck("financing.sums", checkSums),
		ledger.NewCheck("financing.balances", a.checkBalances),
		ledger.NewCheck("financing.entries", a.checkEntries),
	}
}

// checkCourse looks that every event was allowed in the state in which it came,
// that no report ran ahead of its days, that terms never changed after the
// commitment, and that a reversal undid what it says.
func checkCourse(tx *ledger.Tx, say ledger.Report) error { return kind.CheckCourse(tx, say, strayed) }

// strayed says why an event cannot have followed on those that stood, or
// returns nothing.
func strayed(at contract.Step[Contract, Event]) string {
	c, e := at.Before, at.Event
	begins := e.Name == EventCommit || e.Name == EventAdopt
	switch {
	case e.Name == EventReverse:
		latest, stood := at.Latest()
		if last := latest.Event; !stood || last.Version != e.Undoes || last.Change.Neg() != e.Change || last.From != e.To {
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

// checkSums looks that the parts of a contract fit together: what is invested
// is at most the capital, what is carried at least nothing, nothing is left in a
// contract that is over, and gain deferred is what its tranches say.
func checkSums(tx *ledger.Tx, say ledger.Report) error {
	for c, err := range kind.Readable(tx) {
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
	for c, err := range kind.Readable(tx) {
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

// checkEntries compares every event's entry with what [Journal] gives.
func (a Accounts) checkEntries(tx *ledger.Tx, say ledger.Report) error {
	return kind.CheckEntries(tx, say, func(m contract.Match[Event]) error {
		c, err := kind.State(m.Record)
		if err == nil && c.State == Unagreed { // its commitment was undone: the form is in the lines' accounts
			c, err = before(tx, m.Record)
		}
		if errors.Is(err, ErrFormat) {
			return nil // CheckReplay names it
		}
		if err != nil {
			return err
		}
		return kind.CheckEntry(tx, m, Journal(c, m.Event, a).Lines, m.Event.Place.Account, say)
	})
}

// before returns the contract as the version before a record had it.
func before(tx *ledger.Tx, r *ledger.Record) (Contract, error) {
	for earlier, err := range tx.History(r.Kind, r.ID) {
		if err != nil {
			return Contract{}, err
		}
		if earlier.Version == r.Version-1 {
			return kind.State(&earlier)
		}
	}
	return Contract{}, nil
}
