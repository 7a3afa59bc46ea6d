package profitshare

import (
	"fmt"
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
)

// Measure names how a month's balances become an account's weight; the akad
// fixes it for a product.
type Measure uint8

const (
	// AverageDaily weighs every end-of-day balance alike.
	AverageDaily Measure = iota + 1
	// MonthEnd takes the last day's balance for all days of the period, whenever
	// it came in: it rewards deposits on the last day.
	MonthEnd
	// Lowest takes the smallest end-of-day balance for all days counted, which
	// are those on which the account was open.
	Lowest
)

// DayRule names which of the two boundary days count. Use one rule for all
// accounts of a pool: numerator and denominator must agree, or money leaks out.
type DayRule uint8

const (
	// CountOpening counts end-of-day balances: the opening day counts, the day
	// of closing or maturity does not.
	CountOpening DayRule = iota + 1
	// SkipOpening is the rule of Karim for deposits: neither the opening day nor
	// the day of maturity counts, the day the books are closed does.
	SkipOpening
)

// Balance is what an account holds at the end of a day and of every day after
// it until the next Balance.
type Balance struct {
	From   ledger.Date
	Amount ledger.Money // not below zero
}

// History is one account's end-of-day balances over a period.
type History struct {
	First, Last ledger.Date // the period, both days in it
	// Opened is the account's opening day; zero if it was open before First.
	Opened ledger.Date
	// Closed is the day it was closed or matured; zero if it is still open.
	Closed ledger.Date
	// Balances by day. For an account open before First the first one stands at
	// First; for another, at Opened.
	Balances []Balance
}

// Weight is an account's weight in a period.
type Weight struct {
	Days    ledger.BalanceDays // what a Stake takes
	Counted int                // days that counted
	Period  int                // days of the period
}

// Average returns the average balance over the whole period, exact, in minor
// units. It has the days of a mid-month opening in it already: multiplying by
// open days over calendar days again would prorate the member twice.
func (w Weight) Average() *big.Rat {
	return new(big.Rat).Quo(ratOfDays(w.Days), big.NewRat(int64(max(w.Period, 1)), 1))
}

// Weigh computes an account's weight by a measure and a day rule. Balances
// must begin with the account's first day in the period and stand in order,
// or the days would not add up to the period; errors match [ErrWeigh].
func Weigh(h History, measure Measure, rule DayRule) (Weight, error) {
	if err := h.check(); err != nil {
		return Weight{}, err
	}
	if measure < AverageDaily || measure > Lowest || rule < CountOpening || rule > SkipOpening {
		return Weight{}, weighError("measure and day rule", fmt.Sprintf("%d and %d", measure, rule), "unknown")
	}
	w := Weight{Period: h.First.DaysUntil(h.Last) + 1}
	var lowest, last ledger.Money
	for i, b := range h.Balances {
		from, until := b.From, h.end()
		if i+1 < len(h.Balances) && h.Balances[i+1].From.Before(until) {
			until = h.Balances[i+1].From
		}
		if rule == SkipOpening && from == h.Opened {
			from = from.Next()
		}
		days := from.DaysUntil(until)
		if days <= 0 {
			continue
		}
		if w.Counted == 0 || b.Amount.Less(lowest) {
			lowest = b.Amount
		}
		last = b.Amount
		w.Counted += days
		w.Days = w.Days.Add(b.Amount.Over(days))
	}
	switch measure {
	case MonthEnd:
		w.Days = ledger.BalanceDays{}
		if w.Counted > 0 && h.Last.Before(h.end()) {
			w.Days = last.Over(w.Period)
		}
	case Lowest:
		w.Days = lowest.Over(w.Counted)
	}
	return w, nil
}

// end returns the first day that no longer counts.
func (h History) end() ledger.Date {
	if !h.Closed.IsZero() && !h.Closed.After(h.Last) {
		return h.Closed
	}
	return h.Last.Next()
}

func (h History) check() error {
	switch {
	case !h.First.Valid() || !h.Last.Valid() || h.Last.Before(h.First):
		return weighError("period", h.First.String()+" to "+h.Last.String(), "not a period")
	case !h.Opened.IsZero() && !h.Opened.Valid():
		return weighError("opening day", h.Opened.String(), "not a day")
	case !h.Closed.IsZero() && (!h.Closed.Valid() || h.Closed.Before(h.Opened)):
		return weighError("closing day", h.Closed.String(), "not a day on or after the opening")
	}
	start := h.First
	if h.Opened.After(start) {
		start = h.Opened
	}
	if len(h.Balances) == 0 {
		if start.Before(h.end()) {
			return weighError("balances", "", "none, though the account was open from "+start.String())
		}
		return nil
	}
	for i, b := range h.Balances {
		switch {
		case b.Amount.Err() != nil || b.Amount.Sign() < 0:
			return amountError(ErrWeigh, "balance of "+b.From.String(), b.Amount, "not zero or above")
		case !b.From.Valid() || b.From.After(h.Last):
			return weighError("balance", b.From.String(), "not a day of the period")
		case i == 0 && b.From != start:
			return weighError("balance", b.From.String(), "the first one does not stand at "+start.String()+": the days do not add up to the period")
		case i > 0 && !h.Balances[i-1].From.Before(b.From):
			return weighError("balance", b.From.String(), "not after the one before")
		}
	}
	return nil
}

// Segment is a balance held for a number of days.
type Segment struct {
	Days   int
	Amount ledger.Money
}

// WeighSegments adds up segments whose days must come to the period's: a
// segment forgotten or miscounted is an error that matches [ErrWeigh].
func WeighSegments(segments []Segment, period int) (Weight, error) {
	w := Weight{Period: period}
	for i, s := range segments {
		switch {
		case s.Days < 1 || s.Days > period:
			return Weight{}, weighError(fmt.Sprintf("segment %d", i+1), fmt.Sprintf("%d days", s.Days), fmt.Sprintf("not 1 to %d", period))
		case s.Amount.Err() != nil || s.Amount.Sign() < 0:
			return Weight{}, amountError(ErrWeigh, fmt.Sprintf("segment %d", i+1), s.Amount, "not zero or above")
		}
		w.Counted += s.Days
		w.Days = w.Days.Add(s.Amount.Over(s.Days))
	}
	if w.Counted != period {
		return Weight{}, weighError("segments", fmt.Sprintf("%d days", w.Counted), fmt.Sprintf("do not add up to the period's %d", period))
	}
	return w, nil
}

func weighError(what, value, reason string) error {
	return &InputError{Kind: ErrWeigh, What: what, Value: value, Reason: reason}
}
