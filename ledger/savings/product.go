package savings

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Product is a kind of savings that the cooperative offers. Code, akad and
// control account stay what they are; terms are dated.
type Product struct {
	Code    string  `json:"code"`
	Akad    Akad    `json:"akad"`
	Control string  `json:"control"` // the control account whose subs are the savings accounts
	Terms   []Terms `json:"terms"`   // by From, each from a later day than the one before
}

// Terms are a product's terms from a day on, until later terms replace them.
// Amounts are in minor units and not below zero; zero means that there is no
// such minimum, fee or rule.
type Terms struct {
	From ledger.Date // the first day they hold
	Name string      // Indonesian, as passbooks print it
	// Nisbah is the member's part of the result, above 0 and at most 1, with
	// at most [MaxNisbahDigits] decimals; only akads that share profit have one.
	Nisbah decimal.Decimal
	// Tiers, if any, give the nisbah by average balance instead, by Tiering.
	Tiers   []Tier
	Tiering Tiering
	// MinOpening is the least first deposit, MinDeposit the least of every
	// later one, MinBalance the least that a withdrawal or transfer may leave.
	MinOpening, MinDeposit, MinBalance ledger.Money
	// MinEarning is the least average balance of a month that earns a share.
	MinEarning ledger.Money
	// ShareAccount is debited with the owners' share of profit; only akads that
	// share profit have one.
	ShareAccount string
	// Locked savings cannot be withdrawn, transferred away or closed while the
	// holder is a member. The law means Pokok and Wajib to be so (UU 25/1992,
	// unconfirmed in detail), yet practice differs: the default is not locked,
	// and a cooperative sets it for its own products.
	Locked bool
	// Personal savings cannot be made over to another member, whether locked or
	// not. The law means Pokok and Wajib to be so (UU 25/1992 art. 19,
	// unconfirmed); as with Locked, the cooperative sets it.
	Personal bool
	// Fees are what the cooperative may charge, as the akad discloses them.
	Fees Fees
	// Taxed says that the final tax on savings returns applies (PP 15/2009);
	// Zakat that members may give a mandate to pay zakat from their share.
	Taxed, Zakat bool
	// DormantMonths is after how many calendar months without a movement of the
	// member's own an account is dormant, up to 1200; 0, the default, for never.
	// Usual are 6 or 12 (unconfirmed). See [Desk.MarkDormant].
	DormantMonths int
	// Tenors are the terms in months that [Berjangka] offers, ascending. With
	// any, its accounts are opened for a term; see [Term].
	Tenors []int
	// MaturedAccount is the liability control account on which matured time
	// savings wait for their holder. They earn nothing there.
	MaturedAccount string
	// Break is what becomes of time savings that are broken early.
	Break BreakRule
	// Goal names what the savings are for, empty for none. Until the account's
	// goal day they leave it only for the goal.
	Goal string
	// Dues is what each period of [Wajib] asks, DuesEvery the months of a
	// period, 0 meaning 1.
	Dues      ledger.Money
	DuesEvery int
	// CallAccount is the contra-equity control account of dues that were called
	// but are not yet paid. Empty, the default: dues are a register only, since
	// a call on members is not an asset.
	CallAccount string
}

// Fees are the charges of a product. They go to Account, an income account.
type Fees struct {
	Opening  ledger.Money `json:"opening,omitzero"`
	Monthly  ledger.Money `json:"monthly,omitzero"`
	Inactive ledger.Money `json:"inactive,omitzero"` // monthly, only while the account is dormant
	Passbook ledger.Money `json:"passbook,omitzero"` // a replaced passbook
	Closing  ledger.Money `json:"closing,omitzero"`
	Account  string       `json:"account,omitempty"`
}

// Tiering names the mechanics of a tier table.
type Tiering string

const (
	// ByLevel gives the whole balance the nisbah of the tier it reaches.
	ByLevel Tiering = "level"
	// ByBand gives each slice of the balance the nisbah of its own tier.
	ByBand Tiering = "band"
)

