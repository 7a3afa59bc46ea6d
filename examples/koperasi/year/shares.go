package year

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// sharesProfit reports whether there is anything to share and anybody to share
// it with: income accounts in the pool, and a product that shares profit.
func (y *Year) sharesProfit() bool { return len(y.plan.Income) > 0 && len(y.plan.Products) > 0 }

// planOf is the folder's pool: all of it is shared, every account's share is
// rounded up, and tax is withheld by the folder's own rule.
func planOf(folder *yearfolder.Folder) profitshare.Plan {
	c := folder.Cooperative
	plan := profitshare.Plan{
		Name:    "simpanan-mudharabah",
		Payable: folder.Roles[yearfolder.DistributionPayable].Code,
		Tax:     folder.Roles[yearfolder.DistributionTax].Code,
		TaxRules: profitshare.TaxRules{{
			From: c.OpeningDate, Threshold: c.TaxThreshold, Rate: c.TaxRate, Rounding: ledger.RoundDown, Step: c.Step,
		}},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: c.Step},
	}
	if code := folder.Roles[yearfolder.DistributionZakat].Code; code != "" {
		plan.Zakat, plan.ZakatRules = profitshare.ZakatPlace{Account: code}, profitshare.ZakatRules{profitshare.ZakatOnShares()}
	}
	for _, account := range folder.Pool {
		plan.Income = append(plan.Income, profitshare.IncomeSource{Account: account.Code, Nature: profitshare.FinancingIncome})
	}
	for _, product := range folder.Products {
		if product.Akad.Shares() {
			plan.Products = append(plan.Products, profitshare.Product{
				Code: product.Code, Control: product.Control, ShareAccount: product.ShareAccount, Nisbah: product.Nisbah,
			})
		}
	}
	return plan
}

// shareProfit shares a month's income, after everything of its last day.
func (y *Year) shareProfit(ctx context.Context, month ledger.Month) error {
	if !y.sharesProfit() {
		return nil
	}
	_, err := y.shares.Post(ctx, profitshare.Posting{Key: programKey(fmt.Sprintf("share/%s", month)), Month: month})
	return y.refusedByRule(y.folder.Pool[0].Place, fmt.Sprintf("profit shares of %s", month), err)
}

// payShares pays a month's shares out on the first day of the next.
func (y *Year) payShares(ctx context.Context, month ledger.Month) error {
	if !y.sharesProfit() {
		return nil
	}
	_, err := y.shares.PayOut(ctx, profitshare.Disbursement{
		Key: programKey(fmt.Sprintf("pay-out/%s", month)), Month: month, Date: month.Next().First(),
	})
	return y.refusedByRule(y.folder.Pool[0].Place, fmt.Sprintf("pay-out of the profit shares of %s", month), err)
}

// payAnniversaries pays last month's shares of time savings on the day of the
// month on which they began.
func (y *Year) payAnniversaries(ctx context.Context, day ledger.Date) error {
	month := day.Month().Prev()
	if !y.sharesProfit() || len(y.anniversaries) == 0 || month.Before(y.folder.Cooperative.FirstDay.Month()) {
		return nil
	}
	due := false
	err := y.book.View(ctx, func(tx *ledger.Tx) error {
		for id := range y.anniversaries {
			account, _, err := savings.AccountIn(tx, id)
			if err != nil {
				return err
			}
			due = due || account.Term != nil && account.Term.Anchor > 1 && day.Month().Day(account.Term.Anchor) == day
		}
		return nil
	})
	if err != nil || !due {
		return err
	}
	_, err = y.shares.PayOut(ctx, profitshare.Disbursement{
		Key: programKey(fmt.Sprintf("pay-out/%s/%s", month, day)), Month: month, Date: day,
	})
	return y.refusedByRule(y.folder.Pool[0].Place, fmt.Sprintf("pay-out of the profit shares of %s on %s", month, day), err)
}

// refusedByRule notes a refusal of what the program does by itself, unless it
// may follow from that of a row.
func (y *Year) refusedByRule(p yearfolder.Place, what string, err error) error {
	if _, refused := reason(err); refused && len(y.refused.faults) > 0 {
		return nil
	}
	return y.refused.noteAt(p, what, err)
}
