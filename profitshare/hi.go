package profitshare

import (
	"fmt"
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
)

// Indication is a figure for information only: a return per 1,000 or a rate.
// It cannot be turned into money and nothing in this package takes one, so a
// rounded display can never feed a payout.
type Indication struct{ exact *big.Rat }

// Exact returns the unrounded figure.
func (i Indication) Exact() *big.Rat {
	if i.exact == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(i.exact)
}

// Text prints the figure with 0 to 18 decimals by a rounding rule: banks print
// two or three, some cut off and some half up.
func (i Indication) Text(decimals int, rule ledger.Rounding) (string, error) {
	if decimals < 0 || decimals > MaxDecimals {
		return "", fmt.Errorf("profitshare: an indication with %d decimals, want 0 to %d", decimals, MaxDecimals)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	scaled := new(big.Rat).Mul(i.Exact(), new(big.Rat).SetInt(scale))
	units, err := ledger.Round(scaled, ledger.Minor(1), rule)
	if err != nil {
		return "", err
	}
	return new(big.Rat).SetFrac(big.NewInt(units.Minor()), scale).FloatString(decimals), nil
}

// Basis names how a period's return is scaled to a year, where it must be
// printed beside the figure: for January the two differ, 12 against 365/31.
type Basis uint8

const (
	// Times12 takes a month for a twelfth of a year.
	Times12 Basis = iota + 1
	// Times365 multiplies by 365 / days of the period, in leap years too.
	Times365
)

// HI1000 returns the hasil investasi per 1,000: what 1,000 of average balance
// earned over the period, before the nisbah. Income is in minor units, exact;
// held is the balance-days that earned it, over a period of so many days.
// Without balance it is zero.
func HI1000(income *big.Rat, held ledger.BalanceDays, days int) Indication {
	return Indication{perBalance(income, held, days, big.NewRat(1000, 1))}
}

// EquivalentRate returns the yearly rate, in percent, to which a period's
// return comes on the average balance. It is an output only: a nisbah is never
// worked back from a wished rate. For several products together take their
// total share and total balance, never the sum of their rates.
func EquivalentRate(share *big.Rat, held ledger.BalanceDays, days int, basis Basis) Indication {
	yearly := big.NewRat(12, 1)
	if basis == Times365 {
		yearly = big.NewRat(365, int64(max(days, 1)))
	}
	return Indication{perBalance(share, held, days, yearly.Mul(yearly, big.NewRat(100, 1)))}
}

// perBalance returns amount x factor / average balance.
func perBalance(amount *big.Rat, held ledger.BalanceDays, days int, factor *big.Rat) *big.Rat {
	if held.Sign() <= 0 || days < 1 {
		return new(big.Rat)
	}
	average := new(big.Rat).Quo(ratOfDays(held), big.NewRat(int64(days), 1))
	return average.Quo(new(big.Rat).Mul(amount, factor), average)
}

// Income returns the exact part of the income that the stakes under a term
// earned, before the nisbah, in minor units.
func (s *Shares) Income(term int) *big.Rat {
	if s.Nothing != SharedOut || term < 0 || term >= len(s.terms.days) {
		return new(big.Rat)
	}
	weighted := new(big.Int).Mul(s.terms.weight[term], s.terms.days[term])
	part := new(big.Rat).SetFrac(weighted, s.terms.weighted)
	return part.Mul(part, s.claims.income)
}

// Indications returns HI-1000 and the members' equivalent rate of a term. With
// unequal weights each product has its own HI.
func (s *Shares) Indications(term, days int, basis Basis) (hi, rate Indication) {
	if term < 0 || term >= len(s.terms.days) {
		return Indication{}, Indication{}
	}
	income, held := s.Income(term), s.terms.held[term]
	member := new(big.Rat).Mul(income, s.terms.nisbah[term])
	return HI1000(income, held, days), EquivalentRate(member.Mul(member, s.claims.uplift()), held, days, basis)
}

// TermIndication is a term of a distribution with its figures for information.
type TermIndication struct {
	Term
	HI1000         Indication // what 1,000 earned in the month before the nisbah
	EquivalentRate Indication // the members' return, percent a year
}

// Indications returns the figures for information of every term, by a basis
// that must be printed beside the rate.
func (r *Result) Indications(basis Basis) []TermIndication {
	terms := r.Shares.Pool().Terms
	list := make([]TermIndication, len(terms))
	for i, term := range terms {
		hi, rate := r.Shares.Indications(i, r.Month.Days(), basis)
		list[i] = TermIndication{term, hi, rate}
	}
	return list
}
