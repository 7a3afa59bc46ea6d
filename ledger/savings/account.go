package savings

import "github.com/mizan-coop/mizan/ledger"

// Status is where an account stands.
type Status string

const (
	// Unopened is the status before the opening: there is no account yet.
	Unopened Status = ""
	// Opened: no first deposit yet; the product's minimum opening waits for it.
	Opened Status = "opened"
	// Active: money goes in and out.
	Active Status = "active"
	// Closed: the balance is zero for good and the sub is blocked.
	Closed Status = "closed"
)

// Statuses lists all statuses in the order of an account's life.
func Statuses() []Status { return []Status{Unopened, Opened, Active, Closed} }

// Account is a member's savings account: its terms and status. Its balance is
// the book's, on Control under the sub key ID.
type Account struct {
	ID      string      `json:"id"`
	Member  string      `json:"member"`
	Product string      `json:"product"`
	Control string      `json:"control"`
	Opened  ledger.Date `json:"opened"`
	// PayTo is the same member's account that gets this one's profit share,
	// empty for itself.
	PayTo  string      `json:"pay_to,omitempty"`
	Status Status      `json:"status"`
	Closed ledger.Date `json:"closed,omitzero"` // the day of closing, zero before
}

// EventName names what happened.
type EventName string

const (
	EventOpen     EventName = "open"     // opened at the desk, no money yet
	EventAdopt    EventName = "adopt"    // a running account taken over, posts nothing
	EventDeposit  EventName = "deposit"  // money in
	EventWithdraw EventName = "withdraw" // money out
	EventTransfer EventName = "transfer" // money to another savings account
	EventClose    EventName = "close"    // fee taken, remainder paid out
	EventRedirect EventName = "redirect" // another account gets the profit share from now on
)

// Place is where money comes from or goes to: an account of the chart and, on
// a control account, its sub key.
type Place = ledger.Place

// Event is one thing that happened to an account, with every amount that was
// decided: [Account.Apply] computes no rule, so an old book replays under a
// new release.
type Event struct {
	Name    EventName    `json:"name"`
	Date    ledger.Date  `json:"date"`
	Account string       `json:"account"`           // whose event it is; of a transfer the payer
	Party   ledger.Party `json:"party"`             // the holder, and what that person was on this day
	Product string       `json:"product,omitempty"` // open, adopt
	Control string       `json:"control,omitempty"` // open, adopt
	PayTo   string       `json:"pay_to,omitempty"`  // open, adopt, close, redirect: who gets the profit share
	// Minimum is the product's minimum balance on the day (open, adopt): the
	// soft floor of the account.
	Minimum ledger.Money `json:"minimum,omitzero"`

	Amount     ledger.Money `json:"amount,omitzero"`       // moved on the account; of a closing the whole balance
	Fee        ledger.Money `json:"fee,omitzero"`          // close: the part of Amount that is the cooperative's
	FeeAccount string       `json:"fee_account,omitempty"` // close: the income account of the fee
	Counter    Place        `json:"counter,omitzero"`      // cash; of a transfer the receiving account's sub
	To         ledger.Party `json:"to,omitzero"`           // transfer: the receiving holder
	Waiver     string       `json:"waiver,omitempty"`      // why the minimum balance did not bind
}

// Moves reports whether the event moves money. One that does not has no entry.
func (e Event) Moves() bool { return !e.Amount.IsZero() }

// Apply returns the account after an event; a transfer applies to payer and
// receiver alike. It computes no rule.
func (a Account) Apply(e Event) Account {
	switch e.Name {
	case EventOpen, EventAdopt:
		a = Account{ID: e.Account, Member: e.Party.Member, Product: e.Product, Control: e.Control,
			Opened: e.Date, PayTo: e.PayTo, Status: Opened}
		if e.Name == EventAdopt {
			a.Status = Active
		}
	case EventDeposit:
		a.Status = Active
	case EventTransfer:
		if a.ID == e.Counter.Sub {
			a.Status = Active
		}
	case EventClose:
		a.Status, a.Closed, a.PayTo = Closed, e.Date, e.PayTo
	case EventRedirect:
		a.PayTo = e.PayTo
	}
	return a
}

// Journal returns the entry of an event that moves money: lines of zero left
// out, its sum zero. The holder stands on the savings line and on the fee's.
// The caller sets Key, Memo, Document, Maker and Approver.
//
//	deposit   S2 S3 S6 S8   debit Counter          credit the account
//	withdraw  S7 S8         debit the account      credit Counter
//	transfer  S11 S3        debit the account      credit the receiving account
//	close     S24           debit the account      credit FeeAccount, Counter
func Journal(a Account, e Event) ledger.Entry {
	entry := ledger.Entry{Date: e.Date, Waiver: e.Waiver}
	add := func(line ledger.Line) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line)
		}
	}
	cash := e.Amount.Sub(e.Fee)
	switch e.Name {
	case EventDeposit:
		entry.Lines = make([]ledger.Line, 0, 2)
		add(ledger.Debit(e.Counter.Account, cash).For(e.Counter.Sub))
		add(ledger.Credit(a.Control, e.Amount).For(a.ID).With(e.Party))
	case EventWithdraw, EventTransfer, EventClose:
		entry.Lines = make([]ledger.Line, 0, 3)
		add(ledger.Debit(a.Control, e.Amount).For(a.ID).With(e.Party))
		add(ledger.Credit(e.FeeAccount, e.Fee).With(e.Party))
		add(ledger.Credit(e.Counter.Account, cash).For(e.Counter.Sub).With(e.To))
	}
	return entry
}
