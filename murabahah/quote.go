package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Quote is what an early settlement on a day costs, with its working.
//
// DSN-MUI 153/2022 makes the reduction mandatory: the cooperative may not
// claim the price of time that has not elapsed. Owed is therefore only the
// margin of the instalments due by that day, or what was already earned by
// paying ahead if that is more (margin earned is not given back); the rest of
// the margin is waived. The rule counts whole instalments by their due days;
// the fatwa's own formula for part of a period is unconfirmed.
type Quote struct {
	Contract string
	AsOf     ledger.Date

	Outstanding ledger.Money // price not yet paid
	Deferred    ledger.Money // margin not yet earned
	Earned      ledger.Money // margin earned by the cash collected so far
	DueRows     int          // instalments due on or before the day
	DueMargin   ledger.Money // their margins
	Owed        ledger.Money // the larger of Earned and DueMargin
	Rebate      ledger.Money // margin - Owed: waived
	Pays        ledger.Money // Outstanding - Rebate: what the member pays; see [ErrNoClaim]
	Income      ledger.Money // Deferred - Rebate: margin that becomes income at the settlement
}

// Quote computes an early settlement as of a day, which may lie ahead. It
// refuses a contract that is not sold ([ErrState]), no day or a day before the
// latest event ([ErrDate]), and a rebate above the debt ([ErrNoClaim]), which
// only rounding of the last few units can bring about.
func (c Contract) Quote(asOf ledger.Date) (Quote, error) {
	if err := c.allow(EventSettle, asOf); err != nil {
		return Quote{}, err
	}
	schedule, err := c.Terms.Schedule()
	if err != nil {
		return Quote{}, err
	}
	p := c.Position
	_, dueMargin, dueRows := schedule.DueBy(asOf)
	q := Quote{
		Contract: c.Terms.Contract, AsOf: asOf,
		Outstanding: p.Receivable, Deferred: p.Deferred, Earned: p.Recognised,
		DueRows: dueRows, DueMargin: dueMargin,
	}
	q.Owed = q.Earned.Max(q.DueMargin)
	q.Rebate = c.Terms.Margin.Sub(q.Owed)
	q.Pays = q.Outstanding.Sub(q.Rebate)
	q.Income = q.Deferred.Sub(q.Rebate)
	if q.Pays.Sign() < 0 {
		r := c.refuse(ErrNoClaim, "settle.no_claim", "the rebate %s is above the %s still owed; pay it in the ordinary way", q.Rebate, q.Outstanding)
		r.Rule, r.Given, r.Limit = RuleEarlySettle, q.Rebate, q.Outstanding
		return Quote{}, r
	}
	return q, nil
}

// WorkingLine is one line of a quote's working.
type WorkingLine struct {
	Name, NameEn string // Indonesian, English
	Amount       ledger.Money
}

// Working returns the calculation line by line, as it is shown to the member.
func (q Quote) Working() []WorkingLine {
	return []WorkingLine{
		{"Sisa harga jual", "Price outstanding", q.Outstanding},
		{"Margin yang sudah diakui", "Margin earned so far", q.Earned},
		{"Margin angsuran yang sudah jatuh tempo", "Margin of instalments due", q.DueMargin},
		{"Margin yang menjadi hak koperasi", "Margin owed", q.Owed},
		{"Potongan pelunasan (muqasah)", "Rebate", q.Rebate},
		{"Jumlah yang dibayar anggota", "To be paid", q.Pays},
	}
}
