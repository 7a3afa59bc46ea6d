package year

import (
	"github.com/mizan-coop/mizan/examples/koperasi/outfolder"
	"github.com/mizan-coop/mizan/ledger"
)

// distribution is who got what of every month's income. tax is what the pay-out
// withheld, also for earlier pay-outs of its calendar month that only it carried
// over the threshold; net is less zakat by mandate as well.
var distribution = table{
	"distribution.csv", []string{"month", "account", "member", "product", "balance_days", "gross", "tax", "net"},
	func(y *Year, tx *ledger.Tx, add addRow) error {
		if !y.sharesProfit() {
			return nil
		}
		c := y.folder.Cooperative
		for month := c.FirstDay.Month(); !month.After(c.LastDay.Month()); month = month.Next() {
			rows, err := y.shares.RowsTx(tx, month)
			if err != nil {
				return err
			}
			for _, row := range rows {
				days, err := outfolder.Days(row.Days)
				if err != nil {
					return err
				}
				cells, err := rupiah(row.Gross, row.Tax.Add(row.CatchUp), row.Net)
				if err != nil {
					return err
				}
				if err := add(append([]string{month.String(), row.Account, row.Member, row.Product, days}, cells...)...); err != nil {
					return err
				}
			}
		}
		return nil
	},
}
