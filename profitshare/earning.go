package profitshare

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Accounts is all that a run must know of the accounts that earn: plain
// values, from whatever package keeps them. Balances are the book's.
type Accounts interface {
	// Earning lists the accounts of the pool that existed on any day from a day
	// through a day, those closed meanwhile included: what they earned is owed.
	// An account stands once. The order is free; by account is fastest.
	Earning(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[EarningAccount, error]
}

// EarningAccount is one account of a pool over a period.
type EarningAccount struct {
	Account string       // its id: the sub of the product's control account and of the payable account
	Product string       // code of a product of the plan
	Party   ledger.Party // who owns it on the last day of the period
	// Slices are the days on which it had terms of its own, in order, without
	// overlap. None means the product's terms throughout.
	// Days outside all slices must be without a balance.
	Slices []Slice
	// PayTo receives the share, net of tax: the account itself, which adds it to
	// the principal, another account, or cash. The zero Place leaves it owed.
	PayTo Place
	// Opened and Closed are the days it was opened and closed or matured; zero
	// for none. Only [SkipOpening] and [OnAnniversary] ask for them.
	Opened, Closed ledger.Date
	Schedule       Schedule
	// Zakat is the holder's written mandate, nil for none.
	Zakat *Mandate
	// Minimum is the average balance of the month below which the account earns
	// nothing; the product's if that is larger.
	Minimum ledger.Money
	// Untaxed says that the final tax on savings returns does not cover the
	// account: its holder is a legal entity, or its product is not taxed; other
	// rules may apply.
	Untaxed bool
}

// Schedule says from which day on a share may be paid.
type Schedule uint8

const (
	// WithTheRun pays it with the first pay-out of the run.
	WithTheRun Schedule = iota
	// OnAnniversary pays it from the day of the next month on which the account
	// was opened: the last closed month is the last one whose result is known.
	// An account opened on the 29th to 31st is paid on the last day of a shorter
	// month and keeps its day for later ones. Once closed it no longer waits.
	OnAnniversary
)

// due returns the first day on which a share of the month may be paid; zero for any.
func (a *EarningAccount) due(month ledger.Month) ledger.Date {
	if a.Schedule != OnAnniversary || !a.Opened.Valid() || a.Closed.Valid() && !a.Closed.After(month.Next().Last()) {
		return ledger.Date{}
	}
	return month.Next().Day(a.Opened.Day())
}

// Slice is a run of days under one term.
type Slice struct {
	From, Through ledger.Date
	Nisbah        decimal.Decimal // above 0 and at most 1; zero means the product's
	Weight        decimal.Decimal // above 0; zero means the product's
	// Tiers and Tiering are the ladder that held on these days, in place of the
	// product's; none means the product's. A nisbah above stands before both.
	Tiers   []Tier
	Tiering Tiering
	// Brought are balance-days of the slice from older books: what an adopted
	// account held before this book began. What the book counts comes on top.
	Brought ledger.BalanceDays
}

// sameTerms reports whether two slices that follow each other are one.
func (s *Slice) sameTerms(o *Slice) bool {
	return s.Nisbah.Equal(o.Nisbah) && s.Weight.Equal(o.Weight) && s.Tiering == o.Tiering &&
		slices.EqualFunc(s.Tiers, o.Tiers, func(a, b Tier) bool { return a.From == b.From && a.Nisbah.Equal(b.Nisbah) && a.Weight.Equal(b.Weight) })
}

// Place is an account of the book and, if that is a control account, one of
// its subs.
type Place = ledger.Place

// gathering collects the stakes of a pool from the accounts and the book.
type gathering struct {
	tx             *ledger.Tx
	plan           *Plan
	first, last    ledger.Date
	terms          []Term
	latest         []int // per product, the term that was met last
	standard       []int // per product, the term of accounts that state none; -1 before the first
	known          map[termKey]int
	stakes         []Stake
	holders        []holder // of the accounts with a stake, by account
	past           bool     // a month computed again: strangers are passed over
	strangers      []string
	restored       map[string]ledger.Money // what the past month's own entry restored to accounts on its last day
	one            [1]Slice                // room for the slice of an account without any
	days           []ledger.BalanceDays    // room for the days of an account's slices
	syirkah        ledger.BalanceDays
	placeOfProduct map[string]int
}

type holder struct {
	account string
	party   ledger.Party
}

type termKey struct {
	product        int
	nisbah, weight string
}

func newGathering(tx *ledger.Tx, plan *Plan, first, last ledger.Date) *gathering {
	g := &gathering{
		tx: tx, plan: plan, first: first, last: last,
		latest: make([]int, len(plan.Products)), standard: make([]int, len(plan.Products)), known: make(map[termKey]int), placeOfProduct: make(map[string]int),
	}
	for i, q := range plan.Products {
		g.latest[i], g.standard[i] = -1, -1
		g.placeOfProduct[q.Code] = i
	}
	return g
}

// gather reads what every account held in the month, under which terms.
func gather(tx *ledger.Tx, plan *Plan, accounts Accounts, month ledger.Month, past *Run) (*gathering, error) {
	g := newGathering(tx, plan, month.First(), month.Last())
	g.past = past != nil
	if past != nil && !past.Restored.IsZero() {
		var err error
		if g.restored, err = past.restoredBy(tx); err != nil {
			return nil, err
		}
	}
	sorted, before := true, ""
	for a, err := range accounts.Earning(tx, g.first, g.last) {
		if err != nil {
			return nil, err
		}
		if err := g.add(&a); err != nil {
			return nil, err
		}
		sorted = sorted && before < a.Account
		before = a.Account
	}
	if sorted {
		return g, nil
	}
	slices.SortFunc(g.holders, func(a, b holder) int { return strings.Compare(a.account, b.account) })
	for i := 1; i < len(g.holders); i++ {
		if g.holders[i].account == g.holders[i-1].account {
			return nil, earningError(g.holders[i].account, "", "stands twice in the pool")
		}
	}
	return g, nil
}

func (g *gathering) add(a *EarningAccount) error {
	product, known := g.placeOfProduct[a.Product]
	switch {
	case a.Account == "":
		return earningError("", "", "has no id")
	case !known && g.past:
		g.strangers = append(g.strangers, a.Account)
		return nil
	case !known:
		return earningError(a.Account, a.Product, "is of a product that the plan does not name")
	case a.Party.Member == "":
		return earningError(a.Account, "", "has no owner")
	}
	for _, s := range a.Slices {
		out := tooLong(s.Nisbah) || tooLong(s.Weight)
		for _, t := range s.Tiers {
			out = out || tooLong(t.Nisbah) || tooLong(t.Weight)
		}
		if out {
			return earningError(a.Account, "", "its nisbah or weight is a number out of range")
		}
	}
	had := len(g.stakes)
	if err := g.slices(a, product); err != nil {
		return err
	}
	if len(g.stakes) > had {
		g.holders = append(roomFor(g.holders), holder{a.Account, a.Party})
	}
	return nil
}

// roomFor doubles a full list: nobody says beforehand how many accounts there
// are, and append alone would copy a long list five times over.
func roomFor[T any](list []T) []T {
	if len(list) == cap(list) {
		return slices.Grow(list, max(len(list), 64))
	}
	return list
}

// slices adds the stakes of an account, slice by slice.
func (g *gathering) slices(a *EarningAccount, product int) error {
	q := &g.plan.Products[product]
	all := a.Slices
	if len(all) == 0 {
		g.one[0] = Slice{From: g.first, Through: g.last}
		all = g.one[:]
	}
	next := g.first // the first day not covered yet
	for _, s := range all {
		if !s.From.Valid() || !s.Through.Valid() || s.From.Before(next) || s.Through.Before(s.From) || s.Through.After(g.last) {
			return earningError(a.Account, fmt.Sprintf("%s to %s", s.From, s.Through), "the slices do not follow each other within the month")
		}
		if err := g.without(a, product, next, s.From.Prev()); err != nil {
			return err
		}
		next = s.Through.Next()
	}
	if err := g.without(a, product, next, g.last); err != nil {
		return err
	}
	var whole ledger.BalanceDays
	days := g.days[:0]
	for _, s := range all {
		held, err := g.held(a, product, s.From, s.Through)
		held = held.Add(s.Brought)
		if g.past && held.Sign() < 0 { // drawn on the last day, after the run gave it back
			held = ledger.BalanceDays{}
		}
		switch {
		case err != nil:
			return err
		case held.Sign() < 0:
			return earningError(a.Account, held.String()+" balance-days", "below zero: an overdrawn account cannot share")
		}
		whole = whole.Add(held)
		days = append(days, held)
	}
	g.days = days
	if least := q.Minimum.Max(a.Minimum); least.Sign() > 0 && above(whole, least, g.first.DaysUntil(g.last)+1).Sign() < 0 {
		return nil
	}
	return g.stake(a, product, all, days, whole)
}

// stake adds what an account held in each slice, if anything. Slices that
// follow each other under the same terms are one: cut or not, a month in which
// nothing changed gives the same shares.
func (g *gathering) stake(a *EarningAccount, product int, all []Slice, days []ledger.BalanceDays, whole ledger.BalanceDays) error {
	q := &g.plan.Products[product]
	for i := 0; i < len(all); {
		s, held := all[i], days[i]
		for i++; i < len(all) && all[i].From == s.Through.Next() && s.sameTerms(&all[i]); i++ {
			s.Through, held = all[i].Through, held.Add(days[i])
		}
		if held.Sign() == 0 {
			continue
		}
		g.syirkah = g.syirkah.Add(held)
		if len(s.Tiers) == 0 {
			s.Tiers, s.Tiering = q.Tiers, q.Tiering
		}
		if len(s.Tiers) > 0 && s.Nisbah.IsZero() {
			if err := g.tiered(a, product, whole, s, held); err != nil {
				return err
			}
			continue
		}
		g.stakes = append(roomFor(g.stakes), Stake{Account: a.Account, Term: g.term(product, s), Days: held})
	}
	return nil
}

// without refuses a balance on days for which no terms are known.
func (g *gathering) without(a *EarningAccount, product int, from, through ledger.Date) error {
	if !from.Valid() || through.Before(from) { // no day follows the last there is
		return nil
	}
	days, err := heldDays(g.tx, g.plan.Products[product].Control, a.Account, from, through)
	if err != nil || days.Sign() == 0 {
		return err
	}
	return earningError(a.Account, fmt.Sprintf("%s to %s", from, through), "a balance on days without a nisbah")
}

// term returns the place of a slice's term; most accounts of a product share one.
func (g *gathering) term(product int, s Slice) int {
	standard := s.Nisbah.IsZero() && s.Weight.IsZero()
	if n := g.standard[product]; standard && n >= 0 {
		return n
	}
	n := g.ownTerm(product, s)
	if standard {
		g.standard[product] = n
	}
	return n
}

func (g *gathering) ownTerm(product int, s Slice) int {
	q := &g.plan.Products[product]
	nisbah, weight := s.Nisbah, s.Weight
	switch {
	case g.plan.Wadiah: // a bonus is all the holders'
		nisbah = decimal.NewFromInt(1)
	case nisbah.IsZero():
		nisbah = q.Nisbah
	}
	if weight.IsZero() {
		weight = q.Weight
	}
	if weight.IsZero() {
		weight = decimal.NewFromInt(1)
	}
	if n := g.latest[product]; n >= 0 && g.terms[n].Nisbah.Equal(nisbah) && g.terms[n].Weight.Equal(weight) {
		return n
	}
	key := termKey{product, decimalText(nisbah), decimalText(weight)}
	n, known := g.known[key]
	if !known {
		n = len(g.terms)
		g.terms = append(g.terms, Term{Product: q.Code, Nisbah: nisbah, Weight: weight})
		g.known[key] = n
	}
	g.latest[product] = n
	return n
}

// decimalText tells decimals apart without writing a huge exponent out.
func decimalText(d decimal.Decimal) string {
	return fmt.Sprintf("%se%d", d.Coefficient(), d.Exponent())
}

// restoredIn is what the run's own entry of a past month added to an account
// on the month's last day, after its shares had been worked out.
func (g *gathering) restoredIn(account string, from, through ledger.Date) ledger.BalanceDays {
	if g.restored == nil || through.Before(g.last) || g.last.Before(from) {
		return ledger.BalanceDays{}
	}
	return g.restored[account].Over(1)
}

// heldDays returns what an account of the members' held, positive on their side.
func heldDays(tx *ledger.Tx, control, account string, from, through ledger.Date) (ledger.BalanceDays, error) {
	days, err := tx.BalanceDays(control, account, from, through)
	return days.Neg(), err
}

// heldDaysAsOf returns the same as the book knew it right after a change.
func heldDaysAsOf(tx *ledger.Tx, control, account string, from, through ledger.Date, change uint64) (ledger.BalanceDays, error) {
	days, err := heldDays(tx, control, account, from, through)
	if err != nil {
		return days, err
	}
	for line, err := range tx.Lines(ledger.LineQuery{Account: control, Sub: account, Through: through, After: change}) {
		if err != nil {
			return days, err
		}
		since := line.Date
		if since.Before(from) {
			since = from
		}
		days = days.Add(line.Amount.Over(since.DaysUntil(through) + 1)) // debit positive: taken out again
	}
	return days, days.Err()
}

func earningError(account, value, reason string) error {
	return &InputError{Kind: ErrEarning, What: named("account", account), Value: clipText(value), Reason: reason}
}
