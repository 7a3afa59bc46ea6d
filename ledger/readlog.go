package ledger

import (
	"fmt"
	"iter"
	"math"
	"slices"
)

// Entry returns an entry by its number.
func (tx *Tx) Entry(number uint64) (Posted, bool, error) {
	if tx.done {
		return Posted{}, false, ErrTxDone
	}
	if tx.stage == nil {
		return tx.reader.Entry(number)
	}
	reversedBy := tx.stage.index.reversed[number]
	if kept := tx.stage.entry(number); kept != nil {
		posted := tx.out(kept)
		posted.ReversedBy = reversedBy
		return posted, true, nil
	}
	posted, found, err := tx.reader.Entry(number)
	if err != nil || !found {
		return Posted{}, false, err
	}
	if reversedBy != 0 {
		posted.ReversedBy = reversedBy
	}
	return posted, true, nil
}

// EntryByKey returns the entry that a key's command posted.
func (tx *Tx) EntryByKey(key string) (Posted, bool, error) {
	command, found, err := tx.Command(key)
	if err != nil || !found {
		return Posted{}, false, err
	}
	changes, err := tx.ChangesOf(command)
	if err != nil {
		return Posted{}, false, err
	}
	for _, ch := range changes {
		if ch.Posted != nil {
			return tx.Entry(ch.Posted.Number)
		}
	}
	return Posted{}, false, nil
}

// Entries lists all entries from a number on, as they are when the list begins:
// what is posted meanwhile is not listed, or the list might never end.
func (tx *Tx) Entries(from uint64) iter.Seq2[Posted, error] {
	return func(yield func(Posted, error) bool) {
		head, err := tx.Head()
		if err != nil {
			yield(Posted{}, err)
			return
		}
		for posted, err := range tx.entries(from, head.Entries) {
			if !yield(posted, err) {
				return
			}
		}
	}
}

// entries lists the entries from a number through one, as far as there are any.
func (tx *Tx) entries(from, through uint64) iter.Seq2[Posted, error] {
	return func(yield func(Posted, error) bool) {
		for number := max(from, 1); number <= through; number++ {
			posted, found, err := tx.Entry(number)
			if err != nil {
				yield(Posted{}, err)
				return
			}
			if !found || !yield(posted, nil) {
				return
			}
		}
	}
}

// Command returns the command that used a key.
func (tx *Tx) Command(key string) (Command, bool, error) {
	if tx.done {
		return Command{}, false, ErrTxDone
	}
	if tx.stage != nil {
		return tx.stage.command(key)
	}
	return tx.reader.Command(key)
}

// Changes lists all changes from a number on, with what they wrote: the feed
// for outboxes and read models. It is resumable: keep the number of the last
// change that was dealt with and ask from the next one on.
func (tx *Tx) Changes(from uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for ch, err := range tx.changes(from) {
			if ch.Posted == nil || ch.Number > tx.stored() {
				ch = ch.clone()
			}
			if !yield(ch, err) {
				return
			}
		}
	}
}

// stored returns the number of the last change that the store has.
func (tx *Tx) stored() uint64 {
	if tx.stage == nil {
		return math.MaxUint64
	}
	return tx.stage.base
}

// changes are the changes as they are kept: not to be modified.
func (tx *Tx) changes(from uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if tx.done {
			yield(Change{}, ErrTxDone)
			return
		}
		for ch, err := range tx.reader.Changes(max(from, 1)) {
			if !yield(ch, err) || err != nil {
				return
			}
		}
		if tx.stage == nil {
			return
		}
		for _, ch := range tx.stage.changes {
			if ch.Number >= from && !yield(ch, nil) {
				return
			}
		}
	}
}

