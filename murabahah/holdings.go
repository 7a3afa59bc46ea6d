package murabahah

import (
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// own says whether the book has the goods of a contract, on the day and ever
// since.
func (a *Accounts) own(tx *ledger.Tx, id string, c Contract, day ledger.Date) error {
	want := c.Position.Inventory
	for _, moment := range []ledger.Moment{ledger.EndOf(day), ledger.Latest()} {
		balance, err := tx.Balance(a.Inventory, id, moment)
		if err != nil {
			return err
		}
		if balance.Less(want) {
			r := refuse(ErrNotOwned, "sell.not_held", id, "the goods must be owned when they are sold: of their cost of %s the book has %s on account %s/%s",
				want, balance, contract.Clip(a.Inventory), contract.Clip(id))
			r.Rule, r.Given, r.Limit = RuleMurabahah, balance, want
			return r
		}
	}
	return nil
}

// absorb says whether the allowance covers what an event charges to it, on the
// day and ever since. Beyond it the loss would stand among the assets, as an
// allowance in debit, and nobody would have seen it as an expense.
func (a *Accounts) absorb(tx *ledger.Tx, id string, e Event) error {
	for _, moment := range []ledger.Moment{ledger.EndOf(e.Date), ledger.Latest()} {
		balance, err := tx.Balance(a.Allowance, "", moment)
		if err != nil {
			return err
		}
		if held := balance.Neg(); held.Less(e.Change.AllowanceUsed) {
			r := refuse(ErrAllowance, string(e.Name)+".allowance", id, "%s of %s is more than the allowance of %s on account %s: set it up first",
				e.Name, e.Change.AllowanceUsed, held, contract.Clip(a.Allowance))
			r.Rule, r.Given, r.Limit = RuleWriteOff, e.Change.AllowanceUsed, held
			return r
		}
	}
	return nil
}

// opening compares the position of an adopted contract with what stands on its
// subs at the end of the day, and that nothing is dated after it.
func (a *Accounts) opening(tx *ledger.Tx, id string, day ledger.Date, p Position) error {
	for i := range roles {
		r := roles[i]
		if !r.control || r.code(a) == "" || r.silent(a) {
			continue
		}
		want := r.stands(&p)
		for _, at := range []struct {
			moment ledger.Moment
			when   string
		}{{ledger.EndOf(day), "on " + day.String()}, {ledger.Latest(), "later than " + day.String()}} {
			balance, err := tx.Balance(r.code(a), id, at.moment)
			if err != nil {
				return err
			}
			if balance != want {
				natural := r.normal.Natural
				refusal := refuse(ErrOpening, "adopt.opening", id, "the %s is %s by terms and progress, the book has %s on account %s/%s %s",
					r.name, natural(want), natural(balance), contract.Clip(r.code(a)), contract.Clip(id), at.when)
				refusal.Given, refusal.Limit = natural(want), natural(balance)
				return refusal
			}
		}
	}
	return nil
}
