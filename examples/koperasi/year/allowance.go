package year

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// allowed is what a month's end made of the allowance.
type allowed struct {
	month          ledger.Month
	held, required ledger.Money // before it and after it
}

// provide brings the allowance to what the debts of a month's end require, if
// the folder has a policy for it.
func (y *Year) provide(ctx context.Context, month ledger.Month) error {
	policy := y.folder.Collectibility
	if policy == nil {
		return nil
	}
	var done allowed
	err := y.book.Update(ctx, func(tx *ledger.Tx) error {
		ageing, err := murabahah.Age(murabahah.Contracts(tx, ""), *policy, month.Last(), y.collateral())
		if err != nil {
			return err
		}
		provided, err := y.contracts.ProvideTx(tx, murabahah.Provision{
			Key: programKey("allowance/" + month.String()), Date: month.Last(), Required: ageing.Total.Allowance,
		})
		done = allowed{month, provided.Held, ageing.Total.Allowance}
		return err
	})
	if err == nil {
		y.allowances = append(y.allowances, done)
	}
	return y.refusedByRule(y.folder.CollectibilityPlace(), "the allowance of "+month.String(), err)
}

// collateral is what stands against each contract's allowance.
func (y *Year) collateral() map[string]ledger.Money {
	all := map[string]ledger.Money{}
	for _, c := range y.folder.Contracts {
		if c.Options.Collateral.Sign() > 0 {
			all[c.ID] = c.Options.Collateral
		}
	}
	return all
}
