package ledger

import (
	"fmt"
	"math/big"
	"sort"
)

// Allocate splits total over weights in multiples of step by the largest
// remainder: each part is its exact share rounded down to the step, and the
// steps left over go one each to the parts with the largest remainders, the
// earlier position first where remainders are equal. The parts add up to total
// exactly, and each lies within one step of its exact share.
//
// Weights must not be negative and not all zero; total must be a multiple of
// step; a negative total is split as its mirror. A weight of zero gets nothing.
// Errors match [ErrAllocate].
func Allocate(total, step Money, weights []*big.Rat) ([]Money, error) {
	if err := checkAllocation(total, step); err != nil {
		return nil, err
	}
	whole := new(big.Rat)
	for i, w := range weights {
		if w == nil || w.Sign() < 0 {
			return nil, fmt.Errorf("%w: weight %d is negative or missing", ErrAllocate, i)
		}
		whole.Add(whole, w)
	}
	if whole.Sign() == 0 {
		return nil, fmt.Errorf("%w: the weights add up to zero", ErrAllocate)
	}
	steps := new(big.Rat).SetInt64(total.Abs().minor / step.minor)
	perWeight := steps.Quo(steps, whole)

	parts := make([]int64, len(weights))
	rests := make([]*big.Rat, len(weights))
	left := total.Abs().minor / step.minor
	for i, w := range weights {
		share := new(big.Rat).Mul(perWeight, w)
		down := new(big.Int).Quo(share.Num(), share.Denom())
		parts[i] = down.Int64()
		rests[i] = share.Sub(share, new(big.Rat).SetInt(down))
		left -= parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return rests[order[a]].Cmp(rests[order[b]]) > 0 })
	for _, i := range order[:left] {
		parts[i]++
	}
	return inSteps(parts, step, total.Sign()), nil
}

func checkAllocation(total, step Money) error {
	switch {
	case total.Err() != nil:
		return fmt.Errorf("%w: total: %w", ErrAllocate, total.Err())
	case step.Err() != nil || step.minor <= 0:
		return fmt.Errorf("%w: step %s is not above zero", ErrAllocate, step)
	case total.minor%step.minor != 0:
		return fmt.Errorf("%w: total %s is not a multiple of the step %s", ErrAllocate, total, step)
	}
	return nil
}

func inSteps(parts []int64, step Money, sign int) []Money {
	amounts := make([]Money, len(parts))
	for i, n := range parts {
		amounts[i] = Money{n * step.minor}
		if sign < 0 {
			amounts[i] = amounts[i].Neg()
		}
	}
	return amounts
}
