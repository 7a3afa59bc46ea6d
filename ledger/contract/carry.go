package contract

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Request is what a command asks of a contract, whatever its rules.
type Request struct {
	Command  string // "pay": see [Kind.Command]
	Key      string // the caller's
	Contract string // the contract's id
	// Content is the digest of everything that is asked for, the key apart: see
	// [Kind.Content].
	Content ledger.Digest
	Begins  bool // the command may find no contract, as it begins one
}

// Post posts the entry of an event: as it stands or, of an event that undoes
// another, as the exact mirror of that one's entry, in which case only its date,
// memo, source, document, maker and approver are looked at.
type Post = func(ledger.Entry) (ledger.Posted, error)

// Carry carries out a command, all of it or nothing: is the key known? then the
// first result; load the contract, and do the command on it. Do decides the
// event, applies it, judges the accounts and ends with [Kind.Enter] and tx.Post.
// What it returns as an error is returned as it is; see [In].
func (k *Kind[C, E]) Carry(tx *ledger.Tx, r Request, do func(before C) (Result[C, E], error)) (Result[C, E], error) {
	return k.once(tx, r, func() (Result[C, E], error) {
		before, found, err := k.Find(tx, r.Contract)
		if err != nil {
			return Result[C, E]{}, err
		}
		if !found && !r.Begins {
			return Result[C, E]{}, k.Unknown(r.Contract)
		}
		return do(before)
	})
}

// Reverse is Carry for a command that undoes the latest event. Decide gets all
// events of the contract, and the event that it returns names the version that it
// undoes. Do gets the contract as it stands, that event, and what to hand to
// [Kind.Enter] instead of tx.Post.
func (k *Kind[C, E]) Reverse(tx *ledger.Tx, r Request, decide func([]E) (E, error), do func(before C, e E, mirror Post) (Result[C, E], error)) (Result[C, E], error) {
	return k.once(tx, r, func() (Result[C, E], error) {
		history, err := k.History(tx, r.Contract)
		if err != nil {
			return Result[C, E]{}, err
		}
		e, err := decide(history.Events)
		if err != nil {
			return Result[C, E]{}, err
		}
		before, err := k.Replay(r.Contract, history.Events)
		if err != nil {
			return Result[C, E]{}, err
		}
		mirror, err := k.Mirror(tx, r.Contract, history, e)
		if err != nil {
			return Result[C, E]{}, err
		}
		return do(before, e, mirror)
	})
}

// once does what a command asks for, all of it or nothing, unless its key is
// known.
func (k *Kind[C, E]) once(tx *ledger.Tx, r Request, do func() (Result[C, E], error)) (Result[C, E], error) {
	return ledger.Atomic(tx, func() (Result[C, E], error) {
		first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: k.Command(r.Command), Content: r.Content})
		if err != nil {
			return Result[C, E]{}, err
		}
		if repeated {
			return k.First(tx, first)
		}
		return do()
	})
}

// Mirror returns what posts the entry of an event that undoes another of the
// contract's history.
func (k *Kind[C, E]) Mirror(tx *ledger.Tx, id string, h History[E], e E) (Post, error) {
	undoes := k.Heading(e).Undoes
	if undoes < 1 || undoes > len(h.Events) {
		return nil, fmt.Errorf("%s: %s: event %s undoes version %d, of %d", k.Name, k.called(id), k.Heading(e), undoes, len(h.Events))
	}
	key, undone := h.Keys[undoes-1], k.Source(id, h.Events[undoes-1])
	return func(entry ledger.Entry) (ledger.Posted, error) {
		original, err := entryOf(tx, key, undone)
		if err != nil {
			return ledger.Posted{}, err
		}
		return tx.Reverse(ledger.Reversal{
			Entry: original, Date: entry.Date, Reason: entry.Memo, Source: entry.Source,
			Document: entry.Document, Maker: entry.Maker, Approver: entry.Approver,
		})
	}, nil
}

// entryOf returns the number of the entry that a command posted for an event.
func entryOf(tx *ledger.Tx, key string, event ledger.Source) (uint64, error) {
	command, _, err := tx.Command(key)
	if err != nil {
		return 0, err
	}
	changes, err := tx.ChangesOf(command)
	if err != nil {
		return 0, err
	}
	for _, ch := range changes {
		if ch.Posted != nil && ch.Posted.Source == event {
			return ch.Posted.Number, nil
		}
	}
	return 0, fmt.Errorf("%w: %s has no entry", ledger.ErrCorrupt, event)
}

// Enter brings a decided event into the book: its entry, if that has lines, and
// the version of the record. Done is the contract after the event, and the
// event.
func (k *Kind[C, E]) Enter(tx *ledger.Tx, id string, done Result[C, E], entry ledger.Entry, post Post) (Result[C, E], error) {
	if len(entry.Lines) > 0 {
		posted, err := post(entry)
		if err != nil {
			return Result[C, E]{}, err
		}
		done.Posted = posted
	}
	if err := k.Save(tx, id, done.Event, done.Contract); err != nil {
		return Result[C, E]{}, err
	}
	return done, nil
}

// First returns what a command on one contract did when it was first carried
// out.
func (k *Kind[C, E]) First(tx *ledger.Tx, first ledger.Command) (Result[C, E], error) {
	results, err := k.Firsts(tx, first)
	if err != nil {
		return Result[C, E]{}, err
	}
	if len(results) == 0 {
		return Result[C, E]{}, fmt.Errorf("%w: command %q has saved no %s", ledger.ErrCorrupt, Clip(first.Key), k.Name)
	}
	return results[0], nil
}

// Firsts is First for a command that wrote several events, in their order.
func (k *Kind[C, E]) Firsts(tx *ledger.Tx, first ledger.Command) ([]Result[C, E], error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return nil, err
	}
	var results []Result[C, E]
	next := Result[C, E]{Repeat: true}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil && ch.Posted.Source.Kind == k.Name:
			if next.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return nil, err
			}
			next.Posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == k.Name:
			if next.Contract, err = k.State(ch.Record); err != nil {
				return nil, err
			}
			if next.Event, err = k.Event(ch.Record); err != nil {
				return nil, err
			}
			results, next = append(results, next), Result[C, E]{Repeat: true}
		}
	}
	return results, nil
}

// Ruled says why a command that cannot be written down is refused: by the
// contract's own rules if these refuse it, which say more than err.
func (k *Kind[C, E]) Ruled(tx *ledger.Tx, id string, decide func(C) (E, error), err error) error {
	if c, _, unread := k.Find(tx, id); unread == nil {
		if _, refused := decide(c); refused != nil {
			return refused
		}
	}
	return err
}
