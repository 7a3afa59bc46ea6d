package yearfolder

import (
	"errors"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

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
	form := eventForms()[e.Event]
	e.Document, e.Note, e.Approver = row.remark("document"), row.remark("note"), row.remark("approver")
	e.Amount = form.readAmount(row, e.Event)
	e.Account = r.eventAccount(row, e.Event, form)
	for _, column := range particulars() {
		if !slices.Contains(form.particulars, column) {
			row.empty(column, "on "+string(e.Event))
		}
	}
	r.particulars(row, &e, form)
	return e
}

// eventForm says which cells an event's row has, beside those of every row.
type eventForm struct {
	amount, account cellForm
	particulars     []string // columns that it may have, or must where they are required
	required        []string
}

// cellForm is whether a cell is filled.
type cellForm uint8

const (
	absent   cellForm = iota // it moves no money
	stated                   // it must be
	maybe                    // it may be
	computed                 // it must not be: the library computes it
)

// eventForms has every event with its cells.
func eventForms() map[MurabahahEventName]eventForm {
	none := eventForm{}
	both := eventForm{amount: stated, account: stated}
	only := eventForm{amount: stated}
	payable := eventForm{amount: stated, account: stated, particulars: []string{"savings"}}
	with := func(f eventForm, columns ...string) eventForm {
		f.particulars = append(slices.Clone(f.particulars), columns...)
		return f
	}
	needs := func(f eventForm, columns ...string) eventForm {
		f = with(f, columns...)
		f.required = columns
		return f
	}
	terms := []string{"cost", "margin", "down_payment", "instalments", "first_due"}
	return map[MurabahahEventName]eventForm{
		Order: none, Offer: with(none, terms...), Deliver: none, Possess: none, Sell: {account: maybe},
		Stock: with(both, "supplier", "possession"), Advance: both, Entrust: both, Acquire: with(both, "supplier", "supplier_member", "open", "awaiting"),
		Cost: both, Impair: needs(only, "cause"), Dispose: both, Fee: both,
		DownPayment: payable, Pay: payable, OrderDeposit: both, ReturnDeposit: both,
		Cancel:           {amount: maybe, account: maybe, particulars: []string{"claim"}},
		SupplierDiscount: with(both, "buyers_part"), PayDiscount: {amount: stated, account: maybe},
		Settle:    {amount: computed, account: stated, particulars: []string{"rebate", "savings"}},
		PayRebate: {amount: computed, account: stated}, ReturnGoods: {amount: computed, account: stated},
		Due: {amount: computed}, ApplyHeld: {amount: computed}, ReturnHeld: both,
		Discount: {amount: stated, account: maybe}, Concession: only, Release: {amount: computed, particulars: []string{"from_allowance"}},
		Penalty: only, Compensation: both,
		Reschedule:  {particulars: []string{"instalments", "first_due", "revision"}, required: []string{"instalments", "first_due"}},
		StopAccrual: none, ResumeAccrual: none, Judge: with(none, "class"), Ability: needs(none, "able"),
		Realise: both, TakeOver: both, ConvertAkad: both,
		WriteOff: {amount: computed}, Recover: both, ReverseLast: none,
	}
}

func parseMurabahahEvent(text string) (MurabahahEventName, error) {
	if _, known := eventForms()[MurabahahEventName(text)]; known {
		return MurabahahEventName(text), nil
	}
	return "", errors.New("want order, down_payment, acquire, sell, pay, settle, penalty or another event of a murabahah")
}

func (f eventForm) readAmount(row *row, event MurabahahEventName) ledger.Money {
	switch {
	case f.amount == stated, f.amount == maybe && row.cell("amount") != "":
		return row.positive("amount")
	case f.amount == computed:
		row.empty("amount", "on "+string(event)+", whose amount is computed")
	case f.amount == absent:
		row.empty("amount", "on "+string(event)+", which moves no money")
	}
	return ledger.Money{}
}

// eventAccount reads the account that the money goes through. What is paid out
// of savings goes through none of cash.
func (r *reader) eventAccount(row *row, event MurabahahEventName, f eventForm) string {
	fromSavings := slices.Contains(f.particulars, "savings") && row.cell("savings") != ""
	switch {
	case fromSavings:
		row.empty("account", "where savings pay")
	case f.account == stated, f.account == maybe && row.cell("account") != "":
		return r.accountCode(row, "account", cash())
	case event == Penalty:
		row.empty("account", "on penalty, which goes to "+string(PenaltyCash))
	case f.account == absent && (f.amount == stated || f.amount == computed):
		row.empty("account", "on "+string(event)+", which takes no account of cash")
	case f.account == absent:
		row.empty("account", "on "+string(event)+", which moves no money")
	}
	return ""
}

// particulars are the optional columns that only some events have.
func particulars() []string {
	return []string{
		"instalments", "first_due", "revision", "cost", "margin", "down_payment", "supplier", "supplier_member", "open", "awaiting",
		"possession", "cause", "claim", "buyers_part", "rebate", "savings", "from_allowance", "class", "able",
	}
}

// particulars reads the cells of those columns that the event has.
func (r *reader) particulars(row *row, e *MurabahahEvent, form eventForm) {
	for _, column := range form.particulars {
		if row.cell(column) != "" || slices.Contains(form.required, column) {
			r.particular(row, e, column)
		}
	}
}

func (r *reader) particular(row *row, e *MurabahahEvent, column string) {
	switch column {
	case "instalments":
		e.Instalments = readCell(row, column, parseInstalments)
	case "first_due":
		e.FirstDue = row.date(column)
	case "revision":
		e.Revision = readCell(row, column, wordOf(murabahah.Rescheduling, murabahah.Reconditioning, murabahah.Restructuring))
	case "cost":
		e.Cost = row.positive(column)
	case "margin":
		e.Margin, e.HasMargin = row.amount(column), true
	case "down_payment":
		e.DownPayment, e.HasDownPayment = row.amount(column), true
	case "supplier":
		e.Supplier = row.remark(column)
	case "supplier_member":
		member, _ := find(r.members, row, column)
		e.SupplierMember = member.ID
	case "open":
		e.Open = readCell(row, column, parseYesOrEmpty)
	case "awaiting":
		e.Awaiting = readCell(row, column, parseYesOrEmpty)
	case "possession":
		e.Possession = row.remark(column)
	case "cause":
		e.Cause = readCell(row, column, needed(wordOf(murabahah.Damage, murabahah.MarketFall)))
	case "claim":
		e.Claim = readCell(row, column, parseYesOrEmpty)
	case "buyers_part":
		e.BuyersPart = row.amount(column)
	case "rebate":
		e.Rebate = row.amount(column)
	case "savings":
		r.paysOut(row, e)
	case "from_allowance":
		e.FromAllowance = readCell(row, column, parseYesOrEmpty)
	case "class":
		e.Class = readCell(row, column, wordOf(murabahah.Current, murabahah.Substandard, murabahah.Doubtful, murabahah.Loss))
	case "able":
		e.Able = readCell(row, column, parseYesNo)
	}
}

// paysOut reads the savings account that pays.
func (r *reader) paysOut(row *row, e *MurabahahEvent) {
	opened, found := find(r.opened, row, "savings")
	if !found {
		return
	}
	e.Savings, e.Payer = opened.Account, opened.Member
	if product, known := r.products.byID[opened.Product]; known {
		e.Account = product.Control
	}
}
