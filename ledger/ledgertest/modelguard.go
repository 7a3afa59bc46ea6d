package ledgertest

import (
	"encoding/json"

	"github.com/mizan-coop/mizan/ledger"
)

func (m *Model) open(o ledger.SubOpening) Answer {
	p := modelPlace{o.Account, o.Sub}
	if code := m.placeFault(o.Account, o.Sub); code != "" {
		return refusal(code)
	}
	switch {
	case badName(o.Holder, ledger.MaxSub):
		return refusal(ledger.CodeTextInvalid)
	case m.sub(p).opened:
		return refusal(ledger.CodeSubExists)
	case m.breaks(p, o.Floor):
		return refusal(ledger.CodeFloorInvalid)
	}
	m.changed()
	m.changeSub(p, func(s *modelSub) { s.opened, s.holder, s.floor = true, o.Holder, o.Floor })
	return Answer{}
}

// breaks reports whether the balance after all lines is below a hard floor.
func (m *Model) breaks(p modelPlace, f ledger.Floor) bool {
	return f.HasHard && m.natural(p, m.at(p, endOfTime)) < f.Hard.Minor()
}

var endOfTime = ledger.On(ledger.MaxYear, 12, 31)

func (m *Model) setFloor(f ledger.FloorSetting) Answer {
	a := m.accounts[f.Account]
	whole := a.Control && f.Sub == ""
	sub := f.Sub
	if whole {
		sub = "any"
	}
	if code := m.placeFault(f.Account, sub); code != "" {
		return refusal(code)
	}
	p := modelPlace{f.Account, f.Sub}
	if !whole && m.breaks(p, f.Floor) {
		return refusal(ledger.CodeFloorInvalid)
	}
	m.changed()
	if whole {
		a.Floor = f.Floor
		m.putAccount(a)
		return Answer{}
	}
	m.changeSub(p, func(s *modelSub) { s.floor = f.Floor })
	return Answer{}
}

func (m *Model) setBlock(b ledger.BlockSetting) Answer {
	if code := m.placeFault(b.Account, b.Sub); code != "" {
		return refusal(code)
	}
	if b.Reason == "" {
		return refusal(ledger.CodeReasonMissing)
	}
	m.changed()
	m.changeSub(modelPlace{b.Account, b.Sub}, func(s *modelSub) { s.block = b.Block })
	return Answer{}
}

// hold holds an amount if it is free on every day on which it would bind.
func (m *Model) hold(h ledger.Hold) Answer {
	switch {
	case !h.From.Valid() || !h.Until.IsZero() && !h.Until.Valid():
		return refusal(ledger.CodeDateInvalid)
	case !h.Until.IsZero() && h.Until.Before(h.From), h.Amount.Sign() <= 0:
		return refusal(ledger.CodeHoldInvalid)
	case h.Reason == "":
		return refusal(ledger.CodeReasonMissing)
	}
	if code := m.placeFault(h.Account, h.Sub); code != "" {
		return refusal(code)
	}
	p := modelPlace{h.Account, h.Sub}
	floor, _ := m.least(p, false)
	for _, day := range m.days(p, h.From) {
		if !h.Until.IsZero() && day.After(h.Until) {
			break
		}
		if m.natural(p, m.at(p, day))-floor-m.heldOn(p, day) < h.Amount.Minor() {
			return refusal(ledger.CodeHoldTooLarge)
		}
	}
	m.changed()
	m.holds[h.Key] = &ledger.Held{Hold: h, Left: h.Amount}
	m.onUndo(func() { delete(m.holds, h.Key) })
	m.changeSub(p, func(s *modelSub) { s.holds = append(s.holds[:len(s.holds):len(s.holds)], h.Key) })
	return Answer{Left: h.Amount}
}

func (m *Model) release(r ledger.Release) Answer {
	held, answer := m.releasable(&r)
	if answer.Code != "" {
		return answer
	}
	m.changed()
	before := *held
	m.onUndo(func() { *held = before })
	held.Left = held.Left.Sub(r.Amount)
	return Answer{Left: held.Left}
}

func (m *Model) releasable(r *ledger.Release) (*ledger.Held, Answer) {
	held := m.holds[r.Hold]
	if held == nil {
		return nil, refusal(ledger.CodeHoldUnknown)
	}
	if r.Amount.IsZero() {
		r.Amount = held.Left
	}
	switch {
	case held.Left.IsZero(), r.Amount.Sign() < 0:
		return nil, refusal(ledger.CodeHoldInvalid)
	case held.Left.Less(r.Amount):
		return nil, refusal(ledger.CodeHoldTooLarge)
	case r.Reason == "":
		return nil, refusal(ledger.CodeReasonMissing)
	}
	return held, Answer{}
}

