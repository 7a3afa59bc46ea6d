package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Opening opens an account at the desk, or adopts a running one. It moves no
// money.
type Opening struct {
	Key     string
	Date    ledger.Date
	Account string // the new id, which becomes the sub key; unique among all savings accounts
	Member  string
	Product string
	// PayTo is another open account of the same member that gets the profit
	// share, empty for the account itself.
	PayTo string
	// GoalDay is when savings for a goal are free; zero for not before the goal.
	GoalDay ledger.Date
	// Term is what is agreed on time savings, required if the product has
	// tenors and refused otherwise.
	Term *TermAgreed
	// Running says what an adopted account brings along; only [Desk.Adopt] takes
	// it. Holds are placed on the account with it, each under its own key.
	Running *Running
	Holds   []HoldPlacing
}

// Running is what a running account brings from older books, as of the end of
// the day on which it is adopted.
type Running struct {
	// Since is the day it was opened in the older books.
	Since ledger.Date `json:"since,omitzero"`
	// Moved is the day of the member's latest own movement in the older books,
	// zero if it is not known: dormancy then counts from the adoption.
	Moved ledger.Date `json:"moved,omitzero"`
	// Balance is what stands on it, on the member's side. The opening entry,
	// posted before, must have put the same there.
	Balance ledger.Money `json:"balance"`
	// Days are the end-of-day balances of the adoption's month before that day,
	// each from its day on until the next one: the balance-days that the first
	// month's profit share counts. They begin on the month's first day, or on
	// Since if that is later.
	Days []DayBalance `json:"days,omitempty"`
	// Dues is where the schedule of wajib savings stands.
	Dues *DuesStart `json:"dues,omitempty"`
}

// DayBalance is what stood on an account at the end of a day and of every day
// after it until the next DayBalance.
type DayBalance struct {
	From    ledger.Date  `json:"from"`
	Balance ledger.Money `json:"balance"`
}

// Deposit pays money into an account.
type Deposit struct {
	Key     string
	Date    ledger.Date
	Account string
	Amount  ledger.Money // above zero
	Counter Place        // where the cash goes: a teller's or a bank account
	// Batch says that the member has not begun it: a payroll file, a standing
	// order. Then it is no movement of the member's own, and a dormant account
	// stays dormant.
	Batch bool

	Memo, Document, Maker, Approver string // the entry's; an empty memo becomes "Setoran" and the account
}

// Withdrawal pays money out of an account.
type Withdrawal struct {
	Key     string
	Date    ledger.Date
	Account string
	Amount  ledger.Money // above zero
	Counter Place        // where the cash comes from
	Waiver  string       // the named reason for which the minimum balance does not bind, kept in the entry
	// ForGoal says that the money goes to what the savings are for: a supplier
	// or organiser, through Counter.
	ForGoal bool

	Memo, Document, Maker, Approver string
}

// Transfer moves money from one savings account to another, of the same
// member or of two.
type Transfer struct {
	Key      string
	Date     ledger.Date
	From, To string       // savings accounts
	Amount   ledger.Money // above zero
	Waiver   string       // as in a [Withdrawal]

	Memo, Document, Maker, Approver string
}

// Closing closes an account: the fee is taken, what remains is paid out. The
// minimum balance does not bind it.
type Closing struct {
	Key     string
	Date    ledger.Date // on or after the account's last movement
	Account string
	Counter Place        // where the remainder is paid from
	Fee     ledger.Money // at most the balance
	// FeeAccount is the income account of the fee. Empty, with no Fee, takes the
	// product's own closing fee, as far as the balance goes, unless Waived.
	FeeAccount string
	Waived     bool
	// PayTo is another open account of the same member that gets the share of
	// profit that the account earned until now; empty leaves it as it was.
	PayTo string

	Memo, Document, Maker, Approver string
}

// Redirection says which account gets an account's profit share from now on.
// A share that is allotted but not yet paid goes there too, also that of an
// account that was closed without saying where it should go.
type Redirection struct {
	Key     string
	Date    ledger.Date
	Account string
	PayTo   string // another open account of the same member; empty for the account itself, unless it is closed
}

// Basis is what a decision needs besides the account itself.
type Basis struct {
	Member Member
	Akad   Akad
	Terms  Terms // the product's on the day
	// Called is what stands on the product's CallAccount for the account: dues
	// called and not yet paid.
	Called      ledger.Money
	CallAccount string
}

