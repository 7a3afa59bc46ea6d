package profitshare

import (
	"cmp"
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// KeyItem is one line of an allocation key.
type KeyItem struct {
	Name    string          // such as "Cadangan" or "Jasa Usaha"
	Percent decimal.Decimal // 40 for forty percent
}

// AllocationKey divides a year's SHU as the members' meeting decided (UU
// 25/1992 art. 45). Its percentages add up to exactly 100.
type AllocationKey []KeyItem

// AllocatedItem is one item's part of the SHU.
type AllocatedItem struct {
	Name   string
	Amount ledger.Money
}

// Allocate divides the SHU in multiples of the step by the largest remainder.
// A key that does not add up to 100, or a deficit, is an error that matches
// [ErrSHU]: a deficit is covered from the reserve by a decision of its own.
func (k AllocationKey) Allocate(shu, step ledger.Money) ([]AllocatedItem, error) {
	weights, err := k.weights()
	if err != nil {
		return nil, err
	}
	if shu.Err() != nil || shu.Sign() < 0 {
		return nil, shuError("SHU", shu.String(), "below zero: a deficit is covered, not divided")
	}
	amounts, err := ledger.Allocate(shu, step, weights)
	if err != nil {
		return nil, shuError("SHU", shu.String(), err.Error())
	}
	items := make([]AllocatedItem, len(k))
	for i, item := range k {
		items[i] = AllocatedItem{Name: item.Name, Amount: amounts[i]}
	}
	return items, nil
}

func (k AllocationKey) weights() ([]*big.Rat, error) {
	sum, known := new(big.Rat), map[string]bool{}
	weights := make([]*big.Rat, len(k))
	for i, item := range k {
		percent, reason := exactRatio(item.Percent)
		switch {
		case item.Name == "" || known[item.Name]:
			reason = "the name is missing or stands twice"
		case reason == "" && percent.Sign() < 0:
			reason = "below zero"
		}
		if reason != "" {
			return nil, shuError(named("item", item.Name), clipDecimal(item.Percent), reason)
		}
		known[item.Name] = true
		weights[i] = percent
		sum.Add(sum, percent)
	}
	if sum.Cmp(big.NewRat(100, 1)) != 0 {
		return nil, &InputError{Kind: ErrSHU, What: "allocation key", Value: figureText(sum) + "%",
			Reason: "the items do not add up to exactly 100%", Source: "UU 25/1992 art. 45"}
	}
	return weights, nil
}

// ServicePool is an item of the key that goes to members by a measure of what
// each did: jasa modal by pokok and wajib savings, jasa usaha by purchases,
// loans or margin paid.
type ServicePool struct {
	Name   string
	Amount ledger.Money // what is divided
	// Total is the whole of the measure as the books have it. The members'
	// figures must add up to it: counting voluntary savings for one member and
	// not in the total would give away more than there is.
	Total ledger.Money
}

// SHUMember is a member with one figure for each service pool.
type SHUMember struct {
	Member string
	Basis  []ledger.Money // in the order of the pools, not below zero
}

// SHUShare is what a member receives, pool by pool.
type SHUShare struct {
	Member string
	Parts  []ledger.Money
	Total  ledger.Money
}

// SHUDivision is a surplus divided among members.
type SHUDivision struct {
	Shares []SHUShare // as the members stand
	// Residue is what each pool leaves over, less than a step a member; the
	// whole pool if its Total is zero. It goes to the reserve (Cadangan).
	Residue []ledger.Money
}

// DivideSHU divides each pool by its measure: share = amount x basis / total,
// cut to the step; the steps left go one each to the largest rests. Members
// with equal figures receive equal amounts, so where the last steps cannot
// serve all members with equal rests, none of these gets one and the steps
// stay in the residue. Errors match [ErrSHU].
func DivideSHU(pools []ServicePool, members []SHUMember, step ledger.Money) (SHUDivision, error) {
	if step.Err() != nil || step.Sign() <= 0 {
		return SHUDivision{}, shuError("step", step.String(), "not above zero")
	}
	if err := checkMembers(len(pools), members); err != nil {
		return SHUDivision{}, err
	}
	d := SHUDivision{Shares: make([]SHUShare, len(members)), Residue: make([]ledger.Money, len(pools))}
	for i, m := range members {
		d.Shares[i] = SHUShare{Member: m.Member, Parts: make([]ledger.Money, len(pools))}
	}
	for k, pool := range pools {
		basis := make([]ledger.Money, len(members))
		for i, m := range members {
			basis[i] = m.Basis[k]
		}
		if err := pool.check(basis); err != nil {
			return SHUDivision{}, err
		}
		d.Residue[k] = pool.Amount
		if pool.Total.IsZero() {
			continue
		}
		for i, part := range pool.divide(basis, step) {
			d.Shares[i].Parts[k] = part
			d.Shares[i].Total = d.Shares[i].Total.Add(part)
			d.Residue[k] = d.Residue[k].Sub(part)
		}
	}
	for _, share := range d.Shares {
		if err := share.Total.Err(); err != nil {
			return SHUDivision{}, shuError(named("member", share.Member), "", err.Error())
		}
	}
	return d, nil
}

// divide returns each member's part. Basis adds up to Total, so every quotient
// is at most the pool's steps.
func (p ServicePool) divide(basis []ledger.Money, step ledger.Money) []ledger.Money {
	steps, total := uint64(p.Amount.Minor()/step.Minor()), uint64(p.Total.Minor())
	whole, rests := make([]uint64, len(basis)), make([]uint64, len(basis))
	left := steps
	for i, b := range basis {
		hi, lo := bits.Mul64(steps, uint64(b.Minor()))
		whole[i], rests[i] = bits.Div64(hi, lo, total)
		left -= whole[i]
	}
	// The least rest that is served; above them all if there is nothing left.
	least := total
	if left > 0 {
		sorted := slices.Clone(rests)
		slices.SortFunc(sorted, func(a, b uint64) int { return cmp.Compare(b, a) })
		least = sorted[left-1]
		if int(left) < len(sorted) && sorted[left] == least {
			least++ // its group cannot all be served
		}
	}
	parts := make([]ledger.Money, len(basis))
	for i := range parts {
		if rests[i] >= least {
			whole[i]++
		}
		parts[i] = ledger.Minor(int64(whole[i]) * step.Minor())
	}
	return parts
}

func (p ServicePool) check(basis []ledger.Money) error {
	for _, amount := range []ledger.Money{p.Amount, p.Total} {
		if amount.Err() != nil || amount.Sign() < 0 {
			return shuError(named("pool", p.Name), amount.String(), "not zero or above")
		}
	}
	if sum := ledger.Sum(basis...); sum != p.Total {
		return &InputError{Kind: ErrSHU, What: named("pool", p.Name), Value: sum.String(),
			Reason: "the members' figures do not add up to the total of " + p.Total.String(), Source: "UU 25/1992 art. 45"}
	}
	return nil
}

func checkMembers(pools int, members []SHUMember) error {
	known := make(map[string]bool, len(members))
	for _, m := range members {
		what := named("member", m.Member)
		switch {
		case m.Member == "" || known[m.Member]:
			return shuError(what, "", "the number is missing or stands twice")
		case len(m.Basis) != pools:
			return shuError(what, fmt.Sprintf("%d figures", len(m.Basis)), fmt.Sprintf("want one for each of %d pools", pools))
		}
		known[m.Member] = true
		for _, b := range m.Basis {
			if b.Err() != nil || b.Sign() < 0 {
				return shuError(what, b.String(), "not zero or above")
			}
		}
	}
	return nil
}

func shuError(what, value, reason string) error {
	return &InputError{Kind: ErrSHU, What: what, Value: value, Reason: reason}
}
