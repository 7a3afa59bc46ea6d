package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Dormancy says that an account is dormant (rekening pasif): its member has
// begun no movement for the months of the product's terms. It is a register
// and has no entry (S23): the balance stays the member's without limit of
// time, and no command takes it into income.
type Dormancy struct {
	Since  ledger.Date `json:"since"`  // the day it was marked
	Last   ledger.Date `json:"last"`   // the member's latest own movement before that, see [LastOwnIn]
	Months int         `json:"months"` // of the terms on that day
}

// DormancyMarking marks an account as dormant.
type DormancyMarking struct {
	Key     string
	Date    ledger.Date // whose terms are meant; the first day on which it is dormant
	Account string
}

// Reactivation ends an account's dormancy: the member has come back.
type Reactivation struct {
	Key      string
	Date     ledger.Date // not before it was marked
	Account  string
	Reason   string // required: the member was identified, asked for it in writing
	By       string // who authorised it, required
	Document string // a reference, empty for none
}

// MarkDormant decides that an account is dormant. last is the day of the
// member's latest own movement; with the product's months added (a month that
// lacks the day gives its last one) it must not lie after the day of marking.
// Time savings are never dormant, since nothing is to move before they mature,
// and neither is an account whose holder has left, since it is to be settled.
// Errors match [ErrNotDormant] before the months are over, [ErrDormant] if it is
// marked already, [ErrCommand] if the product knows no dormancy, [ErrTerm],
// [ErrMember], [ErrState] or [ErrDate].
func (a Account) MarkDormant(m DormancyMarking, b Basis, last ledger.Date) (Event, error) {
	if err := a.moves(m.Date, b.Member); err != nil {
		return Event{}, err
	}
	months := b.Terms.DormantMonths
	switch {
	case a.dormant():
		return Event{}, a.refuseOn(ErrDormant, "dormant.already", m.Date, fmt.Sprintf("is dormant since %s", a.Dormant.Since))
	case a.Term != nil:
		return Event{}, a.refuseOn(ErrTerm, "dormant.term", m.Date, "time savings run or mature: they are not dormant")
	case b.Member.LeftOn(m.Date):
		return Event{}, a.refuseOn(ErrMember, "dormant.left", m.Date, "the holder has left: the account is settled, not marked")
	case months == 0:
		return Event{}, &Refusal{Kind: ErrCommand, Code: "dormant.product", Account: a.ID, Product: a.Product, Date: m.Date,
			Reason: fmt.Sprintf("the product's accounts are never dormant by its terms on %s", m.Date)}
	}
	if due := last.AddMonths(months); !due.Valid() || m.Date.Before(due) {
		return Event{}, a.refuseOn(ErrNotDormant, "dormant.not_due", m.Date,
			fmt.Sprintf("not dormant on %s: the member moved it on %s, and %d months are over on %s", m.Date, last, months, due))
	}
	return Event{Name: EventDormant, Date: m.Date, Account: a.ID, Party: b.Member.Party(m.Date),
		Dormant: Dormancy{Since: m.Date, Last: last, Months: months}}, nil
}

// Reactivate decides that an account is dormant no longer. Errors match
// [ErrNotDormant], [ErrDate], [ErrCommand], [ErrState], or [ErrMember] if the
// holder has died: that account is settled.
func (a Account) Reactivate(r Reactivation, b Basis) (Event, error) {
	if err := a.moves(r.Date, b.Member); err != nil {
		return Event{}, err
	}
	switch {
	case !a.dormant():
		return Event{}, a.refuseOn(ErrNotDormant, "reactivate.active", r.Date, "is not dormant")
	case b.Member.Cause == Deceased:
		return Event{}, a.refuseOn(ErrMember, "reactivate.deceased", r.Date, "the holder has died: the account is settled, not reactivated")
	case r.Date.Before(a.Dormant.Since):
		return Event{}, a.refuseOn(ErrDate, "reactivate.before", r.Date, fmt.Sprintf("%s lies before it was marked on %s", r.Date, a.Dormant.Since))
	case r.Reason == "" || r.By == "":
		return Event{}, a.refuse(ErrCommand, "reactivate.reason", "a reactivation needs its reason and who authorised it")
	}
	for _, text := range [...]string{r.Reason, r.By, r.Document} {
		if why := textFault(text); why != "" {
			return Event{}, a.refuse(ErrCommand, "reactivate.text", "the reason, who authorised it or the document "+why)
		}
	}
	return Event{Name: EventReactivate, Date: r.Date, Account: a.ID, Party: b.Member.Party(r.Date), Reason: r.Reason, By: r.By,
		Document: r.Document}, nil
}

