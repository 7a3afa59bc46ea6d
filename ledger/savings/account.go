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

	// Nisbah is what was agreed for this account alone, by From; on days without
	// one the product's holds.
	Nisbah []DatedRatio `json:"nisbah,omitempty"`
	// Zakat is the part of its profit share that the member's mandate gives to
	// zakat, by From.
	Zakat []DatedRatio `json:"zakat,omitempty"`
	// Mandate is the savings account that the member lets dues be taken from;
	// only wajib savings have one.
	Mandate string `json:"mandate,omitempty"`
	// GoalDay is when savings for a goal are free, zero for never before it.
	GoalDay ledger.Date `json:"goal_day,omitzero"`
	// Blocked is the desk's own block, none if its Block is [ledger.NoBlock].
	Blocked Blocked `json:"blocked,omitzero"`
	// Running is what an adopted account brought along.
	Running *Running `json:"running,omitempty"`
	// Term is what was agreed on time savings, nil for others.
	Term *Term `json:"term,omitempty"`
	// Dormant says since when the account is dormant, zero while it is not.
	Dormant Dormancy `json:"dormant,omitzero"`
	// Reactivated is the day of the latest [Desk.Reactivate], zero for none: it
	// counts as a movement of the member's own.
	Reactivated ledger.Date `json:"reactivated,omitzero"`
}

// Blocked is a block that the desk has set on an account.
type Blocked struct {
	Block  ledger.Block `json:"block"`
	Reason string       `json:"reason"`
	By     string       `json:"by"`
	From   ledger.Date  `json:"from"`
	// Until is the last day on which it binds, zero until it is lifted.
	Until ledger.Date `json:"until,omitzero"`
}

// EventName names what happened.
type EventName string

const (
	EventOpen     EventName = "open"     // opened at the desk, no money yet
	EventAdopt    EventName = "adopt"    // a running account taken over, posts nothing
	EventDeposit  EventName = "deposit"  // money in
	EventWithdraw EventName = "withdraw" // money out
	EventTransfer EventName = "transfer" // money to another savings account
	EventConvert  EventName = "convert"  // the whole balance to a new account under another akad
	EventCharge   EventName = "charge"   // a fee of the product
	EventDues     EventName = "dues"     // dues taken from savings by mandate
	EventCall     EventName = "call"     // dues recognised before they are paid
	EventClose    EventName = "close"    // fee taken, remainder paid out
	EventSettle   EventName = "settle"   // closed because the member has left; the balance became a claim
	EventRedirect EventName = "redirect" // another account gets the profit share from now on
	EventNisbah   EventName = "nisbah"   // a nisbah agreed for this account
	EventZakat    EventName = "zakat"    // a mandate to pay zakat from the share
	EventMandate  EventName = "mandate"  // a mandate to take dues from savings
	EventBlock    EventName = "block"    // the desk blocked the account
	EventUnblock  EventName = "unblock"  // the desk lifted its block
	EventRollover EventName = "rollover" // time savings begin another term
	EventMature   EventName = "mature"   // matured time savings wait for their holder
	EventBreak    EventName = "break"    // a term ended before it matured
	EventCollect  EventName = "collect"  // what waited was paid
	EventInstruct EventName = "instruct" // another instruction for the maturity
	EventReverse  EventName = "reverse"  // an earlier event taken back

	EventDormant    EventName = "dormant"    // no own movement for the product's months
	EventReactivate EventName = "reactivate" // the member has come back
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
	GoalDay ledger.Date  `json:"goal_day,omitzero"` // open, adopt
	Running *Running     `json:"running,omitempty"` // adopt
	Nisbah  *DatedRatio  `json:"nisbah,omitempty"`  // open (fixed for the term), rollover, nisbah
	Term    *Term        `json:"term,omitempty"`    // of time savings: as it is from now on
	Reason  string       `json:"reason,omitempty"`  // break, reactivate
	Zakat   *DatedRatio  `json:"zakat,omitempty"`   // zakat
	Mandate string       `json:"mandate,omitempty"` // mandate; empty takes it back
	Blocked Blocked      `json:"blocked,omitzero"`  // block

	Amount     ledger.Money `json:"amount,omitzero"`       // moved on the account; of a closing the whole balance
	Fee        ledger.Money `json:"fee,omitzero"`          // close, charge: the part of Amount that is the cooperative's
	FeeKind    Fee          `json:"fee_kind,omitempty"`    // charge
	FeeAccount string       `json:"fee_account,omitempty"` // close, charge: the income account of the fee
	// Called is the part of a payment of dues that was called before, and
	// CallAccount where it stands.
	Called      ledger.Money `json:"called,omitzero"`
	CallAccount string       `json:"call_account,omitempty"`
	Counter     Place        `json:"counter,omitzero"` // cash; of a transfer the receiving account's sub
	To          ledger.Party `json:"to,omitzero"`      // transfer: the receiving holder
	From        Place        `json:"from,omitzero"`    // collect, settle: where the money waited
	Waiver      string       `json:"waiver,omitempty"` // why the minimum balance did not bind

	Dormant  Dormancy `json:"dormant,omitzero"`   // dormant
	By       string   `json:"by,omitempty"`       // reactivate: who authorised it
	Document string   `json:"document,omitempty"` // reactivate: a reference
	// Reactivates says that the account which gets the money was dormant and is
	// not any more: deposit, transfer, break, collect.
	Reactivates bool `json:"reactivates,omitempty"`

	// Undoes is the key of the command that a reversal takes back and Back the
	// account as it then is again.
	Undoes string   `json:"undoes,omitempty"`
	Back   *Account `json:"back,omitempty"`
}

