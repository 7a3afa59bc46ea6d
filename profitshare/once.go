package profitshare

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// sharedBefore refuses to share what a standing run of another plan has shared
// of the same month already: income, or the balance of an account, whose money
// can earn in one pool only.
func (r *Result) sharedBefore(tx *ledger.Tx, run *Run) error {
	f := &r.Figures
	if f.Nothing != SharedOut {
		return nil
	}
	runs, err := runsOf(tx, run.Month)
	if err != nil {
		return err
	}
	for i := range runs {
		other := &runs[i]
		if other.ID() == run.ID() || other.Nothing != SharedOut || other.Status != Posted && other.Status != Paid {
			continue
		}
		for _, source := range f.Plan.Income {
			if other.Plan.pools(source.Account) {
				return run.refuse(fmt.Sprintf("the income of account %s is shared already by run %q", clipText(source.Account), clipText(other.ID())))
			}
		}
		if err := r.earnedBefore(tx, run, other); err != nil {
			return err
		}
	}
	return nil
}

// earnedBefore refuses an account to which another run of the month owes a share
// of the same balance. Runs whose products stand on other control accounts need
// no look.
func (r *Result) earnedBefore(tx *ledger.Tx, run, other *Run) error {
	common := make(map[string]bool) // by product of ours, whether its control account is one of theirs
	shared := false
	for _, q := range r.Figures.Plan.Products {
		common[q.Code] = other.Plan.controls(q.Control)
		shared = shared || common[q.Code]
	}
	if !shared {
		return nil
	}
	theirs, err := sharesOf(tx, other)
	if err != nil {
		return err
	}
	places := placesOf(theirs)
	for p := range r.Shares.Payouts() {
		if _, found := places.of(p.Account); !found || !common[p.Product] || p.Gross.IsZero() {
			continue
		}
		elsewhere, err := r.elsewhere(tx, run, other, &p)
		if err != nil {
			return err
		}
		if !elsewhere {
			e := run.refuse(fmt.Sprintf("account %q has a share of the month from run %q already; its money can be in one pool", clipText(p.Account), clipText(other.ID())))
			e.Source = RulePool
			return e
		}
	}
	return nil
}

// elsewhere reports whether an account of the same id under another control
// account may be the one that the other run owes a share.
func (r *Result) elsewhere(tx *ledger.Tx, run, other *Run, p *Payout) (bool, error) {
	own := r.Figures.Plan.Products[r.Figures.Plan.productOf(p.Product)].Control
	for _, q := range other.Plan.Products {
		if q.Control == own {
			continue
		}
		days, err := heldDays(tx, q.Control, p.Account, run.Month.First(), run.Month.Last())
		if err != nil || days.Sign() > 0 {
			return true, err
		}
	}
	return false, nil
}

// controls reports whether a product's accounts stand on a control account.
func (p *Plan) controls(code string) bool {
	for _, q := range p.Products {
		if q.Control == code {
			return true
		}
	}
	return false
}
