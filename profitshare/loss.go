package profitshare

import (
	"math/big"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// LossPool is a pool's loss and the capital that bears it: what is left of it
// after the income of the period, which bears a loss first.
type LossPool struct {
	Amount  ledger.Money // minor units, above zero
	Reserve ledger.Money // what stands in the investment risk reserve, which bears it next
	Own     ledger.Money // the cooperative's own money in the pool
	// Capital is what each account has invested when the loss is borne. Nisbah
	// and weights play no part: profit is shared as agreed, loss by capital.
	Capital []Capital
	Step    ledger.Money // the smallest unit, above zero
}

// Capital is one account's invested balance, not below zero.
type Capital struct {
	Account string
	Balance ledger.Money
}

// RuleLoss: the owner of the capital bears its loss, unless the manager was at fault.
const RuleLoss = "DSN-MUI 115/2017, PSAK 405"

// LossShares is a loss divided. Reserve + Own + Members = Amount.
type LossShares struct {
	Reserve ledger.Money
	Own     ledger.Money
	Members ledger.Money
	Parts   []Carried // what each account bears, by account; zeros left out
}

// ShareLoss divides a loss: the risk reserve first, then all capital in the
// pool pro rata to its balances, own funds too, by largest remainder with the
// smaller account first where rests are equal. A loss beyond reserve and
// capital is refused, for nobody bears more than what was invested. Errors
// match [ErrLoss].
func ShareLoss(l LossPool) (LossShares, error) {
	capital, total, err := l.check()
	if err != nil {
		return LossShares{}, err
	}
	s := LossShares{Reserve: l.Amount.Min(l.Reserve)}
	rest := l.Amount.Sub(s.Reserve)
	if rest.IsZero() {
		return s, nil
	}
	all := total.Add(l.Own)
	if all.Less(rest) {
		return LossShares{}, amountError(ErrLoss, "loss", rest, "more than the capital that bears it,").against(all)
	}
	own := new(big.Rat).Mul(ratOf(rest), new(big.Rat).Quo(ratOf(l.Own), ratOf(all)))
	s.Own = halfUp(own, l.Step.Minor()).Min(l.Own)
	if l.Own.Sign() > 0 && total.Less(rest.Sub(s.Own)) { // rounding may not leave members more than they have
		s.Own = rest.Sub(total)
	}
	s.Members = rest.Sub(s.Own)
	if s.Members.IsZero() {
		return s, nil
	}
	weights := make([]int64, len(capital))
	for i, c := range capital {
		weights[i] = c.Balance.Minor()
	}
	parts, err := ledger.AllocateInts(s.Members, l.Step, weights)
	if err != nil {
		return LossShares{}, &InputError{Kind: ErrLoss, What: "loss", Amount: &l.Amount, Reason: err.Error()}
	}
	for i, part := range parts {
		if capital[i].Balance.Less(part) {
			return LossShares{}, amountError(ErrLoss, named("loss of account", capital[i].Account), part, "the step is too coarse for its balance of").against(capital[i].Balance)
		}
		if !part.IsZero() {
			s.Parts = append(s.Parts, Carried{capital[i].Account, part})
		}
	}
	return s, nil
}

func (l *LossPool) check() ([]Capital, ledger.Money, error) {
	for _, amount := range []struct {
		what  string
		value ledger.Money
		least int64
	}{{"loss", l.Amount, 1}, {"risk reserve", l.Reserve, 0}, {"own funds", l.Own, 0}, {"step", l.Step, 1}} {
		if amount.value.Err() != nil || amount.value.Minor() < amount.least {
			return nil, ledger.Money{}, amountError(ErrLoss, amount.what, amount.value, "a loss, what bears it and its step are not below zero")
		}
	}
	capital := l.Capital
	byAccount := func(a, b Capital) int { return strings.Compare(a.Account, b.Account) }
	if !slices.IsSortedFunc(capital, byAccount) {
		capital = slices.Clone(capital)
		slices.SortFunc(capital, byAccount)
	}
	var total ledger.Money
	for i, c := range capital {
		switch {
		case c.Account == "" || i > 0 && capital[i-1].Account == c.Account:
			return nil, total, &InputError{Kind: ErrLoss, What: named("capital of account", c.Account), Reason: "has no account or stands twice"}
		case c.Balance.Err() != nil || c.Balance.Sign() < 0:
			return nil, total, amountError(ErrLoss, named("capital of account", c.Account), c.Balance, "not zero or above")
		}
		total = total.Add(c.Balance)
	}
	if err := total.Add(l.Own).Err(); err != nil {
		return nil, total, &InputError{Kind: ErrLoss, What: "capital", Reason: err.Error()}
	}
	return capital, total, nil
}
