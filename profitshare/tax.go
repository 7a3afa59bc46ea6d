package profitshare

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// TaxRule is the final income tax on members' returns, as it stands from a
// day on. It is dated data: a new regulation is a new rule beside the old.
type TaxRule struct {
	From ledger.Date `json:"from"`
	// Threshold is the gross of one member in one month, over all accounts and
	// payouts, up to which nothing is withheld; minor units.
	Threshold ledger.Money `json:"threshold"`
	// Rate is taken of the whole gross once the threshold is exceeded, not of
	// the part above it: the schedule is a cliff. 0.10 for ten percent.
	Rate decimal.Decimal `json:"rate"`
	// Rounding and Step round the tax of each account.
	Rounding ledger.Rounding `json:"rounding"`
	Step     ledger.Money    `json:"step"`
	Source   string          `json:"source"`
}

// PP15 is the final tax on what a cooperative pays its individual members for
// their savings: nothing up to Rp240,000 a month, 10% of the gross above
// (PP 15/2009, PMK 112/PMK.03/2010), each account's tax cut to whole rupiah.
// It is dated 9 February 2009 and applies back to 1 January 2009. That it
// covers profit shares as well as interest (PP 25/2009) is unconfirmed.
func PP15() TaxRule {
	return TaxRule{
		From:      ledger.On(2009, 1, 1),
		Threshold: ledger.IDR.Of(240_000),
		Rate:      decimal.New(10, -2),
		Rounding:  ledger.RoundDown,
		Step:      ledger.IDR.Of(1),
		Source:    "PP 15/2009 art. 2, PMK 112/PMK.03/2010",
	}
}

// TaxRules is a table of dated rules, in any order.
type TaxRules []TaxRule

// On returns the rule in force on a day: the one that began last. A day before
// all rules, or two rules from one day, is an error that matches [ErrTax].
func (t TaxRules) On(day ledger.Date) (TaxRule, error) {
	var found TaxRule
	for _, rule := range t {
		switch {
		case !rule.From.Valid():
			return TaxRule{}, taxError("rule", rule.Source, "has no day from which it is in force")
		case rule.From.After(day):
		case rule.From == found.From:
			return TaxRule{}, taxError("rule", rule.Source, "begins on the same day as "+found.Source)
		case found.From.Before(rule.From):
			found = rule
		}
	}
	if !day.Valid() || found.From.IsZero() {
		return TaxRule{}, taxError("day", day.String(), "no tax rule is in force")
	}
	return found, nil
}

// Return is what one account is paid.
type Return struct {
	Account string
	Member  string // who owns the account; the threshold is one for all of a member's accounts
	Gross   ledger.Money
	// Outside marks a holder whom the rule does not cover: a legal entity, a
	// candidate or other non-member. Nothing is withheld under it; other rules
	// may apply, and the gross counts for nobody's threshold.
	Outside bool
}

// Withheld is a return with its tax. A slip is due for each, also at zero.
type Withheld struct {
	Return
	Tax ledger.Money // on this gross
	// CatchUp is tax on earlier payouts of the month, which only this payout
	// carries over the threshold.
	CatchUp ledger.Money
	// Zakat is what the holder's mandate gives to the zakat fund; not a tax.
	Zakat ledger.Money
	// Penalty is what was kept for breaking a term, for the benevolent fund.
	Penalty ledger.Money
	Net     ledger.Money // Gross less all of these, never below zero
}

// Arrears is catch-up tax of a member for which the payout does not suffice;
// the cooperative owes it and must collect it.
type Arrears struct {
	Member string
	Amount ledger.Money
}

// Withholding is the tax of one payout run.
type Withholding struct {
	Rows    []Withheld // as the returns stand
	Arrears []Arrears  // by member
	Gross   ledger.Money
	Tax     ledger.Money // catch-up included
	Zakat   ledger.Money
	Net     ledger.Money
}

// total adds the rows up.
func (w *Withholding) total() error {
	for i := range w.Rows {
		row := &w.Rows[i]
		w.Gross = w.Gross.Add(row.Gross)
		w.Tax = w.Tax.Add(row.Tax).Add(row.CatchUp)
		w.Zakat = w.Zakat.Add(row.Zakat)
		w.Net = w.Net.Add(row.Net)
	}
	return w.Gross.Err()
}

// Withhold computes the tax on returns paid in one month. Earlier is the rows
// of all payouts made before in the same month; nil for the first. Errors
// match [ErrTax].
func (r TaxRule) Withhold(returns []Return, earlier []Withheld) (Withholding, error) {
	rate, err := r.check()
	if err != nil {
		return Withholding{}, err
	}
	m, err := membersOf(returns, earlier)
	if err != nil {
		return Withholding{}, err
	}
	result := Withholding{Rows: make([]Withheld, len(returns))}
	for i, paid := range returns {
		row := &result.Rows[i]
		row.Return = paid
		if at := m.of[i]; at >= 0 && r.Threshold.Less(m.months[at].gross) {
			if row.Tax, err = r.tax(rate, paid.Gross); err != nil {
				return Withholding{}, err
			}
		}
		row.Net = paid.Gross.Sub(row.Tax)
	}
	if err := r.catchUp(rate, &result, m, earlier); err != nil {
		return Withholding{}, err
	}
	return result, result.total()
}

