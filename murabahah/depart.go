package murabahah

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Cancellation ends an order before the goods are bought.
type Cancellation struct {
	Key      string
	Contract string
	Date     ledger.Date
	// ActualLoss is what the order has really cost, zero or more; the profit
	// that was hoped for is not a loss.
	ActualLoss ledger.Money
	Evidence   string // what proves the loss; required if there is one
	Place      Place  // what pays the down payment back; required if there is one
	Standing   ledger.Standing

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Refund is how a down payment is divided when an order is cancelled.
type Refund struct {
	Returned  ledger.Money // to the member
	Kept      ledger.Money // against the actual loss
	Claimable ledger.Money // loss beyond the down payment, which may be claimed
}

// SplitDownPayment divides a down payment by the actual loss: never more than
// the loss is kept (DSN-MUI 13/2000). Neither amount may be below zero.
func SplitDownPayment(received, actualLoss ledger.Money) Refund {
	kept := received.Min(actualLoss)
	return Refund{Returned: received.Sub(kept), Kept: kept, Claimable: actualLoss.Sub(kept)}
}

// Cancel ends an order. Of the down payment the actual loss is kept and the
// rest returned ([SplitDownPayment]). Goods that are already bought must first
// be given back or sold otherwise: reverse the acquisition, or sell to another
// buyer. Journal: down payment to cash and cost recovery.
func (c Contract) Cancel(n Cancellation) (Event, error) {
	if err := c.allow(EventCancel, n.Date); err != nil {
		return Event{}, err
	}
	if n.ActualLoss.Err() != nil || n.ActualLoss.Sign() < 0 {
		r := c.refuse(ErrAmount, "cancel.amount", "an actual loss of %s is below zero", n.ActualLoss)
		r.Given = n.ActualLoss
		return Event{}, r
	}
	if n.ActualLoss.Sign() > 0 && strings.TrimSpace(n.Evidence) == "" {
		r := c.refuse(ErrCommand, "cancel.evidence", "an actual loss of %s needs evidence", n.ActualLoss)
		r.Rule, r.Given = RuleDownPayment, n.ActualLoss
		return Event{}, r
	}
	received := c.Position.DownPayment
	place := n.Place
	if received.IsZero() && place.Account == "" {
		place.Account = "-" // nothing is paid back, so nothing needs to be named
	}
	voucher := Voucher{n.Memo, n.Document, n.Maker, n.Approver}
	if err := c.complete(EventCancel, place, n.Standing, n.Evidence, voucher); err != nil {
		return Event{}, err
	}
	refund := SplitDownPayment(received, n.ActualLoss)
	e := c.event(EventCancel, n.Date, Cancelled, n.Standing)
	e.Place, e.Cash, e.Note, e.Voucher = n.Place, refund.Returned.Neg(), n.Evidence, voucher
	e.Change = Position{DownPayment: received.Neg(), Recovered: refund.Kept}
	return e, nil
}

// Adoption takes over a contract that is running already.
type Adoption struct {
	Key   string
	Date  ledger.Date // the day as of which the opening balances stand
	Terms Terms
	State State // ordered, acquired or sold
	// DownPayment is what was received before the sale, for a contract that is
	// not sold yet; a sold one has received all of it.
	DownPayment ledger.Money
	// Collected is what a sold contract has collected of its instalments.
	Collected ledger.Money

	Document, Maker, Approver string // the [Voucher]; an adoption has no entry
}

// Adopt takes a running contract over. It posts nothing: the opening entry
// brings the balances in, and they must equal the [Position] that follows from
// the terms and the progress stated here, margin earned by the contract's own
// method included.
func (c Contract) Adopt(a Adoption) (Event, error) {
	if err := c.allow(EventAdopt, a.Date); err != nil {
		return Event{}, err
	}
	schedule, err := a.Terms.Schedule()
	if err != nil {
		return Event{}, err
	}
	c.Terms = a.Terms
	e := c.event(EventAdopt, a.Date, a.State, ledger.NoStanding)
	e.Terms, e.Voucher = &a.Terms, Voucher{Document: a.Document, Maker: a.Maker, Approver: a.Approver}
	net := a.Terms.NetReceivable()
	switch {
	case a.DownPayment.Err() != nil || a.Collected.Err() != nil || a.DownPayment.Sign() < 0 || a.Collected.Sign() < 0:
		return Event{}, c.refuse(ErrAmount, "adopt.amount", "down payment %s and collected %s must be zero or more", a.DownPayment, a.Collected)
	case a.State != Ordered && a.State != Acquired && a.State != Sold:
		return Event{}, c.refuse(ErrState, "adopt.state", "a contract that is %q cannot be taken over", clip(string(a.State)))
	case a.State == Sold && !a.DownPayment.IsZero() || a.State != Sold && !a.Collected.IsZero():
		return Event{}, c.refuse(ErrCommand, "adopt.progress", "before the sale there are down payments, after it collections, never both")
	case a.Terms.DownPayment.Less(a.DownPayment):
		r := c.refuse(ErrDownPayment, "adopt.down_payment", "down payments of %s are above the %s of the terms", a.DownPayment, a.Terms.DownPayment)
		r.Given, r.Limit = a.DownPayment, a.Terms.DownPayment
		return Event{}, r
	case a.State == Sold && !a.Collected.Less(net):
		r := c.refuse(ErrOverpaid, "adopt.collected", "collected %s leaves nothing of the %s to be taken over", a.Collected, net)
		r.Given, r.Limit = a.Collected, net
		return Event{}, r
	}
	if err := c.texts(EventAdopt, "", e.Voucher); err != nil {
		return Event{}, err
	}
	e.Change.DownPayment = a.DownPayment
	if a.State == Acquired {
		e.Change.Inventory = a.Terms.Cost
	}
	if a.State == Sold {
		earned := schedule.Earned(a.Collected)
		e.Change = Position{
			Receivable: net.Sub(a.Collected), Deferred: a.Terms.Margin.Sub(earned),
			Collected: a.Collected, Recognised: earned,
		}
	}
	return e, nil
}

// Reversal undoes the latest event of a contract.
type Reversal struct {
	Key      string
	Contract string
	// Version names the event to be undone; zero is the latest. Any other one
	// is refused with the later events named.
	Version int
	Date    ledger.Date // the day of the mirror entry, not before the event's own
	Reason  string      // required; the mirror's memo unless Memo gives another

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Reverse decides the reversal of a contract's latest event that still stands.
// History is the contract's events from the first on, reversals included.
// Contract and books step back together: the entry is the exact mirror. The
// event before is the latest again, so reversing twice undoes two events.
func Reverse(history []Event, r Reversal) (Event, error) {
	c, err := Replay(history)
	if err != nil {
		return Event{}, err
	}
	standing := Standing(history)
	if len(standing) == 0 {
		return Event{}, c.refuse(ErrState, "reverse.state", "there is no event to be reversed")
	}
	last := standing[len(standing)-1]
	if r.Version != 0 && r.Version != last.Version {
		var later []string
		for _, e := range standing {
			if e.Version > r.Version {
				later = append(later, e.String())
			}
		}
		return Event{}, c.refuse(ErrNotLatest, "reverse.latest", "event #%d is not the latest that stands; later ones: %s",
			r.Version, clipList(later))
	}
	switch {
	case r.Date.Err() != nil:
		return Event{}, c.refuse(ErrDate, "reverse.date", "reverse: %v", r.Date.Err())
	case r.Date.Before(last.Date):
		return Event{}, c.refuse(ErrDate, "reverse.date", "reverse on %s lies before the event of %s", r.Date, last.Date)
	case strings.TrimSpace(r.Reason) == "":
		return Event{}, c.refuse(ErrCommand, "reverse.reason", "a reversal needs a reason")
	}
	voucher := Voucher{cmp.Or(r.Memo, r.Reason), r.Document, r.Maker, r.Approver}
	if err := c.texts(EventReverse, r.Reason, voucher); err != nil {
		return Event{}, err
	}
	e := Event{
		Name: EventReverse, Version: c.Version + 1, Date: r.Date, From: c.State, To: last.From,
		Party: last.Party, Place: last.Place, Cash: last.Cash.Neg(), Change: last.Change.Neg(),
		Note: r.Reason, Undoes: last.Version, Undone: last.Name, Voucher: voucher,
	}
	if len(standing) > 1 {
		e.Latest = standing[len(standing)-2].Latest
	}
	return e, nil
}

// Standing returns the events that still stand: without reversals and what
// they undid.
func Standing(history []Event) []Event {
	var standing []Event
	for _, e := range history {
		if e.Name != EventReverse {
			standing = append(standing, e)
		} else if len(standing) > 0 {
			standing = standing[:len(standing)-1]
		}
	}
	return standing
}

func clipList(items []string) string {
	const most = 5
	if len(items) <= most {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), len(items)-most)
}
