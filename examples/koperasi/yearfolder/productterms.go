package yearfolder

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// ProductTerms is one row of product_terms.csv: all further settings of a
// product from a day on, until its next row.
type ProductTerms struct {
	Place
	Product string
	Terms   savings.Terms // complete: nisbah, minima and name are the product's where the row leaves them empty
}

// termColumns are the optional columns of product_terms.csv.
func termColumns() []string {
	return []string{"name", "nisbah", "tiering", "tiers", "min_opening", "min_deposit", "min_balance", "min_earning",
		"fee_account", "fee_opening", "fee_monthly", "fee_inactive", "fee_passbook", "fee_closing",
		"taxed", "zakat", "locked", "personal", "dormant_months", "goal",
		"tenors", "matured_account", "penalty", "penalty_account", "keeps_share", "at_death",
		"dues", "dues_every", "call_account"}
}

// readProductTerms reads the rows of each product in the order of their days.
// The first may be of the opening date, which it is if it says so.
func (r *reader) readProductTerms() {
	t := r.tables[termsFile]
	last := map[string]*row{}
	days := map[string]ledger.Date{}
	for _, row := range t.rows {
		product, found := find(r.products, row, "product")
		terms := r.terms(row, product)
		if before, twice := last[product.Code]; found && twice && terms.From.Valid() && !days[product.Code].Before(terms.From) {
			row.faultf("from %q: does not follow that of line %d", terms.From, before.Line)
		}
		if found && terms.From.Valid() {
			last[product.Code], days[product.Code] = row, terms.From
		}
		if !row.bad {
			r.folder.Terms = append(r.folder.Terms, ProductTerms{row.Place, product.Code, terms})
		}
	}
}

// terms reads a row; whether the terms fit the akad is the savings desk's to say.
func (r *reader) terms(row *row, p Product) savings.Terms {
	money := func(column string, otherwise ledger.Money) ledger.Money {
		if row.cell(column) == "" {
			return otherwise
		}
		return row.amount(column)
	}
	none := ledger.Money{}
	months := func(column string) int { return ifAny(row, column, parseMonths) }
	terms := savings.Terms{
		From: r.termsFrom(row), Name: p.Name, Nisbah: p.Nisbah, ShareAccount: p.ShareAccount,
		Tiering: savings.Tiering(ifAny(row, "tiering", oneOf("level", "band"))), Tiers: ifAny(row, "tiers", parseTiers),
		MinOpening: money("min_opening", p.MinOpening), MinDeposit: money("min_deposit", none),
		MinBalance: money("min_balance", p.MinBalance), MinEarning: money("min_earning", none),
		Fees: savings.Fees{Opening: money("fee_opening", none), Monthly: money("fee_monthly", none), Inactive: money("fee_inactive", none),
			Passbook: money("fee_passbook", none), Closing: money("fee_closing", none), Account: r.accountIfAny(row, "fee_account", wanted{
				kinds: []ledger.Kind{ledger.Income}, what: "an income account without sub keys"})},
		Taxed: ifAny(row, "taxed", parseYesNo), Zakat: ifAny(row, "zakat", parseYesNo),
		Locked: ifAny(row, "locked", parseYesNo), Personal: ifAny(row, "personal", parseYesNo),
		DormantMonths: months("dormant_months"), Goal: row.remark("goal"), Tenors: ifAny(row, "tenors", parseTenors),
		MaturedAccount: r.accountIfAny(row, "matured_account", wanted{control: true, kinds: []ledger.Kind{ledger.Liability},
			side: ledger.CreditSide, what: "a liability account with sub keys whose normal side is credit"}),
		Break: savings.BreakRule{KeepsShare: ifAny(row, "keeps_share", parseYesNo), AtDeath: ifAny(row, "at_death", parseYesNo),
			Penalty: money("penalty", none), Account: r.accountIfAny(row, "penalty_account", wanted{
				kinds: []ledger.Kind{ledger.Benevolent}, what: "an account of the benevolent fund without sub keys"})},
		Dues: money("dues", none), DuesEvery: months("dues_every"), CallAccount: r.accountIfAny(row, "call_account", wanted{control: true,
			kinds: []ledger.Kind{ledger.Equity}, what: "an equity account with sub keys"}),
	}
	if row.cell("nisbah") != "" {
		terms.Nisbah = readCell(row, "nisbah", parseNisbah)
	}
	if row.cell("name") != "" {
		terms.Name = readCell(row, "name", parseLine)
	}
	return terms
}

// termsFrom reads the first day of terms: the opening date or a day of the year.
func (r *reader) termsFrom(row *row) ledger.Date {
	from := row.date("from")
	c := r.folder.Cooperative
	if from.Valid() && r.days && (from.Before(c.OpeningDate) || from.After(c.LastDay)) {
		row.faultf("from %q: outside the year %s to %s", from, c.OpeningDate, c.LastDay)
	}
	return from
}

// accountIfAny reads the code of an account, empty if the cell is.
func (r *reader) accountIfAny(row *row, column string, want wanted) string {
	if row.cell(column) == "" {
		return ""
	}
	return r.accountCode(row, column, want)
}

// parseTiers reads "0:0.30;1000000:0.40": from which average balance which nisbah.
func parseTiers(text string) ([]savings.Tier, error) {
	var tiers []savings.Tier
	for part := range strings.SplitSeq(text, ";") {
		from, nisbah, two := strings.Cut(strings.TrimSpace(part), ":")
		if !two {
			return nil, errors.New("want amounts and nisbahs such as 0:0.30;1000000:0.40")
		}
		amount, err := parseAmount(from)
		if err != nil {
			return nil, fmt.Errorf("amount %s: %w", quote(from), err)
		}
		ratio, err := parseNisbah(nisbah)
		if err != nil {
			return nil, fmt.Errorf("nisbah %s: %w", quote(nisbah), err)
		}
		tiers = append(tiers, savings.Tier{From: amount, Nisbah: ratio})
	}
	return tiers, nil
}

// parseTenors reads "1 3 6 12".
func parseTenors(text string) ([]int, error) {
	var tenors []int
	for _, part := range strings.Fields(text) {
		n, err := parseMonths(part)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quote(part), err)
		}
		tenors = append(tenors, n)
	}
	return tenors, nil
}
