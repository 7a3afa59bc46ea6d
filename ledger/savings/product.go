package savings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Akad is the contract a savings product rests on.
type Akad string

const (
	// Pokok is the principal savings every member pays once, on joining.
	Pokok Akad = "pokok"
	// Wajib is the mandatory savings every member pays each period.
	Wajib Akad = "wajib"
	// Wadiah is safe-keeping: the principal is owed, no return is promised.
	Wadiah Akad = "wadiah"
	// Mudharabah is capital that shares profit by the nisbah.
	Mudharabah Akad = "mudharabah"
)

// Akads lists the akads there are.
func Akads() []Akad { return []Akad{Pokok, Wajib, Wadiah, Mudharabah} }

// ParseAkad reads an akad's name in lower case. The error matches [ErrProduct].
func ParseAkad(text string) (Akad, error) {
	if a := Akad(text); slices.Contains(Akads(), a) {
		return a, nil
	}
	return "", &Refusal{Kind: ErrProduct, Code: "product.akad",
		Reason: fmt.Sprintf("unknown akad %q, want one of %v", clip(text), Akads())}
}

// kinds returns the account kinds on which savings of the akad may stand.
// Pokok and Wajib are own capital by law (UU 25/1992 art. 41) and in official
// forms, though many cooperatives owe them as liabilities; mudharabah money is
// a temporary syirkah fund (PSAK 101/401) and a liability in older charts.
func (a Akad) kinds() []ledger.Kind {
	switch a {
	case Pokok, Wajib:
		return []ledger.Kind{ledger.Equity, ledger.Liability}
	case Wadiah:
		return []ledger.Kind{ledger.Liability}
	case Mudharabah:
		return []ledger.Kind{ledger.Syirkah, ledger.Liability}
	}
	return nil
}

// MaxNisbahDigits is the most decimal digits a nisbah may have.
const MaxNisbahDigits = 18

// Terms are a product's terms from a day on, until later terms replace them.
type Terms struct {
	From ledger.Date // the first day they hold
	Name string      // Indonesian, as passbooks print it
	// Nisbah is the member's part of the result, above 0 and at most 1, with
	// at most [MaxNisbahDigits] decimals; only [Mudharabah] has one.
	Nisbah decimal.Decimal
	// MinOpening is the least first deposit, MinBalance the least that a
	// withdrawal or transfer may leave; both in minor units, not below zero.
	MinOpening, MinBalance ledger.Money
	// ShareAccount is debited with the owners' share of profit; only
	// [Mudharabah] has one.
	ShareAccount string
	// Locked savings cannot be withdrawn, transferred away or closed while the
	// holder is a member. The law means Pokok and Wajib to be so (UU 25/1992,
	// unconfirmed in detail), yet practice differs: the default is not locked,
	// and a cooperative sets it for its own products.
	Locked bool
}

