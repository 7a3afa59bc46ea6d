package savings

import (
	"context"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// opened is an account with what decisions about it need.
type opened struct {
	account Account
	version int
	basis   Basis
}

// closable returns the balance of an account that may be closed on a day, on
// the member's side.
func (o *opened) closable(tx *ledger.Tx, day ledger.Date) (ledger.Money, error) {
	if err := o.account.moves(day, o.basis.Member); err != nil {
		return ledger.Money{}, in(tx, err)
	}
	sub, _, err := tx.Sub(o.account.Control, o.account.ID)
	if err != nil {
		return ledger.Money{}, err
	}
	holds, err := tx.Holds(o.account.Control, o.account.ID)
	if err != nil {
		return ledger.Money{}, err
	}
	switch {
	case sub.LastDay.After(day):
		return ledger.Money{}, o.account.refuseOn(ErrDate, "close.moved_later", sub.LastDay, fmt.Sprintf("cannot be closed on %s: it moved on %s", day, sub.LastDay))
	case sub.Block != ledger.NoBlock:
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

// loadTerms loads the terms of the account's product on a day. An invalid day
// has none; the decision refuses it.
func (o *opened) loadTerms(tx *ledger.Tx, day ledger.Date) error {
	p, found, err := ProductIn(tx, o.account.Product)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: account %s has product %s, which is missing", ledger.ErrCorrupt, clip(o.account.ID), clip(o.account.Product))
	}
	o.basis.Terms, _ = p.On(day)
	return nil
}

func loadAccount(tx *ledger.Tx, id string) (*opened, error) {
	o := &opened{}
	var err error
	if o.account, o.version, err = load[Account](tx, KindAccount, id); err != nil {
		return nil, err
	}
	if o.version == 0 {
		return nil, &Refusal{Kind: ErrUnknown, Code: "account.unknown", Account: id, Reason: "there is no such savings account"}
	}
	var found bool
	if o.basis.Member, found, err = MemberIn(tx, o.account.Member); err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("%w: account %s has member %s, who is missing", ledger.ErrCorrupt, clip(id), clip(o.account.Member))
	}
	return o, nil
}

func loadTerms(tx *ledger.Tx, account, code, number string) (Product, Member, error) {
	p, found, err := ProductIn(tx, code)
	if err != nil {
		return Product{}, Member{}, err
	}
	if !found {
		return Product{}, Member{}, &Refusal{Kind: ErrUnknown, Code: "product.unknown", Account: account, Product: code, Reason: "there is no such product"}
	}
	m, found, err := MemberIn(tx, number)
	if err != nil {
		return Product{}, Member{}, err
	}
	if !found {
		return Product{}, Member{}, &Refusal{Kind: ErrUnknown, Code: "member.unknown", Account: account, Member: number, Reason: "there is no such member"}
	}
	return p, m, nil
}

// carryOut posts an event's entry and saves the accounts that it changed.
func carryOut(tx *ledger.Tx, e Event, entry ledger.Entry, accounts ...*opened) (Receipt, error) {
	posted, err := post(tx, e, entry)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Posted: posted}, keep(tx, e, accounts...)
}

// post posts an event's entry, if it moves money. It comes before every other
// write of a command, so that a refusal leaves the transaction as it was.
func post(tx *ledger.Tx, e Event, entry ledger.Entry) (ledger.Posted, error) {
	if !e.Moves() {
		return ledger.Posted{}, nil
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
		if next == o.account {
			continue
		}
		if err := save(tx, KindAccount, next.ID, o.version, string(e.Name), e, next); err != nil {
			return err
		}
	}
	return nil
}

// cash says whether a place can be the other side of a movement at the desk: a
// savings account cannot, that would pass by its own rules.
func cash(tx *ledger.Tx, account string, p Place) error {
	if p.Sub == "" {
		return nil
	}
	other, exists, err := AccountIn(tx, p.Sub)
	if err != nil || !exists || other.Control != p.Account {
		return err
	}
	return &Refusal{Kind: ErrCommand, Code: "counter.savings", Account: account,
		Reason: fmt.Sprintf("the counter account is savings account %s: that is a transfer", clip(p.Sub))}
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
