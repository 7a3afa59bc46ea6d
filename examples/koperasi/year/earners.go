package year

import (
	"iter"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
)

// earners tells profitshare which savings accounts earn. The two packages do
// not know each other; this is all that it takes to bring them together.
type earners struct{}

// Earning lists the mudharabah accounts of a period as profitshare takes them.
func (earners) Earning(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for e, err := range savings.Earnings(tx, from, through) {
			if !yield(earner(&e), err) || err != nil {
				return
			}
		}
	}
}

// earner says the same of an account in profitshare's words.
func earner(e *savings.Earning) profitshare.EarningAccount {
	account := profitshare.EarningAccount{
		Account: e.Account, Product: e.Product, Party: e.Party, PayTo: profitshare.Place{Account: e.PayControl, Sub: e.PayTo},
		Opened: e.Opened, Closed: e.Closed, Minimum: e.MinEarning, Untaxed: !e.Taxed,
	}
	if e.Payout == savings.AtAnniversary {
		account.Schedule = profitshare.OnAnniversary
	}
	if !e.Zakat.IsZero() {
		account.Zakat = &profitshare.Mandate{Document: "rekening " + e.Account, Rate: e.Zakat}
	}
	for _, s := range e.Slices { // a nisbah that changed within the month makes two
		slice := profitshare.Slice{From: s.From, Through: s.Through, Nisbah: s.Nisbah, Brought: s.Brought}
		for _, t := range s.Tiers {
			slice.Tiers = append(slice.Tiers, profitshare.Tier{From: t.From, Nisbah: t.Nisbah})
		}
		if len(s.Tiers) > 0 {
			slice.Nisbah, slice.Tiering = decimal.Decimal{}, profitshare.ByLevel
			if s.Tiering == savings.ByBand {
				slice.Tiering = profitshare.ByBand
			}
		}
		account.Slices = append(account.Slices, slice)
	}
	return account
}
