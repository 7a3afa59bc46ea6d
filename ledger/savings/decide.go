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
}

// Deposit pays money into an account.
type Deposit struct {
	Key     string
	Date    ledger.Date
	Account string
	Amount  ledger.Money // above zero
	Counter Place        // where the cash goes: a teller's or a bank account

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
	Fee     ledger.Money // zero for none; at most the balance
	// FeeAccount is the income account of the fee.
	FeeAccount string
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
	// Terms are the product's on the day. A deposit into an active account
	// needs none.
	Terms Terms
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
	e := Event{Name: EventOpen, Date: o.Date, Account: o.Account, Party: m.Party(o.Date),
		Product: p.Code, Control: p.Control, PayTo: o.PayTo, Minimum: terms.MinBalance}
	if adopt {
		e.Name = EventAdopt
	}
	if e.PayTo == e.Account {
		e.PayTo = ""
	}
	return e, nil
}

// Deposit decides a deposit. The first one is at least the product's minimum
// opening.
func (a Account) Deposit(d Deposit, b Basis) (Event, error) {
	if err := a.takes(d.Date, d.Amount, b); err != nil {
		return Event{}, err
	}
	return Event{Name: EventDeposit, Date: d.Date, Account: a.ID, Party: b.Member.Party(d.Date),
		Amount: d.Amount, Counter: d.Counter}, nil
}

// Withdraw decides a withdrawal. That the balance suffices on this and every
// later day is the book's to say, when the entry is posted.
func (a Account) Withdraw(w Withdrawal, b Basis) (Event, error) {
	if err := a.gives(w.Date, w.Amount, b); err != nil {
		return Event{}, err
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
	return Event{Name: EventTransfer, Date: t.Date, Account: a.ID, Party: b.Member.Party(t.Date),
		Amount: t.Amount, Counter: Place{Account: to.Control, Sub: to.ID}, To: toBasis.Member.Party(t.Date), Waiver: t.Waiver}, nil
}

// Close decides the closing of an account with a balance, on the member's side.
func (a Account) Close(c Closing, b Basis, balance ledger.Money) (Event, error) {
	if err := a.moves(c.Date, b.Member); err != nil {
		return Event{}, err
	}
	if err := a.locked(c.Date, b); err != nil {
		return Event{}, err
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
	e := Event{Name: EventClose, Date: c.Date, Account: a.ID, Party: b.Member.Party(c.Date), PayTo: c.PayTo,
		Amount: balance, Fee: c.Fee, FeeAccount: c.FeeAccount, Counter: c.Counter, Waiver: "account closed"}
	if e.PayTo == "" {
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

// takes says whether money may come into the account.
func (a Account) takes(day ledger.Date, amount ledger.Money, b Basis) error {
	if err := a.moves(day, b.Member); err != nil {
		return err
	}
	if b.Member.LeftOn(day) {
		return a.left(b.Member)
	}
	if err := a.positive(amount); err != nil {
		return err
	}
	if a.Status == Opened && amount.Less(b.Terms.MinOpening) {
		return &Refusal{Kind: ErrMinOpening, Code: "deposit.min_opening", Account: a.ID, Product: a.Product, Date: day,
			Given: amount, Limit: b.Terms.MinOpening, Reason: "the first deposit is below the product's minimum opening"}
	}
	return nil
}

// gives says whether money may leave the account, its balance apart.
func (a Account) gives(day ledger.Date, amount ledger.Money, b Basis) error {
	if err := a.moves(day, b.Member); err != nil {
		return err
	}
	if err := a.locked(day, b); err != nil {
		return err
	}
	return a.positive(amount)
}

// moves says whether the account may move on a day at all.
func (a Account) moves(day ledger.Date, m Member) error {
	switch a.Status {
	case Unopened:
		return a.refuse(ErrState, "account.unopened", "was never opened")
	case Closed:
		return a.refuseOn(ErrState, "account.closed", day, fmt.Sprintf("was closed on %s", a.Closed))
	}
	if err := a.dated(day, m); err != nil {
		return err
	}
	if day.Before(a.Opened) {
		return a.refuseOn(ErrDate, "account.before_opened", day, fmt.Sprintf("%s lies before the opening on %s", day, a.Opened))
	}
	return nil
}

// dated says whether a day exists and the member had joined by then.
func (a Account) dated(day ledger.Date, m Member) error {
	if !day.Valid() {
		return a.refuse(ErrDate, "account.date", day.Err().Error())
	}
	if day.Before(m.Joined) {
		return &Refusal{Kind: ErrDate, Code: "account.before_joined", Account: a.ID, Member: m.Number, Date: day,
			Reason: fmt.Sprintf("%s lies before the member joined on %s", day, m.Joined)}
	}
	return nil
}

func (a Account) locked(day ledger.Date, b Basis) error {
	if !b.Terms.Locked || b.Member.LeftOn(day) {
		return nil
	}
	return &Refusal{Kind: ErrLocked, Code: "withdraw.locked", Account: a.ID, Member: b.Member.Number, Product: a.Product, Date: day,
		Rule: RuleMembership, Reason: "the product's savings stay while the holder is a member"}
}

func (a Account) left(m Member) error {
	return &Refusal{Kind: ErrMember, Code: "member.left", Account: a.ID, Member: m.Number, Date: m.Left,
		Reason: fmt.Sprintf("the member has left on %s: nothing can be paid in", m.Left)}
}

func (a Account) positive(amount ledger.Money) error {
	if err := amount.Err(); err != nil {
		return a.refuse(ErrAmount, "amount.invalid", err.Error())
	}
	if amount.Sign() <= 0 {
		return &Refusal{Kind: ErrAmount, Code: "amount.not_positive", Account: a.ID, Given: amount, Reason: "the amount must be above zero"}
	}
	return nil
}

func (a Account) refuse(kind error, code, reason string) error {
	return &Refusal{Kind: kind, Code: code, Account: a.ID, Reason: reason}
}

func (a Account) refuseOn(kind error, code string, day ledger.Date, reason string) error {
	return &Refusal{Kind: kind, Code: code, Account: a.ID, Date: day, Reason: reason}
}
