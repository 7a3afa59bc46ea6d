package murabahah

import (
	"encoding/json"
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// ContractIn returns a contract as the book has it; false if there is none.
func ContractIn(tx *ledger.Tx, id string) (Contract, bool, error) {
	var c Contract
	r, found, err := tx.Record(RecordKind, id)
	if err != nil || !found {
		return c, false, err
	}
	err = decode(&r, r.State, &c)
	return c, err == nil, err
}

// unmarshal reads JSON into a value. A contract reads itself: the detour
// through the package would go over the bytes twice.
func unmarshal(data []byte, into any) error {
	if c, isContract := into.(*Contract); isContract {
		return c.UnmarshalJSON(data)
	}
	return json.Unmarshal(data, into)
}

// HistoryIn returns all events of a contract, the first first, reversals
// included; [Standing] leaves out what was undone. The error matches
// [ErrUnknown] if there is no such contract.
func HistoryIn(tx *ledger.Tx, id string) ([]Event, error) {
	history, _, err := historyIn(tx, id)
	return history, err
}

// historyIn returns the events of a contract and the keys of their commands.
func historyIn(tx *ledger.Tx, id string) (history []Event, keys []string, err error) {
	for r, err := range tx.History(RecordKind, id) {
		var e Event
		if err == nil {
			err = decode(&r, r.Data, &e)
		}
		if err != nil {
			return nil, nil, err
		}
		history, keys = append(history, e), append(keys, r.Key)
	}
	if len(history) == 0 {
		return nil, nil, unknown(id)
	}
	return history, keys, nil
}

// Contracts lists the contracts whose id sorts after the given one, by id.
// Contracts whose very order was reversed are left out.
func Contracts(tx *ledger.Tx, after string) iter.Seq2[Contract, error] {
	return func(yield func(Contract, error) bool) {
		for r, err := range tx.Records(RecordKind, after) {
			var c Contract
			if err == nil {
				err = decode(&r, r.State, &c)
			}
			if err == nil && c.State == Unordered {
				continue
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// stored returns the record of an event and the contract after it.
func stored(id string, e Event, after Contract) (ledger.Record, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("murabahah: contract %s: event %s: %w", clip(id), e, err)
	}
	state, err := after.MarshalJSON()
	if err != nil {
		return ledger.Record{}, fmt.Errorf("murabahah: contract %s: %w", clip(id), err)
	}
	return ledger.Record{
		Kind: RecordKind, ID: id, Version: e.Version, Event: string(e.Name), Data: data, Format: Format, State: state,
	}, nil
}

func decode(r *ledger.Record, data []byte, into any) error {
	if r.Format != Format {
		return &Refusal{Kind: ErrFormat, Code: "format.version", Contract: r.ID,
			Reason: fmt.Sprintf("version %d has stored format %d, this release reads %d", r.Version, r.Format, Format)}
	}
	if err := unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: contract %s, version %d: %w", ErrFormat, clip(r.ID), r.Version, err)
	}
	return nil
}

// firstResult returns what a command did when it was first carried out.
func firstResult(tx *ledger.Tx, first ledger.Command) (Result, error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Result{}, err
	}
	result := Result{Repeat: true}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil && ch.Posted.Source.Kind == RecordKind:
			if result.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return Result{}, err
			}
			result.Posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == RecordKind:
			if err := decode(ch.Record, ch.Record.State, &result.Contract); err != nil {
				return Result{}, err
			}
			return result, decode(ch.Record, ch.Record.Data, &result.Event)
		}
	}
	return Result{}, fmt.Errorf("%w: command %q has saved no contract", ledger.ErrCorrupt, clip(first.Key))
}
