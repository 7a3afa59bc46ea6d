package murabahah

import (
	"math/bits"

	"github.com/mizan-coop/mizan/ledger"
)

// Row is one instalment of a schedule.
type Row struct {
	No        int // from 1
	Due       ledger.Date
	Amount    ledger.Money // above zero
	Principal ledger.Money // Amount - Margin
	Margin    ledger.Money // zero or more
}

// Schedule is a contract's plan with the margin of each row. It is computed
// from the terms whenever it is needed and never stored.
type Schedule struct {
	Rows []Row

	method      Method
	margin, net ledger.Money // of the rows
	marginStep  int64
	before      ledger.Money // collected before the first row, of a debt that was agreed anew
	earned      ledger.Money // margin that had become income by then
}

// Schedule computes the plan. It returns a [*Refusal] of kind [ErrTerms] for
// terms or rows that cannot be.
//
// The rows' margins are whole multiples of the recognition's step, half up:
//
//   - proportional: of the first k rows together, margin x their sum / net
//     receivable; each row is the difference to the row before.
//   - annuity: opening principal x rate, at most what is left of the margin;
//     the last row takes the rest. The opening principal is what is financed
//     less the rounded principal of the earlier rows. The rate is exact: see
//     [Annuity] and [AnnuityAtRate].
//   - planned: of the first k rows together, margin x their parts / all parts.
//   - at delivery, after collected: as proportional; the rows show what each
//     instalment is for, and not when its margin becomes income.
func (t Terms) Schedule() (Schedule, error) {
	if err := t.check(); err != nil {
		return Schedule{}, err
	}
	var amounts, margins []int64
	var err error
	switch t.Plan.Kind {
	case Declining, Progressive:
		amounts, margins, err = t.planned()
	default:
		amounts, err = t.amounts()
	}
	if err != nil {
		return Schedule{}, err
	}
	switch {
	case t.Recognition.Method == Annuity || t.Recognition.Method == AnnuityAtRate:
		if margins, err = t.annuity(amounts); err != nil {
			return Schedule{}, err
		}
	case t.Recognition.Method != Planned:
		margins = t.proportional(amounts)
	}
	s := t.curve()
	s.Rows = make([]Row, len(amounts))
	for i, amount := range amounts {
		s.Rows[i] = Row{
			No:        i + 1,
			Due:       t.Plan.due(i),
			Amount:    ledger.Minor(amount),
			Principal: ledger.Minor(amount - margins[i]),
			Margin:    ledger.Minor(margins[i]),
		}
	}
	return s, nil
}

// instalments calls yield with the day and the amount of each row that is not
// covered by what is collected and what of it is open, until it returns false.
// Arrears ask for no margins, so no rate is solved and no row is kept.
func (c Contract) instalments(yield func(due ledger.Date, open ledger.Money) bool) error {
	t, paid := c.Terms, c.Position.Collected
	walk := func(due ledger.Date, amount ledger.Money) bool {
		covered := paid.Min(amount)
		paid = paid.Sub(covered)
		return covered == amount || yield(due, amount.Sub(covered))
	}
	if c.Course.Base != nil || t.Plan.Kind != Level && t.Plan.Kind != Seasonal || !t.Plan.Final.IsZero() {
		schedule, err := c.Schedule()
		paid = paid.Sub(schedule.before)
		for _, row := range schedule.Rows {
			if !walk(row.Due, row.Amount) {
				break
			}
		}
		return err
	}
	if err := t.check(); err != nil {
		return err
	}
	s, err := t.split(t.NetReceivable(), t.Plan.Instalments)
	for i := range t.Plan.Instalments {
		if err != nil || !walk(t.Plan.due(i), ledger.Minor(s.at(i))) {
			break
		}
	}
	return err
}

// curve returns the schedule without its rows: all that methods need which do
// not look at them.
func (t Terms) curve() Schedule {
	return Schedule{method: t.Recognition.Method, margin: t.Margin, net: t.NetReceivable(), marginStep: t.Recognition.Step.Minor()}
}