// Open decides an opening; adopt takes a running account over, which the
// minimum opening does not bind. a must be the zero Account. Errors match
// [ErrState], [ErrDate], [ErrMember] or [ErrCommand].
func (a Account) Open(o Opening, p Product, m Member, adopt bool) (Event, error) {
	if a.Status != Unopened {
		return Event{}, a.refuse(ErrState, "open.state", "was opened before")
	}
	a.ID = o.Account
	if o.Account == "" {
		return Event{}, a.refuse(ErrCommand, "open.account", "an account needs an id")
	}
	if why := ledger.NameFault(o.Account, MaxAccount); why != "" {
		return Event{}, a.refuse(ErrCommand, "open.account", "the account's id "+why)
	}
	if err := a.dated(o.Date, m); err != nil {
		return Event{}, err
	}
	if m.LeftOn(o.Date) {
		return Event{}, a.left(m)
	}
	terms, offered := p.On(o.Date)
	if !offered {
		return Event{}, a.refuseOn(ErrDate, "open.before_product", o.Date, fmt.Sprintf("product %s is not offered on %s", clip(p.Code), o.Date))
	}
	if m.Overdue(o.Date) {
		return Event{}, a.overdue(m, o.Date)
	}
	e := Event{Name: EventOpen, Date: o.Date, Account: o.Account, Party: m.Party(o.Date),
		Product: p.Code, Control: p.Control, PayTo: o.PayTo, Minimum: terms.MinBalance, GoalDay: o.GoalDay}
	if !o.GoalDay.IsZero() && (terms.Goal == "" || !o.GoalDay.After(o.Date)) {
		return Event{}, a.refuseOn(ErrCommand, "open.goal_day", o.GoalDay, "only savings for a goal have a goal day, and it lies ahead")
	}
	if p.Akad == Berjangka {
		e.Nisbah = &DatedRatio{o.Date, terms.Nisbah}
	}
	if adopt {
		e.Name, e.Running = EventAdopt, o.Running
	}
	if err := a.running(o, p, adopt); err != nil {
		return Event{}, err
	}
	if e.PayTo == e.Account {
		e.PayTo = ""
	}
	var err error
	e.Term, err = a.agreed(o, p, terms, adopt)
	return e, err
}

// Deposit decides a deposit. The first one is at least the product's minimum
// opening.
func (a Account) Deposit(d Deposit, b Basis) (Event, error) {
	if err := a.takes(d.Date, d.Amount, b); err != nil {
		return Event{}, err
	}
	e := Event{Name: EventDeposit, Date: d.Date, Account: a.ID, Party: b.Member.Party(d.Date),
		Amount: d.Amount, Counter: d.Counter, Reactivates: a.dormant() && !d.Batch}
	e.called(b)
	var err error
	e.Term, err = a.placed(d.Date, d.Amount)
	return e, err
}

// called takes from what was called before what a payment of dues pays of it.
func (e *Event) called(b Basis) {
	if b.Called.Sign() > 0 {
		e.Called, e.CallAccount = e.Amount.Min(b.Called), b.CallAccount
	}
}

// Withdraw decides a withdrawal. That the balance suffices on this and every
// later day is the book's to say, when the entry is posted.
func (a Account) Withdraw(w Withdrawal, b Basis) (Event, error) {
	if err := a.gives(w.Date, w.Amount, b); err != nil {
		return Event{}, err
	}
	if err := a.awake(w.Date); err != nil {
		return Event{}, err
	}
	if !w.ForGoal {
		if err := a.bound(w.Date, b); err != nil {
			return Event{}, err
		}
	} else if b.Terms.Goal == "" {
		return Event{}, a.refuse(ErrCommand, "withdraw.goal", "the savings are for no goal")
	}
	return Event{Name: EventWithdraw, Date: w.Date, Account: a.ID, Party: b.Member.Party(w.Date),
		Amount: w.Amount, Counter: w.Counter, Waiver: w.Waiver}, nil
}

// Transfer decides a transfer from a to another account; into that it counts
// as a deposit.
func (a Account) Transfer(t Transfer, b Basis, to Account, toBasis Basis) (Event, error) {
	if a.ID == to.ID {
		return Event{}, a.refuse(ErrCommand, "transfer.same", "cannot transfer to itself")
	}
	if err := a.gives(t.Date, t.Amount, b); err != nil {
		return Event{}, err
	}
	if err := to.takes(t.Date, t.Amount, toBasis); err != nil {
		return Event{}, err
	}
	if err := a.awake(t.Date); err != nil {
		return Event{}, err
	}
	if err := a.bound(t.Date, b); err != nil {
		return Event{}, err
	}
	if b.Terms.Personal && a.Member != to.Member {
		return Event{}, &Refusal{Kind: ErrLocked, Code: "transfer.personal", Account: a.ID, Member: a.Member, Product: a.Product, Date: t.Date,
			Rule: RuleMembership, Reason: fmt.Sprintf("%s savings go with the membership and cannot be made over to member %s", b.Akad, clip(to.Member))}
	}
	e := Event{Name: EventTransfer, Date: t.Date, Account: a.ID, Party: b.Member.Party(t.Date),
		Amount: t.Amount, Counter: Place{Account: to.Control, Sub: to.ID}, To: toBasis.Member.Party(t.Date), Waiver: t.Waiver,
		Reactivates: to.dormant() && to.Member == a.Member}
	e.called(toBasis)
	var err error
	e.Term, err = to.placed(t.Date, t.Amount)
	return e, err
}

