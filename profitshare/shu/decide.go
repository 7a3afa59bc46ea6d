package shu

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Slip heads every command: which year, when, and the paper behind it.
type Slip struct {
	Key  string      `json:"-"` // the [Desk]'s; the year itself does not look at it
	Year int         `json:"year"`
	Date ledger.Date `json:"date"`
	Note string      `json:"note,omitempty"`

	Voucher
}

// about checks what all commands have in common and starts the event.
func (y Year) about(name EventName, s Slip, to State) (Event, error) {
	what := yearName(y.Year)
	if !slices.Contains(allowedIn(name), y.State) {
		return Event{}, refuse(ErrState, string(name)+".state", what, "%s is not possible, the year is %s", name, stateName(y.State))
	}
	if err := s.Date.Err(); err != nil {
		return Event{}, refuse(ErrDate, string(name)+".date", what, "%s: %v", name, err)
	}
	if s.Date.Before(y.Latest) {
		return Event{}, refuse(ErrDate, string(name)+".date", what, "%s on %s lies before the latest event on %s", name, s.Date, y.Latest)
	}
	if s.Date.Year() <= y.Year {
		return Event{}, refuse(ErrDate, string(name)+".date", what, "%s on %s: the year is not over", name, s.Date)
	}
	for _, text := range [...]struct{ what, text string }{
		{"note", s.Note}, {"memo", s.Memo}, {"document", s.Document}, {"maker", s.Maker}, {"approver", s.Approver},
	} {
		if why := contract.TextFault(text.text); why != "" {
			return Event{}, refuse(ErrCommand, string(name)+"."+text.what, what, "%s: the %s %s", name, text.what, why)
		}
	}
	return Event{Name: name, Version: y.Version + 1, Date: s.Date, Latest: s.Date, From: y.State, To: to, Note: s.Note, Voucher: s.Voucher}, nil
}

func stateName(s State) string { return cmp.Or(string(s), "undecided") }

// minutes asks for the paper of the members' meeting.
func (y Year) minutes(name EventName, s Slip) error {
	if strings.TrimSpace(s.Document) == "" {
		return refuse(ErrCommand, string(name)+".document", yearName(y.Year), "the minutes of the members' meeting must be named").By(RuleSHU)
	}
	return nil
}

// positive checks an amount, and that it is not above what there is.
func (y Year) positive(name EventName, what string, amount, most ledger.Money) error {
	switch {
	case amount.Err() != nil:
		return refuse(ErrAmount, string(name)+".amount", yearName(y.Year), "%s: %v", name, amount.Err())
	case amount.Sign() <= 0:
		return refuse(ErrAmount, string(name)+".amount", yearName(y.Year), "%s of %s is not above zero", name, amount).Comparing(amount, ledger.Money{})
	case most.Less(amount):
		return refuse(ErrAmount, string(name)+".above", yearName(y.Year), "%s of %s is above the %s %s", name, amount, most, what).Comparing(amount, most)
	}
	return nil
}

// Decision is what the members' meeting decided on a year's result.
type Decision struct {
	Slip             // its Document is required: the minutes of the meeting
	Plan    Plan     // of the slip's year
	Members []Member // with a figure for each of the plan's measures
}

// Owed is what one member is owed on one account, or paid.
type Owed struct {
	Account string // a liability with a sub for each member and year
	Member  string
	Amount  ledger.Money
	Place   ledger.Place // where it is paid to; none while it is only owed
}

// Decide divides the year's result by the meeting's decision: see
// [Plan.Propose]. The event carries the sums, the members' shares are returned
// beside it. Journal: undivided SHU to reserves, funds, and each member's share
// payable.
func (y Year) Decide(d Decision) (Event, Proposal, error) {
	e, err := y.about(EventDecide, d.Slip, Decided)
	if err == nil {
		err = y.minutes(EventDecide, d.Slip)
	}
	if err == nil && d.Plan.Year != y.Year {
		err = refuse(ErrCommand, "decide.year", yearName(y.Year), "the plan is of %d", d.Plan.Year)
	}
	if err != nil {
		return Event{}, Proposal{}, err
	}
	p, err := d.Plan.Propose(d.Members)
	if err != nil {
		return Event{}, Proposal{}, err
	}
	e.Plan = &d.Plan
	e.Change = Position{Divided: d.Plan.Total(), Payable: p.Due()}
	for _, item := range p.Items {
		amount := item.Amount()
		switch {
		case item.forMembers():
			if !slices.Contains(e.Owing, item.Account) {
				e.Owing = append(e.Owing, item.Account)
			}
			continue
		case item.Use == Reserve:
			e.Change.Reserved = e.Change.Reserved.Add(amount)
		default:
			e.Change.Funds = e.Change.Funds.Add(amount)
		}
		if amount.Sign() > 0 {
			e.Legs = append(e.Legs, Leg{item.Account, amount})
		}
	}
	for _, share := range p.Shares {
		if share.Total.Sign() > 0 {
			e.Members++
		}
	}
	if e.Change.Payable.IsZero() {
		e.To = Settled
	}
	return e, p, nil
}

