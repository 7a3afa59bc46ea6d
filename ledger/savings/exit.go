package savings

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Exit is the settlement of a membership that has ended: all balances became
// one claim, less what was set off. What is still to be paid of the claim is
// the book's to say, on Place.
type Exit struct {
	Member   string       `json:"member"`
	Cause    Cause        `json:"cause,omitempty"`
	Date     ledger.Date  `json:"date"`     // of the settlement
	Accounts []ExitLine   `json:"accounts"` // what was closed
	SetOffs  []SetOff     `json:"set_offs,omitempty"`
	Claim    ledger.Money `json:"claim"` // what was left, owed on Place
	Place    Place        `json:"place"`
	// From is the first day on which it may be paid, zero for any; Instalments
	// are what is due by which day, none for all at once.
	From        ledger.Date  `json:"from,omitzero"`
	Instalments []Instalment `json:"instalments,omitempty"`
	Done        ledger.Date  `json:"done,omitzero"` // the day on which all was paid
}

// ExitLine is what stood on one account.
type ExitLine struct {
	Account string       `json:"account"`
	Control string       `json:"control"`
	Balance ledger.Money `json:"balance"` // on the member's side
	// Called is the part of Balance that was called in dues and never paid: it
	// is taken back from CallAccount and no part of the claim.
	Called      ledger.Money `json:"called,omitzero"`
	CallAccount string       `json:"call_account,omitempty"`
	// Broken says that the settlement ended running time savings by their
	// product's rule: Forfeited that the month earns nothing, Penalty is the part
	// of Balance that goes to the benevolent fund, on PenaltyAccount.
	Broken         bool         `json:"broken,omitempty"`
	Forfeited      bool         `json:"forfeited,omitempty"`
	Penalty        ledger.Money `json:"penalty,omitzero"`
	PenaltyAccount string       `json:"penalty_account,omitempty"`
}

// Instalment is a part of a claim, due on a day.
type Instalment struct {
	Due    ledger.Date  `json:"due"`
	Amount ledger.Money `json:"amount"`
}

// SetOff pays an obligation of the member out of the balances. It is for
// receivables that no contract's package keeps; a murabahah is settled at its
// own desk with the claim's place as its account, in the same Update.
type SetOff struct {
	Receivable Place        `json:"receivable"` // credited with Amount and Waived
	Amount     ledger.Money `json:"amount"`     // paid out of the balances, zero or more
	// Deferred is the margin not yet earned (S26), debited with Earned and
	// Waived; the zero Place for none. Earned goes to Income, Waived reduces the
	// receivable.
	Deferred Place        `json:"deferred,omitzero"`
	Earned   ledger.Money `json:"earned,omitzero"`
	Income   string       `json:"income,omitempty"`
	Waived   ledger.Money `json:"waived,omitzero"`
}

// Settlement turns all balances of who has left into one claim.
type Settlement struct {
	Key     string
	Date    ledger.Date // on or after the last movement of every account
	Member  string
	SetOffs []SetOff
	// From and Instalments say when the claim is paid: at once, after the annual
	// meeting, in parts. Instalments add up to the claim and lie on or after From.
	From        ledger.Date
	Instalments []Instalment
	// Waived leaves out the penalties for time savings that are broken.
	Waived bool `json:",omitempty"`

	Memo, Document, Maker, Approver string
}

// ClaimPayment pays a claim or a part of it.
type ClaimPayment struct {
	Key     string
	Date    ledger.Date
	Member  string
	Amount  ledger.Money // above zero, at most what is due by Date and not paid
	Counter Place        // where the money comes from
	// Payee is who receives it if that is not the member: an heir, by reference.
	// After a death it is required, and so is Document, the heirs' statement.
	Payee string

	Memo, Document, Maker, Approver string
}

// ExitEvent is what happened to a settlement.
type ExitEvent struct {
	Name    string       `json:"name"` // "settle", "pay", "done" or "reverse"
	Date    ledger.Date  `json:"date"`
	Member  string       `json:"member"`
	Party   ledger.Party `json:"party"`
	Exit    *Exit        `json:"exit,omitempty"`   // settle
	Amount  ledger.Money `json:"amount,omitzero"`  // pay, done: what was paid
	Counter Place        `json:"counter,omitzero"` // pay, done
	Place   Place        `json:"place,omitzero"`   // pay, done: where the claim stands
	Payee   string       `json:"payee,omitempty"`
	Undoes  string       `json:"undoes,omitempty"`
	Back    *Exit        `json:"back,omitempty"`
}

