package ledgertest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// places returns the places of an account that the book lists, by sub.
func (m *Model) places(account string) []modelPlace {
	var places []modelPlace
	for p, s := range m.subs {
		if p.account == account && s.exists {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, func(a, b modelPlace) int { return cmp.Compare(a.sub, b.sub) })
	return places
}

// of returns the places that a question about an account and sub means: one,
// or all subs of a control account.
func (m *Model) of(account, sub string) []modelPlace {
	if m.accounts[account].Control && sub == "" {
		return m.places(account)
	}
	return []modelPlace{{account, sub}}
}

// Balance returns the balance at the end of a day, the day's own entries
// counted through a phase, of what was known after a change; 0 knows all.
func (m *Model) Balance(account, sub string, day ledger.Date, phase ledger.Phase, asOf uint64) ledger.Money {
	var sum int64
	for _, p := range m.of(account, sub) {
		for _, l := range m.sub(p).lines {
			counts := l.entry.Date.Before(day) || l.entry.Date == day && l.entry.Phase <= phase
			if counts && (asOf == 0 || l.entry.change <= asOf) {
				sum += l.amount
			}
		}
	}
	return ledger.Minor(sum)
}

// Balances returns every balance that is not zero, by account and sub.
func (m *Model) Balances(day ledger.Date, phase ledger.Phase, asOf uint64) map[[2]string]ledger.Money {
	all := map[[2]string]ledger.Money{}
	for p, s := range m.subs {
		if amount := m.Balance(p.account, p.sub, day, phase, asOf); s.exists && !amount.IsZero() {
			all[[2]string{p.account, p.sub}] = amount
		}
	}
	return all
}

// Turnover returns what was debited and credited from a day through a day in
// the phases before one, in all if that is Ordinary.
func (m *Model) Turnover(account, sub string, span ledger.Span) (debit, credit ledger.Money) {
	for _, p := range m.of(account, sub) {
		for _, l := range m.sub(p).lines {
			e := l.entry
			if e.Date.Before(span.From) || e.Date.After(span.Through) || span.Before != ledger.Ordinary && e.Phase >= span.Before {
				continue
			}
			if l.amount > 0 {
				debit = debit.Add(ledger.Minor(l.amount))
			} else {
				credit = credit.Add(ledger.Minor(-l.amount))
			}
		}
	}
	return debit, credit
}

// BalanceDays adds the balance of every single day up.
func (m *Model) BalanceDays(account, sub string, from, through ledger.Date) ledger.BalanceDays {
	var sum ledger.BalanceDays
	for day := from; !day.After(through); day = day.Next() {
		sum = sum.Add(m.Balance(account, sub, day, ledger.Closing, 0).Over(1))
	}
	return sum
}

// Available returns by how much a place may be lowered on a day; the largest
// amount if nothing limits it.
func (m *Model) Available(account, sub string, day ledger.Date) ledger.Money {
	room, _, limited := m.room(modelPlace{account, sub}, day, ledger.Date{}, false)
	if !limited {
		return ledger.Minor(ledger.MaxMoney)
	}
	return ledger.Minor(room)
}

// ModelLine names a line: its entry and its place in it.
type ModelLine struct {
	Entry  uint64
	No     int
	Amount ledger.Money
}

// Lines returns the lines that a query selects, in its order.
func (m *Model) Lines(q ledger.LineQuery) []ModelLine {
	var lines []modelLine
	for p, s := range m.subs {
		if q.Account == "" || p.account == q.Account && (q.AllSubs || p.sub == q.Sub) {
			for _, l := range s.lines {
				if selects(&q, l) {
					lines = append(lines, l)
				}
			}
		}
	}
	byDate := q.Account != "" && !q.AllSubs
	order := func(a, b modelLine) int {
		c := 0
		if byDate {
			c = a.entry.Date.Cmp(b.entry.Date)
		}
		c = cmp.Or(c, cmp.Compare(a.entry.number, b.entry.number), cmp.Compare(a.no, b.no))
		if q.Descending {
			return -c
		}
		return c
	}
	slices.SortFunc(lines, order)
	cursor := modelLine{entry: &modelEntry{Entry: ledger.Entry{Date: q.Cursor.Date}, number: q.Cursor.Entry}, no: q.Cursor.Line}
	found := make([]ModelLine, 0, len(lines))
	for _, l := range lines {
		if q.Cursor == (ledger.LineCursor{}) || order(cursor, l) < 0 {
			found = append(found, ModelLine{l.entry.number, l.no, ledger.Minor(l.amount)})
		}
	}
	return found
}

func selects(q *ledger.LineQuery, l modelLine) bool {
	e := l.entry
	kind, id, both := strings.Cut(q.Source, "/")
	switch {
	case !q.From.IsZero() && e.Date.Before(q.From), !q.Through.IsZero() && e.Date.After(q.Through):
		return false
	case q.Party != "" && e.Lines[l.no-1].Party.Member != q.Party:
		return false
	case q.Source != "" && (e.Source.Kind != kind || both && e.Source.ID != id):
		return false
	}
	return e.change > q.After
}

// ModelSub is what the book must list of a sub.
type ModelSub struct {
	Sub     string
	Opened  bool
	Holder  string
	Floor   ledger.Floor
	Block   ledger.Block
	Last    ledger.Money
	LastDay ledger.Date
}

// Subs returns the subs of an account after one, by key.
func (m *Model) Subs(account, after string) []ModelSub {
	var list []ModelSub
	for _, p := range m.places(account) {
		if after != "" && p.sub <= after {
			continue
		}
		s := m.subs[p]
		var last ledger.Date
		for _, l := range s.lines {
			if l.entry.Date.After(last) {
				last = l.entry.Date
			}
		}
		list = append(list, ModelSub{p.sub, s.opened, s.holder, s.floor, s.block, ledger.Minor(m.at(p, endOfTime)), last})
	}
	return list
}

// Holds returns the holds of a place that have something left, in the order
// they were made.
func (m *Model) Holds(account, sub string) []ledger.Held {
	var open []ledger.Held
	for _, key := range m.sub(modelPlace{account, sub}).holds {
		if h := m.holds[key]; !h.Left.IsZero() {
			open = append(open, *h)
		}
	}
	return open
}

// Records returns the latest versions of a kind after an id, by id.
func (m *Model) Records(kind, after string) []ledger.Record {
	var latest []ledger.Record
	for _, versions := range m.records {
		if n := len(versions); n > 0 && versions[0].Kind == kind && versions[0].ID > after {
			latest = append(latest, versions[n-1])
		}
	}
	slices.SortFunc(latest, func(a, b ledger.Record) int { return cmp.Compare(a.ID, b.ID) })
	return latest
}

// Broken returns how many assertions later entries have made false.
func (m *Model) Broken() int {
	broken := 0
	for _, a := range m.assertions {
		if m.holdsFalse(a) {
			broken++
		}
	}
	return broken
}