// Moves reports whether the event moves money. One that does not has no entry.
func (e Event) Moves() bool { return !e.Amount.IsZero() }

// Apply returns the account after an event; an event between two accounts
// applies to both alike. It computes no rule.
func (a Account) Apply(e Event) Account {
	switch e.Name {
	case EventOpen, EventAdopt:
		a = Account{ID: e.Account, Member: e.Party.Member, Product: e.Product, Control: e.Control,
			Opened: e.Date, PayTo: e.PayTo, Status: Opened, GoalDay: e.GoalDay, Running: e.Running, Term: e.Term}
		if e.Nisbah != nil {
			a.Nisbah = []DatedRatio{*e.Nisbah}
		}
		if e.Name == EventAdopt {
			a.Status = Active
		}
	case EventDeposit:
		a = a.receives(e)
		if e.Term != nil {
			a.Term = e.Term
		}
	case EventTransfer, EventDues, EventCollect:
		switch {
		case a.ID == e.Counter.Sub && a.ID != e.Account:
			a = a.receives(e)
			if e.Term != nil && e.Name == EventTransfer {
				a.Term = e.Term
			}
		case e.Name == EventCollect:
			a.Term = e.Term
		}
	case EventRollover:
		a.Term, a.Nisbah = e.Term, withRatio(a.Nisbah, *e.Nisbah)
	case EventInstruct:
		a.Term, a.PayTo = e.Term, e.PayTo
	case EventMature, EventBreak:
		if a.ID != e.Account { // the savings account that gets the money
			a = a.receives(e)
			break
		}
		a.Status, a.Closed, a.Term = Closed, e.Date, e.Term
		if e.Name == EventBreak {
			a.PayTo = e.PayTo
		}
	case EventConvert:
		if a.ID == e.Counter.Sub {
			a.Status = Active
		} else {
			a.Status, a.Closed, a.PayTo = Closed, e.Date, e.Counter.Sub
		}
	case EventClose:
		a.Status, a.Closed, a.PayTo = Closed, e.Date, e.PayTo
	case EventSettle:
		if a.Status != Closed { // else what waited since a term matured was settled
			a.Status, a.Closed = Closed, e.Date
		}
		a.Blocked, a.Dormant = Blocked{}, Dormancy{}
		if e.Term != nil {
			a.Term = e.Term
		}
	case EventRedirect:
		a.PayTo = e.PayTo
	case EventNisbah:
		a.Nisbah = withRatio(a.Nisbah, *e.Nisbah)
	case EventZakat:
		a.Zakat = withRatio(a.Zakat, *e.Zakat)
	case EventMandate:
		a.Mandate = e.Mandate
	case EventBlock:
		a.Blocked = e.Blocked
	case EventUnblock:
		a.Blocked = Blocked{}
	case EventDormant:
		a.Dormant = e.Dormant
	case EventReactivate:
		a.Dormant, a.Reactivated = Dormancy{}, e.Date
	case EventReverse:
		a = *e.Back
	}
	return a
}

// receives returns the account after money came in.
func (a Account) receives(e Event) Account {
	a.Status = Active
	if e.Reactivates {
		a.Dormant = Dormancy{}
	}
	return a
}

// keeps reports whether an event between before and after needs a new version
// of the account's record: movements do only where they change its status or
// end its dormancy.
func (e Event) keeps(before, after Account) bool {
	changed := before.Status != after.Status || before.Dormant != after.Dormant
	switch e.Name {
	case EventDeposit, EventWithdraw, EventTransfer, EventCharge, EventDues, EventCall:
		return changed
	case EventBreak, EventCollect:
		return e.Account == after.ID || changed
	}
	return true
}
