package main

import (
	"errors"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Loan is a qardh: money lent to a member in need, to be paid back without any
// addition. It is plain data; the zero Loan is one that is not granted yet.
type Loan struct {
	Member     string       `json:"member,omitempty"`
	Lent       ledger.Money `json:"lent,omitzero"`
	Repaid     ledger.Money `json:"repaid,omitzero"`
	WrittenOff ledger.Money `json:"written_off,omitzero"` // paid by the benevolent fund instead
	Version    int          `json:"version"`
	Latest     ledger.Date  `json:"latest,omitzero"`
}

// Owed is what the member still has to pay back.
func (l Loan) Owed() ledger.Money { return l.Lent.Sub(l.Repaid).Sub(l.WrittenOff) }

// Event is one thing that happened to a loan: its amounts are what changes.
type Event struct {
	Name       string       `json:"name"`
	Version    int          `json:"version"`
	Date       ledger.Date  `json:"date"`
	Member     string       `json:"member,omitempty"`
	Lent       ledger.Money `json:"lent,omitzero"`
	Repaid     ledger.Money `json:"repaid,omitzero"`
	WrittenOff ledger.Money `json:"written_off,omitzero"`
	Note       string       `json:"note,omitempty"`
	Undoes     int          `json:"undoes,omitempty"`
}

var (
	errRefused    = errors.New("qardh: refused")
	errSequence   = errors.New("qardh: event out of sequence")
	errUnknown    = errors.New("qardh: no such loan")
	errUnreadable = errors.New("qardh: stored form not readable")
)

// rule is the fatwa on the qardh; its text was not at hand (unconfirmed).
const rule = "DSN-MUI 19/2001"

// Act is a command on a loan.
type Act struct {
	Key    string `json:"-"`
	Loan   string // the id
	Date   ledger.Date
	Amount ledger.Money
	Member string // of a grant
	Note   string // why something is written off
}

// Grant lends the money.
func (l Loan) Grant(a Act) (Event, error) {
	e, err := l.decide("grant", a, a.Amount)
	e.Member, e.Lent = a.Member, a.Amount
	if err == nil && (l.Lent.Sign() > 0 || a.Member == "") {
		err = contract.Refuse(errRefused, "grant.state", a.Loan, "a loan is granted once, to a member")
	}
	return e, err
}

// Repay takes an instalment: what was lent comes back, and nothing beyond it.
func (l Loan) Repay(a Act) (Event, error) {
	e, err := l.decide("repay", a, l.Owed())
	e.Repaid = a.Amount
	return e, err
}

// WriteOff lets the benevolent fund pay what the member cannot.
func (l Loan) WriteOff(a Act) (Event, error) {
	e, err := l.decide("write_off", a, l.Owed())
	e.WrittenOff = a.Amount
	if err == nil && strings.TrimSpace(a.Note) == "" {
		err = contract.Refuse(errRefused, "write_off.note", a.Loan, "the note must say why the member cannot pay")
	}
	return e, err
}

// decide starts an event of an amount above zero and at most a limit.
func (l Loan) decide(name string, a Act, most ledger.Money) (Event, error) {
	var err error
	switch {
	case a.Date.Err() != nil || a.Date.Before(l.Latest):
		err = contract.Refuse(errRefused, name+".date", a.Loan, "%s on %s is no day, or lies before the event of %s", name, a.Date, l.Latest)
	case a.Amount.Err() != nil || a.Amount.Sign() <= 0:
		err = contract.Refuse(errRefused, name+".amount", a.Loan, "%s of %s is not above zero", name, a.Amount)
	case most.Less(a.Amount):
		err = contract.Refuse(errRefused, name+".above", a.Loan, "%s of %s is above the %s that is owed", name, a.Amount, most).By(rule).Comparing(a.Amount, most)
	}
	return Event{Name: name, Version: l.Version + 1, Date: a.Date, Note: a.Note}, err
}

// undo decides the reversal of the latest event that stands.
func undo(events []Event, a Act) (Event, error) {
	standing := loans.Standing(events)
	if len(standing) == 0 {
		return Event{}, contract.Refuse(errRefused, "undo.state", a.Loan, "there is nothing to undo")
	}
	last := standing[len(standing)-1]
	if a.Date.Err() != nil || a.Date.Before(last.Date) {
		return Event{}, contract.Refuse(errRefused, "undo.date", a.Loan, "%s lies before the latest event, %s", a.Date, loans.Heading(last))
	}
	return Event{
		Name: "undo", Version: len(events) + 1, Date: a.Date, Note: a.Note, Undoes: last.Version,
		Lent: last.Lent.Neg(), Repaid: last.Repaid.Neg(), WrittenOff: last.WrittenOff.Neg(),
	}, nil
}

// Apply returns the loan after an event. It adds up and decides nothing.
func (l Loan) Apply(e Event) (Loan, error) {
	next := Loan{l.Member, l.Lent.Add(e.Lent), l.Repaid.Add(e.Repaid), l.WrittenOff.Add(e.WrittenOff), e.Version, e.Date}
	if e.Member != "" {
		next.Member = e.Member
	}
	if e.Version != l.Version+1 || next.Owed().Err() != nil || next.Owed().Sign() < 0 {
		return l, contract.Refuse(errSequence, "apply.sequence", "", "%s does not follow version %d, of which %s is owed", e.Name, l.Version, l.Owed())
	}
	return next, nil
}
