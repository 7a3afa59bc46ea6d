package profitshare

import (
	"context"
	"fmt"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Reconciliation is a month's report from accrued to distributed income
// (laporan rekonsiliasi pendapatan dan bagi hasil, PSAK 101/401; the layout is
// unconfirmed), out of the same figures by which the month was shared:
//
//	Recognised - Unreceived + Earlier = Available
//	Available = OwnFunds + Equalised + Restored + Manager + Owners + Leftover
//	Owners    = Distributed + NotYet + ToRisk
//
// Amounts are in minor units; a release of a reserve is below zero.
type Reconciliation struct {
	Month      ledger.Month
	Plan       string
	Sources    []AccountIncome // by income account
	Recognised ledger.Money    // revenue of the month by the books
	Unreceived ledger.Money    // of that, what was not received by the end of the month
	Earlier    ledger.Money    // revenue of earlier months received in this one
	Available  ledger.Money    // what there was to share

	OwnFunds  ledger.Money // own funds' part, by the split
	Equalised ledger.Money // set aside to the PER, both sides' part
	Restored  ledger.Money // given back to capital that had borne a loss
	Manager   ledger.Money // after hibah and rounding, before what was advanced beyond the true shares
	Leftover  ledger.Money // what rounding left over
	Owners    ledger.Money // the owners' right, hibah included, before the IRR
	Unshared  ledger.Money // all of Available where nothing was shared

	ToRisk      ledger.Money // of Owners, set aside to the IRR
	Distributed ledger.Money // of Owners, paid through the day of the report, gross
	NotYet      ledger.Money // of Owners, still owed then
}

// Reconciliation returns the report of a posted month as it stood at the end of
// a day: what was paid later is not yet distributed.
func (d *Desk) Reconciliation(ctx context.Context, month ledger.Month, through ledger.Date) (Reconciliation, error) {
	return view(ctx, d, func(tx *ledger.Tx) (Reconciliation, error) { return d.ReconciliationTx(tx, month, through) })
}

// ReconciliationTx is Reconciliation in the caller's transaction.
func (d *Desk) ReconciliationTx(tx *ledger.Tx, month ledger.Month, through ledger.Date) (Reconciliation, error) {
	run, err := RunIn(tx, d.plan.Name, month)
	if err != nil {
		return Reconciliation{}, err
	}
	if run.Status != Posted && run.Status != Paid {
		return Reconciliation{}, run.refuse("is not posted")
	}
	return run.Reconciliation(through), nil
}

// Reconciliation returns the report of a run that is posted.
func (r Run) Reconciliation(through ledger.Date) Reconciliation {
	c := Reconciliation{Month: r.Month, Plan: r.Plan.Name, Sources: r.Income, Available: r.Result}
	for _, i := range r.Income {
		c.Recognised = c.Recognised.Add(i.Recognised)
		if r.Plan.Basis == Received {
			c.Unreceived, c.Earlier = c.Unreceived.Add(i.Unreceived), c.Earlier.Add(i.Earlier)
		}
	}
	if r.Nothing != SharedOut {
		c.Unshared = r.Result
		return c
	}
	c.OwnFunds, c.Equalised, c.Restored, c.Manager, c.Leftover = r.Own, r.Equalisation.net(), r.Restored, r.Manager.Add(r.Excess), r.Leftover
	c.ToRisk = r.Risk.net()
	c.Owners = r.Members.Add(c.ToRisk)
	for _, p := range r.Payments {
		if !p.Date.After(through) {
			c.Distributed = c.Distributed.Add(p.Gross)
		}
	}
	c.Distributed = c.Distributed.Add(r.Advanced)
	c.NotYet = r.Members.Sub(c.Distributed)
	return c
}

// amounts are all amounts of the report, in its order.
func (c *Reconciliation) amounts() []*ledger.Money {
	return []*ledger.Money{
		&c.Recognised, &c.Unreceived, &c.Earlier, &c.Available,
		&c.OwnFunds, &c.Equalised, &c.Restored, &c.Manager, &c.Leftover, &c.Owners, &c.Unshared,
		&c.ToRisk, &c.Distributed, &c.NotYet,
	}
}

// Err reports whether the report adds up; it does for every run that [Desk.Post] made.
func (c *Reconciliation) Err() error {
	available := c.Recognised.Sub(c.Unreceived).Add(c.Earlier)
	parts := ledger.Sum(c.OwnFunds, c.Equalised, c.Restored, c.Manager, c.Leftover, c.Owners, c.Unshared)
	switch {
	case len(c.Sources) > 0 && available != c.Available:
		return amountError(ErrRun, "reconciliation of "+c.Month.String(), available, "the income comes to another sum than").against(c.Available)
	case parts != c.Available:
		return amountError(ErrRun, "reconciliation of "+c.Month.String(), parts, "the parts come to another sum than").against(c.Available)
	}
	return nil
}

// Text prints the report, Indonesian, in whole units of the currency.
func (c *Reconciliation) Text(currency ledger.Currency) string {
	var b strings.Builder
	row := func(label string, m ledger.Money) {
		fmt.Fprintf(&b, "%-52s %20s\n", label, currency.FormatLocal(m))
	}
	fmt.Fprintf(&b, "Rekonsiliasi pendapatan dan bagi hasil %s, %s\n", c.Plan, c.Month)
	row("Pendapatan (akrual)", c.Recognised)
	row("Dikurangi: belum diterima kasnya", c.Unreceived.Neg())
	row("Ditambah: periode lalu, diterima periode ini", c.Earlier)
	row("Pendapatan yang tersedia untuk bagi hasil", c.Available)
	for _, part := range []struct {
		label string
		m     ledger.Money
	}{
		{"Bagian dana sendiri", c.OwnFunds}, {"Cadangan penyetara bagi hasil (PER)", c.Equalised}, {"Pemulihan modal", c.Restored},
		{"Bagian pengelola", c.Manager}, {"Sisa pembulatan", c.Leftover}, {"Tidak dibagikan", c.Unshared},
	} {
		if !part.m.IsZero() {
			row("  "+part.label, part.m)
		}
	}
	row("Hak pemilik dana", c.Owners)
	if !c.ToRisk.IsZero() {
		row("  Cadangan risiko investasi (IRR)", c.ToRisk)
	}
	row("  Sudah didistribusikan", c.Distributed)
	row("  Belum didistribusikan", c.NotYet)
	return b.String()
}
