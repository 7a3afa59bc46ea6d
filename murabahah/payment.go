package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Ahead says what becomes of money that is paid before it is due.
type Ahead string

const (
	// AheadPays lets it pay the next instalments; it is the default.
	AheadPays Ahead = ""
	// AheadHeld holds it for the member (titipan) until something falls due.
	AheadHeld Ahead = "held"
)

// Pay takes cash for the instalments: the oldest first, in part, or ahead of
// their days. It refuses more than is owed ([ErrOverpaid]). Where the terms
// hold what is paid ahead, only what is due by the day is paid, unless all
// that is owed is. The margin earned is E(collected now) - E(collected
// before), see [Schedule.Earned]; the last rupiah settles the contract.
// Journal: cash to receivable; deferred margin, and what of it was accrued, to
// income.
func (c Contract) Pay(r Receipt) (Event, error) {
	if err := c.receive(EventPay, r); err != nil {
		return Event{}, err
	}
	owed := c.Outstanding()
	if owed.Less(r.Amount) {
		refusal := c.refuse(ErrOverpaid, "pay.above", "payment of %s is above the %s owed", r.Amount, owed)
		refusal.Given, refusal.Limit = r.Amount, owed
		return Event{}, refusal
	}
	e := c.received(EventPay, r, Sold)
	pays := r.Amount
	if c.Terms.Ahead == AheadHeld && r.Amount != owed {
		due, err := c.dueOpen(r.Date)
		if err != nil {
			return Event{}, err
		}
		pays = pays.Min(due)
		e.Change.Held = r.Amount.Sub(pays)
	}
	if err := c.collect(&e, pays); err != nil {
		return Event{}, err
	}
	return e, nil
}

// collect lets an amount, in money or what is taken for it, pay the
// instalments: what stands as due first.
func (c Contract) collect(e *Event, amount ledger.Money) error {
	fromDue := amount.Min(c.Position.Due)
	e.Change.Due = e.Change.Due.Sub(fromDue)
	e.Change.Receivable = e.Change.Receivable.Sub(amount.Sub(fromDue))
	e.Change.Collected = e.Change.Collected.Add(amount)
	e.To = Sold
	if amount == c.Outstanding() {
		e.To = Settled
	}
	return c.earn(e)
}

// earn sets what the event's collections and due days make of the margin:
// income by what is collected, and accrued by what has fallen due beyond it.
func (c Contract) earn(e *Event) error {
	curve, err := c.after(e).curve()
	if err != nil {
		return err
	}
	after := c.Position.Add(e.Change)
	recognised := curve.Earned(after.Collected)
	accrued := ledger.Money{}
	if c.accruing(e) {
		accrued = curve.Earned(after.Collected.Add(after.Due)).Sub(recognised)
	}
	was := c.Position
	e.Change.Recognised = recognised.Sub(was.Recognised)
	e.Change.Accrued = accrued.Sub(was.Accrued)
	e.Change.Deferred = ledger.Sum(e.Change.Recognised, e.Change.Accrued, e.Change.Rebate, e.Change.Lost).Neg()
	if !was.Suspended.IsZero() || !after.Suspended.IsZero() || c.suspending(e) {
		e.Change.Suspended = curve.Earned(after.Collected.Add(after.Due)).Sub(recognised).Sub(accrued).Sub(was.Suspended)
	}
	return nil
}

// accruing reports whether margin is accrued as it falls due, after the event.
func (c Contract) accruing(e *Event) bool {
	course := c.Course
	if e.Course != nil {
		course = *e.Course
	}
	return c.Terms.Recognition.Basis == OnDueDate && !course.Stopped
}

// suspending reports whether margin that is not accrued is kept track of.
func (c Contract) suspending(e *Event) bool {
	return c.Terms.Recognition.Basis == OnDueDate && !c.accruing(e)
}

// dueOpen returns what of the instalments due by a day is not paid.
func (c Contract) dueOpen(day ledger.Date) (ledger.Money, error) {
	schedule, err := c.Schedule()
	if err != nil {
		return ledger.Money{}, err
	}
	due, _, _ := schedule.DueBy(day)
	return schedule.before.Add(due).Sub(c.Position.Collected).Max(ledger.Money{}), nil
}

// HeldUse lets held money pay what is due by the day.
type HeldUse struct{ Act }

func (HeldUse) event() EventName { return EventApplyHeld }

func (h HeldUse) decide(c Contract, e *Event) error {
	due, err := c.dueOpen(h.Date)
	if err != nil {
		return err
	}
	amount := due.Min(c.Position.Held)
	if amount.IsZero() {
		return c.refuse(ErrAmount, "apply_held.nothing", "of %s held nothing can be used: %s is due by %s", c.Position.Held, due, h.Date)
	}
	e.Change.Held = amount.Neg()
	return c.collect(e, amount)
}

// HeldReturn gives held money, or a surplus, back to the member.
type HeldReturn struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (HeldReturn) event() EventName { return EventReturnHeld }

func (h HeldReturn) decide(c Contract, e *Event) error {
	e.Change.Held = h.Amount.Neg()
	return first(c.above(e.Name, h.Amount), c.atMost(e.Name, h.Amount, c.Position.Held, "held"), c.through(e, h.Place, h.Amount.Neg()))
}

// Falling sets the instalments that have fallen due by its date and are unpaid
// apart, as Piutang Murabahah Jatuh Tempo. Under [OnDueDate] their margin is
// accrued with it, apart from margin received.
type Falling struct{ Act }

func (Falling) event() EventName { return EventDue }

func (f Falling) decide(c Contract, e *Event) error {
	open, err := c.dueOpen(f.Date)
	if err != nil {
		return err
	}
	more := open.Sub(c.Position.Due)
	if more.Sign() <= 0 {
		return c.refuse(ErrAmount, "due.nothing", "nothing more has fallen due by %s: %s stands as due", f.Date, c.Position.Due)
	}
	e.Change = Position{Receivable: more.Neg(), Due: more}
	return c.earn(e)
}

// AccrualStop ends the accrual of margin on a contract that does not perform:
// what was accrued and not received goes back to deferred margin, and what
// falls due from now on is kept track of in a memorandum.
type AccrualStop struct{ Act }

func (AccrualStop) event() EventName { return EventStop }

func (s AccrualStop) decide(c Contract, e *Event) error { return c.accrue(e, true, s.Note) }

// AccrualResumption accrues margin again: the contract performs.
type AccrualResumption struct{ Act }

func (AccrualResumption) event() EventName { return EventResume }

func (r AccrualResumption) decide(c Contract, e *Event) error { return c.accrue(e, false, r.Note) }

func (c Contract) accrue(e *Event, stopped bool, why string) error {
	switch {
	case c.Terms.Recognition.Basis != OnDueDate:
		return c.refuse(ErrCommand, string(e.Name)+".basis", "%s: margin is recognised as it is received, nothing is accrued", e.Name)
	case c.Course.Stopped == stopped:
		return c.refuse(ErrState, string(e.Name)+".already", "%s: that is so already", e.Name)
	}
	course := c.Course
	course.Stopped = stopped
	e.Course = &course
	return first(c.proven(e.Name, why, RuleStandard, "a reason as its note"), c.earn(e))
}