// Product is a kind of savings that the cooperative offers. Code, akad and
// control account stay what they are; terms are dated.
type Product struct {
	Code    string  `json:"code"`
	Akad    Akad    `json:"akad"`
	Control string  `json:"control"` // the control account whose subs are the savings accounts
	Terms   []Terms `json:"terms"`   // by From, each from a later day than the one before
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

// Validate says whether the product's own data can be: akad, code and every
// set of terms. Whether the book has its accounts is asked when it is added.
// Errors match [ErrProduct].
func (p Product) Validate() error {
	refuse := func(code, reason, rule string) error {
		return &Refusal{Kind: ErrProduct, Code: code, Product: p.Code, Reason: reason, Rule: rule}
	}
	switch {
	case p.Code == "":
		return refuse("product.code", "a product needs a code", "")
	case !slices.Contains(Akads(), p.Akad):
		return refuse("product.akad", fmt.Sprintf("unknown akad %q, want one of %v", clip(string(p.Akad)), Akads()), "")
	case p.Control == "":
		return refuse("product.control", "a product needs a control account", "")
	case len(p.Terms) == 0:
		return refuse("product.terms", "a product needs terms", "")
	}
	for i, t := range p.Terms {
		if i > 0 && !p.Terms[i-1].From.Before(t.From) {
			return refuse("product.from", fmt.Sprintf("terms from %s must follow those from %s", t.From, p.Terms[i-1].From), "")
		}
		if err := t.validate(p.Akad, refuse); err != nil {
			return err
		}
	}
	return nil
}

func (t Terms) validate(akad Akad, refuse func(code, reason, rule string) error) error {
	if err := t.From.Err(); err != nil {
		return refuse("product.from", "first day: "+err.Error(), "")
	}
	if why := textFault(t.Name); why != "" {
		return refuse("product.name", "the name "+why, "")
	}
	for _, m := range [...]struct {
		what   string
		amount ledger.Money
	}{{"min_opening", t.MinOpening}, {"min_balance", t.MinBalance}} {
		if err := m.amount.Err(); err != nil || m.amount.Sign() < 0 {
			return refuse("product."+m.what, fmt.Sprintf("%s of %s: not an amount of zero or more", m.what, m.amount), "")
		}
	}
	if akad != Mudharabah {
		switch {
		case !t.Nisbah.IsZero():
			return refuse("product.nisbah", fmt.Sprintf("%s savings share no profit and have no nisbah", akad), RuleSavings)
		case t.ShareAccount != "":
			return refuse("product.share_account", fmt.Sprintf("%s savings share no profit and have no share account", akad), RuleSavings)
		}
		return nil
	}
	if why := nisbahFault(t.Nisbah); why != "" {
		return refuse("product.nisbah", why, RuleMudharabah)
	}
	if t.ShareAccount == "" {
		return refuse("product.share_account", "mudharabah savings need the account that bears the owners' share", "")
	}
	return nil
}

// nisbahFault looks at the exponent first: a decimal with a huge one is slow
// to compare and to print.
func nisbahFault(n decimal.Decimal) string {
	switch e := n.Exponent(); {
	case n.IsZero():
		return "a nisbah of 0, want above 0 and at most 1"
	case e < -MaxNisbahDigits:
		return fmt.Sprintf("a nisbah with more than %d decimals", MaxNisbahDigits)
	case e > 0 || n.Sign() < 0 || n.Cmp(decimal.New(1, 0)) > 0:
		return "a nisbah must be above 0 and at most 1"
	}
	return ""
}

// nisbahText is exact and the same for equal nisbahs: 0.4 for 0.40. What is no
// nisbah has none.
func nisbahText(n decimal.Decimal) string {
	if nisbahFault(n) != "" {
		return ""
	}
	text := n.StringFixed(MaxNisbahDigits)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// termsForm is how terms are stored. The nisbah is text of our own making:
// the decimal package's own JSON depends on process-wide switches.
type termsForm struct {
	From         ledger.Date  `json:"from"`
	Name         string       `json:"name,omitempty"`
	Nisbah       string       `json:"nisbah,omitempty"`
	MinOpening   ledger.Money `json:"min_opening"`
	MinBalance   ledger.Money `json:"min_balance"`
	ShareAccount string       `json:"share_account,omitempty"`
	Locked       bool         `json:"locked,omitempty"`
}

// MarshalJSON writes the stored form, the nisbah as exact text.
func (t Terms) MarshalJSON() ([]byte, error) {
	form := termsForm{From: t.From, Name: t.Name, MinOpening: t.MinOpening, MinBalance: t.MinBalance,
		ShareAccount: t.ShareAccount, Locked: t.Locked}
	if !t.Nisbah.IsZero() {
		if why := nisbahFault(t.Nisbah); why != "" {
			return nil, fmt.Errorf("%w: %s", ErrProduct, why)
		}
		form.Nisbah = nisbahText(t.Nisbah)
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON wrote. Errors match [ErrFormat].
func (t *Terms) UnmarshalJSON(data []byte) error {
	var form termsForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("%w: terms: %w", ErrFormat, err)
	}
	read := Terms{From: form.From, Name: form.Name, MinOpening: form.MinOpening, MinBalance: form.MinBalance,
		ShareAccount: form.ShareAccount, Locked: form.Locked}
	if form.Nisbah != "" {
		if len(form.Nisbah) > ledger.MaxDecimalText {
			return fmt.Errorf("%w: nisbah of %d characters", ErrFormat, len(form.Nisbah))
		}
		n, err := decimal.NewFromString(form.Nisbah)
		if err != nil {
			return fmt.Errorf("%w: nisbah: %w", ErrFormat, err)
		}
		if why := nisbahFault(n); why != "" {
			return fmt.Errorf("%w: %s", ErrFormat, why)
		}
		read.Nisbah = n
	}
	*t = read
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
