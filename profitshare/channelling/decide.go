package channelling

import (
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Slip heads every command: which contract, when, and the paper behind it.
type Slip struct {
	Key      string      `json:"-"` // the [Desk]'s
	Contract string      `json:"contract,omitempty"`
	Date     ledger.Date `json:"date"`
	Note     string      `json:"note,omitempty"` // evidence or reason; required where a command says so
	Voucher
}

func (s Slip) slip() Slip { return s }

// Agreement begins a contract.
type Agreement struct {
	Slip        // its Contract may be left out: the terms have it
	Terms Terms `json:"terms"`
}

// Movement is money that comes or goes.
type Movement struct {
	Slip
	Amount ledger.Money `json:"amount"` // above zero
	// Place is where it comes from or goes to: cash, a bank, a savings account,
	// for a compensation the expense account. Losses and fees need none.
	Place ledger.Place `json:"place,omitzero"`
}

// Report is the actual result of the business in a period.
type Report struct {
	Slip                 // its Document is required: the report itself
	From    ledger.Date  `json:"from"`
	Through ledger.Date  `json:"through"` // not after Date
	Result  ledger.Money `json:"result"`  // zero or above; a loss of capital is recorded by [Contract.Lose]
}

// Adoption takes over a contract that is running already.
type Adoption struct {
	Slip                 // its Date is the day as of which the opening balances stand
	Terms    Terms       `json:"terms"`
	State    State       `json:"state"` // agreed or running
	Position Position    `json:"position"`
	Through  ledger.Date `json:"through,omitzero"`
}

// Agree begins a contract. Nothing is posted.
func (c Contract) Agree(a Agreement) (Event, error) {
	e, err := c.about(EventAgree, a.Slip, Agreed)
	if err == nil {
		err = a.Terms.Validate()
	}
	if err == nil && a.Terms.Maturity.Before(a.Date) {
		err = refuse(ErrTerms, "terms.maturity", a.Terms.Contract, "maturity %s lies before the contract of %s", a.Terms.Maturity, a.Date)
	}
	if err != nil {
		return Event{}, err
	}
	e.Terms = &a.Terms
	return e, nil
}

// Adopt takes a running contract over. It posts nothing: what is held and placed
// must stand in the opening balances.
func (c Contract) Adopt(a Adoption) (Event, error) {
	e, err := c.about(EventAdopt, a.Slip, a.State)
	if err == nil {
		err = a.Terms.Validate()
	}
	if err != nil {
		return Event{}, err
	}
	p := a.Position
	for _, amount := range p.fields() {
		if amount.Err() != nil || amount.Sign() < 0 {
			return Event{}, refuse(ErrAmount, "adopt.amount", a.Terms.Contract, "adopt: an amount of %s is not zero or above", *amount)
		}
	}
	out := p.Received.Add(p.Collected).Add(p.Compensated)
	in := ledger.Sum(p.Held, p.Placed, p.Lost, p.Charged, p.Paid)
	switch {
	case a.State != Agreed && a.State != Running:
		err = refuse(ErrState, "adopt.state", a.Terms.Contract, "a contract that is %q cannot be taken over", contract.Clip(string(a.State)))
	case a.State == Agreed && (!p.Placed.IsZero() || !p.Shared.IsZero() || !p.Lost.IsZero()):
		err = refuse(ErrCommand, "adopt.placed", a.Terms.Contract, "nothing was placed yet, so nothing is with the business")
	case a.Terms.Amount.Less(p.Placed) || a.Terms.Fee.Less(p.Charged) || p.Lost.Less(p.Compensated) || p.Shared.Sub(p.Collected) != p.ShareDue || in != out:
		err = refuse(ErrCommand, "adopt.sums", a.Terms.Contract, "what came, %s, is not what is held, placed, lost, charged and paid, %s, or an amount is above what was agreed", out, in)
	}
	if err != nil {
		return Event{}, err
	}
	e.Terms, e.Change, e.Through = &a.Terms, p, a.Through
	return e, nil
}

// Receive takes money from the investor, to be held until it is placed. Journal:
// place to held.
func (c Contract) Receive(m Movement) (Event, error) {
	return c.move(EventReceive, m, m.Amount, true, Position{Held: m.Amount, Received: m.Amount})
}

// PlaceWith passes money on to the business, at most what is held and what the
// terms allow. Journal: held to place; memorandum placed to its contra.
func (c Contract) PlaceWith(m Movement) (Event, error) {
	most := c.Position.Held.Min(c.Terms.Amount.Sub(c.Position.Placed))
	return c.move(EventPlace, m, most, true, Position{Held: m.Amount.Neg(), Placed: m.Amount})
}

// Collect takes the investor's share from the business. Journal: place to held.
func (c Contract) Collect(m Movement) (Event, error) {
	return c.move(EventCollect, m, c.Position.ShareDue, true, Position{Held: m.Amount, ShareDue: m.Amount.Neg(), Collected: m.Amount})
}

// Return takes capital back from the business. Journal: place to held; the
// memorandum is taken back.
func (c Contract) Return(m Movement) (Event, error) {
	return c.move(EventReturn, m, c.Position.Placed, true, Position{Held: m.Amount, Placed: m.Amount.Neg()})
}

// Lose records capital that was lost: it is the investor's, and the note says
// what happened. Journal: the memorandum is taken back.
func (c Contract) Lose(m Movement) (Event, error) {
	e, err := c.move(EventLose, m, c.Position.Placed, false, Position{Placed: m.Amount.Neg(), Lost: m.Amount})
	if err == nil {
		err = c.reason(EventLose, m.Slip)
	}
	return cleared(e, err)
}

// Compensate makes a loss good that came from the cooperative's own fault, out
// of its expense account. Journal: expense to held.
func (c Contract) Compensate(m Movement) (Event, error) {
	e, err := c.move(EventCompensate, m, c.Position.Lost.Sub(c.Position.Compensated), true, Position{Held: m.Amount, Compensated: m.Amount})
	if err == nil {
		err = c.reason(EventCompensate, m.Slip)
	}
	return cleared(e, err)
}

// Charge takes the fee, or a part of it, out of what is held: in all at most the
// sum that was agreed. Journal: held to fee income.
func (c Contract) Charge(m Movement) (Event, error) {
	most := c.Position.Held.Min(c.Terms.Fee.Sub(c.Position.Charged))
	return c.move(EventCharge, m, most, false, Position{Held: m.Amount.Neg(), Charged: m.Amount})
}

// PayOut pays the investor out of what is held. Journal: held to place.
func (c Contract) PayOut(m Movement) (Event, error) {
	return c.move(EventPayOut, m, c.Position.Held, true, Position{Held: m.Amount.Neg(), Paid: m.Amount})
}

// Report shares an actual result between investor and business by the nisbah,
// the business having what rounding leaves. Nothing is posted: what the business
// owes the investor is no asset of the agent.
func (c Contract) Report(r Report) (Event, error) {
	e, err := c.about(EventReport, r.Slip, Running)
	if err != nil {
		return Event{}, err
	}
	none := func(code, format string, args ...any) (Event, error) {
		return Event{}, refuse(ErrReport, "report."+code, c.Terms.Contract, format, args...).By(RuleRestricted)
	}
	switch {
	case r.From.Err() != nil || r.Through.Err() != nil || r.Through.Before(r.From):
		return none("period", "a report needs its first and last day, not %s to %s", r.From, r.Through)
	case r.Through.After(r.Date):
		return none("projected", "on %s the results through %s can only be projected", r.Date, r.Through)
	case !c.Through.IsZero() && !r.From.After(c.Through):
		return none("again", "the days through %s are reported already", c.Through)
	case strings.TrimSpace(r.Document) == "":
		return none("document", "the actual report must be named")
	case r.Result.Err() != nil || r.Result.Sign() < 0:
		return none("result", "a result of %s: capital that was lost is recorded as lost", r.Result)
	}
	share, err := ledger.Round(new(big.Rat).Mul(c.Terms.Nisbah.Rat(), new(big.Rat).SetInt64(r.Result.Minor())), c.Terms.Step, c.Terms.Rounding)
	if err != nil {
		return Event{}, err
	}
	share = share.Min(r.Result)
	e.Through = r.Through
	e.Reported = &Reported{r.From, r.Through, r.Result, share, r.Result.Sub(share)}
	e.Change = Position{ShareDue: share, Shared: share}
	return e, nil
}

// Close ends a contract of which nothing is held or placed. A share that the
// business still owes is from then on between it and the investor, and the note
// says so. Nothing is posted.
func (c Contract) Close(s Slip) (Event, error) {
	e, err := c.about(EventClose, s, Closed)
	if err != nil {
		return Event{}, err
	}
	p := c.Position
	if !p.Held.IsZero() || !p.Placed.IsZero() {
		r := refuse(ErrAmount, "close.left", c.Terms.Contract, "%s is held and %s placed: a closed contract has nothing of the investor's", p.Held, p.Placed).By(RuleAgent)
		r.Given = p.Held.Add(p.Placed)
		return Event{}, r
	}
	if !p.ShareDue.IsZero() {
		if err := c.reason(EventClose, s); err != nil {
			return Event{}, err
		}
		e.Change.ShareDue = p.ShareDue.Neg()
	}
	return e, nil
}

// Reversal undoes the latest event of a contract; its Note says why.
type Reversal struct{ Slip }

// Reverse decides the reversal of the latest event that stands. History is all
// events of the contract, reversals included.
func Reverse(history []Event, r Reversal) (Event, error) {
	c, err := Replay(history)
	if err != nil {
		return Event{}, err
	}
	standing := Standing(history)
	if len(standing) == 0 {
		return Event{}, refuse(ErrState, "reverse.state", c.Terms.Contract, "there is no event to be reversed")
	}
	last := standing[len(standing)-1]
	if r.Date.Err() != nil || r.Date.Before(last.Date) {
		return Event{}, refuse(ErrCommand, "reverse.date", c.Terms.Contract, "a reversal on %s lies before the event of %s", r.Date, last.Date)
	}
	if err := c.reason(EventReverse, r.Slip); err != nil {
		return Event{}, err
	}
	if err := c.texts(EventReverse, r.Slip); err != nil {
		return Event{}, err
	}
	e := Event{
		Name: EventReverse, Version: c.Version + 1, Date: r.Date, From: c.State, To: last.From, Change: last.Change.Neg(),
		Place: last.Place, Cash: last.Cash.Neg(), Note: r.Note, Voucher: r.Voucher, Undoes: last.Version, Undone: last.Name,
	}
	if len(standing) > 1 {
		e.Latest, e.Through = standing[len(standing)-2].Latest, standing[len(standing)-2].Through
	}
	return e, nil
}

// about checks what all commands have in common and starts the event.
func (c Contract) about(name EventName, s Slip, to State) (Event, error) {
	id := c.Terms.Contract
	if id == "" {
		id = s.Contract
	}
	if !slices.Contains(allowedIn(name), c.State) {
		state := string(c.State)
		if c.State == Unagreed {
			state = "not agreed"
		}
		return Event{}, refuse(ErrState, string(name)+".state", id, "%s is not possible, the contract is %s", name, state)
	}
	if s.Date.Err() != nil || s.Date.Before(c.Latest) {
		return Event{}, refuse(ErrCommand, string(name)+".date", id, "%s on %s is no day, or lies before the latest event on %s", name, s.Date, c.Latest)
	}
	if err := c.texts(name, s); err != nil {
		return Event{}, err
	}
	return Event{Name: name, Version: c.Version + 1, Date: s.Date, Latest: s.Date, Through: c.Through, From: c.State, To: to, Note: s.Note, Voucher: s.Voucher}, nil
}

func (c Contract) texts(name EventName, s Slip) error {
	for _, text := range []string{s.Note, s.Memo, s.Document, s.Maker, s.Approver} {
		if why := contract.TextFault(text); why != "" {
			return refuse(ErrCommand, string(name)+".text", c.Terms.Contract, "a text %s", why)
		}
	}
	return nil
}

func (c Contract) reason(name EventName, s Slip) error {
	if strings.TrimSpace(s.Note) == "" {
		return refuse(ErrCommand, string(name)+".note", c.Terms.Contract, "%s needs a note that says why, and what proves it", name).By(RuleAgent)
	}
	return nil
}

// move decides an event that moves one amount, above zero and at most a limit;
// with cash set, through the place that the command names.
func (c Contract) move(name EventName, m Movement, most ledger.Money, cash bool, change Position) (Event, error) {
	to := c.State
	if name == EventPlace {
		to = Running
	}
	e, err := c.about(name, m.Slip, to)
	if err != nil {
		return Event{}, err
	}
	if m.Amount.Err() != nil || m.Amount.Sign() <= 0 {
		r := refuse(ErrAmount, string(name)+".amount", c.Terms.Contract, "%s of %s is not above zero", name, m.Amount)
		r.Given = m.Amount
		return Event{}, r
	}
	if most.Less(m.Amount) {
		r := refuse(ErrAmount, string(name)+".above", c.Terms.Contract, "%s of %s is above the %s there is for it", name, m.Amount, most).By(RuleAgent)
		r.Given, r.Limit = m.Amount, most
		return Event{}, r
	}
	e.Change = change
	if cash {
		if m.Place.Account == "" {
			return Event{}, refuse(ErrCommand, string(name)+".place", c.Terms.Contract, "%s does not say through which account it goes", name)
		}
		e.Place, e.Cash = m.Place, change.Held
	}
	return e, nil
}

func cleared(e Event, err error) (Event, error) {
	if err != nil {
		return Event{}, err
	}
	return e, nil
}

// Validate returns the first fault of the terms, of kind [ErrTerms].
func (t Terms) Validate() error {
	bad := func(code, format string, args ...any) *Refusal {
		return refuse(ErrTerms, "terms."+code, t.Contract, format, args...)
	}
	n := t.Nisbah
	switch {
	case t.Contract == "" || len(t.Contract) > ledger.MaxSub || contract.TextFault(t.Contract) != "":
		return bad("contract", "the id must have 1 to %d bytes of text", ledger.MaxSub)
	case t.Investor.Member == "" || t.Manager.Member == "" || contract.TextFault(t.Investor.Member+t.Manager.Member) != "":
		return bad("parties", "investor and manager must be named")
	case t.Investor.Member == t.Manager.Member:
		return bad("parties", "investor and manager are one")
	case strings.TrimSpace(t.Restriction) == "" || contract.TextFault(t.Restriction) != "":
		return bad("restriction", "what the money may be used for must be said").By(RuleRestricted)
	case t.Amount.Err() != nil || t.Amount.Sign() <= 0:
		return bad("amount", "the amount of %s is not above zero", t.Amount)
	case t.Fee.Err() != nil || t.Fee.Sign() < 0:
		return bad("fee", "a fee of %s is below zero", t.Fee)
	case n.Exponent() < -18 || n.Exponent() > 0 || n.Sign() <= 0 || n.Coefficient().BitLen() > 64 || n.Cmp(decimal.NewFromInt(1)) >= 0:
		return bad("nisbah", "a nisbah is a part of the result, above 0 and below 1").By(RuleNisbah)
	case t.Maturity.Err() != nil:
		return bad("maturity", "maturity: %v", t.Maturity.Err())
	case !t.Rounding.Valid() || t.Step.Err() != nil || t.Step.Sign() <= 0:
		return bad("rounding", "the rounding of shares and its step must be named")
	}
	return nil
}
