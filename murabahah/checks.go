package murabahah

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Checks returns the package's invariants for [ledger.Book.Check], one
// function each: contracts replay from their events, which took a course that is
// allowed, nothing sold before it was owned; their sums hold; what stands on a contract's subs is its position; every event has the one entry
// that [Journal] gives, on accounts that fit their roles.
func Checks(a Accounts) []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("murabahah.replay", kind.CheckReplay),
		ledger.NewCheck("murabahah.course", checkCourse),
		ledger.NewCheck("murabahah.sums", checkSums),
		ledger.NewCheck("murabahah.margin", checkMargin),
		ledger.NewCheck("murabahah.balances", a.checkBalances),
		ledger.NewCheck("murabahah.entries", a.checkEntries),
	}
}

// checkCourse looks that every event was allowed in the state in which it came,
// that goods were owned when they were sold, that terms never changed after
// the order, and that a reversal undid what it says.
func checkCourse(tx *ledger.Tx, say ledger.Report) error { return kind.CheckCourse(tx, say, strayed) }

// standsLike reports whether two contracts are alike in all but their version
// and day.
func (c Contract) standsLike(other Contract) bool {
	c.Version, c.Latest, other.Version, other.Latest = 0, ledger.Date{}, 0, ledger.Date{}
	a, err := json.Marshal(c)
	b, failed := json.Marshal(other)
	return err == nil && failed == nil && bytes.Equal(a, b)
}

// strayed says why an event cannot have followed on those that stood, or
// returns nothing.
func strayed(at contract.Step[Contract, Event]) string {
	c, e := at.Before, at.Event
	begins := e.Name == EventOrder || e.Name == EventAdopt || e.Name == EventStock || e.Name == EventOffer
	switch {
	case e.Name == EventReverse:
		latest, stood := at.Latest()
		if last := latest.Event; !stood || last.Version != e.Undoes || last.Change.Neg() != e.Change || last.From != e.To {
			return "does not undo the latest event that stood"
		}
		if !at.After.standsLike(latest.Before) {
			return "does not bring back what stood before"
		}
	case !slices.Contains(allowedIn(e.Name), c.State):
		return "was not possible, the contract was " + stateName(c.State)
	case begins != (e.Terms != nil):
		return "terms are stated before the akad alone"
	case e.Name == EventSell && (c.Position.Inventory != c.Terms.Cost || e.Change.Inventory != c.Terms.Cost.Neg()):
		return "the goods were not owned when they were sold (" + RuleMurabahah + ")"
	}
	return ""
}

func (c Contract) summary() string {
	return fmt.Sprintf("%s %s #%d %+v", contract.Clip(c.Terms.Contract), stateName(c.State), c.Version, c.Position)
}

// checkSums looks that of a contract sold neither debt nor margin is lost:
// what is collected, waived and still owed is the net receivable, what is
// earned, waived and still deferred is the margin.
func checkSums(tx *ledger.Tx, say ledger.Report) error {
	for c, err := range kind.Readable(tx) {
		if err != nil {
			return err
		}
		if c.State != Sold && c.State != Settled && c.State != WrittenOff {
			continue
		}
		p, format := c.Position, tx.Currency().Format
		if sum := ledger.Sum(p.Collected, p.Rebate, p.Conceded, p.AllowanceUsed, p.Lost, c.Outstanding()); sum != c.Terms.NetReceivable() {
			say(ledger.Finding{}, "contract %s: collected, waived and owed are %s, of a net receivable of %s", c.Terms.Contract, format(sum), format(c.Terms.NetReceivable()))
		}
		if sum := ledger.Sum(p.Recognised, p.Rebate, p.Lost, p.Accrued, p.Deferred); sum != c.Terms.Margin {
			say(ledger.Finding{}, "contract %s: margin earned, waived and deferred is %s, of %s", c.Terms.Contract, format(sum), format(c.Terms.Margin))
		}
	}
	return nil
}

// checkMargin looks that of a contract sold as much margin is income as what
// is collected implies, and as much is accrued as what has fallen due does.
func checkMargin(tx *ledger.Tx, say ledger.Report) error {
	for c, err := range kind.Readable(tx) {
		if err != nil {
			return err
		}
		if c.State != Sold {
			continue
		}
		curve, err := c.curve()
		if err != nil {
			continue // terms that a stricter release refuses; nothing to compare with
		}
		p, format := c.Position, tx.Currency().Format
		if want := curve.Earned(p.Collected); p.Recognised != want {
			say(ledger.Finding{}, "contract %s: margin of %s is recognised, what is collected implies %s", c.Terms.Contract, format(p.Recognised), format(want))
		}
		beyond := curve.Earned(p.Collected.Add(p.Due)).Sub(curve.Earned(p.Collected))
		if !c.accruing(&Event{}) {
			beyond = ledger.Money{}
		}
		if p.Accrued != beyond {
			say(ledger.Finding{}, "contract %s: margin of %s is accrued, what is due implies %s", c.Terms.Contract, format(p.Accrued), format(beyond))
		}
	}
	return nil
}

// checkBalances compares the contracts' positions with the subs of the four
// control accounts, in both directions.
func (a Accounts) checkBalances(tx *ledger.Tx, say ledger.Report) error {
	positions := map[string]Position{}
	for c, err := range kind.Readable(tx) {
		if err != nil {
			return err
		}
		if c.State != Unordered {
			positions[c.Terms.Contract] = c.Position
		}
	}
	for i := range roles {
		r := roles[i]
		code := r.code(&a)
		if !r.control || code == "" || r.silent(&a) {
			continue
		}
		missing := map[string]ledger.Money{}
		for id, p := range positions {
			if want := r.stands(&p); !want.IsZero() {
				missing[id] = want
			}
		}
		compare := func(id string, want, got ledger.Money) {
			natural, format := r.normal.Natural, tx.Currency().Format
			if got != want {
				say(ledger.Finding{Account: code, Sub: id}, "the contract's %s is %s, the book has %s", r.name, format(natural(want)), format(natural(got)))
			}
		}
		for sub, err := range tx.Subs(code, "") {
			if err != nil {
				return err
			}
			compare(sub.Sub, missing[sub.Sub], sub.Last)
			delete(missing, sub.Sub)
		}
		for _, id := range slices.Sorted(maps.Keys(missing)) {
			compare(id, missing[id], ledger.Money{})
		}
	}
	return nil
}

// checkEntries compares every event's entry with what [Journal] gives.
func (a Accounts) checkEntries(tx *ledger.Tx, say ledger.Report) error {
	return kind.CheckEntries(tx, say, func(m contract.Match[Event]) error {
		want := Journal(Contract{Terms: Terms{Contract: m.Record.ID}}, m.Event, a).Lines
		return kind.CheckEntry(tx, m, want, m.Event.Place.Account, say)
	})
}
