package murabahah

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Desk carries out commands on the murabahah contracts of a book. It keeps no
// state of its own and is safe for any number of goroutines.
//
// Every command has a key: repeated with the same content it answers with the
// first result and writes nothing, whatever has happened to the contract or
// the period since; with other content the error matches
// [ledger.ErrKeyConflict]. A command decides by the contract's own rules
// ([*Refusal]) and posts under the book's ([*ledger.Refusal]): an instalment
// from a savings account meets that account's floor, holds and block. A refused
// command has changed nothing.
//
// The methods named with Tx work inside the caller's Update, so that several
// commands, of other packages too, are carried out together or not at all.
// After them the caller's own command, if it began one, goes on. Inside an
// Update of the same book only they may be called: a method without Tx would
// wait for the Update that waits for it.
type Desk struct {
	book     *ledger.Book
	accounts Accounts
}

// NewDesk returns the murabahah desk of a book. Every command asks whether the
// accounts fit their roles, and is refused with [ErrRole] if not.
func NewDesk(book *ledger.Book, accounts Accounts) *Desk { return &Desk{book, accounts} }

// Result is what a command has done: the contract after the event, the event,
// and its entry, zero if it moved no money.
type Result = contract.Result[Contract, Event]

// Order starts a contract: see [Contract.Order]. Nothing is posted.
func (d *Desk) Order(ctx context.Context, o Ordering) (Result, error) {
	return update(ctx, d, o, d.OrderTx)
}

// OrderTx is Order in the caller's transaction.
func (d *Desk) OrderTx(tx *ledger.Tx, o Ordering) (Result, error) {
	content, err := o.content()
	if err != nil {
		return Result{}, contract.In(tx, o.Terms.Contract, err)
	}
	return carryOut(d, tx, request(EventOrder, o.Key, o.Terms.Contract, content), o, Contract.Order)
}

// ReceiveDownPayment takes part of the price before the sale: debit the place,
// credit the down payment. See [Contract.ReceiveDownPayment].
func (d *Desk) ReceiveDownPayment(ctx context.Context, r Receipt) (Result, error) {
	return update(ctx, d, r, d.ReceiveDownPaymentTx)
}

// ReceiveDownPaymentTx is ReceiveDownPayment in the caller's transaction.
func (d *Desk) ReceiveDownPaymentTx(tx *ledger.Tx, r Receipt) (Result, error) {
	return carryOut(d, tx, request(EventDownPayment, r.Key, r.Contract, r.content(EventDownPayment)), r, Contract.ReceiveDownPayment)
}

// Acquire buys the goods: debit the inventory, credit the place. See
// [Contract.Acquire].
func (d *Desk) Acquire(ctx context.Context, a Acquisition) (Result, error) {
	return update(ctx, d, a, d.AcquireTx)
}

// AcquireTx is Acquire in the caller's transaction.
func (d *Desk) AcquireTx(tx *ledger.Tx, a Acquisition) (Result, error) {
	return carryOut(d, tx, request(EventAcquire, a.Key, a.Contract, a.content()), a, Contract.Acquire)
}

// Sell closes the akad: debit the receivable with the price, credit the
// inventory and the deferred margin, and set the down payment against the
// receivable, in one entry. See [Contract.Sell]. The book is asked too: goods
// that it no longer has, whoever took them out, are refused with [ErrNotOwned].
func (d *Desk) Sell(ctx context.Context, s Sale) (Result, error) {
	return update(ctx, d, s, d.SellTx)
}

// SellTx is Sell in the caller's transaction.
func (d *Desk) SellTx(tx *ledger.Tx, s Sale) (Result, error) {
	return carryOut(d, tx, request(EventSell, s.Key, s.Contract, s.content()), s, Contract.Sell)
}

// Pay takes cash for the instalments: debit the place, credit the receivable;
// debit the deferred margin, credit the income with what is earned by it. See
// [Contract.Pay].
func (d *Desk) Pay(ctx context.Context, r Receipt) (Result, error) {
	return update(ctx, d, r, d.PayTx)
}

// PayTx is Pay in the caller's transaction.
func (d *Desk) PayTx(tx *ledger.Tx, r Receipt) (Result, error) {
	return carryOut(d, tx, request(EventPay, r.Key, r.Contract, r.content(EventPay)), r, Contract.Pay)
}

// Settle ends the contract early at the amount that [Desk.Quote] names for the
// day: debit the place and the deferred margin, credit the receivable and the
// income left after the rebate. See [Contract.Settle].
func (d *Desk) Settle(ctx context.Context, s Settlement) (Result, error) {
	return update(ctx, d, s, d.SettleTx)
}

// SettleTx is Settle in the caller's transaction.
func (d *Desk) SettleTx(tx *ledger.Tx, s Settlement) (Result, error) {
	return carryOut(d, tx, request(EventSettle, s.Key, s.Contract, s.content()), s, Contract.Settle)
}