func (m *Model) close(c ledger.PeriodClosing) Answer {
	switch {
	case !c.Through.Valid():
		return refusal(ledger.CodeDateInvalid)
	case !c.Through.After(m.closed), c.Soft && !c.Through.After(m.soft):
		return refusal(ledger.CodeClosingInvalid)
	case badTexts(c.Reason, c.By):
		return refusal(ledger.CodeTextInvalid)
	}
	closed, soft := m.closed, m.soft
	if !c.Soft {
		closed = c.Through
	}
	if soft.Before(c.Through) {
		soft = c.Through
	}
	return m.shut(closed, soft)
}

func (m *Model) shut(closed, soft ledger.Date) Answer {
	m.changed()
	wasClosed, wasSoft := m.closed, m.soft
	m.onUndo(func() { m.closed, m.soft = wasClosed, wasSoft })
	m.closed, m.soft = closed, soft
	return Answer{}
}

func (m *Model) reopen(r ledger.PeriodReopening) Answer {
	switch {
	case !r.Through.IsZero() && !r.Through.Valid(), !r.SoftThrough.IsZero() && !r.SoftThrough.Valid():
		return refusal(ledger.CodeDateInvalid)
	case r.Through.After(m.closed), r.SoftThrough.After(m.soft),
		r.Through == m.closed && r.SoftThrough == m.soft, r.SoftThrough.Before(r.Through):
		return refusal(ledger.CodeClosingInvalid)
	case r.By == "" || r.Reason == "":
		return refusal(ledger.CodeReasonMissing)
	}
	return m.shut(r.Through, r.SoftThrough)
}

func (m *Model) add(a Addition) Answer {
	switch {
	case a.Account.Validate() != nil || a.Account.Retired:
		return refusal(ledger.CodeAccountInvalid)
	case m.accounts[a.Account.Code].Code != "":
		return refusal(ledger.CodeAccountExists)
	}
	m.changed()
	m.putAccount(a.Account)
	return Answer{}
}

func (m *Model) retire(r ledger.Retirement) Answer {
	a := m.accounts[r.Account]
	sub := ""
	if a.Control {
		sub = "any"
	}
	if code := m.placeFault(r.Account, sub); code != "" {
		return refusal(code)
	}
	if r.Reason == "" {
		return refusal(ledger.CodeReasonMissing)
	}
	for _, p := range m.places(r.Account) {
		if m.at(p, endOfTime) != 0 {
			return refusal(ledger.CodeAccountNotZero)
		}
		for _, key := range m.subs[p].holds {
			if !m.holds[key].Left.IsZero() {
				return refusal(ledger.CodeHeld)
			}
		}
	}
	m.changed()
	a.Retired = true
	m.putAccount(a)
	return Answer{}
}

func (m *Model) save(r ledger.Record) Answer {
	for _, name := range []string{r.Kind, r.ID, r.Event} {
		if name == "" || badName(name, ledger.MaxSub) {
			return refusal(ledger.CodeRecordInvalid)
		}
	}
	if len(r.Data) > 0 && !json.Valid(r.Data) || !json.Valid(r.State) {
		return refusal(ledger.CodeRecordInvalid)
	}
	name := r.Kind + "/" + r.ID
	versions := m.records[name]
	if r.Version != len(versions)+1 {
		return refusal(ledger.CodeRecordStale)
	}
	r.Change = m.changed()
	m.records[name] = append(versions[:len(versions):len(versions)], r)
	m.onUndo(func() { m.records[name] = versions })
	return Answer{Version: r.Version, Change: r.Change}
}

func (m *Model) assert(a ledger.Assertion) Answer {
	account, found := m.accounts[a.Account]
	switch {
	case !a.Date.Valid():
		return refusal(ledger.CodeDateInvalid)
	case badTexts(a.Document, a.By):
		return refusal(ledger.CodeTextInvalid)
	case !found:
		return refusal(ledger.CodeAccountUnknown)
	case a.Sub != "" && !account.Control:
		return refusal(ledger.CodeSubNotAllowed)
	case m.holdsFalse(a):
		return refusal(ledger.CodeAssertionFailed)
	}
	m.changed()
	before := m.assertions
	m.assertions = append(before[:len(before):len(before)], a)
	m.onUndo(func() { m.assertions = before })
	return Answer{}
}

func (m *Model) holdsFalse(a ledger.Assertion) bool {
	return m.Balance(a.Account, a.Sub, a.Date, ledger.Closing, 0) != a.Balance
}
