package profitshare

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Tier is one rung of a product's ladder.
type Tier struct {
	From   ledger.Money    `json:"from"`             // average balance at which it begins; the first at zero
	Nisbah decimal.Decimal `json:"nisbah"`           // zero means the product's
	Weight decimal.Decimal `json:"weight,omitempty"` // zero means the product's
}

// Weighing is how the balances of a product become weights; the akad fixes it.
// The zero value is the average of the end-of-day balances with the opening day
// counted and the closing day not. All accounts of a product are weighed by one
// rule, and their sum is what they are divided by.
type Weighing struct {
	Measure Measure `json:"measure,omitempty"`  // zero means AverageDaily
	DayRule DayRule `json:"day_rule,omitempty"` // zero means CountOpening
}

// IsZero reports whether w is the default.
func (w Weighing) IsZero() bool { return w == Weighing{} }

func (w Weighing) plain() bool {
	return w.Measure <= AverageDaily && w.DayRule <= CountOpening
}

// checkLadder refuses tiers that are no ladder.
func (q *Product) checkLadder() error {
	if q.Weighing.Measure > Lowest || q.Weighing.DayRule > SkipOpening {
		return planError("weighing of product "+q.Code, fmt.Sprintf("%d, %d", q.Weighing.Measure, q.Weighing.DayRule), "is no measure or day rule", "")
	}
	if len(q.Tiers) == 0 && q.Tiering == 0 {
		if q.Minimum.Err() != nil || q.Minimum.Sign() < 0 {
			return amountError(ErrPlan, "plan: minimum of product "+q.Code, q.Minimum, "not zero or above")
		}
		return nil
	}
	for _, t := range q.Tiers {
		for _, ratio := range []decimal.Decimal{t.Nisbah, t.Weight} {
			if _, reason := exactRatio(ratio); reason != "" {
				return planError("tiers of product "+q.Code, clipDecimal(ratio), reason, "")
			}
		}
	}
	ladder := ladderOf(q.Tiering, q.Tiers, func(Tier) int { return 0 })
	ladder.Minimum = q.Minimum
	return ladder.check()
}

func ladderOf(tiering Tiering, tiers []Tier, term func(Tier) int) Ladder {
	l := Ladder{Tiering: tiering}
	for _, t := range tiers {
		l.Rungs = append(l.Rungs, Rung{From: t.From, Term: term(t)})
	}
	return l
}

// held returns what an account's balance weighs on the days of a slice.
func (g *gathering) held(a *EarningAccount, product int, from, through ledger.Date) (ledger.BalanceDays, error) {
	q := &g.plan.Products[product]
	if q.Weighing.plain() {
		days, err := heldDays(g.tx, q.Control, a.Account, from, through)
		return days.Sub(g.restoredIn(a.Account, from, through)), err
	}
	w := q.Weighing
	w.Measure, w.DayRule = max(w.Measure, AverageDaily), max(w.DayRule, CountOpening)
	whole, err := g.history(a, q.Control, g.first, g.last)
	if err != nil {
		return ledger.BalanceDays{}, err
	}
	part := whole.between(from, through)
	if w.Measure != AverageDaily { // the month's one balance, for the days of the slice
		flat, err := Weigh(whole, w.Measure, w.DayRule)
		if err != nil || flat.Counted == 0 {
			return ledger.BalanceDays{}, err
		}
		balance, days := whole.Balances[len(whole.Balances)-1].Amount, from.DaysUntil(through)+1
		if w.Measure == Lowest {
			balance, days = lowestOf(whole, w.DayRule), part.counted(w.DayRule)
		} else if !g.last.Before(whole.end()) {
			return ledger.BalanceDays{}, nil
		}
		return balance.Over(days), nil
	}
	weight, err := Weigh(part, w.Measure, w.DayRule)
	return weight.Days, err
}

// history reads an account's end-of-day balances of a period from the book.
func (g *gathering) history(a *EarningAccount, control string, from, through ledger.Date) (History, error) {
	h := History{First: from, Last: through, Opened: a.Opened, Closed: a.Closed}
	if h.Opened.Before(from) {
		h.Opened = ledger.Date{}
	}
	start := from
	if h.Opened.After(start) {
		start = h.Opened
	}
	if !start.Before(h.end()) { // opened and closed outside
		return h, nil
	}
	var before ledger.Money
	if start.Prev().Valid() {
		balance, err := g.tx.Balance(control, a.Account, ledger.EndOf(start.Prev()))
		if err != nil {
			return h, err
		}
		before = balance.Neg()
	}
	h.Balances = append(h.Balances, Balance{From: start, Amount: before})
	for row, err := range g.tx.Turnovers(control, a.Account, start, through) {
		if err != nil {
			return h, err
		}
		last := &h.Balances[len(h.Balances)-1]
		if last.From != row.Day {
			h.Balances = append(h.Balances, Balance{From: row.Day})
			last = &h.Balances[len(h.Balances)-1]
		}
		last.Amount = row.Balance.Neg()
	}
	if restored := g.restoredIn(a.Account, through, through); restored.Sign() > 0 {
		last := &h.Balances[len(h.Balances)-1]
		last.Amount = last.Amount.Sub(g.restored[a.Account])
	}
	return h, nil
}

