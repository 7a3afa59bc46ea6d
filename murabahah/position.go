package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Position is what a contract amounts to, each on its natural side, zero or
// more; an event carries the change of it. What the table of [Accounts] gives
// a control account is a balance of the book under the contract's sub key and
// must equal it at all times.
type Position struct {
	DownPayment ledger.Money `json:"down_payment,omitzero"` // received, before the sale turns it into a payment; credit
	Inventory   ledger.Money `json:"inventory,omitzero"`    // goods owned for this contract; debit
	Receivable  ledger.Money `json:"receivable,omitzero"`   // price not yet paid, but for what stands as due; debit
	Deferred    ledger.Money `json:"deferred,omitzero"`     // margin not yet earned, against the receivable; credit

	Collected  ledger.Money `json:"collected,omitzero"`  // paid after the down payment, in money or what is taken for it
	Recognised ledger.Money `json:"recognised,omitzero"` // margin that became income by being collected
	Rebate     ledger.Money `json:"rebate,omitzero"`     // margin waived: at an early settlement or by a discount
	Penalties  ledger.Money `json:"penalties,omitzero"`  // received for the benevolent fund
	Recovered  ledger.Money `json:"recovered,omitzero"`  // actual costs kept from a down payment, or claimed

	// Before the sale.
	Deposit ledger.Money `json:"deposit,omitzero"` // hamish jiddiyah, held with the promise; credit
	Advance ledger.Money `json:"advance,omitzero"` // paid to the supplier before the goods came; debit
	Agent   ledger.Money `json:"agent,omitzero"`   // placed with the member who buys as agent (wakalah); debit

	// After it.
	Due          ledger.Money `json:"due,omitzero"`           // instalments due and unpaid, where they are kept apart; debit
	Accrued      ledger.Money `json:"accrued,omitzero"`       // margin of them that is income already; credit
	Held         ledger.Money `json:"held,omitzero"`          // paid ahead and held, or a surplus owed to the member (titipan); credit
	DiscountOwed ledger.Money `json:"discount_owed,omitzero"` // supplier's discount that belongs to the buyer; credit
	RebateDue    ledger.Money `json:"rebate_due,omitzero"`    // rebate to be paid back after a settlement in full

	// Results, apart from the margin.
	Fees           ledger.Money `json:"fees,omitzero"`            // administration fees at real cost
	Compensated    ledger.Money `json:"compensated,omitzero"`     // ta'widh: real costs of a breach
	Claimed        ledger.Money `json:"claimed,omitzero"`         // loss of a cancelled order beyond its down payment; debit
	SupplierProfit ledger.Money `json:"supplier_profit,omitzero"` // supplier's discount after the akad, agreed for the seller
	OtherIncome    ledger.Money `json:"other_income,omitzero"`    // the same, not agreed; gain on goods sold otherwise
	Impaired       ledger.Money `json:"impaired,omitzero"`        // loss on goods before the sale; debit
	Conceded       ledger.Money `json:"conceded,omitzero"`        // principal given up for a member in difficulty; debit
	Unclaimed      ledger.Money `json:"unclaimed,omitzero"`       // owed to a buyer who cannot be found, given to the benevolent fund

	// Written off.
	AllowanceUsed ledger.Money `json:"allowance_used,omitzero"` // principal charged to the allowance; debit
	Lost          ledger.Money `json:"lost,omitzero"`           // margin that was written off with it
	WrittenOff    ledger.Money `json:"written_off,omitzero"`    // still claimed after the write-off; memorandum
	Suspended     ledger.Money `json:"suspended,omitzero"`      // margin fallen due that is not accrued; memorandum
}

// field is one amount of a [Position].
type field struct {
	name string
	of   func(*Position) *ledger.Money
}

// fieldsOf lists all amounts of a position.
func fieldsOf() []field { return fieldTable[:] }

