package profitshare

import (
	"context"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Reversal asks for the latest event of a month's run to be undone.
type Reversal struct {
	Key      string
	Month    ledger.Month
	Date     ledger.Date // in an open period; need not be the original's
	Reason   string      // required; becomes the entry's memo
	Document string
	Maker    string
	Approver string
	// Adjusting posts the mirror as an adjusting entry, in a softly closed month.
	Adjusting bool

	with []string // the pools whose events are undone together
}

// Undone is the result of a reversal.
type Undone struct {
	Run    Run           // after it
	Posted ledger.Posted // the mirror; zero if the event had no entry
	Repeat bool          // the command had been carried out before; this is its first result
}

// Reverse undoes the latest event of a run that still stands, a pay-out or the
// posting, by the exact mirror of its entry. A pay-out is reversed before the
// posting it paid, and not while a later pay-out of the same calendar month
// withheld tax from one of its members with it in view; such refusals match [ErrRun]. Members who have drawn the money already
// keep it: the mirror meets floors, holds and blocks like any entry.
//
// After the posting is reversed the month can be posted again, under a new key.
// Not reversed is a posting whose loss capital has borne, and one whose reserve
// has been used since: what came after is undone first.
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Undone, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Undone, error) {
	return atomic(tx, func() (Undone, error) { return d.reverse(tx, r) })
}

func (d *Desk) reverse(tx *ledger.Tx, r Reversal) (Undone, error) {
	content := together(d.content(EventReverse, r.Month).Date(r.Date).Text(r.Reason).Text(r.Document).Text(r.Maker).Text(r.Approver).Bool(r.Adjusting), r.with)
	first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: commandKind(EventReverse), Content: content.Digest()})
	if err != nil {
		return Undone{}, err
	}
	if repeated {
		run, posted, err := firstResult(tx, first)
		return Undone{run, posted, true}, err
	}
	run, err := RunIn(tx, d.plan.Name, r.Month)
	if err != nil {
		return Undone{}, err
	}
	version, entry, err := run.reversible()
	if err != nil {
		return Undone{}, err
	}
	switch {
	case r.Reason == "":
		return Undone{}, run.refuse("a reversal needs a reason")
	case !r.Date.Valid():
		return Undone{}, run.refuse("day of the reversal: " + r.Date.Err().Error())
	}
	if n := len(run.Payments); n > 0 {
		for _, pool := range run.Payments[n-1].With {
			if !slices.Contains(r.with, pool) {
				return Undone{}, run.refuse(fmt.Sprintf("was paid together with pool %q, and its tax counts the shares of both: undo the two together", clipText(pool)))
			}
		}
	}
	if err := run.leavePaidMonth(tx); err != nil {
		return Undone{}, err
	}
	if version == run.PostedAt {
		if err := run.lossStands(tx); err != nil {
			return Undone{}, err
		}
		if !run.Restored.IsZero() {
			if err := unravel(tx, &run); err != nil {
				return Undone{}, err
			}
		}
	}
	e := run.next(EventReverse, r.Date)
	e.Undoes, e.Reason = version, r.Reason
	var result Undone
	if entry != 0 {
		result.Posted, err = tx.Reverse(ledger.Reversal{
			Entry: entry, Date: r.Date, Reason: r.Reason, Document: r.Document, Maker: r.Maker, Approver: r.Approver,
			Adjusting: r.Adjusting, Source: e.source(run.ID()),
		})
		if err != nil {
			return Undone{}, err
		}
		if version == run.PostedAt {
			if err := run.reservesHold(tx); err != nil {
				return Undone{}, err
			}
		}
	}
	e.Entry = result.Posted.Number
	result.Run = run.Apply(e)
	return result, save(tx, result.Run, e)
}

// lossStands refuses to undo a run whose loss has been borne: run again it could
// find a profit, which bears a loss before any capital does.
func (r *Run) lossStands(tx *ledger.Tx) error {
	losses, err := LossesIn(tx, r.Plan.Name)
	if err != nil {
		return err
	}
	for _, l := range losses.Borne {
		if l.Month == r.Month && l.Entry != 0 && l.Manager.IsZero() {
			return r.refuse("its loss has been borne; reverse the loss first")
		}
	}
	return nil
}

// reservesHold refuses to have undone a run from whose reserve more has been
// taken since than is left without it.
func (r *Run) reservesHold(tx *ledger.Tx) error {
	for _, moved := range []struct {
		name string
		net  ledger.Money
		at   ReservePlace
	}{{"profit equalisation reserve", r.Equalisation.net(), r.Plan.Equalisation}, {"investment risk reserve", r.Risk.net(), r.Plan.Risk}} {
		if moved.net.Sign() <= 0 {
			continue
		}
		left, err := tx.Balance(moved.at.Account, "", ledger.Latest())
		if err != nil {
			return err
		}
		if left.Sign() > 0 { // debit positive
			return r.refuse("the " + moved.name + " that it set aside has been used since; reverse that first")
		}
	}
	return nil
}

// leavePaidMonth takes the run's latest pay-out off the list of its month.
func (r *Run) leavePaidMonth(tx *ledger.Tx) error {
	if len(r.Payments) == 0 || r.Payments[len(r.Payments)-1].Entry == 0 {
		return nil
	}
	last := &r.Payments[len(r.Payments)-1]
	by, err := leave(tx, last.Date, last.Entry)
	if err == nil && by != "" {
		err = r.refuse(fmt.Sprintf("its pay-out counts in the tax of run %q; reverse that pay-out first", clipText(by)))
	}
	return err
}
