package murabahah

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// role is what an account of [Accounts] must be.
type role struct {
	name    string
	code    string
	kinds   []ledger.Kind
	normal  ledger.Side
	control bool
	rule    string
	// of returns what stands on the contract's sub, debit positive; nil for an
	// account without subs.
	of func(Position) ledger.Money
}

// controls are the four control accounts whose subs carry a contract's balances.
func (a Accounts) controls() []role {
	asset, liability := []ledger.Kind{ledger.Asset}, []ledger.Kind{ledger.Liability}
	return []role{
		{name: "receivable", code: a.Receivable, kinds: asset, normal: ledger.DebitSide, control: true,
			of: func(p Position) ledger.Money { return p.Receivable }},
		{name: "deferred margin", code: a.DeferredMargin, kinds: asset, normal: ledger.CreditSide, control: true,
			of: func(p Position) ledger.Money { return p.Deferred.Neg() }},
		{name: "inventory", code: a.Inventory, kinds: asset, normal: ledger.DebitSide, control: true,
			of: func(p Position) ledger.Money { return p.Inventory }},
		{name: "down payment", code: a.DownPayment, kinds: liability, normal: ledger.CreditSide, control: true,
			of: func(p Position) ledger.Money { return p.DownPayment.Neg() }},
	}
}

// results are the accounts that all contracts share. A penalty's account may
// be one that older charts keep among the liabilities, but never income.
func (a Accounts) results() []role {
	roles := []role{
		{name: "margin income", code: a.MarginIncome, kinds: []ledger.Kind{ledger.Income}, normal: ledger.CreditSide},
		{name: "penalty fund", code: a.PenaltyFund, kinds: []ledger.Kind{ledger.Benevolent, ledger.Liability}, normal: ledger.CreditSide, rule: RulePenalty},
	}
	if a.CostRecovery != "" {
		roles = append(roles, role{name: "cost recovery", code: a.CostRecovery, kinds: []ledger.Kind{ledger.Income, ledger.Expense}})
	}
	return roles
}

func (a Accounts) roles() []role { return append(a.controls(), a.results()...) }

// fit says whether every account can play its role, and only that one: goods
// and debts, or margin and what is kept of a down payment, would be one balance.
func (a Accounts) fit(tx *ledger.Tx) error {
	roles := a.roles()
	for i, r := range roles {
		account, found, err := tx.Account(r.code)
		if err != nil {
			return err
		}
		why := ""
		switch {
		case !found:
			why = "is not in the chart"
		case !slices.Contains(r.kinds, account.Kind):
			why = fmt.Sprintf("is of kind %s, want %s", account.Kind, r.kinds[0])
		case r.normal.Valid() && account.Normal != r.normal:
			why = fmt.Sprintf("stands on the %s side", account.Normal)
		case account.Control != r.control && r.control:
			why = "has no subs, want one for each contract"
		case account.Control != r.control:
			why = "is a control account"
		default:
			before := slices.IndexFunc(roles[:i], func(other role) bool { return other.code == r.code })
			if before < 0 {
				continue
			}
			why = "is the " + roles[before].name
		}
		refusal := refuse(ErrRole, "role.account", "", "account %q cannot be the %s: it %s", clip(r.code), r.name, why)
		refusal.Rule = r.rule
		return refusal
	}
	return nil
}

// takes says whether the event's money can go through its place, and whether
// the accounts it needs are named. Income and expense are no places: goods
// bought out of income would be income, and a penalty taken from it would cut
// what is shared.
func (a Accounts) takes(tx *ledger.Tx, e Event) error {
	for _, r := range a.roles() {
		if e.Place.Account == r.code && e.Name != EventReverse {
			return refuse(ErrRole, string(e.Name)+".place", "", "%s: the money cannot go through account %q, which is the %s", e.Name, clip(r.code), r.name)
		}
	}
	if e.Place.Account != "" && e.Name != EventReverse {
		account, _, err := tx.Account(e.Place.Account) // the book refuses an unknown one
		if err != nil {
			return err
		}
		if account.Kind == ledger.Income || account.Kind == ledger.Expense {
			return refuse(ErrRole, string(e.Name)+".place", "", "%s: the money cannot go through account %q, which is of kind %s", e.Name, clip(e.Place.Account), account.Kind)
		}
	}
	if !e.Change.Recovered.IsZero() && a.CostRecovery == "" {
		return refuse(ErrRole, "role.account", "", "%s keeps %s, but no account for cost recovery is named", e.Name, e.Change.Recovered.Abs())
	}
	return nil
}

// own says whether the book has the goods of a contract, on the day and ever
// since.
func (a Accounts) own(tx *ledger.Tx, id string, c Contract, day ledger.Date) error {
	want := c.Position.Inventory
	for _, moment := range []ledger.Moment{ledger.EndOf(day), ledger.Latest()} {
		balance, err := tx.Balance(a.Inventory, id, moment)
		if err != nil {
			return err
		}
		if balance.Less(want) {
			r := refuse(ErrNotOwned, "sell.not_held", id, "the goods must be owned when they are sold: of their cost of %s the book has %s on account %s/%s",
				want, balance, clip(a.Inventory), clip(id))
			r.Rule, r.Given, r.Limit = RuleMurabahah, balance, want
			return r
		}
	}
	return nil
}

// opening compares the position of an adopted contract with what stands on its
// subs at the end of the day, and that nothing is dated after it.
func (a Accounts) opening(tx *ledger.Tx, id string, day ledger.Date, p Position) error {
	for _, r := range a.controls() {
		want := r.of(p)
		for _, at := range []struct {
			moment ledger.Moment
			when   string
		}{{ledger.EndOf(day), "on " + day.String()}, {ledger.Latest(), "later than " + day.String()}} {
			balance, err := tx.Balance(r.code, id, at.moment)
			if err != nil {
				return err
			}
			if balance != want {
				natural := r.normal.Natural
				refusal := refuse(ErrOpening, "adopt.opening", id, "the %s is %s by terms and progress, the book has %s on account %s/%s %s",
					r.name, natural(want), natural(balance), clip(r.code), clip(id), at.when)
				refusal.Given, refusal.Limit = natural(want), natural(balance)
				return refusal
			}
		}
	}
	return nil
}