// Tier is one row of a tier table, stated in the akad (multi-nisbah, DSN-MUI
// 115/2017, unconfirmed). The first begins at zero, each next one higher.
type Tier struct {
	From   ledger.Money    // the average balance at which it begins
	Nisbah decimal.Decimal // as in [Terms]
}

// On returns the terms that hold on a day; false before the first of them.
func (p Product) On(day ledger.Date) (Terms, bool) {
	for _, t := range slices.Backward(p.Terms) {
		if !day.Before(t.From) {
			return t, true
		}
	}
	return Terms{}, false
}

// Shares reports whether the terms give the owners a part of the result.
func (t Terms) Shares() bool { return !t.Nisbah.IsZero() }

// Validate says whether the product's own data can be: akad, code and every
// set of terms. Whether the book has its accounts is asked when it is added.
// Errors match [ErrProduct].
func (p Product) Validate() error {
	switch {
	case p.Code == "":
		return p.refuse("product.code", "a product needs a code", "")
	case !slices.Contains(Akads(), p.Akad):
		return p.refuse("product.akad", fmt.Sprintf("unknown akad %q, want one of %v", clip(string(p.Akad)), Akads()), "")
	case p.Control == "":
		return p.refuse("product.control", "a product needs a control account", "")
	case len(p.Terms) == 0:
		return p.refuse("product.terms", "a product needs terms", "")
	}
	for i, t := range p.Terms {
		if i > 0 && !p.Terms[i-1].From.Before(t.From) {
			return p.refuse("product.from", fmt.Sprintf("terms from %s must follow those from %s", t.From, p.Terms[i-1].From), "")
		}
		if err := p.validate(t); err != nil {
			return err
		}
	}
	return nil
}

func (p Product) refuse(code, reason, rule string) error {
	return &Refusal{Kind: ErrProduct, Code: code, Product: p.Code, Reason: reason, Rule: rule}
}

func (p Product) validate(t Terms) error {
	if err := t.From.Err(); err != nil {
		return p.refuse("product.from", "first day: "+err.Error(), "")
	}
	for _, text := range [...]struct{ what, text string }{{"name", t.Name}, {"goal", t.Goal}} {
		if why := textFault(text.text); why != "" {
			return p.refuse("product."+text.what, "the "+text.what+" "+why, "")
		}
	}
	for _, m := range [...]struct {
		what   string
		amount ledger.Money
	}{
		{"min_opening", t.MinOpening}, {"min_deposit", t.MinDeposit}, {"min_balance", t.MinBalance}, {"min_earning", t.MinEarning},
		{"fees.opening", t.Fees.Opening}, {"fees.monthly", t.Fees.Monthly}, {"fees.inactive", t.Fees.Inactive},
		{"fees.passbook", t.Fees.Passbook}, {"fees.closing", t.Fees.Closing}, {"dues", t.Dues}, {"break.penalty", t.Break.Penalty},
	} {
		if err := m.amount.Err(); err != nil || m.amount.Sign() < 0 {
			return p.refuse("product."+m.what, fmt.Sprintf("%s of %s: not an amount of zero or more", m.what, m.amount), "")
		}
	}
	if err := p.validateRules(t); err != nil {
		return err
	}
	return p.validateNisbah(t)
}