// Settle decides a settlement: the accounts are closed with their balances,
// what is set off is paid, the rest is owed. Errors match [ErrMember],
// [ErrState], [ErrDate], [ErrAmount], [ErrClaim] or [ErrCommand].
func (m Member) Settle(s Settlement, lines []ExitLine, claims string) (ExitEvent, error) {
	if err := m.settles(s); err != nil {
		return ExitEvent{}, err
	}
	var claim ledger.Money
	for _, line := range lines {
		claim = claim.Add(line.Balance).Sub(line.Called).Sub(line.Penalty)
	}
	for i, off := range s.SetOffs {
		if why := off.fault(); why != "" {
			return ExitEvent{}, m.refuse(ErrCommand, "settle.set_off", fmt.Sprintf("obligation %d: %s", i+1, why))
		}
		if claim.Less(off.Amount) {
			return ExitEvent{}, &Refusal{Kind: ErrClaim, Code: "settle.set_off", Member: m.Number, Date: s.Date, Given: off.Amount, Limit: claim,
				Reason: fmt.Sprintf("obligation %d is more than what is left of the balances", i+1)}
		}
		claim = claim.Sub(off.Amount)
	}
	x := &Exit{Member: m.Number, Cause: m.Cause, Date: s.Date, Accounts: lines, SetOffs: slices.Clone(s.SetOffs), Claim: claim,
		Place: Place{Account: claims, Sub: m.Number}, From: s.From, Instalments: slices.Clone(s.Instalments)}
	if err := x.plan(m); err != nil {
		return ExitEvent{}, err
	}
	if claim.IsZero() {
		x.Done = s.Date
	}
	return ExitEvent{Name: "settle", Date: s.Date, Member: m.Number, Party: m.Party(s.Date), Exit: x}, claim.Err()
}

// settles says whether the member can be settled at all.
func (m Member) settles(s Settlement) error {
	switch {
	case !s.Date.Valid():
		return m.refuse(ErrDate, "settle.date", s.Date.Err().Error())
	case m.Left.IsZero():
		return m.refuse(ErrMember, "settle.member", "is still a member: nothing is settled before the leaving")
	case !m.Settled.IsZero():
		return m.refuse(ErrState, "settle.settled", fmt.Sprintf("was settled on %s", m.Settled))
	case s.Date.Before(m.Left):
		return m.refuse(ErrDate, "settle.before_left", fmt.Sprintf("cannot be settled on %s before leaving on %s", s.Date, m.Left))
	case len(s.SetOffs) > MaxSetOffs:
		return m.refuse(ErrCommand, "settle.set_offs", fmt.Sprintf("%d obligations, at most %d", len(s.SetOffs), MaxSetOffs))
	}
	return nil
}

func (o SetOff) fault() string {
	for _, amount := range [...]ledger.Money{o.Amount, o.Earned, o.Waived} {
		if amount.Err() != nil || amount.Sign() < 0 {
			return fmt.Sprintf("%s is not an amount of zero or more", amount)
		}
	}
	margin := o.Earned.Add(o.Waived)
	switch {
	case o.Receivable.Account == "":
		return "it names no receivable"
	case o.Amount.IsZero() && margin.IsZero():
		return "it sets nothing off"
	case !margin.IsZero() && o.Deferred.Account == "":
		return "a margin that is earned or waived stands on an account of deferred margin"
	case !o.Earned.IsZero() && o.Income == "":
		return "an earned margin needs its income account"
	}
	return ""
}

// plan says whether the claim can be paid as planned.
func (x *Exit) plan(m Member) error {
	refuse := func(reason string) error { return m.refuse(ErrCommand, "settle.instalments", reason) }
	switch {
	case !x.From.IsZero() && (!x.From.Valid() || x.From.Before(x.Date)):
		return refuse(fmt.Sprintf("paid from %s, before the settlement on %s", x.From, x.Date))
	case len(x.Instalments) > MaxInstalments:
		return refuse(fmt.Sprintf("%d instalments, at most %d", len(x.Instalments), MaxInstalments))
	}
	var total ledger.Money
	last := x.Date.Prev()
	if !x.From.IsZero() {
		last = x.From.Prev()
	}
	for i, part := range x.Instalments {
		if !part.Due.Valid() || !part.Due.After(last) || part.Amount.Err() != nil || part.Amount.Sign() <= 0 {
			return refuse(fmt.Sprintf("instalment %d of %s on %s: amounts above zero, on days that ascend", i+1, part.Amount, part.Due))
		}
		total, last = total.Add(part.Amount), part.Due
	}
	if len(x.Instalments) > 0 && total != x.Claim {
		return refuse(fmt.Sprintf("the instalments come to %s, the claim is %s (minor units)", total, x.Claim))
	}
	return nil
}