// Close decides the closing of an account with a balance, on the member's side.
func (a Account) Close(c Closing, b Basis, balance ledger.Money) (Event, error) {
	if err := a.moves(c.Date, b.Member); err != nil {
		return Event{}, err
	}
	if err := a.locked(c.Date, b); err != nil {
		return Event{}, err
	}
	if err := a.matured(c.Date); err != nil {
		return Event{}, err
	}
	if err := a.awake(c.Date); err != nil {
		return Event{}, err
	}
	e := Event{Name: EventClose, Date: c.Date, Account: a.ID, Party: b.Member.Party(c.Date), PayTo: c.PayTo,
		Amount: balance, Counter: c.Counter, Waiver: "account closed"}
	e.called(b)
	balance = balance.Sub(e.Called) // what was called and never paid is nobody's money
	if c.Fee.IsZero() && c.FeeAccount == "" && !c.Waived {
		c.Fee, c.FeeAccount = b.Terms.Fees.Closing.Min(balance), b.Terms.Fees.Account
	}
	switch {
	case c.Fee.Err() != nil || c.Fee.Sign() < 0:
		return Event{}, a.refuse(ErrAmount, "close.fee", fmt.Sprintf("a fee of %s: not an amount of zero or more", c.Fee))
	case balance.Less(c.Fee):
		return Event{}, &Refusal{Kind: ErrAmount, Code: "close.fee_above_balance", Account: a.ID, Date: c.Date,
			Given: c.Fee, Limit: balance, Balance: balance, Reason: "the fee is more than the balance"}
	case !c.Fee.IsZero() && c.FeeAccount == "":
		return Event{}, a.refuse(ErrCommand, "close.fee_account", "a fee needs the income account it goes to")
	case c.PayTo == a.ID:
		return Event{}, a.refuse(ErrCommand, "close.pay_to", "a closed account cannot get its own profit share")
	}
	if e.Fee, e.FeeAccount = c.Fee, c.FeeAccount; e.PayTo == "" {
		e.PayTo = a.PayTo
	}
	return e, nil
}

// Redirect decides who gets the account's profit share from now on. A closed
// account can still be redirected to another one: a share that it earned is
// owed, and needs an account to be paid into.
func (a Account) Redirect(r Redirection, m Member) (Event, error) {
	judged := a
	if elsewhere := r.PayTo != "" && r.PayTo != a.ID; a.Status == Closed && elsewhere {
		judged.Status = Active
	}
	if err := judged.moves(r.Date, m); err != nil {
		return Event{}, err
	}
	e := Event{Name: EventRedirect, Date: r.Date, Account: a.ID, Party: m.Party(r.Date), PayTo: r.PayTo}
	if e.PayTo == a.ID {
		e.PayTo = ""
	}
	return e, nil
}

// Agree decides a nisbah of the account's own from a day on.
func (a Account) Agree(g Agreement, b Basis) (Event, error) {
	if err := a.dates(g.Nisbah, a.Nisbah, b); err != nil {
		return Event{}, err
	}
	switch {
	case !b.Terms.Shares():
		return Event{}, &Refusal{Kind: ErrCommand, Code: "agree.nisbah", Account: a.ID, Product: a.Product, Rule: RuleSavings,
			Reason: "the product shares no profit on that day"}
	case !g.Nisbah.Ratio.IsZero() && nisbahFault(g.Nisbah.Ratio) != "":
		return Event{}, &Refusal{Kind: ErrCommand, Code: "agree.nisbah", Account: a.ID, Rule: RuleMudharabah, Reason: nisbahFault(g.Nisbah.Ratio)}
	case g.Document == "":
		return Event{}, a.refuse(ErrCommand, "agree.document", "a nisbah of its own needs the agreement in writing")
	}
	return Event{Name: EventNisbah, Date: g.Nisbah.From, Account: a.ID, Party: b.Member.Party(g.Nisbah.From), Nisbah: &g.Nisbah}, nil
}

// MandateZakat decides that a part of the account's share goes to zakat.
func (a Account) MandateZakat(m ZakatMandate, b Basis) (Event, error) {
	if err := a.dates(m.Part, a.Zakat, b); err != nil {
		return Event{}, err
	}
	switch {
	case !b.Terms.Zakat:
		return Event{}, a.refuse(ErrCommand, "zakat.product", "the product takes no mandate for zakat on that day")
	case !m.Part.Ratio.IsZero() && nisbahFault(m.Part.Ratio) != "":
		return Event{}, a.refuse(ErrCommand, "zakat.part", "the part that goes to zakat must be above 0 and at most 1")
	case m.Document == "":
		return Event{}, a.refuse(ErrCommand, "zakat.document", "zakat is paid only on the member's mandate in writing")
	}
	return Event{Name: EventZakat, Date: m.Part.From, Account: a.ID, Party: b.Member.Party(m.Part.From), Zakat: &m.Part}, nil
}

// dates says whether a dated ratio can follow those there are.
func (a Account) dates(next DatedRatio, list []DatedRatio, b Basis) error {
	if err := a.moves(next.From, b.Member); err != nil {
		return err
	}
	if n := len(list); n > 0 && !list[n-1].From.Before(next.From) {
		return a.refuseOn(ErrDate, "account.ratio_from", next.From, fmt.Sprintf("must follow what holds from %s", list[n-1].From))
	}
	return nil
}
