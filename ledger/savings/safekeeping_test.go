package savings_test

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// keepers hands the wadiah accounts to profitshare, as a host does.
type keepers struct{}

func (keepers) Earning(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for s, err := range savings.Safekeepings(tx, from, through) {
			if !yield(profitshare.EarningAccount{Account: s.Account, Product: s.Product, Party: s.Party, Untaxed: !s.Taxed,
				PayTo: ledger.Place{Account: s.PayControl, Sub: s.PayTo}, Opened: s.Opened, Closed: s.Closed}, err) {
				return
			}
		}
	}
}

// What the board gives for a month goes to the wadiah accounts that were open
// in it, in proportion to their balance-days: one was closed in the middle, one
// was opened on the last day, and mudharabah and other months have no part.
func TestBonusOnSafekeeping(t *testing.T) {
	book, desk := newFullDesk(t)
	open := func(account, member, product string, on ledger.Date, amount int64) {
		_, err := desk.Open(ctx, savings.Opening{Key: "O/" + account, Date: on, Account: account, Member: member, Product: product})
		require.NoError(t, err)
		paysIn(t, desk, "D/"+account, account, on, amount)
	}
	open("W1", "M1", "SIWA", day(time.January, 20), 3_000_000)
	open("W2", "M2", "SIWA", day(time.January, 20), 1_000_000)
	open("W3", "M3", "SIWA", day(time.February, 28), 2_800_000)
	open("W4", "M3", "SIWA", day(time.March, 1), 5_000_000)
	open("MUDA", "M1", "SIMUDA", day(time.January, 20), 9_000_000)
	_, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.February, 15), Account: "W2", Counter: teller, Waived: true})
	require.NoError(t, err)

	var listed []string
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for s, err := range savings.Safekeepings(tx, day(time.February, 1), day(time.February, 28)) {
			require.NoError(t, err)
			listed = append(listed, fmt.Sprintf("%s/%s %s %s %s->%s/%s closed %s", s.Control, s.Account, s.Product, s.Party.Member, s.Opened, s.PayControl, s.PayTo, s.Closed))
		}
		for _, err := range savings.Safekeepings(tx, day(time.February, 2), day(time.February, 1)) {
			refused(t, err, savings.ErrDate, "safekeepings.period")
		}
		for range savings.Safekeepings(tx, day(time.February, 1), day(time.February, 28)) {
			break
		}
		return nil
	}))
	require.Equal(t, []string{
		"20101/W1 SIWA M1 2026-01-20->20101/W1 closed no date",
		"20101/W2 SIWA M2 2026-01-20->/ closed 2026-02-15",
		"20101/W3 SIWA M3 2026-02-28->20101/W3 closed no date",
	}, listed)

	february := ledger.MonthOf(2026, time.February)
	share := profitshare.NewDesk(book, profitshare.Plan{
		Name: "bonus", Wadiah: true,
		Products: []profitshare.Product{{Code: "SIWA", Control: "20101", ShareAccount: "60101", Nisbah: decimal.NewFromInt(1)}},
		Payable:  "20202", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.LargestRemainder, Step: rupiah(1)},
	}, keepers{})
	posted, err := share.Post(ctx, profitshare.Posting{Key: "B", Month: february, Date: day(time.March, 10),
		Decision: profitshare.Decision{Bonus: rupiah(100_800), By: "Rapat pengurus", Document: "SK-1/2026"}})
	require.NoError(t, err)
	// 28 days of 3 million, 14 of 1 million, 1 of 2.8 million: 84 + 14 + 2.8 = 100.8 million rupiah-days.
	requireLines(t, posted.Posted, debit("60101", 100_800),
		credit("20202", 84_000).For("W1").With(member("M1")), credit("20202", 14_000).For("W2").With(member("M2")), credit("20202", 2_800).For("W3").With(member("M3")))
}
