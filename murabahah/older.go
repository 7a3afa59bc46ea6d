package murabahah

import (
	"cmp"
	"encoding/json"

	"github.com/mizan-coop/mizan/ledger"
)

// The commands that have a method of their own on [Contract] and [Desk] are
// commands like any other: for [Desk.Do], and to stand in a [Correction].

// Payment is [Contract.Pay] as a command.
type Payment struct{ Receipt }

func (Payment) event() EventName { return EventPay }

func (p Payment) decide(c Contract, e *Event) error { return replace(e)(c.Pay(p.Receipt)) }

// DownPayment is [Contract.ReceiveDownPayment] as a command.
type DownPayment struct{ Receipt }

func (DownPayment) event() EventName { return EventDownPayment }

func (d DownPayment) decide(c Contract, e *Event) error {
	return replace(e)(c.ReceiveDownPayment(d.Receipt))
}

// Penalty is [Contract.Penalise] as a command.
type Penalty struct{ Receipt }

func (Penalty) event() EventName { return EventPenalty }

func (p Penalty) decide(c Contract, e *Event) error { return replace(e)(c.Penalise(p.Receipt)) }

func (Acquisition) event() EventName { return EventAcquire }

func (a Acquisition) decide(c Contract, e *Event) error { return replace(e)(c.Acquire(a)) }

func (Sale) event() EventName { return EventSell }

func (s Sale) decide(c Contract, e *Event) error { return replace(e)(c.Sell(s)) }

func (Settlement) event() EventName { return EventSettle }

func (s Settlement) decide(c Contract, e *Event) error { return replace(e)(c.Settle(s)) }

func (Cancellation) event() EventName { return EventCancel }

func (n Cancellation) decide(c Contract, e *Event) error { return replace(e)(c.Cancel(n)) }

// replace takes what a method has decided for the event.
func replace(e *Event) func(Event, error) error {
	return func(decided Event, err error) error {
		if err == nil {
			*e = decided
		}
		return err
	}
}

// lossOf is what a cancellation was told of a loss. Its event keeps it where
// the amounts do not show it: a loss beyond what was paid that is not claimed,
// and a claim that had nothing beyond to take.
type lossOf struct {
	ActualLoss ledger.Money `json:"actual_loss"`
	Claim      bool         `json:"claim,omitempty"`
}

func (n Cancellation) keepLoss(e *Event) error {
	if n.ActualLoss == e.Change.Recovered && n.Claim == !e.Change.Claimed.IsZero() {
		return nil
	}
	asked, err := json.Marshal(lossOf{n.ActualLoss, n.Claim})
	e.Asked = asked
	return err
}

func (r Receipt) act() Act {
	return Act{r.Key, r.Contract, r.Date, r.Standing, r.Note, r.Memo, r.Document, r.Maker, r.Approver}
}

func (a Acquisition) act() Act {
	return Act{a.Key, a.Contract, a.Date, a.Standing, a.Supplier, a.Memo, a.Document, a.Maker, a.Approver}
}

func (s Sale) act() Act {
	return Act{s.Key, s.Contract, s.Date, s.Standing, "", s.Memo, s.Document, s.Maker, s.Approver}
}

func (s Settlement) act() Act {
	return Act{s.Key, s.Contract, s.Date, s.Standing, s.Note, s.Memo, s.Document, s.Maker, s.Approver}
}

func (n Cancellation) act() Act {
	return Act{n.Key, n.Contract, n.Date, n.Standing, n.Evidence, n.Memo, n.Document, n.Maker, n.Approver}
}

func (Ordering) event() EventName { return EventOrder }

func (o Ordering) decide(c Contract, e *Event) error { return replace(e)(c.Order(o)) }

func (o Ordering) act() Act {
	return Act{Key: o.Key, Contract: o.Terms.Contract, Date: o.Date, Document: o.Document, Maker: o.Maker, Approver: o.Approver}
}

// plain is a command whose event says all that was asked, and whose content
// was defined before [Act] was.
type plain interface {
	digest() (ledger.Digest, error)
}

func (p Payment) digest() (ledger.Digest, error)      { return p.content(EventPay), nil }
func (d DownPayment) digest() (ledger.Digest, error)  { return d.content(EventDownPayment), nil }
func (p Penalty) digest() (ledger.Digest, error)      { return p.content(EventPenalty), nil }
func (a Acquisition) digest() (ledger.Digest, error)  { return a.content(), nil }
func (s Sale) digest() (ledger.Digest, error)         { return s.content(), nil }
func (s Settlement) digest() (ledger.Digest, error)   { return s.content(), nil }
func (n Cancellation) digest() (ledger.Digest, error) { return n.content(), nil }
func (o Ordering) digest() (ledger.Digest, error)     { return o.content() }

// plainly returns the plain command by which an event came about, nil if it
// was none. Contract is the one before the event.
func (e Event) plainly(c Contract) Command {
	receipt := Receipt{
		Date: e.Date, Amount: e.Cash, Place: e.Place, Payer: e.Payer, Standing: e.Party.Standing, Note: e.Note,
		Memo: e.Memo, Document: e.Document, Maker: e.Maker, Approver: e.Approver,
	}
	switch e.Name {
	case EventOrder:
		ordering := Ordering{Date: e.Date, Terms: *e.Terms, Document: e.Document, Maker: e.Maker, Approver: e.Approver}
		if e.Course != nil {
			ordering.Admission = e.Course.Admission
		}
		return ordering
	case EventDownPayment:
		return DownPayment{receipt}
	case EventPay:
		return Payment{receipt}
	case EventPenalty:
		return Penalty{receipt}
	case EventAcquire:
		return Acquisition{
			Date: e.Date, Cost: e.Change.Inventory, Place: e.Place, Supplier: e.Note, Open: true, Awaiting: e.To == Bought, Standing: e.Party.Standing,
			// Older releases took the supplier's name for the proof.
			Memo: e.Memo, Document: cmp.Or(e.Document, e.Note), Maker: e.Maker, Approver: e.Approver,
		}
	case EventSell:
		return Sale{Date: e.Date, Place: e.Place, Standing: e.Party.Standing, Memo: e.Memo, Document: e.Document, Maker: e.Maker, Approver: e.Approver}
	case EventSettle:
		settlement := Settlement{Date: e.Date, Place: e.Place, Payer: e.Payer, Standing: e.Party.Standing, Note: e.Note,
			Memo: e.Memo, Document: e.Document, Maker: e.Maker, Approver: e.Approver}
		if c.Terms.Settlement.Rule == RebateDiscretionary {
			settlement.Rebate = e.Change.Rebate.Add(e.Change.RebateDue)
		}
		return settlement
	case EventCancel:
		loss := lossOf{ActualLoss: e.Change.Recovered, Claim: !e.Change.Claimed.IsZero()}
		if len(e.Asked) > 0 && json.Unmarshal(e.Asked, &loss) != nil {
			return nil
		}
		return Cancellation{Date: e.Date, ActualLoss: loss.ActualLoss, Evidence: e.Note, Claim: loss.Claim, Place: e.Place,
			Standing: e.Party.Standing, Memo: e.Memo, Document: e.Document, Maker: e.Maker, Approver: e.Approver}
	}
	return nil
}
