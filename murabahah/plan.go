package murabahah

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// PlanKind is the shape of an instalment plan.
type PlanKind string

const (
	// Level instalments are equal but for the one that takes the remainder: a
	// flat plan with [Proportional], an annuity with [Annuity]. One instalment
	// is a bullet; a later first due date is a grace period; a [Plan.Final]
	// amount is a balloon.
	Level PlanKind = "level"
	// ByHand instalments are listed with date and amount: harvest plans,
	// seasons, anything uneven.
	ByHand PlanKind = "by_hand"
	// Declining instalments have equal principal and margins that fall evenly
	// to the last: n, n-1, ... 1 parts (menurun).
	Declining PlanKind = "declining"
	// Progressive instalments have equal principal and margins that rise
	// evenly: 1, 2, ... n parts.
	Progressive PlanKind = "progressive"
	// Seasonal instalments are equal, in the same months of every year: those
	// of the harvest (musiman, yarnen).
	Seasonal PlanKind = "seasonal"
)

// Periods in days, for [Plan.Days].
const (
	Weekly    = 7
	MarketDay = 5  // pasaran: from one market day to the next of the same name
	Selapan   = 35 // the same weekday and market day together
)

// Pasaran returns the Javanese market day of a day: Legi, Pahing, Pon, Wage or
// Kliwon. 17 August 1945 was Legi. No day has none.
func Pasaran(day ledger.Date) string {
	if !day.Valid() {
		return ""
	}
	names := [...]string{"Legi", "Pahing", "Pon", "Wage", "Kliwon"}
	after := ledger.On(1945, 8, 17).DaysUntil(day) % len(names)
	return names[(after+len(names))%len(names)]
}

// Plan says when the member pays how much. Its rows always add up to price -
// down payment exactly.
type Plan struct {
	Kind PlanKind `json:"kind"`
	// Instalments is the number of rows, 1 to [MaxInstalments]; zero for a
	// plan by hand.
	Instalments int `json:"instalments,omitempty"`
	// FirstDue is the day of the first row. Its day of the month is the
	// anchor: a month that lacks the day gives its last day, and the next
	// month that has it comes back to it.
	FirstDue ledger.Date `json:"first_due,omitzero"`
	// Months and Days are the distance between rows; at most one is set, and
	// neither means one month.
	Months int `json:"months,omitempty"`
	Days   int `json:"days,omitempty"`
	// Grace is the number of periods without an instalment before the first:
	// row 1 is due so many periods after FirstDue. Their margin is part of the
	// price before the akad, or not at all.
	Grace int `json:"grace,omitempty"`
	// Harvest lists the months of a seasonal plan, 1 to 12, rising; FirstDue
	// lies in one of them.
	Harvest []int `json:"harvest,omitempty"`
	// Step is the rounding unit of the rows in minor units: of the instalment
	// in a level plan, of the principal in a declining or progressive one.
	Step ledger.Money `json:"step,omitzero"`
	// Rounding is the rule by which a row comes to a multiple of the step.
	Rounding ledger.Rounding `json:"rounding,omitempty"`
	// RemainderFirst puts what rounding leaves on the first row instead of the
	// last.
	RemainderFirst bool `json:"remainder_first,omitempty"`
	// Final is the amount of the last row of a level plan with a balloon.
	Final ledger.Money `json:"final,omitzero"`
	// Rows are the rows of a plan by hand, in order of their days.
	Rows []Instalment `json:"rows,omitempty"`
}

// Instalment is a row of a plan by hand.
type Instalment struct {
	Due    ledger.Date  `json:"due"`
	Amount ledger.Money `json:"amount"` // above zero
}

// Count returns the number of rows.
func (p Plan) Count() int {
	if p.Kind == ByHand {
		return len(p.Rows)
	}
	return p.Instalments
}

// due returns the day of row i, counted from 0.
func (p Plan) due(i int) ledger.Date {
	i += p.Grace
	switch {
	case p.Kind == ByHand:
		return p.Rows[i].Due
	case p.Kind == Seasonal:
		_, month, _ := p.FirstDue.YMD()
		i += slices.Index(p.Harvest, int(month))
		return p.FirstDue.AddMonths(12*(i/len(p.Harvest)) + p.Harvest[i%len(p.Harvest)] - int(month))
	case p.Days > 0:
		return p.FirstDue.AddDays(i * p.Days)
	}
	return p.FirstDue.AddMonths(i * max(p.Months, 1))
}

