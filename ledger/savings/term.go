package savings

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Rollover says what becomes of time savings when they mature.
type Rollover string

const (
	// NoRollover pays them out, or keeps them ready if nobody comes for them.
	NoRollover Rollover = "none"
	// RollPrincipal begins another term with the principal alone. Shares go to the
	// account that PayTo names; what was paid into this one is paid out on or
	// after the day of maturity, before the next term can begin.
	RollPrincipal Rollover = "principal"
	// RollAll begins another term with the principal and the shares that were
	// paid into the account.
	RollAll Rollover = "principal_and_share"
)

// Payout says on which day of a month a share of time savings is paid.
type Payout string

const (
	// AtMonthEnd pays it with the month's run.
	AtMonthEnd Payout = "month_end"
	// AtAnniversary pays it on the day of the month on which the first term
	// began; in a month without that day on its last one.
	AtAnniversary Payout = "anniversary"
)

// Term is what holder and cooperative agreed on time savings (simpanan
// berjangka), and where the present term stands.
type Term struct {
	Certificate string      `json:"certificate"`       // the number of the certificate (bilyet)
	Months      int         `json:"months"`            // of a term
	From        ledger.Date `json:"from,omitzero"`     // the present term's first day; zero until the money came
	Maturity    ledger.Date `json:"maturity,omitzero"` // the first day on which it is free
	// Anchor is the day of the month of the first term's beginning. Maturities
	// fall on it, or on the last day of a shorter month, and return to it.
	Anchor    int          `json:"anchor,omitempty"`
	Number    int          `json:"number,omitempty"` // 1, and one more with every rollover
	Principal ledger.Money `json:"principal,omitzero"`
	Rollover  Rollover     `json:"rollover"`
	Payout    Payout       `json:"payout"`
	// Cash is the account of cash or bank that shares are paid out of; empty for
	// none. An account named later, by a redirection or a break, goes before it.
	Cash string `json:"cash,omitempty"`
	// Broken says that the account was closed before it matured; Share whether
	// the month in which that happened earns nothing.
	Broken      bool  `json:"broken,omitempty"`
	Forfeited   bool  `json:"forfeited,omitempty"`
	Uncollected Place `json:"uncollected,omitzero"` // where matured money waits for its holder
}

// TermAgreed opens time savings: the part of an [Opening] that only they have.
type TermAgreed struct {
	Certificate string // required
	Months      int    // one of the product's tenors
	Rollover    Rollover
	Payout      Payout
	// Cash is the account of cash or bank that the holder gets the shares from,
	// with no PayTo; empty for a savings account. Asset without subs.
	Cash string
	// From is, of an adopted account, the first day of the term that is running,
	// and Anchor the day of the month of the first one if that was another.
	From   ledger.Date
	Anchor int
}

// BreakRule is what a product says about breaking a term early.
type BreakRule struct {
	// KeepsShare lets the days of the month in which a term is broken earn a
	// share. The default is that they earn none.
	KeepsShare bool `json:"keeps_share,omitempty"`
	// Penalty is charged for breaking and goes to Account, which is one of the
	// benevolent fund: it is never the cooperative's income (DSN-MUI 17/2000).
	Penalty ledger.Money `json:"penalty,omitzero"`
	Account string       `json:"account,omitempty"`
	// AtDeath lets the rule hold also where the settlement of a member who has
	// died ends the term. The default is that heirs pay no penalty and the days
	// until the settlement earn their share (unconfirmed).
	AtDeath bool `json:"at_death,omitempty"`
}

// RulePenalty forbids a penalty to become income.
const RulePenalty = "DSN-MUI 17/2000"

// maxTermMonths bounds a tenor: thirty years.
const maxTermMonths = 360

