package main

import (
	"github.com/mizan-coop/mizan/ledger"
)

// figures are what lists of cooperatives show of a book.
type figures struct {
	Savings   ledger.Money // what members have saved, of every product
	Financing ledger.Money // what members owe for goods, less margin not yet earned
	Results   map[int]ledger.Money
}

// tally adds up what entries did to the figures. It reads the lines that were
// posted, not the form that was sent: whatever the books decided is counted.
func tally(posted ...ledger.Posted) figures {
	f := figures{Results: make(map[int]ledger.Money)}
	for _, entry := range posted {
		for _, line := range entry.Lines {
			f.add(line.Account, line.Amount, entry.Date.Year(), entry.Phase)
		}
	}
	return f
}

func (f *figures) add(account string, amount ledger.Money, year int, phase ledger.Phase) {
	switch account {
	case pokokAccount, wajibAccount, voluntaryAccount:
		f.Savings = f.Savings.Sub(amount)
	case contractAccounts.Receivable, contractAccounts.DeferredMargin:
		f.Financing = f.Financing.Add(amount)
	}
	// Classes 5 and 6 of the chart are income and expenses; closing entries
	// move the result elsewhere and do not change it.
	if (account[0] == '5' || account[0] == '6') && phase != ledger.Closing {
		f.Results[year] = f.Results[year].Sub(amount)
	}
}

// count adds entries to the figures of the cooperative, in the transaction
// that posted them.
func (j *job) count(posted ...ledger.Posted) error {
	f := tally(posted...)
	if err := j.exec("UPDATE app_coop SET savings = savings + $2, financing = financing + $3 WHERE id = $1", j.coop.ID, f.Savings, f.Financing); err != nil {
		return err
	}
	for year, amount := range f.Results {
		err := j.exec(`INSERT INTO app_result (coop, year, amount) VALUES ($1, $2, $3)
ON CONFLICT (coop, year) DO UPDATE SET amount = app_result.amount + excluded.amount`, j.coop.ID, year, amount)
		if err != nil {
			return err
		}
	}
	return nil
}
