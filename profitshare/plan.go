package profitshare

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Plan says what one pool shares every month, among which products, and on
// which accounts of the book. It is the caller's setting; a run keeps the one
// it was posted with. Which income belongs to the pool is agreed in the akad:
// fees for services are usually the manager's own, margin and returns on
// placements the pool's.
type Plan struct {
	Name string `json:"name"` // names the pool; part of the id of its runs
	// Income is the accounts whose income is shared, and Basis whether it must
	// have been received for it.
	Income []IncomeSource `json:"income"`
	Basis  IncomeBasis    `json:"basis,omitempty"`
	// Wadiah makes it a plan for bonuses on safekeeping: a decision of the board
	// after the month, the cooperative's expense. It has no income; its products
	// have liability accounts and expense accounts, and no nisbah.
	Wadiah bool `json:"wadiah,omitempty"`
	// Approvers are the bodies that must approve a month between preview and
	// posting, such as "manajemen" and "DPS"; none lets it be posted at once.
	Approvers []string `json:"approvers,omitempty"`
	// Products are all products of the pool: an account of another one is
	// refused, so that a new product is not forgotten month after month.
	Products []Product `json:"products"`
	// Payable is the control account on which shares are owed from the last day
	// of the month until they are paid, one sub for each earning account.
	Payable string `json:"payable"`
	// Tax is credited with what is withheld, and TaxRules says how much.
	Tax      string   `json:"tax"`
	TaxRules TaxRules `json:"-"` // a run keeps the rule by which it was paid
	// Zakat is where zakat by mandate goes, and ZakatRules at which rate; both
	// only where members have given mandates.
	Zakat      ZakatPlace `json:"zakat,omitzero"`
	ZakatRules ZakatRules `json:"-"`
	Rounding   Rounding   `json:"rounding"`
	// LeftoverFrom is debited with what MemberHalfUp and MemberDown leave over.
	// Rounding.LeftoverTo is then the account that is credited with it: a
	// liability, a syirkah or the benevolent fund, never the manager's own.
	LeftoverFrom string    `json:"leftover_from,omitempty"`
	Split        Splitting `json:"split,omitzero"`
	// Equalisation is the PER, Risk the IRR, and HibahFrom the expense account
	// of the manager's gifts. None is needed; see [Decision].
	Equalisation ReservePlace `json:"equalisation,omitzero"`
	Risk         ReservePlace `json:"risk,omitzero"`
	HibahFrom    string       `json:"hibah_from,omitempty"`
	// Uncollected is a liability with a sub for each account: capital that is
	// given back to an account which takes no credits any more, because it is
	// closed or blocked, is owed there. Only plans that carry losses need it.
	Uncollected string `json:"uncollected,omitempty"`
	// Benevolent is credited with penalties for breaking a term; see [Advance].
	Benevolent string `json:"benevolent,omitempty"`
}

// Product is one product of a pool.
type Product struct {
	Code         string          `json:"code"`
	Control      string          `json:"control"`       // whose subs are the product's accounts
	ShareAccount string          `json:"share_account"` // debited with the owners' share
	Nisbah       decimal.Decimal `json:"nisbah"`        // of accounts that state none of their own
	Weight       decimal.Decimal `json:"weight"`        // of accounts that state none; zero means 1, not weighted
	// Tiering and Tiers are a ladder by average balance, stated in the akad, for
	// accounts without a nisbah of their own; none if the product has no tiers.
	Tiering Tiering `json:"tiering,omitempty"`
	Tiers   []Tier  `json:"tiers,omitempty"`
	// Minimum is the average balance of the month below which an account earns
	// nothing and takes no part.
	Minimum  ledger.Money `json:"minimum,omitzero"`
	Weighing Weighing     `json:"weighing,omitzero"`
}

// Splitting says how the pool's income is split between the members' funds and
// the cooperative's own. The zero value shares the whole (SplitWhole); the
// other policies read the balances of accounts over the month, and tell income
// from placements by its nature.
type Splitting struct {
	Policy    SplitPolicy     `json:"policy,omitempty"`
	Financing []string        `json:"financing,omitempty"` // asset accounts, contra accounts included
	Own       []string        `json:"own,omitempty"`       // accounts of own funds, standing on the credit side
	Weight    decimal.Decimal `json:"weight,omitzero"`     // of the syirkah funds; zero means 1
	// OwnPart is the part of Own that stands in this pool, above 0 and at most 1,
	// where own funds are in several; zero means 1.
	OwnPart decimal.Decimal `json:"own_part,omitzero"`
}

