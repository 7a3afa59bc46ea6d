package financing

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// allowedIn is the contract's state machine: which command in which states.
// The diagram in the package comment draws it, and a test compares the two.
func allowedIn(command EventName) []State {
	switch command {
	case EventCommit, EventAdopt:
		return []State{Unagreed}
	case EventDisburse, EventHandOver, EventRelease, EventAgree:
		return []State{Committed, Funded, Running}
	case EventStart:
		return []State{Funded}
	case EventLose, EventFault, EventEnd, EventAmortise, EventWear:
		return []State{Funded, Running}
	case EventReport, EventSettle, EventRepay, EventBuyBack:
		return []State{Running}
	case EventCollect:
		return []State{Funded, Running, Ended}
	case EventWriteOff:
		return []State{Ended}
	}
	return nil
}

// Slip heads every command: which contract, when, and the paper behind it.
type Slip struct {
	// Key is the [Desk]'s; the contract itself does not look at it.
	Key      string          `json:"-"`
	Contract string          `json:"contract,omitempty"` // the contract's id
	Date     ledger.Date     `json:"date"`
	Standing ledger.Standing `json:"standing,omitzero"` // the partner's on this day; left out, as at the akad
	Note     string          `json:"note,omitempty"`    // evidence or reason; required where a command says so

	Voucher
}

func (s Slip) slip() Slip { return s }

// about checks what all commands have in common and starts the event: state,
// date, standing, texts.
func (c Contract) about(name EventName, s Slip, to State) (Event, error) {
	if !slices.Contains(allowedIn(name), c.State) {
		return Event{}, c.refuse(ErrState, string(name)+".state", "%s is not possible, the contract is %s", name, stateName(c.State))
	}
	if err := s.Date.Err(); err != nil {
		return Event{}, c.refuse(ErrDate, string(name)+".date", "%s: %v", name, err)
	}
	if s.Date.Before(c.Latest) {
		return Event{}, c.refuse(ErrDate, string(name)+".date", "%s on %s lies before the latest event on %s", name, s.Date, c.Latest)
	}
	if s.Standing > ledger.Other {
		return Event{}, c.refuse(ErrCommand, string(name)+".standing", "%s: unknown standing %s", name, s.Standing)
	}
	for _, text := range [...]struct{ what, text string }{
		{"note", s.Note}, {"memo", s.Memo}, {"document", s.Document}, {"maker", s.Maker}, {"approver", s.Approver},
	} {
		if why := contract.TextFault(text.text); why != "" {
			return Event{}, c.refuse(ErrCommand, string(name)+"."+text.what, "%s: the %s %s", name, text.what, why)
		}
	}
	party := c.Terms.Partner
	if s.Standing != ledger.NoStanding {
		party.Standing = s.Standing
	}
	through := c.Through
	if day := s.Date.Prev(); to == Running && c.State != Running && day.Valid() {
		through = day // the business begins: there are no results of days before
	}
	return Event{
		Name: name, Version: c.Version + 1, Date: s.Date, Latest: s.Date, Through: through,
		From: c.State, To: to, Party: party, Note: s.Note, Voucher: s.Voucher,
	}, nil
}

func (c Contract) refuse(kind error, code, format string, args ...any) *Refusal {
	return refuse(kind, code, c.Terms.Contract, format, args...)
}

// positive checks an amount that moves, zero being nothing to move.
func (c Contract) positive(name EventName, amount ledger.Money) error {
	if err := amount.Err(); err != nil {
		return c.refuse(ErrAmount, string(name)+".amount", "%s: %v", name, err)
	}
	if amount.Sign() <= 0 {
		r := c.refuse(ErrAmount, string(name)+".amount", "%s of %s is not above zero", name, amount)
		r.Given = amount
		return r
	}
	return nil
}

