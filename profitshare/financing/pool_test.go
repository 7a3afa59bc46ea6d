package financing_test

import (
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// saver is one savings account that has everything in the pool.
type saver struct{}

func (saver) Earning(*ledger.Tx, ledger.Date, ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		yield(profitshare.EarningAccount{Account: "M9-SIMUDA", Product: "SIMUDA", Party: ledger.Party{Member: "M9", Standing: ledger.Member},
			PayTo: ledger.Place{Account: "30101", Sub: "M9-SIMUDA"}}, nil)
	}
}

// TestSharesReachThePoolWhenTheyArePaid: a share that the partner reported is
// the books' income at once, and the members' when the money is there (DSN-MUI
// 14/2000). What is written off never is.
func TestSharesReachThePoolWhenTheyArePaid(t *testing.T) {
	book, desk := newDesk(t)
	_, err := book.Post(ctx, ledger.Entry{Key: "setoran", Date: on(2025, 12, 31), Memo: "Setoran", Lines: []ledger.Line{
		ledger.Debit("10102", rp(100_000_000)), ledger.Credit("30101", rp(100_000_000)).For("M9-SIMUDA"),
	}})
	require.NoError(t, err)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000),
		results(time.January, 10_000_000, 0, 0), collect(on(2026, 2, 10), financing.ClaimShare, 3_000_000), results(time.February, 5_000_000, 0, 0),
		end(on(2026, 3, 20), 100_000_000, 100_000_000), collect(on(2026, 3, 25), financing.ClaimShare, 2_000_000), writeOff(on(2026, 3, 31), financing.ClaimShare, 1_000_000))
	pool := profitshare.NewDesk(book, profitshare.Plan{
		Name:     "umum",
		Income:   []profitshare.IncomeSource{{Account: accounts.MudharabahIncome, Nature: profitshare.FinancingIncome, Accrued: []string{accounts.ShareDue}}},
		Products: []profitshare.Product{{Code: "SIMUDA", Control: "30101", ShareAccount: "50901", Nisbah: ratio("0.5")}},
		Payable:  "20201", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rp(1)},
	}, saver{})
	for month, want := range map[time.Month]ledger.Money{time.January: rp(0), time.February: rp(3_000_000), time.March: rp(2_000_000)} {
		got, err := pool.Preview(ctx, ledger.MonthOf(2026, month))
		require.NoError(t, err, month)
		require.Equal(t, want, got.Figures.Result, month)
	}
}
