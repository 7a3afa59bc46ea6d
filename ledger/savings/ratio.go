package savings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// MaxNisbahDigits is the most decimal digits a nisbah may have.
const MaxNisbahDigits = 18

// DatedRatio is a ratio from a day on, until a later one replaces it: a nisbah
// that was agreed for one account, or the part of a share that goes to zakat.
type DatedRatio struct {
	From  ledger.Date
	Ratio decimal.Decimal // above 0 and at most 1; 0 ends it
}

// ratioOn returns the ratio that holds on a day, zero if none does.
func ratioOn(list []DatedRatio, day ledger.Date) decimal.Decimal {
	for _, r := range slices.Backward(list) {
		if !day.Before(r.From) {
			return r.Ratio
		}
	}
	return decimal.Decimal{}
}

// withRatio returns the list with one more ratio, by From: what was agreed for
// a later day stays after it, what was agreed for the same day stays instead.
func withRatio(list []DatedRatio, next DatedRatio) []DatedRatio {
	at, taken := slices.BinarySearchFunc(list, next.From, func(r DatedRatio, day ledger.Date) int { return r.From.Cmp(day) })
	if taken {
		return list
	}
	return slices.Insert(slices.Clip(list), at, next)
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

// storedRatio is a ratio as records keep it: text of our own making, since the
// decimal package's own JSON depends on process-wide switches. Zero is empty.
type storedRatio struct{ decimal.Decimal }

// MarshalJSON writes the exact text.
func (r storedRatio) MarshalJSON() ([]byte, error) {
	if r.Decimal.IsZero() {
		return []byte(`""`), nil
	}
	if why := nisbahFault(r.Decimal); why != "" {
		return nil, fmt.Errorf("%w: %s", ErrProduct, why)
	}
	return json.Marshal(nisbahText(r.Decimal))
}

// UnmarshalJSON reads what MarshalJSON wrote. Errors match [ErrFormat].
func (r *storedRatio) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("%w: nisbah: %w", ErrFormat, err)
	}
	if text == "" {
		*r = storedRatio{}
		return nil
	}
	if len(text) > ledger.MaxDecimalText {
		return fmt.Errorf("%w: nisbah of %d characters", ErrFormat, len(text))
	}
	n, err := decimal.NewFromString(text)
	if err != nil {
		return fmt.Errorf("%w: nisbah: %w", ErrFormat, err)
	}
	if why := nisbahFault(n); why != "" {
		return fmt.Errorf("%w: %s", ErrFormat, why)
	}
	r.Decimal = n
	return nil
}

// IsZero reports whether there is no ratio: it is then left out.
func (r storedRatio) IsZero() bool { return r.Decimal.IsZero() }

type datedRatioForm struct {
	From  ledger.Date `json:"from"`
	Ratio storedRatio `json:"ratio"`
}

// MarshalJSON writes the stored form, the ratio as exact text.
func (d DatedRatio) MarshalJSON() ([]byte, error) {
	return json.Marshal(datedRatioForm{d.From, storedRatio{d.Ratio}})
}

// UnmarshalJSON reads what MarshalJSON wrote. Errors match [ErrFormat].
func (d *DatedRatio) UnmarshalJSON(data []byte) error {
	var form datedRatioForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("%w: ratio: %w", ErrFormat, err)
	}
	d.From, d.Ratio = form.From, form.Ratio.Decimal
	return nil
}

// termsForm is how terms are stored.
type termsForm struct {
	From          ledger.Date  `json:"from"`
	Name          string       `json:"name,omitempty"`
	Nisbah        storedRatio  `json:"nisbah,omitzero"`
	Tiers         []tierForm   `json:"tiers,omitempty"`
	Tiering       Tiering      `json:"tiering,omitempty"`
	MinOpening    ledger.Money `json:"min_opening"`
	MinDeposit    ledger.Money `json:"min_deposit,omitzero"`
	MinBalance    ledger.Money `json:"min_balance"`
	MinEarning    ledger.Money `json:"min_earning,omitzero"`
	ShareAccount  string       `json:"share_account,omitempty"`
	Locked        bool         `json:"locked,omitempty"`
	Personal      bool         `json:"personal,omitempty"`
	Fees          Fees         `json:"fees,omitzero"`
	Taxed         bool         `json:"taxed,omitempty"`
	Zakat         bool         `json:"zakat,omitempty"`
	DormantMonths int          `json:"dormant_months,omitempty"`
	Tenors        []int        `json:"tenors,omitempty"`
	Matured       string       `json:"matured_account,omitempty"`
	Break         BreakRule    `json:"break,omitzero"`
	Goal          string       `json:"goal,omitempty"`
	Dues          ledger.Money `json:"dues,omitzero"`
	DuesEvery     int          `json:"dues_every,omitempty"`
	CallAccount   string       `json:"call_account,omitempty"`
}

type tierForm struct {
	From   ledger.Money `json:"from"`
	Nisbah storedRatio  `json:"nisbah"`
}

// MarshalJSON writes the stored form, every nisbah as exact text.
func (t Terms) MarshalJSON() ([]byte, error) {
	form := termsForm{From: t.From, Name: t.Name, Nisbah: storedRatio{t.Nisbah}, Tiering: t.Tiering,
		MinOpening: t.MinOpening, MinDeposit: t.MinDeposit, MinBalance: t.MinBalance, MinEarning: t.MinEarning,
		ShareAccount: t.ShareAccount, Locked: t.Locked, Personal: t.Personal, Fees: t.Fees, Taxed: t.Taxed, Zakat: t.Zakat,
		DormantMonths: t.DormantMonths, Tenors: t.Tenors, Matured: t.MaturedAccount, Break: t.Break, Goal: t.Goal, Dues: t.Dues, DuesEvery: t.DuesEvery, CallAccount: t.CallAccount}
	for _, tier := range t.Tiers {
		form.Tiers = append(form.Tiers, tierForm{tier.From, storedRatio{tier.Nisbah}})
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON wrote. Errors match [ErrFormat].
func (t *Terms) UnmarshalJSON(data []byte) error {
	var form termsForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("%w: terms: %w", ErrFormat, err)
	}
	*t = Terms{From: form.From, Name: form.Name, Nisbah: form.Nisbah.Decimal, Tiering: form.Tiering,
		MinOpening: form.MinOpening, MinDeposit: form.MinDeposit, MinBalance: form.MinBalance, MinEarning: form.MinEarning,
		ShareAccount: form.ShareAccount, Locked: form.Locked, Personal: form.Personal, Fees: form.Fees, Taxed: form.Taxed, Zakat: form.Zakat,
		DormantMonths: form.DormantMonths, Tenors: form.Tenors, MaturedAccount: form.Matured, Break: form.Break, Goal: form.Goal, Dues: form.Dues, DuesEvery: form.DuesEvery, CallAccount: form.CallAccount}
	for _, tier := range form.Tiers {
		t.Tiers = append(t.Tiers, Tier{tier.From, tier.Nisbah.Decimal})
	}
	return nil
}
