package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Layout is a statement's form: which lines it has and which accounts stand in
// each. It is data, made by hand or read by [ReadLayout].
type Layout struct {
	Title Label
	Items []Item
	// Covers are the kinds of account that the layout promises to show: one
	// with an amount that stands in no line is an error.
	Covers []ledger.Kind
	// Equal are pairs of totals' keys that must come to the same amount.
	Equal [][2]string
	// CashAccounts are what lines that measure [Cash] take for cash, and
	// Activities which flows are of which activity; see [Cash].
	CashAccounts Selector
	Activities   []ActivityRule
}

// Item is one row of a layout, or all rows of its accounts.
type Item struct {
	Kind  RowKind
	Key   string // names the item in Sum, in Equal and for [Report.Amount]
	Level int    // 0 to MaxLevel
	Label Label

	// Select says which accounts a Line shows: in one row, or with Each in a
	// row of its own for every account with an amount.
	Select  Selector
	Each    bool
	Measure Measure
	// Activity is the one whose flows a line that measures Cash shows.
	Activity ledger.Activity
	// Sum are the keys of the earlier items that a Total or Grand adds up.
	Sum []string
	// Side is the side on which amounts of a Line, Total or Grand print
	// positive; on the other they print in parentheses.
	Side ledger.Side
	// Keep shows a Line even if it is zero.
	Keep bool
}

// Measure is what of an account a line shows.
type Measure uint8

const (
	// Balance is what stands on the account at a moment.
	Balance Measure = iota
	// Movement is what was posted in a span, closing entries left out.
	Movement
	// Opening is what stood on the account the day before a span.
	Opening
	// Ending is what stood on the account on the last day of a span.
	Ending
	// Cash is what came into cash, or with the other sign went out, against the
	// account in a span: a cash flow by the direct method.
	Cash
	measures = iota
)

var measureNames = [...]string{"balance", "movement", "opening", "ending", "cash"}

// Selector selects accounts: those of one of the kinds and in one of the code
// sets and with the right normal side, less the exceptions. An empty Kinds or
// Codes does not restrict; a selector that restricts nothing is refused.
type Selector struct {
	Kinds  []ledger.Kind
	Codes  []Codes
	Contra Contra
	Except []Codes
}

// Codes is a set of account codes: those from First through Last in the order
// of their bytes, or those that begin with Prefix. The zero value holds none.
type Codes struct {
	First, Last string
	Prefix      string
}

// Code is the set of one code.
func Code(code string) Codes { return Codes{First: code, Last: code} }

func (c Codes) has(code string) bool {
	if c.Prefix != "" {
		return len(code) >= len(c.Prefix) && code[:len(c.Prefix)] == c.Prefix
	}
	return c.First != "" && c.First <= code && code <= c.Last
}

// Contra tells contra accounts, whose normal side is not their kind's, from
// plain ones.
type Contra uint8

const (
	PlainAndContra Contra = iota
	OnlyPlain
	OnlyContra
)

// Selects reports whether an account is selected.
func (s Selector) Selects(a ledger.Account) bool {
	in := func(sets []Codes) bool {
		return slices.ContainsFunc(sets, func(c Codes) bool { return c.has(a.Code) })
	}
	return (len(s.Kinds) == 0 || slices.Contains(s.Kinds, a.Kind)) &&
		(len(s.Codes) == 0 || in(s.Codes)) &&
		(s.Contra == PlainAndContra || a.Contra() == (s.Contra == OnlyContra)) &&
		!in(s.Except)
}

func (s Selector) restricts() bool { return len(s.Kinds) > 0 || len(s.Codes) > 0 }

const (
	// MaxLevel is the deepest level of a row.
	MaxLevel = 9
	// MaxItems is the most items a layout may have.
	MaxItems = 1_000
)

