package profitshare

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Tiering names the mechanics of a ladder.
type Tiering uint8

const (
	// ByLevel puts the whole balance under the terms of the rung it reaches.
	ByLevel Tiering = iota + 1
	// ByBand puts each slice of the balance under the terms of its own rung.
	ByBand
)

// Rung is one tier of a ladder.
type Rung struct {
	From ledger.Money // average balance at which the rung begins, minor units
	Term int          // index into Pool.Terms
}

// Ladder is a tiered nisbah or weight by average balance, stated up front in
// the akad (multi-nisbah, DSN-MUI 115/2017, unconfirmed). The first rung begins
// at zero and each next one higher.
type Ladder struct {
	Tiering Tiering
	Rungs   []Rung
	// Minimum is the average balance below which an account earns nothing, in
	// minor units. Such an account holds no stake at all: its balance takes no
	// part in the sharing, so its share falls to no one in particular.
	Minimum ledger.Money
}

// Stakes returns the stakes of one account with the given balance-days over a
// period of so many days. Stakes by band add up to the account's days exactly.
// It returns none for an account without a balance or below the minimum.
// Errors match [ErrTier].
func (l Ladder) Stakes(account string, held ledger.BalanceDays, days int) ([]Stake, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if days < 1 || held.Sign() < 0 {
		return nil, &InputError{Kind: ErrTier, What: named("account", account),
			Value: fmt.Sprintf("%s balance-days over %d days", held, days), Reason: "balance or period below zero"}
	}
	if held.Sign() == 0 || l.Minimum.Sign() > 0 && above(held, l.Minimum, days).Sign() < 0 {
		return nil, nil
	}
	if l.Tiering == ByLevel {
		term := l.Rungs[0].Term
		for _, rung := range l.Rungs {
			if above(held, rung.From, days).Sign() >= 0 {
				term = rung.Term
			}
		}
		return []Stake{{Account: account, Term: term, Days: held}}, nil
	}
	var stakes []Stake
	for i, rung := range l.Rungs {
		slice := above(held, rung.From, days)
		if slice.Sign() <= 0 {
			break
		}
		if i+1 < len(l.Rungs) && above(held, l.Rungs[i+1].From, days).Sign() > 0 {
			slice = l.Rungs[i+1].From.Sub(rung.From).Over(days)
		}
		stakes = append(stakes, Stake{Account: account, Term: rung.Term, Days: slice})
	}
	return stakes, nil
}

// above returns by how much held exceeds an average balance; negative if it does not.
func above(held ledger.BalanceDays, average ledger.Money, days int) ledger.BalanceDays {
	return held.Add(average.Over(-days))
}

func (l Ladder) check() error {
	refuse := func(value, reason string) error {
		return &InputError{Kind: ErrTier, What: "ladder", Value: value, Reason: reason}
	}
	switch {
	case l.Tiering != ByLevel && l.Tiering != ByBand:
		return refuse(fmt.Sprintf("Tiering(%d)", uint8(l.Tiering)), "neither by level nor by band")
	case len(l.Rungs) == 0:
		return refuse("", "no rungs")
	case !l.Rungs[0].From.IsZero():
		return amountError(ErrTier, "ladder", l.Rungs[0].From, "the first rung does not begin at zero")
	case l.Minimum.Err() != nil || l.Minimum.Sign() < 0:
		return amountError(ErrTier, "ladder", l.Minimum, "the minimum is not zero or above")
	}
	for i, rung := range l.Rungs {
		if rung.From.Err() != nil || i > 0 && !l.Rungs[i-1].From.Less(rung.From) {
			return amountError(ErrTier, "ladder", rung.From, fmt.Sprintf("rung %d does not begin above the one before", i+1))
		}
	}
	return nil
}