// Lines lists the lines that a query selects, in its order. Inside Update the
// lines that this transaction has posted itself are listed too. A query that
// can mean nothing (a day that does not exist, a sub without its account) is
// an error that matches [ErrDate] or [ErrSub].
func (tx *Tx) Lines(q LineQuery) iter.Seq2[PostedLine, error] {
	return func(yield func(PostedLine, error) bool) {
		if tx.done {
			yield(PostedLine{}, ErrTxDone)
			return
		}
		if err := q.fault(); err != nil {
			yield(PostedLine{}, err)
			return
		}
		if tx.stage == nil || tx.stage.head.Entries == 0 || len(tx.stage.changes) == 0 {
			tx.reader.Lines(q)(yield)
			return
		}
		var staged []PostedLine
		for i := range tx.stage.changes {
			posted := tx.stage.changes[i].Posted
			if posted == nil {
				continue
			}
			for n := range posted.Lines {
				if line := LineOf(posted, n); q.Selects(&line) {
					staged = append(staged, line)
				}
			}
		}
		slices.SortFunc(staged, q.Compare)
		for line, err := range tx.reader.Lines(q) {
			if err != nil {
				yield(line, err)
				return
			}
			for len(staged) > 0 && q.Compare(staged[0], line) < 0 {
				if !yield(staged[0], nil) {
					return
				}
				staged = staged[1:]
			}
			if !yield(line, nil) {
				return
			}
		}
		for _, line := range staged {
			if !yield(line, nil) {
				return
			}
		}
	}
}

// Record returns the latest version of a record.
func (tx *Tx) Record(kind, id string) (Record, bool, error) {
	if tx.done {
		return Record{}, false, ErrTxDone
	}
	var r Record
	var found bool
	var err error
	if tx.stage != nil {
		r, found, err = tx.stage.record(kind, id)
	} else {
		r, found, err = tx.reader.Record(kind, id, 0)
	}
	return r.clone(), found, err
}

// History lists all versions of a record, the first first.
func (tx *Tx) History(kind, id string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if tx.done {
			yield(Record{}, ErrTxDone)
			return
		}
		for version := 1; ; version++ {
			r, found, err := tx.reader.Record(kind, id, version)
			if err != nil {
				yield(Record{}, err)
				return
			}
			if !found {
				break
			}
			if r.Version != version { // or the list might never end
				yield(Record{}, fmt.Errorf("%w: record %s %s: asked for version %d the store gives version %d", ErrCorrupt, plain(kind), plain(id), version, r.Version))
				return
			}
			if !yield(r.clone(), nil) {
				return
			}
		}
		if tx.stage == nil {
			return
		}
		for i := range tx.stage.changes {
			r := tx.stage.changes[i].Record
			if r != nil && r.Kind == kind && r.ID == id && !yield(r.clone(), nil) {
				return
			}
		}
	}
}

// Records lists the latest versions of all records of a kind whose id sorts
// after the given one, by id.
func (tx *Tx) Records(kind, after string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if tx.done {
			yield(Record{}, ErrTxDone)
			return
		}
		staged := make(map[string]Record)
		if tx.stage != nil {
			for i := range tx.stage.changes {
				if r := tx.stage.changes[i].Record; r != nil && r.Kind == kind && r.ID > after {
					staged[r.ID] = *r
				}
			}
		}
		merge(tx.reader.Records(kind, after), byKey(staged), func(r Record) string { return r.ID }, func(r Record, err error) bool { return yield(r.clone(), err) })
	}
}

// HeldUnder returns a hold by its key.
func (tx *Tx) HeldUnder(key string) (Held, bool, error) {
	if tx.done {
		return Held{}, false, ErrTxDone
	}
	if tx.stage != nil {
		return tx.stage.held(key)
	}
	return tx.reader.Hold(key)
}

// Holds returns the holds on a sub that have something left, expired ones
// included.
func (tx *Tx) Holds(account, sub string) ([]Held, error) {
	p, err := tx.turnoversFrom(account, sub, endOfTime)
	if err != nil {
		return nil, err
	}
	if tx.stage != nil {
		if staged := tx.stage.find(account, sub); staged != nil {
			return slices.Clone(staged.holds), nil
		}
	}
	return slices.Clone(p.Holds), nil
}

// Assertions lists all balance assertions in the order they were made.
func (tx *Tx) Assertions() iter.Seq2[Assertion, error] {
	return func(yield func(Assertion, error) bool) {
		if tx.done {
			yield(Assertion{}, ErrTxDone)
			return
		}
		for a, err := range tx.reader.Assertions() {
			if !yield(a, err) || err != nil {
				return
			}
		}
		if tx.stage != nil {
			for _, a := range tx.stage.assertions {
				if !yield(a, nil) {
					return
				}
			}
		}
	}
}
