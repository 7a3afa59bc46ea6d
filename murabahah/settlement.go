package murabahah

import (
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// RebateRule is the fatwa under which a contract's early settlement stands. It
// is data of the contract, dated with it.
type RebateRule string

const (
	// RebateMandatory is DSN-MUI 153/2022: the price of time that has not
	// elapsed may not be claimed. It is the default.
	RebateMandatory RebateRule = ""
	// RebateDiscretionary is DSN-MUI 23/2002: the cooperative may reduce the
	// debt by an amount of its own choice, which is not promised in the akad.
	RebateDiscretionary RebateRule = "dsn_23_2002"
)

// MandatoryFrom is the first day on which no akad is closed under DSN-MUI
// 23/2002 any more. The year is that of DSN-MUI 153/2022; the day is
// unconfirmed, and a contract that is adopted is not asked.
func MandatoryFrom() ledger.Date { return ledger.On(2022, 1, 1) }

// Elapsed says how time that has elapsed is counted in the instalment that is
// running. The fatwa's own formula for part of a period is unconfirmed.
type Elapsed string

const (
	ByInstalments Elapsed = ""       // not at all, until the instalment is due
	ByMonths      Elapsed = "months" // its completed months, of all its months
	ByDays        Elapsed = "days"   // its days gone by, of all its days
)

// SettlementTerms is the rule of a contract's early settlement. No amount or
// ratio of a rebate can be stated in it: none is promised.
type SettlementTerms struct {
	Rule    RebateRule `json:"rule,omitempty"`
	Elapsed Elapsed    `json:"elapsed,omitempty"`
	// After lets the member pay in full first and pays the rebate back, instead
	// of cutting it from what is paid.
	After bool `json:"after,omitempty"`
}

func (s SettlementTerms) check(t Terms) error {
	switch {
	case s.Rule != RebateMandatory && s.Rule != RebateDiscretionary:
		return t.refuseRule(RuleEarlySettle, "terms.settlement", "unknown rule of early settlement %q", contract.Clip(string(s.Rule)))
	case s.Elapsed != ByInstalments && s.Elapsed != ByMonths && s.Elapsed != ByDays:
		return t.refuseRule(RuleEarlySettle, "terms.settlement", "unknown count of time elapsed %q", contract.Clip(string(s.Elapsed)))
	}
	return nil
}

// settledBy refuses a rule of early settlement that no akad of a day can have.
func (t Terms) settledBy(day ledger.Date) error {
	if t.Settlement.Rule == RebateDiscretionary && !day.Before(MandatoryFrom()) {
		return t.refuseRule(RuleEarlySettle, "terms.settlement",
			"on %s the rebate at an early settlement is mandatory, not discretionary (%s)", day, RuleRebate)
	}
	return nil
}

// Settlement is an early settlement in full.
type Settlement struct {
	Key      string
	Contract string
	Date     ledger.Date
	// Rebate is what the cooperative waives of a contract under DSN-MUI
	// 23/2002, zero to the margin that is not owed yet. Under DSN-MUI 153/2022
	// it is not asked: leave it zero.
	Rebate   ledger.Money
	Place    Place
	Payer    ledger.Party // as in a [Receipt]
	Standing ledger.Standing
	Note     string

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Settle ends the contract early at the amount that [Contract.Quote] computes
// for the day, with the rebate of the contract's rule. Journal: cash, and the
// deferred margin, to receivable and the income left after the rebate. Where
// the rebate follows the settlement, all is paid and all margin is income
// first: [RebatePayment] pays it back.
func (c Contract) Settle(s Settlement) (Event, error) {
	q, err := c.QuoteWith(s.Date, s.Rebate)
	if err != nil {
		return Event{}, err
	}
	voucher := Voucher{Memo: s.Memo, Document: s.Document, Maker: s.Maker, Approver: s.Approver}
	if err := first(c.complete(EventSettle, s.Place, s.Standing, s.Note, voucher), c.paying(EventSettle, s.Payer)); err != nil {
		return Event{}, err
	}
	p := c.Position
	e := c.event(EventSettle, s.Date, Settled, s.Standing)
	e.Payer, e.Place, e.Note, e.Voucher = s.Payer, s.Place, s.Note, voucher
	e.Change = Position{
		Receivable: p.Receivable.Neg(), Due: p.Due.Neg(), Deferred: p.Deferred.Neg(), Accrued: p.Accrued.Neg(), Suspended: p.Suspended.Neg(),
	}
	if c.Terms.Settlement.After {
		e.Cash, e.Change.Collected = q.Outstanding, q.Outstanding
		e.Change.Recognised, e.Change.RebateDue = p.Unearned(), q.Rebate
		return e, nil
	}
	e.Cash, e.Change.Collected = q.Pays, q.Pays
	e.Change.Recognised, e.Change.Rebate = p.Unearned().Sub(q.Rebate), q.Rebate
	return e, nil
}

// RebatePayment pays back the rebate of a contract that was settled in full.
type RebatePayment struct {
	Act
	Place Place `json:"place"`
}

func (RebatePayment) event() EventName { return EventPayRebate }

func (r RebatePayment) decide(c Contract, e *Event) error {
	due := c.Position.RebateDue
	e.Change = Position{RebateDue: due.Neg(), Rebate: due, Recognised: due.Neg(), Collected: due.Neg()}
	return first(c.above(e.Name, due), c.through(e, r.Place, due.Neg()))
}
