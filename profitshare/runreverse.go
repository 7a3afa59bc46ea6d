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
}

// Undone is the result of a reversal.
type Undone struct {
	Run    Run           // after it
	Posted ledger.Posted // the mirror; zero if the event had no entry
	Repeat bool          // the command had been carried out before; this is its first result
}

// Reverse undoes the latest event of a run that still stands, a pay-out or the
// posting, by the exact mirror of its entry. A pay-out is reversed before the
// posting it paid, and not while a run of another plan was taxed with it in
// view; such refusals match [ErrRun]. Members who have drawn the money already
// keep it: the mirror meets floors, holds and blocks like any entry.
//
// After the posting is reversed the month can be posted again, under a new key.
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Undone, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Undone, error) {
	return ledger.Atomic(tx, func() (Undone, error) { return d.reverse(tx, r) })
}

func (d *Desk) reverse(tx *ledger.Tx, r Reversal) (Undone, error) {
	content := d.content(EventReverse, r.Month).Date(r.Date).Text(r.Reason).Text(r.Document).Text(r.Maker).Text(r.Approver).Bool(r.Adjusting)
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
	if err := followers(tx, &run); err != nil {
		return Undone{}, err
	}
	switch {
	case r.Reason == "":
		return Undone{}, run.refuse("a reversal needs a reason")
	case !r.Date.Valid():
		return Undone{}, run.refuse("day of the reversal: " + r.Date.Err().Error())
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
	}
	e.Entry = result.Posted.Number
	result.Run = run.Apply(e)
	return result, save(tx, result.Run, e)
}

// followers refuses to undo a run's first payment while another run was taxed
// with it in view.
func followers(tx *ledger.Tx, run *Run) error {
	if len(run.Payments) != 1 {
		return nil
	}
	runs, err := runsOf(tx, run.Month)
	if err != nil {
		return err
	}
	for _, other := range runs {
		if slices.Contains(other.Earlier, run.Plan.Name) {
			return run.refuse(fmt.Sprintf("its pay-out counts in the tax of run %q; reverse that pay-out first", clipText(other.ID())))
		}
	}
	return nil
}