// Owing lists what the proposal owes to members, by account and member as they
// stand, parts of zero left out, parts on one account together.
func (p Proposal) Owing() []Owed {
	var owed []Owed
	for k, column := range p.Columns {
		account := p.Items[column].Account
		if slices.ContainsFunc(p.Columns[:k], func(before int) bool { return p.Items[before].Account == account }) {
			continue
		}
		for _, share := range p.Shares {
			var amount ledger.Money
			for j, other := range p.Columns {
				if p.Items[other].Account == account {
					amount = amount.Add(share.Parts[j])
				}
			}
			if amount.Sign() > 0 {
				owed = append(owed, Owed{Account: account, Member: share.Member, Amount: amount})
			}
		}
	}
	return owed
}

// Adoption takes over shares of an earlier year that members are still owed.
type Adoption struct {
	Slip                // its Date is the day as of which the opening balances stand
	Owing  []string     `json:"owing"`  // the accounts with members' subs: see [Sub]
	Unpaid ledger.Money `json:"unpaid"` // on all of them together, above zero
}

// Adopt takes unpaid shares over. It posts nothing: the opening entry brings
// them in, one sub a member, and they must add up to what is stated.
func (y Year) Adopt(a Adoption) (Event, error) {
	e, err := y.about(EventAdopt, a.Slip, Decided)
	if err == nil {
		err = y.positive(EventAdopt, "", a.Unpaid, a.Unpaid)
	}
	if err == nil && len(a.Owing) == 0 {
		err = refuse(ErrCommand, "adopt.owing", yearName(y.Year), "the accounts on which members are owed must be named")
	}
	if err != nil {
		return Event{}, err
	}
	e.Owing, e.Change.Payable = a.Owing, a.Unpaid
	return e, nil
}

// Payee is a member to be paid.
type Payee struct {
	Member string       `json:"member"`
	Place  ledger.Place `json:"place"`           // cash, or the member's savings account
	Amount ledger.Money `json:"amount,omitzero"` // of what is unpaid; zero is all of it
}

// Payment pays members their shares of a year: two lines for each member and
// account in one entry, so that a million members are paid in several payments
// ([ledger.MaxLines]).
type Payment struct {
	Slip
	Payees []Payee `json:"payees"`
}

// Pay pays what is owed: amounts above zero, together at most what is payable.
// Nothing is withheld: a share of the SHU is no taxable income of a member (UU
// 11/2020 on job creation; the former 10% of PMK 111/2010 no longer applies).
// What nobody fetches stays owed, beside the shares of later years. Journal:
// share payable to cash or savings.
func (y Year) Pay(s Slip, owed []Owed) (Event, error) {
	e, err := y.about(EventPay, s, Decided)
	if err != nil {
		return Event{}, err
	}
	if len(owed) == 0 {
		return Event{}, refuse(ErrCommand, "pay.nobody", yearName(y.Year), "there is nobody to be paid")
	}
	var total ledger.Money
	paid := map[string]bool{}
	for _, o := range owed {
		if err := y.positive(EventPay, "payable", o.Amount, y.Position.Payable); err != nil {
			return Event{}, err
		}
		if o.Place.Account == "" {
			return Event{}, refuse(ErrCommand, "pay.place", yearName(y.Year), "it is not said where member %s is paid", contract.Clip(o.Member))
		}
		paid[o.Member], total = true, total.Add(o.Amount)
	}
	if err := y.positive(EventPay, "payable", total, y.Position.Payable); err != nil {
		return Event{}, err
	}
	e.Change, e.Members = Position{Payable: total.Neg(), Paid: total}, len(paid)
	if total == y.Position.Payable {
		e.To = Settled
	}
	return e, nil
}

// Spending uses one of the funds that the year's decision set aside.
type Spending struct {
	Slip                // its Note is required: what for
	Fund   string       `json:"fund"`   // the name of the plan's item
	Amount ledger.Money `json:"amount"` // above zero, at most what the fund has
	Place  ledger.Place `json:"place"`  // what pays
}

// Spend uses a fund, up to what stands on it, of earlier years too. Journal:
// fund to cash.
func (y Year) Spend(s Spending, available ledger.Money) (Event, error) {
	e, err := y.about(EventSpend, s.Slip, y.State)
	if err != nil {
		return Event{}, err
	}
	account, err := y.fund(s.Fund)
	if err == nil {
		err = y.positive(EventSpend, "in the fund", s.Amount, available)
	}
	if err != nil {
		return Event{}, err
	}
	switch {
	case s.Place.Account == "":
		return Event{}, refuse(ErrCommand, "spend.place", yearName(y.Year), "it is not said what pays")
	case strings.TrimSpace(s.Note) == "":
		return Event{}, refuse(ErrCommand, "spend.note", yearName(y.Year), "spending needs a note: what for")
	}
	e.Fund, e.Place, e.Change.Spent = account, s.Place, s.Amount
	return e, nil
}

