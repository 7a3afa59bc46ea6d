package financing

import "github.com/mizan-coop/mizan/ledger"

// Settlement asks for losses to be set against shares that were provisional.
type Settlement struct {
	Slip
	// Place is through which the cooperative puts back what it has received of
	// its shares; not needed while they are still due.
	Place Place `json:"place,omitzero"`
}

// Settle sets losses that later profit has not made good against the profit that
// was shared before, where the terms let shares be provisional
// ([InterimProvisional]): at the end of the contract, or on a day in between on
// which both sides agree. Each side gives back the same part of its shares as of
// all that was shared, half up to the step, and by that the capital of both is
// made good: while the nisbah stayed what it was, the cooperative comes out as if
// the result of all periods had been one. What is left of the shares can still
// meet a later loss.
//
// The cooperative gives back by claiming less of what is due, then in money, into
// the business. The partner's part goes into the business too; it is the
// partner's, stands in no account here, and shows in the final account. Nothing
// to set off is refused with [ErrAmount]; losses that are pending are reported
// first. Journal: income to share receivable and cash; allowance, or investment,
// to recovery.
func (c Contract) Settle(s Settlement) (Event, error) {
	e, err := c.about(EventSettle, s.Slip, c.State)
	if err != nil {
		return Event{}, err
	}
	p := c.Position
	switch {
	case c.Terms.Interim != InterimProvisional:
		return Event{}, c.refuse(ErrState, "settle.final", "by the terms the shares of a period are final")
	case p.Pending.Sign() > 0:
		return Event{}, c.refuse(ErrState, "settle.pending", "losses of %s are settled with a report first", p.Pending)
	}
	loss := p.Deficit.Min(p.Interim)
	if loss.Sign() <= 0 {
		return Event{}, c.refuse(ErrAmount, "settle.nothing", "there is no loss, or no share that it could be set against")
	}
	back := portion(p.InterimOwn, loss, p.Interim, c.Terms.Step).Min(loss)
	c.restore(&e, loss)
	e.Change.Interim, e.Change.InterimOwn, e.Change.Forgone = loss.Neg(), back.Neg(), back
	unpaid := back.Min(p.ShareDue)
	e.Change.ShareDue = unpaid.Neg()
	if paid := back.Sub(unpaid); paid.Sign() > 0 {
		if err := c.place(EventSettle, s.Place); err != nil {
			return Event{}, err
		}
		e.Place, e.Cash = s.Place, paid.Neg()
	}
	e.Settled = &Settled{Loss: loss, Owner: back, Partner: loss.Sub(back), Restored: e.Change.Recovery}
	return e, nil
}

// ProfitSoFar is what the contract has brought the cooperative, below zero for a
// loss: shares less those given up, gains, and losses less what was recovered.
func (p Position) ProfitSoFar() ledger.Money {
	return ledger.Sum(p.Income, p.Forgone.Neg(), p.HandoverGain, p.HandoverLoss.Neg(), p.Loss.Neg(), p.Wear.Neg(), p.Recovery, p.Gain)
}
