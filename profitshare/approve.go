package profitshare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Approval is one person's yes to the figures of a month, on behalf of a body
// that the plan asks for, such as "manajemen" or "DPS".
type Approval struct {
	Role     string      `json:"role"`
	By       string      `json:"by"`
	Date     ledger.Date `json:"date"`
	Document string      `json:"document,omitempty"`
}

// Proposal asks for a month's preview to be put before those who approve it.
type Proposal struct {
	Key      string
	Month    ledger.Month
	Decision Decision

	with []string // the pools that are proposed together
}

// Propose keeps a month's preview, to be approved by the bodies in
// Plan.Approvers and then posted. Nothing is posted yet. Proposing again
// replaces the proposal and drops its approvals.
func (d *Desk) Propose(ctx context.Context, p Proposal) (Result, error) {
	return update(ctx, d, p, d.ProposeTx)
}

// ProposeTx is Propose in the caller's transaction.
func (d *Desk) ProposeTx(tx *ledger.Tx, p Proposal) (Result, error) {
	return atomic(tx, func() (Result, error) {
		content := together(p.Decision.content(d.content(EventPropose, p.Month)), p.with)
		run, repeated, err := d.begin(tx, p.Key, EventPropose, content, p.Month)
		if err != nil || repeated {
			return Result{Month: run.Month, Figures: run.Figures, Run: run, Repeat: repeated}, err
		}
		if err := run.postable(); err != nil {
			return Result{}, err
		}
		result, err := d.compute(tx, p.Month, p.Decision, nil)
		if err != nil {
			return Result{}, err
		}
		e := run.next(EventPropose, p.Month.Last())
		e.Figures, e.Digest = &result.Figures, result.digest()
		result.Run = run.Apply(e)
		return result, save(tx, result.Run, e)
	})
}

// Approving asks for an approval to be kept with a month's proposal.
type Approving struct {
	Key   string
	Month ledger.Month
	Approval

	with []string // the pools that are approved together
}

// Approve keeps an approval of the figures that were proposed. A role that the
// plan does not ask for or that has approved already, and a person who has
// approved already for another role, are refused with [ErrRun].
func (d *Desk) Approve(ctx context.Context, a Approving) (Run, error) {
	return update(ctx, d, a, d.ApproveTx)
}

// ApproveTx is Approve in the caller's transaction.
func (d *Desk) ApproveTx(tx *ledger.Tx, a Approving) (Run, error) {
	return atomic(tx, func() (Run, error) {
		content := together(d.content(EventApprove, a.Month).Text(a.Role).Text(a.By).Date(a.Date).Text(a.Document), a.with)
		run, repeated, err := d.begin(tx, a.Key, EventApprove, content, a.Month)
		if err != nil || repeated {
			return run, err
		}
		switch {
		case run.Status != Proposed:
			return Run{}, run.refuse("nothing is proposed that could be approved")
		case !slices.Contains(d.plan.Approvers, a.Role):
			return Run{}, run.refuse(fmt.Sprintf("the plan asks for no approval by %q", clipText(a.Role)))
		case a.By == "" || !a.Date.Valid():
			return Run{}, run.refuse("an approval needs a person and a day")
		case slices.ContainsFunc(run.Approvals, func(given Approval) bool { return given.Role == a.Role }):
			return Run{}, run.refuse(fmt.Sprintf("%q has approved it already", clipText(a.Role)))
		}
		if at := slices.IndexFunc(run.Approvals, func(given Approval) bool { return given.By == a.By }); at >= 0 {
			return Run{}, run.refuse(fmt.Sprintf("%q has approved it already for %q; two bodies are not one person", clipText(a.By), clipText(run.Approvals[at].Role)))
		}
		e := run.next(EventApprove, a.Date)
		e.Approval = &a.Approval
		run = run.Apply(e)
		return run, save(tx, run, e)
	})
}

// begin is the first step of a command that writes no entry: has it been
// carried out, and if not, where does the run stand?
func (d *Desk) begin(tx *ledger.Tx, key string, name EventName, content *ledger.Content, month ledger.Month) (Run, bool, error) {
	first, repeated, err := tx.Repeat(ledger.Command{Key: key, Kind: commandKind(name), Content: content.Digest()})
	if err != nil {
		return Run{}, false, err
	}
	if repeated {
		run, _, err := firstResult(tx, first)
		return run, true, err
	}
	run, err := RunIn(tx, d.plan.Name, month)
	return run, false, err
}

// approved refuses to post figures that those who must have not approved.
func (d *Desk) approved(run *Run, result *Result) error {
	if len(d.plan.Approvers) == 0 {
		return nil
	}
	if run.Status != Proposed {
		return run.refuse("must be proposed and approved before it is posted")
	}
	if lacking := d.plan.approvals(run.Approvals); len(lacking) > 0 {
		return run.refuse("is not approved by " + strings.Join(lacking, ", "))
	}
	if run.Digest != result.digest() {
		return run.refuse("the books give other shares than those approved; propose it again")
	}
	return nil
}

// digest tells whether two previews share out the same, account by account.
func (r *Result) digest() string {
	f := &r.Figures
	c := f.Decision.content(ledger.NewContent(RunKind)).Money(f.Result).Money(f.Manager).Money(f.Own).Money(f.Leftover).Uint(uint64(f.Nothing))
	for p := range r.Shares.Payouts() {
		c.Text(p.Account).Money(p.Gross).Money(p.Restored)
	}
	return fmt.Sprintf("%x", c.Digest())
}
