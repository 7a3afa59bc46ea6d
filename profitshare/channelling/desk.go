package channelling

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// Desk carries out commands on the restricted investments of a book. It keeps no
// state and is safe for any number of goroutines. Every command has a key:
// repeated with the same content it answers with the first result and writes
// nothing; with other content the error matches [ledger.ErrKeyConflict]. A
// refused command has changed nothing.
//
// The methods named with Tx work inside the caller's Update; the others begin
// one, and so are not called inside an Update of the same book.
type Desk struct {
	book     *ledger.Book
	accounts Accounts
}

// NewDesk returns the desk of a book.
func NewDesk(book *ledger.Book, accounts Accounts) *Desk { return &Desk{book, accounts} }

// Result is what a command has done.
type Result struct {
	Contract Contract      // after the event
	Event    Event         // with every amount that was decided
	Posted   ledger.Posted // zero if it moved no money
	Repeat   bool          // the command had been carried out before; this is its first result
}

// Agree begins a contract: see [Contract.Agree].
func (d *Desk) Agree(ctx context.Context, a Agreement) (Result, error) {
	return update(ctx, d, a, d.AgreeTx)
}

// AgreeTx is Agree in the caller's transaction.
func (d *Desk) AgreeTx(tx *ledger.Tx, a Agreement) (Result, error) {
	a.Contract = a.Terms.Contract
	return carryOut(d, tx, EventAgree, a, Contract.Agree)
}

// Receive takes money from the investor: see [Contract.Receive].
func (d *Desk) Receive(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.ReceiveTx)
}

// ReceiveTx is Receive in the caller's transaction.
func (d *Desk) ReceiveTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventReceive, m, Contract.Receive)
}

// PlaceWith passes money on to the business: see [Contract.PlaceWith].
func (d *Desk) PlaceWith(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.PlaceWithTx)
}

// PlaceWithTx is PlaceWith in the caller's transaction.
func (d *Desk) PlaceWithTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventPlace, m, Contract.PlaceWith)
}

// Report shares an actual result: see [Contract.Report].
func (d *Desk) Report(ctx context.Context, r Report) (Result, error) {
	return update(ctx, d, r, d.ReportTx)
}

// ReportTx is Report in the caller's transaction.
func (d *Desk) ReportTx(tx *ledger.Tx, r Report) (Result, error) {
	return carryOut(d, tx, EventReport, r, Contract.Report)
}

// Collect takes the investor's share from the business: see [Contract.Collect].
func (d *Desk) Collect(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.CollectTx)
}

// CollectTx is Collect in the caller's transaction.
func (d *Desk) CollectTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventCollect, m, Contract.Collect)
}

// Return takes capital back from the business: see [Contract.Return].
func (d *Desk) Return(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.ReturnTx)
}

// ReturnTx is Return in the caller's transaction.
func (d *Desk) ReturnTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventReturn, m, Contract.Return)
}

// Lose records capital that was lost: see [Contract.Lose].
func (d *Desk) Lose(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.LoseTx)
}

// LoseTx is Lose in the caller's transaction.
func (d *Desk) LoseTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventLose, m, Contract.Lose)
}

// Compensate makes a loss by the agent's fault good: see [Contract.Compensate].
func (d *Desk) Compensate(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.CompensateTx)
}

// CompensateTx is Compensate in the caller's transaction.
func (d *Desk) CompensateTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventCompensate, m, Contract.Compensate)
}

// Charge takes the fee: see [Contract.Charge].
func (d *Desk) Charge(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.ChargeTx)
}

// ChargeTx is Charge in the caller's transaction.
func (d *Desk) ChargeTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventCharge, m, Contract.Charge)
}

// PayOut pays the investor: see [Contract.PayOut].
func (d *Desk) PayOut(ctx context.Context, m Movement) (Result, error) {
	return update(ctx, d, m, d.PayOutTx)
}

// PayOutTx is PayOut in the caller's transaction.
func (d *Desk) PayOutTx(tx *ledger.Tx, m Movement) (Result, error) {
	return carryOut(d, tx, EventPayOut, m, Contract.PayOut)
}

// Close ends a contract: see [Contract.Close].
func (d *Desk) Close(ctx context.Context, s Slip) (Result, error) {
	return update(ctx, d, s, d.CloseTx)
}

// CloseTx is Close in the caller's transaction.
func (d *Desk) CloseTx(tx *ledger.Tx, s Slip) (Result, error) {
	return carryOut(d, tx, EventClose, s, Contract.Close)
}

// Adopt takes a running contract over: see [Contract.Adopt]. What stands on its
// subs must be what is stated, else the error matches [ledger.ErrAdoption].
func (d *Desk) Adopt(ctx context.Context, a Adoption) (Result, error) {
	return update(ctx, d, a, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, a Adoption) (Result, error) {
	a.Contract = a.Terms.Contract
	return carryOut(d, tx, EventAdopt, a, Contract.Adopt)
}

// Reverse undoes the latest event of a contract that stands, by the mirror of
// its entry.
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Result, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Result, error) {
	return carryOut(d, tx, EventReverse, r, func(c Contract, r Reversal) (Event, error) {
		history, err := HistoryIn(tx, r.Contract)
		if err != nil {
			return Event{}, err
		}
		return Reverse(history, r)
	})
}