// Validate reports everything that is wrong with the layout, as joined errors
// of type [*LayoutError] that all match [ErrLayout], or nil.
func (l Layout) Validate() error {
	v := layoutCheck{layout: l, seen: make(map[string]int)}
	if len(l.Items) == 0 {
		v.refuse(0, "", "has no items")
	}
	if len(l.Items) > MaxItems {
		v.refuse(0, "", fmt.Sprintf("has more than %d items", MaxItems))
		return errors.Join(v.faults...)
	}
	for i := range l.Items {
		v.item(i)
	}
	for _, pair := range l.Equal {
		for _, key := range pair {
			if i, ok := v.seen[key]; !ok || !l.Items[i].sums() {
				v.refuse(0, key, "must be equal to another total but is none")
			}
		}
	}
	for _, kind := range l.Covers {
		if !kind.Valid() {
			v.refuse(0, "", "covers "+kind.String()+", which is no kind of account")
		}
	}
	return errors.Join(v.faults...)
}

type layoutCheck struct {
	layout Layout
	seen   map[string]int // key to the item's index
	spans  [2]bool        // whether there are lines of moments and of spans
	faults []error
}

func (v *layoutCheck) refuse(item int, key, reason string) {
	v.faults = append(v.faults, &LayoutError{Layout: v.layout.Title.In(Indonesian), Item: item, Key: key, Reason: reason})
}

func (v *layoutCheck) item(i int) {
	it := v.layout.Items[i]
	refuse := func(reason string) { v.refuse(i+1, it.Key, reason) }
	if it.Level < 0 || it.Level > MaxLevel {
		refuse(fmt.Sprintf("its level %d is not 0 to %d", it.Level, MaxLevel))
	}
	switch it.Kind {
	case Line:
		v.line(it, refuse)
	case Total, Grand:
		if len(it.Sum) == 0 {
			refuse("a total adds nothing up")
		}
		for n, key := range it.Sum {
			if _, ok := v.seen[key]; !ok {
				refuse(fmt.Sprintf("adds up %q, which is no earlier line or total", clip(key)))
			}
			if slices.Contains(it.Sum[:n], key) {
				refuse(fmt.Sprintf("adds up %q twice", clip(key)))
			}
		}
	case Header, Blank:
	default:
		refuse("is no kind of row")
	}
	if !it.amounts() {
		return
	}
	if !it.Side.Valid() {
		refuse("does not say on which side it is positive")
	}
	if it.Key == "" {
		refuse("has no key")
	} else if _, twice := v.seen[it.Key]; twice {
		refuse("its key is used twice")
	}
	v.seen[it.Key] = i
}

func (v *layoutCheck) line(it Item, refuse func(string)) {
	if !it.Select.restricts() {
		refuse("selects every account")
	}
	for _, kind := range it.Select.Kinds {
		if !kind.Valid() {
			refuse("selects " + kind.String() + ", which is no kind of account")
		}
	}
	if it.Select.Contra > OnlyContra {
		refuse("does not say which of plain and contra accounts it selects")
	}
	if it.Measure >= measures {
		refuse("does not say what it measures")
		return
	}
	if cash := it.Measure == Cash; cash != (it.Activity.Valid() && it.Activity != ledger.Derived) {
		refuse("measures cash without an activity, or has an activity without measuring cash")
	} else if cash && !v.layout.CashAccounts.restricts() {
		refuse("measures cash where the layout does not say what cash is")
	}
	if it.Measure == Balance {
		v.spans[0] = true
	} else {
		v.spans[1] = true
	}
	if v.spans[0] && v.spans[1] {
		refuse("measures a moment and others a span, or the other way round")
	}
}

func (it Item) sums() bool    { return it.Kind == Total || it.Kind == Grand }
func (it Item) amounts() bool { return it.Kind == Line || it.sums() }

// spans reports whether the layout shows spans of days, not moments.
func (l Layout) spans() bool {
	return slices.ContainsFunc(l.Items, func(it Item) bool { return it.Kind == Line && it.Measure != Balance })
}
