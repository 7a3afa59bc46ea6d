package year

import "github.com/mizan-coop/mizan/ledger"

// balances is what stands on every account and sub after closing, debit positive.
var balances = table{"balances.csv", []string{"code", "sub", "balance"}, func(y *Year, tx *ledger.Tx, add addRow) error {
	for balance, err := range tx.Balances(ledger.EndOf(y.folder.Cooperative.LastDay)) {
		if err != nil {
			return err
		}
		cells, err := rupiah(balance.Amount)
		if err != nil {
			return err
		}
		if err := add(balance.Account.Code, balance.Sub, cells[0]); err != nil {
			return err
		}
	}
	return nil
}}
