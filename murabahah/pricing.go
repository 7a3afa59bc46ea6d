package murabahah

import (
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

// Pricing is how a cooperative comes to the margin that it offers. The akad
// knows nothing of it: there the margin is an amount, fixed for good, whatever
// rate it came from.
type Pricing struct {
	Financed    ledger.Money    // cost less down payment, above zero
	Rate        decimal.Decimal // ratio a period: 0.01 is one percent of the principal
	Instalments int             // 1 to [MaxInstalments]
	// Grace is the number of periods before the first instalment in which
	// nothing is paid. They can be priced before the akad and never after it.
	Grace    int
	Step     ledger.Money
	Rounding ledger.Rounding
}

// Flat returns rate x financed x all periods.
func (p Pricing) Flat() (ledger.Money, error) { return p.periods(int64(p.Instalments+p.Grace), 1) }

// Average returns the margin of a plan with equal principal whose margin is
// rate x principal still open, to be shown in equal parts:
// rate x financed x (n+1)/2, and all of the financed in each period of grace.
func (p Pricing) Average() (ledger.Money, error) {
	return p.periods(int64(p.Instalments+1+2*p.Grace), 2)
}

func (p Pricing) periods(num, den int64) (ledger.Money, error) {
	if err := p.check(); err != nil {
		return ledger.Money{}, err
	}
	exact := new(big.Rat).SetInt64(p.Financed.Minor())
	exact.Mul(exact, p.Rate.Rat()).Mul(exact, big.NewRat(num, den))
	return p.round(exact)
}

// Annuity returns the margin of equal instalments at the rate: n x the
// instalment, rounded once, less the financed.
func (p Pricing) Annuity() (ledger.Money, error) {
	if err := p.check(); err != nil {
		return ledger.Money{}, err
	}
	financed := new(big.Rat).SetInt64(p.Financed.Minor())
	if p.Rate.IsZero() {
		return ledger.Money{}, nil
	}
	rate := p.Rate.Rat()
	growth := new(big.Rat).Add(rate, big.NewRat(1, 1))
	power := func(n int) *big.Rat {
		return new(big.Rat).SetFrac(new(big.Int).Exp(growth.Num(), big.NewInt(int64(n)), nil), new(big.Int).Exp(growth.Denom(), big.NewInt(int64(n)), nil))
	}
	// Instalment = financed x (1+r)^grace x r / (1 - (1+r)^-n).
	n := power(p.Instalments)
	instalment := new(big.Rat).Mul(financed, rate)
	instalment.Mul(instalment, power(p.Grace)).Mul(instalment, n).Quo(instalment, new(big.Rat).Sub(n, big.NewRat(1, 1)))
	total := instalment.Mul(instalment, new(big.Rat).SetInt64(int64(p.Instalments)))
	return p.round(total.Sub(total, financed))
}

// CostRecovery returns the margin that covers a year's running costs by the
// goods' part of the year's financing, and adds a profit: cost x costs /
// financing + cost x profit. It looks at Financed, Step and Rounding alone.
func (p Pricing) CostRecovery(yearlyCosts, yearlyFinancing ledger.Money, profit decimal.Decimal) (recovery, margin ledger.Money, err error) {
	p.Rate, p.Instalments, p.Grace = profit, 1, 0
	if err := p.check(); err != nil {
		return recovery, margin, err
	}
	if yearlyCosts.Err() != nil || yearlyFinancing.Err() != nil || yearlyCosts.Sign() < 0 || yearlyFinancing.Sign() <= 0 {
		return recovery, margin, refuse(ErrAmount, "pricing.amount", "", "yearly costs of %s of a financing of %s", yearlyCosts, yearlyFinancing)
	}
	exact := new(big.Rat).SetInt64(p.Financed.Minor())
	exact.Mul(exact, big.NewRat(yearlyCosts.Minor(), yearlyFinancing.Minor()))
	if recovery, err = p.round(exact); err != nil {
		return recovery, margin, err
	}
	gain, err := p.Flat()
	return recovery, recovery.Add(gain), err
}

func (p Pricing) round(exact *big.Rat) (ledger.Money, error) {
	return ledger.Round(exact, p.Step, p.Rounding)
}

func (p Pricing) check() error {
	switch why := checkRate(p.Rate); {
	case p.Financed.Err() != nil || p.Financed.Sign() <= 0:
		return refuse(ErrAmount, "pricing.amount", "", "what is financed, %s, is not above zero", p.Financed)
	case why != "":
		return refuse(ErrTerms, "pricing.rate", "", "%s", why)
	case p.Instalments < 1 || p.Instalments > MaxInstalments || p.Grace < 0 || p.Grace > MaxPeriods:
		return refuse(ErrTerms, "pricing.periods", "", "%d instalments after %d periods of grace", p.Instalments, p.Grace)
	}
	return nil
}
