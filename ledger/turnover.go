package ledger

import (
	"errors"
	"fmt"
	"iter"
)

// Span is a range of days and phases.
type Span struct {
	From, Through Date
	// Before leaves out the phases from this one on: Closing gives the year's
	// income before it was closed, Adjusting only ordinary entries. Ordinary,
	// the zero value, leaves nothing out.
	Before Phase
}

// InMonth is the span of a month.
func InMonth(m Month) Span { return Span{From: m.First(), Through: m.Last()} }

// BeforeClosing leaves closing entries out.
func (s Span) BeforeClosing() Span {
	s.Before = Closing
	return s
}

func (s Span) leavesOut(p Phase) bool { return s.Before != Ordinary && p >= s.Before }

// Turnover returns what was debited and credited in a span; for a control
// account and an empty sub in all its subs together.
func (tx *Tx) Turnover(account, sub string, span Span) (debit, credit Money, err error) {
	if err := spanFault(span.From, span.Through); err != nil {
		return Money{}, Money{}, err
	}
	a, err := tx.known(account, sub)
	if err != nil {
		return Money{}, Money{}, err
	}
	if !a.Control || sub != "" {
		return tx.turnover(account, sub, span)
	}
	for row, err := range tx.Subs(account, "") {
		if err != nil {
			return Money{}, Money{}, err
		}
		d, c, err := tx.turnover(account, row.Sub, span)
		if err != nil {
			return Money{}, Money{}, err
		}
		debit, credit = debit.Add(d), credit.Add(c)
	}
	return sides(debit, credit)
}

// sides returns the two sums of a turnover, or why one of them does not fit.
func sides(debit, credit Money) (Money, Money, error) {
	if err := errors.Join(debit.Err(), credit.Err()); err != nil {
		return Money{}, Money{}, err
	}
	return debit, credit, nil
}

func (tx *Tx) turnover(account, sub string, span Span) (debit, credit Money, err error) {
	for row, err := range tx.Turnovers(account, sub, span.From, span.Through) {
		if err != nil {
			return Money{}, Money{}, err
		}
		if span.leavesOut(row.Phase) {
			continue
		}
		debit, credit = debit.Add(row.Debit), credit.Add(row.Credit)
	}
	return sides(debit, credit)
}

// Turnovers lists the rows of a sub from a day through a day, by day and phase.
func (tx *Tx) Turnovers(account, sub string, from, through Date) iter.Seq2[Turnover, error] {
	return func(yield func(Turnover, error) bool) {
		if err := spanFault(from, through); err != nil {
			yield(Turnover{}, err)
			return
		}
		if tx.stage == nil && !tx.done {
			tx.reader.Turnovers(account, sub, from, through)(yield)
			return
		}
		p, err := tx.turnoversFrom(account, sub, from)
		if err != nil {
			yield(Turnover{}, err)
			return
		}
		for _, row := range p.Rows {
			if row.Day.After(through) || !yield(row, nil) {
				return
			}
		}
	}
}

func spanFault(from, through Date) error {
	if err := from.Err(); err != nil {
		return err
	}
	if err := through.Err(); err != nil {
		return err
	}
	if through.Before(from) {
		return &DateError{Text: fmt.Sprintf("%s to %s", from, through), Reason: "ends before it begins"}
	}
	return nil
}

// BalanceDays returns the sum of a sub's end-of-day balances from a day
// through a day, debit positive: a deposit counts on its own day. For a control
// account and an empty sub it is the sum over all its subs.
func (tx *Tx) BalanceDays(account, sub string, from, through Date) (BalanceDays, error) {
	return tx.BalanceDaysIn(account, sub, Span{From: from, Through: through})
}

// BalanceDaysIn is BalanceDays with the adjusting or closing entries of each
// day left out on their own day, if the span leaves them out: the sum of what
// [Tx.Balance] says at the same moment of every day. They count from the next
// day on.
func (tx *Tx) BalanceDaysIn(account, sub string, span Span) (BalanceDays, error) {
	if err := spanFault(span.From, span.Through); err != nil {
		return BalanceDays{}, err
	}
	a, err := tx.known(account, sub)
	if err != nil {
		return BalanceDays{}, err
	}
	if !a.Control || sub != "" {
		return tx.balanceDays(account, sub, span)
	}
	var sum BalanceDays
	for row, err := range tx.Subs(account, "") {
		if err != nil {
			return BalanceDays{}, err
		}
		days, err := tx.balanceDays(account, row.Sub, span)
		if err != nil {
			return BalanceDays{}, err
		}
		sum = sum.Add(days)
	}
	return sum, sum.Err()
}

func (tx *Tx) balanceDays(account, sub string, span Span) (BalanceDays, error) {
	p, err := tx.turnoversFrom(account, sub, span.From)
	if err != nil {
		return BalanceDays{}, err
	}
	var sum BalanceDays
	day, balance := span.From, p.Before
	for _, row := range p.Rows {
		if row.Day.After(span.Through) {
			break
		}
		sum = sum.Add(balance.Over(day.DaysUntil(row.Day)))
		if span.leavesOut(row.Phase) { // on its own day the balance is that before it
			sum = sum.Add(balance.Over(1)).Sub(row.Balance.Over(1))
		}
		day, balance = row.Day, row.Balance
	}
	sum = sum.Add(balance.Over(day.DaysUntil(span.Through) + 1))
	return sum, sum.Err()
}
