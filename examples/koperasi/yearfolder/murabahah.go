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
	e.Document, e.Note, e.Approver = row.remark("document"), row.remark("note"), row.remark("approver")
	switch moves := eventMoves()[e.Event]; {
	case moves.amount:
		e.Amount = row.positive("amount")
	case e.Event == Cancel && row.cell("amount") != "":
		e.Amount = row.positive("amount")
	case moves.computed:
		row.empty("amount", "on "+string(e.Event)+", whose amount is computed")
	case e.Event != Cancel:
		row.empty("amount", "on "+string(e.Event)+", which moves no money")
	}
	switch moves := eventMoves()[e.Event]; {
	case moves.account, e.Event == Cancel && row.cell("account") != "":
		e.Account = r.accountCode(row, "account", cash())
	case e.Event == Penalty:
		row.empty("account", "on penalty, which goes to "+string(PenaltyCash))
	case moves.amount || moves.computed:
		row.empty("account", "on "+string(e.Event)+", which takes no account of cash")
	case e.Event != Cancel:
		row.empty("account", "on "+string(e.Event)+", which moves no money")
	}
	if e.Event == Reschedule {
		e.Instalments, e.FirstDue = readCell(row, "instalments", parseInstalments), row.date("first_due")
	} else {
		row.empty("instalments", "on "+string(e.Event))
		row.empty("first_due", "on "+string(e.Event))
	}
	return e
}

// moves says what an event's row states of its money.
type moves struct{ amount, computed, account bool }

func eventMoves() map[MurabahahEventName]moves {
	stated, both := moves{amount: true}, moves{amount: true, account: true}
	return map[MurabahahEventName]moves{
		Order: {}, Sell: {}, Deliver: {}, Possess: {}, Reschedule: {}, Cancel: {},
		DownPayment: both, Acquire: both, Pay: both, OrderDeposit: both, Entrust: both, ReturnDeposit: both, Cost: both, Fee: both, Compensation: both, Realise: both, Recover: both,
		Penalty: stated, Discount: stated, Concession: stated,
		Settle: {computed: true, account: true}, ReturnGoods: {computed: true, account: true},
		Due: {computed: true}, Release: {computed: true}, WriteOff: {computed: true},
	}
}

func parseMurabahahEvent(text string) (MurabahahEventName, error) {
	if _, known := eventMoves()[MurabahahEventName(text)]; known {
		return MurabahahEventName(text), nil
	}
	return "", errors.New("want order, down_payment, acquire, sell, pay, settle, penalty or another event of a murabahah")
}
