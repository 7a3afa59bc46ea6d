package shu

import (
	"slices"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Checks returns the package's invariants for [ledger.Book.Check], one function
// each: years replay from their events, which took a course that is allowed;
// what was divided is what was reserved, set aside and owed; what stands on the
// subs of a year is what is payable; every event has its one entry, with the
// sums that it carries.
func Checks() []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("shu.replay", checkReplay),
		ledger.NewCheck("shu.sums", eachYear(checkSums)),
		ledger.NewCheck("shu.balances", eachYear(checkBalances)),
		ledger.NewCheck("shu.entries", checkEntries),
	}
}

// checkReplay applies every year's events to nothing, compares each version's
// state, and looks that every event was allowed in the state in which it came.
func checkReplay(tx *ledger.Tx, say ledger.Report) error {
	if err := kind.CheckReplay(tx, say); err != nil {
		return err
	}
	return kind.CheckCourse(tx, say, func(at contract.Step[Year, Event]) string {
		latest, stood := at.Latest()
		switch e, last := at.Event, latest.Event; {
		case e.Name != EventReverse && !slices.Contains(allowedIn(e.Name), at.Before.State):
			return "was not possible, the year was " + stateName(at.Before.State)
		case e.Name == EventReverse && (!stood || last.Version != e.Undoes || last.Change.Neg() != e.Change || last.From != e.To):
			return "does not undo the latest event that stood"
		}
		return ""
	})
}

// eachYear runs a check on every year whose stored form can be read; checkReplay
// names the others.
func eachYear(check func(*ledger.Tx, Year, ledger.Report) error) func(*ledger.Tx, ledger.Report) error {
	return func(tx *ledger.Tx, say ledger.Report) error {
		for y, err := range kind.Readable(tx) {
			if err == nil {
				err = check(tx, y, say)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func checkSums(tx *ledger.Tx, y Year, say ledger.Report) error {
	p, format := y.Position, tx.Currency().Format
	used := ledger.Sum(p.Reserved, p.Funds, p.Payable, p.Paid)
	if y.Plan != nil && used != p.Divided {
		say(ledger.Finding{}, "%s: of %s divided, %s is reserved, set aside, owed and paid", yearName(y.Year), format(p.Divided), format(used))
	}
	if y.State == Settled && !p.Payable.IsZero() || y.State == Covered && !p.Deficit.IsZero() {
		say(ledger.Finding{}, "%s is %s with %s owed and a deficit of %s", yearName(y.Year), y.State, format(p.Payable), format(p.Deficit))
	}
	return nil
}

func checkBalances(tx *ledger.Tx, y Year, say ledger.Report) error {
	var owed ledger.Money
	for o, err := range unpaid(tx, y.Owing, y.Year) {
		if err != nil {
			return err
		}
		if o.Amount.Sign() < 0 {
			say(ledger.Finding{Account: o.Account, Sub: Sub(o.Member, y.Year)}, "more was paid than owed: %s", tx.Currency().Format(o.Amount))
		}
		owed = owed.Add(o.Amount)
	}
	if owed != y.Position.Payable {
		format := tx.Currency().Format
		say(ledger.Finding{}, "%s: %s is payable to members, the book has %s on the year's subs", yearName(y.Year), format(y.Position.Payable), format(owed))
	}
	return nil
}

// checkEntries matches events and entries: the day, what was moved on the
// members' subs of the year, and what on the accounts that the event names.
func checkEntries(tx *ledger.Tx, say ledger.Report) error {
	return kind.CheckEntries(tx, say, func(m contract.Match[Event]) error {
		e, p, event := m.Event, m.Posted, kind.Source(m.Record.ID, m.Event)
		year, err := strconv.Atoi(m.Record.ID)
		if err != nil || e.what() == EventAdopt {
			return nil
		}
		if p == nil {
			say(ledger.Finding{Change: m.Record.Change}, "%s has no entry", event)
			return nil
		}
		at := ledger.Finding{Change: p.Change, Entry: p.Number}
		if p.Date != e.Date || (p.Reverses != 0) != (e.Name == EventReverse) {
			say(at, "it is no entry of %s on %s", event, e.Date)
		}
		checkEntry(tx, at, year, e, p, say)
		return nil
	})
}

// checkEntry compares an entry's sums with its event.
func checkEntry(tx *ledger.Tx, at ledger.Finding, year int, e Event, p *ledger.Posted, say ledger.Report) {
	var members ledger.Money // debit positive, on the year's subs
	others := map[string]ledger.Money{}
	for _, line := range p.Lines {
		if _, ours := MemberOf(line.Sub, year); ours && (e.what() == EventDecide || line.Amount.Sign() > 0 == (e.Change.Payable.Sign() < 0)) {
			members = members.Add(line.Amount)
			continue
		}
		others[line.Account] = others[line.Account].Add(line.Amount)
	}
	want := map[string]ledger.Money{}
	sign := func(amount ledger.Money) ledger.Money {
		if e.Name == EventReverse {
			return amount.Neg()
		}
		return amount
	}
	switch e.what() {
	case EventDecide:
		for _, leg := range e.Legs {
			want[leg.Account] = want[leg.Account].Sub(sign(leg.Amount))
		}
	case EventCover:
		for _, leg := range e.Legs {
			want[leg.Account] = want[leg.Account].Add(sign(leg.Amount))
		}
	case EventSpend:
		want[e.Fund] = e.Change.Spent
	}
	format := tx.Currency().Format
	if members != e.Change.Payable.Neg() {
		say(at, "members' lines of %s come to %s, its event to %s", e, format(members), format(e.Change.Payable.Neg()))
	}
	for account, amount := range want {
		if others[account] != amount {
			say(at, "account %s has %s by %s, its event says %s", account, format(others[account]), e, format(amount))
		}
	}
}
