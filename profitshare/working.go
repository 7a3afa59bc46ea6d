package profitshare

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Unit says what the figure of a working line counts.
type Unit uint8

const (
	// InMoney counts minor units, exact and so perhaps with a fraction.
	InMoney Unit = iota + 1
	// InBalanceDays counts minor-unit-days.
	InBalanceDays
	// InRatio is a pure number.
	InRatio
)

// WorkingLine is one step of a calculation.
type WorkingLine struct {
	Label   string // what the figure is
	Formula string // how it comes from the lines above; empty for an input
	Figure  *big.Rat
	Unit    Unit
}

// Working explains one account's share from the pool's result to the payout,
// line by line: every figure is exact, and each follows from those above it. It
// carries its inputs, and [Working.Again] computes the share from them alone.
type Working struct {
	Account string
	Lines   []WorkingLine
	Gross   ledger.Money

	inputs workingInputs
}

// workingInputs is all that one account's share depends on.
type workingInputs struct {
	result, own, reserve, weighted *big.Rat
	stakes                         []workingStake
	less                           *big.Rat // by nisbah, of the capital restored; nil for none
	before, after                  *big.Rat // the members' part; nil where they are the same
	rounding                       Rounding
	remainder                      bool     // one step more, for one of the largest rests
	printed                        *big.Rat // the share by the printed HI; nil where money is exact
}

type workingStake struct{ days, weight, nisbah *big.Rat }

// apply rounds one exact share.
func (r Rounding) apply(share *big.Rat) (ledger.Money, error) {
	rule := ledger.RoundDown
	switch r.Rule {
	case MemberUp:
		rule = ledger.RoundUp
	case MemberHalfUp:
		rule = ledger.RoundHalfUp
	}
	return ledger.Round(share, r.Step, rule)
}

// Again computes the share once more from the working's inputs, by plain
// fractions and without the pool; it gives [Working.Gross].
func (w Working) Again() (ledger.Money, error) {
	in := &w.inputs
	if in.printed != nil {
		return in.rounding.apply(in.printed)
	}
	if in.weighted == nil || in.weighted.Sign() == 0 { // nothing was shared
		return ledger.Money{}, nil
	}
	income := new(big.Rat).Sub(in.result, in.own)
	income.Sub(income, in.reserve)
	share := new(big.Rat)
	for _, s := range in.stakes {
		part := new(big.Rat).Mul(income, s.weight)
		part.Mul(part, s.days).Quo(part, in.weighted)
		share.Add(share, part.Mul(part, s.nisbah))
	}
	if in.less != nil {
		share.Sub(share, in.less)
	}
	if in.before != nil {
		share.Mul(share, in.after).Quo(share, in.before)
	}
	gross, err := in.rounding.apply(share)
	if in.remainder {
		gross = gross.Add(in.rounding.Step)
	}
	return gross, err
}

// Working returns the explanation of one account's share. It reports false if
// the account has no stake in the pool.
func (s *Shares) Working(account string) (Working, bool) {
	payout, found := s.Payout(account)
	if !found {
		return Working{}, false
	}
	w := Working{Account: account, Gross: payout.Gross, inputs: workingInputs{
		result: ratOf(s.pool.Result), own: s.claims.own, reserve: ratOf(s.pool.Equalisation.net()), rounding: s.pool.Rounding}}
	w.add("result of the pool", "", ratOf(s.pool.Result), InMoney)
	w.add("own funds' part", "by the split: "+s.pool.Split.Policy().String(), s.claims.own, InMoney)
	w.add("profit equalisation reserve", "set aside less released", ratOf(s.pool.Equalisation.net()), InMoney)
	w.add("income to share", "result - own funds - reserve", s.claims.income, InMoney)
	if s.Nothing != SharedOut {
		w.add("payout", s.Nothing.String(), ratOf(payout.Gross), InMoney)
		return w, true
	}
	w.add("weighted balance-days of the pool", "sum of weight x balance-days", new(big.Rat).SetInt(s.terms.weighted), InBalanceDays)
	if s.pool.Rounding.PrintedHI != nil {
		return s.printedWorking(w, account), true
	}
	w.inputs.weighted = new(big.Rat).SetInt(s.terms.weighted)
	share := new(big.Rat)
	for _, stake := range s.stakesOf(account) {
		share.Add(share, w.addStake(s, stake))
	}
	w.add("share by nisbah", "sum of nisbah x income of each stake", new(big.Rat).Set(share), InMoney)
	if i, _ := s.find(account); s.restored != nil && s.restored.less[i] != nil {
		divisor := new(big.Int).Mul(commonDenominator(s.terms.nisbah), s.terms.weighted)
		less := new(big.Rat).SetFrac(s.restored.less[i], divisor.Mul(divisor, s.claims.income.Denom()))
		w.add("capital restored first", "loss carried, at most the stakes' income", ratOf(payout.Restored), InMoney)
		w.add("what that would have brought by nisbah", "smallest nisbah first", less, InMoney)
		share.Sub(share, less)
		w.inputs.less = less
		w.add("share of the rest by nisbah", "share by nisbah - what the restored part would have brought", new(big.Rat).Set(share), InMoney)
	}
	if factor := s.claims.uplift(); factor.Cmp(one()) != 0 {
		w.add("members' part by nisbah", "all accounts", s.claims.byNisbah, InMoney)
		w.add("members' part after risk reserve and hibah", "all accounts", s.claims.members, InMoney)
		share.Mul(share, factor)
		w.inputs.before, w.inputs.after = s.claims.byNisbah, s.claims.members
		w.add("share after risk reserve and hibah", "share x part after / part by nisbah", new(big.Rat).Set(share), InMoney)
	}
	if cut := new(big.Rat).SetInt64(s.pool.Rounding.Step.Minor()); s.pool.Rounding.Rule == LargestRemainder && ratOf(payout.Gross).Cmp(share) > 0 {
		w.inputs.remainder = true
		w.add("step for one of the largest rests", "what cutting every share left over", cut, InMoney)
	}
	w.add("payout", fmt.Sprintf("%s to a multiple of %s minor units", s.pool.Rounding.Rule, s.pool.Rounding.Step), ratOf(payout.Gross), InMoney)
	return w, true
}

