package shu

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
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

func checkReplay(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(RecordKind, "") {
		if err != nil {
			return err
		}
		year, _ := strconv.Atoi(latest.ID)
		y := Year{Year: year}
		var standing []Event
		for r, err := range tx.History(RecordKind, latest.ID) {
			if err != nil {
				return err
			}
			if err := replayed(&y, &standing, &r); err != nil {
				say(ledger.Finding{Change: r.Change}, "year %s, version %d: %v", clip(r.ID), r.Version, err)
				break
			}
		}
	}
	return nil
}

// replayed moves y on by one version, or says what is wrong with it.
func replayed(y *Year, standing *[]Event, r *ledger.Record) error {
	var e Event
	var stored Year
	if err := decode(r, r.Data, &e); err != nil {
		return err
	}
	if err := decode(r, r.State, &stored); err != nil {
		return err
	}
	n := len(*standing)
	switch {
	case r.Event != string(e.Name) || r.Version != e.Version:
		return fmt.Errorf("the record says event %s #%d, its data %s", clip(r.Event), r.Version, e)
	case e.Name != EventReverse && !slices.Contains(allowedIn(e.Name), y.State):
		return fmt.Errorf("%s was not possible, the year was %s", e, stateName(y.State))
	case e.Name == EventReverse && (n == 0 || (*standing)[n-1].Version != e.Undoes || (*standing)[n-1].Change.Neg() != e.Change || (*standing)[n-1].From != e.To):
		return fmt.Errorf("%s does not undo the latest event that stood", e)
	}
	next, err := y.Apply(e)
	if err != nil {
		return err
	}
	*y = next
	if e.Name == EventReverse {
		*standing = (*standing)[:n-1]
	} else {
		*standing = append(*standing, e)
	}
	want, err := json.Marshal(next)
	if err != nil {
		return err
	}
	got, err := json.Marshal(stored)
	if err == nil && !bytes.Equal(want, got) {
		err = fmt.Errorf("the state is not what the events give: %s %+v, stored %s %+v", next.State, next.Position, stored.State, stored.Position)
	}
	return err
}

// eachYear runs a check on every year whose stored form can be read; checkReplay
// names the others.
func eachYear(check func(*ledger.Tx, Year, ledger.Report) error) func(*ledger.Tx, ledger.Report) error {
	return func(tx *ledger.Tx, say ledger.Report) error {
		for r, err := range tx.Records(RecordKind, "") {
			if err != nil {
				return err
			}
			var y Year
			if decode(&r, r.State, &y) != nil {
				continue
			}
			if err := check(tx, y, say); err != nil {
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
	posted := map[ledger.Source]*ledger.Posted{}
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if p := ch.Posted; p != nil && p.Source.Kind == RecordKind {
			if _, twice := posted[p.Source]; twice {
				say(ledger.Finding{Change: ch.Number, Entry: ch.Entry}, "%s has a second entry", p.Source)
			}
			posted[p.Source] = p
		}
		r := ch.Record
		if r == nil || r.Kind != RecordKind {
			continue
		}
		var e Event
		year, yearErr := strconv.Atoi(r.ID)
		if yearErr != nil || decode(r, r.Data, &e) != nil {
			continue
		}
		event := source(year, e)
		p := posted[event]
		delete(posted, event)
		if e.kind() == EventAdopt {
			continue
		}
		if p == nil {
			say(ledger.Finding{Change: r.Change}, "%s has no entry", event)
			continue
		}
		at := ledger.Finding{Change: p.Change, Entry: p.Number}
		if p.Date != e.Date || (p.Reverses != 0) != (e.Name == EventReverse) {
			say(at, "it is no entry of %s on %s", event, e.Date)
		}
		checkEntry(tx, at, year, e, p, say)
	}
	for _, p := range posted {
		say(ledger.Finding{Change: p.Change, Entry: p.Number}, "it names %s, which there is none of", p.Source)
	}
	return nil
}

// checkEntry compares an entry's sums with its event.
func checkEntry(tx *ledger.Tx, at ledger.Finding, year int, e Event, p *ledger.Posted, say ledger.Report) {
	var members ledger.Money // debit positive, on the year's subs
	others := map[string]ledger.Money{}
	for _, line := range p.Lines {
		if _, ours := MemberOf(line.Sub, year); ours && (e.kind() == EventDecide || line.Amount.Sign() > 0 == (e.Change.Payable.Sign() < 0)) {
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
	switch e.kind() {
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
