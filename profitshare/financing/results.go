package financing

import (
	"math/big"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Report is the partner's report of what a period really brought. A projection
// is not a report: the days must be over, and the paper must be named.
type Report struct {
	Slip                 // its Document is required: the report itself
	From    ledger.Date  `json:"from"`    // the day after the last one reported, or later
	Through ledger.Date  `json:"through"` // not after Date
	Revenue ledger.Money `json:"revenue"`
	// Cost is the capital in the revenue: what the goods sold had cost.
	Cost ledger.Money `json:"cost"`
	// Expenses are costs of managing the capital; only [ProfitSharing] takes them off.
	Expenses ledger.Money `json:"expenses"`
}

// Base returns what the akad shares of a report, below zero for a loss.
func (t Terms) Base(r Report) ledger.Money {
	base := r.Revenue.Sub(r.Cost)
	if t.Sharing == ProfitSharing {
		base = base.Sub(r.Expenses)
	}
	return base
}

// Report divides the result of a period. Losses that are pending come off it
// first. Of a profit, what makes earlier losses good goes to the capital (unless
// the terms say that losses are final), and the rest is shared by the nisbah in
// force: the cooperative's part is a receivable and income of the day, in the
// period in which the right arises. Of a loss the cooperative bears what its
// capital bears, at most what is left of it, by allowance or directly as the
// policy of the day says. Projected figures are refused ([ErrReport], PSAK 405).
// Journal: share receivable to income; or loss to allowance; and allowance to
// recovery.
func (c Contract) Report(r Report, policies Policies) (Event, error) {
	e, err := c.about(EventReport, r.Slip, Running)
	if err == nil {
		err = first(c.checkReport(r), c.notNegative(EventReport, r.Revenue, r.Cost, r.Expenses))
	}
	if err != nil {
		return Event{}, err
	}
	nisbah, err := nisbahText(c.NisbahOn(r.From))
	if err != nil {
		return Event{}, err
	}
	base := c.Terms.Base(r)
	reported := Reported{
		From: r.From, Through: r.Through, Revenue: r.Revenue, Cost: r.Cost, Expense: r.Expenses,
		Base: base, Settled: c.Position.Pending, Nisbah: nisbah,
	}
	e.Through = r.Through
	e.Change.Pending = c.Position.Pending.Neg()
	result := base.Sub(c.Position.Pending)
	if err := result.Err(); err != nil {
		return Event{}, c.refuse(ErrAmount, "report.amount", "report: %v", err)
	}
	if result.Sign() > 0 && c.Position.Deficit.Sign() > 0 {
		reported.Restored = result.Min(c.Position.Deficit)
		result = result.Sub(reported.Restored)
		c.restore(&e, reported.Restored)
	}
	reported.Shared = result
	d, err := c.venture(r.From).Split(result)
	if err != nil {
		return Event{}, err
	}
	reported.Owner, reported.Partner, reported.Manager, reported.Capital = d.Owner, d.Partner, d.AsManager, d.AsCapital
	e.Reported = &reported
	if d.Owner.Sign() >= 0 && result.Sign() >= 0 {
		e.Change.ShareDue, e.Change.Income = d.Owner, d.Owner
		if c.Terms.Interim == InterimProvisional {
			e.Change.Interim, e.Change.InterimOwn = result, d.Owner
		}
		return e, nil
	}
	return e, c.bear(&e, r.Date, result, d.Owner, policies)
}

func (c Contract) checkReport(r Report) error {
	switch {
	case r.From.Err() != nil || r.Through.Err() != nil || r.Through.Before(r.From):
		return c.refuse(ErrReport, "report.period", "a report needs its first and last day, not %s to %s", r.From, r.Through)
	case r.Through.After(r.Date):
		return c.refuse(ErrReport, "report.projected", "on %s the results through %s can only be projected", r.Date, r.Through).By(RuleOwner)
	case strings.TrimSpace(r.Document) == "":
		return c.refuse(ErrReport, "report.document", "the partner's actual report must be named").By(RuleOwner)
	case !c.Through.IsZero() && !r.From.After(c.Through):
		return c.refuse(ErrReport, "report.twice", "the days through %s are reported already or before the business began; a report goes on after them, not from %s", c.Through, r.From)
	}
	for _, term := range c.Nisbah {
		if term.From.After(r.From) && !term.From.After(r.Through) {
			return c.refuse(ErrReport, "report.nisbah", "the nisbah changes on %s: report through the day before, then from it on", term.From).By(RuleNisbah)
		}
	}
	return nil
}

// restore lets profit make losses good: the cooperative's part of them in the
// proportion in which all are made good, the allowance first.
func (c Contract) restore(e *Event, restored ledger.Money) {
	p := c.Position
	own := portion(p.Lost(), restored, p.Deficit, c.Terms.Step)
	fromAllowance := own.Min(p.Allowance)
	e.Change.Deficit = restored.Neg()
	e.Change.Allowance = fromAllowance.Neg()
	e.Change.Invested = own.Sub(fromAllowance)
	e.Change.Recovery = own
}

// portion returns amount x part / whole, half up to the step, all of it if the
// part is the whole, and never more.
func portion(amount, part, whole, step ledger.Money) ledger.Money {
	if !part.Less(whole) {
		return amount
	}
	exact := new(big.Rat).Mul(big.NewRat(part.Minor(), whole.Minor()), new(big.Rat).SetInt64(amount.Minor()))
	m, err := ledger.Round(exact, step, ledger.RoundHalfUp)
	if err != nil {
		return amount // the step is wider than any amount
	}
	return m.Min(amount)
}

// bear books the cooperative's part of a loss.
func (c Contract) bear(e *Event, day ledger.Date, result, owner ledger.Money, policies Policies) error {
	policy, err := policies.On(day)
	if err != nil {
		return err
	}
	e.Policy = policy.Source
	loss := owner.Neg().Min(c.Position.Net())
	if !c.Terms.LossFinal {
		e.Change.Deficit = e.Change.Deficit.Sub(result)
	}
	e.Change.Loss = loss
	if policy.Losses == LossDirect {
		e.Change.Invested = loss.Neg()
	} else {
		e.Change.Allowance = loss
	}
	return nil
}

// Claim is what the partner owes.
type Claim string

const (
	ClaimShare   Claim = "share"   // profit share reported
	ClaimMatured Claim = "matured" // capital due when the contract ended
	ClaimFault   Claim = "fault"   // losses by the manager's fault
)

// claimed returns what is due of a claim, and the change that lowers it.
func (c Contract) claimed(name EventName, claim Claim, amount ledger.Money) (Position, error) {
	var due ledger.Money
	var change Position
	switch claim {
	case ClaimShare:
		due, change.ShareDue = c.Position.ShareDue, amount.Neg()
	case ClaimMatured:
		due, change.Matured = c.Position.Matured, amount.Neg()
	case ClaimFault:
		due, change.Fault = c.Position.Fault, amount.Neg()
	default:
		return change, c.refuse(ErrCommand, string(name)+".claim", "%s: unknown claim %q", name, contract.Clip(string(claim)))
	}
	return change, first(c.positive(name, amount), c.within(name, "due of it", amount, due))
}

// settled is the state of a contract after something of what is due is gone.
func (c Contract) settled(change Position) State {
	if c.State == Ended && c.Position.Due().Add(change.Due()).IsZero() {
		return Closed
	}
	return c.State
}

// Collection is money that comes in on what is due.
type Collection struct {
	Slip
	Claim  Claim        `json:"claim"`
	Amount ledger.Money `json:"amount"` // above zero, at most what is due
	Place  Place        `json:"place"`
}

// Collect takes cash on a claim. A share is income when it is reported and not
// again when it is paid: one event, one receipt. The last rupiah closes a
// contract that has ended. Journal: cash to receivable.
func (c Contract) Collect(m Collection) (Event, error) {
	e, err := c.about(EventCollect, m.Slip, c.State)
	if err != nil {
		return Event{}, err
	}
	if e.Change, err = c.claimed(EventCollect, m.Claim, m.Amount); err != nil {
		return Event{}, err
	}
	if err := c.place(EventCollect, m.Place); err != nil {
		return Event{}, err
	}
	e.To, e.Claim, e.Place, e.Cash = c.settled(e.Change), m.Claim, m.Place, m.Amount
	return e, nil
}

// Repayment is capital that comes back before the end.
type Repayment struct {
	Slip
	Amount ledger.Money `json:"amount"` // above zero, at most the carrying amount
	Place  Place        `json:"place"`
}

// Repay takes an instalment of the capital, where the terms let it come back in
// stages. Journal: cash to investment.
func (c Contract) Repay(r Repayment) (Event, error) {
	e, err := c.about(EventRepay, r.Slip, Running)
	if err != nil {
		return Event{}, err
	}
	switch {
	case c.Terms.Form == Declining:
		return Event{}, c.refuse(ErrState, "repay.declining", "the shares of a declining musyarakah are bought, at a price").By(RuleDeclining)
	case c.Terms.Return != InStages:
		return Event{}, c.refuse(ErrState, "repay.at_end", "by the terms the capital comes back at the end")
	}
	if err := first(c.positive(EventRepay, r.Amount), c.place(EventRepay, r.Place),
		c.within(EventRepay, "carried", r.Amount, c.Position.Net())); err != nil {
		return Event{}, err
	}
	e.Place, e.Cash = r.Place, r.Amount
	e.Change = Position{Invested: r.Amount.Neg(), Capital: r.Amount.Neg()}
	return e, nil
}

// BuyBack is a share of a declining musyarakah that the partner buys.
type BuyBack struct {
	Slip
	Capital ledger.Money `json:"capital"` // the share, above zero, at most the carrying amount
	Price   ledger.Money `json:"price"`   // what is paid for it, above zero
	Place   Place        `json:"place"`
}

// BuyBack sells a share to the partner: from here later losses are borne by the
// new capital. What the price differs by is gain or loss of the day. Journal:
// cash to investment, with gain or loss.
func (c Contract) BuyBack(b BuyBack) (Event, error) {
	e, err := c.about(EventBuyBack, b.Slip, Running)
	if err != nil {
		return Event{}, err
	}
	if c.Terms.Form != Declining {
		return Event{}, c.refuse(ErrState, "buy_back.form", "only the shares of a declining musyarakah are bought back").By(RuleDeclining)
	}
	if err := first(c.positive(EventBuyBack, b.Capital), c.positive(EventBuyBack, b.Price), c.place(EventBuyBack, b.Place),
		c.within(EventBuyBack, "carried", b.Capital, c.Position.Net())); err != nil {
		return Event{}, err
	}
	e.Place, e.Cash = b.Place, b.Price
	e.Change = Position{Invested: b.Capital.Neg(), Capital: b.Capital.Neg(), Bought: b.Capital}
	difference(&e.Change, b.Price.Sub(b.Capital))
	return e, nil
}

// difference books a gain, or a loss below zero.
func difference(change *Position, gain ledger.Money) {
	change.Gain, change.Loss = gain.Max(ledger.Money{}), gain.Neg().Max(ledger.Money{})
}

// Amortise turns deferred gain into income: of each tranche in kind its months
// that have passed of those to maturity, whole months from the day it was
// handed over, half up to the step. Asked again in the same month there is
// nothing to recognise, which is refused with [ErrAmount]. Journal: deferred
// gain to gain.
func (c Contract) Amortise(s Slip) (Event, error) {
	e, err := c.about(EventAmortise, s, c.State)
	if err != nil {
		return Event{}, err
	}
	var deferred, recognised ledger.Money
	for _, gain := range c.Gains {
		all, passed := monthsBetween(gain.From, c.Terms.Maturity), monthsBetween(gain.From, s.Date)
		deferred = deferred.Add(gain.Amount)
		recognised = recognised.Add(portion(gain.Amount, ledger.Minor(int64(passed)), ledger.Minor(int64(max(all, 1))), c.Terms.Step))
	}
	now := recognised.Sub(deferred.Sub(c.Position.Deferred)).Min(c.Position.Deferred)
	if now.Sign() <= 0 {
		return Event{}, c.refuse(ErrAmount, "amortise.nothing", "by %s no further gain has become income", s.Date)
	}
	e.Change = Position{Deferred: now.Neg(), HandoverGain: now}
	return e, nil
}

// Wear is the depreciation of goods that the cooperative gave to a musyarakah.
type Wear struct {
	Slip
	Amount ledger.Money `json:"amount"` // above zero, at most what stands in goods
}

// Depreciate takes what goods lost by use off the cooperative's interest in a
// musyarakah (PSAK 406: fair value of the asset less depreciation). In a
// mudharabah such a loss is settled when results are shared: see [Contract.Lose].
// Journal: depreciation to investment.
func (c Contract) Depreciate(w Wear) (Event, error) {
	e, err := c.about(EventWear, w.Slip, c.State)
	if err != nil {
		return Event{}, err
	}
	if c.Terms.Form != Musyarakah && c.Terms.Form != Declining {
		return Event{}, c.refuse(ErrState, "wear.form", "goods of a %s that lose value in use are settled when results are shared", c.Terms.Form).By(RuleOwner)
	}
	if err := first(c.positive(EventWear, w.Amount), c.within(EventWear, "in goods", w.Amount, c.Position.InKind),
		c.within(EventWear, "carried", w.Amount, c.Position.Net())); err != nil {
		return Event{}, err
	}
	e.Change = Position{Invested: w.Amount.Neg(), Capital: w.Amount.Neg(), InKind: w.Amount.Neg(), Wear: w.Amount}
	return e, nil
}

// monthsBetween counts whole months from one day to another, the anchor day of
// the first kept; none if the other is not later.
func monthsBetween(from, to ledger.Date) int {
	y1, m1, _ := from.YMD()
	y2, m2, _ := to.YMD()
	months := (y2-y1)*12 + int(m2) - int(m1)
	if months > 0 && from.AddMonths(months).After(to) {
		months--
	}
	return max(months, 0)
}
