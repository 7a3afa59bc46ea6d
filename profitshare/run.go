package profitshare

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// RunKind is the kind of the records that runs are kept under, and of the
// source of their entries. A run's id is its month and plan: "2026-03/umum".
const RunKind = "profitshare.run"

// RunID returns the id of the run of a plan's month.
func RunID(plan string, month ledger.Month) string { return month.String() + "/" + plan }

// Status is where a run stands:
//
//	none, Reversed, Proposed --propose--> Proposed --approve--> Proposed
//	none, Reversed, or Proposed if approvals are asked for --post--> Posted
//	Posted --pay_out--> Posted, or Paid with the last share
//	Paid, Posted --reverse--> back to before the latest pay_out; without one to Reversed
type Status string

const (
	Proposed Status = "proposed" // the preview is kept, to be approved; nothing is posted
	Posted   Status = "posted"   // shares are owed, some may be paid
	Paid     Status = "paid"     // nothing is owed any more
	Reversed Status = "reversed" // as if it had not been posted
)

// Run is the sharing of one month's result by one plan, as the book keeps it.
// It is small: who gets what stands in the lines of its entries.
type Run struct {
	Month  ledger.Month `json:"month"`
	Status Status       `json:"status"`
	// Version is the run's last event, PostedAt the event that posted it; both
	// count from 1.
	Version  int `json:"version"`
	PostedAt int `json:"posted_at,omitempty"`
	// TakenOver says that older books shared the month; see [Desk.Adopt].
	TakenOver bool `json:"taken_over,omitempty"`
	Figures
	Payments []Payment `json:"payments,omitempty"`
	// Approvals of the figures, and the digest of the shares they were given for.
	Approvals []Approval `json:"approvals,omitempty"`
	Digest    string     `json:"digest,omitempty"`
}

// Figures is a result shared out, in totals. Amounts are in minor units.
type Figures struct {
	Plan     Plan            `json:"plan"` // as it was set
	Decision Decision        `json:"decision,omitzero"`
	Income   []AccountIncome `json:"income"`
	Result   ledger.Money    `json:"result"` // all income together
	Nothing  Nothing         `json:"nothing,omitempty"`
	// Equalisation and Risk are the reserves with opening and movement;
	// EqualisedByMembers is the members' part of the former's movement.
	Equalisation       Reserve        `json:"equalisation,omitzero"`
	Risk               Reserve        `json:"risk,omitzero"`
	EqualisedByMembers ledger.Money   `json:"equalised_by_members,omitzero"`
	Products           []ProductShare `json:"products,omitempty"`
	Accounts           int            `json:"accounts"`          // how many accounts are owed a share
	Members            ledger.Money   `json:"members"`           // owed to all of them
	Restored           ledger.Money   `json:"restored,omitzero"` // given back to capital that bore a loss
	// Advanced is the part of Members that had been paid before the month was
	// run, and Excess what was paid beyond the true shares: the manager's.
	Advanced ledger.Money `json:"advanced,omitzero"`
	Excess   ledger.Money `json:"excess,omitzero"`
	// Yield is what a weighted balance-day earned, before the nisbah: an exact
	// fraction, by which advances of the next month are paid.
	Yield    string       `json:"yield,omitempty"`
	Manager  ledger.Money `json:"manager"`
	Own      ledger.Money `json:"own"`
	Leftover ledger.Money `json:"leftover"`
	Date     ledger.Date  `json:"date,omitzero"`   // of the entry; the last day of the month
	Entry    uint64       `json:"entry,omitempty"` // number of the entry; 0 where nothing was shared
}

// ProductShare is what the accounts of one product are owed.
type ProductShare struct {
	Product  string       `json:"product"`
	Gross    ledger.Money `json:"gross"`
	Hibah    ledger.Money `json:"hibah,omitzero"`    // of that, the manager's gift
	Restored ledger.Money `json:"restored,omitzero"` // beside it, given back to capital
	Advanced ledger.Money `json:"advanced,omitzero"` // of Gross, paid before the month was run
	Detained ledger.Money `json:"detained,omitzero"` // of Restored, owed on Plan.Uncollected
}

// Payment is one pay-out of a run. Amounts are in minor units.
type Payment struct {
	Version  int          `json:"version"` // the run's event
	Date     ledger.Date  `json:"date"`
	Accounts int          `json:"accounts"`
	Gross    ledger.Money `json:"gross"`
	Tax      ledger.Money `json:"tax"`
	Zakat    ledger.Money `json:"zakat,omitzero"`
	Net      ledger.Money `json:"net"`
	Rule     *TaxRule     `json:"rule,omitempty"`  // by which the tax was withheld
	Left     int          `json:"left"`            // accounts that are still owed their share
	Entry    uint64       `json:"entry,omitempty"` // 0 if no share could be paid
	// With names the pools that were paid together, under one tax; see [Pools.PayOut].
	With []string `json:"with,omitempty"`
}

// EventName names what happens to a run.
type EventName string

const (
	EventAdopt   EventName = "adopt"
	EventPropose EventName = "propose"
	EventApprove EventName = "approve"
	EventPost    EventName = "post"
	EventPayOut  EventName = "pay_out"
	EventReverse EventName = "reverse"
)

