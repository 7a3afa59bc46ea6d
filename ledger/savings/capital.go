package savings

import (
	"fmt"
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
)

// OwnCapitalIn returns the cooperative's own capital at the end of a day, by
// the policy of that day: the accounts it names, or all of the kind equity.
func OwnCapitalIn(tx *ledger.Tx, day ledger.Date) (ledger.Money, error) {
	policy, err := PolicyIn(tx, day)
	if err != nil {
		return ledger.Money{}, err
	}
	return policy.ownCapital(tx, day)
}

func (p Policy) ownCapital(tx *ledger.Tx, day ledger.Date) (ledger.Money, error) {
	return p.sumCapital(tx, day, func(ledger.Account) bool { return true })
}

// leastCapital returns a part of own capital that is quickly reckoned and no
// more than all of it: without the sub-ledgers that can never be below zero.
func (p Policy) leastCapital(tx *ledger.Tx, day ledger.Date) (ledger.Money, error) {
	return p.sumCapital(tx, day, func(a ledger.Account) bool {
		return !a.Control || a.Normal != ledger.CreditSide || !a.Floor.HasHard || a.Floor.Hard.Sign() < 0
	})
}

func (p Policy) sumCapital(tx *ledger.Tx, day ledger.Date, counts func(ledger.Account) bool) (ledger.Money, error) {
	var total ledger.Money
	add := func(a ledger.Account) error {
		if a.Header || !counts(a) {
			return nil
		}
		balance, err := tx.Balance(a.Code, "", ledger.EndOf(day))
		total = total.Add(ledger.CreditSide.Natural(balance))
		return err
	}
	for _, code := range p.OwnCapital {
		a, found, err := tx.Account(code)
		if err != nil {
			return ledger.Money{}, err
		}
		if found {
			if err := add(a); err != nil {
				return ledger.Money{}, err
			}
		}
	}
	if len(p.OwnCapital) > 0 {
		return total, total.Err()
	}
	for a, err := range tx.Accounts() {
		if err != nil {
			return ledger.Money{}, err
		}
		if a.Kind != ledger.Equity {
			continue
		}
		if err := add(a); err != nil {
			return ledger.Money{}, err
		}
	}
	return total, total.Err()
}

// capitalOf returns what a member has in savings that are capital.
func (d *Desk) capitalOf(tx *ledger.Tx, member string, day ledger.Date) (ledger.Money, error) {
	list, err := AccountsOf(tx, member)
	if err != nil {
		return ledger.Money{}, err
	}
	var total ledger.Money
	for _, a := range list {
		p, _, err := d.product(tx, a.Product)
		if err != nil {
			return ledger.Money{}, err
		}
		if !p.Akad.Capital() {
			continue
		}
		balance, err := tx.Balance(a.Control, a.ID, ledger.EndOf(day))
		if err != nil {
			return ledger.Money{}, err
		}
		total = total.Add(ledger.CreditSide.Natural(balance))
	}
	return total, total.Err()
}

// guardShare refuses a payment into capital savings after which one member
// would have more of own capital than the policy of the day allows. The
// payment counts on both sides where the savings stand in own capital.
func (d *Desk) guardShare(tx *ledger.Tx, day ledger.Date, to *opened, amount ledger.Money) error {
	if !to.basis.Akad.Capital() || !day.Valid() {
		return nil
	}
	policy, err := d.policy(tx, day)
	if err != nil || policy.MemberShare.IsZero() {
		return err
	}
	has, err := d.capitalOf(tx, to.account.Member, day)
	if err != nil {
		return err
	}
	least, err := policy.leastCapital(tx, day)
	if err != nil || !overShare(has.Add(amount), least, policy) {
		return err
	}
	capital, err := policy.ownCapital(tx, day)
	if err != nil {
		return err
	}
	control, _, err := tx.Account(to.account.Control)
	if err != nil {
		return err
	}
	if has = has.Add(amount); control.Kind == ledger.Equity {
		capital = capital.Add(amount)
	}
	if overShare(has, capital, policy) {
		return in(tx, &Refusal{Kind: ErrCapital, Code: "capital.member_share", Account: to.account.ID, Member: to.account.Member, Date: day, Rule: RuleCapital,
			Given: has, Limit: capital, Reason: fmt.Sprintf("one member's capital savings would be more than %s of own capital", policy.MemberShare)})
	}
	return nil
}

// overShare reports whether has > share x capital, exactly.
func overShare(has, capital ledger.Money, p Policy) bool {
	limit := new(big.Rat).Mul(p.MemberShare.Rat(), new(big.Rat).SetInt64(capital.Minor()))
	return new(big.Rat).SetInt64(has.Minor()).Cmp(limit) > 0
}

// guardFloor refuses a payment to who has left while own capital is below its
// floor: the claim is booked, its payment waits.
func (p Policy) guardFloor(tx *ledger.Tx, member string, day ledger.Date) error {
	if p.CapitalFloor.IsZero() {
		return nil
	}
	capital, err := p.ownCapital(tx, day)
	if err != nil || !capital.Less(p.CapitalFloor) {
		return err
	}
	return in(tx, &Refusal{Kind: ErrCapital, Code: "capital.floor", Member: member, Date: day, Rule: RuleCapital,
		Given: capital, Limit: p.CapitalFloor, Reason: "own capital is below its floor: the claim waits"})
}
