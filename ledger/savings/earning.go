package savings

import (
	"fmt"
	"iter"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Earning is what a distribution of profit needs to know of one mudharabah
// account: plain values. Its balance-days are the book's:
// tx.BalanceDays(e.Control, e.Account, slice.From, slice.Through).
type Earning struct {
	Account string
	Control string
	Member  string
	Party   ledger.Party // the member on the last day of the period
	Product string
	// PayTo is the savings account that gets the share, and PayControl its
	// control account: the one named, the account itself if none was named or
	// the named one is closed; if that is closed as well, the claim of a member
	// whose membership was settled. Of time savings that pay in cash PayControl
	// is the account of cash, and PayTo empty, as long as the holder is a member.
	// Else both are empty: the share is still owed, and the caller says where it
	// goes.
	PayTo, PayControl string
	// Slices cover the days of the period on which the product had terms, one
	// for each nisbah and share account, cut where the account's own nisbah
	// begins or ends. They may be shared between earnings and must not be
	// modified.
	Slices []Slice
	// MinEarning is the least average balance of the period that earns a share,
	// by the product's terms on the last day.
	MinEarning ledger.Money
	// Taxed says that the final tax on savings returns applies; Zakat is the
	// part of the share that the member's mandate gives to zakat, zero for none.
	// Both as on the last day of the period.
	Taxed bool
	Zakat decimal.Decimal
	// Opened is when the account was opened, in older books if it was adopted,
	// and of time savings the first day of their first term; Closed the day it
	// was closed, matured or broken, zero while it is open.
	Opened, Closed ledger.Date
	// Payout says when time savings get their share; empty for others.
	Payout Payout
}

// Slice is a run of days with one nisbah, or one tier table.
type Slice struct {
	From, Through ledger.Date
	Nisbah        decimal.Decimal // the owners' part, above 0 and at most 1
	ShareAccount  string          // debited with the owners' share
	// Tiers give the nisbah by average balance instead of Nisbah, by Tiering;
	// none for an account with a nisbah of its own.
	Tiers   []Tier
	Tiering Tiering
	// Brought are balance-days that an adopted account had in older books on
	// days of the slice, on the member's side: what the book counts comes on top.
	Brought ledger.BalanceDays
}

// offer is a product as a period sees it.
type offer struct {
	slices []Slice
	last   Terms // on the last day
}

// Earnings lists the accounts that share profit and were open on any day from a day
// through a day, by id, as the records say now. An account closed within the
// period is listed: what it earned until then is owed.
func Earnings(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[Earning, error] {
	return func(yield func(Earning, error) bool) {
		if !from.Valid() || !through.Valid() || through.Before(from) {
			yield(Earning{}, &Refusal{Kind: ErrDate, Code: "earnings.period", Reason: fmt.Sprintf("no period from %s through %s", from, through)})
			return
		}
		offers := make(map[string]offer)
		for p, err := range Products(tx) {
			if err != nil {
				yield(Earning{}, err)
				return
			}
			if list := p.slices(from, through); len(list) > 0 {
				last, _ := p.On(through)
				offers[p.Code] = offer{list, last}
			}
		}
		for a, err := range Accounts(tx, "") {
			if err != nil {
				yield(Earning{}, err)
				return
			}
			o, ok := offers[a.Product]
			if !ok || a.Opened.After(through) || !a.Closed.IsZero() && a.Closed.Before(from) {
				continue
			}
			m, err := holder(tx, &a)
			if err != nil {
				yield(Earning{}, err)
				return
			}
			list := a.earns(a.slices(o.slices), m)
			if len(list) == 0 {
				continue
			}
			e, err := earning(tx, &a, m, through)
			e.Slices = list
			e.MinEarning, e.Taxed, e.Zakat = o.last.MinEarning, o.last.Taxed, ratioOn(a.Zakat, through)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// holder returns the member whose account it is.
func holder(tx *ledger.Tx, a *Account) (Member, error) {
	m, exists, err := MemberIn(tx, a.Member)
	if err == nil && !exists {
		err = fmt.Errorf("%w: account %s has member %s, who is missing", ledger.ErrCorrupt, clip(a.ID), clip(a.Member))
	}
	return m, err
}

func earning(tx *ledger.Tx, a *Account, m Member, through ledger.Date) (Earning, error) {
	e := Earning{Account: a.ID, Control: a.Control, Member: a.Member, Party: m.Party(through), Product: a.Product,
		Opened: a.Opened, Closed: a.Closed}
	if a.Running != nil && !a.Running.Since.IsZero() {
		e.Opened = a.Running.Since
	}
	if a.Term != nil {
		e.Opened, e.Payout = a.Term.first(), a.Term.Payout
	}
	if a.Term != nil && a.Term.Cash != "" && a.PayTo == "" && !m.LeftOn(through) {
		e.PayControl = a.Term.Cash
		return e, nil
	}
	if a.PayTo != "" {
		to, exists, err := AccountIn(tx, a.PayTo)
		if err != nil {
			return Earning{}, err
		}
		if exists && to.Status != Closed {
			e.PayTo, e.PayControl = to.ID, to.Control
			return e, nil
		}
	}
	if a.Status != Closed {
		e.PayTo, e.PayControl = a.ID, a.Control
		return e, nil
	}
	x, settled, err := ExitIn(tx, a.Member)
	if settled {
		e.PayTo, e.PayControl = x.Place.Sub, x.Place.Account
	}
	return e, err
}

// slices cuts a period where the nisbah, the tiers or the share account
// change. Days on which the product shares no profit have none.
func (p Product) slices(from, through ledger.Date) []Slice {
	var list []Slice
	for i, t := range p.Terms {
		s := Slice{From: t.From, Through: through, Nisbah: t.Nisbah, ShareAccount: t.ShareAccount, Tiers: t.Tiers, Tiering: t.Tiering}
		if s.From.Before(from) {
			s.From = from
		}
		if i+1 < len(p.Terms) && !p.Terms[i+1].From.After(through) {
			s.Through = p.Terms[i+1].From.Prev()
		}
		if s.Through.Before(s.From) || !t.Shares() {
			continue
		}
		if n := len(list); n > 0 && list[n-1].same(&s) && list[n-1].Through.Next() == s.From {
			list[n-1].Through = s.Through
			continue
		}
		list = append(list, s)
	}
	return list
}

func (s *Slice) same(t *Slice) bool {
	return s.Nisbah.Equal(t.Nisbah) && s.ShareAccount == t.ShareAccount && s.Tiering == t.Tiering &&
		slices.EqualFunc(s.Tiers, t.Tiers, func(a, b Tier) bool { return a.From == b.From && a.Nisbah.Equal(b.Nisbah) })
}

// slices cuts a product's slices where the account's own nisbah begins or ends
// and adds what it brought along. Most accounts share the product's.
func (a Account) slices(product []Slice) []Slice {
	if len(a.Nisbah) == 0 && (a.Running == nil || len(a.Running.Days) == 0) {
		return product
	}
	var list []Slice
	for _, s := range product {
		for !s.From.After(s.Through) {
			part := s
			for _, r := range a.Nisbah {
				if r.From.After(part.From) && !r.From.After(part.Through) {
					part.Through = r.From.Prev()
					break
				}
			}
			if own := ratioOn(a.Nisbah, part.From); !own.IsZero() {
				part.Nisbah, part.Tiers, part.Tiering = own, nil, ""
			}
			part.Brought = a.brought(part.From, part.Through)
			list = append(list, part)
			s.From = part.Through.Next()
		}
	}
	return list
}

// brought returns the balance-days of the older books on days of a span.
func (a Account) brought(from, through ledger.Date) ledger.BalanceDays {
	var days ledger.BalanceDays
	if a.Running == nil {
		return days
	}
	for i, d := range a.Running.Days {
		first, last := d.From, a.Opened.Prev()
		if i+1 < len(a.Running.Days) {
			last = a.Running.Days[i+1].From.Prev()
		}
		if first.Before(from) {
			first = from
		}
		if last.After(through) {
			last = through
		}
		if n := first.DaysUntil(last) + 1; n > 0 {
			days = days.Add(d.Balance.Over(n))
		}
	}
	return days
}

// Accounts lists the savings accounts whose id sorts after the given one, by id.
func Accounts(tx *ledger.Tx, after string) iter.Seq2[Account, error] {
	return states[Account](tx, KindAccount, after)
}

// Members lists the members whose number sorts after the given one, by number.
func Members(tx *ledger.Tx, after string) iter.Seq2[Member, error] {
	return states[Member](tx, KindMember, after)
}

// Products lists the products by code.
func Products(tx *ledger.Tx) iter.Seq2[Product, error] {
	return states[Product](tx, KindProduct, "")
}

func states[T any](tx *ledger.Tx, kind, after string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for r, err := range tx.Records(kind, after) {
			var state T
			if err == nil {
				err = decode(&r, r.State, &state)
			}
			if !yield(state, err) || err != nil {
				return
			}
		}
	}
}
