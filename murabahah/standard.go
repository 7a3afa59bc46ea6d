package murabahah

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Risk is how uncertain, or how costly, it is that a debt is collected.
type Risk string

const (
	SmallRisk     Risk = ""
	LargeRisk     Risk = "large"
	VeryLargeRisk Risk = "very_large"
)

// Facts are what a standard asks about a sale before it lets margin be
// recognised by a method.
type Facts struct {
	Cash          bool `json:"cash,omitempty"`           // paid at the akad
	Months        int  `json:"months,omitempty"`         // from the akad to the last instalment, begun ones counted
	Collection    Risk `json:"collection,omitempty"`     // asked by the 2016 rules
	Financing     bool `json:"financing,omitempty"`      // a significant financing element; asked by the 2019 rules
	InventoryRisk bool `json:"inventory_risk,omitempty"` // the seller bears significant risk of owning the goods; asked by the 2019 rules
}

// Standard is the rule of recognition in force from a day on: dated data of
// the product, so that old and new contracts stand side by side. The
// cooperative may narrow Methods, which its sharia board chooses from
// (DSN-MUI 84/2012 allows proportional and annuity).
type Standard struct {
	Name  string      `json:"name"`
	From  ledger.Date `json:"from"` // akads from this day on
	Asks  Criterion   `json:"asks"`
	Short int         `json:"short,omitempty"` // months up to which a term counts as short, of the 2016 rules
	// Methods that the cooperative uses at all; empty allows what the standard does.
	Methods []Method `json:"methods,omitempty"`
}

// Criterion is what a standard decides by.
type Criterion string

const (
	ByCollectionRisk Criterion = "collection_risk" // the rules of 2007, as revised in 2013 and 2016
	ByFinancing      Criterion = "financing"       // the rules of 2019
)

// Standards returns the rules of PSAK 102 (402 since 2024): those of 2016, and
// those of 2019 from the day the cooperative gives, on which it took them up.
// Their paragraphs are unconfirmed; edit them where practice differs.
func Standards(from2019 ledger.Date) []Standard {
	return []Standard{
		{Name: "PSAK 102 (2016)", From: ledger.On(2008, 1, 1), Asks: ByCollectionRisk, Short: 12},
		{Name: "PSAK 402 (2019)", From: from2019, Asks: ByFinancing},
	}
}

// StandardOn returns the standard for an akad of a day: the latest that starts
// on or before it; false if there is none.
func StandardOn(standards []Standard, on ledger.Date) (Standard, bool) {
	var found Standard
	ok := false
	for _, s := range standards {
		if !s.From.After(on) && (!ok || s.From.After(found.From)) {
			found, ok = s, true
		}
	}
	return found, ok
}

// Allows returns the methods by which margin may be recognised.
func (s Standard) Allows(f Facts) []Method {
	var methods []Method
	switch {
	case f.Cash:
		methods = []Method{AtDelivery}
	case s.Asks == ByFinancing && !f.Financing:
		methods = []Method{AtDelivery}
	case s.Asks == ByFinancing && f.InventoryRisk:
		methods = []Method{Proportional}
	case s.Asks == ByFinancing:
		methods = []Method{Annuity, AnnuityAtRate, Planned}
	case f.Collection == VeryLargeRisk:
		methods = []Method{AfterCollected}
	case f.Collection == SmallRisk && f.Months <= s.Short:
		methods = []Method{AtDelivery}
	default: // financing murabahah by annuity since DSN-MUI 84/2012
		methods = []Method{Proportional, Annuity, AnnuityAtRate, Planned}
	}
	if len(s.Methods) == 0 {
		return methods
	}
	return slices.DeleteFunc(methods, func(m Method) bool { return !slices.Contains(s.Methods, m) })
}

// Admit says whether terms follow the standard. The error matches [ErrTerms].
func (s Standard) Admit(t Terms, f Facts) error {
	if allowed := s.Allows(f); !slices.Contains(allowed, t.Recognition.Method) {
		return t.refuseRule(s.Name, "terms.standard", "method %s is not for such a sale, want one of %v", t.Recognition.Method, allowed)
	}
	return nil
}
