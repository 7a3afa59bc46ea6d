package financing

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// LossMethod says how a loss of a period is booked before the contract ends.
type LossMethod string

const (
	// LossAllowance sets an allowance against the investment, as PSAK 405 asks.
	LossAllowance LossMethod = "allowance"
	// LossDirect cuts the investment itself, as an older guideline for sharia
	// cooperatives (KJKS) had it.
	LossDirect LossMethod = "direct"
)

// GainMethod says what becomes of the gain when goods are handed over above
// their carrying amount. A loss is always recognised at once.
type GainMethod string

const (
	// GainDeferred spreads it over the months of the akad, as PSAK 405 asks.
	GainDeferred GainMethod = "deferred"
	// GainAtOnce is AAOIFI FAS 3: the whole difference is profit of the day.
	GainAtOnce GainMethod = "at_once"
)

// Policy is how the cooperative keeps its financing from a day on. Sources
// disagree, so it is data with a date and never a branch.
type Policy struct {
	From   ledger.Date
	Losses LossMethod
	Gains  GainMethod
	Source string // the standard or guideline
}

// Policies are a cooperative's policies, in any order. The one with the latest
// From on or before a day is in force on it.
type Policies []Policy

// PSAK405 returns the policies of the Indonesian standard for the owner of a
// mudharabah: PSAK 105 from 2008, renumbered PSAK 405 on 1 January 2024 with no
// change of substance. Both dates are unconfirmed.
func PSAK405() Policies {
	return Policies{
		{ledger.On(2008, 1, 1), LossAllowance, GainDeferred, "PSAK 105"},
		{ledger.On(2024, 1, 1), LossAllowance, GainDeferred, "PSAK 405"},
	}
}

// On returns the policy in force on a day. There being none, or one that does
// not say what it must, is refused with [ErrPolicy].
func (p Policies) On(day ledger.Date) (Policy, error) {
	var found *Policy
	for i, policy := range p {
		if !policy.From.After(day) && policy.From.Valid() && (found == nil || policy.From.After(found.From)) {
			found = &p[i]
		}
	}
	switch {
	case found == nil:
		return Policy{}, refuse(ErrPolicy, "policy.none", "", "no accounting policy is in force on %s", day)
	case !slices.Contains([]LossMethod{LossAllowance, LossDirect}, found.Losses) || !slices.Contains([]GainMethod{GainDeferred, GainAtOnce}, found.Gains):
		return Policy{}, refuse(ErrPolicy, "policy.method", "", "the accounting policy of %s has an unknown method: losses %q, gains %q",
			found.From, contract.Clip(string(found.Losses)), contract.Clip(string(found.Gains)))
	}
	return *found, nil
}
