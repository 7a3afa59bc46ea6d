package ledger

import (
	"encoding/json"
	"fmt"
	"slices"
)

// What follows from a change that has been decided or is read back: the only
// place where the state of a stage moves on. It checks no rule; [Restore]
// relies on that an old book applies under a new release.

// enter moves the turnovers of an entry whose subs are in s.lines.
func (s *stage) enter(e *Entry) {
	for i := range e.Lines {
		staged := s.lines[i]
		s.modify(staged)
		staged.add(e.Date, e.Phase, e.Lines[i].Amount)
	}
}

// apply moves the state on by a change's document.
func (s *stage) apply(document any) error {
	switch doc := document.(type) {
	case BookOpened:
		currency, err := NewCurrency(doc.Currency, doc.Digits)
		s.head.Book, s.head.Currency = doc.ID, currency
		return err
	case Account:
		s.putAccount(doc)
		s.added++
	case Retirement:
		return s.onAccount(doc.Account, func(a *Account) { a.Retired = true })
	case SubOpening:
		return s.onSub(doc.Account, doc.Sub, func(t *stagedSub) {
			t.sub.Opened, t.sub.Holder, t.sub.Floor = true, doc.Holder, doc.Floor
		})
	case FloorSetting:
		if account, _, err := s.account(doc.Account); err != nil || account.Control && doc.Sub == "" {
			if err != nil {
				return err
			}
			return s.onAccount(doc.Account, func(a *Account) { a.Floor = doc.Floor })
		}
		return s.onSub(doc.Account, doc.Sub, func(t *stagedSub) { t.sub.Floor = doc.Floor })
	case BlockSetting:
		return s.onSub(doc.Account, doc.Sub, func(t *stagedSub) { t.sub.Block = doc.Block })
	case Hold:
		held := Held{Hold: doc, Left: doc.Amount}
		s.putHold(held)
		return s.onSub(doc.Account, doc.Sub, func(t *stagedSub) { t.holds = append(t.holds, held) })
	case Release:
		held, found, err := s.held(doc.Hold)
		if err != nil || !found {
			return errorOr(err, "%w: release of the unknown hold %q", ErrCorrupt, clip(doc.Hold))
		}
		held.Left = held.Left.Sub(doc.Amount)
		s.putHold(held)
		return s.onSub(held.Account, held.Sub, func(t *stagedSub) { t.putHold(held) })
	case PeriodClosing:
		s.head.close(doc)
	case PeriodReopening:
		s.head.Closed, s.head.SoftClosed = doc.Through, doc.SoftThrough
	case Assertion:
		s.assertions = append(s.assertions, doc)
	default:
		return fmt.Errorf("%w: a change of an unknown kind (%T)", ErrCorrupt, document)
	}
	return nil
}

// decode reads a change's document into the type that its kind names.
func (ch *Change) decode() (any, error) {
	switch ch.Kind {
	case ChangeBook:
		return into[BookOpened](ch)
	case ChangeAccount:
		return into[Account](ch)
	case ChangeRetire:
		return into[Retirement](ch)
	case ChangeSub:
		return into[SubOpening](ch)
	case ChangeFloor:
		return into[FloorSetting](ch)
	case ChangeBlock:
		return into[BlockSetting](ch)
	case ChangeHold:
		return into[Hold](ch)
	case ChangeRelease:
		return into[Release](ch)
	case ChangeClosing:
		return into[PeriodClosing](ch)
	case ChangeReopening:
		return into[PeriodReopening](ch)
	case ChangeAssertion:
		return into[Assertion](ch)
	}
	return nil, fmt.Errorf("%w: change %d is of the unknown kind %q", ErrCorrupt, ch.Number, clip(string(ch.Kind)))
}

func into[T any](ch *Change) (T, error) {
	var doc T
	if err := json.Unmarshal(ch.Document, &doc); err != nil {
		return doc, fmt.Errorf("%w: the document of change %d: %w", ErrCorrupt, ch.Number, err)
	}
	return doc, nil
}

func errorOr(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return fmt.Errorf(format, args...)
}

// putAccount stages an account's new state.
func (s *stage) putAccount(a Account) {
	s.accounts = append(s.accounts, a)
	s.index.accounts.put(a.Code, len(s.accounts)-1)
	s.subsOf(a.Code, func(staged *stagedSub) {
		s.modify(staged)
		staged.account = &a
	})
}

// putHold stages a hold's new state.
func (s *stage) putHold(held Held) {
	s.holds = append(s.holds, held)
	s.index.holds.put(held.Key, len(s.holds)-1)
}

func (s *stage) onAccount(code string, change func(*Account)) error {
	a, found, err := s.account(code)
	if err != nil || !found {
		return errorOr(err, "%w: a change of the unknown account %q", ErrCorrupt, clip(code))
	}
	change(&a)
	s.putAccount(a)
	return nil
}

func (s *stage) onSub(code, sub string, change func(*stagedSub)) error {
	a, found, err := s.current(code)
	if err != nil || !found {
		return errorOr(err, "%w: a change of the unknown account %q", ErrCorrupt, clip(code))
	}
	staged, err := s.position(a, sub, endOfTime)
	if err != nil {
		return err
	}
	s.modify(staged)
	staged.exists, staged.changed = true, true
	change(staged)
	return nil
}

func (t *stagedSub) putHold(held Held) {
	for i := range t.holds {
		if t.holds[i].Key != held.Key {
			continue
		}
		if held.Left.IsZero() {
			t.holds = slices.Delete(t.holds, i, i+1)
		} else {
			t.holds[i] = held
		}
		return
	}
}

// held returns a hold as staged or stored.
func (s *stage) held(key string) (Held, bool, error) {
	if at, staged := s.index.holds.find(key); staged {
		return s.holds[at], true, nil
	}
	return s.store.Hold(key)
}

// close moves the closed days on. A hard closing closes softly too.
func (h *Head) close(c PeriodClosing) {
	if !c.Soft {
		h.Closed = c.Through
	}
	if h.SoftClosed.Before(c.Through) {
		h.SoftClosed = c.Through
	}
}
