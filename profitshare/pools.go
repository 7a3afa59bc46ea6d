package profitshare

import (
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// NamedPool is one of the pools that a cooperative shares out for one month:
// the general one, and perhaps others for members who agreed on what their
// money is used for (mudharabah muqayyadah). Each has its own result, terms,
// split, reserves and rounding.
type NamedPool struct {
	Name string
	Pool
}

// NamedShares is one of several pools shared out.
type NamedShares struct {
	Name string
	Shares
}

// MonthShares is all pools of a month shared out, with their sums. For the sums
// as for each pool:
//
//	Result = Members + Manager + Own + Leftover + Reserves + Restored + Unshared
type MonthShares struct {
	Pools  []NamedShares // in the order in which they were given
	Result ledger.Money  // of all pools, a pool's loss taken off: no pool bears another's
	// Members is all payouts, Manager and Own what is left to the cooperative as
	// manager and for its own funds; Own of each pool stands in its Shares.
	Members, Manager, Own ledger.Money
	Leftover              ledger.Money
	Reserves              ledger.Money // set aside less released, PER and IRR
	Restored              ledger.Money
	Unshared              ledger.Money // results of pools in which nothing was shared, below zero for losses
}

// DistributeAll shares out all pools of a month. No pool sees another: a share
// depends on its own pool alone, and one pool's loss is not borne by another's
// profit. A name that is missing or stands twice, or an account with stakes in
// two pools, is refused with [ErrPool]; what [Distribute] refuses is refused
// with the name of the pool in front.
func DistributeAll(pools []NamedPool) (MonthShares, error) {
	month := MonthShares{Pools: make([]NamedShares, 0, len(pools))}
	names := make(map[string]bool, len(pools))
	for _, p := range pools {
		if p.Name == "" || names[p.Name] {
			return MonthShares{}, &InputError{Kind: ErrPool, What: named("pool", p.Name), Reason: "has no name or stands twice"}
		}
		names[p.Name] = true
		s, err := Distribute(p.Pool)
		if err != nil {
			return MonthShares{}, fmt.Errorf("%s: %w", named("pool", p.Name), err)
		}
		month.Pools = append(month.Pools, NamedShares{p.Name, s})
		month.Result = month.Result.Add(p.Result)
		month.Members, month.Manager, month.Own = month.Members.Add(s.Members), month.Manager.Add(s.Manager), month.Own.Add(s.Own)
		month.Leftover, month.Unshared = month.Leftover.Add(s.Leftover), month.Unshared.Add(s.Unshared)
		if s.Nothing == SharedOut {
			month.Reserves = month.Reserves.Add(p.Equalisation.net()).Add(p.Risk.net())
			month.Restored = month.Restored.Add(s.Restored())
		}
	}
	if err := month.Result.Err(); err != nil {
		return MonthShares{}, &InputError{Kind: ErrPool, What: "result of all pools", Reason: err.Error()}
	}
	shares := make([]*Shares, len(month.Pools))
	for i := range month.Pools {
		shares[i] = &month.Pools[i].Shares
	}
	if account, a, b := inTwoPools(shares); account != "" {
		return MonthShares{}, stakesTwice(account, month.Pools[a].Name, month.Pools[b].Name)
	}
	return month, nil
}

// Payouts runs over the payouts of all pools, pool by pool, with the pool's name.
func (m *MonthShares) Payouts() iter.Seq2[string, Payout] {
	return func(yield func(string, Payout) bool) {
		for i := range m.Pools {
			for p := range m.Pools[i].Payouts() {
				if !yield(m.Pools[i].Name, p) {
					return
				}
			}
		}
	}
}

// RulePool: what an account's money is used for, and so whose income it shares,
// is agreed once and not twice.
const RulePool = "DSN-MUI 115/2017 (unconfirmed)"

func stakesTwice(account, a, b string) error {
	return &InputError{Kind: ErrPool, What: named("account", account), Source: RulePool,
		Reason: fmt.Sprintf("has stakes in pool %q and in pool %q; its money can be in one", clipText(a), clipText(b))}
}

// inTwoPools finds the first account that has stakes in two of the pools, and
// which; the account is empty for none. The stakes of each stand by account.
func inTwoPools(pools []*Shares) (account string, a, b int) {
	next := make([]int, len(pools)) // the place of each pool's first stake that is not passed yet
	for {
		least := -1
		for i, p := range pools {
			stakes := p.pool.Stakes
			if next[i] == len(stakes) {
				continue
			}
			if least < 0 || stakes[next[i]].Account < pools[least].pool.Stakes[next[least]].Account {
				least = i
				continue
			}
			if own := stakes[next[i]].Account; own == pools[least].pool.Stakes[next[least]].Account {
				return own, least, i
			}
		}
		if least < 0 {
			return "", 0, 0
		}
		next[least] += len(firstAccount(pools[least].pool.Stakes[next[least]:]))
	}
}
