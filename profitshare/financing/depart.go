package financing

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Loss is capital that was lost without anybody's fault.
type Loss struct {
	Slip // its Note is required: what happened, and what proves it
	// Amount is above zero: before the business has begun, of the cooperative's
	// capital; afterwards, of the business's.
	Amount ledger.Money `json:"amount"`
}

// Lose records a loss without fault. Before the business has begun it is a loss
// of the day that cuts the investment; afterwards it is settled when results
// are shared, and the investment is not touched (PSAK 405). Journal: loss to
// investment; none after the business has begun.
func (c Contract) Lose(l Loss) (Event, error) {
	e, err := c.about(EventLose, l.Slip, c.State)
	if err == nil {
		err = first(c.positive(EventLose, l.Amount), c.reason(EventLose, l.Slip, "what was lost, and what proves it"))
	}
	if err != nil {
		return Event{}, err
	}
	if c.State == Running {
		e.Change.Pending = l.Amount
		return e, nil
	}
	if err := c.within(EventLose, "carried", l.Amount, c.Position.Net()); err != nil {
		return Event{}, err
	}
	e.Change = Position{Invested: l.Amount.Neg(), Capital: l.Amount.Neg(), Loss: l.Amount}
	return e, nil
}

// Ground is what shows that a loss is the manager's fault (PSAK 405).
type Ground string

const (
	UnmetTerms     Ground = "unmet_terms"      // terms of the akad were not kept
	NoForceMajeure Ground = "no_force_majeure" // no force majeure explains it
	Ruling         Ground = "ruling"           // a competent body decided so
)

// Fault is capital lost by the manager's fault.
type Fault struct {
	Slip                // its Note is required: the evidence
	Ground Ground       `json:"ground"`
	Amount ledger.Money `json:"amount"` // of the cooperative's capital, above zero
	// Recognised is the part of Amount that was booked as a loss before, at
	// most what later profit could still restore.
	Recognised ledger.Money `json:"recognised"`
	// Pending is what of the losses not settled yet turned out to be the
	// manager's: it does not come off later results.
	Pending ledger.Money `json:"pending"`
}

// Blame charges the manager with a loss by its own fault: intent, negligence or
// breach (DSN-MUI 07/2000). It becomes a debt of the manager; a loss that was
// recognised for it before is taken back. Journal: receivable to investment,
// and allowance to recovery for what was recognised.
func (c Contract) Blame(f Fault) (Event, error) {
	e, err := c.about(EventFault, f.Slip, c.State)
	if err == nil {
		err = first(c.positive(EventFault, f.Amount), c.notNegative(EventFault, f.Recognised, f.Pending),
			c.reason(EventFault, f.Slip, "the evidence of the manager's fault"))
	}
	if err != nil {
		return Event{}, err
	}
	if !slices.Contains([]Ground{UnmetTerms, NoForceMajeure, Ruling}, f.Ground) {
		return Event{}, c.refuse(ErrCommand, "fault.ground", "fault is shown by unmet terms, no force majeure or a ruling, not %q", contract.Clip(string(f.Ground))).By(RuleOwner)
	}
	p := c.Position
	if err := first(
		c.within(EventFault, "of the loss", f.Recognised, f.Amount),
		c.within(EventFault, "recognised", f.Recognised, p.Lost()),
		c.within(EventFault, "pending", f.Pending, p.Pending),
		c.within(EventFault, "carried", f.Amount.Sub(f.Recognised), p.Net()),
	); err != nil {
		return Event{}, err
	}
	fromAllowance := f.Recognised.Min(p.Allowance)
	e.Ground = f.Ground
	e.Change = Position{
		Fault: f.Amount, Capital: f.Amount.Neg(), Pending: f.Pending.Neg(),
		Invested:  f.Recognised.Sub(fromAllowance).Sub(f.Amount),
		Allowance: fromAllowance.Neg(), Recovery: f.Recognised,
	}
	if f.Recognised.Sign() > 0 {
		e.Change.Deficit = portion(p.Deficit, f.Recognised, p.Lost(), c.Terms.Step).Neg()
	}
	return e, nil
}

// Ending is the end of a partnership, at maturity or before.
type Ending struct {
	Slip // before maturity its Note is required: why
	// Due is the cooperative's capital by the final account, losses that were
	// pending taken off: zero or more, at most the capital that was given.
	Due ledger.Money `json:"due"`
	// Paid is what of it comes back now, zero to Due; the rest stays due.
	Paid  ledger.Money `json:"paid"`
	Place Place        `json:"place"` // where it goes; not needed if nothing is paid
}

