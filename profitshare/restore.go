package profitshare

import (
	"math/big"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Carried is a loss that an account's capital has borne and later profit has
// not restored yet.
type Carried struct {
	Account string
	Amount  ledger.Money // minor units, above zero
}

// RuleRestore: there is no profit to share until the capital is whole again.
const RuleRestore = "PSAK 405, DSN-MUI 115/2017 (unconfirmed)"

// restoration is what carried losses take out of the shares by nisbah.
type restoration struct {
	amounts []ledger.Money // beside each account's first stake
	// less is, beside them, what the restored income would have brought by
	// nisbah, as a numerator over the divisor of all shares; nil for none.
	less  []*big.Int
	total ledger.Money
}

func byCarried(a, b Carried) int { return strings.Compare(a.Account, b.Account) }

// checkCarried refuses amounts that are no losses, and an account that stands twice.
func (p *Pool) checkCarried() error {
	if !slices.IsSortedFunc(p.Carried, byCarried) {
		p.Carried = slices.Clone(p.Carried)
		slices.SortFunc(p.Carried, byCarried)
	}
	for i, c := range p.Carried {
		switch {
		case c.Account == "" || i > 0 && p.Carried[i-1].Account == c.Account:
			return &InputError{Kind: ErrPool, What: named("loss carried by account", c.Account), Reason: "has no account or stands twice"}
		case c.Amount.Err() != nil || c.Amount.Sign() <= 0:
			return amountError(ErrPool, named("loss carried by account", c.Account), c.Amount, "not above zero")
		}
	}
	return nil
}

// restore lets every account that carries a loss restore its capital out of its
// own stakes' income, whole steps, before any of it is shared by nisbah. Stakes
// with the smaller nisbah give first, so that the member keeps the most. While
// the capital is not whole, the fraction of a step that stays is no profit
// either: rounded up it would be a step. It returns what the members' part by nisbah falls by, as a numerator over
// denominator x weighted x income's denominator.
func (s *Shares) restore(claim []*big.Int) *big.Int {
	p, t, income := &s.pool, &s.terms, s.claims.income
	stakes, step := p.Stakes, p.Rounding.Step.Minor()
	r := &restoration{amounts: make([]ledger.Money, len(stakes)), less: make([]*big.Int, len(stakes))}
	s.restored = r
	whole := new(big.Int).Mul(income.Denom(), t.weighted) // the divisor of a stake's income
	inSteps := new(big.Int).Mul(whole, big.NewInt(step))
	all := new(big.Int)
	for _, carried := range p.Carried {
		i, found := s.find(carried.Account)
		if !found { // it has left the pool, and its loss with it
			continue
		}
		own := slices.Clone(firstAccount(stakes[i:]))
		slices.SortStableFunc(own, func(a, b Stake) int {
			if by := t.nisbah[a.Term].Cmp(t.nisbah[b.Term]); by != 0 {
				return by
			}
			return a.Days.Cmp(b.Days)
		})
		earned, earnings := new(big.Int), make([]*big.Int, len(own))
		for k := range own {
			earnings[k] = new(big.Int).Mul(t.weight[own[k].Term], own[k].Days.Big())
			earnings[k].Mul(earnings[k], income.Num())
			earned.Add(earned, earnings[k])
		}
		most := new(big.Int).Quo(earned, inSteps)
		amount := carried.Amount
		if most.IsInt64() {
			amount = amount.Min(ledger.Minor(most.Int64() * step))
		}
		left, less := earned, new(big.Int)
		if amount == carried.Amount {
			left = new(big.Int).Mul(big.NewInt(amount.Minor()), whole)
		}
		for k := range own {
			part := earnings[k]
			if left.Cmp(part) < 0 {
				part = left
			}
			// claim is nisbah x weight x denominator; the weight stands in part already.
			taken := new(big.Int).Mul(part, claim[own[k].Term])
			less.Add(less, taken.Quo(taken, t.weight[own[k].Term]))
			left = new(big.Int).Sub(left, part)
		}
		r.amounts[i], r.less[i] = amount, less
		r.total = r.total.Add(amount)
		all.Add(all, less)
	}
	return all
}

// Restored returns what all accounts together restore of carried losses.
func (s *Shares) Restored() ledger.Money {
	if s.restored == nil {
		return ledger.Money{}
	}
	return s.restored.total
}

// newRestoring divides shares from which restored capital has been taken off.
// perTerm holds a stake's numerator by nisbah; times and the divisor turn it
// into steps.
func newRestoring(perTerm []*big.Int, times, divisor *big.Int, r *restoration) *unbounded {
	half := new(big.Int).Add(divisor, big.NewInt(1))
	return &unbounded{perTerm: perTerm, divisor: divisor, half: half.Rsh(half, 1), less: r.less, times: times}
}

// detain finds the accounts that take no credits, so that one of them does not
// stop the month: capital that is given back to them is owed on Plan.Uncollected.
func (r *Result) detain(tx *ledger.Tx) error {
	f := &r.Figures
	if f.Restored.IsZero() {
		return nil
	}
	for p := range r.Shares.Payouts() {
		if p.Restored.IsZero() {
			continue
		}
		at := f.Plan.productOf(p.Product)
		sub, _, err := tx.Sub(f.Plan.Products[at].Control, p.Account)
		if err != nil {
			return err
		}
		if sub.Block != ledger.CreditBlock && sub.Block != ledger.FullBlock {
			continue
		}
		if f.Plan.Uncollected == "" {
			return planError("uncollected", p.Account, "gets capital back and has a "+sub.Block.String()+" block: name the account on which it is owed meanwhile", RuleRestore)
		}
		if r.detained == nil {
			r.detained = make(map[string]bool)
		}
		r.detained[p.Account] = true
		i := slices.IndexFunc(f.Products, func(q ProductShare) bool { return q.Product == p.Product })
		f.Products[i].Detained = f.Products[i].Detained.Add(p.Restored)
	}
	return nil
}