// agreed decides the term of an opening; nil for savings without one.
func (a Account) agreed(o Opening, p Product, terms Terms, adopt bool) (*Term, error) {
	refuse := func(code, reason string) (*Term, error) {
		return nil, &Refusal{Kind: ErrTerm, Code: code, Account: o.Account, Product: p.Code, Date: o.Date, Reason: reason}
	}
	t := o.Term
	switch {
	case t == nil && len(terms.Tenors) == 0:
		return nil, nil
	case t == nil:
		return refuse("term.missing", "time savings are opened with a certificate and a term")
	case len(terms.Tenors) == 0:
		return refuse("term.product", "the product is not offered for fixed terms")
	case t.Certificate == "" || textFault(t.Certificate) != "":
		return refuse("term.certificate", "time savings need the number of their certificate")
	case !slices.Contains(terms.Tenors, t.Months):
		return refuse("term.months", fmt.Sprintf("a term of %d months is not offered, want one of %v", t.Months, terms.Tenors))
	case !slices.Contains([]Rollover{NoRollover, RollPrincipal, RollAll}, t.Rollover):
		return refuse("term.rollover", fmt.Sprintf("unknown rollover %q", clip(string(t.Rollover))))
	case !slices.Contains([]Payout{AtMonthEnd, AtAnniversary}, t.Payout):
		return refuse("term.payout", fmt.Sprintf("unknown day of paying shares %q", clip(string(t.Payout))))
	case t.Rollover == RollAll && (t.Cash != "" || o.PayTo != "" && o.PayTo != o.Account):
		return refuse("term.pay_to", "shares that are to be added to the principal cannot go to another account or be paid in cash")
	case t.Cash != "" && o.PayTo != "":
		return refuse("term.cash", "shares are paid in cash or to a savings account, not both")
	case !adopt && (!t.From.IsZero() || t.Anchor != 0):
		return refuse("term.from", "a term begins when the money comes; only an adopted one has begun")
	}
	term := &Term{Certificate: t.Certificate, Months: t.Months, Rollover: t.Rollover, Payout: t.Payout, Cash: t.Cash}
	if !adopt {
		return term, nil
	}
	switch {
	case o.Running == nil:
		return refuse("term.running", "adopted time savings bring their balance along")
	case !t.From.Valid() || t.From.IsZero() || t.From.After(o.Date):
		return refuse("term.from", fmt.Sprintf("the running term began on %s, which is not a day until %s", t.From, o.Date))
	case t.Anchor < 0 || t.Anchor > 31:
		return refuse("term.anchor", fmt.Sprintf("day %d of the month: not 1 to 31", t.Anchor))
	}
	begun := term.begin(t.From, o.Running.Balance)
	if t.Anchor != 0 {
		begun.Anchor = t.Anchor
		begun.Maturity = begun.ends(t.From)
	}
	if !begun.Maturity.After(o.Date) {
		return refuse("term.matured", fmt.Sprintf("it matured on %s, before it is adopted", begun.Maturity))
	}
	return begun, nil
}

// begin returns the first term, begun on a day with a principal.
func (t Term) begin(day ledger.Date, principal ledger.Money) *Term {
	t.From, t.Anchor, t.Number, t.Principal = day, day.Day(), 1, principal
	t.Maturity = t.ends(day)
	return &t
}

// next returns the term that follows when this one has matured.
func (t Term) next(principal ledger.Money) *Term {
	t.From, t.Number, t.Principal = t.Maturity, t.Number+1, principal
	t.Maturity = t.ends(t.From)
	return &t
}

// first returns the first day of the first term; zero before the money came.
func (t Term) first() ledger.Date {
	if t.From.IsZero() {
		return ledger.Date{}
	}
	return t.From.Month().Add(-t.Months * (t.Number - 1)).Day(t.Anchor)
}

// earns leaves out the days of the month in which a term was broken, if that
// month earns nothing, and those after a maturity that no term follows, whether
// or not the money was moved to where it waits by then.
func (a Account) earns(list []Slice, m Member) []Slice {
	if a.Term == nil || a.Term.From.IsZero() {
		return list
	}
	end := a.Term.Maturity
	switch {
	case a.Term.Forfeited:
		end = a.Closed.Month().First()
	case a.Term.Broken, a.Status != Closed && a.Term.Rollover != NoRollover && !m.LeftOn(end):
		return list
	}
	var kept []Slice
	for _, s := range list {
		if !s.From.Before(end) {
			continue
		}
		if !s.Through.Before(end) {
			s.Through = end.Prev()
		}
		kept = append(kept, s)
	}
	return kept
}

// ends returns the day on which a term begun on a day matures.
func (t Term) ends(from ledger.Date) ledger.Date { return from.Month().Add(t.Months).Day(t.Anchor) }

// placed decides what the one deposit into time savings begins; nil for others.
func (a Account) placed(day ledger.Date, amount ledger.Money) (*Term, error) {
	if a.Term == nil {
		return nil, nil
	}
	if a.Status != Opened {
		return nil, a.refuseOn(ErrTerm, "term.placed", day, "time savings take one deposit; more money is another certificate")
	}
	term := a.Term.begin(day, amount)
	if !term.Maturity.Valid() {
		return nil, a.refuseOn(ErrTerm, "term.range", day, fmt.Sprintf("a term of %d months from %s ends on no day there is", term.Months, day))
	}
	return term, nil
}

