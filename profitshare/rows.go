package profitshare

import (
	"context"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Row is one account's line in the statement of a month's distribution.
type Row struct {
	Withheld // account, member, gross, tax and net
	Month    ledger.Month
	Product  string
	Days     ledger.BalanceDays // minor-unit-days, as the book had them when the run was posted
	Paid     ledger.Date        // zero while the share is owed
}

// Rows lists every account that took part in a posted run, by account; none if
// nothing was shared. Gross shares are those posted, tax and zakat of paid ones
// those withheld. What is still owed shows the tax that a pay-out of all of it
// on the first day after the month would withhold, other pay-outs of that
// calendar month standing as they are now.
func (d *Desk) Rows(ctx context.Context, month ledger.Month) ([]Row, error) {
	return view(ctx, d, func(tx *ledger.Tx) ([]Row, error) { return d.RowsTx(tx, month) })
}

// RowsTx is Rows in the caller's transaction.
func (d *Desk) RowsTx(tx *ledger.Tx, month ledger.Month) ([]Row, error) {
	return d.rows(tx, month, nil)
}

// rows lists the accounts of a run; what is owed is taxed as prepared, or by
// itself where nothing is.
func (d *Desk) rows(tx *ledger.Tx, month ledger.Month, owed *payment) ([]Row, error) {
	run, err := RunIn(tx, d.plan.Name, month)
	if err != nil {
		return nil, err
	}
	if run.Status != Posted && run.Status != Paid {
		return nil, run.refuse("is not posted")
	}
	if run.Nothing != SharedOut {
		return nil, nil
	}
	shares, err := sharesOf(tx, &run)
	if err != nil {
		return nil, err
	}
	var rows []Row
	if run.TakenOver { // the older books know the days, not we
		for _, s := range shares {
			row := Row{Month: month}
			row.Account, row.Member = s.account, s.party.Member
			rows = append(rows, row)
		}
	} else if rows, err = d.participants(tx, &run); err != nil {
		return nil, err
	}
	filled := make([]Row, len(shares))
	places := placesOf(shares)
	fill := func(withheld []Withheld, paid ledger.Date) {
		for _, w := range withheld {
			if at, found := places.of(w.Account); found {
				filled[at].Withheld, filled[at].Paid = w, paid
			}
		}
	}
	if owed == nil {
		alone, err := d.payment(tx, &run, month.Next().First(), true)
		if err != nil {
			return nil, err
		}
		owed = &alone
	}
	fill(owed.withheld.Rows, ledger.Date{})
	for _, p := range run.Payments {
		if p.Entry == 0 {
			continue
		}
		at := run.paidEntry(p.Entry, p.Rule)
		withheld, err := at.returns(tx)
		if err != nil {
			return nil, err
		}
		fill(withheld, p.Date)
	}
	for i := range rows {
		if at, found := places.of(rows[i].Account); found {
			rows[i].Withheld, rows[i].Paid = filled[at].Withheld, filled[at].Paid
		}
	}
	return rows, nil
}

// participants lists the accounts with balance-days in a run, by account.
func (d *Desk) participants(tx *ledger.Tx, run *Run) ([]Row, error) {
	_, changes, err := historyOf(tx, run.ID())
	if err != nil {
		return nil, err
	}
	known := changes[run.PostedAt-1]
	if run.Entry != 0 { // what its own entry gave back to capital came after the shares
		posted, err := entryOf(tx, run, run.Entry)
		if err != nil {
			return nil, err
		}
		known = posted.Change - 1
	}
	from, through := run.Month.First(), run.Month.Last()
	var rows []Row
	for a, err := range d.accounts.Earning(tx, from, through) {
		if err != nil {
			return nil, err
		}
		at := run.Plan.productOf(a.Product)
		if at < 0 { // of a product that came later, back-dated: it has no part in this run
			continue
		}
		days, err := heldDaysAsOf(tx, run.Plan.Products[at].Control, a.Account, from, through, known)
		if err != nil {
			return nil, err
		}
		for _, s := range a.Slices {
			days = days.Add(s.Brought)
		}
		if days.Sign() == 0 {
			continue
		}
		row := Row{Month: run.Month, Product: a.Product, Days: days}
		row.Account, row.Member = a.Account, a.Party.Member
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.Account, b.Account) })
	return rows, nil
}

// Verification compares a posted run with what the books give now.
type Verification struct {
	Run Run
	Now Result // the month computed again, by the plan it was posted with
	// Strangers are accounts of products that plan does not name, which came
	// later and are dated back into the month; they take no part.
	Strangers []string
	// Differences lists the accounts whose share would be another today, by account.
	Differences []Difference
}

// Difference is one account's share as it was posted and as it would be now.
type Difference struct {
	Account     string
	Posted, Now ledger.Money // zero where there is none
}

// Agrees reports whether the run would be posted the same way today.
func (v *Verification) Agrees() bool {
	return len(v.Differences) == 0 && v.Run.Result == v.Now.Figures.Result && v.Run.Nothing == v.Now.Figures.Nothing
}

// Verify computes a posted month again from the book, by the plan it was posted
// with, and compares it, account by account, with the lines that were posted. Where the book has not been
// written to behind the run's back the two agree to the minor unit; a
// difference is a back-dated entry or changed terms. The correction is
// [Desk.Reverse] and a new [Desk.Post].
func (d *Desk) Verify(ctx context.Context, month ledger.Month) (Verification, error) {
	return view(ctx, d, func(tx *ledger.Tx) (Verification, error) { return d.VerifyTx(tx, month) })
}

// VerifyTx is Verify in the caller's transaction.
func (d *Desk) VerifyTx(tx *ledger.Tx, month ledger.Month) (Verification, error) {
	run, err := RunIn(tx, d.plan.Name, month)
	if err != nil {
		return Verification{}, err
	}
	if run.Status != Posted && run.Status != Paid {
		return Verification{}, run.refuse("is not posted")
	}
	if run.TakenOver {
		return Verification{}, run.refuse("was shared by older books and cannot be computed again")
	}
	before := Desk{book: d.book, plan: run.Plan, accounts: d.accounts}
	now, err := before.compute(tx, month, run.Decision, &run)
	if err != nil {
		return Verification{}, err
	}
	shares, err := sharesOf(tx, &run)
	if err != nil {
		return Verification{}, err
	}
	v := Verification{Run: run, Now: now, Strangers: now.strangers}
	differ := func(account string, posted, now ledger.Money) {
		if posted != now {
			v.Differences = append(v.Differences, Difference{account, posted, now})
		}
	}
	for p := range now.Shares.Payouts() {
		for len(shares) > 0 && shares[0].account < p.Account {
			differ(shares[0].account, shares[0].gross, ledger.Money{})
			shares = shares[1:]
		}
		if len(shares) > 0 && shares[0].account == p.Account {
			differ(p.Account, shares[0].gross, now.owed(&p))
			shares = shares[1:]
			continue
		}
		differ(p.Account, ledger.Money{}, now.owed(&p))
	}
	for _, s := range shares {
		differ(s.account, s.gross, ledger.Money{})
	}
	return v, nil
}
