package channelling

import (
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Checks returns the package's invariants for [ledger.Book.Check]: contracts
// replay from their events, which were possible; every event's entry is what its
// journal says; what the contracts hold and have placed is what stands on their
// subs.
func Checks(a Accounts) []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("channelling.replay", kind.CheckReplay),
		ledger.NewCheck("channelling.course", checkCourse),
		ledger.NewCheck("channelling.entries", a.checkEntries),
		ledger.NewCheck("channelling.balances", a.checkBalances),
	}
}

// checkCourse looks that every event was allowed in the state in which it came,
// and that a reversal undid the latest.
func checkCourse(tx *ledger.Tx, say ledger.Report) error {
	return kind.CheckCourse(tx, say, func(at contract.Step[Contract, Event]) string {
		latest, stood := at.Latest()
		switch e, last := at.Event, latest.Event; {
		case e.Name != EventReverse && !slices.Contains(allowedIn(e.Name), at.Before.State):
			return "was not possible"
		case e.Name == EventReverse && (!stood || last.Version != e.Undoes || last.Change.Neg() != e.Change || last.From != e.To):
			return "does not undo the latest event that stood"
		}
		return ""
	})
}

// checkEntries compares every event's entry with what [Journal] gives.
func (a Accounts) checkEntries(tx *ledger.Tx, say ledger.Report) error {
	return kind.CheckEntries(tx, say, func(m contract.Match[Event]) error {
		after, err := kind.State(m.Record)
		if err != nil {
			return nil // CheckReplay names it
		}
		return kind.CheckEntry(tx, m, Journal(after, m.Event, a).Lines, m.Event.Place.Account, say)
	})
}

func (a Accounts) checkBalances(tx *ledger.Tx, say ledger.Report) error {
	held, placed := map[string]ledger.Money{}, map[string]ledger.Money{}
	for r, err := range tx.Records(RecordKind, "") { // those of which nothing is left have subs too
		if err != nil {
			return err
		}
		c, err := kind.State(&r)
		if err != nil {
			continue // CheckReplay names it
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