// DueBy returns what of the claim may have been paid by the end of a day.
func (x Exit) DueBy(day ledger.Date) ledger.Money {
	if !x.From.IsZero() && day.Before(x.From) {
		return ledger.Money{}
	}
	if len(x.Instalments) == 0 {
		return x.Claim
	}
	var due ledger.Money
	for _, part := range x.Instalments {
		if !part.Due.After(day) {
			due = due.Add(part.Amount)
		}
	}
	return due
}

// Pay decides the payment of a claim of which so much is still owed: less by
// what was paid, more by shares of profit that came in since, which are due at
// once. Errors
// match [ErrClaim], [ErrState], [ErrAmount], [ErrDate] or [ErrCommand].
func (x Exit) Pay(p ClaimPayment, m Member, owed ledger.Money) (ExitEvent, error) {
	refuse := func(kind error, code, reason string) (ExitEvent, error) {
		return ExitEvent{}, &Refusal{Kind: kind, Code: code, Member: p.Member, Date: p.Date, Given: p.Amount, Limit: owed, Reason: reason}
	}
	switch {
	case x.Member == "":
		return refuse(ErrState, "claim.none", "was not settled: there is no claim")
	case !x.Done.IsZero() && owed.Sign() <= 0: // a share of profit may have come in since
		return refuse(ErrState, "claim.done", fmt.Sprintf("the claim was paid in full on %s", x.Done))
	case !p.Date.Valid():
		return refuse(ErrDate, "claim.date", p.Date.Err().Error())
	case p.Date.Before(x.Date):
		return refuse(ErrDate, "claim.date", fmt.Sprintf("cannot be paid on %s before the settlement on %s", p.Date, x.Date))
	case p.Amount.Err() != nil || p.Amount.Sign() <= 0:
		return refuse(ErrAmount, "amount.not_positive", "the amount must be above zero")
	case x.Cause == Deceased && (p.Payee == "" || p.Document == ""):
		return refuse(ErrCommand, "claim.heirs", "after a death the payment names the heir and the heirs' statement")
	case textFault(p.Payee) != "":
		return refuse(ErrCommand, "claim.payee", "the payee "+textFault(p.Payee))
	}
	due := x.DueBy(p.Date).Sub(x.Claim.Sub(owed))
	if due.Less(p.Amount) {
		return ExitEvent{}, &Refusal{Kind: ErrClaim, Code: "claim.not_due", Member: p.Member, Date: p.Date, Given: p.Amount, Limit: due.Max(ledger.Money{}),
			Reason: fmt.Sprintf("more than what is due by %s and not paid", p.Date)}
	}
	e := ExitEvent{Name: "pay", Date: p.Date, Member: p.Member, Party: m.Party(p.Date), Amount: p.Amount, Counter: p.Counter, Place: x.Place, Payee: p.Payee}
	if p.Amount == owed {
		e.Name = "done"
	}
	return e, nil
}

// Apply returns the settlement after an event. It computes no rule.
func (x Exit) Apply(e ExitEvent) Exit {
	switch e.Name {
	case "settle":
		return *e.Exit
	case "done":
		x.Done = e.Date
	case "reverse":
		return *e.Back
	}
	return x
}

// ExitJournal returns the entry of a settlement's event: lines of zero left
// out, its sum zero.
//
//	settle     S25 S26 S28  debit every account, deferred margin
//	           S18          credit the benevolent fund with penalties,
//	                        the receivables, income, the claim
//	pay, done  S27 S28      debit the claim      credit Counter
func ExitJournal(e ExitEvent) ledger.Entry {
	entry := ledger.Entry{Date: e.Date, Waiver: "membership ended"}
	add := func(line ledger.Line) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line)
		}
	}
	if e.Exit == nil {
		add(ledger.Debit(e.Place.Account, e.Amount).For(e.Place.Sub).With(e.Party))
		add(ledger.Credit(e.Counter.Account, e.Amount).For(e.Counter.Sub))
		return entry
	}
	for _, line := range e.Exit.Accounts {
		add(ledger.Debit(line.Control, line.Balance).For(line.Account).With(e.Party))
		add(ledger.Credit(line.CallAccount, line.Called).For(line.Account).With(e.Party))
		add(ledger.Credit(line.PenaltyAccount, line.Penalty).With(e.Party))
	}
	for _, off := range e.Exit.SetOffs {
		add(ledger.Debit(off.Deferred.Account, off.Earned.Add(off.Waived)).For(off.Deferred.Sub).With(e.Party))
		add(ledger.Credit(off.Receivable.Account, off.Amount.Add(off.Waived)).For(off.Receivable.Sub).With(e.Party))
		add(ledger.Credit(off.Income, off.Earned).With(e.Party))
	}
	add(ledger.Credit(e.Exit.Place.Account, e.Exit.Claim).For(e.Exit.Place.Sub).With(e.Party))
	return entry
}