// IsZero reports whether s is the default.
func (s Splitting) IsZero() bool {
	return s.Policy == 0 && len(s.Financing)+len(s.Own) == 0 && s.Weight.IsZero() && s.OwnPart.IsZero()
}

func (s Splitting) ownPart() decimal.Decimal {
	if s.OwnPart.IsZero() {
		return decimal.NewFromInt(1)
	}
	return s.OwnPart
}

func (s Splitting) checkOwnPart() error {
	part, reason := exactRatio(s.ownPart())
	if reason == "" && (part.Sign() <= 0 || part.Cmp(one()) > 0) {
		reason = "the part of own funds in the pool is above 0 and at most 1"
	}
	if reason != "" {
		return planError("own part of the split", clipDecimal(s.OwnPart), reason, "")
	}
	return nil
}

// Rules that a plan is refused by.
const (
	// RulePenalty: penalties go to the benevolent fund and are nobody's income.
	RulePenalty = "DSN-MUI 17/2000"
	// RuleReceived: what is shared is income, never capital or a fund.
	RuleReceived = "DSN-MUI 15/2000"
)

// maxPlanName keeps the ids of runs within what the book takes.
const maxPlanName = 100

// productOf returns the place of a product, -1 for none.
func (p *Plan) productOf(code string) int {
	return slices.IndexFunc(p.Products, func(q Product) bool { return q.Code == code })
}

