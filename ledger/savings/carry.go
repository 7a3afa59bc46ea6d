package savings

import (
	"context"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// opened is an account with what decisions about it need.
type opened struct {
	desk    *Desk
	account Account
	version int
	basis   Basis
}

func (d *Desk) loadAccount(tx *ledger.Tx, id string) (*opened, error) {
	o := &opened{desk: d}
	var err error
	if o.account, o.version, err = load[Account](tx, KindAccount, id); err != nil {
		return nil, err
	}
	if o.version == 0 {
		return nil, &Refusal{Kind: ErrUnknown, Code: "account.unknown", Account: id, Reason: "there is no such savings account"}
	}
	return o, o.loadMember(tx)
}

func (o *opened) loadMember(tx *ledger.Tx) error {
	var found bool
	var err error
	if o.basis.Member, found, err = MemberIn(tx, o.account.Member); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: account %s has member %s, who is missing", ledger.ErrCorrupt, clip(o.account.ID), clip(o.account.Member))
	}
	return nil
}

// loadTerms loads the terms of the account's product on a day. An invalid day
// has none; the decision refuses it.
func (o *opened) loadTerms(tx *ledger.Tx, day ledger.Date) error {
	p, found, err := o.desk.product(tx, o.account.Product)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: account %s has product %s, which is missing", ledger.ErrCorrupt, clip(o.account.ID), clip(o.account.Product))
	}
	o.basis.Akad = p.Akad
	o.basis.Terms, _ = p.On(day)
	if o.basis.CallAccount = p.callAccount(); o.basis.CallAccount == "" {
		return nil
	}
	o.basis.Called, err = tx.Balance(o.basis.CallAccount, o.account.ID, ledger.Latest())
	return err
}

// closable returns the balance of an account that may be closed on a day, on
// the member's side; despite lets the desk's own block pass.
func (o *opened) closable(tx *ledger.Tx, day ledger.Date, despite bool) (ledger.Money, error) {
	if err := o.account.moves(day, o.basis.Member); err != nil {
		return ledger.Money{}, in(tx, err)
	}
	return o.emptied(tx, o.account.stands(), day, despite)
}

// stands returns where the account's money stands: on its own sub or, since a
// term matured, on the one where it waits; the zero Place for nowhere.
func (a Account) stands() Place {
	switch {
	case a.Status != Closed:
		return Place{Account: a.Control, Sub: a.ID}
	case a.Term != nil:
		return a.Term.Uncollected
	}
	return Place{}
}

// emptied returns the balance of a place that may be emptied on a day, on the
// member's side; despite lets the desk's own block pass.
func (o *opened) emptied(tx *ledger.Tx, place Place, day ledger.Date, despite bool) (ledger.Money, error) {
	sub, _, err := tx.Sub(place.Account, place.Sub)
	if err != nil {
		return ledger.Money{}, err
	}
	holds, err := tx.Holds(place.Account, place.Sub)
	if err != nil {
		return ledger.Money{}, err
	}
	switch {
	case sub.LastDay.After(day):
		return ledger.Money{}, o.account.refuseOn(ErrDate, "close.moved_later", sub.LastDay, fmt.Sprintf("cannot be closed on %s: it moved on %s", day, sub.LastDay))
	case sub.Block != ledger.NoBlock && (!despite || sub.Block != o.account.Blocked.Block):
		return ledger.Money{}, o.account.refuse(ErrState, "close.blocked", fmt.Sprintf("has a %s block", sub.Block))
	}
	for _, h := range holds {
		if h.Until.IsZero() || !h.Until.Before(day) {
			return ledger.Money{}, in(tx, &Refusal{Kind: ErrState, Code: "close.held", Account: o.account.ID, Date: day, Limit: h.Left,
				Reason: fmt.Sprintf("%s is held under %q", tx.Currency().Format(h.Left), clip(h.Key))})
		}
	}
	return ledger.CreditSide.Natural(sub.Last), nil
}