// between returns the part of a history from a day through a day.
func (h History) between(from, through ledger.Date) History {
	part := History{First: from, Last: through, Closed: h.Closed}
	if !h.Opened.IsZero() && !h.Opened.Before(from) {
		part.Opened = h.Opened
	}
	start := from
	if part.Opened.After(start) {
		start = part.Opened
	}
	if start.After(through) || !start.Before(part.end()) {
		return part
	}
	for _, b := range h.Balances {
		switch {
		case b.From.After(through):
		case b.From.After(start):
			part.Balances = append(part.Balances, b)
		default:
			part.Balances = []Balance{{From: start, Amount: b.Amount}}
		}
	}
	return part
}

// counted returns how many days of the history count.
func (h History) counted(rule DayRule) int {
	from := h.First
	if !h.Opened.IsZero() {
		from = h.Opened
		if rule == SkipOpening {
			from = from.Next()
		}
	}
	return max(from.DaysUntil(h.end()), 0)
}

// lowestOf returns the smallest balance of the days that count.
func lowestOf(h History, rule DayRule) ledger.Money {
	balances := h.Balances
	if rule == SkipOpening && len(balances) > 1 && balances[0].From == h.Opened && balances[1].From == h.Opened.Next() {
		balances = balances[1:]
	}
	return slices.MinFunc(balances, func(a, b Balance) int { return a.Amount.Cmp(b.Amount) }).Amount
}

// tiered returns the stakes of slices that are under the product's ladder:
// a slice with a nisbah of its own is not.
func (g *gathering) tiered(a *EarningAccount, product int, whole ledger.BalanceDays, s Slice, days ledger.BalanceDays) error {
	rungs := ladderOf(s.Tiering, s.Tiers, func(t Tier) int {
		return g.term(product, Slice{Nisbah: t.Nisbah, Weight: t.Weight})
	}).Rungs
	period := g.first.DaysUntil(g.last) + 1
	if s.Tiering == ByBand {
		stakes, err := Ladder{Tiering: ByBand, Rungs: rungs}.Stakes(a.Account, days, s.From.DaysUntil(s.Through)+1)
		g.stakes = append(g.stakes, stakes...)
		return err
	}
	reached, err := Ladder{Tiering: s.Tiering, Rungs: rungs}.Stakes(a.Account, whole, period)
	for i := range reached { // one
		reached[i].Days = days
	}
	g.stakes = append(g.stakes, reached...)
	return err
}

// MarshalText writes the tiering's name.
func (t Tiering) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the tiering's name. The error matches [ErrFormat].
func (t *Tiering) UnmarshalText(text []byte) error {
	return unmarshalName(t, "tiering", text, 0, ByLevel, ByBand)
}

// String returns the tiering's name.
func (t Tiering) String() string {
	return nameOf("Tiering", uint8(t), "none", "by_level", "by_band")
}

// MarshalText writes the measure's name.
func (m Measure) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the measure's name. The error matches [ErrFormat].
func (m *Measure) UnmarshalText(text []byte) error {
	return unmarshalName(m, "measure", text, 0, AverageDaily, MonthEnd, Lowest)
}

// String returns the measure's name.
func (m Measure) String() string {
	return nameOf("Measure", uint8(m), "default", "average_daily", "month_end", "lowest")
}

// MarshalText writes the day rule's name.
func (d DayRule) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the day rule's name. The error matches [ErrFormat].
func (d *DayRule) UnmarshalText(text []byte) error {
	return unmarshalName(d, "day rule", text, 0, CountOpening, SkipOpening)
}

// String returns the day rule's name.
func (d DayRule) String() string {
	return nameOf("DayRule", uint8(d), "default", "count_opening", "skip_opening")
}

// nameOf returns the name of a number, or the type and the number.
func nameOf(kind string, n uint8, names ...string) string {
	if int(n) < len(names) {
		return names[n]
	}
	return fmt.Sprintf("%s(%d)", kind, n)
}
