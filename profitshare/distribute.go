package profitshare

import (
	"iter"
	"math/big"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Distribute shares a pool's result out to the accounts that hold stakes in
// it. Account a under the terms of product i, with balance-days D, is due
//
//	nisbah(a) x income x weight(i) x D(a) / sum of weight x D over all stakes
//
// where income is the result after split and equalisation reserve. Risk
// reserve and hibah change the members' part in proportion. Everything is
// exact until the one rounding of each account's share.
//
// The parts add up to the result to the minor unit, whatever the rounding:
//
//	Result = Members + Manager + Own + Leftover + PER + IRR + Restored + Unshared
//
// No income or no stakes is not an error: nothing is shared and
// [Shares.Nothing] says why. Bad input gives an [*InputError] that matches
// [ErrPool] or [ErrReserve]. The stakes are kept in the result, not copied,
// unless they had to be sorted; do not change them afterwards.
func Distribute(pool Pool) (Shares, error) { return distribute(pool, fastest) }

// Nothing says why nothing was shared.
type Nothing uint8

const (
	// SharedOut means that the result was shared.
	SharedOut Nothing = iota
	// NoIncome means that there was no result above zero to share. A loss is
	// never a negative share: capital bears it, by a decision of its own.
	NoIncome
	// NoStakes means that no account held any balance in the period.
	NoStakes
)

// String returns the reason in words.
func (n Nothing) String() string {
	return [...]string{"shared out", "no income to share", "no stakes"}[min(n, NoStakes)]
}

// Payout is what one account receives.
type Payout struct {
	Account string
	Product string
	Days    ledger.BalanceDays // all its stakes together
	Gross   ledger.Money       // before tax
	// Restored is what the account's capital gets back of the losses it
	// carries, before the nisbah; no return, and not taxed.
	Restored ledger.Money
}

// ProductTotal adds up the payouts of one product.
type ProductTotal struct {
	Product  string
	Accounts int
	Days     ledger.BalanceDays
	Gross    ledger.Money
}

// Shares is a result shared out.
type Shares struct {
	Products []ProductTotal // in the order in which the terms first name them
	Members  ledger.Money   // all payouts together
	// Manager is what is left for the manager. It is below zero where rounding
	// up gave the members more than there was: see Shortfall.
	Manager ledger.Money
	// Own is the part of the cooperative's own funds by the split, half up to the step.
	Own ledger.Money
	// Leftover is what rounding left over, owed to Rounding.LeftoverTo. Never negative.
	Leftover ledger.Money
	// Unshared is the whole result, a loss too, where nothing was shared.
	Unshared ledger.Money
	Nothing  Nothing

	pool     Pool           // its stakes by account
	accounts int            // how many accounts they belong to
	gross    []ledger.Money // beside each account's first stake, its payout
	restored *restoration   // nil where nobody carries a loss
	divider  divider        // of shares after restoration; nil for the fastest
	terms    exactTerms
	claims   claims
}

// Shortfall returns how much the manager must add from its own money because
// the shares, rounded up, come to more than the result: zero but for tiny
// results, many accounts and a nisbah near 1.
func (s *Shares) Shortfall() ledger.Money { return s.Manager.Min(ledger.Money{}).Neg() }

// Pool returns the input, its stakes by account.
func (s *Shares) Pool() Pool { return s.pool }

// Payouts runs over the payouts by account, one for each account with a stake.
// Where nothing was shared each is zero.
func (s *Shares) Payouts() iter.Seq[Payout] {
	return func(yield func(Payout) bool) {
		for i := 0; i < len(s.pool.Stakes); {
			own := firstAccount(s.pool.Stakes[i:])
			if !yield(s.payoutAt(i, own)) {
				return
			}
			i += len(own)
		}
	}
}

// Accounts returns the number of payouts.
func (s *Shares) Accounts() int { return s.accounts }

// Payout returns the payout of one account.
func (s *Shares) Payout(account string) (Payout, bool) {
	i, found := s.find(account)
	if !found {
		return Payout{}, false
	}
	return s.payoutAt(i, firstAccount(s.pool.Stakes[i:])), true
}

// find returns the place of an account's first stake.
func (s *Shares) find(account string) (int, bool) {
	return slices.BinarySearchFunc(s.pool.Stakes, Stake{Account: account}, byAccount)
}

func (s *Shares) payoutAt(i int, own []Stake) Payout {
	p := Payout{Account: own[0].Account, Product: s.pool.Terms[own[0].Term].Product, Gross: s.gross[i]}
	if s.restored != nil {
		p.Restored = s.restored.amounts[i]
	}
	for k := range own {
		p.Days = p.Days.Add(own[k].Days)
	}
	return p
}

// firstAccount returns the first stakes, those of one account.
func firstAccount(stakes []Stake) []Stake {
	n := 1
	for n < len(stakes) && stakes[n].Account == stakes[0].Account {
		n++
	}
	return stakes[:n]
}

// exactTerms is the pool's terms in whole numbers and fractions.
type exactTerms struct {
	nisbah   []*big.Rat
	weight   []*big.Int // in proportion to the weights
	held     []ledger.BalanceDays
	days     []*big.Int // held, as whole numbers
	weighted *big.Int   // sum of weight x days over all terms
}

func distribute(pool Pool, choose func(quota) divider) (Shares, error) {
	if err := pool.check(); err != nil {
		return Shares{}, err
	}
	nisbah, weight, err := ratios(pool.Terms)
	if err != nil {
		return Shares{}, err
	}
	counted, err := pool.count()
	if err != nil {
		return Shares{}, err
	}
	pool.Stakes = counted.stakes
	s := Shares{pool: pool, accounts: counted.accounts, terms: exactTerms{nisbah: nisbah, held: counted.days, weighted: new(big.Int)}}
	if len(weight) > 0 {
		s.terms.weight = proportions(weight)
	}
	for i, days := range counted.days {
		s.terms.days = append(s.terms.days, days.Big())
		s.terms.weighted.Add(s.terms.weighted, new(big.Int).Mul(s.terms.weight[i], s.terms.days[i]))
	}
	q, err := s.entitle()
	if err != nil {
		return Shares{}, err
	}
	if s.Nothing != SharedOut {
		s.Unshared = pool.Result
		s.round(nothing{})
		return s, nil
	}
	if err := s.fits(); err != nil {
		return Shares{}, err
	}
	if s.divider == nil {
		s.divider = choose(q)
	}
	s.round(s.divider)
	s.divider = nil
	s.settle()
	return s, nil
}

// entitle works out who is due what, exactly, and the quota of each account.
func (s *Shares) entitle() (quota, error) {
	p, t := &s.pool, &s.terms
	part := p.Split.ratio()
	stakes := new(big.Rat).Mul(ratOf(p.Result), part)
	s.claims.own = new(big.Rat).Sub(ratOf(p.Result), stakes)
	income := stakes.Sub(stakes, ratOf(p.Equalisation.net()))
	s.claims.income = income

	switch {
	case income.Sign() <= 0:
		s.Nothing = NoIncome
	case t.weighted.Sign() == 0:
		s.Nothing = NoStakes
	}
	if s.Nothing != SharedOut {
		s.claims.byNisbah, s.claims.members = new(big.Rat), new(big.Rat)
		if p.Equalisation.net().Sign() != 0 || p.Risk.net().Sign() != 0 || p.Hibah.Sign() != 0 {
			return quota{}, &InputError{Kind: ErrReserve, What: "reserves and hibah", Reason: "cannot move, for there is nothing to share: " + s.Nothing.String()}
		}
		return quota{}, nil
	}
	return s.claim()
}

// fits refuses a result that, rounded, could come to more than money holds.
func (s *Shares) fits() error {
	roundings := new(big.Int).Mul(big.NewInt(int64(s.accounts)), big.NewInt(s.pool.Rounding.Step.Minor()))
	most := new(big.Rat).Add(s.claims.members, new(big.Rat).SetInt(roundings))
	most.Add(most, ratOf(s.pool.Rounding.Step))
	manager := new(big.Rat).Add(new(big.Rat).Abs(s.claims.own), s.claims.income)
	if most.Add(most, manager).Cmp(big.NewRat(ledger.MaxMoney, 4)) > 0 {
		return amountError(ErrPool, "result", s.pool.Result, "the shares could exceed the largest amount")
	}
	return nil
}
