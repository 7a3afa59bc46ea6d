package ledger

import "fmt"

// examineBalances checks floors and holds: an entry is refused only if it
// lowers an account on its normal side and any end of day from its date on
// would fall below the floor plus what is held. Back-dated and future-dated
// entries cannot dodge that.
func (tx *Tx) examineBalances(p *posting) {
	if !p.Date.Valid() {
		return
	}
	s := tx.stage
	s.checks++
	for i := range p.Lines {
		staged, amount := tx.stage.lines[i], p.Lines[i].Amount
		if staged == nil || !amount.valid() {
			continue
		}
		if staged.check != s.checks {
			staged.check, staged.net, staged.debit, staged.credit = s.checks, Money{}, Money{}, Money{}
		}
		staged.net = staged.net.Add(amount)
		if amount.Sign() > 0 {
			staged.debit = staged.debit.Add(amount)
		} else {
			staged.credit = staged.credit.Add(amount.Neg())
		}
	}
	for i := range p.Lines {
		staged := tx.stage.lines[i]
		if staged == nil || staged.check != s.checks {
			continue
		}
		staged.check = 0 // each sub once
		if r := staged.balanceFault(p, tx.currency); r != nil {
			r.Line = i + 1
			if p.refuse(tx, r.kind, *r) {
				return
			}
		}
	}
}

func (t *stagedSub) balanceFault(p *posting, currency Currency) *Refusal {
	if !t.fits(p.Date, p.Phase) {
		return &Refusal{kind: ErrEntry, Code: CodeBalanceOverflow, Account: t.sub.Account, Sub: t.sub.Sub, Amount: t.net, Date: p.Date,
			Detail: "the balance would exceed the largest amount"}
	}
	change := t.account.Normal.Natural(t.net)
	if change.Sign() >= 0 || p.imported {
		return nil
	}
	floor, bound := t.floor(p.Waiver != "")
	if !bound && len(t.holds) == 0 {
		return nil
	}
	at := t.tightest(headroom{from: p.Date, floor: floor, bound: bound})
	if !at.limited || !at.room.Less(change.Neg()) {
		return nil
	}
	left, day, held := at.room.Add(change), at.day, at.held
	r := &Refusal{kind: ErrFloor, Code: CodeBelowFloor, Account: t.sub.Account, Sub: t.sub.Sub, Amount: t.net, Date: day,
		Balance: left.Add(floor).Add(held), Limit: floor.Add(held)}
	r.Detail = fmt.Sprintf("the balance on %s would be %s, below the least of %s", day, currency.Format(r.Balance), currency.Format(floor))
	if !held.IsZero() {
		r.Code = CodeHeld
		r.Detail += fmt.Sprintf(" with %s held", currency.Format(held))
	}
	return r
}

// fits reports whether the checked entry's lines, added in any order, overflow
// no turnover or balance.
func (t *stagedSub) fits(day Date, phase Phase) bool {
	within := func(balance Money) bool { return balance.Add(t.debit).valid() && balance.Sub(t.credit).valid() }
	if !t.net.valid() {
		return false
	}
	for i := len(t.rows) - 1; i >= 0; i-- {
		row := &t.rows[i]
		if !within(row.Balance) {
			return false
		}
		order := row.stands(day, phase)
		if order == 0 && (!row.Debit.Add(t.debit).valid() || !row.Credit.Add(t.credit).valid()) {
			return false
		}
		if order <= 0 { // the balance that the lines are added to
			return true
		}
	}
	return within(t.before)
}

// floor returns the least balance that binds, and whether there is one.
func (t *stagedSub) floor(waived bool) (least Money, bound bool) {
	floor := t.sub.Floor
	if floor.IsZero() {
		floor = t.account.Floor
	}
	return floor.least(waived)
}

// headroom asks for the room over a span of days above a floor.
type headroom struct {
	from, until Date // a zero until has no end
	floor       Money
	bound       bool // whether days on which nothing is held count too
}

// tightness is what headroom finds: the room that is left, negative where the
// balance is too low already, on the first day on which it is least, and what
// is held on that day. limited is false if no day limits anything.
type tightness struct {
	room, held Money
	day        Date
	limited    bool
}

// tightest returns by how much the account may be lowered so that no end of
// day falls below the floor plus what is held on that day. Without a floor
// only the days on which something is held count, and it must be there.
func (t *stagedSub) tightest(h headroom) tightness {
	var found tightness
	look := func(day Date, balance Money) {
		if !h.until.IsZero() && day.After(h.until) {
			return
		}
		wide := t.held(day)
		held := narrow(wide)
		if !h.bound && held.IsZero() {
			return
		}
		room := roomAbove(t.account.Normal.Natural(balance), h.floor, wide)
		if !found.limited || room.Less(found.room) || room == found.room && day.Before(found.day) {
			found = tightness{room, held, day, true}
		}
	}
	look(h.from, t.endOfDay(h.from, Closing))
	for i := range t.rows {
		if t.rows[i].Day.After(h.from) && (i+1 == len(t.rows) || t.rows[i+1].Day != t.rows[i].Day) {
			look(t.rows[i].Day, t.rows[i].Balance)
		}
	}
	for i := range t.holds { // a hold that begins later binds from its first day
		if first := t.holds[i].From; first.After(h.from) {
			look(first, t.endOfDay(first, Closing))
		}
	}
	return found
}

// roomAbove returns balance - floor - held, the largest amount of its sign
// where that is more than an amount can be.
func roomAbove(balance, floor Money, held BalanceDays) Money {
	wide := balance.Over(1).Sub(floor.Over(1)).Sub(held)
	room := narrow(wide)
	switch {
	case room.valid():
		return room
	case wide.Sign() < 0:
		return Money{-MaxMoney}
	}
	return Money{MaxMoney}
}

// held returns what is held on a day, in 128 bits: above a floor far below
// zero it may be more than an amount can be.
func (t *stagedSub) held(day Date) BalanceDays {
	var total BalanceDays
	for i := range t.holds {
		total = total.Add(t.holds[i].on(day).Over(1))
	}
	return total
}
