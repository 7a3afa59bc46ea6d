package profitshare

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Nature says what an income is. Only the first two may enter a pool.
type Nature uint8

const (
	// FinancingIncome is margin, rent and profit shares: what the pool's money earns.
	FinancingIncome Nature = iota + 1
	// PlacementIncome is returns on placements with banks and cooperatives.
	PlacementIncome
	// FeeIncome is for services (wakalah, kafalah, administration) and so the
	// manager's own.
	FeeIncome
	// PenaltyIncome is paid for lateness and belongs to the benevolent fund.
	PenaltyIncome
	// NonHalalIncome, such as interest, belongs to the benevolent fund too.
	NonHalalIncome
)

// String returns the nature's name.
func (n Nature) String() string {
	return nameOf("Nature", uint8(n), "none", "financing", "placement", "fee", "penalty", "non_halal")
}

// MarshalText writes the nature's name.
func (n Nature) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads the nature's name. The error matches [ErrFormat].
func (n *Nature) UnmarshalText(text []byte) error {
	return unmarshalName(n, "nature of income", text, FinancingIncome, PlacementIncome, FeeIncome, PenaltyIncome, NonHalalIncome)
}

// RuleFee: what is paid for a service is not a return on the members' funds.
const RuleFee = "DSN-MUI 14/2000, 15/2000 (unconfirmed)"

// Pools returns why an income of this nature can never enter a pool, and the
// rule that says so; empty for one that may.
func (n Nature) Pools() (refusal, source string) {
	switch n {
	case FinancingIncome, PlacementIncome:
		return "", ""
	case FeeIncome:
		return "is a fee for a service, the manager's own and not the pool's", RuleFee
	case PenaltyIncome:
		return "is a penalty: it goes to the benevolent fund", RulePenalty
	case NonHalalIncome:
		return "is not halal: it goes to the benevolent fund", RulePenalty
	}
	return "has no nature: say what the income is", ""
}

// IncomeSource is an income account of a pool.
type IncomeSource struct {
	Account string `json:"account"` // of kind income
	Nature  Nature `json:"nature"`
	// Accrued are the asset accounts on which this income stands from the day it
	// is recognised (debit) until it is received (credit), such as a receivable
	// for profit shares. Without any the income is taken to be received when it
	// is recognised. What is written off must be taken off through the income
	// account or an allowance, or it would count as received.
	Accrued []string `json:"accrued,omitempty"`
}

// IncomeBasis says which income of a month is shared; the akad fixes it.
type IncomeBasis uint8

const (
	// Received shares what was received in the month, whenever it was
	// recognised (DSN-MUI 14/2000): the default.
	Received IncomeBasis = iota
	// Recognised shares what the books recognised in the month, received or not.
	Recognised
)

// String returns the basis's name.
func (b IncomeBasis) String() string {
	return nameOf("IncomeBasis", uint8(b), "received", "recognised")
}

// MarshalText writes the basis's name.
func (b IncomeBasis) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads the basis's name. The error matches [ErrFormat].
func (b *IncomeBasis) UnmarshalText(text []byte) error {
	return unmarshalName(b, "basis of income", text, Received, Recognised)
}

// AccountIncome is what one account of the pool earned in a month, closing
// entries left out. Amounts are in minor units.
type AccountIncome struct {
	Account    string       `json:"account"`
	Recognised ledger.Money `json:"recognised"`          // credits less debits of the income account
	Unreceived ledger.Money `json:"unreceived,omitzero"` // of that, what was not received by the end of the month
	Earlier    ledger.Money `json:"earlier,omitzero"`    // recognised in earlier months, received in this one
	Amount     ledger.Money `json:"amount"`              // what is shared, by the basis
}

func (a *AccountIncome) settle(basis IncomeBasis) {
	a.Amount = a.Recognised
	if basis == Received {
		a.Amount = a.Recognised.Sub(a.Unreceived).Add(a.Earlier)
	}
}

// IncomeItem is one income with its two days.
type IncomeItem struct {
	Account    string
	Amount     ledger.Money
	Recognised ledger.Date // the day the books earned it
	Received   ledger.Date // the day the money came; zero if it has not yet
}

