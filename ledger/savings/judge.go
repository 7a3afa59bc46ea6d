package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// What an account, its product and its holder allow, apart from the balance,
// which is the book's to judge.

// takes says whether money may come into the account.
func (a Account) takes(day ledger.Date, amount ledger.Money, b Basis) error {
	if err := a.moves(day, b.Member); err != nil {
		return err
	}
	if b.Member.LeftOn(day) {
		return a.left(b.Member)
	}
	if err := a.positive(amount); err != nil {
		return err
	}
	if b.Member.Overdue(day) {
		return a.overdue(b.Member, day)
	}
	if a.Status == Active && amount.Less(b.Terms.MinDeposit) {
		return &Refusal{Kind: ErrMinDeposit, Code: "deposit.min_deposit", Account: a.ID, Product: a.Product, Date: day,
			Given: amount, Limit: b.Terms.MinDeposit, Reason: "the deposit is below the product's minimum deposit"}
	}
	if a.Status == Opened && amount.Less(b.Terms.MinOpening) {
		return &Refusal{Kind: ErrMinOpening, Code: "deposit.min_opening", Account: a.ID, Product: a.Product, Date: day,
			Given: amount, Limit: b.Terms.MinOpening, Reason: "the first deposit is below the product's minimum opening"}
	}
	return nil
}

// gives says whether money may leave the account, its balance apart.
func (a Account) gives(day ledger.Date, amount ledger.Money, b Basis) error {
	if err := a.moves(day, b.Member); err != nil {
		return err
	}
	if err := a.locked(day, b); err != nil {
		return err
	}
	if err := a.matured(day); err != nil {
		return err
	}
	if b.Called.Sign() > 0 {
		return a.refuse(ErrState, "withdraw.called", "dues were called and are not paid: nothing leaves the account before")
	}
	return a.positive(amount)
}

// moves says whether the account may move on a day at all.
func (a Account) moves(day ledger.Date, m Member) error {
	switch a.Status {
	case Unopened:
		return a.refuse(ErrState, "account.unopened", "was never opened")
	case Closed:
		return a.refuseOn(ErrState, "account.closed", day, fmt.Sprintf("was closed on %s", a.Closed))
	}
	if err := a.dated(day, m); err != nil {
		return err
	}
	if day.Before(a.Opened) {
		return a.refuseOn(ErrDate, "account.before_opened", day, fmt.Sprintf("%s lies before the opening on %s", day, a.Opened))
	}
	return nil
}

// dated says whether a day exists and the member had joined by then.
func (a Account) dated(day ledger.Date, m Member) error {
	if !day.Valid() {
		return a.refuse(ErrDate, "account.date", day.Err().Error())
	}
	if day.Before(m.Joined) {
		return &Refusal{Kind: ErrDate, Code: "account.before_joined", Account: a.ID, Member: m.Number, Date: day,
			Reason: fmt.Sprintf("%s lies before the member joined on %s", day, m.Joined)}
	}
	return nil
}

func (a Account) locked(day ledger.Date, b Basis) error {
	if !b.Terms.Locked || b.Member.LeftOn(day) {
		return nil
	}
	return &Refusal{Kind: ErrLocked, Code: "withdraw.locked", Account: a.ID, Member: b.Member.Number, Product: a.Product, Date: day,
		Rule: RuleMembership, Reason: "the product's savings stay while the holder is a member"}
}

// bound refuses to let savings for a goal go elsewhere before their day.
func (a Account) bound(day ledger.Date, b Basis) error {
	if b.Terms.Goal == "" || b.Member.LeftOn(day) || !a.GoalDay.IsZero() && !day.Before(a.GoalDay) {
		return nil
	}
	return &Refusal{Kind: ErrLocked, Code: "withdraw.goal", Account: a.ID, Member: a.Member, Product: a.Product, Date: day,
		Reason: fmt.Sprintf("the savings are for %s", clip(b.Terms.Goal))}
}

func (a Account) overdue(m Member, day ledger.Date) error {
	return &Refusal{Kind: ErrMember, Code: "member.candidate_overdue", Account: a.ID, Member: m.Number, Date: day, Rule: RuleCandidate,
		Reason: fmt.Sprintf("the candidate was to become a member by %s: nothing can be paid in", m.Until)}
}

// running says whether what an account is said to bring along can be.
func (a Account) running(o Opening, p Product, adopt bool) error {
	r := o.Running
	if r == nil {
		return nil
	}
	refuse := func(code, reason string) error { return a.refuse(ErrAdoption, "adopt."+code, reason) }
	month := o.Date.Month()
	first := month.First()
	if !r.Since.IsZero() && first.Before(r.Since) {
		first = r.Since
	}
	switch {
	case !adopt:
		return a.refuse(ErrCommand, "open.running", "an account that is opened brings nothing along")
	case r.Balance.Err() != nil || r.Balance.Sign() < 0:
		return refuse("balance", fmt.Sprintf("a balance of %s: not an amount of zero or more", r.Balance))
	case !r.Since.IsZero() && (!r.Since.Valid() || r.Since.After(o.Date)):
		return refuse("since", fmt.Sprintf("opened on %s, after it is taken over on %s", r.Since, o.Date))
	case !r.Moved.IsZero() && (!r.Moved.Valid() || r.Moved.After(o.Date) || r.Moved.Before(r.Since)):
		return refuse("moved", fmt.Sprintf("moved on %s, which does not lie between its opening and %s", r.Moved, o.Date))
	case r.Dues != nil && p.Akad != Wajib:
		return refuse("dues", fmt.Sprintf("%s savings have no dues", p.Akad))
	}
	for i, d := range r.Days {
		if _, offered := p.On(d.From); !offered {
			return refuse("days", fmt.Sprintf("balances from %s, when product %s had no terms", d.From, clip(p.Code)))
		}
		switch {
		case !d.From.Valid() || !d.From.Before(o.Date) || i == 0 && d.From != first || i > 0 && !r.Days[i-1].From.Before(d.From):
			return refuse("days", fmt.Sprintf("balances from %s: they begin on %s, ascend and end before %s", d.From, first, o.Date))
		case d.Balance.Err() != nil || d.Balance.Sign() < 0:
			return refuse("days", fmt.Sprintf("a balance of %s from %s: not an amount of zero or more", d.Balance, d.From))
		}
	}
	if r.Dues == nil {
		return nil
	}
	return r.Dues.fault(refuse)
}

func (a Account) left(m Member) error {
	return &Refusal{Kind: ErrMember, Code: "member.left", Account: a.ID, Member: m.Number, Date: m.Left,
		Reason: fmt.Sprintf("the member has left on %s: nothing can be paid in", m.Left)}
}

func (a Account) positive(amount ledger.Money) error {
	if err := amount.Err(); err != nil {
		return a.refuse(ErrAmount, "amount.invalid", err.Error())
	}
	if amount.Sign() <= 0 {
		return &Refusal{Kind: ErrAmount, Code: "amount.not_positive", Account: a.ID, Given: amount, Reason: "the amount must be above zero"}
	}
	return nil
}

func (a Account) refuse(kind error, code, reason string) error {
	return &Refusal{Kind: kind, Code: code, Account: a.ID, Reason: reason}
}

func (a Account) refuseOn(kind error, code string, day ledger.Date, reason string) error {
	return &Refusal{Kind: kind, Code: code, Account: a.ID, Date: day, Reason: reason}
}
