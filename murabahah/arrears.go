package murabahah

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Arrears is what a contract is behind with at the end of a day. An instalment
// is overdue once its due day has passed.
type Arrears struct {
	AsOf        ledger.Date
	Overdue     ledger.Money // at the sale price, margin included
	Instalments int          // overdue instalments, a part-paid one counted whole
	Since       ledger.Date  // due day of the oldest of them; no date if none
	Days        int          // days since then
}

// Arrears computes the arrears at the end of a day. A contract that is not
// sold has none.
func (c Contract) Arrears(asOf ledger.Date) (Arrears, error) {
	if err := asOf.Err(); err != nil {
		return Arrears{}, c.refuse(ErrDate, "arrears.date", "arrears: %v", err)
	}
	a := Arrears{AsOf: asOf}
	if c.State != Sold {
		return a, nil
	}
	err := c.instalments(func(due ledger.Date, open ledger.Money) bool {
		if !due.Before(asOf) {
			return false
		}
		if a.Instalments == 0 {
			a.Since, a.Days = due, due.DaysUntil(asOf)
		}
		a.Overdue, a.Instalments = a.Overdue.Add(open), a.Instalments+1
		return true
	})
	if err != nil {
		return Arrears{}, err
	}
	return a, nil
}

// Class is a contract's collectibility.
type Class string

const (
	Current     Class = "L"  // lancar
	Substandard Class = "KL" // kurang lancar
	Doubtful    Class = "D"  // diragukan
	Loss        Class = "M"  // macet
)

// Limits are the most overdue instalments with which a contract is still of a
// class; beyond Doubtful it is a loss.
type Limits struct{ Current, Substandard, Doubtful int }

// Class returns the class for a number of overdue instalments.
func (l Limits) Class(instalments int) Class {
	switch {
	case instalments <= l.Current:
		return Current
	case instalments <= l.Substandard:
		return Substandard
	case instalments <= l.Doubtful:
		return Doubtful
	}
	return Loss
}

// AllowanceRate is the part of an exposure to be set aside for a class.
type AllowanceRate struct {
	Rate             decimal.Decimal // ratio, 0 to 1
	DeductCollateral bool            // eligible collateral is deducted first
}

// Collectibility is the policy of classes and allowances from a day on. It is
// data for the cooperative to edit, not law.
type Collectibility struct {
	From   ledger.Date // in force from this day on
	Source string
	// Short is for plans with less than a month between instalments, Long for
	// the others: both count overdue instalments. ByDays counts the days since
	// the oldest of them, for plans of a harvest, of one instalment and by hand;
	// if it is zero they go by Long.
	Short, Long, ByDays Limits
	Rates               map[Class]AllowanceRate
	// Step and Rounding bring an allowance to money.
	Step     ledger.Money
	Rounding ledger.Rounding
}

// DefaultCollectibility returns the policy of the ministry's SOP for KJKS and
// UJKS (the limits by instalments), limits by days for plans that the SOP does
// not speak of, and the rates in use across the sector. Limits by days and rates
// are unconfirmed: have them checked against the rule in force before relying on
// them. From is the day the cooperative puts the policy in force.
func DefaultCollectibility(from ledger.Date) Collectibility {
	return Collectibility{
		From:   from,
		Source: "SOP KJKS/UJKS (limits); sector practice, unconfirmed (rates)",
		Short:  Limits{Current: 2, Substandard: 4, Doubtful: 8},
		Long:   Limits{Current: 1, Substandard: 3, Doubtful: 6},
		ByDays: Limits{Current: 90, Substandard: 180, Doubtful: 270},
		Rates: map[Class]AllowanceRate{
			Current:     {Rate: decimal.New(5, -3)},
			Substandard: {Rate: decimal.New(1, -1), DeductCollateral: true},
			Doubtful:    {Rate: decimal.New(5, -1), DeductCollateral: true},
			Loss:        {Rate: decimal.New(1, 0), DeductCollateral: true},
		},
		Step:     ledger.Minor(1),
		Rounding: ledger.RoundUp,
	}
}

