package profitshare

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Stake is the capital of one account in the pool over the period, or over a
// slice of it: an account whose nisbah changed within the period, or whose
// balance lies in several bands of a ladder, has one stake for each, and its
// share is rounded once over all of them.
type Stake struct {
	Account string
	Term    int                // index into Pool.Terms
	Days    ledger.BalanceDays // not negative; see Weigh for other measures than the daily balance
}

// Term is what the akad gives to the stakes under it. Many accounts share one
// term; an account with a special nisbah has a term of its own.
type Term struct {
	Product string
	// Nisbah is the member's part of the result, above 0 and at most 1 (0.40
	// for 40:60). It is a part of the result, never a rate on the capital
	// (DSN-MUI 115/2017, unconfirmed).
	Nisbah decimal.Decimal
	// Weight is the product's weight (bobot), announced before the period,
	// above 0; 1 where products are not weighted. Only the proportion between
	// weights counts.
	Weight decimal.Decimal
}

// Rule names how an account's exact share becomes money. There is no default:
// the zero value is refused.
type Rule uint8

const (
	// MemberUp rounds every share up: the member's right is never cut. The
	// manager bears the difference, less than one step an account.
	MemberUp Rule = iota + 1
	// MemberHalfUp rounds every share to the nearest step, halves up.
	MemberHalfUp
	// MemberDown cuts every share to whole steps.
	MemberDown
	// LargestRemainder cuts every share to whole steps and gives the steps that
	// are left to the accounts with the largest rests, the smaller account
	// number first where rests are equal. It is the only rule by which two
	// accounts with equal stakes may differ, by one step.
	LargestRemainder
)

// String returns the rule's name.
func (r Rule) String() string {
	names := [...]string{"none", "member_up", "member_half_up", "member_down", "largest_remainder"}
	if int(r) < len(names) {
		return names[r]
	}
	return fmt.Sprintf("Rule(%d)", uint8(r))
}

// Rounding is the one place where a share is rounded.
type Rounding struct {
	Rule Rule `json:"rule"`
	// Step is the smallest unit of a payout in minor units, above zero:
	// ledger.IDR.Of(1) for whole rupiah.
	Step ledger.Money `json:"step"`
	// LeftoverTo names who receives what MemberHalfUp and MemberDown leave over
	// ("benevolent fund", "members' pool of next month"); those two rules need
	// it, for what members are due never silently becomes the manager's.
	LeftoverTo string `json:"leftover_to,omitempty"`
	// PrintedHI pays from rounded HI-1000 figures; nil, the default, never lets a
	// display feed money.
	PrintedHI *PrintedHI `json:"printed_hi,omitempty"`
}

// Pool is all that one distribution depends on. The same pool gives the same
// payouts to the minor unit, in whatever order its stakes stand.
type Pool struct {
	// Result is what there is to share, in minor units: the income received in
	// the period on the pool's accounts. At or below zero nothing is shared.
	Result ledger.Money
	// Split is the part of Result that the stakes earned; the zero value is all
	// of it (SplitWhole).
	Split Split
	// Equalisation is the profit equalisation reserve (PER), moved before the nisbah.
	Equalisation Reserve
	// Risk is the investment risk reserve (IRR), moved out of the members' part, after the nisbah.
	Risk Reserve
	// Hibah is the manager's gift to the members out of its own part, spread as
	// their shares are. It changes no nisbah.
	Hibah ledger.Money
	// Carried is the losses that accounts carry. Their stakes' income restores
	// them first, and only the rest is shared by nisbah; see [ShareLoss].
	Carried  []Carried
	Terms    []Term
	Stakes   []Stake
	Rounding Rounding
	Days     int // of the period; only Rounding.PrintedHI asks for it
}

// tally is a pool's stakes by account, counted up.
type tally struct {
	stakes   []Stake
	accounts int
	days     []ledger.BalanceDays // per term
}

// count checks the stakes and adds them up. Stakes that do not stand by
// account are sorted on a copy.
func (p *Pool) count() (tally, error) {
	t, sorted, err := p.countSorted(p.Stakes)
	if err == nil && !sorted {
		stakes := slices.Clone(p.Stakes)
		slices.SortFunc(stakes, byAccount)
		t, _, err = p.countSorted(stakes)
	}
	return t, err
}

