package murabahah

import (
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Penalise takes a penalty (ta'zir) from a member who is able to pay and
// delays. All of it goes to the benevolent fund and none to income (DSN-MUI
// 17/2000), and the debt does not change. A member who is recorded as unable
// ([Ability]) pays none: [ErrAble]. Journal: cash to penalty fund.
func (c Contract) Penalise(r Receipt) (Event, error) {
	if err := c.receive(EventPenalty, r); err != nil {
		return Event{}, err
	}
	if c.Course.Unable != "" {
		return Event{}, c.breach(ErrAble, RulePenalty, "penalty.unable", "the member cannot pay, as %s proves: no penalty", contract.Clip(c.Course.Unable))
	}
	e := c.received(EventPenalty, r, c.State)
	e.Change.Penalties = r.Amount
	return e, nil
}

// Ability records whether the member is able to pay; the Document proves it.
// A contract is taken to be that of somebody able until it is recorded.
type Ability struct {
	Act
	Able bool `json:"able"`
}

func (Ability) event() EventName { return EventAbility }

func (a Ability) decide(c Contract, e *Event) error {
	course := c.Course
	course.Unable = a.Document
	if a.Able {
		course.Unable = ""
	}
	e.Course = &course
	return c.proven(e.Name, a.Document, RulePenalty, "what proves it as its document")
}

// Compensation is ta'widh: what a breach has really cost, such as the costs of
// collection or of a rescheduling. It is apart from a penalty, never a
// percentage of arrears, and no part of the debt (DSN-MUI 43/2004). The
// Document proves the cost, the Note says what was breached; both are
// required.
type Compensation struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (Compensation) event() EventName { return EventCompensation }

func (t Compensation) decide(c Contract, e *Event) error {
	e.Change.Compensated = t.Amount
	return first(c.above(e.Name, t.Amount), c.proven(e.Name, t.Document, RuleCompensate, "what proves the cost as its document"),
		c.proven(e.Name, t.Note, RuleCompensate, "what was breached as its note"), c.through(e, t.Place, t.Amount))
}

// Judge sets a contract's class whatever its arrears say, or takes that back
// with an empty class. Note, the reason, and Approver are required.
type Judge struct {
	Act
	Class Class `json:"class,omitempty"`
}

func (Judge) event() EventName { return EventJudge }

func (j Judge) decide(c Contract, e *Event) error {
	course := c.Course
	switch j.Class {
	case Current, Substandard, Doubtful, Loss:
		course.Judgment = &Judgment{Class: j.Class, On: j.Date, By: j.Approver, Why: j.Note}
	case "":
		course.Judgment = nil
	default:
		return c.refuse(ErrCommand, "judge.class", "unknown class %q", contract.Clip(string(j.Class)))
	}
	e.Course = &course
	return first(c.proven(e.Name, j.Note, "", "a reason as its note"), c.proven(e.Name, j.Approver, "", "an approver"))
}

// Realise settles out of the object or the collateral, which the member sold,
// or the cooperative for the member, at the market price that the Document
// proves. What it brings beyond the debt is the member's and is held for the
// member; what is short stays owed (DSN-MUI 47/2005).
type Realise struct {
	Act
	Proceeds ledger.Money `json:"proceeds"`
	Place    Place        `json:"place"`
}

func (Realise) event() EventName { return EventRealise }

func (r Realise) decide(c Contract, e *Event) error {
	if err := first(c.above(e.Name, r.Proceeds), c.proven(e.Name, r.Document, RuleRealise, "what proves the market price as its document"),
		c.through(e, r.Place, r.Proceeds)); err != nil {
		return err
	}
	return c.settleBy(e, r.Proceeds)
}

// settleBy lets a value pay the debt; what is beyond it is held for the member.
func (c Contract) settleBy(e *Event, value ledger.Money) error {
	pays := value.Min(c.Outstanding())
	e.Change.Held = value.Sub(pays)
	return c.collect(e, pays)
}

// TakeOver takes collateral over for the debt, at the fair value that the
// Document proves and both sides agree to. The value stands on the account of
// foreclosed assets from then on; beyond the debt it is held for the member.
type TakeOver struct {
	Act
	Value ledger.Money `json:"value"`
	Asset Place        `json:"asset"` // the account of foreclosed assets
}

func (TakeOver) event() EventName { return EventTakeOver }

func (t TakeOver) decide(c Contract, e *Event) error {
	if err := first(c.above(e.Name, t.Value), c.proven(e.Name, t.Document, RuleRealise, "what proves the fair value as its document"),
		c.through(e, t.Asset, t.Value)); err != nil {
		return err
	}
	return c.settleBy(e, t.Value)
}

// Convert ends the murabahah of a member who has prospects, for another akad
// to follow: the member sells the object to the cooperative at its market
// price, which pays the debt. What is beyond goes to the new akad, as a down
// payment of an ijarah or capital in a mudharabah or musyarakah; what is short
// stays owed. The object must really be sold, which it can be once: the
// Document proves it, the Note names the new akad (DSN-MUI 49/2005).
type Convert struct {
	Act
	Value   ledger.Money `json:"value"`
	Asset   Place        `json:"asset"`            // the account on which the object stands now
	Surplus Place        `json:"surplus,omitzero"` // where a surplus goes; empty holds it for the member
}

func (Convert) event() EventName { return EventConvert }

func (v Convert) decide(c Contract, e *Event) error {
	if err := first(c.above(e.Name, v.Value), c.proven(e.Name, v.Document, RuleConvert, "the deed of the object's sale as its document"),
		c.proven(e.Name, v.Note, RuleConvert, "the new akad as its note"), c.through(e, v.Asset, v.Value)); err != nil {
		return err
	}
	if c.Course.Resold != "" {
		return c.breach(ErrCommand, RuleConvert, "convert.twice", "the object is the cooperative's already, as %s proves", contract.Clip(c.Course.Resold))
	}
	course := c.Course
	course.Resold = v.Document
	e.Course = &course
	if err := c.settleBy(e, v.Value); err != nil {
		return err
	}
	if surplus := e.Change.Held; surplus.Sign() > 0 && v.Surplus.Account != "" {
		e.Change.Held, e.Beside = ledger.Money{}, &Leg{Place: v.Surplus, Cash: surplus.Neg()}
	}
	return nil
}

// WriteOff takes a debt off the books' assets: its principal is charged to the
// allowance, its margin was never income. The member still owes it, and a
// memorandum says so. Collateral is taken over or sold before, and the
// allowance set up ([Desk.Provide]): a desk refuses to charge more to it than it
// holds ([ErrAllowance]). Note, the reason, and Approver are required.
type WriteOff struct{ Act }

func (WriteOff) event() EventName { return EventWriteOff }

func (w WriteOff) decide(c Contract, e *Event) error {
	p, owed := c.Position, c.Outstanding()
	margin := p.Unearned().Min(owed)
	e.To = WrittenOff
	e.Change = Position{
		Receivable: p.Receivable.Neg(), Due: p.Due.Neg(), Deferred: p.Deferred.Neg(), Accrued: p.Accrued.Neg(), Suspended: p.Suspended.Neg(),
		AllowanceUsed: owed.Sub(margin), Lost: margin, Recognised: p.Unearned().Sub(margin), WrittenOff: owed,
	}
	return first(c.proven(e.Name, w.Note, "", "a reason as its note"), c.proven(e.Name, w.Approver, "", "an approver"))
}

// Recovery is received after a write-off: it goes back to the allowance up to
// the principal that was written off, and is margin income beyond it.
type Recovery struct {
	Act
	Amount ledger.Money `json:"amount"`
	Place  Place        `json:"place"`
}

func (Recovery) event() EventName { return EventRecover }

func (r Recovery) decide(c Contract, e *Event) error {
	p := c.Position
	if err := first(c.above(e.Name, r.Amount), c.atMost(e.Name, r.Amount, p.WrittenOff, "that is still claimed"), c.through(e, r.Place, r.Amount)); err != nil {
		return err
	}
	principal := r.Amount.Min(p.WrittenOff.Sub(p.Lost))
	margin := r.Amount.Sub(principal)
	e.Change = Position{AllowanceUsed: principal.Neg(), Lost: margin.Neg(), Recognised: margin, Collected: r.Amount, WrittenOff: r.Amount.Neg()}
	if r.Amount == p.WrittenOff {
		e.To = Settled
	}
	return nil
}
