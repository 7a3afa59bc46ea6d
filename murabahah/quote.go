package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Quote is what an early settlement on a day costs, with its working.
//
// DSN-MUI 153/2022 makes the reduction mandatory: the cooperative may not
// claim the price of time that has not elapsed. Owed is therefore only the
// margin of the instalments due by that day and of the time elapsed in the one
// that is running ([Elapsed]), or what was already earned by paying ahead if
// that is more (margin earned is not given back); the rest of the margin is
// waived. Time that had elapsed before the rest was agreed anew stays elapsed.
// Under DSN-MUI 23/2002 the rest may be waived, in part or whole.
type Quote struct {
	Contract string
	AsOf     ledger.Date
	Rule     RebateRule
	Elapsed  Elapsed

	Outstanding  ledger.Money // price not yet paid
	Deferred     ledger.Money // margin of it: not yet earned, or accrued and not received
	Earned       ledger.Money // margin contained in what is collected so far
	DueRows      int          // instalments due on or before the day
	DueMargin    ledger.Money // margin of them, and what was earned before a debt was agreed anew
	BegunMargin  ledger.Money // margin of the time elapsed in the instalment that is running
	BegunElapsed int          // days or completed months of it that have elapsed
	BegunLength  int          // days or months that it has
	Before       ledger.Money // margin of the time elapsed when the rest was last agreed anew
	Owed         ledger.Money // the largest of Earned, Before and DueMargin + BegunMargin
	Waivable     ledger.Money // margin - Owed
	Rebate       ledger.Money // waived: all that is waivable, or under DSN-MUI 23/2002 what was chosen
	Pays         ledger.Money // Outstanding - Rebate: what the member pays in the end; see [ErrNoClaim]
	Income       ledger.Money // what the settlement adds to margin income; below zero if it takes some back
	After        bool         // Outstanding is paid first, and the rebate paid back
}

// Quote computes an early settlement as of a day, which may lie ahead. It
// refuses a contract that is not sold ([ErrState]), no day or a day before the
// latest event ([ErrDate]), and a rebate above the debt ([ErrNoClaim]), which
// only rounding of the last few units can bring about. Of a contract under
// DSN-MUI 23/2002 it quotes no rebate: [Contract.QuoteWith].
func (c Contract) Quote(asOf ledger.Date) (Quote, error) { return c.QuoteWith(asOf, ledger.Money{}) }

// QuoteWith is Quote with the rebate that the cooperative chooses for a
// contract under DSN-MUI 23/2002. A rebate above what is waivable, or any
// choice under DSN-MUI 153/2022, is refused with [ErrRebate].
func (c Contract) QuoteWith(asOf ledger.Date, rebate ledger.Money) (Quote, error) {
	if err := c.allow(EventSettle, asOf); err != nil {
		return Quote{}, err
	}
	q, err := c.elapsed(asOf)
	if err != nil {
		return Quote{}, err
	}
	q.Rebate = q.Waivable
	if err := c.choose(&q, rebate); err != nil {
		return Quote{}, err
	}
	q.Pays = q.Outstanding.Sub(q.Rebate)
	q.Income = q.Deferred.Sub(q.Rebate)
	if q.Pays.Sign() < 0 {
		r := c.breach(ErrNoClaim, RuleEarlySettle, "settle.no_claim", "the rebate %s is above the %s still owed; pay it in the ordinary way", q.Rebate, q.Outstanding)
		r.Given, r.Limit = q.Rebate, q.Outstanding
		return Quote{}, r
	}
	return q, nil
}

// elapsed starts a quote: what margin the time up to a day makes owed, and
// what is waivable beyond it.
func (c Contract) elapsed(asOf ledger.Date) (Quote, error) {
	schedule, err := c.timed()
	if err != nil {
		return Quote{}, err
	}
	p, rule := c.Position, c.Terms.Settlement
	_, dueMargin, dueRows := schedule.DueBy(asOf)
	q := Quote{
		Contract: c.Terms.Contract, AsOf: asOf, Rule: rule.Rule, Elapsed: rule.Elapsed, After: rule.After,
		Outstanding: c.Outstanding(), Deferred: p.Unearned(), Earned: p.Recognised,
		DueRows: dueRows, DueMargin: schedule.earned.Add(dueMargin),
	}
	margin := schedule.earned.Add(schedule.margin)
	if m := schedule.method; m == AtDelivery || m == AfterCollected {
		// What became income, all of it or nothing, says nothing about time.
		q.Earned = schedule.earned.Add(schedule.covered(p.Collected.Sub(schedule.before)))
	}
	c.begun(&q, schedule)
	if revision := c.Course.Revision; revision != nil {
		q.Before = revision.Elapsed
	}
	q.Owed = q.Earned.Max(q.Before).Max(q.DueMargin.Add(q.BegunMargin)).Min(margin)
	q.Waivable = margin.Sub(q.Owed)
	return q, nil
}

