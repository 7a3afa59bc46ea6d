package contract

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// CheckReplay applies every contract's events to nothing and compares each
// version's state with what is stored. It is made for [ledger.NewCheck].
func (k *Kind[C, E]) CheckReplay(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(k.Name, "") {
		if err != nil {
			return err
		}
		c, read := k.blank(latest.ID), 0
		for r, err := range tx.History(k.Name, latest.ID) {
			if err != nil {
				return err
			}
			read = r.Version
			if c, err = k.replayed(c, &r); err != nil {
				say(ledger.Finding{Change: r.Change}, "%s, version %d: %v", k.called(r.ID), r.Version, err)
				read = latest.Version
				break
			}
		}
		if read != latest.Version {
			say(ledger.Finding{Change: latest.Change}, "%s has version %d, and none that follows version %d", k.called(latest.ID), latest.Version, read)
		}
	}
	return nil
}

// replayed moves c on to a version, or says what is wrong with that.
func (k *Kind[C, E]) replayed(c C, r *ledger.Record) (C, error) {
	e, err := k.Event(r)
	if err != nil {
		return c, err
	}
	h := k.Heading(e)
	if r.Event != h.Name || r.Version != h.Version {
		return c, fmt.Errorf("the record says event %s #%d, its data %s", Clip(r.Event), r.Version, h)
	}
	next, err := k.Apply(c, e)
	if err != nil {
		return c, err
	}
	stored, err := k.State(r)
	if err != nil {
		return c, err
	}
	want, err := k.marshal(next)
	if err != nil {
		return c, err
	}
	got, err := k.marshal(stored)
	if err != nil {
		return c, err
	}
	if !bytes.Equal(want, got) {
		if k.Summary == nil {
			return c, fmt.Errorf("the state is not what the events give: %s, stored %s", want, got)
		}
		return c, fmt.Errorf("the state is not what the events give: %s, stored %s", k.Summary(next), k.Summary(stored))
	}
	return next, nil
}

// Step is one event on a contract's course.
type Step[C, E any] struct {
	Before   C
	Event    E
	After    C             // as it was Before if the event cannot follow
	Standing []Stood[C, E] // the events that stood before it
}

// Stood is an event that stands, and the contract before it.
type Stood[C, E any] struct {
	Before C
	Event  E
}

// Latest returns the event that was the latest before the step; false if none
// stood.
func (s Step[C, E]) Latest() (Stood[C, E], bool) {
	if n := len(s.Standing); n > 0 {
		return s.Standing[n-1], true
	}
	return Stood[C, E]{}, false
}

// CheckCourse follows every contract through its events. Judge says why one
// cannot have come about, or returns nothing. What cannot be read or replayed
// is for [Kind.CheckReplay] to name.
func (k *Kind[C, E]) CheckCourse(tx *ledger.Tx, say ledger.Report, judge func(Step[C, E]) string) error {
	for latest, err := range tx.Records(k.Name, "") {
		if err != nil {
			return err
		}
		at := Step[C, E]{Before: k.blank(latest.ID)}
		for r, err := range tx.History(k.Name, latest.ID) {
			if err != nil {
				return err
			}
			var unread, strayed error
			if at.Event, unread = k.Event(&r); unread != nil {
				break
			}
			at.After, strayed = k.Apply(at.Before, at.Event)
			if why := judge(at); why != "" {
				say(ledger.Finding{Change: r.Change}, "%s: %s: %s", k.called(r.ID), k.Heading(at.Event), why)
				break
			}
			if strayed != nil {
				break
			}
			switch n := len(at.Standing); {
			case k.Heading(at.Event).Undoes == 0:
				at.Standing = append(at.Standing, Stood[C, E]{at.Before, at.Event})
			case n > 0:
				at.Standing = at.Standing[:n-1]
			}
			at.Before = at.After
		}
	}
	return nil
}

// Match is an event with the entry that names it.
type Match[E any] struct {
	Record *ledger.Record
	Event  E
	Posted *ledger.Posted // nil if there is none
}

// CheckEntries matches events and entries: no event has a second entry, no entry
// names an event that there is none of. Compare looks at each pair; it may call
// [Kind.CheckEntry].
func (k *Kind[C, E]) CheckEntries(tx *ledger.Tx, say ledger.Report, compare func(Match[E]) error) error {
	posted := map[ledger.Source]*ledger.Posted{}
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if p := ch.Posted; p != nil && p.Source.Kind == k.Name {
			if _, twice := posted[p.Source]; twice {
				say(ledger.Finding{Change: ch.Number, Entry: ch.Entry}, "%s has a second entry", p.Source)
			}
			posted[p.Source] = p
		}
		r := ch.Record
		if r == nil || r.Kind != k.Name {
			continue
		}
		e, err := k.Event(r)
		if err != nil {
			say(ledger.Finding{Change: r.Change}, "%s, version %d: %v", k.called(r.ID), r.Version, err)
			continue
		}
		event := k.Source(r.ID, e)
		if err := compare(Match[E]{r, e, posted[event]}); err != nil {
			return err
		}
		delete(posted, event)
	}
	for _, p := range slices.SortedFunc(maps.Values(posted), func(p, q *ledger.Posted) int { return cmp.Compare(p.Number, q.Number) }) {
		say(ledger.Finding{Change: p.Change, Entry: p.Number}, "it names %s, which there is none of", p.Source)
	}
	return nil
}

// CheckEntry compares an event's entry with the lines that its journal gives,
// in their order. An account may have changed its code since, so accounts are
// compared by their kind and side: a penalty on income shows, a chart that moved
// on does not. The place of the money, an account that the event names, is
// compared as it is.
func (k *Kind[C, E]) CheckEntry(tx *ledger.Tx, m Match[E], want []ledger.Line, place string, say ledger.Report) error {
	h, event, p := k.Heading(m.Event), k.Source(m.Record.ID, m.Event), m.Posted
	if p == nil {
		if len(want) > 0 {
			say(ledger.Finding{Change: m.Record.Change}, "%s moves money and has no entry", event)
		}
		return nil
	}
	at := ledger.Finding{Change: p.Change, Entry: p.Number}
	if p.Date != h.Date || (p.Reverses != 0) != (h.Undoes != 0) {
		say(at, "it is no entry of %s on %s", event, h.Date)
	}
	if len(want) != len(p.Lines) {
		say(at, "%s has %d lines, its event gives %d", event, len(p.Lines), len(want))
		return nil
	}
	for i, line := range p.Lines {
		fits := line.Account == want[i].Account
		if !fits && want[i].Account != place {
			var err error
			if fits, err = alike(tx, line.Account, want[i].Account); err != nil {
				return err
			}
		}
		if !fits || line.Sub != want[i].Sub || line.Amount != want[i].Amount || line.Party != want[i].Party {
			say(at, "line %d of %s is %s on %s/%s, its event gives %s on %s/%s", i+1, event,
				line.Amount, line.Account, line.Sub, want[i].Amount, want[i].Account, want[i].Sub)
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
