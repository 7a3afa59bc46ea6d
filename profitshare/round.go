package profitshare

import (
	"fmt"
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
)

// round turns every account's exact share into money by the pool's one rule.
func (s *Shares) round(d divider) {
	rule, step := s.pool.Rounding.Rule, s.pool.Rounding.Step.Minor()
	productOf := s.products()
	stakes := s.pool.Stakes
	s.gross = make([]ledger.Money, len(stakes))
	if rule == LargestRemainder {
		d.keep(len(stakes))
	}
	sliced := s.accounts < len(stakes)
	var steps int64
	for i := 0; i < len(stakes); {
		own := stakes[i : i+1]
		if sliced {
			own = firstAccount(stakes[i:])
		}
		whole, left := d.divide(i, own)
		if rule == MemberUp && left != restNone || rule == MemberHalfUp && left == restHalfOrMore {
			whole++
		}
		steps += whole
		s.gross[i] = ledger.Minor(whole * step)
		total := &s.Products[productOf[own[0].Term]]
		total.Accounts++
		total.Gross = total.Gross.Add(s.gross[i])
		i += len(own)
	}
	if due := ceiling(s.claims.members, step); rule == LargestRemainder {
		s.giveRemainder(d, productOf, int(due-steps))
		steps = due
	}
	for i := range s.Products {
		s.Members = s.Members.Add(s.Products[i].Gross)
	}
	if s.Members.Minor() != steps*step {
		panic(fmt.Sprintf("profitshare: payouts add up to %s, not %d steps of %d", s.Members, steps, step))
	}
}

// products lists the products of the terms and returns which one each term is of.
func (s *Shares) products() []int {
	index := make(map[string]int)
	productOf := make([]int, len(s.pool.Terms))
	for i, term := range s.pool.Terms {
		if _, known := index[term.Product]; !known {
			index[term.Product] = len(s.Products)
			s.Products = append(s.Products, ProductTotal{Product: term.Product})
		}
		productOf[i] = index[term.Product]
		total := &s.Products[productOf[i]]
		total.Days = total.Days.Add(s.terms.held[i])
	}
	return productOf
}

// settle lets the manager keep, or bear, what the payouts leave of the result.
func (s *Shares) settle() {
	step := s.pool.Rounding.Step.Minor()
	s.Own = halfUp(s.claims.own, step)
	due := ledger.Minor(ceiling(s.claims.members, step) * step)
	if s.Members.Less(due) { // cut by MemberDown or MemberHalfUp
		s.Leftover = due.Sub(s.Members)
	}
	s.Manager = s.pool.Result.Sub(s.Own).Sub(s.pool.Equalisation.net()).Sub(s.pool.Risk.net()).Sub(s.Members).Sub(s.Leftover).Sub(s.Restored())
}

// ceiling returns exact in whole steps, rounded up; exact is not negative.
func ceiling(exact *big.Rat, step int64) int64 {
	divisor := new(big.Int).Mul(exact.Denom(), big.NewInt(step))
	steps, left := new(big.Int).QuoRem(exact.Num(), divisor, new(big.Int))
	return steps.Int64() + int64(left.Sign())
}

// halfUp rounds to the step; its callers know that the result fits.
func halfUp(exact *big.Rat, step int64) ledger.Money {
	rounded, err := ledger.Round(exact, ledger.Minor(step), ledger.RoundHalfUp)
	if err != nil {
		panic("profitshare: " + err.Error())
	}
	return rounded
}

// giveRemainder adds one step to each of the count shares with the largest
// rests, the smaller account first where rests are equal.
func (s *Shares) giveRemainder(d divider, productOf []int, count int) {
	if count < 0 || count > s.accounts {
		panic(fmt.Sprintf("profitshare: %d steps left over for %d accounts", count, s.accounts))
	}
	stakes := s.pool.Stakes
	order := make([]int32, 0, s.accounts)
	for i := range stakes {
		if i == 0 || s.accounts == len(stakes) || stakes[i-1].Account != stakes[i].Account {
			order = append(order, int32(i))
		}
	}
	selectFirst(order, count, func(a, b int32) bool {
		if by := d.compare(int(a), int(b)); by != 0 {
			return by > 0
		}
		return a < b
	})
	for _, i := range order[:count] {
		s.gross[i] = s.gross[i].Add(s.pool.Rounding.Step)
		total := &s.Products[productOf[stakes[i].Term]]
		total.Gross = total.Gross.Add(s.pool.Rounding.Step)
	}
}

// selectFirst moves the count elements that come first to the front, in any
// order: a quickselect whose pivot is the median of three. before is a strict
// total order, so which elements come first does not depend on the pivots.
func selectFirst(order []int32, count int, before func(a, b int32) bool) {
	for len(order) > 1 && count > 0 && count < len(order) {
		a, b, c := order[0], order[len(order)/2], order[len(order)-1]
		if before(b, a) {
			a, b = b, a
		}
		if before(c, b) {
			b = c
			if before(b, a) {
				b = a
			}
		}
		i, j := 0, len(order)-1
		for i <= j {
			for before(order[i], b) {
				i++
			}
			for before(b, order[j]) {
				j--
			}
			if i <= j {
				order[i], order[j] = order[j], order[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case count <= j:
			order = order[:j+1]
		case count >= i:
			order, count = order[i:], count-i
		default:
			return
		}
	}
}
