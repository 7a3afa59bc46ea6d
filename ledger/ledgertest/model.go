package ledgertest

import (
	"fmt"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Model is a second book: plain lists and maps that are searched from end to
// end, written from the rules and not from the book's code. It predicts what
// the book must answer to every [Operation] and every question. It is not for
// concurrent use.
type Model struct {
	accounts   map[string]ledger.Account
	subs       map[modelPlace]*modelSub
	entries    []modelEntry // entry n stands at n-1
	holds      map[string]*ledger.Held
	records    map[string][]ledger.Record // versions by kind/id
	assertions []ledger.Assertion
	commands   map[string]modelCommand
	changes    uint64
	closed     ledger.Date
	soft       ledger.Date
	saves      ledger.Source // the version that the event under way saves

	undo []func() // takes back what was done since it was settled, last first
}

type modelPlace struct{ account, sub string }

type modelSub struct {
	exists bool // whether the book lists it
	opened bool
	holder string
	floor  ledger.Floor
	block  ledger.Block
	lines  []modelLine
	holds  []string // keys, in order
}

type modelLine struct {
	entry  *modelEntry
	no     int // from 1
	amount int64
}

type modelEntry struct {
	ledger.Entry
	number     uint64
	change     uint64
	reverses   uint64
	reversedBy uint64
}

// modelCommand is what was done under a key.
type modelCommand struct {
	content string
	answer  Answer
}

// Answer is what comes of an operation: a refusal's code and line, or what was
// written. A field that does not apply is zero.
type Answer struct {
	Code    ledger.Code  // empty if it was carried out
	Line    int          // the line that a refusal names
	Repeat  bool         // it had been carried out before
	Entry   uint64       // the number of the entry
	Change  uint64       // the number of the entry's or record's change
	Left    ledger.Money // what is left of the hold
	Version int          // the record's version
}

func refusal(code ledger.Code) Answer { return Answer{Code: code} }

// NewModel returns the model of a book that was created with a chart.
func NewModel(chart ledger.Chart) *Model {
	m := &Model{
		accounts: map[string]ledger.Account{}, subs: map[modelPlace]*modelSub{},
		holds: map[string]*ledger.Held{}, records: map[string][]ledger.Record{}, commands: map[string]modelCommand{},
		changes: 1 + uint64(len(chart)),
	}
	for _, a := range chart {
		m.accounts[a.Code] = a
	}
	return m
}

// Changes returns the number of the last change.
func (m *Model) Changes() uint64 { return m.changes }

// Entries returns the number of the last entry.
func (m *Model) Entries() uint64 { return uint64(len(m.entries)) }

// Closed returns the last day that is closed and the last that is softly closed.
func (m *Model) Closed() (closed, soft ledger.Date) { return m.closed, m.soft }

// Ask predicts the answer to an operation, and carries it out in the model if
// the book would.
func (m *Model) Ask(op Operation) Answer {
	key := op.Key()
	switch {
	case key == "":
		return refusal(ledger.CodeKeyMissing)
	case badName(key, ledger.MaxKey):
		return refusal(ledger.CodeKeyInvalid)
	}
	content := fmt.Sprintf("%T %+v", op.Ask, op.Ask)
	if first, used := m.commands[key]; used {
		if first.content != content {
			return refusal(ledger.CodeKeyConflict)
		}
		first.answer.Repeat = true
		return first.answer
	}
	answer := m.carryOut(op)
	if answer.Code == "" {
		m.commands[key] = modelCommand{content, answer}
		m.onUndo(func() { delete(m.commands, key) })
	}
	return answer
}

func (m *Model) carryOut(op Operation) Answer {
	switch ask := op.Ask.(type) {
	case ledger.Entry:
		return m.post(modelEntry{Entry: ask}, false)
	case Imported:
		return m.post(modelEntry{Entry: ledger.Entry(ask)}, true)
	case ledger.Reversal:
		return m.reverse(ask)
	case Capture:
		return m.capture(ask)
	case ledger.SubOpening:
		return m.open(ask)
	case ledger.FloorSetting:
		return m.setFloor(ask)
	case ledger.BlockSetting:
		return m.setBlock(ask)
	case ledger.Hold:
		return m.hold(ask)
	case ledger.Release:
		return m.release(ask)
	case ledger.PeriodClosing:
		return m.close(ask)
	case ledger.PeriodReopening:
		return m.reopen(ask)
	case Addition:
		return m.add(ask)
	case ledger.Retirement:
		return m.retire(ask)
	case ledger.Record:
		return m.save(ask)
	case Event:
		return m.event(ask)
	case ledger.Assertion:
		return m.assert(ask)
	}
	panic(fmt.Sprintf("ledgertest: no model of %T", op.Ask))
}

// Mark returns a point to which [Model.Rollback] can go back. Marks nest.
func (m *Model) Mark() int { return len(m.undo) }

// Rollback takes back everything since a mark.
func (m *Model) Rollback(mark int) {
	for i := len(m.undo) - 1; i >= mark; i-- {
		m.undo[i]()
	}
	m.undo = m.undo[:mark]
}

// Settle makes everything so far final: it forgets how to take it back.
func (m *Model) Settle() { m.undo = nil }

func (m *Model) onUndo(f func()) { m.undo = append(m.undo, f) }

// changed counts a change and returns its number.
func (m *Model) changed() uint64 {
	m.changes++
	m.onUndo(func() { m.changes-- })
	return m.changes
}

// sub returns the row of a place, an empty one if there was none.
func (m *Model) sub(p modelPlace) *modelSub {
	s := m.subs[p]
	if s == nil {
		s = &modelSub{}
		m.subs[p] = s
	}
	return s
}

// changeSub keeps a copy of a row for Rollback and changes it.
func (m *Model) changeSub(p modelPlace, change func(*modelSub)) {
	s := m.sub(p)
	before := *s
	m.onUndo(func() { *s = before })
	change(s)
	s.exists = true
}

func (m *Model) putAccount(a ledger.Account) {
	before, had := m.accounts[a.Code]
	m.onUndo(func() {
		if had {
			m.accounts[a.Code] = before
		} else {
			delete(m.accounts, a.Code)
		}
	})
	m.accounts[a.Code] = a
}

// badText reports whether a text cannot be kept. The generator makes no
// invalid UTF-8 and no control character beyond the first thirty-two.
func badText(text string, most int) bool {
	if len(text) > most {
		return true
	}
	for _, r := range text {
		if r < ' ' {
			return true
		}
	}
	return false
}

// badName reports whether a text cannot name something. Of what nobody sees the
// generator makes spaces at an end and no-break spaces.
func badName(name string, most int) bool {
	return badText(name, most) || strings.TrimSpace(name) != name || strings.ContainsRune(name, '\u00a0')
}

func badTexts(texts ...string) bool {
	for _, text := range texts {
		if badText(text, ledger.MaxText) {
			return true
		}
	}
	return false
}
