package ledgertest

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

func (m *Model) post(e modelEntry, imported bool) Answer {
	if answer := m.examine(&e.Entry, imported); answer.Code != "" {
		return answer
	}
	return m.enter(e)
}

// event posts in a contract's name and saves the contract, or does neither.
func (m *Model) event(e Event) Answer {
	mark := m.Mark()
	m.saves = e.source()
	answer := m.carryOut(Operation{e.Posts})
	m.saves = ledger.Source{}
	if answer.Code == "" {
		if saved := m.save(e.record()); saved.Code != "" {
			answer = saved
		}
	}
	if answer.Code != "" {
		m.Rollback(mark)
	}
	return answer
}

func (m *Model) enter(e modelEntry) Answer {
	e.Lines = slices.Clone(e.Lines)
	e.number, e.change = m.Entries()+1, m.changed()
	m.entries = append(m.entries, e)
	m.onUndo(func() { m.entries = m.entries[:e.number-1] })
	kept := e // lines point at a copy that an append to entries does not move
	for i, l := range e.Lines {
		m.changeSub(modelPlace{l.Account, l.Sub}, func(s *modelSub) {
			s.lines = append(s.lines[:len(s.lines):len(s.lines)], modelLine{&kept, i + 1, l.Amount.Minor()})
		})
	}
	return Answer{Entry: e.number, Change: e.change}
}

func (m *Model) reverse(r ledger.Reversal) Answer {
	if r.Entry == 0 || r.Entry > m.Entries() {
		return refusal(ledger.CodeEntryUnknown)
	}
	original := m.entries[r.Entry-1]
	switch {
	case original.reverses != 0:
		return refusal(ledger.CodeReversalOfReverse)
	case original.reversedBy != 0:
		return refusal(ledger.CodeReversedAlready)
	case original.Source.Kind != r.Source.Kind || original.Source.ID != r.Source.ID:
		return refusal(ledger.CodeReversalOfSource)
	case r.Reason == "":
		return refusal(ledger.CodeReasonMissing)
	}
	mirror := modelEntry{reverses: r.Entry, Entry: ledger.Entry{
		Key: r.Key, Date: r.Date, Memo: r.Reason, Document: r.Document, Maker: r.Maker, Approver: r.Approver,
		Source: r.Source, Phase: original.Phase, Waiver: r.Waiver, Lines: slices.Clone(original.Lines),
	}}
	if r.Adjusting && original.Phase == ledger.Ordinary {
		mirror.Phase = ledger.Adjusting
	}
	for i := range mirror.Lines {
		mirror.Lines[i].Amount = mirror.Lines[i].Amount.Neg()
	}
	answer := m.post(mirror, false)
	if answer.Code == "" {
		m.entries[r.Entry-1].reversedBy = answer.Entry
		m.onUndo(func() { m.entries[r.Entry-1].reversedBy = 0 })
	}
	return answer
}

// capture releases and posts; the entry is judged as if the release had been,
// and must take something from where it was held while it is.
func (m *Model) capture(c Capture) Answer {
	c.Entry.Key = c.Release.Key
	held, answer := m.releasable(&c.Release)
	if answer.Code != "" {
		return answer
	}
	before := *held
	held.Left = held.Left.Sub(c.Release.Amount)
	if answer := m.examine(&c.Entry, false); answer.Code != "" {
		*held = before
		return answer
	}
	taken := int64(0)
	for _, l := range c.Entry.Lines {
		if l.Account == held.Account && l.Sub == held.Sub {
			taken -= m.accounts[held.Account].Normal.Natural(l.Amount).Minor()
		}
	}
	if taken <= 0 || !held.Until.IsZero() && c.Entry.Date.After(held.Until) {
		*held = before
		return refusal(ledger.CodeHoldInvalid)
	}
	m.changed()
	m.onUndo(func() { *held = before })
	return m.enter(modelEntry{Entry: c.Entry})
}

// examine judges an entry in the documented order.
func (m *Model) examine(e *ledger.Entry, imported bool) Answer {
	switch {
	case !e.Date.Valid():
		return refusal(ledger.CodeDateInvalid)
	case !e.Date.After(m.closed):
		return refusal(ledger.CodePeriodClosed)
	case !e.Date.After(m.soft) && e.Phase == ledger.Ordinary:
		return refusal(ledger.CodePeriodSoftClosed)
	}
	for i, l := range e.Lines {
		if code := m.placeFault(l.Account, l.Sub); code != "" {
			return Answer{Code: code, Line: i + 1}
		}
	}
	if !imported {
		for i, l := range e.Lines {
			b := m.sub(modelPlace{l.Account, l.Sub}).block
			if b == ledger.FullBlock || b == ledger.DebitBlock && l.Amount.Sign() > 0 || b == ledger.CreditBlock && l.Amount.Sign() < 0 {
				return Answer{Code: ledger.CodeBlocked, Line: i + 1}
			}
		}
	}
	if answer := m.formFault(e); answer.Code != "" {
		return answer
	}
	var sum, memorandum int64 // the generator's amounts are far from overflowing
	for _, l := range e.Lines {
		sum += l.Amount.Minor()
		if m.accounts[l.Account].Kind == ledger.Memorandum {
			memorandum += l.Amount.Minor()
		}
	}
	switch {
	case sum != 0:
		return refusal(ledger.CodeUnbalanced)
	case memorandum != 0:
		return refusal(ledger.CodeMemorandumMixed)
	case imported:
		return Answer{}
	}
	return m.floorFault(e)
}

