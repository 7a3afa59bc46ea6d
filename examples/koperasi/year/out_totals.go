package year

import "github.com/mizan-coop/mizan/ledger"

// totals is the year in nine lines, before closing, each on its natural side.
var totals = table{"totals.csv", []string{"line", "amount"}, func(y *Year, tx *ledger.Tx, add addRow) error {
	sums := map[ledger.Kind]ledger.Money{}
	for balance, err := range tx.Balances(y.beforeClosing()) {
		if err != nil {
			return err
		}
		kind := balance.Account.Kind
		sums[kind] = sums[kind].Add(kind.Side().Natural(balance.Amount))
	}
	for _, line := range []struct {
		name   string
		amount ledger.Money
	}{
		{"assets", sums[ledger.Asset]},
		{"liabilities", sums[ledger.Liability]},
		{"syirkah", sums[ledger.Syirkah]},
		{"equity_before_closing", sums[ledger.Equity]},
		{"zakat_fund", sums[ledger.Zakat]},
		{"benevolent_fund", sums[ledger.Benevolent]},
		{"income_net_of_owners_share", sums[ledger.Income]},
		{"expense", sums[ledger.Expense]},
		{"shu", sums[ledger.Income].Sub(sums[ledger.Expense])},
	} {
		cells, err := rupiah(line.amount)
		if err != nil {
			return err
		}
		if err := add(line.name, cells[0]); err != nil {
			return err
		}
	}
	return nil
}}