// countSorted is one pass over stakes; it stops and reports false where they
// do not stand by account.
func (p *Pool) countSorted(stakes []Stake) (t tally, sorted bool, err error) {
	t = tally{stakes: stakes, days: make([]ledger.BalanceDays, len(p.Terms))}
	before := ""
	for i := range stakes {
		s := &stakes[i]
		switch {
		case s.Account == "":
			return t, true, &InputError{Kind: ErrPool, What: "stake", Reason: "no account"}
		case uint(s.Term) >= uint(len(t.days)):
			return t, true, stakeError(s, fmt.Sprintf("term %d", s.Term), fmt.Sprintf("the pool has %d terms", len(p.Terms)))
		case s.Days.Sign() == 0 && s.Days.Err() != nil:
			return t, true, stakeError(s, "", s.Days.Err().Error())
		case s.Days.Sign() < 0:
			return t, true, stakeError(s, s.Days.String()+" balance-days", "below zero")
		}
		if order := strings.Compare(before, s.Account); order < 0 {
			t.accounts++
			before = s.Account
		} else if order > 0 {
			return t, false, nil
		} else if other := stakes[i-1].Term; other != s.Term && p.Terms[other].Product != p.Terms[s.Term].Product {
			return t, true, stakeError(s, p.Terms[other].Product+" and "+p.Terms[s.Term].Product, "one account in two products")
		}
		t.days[s.Term] = t.days[s.Term].Add(s.Days)
	}
	for i := range t.days {
		if err := t.days[i].Err(); err != nil {
			return t, true, &InputError{Kind: ErrPool, What: named("stakes of product", p.Terms[i].Product), Reason: err.Error()}
		}
	}
	return t, true, nil
}

func byAccount(a, b Stake) int { return strings.Compare(a.Account, b.Account) }

func stakeError(s *Stake, value, reason string) error {
	return &InputError{Kind: ErrPool, What: named("stake of account", s.Account), Value: value, Reason: reason}
}

// check refuses what is wrong with the pool apart from its stakes.
func (p *Pool) check() error {
	if err := p.Result.Err(); err != nil {
		return &InputError{Kind: ErrPool, What: "result", Reason: err.Error()}
	}
	if p.Split.part != nil && p.Split.total != p.Result {
		return amountError(ErrPool, "result", p.Result, "the split was made for").against(p.Split.total)
	}
	if err := p.Rounding.check(); err != nil {
		return err
	}
	if err := p.Equalisation.check("profit equalisation reserve"); err != nil {
		return err
	}
	if err := p.Risk.check("investment risk reserve"); err != nil {
		return err
	}
	if err := p.checkCarried(); err != nil {
		return err
	}
	if err := p.checkPrintedHI(); err != nil {
		return err
	}
	if p.Hibah.Err() != nil || p.Hibah.Sign() < 0 {
		return amountError(ErrReserve, "hibah", p.Hibah, "not zero or above")
	}
	return nil
}

func (r Rounding) check() error {
	switch {
	case r.Rule < MemberUp || r.Rule > LargestRemainder:
		return &InputError{Kind: ErrPool, What: "rounding", Value: r.Rule.String(), Reason: "not a rule"}
	case r.Step.Err() != nil || r.Step.Sign() <= 0:
		return amountError(ErrPool, "rounding step", r.Step, "not above zero")
	case (r.Rule == MemberHalfUp || r.Rule == MemberDown) && r.LeftoverTo == "":
		return &InputError{Kind: ErrPool, What: "rounding", Value: r.Rule.String(), Reason: "nobody is named to receive what is left over"}
	}
	return nil
}

// ratios returns the exact nisbah and weight of every term.
func ratios(terms []Term) (nisbah, weight []*big.Rat, err error) {
	for _, term := range terms {
		n, reason := exactRatio(term.Nisbah)
		if reason == "" && (n.Sign() <= 0 || n.Cmp(one()) > 0) {
			reason = "a nisbah is above 0 and at most 1"
		}
		if reason != "" {
			return nil, nil, &InputError{Kind: ErrPool, What: named("nisbah of product", term.Product),
				Value: clipDecimal(term.Nisbah), Reason: reason, Source: "DSN-MUI 115/2017"}
		}
		w, reason := exactRatio(term.Weight)
		if reason == "" && w.Sign() <= 0 {
			reason = "a weight is above 0; 1 where products are not weighted"
		}
		if reason != "" {
			return nil, nil, &InputError{Kind: ErrPool, What: named("weight of product", term.Product),
				Value: clipDecimal(term.Weight), Reason: reason}
		}
		nisbah, weight = append(nisbah, n), append(weight, w)
	}
	return nisbah, weight, nil
}
