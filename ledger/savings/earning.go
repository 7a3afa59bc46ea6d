package savings

import (
	"fmt"
	"iter"

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
	// the named one is closed. Both are empty if that is closed as well: the
	// share is still owed, and the caller says where it goes.
	PayTo, PayControl string
	// Slices cover the days of the period on which the product had terms, one
	// for each nisbah and share account. They may be shared between earnings
	// and must not be modified.
	Slices []Slice
}

// Slice is a run of days with one nisbah.
type Slice struct {
	From, Through ledger.Date
	Nisbah        decimal.Decimal // the owners' part, above 0 and at most 1
	ShareAccount  string          // debited with the owners' share
}

// Earnings lists the mudharabah accounts that were open on any day from a day
// through a day, by id, as the records say now. An account closed within the
// period is listed: what it earned until then is owed.
func Earnings(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[Earning, error] {
	return func(yield func(Earning, error) bool) {
		if !from.Valid() || !through.Valid() || through.Before(from) {
			yield(Earning{}, &Refusal{Kind: ErrDate, Code: "earnings.period", Reason: fmt.Sprintf("no period from %s through %s", from, through)})
			return
		}
		slices := make(map[string][]Slice)
		for p, err := range Products(tx) {
			if err != nil {
				yield(Earning{}, err)
				return
			}
			if p.Akad == Mudharabah {
				slices[p.Code] = p.slices(from, through)
			}
		}
		for a, err := range Accounts(tx, "") {
			if err != nil {
				yield(Earning{}, err)
				return
			}
			shares, ok := slices[a.Product]
			if !ok || a.Opened.After(through) || !a.Closed.IsZero() && a.Closed.Before(from) {
				continue
			}
			e, err := earning(tx, &a, through)
			e.Slices = shares
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func earning(tx *ledger.Tx, a *Account, through ledger.Date) (Earning, error) {
	m, exists, err := MemberIn(tx, a.Member)
	if err != nil || !exists {
		if err == nil {
			err = fmt.Errorf("%w: account %s has member %s, who is missing", ledger.ErrCorrupt, clip(a.ID), clip(a.Member))
		}
		return Earning{}, err
	}
	e := Earning{Account: a.ID, Control: a.Control, Member: a.Member, Party: m.Party(through), Product: a.Product}
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
	}
	return e, nil
}

// slices cuts a period where the nisbah or the share account changes.
func (p Product) slices(from, through ledger.Date) []Slice {
	var list []Slice
	for i, t := range p.Terms {
		s := Slice{From: t.From, Through: through, Nisbah: t.Nisbah, ShareAccount: t.ShareAccount}
		if s.From.Before(from) {
			s.From = from
		}
		if i+1 < len(p.Terms) && !p.Terms[i+1].From.After(through) {
			s.Through = p.Terms[i+1].From.Prev()
		}
		if s.Through.Before(s.From) {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Nisbah.Equal(s.Nisbah) && list[n-1].ShareAccount == s.ShareAccount {
			list[n-1].Through = s.Through
			continue
		}
		list = append(list, s)
	}
	return list
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