// tax returns the tax on one gross, at most the gross itself.
func (r TaxRule) tax(rate *big.Rat, gross ledger.Money) (ledger.Money, error) {
	tax, err := ledger.Round(new(big.Rat).Mul(rate, ratOf(gross)), r.Step, r.Rounding)
	return tax.Min(gross), err
}

// memberMonth is what a member is paid in the month.
type memberMonth struct {
	member string
	gross  ledger.Money // earlier payouts and this one
	owed   ledger.Money // tax on earlier payouts, not withheld yet
	late   bool         // whether there were earlier payouts that are taxed now
	rows   []int        // of this payout, by account; only where late
}

// memberMonths are the months of all members that are paid now.
type memberMonths struct {
	index  map[string]int32
	months []memberMonth
	of     []int32 // beside the returns, whose month each counts in; -1 for none
}

func membersOf(returns []Return, earlier []Withheld) (*memberMonths, error) {
	m := &memberMonths{index: make(map[string]int32, len(returns)), months: make([]memberMonth, 0, len(returns)), of: make([]int32, len(returns))}
	var paid map[string]bool // needed only where the accounts do not ascend
	for i := 1; i < len(returns) && paid == nil; i++ {
		if returns[i].Account <= returns[i-1].Account {
			paid = make(map[string]bool, len(returns))
		}
	}
	for i, r := range returns {
		m.of[i] = -1
		switch {
		case r.Account == "" || r.Member == "":
			return nil, taxError(fmt.Sprintf("return %d", i+1), r.Account+r.Member, "account or member is missing")
		case r.Gross.Err() != nil || r.Gross.Sign() < 0:
			return nil, amountError(ErrTax, named("return of account", r.Account), r.Gross, "not zero or above")
		case paid[r.Account]:
			return nil, taxError(named("return of account", r.Account), "", "stands twice in one payout")
		}
		if paid != nil {
			paid[r.Account] = true
		}
		if r.Outside {
			continue
		}
		at, known := m.index[r.Member]
		if !known {
			at = int32(len(m.months))
			m.index[r.Member] = at
			m.months = append(m.months, memberMonth{member: r.Member})
		}
		m.of[i] = at
		m.months[at].gross = m.months[at].gross.Add(r.Gross)
	}
	for _, e := range earlier {
		if at, known := m.index[e.Member]; known && !e.Outside {
			m.months[at].gross = m.months[at].gross.Add(e.Gross)
		}
	}
	for i := range m.months { // in the order of the returns, so that one error is the first
		if err := m.months[i].gross.Err(); err != nil {
			return nil, taxError(named("month of member", m.months[i].member), "", err.Error())
		}
	}
	return m, nil
}

// catchUp withholds from this payout what earlier payouts of the month owe
// since the member's total exceeds the threshold.
func (r TaxRule) catchUp(rate *big.Rat, result *Withholding, m *memberMonths, earlier []Withheld) error {
	var late []*memberMonth
	for _, e := range earlier {
		at, known := m.index[e.Member]
		if !known || e.Outside || !r.Threshold.Less(m.months[at].gross) {
			continue
		}
		due, err := r.tax(rate, e.Gross)
		if err != nil {
			return err
		}
		month := &m.months[at]
		month.owed = month.owed.Add(due).Sub(e.Tax).Sub(e.CatchUp)
		if !month.late {
			month.late = true
			late = append(late, month)
		}
	}
	if len(late) == 0 {
		return nil
	}
	for i, at := range m.of {
		if at >= 0 && m.months[at].late {
			m.months[at].rows = append(m.months[at].rows, i)
		}
	}
	slices.SortFunc(late, func(a, b *memberMonth) int { return strings.Compare(a.member, b.member) })
	for _, month := range late {
		slices.SortFunc(month.rows, func(a, b int) int { return strings.Compare(result.Rows[a].Account, result.Rows[b].Account) })
		for _, i := range month.rows {
			row := &result.Rows[i]
			row.CatchUp = month.owed.Min(row.Net).Max(ledger.Money{})
			row.Net = row.Net.Sub(row.CatchUp)
			month.owed = month.owed.Sub(row.CatchUp)
		}
		if month.owed.Sign() > 0 {
			result.Arrears = append(result.Arrears, Arrears{Member: month.member, Amount: month.owed})
		}
	}
	return nil
}

func (r TaxRule) check() (*big.Rat, error) {
	rate, reason := exactRatio(r.Rate)
	if reason == "" && (rate.Sign() < 0 || rate.Cmp(one()) > 0) {
		reason = "a rate is 0 to 1"
	}
	switch {
	case reason != "":
		return nil, taxError("rate", clipDecimal(r.Rate), reason)
	case r.Threshold.Err() != nil || r.Threshold.Sign() < 0:
		return nil, amountError(ErrTax, "threshold", r.Threshold, "not zero or above")
	case r.Step.Err() != nil || r.Step.Sign() <= 0:
		return nil, amountError(ErrTax, "rounding step", r.Step, "not above zero")
	case r.Rounding < ledger.RoundHalfUp || r.Rounding > ledger.RoundDown:
		return nil, taxError("rounding", r.Rounding.String(), "not a rule")
	}
	return rate, nil
}

func taxError(what, value, reason string) error {
	return &InputError{Kind: ErrTax, What: what, Value: value, Reason: reason}
}