func carryOut[C interface{ slip() Slip }](d *Desk, tx *ledger.Tx, name EventName, command C, decide func(Contract, C) (Event, error)) (Result, error) {
	result, err := ledger.Atomic(tx, func() (Result, error) {
		s := command.slip()
		asked, err := contentOf(name, command)
		if err != nil {
			return Result{}, err
		}
		first, repeated, err := tx.Repeat(ledger.Command{Key: s.Key, Kind: kindOf(name), Content: asked})
		if err != nil {
			return Result{}, err
		}
		if repeated {
			return firstResult(tx, first)
		}
		contract, found, err := ContractIn(tx, s.Contract)
		if err != nil {
			return Result{}, err
		}
		if !found && name != EventAgree && name != EventAdopt {
			return Result{}, refuse(ErrUnknown, s.Contract, "there is none of that id")
		}
		e, err := decide(contract, command)
		if err != nil {
			return Result{}, err
		}
		return d.write(tx, s.Contract, contract, e)
	})
	var refusal *Refusal
	if errors.As(err, &refusal) {
		err = refusal.In(tx.Currency())
	}
	return result, err
}

// write posts an event's entry and saves the contract after it.
func (d *Desk) write(tx *ledger.Tx, id string, before Contract, e Event) (Result, error) {
	after, err := before.Apply(e)
	if err == nil {
		err = d.accounts.fit(tx)
	}
	if err == nil {
		err = d.accounts.takes(tx, e)
	}
	if err != nil {
		return Result{}, err
	}
	data, err := json.Marshal(e)
	if err != nil {
		return Result{}, fmt.Errorf("channelling: contract %s: %w", clip(id), err)
	}
	state, err := json.Marshal(after)
	if err != nil {
		return Result{}, fmt.Errorf("channelling: contract %s: %w", clip(id), err)
	}
	record := ledger.Record{Kind: RecordKind, ID: id, Version: e.Version, Event: string(e.Name), Data: data, Format: format, State: state}
	result := Result{Contract: after, Event: e}
	if e.Name == EventAdopt {
		_, err := tx.Adopt(ledger.Adoption{Record: record, Day: e.Date, Claims: []ledger.Claim{
			{Account: d.accounts.Held, Sub: id, Balance: e.Change.Held.Neg()}, {Account: d.accounts.Placed, Sub: id, Balance: e.Change.Placed},
		}})
		return result, err
	}
	if entry := Journal(before, e, d.accounts); len(entry.Lines) > 0 {
		if result.Posted, err = d.post(tx, id, e, entry); err != nil {
			return Result{}, err
		}
	}
	_, err = tx.Save(record)
	return result, err
}

// post posts an event's entry, of a reversal the mirror of what it undoes.
func (d *Desk) post(tx *ledger.Tx, id string, e Event, entry ledger.Entry) (ledger.Posted, error) {
	if e.Name != EventReverse {
		return tx.Post(entry)
	}
	for r, err := range tx.History(RecordKind, id) {
		if err != nil {
			return ledger.Posted{}, err
		}
		if r.Version != e.Undoes {
			continue
		}
		command, _, err := tx.Command(r.Key)
		if err != nil {
			return ledger.Posted{}, err
		}
		changes, err := tx.ChangesOf(command)
		if err != nil {
			return ledger.Posted{}, err
		}
		for _, ch := range changes {
			if ch.Posted != nil && ch.Posted.Source == (ledger.Source{Kind: RecordKind, ID: id, Version: r.Version, Event: r.Event}) {
				return tx.Reverse(ledger.Reversal{Entry: ch.Posted.Number, Date: e.Date, Reason: entry.Memo, Source: entry.Source,
					Document: e.Document, Maker: e.Maker, Approver: e.Approver})
			}
		}
	}
	return ledger.Posted{}, fmt.Errorf("%w: event #%d of contract %s has no entry", ledger.ErrCorrupt, e.Undoes, clip(id))
}

func kindOf(name EventName) string { return RecordKind + "." + string(name) }

// format is the version of the stored form of contracts and events.
const format = 1

func decode(r *ledger.Record, data []byte, into any) error {
	if r.Format != format {
		return refuse(ErrFormat, r.ID, "version %d has stored format %d, this release reads %d", r.Version, r.Format, format)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: contract %s, version %d: %w", ErrFormat, clip(r.ID), r.Version, err)
	}
	return nil
}

// ContractIn returns a contract as the book has it; false if there is none.
func ContractIn(tx *ledger.Tx, id string) (c Contract, found bool, err error) {
	r, found, err := tx.Record(RecordKind, id)
	if err == nil && found {
		err = decode(&r, r.State, &c)
	}
	return c, found, err
}

// HistoryIn returns all events of a contract, reversals included; none if there
// is no such contract.
func HistoryIn(tx *ledger.Tx, id string) (history []Event, err error) {
	for r, err := range tx.History(RecordKind, id) {
		var e Event
		if err == nil {
			err = decode(&r, r.Data, &e)
		}
		if err != nil {
			return nil, err
		}
		history = append(history, e)
	}
	return history, nil
}

// Contracts lists the contracts whose id sorts after the given one, by id: the
// register. Those whose agreement was reversed are left out.
func Contracts(tx *ledger.Tx, after string) iter.Seq2[Contract, error] {
	return func(yield func(Contract, error) bool) {
		for r, err := range tx.Records(RecordKind, after) {
			var c Contract
			if err == nil {
				err = decode(&r, r.State, &c)
			}
			if err == nil && c.State == Unagreed {
				continue
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func firstResult(tx *ledger.Tx, first ledger.Command) (Result, error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Result{}, err
	}
	result := Result{Repeat: true}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil:
			if result.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return Result{}, err
			}
			result.Posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == RecordKind:
			return result, errors.Join(decode(ch.Record, ch.Record.State, &result.Contract), decode(ch.Record, ch.Record.Data, &result.Event))
		}
	}
	return Result{}, fmt.Errorf("%w: command %q has saved no contract", ledger.ErrCorrupt, clip(first.Key))
}

func update[C any](ctx context.Context, d *Desk, command C, do func(*ledger.Tx, C) (Result, error)) (Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Result, error) { return do(tx, command) })
}
