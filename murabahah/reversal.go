package murabahah

import (
	"cmp"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

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
		return Event{}, c.refuse(ErrNotLatest, "reverse.latest", "event #%d is not the latest that stands; later ones: %s",
			r.Version, kind.Later(standing, r.Version))
	}
	switch {
	case r.Date.Err() != nil:
		return Event{}, c.refuse(ErrDate, "reverse.date", "reverse: %v", r.Date.Err())
	case r.Date.Before(last.Date):
		return Event{}, c.refuse(ErrDate, "reverse.date", "reverse on %s lies before the event of %s", r.Date, last.Date)
	case strings.TrimSpace(r.Reason) == "":
		return Event{}, c.refuse(ErrCommand, "reverse.reason", "a reversal needs a reason")
	}
	voucher := Voucher{Memo: cmp.Or(r.Memo, r.Reason), Document: r.Document, Maker: r.Maker, Approver: r.Approver}
	if err := c.texts(EventReverse, r.Reason, voucher); err != nil {
		return Event{}, err
	}
	e := Event{
		Name: EventReverse, Version: c.Version + 1, Date: r.Date, From: c.State, To: last.From,
		Party: last.Party, Payer: last.Payer, Place: last.Place, Cash: last.Cash.Neg(), Change: last.Change.Neg(),
		Note: r.Reason, Undoes: last.Version, Undone: last.Name, Voucher: voucher,
	}
	if last.Beside != nil {
		e.Beside = &Leg{Place: last.Beside.Place, Cash: last.Beside.Cash.Neg()}
	}
	if len(standing) > 1 {
		e.Latest = standing[len(standing)-2].Latest
	}
	// What stood before the event stands again.
	before, err := Replay(history[:last.Version-1])
	if err != nil {
		return Event{}, err
	}
	if last.Course != nil {
		e.Course = &before.Course
	}
	if last.Terms != nil && before.State != Unordered {
		e.Terms = &before.Terms
	}
	return e, nil
}

// Standing returns the events that still stand: without reversals and what
// they undid.
func Standing(history []Event) []Event { return kind.Standing(history) }