// RunEvent is one event of a run, with everything that was decided.
type RunEvent struct {
	Name    EventName      `json:"name"`
	Version int            `json:"version"`
	Month   ledger.Month   `json:"month"`
	Date    ledger.Date    `json:"date"`
	Figures *Figures       `json:"figures,omitempty"` // propose, post
	Digest  string         `json:"digest,omitempty"`  // propose
	Adopted []AdoptedShare `json:"adopted,omitempty"` // adopt, a short list
	// AdoptedPages is how many pages keep a long list; see [AdoptedKind].
	AdoptedPages int       `json:"adopted_pages,omitempty"`
	Approval     *Approval `json:"approval,omitempty"` // approve
	Payment      *Payment  `json:"payment,omitempty"`  // pay_out
	Undoes       int       `json:"undoes,omitempty"`   // reverse: the version of the event
	Entry        uint64    `json:"entry,omitempty"`    // reverse: the number of the mirror
	Reason       string    `json:"reason,omitempty"`   // reverse
}

// Apply returns the run after an event. It computes no rule. An event that
// lacks its content only counts as one more version.
func (r Run) Apply(e RunEvent) Run {
	switch {
	case e.Name == EventAdopt && e.Figures != nil:
		r = Run{Month: e.Month, Status: Posted, PostedAt: e.Version, TakenOver: true, Figures: *e.Figures}
	case e.Name == EventPropose && e.Figures != nil:
		r = Run{Month: e.Month, Status: Proposed, Figures: *e.Figures, Digest: e.Digest}
	case e.Name == EventApprove && e.Approval != nil:
		r.Approvals = append(slices.Clone(r.Approvals), *e.Approval)
	case e.Name == EventPost && e.Figures != nil:
		r = Run{Month: e.Month, Status: Posted, PostedAt: e.Version, Figures: *e.Figures, Approvals: r.Approvals, Digest: r.Digest}
	case e.Name == EventPayOut && e.Payment != nil:
		r.Payments = append(slices.Clone(r.Payments), *e.Payment)
		if e.Payment.Left == 0 {
			r.Status = Paid
		}
	case e.Name == EventReverse:
		if n := len(r.Payments); n > 1 {
			r.Payments, r.Status = slices.Clone(r.Payments[:n-1]), Posted
		} else if n == 1 {
			r.Payments, r.Status = nil, Posted
		} else {
			r = Run{Month: r.Month, Status: Reversed, Figures: Figures{Plan: r.Plan}}
		}
	}
	r.Version = e.Version
	return r
}

// ID returns the run's id.
func (r Run) ID() string { return RunID(r.Plan.Name, r.Month) }

// Owed returns what is not paid yet, gross.
func (r Run) Owed() ledger.Money {
	owed := r.Members.Sub(r.Advanced)
	for _, p := range r.Payments {
		owed = owed.Sub(p.Gross)
	}
	return owed
}

// before is the number of the entry that posted the run: what was written from
// it on was not known then. It is 0 for a run that is yet to be posted.
func (r *Run) before() uint64 {
	if r == nil {
		return 0
	}
	return r.Entry
}

func (r Run) next(name EventName, date ledger.Date) RunEvent {
	return RunEvent{Name: name, Version: r.Version + 1, Month: r.Month, Date: date}
}

func (e RunEvent) source(id string) ledger.Source {
	return ledger.Source{Kind: RunKind, ID: id, Version: e.Version, Event: string(e.Name)}
}

// postable says whether the month can be posted now.
func (r Run) postable() error {
	if r.Status == Posted || r.Status == Paid {
		return r.refuse(fmt.Sprintf("is %s already; reverse it to run the month again", r.Status))
	}
	return nil
}

// payable says whether shares of the run can be paid on a day.
func (r Run) payable(date ledger.Date) error {
	switch {
	case r.Status == "":
		return r.refuse("there is none to pay out")
	case r.Status != Posted:
		return r.refuse("cannot be paid out: it is " + string(r.Status))
	case !date.Valid():
		return r.refuse("day of the pay-out: " + date.Err().Error())
	case date.Before(r.Date):
		return r.refuse(fmt.Sprintf("cannot be paid out on %s, before it was posted", date))
	case !date.After(r.Month.Last()):
		return r.refuse(fmt.Sprintf("cannot be paid out on %s: a share paid within its own month would earn in it", date))
	}
	return nil
}

// reversible returns the version and the entry of the event that a reversal
// would undo.
func (r Run) reversible() (version int, entry uint64, err error) {
	if n := len(r.Payments); n > 0 {
		return r.Payments[n-1].Version, r.Payments[n-1].Entry, nil
	}
	if r.TakenOver {
		return 0, 0, r.refuse("was taken over from older books and is corrected in the opening balances")
	}
	if r.Status != Posted {
		return 0, 0, r.refuse("has no event that stands to be reversed")
	}
	return r.PostedAt, r.Entry, nil
}

func (r Run) refuse(reason string) *InputError {
	return &InputError{Kind: ErrRun, What: named("run", r.ID()), Reason: reason}
}

// MarshalText writes the rule's name.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the rule's name. The error matches [ErrFormat].
func (r *Rule) UnmarshalText(text []byte) error {
	return unmarshalName(r, "rounding rule", text, MemberUp, MemberHalfUp, MemberDown, LargestRemainder)
}

// MarshalText writes the policy's name.
func (p SplitPolicy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the policy's name. The error matches [ErrFormat].
func (p *SplitPolicy) UnmarshalText(text []byte) error {
	return unmarshalName(p, "split policy", text, SyirkahFirst, ProRata, SplitWhole)
}

// MarshalText writes the reason in words.
func (n Nothing) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads the reason in words. The error matches [ErrFormat].
func (n *Nothing) UnmarshalText(text []byte) error {
	return unmarshalName(n, "reason", text, SharedOut, NoIncome, NoStakes)
}

func unmarshalName[T fmt.Stringer](into *T, what string, text []byte, values ...T) error {
	for _, v := range values {
		if v.String() == string(text) {
			*into = v
			return nil
		}
	}
	return fmt.Errorf("%w: unknown %s %q", ErrFormat, what, clipText(string(text)))
}
