package contract

import (
	"encoding/json"
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// Find returns a contract as the book has it; false, and the contract before
// its first event, if there is none.
func (k *Kind[C, E]) Find(tx *ledger.Tx, id string) (C, bool, error) {
	r, found, err := tx.Record(k.Name, id)
	if err != nil || !found {
		return k.blank(id), false, err
	}
	c, err := k.State(&r)
	return c, err == nil, err
}

// Load is Find for a contract that must be there, else the error is that of
// Unknown.
func (k *Kind[C, E]) Load(tx *ledger.Tx, id string) (C, error) {
	c, found, err := k.Find(tx, id)
	if err == nil && !found {
		err = k.Unknown(id)
	}
	return c, err
}

// History is what happened to a contract, the first event first, those that
// undo another included; [Kind.Standing] leaves out what was undone.
type History[E any] struct {
	Events []E
	Keys   []string // of the commands that wrote them
}

// History returns what happened to a contract. The error is that of Unknown if
// there is no such contract.
func (k *Kind[C, E]) History(tx *ledger.Tx, id string) (History[E], error) {
	var h History[E]
	for r, err := range tx.History(k.Name, id) {
		var e E
		if err == nil {
			e, err = k.Event(&r)
		}
		if err != nil {
			return History[E]{}, err
		}
		h.Events, h.Keys = append(h.Events, e), append(h.Keys, r.Key)
	}
	if len(h.Events) == 0 {
		return h, k.Unknown(id)
	}
	return h, nil
}

// List lists the contracts whose id sorts after the given one, by id. Those
// whose very first event was undone are left out.
func (k *Kind[C, E]) List(tx *ledger.Tx, after string) iter.Seq2[C, error] {
	return func(yield func(C, error) bool) {
		for r, err := range tx.Records(k.Name, after) {
			var c C
			if err == nil {
				c, err = k.State(&r)
			}
			if err == nil && k.void(c) {
				continue
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Readable lists all contracts that can be read, for a check of something else:
// [Kind.CheckReplay] names the others.
func (k *Kind[C, E]) Readable(tx *ledger.Tx) iter.Seq2[C, error] {
	return func(yield func(C, error) bool) {
		for r, err := range tx.Records(k.Name, "") {
			var c C
			if err == nil {
				var unreadable error
				if c, unreadable = k.State(&r); unreadable != nil {
					continue
				}
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// MaxPage is the most contracts that one [Page] lists.
const MaxPage = 1000

// Page is a page of a list of contracts, by id.
type Page[C any] struct {
	Contracts []C
	Next      string // the id behind which the next page begins
	More      bool   // whether there are contracts behind it now
}

// Page lists the contracts whose id sorts after the given one, at most the
// given number; zero or more than [MaxPage] means [MaxPage].
func (k *Kind[C, E]) Page(tx *ledger.Tx, after string, most int) (Page[C], error) {
	if most <= 0 || most > MaxPage {
		most = MaxPage
	}
	page := Page[C]{Next: after}
	for r, err := range tx.Records(k.Name, after) {
		if err != nil {
			return Page[C]{}, err
		}
		c, err := k.State(&r)
		switch {
		case err != nil:
			return Page[C]{}, err
		case k.void(c):
			continue
		case len(page.Contracts) == most:
			page.More = true
			return page, nil
		}
		page.Contracts, page.Next = append(page.Contracts, c), r.ID
	}
	return page, nil
}

// Record returns the version of a contract that an event makes, ready to be
// saved.
func (k *Kind[C, E]) Record(id string, e E, after C) (ledger.Record, error) {
	h := k.Heading(e)
	data, err := json.Marshal(e)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("%s: %s: event %s: %w", k.Name, k.called(id), h, err)
	}
	state, err := k.marshal(after)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("%s: %s: %w", k.Name, k.called(id), err)
	}
	return ledger.Record{Kind: k.Name, ID: id, Version: h.Version, Event: h.Name, Data: data, Format: k.Format, State: state}, nil
}

// Save appends the version of a contract that an event makes, written by the
// command under way. Not the next version: the book refuses it.
func (k *Kind[C, E]) Save(tx *ledger.Tx, id string, e E, after C) error {
	record, err := k.Record(id, e, after)
	if err == nil {
		_, err = tx.Save(record)
	}
	return err
}

// Event reads the event of a record's version. The error matches Unreadable.
func (k *Kind[C, E]) Event(r *ledger.Record) (e E, err error) {
	if err = k.format(r); err == nil {
		err = k.unreadable(r, json.Unmarshal(r.Data, &e))
	}
	return e, err
}

// State reads the contract as of a record's version. The error matches
// Unreadable.
func (k *Kind[C, E]) State(r *ledger.Record) (c C, err error) {
	if err = k.format(r); err != nil {
		return c, err
	}
	if k.Unmarshal != nil {
		return c, k.unreadable(r, k.Unmarshal(&c, r.State))
	}
	return c, k.unreadable(r, json.Unmarshal(r.State, &c))
}

func (k *Kind[C, E]) format(r *ledger.Record) error {
	if r.Format == k.Format {
		return nil
	}
	refusal := Refuse(k.Unreadable, "format.version", r.ID, "version %d has stored format %d, this release reads %d", r.Version, r.Format, k.Format)
	if k.What != nil {
		refusal.Contract, refusal.What = "", k.What(r.ID)
	}
	return refusal
}

func (k *Kind[C, E]) unreadable(r *ledger.Record, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s, version %d: %w", k.Unreadable, k.called(r.ID), r.Version, err)
}

func (k *Kind[C, E]) marshal(c C) ([]byte, error) {
	if k.Marshal != nil {
		return k.Marshal(c)
	}
	return json.Marshal(c)
}