// validateRules checks what belongs to some akads only.
func (p Product) validateRules(t Terms) error {
	switch {
	case t.Fees != (Fees{Account: t.Fees.Account}) && t.Fees.Account == "":
		return p.refuse("product.fees", "fees need the income account they go to", "")
	case t.DormantMonths < 0 || t.DormantMonths > maxDormantMonths:
		return p.refuse("product.dormant_months", fmt.Sprintf("%d months without movement, want 0 to %d", t.DormantMonths, maxDormantMonths), "")
	case p.Akad != Wajib && (!t.Dues.IsZero() || t.DuesEvery != 0 || t.CallAccount != ""):
		return p.refuse("product.dues", fmt.Sprintf("%s savings have no dues", p.Akad), "")
	case t.DuesEvery < 0 || t.DuesEvery > maxDuesEvery:
		return p.refuse("product.dues_every", fmt.Sprintf("dues every %d months, want 1 to %d", t.DuesEvery, maxDuesEvery), "")
	case t.CallAccount != "" && t.CallAccount != p.callAccount():
		return p.refuse("product.call_account", fmt.Sprintf("dues were called on account %s: that cannot change", clip(p.callAccount())), "")
	case p.Akad != Berjangka && len(t.Tenors) > 0:
		return p.refuse("product.tenors", fmt.Sprintf("%s savings have no fixed term", p.Akad), "")
	case len(t.Tenors) == 0 && (t.MaturedAccount != "" || t.Break != BreakRule{}):
		return p.refuse("product.matured_account", "only savings for a fixed term mature or are broken", "")
	case !t.Break.Penalty.IsZero() && t.Break.Account == "":
		return p.refuse("product.break.account", "a penalty needs the account of the benevolent fund that it goes to", RulePenalty)
	case p.Akad.Capital() && t.Goal != "":
		return p.refuse("product.goal", fmt.Sprintf("%s savings are capital and not for a goal", p.Akad), "")
	}
	for i, months := range t.Tenors {
		if months < 1 || months > maxTermMonths || i > 0 && months <= t.Tenors[i-1] {
			return p.refuse("product.tenors", fmt.Sprintf("terms of %v months: not ascending from 1 to %d months", t.Tenors, maxTermMonths), "")
		}
	}
	return nil
}

func (p Product) validateNisbah(t Terms) error {
	if !p.Akad.shares() && t.Nisbah.IsZero() {
		what := ""
		switch {
		case t.ShareAccount != "":
			what = "share_account"
		case len(t.Tiers) > 0:
			what = "tiers"
		case !t.MinEarning.IsZero():
			what = "min_earning"
		default:
			return nil
		}
		return p.refuse("product."+what, fmt.Sprintf("%s savings share no profit and have no %s", p.Akad, what), RuleSavings)
	}
	if !p.Akad.mayShare() {
		return p.refuse("product.nisbah", fmt.Sprintf("%s savings share no profit and have no nisbah", p.Akad), RuleSavings)
	}
	if why := nisbahFault(t.Nisbah); why != "" {
		return p.refuse("product.nisbah", why, RuleMudharabah)
	}
	if t.ShareAccount == "" {
		return p.refuse("product.share_account", fmt.Sprintf("%s savings need the account that bears the owners' share", p.Akad), "")
	}
	if len(t.Tiers) > 0 && t.Tiering != ByLevel && t.Tiering != ByBand {
		return p.refuse("product.tiering", fmt.Sprintf("tiers by %q, want by level or by band", clip(string(t.Tiering))), "")
	}
	for i, tier := range t.Tiers {
		switch why := nisbahFault(tier.Nisbah); {
		case why != "":
			return p.refuse("product.tiers", fmt.Sprintf("tier %d: %s", i+1, why), RuleMudharabah)
		case i == 0 && !tier.From.IsZero():
			return p.refuse("product.tiers", "the first tier does not begin at zero", "")
		case tier.From.Err() != nil || i > 0 && !t.Tiers[i-1].From.Less(tier.From):
			return p.refuse("product.tiers", fmt.Sprintf("tier %d does not begin above the one before", i+1), "")
		}
	}
	return nil
}

// ProductEvent is what happened to a product: it was added, or its terms
// changed from a day on.
type ProductEvent struct {
	Name    string `json:"name"` // "add" or "change"
	Code    string `json:"code"`
	Akad    Akad   `json:"akad,omitempty"`
	Control string `json:"control,omitempty"`
	Terms   Terms  `json:"terms"`
}

// Apply returns the product after an event. It computes no rule.
func (p Product) Apply(e ProductEvent) Product {
	if e.Name == "add" {
		p.Code, p.Akad, p.Control = e.Code, e.Akad, e.Control
	}
	p.Terms = append(slices.Clip(p.Terms), e.Terms)
	return p
}
