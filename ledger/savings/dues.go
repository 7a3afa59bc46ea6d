package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Due is what one period of dues asks, or still asks.
type Due struct {
	Month  ledger.Month `json:"month"` // the first month of the period
	Amount ledger.Money `json:"amount"`
}

// DuesStart is where the schedule of an adopted wajib account stands.
type DuesStart struct {
	// From is the first month that the schedule counts.
	From ledger.Month `json:"from"`
	// Owed are the periods before From that are not fully paid, with what is
	// still to be paid of each, the oldest first.
	Owed []Due `json:"owed,omitempty"`
}

func (s *DuesStart) fault(refuse func(code, reason string) error) error {
	if !s.From.Valid() {
		return refuse("dues", "first month of dues: "+s.From.Err().Error())
	}
	for i, due := range s.Owed {
		switch {
		case !due.Month.Valid() || !due.Month.Before(s.From) || i > 0 && !s.Owed[i-1].Month.Before(due.Month):
			return refuse("dues", fmt.Sprintf("dues owed of %s: they ascend and lie before %s", due.Month, s.From))
		case due.Amount.Err() != nil || due.Amount.Sign() <= 0:
			return refuse("dues", fmt.Sprintf("dues owed of %s: the amount must be above zero", due.Month))
		}
	}
	return nil
}

// Schedule is the dues of one wajib account: what each period asks, oldest
// first, and what was paid towards them.
type Schedule struct {
	Account string
	Member  string
	Through ledger.Month
	Dues    []Due        // of every period that has begun
	Paid    ledger.Money // towards them, the oldest first
}

// Dues returns the schedule of a wajib account through a month: a period asks
// what the product's terms say on its first day, from the month in which the
// member joined; one that begins on or after the day of leaving asks nothing.
// paid is the account's balance
// less what was called and is not yet paid: whatever has come in pays the
// oldest period first and may run ahead.
func (a Account) Dues(p Product, m Member, through ledger.Month, paid ledger.Money) Schedule {
	s := Schedule{Account: a.ID, Member: a.Member, Through: through, Paid: paid}
	since := m.Since()
	if since.IsZero() || len(p.Terms) == 0 {
		return s
	}
	month := since.Month()
	if opening := p.Terms[0].From.Month(); month.Before(opening) {
		month = opening
	}
	if a.Running != nil {
		s.Paid = s.Paid.Sub(a.Running.Balance).Max(ledger.Money{})
		if start := a.Running.Dues; start != nil {
			month = start.From
			s.Dues = append(s.Dues, start.Owed...)
		} else if next := a.Opened.Month().Next(); month.Before(next) {
			month = next // nothing was said to be owed from before
		}
	}
	for n := 0; n < maxDuesMonths && !month.After(through); n++ {
		if m.LeftOn(month.First()) {
			break
		}
		first := month.First()
		if first.Before(p.Terms[0].From) {
			first = p.Terms[0].From
		}
		terms, _ := p.On(first)
		if !terms.Dues.IsZero() {
			s.Dues = append(s.Dues, Due{month, terms.Dues})
		}
		month = month.Add(max(terms.DuesEvery, 1))
	}
	return s
}

// Total returns what all periods that have begun ask together.
func (s Schedule) Total() ledger.Money {
	var total ledger.Money
	for _, due := range s.Dues {
		total = total.Add(due.Amount)
	}
	return total
}

// Owed returns what is still to be paid of each period, the oldest first.
func (s Schedule) Owed() []Due {
	var owed []Due
	paid := s.Paid
	for _, due := range s.Dues {
		part := due.Amount.Min(paid.Max(ledger.Money{}))
		paid = paid.Sub(part)
		if rest := due.Amount.Sub(part); rest.Sign() > 0 {
			owed = append(owed, Due{due.Month, rest})
		}
	}
	return owed
}

// Arrears returns what is owed in total.
func (s Schedule) Arrears() ledger.Money { return s.Total().Sub(s.Paid).Max(ledger.Money{}) }

// Ahead returns what was paid beyond all periods that have begun.
func (s Schedule) Ahead() ledger.Money { return s.Paid.Sub(s.Total()).Max(ledger.Money{}) }

// PaidTo returns the last month whose dues are fully paid, zero if none are;
// what was paid ahead does not count.
func (s Schedule) PaidTo() ledger.Month {
	var last ledger.Month
	paid := s.Paid
	for _, due := range s.Dues {
		if paid = paid.Sub(due.Amount); paid.Sign() < 0 {
			break
		}
		last = due.Month
	}
	return last
}