// End closes the partnership: what the final account shows is paid or becomes a
// receivable; what it differs by from the carrying amount is gain or loss of
// the day (PSAK 405). What of a commitment is not drawn is released, and gain
// still deferred becomes income. No more can come back as capital than was
// given: what the business earned beyond it is a result to be reported and
// shared (DSN-MUI 07/2000). Ending before maturity is a termination and needs
// its reason. Journal: cash, receivable, allowance and loss to investment and gain.
func (c Contract) End(n Ending) (Event, error) {
	e, err := c.about(EventEnd, n.Slip, Ended)
	if err == nil {
		err = c.notNegative(EventEnd, n.Due, n.Paid)
	}
	if err == nil && n.Paid.Sign() > 0 {
		err = first(c.place(EventEnd, n.Place), c.within(EventEnd, "due", n.Paid, n.Due))
	}
	if err == nil && n.Date.Before(c.Terms.Maturity) {
		err = c.reason(EventEnd, n.Slip, "why it ends before its maturity on "+c.Terms.Maturity.String())
	}
	if err != nil {
		return Event{}, err
	}
	p := c.Position
	if p.Capital.Less(n.Due) {
		r := c.refuse(ErrAbove, "end.above", "%s cannot come back as capital, %s was given: profit is reported and shared", n.Due, p.Capital).By(c.Terms.rule())
		r.Given, r.Limit = n.Due, p.Capital
		return Event{}, r
	}
	if p.Interim.Sign() > 0 && (p.Deficit.Sign() > 0 || p.Pending.Sign() > 0 || n.Due.Less(p.Net())) {
		return Event{}, c.refuse(ErrState, "end.settle", "shares of %s are provisional: the loss is reported and settled with them first", p.Interim)
	}
	e.Place, e.Cash = n.Place, n.Paid
	e.Change = Position{
		Interim: p.Interim.Neg(), InterimOwn: p.InterimOwn.Neg(),
		Commitment: p.Commitment.Neg(), Invested: p.Invested.Neg(), Allowance: p.Allowance.Neg(),
		Deferred: p.Deferred.Neg(), HandoverGain: p.Deferred,
		Matured: n.Due.Sub(n.Paid), Capital: p.Capital.Neg(), Deficit: p.Deficit.Neg(), Pending: p.Pending.Neg(), InKind: p.InKind.Neg(),
	}
	difference(&e.Change, n.Due.Sub(p.Net()))
	if p.Due().Add(e.Change.Due()).IsZero() {
		e.To = Closed
	}
	return e, nil
}

// WriteOff gives up what is due and will not come.
type WriteOff struct {
	Slip                // its Note is required: why
	Claim  Claim        `json:"claim"`
	Amount ledger.Money `json:"amount"` // above zero, at most what is due
}

// WriteOff gives up what is due of a contract that has ended. Capital is a loss
// of the day; a profit share is taken off income again, where it stood without
// ever having come: a pool that shares what was received must not take it for
// received. The last rupiah closes the contract. Journal: loss, or income, to
// receivable.
func (c Contract) WriteOff(w WriteOff) (Event, error) {
	e, err := c.about(EventWriteOff, w.Slip, c.State)
	if err == nil {
		e.Change, err = c.claimed(EventWriteOff, w.Claim, w.Amount)
	}
	if err == nil {
		err = c.reason(EventWriteOff, w.Slip, "why it will not come")
	}
	if err != nil {
		return Event{}, err
	}
	e.Claim, e.To = w.Claim, c.settled(e.Change)
	if w.Claim == ClaimShare {
		e.Change.Forgone = w.Amount
	} else {
		e.Change.Loss = w.Amount
	}
	return e, nil
}

// Adoption takes over a contract that is running already.
type Adoption struct {
	Slip        // its Date is the day as of which the opening balances stand
	Terms Terms `json:"terms"` // as they are by now, the nisbah in force included
	State State `json:"state"` // committed, funded, running or ended
	// Position is what the contract amounts to; what went through income and
	// expense before is left out. Invested is at most Capital, and Capital with
	// what is committed at most that of the terms.
	Position Position    `json:"position"`
	Through  ledger.Date `json:"through,omitzero"` // the last day reported
}

// Adopt takes a running contract over. It posts nothing: the opening entry
// brings the balances in, and they must equal the position stated here. What is
// deferred becomes income over the months from here to maturity.
func (c Contract) Adopt(a Adoption) (Event, error) {
	e, err := c.about(EventAdopt, a.Slip, a.State)
	if err != nil {
		return Event{}, err
	}
	if err := a.Terms.Validate(); err != nil {
		return Event{}, err
	}
	c.Terms = a.Terms
	e.Party, e.Terms, e.Change, e.Through = a.Terms.Partner, &a.Terms, a.Position, a.Through
	if !a.Position.Deferred.IsZero() {
		e.Gain = &Gain{From: a.Date, Amount: a.Position.Deferred}
	}
	return e, c.adoptable(a)
}