// check refuses a plan that this book cannot carry out. What its ratios may be
// is judged by the distribution itself.
func (p *Plan) check(tx *ledger.Tx) error {
	switch {
	case p.Name == "" || len(p.Name) > maxPlanName:
		return planError("name", p.Name, fmt.Sprintf("is not 1 to %d bytes", maxPlanName), "")
	case !utf8.ValidString(p.Name) || strings.ContainsFunc(p.Name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return planError("name", fmt.Sprintf("%q", p.Name), "has a character that cannot be printed", "")
	case len(p.Income) == 0 && !p.Wadiah:
		return planError("income", "", "no account whose income is shared", "")
	case len(p.Products) == 0:
		return planError("products", "", "none", "")
	}
	if err := p.Rounding.check(); err != nil {
		return err
	}
	if err := p.checkRatios(); err != nil {
		return err
	}
	if err := p.checkIncome(tx); err != nil {
		return err
	}
	if p.Wadiah {
		if err := p.checkWadiah(tx); err != nil {
			return err
		}
	}
	if err := p.checkProducts(tx); err != nil {
		return err
	}
	owed := []ledger.Kind{ledger.Liability, ledger.Syirkah}
	if err := (planAccount{"payable", p.Payable, owed, true, ""}).check(tx); err != nil {
		return err
	}
	if err := (planAccount{"tax", p.Tax, owed[:1], false, ""}).check(tx); err != nil {
		return err
	}
	if p.Uncollected != "" {
		if err := (planAccount{"uncollected", p.Uncollected, owed[:1], true, ""}).check(tx); err != nil {
			return err
		}
		if p.Uncollected == p.Payable {
			return planError("uncollected", p.Uncollected, "is the payable account, whose debits are shares and taxed", "")
		}
	}
	if p.Benevolent != "" {
		if err := (planAccount{"benevolent", p.Benevolent, []ledger.Kind{ledger.Benevolent}, false, RulePenaltyOfBreaking}).check(tx); err != nil {
			return err
		}
	}
	if err := p.Zakat.check(tx); err != nil {
		return err
	}
	if !p.leaves() {
		return nil
	}
	to := planAccount{"leftover to", p.Rounding.LeftoverTo, append(owed, ledger.Benevolent), false, ""}
	if err := to.check(tx); err != nil {
		return err
	}
	return p.checkShareAccount(tx, "leftover from", p.LeftoverFrom)
}

// checkRatios refuses numbers that are too long to be kept with a run, also
// those of products that have no account yet.
func (p *Plan) checkRatios() error {
	check := func(what string, ratio decimal.Decimal) error {
		if _, reason := exactRatio(ratio); reason != "" {
			return planError(what, clipDecimal(ratio), reason, "")
		}
		return nil
	}
	for _, q := range p.Products {
		if err := check("nisbah of product "+q.Code, q.Nisbah); err != nil {
			return err
		}
		if err := check("weight of product "+q.Code, q.Weight); err != nil {
			return err
		}
		if err := q.checkLadder(); err != nil {
			return err
		}
	}
	if err := p.Split.checkOwnPart(); err != nil {
		return err
	}
	return check("weight of the split", p.Split.Weight)
}

// leaves reports whether the rounding can leave something over.
func (p *Plan) leaves() bool {
	return p.Rounding.Rule == MemberHalfUp || p.Rounding.Rule == MemberDown || p.Rounding.PrintedHI != nil
}

func (p *Plan) checkProducts(tx *ledger.Tx) error {
	for i, q := range p.Products {
		capital := []ledger.Kind{ledger.Syirkah, ledger.Liability}
		switch {
		case q.Code == "" || p.productOf(q.Code) != i:
			return planError("product", q.Code, "the code is missing or stands twice", "")
		case q.Control == p.Payable:
			return planError("product", q.Code, "its control account is the payable account, which would earn on what it owes", "")
		}
		if err := (planAccount{"control of product " + q.Code, q.Control, capital, true, ""}).check(tx); err != nil {
			return err
		}
		if err := p.checkShareAccount(tx, "share account of product "+q.Code, q.ShareAccount); err != nil {
			return err
		}
	}
	return nil
}

// checkShareAccount asks for the deduction from income (hak pihak ketiga) or,
// in older charts, an expense; not for what is shared, whose income it would cut.
func (p *Plan) checkShareAccount(tx *ledger.Tx, what, code string) error {
	if p.pools(code) {
		return planError(what, code, "is one of the pool's income accounts: the share would cut what is shared", "")
	}
	return planAccount{what, code, []ledger.Kind{ledger.Income, ledger.Expense}, false, ""}.check(tx)
}

// planAccount is what an account of a plan must be.
type planAccount struct {
	what, code string
	kinds      []ledger.Kind
	control    bool
	source     string
}

func (a planAccount) check(tx *ledger.Tx) error {
	account, found, err := tx.Account(a.code)
	switch {
	case err != nil:
		return err
	case !found:
		return planError(a.what, a.code, "is not in the chart", a.source)
	case !slices.Contains(a.kinds, account.Kind):
		return planError(a.what, a.code, fmt.Sprintf("is of kind %s, want one of %v", account.Kind, a.kinds), a.source)
	case a.control && !account.Control:
		return planError(a.what, a.code, "has no subs, want one for each account", a.source)
	case !a.control && account.Control:
		return planError(a.what, a.code, "is a control account", a.source)
	case account.Header || account.Retired:
		return planError(a.what, a.code, "takes no lines", a.source)
	}
	return nil
}

// split asks the policy for the syirkah funds' part of the income.
func (p *Plan) split(tx *ledger.Tx, month ledger.Month, income []AccountIncome, syirkah ledger.BalanceDays) (Split, error) {
	s := p.Split
	if s.Policy == 0 || s.Policy == SplitWhole {
		return Split{}, nil
	}
	f := Funds{Syirkah: syirkah, Weight: s.Weight, OwnPart: s.OwnPart}
	if f.Weight.IsZero() {
		f.Weight = decimal.NewFromInt(1)
	}
	for n, i := range income {
		into := &f.FinancingIncome
		if p.Income[n].Nature == PlacementIncome {
			into = &f.PlacementIncome
		}
		*into = into.Add(i.Amount)
	}
	for _, code := range s.Financing {
		days, err := tx.BalanceDays(code, "", month.First(), month.Last())
		if err != nil {
			return Split{}, err
		}
		f.Financing = f.Financing.Add(days)
	}
	for _, code := range s.Own {
		days, err := tx.BalanceDays(code, "", month.First(), month.Last())
		if err != nil {
			return Split{}, err
		}
		f.Own = f.Own.Sub(days)
	}
	return f.Split(s.Policy)
}

func planError(what, value, reason, source string) error {
	return &InputError{Kind: ErrPlan, What: "plan: " + what, Value: clipText(value), Reason: reason, Source: source}
}
