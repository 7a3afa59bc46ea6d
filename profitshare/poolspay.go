package profitshare

import (
	"context"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// PoolsDisbursed is a pay-out of all pools.
type PoolsDisbursed struct {
	Pools []Disbursed // of the pools that were paid, in the order of the plans
	// Arrears is catch-up tax for which a member's shares of all pools together
	// do not suffice.
	Arrears []Arrears
}

// PayOut pays the shares of all pools that still owe some, each by an entry of
// its own as [Desk.PayOut] does. The tax looks at the shares of all pools before
// any is paid: a member whose shares pass the threshold only together is
// withheld from each share its own tax, whatever the order of the pools, where
// one after the other the last would have to bear the catch-up of all. So the
// pools must be taxed by one rule. Refused with [ErrRun] if a pool is not posted
// or nothing is owed any more.
func (p *Pools) PayOut(ctx context.Context, d Disbursement) (PoolsDisbursed, error) {
	return update(ctx, p.desks[0], d, p.PayOutTx)
}

// PayOutTx is PayOut in the caller's transaction.
func (p *Pools) PayOutTx(tx *ledger.Tx, d Disbursement) (PoolsDisbursed, error) {
	return atomic(tx, func() (PoolsDisbursed, error) {
		var result PoolsDisbursed
		known, err := p.known(tx, d.Key)
		if err != nil {
			return result, err
		}
		prepared, names := make([]*payment, len(p.desks)), []string(nil)
		if len(known) == 0 {
			if prepared, result.Arrears, err = p.prepare(tx, d.Month, d.Date, false); err != nil {
				return result, err
			}
			for i, pay := range prepared {
				if pay != nil {
					known, names = append(known, i), append(names, p.names[i])
				}
			}
			if len(names) == 1 { // as if by its own desk
				names = nil
			}
		}
		for _, i := range known {
			one := d
			one.Key, one.with, one.group, one.prepared = keyOf(d.Key, i), p.names, names, prepared[i]
			paid, err := p.desks[i].PayOutTx(tx, one)
			if err != nil {
				return result, err
			}
			result.Pools = append(result.Pools, paid)
		}
		return result, nil
	})
}

// known lists the pools that a command was carried out on before, by its key.
func (p *Pools) known(tx *ledger.Tx, key string) ([]int, error) {
	var list []int
	for i := range p.desks {
		_, found, err := tx.Command(keyOf(key, i))
		if err != nil {
			return nil, err
		}
		if found {
			list = append(list, i)
		}
	}
	return list, nil
}

// prepare works out what each pool pays on a day, under one tax; nil for pools
// that are paid already. With everyone set, also what cannot be paid that day.
func (p *Pools) prepare(tx *ledger.Tx, month ledger.Month, date ledger.Date, everyone bool) ([]*payment, []Arrears, error) {
	pays, runs := make([]*payment, len(p.desks)), make([]Run, len(p.desks))
	var all []Return
	var rule *TaxRule
	owing := false
	for i, d := range p.desks {
		var err error
		if runs[i], err = RunIn(tx, d.plan.Name, month); err != nil {
			return nil, nil, err
		}
		if runs[i].Status == Paid {
			continue
		}
		if err := runs[i].payable(date); err != nil && !everyone {
			return nil, nil, err
		}
		owing = true
		pays[i] = &payment{}
		if runs[i].Nothing == SharedOut && runs[i].Status == Posted {
			if *pays[i], err = d.payableShares(tx, &runs[i], date, everyone); err != nil {
				return nil, nil, err
			}
		}
		if pays[i].rule, err = d.plan.TaxRules.On(date); err != nil {
			return nil, nil, err
		}
		if rule == nil {
			rule = &pays[i].rule
		} else if !rule.same(&pays[i].rule) {
			return nil, nil, planError("tax", pays[i].rule.Source, "another rule than that of the other pools, and the threshold is one for all", rule.Source)
		}
		all = append(all, pays[i].returns...)
	}
	if !owing {
		return pays, nil, runs[0].refuse("and the other pools' runs of the month owe nothing any more")
	}
	withheld, err := rule.withholdOn(tx, all, date)
	if err != nil {
		return nil, nil, err
	}
	rows := withheld.Rows
	for i, pay := range pays {
		if pay == nil {
			continue
		}
		pay.withheld = Withholding{Rows: slices.Clone(rows[:len(pay.returns)])}
		rows = rows[len(pay.returns):]
		if err := pay.withheld.total(); err != nil {
			return nil, nil, err
		}
		if err := p.desks[i].ratesOf(&runs[i]).giveZakat(pay, date); err != nil {
			return nil, nil, err
		}
	}
	return pays, withheld.Arrears, nil
}

// same reports whether two rules withhold the same.
func (r *TaxRule) same(o *TaxRule) bool {
	return r.From == o.From && r.Threshold == o.Threshold && r.Rate.Equal(o.Rate) && r.Rounding == o.Rounding && r.Step == o.Step
}

// Reverse undoes the latest step of the pools that still stands: the pay-out
// that was made last, of every pool that was paid by it, or where none is paid
// the postings of all. Results stand in the order of undoing.
func (p *Pools) Reverse(ctx context.Context, r Reversal) ([]Undone, error) {
	return update(ctx, p.desks[0], r, p.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (p *Pools) ReverseTx(tx *ledger.Tx, r Reversal) ([]Undone, error) {
	return atomic(tx, func() ([]Undone, error) {
		which, err := p.known(tx, r.Key)
		if err != nil {
			return nil, err
		}
		if len(which) == 0 {
			if which, err = p.latest(tx, r.Month); err != nil {
				return nil, err
			}
		}
		var list []Undone
		for _, i := range slices.Backward(which) {
			one := r
			one.Key, one.with = keyOf(r.Key, i), p.names
			undone, err := p.desks[i].ReverseTx(tx, one)
			if err != nil {
				return nil, err
			}
			list = append(list, undone)
		}
		return list, nil
	})
}

// latest finds the pools whose latest events are one step.
func (p *Pools) latest(tx *ledger.Tx, month ledger.Month) ([]int, error) {
	runs := make([]Run, len(p.desks))
	var posted, paid []int
	for i, d := range p.desks {
		var err error
		if runs[i], err = RunIn(tx, d.plan.Name, month); err != nil {
			return nil, err
		}
		if len(runs[i].Payments) > 0 {
			paid = append(paid, i)
		} else if runs[i].Status == Posted {
			posted = append(posted, i)
		}
	}
	switch {
	case len(paid) == 0 && len(posted) == 0:
		return nil, runs[0].refuse("and the other pools' runs of the month have no event that stands to be reversed")
	case len(paid) == 0:
		return posted, nil
	}
	payment := func(i int) *Payment { return &runs[i].Payments[len(runs[i].Payments)-1] }
	last := slices.MaxFunc(paid, func(a, b int) int { return int(payment(a).Entry) - int(payment(b).Entry) })
	with := payment(last).With
	if len(with) == 0 {
		return []int{last}, nil
	}
	var which []int
	for _, name := range with {
		at := slices.Index(p.names, name)
		switch {
		case at < 0:
			return nil, runs[last].refuse("was paid together with pool \"" + clipText(name) + "\", which is not among these")
		case !slices.Contains(paid, at) || !slices.Equal(payment(at).With, with):
			return nil, runs[at].refuse("has been paid out once more; undo that first, by its own desk")
		}
		which = append(which, at)
	}
	slices.Sort(which)
	return which, nil
}

// Rows lists every account that took part in the pools' posted runs, pool by
// pool, as [Desk.Rows] does for one. What is still owed shows the tax that a
// pay-out of all pools on the first day after the month would withhold.
func (p *Pools) Rows(ctx context.Context, month ledger.Month) ([]Row, error) {
	return view(ctx, p.desks[0], func(tx *ledger.Tx) ([]Row, error) { return p.RowsTx(tx, month) })
}

// RowsTx is Rows in the caller's transaction.
func (p *Pools) RowsTx(tx *ledger.Tx, month ledger.Month) ([]Row, error) {
	owed := make([]*payment, len(p.desks))
	for _, d := range p.desks {
		run, err := RunIn(tx, d.plan.Name, month)
		if err != nil {
			return nil, err
		}
		if run.Status == Posted { // something is owed
			if owed, _, err = p.prepare(tx, month, month.Next().First(), true); err != nil {
				return nil, err
			}
			break
		}
	}
	var all []Row
	for i, d := range p.desks {
		rows, err := d.rows(tx, month, owed[i])
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// PoolsReconciliation is the report from accrued to distributed income of every
// pool, and of all of them in sum.
type PoolsReconciliation struct {
	Pools []Reconciliation // in the order of the plans
	Sum   Reconciliation
}

// Reconciliation returns the reports of the pools' posted month as they stood at
// the end of a day; see [Desk.Reconciliation].
func (p *Pools) Reconciliation(ctx context.Context, month ledger.Month, through ledger.Date) (PoolsReconciliation, error) {
	return view(ctx, p.desks[0], func(tx *ledger.Tx) (PoolsReconciliation, error) { return p.ReconciliationTx(tx, month, through) })
}

// ReconciliationTx is Reconciliation in the caller's transaction.
func (p *Pools) ReconciliationTx(tx *ledger.Tx, month ledger.Month, through ledger.Date) (PoolsReconciliation, error) {
	var report PoolsReconciliation
	for _, d := range p.desks {
		one, err := d.ReconciliationTx(tx, month, through)
		if err != nil {
			return PoolsReconciliation{}, err
		}
		report.Pools = append(report.Pools, one)
	}
	report.Sum = SumReconciliations(report.Pools)
	return report, nil
}

// SumReconciliations adds reports of one month up, such as those of several
// pools; the plan of the sum is all their names.
func SumReconciliations(list []Reconciliation) Reconciliation {
	var sum Reconciliation
	var names []string
	for i := range list {
		c := &list[i]
		sum.Month, names = c.Month, append(names, c.Plan)
		sum.Sources = append(sum.Sources, c.Sources...)
		into, from := sum.amounts(), c.amounts()
		for n := range into {
			*into[n] = into[n].Add(*from[n])
		}
	}
	sum.Plan = strings.Join(names, " + ")
	return sum
}

// Text prints the report of every pool, and the sum where there are several.
func (r *PoolsReconciliation) Text(currency ledger.Currency) string {
	var parts []string
	for i := range r.Pools {
		parts = append(parts, r.Pools[i].Text(currency))
	}
	if len(r.Pools) > 1 {
		parts = append(parts, r.Sum.Text(currency))
	}
	return strings.Join(parts, "\n")
}

// Verify computes the posted month of every pool again; see [Desk.Verify].
func (p *Pools) Verify(ctx context.Context, month ledger.Month) ([]Verification, error) {
	return view(ctx, p.desks[0], func(tx *ledger.Tx) ([]Verification, error) {
		var list []Verification
		for _, d := range p.desks {
			v, err := d.VerifyTx(tx, month)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	})
}
