package yearfolder

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
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
			Instalments: readCell(row, "instalments", parseInstalments),
			FirstDue:    row.date("first_due"),
			Method:      readCell(row, "method", parseMethod),
			Step:        row.positive("step"),
		}
		r.checkTerms(row, c)
		r.contracts.define(row, "contract", row.cell("contract"), c)
		if !row.bad {
			r.folder.Contracts = append(r.folder.Contracts, c)
		}
	}
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
	case Proportional, Annuity:
		return method, nil
	}
	return "", errors.New("want proportional or annuity")
}

func (r *reader) readEvents() {
	t := r.tables[eventsFile]
	named := map[string]bool{}
	for _, row := range t.rows {
		named[row.cell("contract")] = true
		event := r.murabahahEvent(row)
		if !r.repeats(row, row.content()) && !row.bad {
			r.folder.Events = append(r.folder.Events, event)
		}
	}
	for _, row := range r.tables[contractsFile].rows {
		id := row.cell("contract")
		if id != "" && !named[id] && !t.mayHold(id) && r.contracts.line[id] == row.Line {
			row.faultf("contract %s: has no event in %s", quote(id), eventsFile)
		}
	}
}

func (r *reader) murabahahEvent(row *row) MurabahahEvent {
	e := MurabahahEvent{
		Place: row.Place,
		Date:  r.dateInYear(row, false),
		Key:   r.key(row),
		Event: readCell(row, "event", parseMurabahahEvent),
	}
	if contract, found := find(r.contracts, row, "contract"); found {
		e.Contract = contract.ID
		if member, found := r.members.byID[contract.Member]; found {
			afterJoining(row, e.Date, member)
		}
	}
	if e.Event == "" {
		return e // it is not known which cells it needs
	}
	switch e.Event {
	case DownPayment, Acquire, Pay, Penalty:
		e.Amount = row.positive("amount")
	case Settle:
		row.empty("amount", "on settle, whose amount is computed")
	default:
		row.empty("amount", "on "+string(e.Event)+", which moves no money")
	}
	switch e.Event {
	case DownPayment, Acquire, Pay, Settle:
		e.Account = r.accountCode(row, "account", cash())
	case Penalty:
		row.empty("account", "on penalty, which goes to "+string(PenaltyCash))
	default:
		row.empty("account", "on "+string(e.Event)+", which moves no money")
	}
	return e
}

func parseMurabahahEvent(text string) (MurabahahEventName, error) {
	switch event := MurabahahEventName(text); event {
	case Order, DownPayment, Acquire, Sell, Pay, Settle, Penalty:
		return event, nil
	}
	return "", errors.New("want order, down_payment, acquire, sell, pay, settle or penalty")
}