// Age returns what is owed by age: of the current month, and of periods that
// began 1, 2 to 3, 4 to 6, 7 to 12 and more than 12 months before it.
func (s Schedule) Age() [6]ledger.Money {
	var ages [6]ledger.Money
	for _, due := range s.Owed() {
		n := 5
		for i, most := range [...]int{0, 1, 3, 6, 12} {
			if due.Month.MonthsUntil(s.Through) <= most {
				n = i
				break
			}
		}
		ages[n] = ages[n].Add(due.Amount)
	}
	return ages
}

// DuesCollection takes dues from one member's savings.
type DuesCollection struct {
	Key     string
	Date    ledger.Date
	Account string // the wajib account, which has a mandate

	Maker, Approver string
}

// DuesMandate lets dues be taken from a savings account.
type DuesMandate struct {
	Key     string
	Date    ledger.Date
	Account string // the wajib account
	// From is the same member's savings account, empty to take the mandate back.
	From     string
	Document string // the mandate in writing, required unless it is taken back
}

// DuesCall recognises the dues of a period before they are paid, where the
// statutes make the call enforceable: equity as a whole stays what it was.
type DuesCall struct {
	Key     string
	Date    ledger.Date
	Account string       // the wajib account
	Month   ledger.Month // the first month of the period
}

// MandateDues decides a standing mandate.
func (a Account) MandateDues(d DuesMandate, b Basis, from Account) (Event, error) {
	if err := a.moves(d.Date, b.Member); err != nil {
		return Event{}, err
	}
	switch {
	case b.Akad != Wajib:
		return Event{}, a.refuse(ErrCommand, "dues.akad", fmt.Sprintf("%s savings have no dues", b.Akad))
	case d.From == "":
	case d.Document == "":
		return Event{}, a.refuse(ErrCommand, "dues.document", "dues are taken only on the member's mandate in writing")
	case from.Member != a.Member:
		return Event{}, a.refuse(ErrCommand, "dues.mandate", fmt.Sprintf("account %s is another member's", clip(d.From)))
	case from.ID == a.ID || from.Status == Closed || from.Control == a.Control:
		return Event{}, a.refuse(ErrCommand, "dues.mandate", fmt.Sprintf("dues cannot be taken from account %s", clip(d.From)))
	}
	return Event{Name: EventMandate, Date: d.Date, Account: a.ID, Party: b.Member.Party(d.Date), Mandate: d.From}, nil
}

// PayDues decides that what is owed is taken from a savings account, at most
// what is spendable there. from is the account that pays.
func (from Account) PayDues(c DuesCollection, b Basis, to Account, toBasis Basis, owed, spendable ledger.Money) (Event, error) {
	amount := owed.Min(spendable)
	switch {
	case to.Mandate != from.ID || from.ID == "":
		return Event{}, to.refuse(ErrCommand, "dues.mandate", "there is no mandate to take its dues from savings")
	case owed.Sign() <= 0:
		return Event{}, to.refuse(ErrAmount, "dues.paid", fmt.Sprintf("no dues are owed on %s", c.Date))
	case amount.Sign() <= 0:
		return Event{}, &Refusal{Kind: ErrMinBalance, Code: "dues.unavailable", Account: from.ID, Member: from.Member, Date: c.Date,
			Given: owed, Reason: "nothing is available for dues"}
	}
	if err := from.gives(c.Date, amount, b); err != nil {
		return Event{}, err
	}
	if err := to.moves(c.Date, toBasis.Member); err != nil {
		return Event{}, err
	}
	e := Event{Name: EventDues, Date: c.Date, Account: from.ID, Party: b.Member.Party(c.Date), Amount: amount,
		Counter: Place{Account: to.Control, Sub: to.ID}, To: toBasis.Member.Party(c.Date)}
	e.called(toBasis)
	return e, nil
}

// CallDues decides that a period's dues are recognised before they are paid.
func (a Account) CallDues(c DuesCall, b Basis, s Schedule) (Event, error) {
	if err := a.moves(c.Date, b.Member); err != nil {
		return Event{}, err
	}
	if b.Terms.CallAccount == "" {
		return Event{}, a.refuse(ErrCommand, "dues.call", "the product's dues are not recognised before they are paid")
	}
	var owed ledger.Money
	s.Paid = s.Paid.Add(b.Called) // what was called is not called again
	for _, due := range s.Owed() {
		if due.Month == c.Month {
			owed = due.Amount
		}
	}
	if owed.Sign() <= 0 {
		return Event{}, a.refuse(ErrAmount, "dues.paid", fmt.Sprintf("no dues are owed of %s", c.Month))
	}
	return Event{Name: EventCall, Date: c.Date, Account: a.ID, Party: b.Member.Party(c.Date), Amount: owed, CallAccount: b.Terms.CallAccount}, nil
}
