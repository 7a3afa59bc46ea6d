package year

import (
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

// trialBalance is the trial balance before closing: every account that does
// not stand at zero, control accounts in total, on the side where it stands.
var trialBalance = table{"trial_balance.csv", []string{"code", "name", "debit", "credit"}, func(y *Year, tx *ledger.Tx, add addRow) error {
	trial, err := report.Trial(tx, y.beforeClosing())
	if err != nil {
		return err
	}
	for _, line := range trial.Lines {
		cells, err := rupiah(line.Debit, line.Credit)
		if err != nil {
			return err
		}
		for i, amount := range []ledger.Money{line.Debit, line.Credit} {
			if amount.IsZero() {
				cells[i] = ""
			}
		}
		if err := add(line.Account.Code, line.Account.Name, cells[0], cells[1]); err != nil {
			return err
		}
	}
	return nil
}}

// beforeClosing is the end of the year, its closing entry left out.
func (y *Year) beforeClosing() ledger.Moment {
	return ledger.EndOf(y.folder.Cooperative.LastDay).BeforeClosing()
}
