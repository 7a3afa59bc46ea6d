package financing

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// role is what an account of [Accounts] must be.
type role struct {
	name     string
	code     string
	kinds    []ledger.Kind
	normal   ledger.Side
	optional bool   // may be left out
	shares   string // another role that may be played by the same account
	// of returns what stands on the contract's sub, debit positive; nil for an
	// account without subs. It concerns contracts of the forms.
	of    func(Position) ledger.Money
	forms []Form
}

// controls are the control accounts whose subs carry a contract's balances.
func (a Accounts) controls() []role {
	asset, either := []ledger.Kind{ledger.Asset}, []ledger.Kind{ledger.Asset, ledger.Liability}
	invested := func(p Position) ledger.Money { return p.Invested }
	return []role{
		{name: "mudharabah investment", code: a.Mudharabah, kinds: asset, normal: ledger.DebitSide, optional: true,
			shares: "investment", of: invested, forms: []Form{Mudharabah, Musytarakah}},
		{name: "musyarakah investment", code: a.Musyarakah, kinds: asset, normal: ledger.DebitSide, optional: true,
			shares: "investment", of: invested, forms: []Form{Musyarakah}},
		{name: "declining musyarakah investment", code: a.Declining, kinds: asset, normal: ledger.DebitSide, optional: true,
			shares: "investment", of: invested, forms: []Form{Declining}},
		{name: "profit share receivable", code: a.ShareDue, kinds: asset, normal: ledger.DebitSide,
			of: func(p Position) ledger.Money { return p.ShareDue }, forms: Forms()},
		{name: "matured capital", code: a.Matured, kinds: asset, normal: ledger.DebitSide,
			of: func(p Position) ledger.Money { return p.Matured }, forms: Forms()},
		{name: "receivable for fault", code: a.Fault, kinds: asset, normal: ledger.DebitSide,
			of: func(p Position) ledger.Money { return p.Fault }, forms: Forms()},
		{name: "allowance", code: a.Allowance, kinds: asset, normal: ledger.CreditSide,
			of: func(p Position) ledger.Money { return p.Allowance.Neg() }, forms: Forms()},
		{name: "deferred gain", code: a.Deferred, kinds: either, normal: ledger.CreditSide,
			of: func(p Position) ledger.Money { return p.Deferred.Neg() }, forms: Forms()},
		{name: "commitment", code: a.Commitment, kinds: []ledger.Kind{ledger.Memorandum}, normal: ledger.DebitSide, optional: true,
			of: func(p Position) ledger.Money { return p.Commitment }, forms: Forms()},
	}
}

// results are the accounts that all contracts share. Gains of different kinds
// may go to one account; a profit share never to that of a recovery.
func (a Accounts) results() []role {
	income, expense := []ledger.Kind{ledger.Income}, []ledger.Kind{ledger.Expense}
	return []role{
		{name: "mudharabah income", code: a.MudharabahIncome, kinds: income, normal: ledger.CreditSide, optional: a.Mudharabah == "", shares: "income"},
		{name: "musyarakah income", code: a.MusyarakahIncome, kinds: income, normal: ledger.CreditSide, optional: a.Musyarakah == "" && a.Declining == "", shares: "income"},
		{name: "gain at handover", code: a.HandoverGain, kinds: income, normal: ledger.CreditSide, shares: "gain"},
		{name: "loss at handover", code: a.HandoverLoss, kinds: expense, normal: ledger.DebitSide, shares: "loss"},
		{name: "loss", code: a.Loss, kinds: expense, normal: ledger.DebitSide, shares: "loss"},
		{name: "depreciation", code: a.Wear, kinds: expense, normal: ledger.DebitSide, optional: true, shares: "loss"},
		{name: "recovery", code: a.Recovery, kinds: income, normal: ledger.CreditSide, shares: "gain"},
		{name: "gain", code: a.Gain, kinds: income, normal: ledger.CreditSide, shares: "gain"},
		{name: "contra of the commitment", code: a.CommitmentContra, kinds: []ledger.Kind{ledger.Memorandum}, normal: ledger.CreditSide, optional: a.Commitment == ""},
	}
}

func (a Accounts) roles() []role { return append(a.controls(), a.results()...) }

// fit says whether every account can play its role, and only that one.
func (a Accounts) fit(tx *ledger.Tx) error {
	roles := a.roles()
	for i, r := range roles {
		if r.code == "" && r.optional {
			continue
		}
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
		case account.Normal != r.normal:
			why = fmt.Sprintf("stands on the %s side", account.Normal)
		case !account.Control && r.of != nil:
			why = "has no subs, want one for each contract"
		case account.Control && r.of == nil:
			why = "is a control account"
		default:
			before := slices.IndexFunc(roles[:i], func(other role) bool {
				return other.code == r.code && (r.shares == "" || other.shares != r.shares)
			})
			if before < 0 {
				continue
			}
			why = "is the " + roles[before].name
		}
		return refuse(ErrRole, "role.account", "", "account %q cannot be the %s: it %s", contract.Clip(r.code), r.name, why)
	}
	return nil
}

// takes says whether the event's money can go through its place, and whether
// the form is offered. Income and expense are no places: capital handed over
// out of income would be income.
func (a Accounts) takes(tx *ledger.Tx, form Form, e Event) error {
	if e.Name == EventReverse {
		return nil
	}
	if a.Investment(form) == "" {
		return refuse(ErrRole, "role.form", "", "no account for the investment of a %s is named", form)
	}
	if !e.Change.Wear.IsZero() && a.Wear == "" {
		return refuse(ErrRole, "role.account", "", "no account for the depreciation of goods is named")
	}
	if e.Place.Account == "" {
		return nil
	}
	for _, r := range a.roles() {
		if e.Place.Account == r.code {
			return refuse(ErrRole, string(e.Name)+".place", "", "%s: it cannot go through account %q, which is the %s", e.Name, contract.Clip(r.code), r.name)
		}
	}
	account, _, err := tx.Account(e.Place.Account) // the book refuses an unknown one
	if err != nil {
		return err
	}
	if account.Kind == ledger.Income || account.Kind == ledger.Expense {
		return refuse(ErrRole, string(e.Name)+".place", "", "%s: it cannot go through account %q, which is of kind %s", e.Name, contract.Clip(e.Place.Account), account.Kind)
	}
	return nil
}

// standing returns what a contract of the form has on each control account.
func (a Accounts) standing(form Form, p Position) map[string]ledger.Money {
	stands := map[string]ledger.Money{}
	for _, r := range a.controls() {
		if r.code == "" {
			continue
		}
		amount := stands[r.code]
		if slices.Contains(r.forms, form) {
			amount = amount.Add(r.of(p))
		}
		stands[r.code] = amount
	}
	return stands
}

// opening compares the position of an adopted contract with what stands on its
// subs at the end of the day, and that nothing is dated after it.
func (a Accounts) opening(tx *ledger.Tx, id string, day ledger.Date, form Form, p Position) error {
	stands := a.standing(form, p)
	for _, r := range a.controls() {
		want, counts := stands[r.code]
		if !counts {
			continue
		}
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
				refusal := refuse(ErrOpening, "adopt.opening", id, "the %s is %s as stated, the book has %s on account %s/%s %s",
					r.name, natural(want), natural(balance), contract.Clip(r.code), contract.Clip(id), at.when)
				refusal.Given, refusal.Limit = natural(want), natural(balance)
				return refusal
			}
		}
	}
	return nil
}
