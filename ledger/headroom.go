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
		if staged == nil {
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
	floor, bound := t.floor(p.Waiver != "")
	if change.Sign() >= 0 || p.imported || !bound {
		return nil
	}
	room, day, held := t.headroom(p.Date, floor)
	left := room.Add(change)
	if left.Sign() >= 0 {
		return nil
	}
	r := &Refusal{kind: ErrFloor, Code: CodeBelowFloor, Account: t.sub.Account, Sub: t.sub.Sub, Amount: t.net, Date: day,
		Balance: left.Add(floor).Add(held), Limit: floor.Add(held)}
	r.Detail = fmt.Sprintf("the balance on %s would be %s, below the least of %s", day, currency.Format(r.Balance), currency.Format(floor))
	if !held.IsZero() {
		r.Code = CodeHeld
		r.Detail += fmt.Sprintf(" with %s held", currency.Format(held))
	}
	return r
}

// fits reports whether the checked entry's sums overflow no turnover or balance.
func (t *stagedSub) fits(day Date, phase Phase) bool {
	if !t.net.valid() || !t.debit.valid() || !t.credit.valid() || !t.endOfDay(day, phase).Add(t.net).valid() {
		return false
	}
	for i := len(t.rows) - 1; i >= 0 && t.rows[i].stands(day, phase) >= 0; i-- {
		row := &t.rows[i]
		if !row.Balance.Add(t.net).valid() {
			return false
		}
		if row.stands(day, phase) == 0 && (!row.Debit.Add(t.debit).valid() || !row.Credit.Add(t.credit).valid()) {
			return false
		}
	}
	return true
}

// floor returns the least balance that binds; what is held needs at least zero.
func (t *stagedSub) floor(waived bool) (least Money, bound bool) {
	floor := t.sub.Floor
	if floor.IsZero() {
		floor = t.account.Floor
	}
	least, bound = floor.least(waived)
	return least, bound || len(t.holds) > 0
}

// headroom returns by how much the account may be lowered on a day so that no
// end of day from then on falls below the floor plus what is held; negative
// where it already does. day is where it is tightest and held what is held then.
func (t *stagedSub) headroom(from Date, floor Money) (room Money, day Date, held Money) {
	tightest := func(on Date, balance Money) {
		holds := t.held(on)
		left := t.account.Normal.Natural(balance).Sub(floor).Sub(holds)
		if day.IsZero() || left.Less(room) {
			room, day, held = left, on, holds
		}
	}
	tightest(from, t.endOfDay(from, Closing))
	for i := range t.rows {
		if t.rows[i].Day.After(from) && (i+1 == len(t.rows) || t.rows[i+1].Day != t.rows[i].Day) {
			tightest(t.rows[i].Day, t.rows[i].Balance)
		}
	}
	for i := range t.holds { // a hold that begins later binds from its first day
		if first := t.holds[i].From; first.After(from) {
			tightest(first, t.endOfDay(first, Closing))
		}
	}
	return room, day, held
}

func (t *stagedSub) held(day Date) Money {
	var total Money
	for i := range t.holds {
		total = total.Add(t.holds[i].on(day))
	}
	return total
}
