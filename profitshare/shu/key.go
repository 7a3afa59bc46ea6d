package shu

import (
	"encoding/json"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Use says what becomes of an item's part.
type Use string

const (
	// Reserve is cadangan: it stays, as equity.
	Reserve Use = "reserve"
	// ForCapital is jasa modal: to members, by their pokok and wajib savings.
	ForCapital Use = "capital"
	// ForService is jasa usaha: to members, by what each did with the cooperative.
	ForService Use = "service"
	// Fund is set aside for the board, staff, education, social ends, zakat.
	Fund Use = "fund"
)

// Item is one line of an allocation key.
type Item struct {
	Name    string          // such as "Cadangan" or "Jasa Usaha"
	Percent decimal.Decimal // 40 for forty percent; zero or more, up to 6 decimals
	Use     Use
	// Account is credited: equity for a reserve; for members a liability with a
	// sub for each; a liability, zakat or benevolent account for a fund.
	Account string
	Measure string // for members: by which of the plan's measures
}

// MaxPercentPlaces is the most decimals a percentage of a key may have, and
// MaxItems the most items of a key.
const (
	MaxPercentPlaces = 6
	MaxItems         = 100
)

type itemJSON struct {
	Name    string `json:"name"`
	Percent string `json:"percent"`
	Use     Use    `json:"use"`
	Account string `json:"account"`
	Measure string `json:"measure,omitempty"`
}

// MarshalJSON writes the stored form, the percentage as text of our own making.
func (i Item) MarshalJSON() ([]byte, error) {
	if why := percentFault(i.Percent); why != "" {
		return nil, refuse(ErrKey, "key.percent", i.Name, "%s", why)
	}
	return json.Marshal(itemJSON{i.Name, percentText(i.Percent.Rat()), i.Use, i.Account, i.Measure})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (i *Item) UnmarshalJSON(data []byte) error {
	var s itemJSON
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	if len(s.Percent) > ledger.MaxDecimalText {
		return refuse(ErrFormat, "format.percent", s.Name, "stored percentage is too long")
	}
	percent, err := decimal.NewFromString(s.Percent)
	if err != nil || percentFault(percent) != "" {
		return refuse(ErrFormat, "format.percent", s.Name, "stored percentage %q is none", contract.Clip(s.Percent))
	}
	*i = Item{s.Name, percent, s.Use, s.Account, s.Measure}
	return nil
}

// percentFault judges the exponent before any arithmetic.
func percentFault(p decimal.Decimal) string {
	switch {
	case p.Exponent() < -MaxPercentPlaces:
		return "a percentage has at most 6 decimals"
	case p.Exponent() > 2 || p.Coefficient().BitLen() > 64:
		return "above 100%"
	case p.Sign() < 0:
		return "below zero"
	case p.Rat().Cmp(hundred()) > 0:
		return "above 100%"
	}
	return ""
}

func hundred() *big.Rat { return big.NewRat(100, 1) }

// Key divides a result as the members' meeting decided. Its percentages add up
// to exactly 100 ([RuleSHU]).
type Key []Item

// Validate returns the first fault of the key as a [*Refusal] of kind [ErrKey].
func (k Key) Validate() error {
	_, err := k.weights()
	return err
}

func (k Key) weights() ([]*big.Rat, error) {
	if len(k) == 0 || len(k) > MaxItems {
		return nil, refuse(ErrKey, "key.items", "", "a key has 1 to %d items, not %d", MaxItems, len(k))
	}
	sum, known := new(big.Rat), map[string]bool{}
	weights := make([]*big.Rat, len(k))
	for i, item := range k {
		why := percentFault(item.Percent)
		forMembers := item.Use == ForCapital || item.Use == ForService
		switch {
		case item.Name == "" || contract.TextFault(item.Name) != "":
			why = "an item must have a name of plain text"
		case known[item.Name]:
			why = "the name stands twice"
		case !forMembers && item.Use != Reserve && item.Use != Fund:
			why = "an item is a reserve, a fund, or for members by capital or service"
		case item.Account == "":
			why = "the account is missing"
		case forMembers != (item.Measure != ""):
			why = "what goes to members, and nothing else, goes by a measure"
		}
		if why != "" {
			return nil, refuse(ErrKey, "key.item", item.Name, "%s", why)
		}
		known[item.Name] = true
		weights[i] = item.Percent.Rat()
		sum.Add(sum, weights[i])
	}
	if sum.Cmp(hundred()) != 0 {
		return nil, refuse(ErrKey, "key.sum", "", "the items add up to %s%%, not to exactly 100%%", percentText(sum)).By(RuleSHU)
	}
	return weights, nil
}

// percentText writes a percentage without zeros at its end.
func percentText(p *big.Rat) string {
	if p.IsInt() {
		return p.Num().String()
	}
	text := p.FloatString(MaxPercentPlaces)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	return text
}

// Allocate divides a result among the items, in multiples of the step by the
// largest remainder: the amounts add up to the result. A result below zero is
// refused with [ErrResult]: a deficit is covered from the reserve by a decision
// of its own.
func (k Key) Allocate(result, step ledger.Money) ([]ledger.Money, error) {
	weights, err := k.weights()
	if err != nil {
		return nil, err
	}
	if result.Err() != nil || result.Sign() < 0 {
		return nil, refuse(ErrResult, "allocate.result", "", "a result of %s is not divided: a deficit is covered from the reserve", result).By(RuleSHU).Comparing(result, ledger.Money{})
	}
	amounts, err := ledger.Allocate(result, step, weights)
	if err != nil {
		return nil, refuse(ErrResult, "allocate.step", "", "a result of %s cannot be divided in steps of %s: %v", result, step, err)
	}
	return amounts, nil
}

// Allocation is what an item receives of the two results.
type Allocation struct {
	Item
	Members ledger.Money // of the business with members
	Others  ledger.Money // of the business with others
	// Residue is what dividing among members left over: below zero at an item
	// for members, above at the reserve that takes it.
	Residue ledger.Money
}

// Amount is what the item is credited with.
func (a Allocation) Amount() ledger.Money { return ledger.Sum(a.Members, a.Others, a.Residue) }

// forMembers reports whether the item goes to members one by one.
func (i Item) forMembers() bool { return i.Use == ForCapital || i.Use == ForService }

// same reports whether two items of one name are one item; their percentages
// may differ between the keys of a plan.
func (i Item) same(other Item) bool {
	return i.Use == other.Use && i.Account == other.Account && i.Measure == other.Measure
}

// merge adds the amounts of a key to the allocations of a plan.
func merge(all []Allocation, key Key, amounts []ledger.Money, into func(*Allocation) *ledger.Money) ([]Allocation, error) {
	for i, item := range key {
		at := slices.IndexFunc(all, func(a Allocation) bool { return a.Name == item.Name })
		if at < 0 {
			all, at = append(all, Allocation{Item: item}), len(all)
		} else if !all[at].same(item) {
			return nil, refuse(ErrKey, "key.differs", item.Name, "the item is another in the key for the other result")
		}
		*into(&all[at]) = amounts[i]
	}
	return all, nil
}
