package savings

import (
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Safekeeping is what a bonus needs to know of one wadiah account: plain
// values. It has no nisbah and no rate, since nothing is promised on
// safekeeping: whether there is a bonus, and how much, the board decides after
// the period (DSN-MUI 01/2000, 02/2000). Its balance-days are the book's:
// tx.BalanceDays(s.Control, s.Account, from, through).
type Safekeeping struct {
	Account string
	Control string
	Member  string
	Party   ledger.Party // the member on the last day of the period
	Product string
	// PayTo is the savings account that would get a bonus, and PayControl its
	// control account, by the rules of an [Earning]'s.
	PayTo, PayControl string
	// Taxed and Zakat are as in [Earning].
	Taxed bool
	Zakat decimal.Decimal
	// Opened and Closed are as in [Earning].
	Opened, Closed ledger.Date
}

// Safekeepings lists the accounts of safekeeping whose money the cooperative
// may use (yad dhamanah) and that were open on any day from a day through a
// day, by id, as the records say now. Pure safekeeping (yad amanah) gets no
// bonus, for its money is not used.
func Safekeepings(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[Safekeeping, error] {
	return func(yield func(Safekeeping, error) bool) {
		if !from.Valid() || !through.Valid() || through.Before(from) {
			yield(Safekeeping{}, &Refusal{Kind: ErrDate, Code: "safekeepings.period", Reason: fmt.Sprintf("no period from %s through %s", from, through)})
			return
		}
		taxed := make(map[string]bool) // by product of wadiah
		for p, err := range Products(tx) {
			if err != nil {
				yield(Safekeeping{}, err)
				return
			}
			if last, ok := p.On(through); ok && p.Akad == Wadiah {
				taxed[p.Code] = last.Taxed
			}
		}
		for a, err := range Accounts(tx, "") {
			if err != nil {
				yield(Safekeeping{}, err)
				return
			}
			tax, ok := taxed[a.Product]
			if !ok || a.Opened.After(through) || !a.Closed.IsZero() && a.Closed.Before(from) {
				continue
			}
			s, err := safekeeping(tx, &a, through)
			s.Taxed = tax
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func safekeeping(tx *ledger.Tx, a *Account, through ledger.Date) (Safekeeping, error) {
	m, err := holder(tx, a)
	if err != nil {
		return Safekeeping{}, err
	}
	e, err := earning(tx, a, m, through)
	return Safekeeping{
		Account: e.Account, Control: e.Control, Member: e.Member, Party: e.Party, Product: e.Product,
		PayTo: e.PayTo, PayControl: e.PayControl, Zakat: ratioOn(a.Zakat, through), Opened: e.Opened, Closed: e.Closed,
	}, err
}
