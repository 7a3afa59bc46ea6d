package murabahah

import (
	"encoding/json"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Command is something that is asked of a contract. [Contract.Decide] decides
// it, [Desk.Do] carries it out. The commands are the structs of this package
// that embed an [Act], and those that have a method of their own besides:
// [Ordering], [DownPayment], [Acquisition], [Sale], [Payment], [Settlement],
// [Penalty], [Cancellation].
type Command interface {
	event() EventName
	act() Act
	decide(Contract, *Event) error
}

// Act is what every command says beside its own matter.
type Act struct {
	Key      string      `json:"-"` // of the [Desk]'s command; the contract itself does not look at it
	Contract string      `json:"contract,omitempty"`
	Date     ledger.Date `json:"date,omitzero"`
	// Standing is what the buyer is on this day; left out, what the buyer was
	// at the order.
	Standing ledger.Standing `json:"standing,omitempty"`
	Note     string          `json:"note,omitempty"` // up to [ledger.MaxText] bytes

	Memo     string `json:"memo,omitempty"` // the [Voucher]
	Document string `json:"document,omitempty"`
	Maker    string `json:"maker,omitempty"`
	Approver string `json:"approver,omitempty"`
}

func (a Act) act() Act { return a }

func (a Act) voucher() Voucher {
	return Voucher{Memo: a.Memo, Document: a.Document, Maker: a.Maker, Approver: a.Approver}
}

// Decide decides a command: the event with every amount, or a [*Refusal].
func (c Contract) Decide(command Command) (Event, error) {
	name, a := command.event(), command.act()
	if err := c.allow(name, a.Date); err != nil {
		return Event{}, err
	}
	if err := c.told(name, a.Standing, a.Note, a.voucher()); err != nil {
		return Event{}, err
	}
	e := c.event(name, a.Date, c.State, a.Standing)
	e.Note, e.Voucher = a.Note, a.voucher()
	if err := command.decide(c, &e); err != nil {
		return Event{}, err
	}
	if _, isPlain := command.(plain); isPlain {
		return e, nil // its event says all that was asked
	}
	asked, err := json.Marshal(command)
	if err != nil {
		return Event{}, c.refuse(ErrCommand, string(name)+".form", "%s cannot be stored: %v", name, err)
	}
	e.Asked = asked
	return e, nil
}

// content is everything that a command asks for, its key apart.
func content(c Command) (ledger.Digest, error) {
	if p, isPlain := c.(plain); isPlain {
		return p.digest()
	}
	asked, err := json.Marshal(c)
	return ledger.NewContent(kindOf(c.event())).Bytes(asked).Digest(), err
}

// event starts an event that leads from the contract as it is.
func (c Contract) event(name EventName, day ledger.Date, to State, standing ledger.Standing) Event {
	party := c.Terms.Buyer
	if standing != ledger.NoStanding {
		party.Standing = standing
	}
	return Event{Name: name, Version: c.Version + 1, Date: day, Latest: day, From: c.State, To: to, Party: party}
}

func (c Contract) refuse(kind error, code, format string, args ...any) *Refusal {
	return refuse(kind, code, c.Terms.Contract, format, args...)
}

// breach is a refusal that a fatwa or standard asks for.
func (c Contract) breach(kind error, rule, code, format string, args ...any) *Refusal {
	r := c.refuse(kind, code, format, args...)
	r.Rule = rule
	return r
}

func (c Contract) told(command EventName, s ledger.Standing, note string, v Voucher) error {
	if s > ledger.Other {
		return c.refuse(ErrCommand, string(command)+".standing", "%s: unknown standing %s", command, s)
	}
	return c.texts(command, note, v)
}

// texts checks what is kept with the event. An event without an entry is
// never seen by the book's own checks.
func (c Contract) texts(command EventName, note string, v Voucher) error {
	for _, text := range [...]struct{ what, text string }{
		{"note", note}, {"memo", v.Memo}, {"document", v.Document}, {"maker", v.Maker}, {"approver", v.Approver},
	} {
		if why := contract.TextFault(text.text); why != "" {
			return c.refuse(ErrCommand, string(command)+"."+text.what, "%s: the %s %s", command, text.what, why)
		}
	}
	return nil
}

// above refuses an amount that is not above zero.
func (c Contract) above(command EventName, amount ledger.Money) error {
	if err := amount.Err(); err != nil {
		return c.refuse(ErrAmount, string(command)+".amount", "%s: %v", command, err)
	}
	if amount.Sign() <= 0 {
		r := c.refuse(ErrAmount, string(command)+".amount", "%s of %s is not above zero", command, amount)
		r.Given = amount
		return r
	}
	return nil
}

// notBelow refuses an amount below zero.
func (c Contract) notBelow(command EventName, amount ledger.Money) error {
	if amount.Err() != nil || amount.Sign() < 0 {
		r := c.refuse(ErrAmount, string(command)+".amount", "%s: %s must be zero or more", command, amount)
		r.Given = amount
		return r
	}
	return nil
}

// atMost refuses an amount above a limit.
func (c Contract) atMost(command EventName, amount, limit ledger.Money, of string) error {
	if limit.Less(amount) {
		r := c.refuse(ErrOverpaid, string(command)+".above", "%s of %s is above the %s %s", command, amount, limit, of)
		r.Given, r.Limit = amount, limit
		return r
	}
	return nil
}

// through notes the money that comes in (below zero: goes out) at a place.
func (c Contract) through(e *Event, place Place, cash ledger.Money) error {
	if cash.IsZero() {
		return nil
	}
	if place.Account == "" {
		return c.refuse(ErrCommand, string(e.Name)+".place", "%s does not say through which account the money goes", e.Name)
	}
	e.Place, e.Cash = place, cash
	return nil
}

// proven refuses a command without the paper that a rule asks for.
func (c Contract) proven(command EventName, paper, rule, what string) error {
	if strings.TrimSpace(paper) == "" {
		return c.breach(ErrEvidence, rule, string(command)+".evidence", "%s needs %s", command, what)
	}
	return nil
}

// first returns the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
