package channelling

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
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

// Result is what a command has done: the contract after the event, the event,
// and its entry, zero if it moved no money.
type Result = contract.Result[Contract, Event]

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
	asked, err := requestOf(EventReverse, r.Slip, r)
	if err != nil {
		return Result{}, err
	}
	decide := func(history []Event) (Event, error) { return Reverse(history, r) }
	result, err := kind.Reverse(tx, asked, decide, func(before Contract, e Event, mirror contract.Post) (Result, error) {
		return d.write(tx, r.Contract, before, e, mirror)
	})
	return result, contract.In(tx, "", err)
}

// requestOf is what a command asks for, written down.
func requestOf(name EventName, s Slip, command any) (contract.Request, error) {
	content, err := kind.Content(string(name), command)
	if err != nil {
		return contract.Request{}, fmt.Errorf("%w: %s: %w", ErrCommand, name, err)
	}
	return contract.Request{
		Command: string(name), Key: s.Key, Contract: s.Contract, Content: content, Begins: name == EventAgree || name == EventAdopt,
	}, nil
}

func carryOut[C interface{ slip() Slip }](d *Desk, tx *ledger.Tx, name EventName, command C, decide func(Contract, C) (Event, error)) (Result, error) {
	asked, err := requestOf(name, command.slip(), command)
	if err != nil {
		return Result{}, err
	}
	result, err := kind.Carry(tx, asked, func(before Contract) (Result, error) {
		e, err := decide(before, command)
		if err != nil {
			return Result{}, err
		}
		return d.write(tx, asked.Contract, before, e, tx.Post)
	})
	return result, contract.In(tx, "", err)
}

// write posts an event's entry and saves the contract after it. What an adoption
// states is compared with the opening balances by the book, as it is saved.
func (d *Desk) write(tx *ledger.Tx, id string, before Contract, e Event, post contract.Post) (Result, error) {
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
	result := Result{Contract: after, Event: e}
	if e.Name != EventAdopt {
		return kind.Enter(tx, id, result, Journal(before, e, d.accounts), post)
	}
	record, err := kind.Record(id, e, after)
	if err != nil {
		return Result{}, err
	}
	_, err = tx.Adopt(ledger.Adoption{Record: record, Day: e.Date, Claims: []ledger.Claim{
		{Account: d.accounts.Held, Sub: id, Balance: e.Change.Held.Neg()}, {Account: d.accounts.Placed, Sub: id, Balance: e.Change.Placed},
	}})
	return result, err
}

func update[C any](ctx context.Context, d *Desk, command C, do func(*ledger.Tx, C) (Result, error)) (Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Result, error) { return do(tx, command) })
}
