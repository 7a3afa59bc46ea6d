package financing

import (
	"context"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Desk carries out commands on the financing contracts of a book. It keeps no
// state of its own and is safe for any number of goroutines.
//
// Every command has a key: repeated with the same content it answers with the
// first result and writes nothing, whatever has happened to the contract or
// the period since; with other content the error matches
// [ledger.ErrKeyConflict]. A command decides by the contract's own rules
// ([*Refusal]) and posts under the book's ([*ledger.Refusal]): a profit share
// taken from a savings account meets that account's floor, holds and block. A
// refused command has changed nothing.
//
// The methods named with Tx work inside the caller's Update, so that several
// commands, of other packages too, are carried out together or not at all.
//
// The other methods begin an Update of their own: called inside an Update of
// the same book they wait for that to end, which waits for them.
type Desk struct {
	book     *ledger.Book
	accounts Accounts
	policies Policies
}

// NewDesk returns the financing desk of a book. Every command asks whether the
// accounts fit their roles, and is refused with [ErrRole] if not.
func NewDesk(book *ledger.Book, accounts Accounts, policies Policies) *Desk {
	return &Desk{book, accounts, policies}
}

// Result is what a command has done: the contract after the event, the event,
// and its entry, zero if it moved no money.
type Result = contract.Result[Contract, Event]

// Commit starts a contract: see [Contract.Commit].
func (d *Desk) Commit(ctx context.Context, m Commitment) (Result, error) {
	return update(ctx, d, m, d.CommitTx)
}

// CommitTx is Commit in the caller's transaction.
func (d *Desk) CommitTx(tx *ledger.Tx, m Commitment) (Result, error) {
	m.Contract = m.Terms.Contract
	return carryOut(d, tx, EventCommit, m, Contract.Commit)
}

// Disburse hands a tranche over in money: see [Contract.Disburse].
func (d *Desk) Disburse(ctx context.Context, m Disbursement) (Result, error) {
	return update(ctx, d, m, d.DisburseTx)
}

// DisburseTx is Disburse in the caller's transaction.
func (d *Desk) DisburseTx(tx *ledger.Tx, m Disbursement) (Result, error) {
	return carryOut(d, tx, EventDisburse, m, Contract.Disburse)
}

// HandOver hands a tranche over in kind: see [Contract.HandOver].
func (d *Desk) HandOver(ctx context.Context, h Handover) (Result, error) {
	return update(ctx, d, h, d.HandOverTx)
}

// HandOverTx is HandOver in the caller's transaction.
func (d *Desk) HandOverTx(tx *ledger.Tx, h Handover) (Result, error) {
	return carryOut(d, tx, EventHandOver, h, func(c Contract, h Handover) (Event, error) { return c.HandOver(h, d.policies) })
}

// Release gives up what is not drawn: see [Contract.Release].
func (d *Desk) Release(ctx context.Context, s Slip) (Result, error) {
	return update(ctx, d, s, d.ReleaseTx)
}

// ReleaseTx is Release in the caller's transaction.
func (d *Desk) ReleaseTx(tx *ledger.Tx, s Slip) (Result, error) {
	return carryOut(d, tx, EventRelease, s, Contract.Release)
}

// Agree changes the nisbah: see [Contract.Agree].
func (d *Desk) Agree(ctx context.Context, a Agreement) (Result, error) {
	return update(ctx, d, a, d.AgreeTx)
}

// AgreeTx is Agree in the caller's transaction.
func (d *Desk) AgreeTx(tx *ledger.Tx, a Agreement) (Result, error) {
	return carryOut(d, tx, EventAgree, a, Contract.Agree)
}

// Start says that the business has begun: see [Contract.Start].
func (d *Desk) Start(ctx context.Context, s Slip) (Result, error) {
	return update(ctx, d, s, d.StartTx)
}

// StartTx is Start in the caller's transaction.
func (d *Desk) StartTx(tx *ledger.Tx, s Slip) (Result, error) {
	return carryOut(d, tx, EventStart, s, Contract.Start)
}

// Report divides the result of a period: see [Contract.Report].
func (d *Desk) Report(ctx context.Context, r Report) (Result, error) {
	return update(ctx, d, r, d.ReportTx)
}

// ReportTx is Report in the caller's transaction.
func (d *Desk) ReportTx(tx *ledger.Tx, r Report) (Result, error) {
	return carryOut(d, tx, EventReport, r, func(c Contract, r Report) (Event, error) { return c.Report(r, d.policies) })
}

// Settle sets losses against provisional shares: see [Contract.Settle].
func (d *Desk) Settle(ctx context.Context, s Settlement) (Result, error) {
	return update(ctx, d, s, d.SettleTx)
}

// SettleTx is Settle in the caller's transaction.
func (d *Desk) SettleTx(tx *ledger.Tx, s Settlement) (Result, error) {
	return carryOut(d, tx, EventSettle, s, Contract.Settle)
}

// Collect takes cash on a claim: see [Contract.Collect].
func (d *Desk) Collect(ctx context.Context, m Collection) (Result, error) {
	return update(ctx, d, m, d.CollectTx)
}

// CollectTx is Collect in the caller's transaction.
func (d *Desk) CollectTx(tx *ledger.Tx, m Collection) (Result, error) {
	return carryOut(d, tx, EventCollect, m, Contract.Collect)
}

// Repay takes an instalment of the capital: see [Contract.Repay].
func (d *Desk) Repay(ctx context.Context, r Repayment) (Result, error) {
	return update(ctx, d, r, d.RepayTx)
}

// RepayTx is Repay in the caller's transaction.
func (d *Desk) RepayTx(tx *ledger.Tx, r Repayment) (Result, error) {
	return carryOut(d, tx, EventRepay, r, Contract.Repay)
}

// BuyBack sells a share to the partner: see [Contract.BuyBack].
func (d *Desk) BuyBack(ctx context.Context, b BuyBack) (Result, error) {
	return update(ctx, d, b, d.BuyBackTx)
}

// BuyBackTx is BuyBack in the caller's transaction.
func (d *Desk) BuyBackTx(tx *ledger.Tx, b BuyBack) (Result, error) {
	return carryOut(d, tx, EventBuyBack, b, Contract.BuyBack)
}

// Amortise turns deferred gain into income: see [Contract.Amortise].
func (d *Desk) Amortise(ctx context.Context, s Slip) (Result, error) {
	return update(ctx, d, s, d.AmortiseTx)
}

// AmortiseTx is Amortise in the caller's transaction.
func (d *Desk) AmortiseTx(tx *ledger.Tx, s Slip) (Result, error) {
	return carryOut(d, tx, EventAmortise, s, Contract.Amortise)
}

// Depreciate takes wear of goods off a musyarakah: see [Contract.Depreciate].
func (d *Desk) Depreciate(ctx context.Context, w Wear) (Result, error) {
	return update(ctx, d, w, d.DepreciateTx)
}

// DepreciateTx is Depreciate in the caller's transaction.
func (d *Desk) DepreciateTx(tx *ledger.Tx, w Wear) (Result, error) {
	return carryOut(d, tx, EventWear, w, Contract.Depreciate)
}

// Lose records a loss without fault: see [Contract.Lose].
func (d *Desk) Lose(ctx context.Context, l Loss) (Result, error) {
	return update(ctx, d, l, d.LoseTx)
}

// LoseTx is Lose in the caller's transaction.
func (d *Desk) LoseTx(tx *ledger.Tx, l Loss) (Result, error) {
	return carryOut(d, tx, EventLose, l, Contract.Lose)
}

// Blame charges the manager with a loss: see [Contract.Blame].
func (d *Desk) Blame(ctx context.Context, f Fault) (Result, error) {
	return update(ctx, d, f, d.BlameTx)
}

// BlameTx is Blame in the caller's transaction.
func (d *Desk) BlameTx(tx *ledger.Tx, f Fault) (Result, error) {
	return carryOut(d, tx, EventFault, f, Contract.Blame)
}

// End closes the partnership: see [Contract.End].
func (d *Desk) End(ctx context.Context, n Ending) (Result, error) {
	return update(ctx, d, n, d.EndTx)
}

// EndTx is End in the caller's transaction.
func (d *Desk) EndTx(tx *ledger.Tx, n Ending) (Result, error) {
	return carryOut(d, tx, EventEnd, n, Contract.End)
}

// WriteOff gives up what is due: see [Contract.WriteOff].
func (d *Desk) WriteOff(ctx context.Context, w WriteOff) (Result, error) {
	return update(ctx, d, w, d.WriteOffTx)
}

// WriteOffTx is WriteOff in the caller's transaction.
func (d *Desk) WriteOffTx(tx *ledger.Tx, w WriteOff) (Result, error) {
	return carryOut(d, tx, EventWriteOff, w, Contract.WriteOff)
}

// Adopt takes a running contract over: see [Contract.Adopt]. Nothing is posted;
// the opening entry has brought the balances in before, and what stands on the
// contract's subs must be the position stated, else the error matches
// [ErrOpening].
func (d *Desk) Adopt(ctx context.Context, a Adoption) (Result, error) {
	return update(ctx, d, a, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, a Adoption) (Result, error) {
	a.Contract = a.Terms.Contract
	return carryOut(d, tx, EventAdopt, a, func(c Contract, a Adoption) (Event, error) {
		e, err := c.Adopt(a)
		if err != nil {
			return Event{}, err
		}
		return e, d.accounts.opening(tx, a.Contract, a.Date, a.Terms.Form, e.Change)
	})
}

// slipped is what every command is: a slip and more.
type slipped interface{ slip() Slip }

// content digests everything that was asked for, the key apart. A key that
// comes again is a repeat only if the content is the same.
func content(name EventName, command any) (ledger.Digest, error) {
	asked, err := kind.Content(string(name), command)
	var r *Refusal
	if err != nil && !errors.As(err, &r) {
		err = fmt.Errorf("%w: %s: %w", ErrCommand, name, err)
	}
	return asked, err
}

func request(name EventName, s Slip, content ledger.Digest) contract.Request {
	return contract.Request{
		Command: string(name), Key: s.Key, Contract: s.Contract, Content: content, Begins: name == EventCommit || name == EventAdopt,
	}
}

// carryOut does what every command has in common: is the key known? load,
// decide, and write.
func carryOut[C slipped](d *Desk, tx *ledger.Tx, name EventName, command C, decide func(Contract, C) (Event, error)) (Result, error) {
	s := command.slip()
	asked, err := content(name, command)
	if err != nil { // what cannot be written down is refused by the contract's own rules
		err = kind.Ruled(tx, s.Contract, func(c Contract) (Event, error) { return decide(c, command) }, err)
		return Result{}, contract.In(tx, s.Contract, err)
	}
	return kind.Carry(tx, request(name, s, asked), func(before Contract) (Result, error) {
		e, err := decide(before, command)
		if err != nil {
			return Result{}, contract.In(tx, s.Contract, err)
		}
		return d.write(tx, s.Contract, before, e, tx.Post)
	})
}

// write posts an event's entry, if it moves money, and saves the contract
// after it. All that can be refused is refused before anything is written.
func (d *Desk) write(tx *ledger.Tx, id string, before Contract, e Event, post contract.Post) (Result, error) {
	after, err := before.Apply(e)
	if err == nil {
		err = d.accounts.fit(tx)
	}
	if err == nil {
		err = d.accounts.takes(tx, after.Terms.Form, e)
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
