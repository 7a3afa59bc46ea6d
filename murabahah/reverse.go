package murabahah

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Reverse undoes the latest event that still stands: contract and books step
// back together. The entry is the exact mirror, linked with the original; it
// obeys periods, floors and holds like any entry. An earlier event is refused
// with [ErrNotLatest], the later ones named. Repeated with new keys it undoes
// one event after the other, back to before the order. An adoption has no
// entry: who reverses it reverses the opening entry too.
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Result, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Result, error) {
	return ledger.Atomic(tx, func() (Result, error) { return d.reverse(tx, r) })
}

func (d *Desk) reverse(tx *ledger.Tx, r Reversal) (Result, error) {
	asked := request{EventReverse, r.Key, r.Contract, r.content()}
	first, repeated, err := tx.Repeat(asked.command())
	if err != nil {
		return Result{}, err
	}
	if repeated {
		return firstResult(tx, first)
	}
	history, keys, err := historyIn(tx, r.Contract)
	if err != nil {
		return Result{}, err
	}
	e, err := Reverse(history, r)
	if err != nil {
		return Result{}, in(tx, r.Contract, err)
	}
	before, err := Replay(history)
	if err != nil {
		return Result{}, in(tx, r.Contract, err)
	}
	return d.write(tx, r.Contract, before, e, d.mirror(tx, r.Contract, keys[e.Undoes-1], history[e.Undoes-1]))
}

// mirror returns what posts the mirror of an event's entry. Key is that of the
// command that posted it.
func (d *Desk) mirror(tx *ledger.Tx, id, key string, undone Event) func(ledger.Entry) (ledger.Posted, error) {
	return func(entry ledger.Entry) (ledger.Posted, error) {
		original, err := entryOf(tx, key, source(id, undone))
		if err != nil {
			return ledger.Posted{}, err
		}
		return tx.Reverse(ledger.Reversal{
			Entry: original, Date: entry.Date, Reason: entry.Memo, Source: entry.Source,
			Document: entry.Document, Maker: entry.Maker, Approver: entry.Approver,
		})
	}
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
