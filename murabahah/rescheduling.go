package murabahah

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// RevisionKind says what was agreed for the rest of a debt. The three differ
// in words and in the supervisor's reports, not in the books.
type RevisionKind string

const (
	Rescheduling   RevisionKind = "rescheduling"   // other days
	Reconditioning RevisionKind = "reconditioning" // other amounts, number or days
	Restructuring  RevisionKind = "restructuring"  // any of it with a reduction, which [Concession] grants before
)

// Reschedule agrees days and instalments of the rest anew, for a member who
// cannot keep to the akad's. What is owed stays what it is: no margin on
// margin, and no new murabahah to pay the old (DSN-MUI 48/2005). Real costs
// are taken apart, as [Compensation]. It moves no money; what stood apart as
// due stands as receivable again.
type Reschedule struct {
	Act
	Kind RevisionKind `json:"kind"`
	// Total is what is owed from now on, as the addendum states it. If it is
	// not zero it must be what is outstanding.
	Total ledger.Money `json:"total,omitzero"`
	Plan  Plan         `json:"plan"`
	// Method by which the rest of the margin is earned; empty is the akad's
	// own, at the rate that the new instalments imply. At delivery is neither
	// left nor taken up: delivery was long ago.
	Method Method `json:"method,omitempty"`
}

func (Reschedule) event() EventName { return EventRevise }

func (r Reschedule) decide(c Contract, e *Event) error {
	owed, p := c.Outstanding(), c.Position
	switch most := c.Terms.MaxRevisions; {
	case r.Kind != Rescheduling && r.Kind != Reconditioning && r.Kind != Restructuring:
		return c.refuse(ErrCommand, "revise.kind", "unknown kind of revision %q", contract.Clip(string(r.Kind)))
	case most > 0 && c.Course.Revisions >= most:
		return c.breach(ErrState, RuleReschedule, "revise.most", "the rest was agreed anew %d times, the terms allow %d", c.Course.Revisions, most)
	case owed.Less(r.Total):
		refusal := c.breach(ErrGrows, RuleReschedule, "revise.grows", "a debt of %s would grow to %s: it may not", owed, r.Total)
		refusal.Given, refusal.Limit = r.Total, owed
		return refusal
	case !r.Total.IsZero() && r.Total != owed:
		refusal := c.breach(ErrCommand, RuleReschedule, "revise.total", "a debt of %s does not become %s by other days; grant the reduction first", owed, r.Total)
		refusal.Given, refusal.Limit = r.Total, owed
		return refusal
	}
	if akad := c.Terms.Recognition.Method; r.Method != "" && r.Method != akad && (r.Method == AtDelivery || akad == AtDelivery) {
		return c.breach(ErrTerms, RuleRecognition, "revise.method", "method %s does not become %s: margin is taken at delivery or it is not", akad, r.Method)
	}
	so, err := c.elapsed(r.Date)
	if err != nil {
		return err
	}
	revision := &Revision{Elapsed: so.Owed, Kind: r.Kind, Plan: r.Plan, Method: r.method(c.Terms.Recognition.Method), Collected: p.Collected, Total: owed, Margin: p.Unearned()}
	schedule, err := revision.schedule(c.Terms)
	if err != nil {
		return err
	}
	if due := schedule.Rows[0].Due; due.Before(r.Date) {
		return c.refuse(ErrDate, "revise.first_due", "the first instalment would be due on %s, before the %s on which it is agreed", due, r.Date)
	}
	course := c.Course
	course.Revision, course.Revisions = revision, course.Revisions+1
	course.Base = &Base{Collected: p.Collected, Recognised: p.Recognised, Owed: owed, Unearned: p.Unearned()}
	e.Course = &course
	e.Change = Position{Due: p.Due.Neg(), Receivable: p.Due, Accrued: p.Accrued.Neg(), Deferred: p.Accrued, Suspended: p.Suspended.Neg()}
	return nil
}

func (r Reschedule) method(akad Method) Method {
	planned := r.Plan.Kind == Declining || r.Plan.Kind == Progressive
	switch {
	case r.Method != "":
		return r.Method
	case akad == AnnuityAtRate:
		return Annuity
	case akad == Planned && !planned:
		return Proportional
	}
	return akad
}

// schedule computes the plan of the rest.
func (r *Revision) schedule(t Terms) (Schedule, error) {
	t.Cost, t.Margin, t.Price, t.DownPayment = r.Total.Sub(r.Margin), r.Margin, ledger.Money{}, ledger.Money{}
	t.Plan = r.Plan
	t.Recognition = Recognition{Method: r.Method, Step: stepOf(t.Recognition.Step, r.Margin)}
	return t.Schedule()
}

// stepOf returns the step if the margin is a multiple of it, else one unit: a
// discount can leave a margin that is not.
func stepOf(step, margin ledger.Money) ledger.Money {
	if step.Sign() <= 0 || margin.Minor()%step.Minor() == 0 {
		return step // one below is refused with the terms
	}
	return ledger.Minor(1)
}

