package channelling

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Checks returns the package's invariants for [ledger.Book.Check]: contracts
// replay from their events; every event's entry is what its journal says; what
// the contracts hold and have placed is what stands on their subs.
func Checks(a Accounts) []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("channelling.replay", a.checkReplay),
		ledger.NewCheck("channelling.balances", a.checkBalances),
	}
}

func (a Accounts) checkReplay(tx *ledger.Tx, say ledger.Report) error {
	entries := map[ledger.Source]*ledger.Posted{}
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if p := ch.Posted; p != nil && p.Source.Kind == RecordKind {
			entries[p.Source] = p
		}
	}
	for latest, err := range tx.Records(RecordKind, "") {
		if err != nil {
			return err
		}
		var c Contract
		for r, err := range tx.History(RecordKind, latest.ID) {
			if err != nil {
				return err
			}
			at := ledger.Finding{Change: r.Change}
			var e Event
			before := c
			if err := decode(&r, r.Data, &e); err != nil {
				say(at, "%v", err)
				break
			}
			if e.Name != EventReverse && !slices.Contains(allowedIn(e.Name), c.State) {
				say(at, "contract %s: %s was not possible", clip(r.ID), e)
			}
			if c, err = c.Apply(e); err != nil {
				say(at, "%v", err)
				break
			}
			if want, err := json.Marshal(c); err != nil {
				return err
			} else if !bytes.Equal(want, r.State) {
				say(at, "contract %s, version %d: the state is not what the events give", clip(r.ID), r.Version)
			}
			from := source(r.ID, e)
			a.checkEntry(entries[from], Journal(before, e, a).Lines, at, from, say)
			delete(entries, from)
		}
	}
	for _, p := range slices.SortedFunc(maps.Values(entries), func(p, q *ledger.Posted) int { return cmp.Compare(p.Number, q.Number) }) {
		say(ledger.Finding{Change: p.Change, Entry: p.Number}, "it names %s, which there is none of", p.Source)
	}
	return nil
}

// checkEntry compares an entry with the lines that its event gives, in any order.
func (a Accounts) checkEntry(p *ledger.Posted, want []ledger.Line, at ledger.Finding, from ledger.Source, say ledger.Report) {
	if p == nil {
		if len(want) > 0 {
			say(at, "%s moves money and has no entry", from)
		}
		return
	}
	left := slices.Clone(want)
	for _, line := range p.Lines {
		i := slices.IndexFunc(left, func(l ledger.Line) bool {
			return l.Account == line.Account && l.Sub == line.Sub && l.Amount == line.Amount && l.Party == line.Party
		})
		if i < 0 {
			say(ledger.Finding{Entry: p.Number, Account: line.Account, Sub: line.Sub}, "%s does not give this line", from)
			return
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		say(ledger.Finding{Entry: p.Number}, "%s gives %d lines more", from, len(left))
	}
}

func (a Accounts) checkBalances(tx *ledger.Tx, say ledger.Report) error {
	held, placed := map[string]ledger.Money{}, map[string]ledger.Money{}
	for r, err := range tx.Records(RecordKind, "") {
		if err != nil {
			return err
		}
		var c Contract
		if decode(&r, r.State, &c) != nil {
			continue // checkReplay names it
		}
		held[r.ID], placed[r.ID] = c.Position.Held.Neg(), c.Position.Placed
	}
	for _, control := range []struct {
		code string
		want map[string]ledger.Money
		all  bool // every sub is a contract's
	}{{a.Held, held, false}, {a.Placed, placed, true}} {
		for sub, err := range tx.Subs(control.code, "") {
			if err != nil {
				return err
			}
			want, ours := control.want[sub.Sub]
			delete(control.want, sub.Sub)
			if (ours || control.all) && sub.Last != want {
				say(ledger.Finding{Account: control.code, Sub: sub.Sub}, "the contract says %s, the book has %s", tx.Currency().Format(want), tx.Currency().Format(sub.Last))
			}
		}
		for _, id := range slices.Sorted(maps.Keys(control.want)) {
			if !control.want[id].IsZero() {
				say(ledger.Finding{Account: control.code, Sub: id}, "the contract says %s, the book has nothing", tx.Currency().Format(control.want[id]))
			}
		}
	}
	return nil
}