// notNegative checks amounts of which each may be zero.
func (c Contract) notNegative(name EventName, amounts ...ledger.Money) error {
	for _, amount := range amounts {
		if amount.Err() != nil || amount.Sign() < 0 {
			r := c.refuse(ErrAmount, string(name)+".amount", "%s: an amount of %s is not zero or above", name, amount)
			r.Given = amount
			return r
		}
	}
	return nil
}

// within refuses an amount above its limit.
func (c Contract) within(name EventName, what string, amount, limit ledger.Money) error {
	if limit.Less(amount) || amount.Err() != nil {
		r := c.refuse(ErrAbove, string(name)+".above", "%s of %s is above the %s %s", name, amount, limit, what)
		r.Given, r.Limit = amount, limit
		return r
	}
	return nil
}

func (c Contract) place(name EventName, p Place) error {
	if p.Account == "" {
		return c.refuse(ErrCommand, string(name)+".place", "%s does not say through which account it goes", name)
	}
	return nil
}

func (c Contract) reason(name EventName, s Slip, why string) error {
	if strings.TrimSpace(s.Note) == "" {
		return c.refuse(ErrCommand, string(name)+".note", "%s needs a note: %s", name, why)
	}
	return nil
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Commitment is the approval of a partnership on agreed terms.
type Commitment struct {
	Slip        // its Contract may be left out: the terms have it
	Terms Terms `json:"terms"`
}

// Commit starts a contract: the cooperative owes the capital, and nothing is
// handed over yet. It refuses terms that cannot be ([ErrTerms]). Journal, where
// the accounts are named: memorandum commitment to its contra.
func (c Contract) Commit(m Commitment) (Event, error) {
	e, err := c.about(EventCommit, m.Slip, Committed)
	if err != nil {
		return Event{}, err
	}
	if err := m.Terms.Validate(); err != nil {
		return Event{}, err
	}
	if m.Terms.Maturity.Before(m.Date) {
		return Event{}, m.Terms.refuse("terms.maturity", "maturity %s lies before the akad of %s", m.Terms.Maturity, m.Date)
	}
	e.Terms, e.Party = &m.Terms, m.Terms.Partner
	e.Change.Commitment = m.Terms.Capital
	return e, nil
}

// Disbursement is a tranche in money.
type Disbursement struct {
	Slip
	Amount ledger.Money `json:"amount"` // above zero
	Place  Place        `json:"place"`  // what pays: cash, a bank, the partner's account
}

// Disburse hands a tranche over; the investment is recognised on the day it is
// paid (PSAK 405). The tranches together may not exceed the capital of the
// terms. Journal: investment to cash; the commitment is given back.
func (c Contract) Disburse(d Disbursement) (Event, error) {
	e, err := c.about(EventDisburse, d.Slip, c.funded())
	if err == nil {
		err = first(c.positive(EventDisburse, d.Amount), c.place(EventDisburse, d.Place),
			c.within(EventDisburse, "not drawn yet", d.Amount, c.Position.Commitment))
	}
	if err != nil {
		return Event{}, err
	}
	e.Place, e.Cash = d.Place, d.Amount.Neg()
	e.Change = Position{Commitment: d.Amount.Neg(), Invested: d.Amount, Capital: d.Amount}
	return e, nil
}

// funded is the state after a tranche.
func (c Contract) funded() State {
	if c.State == Running || !c.Terms.StartsLater {
		return Running
	}
	return Funded
}

// Handover is a tranche in kind.
type Handover struct {
	Slip
	// Fair is the value of the goods that both sides agreed on: the capital.
	Fair ledger.Money `json:"fair"`
	// Carrying is what the goods stand at in the books, on the account of Place.
	Carrying ledger.Money `json:"carrying"`
	Place    Place        `json:"place"`
}

// HandOver gives goods as capital at their agreed fair value. What that exceeds
// the carrying amount by is a deferred gain that becomes income over the months
// of the akad (PSAK 405), or income at once under [GainAtOnce]; what it falls
// short by is a loss at once. Journal: investment to goods, with deferred gain,
// gain or loss.
func (c Contract) HandOver(h Handover, policies Policies) (Event, error) {
	e, err := c.about(EventHandOver, h.Slip, c.funded())
	if err == nil {
		err = first(c.positive(EventHandOver, h.Fair), c.notNegative(EventHandOver, h.Carrying), c.place(EventHandOver, h.Place),
			c.within(EventHandOver, "not drawn yet", h.Fair, c.Position.Commitment))
	}
	if err != nil {
		return Event{}, err
	}
	policy, err := policies.On(h.Date)
	if err != nil {
		return Event{}, err
	}
	e.Place, e.Cash, e.Policy = h.Place, h.Carrying.Neg(), policy.Source
	e.Change = Position{Commitment: h.Fair.Neg(), Invested: h.Fair, Capital: h.Fair, InKind: h.Fair}
	switch excess := h.Fair.Sub(h.Carrying); {
	case excess.Sign() < 0:
		e.Change.HandoverLoss = excess.Neg()
	case policy.Gains == GainAtOnce || !h.Date.Before(c.Terms.Maturity):
		e.Change.HandoverGain = excess
	case excess.Sign() > 0:
		if len(c.Gains) >= MaxChanges {
			return Event{}, c.refuse(ErrCommand, "hand_over.most", "a contract takes at most %d tranches in kind", MaxChanges)
		}
		e.Change.Deferred = excess
		e.Gain = &Gain{From: h.Date, Amount: excess}
	}
	return e, nil
}

// Release gives up what is not drawn of the commitment; a contract of which
// nothing was drawn is cancelled by it. Journal: the commitment is given back.
func (c Contract) Release(s Slip) (Event, error) {
	to := c.State
	if to == Committed {
		to = Cancelled
	}
	e, err := c.about(EventRelease, s, to)
	if err != nil {
		return Event{}, err
	}
	if c.Position.Commitment.IsZero() {
		return Event{}, c.refuse(ErrAmount, "release.nothing", "all of the capital is drawn")
	}
	e.Change.Commitment = c.Position.Commitment.Neg()
	return e, nil
}

// Agreement is another nisbah that both sides agreed on.
type Agreement struct {
	Slip
	From   ledger.Date     // the first day of the first period to which it applies
	Nisbah decimal.Decimal // the cooperative's part, above 0 and below 1
}

// MarshalJSON writes the command's content.
func (a Agreement) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Slip
		Term NisbahTerm `json:"term"`
	}{a.Slip, NisbahTerm{a.From, a.Nisbah}})
}