// amounts returns the rows of a level plan or one by hand.
func (t Terms) amounts() ([]int64, error) {
	if t.Plan.Kind == ByHand {
		amounts := make([]int64, len(t.Plan.Rows))
		for i, row := range t.Plan.Rows {
			amounts[i] = row.Amount.Minor()
		}
		return amounts, nil
	}
	if t.Plan.Final.IsZero() {
		return t.shares(t.NetReceivable(), t.Plan.Instalments)
	}
	amounts, err := t.shares(t.NetReceivable().Sub(t.Plan.Final), t.Plan.Instalments-1)
	if err != nil {
		return nil, err
	}
	return append(amounts, t.Plan.Final.Minor()), nil
}

// planned returns the rows of a declining or progressive plan and their margins.
func (t Terms) planned() (amounts, margins []int64, err error) {
	principals, err := t.shares(t.Financed(), t.Plan.Instalments)
	if err != nil {
		return nil, nil, err
	}
	n := int64(len(principals))
	all := n * (n + 1) / 2
	var parts, before int64
	for i, principal := range principals {
		if t.Plan.Kind == Declining {
			parts += n - int64(i)
		} else {
			parts += int64(i) + 1
		}
		now := share(t.Margin.Minor(), parts, all, t.Recognition.Step.Minor())
		margins = append(margins, now-before)
		amounts = append(amounts, principal+now-before)
		before = now
	}
	return amounts, margins, nil
}

func (t Terms) proportional(amounts []int64) []int64 {
	margins := make([]int64, len(amounts))
	var sum, before int64
	for i, amount := range amounts {
		sum += amount
		now := share(t.Margin.Minor(), sum, t.NetReceivable().Minor(), t.Recognition.Step.Minor())
		margins[i], before = now-before, now
	}
	return margins
}

// annuity returns the margins of the rows. Rounding can be too coarse for
// rows that are worth only a few steps: the rows before would then repay more
// principal than was financed, and a later margin would be below zero. Such
// terms are refused.
func (t Terms) annuity(amounts []int64) ([]int64, error) {
	margins := make([]int64, len(amounts))
	last := len(amounts) - 1
	opening, left, step := t.Financed().Minor(), t.Margin.Minor(), t.Recognition.Step.Minor()
	if left > 0 && last > 0 {
		rule := t.marginRule(amounts)
		for i, amount := range amounts[:last] {
			margins[i] = rule(opening, left, step)
			left -= margins[i]
			if left == 0 && t.Recognition.Method == AnnuityAtRate && margins[i] > 0 && i+1 < last {
				r := t.refuseRule(RuleRecognition, "terms.rate", "the stated rate would earn the whole margin by instalment %d of %d", i+1, last+1)
				r.Row = i + 1
				return nil, r
			}
			if opening -= amount - margins[i]; opening < 0 {
				return nil, t.refuseCoarse(i + 1)
			}
		}
	}
	margins[last] = left
	return margins, nil
}

func (t Terms) marginRule(amounts []int64) func(opening, left, step int64) int64 {
	if t.Recognition.Method == AnnuityAtRate {
		return statedRate{t.Recognition.Rate.Rat()}.margin
	}
	return solveRate(amounts, t.Financed().Minor()).margin
}

func (t Terms) refuseCoarse(no int) error {
	r := t.refuse("plan.margin", "instalment %d of %d would repay more principal than is left; the step %s or the rate does not fit instalments this small",
		no, t.Plan.Count(), t.Recognition.Step)
	r.Row = no
	return r
}

// share returns whole x part / all, half up to step. Whole must be a multiple
// of step, and 0 <= part <= all, all > 0; so no step of it overflows.
func share(whole, part, all, step int64) int64 {
	high, low := bits.Mul64(uint64(whole/step), uint64(part))
	steps, rest := bits.Div64(high, low, uint64(all))
	if rest >= uint64(all)-rest {
		steps++
	}
	return int64(steps) * step
}
