package ledger

import (
	"fmt"
	"math/big"
	"math/bits"
	"sort"
)

// Allocate splits total over weights in multiples of step by the largest
// remainder: each part is its exact share rounded down to the step, and the
// steps left over go one each to the parts with the largest remainders, the
// earlier position first where remainders are equal. The parts add up to total
// exactly, and each lies within one step of its exact share.
//
// Weights must not be negative and not all zero; step must be above zero and
// total a multiple of it; a negative total is split as the mirror of its
// positive. A weight of zero gets nothing. Errors match [ErrAllocate].
func Allocate(total, step Money, weights []*big.Rat) ([]Money, error) {
	split := AllocateError{Total: total, Step: step, Weight: -1}
	if err := split.check(); err != nil {
		return nil, err
	}
	scaled, whole, err := split.commonScale(weights)
	if err != nil {
		return nil, err
	}
	// Part i is the quotient of steps * scaled[i] / whole. All remainders have
	// the one denominator whole, so they compare as whole numbers.
	steps := big.NewInt(total.Abs().minor / step.minor)
	left := steps.Int64()
	parts := make([]Money, len(weights))
	rests := make([]*big.Int, len(weights))
	for i, weight := range scaled {
		share := new(big.Int).Mul(steps, weight)
		share, rests[i] = share.QuoRem(share, whole, new(big.Int))
		parts[i].minor = share.Int64()
		left -= parts[i].minor
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return rests[order[a]].Cmp(rests[order[b]]) > 0 })
	for _, i := range order[:left] {
		parts[i].minor++
	}
	return inSteps(parts, step, total), nil
}

// commonScale turns weights into whole numbers in the same proportions, and
// their sum.
func (e AllocateError) commonScale(weights []*big.Rat) (scaled []*big.Int, whole *big.Int, err error) {
	common, shared := big.NewInt(1), new(big.Int) // the least common denominator
	for i, w := range weights {
		if w == nil || w.Sign() < 0 {
			return nil, nil, e.because(i, "is missing or negative")
		}
		if !w.IsInt() {
			shared.GCD(nil, nil, common, w.Denom())
			common.Mul(common, new(big.Int).Quo(w.Denom(), shared))
		}
	}
	whole = new(big.Int)
	scaled = make([]*big.Int, len(weights))
	for i, w := range weights {
		factor := new(big.Int).Quo(common, w.Denom())
		scaled[i] = factor.Mul(factor, w.Num())
		whole.Add(whole, scaled[i])
	}
	if whole.Sign() == 0 {
		return nil, nil, e.because(-1, "the weights add up to zero")
	}
	return scaled, whole, nil
}

// AllocateInts splits as [Allocate] does, over whole weights such as
// balance-days or shares held. It is made for a month's distribution to very
// many members: it computes in 128 bits and does not sort.
func AllocateInts(total, step Money, weights []int64) ([]Money, error) {
	split := AllocateError{Total: total, Step: step, Weight: -1}
	if err := split.check(); err != nil {
		return nil, err
	}
	whole, carry := uint64(0), uint64(0)
	for i, w := range weights {
		if w < 0 {
			return nil, split.because(i, "is missing or negative")
		}
		if whole, carry = bits.Add64(whole, uint64(w), 0); carry != 0 {
			return allocateWide(total, step, weights)
		}
	}
	if whole == 0 {
		return nil, split.because(-1, "the weights add up to zero")
	}
	steps := uint64(total.Abs().minor / step.minor)
	left := steps
	parts := make([]Money, len(weights))
	rests := make([]uint64, len(weights))
	for i, w := range weights {
		quotient, rest := mulDiv(steps, uint64(w), whole)
		parts[i].minor, rests[i] = int64(quotient), rest
		left -= quotient
	}
	if left > 0 {
		addLargest(parts, rests, int(left), whole)
	}
	return inSteps(parts, step, total), nil
}

// addLargest adds one step each to the left parts with the largest remainders,
// the earlier position first where they are equal.
func addLargest(parts []Money, rests []uint64, left int, bound uint64) {
	least, ties := topThreshold(rests, left, bound)
	for i, rest := range rests {
		switch {
		case rest > least:
			parts[i].minor++
		case rest == least && ties > 0:
			parts[i].minor++
			ties--
		}
	}
}

// allocateWide is for weights whose sum does not fit 64 bits.
func allocateWide(total, step Money, weights []int64) ([]Money, error) {
	rationals := make([]*big.Rat, len(weights))
	for i, w := range weights {
		rationals[i] = new(big.Rat).SetInt64(w)
	}
	return Allocate(total, step, rationals)
}

// inSteps turns numbers of steps into amounts with the sign of total.
func inSteps(parts []Money, step, total Money) []Money {
	size := step.minor
	if total.minor < 0 {
		size = -size
	}
	for i := range parts {
		parts[i].minor *= size
	}
	return parts
}

// AllocateError says which split cannot be made and why. It matches [ErrAllocate].
type AllocateError struct {
	Total, Step Money
	Weight      int // the position of the faulty weight, -1 if it is not about one
	Reason      string
}

// Error says what cannot be split, and why, in one line.
func (e *AllocateError) Error() string {
	if e.Weight >= 0 {
		return fmt.Sprintf("ledger: cannot allocate %s in steps of %s: weight %d %s", e.Total, e.Step, e.Weight, e.Reason)
	}
	return fmt.Sprintf("ledger: cannot allocate %s in steps of %s: %s", e.Total, e.Step, e.Reason)
}

// Is reports whether target is [ErrAllocate].
func (e *AllocateError) Is(target error) bool { return target == ErrAllocate }

// because returns e with the fault; weight is -1 if it is not about one.
func (e AllocateError) because(weight int, reason string) error {
	e.Weight, e.Reason = weight, reason
	return &e
}

// check judges total and step.
func (e AllocateError) check() error {
	switch {
	case !e.Total.valid():
		return e.because(-1, "the total is not an amount")
	case !e.Step.valid() || e.Step.minor <= 0:
		return e.because(-1, "the step is not above zero")
	case e.Total.minor%e.Step.minor != 0:
		return e.because(-1, "the total is not a multiple of the step")
	}
	return nil
}