// dormant reports whether the account is marked now.
func (a Account) dormant() bool { return !a.Dormant.Since.IsZero() }

// awake refuses what a member does with a dormant account before it is
// reactivated: a withdrawal, a transfer, a conversion, a closing. What goes on
// by itself or ends the membership (fees, dues by mandate, a settlement) does
// not ask.
func (a Account) awake(day ledger.Date) error {
	if !a.dormant() {
		return nil
	}
	return a.refuseOn(ErrDormant, "account.dormant", day, fmt.Sprintf("is dormant since %s: it must be reactivated first", a.Dormant.Since))
}

// reactivated reports whether the account that gets money from its holder's
// other savings was dormant.
func reactivated(to []*opened) bool { return len(to) > 0 && to[0].account.dormant() }

// begins returns from which day on the months without movement count where
// there is no own movement: the opening, in older books the latest movement
// there, or a reactivation.
func (a Account) begins() ledger.Date {
	day := a.Opened
	if a.Running != nil && !a.Running.Moved.IsZero() {
		day = a.Running.Moved
	}
	if day.Before(a.Reactivated) {
		day = a.Reactivated
	}
	return day
}

// LastOwnIn returns the day of the latest movement of an account that its
// member has begun: a deposit, withdrawal, transfer, conversion, or what was
// paid into it from time savings that were broken or collected. Fees, dues taken
// by mandate, profit shares, tax, batches of deposits, what another member has
// transferred, and entries that were taken back do not count. Without any it is
// the day of the opening, of an adopted account the day its older books gave; a
// reactivation counts as a movement. The error matches [ErrUnknown].
func LastOwnIn(tx *ledger.Tx, account string) (ledger.Date, error) {
	a, err := found(tx, account)
	if err != nil {
		return ledger.Date{}, err
	}
	return a.lastOwn(tx)
}

func (a Account) lastOwn(tx *ledger.Tx) (ledger.Date, error) {
	day, err := a.ownSince(tx, ledger.Date{})
	if begun := a.begins(); err == nil && day.Before(begun) {
		day = begun
	}
	return day, err
}

// ownSince returns the day of the latest own movement from a day on, zero for
// none. It reads the account's lines from the latest on until it finds one.
func (a Account) ownSince(tx *ledger.Tx, from ledger.Date) (ledger.Date, error) {
	for line, err := range tx.Lines(ledger.LineQuery{Account: a.Control, Sub: a.ID, From: from, Descending: true}) {
		if err != nil {
			return ledger.Date{}, err
		}
		own, err := a.ownMovement(tx, line)
		if err != nil {
			return ledger.Date{}, err
		}
		if own {
			return line.Date, nil
		}
	}
	return ledger.Date{}, nil
}

// ownMovement reports whether a line of the account comes from a command that
// its member has begun and that was not taken back. The command's kind says
// so, and of a transfer who paid.
func (a Account) ownMovement(tx *ledger.Tx, line ledger.PostedLine) (bool, error) {
	if line.Source.Kind != "" && line.Source.Kind != KindAccount {
		return false, nil
	}
	c, known, err := tx.Command(line.Key)
	if err != nil || !known {
		return false, err
	}
	switch c.Kind {
	case "savings.deposit", "savings.withdraw", "savings.transfer", "savings.convert", "savings.break", "savings.collect":
	default:
		return false, nil
	}
	p, _, err := tx.Entry(line.Entry)
	if err != nil || p.ReversedBy != 0 {
		return false, err
	}
	for _, payer := range p.Lines {
		if c.Kind == "savings.transfer" && payer.Amount.Sign() > 0 && payer.Party.Member != a.Member {
			return false, nil
		}
	}
	return true, nil
}