// matured says whether money may leave time savings on a day.
func (a Account) matured(day ledger.Date) error {
	if a.Term == nil || a.Status != Active || !day.Before(a.Term.Maturity) {
		return nil
	}
	return a.refuseOn(ErrTerm, "term.runs", day, fmt.Sprintf("the term runs until %s; before that it can only be broken", a.Term.Maturity))
}

// Maturing carries out what was agreed for the day a term ends.
type Maturing struct {
	Key     string
	Date    ledger.Date // on or after the maturity
	Account string

	Memo, Document, Maker, Approver string
}

// Mature decides what becomes of a matured term with a balance: another term,
// with the product's nisbah of that day, or the whole balance to where matured
// savings wait. What happens happens on the day of maturity. A nisbah that was
// agreed for this account from that day on, or from a later one, stays.
func (a Account) Mature(m Maturing, b Basis, balance ledger.Money) (Event, error) {
	if a.Term == nil {
		return Event{}, a.refuse(ErrTerm, "term.none", "has no term that could mature")
	}
	if err := a.moves(m.Date, b.Member); err != nil {
		return Event{}, err
	}
	due := a.Term.Maturity
	switch {
	case a.Status != Active:
		return Event{}, a.refuse(ErrTerm, "term.empty", "no money was placed yet")
	case m.Date.Before(due):
		return Event{}, a.refuseOn(ErrTerm, "term.not_due", m.Date, fmt.Sprintf("matures on %s", due))
	}
	e := Event{Name: EventRollover, Date: due, Account: a.ID, Party: b.Member.Party(due)}
	if a.Term.Rollover != NoRollover && !b.Member.LeftOn(due) {
		if !slices.Contains(b.Terms.Tenors, a.Term.Months) {
			return Event{}, a.refuseOn(ErrTerm, "term.months", due, fmt.Sprintf("terms of %d months are no longer offered: agree what is to become of it", a.Term.Months))
		}
		if a.Term.Rollover == RollPrincipal && a.Term.Principal.Less(balance) {
			return Event{}, &Refusal{Kind: ErrTerm, Code: "term.share", Account: a.ID, Date: due, Given: balance, Limit: a.Term.Principal,
				Reason: "another term begins with the principal alone: pay out first what stands on it besides"}
		}
		e.Term, e.Nisbah = a.Term.next(balance), &DatedRatio{due, b.Terms.Nisbah}
		if !e.Term.Maturity.Valid() {
			return Event{}, a.refuseOn(ErrTerm, "term.range", due, fmt.Sprintf("another %d months from %s end on no day there is", a.Term.Months, due))
		}
		return e, nil
	}
	if b.Terms.MaturedAccount == "" {
		return Event{}, &Refusal{Kind: ErrTerm, Code: "term.matured_account", Account: a.ID, Product: a.Product, Date: due,
			Reason: "the product's terms do not say where matured savings wait"}
	}
	term := *a.Term
	e.Name, e.Amount, e.Counter = EventMature, balance, Place{Account: b.Terms.MaturedAccount, Sub: a.ID}
	term.Uncollected = e.Counter
	e.Term, e.To, e.Waiver = &term, e.Party, "term matured"
	return e, nil
}

// Breaking ends a term before it matures.
type Breaking struct {
	Key     string
	Date    ledger.Date // before the maturity
	Account string
	// Counter is where the money is paid from; or To the same member's savings
	// account that gets it.
	Counter Place
	To      string
	Reason  string // required
	// Waived leaves the product's penalty out.
	Waived bool

	Memo, Document, Maker, Approver string
}