// Penalise takes a penalty for the benevolent fund, of a contract that is sold
// or settled: debit the place, credit the fund. See [Contract.Penalise].
func (d *Desk) Penalise(ctx context.Context, r Receipt) (Result, error) {
	return update(ctx, d, r, d.PenaliseTx)
}

// PenaliseTx is Penalise in the caller's transaction.
func (d *Desk) PenaliseTx(tx *ledger.Tx, r Receipt) (Result, error) {
	return carryOut(d, tx, request(EventPenalty, r.Key, r.Contract, r.content(EventPenalty)), r, Contract.Penalise)
}

// Cancel gives an order up: debit the down payment, credit the place with what
// is returned and the cost recovery with the actual loss. See [Contract.Cancel].
func (d *Desk) Cancel(ctx context.Context, n Cancellation) (Result, error) {
	return update(ctx, d, n, d.CancelTx)
}

// CancelTx is Cancel in the caller's transaction.
func (d *Desk) CancelTx(tx *ledger.Tx, n Cancellation) (Result, error) {
	return carryOut(d, tx, request(EventCancel, n.Key, n.Contract, n.content()), n, Contract.Cancel)
}

// Adopt takes a running contract over: see [Contract.Adopt]. Nothing is
// posted; the opening entry has brought the balances in before, and what
// stands on the contract's subs must be the position that follows from terms
// and progress, else the error matches [ErrOpening].
func (d *Desk) Adopt(ctx context.Context, a Adoption) (Result, error) {
	return update(ctx, d, a, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, a Adoption) (Result, error) {
	content, err := a.content()
	if err != nil {
		return Result{}, contract.In(tx, a.Terms.Contract, err)
	}
	adopt := func(c Contract, a Adoption) (Event, error) {
		e, err := c.Adopt(a)
		if err != nil {
			return Event{}, err
		}
		return e, d.accounts.opening(tx, a.Terms.Contract, a.Date, e.Change)
	}
	return carryOut(d, tx, request(EventAdopt, a.Key, a.Terms.Contract, content), a, adopt)
}

// Do carries out any other command: see the structs that embed an [Act].
func (d *Desk) Do(ctx context.Context, c Command) (Result, error) {
	return update(ctx, d, c, d.DoTx)
}

// DoTx is Do in the caller's transaction.
func (d *Desk) DoTx(tx *ledger.Tx, c Command) (Result, error) {
	a := c.act()
	digest, err := content(c)
	if err != nil {
		return Result{}, contract.In(tx, a.Contract, refuse(ErrCommand, string(c.event())+".form", a.Contract, "%s cannot be stored: %v", c.event(), err))
	}
	return carryOut(d, tx, request(c.event(), a.Key, a.Contract, digest), c, Contract.Decide)
}

// request is what is asked of a contract, whatever the command.
func request(name EventName, key, id string, content ledger.Digest) contract.Request {
	return contract.Request{
		Command: string(name), Key: key, Contract: id, Content: content,
		Begins: name == EventOrder || name == EventAdopt || name == EventStock,
	}
}

// kindOf is a command's kind in the book.
func kindOf(name EventName) string { return kind.Command(string(name)) }

// carryOut does what every command has in common: is the key known? load,
// decide, and write.
func carryOut[C any](d *Desk, tx *ledger.Tx, r contract.Request, command C, decide func(Contract, C) (Event, error)) (Result, error) {
	return kind.Carry(tx, r, func(before Contract) (Result, error) {
		e, err := decide(before, command)
		if err != nil {
			return Result{}, contract.In(tx, r.Contract, err)
		}
		return d.write(tx, r.Contract, before, e, tx.Post)
	})
}

// write posts an event's entry, if it moves money, and saves the contract
// after it. All that can be refused is refused before anything is written.
func (d *Desk) write(tx *ledger.Tx, id string, before Contract, e Event, post contract.Post) (Result, error) {
	after, err := before.Apply(e)
	if err == nil {
		err = d.accounts.fit(tx, &e)
	}
	if err == nil {
		err = d.accounts.takes(tx, e)
	}
	if err == nil && e.Name == EventSell {
		err = d.accounts.own(tx, id, before, e.Date)
	}
	if err == nil && e.Name != EventReverse && e.Change.AllowanceUsed.Sign() > 0 {
		err = d.accounts.absorb(tx, id, e)
	}
	if err != nil {
		return Result{}, contract.In(tx, id, err)
	}
	return kind.Enter(tx, id, Result{Contract: after, Event: e}, Journal(before, e, d.accounts), post)
}

// update runs a command in an Update of its own.
func update[C any](ctx context.Context, d *Desk, command C, do func(*ledger.Tx, C) (Result, error)) (Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Result, error) { return do(tx, command) })
}