// Schedule returns the plan in force: the akad's, or what was agreed anew for
// the rest, less what has been given up since.
func (c Contract) Schedule() (Schedule, error) {
	base, revision := c.Course.Base, c.Course.Revision
	if base == nil {
		return c.Terms.Schedule()
	}
	if err := c.readable(); err != nil {
		return Schedule{}, err
	}
	method := c.Terms.Recognition.Method
	var whole Schedule
	var err error
	if revision != nil {
		method = revision.Method
		whole, err = revision.schedule(c.Terms)
		whole.before = revision.Collected
	} else {
		whole, err = c.Terms.Schedule()
	}
	if err != nil {
		return Schedule{}, err
	}
	if revision == nil || base.Collected != revision.Collected || base.Owed != revision.Total || base.Unearned != revision.Margin {
		whole = c.tail(whole, *base, method)
	}
	whole.before, whole.earned = base.Collected, base.Recognised
	return whole, nil
}

// curve is Schedule without the rows, where the method needs none.
func (c Contract) curve() (Schedule, error) {
	base, method := c.Course.Base, c.Terms.Recognition.Method
	if c.Course.Revision != nil {
		method = c.Course.Revision.Method
	}
	if s := (Schedule{method: method}); !s.proportional() {
		return c.Schedule()
	}
	if err := c.readable(); err != nil {
		return Schedule{}, err
	}
	s := c.Terms.curve()
	if base != nil {
		s.method, s.margin, s.net, s.before, s.earned = method, base.Unearned, base.Owed, base.Collected, base.Recognised
		s.marginStep = stepOf(c.Terms.Recognition.Step, base.Unearned).Minor()
	}
	return s, nil
}

// readable says whether the amounts of a contract, which may come from
// anywhere, can be reckoned with at all.
func (c Contract) readable() error {
	if err := first(c.Terms.checkAmounts(), c.Terms.checkRecognition()); err != nil {
		return err
	}
	base, revision := c.Course.Base, c.Course.Revision
	if base != nil {
		net := c.Terms.NetReceivable()
		for _, amount := range []ledger.Money{base.Collected, base.Recognised, base.Owed, base.Unearned} {
			if amount.Err() != nil || amount.Sign() < 0 || net.Less(amount) {
				return c.refuse(ErrFormat, "format.base", "stored amount %s is not between zero and the price", amount)
			}
		}
	}
	if revision != nil && (base == nil || revision.Total.Err() != nil || revision.Margin.Err() != nil || revision.Collected.Err() != nil ||
		revision.Elapsed.Err() != nil || revision.Elapsed.Sign() < 0 || revision.Margin.Sign() < 0 || revision.Total.Less(revision.Margin)) {
		return c.refuse(ErrFormat, "format.revision", "stored revision does not fit")
	}
	return nil
}

// tail returns what is left of a schedule once a part of the debt was given
// up: the rows that were open, the last ones shortened, with the margin that
// is not earned yet. Where the rows cannot carry an annuity any more, the rest
// is earned in proportion.
func (c Contract) tail(whole Schedule, base Base, method Method) Schedule {
	var rows []Row
	left := base.Owed
	for _, covered := range whole.Cover(base.Collected) {
		if open := covered.Open().Min(left); open.Sign() > 0 {
			rows, left = append(rows, Row{No: len(rows) + 1, Due: covered.Due, Amount: open}), left.Sub(open)
		}
	}
	t := Terms{Contract: c.Terms.Contract, Cost: base.Owed.Sub(base.Unearned), Margin: base.Unearned}
	t.Recognition = Recognition{Method: method, Step: stepOf(c.Terms.Recognition.Step, base.Unearned)}
	if method == AnnuityAtRate {
		t.Recognition.Method = Annuity
	} else if method == Planned {
		t.Recognition.Method = Proportional
	}
	amounts := make([]int64, len(rows))
	for i, row := range rows {
		amounts[i] = row.Amount.Minor()
	}
	var margins []int64
	if t.Recognition.Method == Annuity && t.Cost.Sign() > 0 && left.IsZero() {
		if solved, err := t.annuity(amounts); err == nil {
			margins = solved
		}
	}
	if margins == nil {
		margins = t.proportional(amounts)
		if t.Recognition.Method == Annuity {
			t.Recognition.Method = Proportional
		}
	}
	s := t.curve()
	s.Rows = slices.Clone(rows)
	for i, margin := range margins {
		s.Rows[i].Margin, s.Rows[i].Principal = ledger.Minor(margin), rows[i].Amount.Sub(ledger.Minor(margin))
	}
	return s
}

// after returns the contract with the course that an event gives it.
func (c Contract) after(e *Event) Contract {
	if e.Course != nil {
		c.Course = *e.Course
	}
	return c
}

// cut gives up a part of what is owed: margin that is waived and principal.
// The last instalments are shortened, and the margin that remains is earned
// with the rest. What is cut is taken from what is not due yet first.
func (c Contract) cut(e *Event, margin, principal ledger.Money) error {
	p, amount := c.Position, margin.Add(principal)
	fromReceivable := amount.Min(p.Receivable)
	e.Change.Receivable = fromReceivable.Neg()
	e.Change.Due = amount.Sub(fromReceivable).Neg()
	e.Change.Rebate = margin
	course := c.Course
	course.Base = &Base{Collected: p.Collected, Recognised: p.Recognised, Owed: c.Outstanding().Sub(amount), Unearned: p.Unearned().Sub(margin)}
	e.Course = &course
	if course.Base.Owed.IsZero() {
		e.To = Settled
		e.Change.Recognised = course.Base.Unearned
		e.Change.Accrued, e.Change.Suspended = p.Accrued.Neg(), p.Suspended.Neg()
		e.Change.Deferred = p.Deferred.Neg()
		return nil
	}
	return c.earn(e)
}
