package ledger

import (
	"iter"
	"slices"
	"sort"
)

// sub returns a sub's memory, nil if there is none. The view must be locked.
func (v *memoryView) sub(code, sub string) *memorySub {
	if v.latest {
		return v.book.lookUp(code, sub)
	}
	return v.book.find(code, sub)
}

// Position implements [Reader].
func (v *memoryView) Position(code, sub string, from Date) (Position, error) {
	v.lock()
	defer v.unlock()
	p := Position{Sub: Sub{Account: code, Sub: sub}}
	kept := v.sub(code, sub)
	if v.latest {
		v.book.lately.asked = append(doubled(v.book.lately.asked), kept)
	}
	if kept == nil {
		return p, nil
	}
	now := v.as()
	state, exists := kept.asOf(now)
	if !exists {
		return p, nil
	}
	rows := v.rows(kept)
	p.Sub, p.Exists = state, true
	if n := len(rows); n > 0 {
		p.Sub.Last, p.Sub.LastDay = rows[n-1].Balance, rows[n-1].Day
	}
	cut := firstFrom(rows, from)
	if cut > 0 {
		p.Before = rows[cut-1].Balance
	}
	p.Rows = rows[cut:]
	if !v.latest { // the writer changes rows in place, but only its own flush does
		p.Rows = slices.Clone(p.Rows)
	}
	for _, key := range kept.holds {
		if held := as(v.book.holds[key], now); held != nil && !held.Left.IsZero() {
			p.Holds = append(p.Holds, *held)
		}
	}
	return p, nil
}

// firstFrom returns the place of the first row on or after a day. Most
// questions are about the last days.
func firstFrom(rows []Turnover, from Date) int {
	n := len(rows)
	for near := 0; near < 4; near++ {
		if n == 0 || rows[n-1].Day.Before(from) {
			return n
		}
		n--
	}
	i, _ := slices.BinarySearchFunc(rows[:n], from, func(row Turnover, day Date) int {
		if row.Day.Before(day) {
			return -1
		}
		return 1
	})
	return i
}

// rows returns a sub's turnovers as the view sees them: as they are, or with
// the lines written since taken out again.
func (v *memoryView) rows(kept *memorySub) []Turnover {
	now := v.as()
	n := len(kept.lines)
	if n == 0 || v.latest || v.book.entries.at(kept.lines[n-1].entry-1).change <= now {
		return kept.rows
	}
	rows := slices.Clone(kept.rows)
	for i := n - 1; i >= 0; i-- {
		k := v.book.entries.at(kept.lines[i].entry - 1)
		if k.change <= now {
			break
		}
		takeOut(rows, k, kept.lines[i].amount)
	}
	return slices.DeleteFunc(rows, func(row Turnover) bool { return row.Debit.IsZero() && row.Credit.IsZero() })
}

func takeOut(rows []Turnover, k *keptEntry, amount Money) {
	for i := len(rows) - 1; i >= 0; i-- {
		switch order := rows[i].stands(k.date, k.phase); {
		case order > 0:
			rows[i].Balance = rows[i].Balance.Sub(amount)
		case order == 0:
			rows[i].Balance = rows[i].Balance.Sub(amount)
			if amount.Sign() > 0 {
				rows[i].Debit = rows[i].Debit.Sub(amount)
			} else {
				rows[i].Credit = rows[i].Credit.Add(amount)
			}
			return
		default:
			return
		}
	}
}

// Subs implements [Reader].
func (v *memoryView) Subs(code, after string) iter.Seq2[Sub, error] {
	return func(yield func(Sub, error) bool) {
		keys := func() *sortedKeys {
			if account := v.book.accounts[code]; account != nil {
				return &account.keys
			}
			return nil
		}
		for i, key := range v.book.inOrder(keys, after) {
			p, err := v.Position(code, key, endOfTime)
			if i%patience == patience-1 && err == nil {
				err = v.ctx.Err()
			}
			if (p.Exists || err != nil) && !yield(p.Sub, err) || err != nil {
				return
			}
		}
	}
}

// Turnovers implements [Reader].
func (v *memoryView) Turnovers(code, sub string, from, through Date) iter.Seq2[Turnover, error] {
	return func(yield func(Turnover, error) bool) {
		for _, row := range v.between(code, sub, from, through) {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// between returns a sub's rows of the days from one through another.
func (v *memoryView) between(code, sub string, from, through Date) []Turnover {
	v.lock()
	defer v.unlock()
	kept := v.sub(code, sub)
	if kept == nil {
		return nil
	}
	rows := v.rows(kept)
	rows = rows[firstFrom(rows, from):]
	if end := through.Next(); end.Valid() {
		rows = rows[:firstFrom(rows, end)]
	}
	if v.latest {
		return rows
	}
	return slices.Clone(rows)
}

// Balance implements [Balancer]: the row at the asked point, less the lines
// that were written later than is asked for.
func (v *memoryView) Balance(q BalanceAt) (Money, error) {
	b := v.book
	v.lock()
	defer v.unlock()
	kept := v.sub(q.Account, q.Sub)
	if kept == nil {
		return Money{}, nil
	}
	wide := balanceAfter(kept.rows, Money{}, q.Day, q.Phase).Over(1) // by date, partial sums may be no balance that ever was
	for _, ref := range b.after(kept.lines, min(q.AsOf, v.as())) {
		if ref.date.After(q.Day) || ref.date == q.Day && b.entries.at(ref.entry-1).phase > q.Phase {
			continue
		}
		wide = wide.Sub(ref.amount.Over(1))
	}
	return narrow(wide), nil
}

// after returns those of the lines, which are in the order they were written,
// that were written after a change.
func (b *memoryBook) after(lines []lineRef, change uint64) []lineRef {
	return lines[sort.Search(len(lines), func(i int) bool {
		return b.entries.at(lines[i].entry-1).change > change
	}):]
}
