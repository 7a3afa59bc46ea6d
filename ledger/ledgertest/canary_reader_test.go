package ledgertest_test

import (
	"iter"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// reading overrides single methods of a Reader.
type reading struct {
	ledger.Reader
	head       func() (ledger.Head, error)
	position   func(code, sub string, from ledger.Date) (ledger.Position, error)
	subs       func(code, after string) iter.Seq2[ledger.Sub, error]
	turnovers  func(code, sub string, from, through ledger.Date) iter.Seq2[ledger.Turnover, error]
	command    func(key string) (ledger.Command, bool, error)
	changes    func(from uint64) iter.Seq2[ledger.Change, error]
	entry      func(number uint64) (ledger.Posted, bool, error)
	lines      func(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error]
	record     func(kind, id string, version int) (ledger.Record, bool, error)
	records    func(kind, after string) iter.Seq2[ledger.Record, error]
	assertions func() iter.Seq2[ledger.Assertion, error]
	accounts   func() iter.Seq2[ledger.Account, error]
	hold       func(key string) (ledger.Held, bool, error)
}

func (r *reading) Head() (ledger.Head, error) {
	if r.head != nil {
		return r.head()
	}
	return r.Reader.Head()
}

func (r *reading) Accounts() iter.Seq2[ledger.Account, error] {
	if r.accounts != nil {
		return r.accounts()
	}
	return r.Reader.Accounts()
}

func (r *reading) Position(code, sub string, from ledger.Date) (ledger.Position, error) {
	if r.position != nil {
		return r.position(code, sub, from)
	}
	return r.Reader.Position(code, sub, from)
}

func (r *reading) Subs(code, after string) iter.Seq2[ledger.Sub, error] {
	if r.subs != nil {
		return r.subs(code, after)
	}
	return r.Reader.Subs(code, after)
}

func (r *reading) Turnovers(code, sub string, from, through ledger.Date) iter.Seq2[ledger.Turnover, error] {
	if r.turnovers != nil {
		return r.turnovers(code, sub, from, through)
	}
	return r.Reader.Turnovers(code, sub, from, through)
}

func (r *reading) Command(key string) (ledger.Command, bool, error) {
	if r.command != nil {
		return r.command(key)
	}
	return r.Reader.Command(key)
}

func (r *reading) Changes(from uint64) iter.Seq2[ledger.Change, error] {
	if r.changes != nil {
		return r.changes(from)
	}
	return r.Reader.Changes(from)
}

func (r *reading) Entry(number uint64) (ledger.Posted, bool, error) {
	if r.entry != nil {
		return r.entry(number)
	}
	return r.Reader.Entry(number)
}

func (r *reading) Lines(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
	if r.lines != nil {
		return r.lines(q)
	}
	return r.Reader.Lines(q)
}

func (r *reading) Record(kind, id string, version int) (ledger.Record, bool, error) {
	if r.record != nil {
		return r.record(kind, id, version)
	}
	return r.Reader.Record(kind, id, version)
}

func (r *reading) Records(kind, after string) iter.Seq2[ledger.Record, error] {
	if r.records != nil {
		return r.records(kind, after)
	}
	return r.Reader.Records(kind, after)
}

func (r *reading) Hold(key string) (ledger.Held, bool, error) {
	if r.hold != nil {
		return r.hold(key)
	}
	return r.Reader.Hold(key)
}

func (r *reading) Assertions() iter.Seq2[ledger.Assertion, error] {
	if r.assertions != nil {
		return r.assertions()
	}
	return r.Reader.Assertions()
}

// reads makes a canary whose readers are spoiled.
func reads(spoil func(*reading)) *canary {
	return &canary{read: func(r ledger.Reader) ledger.Reader {
		spoiled := &reading{Reader: r}
		spoil(spoiled)
		return spoiled
	}}
}

// changed passes a listing on with every row changed.
func changed[V any](seq iter.Seq2[V, error], change func(*V)) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for v, err := range seq {
			change(&v)
			if !yield(v, err) {
				return
			}
		}
	}
}

// rearranged passes a listing on in one piece, as a function left it.
func rearranged[V any](seq iter.Seq2[V, error], arrange func([]V) []V) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		var all []V
		for v, err := range seq {
			if err != nil {
				yield(v, err)
				return
			}
			all = append(all, v)
		}
		for _, v := range arrange(all) {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func reversed[V any](all []V) []V { slices.Reverse(all); return all }

func butLast[V any](all []V) []V { return all[:max(len(all)-1, 0)] }

// deaf passes a listing on to its end, whatever its reader says.
func deaf[V any](seq iter.Seq2[V, error]) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for v, err := range seq {
			yield(v, err)
		}
	}
}