// IncomeOf sorts items into what a month recognised, what of it was not
// received by its end, and what earlier months had recognised and it received,
// by account in the order in which they first appear. What is received before
// it is earned counts in the month that earns it. Errors match [ErrPool].
func IncomeOf(items []IncomeItem, month ledger.Month, basis IncomeBasis) ([]AccountIncome, error) {
	if err := month.Err(); err != nil {
		return nil, err
	}
	var list []AccountIncome
	place := make(map[string]int)
	for i, item := range items {
		if item.Account == "" || item.Amount.Err() != nil || !item.Recognised.Valid() || !item.Received.IsZero() && !item.Received.Valid() {
			return nil, amountError(ErrPool, fmt.Sprintf("income item %d", i+1), item.Amount, "has no account, no amount or no day of recognition")
		}
		at, known := place[item.Account]
		if !known {
			at = len(list)
			place[item.Account] = at
			list = append(list, AccountIncome{Account: item.Account})
		}
		a := &list[at]
		unreceived := item.Received.IsZero() || item.Received.After(month.Last())
		switch {
		case item.Recognised.Month() == month:
			a.Recognised = a.Recognised.Add(item.Amount)
			if unreceived {
				a.Unreceived = a.Unreceived.Add(item.Amount)
			}
		case item.Recognised.Before(month.First()) && !item.Received.IsZero() && item.Received.Month() == month:
			a.Earlier = a.Earlier.Add(item.Amount)
		}
	}
	for i := range list {
		list[i].settle(basis)
		if err := list[i].Amount.Err(); err != nil {
			return nil, &InputError{Kind: ErrPool, What: named("income of account", list[i].Account), Reason: err.Error()}
		}
	}
	return list, nil
}

// income reads what the plan's accounts earned in a month.
func (p *Plan) income(tx *ledger.Tx, month ledger.Month) ([]AccountIncome, error) {
	var list []AccountIncome
	for _, source := range p.Income {
		debit, credit, err := tx.Turnover(source.Account, "", ledger.InMonth(month).BeforeClosing())
		if err != nil {
			return nil, err
		}
		a := AccountIncome{Account: source.Account, Recognised: credit.Sub(debit)}
		for _, code := range source.Accrued {
			if err := a.accrue(tx, code, month); err != nil {
				return nil, err
			}
		}
		a.settle(p.Basis)
		list = append(list, a)
	}
	return list, nil
}

// accrue looks at an accrual account, sub by sub: what is received is first
// that of earlier months.
func (a *AccountIncome) accrue(tx *ledger.Tx, code string, month ledger.Month) error {
	account, _, err := tx.Account(code)
	if err != nil {
		return err
	}
	if !account.Control {
		return a.accrueSub(tx, code, "", month)
	}
	for sub, err := range tx.Subs(code, "") {
		if err != nil {
			return err
		}
		if err := a.accrueSub(tx, code, sub.Sub, month); err != nil {
			return err
		}
	}
	return nil
}

func (a *AccountIncome) accrueSub(tx *ledger.Tx, code, sub string, month ledger.Month) error {
	debit, credit, err := tx.Turnover(code, sub, ledger.InMonth(month).BeforeClosing())
	if err != nil || debit.IsZero() && credit.IsZero() {
		return err
	}
	var opening ledger.Money
	if before := month.First().Prev(); before.Valid() {
		if opening, err = tx.Balance(code, sub, ledger.EndOf(before)); err != nil {
			return err
		}
	}
	earlier := credit.Min(opening.Max(ledger.Money{}))
	unreceived := debit.Sub(credit.Sub(earlier))
	if unreceived.Sign() < 0 {
		return amountError(ErrPlan, "plan: accrued: "+clipText(Place{Account: code, Sub: sub}.String()), unreceived.Neg(), "more was received than had been recognised, by this amount")
	}
	a.Earlier, a.Unreceived = a.Earlier.Add(earlier), a.Unreceived.Add(unreceived)
	return nil
}

// checkIncome sees to it that only income of the pool is shared: a fee, a
// penalty, zakat or an expense never reaches a member as profit.
func (p *Plan) checkIncome(tx *ledger.Tx) error {
	var accrued []string
	for i, source := range p.Income {
		code := source.Account
		account, found, err := tx.Account(code)
		if err != nil {
			return err
		}
		refusal, rule := source.Nature.Pools()
		switch {
		case !found:
			return planError("income", code, "is not in the chart", "")
		case account.Kind == ledger.Benevolent:
			return planError("income", code, "belongs to the benevolent fund: penalties and gifts are never shared", RulePenalty)
		case account.Kind != ledger.Income:
			return planError("income", code, fmt.Sprintf("is of kind %s, only income is shared", account.Kind), RuleReceived)
		case account.Header:
			return planError("income", code, "is a header and has no income of its own", "")
		case refusal != "":
			return planError("income", code, refusal, rule)
		case slices.ContainsFunc(p.Income[:i], func(s IncomeSource) bool { return s.Account == code }):
			return planError("income", code, "stands twice", "")
		}
		for _, code := range source.Accrued {
			if slices.Contains(accrued, code) {
				return planError("accrued", code, "stands twice", "")
			}
			accrued = append(accrued, code)
			account, found, err := tx.Account(code)
			switch {
			case err != nil:
				return err
			case !found || account.Kind != ledger.Asset || account.Header:
				return planError("accrued", code, "is not an asset account that takes lines", "")
			}
		}
	}
	if p.Basis > Recognised {
		return planError("basis", p.Basis.String(), "is neither received nor recognised", RuleReceived)
	}
	return nil
}

// pools reports whether an account is one of the plan's income accounts.
func (p *Plan) pools(code string) bool {
	return slices.ContainsFunc(p.Income, func(s IncomeSource) bool { return s.Account == code })
}