func (c Contract) adoptable(a Adoption) error {
	p := a.Position
	for _, amount := range p.fields() {
		if amount.Err() != nil || amount.Sign() < 0 {
			return c.refuse(ErrAmount, "adopt.amount", "adopt: an amount of %s is not zero or above", *amount)
		}
	}
	results := p
	results.Commitment, results.Invested, results.Allowance, results.Deferred, results.ShareDue, results.Matured, results.Fault =
		ledger.Money{}, ledger.Money{}, ledger.Money{}, ledger.Money{}, ledger.Money{}, ledger.Money{}, ledger.Money{}
	results.Capital, results.Bought, results.Deficit, results.Pending, results.InKind = ledger.Money{}, ledger.Money{}, ledger.Money{}, ledger.Money{}, ledger.Money{}
	results.Interim, results.InterimOwn = ledger.Money{}, ledger.Money{}
	working := ledger.Sum(p.Invested, p.Allowance, p.Deferred, p.Capital, p.Deficit, p.Pending, p.InKind, p.Interim)
	why := ""
	switch given := ledger.Sum(p.Capital, p.Commitment, p.Bought); {
	case !slices.Contains([]State{Committed, Funded, Running, Ended}, a.State):
		return c.refuse(ErrState, "adopt.state", "a contract that is %q cannot be taken over", contract.Clip(string(a.State)))
	case a.State == Funded && !a.Terms.StartsLater:
		why = "its business begins with the first tranche"
	case results != Position{}:
		why = "what went through income and expense stays in the old books"
	case c.Terms.Capital.Less(given) || given.Err() != nil:
		why = "capital, commitment and shares bought exceed the capital of the terms"
	case p.Interim.Less(p.InterimOwn) || a.Terms.Interim != InterimProvisional && !p.Interim.IsZero():
		why = "shares are provisional only by the terms, and the cooperative's are a part of them"
	case p.Capital.Less(p.Invested) || p.Invested.Less(p.Allowance) || a.Terms.Capital.Less(p.InKind):
		why = "the investment or what stands in goods exceeds the capital, or the allowance the investment"
	case a.Terms.Form != Declining && !p.Bought.IsZero():
		why = "only shares of a declining musyarakah are bought"
	case p.Lost().IsZero() && a.Terms.Form == Mudharabah && !p.Deficit.IsZero() || p.Deficit.IsZero() && !a.Terms.LossFinal && !p.Lost().IsZero():
		why = "losses that profit must make good and what they took off the investment do not fit"
	case a.State == Committed && (p.Commitment.IsZero() || p != Position{Commitment: p.Commitment}):
		why = "nothing is handed over, so there is a commitment and nothing else"
	case (a.State == Funded || a.State == Running) && working.IsZero():
		why = "no capital is with the partner"
	case a.State == Ended && (p.Due().IsZero() || !working.Add(p.Commitment).IsZero()):
		why = "it is over, so something is due and nothing is invested"
	}
	if why != "" {
		return c.refuse(ErrCommand, "adopt.progress", "a contract that is %s cannot stand as stated: %s", a.State, why)
	}
	return nil
}

// Reversal undoes the latest event of a contract.
type Reversal struct {
	Slip // its Note is required: why; the mirror's memo unless Memo gives another
	// Version names the event to be undone; zero is the latest. Any other one
	// is refused with the later events named.
	Version int `json:"version,omitempty"`
}

// Reverse decides the reversal of a contract's latest event that still stands.
// History is the contract's events from the first on, reversals included.
// Contract and books step back together: the entry is the exact mirror. The
// event before is the latest again, so reversing twice undoes two events.
func Reverse(history []Event, r Reversal) (Event, error) {
	c, err := Replay(history)
	if err != nil {
		return Event{}, err
	}
	standing := Standing(history)
	if len(standing) == 0 {
		return Event{}, c.refuse(ErrState, "reverse.state", "there is no event to be reversed")
	}
	last := standing[len(standing)-1]
	if r.Version != 0 && r.Version != last.Version {
		return Event{}, c.refuse(ErrNotLatest, "reverse.latest", "event #%d is not the latest that stands; later ones: %s",
			r.Version, contract.Clip(kind.Later(standing, r.Version)))
	}
	switch {
	case r.Date.Err() != nil:
		return Event{}, c.refuse(ErrDate, "reverse.date", "reverse: %v", r.Date.Err())
	case r.Date.Before(last.Date):
		return Event{}, c.refuse(ErrDate, "reverse.date", "reverse on %s lies before the event of %s", r.Date, last.Date)
	}
	if err := c.reason(EventReverse, r.Slip, "why the event is undone"); err != nil {
		return Event{}, err
	}
	for _, text := range []string{r.Note, r.Memo, r.Document, r.Maker, r.Approver} {
		if why := contract.TextFault(text); why != "" {
			return Event{}, c.refuse(ErrCommand, "reverse.text", "reverse: a text %s", why)
		}
	}
	e := Event{
		Name: EventReverse, Version: c.Version + 1, Date: r.Date, From: c.State, To: last.From,
		Party: last.Party, Place: last.Place, Cash: last.Cash.Neg(), Change: last.Change.Neg(),
		Gain: last.Gain, Nisbah: last.Nisbah, Note: r.Note, Voucher: r.Voucher,
		Undoes: last.Version, Undone: last.Name,
	}
	if e.Memo == "" {
		e.Memo = r.Note
	}
	if len(standing) > 1 {
		before := standing[len(standing)-2]
		e.Latest, e.Through = before.Latest, before.Through
	}
	return e, nil
}

// Standing returns the events that still stand: without reversals and what
// they undid.
func Standing(history []Event) []Event { return kind.Standing(history) }