// Agree changes the nisbah by agreement of both sides: never for days that are
// reported already or past, and never twice for one day. Nothing is posted.
func (c Contract) Agree(a Agreement) (Event, error) {
	e, err := c.about(EventAgree, a.Slip, c.State)
	if err != nil {
		return Event{}, err
	}
	if why := nisbahFault(a.Nisbah); why != "" {
		return Event{}, c.refuse(ErrTerms, "terms.nisbah", "%s", why).By(RuleNisbah)
	}
	last := c.Through
	if n := len(c.Nisbah); n > 0 && c.Nisbah[n-1].From.After(last) {
		last = c.Nisbah[n-1].From
	}
	switch {
	case a.From.Err() != nil:
		return Event{}, c.refuse(ErrDate, "agree.from", "agree: %v", a.From.Err())
	case a.From.Before(a.Date) || !last.IsZero() && !a.From.After(last):
		return Event{}, c.refuse(ErrDate, "agree.from", "a nisbah from %s on would change what is past, reported or agreed", a.From)
	case len(c.Nisbah) >= MaxChanges:
		return Event{}, c.refuse(ErrCommand, "agree.most", "a contract takes at most %d changes of the nisbah", MaxChanges)
	}
	e.Nisbah = &NisbahTerm{a.From, a.Nisbah}
	return e, nil
}

// Start says that the business has begun, in a contract whose terms let it
// begin later. From here a loss is settled when results are shared. Nothing is
// posted.
func (c Contract) Start(s Slip) (Event, error) { return c.about(EventStart, s, Running) }
