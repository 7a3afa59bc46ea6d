package ledger_test

import (
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// tampered is a store whose rows somebody has edited behind the book's back.
// Entries, lines and records are read from the edited history, as from one
// table; caches are spoiled by hooks of their own.
type tampered struct {
	ledger.Store
	changes   func([]ledger.Change) []ledger.Change
	rows      func(account, sub string, rows []ledger.Turnover) []ledger.Turnover
	lines     func([]ledger.PostedLine) []ledger.PostedLine
	head      func(*ledger.Head)
	command   func(*ledger.Command) (found bool)
	account   func(*ledger.Account) (found bool)
	sub       func(*ledger.Sub) (found bool)
	hold      func(*ledger.Held) (found bool)
	entry     func(*ledger.Posted)
	record    func(*ledger.Record)
	assertion func(*ledger.Assertion)
}

func (s *tampered) View(ctx context.Context, book string, fn func(ledger.Reader) error) error {
	return s.Store.View(ctx, book, func(r ledger.Reader) error {
		var history []ledger.Change
		for ch, err := range r.Changes(1) {
			if err != nil {
				return err
			}
			history = append(history, deepCopy(reflect.ValueOf(ch)).Interface().(ledger.Change))
		}
		if s.changes != nil {
			history = s.changes(history)
		}
		return fn(&tamperedReader{r, s, history})
	})
}

type tamperedReader struct {
	ledger.Reader
	by      *tampered
	history []ledger.Change
}

func (r *tamperedReader) Head() (ledger.Head, error) {
	head, err := r.Reader.Head()
	if r.by.head != nil {
		r.by.head(&head)
	}
	return head, err
}

func (r *tamperedReader) Changes(from uint64) iter.Seq2[ledger.Change, error] {
	return func(yield func(ledger.Change, error) bool) {
		for _, ch := range r.history {
			if ch.Number >= from && !yield(ch, nil) {
				return
			}
		}
	}
}

func (r *tamperedReader) Entry(number uint64) (ledger.Posted, bool, error) {
	var found ledger.Posted
	for _, ch := range r.history {
		if ch.Posted == nil {
			continue
		}
		if ch.Posted.Number == number {
			by := found.ReversedBy
			found = *ch.Posted
			found.ReversedBy = by
		}
		if ch.Posted.Reverses == number {
			found.ReversedBy = ch.Posted.Number
		}
	}
	if r.by.entry != nil {
		r.by.entry(&found)
	}
	return found, found.Number == number, nil
}

func (r *tamperedReader) Lines(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
	return func(yield func(ledger.PostedLine, error) bool) {
		var lines []ledger.PostedLine
		for _, ch := range r.history {
			if ch.Posted == nil {
				continue
			}
			for i := range ch.Posted.Lines {
				if l := ledger.LineOf(ch.Posted, i); q.Selects(&l) {
					lines = append(lines, l)
				}
			}
		}
		slices.SortStableFunc(lines, q.Compare)
		if r.by.lines != nil {
			lines = r.by.lines(lines)
		}
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

func (r *tamperedReader) Position(code, sub string, from ledger.Date) (ledger.Position, error) {
	p, err := r.Reader.Position(code, sub, ledger.On(ledger.MinYear, 1, 1))
	if r.by.rows != nil {
		p.Rows = r.by.rows(code, sub, slices.Clone(p.Rows))
	}
	for len(p.Rows) > 0 && p.Rows[0].Day.Before(from) {
		p.Before, p.Rows = p.Rows[0].Balance, p.Rows[1:]
	}
	return p, err
}

func (r *tamperedReader) Turnovers(code, sub string, from, through ledger.Date) iter.Seq2[ledger.Turnover, error] {
	return func(yield func(ledger.Turnover, error) bool) {
		p, err := r.Position(code, sub, from)
		if err != nil {
			yield(ledger.Turnover{}, err)
			return
		}
		for _, row := range p.Rows {
			if row.Day.After(through) || !yield(row, nil) {
				return
			}
		}
	}
}

func spoiled[T any](list iter.Seq2[T, error], spoil func(*T) bool) iter.Seq2[T, error] {
	if spoil == nil {
		return list
	}
	return func(yield func(T, error) bool) {
		for row, err := range list {
			if (err != nil || spoil(&row)) && !yield(row, err) {
				return
			}
		}
	}
}

func (r *tamperedReader) Subs(code, after string) iter.Seq2[ledger.Sub, error] {
	return spoiled(r.Reader.Subs(code, after), r.by.sub)
}

func (r *tamperedReader) Accounts() iter.Seq2[ledger.Account, error] {
	return spoiled(r.Reader.Accounts(), r.by.account)
}

func (r *tamperedReader) Assertions() iter.Seq2[ledger.Assertion, error] {
	if r.by.assertion == nil {
		return r.Reader.Assertions()
	}
	return spoiled(r.Reader.Assertions(), func(a *ledger.Assertion) bool { r.by.assertion(a); return true })
}

func (r *tamperedReader) Command(key string) (ledger.Command, bool, error) {
	c, found, err := r.Reader.Command(key)
	if r.by.command != nil {
		found = r.by.command(&c) && found
	}
	return c, found, err
}

func (r *tamperedReader) Hold(key string) (ledger.Held, bool, error) {
	h, found, err := r.Reader.Hold(key)
	if r.by.hold != nil {
		found = r.by.hold(&h) && found
	}
	return h, found, err
}

func (r *tamperedReader) Record(kind, id string, version int) (ledger.Record, bool, error) {
	record, found, err := r.Reader.Record(kind, id, version)
	if r.by.record != nil {
		r.by.record(&record)
	}
	return record, found, err
}

// onEntry edits an entry by its number.
func onEntry(number uint64, edit func(*ledger.Posted)) func([]ledger.Change) []ledger.Change {
	return func(history []ledger.Change) []ledger.Change {
		for i := range history {
			if p := history[i].Posted; p != nil && p.Number == number {
				edit(p)
			}
		}
		return history
	}
}

// findingsIn checks an eventful book through a tampered store.
func findingsIn(t *testing.T, by *tampered) []ledger.Finding {
	t.Helper()
	memory := ledger.NewMemory()
	requireSound(t, newEventful(t, memory, "kspps-melati"))
	by.Store = memory
	book, err := ledger.Open(context.Background(), by, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
	require.NoError(t, err)
	var all []ledger.Finding
	for finding, err := range book.Check(context.Background()) {
		require.NoError(t, err)
		all = append(all, finding)
	}
	return all
}

const lastChange = 30 // of the eventful book

// TestTampering plants one defect after the other in the rows of a book; Check
// must name each, and where it is.
func TestTampering(t *testing.T) {
	swap := func(i, j int) func([]ledger.Change) []ledger.Change {
		return func(h []ledger.Change) []ledger.Change { h[i], h[j] = h[j], h[i]; return h }
	}
	without := func(number int) func([]ledger.Change) []ledger.Change {
		return func(h []ledger.Change) []ledger.Change { return slices.Delete(h, number-1, number) }
	}
	rows := func(edit func([]ledger.Turnover) []ledger.Turnover) *tampered {
		return &tampered{rows: func(account, sub string, rows []ledger.Turnover) []ledger.Turnover {
			if account == "30101" && sub == "M2" {
				return edit(rows)
			}
			return rows
		}}
	}
	for _, c := range []struct {
		name string
		by   *tampered
		want []string // beginnings of findings
	}{
		{"nothing", &tampered{}, nil},
		{"changed amount", &tampered{changes: onEntry(1, func(p *ledger.Posted) {
			p.Lines[0].Amount, p.Lines[1].Amount = ledger.IDR.Of(70), ledger.IDR.Of(-70)
		})}, []string{"chain: change 15: entry 1", "turnovers: account 30101/M2", "turnovers: account 10102"}},
		{"changed amount of one line", &tampered{changes: onEntry(1, func(p *ledger.Posted) {
			p.Lines[0].Amount = ledger.IDR.Of(70)
		})}, []string{"chain: change 15: entry 1", "entries: change 15: entry 1: the lines sum to"}},
		{"removed line", &tampered{changes: onEntry(2, func(p *ledger.Posted) { p.Lines = p.Lines[:1] })},
			[]string{"chain: change 16: entry 2", "entries: change 16: entry 2: the lines sum", "entries: change 16: entry 2: has 1 lines", "turnovers: account 30101/M1"}},
		{"line of another member", &tampered{changes: onEntry(3, func(p *ledger.Posted) { p.Lines[1].Sub = "M1" })},
			[]string{"chain: change 17: entry 3", "turnovers: account 30101/M1", "turnovers: account 30101/M2", "reversals: change 18: entry 4: is not the mirror"}},
		{"line on an account that is not there", &tampered{changes: onEntry(3, func(p *ledger.Posted) { p.Lines[0].Account = "77777" })},
			[]string{"chain: change 17: entry 3", "turnovers: account 77777: has lines but no row"}},
		{"swapped entries", &tampered{changes: swap(14, 16)}, []string{"chain: change 17: follows change 14", "chain: change 15"}},
		{"swapped contents of entries", &tampered{changes: func(h []ledger.Change) []ledger.Change {
			h[14].Posted.Lines, h[16].Posted.Lines = h[16].Posted.Lines, h[14].Posted.Lines
			return h
		}}, []string{"chain: change 15: entry 1", "chain: change 17: entry 3"}},
		{"first change removed", &tampered{changes: without(1)}, []string{"chain: change 2: follows change 0"}},
		{"middle change removed", &tampered{changes: without(20)}, []string{"chain: change 21: follows change 19"}},
		{"last change removed", &tampered{changes: without(lastChange)}, []string{"chain: change 30: the head stands at change 30"}},
		{"stale turnover row", rows(func(r []ledger.Turnover) []ledger.Turnover {
			r[1].Credit, r[1].Balance = r[1].Credit.Sub(ledger.IDR.Of(100)), r[1].Balance.Add(ledger.IDR.Of(100))
			return r
		}), []string{"turnovers: account 30101/M2: the turnover of 2026-03-10"}},
		{"turnover row missing", rows(func(r []ledger.Turnover) []ledger.Turnover { return r[:1] }),
			[]string{"turnovers: account 30101/M2: the turnover of 2026-03-10 is missing"}},
		{"turnover row too many", rows(func(r []ledger.Turnover) []ledger.Turnover {
			last := r[len(r)-1]
			last.Day = last.Day.Next()
			return append(r, last)
		}), []string{"turnovers: account 30101/M2: a turnover of 2026-03-12 has no lines"}},
		{"lines listed short", &tampered{lines: func(l []ledger.PostedLine) []ledger.PostedLine { return l[:len(l)-1] }},
			[]string{"turnovers: account 10102: its lines list"}},
		{"lines listed twice", &tampered{lines: func(l []ledger.PostedLine) []ledger.PostedLine {
			if len(l) > 1 {
				l[0] = l[1]
			}
			return l
		}}, []string{"turnovers: account 10102: its lines are out of order"}},
		{"head one entry behind", &tampered{head: func(h *ledger.Head) { h.Entries-- }}, []string{"chain: change 30: the head stands"}},
		{"softly closed days moved", &tampered{head: func(h *ledger.Head) { h.SoftClosed = h.SoftClosed.Next() }}, []string{"guards: the head says closed through"}},
		{"closed days forgotten", &tampered{head: func(h *ledger.Head) { h.Closed = ledger.Date{} }}, []string{"guards: the head says closed through"}},
		{"key forgotten", &tampered{command: func(c *ledger.Command) bool { return c.Key != "T1" }}, []string{`commands: change 16: its key "T1" is unknown`}},
		{"key of another command", &tampered{command: func(c *ledger.Command) bool {
			c.Content[0] ^= 1
			return true
		}}, []string{"commands: change 1:", "commands: change 30:"}},
		{"command of other changes", &tampered{command: func(c *ledger.Command) bool {
			c.First, c.Last = c.First+1, c.Last+1
			return true
		}}, []string{"commands: change 1:"}},
		{"account renamed", &tampered{account: func(a *ledger.Account) bool {
			a.Name = strings.ReplaceAll(a.Name, "Bank", "Kas")
			return true
		}}, []string{"guards: account 10103: is not as the changes made it"}},
		{"account missing", &tampered{account: func(a *ledger.Account) bool { return a.Code != "60101" }}, []string{"guards: account 60101: is missing"}},
		{"holder changed", &tampered{sub: func(s *ledger.Sub) bool {
			if s.Holder != "" {
				s.Holder = "M-0002"
			}
			return true
		}}, []string{"guards: account 30101/M1: its holder, floor or block"}},
		{"block lifted", &tampered{sub: func(s *ledger.Sub) bool { s.Block = ledger.NoBlock; return true }}, []string{"guards: account 30101/M1: its holder, floor or block"}},
		{"row of a sub missing", &tampered{sub: func(s *ledger.Sub) bool { return s.Sub != "M1" }},
			[]string{"turnovers: account 30101/M1: has lines but no row", "guards: account 30101/M1: its row is missing"}},
		{"last balance stale", &tampered{sub: func(s *ledger.Sub) bool { s.Last = ledger.Money{}; return true }}, []string{"turnovers: account 30101/M2: its row says"}},
		{"hold forgotten", &tampered{hold: func(h *ledger.Held) bool { return false }}, []string{`guards: account 30101/M2: hold "H1"`}},
		{"hold enlarged", &tampered{hold: func(h *ledger.Held) bool { h.Left = h.Amount; return true }}, []string{`guards: account 30101/M2: hold "H1"`}},
		{"document edited", &tampered{changes: func(h []ledger.Change) []ledger.Change {
			h[20].Document = json.RawMessage(strings.Replace(string(h[20].Document), "40000", "10000", 1))
			return h
		}}, []string{"chain: change 21: the content's digest", `guards: account 30101/M2: hold "H1"`}},
		{"document unreadable", &tampered{changes: func(h []ledger.Change) []ledger.Change {
			h[20].Document = json.RawMessage("{")
			return h
		}}, []string{"chain: change 21", "guards: change 21: its document cannot be read"}},
		{"entry table says otherwise", &tampered{entry: func(p *ledger.Posted) { p.Memo += "!" }},
			[]string{"entries: change 15: entry 1: read by its number it is another"}},
		{"reversal forgotten", &tampered{entry: func(p *ledger.Posted) { p.ReversedBy = 0 }},
			[]string{"reversals: change 18: entry 4: reverses entry 3, which names entry 0"}},
		{"record edited", &tampered{changes: func(h []ledger.Change) []ledger.Change {
			for i := range h {
				if h[i].Record != nil {
					h[i].Record.State = json.RawMessage(`{"state":"sold"}`)
					break
				}
			}
			return h
		}}, []string{"chain: change 25: the content's digest"}},
		{"record's latest version lost", &tampered{record: func(r *ledger.Record) { r.Version-- }}, []string{"records: record murabahah MRB-1: the latest version is 0"}},
		{"record table says otherwise", &tampered{record: func(r *ledger.Record) { r.State = json.RawMessage("{ }") }}, []string{"records: change 25: record murabahah MRB-1"}},
		{"assertion no longer true", &tampered{assertion: func(a *ledger.Assertion) { a.Balance = ledger.IDR.Of(1) }}, []string{"assertions: account 10102: asserted as 1.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := findingsIn(t, c.by)
			if c.want == nil {
				require.Empty(t, found)
			}
			for _, want := range c.want {
				require.True(t, slices.ContainsFunc(found, func(f ledger.Finding) bool { return strings.HasPrefix(f.String(), want) }),
					"want %q among\n%v", want, found)
			}
		})
	}
}

// TestEveryFieldIsChecked edits every field of every change of a book, one at
// a time: Check must notice each, and point at the change.
func TestEveryFieldIsChecked(t *testing.T) {
	memory := ledger.NewMemory()
	history := changesOf(t, newEventful(t, memory, "kspps-melati"))
	by := &tampered{Store: memory}
	book, err := ledger.Open(context.Background(), by, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
	require.NoError(t, err)
	edits := 0
	for i := range history {
		eachField(t, history[i], func(path string, changed ledger.Change) {
			if strings.HasSuffix(path, ".ReversedBy") || strings.HasSuffix(path, ".Repeat") {
				return // not kept: derived when read
			}
			edits++
			by.changes = func(h []ledger.Change) []ledger.Change { h[i] = changed; return h }
			found := false
			for finding, err := range book.Check(context.Background()) {
				require.NoError(t, err)
				require.NotEmpty(t, finding.String())
				found = true
				break
			}
			require.True(t, found, "change %d: nobody notices a changed %s", i+1, path)
		})
	}
	require.Greater(t, edits, 450)
}