// placeFault says why nothing may be put on an account and sub.
func (m *Model) placeFault(account, sub string) ledger.Code {
	a, found := m.accounts[account]
	switch {
	case !found:
		return ledger.CodeAccountUnknown
	case a.Header:
		return ledger.CodeAccountHeader
	case a.Retired:
		return ledger.CodeAccountRetired
	case a.Control && sub == "":
		return ledger.CodeSubMissing
	case !a.Control && sub != "":
		return ledger.CodeSubNotAllowed
	case badName(sub, ledger.MaxSub):
		return ledger.CodeSubInvalid
	}
	return ""
}

func (m *Model) formFault(e *ledger.Entry) Answer {
	switch {
	case len(e.Lines) < 2:
		return refusal(ledger.CodeTooFewLines)
	case e.Phase > ledger.Closing:
		return refusal(ledger.CodePhaseInvalid)
	case badTexts(e.Memo, e.Document, e.Maker, e.Approver, e.Waiver, e.Source.Kind, e.Source.ID, e.Source.Event):
		return refusal(ledger.CodeTextInvalid)
	case e.Source != m.saves:
		return refusal(ledger.CodeSourceNotSaved)
	}
	for i, l := range e.Lines {
		code := ledger.Code("")
		switch {
		case l.Amount.Err() != nil:
			code = ledger.CodeAmountInvalid
		case l.Amount.IsZero():
			code = ledger.CodeAmountZero
		case !l.Party.Standing.Valid() || badName(l.Party.Member, ledger.MaxSub):
			code = ledger.CodePartyInvalid
		case !l.Activity.Valid():
			code = ledger.CodeActivityInvalid
		}
		if code != "" {
			return Answer{Code: code, Line: i + 1}
		}
	}
	return Answer{}
}

// floorFault looks at every account that the entry lowers, in the order of its
// lines: no end of day from the entry's date on may fall below the floor and
// what is held on that day.
func (m *Model) floorFault(e *ledger.Entry) Answer {
	looked := map[modelPlace]bool{}
	for i, l := range e.Lines {
		p := modelPlace{l.Account, l.Sub}
		if looked[p] {
			continue
		}
		looked[p] = true
		var net int64
		for _, other := range e.Lines {
			if other.Account == l.Account && other.Sub == l.Sub {
				net += other.Amount.Minor()
			}
		}
		if net = m.natural(p, net); net >= 0 {
			continue
		}
		room, held, limited := m.room(p, e.Date, ledger.Date{}, e.Waiver != "")
		switch {
		case !limited || room+net >= 0:
		case held == 0:
			return Answer{Code: ledger.CodeBelowFloor, Line: i + 1}
		default:
			return Answer{Code: ledger.CodeHeld, Line: i + 1}
		}
	}
	return Answer{}
}

// natural turns an amount so that what raises the account is positive.
func (m *Model) natural(p modelPlace, amount int64) int64 {
	if m.accounts[p.account].Normal == ledger.CreditSide {
		return -amount
	}
	return amount
}

// room returns the least, over the ends of day from a day on, of balance less
// floor less what is held, with what is held on the first such day. Days on
// which there is neither a floor nor anything held do not limit.
func (m *Model) room(p modelPlace, from, through ledger.Date, waived bool) (room, held int64, limited bool) {
	floor, bound := m.least(p, waived)
	for _, day := range m.days(p, from) {
		if !through.IsZero() && day.After(through) {
			break
		}
		onHold := m.heldOn(p, day)
		if !bound && onHold == 0 {
			continue
		}
		left := m.natural(p, m.at(p, day)) - floor - onHold
		if !limited || left < room {
			room, held, limited = left, onHold, true
		}
	}
	return room, held, limited
}

// least returns the floor of a place: its own, else its account's.
func (m *Model) least(p modelPlace, waived bool) (int64, bool) {
	f := m.sub(p).floor
	if f == (ledger.Floor{}) {
		f = m.accounts[p.account].Floor
	}
	switch soft := f.HasSoft && !waived; {
	case soft && f.HasHard:
		return max(f.Soft.Minor(), f.Hard.Minor()), true
	case soft:
		return f.Soft.Minor(), true
	}
	return f.Hard.Minor(), f.HasHard
}

// days returns the day and all later days on which balance or holds change.
func (m *Model) days(p modelPlace, from ledger.Date) []ledger.Date {
	days := []ledger.Date{from}
	for _, l := range m.sub(p).lines {
		if l.entry.Date.After(from) {
			days = append(days, l.entry.Date)
		}
	}
	for _, key := range m.sub(p).holds {
		if first := m.holds[key].From; first.After(from) {
			days = append(days, first)
		}
	}
	slices.SortFunc(days, ledger.Date.Cmp)
	return slices.Compact(days)
}

// at returns the balance at the end of a day.
func (m *Model) at(p modelPlace, day ledger.Date) int64 {
	var sum int64
	for _, l := range m.sub(p).lines {
		if !l.entry.Date.After(day) {
			sum += l.amount
		}
	}
	return sum
}

func (m *Model) heldOn(p modelPlace, day ledger.Date) int64 {
	var sum int64
	for _, key := range m.sub(p).holds {
		h := m.holds[key]
		if !day.Before(h.From) && (h.Until.IsZero() || !day.After(h.Until)) {
			sum += h.Left.Minor()
		}
	}
	return sum
}
