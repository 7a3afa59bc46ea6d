package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Open opens an account and its sub, with zero as its hard and the product's
// minimum balance as its soft floor. Nothing is posted.
func (d *Desk) Open(ctx context.Context, o Opening) (Registered, error) {
	return update(ctx, d, o, d.OpenTx)
}

// OpenTx is Open in the caller's transaction.
func (d *Desk) OpenTx(tx *ledger.Tx, o Opening) (Registered, error) {
	return ledger.Atomic(tx, func() (Registered, error) { return d.open(tx, o, false) })
}

// Adopt takes over an account that ran before the book began. Its opening
// balance is posted by the caller's opening entry: before, if o.Running says
// what it must be, else before or after. The minimum opening does not bind it.
// An account that does not agree is refused with [ErrAdoption].
func (d *Desk) Adopt(ctx context.Context, o Opening) (Registered, error) {
	return update(ctx, d, o, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, o Opening) (Registered, error) {
	return ledger.Atomic(tx, func() (Registered, error) { return d.open(tx, o, true) })
}

func (d *Desk) open(tx *ledger.Tx, o Opening, adopt bool) (Registered, error) {
	kind := "savings.open"
	if adopt {
		kind = "savings.adopt"
	}
	first, repeated, err := tx.Repeat(ledger.Command{Key: o.Key, Kind: kind, Content: contentOf(kind, o)})
	if err != nil {
		return Registered{}, err
	}
	if repeated {
		account, err := saved[Account](tx, first, KindAccount)
		return Registered{account, true}, err
	}
	account, version, err := load[Account](tx, KindAccount, o.Account)
	if err != nil {
		return Registered{}, err
	}
	product, member, err := d.loadOffer(tx, o)
	if err != nil {
		return Registered{}, err
	}
	e, err := account.Open(o, product, member, adopt)
	if err != nil {
		return Registered{}, in(tx, err)
	}
	if err := payable(tx, e); err != nil {
		return Registered{}, err
	}
	if err := brings(tx, e); err != nil {
		return Registered{}, err
	}
	err = tx.OpenSub(ledger.SubOpening{Account: e.Control, Sub: e.Account, Holder: e.Party.Member, Floor: floorOf(e.Minimum)})
	if err != nil {
		return Registered{}, err
	}
	account = account.Apply(e)
	if err := save(tx, KindAccount, account.ID, version, string(e.Name), e, account); err != nil {
		return Registered{}, err
	}
	if err := saveHolding(tx, account); err != nil {
		return Registered{}, err
	}
	if err := saveCertificate(tx, account); err != nil {
		return Registered{}, err
	}
	for _, hold := range o.Holds {
		hold.Account = o.Account
		if _, err := d.HoldTx(tx, hold); err != nil {
			return Registered{}, err
		}
	}
	return Registered{Account: account}, nil
}

// brings compares what a running account is said to bring with what the
// opening entry put on its sub.
func brings(tx *ledger.Tx, e Event) error {
	if e.Running == nil {
		return nil
	}
	balance, err := tx.Balance(e.Control, e.Account, ledger.EndOf(e.Date))
	if err != nil {
		return err
	}
	if balance = ledger.CreditSide.Natural(balance); balance != e.Running.Balance {
		return in(tx, &Refusal{Kind: ErrAdoption, Code: "adopt.balance", Account: e.Account, Date: e.Date, Balance: balance,
			Given: e.Running.Balance, Limit: balance, Reason: fmt.Sprintf("the balance on %s is another in the book", e.Date)})
	}
	return nil
}

// loadOffer loads who opens an account of which product.
func (d *Desk) loadOffer(tx *ledger.Tx, o Opening) (Product, Member, error) {
	p, found, err := d.product(tx, o.Product)
	if err != nil {
		return Product{}, Member{}, err
	}
	if !found {
		return Product{}, Member{}, &Refusal{Kind: ErrUnknown, Code: "product.unknown", Account: o.Account, Product: o.Product, Reason: "there is no such product"}
	}
	m, found, err := MemberIn(tx, o.Member)
	if err != nil {
		return Product{}, Member{}, err
	}
	if !found {
		return Product{}, Member{}, &Refusal{Kind: ErrUnknown, Code: "member.unknown", Account: o.Account, Member: o.Member, Reason: "there is no such member"}
	}
	return p, m, nil
}

// payable says whether the account that is to get the profit share can, or the
// cash that it is to be paid from is cash.
func payable(tx *ledger.Tx, e Event) error {
	if e.Term != nil && e.Term.Cash != "" {
		till, found, err := tx.Account(e.Term.Cash)
		if err != nil {
			return err
		}
		if !found || till.Kind != ledger.Asset || till.Normal != till.Kind.Side() || till.Control || till.Header || till.Retired {
			return &Refusal{Kind: ErrTerm, Code: "term.cash", Account: e.Account, Member: e.Party.Member,
				Reason: fmt.Sprintf("shares cannot be paid out of %s: it is not an asset without subs", clip(e.Term.Cash))}
		}
	}
	if e.PayTo == "" {
		return nil
	}
	to, err := found(tx, e.PayTo)
	if err != nil {
		return err
	}
	refuse := func(reason string) error {
		return &Refusal{Kind: ErrCommand, Code: "account.pay_to", Account: e.Account, Member: e.Party.Member, Reason: reason}
	}
	switch {
	case to.Member != e.Party.Member:
		return refuse(fmt.Sprintf("the profit share cannot go to %s, which is another member's", clip(e.PayTo)))
	case to.Status == Closed:
		return refuse(fmt.Sprintf("the profit share cannot go to %s, which is closed", clip(e.PayTo)))
	}
	return nil
}

// Redirect lets another account of the same member get an account's profit
// share. Nothing is posted.
func (d *Desk) Redirect(ctx context.Context, r Redirection) (Registered, error) {
	return update(ctx, d, r, d.RedirectTx)
}

// RedirectTx is Redirect in the caller's transaction.
func (d *Desk) RedirectTx(tx *ledger.Tx, r Redirection) (Registered, error) {
	return d.alter(tx, r.Account, command(r.Key, "savings.redirect", r), func(at *opened) (Event, error) {
		e, err := at.account.Redirect(r, at.basis.Member)
		if err == nil {
			err = payable(tx, e)
		}
		return e, err
	})
}

// Agreement gives an account a nisbah of its own from a day on, as its holder
// and the cooperative have agreed it.
type Agreement struct {
	Key     string
	Account string
	// From is the first day it holds, after every closed day; Ratio the owners'
	// part, above 0 and at most 1, or 0 to take the product's again.
	Nisbah   DatedRatio
	Document string // the addendum to the akad, required
	Approver string
}

// Agree records a nisbah agreed for one account. What was before stays what it
// was; a change within a month cuts that month in slices. Nothing is posted.
// Errors match [ErrDate], [ErrState] or [ErrCommand].
func (d *Desk) Agree(ctx context.Context, a Agreement) (Registered, error) {
	return update(ctx, d, a, d.AgreeTx)
}

// AgreeTx is Agree in the caller's transaction.
func (d *Desk) AgreeTx(tx *ledger.Tx, a Agreement) (Registered, error) {
	return d.alter(tx, a.Account, command(a.Key, "savings.agree", a), func(at *opened) (Event, error) {
		if err := at.loadTerms(tx, a.Nisbah.From); err != nil {
			return Event{}, err
		}
		if err := inOpenPeriod(tx, a.Account, a.Nisbah.From); err != nil {
			return Event{}, err
		}
		return at.account.Agree(a, at.basis)
	})
}

// ZakatMandate lets a part of an account's profit share go to zakat.
type ZakatMandate struct {
	Key     string
	Account string
	// Part is the part of the gross share, 0.025 as a rule, from a day on; 0
	// takes the mandate back. From lies after every closed day.
	Part     DatedRatio
	Document string // the member's mandate in writing, required
}

// MandateZakat records a member's mandate to pay zakat from a share. Only
// products whose terms allow it take one. Nothing is posted. Errors match
// [ErrDate], [ErrState] or [ErrCommand].
func (d *Desk) MandateZakat(ctx context.Context, m ZakatMandate) (Registered, error) {
	return update(ctx, d, m, d.MandateZakatTx)
}

// MandateZakatTx is MandateZakat in the caller's transaction.
func (d *Desk) MandateZakatTx(tx *ledger.Tx, m ZakatMandate) (Registered, error) {
	return d.alter(tx, m.Account, command(m.Key, "savings.zakat", m), func(at *opened) (Event, error) {
		if err := at.loadTerms(tx, m.Part.From); err != nil {
			return Event{}, err
		}
		if err := inOpenPeriod(tx, m.Account, m.Part.From); err != nil {
			return Event{}, err
		}
		return at.account.MandateZakat(m, at.basis)
	})
}

// inOpenPeriod refuses a day that is closed: terms from it on would change
// what was distributed.
func inOpenPeriod(tx *ledger.Tx, account string, day ledger.Date) error {
	closed, err := closedThrough(tx)
	if err != nil || !day.Valid() || day.After(closed) {
		return err
	}
	return &Refusal{Kind: ErrDate, Code: "account.closed_period", Account: account, Date: day,
		Reason: fmt.Sprintf("terms from %s would change a closed period: every day through %s is closed", day, closed)}
}

func closedThrough(tx *ledger.Tx) (ledger.Date, error) {
	head, err := tx.Head()
	if err != nil || head.SoftClosed.Before(head.Closed) {
		return head.Closed, err
	}
	return head.SoftClosed, nil
}

// alter carries out a command that changes an account's terms and moves nothing.
func (d *Desk) alter(tx *ledger.Tx, id string, c ledger.Command, decide func(*opened) (Event, error)) (Registered, error) {
	return ledger.Atomic(tx, func() (Registered, error) {
		first, repeated, err := tx.Repeat(c)
		if err != nil {
			return Registered{}, err
		}
		if repeated {
			account, err := saved[Account](tx, first, KindAccount)
			return Registered{account, true}, err
		}
		at, err := d.loadAccount(tx, id)
		if err != nil {
			return Registered{}, err
		}
		e, err := decide(at)
		if err != nil {
			return Registered{}, in(tx, err)
		}
		return Registered{Account: at.account.Apply(e)}, keep(tx, e, at)
	})
}
