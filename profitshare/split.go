package profitshare

import (
	"fmt"
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// SplitPolicy names how the pool's income is split between the members'
// syirkah funds and the cooperative's own funds. Published practice shows all
// three, with different results from the same data: choose one, disclose it
// and keep to it.
type SplitPolicy uint8

const (
	// SyirkahFirst takes financing to be made of syirkah funds as far as they
	// reach: they earn financing income x min(1, syirkah / financing). Own funds
	// earn the rest and all income from placements.
	SyirkahFirst SplitPolicy = iota + 1
	// ProRata gives all income to syirkah and own funds in proportion.
	ProRata
	// SplitWhole gives all income to the syirkah funds.
	SplitWhole
)

// String returns the policy's name.
func (p SplitPolicy) String() string {
	names := [...]string{"none", "syirkah_first", "pro_rata", "whole"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("SplitPolicy(%d)", uint8(p))
}

// Funds is a period's income by where it was earned, and the funds that earned
// it. Funds are measured in balance-days over the same days.
type Funds struct {
	FinancingIncome ledger.Money // minor units, received in the period
	PlacementIncome ledger.Money // minor units: returns on deposits elsewhere
	Financing       ledger.BalanceDays
	Syirkah         ledger.BalanceDays
	Own             ledger.BalanceDays
	// Weight is the part of the syirkah funds that could be invested, above 0
	// and at most 1; 1 where none is held back as a reserve.
	Weight decimal.Decimal
	// OwnPart is the part of Own that stands in this pool, above 0 and at most 1;
	// zero means 1, all of it.
	OwnPart decimal.Decimal
}

// Split is the part of an income that the syirkah funds earned, exact. The
// zero value is the whole of any income.
type Split struct {
	policy SplitPolicy
	total  ledger.Money
	part   *big.Rat // of total, 0 to 1
}

// Split splits the income by a policy. Financing income without financing, or
// no funds at all, cannot be split: such errors match [ErrSplit].
func (f Funds) Split(policy SplitPolicy) (Split, error) {
	total := f.FinancingIncome.Add(f.PlacementIncome)
	if err := f.check(total); err != nil {
		return Split{}, err
	}
	weight, reason := exactRatio(f.Weight)
	if reason == "" && (weight.Sign() <= 0 || weight.Cmp(one()) > 0) {
		reason = "the weight of syirkah funds is above 0 and at most 1"
	}
	if reason != "" {
		return Split{}, splitError("weight", clipDecimal(f.Weight), reason)
	}
	own, reason := exactRatio(Splitting{OwnPart: f.OwnPart}.ownPart())
	if reason == "" && (own.Sign() <= 0 || own.Cmp(one()) > 0) {
		reason = "the part of own funds in the pool is above 0 and at most 1"
	}
	if reason != "" {
		return Split{}, splitError("own part", clipDecimal(f.OwnPart), reason)
	}
	syirkah := weight.Mul(weight, ratOfDays(f.Syirkah))
	part := one()
	switch policy {
	case SyirkahFirst:
		if total.IsZero() || f.FinancingIncome.IsZero() {
			part = new(big.Rat)
			break
		}
		if f.Financing.Sign() == 0 {
			return Split{}, splitError("financing", "0", "has income but no balance")
		}
		if financed := syirkah.Quo(syirkah, ratOfDays(f.Financing)); financed.Cmp(part) < 0 {
			part = financed
		}
		part = new(big.Rat).Mul(part, big.NewRat(f.FinancingIncome.Minor(), total.Minor()))
	case ProRata:
		all := own.Add(syirkah, own.Mul(own, ratOfDays(f.Own)))
		if all.Sign() == 0 {
			return Split{}, splitError("syirkah and own funds", "0", "nothing to split by")
		}
		part = syirkah.Quo(syirkah, all)
	case SplitWhole:
	default:
		return Split{}, splitError("policy", policy.String(), "not a policy")
	}
	return Split{policy: policy, total: total, part: part}, nil
}

func (f Funds) check(total ledger.Money) error {
	for _, income := range []ledger.Money{f.FinancingIncome, f.PlacementIncome, total} {
		if income.Err() != nil || income.Sign() < 0 {
			return amountError(ErrSplit, "income", income, "not zero or above")
		}
	}
	for _, days := range []ledger.BalanceDays{f.Financing, f.Syirkah, f.Own} {
		if days.Sign() < 0 {
			return splitError("funds", days.String()+" balance-days", "below zero")
		}
	}
	return nil
}

func splitError(what, value, reason string) error {
	return &InputError{Kind: ErrSplit, What: what, Value: value, Reason: reason}
}

// Policy returns the policy of the split; SplitWhole for the zero value.
func (s Split) Policy() SplitPolicy {
	if s.part == nil {
		return SplitWhole
	}
	return s.policy
}

// Total returns the income that was split, in minor units; zero for the zero value.
func (s Split) Total() ledger.Money { return s.total }

// Syirkah returns the syirkah funds' part, exact, in minor units.
func (s Split) Syirkah() *big.Rat { return new(big.Rat).Mul(ratOf(s.total), s.ratio()) }

// Own returns the own funds' part, exact, in minor units.
func (s Split) Own() *big.Rat { return new(big.Rat).Sub(ratOf(s.total), s.Syirkah()) }

func (s Split) ratio() *big.Rat {
	if s.part == nil {
		return one()
	}
	return new(big.Rat).Set(s.part)
}