// printedWorking explains a share that is paid from printed HI figures.
func (s *Shares) printedWorking(w Working, account string) Working {
	q, err := s.printedQuota()
	if err != nil {
		return w
	}
	divisor := new(big.Int).Mul(q.first, q.second)
	share := new(big.Rat)
	for _, stake := range s.stakesOf(account) {
		hi := s.pool.Rounding.PrintedHI
		exact := HI1000(s.Income(stake.Term), s.terms.held[stake.Term], s.pool.Days)
		text, err := exact.Text(hi.Decimals, hi.Rounding)
		if err != nil {
			return w
		}
		printed, _ := new(big.Rat).SetString(text)
		product := s.pool.Terms[stake.Term].Product
		w.add("balance-days under "+product, "", ratOfDays(stake.Days), InBalanceDays)
		w.add("HI-1000 as printed", fmt.Sprintf("%s to %d decimals", hi.Rounding, hi.Decimals), printed, InRatio)
		w.add("nisbah", "", s.terms.nisbah[stake.Term], InRatio)
		part := new(big.Rat).SetFrac(new(big.Int).Mul(q.perTerm[stake.Term], stake.Days.Big()), divisor)
		share.Add(share, part.Mul(part, ratOf(s.pool.Rounding.Step)))
	}
	w.add("share by the printed HI", fmt.Sprintf("sum of HI / 1000 x nisbah x balance-days / %d days", s.pool.Days), share, InMoney)
	w.inputs.printed = share
	w.add("payout", fmt.Sprintf("%s to a multiple of %s minor units", s.pool.Rounding.Rule, s.pool.Rounding.Step), ratOf(w.Gross), InMoney)
	return w
}

// addStake adds the lines of one stake and returns its exact share by nisbah.
func (w *Working) addStake(s *Shares, stake Stake) *big.Rat {
	term, weight := s.pool.Terms[stake.Term], s.terms.weight[stake.Term]
	w.add("balance-days under "+term.Product, "", ratOfDays(stake.Days), InBalanceDays)
	w.add("weight of "+term.Product, "in proportion to the pool's other weights", new(big.Rat).SetInt(weight), InRatio)
	weighted := new(big.Int).Mul(weight, stake.Days.Big())
	income := new(big.Rat).SetFrac(weighted, s.terms.weighted)
	income.Mul(income, s.claims.income)
	w.add("income of the stake", "income to share x weight x balance-days / weighted balance-days of the pool", income, InMoney)
	w.add("nisbah", "", s.terms.nisbah[stake.Term], InRatio)
	w.inputs.stakes = append(w.inputs.stakes, workingStake{ratOfDays(stake.Days), new(big.Rat).SetInt(weight), s.terms.nisbah[stake.Term]})
	return new(big.Rat).Mul(income, s.terms.nisbah[stake.Term])
}

func (w *Working) add(label, formula string, figure *big.Rat, unit Unit) {
	w.Lines = append(w.Lines, WorkingLine{Label: label, Formula: formula, Figure: figure, Unit: unit})
}

// stakesOf returns the stakes of one account, which has some.
func (s *Shares) stakesOf(account string) []Stake {
	first, _ := s.find(account)
	return firstAccount(s.pool.Stakes[first:])
}

// Table returns the working as rows of number, label, figure and formula, money
// in whole units of the currency. A figure that does not come out even is shown
// with six decimals and "...".
func (w Working) Table(c ledger.Currency) [][4]string {
	whole := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Digits())), nil))
	table := make([][4]string, len(w.Lines))
	for i, line := range w.Lines {
		figure := line.Figure
		if line.Unit != InRatio {
			figure = new(big.Rat).Quo(figure, whole)
		}
		table[i] = [4]string{strconv.Itoa(i + 1), line.Label, figureText(figure), line.Formula}
	}
	return table
}

// Text prints the table for people.
func (w Working) Text(c ledger.Currency) string {
	var b strings.Builder
	for _, row := range w.Table(c) {
		fmt.Fprintf(&b, "%-44s %28s", row[1], row[2])
		if row[3] != "" {
			b.WriteString("  " + row[3])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func figureText(figure *big.Rat) string {
	const decimals = 6
	text := figure.FloatString(decimals)
	shown, _ := new(big.Rat).SetString(text)
	text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	if shown.Cmp(figure) != 0 {
		text += "..."
	}
	return text
}
