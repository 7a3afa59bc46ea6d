package profitshare

import (
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
)

// claim works out the members' part of the income and every account's quota of
// it. A stake's claim is nisbah x weight x days; in whole numbers, its term's
// number x days over the sum of all.
func (s *Shares) claim() (quota, error) {
	p, t, income := &s.pool, &s.terms, s.claims.income
	denominator := commonDenominator(t.nisbah)
	claim, sum := make([]*big.Int, len(t.nisbah)), new(big.Int)
	for i, n := range t.nisbah {
		claim[i] = new(big.Int).Quo(denominator, n.Denom())
		claim[i].Mul(claim[i], n.Num()).Mul(claim[i], t.weight[i])
		sum.Add(sum, new(big.Int).Mul(claim[i], t.days[i]))
	}
	whole := new(big.Int).Mul(denominator, t.weighted)
	members := new(big.Rat).Mul(income, new(big.Rat).SetFrac(sum, whole))
	if len(p.Carried) > 0 {
		less := s.restore(claim)
		members.Sub(members, new(big.Rat).SetFrac(less, new(big.Int).Mul(whole, income.Denom())))
	}
	adjusted, err := p.adjust(income, members, s.Restored())
	if err != nil {
		return quota{}, err
	}
	s.claims.byNisbah, s.claims.members = members, adjusted
	switch {
	case s.restored != nil:
		s.divideRestored(claim, whole)
		return quota{}, nil
	case p.Rounding.PrintedHI != nil:
		return s.printedQuota()
	case adjusted.Cmp(members) == 0: // claim x days x income / (weighted x denominator)
		return s.quotaOf(claim, sum, income, t.weighted, denominator), nil
	}
	return s.quotaOf(claim, sum, adjusted, sum, big.NewInt(1)), nil // claim x days x adjusted / sum
}

// quotaOf is claim x days x factor / (first x second), in steps.
func (s *Shares) quotaOf(claim []*big.Int, sum *big.Int, factor *big.Rat, first, second *big.Int) quota {
	q := quota{perTerm: claim, days: s.terms.days, first: new(big.Int).Set(first)}
	q.total = new(big.Int).Mul(sum, factor.Num())
	for _, n := range claim {
		n.Mul(n, factor.Num())
	}
	q.second = new(big.Int).Mul(second, factor.Denom())
	q.second.Mul(q.second, big.NewInt(s.pool.Rounding.Step.Minor()))
	q.reduce()
	return q
}

// divideRestored prepares the shares of a pool in which capital was restored.
func (s *Shares) divideRestored(claim []*big.Int, whole *big.Int) {
	income, factor := s.claims.income, s.claims.uplift()
	for _, n := range claim {
		n.Mul(n, income.Num())
	}
	divisor := new(big.Int).Mul(whole, income.Denom())
	divisor.Mul(divisor, factor.Denom()).Mul(divisor, big.NewInt(s.pool.Rounding.Step.Minor()))
	s.divider = newRestoring(claim, factor.Num(), divisor, s.restored)
}

// PrintedHI pays shares from the HI-1000 as it is printed: a policy that some
// institutions have. Each term's HI is rounded to so many decimals before the
// nisbah and the balance are applied; what that leaves over of the exact shares
// goes to Rounding.LeftoverTo, and what it adds is the manager's to bear.
type PrintedHI struct {
	Decimals int             `json:"decimals"` // 0 to 18
	Rounding ledger.Rounding `json:"rounding"`
}

// checkPrintedHI refuses what cannot be paid from a printed HI.
func (p *Pool) checkPrintedHI() error {
	hi := p.Rounding.PrintedHI
	if hi == nil {
		return nil
	}
	refuse := func(value, reason string) error {
		return &InputError{Kind: ErrPool, What: "printed HI", Value: value, Reason: reason}
	}
	switch {
	case hi.Decimals < 0 || hi.Decimals > MaxDecimals || hi.Rounding < ledger.RoundHalfUp || hi.Rounding > ledger.RoundDown:
		return refuse(hi.Rounding.String(), "0 to 18 decimals and a rounding rule")
	case p.Days < 1:
		return refuse("", "the pool does not say how many days the period has")
	case p.Rounding.LeftoverTo == "":
		return refuse("", "nobody is named to receive what is left over")
	case p.Rounding.Rule == LargestRemainder:
		return refuse(p.Rounding.Rule.String(), "shares out the exact sum, which a printed HI does not give")
	case p.Risk.net().Sign() != 0 || p.Hibah.Sign() != 0 || len(p.Carried) > 0:
		return refuse("", "does not go with a risk reserve that moves, hibah or losses carried")
	}
	return nil
}

// printedQuota is nisbah x printed HI / 1000 x days / days of the period, in steps.
func (s *Shares) printedQuota() (quota, error) {
	hi, t := s.pool.Rounding.PrintedHI, &s.terms
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(hi.Decimals)), nil))
	perDay := make([]*big.Rat, len(t.nisbah))
	for i := range perDay {
		exact := HI1000(s.Income(i), t.held[i], s.pool.Days).Exact()
		printed, err := ledger.Round(exact.Mul(exact, scale), ledger.Minor(1), hi.Rounding)
		if err != nil {
			return quota{}, &InputError{Kind: ErrPool, What: "printed HI", Reason: err.Error()}
		}
		perDay[i] = new(big.Rat).Quo(ratOf(printed), scale)
		perDay[i].Mul(perDay[i], t.nisbah[i]).Quo(perDay[i], big.NewRat(1000*int64(s.pool.Days), 1))
	}
	q := quota{days: t.days, first: commonDenominator(perDay), second: big.NewInt(s.pool.Rounding.Step.Minor()), total: new(big.Int)}
	for i, r := range perDay {
		n := new(big.Int).Quo(q.first, r.Denom())
		q.perTerm = append(q.perTerm, n.Mul(n, r.Num()))
		q.total.Add(q.total, new(big.Int).Mul(n, t.days[i]))
	}
	q.reduce()
	return q, nil
}
