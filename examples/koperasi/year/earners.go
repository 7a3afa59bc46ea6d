package year

import (
	"iter"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// earners tells profitshare which savings accounts earn. The two packages do
// not know each other; this is all that it takes to bring them together.
type earners struct{}

// Earning lists the mudharabah accounts of a period as profitshare takes them.
func (earners) Earning(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for e, err := range savings.Earnings(tx, from, through) {
			account := profitshare.EarningAccount{
				Account: e.Account, Product: e.Product, Party: e.Party,
				PayTo: profitshare.Place{Account: e.PayControl, Sub: e.PayTo},
			}
			for _, s := range e.Slices {
				account.Slices = append(account.Slices, profitshare.Slice{From: s.From, Through: s.Through, Nisbah: s.Nisbah})
			}
			if !yield(account, err) || err != nil {
				return
			}
		}
	}
}
