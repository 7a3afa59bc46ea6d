package murabahah

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
// function each: contracts replay from their events, which took a course that is
// allowed, nothing sold before it was owned; their sums hold; what stands on a contract's subs is its position; every event has the one entry
// that [Journal] gives, on accounts that fit their roles.
func Checks(a Accounts) []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("murabahah.replay", checkReplay),
		ledger.NewCheck("murabahah.course", checkCourse),
		ledger.NewCheck("murabahah.sums", checkSums),
		ledger.NewCheck("murabahah.margin", checkMargin),
		ledger.NewCheck("murabahah.balances", a.checkBalances),
		ledger.NewCheck("murabahah.entries", a.checkEntries),
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
// that goods were owned when they were sold, that terms never changed after
// the order, and that a reversal undid what it says. What cannot be read or
// replayed is checkReplay's to name.
func checkCourse(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(RecordKind, "") {
		if err != nil {
			return err
		}
		var c Contract
		var standing []Event
		var before []Contract // each of them
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
			was := c
			if c, err = c.Apply(e); err != nil {
				break
			}
			if e.Name != EventReverse {
				standing, before = append(standing, e), append(before, was)
				continue
			}
			if n := len(before) - 1; !c.standsLike(before[n]) {
				say(ledger.Finding{Change: r.Change}, "contract %s: %s: does not bring back what stood before", clip(r.ID), e)
				break
			}
			standing, before = standing[:len(standing)-1], before[:len(before)-1]
		}
	}
	return nil
}

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
func strayed(c Contract, standing []Event, e Event) string {
	begins := e.Name == EventOrder || e.Name == EventAdopt || e.Name == EventStock || e.Name == EventOffer
	switch {
	case e.Name == EventReverse:
		if n := len(standing); n == 0 || standing[n-1].Version != e.Undoes || standing[n-1].Change.Neg() != e.Change || standing[n-1].From != e.To {
			return "does not undo the latest event that stood"
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

func (c Contract) summary() string {
	return fmt.Sprintf("%s %s #%d %+v", clip(c.Terms.Contract), stateName(c.State), c.Version, c.Position)
}

// checkSums looks that of a contract sold neither debt nor margin is lost:
// what is collected, waived and still owed is the net receivable, what is
// earned, waived and still deferred is the margin.
func checkSums(tx *ledger.Tx, say ledger.Report) error {
	for c, err := range readable(tx) {
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
	for c, err := range readable(tx) {
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
	for c, err := range readable(tx) {
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

// checkEntries matches events and entries. An account may have changed its
// code since, so an entry's accounts are compared by their kind and side: a
// penalty on income shows, a chart that moved on does not.
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
	if err := decode(r, r.Data, &e); err != nil {
		say(ledger.Finding{Change: r.Change}, "contract %s, version %d: %v", clip(r.ID), r.Version, err)
		return nil
	}
	event := source(r.ID, e)
	p := posted[event]
	delete(posted, event)
	switch {
	case p == nil && e.Moves():
		say(ledger.Finding{Change: r.Change}, "%s moves money and has no entry", event)
		return nil
	case p == nil:
		return nil
	}
	at := ledger.Finding{Change: p.Change, Entry: p.Number}
	if p.Date != e.Date || (p.Reverses != 0) != (e.Name == EventReverse) {
		say(at, "it is no entry of %s on %s", event, e.Date)
	}
	want := Journal(Contract{Terms: Terms{Contract: r.ID}}, e, a).Lines
	if len(want) != len(p.Lines) {
		say(at, "%s has %d lines, its event gives %d", event, len(p.Lines), len(want))
		return nil
	}
	for i, line := range p.Lines {
		fits := line.Account == want[i].Account
		if !fits && want[i].Account != e.Place.Account {
			var err error
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

// alike reports whether two accounts are of the same form.
func alike(tx *ledger.Tx, code, other string) (bool, error) {
	a, found, err := tx.Account(code)
	if err != nil || !found {
		return false, err
	}
	b, found, err := tx.Account(other)
	return found && a.Kind == b.Kind && a.Normal == b.Normal && a.Control == b.Control, err
}