// timed returns the plan in force with the margin that its instalments contain.
// Where all of the margin was income at delivery, what was agreed or cut since
// knows of none that is to be earned: there it is the margin that the akad's
// instalments contained beyond what was collected then.
func (c Contract) timed() (Schedule, error) {
	if c.Course.Base == nil || c.Terms.Recognition.Method != AtDelivery {
		return c.Schedule()
	}
	if err := c.readable(); err != nil {
		return Schedule{}, err
	}
	akad := c.Terms.curve()
	base := *c.Course.Base
	base.Recognised = akad.covered(base.Collected)
	base.Unearned = c.Terms.Margin.Sub(base.Recognised).Min(base.Owed)
	c.Course.Base = &base
	if c.Course.Revision != nil {
		revision := *c.Course.Revision
		revision.Margin = c.Terms.Margin.Sub(akad.covered(revision.Collected)).Min(revision.Total)
		c.Course.Revision = &revision
	}
	return c.Schedule()
}

// choose sets the rebate of a contract that leaves it to the cooperative.
func (c Contract) choose(q *Quote, rebate ledger.Money) error {
	var r *Refusal
	switch {
	case q.Rule == RebateMandatory && !rebate.IsZero():
		r = c.breach(ErrRebate, RuleEarlySettle, "settle.rebate", "the rebate is the whole margin of time not elapsed, %s; it is not chosen", q.Waivable)
	case rebate.Err() != nil || rebate.Sign() < 0 || q.Waivable.Less(rebate):
		r = c.breach(ErrRebate, RuleRebate, "settle.rebate", "a rebate of %s is not between zero and the %s of margin not owed yet", rebate, q.Waivable)
	case q.Rule == RebateDiscretionary:
		q.Rebate = rebate
	}
	if r != nil {
		r.Given, r.Limit = rebate, q.Waivable
		return r
	}
	return nil
}

// begun adds the margin of the time that has elapsed in the running instalment.
func (c Contract) begun(q *Quote, s Schedule) {
	if q.Elapsed == ByInstalments || q.DueRows == len(s.Rows) {
		return
	}
	row, from := s.Rows[q.DueRows], c.Course.SoldOn
	if q.DueRows > 0 {
		from = s.Rows[q.DueRows-1].Due
	}
	if from.IsZero() || !from.Before(q.AsOf) || !from.Before(row.Due) {
		return
	}
	q.BegunElapsed, q.BegunLength = from.DaysUntil(q.AsOf), from.DaysUntil(row.Due)
	if q.Elapsed == ByMonths {
		q.BegunElapsed, q.BegunLength = completedMonths(from, q.AsOf), max(1, completedMonths(from, row.Due))
	}
	q.BegunMargin = ledger.Minor(share(row.Margin.Minor(), int64(min(q.BegunElapsed, q.BegunLength)), int64(q.BegunLength), s.marginStep))
}

// completedMonths counts the months from a day that have gone by in full.
func completedMonths(from, to ledger.Date) int {
	n := from.Month().MonthsUntil(to.Month())
	if n > 0 && to.Before(from.AddMonths(n)) {
		n--
	}
	return n
}

// WorkingLine is one line of a quote's working.
type WorkingLine struct {
	Name, NameEn string // Indonesian, English
	Amount       ledger.Money
}

// Working returns the calculation line by line, as it is shown to the member.
func (q Quote) Working() []WorkingLine {
	lines := []WorkingLine{
		{"Sisa harga jual", "Price outstanding", q.Outstanding},
		{"Margin yang sudah diakui", "Margin earned so far", q.Earned},
		{"Margin angsuran yang sudah jatuh tempo", "Margin of instalments due", q.DueMargin},
	}
	if q.Elapsed != ByInstalments {
		lines = append(lines, WorkingLine{"Margin masa angsuran berjalan", "Margin of the running instalment", q.BegunMargin})
	}
	if !q.Before.IsZero() {
		lines = append(lines, WorkingLine{"Margin masa yang telah lewat saat penjadwalan ulang", "Margin of the time elapsed when agreed anew", q.Before})
	}
	lines = append(lines, WorkingLine{"Margin yang menjadi hak koperasi", "Margin owed", q.Owed})
	if q.Rule == RebateDiscretionary {
		lines = append(lines, WorkingLine{"Margin yang dapat dipotong", "Margin that may be waived", q.Waivable})
	}
	lines = append(lines, WorkingLine{"Potongan pelunasan (muqasah)", "Rebate", q.Rebate})
	if q.After {
		return append(lines, WorkingLine{"Dibayar anggota lebih dahulu", "To be paid first", q.Outstanding},
			WorkingLine{"Dikembalikan setelah pelunasan", "Paid back afterwards", q.Rebate})
	}
	return append(lines, WorkingLine{"Jumlah yang dibayar anggota", "To be paid", q.Pays})
}