// Break decides the early end of a term with a balance: the balance less the
// product's penalty is paid, the penalty goes to the benevolent fund.
func (a Account) Break(c Breaking, b Basis, balance ledger.Money, to Place) (Event, error) {
	if a.Term == nil {
		return Event{}, a.refuse(ErrTerm, "term.none", "has no term that could be broken")
	}
	if err := a.moves(c.Date, b.Member); err != nil {
		return Event{}, err
	}
	switch {
	case a.Status != Active:
		return Event{}, a.refuse(ErrTerm, "term.empty", "no money was placed yet")
	case c.Date.Before(a.Term.From):
		return Event{}, a.refuseOn(ErrDate, "term.before", c.Date, fmt.Sprintf("%s lies before the term began on %s", c.Date, a.Term.From))
	case !c.Date.Before(a.Term.Maturity):
		return Event{}, a.refuseOn(ErrTerm, "term.due", c.Date, fmt.Sprintf("matured on %s: there is nothing to break", a.Term.Maturity))
	case c.Reason == "":
		return Event{}, a.refuse(ErrCommand, "break.reason", "breaking a term needs a reason")
	}
	rule := b.Terms.Break
	term := *a.Term
	term.Broken, term.Forfeited = true, !rule.KeepsShare
	e := Event{Name: EventBreak, Date: c.Date, Account: a.ID, Party: b.Member.Party(c.Date), PayTo: a.PayTo,
		Amount: balance, Counter: to, Term: &term, Reason: c.Reason, Waiver: "term broken"}
	if !c.Waived {
		e.Fee, e.FeeAccount = rule.Penalty.Min(balance), rule.Account
	}
	if c.To != "" {
		e.PayTo, e.To = c.To, e.Party
	}
	return e, nil
}

// settled decides what a settlement makes of the account with its balance:
// time savings that still run are broken by the product's rule.
func (a Account) settled(s Settlement, b Basis, balance ledger.Money) ExitLine {
	line := ExitLine{Account: a.ID, Control: a.Control, Balance: balance}
	if called := b.Called.Min(balance); called.Sign() > 0 {
		line.Called, line.CallAccount = called, b.CallAccount
	}
	if a.Term == nil || a.Status != Active || !s.Date.Before(a.Term.Maturity) {
		return line
	}
	line.Broken = true
	rule := b.Terms.Break
	if b.Member.Cause == Deceased && !rule.AtDeath {
		return line
	}
	line.Forfeited = !rule.KeepsShare
	if penalty := rule.Penalty.Min(balance); !s.Waived && penalty.Sign() > 0 {
		line.Penalty, line.PenaltyAccount = penalty, rule.Account
	}
	return line
}

// Instruction changes what was agreed for the day a term matures, and where
// its shares are paid.
type Instruction struct {
	Key      string
	Date     ledger.Date // before the maturity
	Account  string
	Rollover Rollover
	Payout   Payout
	PayTo    string // another open account of the same member; empty for the account itself
	Cash     string // as in [TermAgreed]
	Document string // the holder's instruction, required
}

// Instruct decides a changed instruction.
func (a Account) Instruct(i Instruction, b Basis) (Event, error) {
	if a.Term == nil {
		return Event{}, a.refuse(ErrTerm, "term.none", "has no term")
	}
	if err := a.moves(i.Date, b.Member); err != nil {
		return Event{}, err
	}
	term := *a.Term
	term.Rollover, term.Payout, term.Cash = i.Rollover, i.Payout, i.Cash
	switch {
	case a.Status == Active && !i.Date.Before(a.Term.Maturity):
		return Event{}, a.refuseOn(ErrTerm, "term.due", i.Date, fmt.Sprintf("matured on %s", a.Term.Maturity))
	case !slices.Contains([]Rollover{NoRollover, RollPrincipal, RollAll}, i.Rollover):
		return Event{}, a.refuse(ErrTerm, "term.rollover", fmt.Sprintf("unknown rollover %q", clip(string(i.Rollover))))
	case !slices.Contains([]Payout{AtMonthEnd, AtAnniversary}, i.Payout):
		return Event{}, a.refuse(ErrTerm, "term.payout", fmt.Sprintf("unknown day of paying shares %q", clip(string(i.Payout))))
	case i.Rollover == RollAll && (i.Cash != "" || i.PayTo != "" && i.PayTo != a.ID):
		return Event{}, a.refuse(ErrTerm, "term.pay_to", "shares that are to be added to the principal cannot go to another account or be paid in cash")
	case i.Cash != "" && i.PayTo != "":
		return Event{}, a.refuse(ErrTerm, "term.cash", "shares are paid in cash or to a savings account, not both")
	case i.Document == "":
		return Event{}, a.refuse(ErrCommand, "instruct.document", "an instruction needs to be in writing")
	}
	e := Event{Name: EventInstruct, Date: i.Date, Account: a.ID, Party: b.Member.Party(i.Date), Term: &term, PayTo: i.PayTo}
	if e.PayTo == a.ID {
		e.PayTo = ""
	}
	return e, nil
}