// InForce returns the policy in force on a day: the latest that starts on or
// before it, in whatever order they are given; false if there is none.
func InForce(policies []Collectibility, on ledger.Date) (Collectibility, bool) {
	started := slices.DeleteFunc(slices.Clone(policies), func(p Collectibility) bool { return p.From.After(on) })
	if len(started) == 0 {
		return Collectibility{}, false
	}
	return slices.MaxFunc(started, func(a, b Collectibility) int { return a.From.Cmp(b.From) }), true
}

// Classify returns the class that arrears under a plan give.
func (p Collectibility) Classify(terms Terms, a Arrears) Class { return p.classify(terms.Plan, a) }

func (p Collectibility) classify(plan Plan, a Arrears) Class {
	rare := plan.Kind == Seasonal || plan.Kind == ByHand || plan.Count() == 1
	switch {
	case rare && p.ByDays != (Limits{}):
		return p.ByDays.Class(a.Days)
	case plan.Days > 0 && plan.Days < 28:
		return p.Short.Class(a.Instalments)
	}
	return p.Long.Class(a.Instalments)
}

// ClassOf returns a contract's class at the end of a day, and its arrears: by
// the plan in force, unless management has set another ([Judge]), which the
// ministry's SOP allows in every case.
func (p Collectibility) ClassOf(c Contract, asOf ledger.Date) (Class, Arrears, error) {
	arrears, err := c.Arrears(asOf)
	if err != nil {
		return "", Arrears{}, err
	}
	if j := c.Course.Judgment; j != nil && !j.On.After(asOf) {
		return j.Class, arrears, nil
	}
	plan := c.Terms.Plan
	if c.Course.Revision != nil {
		plan = c.Course.Revision.Plan
	}
	return p.classify(plan, arrears), arrears, nil
}

// Exposure is what an allowance is computed on.
type Exposure struct {
	Class      Class
	Net        ledger.Money // receivable less deferred margin
	Collateral ledger.Money // eligible collateral, zero or more
}

// Exposure returns the contract's receivable net of deferred margin.
func (c Contract) Exposure(class Class, collateral ledger.Money) Exposure {
	return Exposure{Class: class, Net: c.Position.Carrying(), Collateral: collateral}
}

// Allowance returns rate x exposure, less collateral where the class deducts
// it, never below zero, rounded by the policy. An unknown class, a rate outside
// 0 to 1 or an amount below zero is refused with [ErrAmount].
func (p Collectibility) Allowance(e Exposure) (ledger.Money, error) {
	rate, known := p.Rates[e.Class]
	if !known {
		return ledger.Money{}, &Refusal{Kind: ErrAmount, Code: "allowance.class", Reason: fmt.Sprintf("no allowance rate for class %q", contract.Clip(string(e.Class)))}
	}
	if reason := checkRate(rate.Rate); reason != "" || rate.Rate.Cmp(decimal.New(1, 0)) > 0 {
		return ledger.Money{}, &Refusal{Kind: ErrAmount, Code: "allowance.rate", Reason: fmt.Sprintf("allowance rate of class %s is not between 0 and 1", e.Class)}
	}
	if e.Net.Err() != nil || e.Collateral.Err() != nil || e.Net.Sign() < 0 || e.Collateral.Sign() < 0 {
		return ledger.Money{}, &Refusal{Kind: ErrAmount, Code: "allowance.amount", Reason: fmt.Sprintf("exposure %s and collateral %s must be zero or more", e.Net, e.Collateral)}
	}
	base := e.Net
	if rate.DeductCollateral {
		base = base.Sub(e.Collateral).Max(ledger.Money{})
	}
	exact := new(big.Rat).SetInt64(base.Minor())
	return ledger.Round(exact.Mul(exact, rate.Rate.Rat()), p.Step, p.Rounding)
}
