package profitshare

import (
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// RuleMandate: zakat is the member's own; without a written mandate the
// cooperative has no right to take it.
const RuleMandate = "UU 23/2011 (unconfirmed)"

// Mandate is a member's written instruction to give zakat on the shares of an
// account. It is the only thing that makes a share give any.
type Mandate struct {
	Document string      // where it is written; a mandate without one is refused
	From     ledger.Date // the first day on which it holds
	// Rate is the part that the member names; zero means the rule's.
	Rate decimal.Decimal
}

// ZakatRule is how zakat on shares is computed from a day on: dated data.
type ZakatRule struct {
	From ledger.Date
	Rate decimal.Decimal // 0.025 for two and a half percent
	// OfGross takes it of the gross share; otherwise of what is left after tax.
	OfGross  bool
	Rounding ledger.Rounding
	Step     ledger.Money
	Source   string
}

// ZakatOnShares is two and a half percent of the share after tax, cut to whole
// rupiah: the usual rate for income (Fatwa MUI 3/2003, unconfirmed). Whether
// the member's income reaches the nisab is the member's to judge, not ours.
func ZakatOnShares() ZakatRule {
	return ZakatRule{
		From: ledger.On(2003, 6, 7), Rate: decimal.New(25, -3), Rounding: ledger.RoundDown, Step: ledger.IDR.Of(1),
		Source: "Fatwa MUI 3/2003 (unconfirmed)",
	}
}

// ZakatRules is a table of dated rules, in any order.
type ZakatRules []ZakatRule

// On returns the rule in force on a day. A day before all rules is an error
// that matches [ErrZakat].
func (z ZakatRules) On(day ledger.Date) (ZakatRule, error) {
	var found ZakatRule
	for _, rule := range z {
		switch {
		case !rule.From.Valid() || rule.From == found.From:
			return ZakatRule{}, zakatError("rule", rule.Source, "has no day of its own from which it is in force")
		case !rule.From.After(day) && found.From.Before(rule.From):
			found = rule
		}
	}
	if !day.Valid() || found.From.IsZero() {
		return ZakatRule{}, zakatError("day", day.String(), "no zakat rule is in force")
	}
	return found, nil
}

// ZakatPlace is the account that zakat by mandate is credited to: the zakat
// fund, or a liability to another amil (titipan zakat). Never income.
type ZakatPlace struct {
	Account string `json:"account,omitempty"`
}

// IsZero reports whether no account is named.
func (z ZakatPlace) IsZero() bool { return z.Account == "" }

func (z ZakatPlace) check(tx *ledger.Tx) error {
	if z.IsZero() {
		return nil
	}
	return planAccount{"zakat", z.Account, []ledger.Kind{ledger.Zakat, ledger.Liability}, false, RuleMandate}.check(tx)
}

// Zakat returns what a mandate gives of one withheld return under the rule.
// Errors match [ErrZakat].
func (r ZakatRule) Zakat(m Mandate, row Withheld) (ledger.Money, error) {
	if m.Document == "" {
		return ledger.Money{}, &InputError{Kind: ErrZakat, What: named("mandate for account", row.Account), Reason: "is not written anywhere", Source: RuleMandate}
	}
	part := r.Rate
	if !m.Rate.IsZero() {
		part = m.Rate
	}
	rate, reason := exactRatio(part)
	if reason == "" && (rate.Sign() <= 0 || rate.Cmp(one()) > 0) {
		reason = "a rate of zakat is above 0 and at most 1"
	}
	if reason != "" {
		return ledger.Money{}, zakatError(named("mandate for account", row.Account), clipDecimal(part), reason)
	}
	if r.Step.Sign() <= 0 {
		return ledger.Money{}, amountError(ErrZakat, "rounding step", r.Step, "not above zero")
	}
	base := row.Net
	if r.OfGross {
		base = row.Gross
	}
	zakat, err := ledger.Round(new(big.Rat).Mul(rate, ratOf(base)), r.Step, r.Rounding)
	return zakat.Min(row.Net), err
}

// giveZakat takes zakat by mandate from the shares of a pay-out.
func (p *Plan) giveZakat(pay *payment, date ledger.Date) error {
	for i := range pay.withheld.Rows {
		m := pay.payees[i].zakat
		if m == nil || date.Before(m.From) {
			continue
		}
		row := &pay.withheld.Rows[i]
		if p.Zakat.IsZero() {
			return zakatError(named("mandate for account", row.Account), m.Document, "the plan of the run names no zakat account")
		}
		rule, err := p.ZakatRules.On(date)
		if err != nil {
			return err
		}
		if row.Zakat, err = rule.Zakat(*m, *row); err != nil {
			return err
		}
		row.Net = row.Net.Sub(row.Zakat)
		pay.withheld.Zakat, pay.withheld.Net = pay.withheld.Zakat.Add(row.Zakat), pay.withheld.Net.Sub(row.Zakat)
	}
	return nil
}

func zakatError(what, value, reason string) error {
	return &InputError{Kind: ErrZakat, What: what, Value: clipText(value), Reason: reason}
}