// fund returns the account of a fund of the plan.
func (y Year) fund(name string) (string, error) {
	if y.Plan != nil {
		for _, item := range slices.Concat(y.Plan.MemberKey, y.Plan.OtherKey) {
			if item.Name == name && item.Use == Fund {
				return item.Account, nil
			}
		}
	}
	return "", refuse(ErrCommand, "spend.fund", yearName(y.Year), "the decision has no fund %q", contract.Clip(name))
}

// Covering covers a deficit from reserves.
type Covering struct {
	Slip           // its Document is required: the minutes of the meeting
	Reserves []Leg `json:"reserves"` // what each gives, above zero
}

// Cover lets reserves bear a loss by the meeting's decision. Deficit is what the
// book has of it: the first time all of it, then what is left. What is not
// covered stays, and the next year's result is the less by it. Journal: reserve
// to deficit.
func (y Year) Cover(c Covering, deficit ledger.Money) (Event, error) {
	e, err := y.about(EventCover, c.Slip, Short)
	if err == nil {
		err = y.minutes(EventCover, c.Slip)
	}
	if err != nil {
		return Event{}, err
	}
	if y.State == Short && deficit != y.Position.Deficit {
		return Event{}, refuse(ErrResult, "cover.deficit", yearName(y.Year), "the book has a deficit of %s, %s was left", deficit, y.Position.Deficit).Comparing(deficit, y.Position.Deficit)
	}
	var covered ledger.Money
	for i, leg := range c.Reserves {
		if err := y.positive(EventCover, "of the deficit", leg.Amount, deficit); err != nil {
			return Event{}, err
		}
		if leg.Account == "" || slices.ContainsFunc(c.Reserves[:i], func(l Leg) bool { return l.Account == leg.Account }) {
			return Event{}, refuse(ErrCommand, "cover.reserve", yearName(y.Year), "reserve %q is missing or stands twice", contract.Clip(leg.Account))
		}
		covered = covered.Add(leg.Amount)
	}
	if err := y.positive(EventCover, "of the deficit", covered, deficit); err != nil {
		return Event{}, err
	}
	e.Legs, e.Change = c.Reserves, Position{Covered: covered, Deficit: deficit.Sub(covered).Sub(y.Position.Deficit)}
	if covered == deficit {
		e.To = Covered
	}
	return e, nil
}

// Reversal undoes the latest event of a year.
type Reversal struct {
	Slip // its Note is required: why
	// Version names the event to be undone; zero is the latest. Any other one
	// is refused with the later events named.
	Version int `json:"version,omitempty"`
}

// Reverse decides the reversal of a year's latest event that still stands.
// History is the year's events from the first on, reversals included.
func Reverse(history []Event, r Reversal) (Event, error) {
	what := yearName(r.Year)
	y, err := Replay(r.Year, history)
	if err != nil {
		return Event{}, err
	}
	standing := Standing(history)
	if len(standing) == 0 {
		return Event{}, refuse(ErrState, "reverse.state", what, "there is no event to be reversed")
	}
	last := standing[len(standing)-1]
	if r.Version != 0 && r.Version != last.Version {
		return Event{}, refuse(ErrNotLatest, "reverse.latest", what, "event #%d is not the latest that stands, which is %s", r.Version, last)
	}
	switch {
	case r.Date.Err() != nil || r.Date.Before(last.Date):
		return Event{}, refuse(ErrDate, "reverse.date", what, "reverse on %s lies before the event of %s", r.Date, last.Date)
	case strings.TrimSpace(r.Note) == "":
		return Event{}, refuse(ErrCommand, "reverse.note", what, "a reversal needs a note: why")
	}
	for _, text := range []string{r.Note, r.Memo, r.Document, r.Maker, r.Approver} {
		if why := contract.TextFault(text); why != "" {
			return Event{}, refuse(ErrCommand, "reverse.text", what, "reverse: a text %s", why)
		}
	}
	e := Event{
		Name: EventReverse, Version: y.Version + 1, Date: r.Date, From: y.State, To: last.From, Change: last.Change.Neg(),
		Legs: last.Legs, Fund: last.Fund, Place: last.Place, Members: last.Members, Owing: last.Owing,
		Note: r.Note, Voucher: r.Voucher, Undoes: last.Version, Undone: last.Name,
	}
	e.Memo = cmp.Or(e.Memo, r.Note)
	if len(standing) > 1 {
		e.Latest = standing[len(standing)-2].Latest
	}
	return e, nil
}

// Standing returns the events that still stand: without reversals and what
// they undid.
func Standing(history []Event) []Event { return kind.Standing(history) }