var fieldTable = [...]field{
	{"down payment", func(p *Position) *ledger.Money { return &p.DownPayment }},
	{"inventory", func(p *Position) *ledger.Money { return &p.Inventory }},
	{"receivable", func(p *Position) *ledger.Money { return &p.Receivable }},
	{"deferred margin", func(p *Position) *ledger.Money { return &p.Deferred }},
	{"collected", func(p *Position) *ledger.Money { return &p.Collected }},
	{"recognised", func(p *Position) *ledger.Money { return &p.Recognised }},
	{"rebate", func(p *Position) *ledger.Money { return &p.Rebate }},
	{"penalties", func(p *Position) *ledger.Money { return &p.Penalties }},
	{"recovered", func(p *Position) *ledger.Money { return &p.Recovered }},
	{"deposit", func(p *Position) *ledger.Money { return &p.Deposit }},
	{"advance", func(p *Position) *ledger.Money { return &p.Advance }},
	{"agent", func(p *Position) *ledger.Money { return &p.Agent }},
	{"due", func(p *Position) *ledger.Money { return &p.Due }},
	{"accrued", func(p *Position) *ledger.Money { return &p.Accrued }},
	{"held", func(p *Position) *ledger.Money { return &p.Held }},
	{"discount owed", func(p *Position) *ledger.Money { return &p.DiscountOwed }},
	{"rebate due", func(p *Position) *ledger.Money { return &p.RebateDue }},
	{"fees", func(p *Position) *ledger.Money { return &p.Fees }},
	{"compensated", func(p *Position) *ledger.Money { return &p.Compensated }},
	{"claimed", func(p *Position) *ledger.Money { return &p.Claimed }},
	{"supplier profit", func(p *Position) *ledger.Money { return &p.SupplierProfit }},
	{"other income", func(p *Position) *ledger.Money { return &p.OtherIncome }},
	{"impaired", func(p *Position) *ledger.Money { return &p.Impaired }},
	{"conceded", func(p *Position) *ledger.Money { return &p.Conceded }},
	{"unclaimed", func(p *Position) *ledger.Money { return &p.Unclaimed }},
	{"allowance used", func(p *Position) *ledger.Money { return &p.AllowanceUsed }},
	{"lost", func(p *Position) *ledger.Money { return &p.Lost }},
	{"written off", func(p *Position) *ledger.Money { return &p.WrittenOff }},
	{"suspended", func(p *Position) *ledger.Money { return &p.Suspended }},
}

// Add returns the position after a change. It is written out because every
// command adds several times; a test holds it to the table.
func (p Position) Add(change Position) Position {
	return Position{
		DownPayment:    p.DownPayment.Add(change.DownPayment),
		Inventory:      p.Inventory.Add(change.Inventory),
		Receivable:     p.Receivable.Add(change.Receivable),
		Deferred:       p.Deferred.Add(change.Deferred),
		Collected:      p.Collected.Add(change.Collected),
		Recognised:     p.Recognised.Add(change.Recognised),
		Rebate:         p.Rebate.Add(change.Rebate),
		Penalties:      p.Penalties.Add(change.Penalties),
		Recovered:      p.Recovered.Add(change.Recovered),
		Deposit:        p.Deposit.Add(change.Deposit),
		Advance:        p.Advance.Add(change.Advance),
		Agent:          p.Agent.Add(change.Agent),
		Due:            p.Due.Add(change.Due),
		Accrued:        p.Accrued.Add(change.Accrued),
		Held:           p.Held.Add(change.Held),
		DiscountOwed:   p.DiscountOwed.Add(change.DiscountOwed),
		RebateDue:      p.RebateDue.Add(change.RebateDue),
		Fees:           p.Fees.Add(change.Fees),
		Compensated:    p.Compensated.Add(change.Compensated),
		Claimed:        p.Claimed.Add(change.Claimed),
		SupplierProfit: p.SupplierProfit.Add(change.SupplierProfit),
		OtherIncome:    p.OtherIncome.Add(change.OtherIncome),
		Impaired:       p.Impaired.Add(change.Impaired),
		Conceded:       p.Conceded.Add(change.Conceded),
		Unclaimed:      p.Unclaimed.Add(change.Unclaimed),
		AllowanceUsed:  p.AllowanceUsed.Add(change.AllowanceUsed),
		Lost:           p.Lost.Add(change.Lost),
		WrittenOff:     p.WrittenOff.Add(change.WrittenOff),
		Suspended:      p.Suspended.Add(change.Suspended),
	}
}

// Neg returns the change that undoes p.
func (p Position) Neg() Position {
	for _, f := range fieldsOf() {
		*f.of(&p) = f.of(&p).Neg()
	}
	return p
}

// Outstanding returns what the member still owes of the price.
func (p Position) Outstanding() ledger.Money { return p.Receivable.Add(p.Due) }

// Unearned returns the margin of what is outstanding.
func (p Position) Unearned() ledger.Money { return p.Deferred.Add(p.Accrued) }

// Carrying returns the receivable at which the books show it, before any
// allowance: outstanding less deferred margin.
func (p Position) Carrying() ledger.Money { return p.Outstanding().Sub(p.Deferred) }