// spendable returns what may leave an account on a day: its balance less what
// is held and less the minimum, or only less what is held. It is never
// negative.
func (o *opened) spendable(tx *ledger.Tx, day ledger.Date, belowMinimum bool) (ledger.Money, error) {
	free, err := tx.Available(o.account.Control, o.account.ID, day)
	if err != nil {
		return ledger.Money{}, err
	}
	if belowMinimum {
		sub, _, err := tx.Sub(o.account.Control, o.account.ID)
		if err != nil {
			return ledger.Money{}, err
		}
		if sub.Floor.HasSoft && sub.Floor.Hard.Less(sub.Floor.Soft) {
			free = free.Add(sub.Floor.Soft).Sub(sub.Floor.Hard)
		}
	}
	return free.Max(ledger.Money{}), nil
}

// voucher is what a caller says about an entry.
type voucher struct{ Memo, Document, Maker, Approver string }

// carryOut posts an event's entry and saves the accounts that it changed. The
// entry comes before every other write of a command, so that a refusal leaves
// the transaction as it was. An entry whose event changes a record names that
// as its source: the desk alone takes it back then, with the record.
func carryOut(tx *ledger.Tx, e Event, v voucher, accounts ...*opened) (Receipt, error) {
	posted, err := post(tx, e, v, accounts...)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Posted: posted}, keep(tx, e, accounts...)
}

// post posts an event's entry, if it moves money; the first account is the
// event's own.
func post(tx *ledger.Tx, e Event, v voucher, accounts ...*opened) (ledger.Posted, error) {
	if !e.Moves() {
		return ledger.Posted{}, nil
	}
	entry := Journal(accounts[0].account, e)
	entry.Memo, entry.Document, entry.Maker, entry.Approver = v.Memo, v.Document, v.Maker, v.Approver
	for _, o := range accounts {
		if next := o.account.Apply(e); e.keeps(o.account, next) {
			entry.Source = ledger.Source{Kind: KindAccount, ID: o.account.ID, Version: o.version + 1, Event: string(e.Name)}
			break
		}
	}
	posted, err := tx.Post(entry)
	if err != nil {
		return ledger.Posted{}, explain(tx, e, err)
	}
	return posted, nil
}

// keep saves the accounts that an event changed.
func keep(tx *ledger.Tx, e Event, accounts ...*opened) error {
	for _, o := range accounts {
		next := o.account.Apply(e)
		if !e.keeps(o.account, next) {
			continue
		}
		if err := save(tx, KindAccount, next.ID, o.version, string(e.Name), e, next); err != nil {
			return err
		}
	}
	return nil
}

// explain says in the words of savings that the balance does not suffice.
func explain(tx *ledger.Tx, e Event, err error) error {
	var r *ledger.Refusal
	if !errors.As(err, &r) || !errors.Is(err, ledger.ErrFloor) || r.Sub != e.Account {
		return err
	}
	code, reason := "withdraw.min_balance", "the balance does not suffice"
	if r.Code == ledger.CodeHeld {
		code, reason = "withdraw.held", "the balance does not suffice with what is held"
	}
	return &Refusal{Kind: ErrMinBalance, Code: code, Account: e.Account, Member: e.Party.Member, Date: r.Date, Reason: reason,
		Given: e.Amount, Limit: r.Limit, Balance: r.Balance.Add(e.Amount), cause: r, currency: tx.Currency()}
}

// command is a command with its whole content as JSON.
func command(key, kind string, content any) ledger.Command {
	return ledger.Command{Key: key, Kind: kind, Content: contentOf(kind, content)}
}

// repeat begins a command that moves money, or returns its first result.
func repeat(tx *ledger.Tx, c ledger.Command) (receipt Receipt, done bool, err error) {
	first, repeated, err := tx.Repeat(c)
	if err != nil || !repeated {
		return Receipt{}, false, err
	}
	receipt.Repeat = true
	receipt.Posted, err = posted(tx, first)
	return receipt, true, err
}

func memo(given, verb, account string) string {
	if given != "" {
		return given
	}
	return verb + " " + account
}

// update runs a command in an Update of its own.
func update[C, R any](ctx context.Context, d *Desk, command C, do func(*ledger.Tx, C) (R, error)) (R, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (R, error) { return do(tx, command) })
}

// atomic runs a command as one step of the caller's transaction.
func atomic[C, R any](tx *ledger.Tx, command C, do func(*ledger.Tx, C) (R, error)) (R, error) {
	return ledger.Atomic(tx, func() (R, error) { return do(tx, command) })
}
