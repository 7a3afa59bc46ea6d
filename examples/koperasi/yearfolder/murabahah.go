package yearfolder

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

func (r *reader) readContracts() {
	t := r.tables[contractsFile]
	r.contracts = newIndex[Contract](t)
	for _, row := range t.rows {
		member, _ := find(r.members, row, "member")
		c := Contract{
			Place:       row.Place,
			ID:          row.name("contract", ledger.MaxSub),
			Member:      member.ID,
			Goods:       row.text("goods"),
			Cost:        row.positive("cost"),
			Margin:      row.amount("margin"),
			DownPayment: row.amount("down_payment"),
			Method:      readCell(row, "method", parseMethod),
			Options:     r.contractOptions(row),
		}
		r.readPlan(row, &c)
		r.checkTerms(row, c)
		r.contracts.define(row, "contract", row.cell("contract"), c)
		if !row.bad {
			r.folder.Contracts = append(r.folder.Contracts, c)
		}
	}
	r.readRows()
}

// readPlan reads the cells of a plan that is computed; a plan by hand has rows
// in [instalmentsFile] instead.
func (r *reader) readPlan(row *row, c *Contract) {
	if c.Options.Kind == murabahah.ByHand {
		for _, column := range []string{"instalments", "first_due", "step", "months", "days", "grace", "harvest", "rounding", "remainder", "final"} {
			row.empty(column, "on a plan by hand, whose rows stand in "+instalmentsFile)
		}
		return
	}
	c.Instalments = readCell(row, "instalments", parseInstalments)
	c.FirstDue = row.date("first_due")
	c.Step = row.positive("step")
}

// checkTerms holds the terms against each other. Zero values are those that
// could not be read.
func (r *reader) checkTerms(row *row, c Contract) {
	if c.Cost.Sign() > 0 && !c.DownPayment.Less(c.Cost) {
		row.faultf("down_payment %s: not below the cost %s", quote(row.cell("down_payment")), row.cell("cost"))
	}
	if c.Cost.Add(c.Margin).Err() != nil {
		row.faultf("margin %s: cost and margin together are beyond the largest amount", quote(row.cell("margin")))
	}
	if step := r.folder.Cooperative.Step; step.Sign() > 0 && c.Margin.Minor()%step.Minor() != 0 {
		row.faultf("margin %s: not a whole multiple of the step %s", quote(row.cell("margin")), ledger.IDR.Format(step))
	}
	if c.FirstDue.Valid() && c.Instalments > 0 && !c.FirstDue.AddMonths(c.Instalments-1).Valid() {
		row.faultf("first_due %q: the last instalment falls after the year %d", c.FirstDue, ledger.MaxYear)
	}
}

func parseInstalments(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n < 1 || n > MaxInstalments {
		return 0, fmt.Errorf("not a whole number from 1 to %d", MaxInstalments)
	}
	return int(n), nil
}

func parseMethod(text string) (Method, error) {
	switch method := Method(text); method {
	case Proportional, Annuity, AnnuityAtRate, Planned, AtDelivery, AfterCollected:
		return method, nil
	}
	return "", errors.New("want proportional or annuity, or annuity_at_rate, planned, at_delivery, after_collected")
}

// contractOptions reads what the optional columns add to the terms. An empty
// cell leaves the contract as it would be without the column.
func (r *reader) contractOptions(row *row) Options {
	o := Options{
		Promise:       readCell(row, "promise", wordOf(murabahah.Binding)),
		LaterDiscount: readCell(row, "later_discount", wordOf(murabahah.ForBuyer, murabahah.ForSeller, murabahah.Shared)),
		Ahead:         readCell(row, "ahead", wordOf(murabahah.AheadHeld)),
		Basis:         readCell(row, "basis", wordOf(murabahah.OnDueDate)),
		Settlement: murabahah.SettlementTerms{
			Rule:    readCell(row, "rebate_rule", wordOf(murabahah.RebateDiscretionary)),
			Elapsed: readCell(row, "rebate_elapsed", wordOf(murabahah.ByMonths, murabahah.ByDays)),
			After:   readCell(row, "rebate_after", parseYesOrEmpty),
		},
		MaxRevisions: readCell(row, "max_revisions", parseCount),
		Supplier:     row.remark("supplier"),
		Kind: readCell(row, "kind", wordOf(murabahah.Level, murabahah.Declining, murabahah.Progressive,
			murabahah.Seasonal, murabahah.ByHand)),
		Months:         readCell(row, "months", parseCount),
		Days:           readCell(row, "days", parseCount),
		Grace:          readCell(row, "grace", parseCount),
		Harvest:        readCell(row, "harvest", parseHarvest),
		Rounding:       readCell(row, "rounding", parseRounding),
		RemainderFirst: readCell(row, "remainder", wordOf("first", "last")) == "first",
		Final:          readCell(row, "final", optionally(parsePositive)),
		Collateral:     readCell(row, "collateral", optionally(parseAmount)),
	}
	if Method(row.cell("method")) == AnnuityAtRate {
		o.Rate = readCell(row, "rate", parseRate)
	} else {
		row.empty("rate", "except with annuity_at_rate")
	}
	return o
}

// readRows reads the rows of plans by hand, each contract's in the order of
// the file.
func (r *reader) readRows() {
	t := r.tables[instalmentsFile]
	rows := map[string][]murabahah.Instalment{}
	for _, row := range t.rows {
		c, found := find(r.contracts, row, "contract")
		due, amount := row.date("due"), row.positive("amount")
		switch {
		case !found || row.bad:
			t.lose(row.cell("contract")) // its terms cannot be judged
		case c.Options.Kind != murabahah.ByHand:
			row.faultf("contract %s: its plan is computed, not by hand", quote(c.ID))
		case len(rows[c.ID]) == MaxInstalments:
			row.faultf("contract %s: more than %d instalments", quote(c.ID), MaxInstalments)
		default:
			rows[c.ID] = append(rows[c.ID], murabahah.Instalment{Due: due, Amount: amount})
		}
	}
	kept := r.folder.Contracts[:0]
	for _, c := range r.folder.Contracts {
		c.Options.Rows = rows[c.ID]
		byHand := c.Options.Kind == murabahah.ByHand
		if byHand && t.mayHold(c.ID) {
			continue
		}
		if byHand && len(c.Options.Rows) == 0 {
			r.faults = append(r.faults, c.Faultf("contract %s: a plan by hand without instalments in %s", quote(c.ID), instalmentsFile))
			continue
		}
		kept = append(kept, c)
	}
	r.folder.Contracts = kept
}