func (t Terms) checkPlan() error {
	p := t.Plan
	switch {
	case p.Kind != Level && p.Kind != ByHand && p.Kind != Declining && p.Kind != Progressive && p.Kind != Seasonal:
		return t.refuse("plan.kind", "unknown kind of plan %q", contract.Clip(string(p.Kind)))
	case p.Count() < 1 || p.Count() > MaxInstalments:
		return t.refuse("plan.instalments", "%d instalments, want 1 to %d", p.Count(), MaxInstalments)
	case p.Kind == ByHand:
		return t.checkRowsByHand()
	case p.Months < 0 || p.Days < 0 || p.Months > 0 && p.Days > 0 || p.Months > MaxPeriods || p.Days > MaxPeriods:
		return t.refuse("plan.period", "a row follows the last after 1 to %d months or days", MaxPeriods)
	case p.Grace < 0 || p.Grace > MaxPeriods:
		return t.refuse("plan.grace", "%d periods of grace, want 0 to %d", p.Grace, MaxPeriods)
	case p.FirstDue.Err() != nil:
		return t.refuse("plan.first_due", "first due date: %v", p.FirstDue.Err())
	case !p.harvests():
		return t.refuse("plan.harvest", "a seasonal plan, and no other, lists its months from 1 to 12, rising, the first due day's among them")
	case p.due(p.Count()-1).Err() != nil:
		return t.refuse("plan.last_due", "last due date: %v", p.due(p.Count()-1).Err())
	case p.Step.Err() != nil || p.Step.Sign() <= 0:
		return t.refuse("plan.step", "the step of the instalments must be above zero")
	case p.Rounding < ledger.RoundHalfUp || p.Rounding > ledger.RoundDown:
		return t.refuse("plan.rounding", "the rounding of the instalments must be named")
	case len(p.Rows) > 0:
		return t.refuse("plan.rows", "only a plan by hand lists its rows")
	case p.Final.Err() != nil || p.Final.Sign() < 0 || p.Final.Sign() > 0 && (p.Kind != Level && p.Kind != Seasonal || p.Instalments < 2 || p.RemainderFirst):
		return t.refuse("plan.final", "a balloon ends a level plan of two rows or more that leaves its remainder there")
	}
	return nil
}

// harvests reports whether the months of a seasonal plan can be.
func (p Plan) harvests() bool {
	if p.Kind != Seasonal {
		return len(p.Harvest) == 0
	}
	for i, month := range p.Harvest {
		if month < 1 || month > 12 || i > 0 && month <= p.Harvest[i-1] {
			return false
		}
	}
	_, month, _ := p.FirstDue.YMD()
	return p.Months == 0 && p.Days == 0 && slices.Contains(p.Harvest, int(month))
}

func (t Terms) checkRowsByHand() error {
	p := t.Plan
	if bare := (Plan{Kind: ByHand}); p.Instalments != bare.Instalments || p.FirstDue != bare.FirstDue || p.Months != 0 ||
		p.Days != 0 || !p.Step.IsZero() || p.Rounding != 0 || p.RemainderFirst || !p.Final.IsZero() || p.Grace != 0 || p.Harvest != nil {
		return t.refuse("plan.rows", "a plan by hand has rows and nothing else")
	}
	var total ledger.Money
	for i, row := range p.Rows {
		switch {
		case row.Due.Err() != nil:
			return t.refuse("plan.rows", "instalment %d: %v", i+1, row.Due.Err())
		case i > 0 && !p.Rows[i-1].Due.Before(row.Due):
			return t.refuse("plan.rows", "instalment %d is due on %s, not after the one before", i+1, row.Due)
		case row.Amount.Err() != nil || row.Amount.Sign() <= 0:
			return t.refuseRow(i+1, row.Amount)
		}
		total = total.Add(row.Amount)
	}
	if total != t.NetReceivable() {
		r := t.refuse("plan.total", "the instalments add up to %s, not to the %s that the member owes", total, t.NetReceivable())
		r.Given, r.Limit = total, t.NetReceivable()
		return r
	}
	return nil
}

// split is a total in equal multiples of the plan's step but for one row,
// which takes the remainder.
type split struct {
	each, rest int64
	odd        int // the row of the rest, from 0
}

func (s split) at(i int) int64 {
	if i == s.odd {
		return s.rest
	}
	return s.each
}

// split divides total into a number of rows, rounded by the plan's rule; the
// last one, or the first, takes the remainder.
func (t Terms) split(total ledger.Money, count int) (split, error) {
	each, err := ledger.Round(big.NewRat(total.Minor(), int64(count)), t.Plan.Step, t.Plan.Rounding)
	if err != nil {
		return split{}, t.refuse("plan.step", "the instalment does not fit: %v", err)
	}
	s := split{each: each.Minor(), odd: count - 1}
	if t.Plan.RemainderFirst {
		s.odd = 0
	}
	high, others := bits.Mul64(uint64(s.each), uint64(count-1))
	s.rest = total.Sub(ledger.Minor(int64(min(others, math.MaxInt64)))).Minor() // invalid where it overflowed, so below zero
	if high > 0 {
		s.rest = math.MinInt64
	}
	for _, row := range [...]int{0, min(1, count-1), count - 1} { // those between are alike
		if s.at(row) <= 0 {
			return split{}, t.refuseRow(row+1, ledger.Minor(s.at(row)))
		}
	}
	return s, nil
}

// shares is split as a list.
func (t Terms) shares(total ledger.Money, count int) ([]int64, error) {
	s, err := t.split(total, count)
	if err != nil {
		return nil, err
	}
	shares := make([]int64, count)
	for i := range shares {
		shares[i] = s.at(i)
	}
	return shares, nil
}

func (t Terms) refuseRow(no int, amount ledger.Money) error {
	r := t.refuse("plan.row", "instalment %d of %d would be %s, not above zero", no, t.Plan.Count(), amount)
	r.Row, r.Given = no, amount
	return r
}
