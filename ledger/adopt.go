package ledger

import "fmt"

// Claim is what a contract that is taken over says stands on a sub.
type Claim struct {
	Account string
	Sub     string
	Balance Money // debit positive
}

// Adoption takes a running contract over from older books: the first version
// of its record, and what it claims of the opening balances.
type Adoption struct {
	Record Record // Version 1; its event states terms and progress
	Day    Date   // the day of the opening balances
	Claims []Claim
}

// Adopt saves the first version of a contract's record after checking every
// claim against the book: a contract that does not agree with the opening
// balances of its subs is refused with [ErrAdoption]. It posts nothing.
func (tx *Tx) Adopt(a Adoption) (Record, error) {
	if a.Record.Version != 1 {
		return Record{}, tx.refuse(ErrAdoption, Refusal{Code: CodeAdoptionFailed, Key: a.Record.Key,
			Detail: fmt.Sprintf("%s %s: version %d is not the first", plain(a.Record.Kind), plain(a.Record.ID), a.Record.Version)})
	}
	if a.Record.Key != "" && a.Record.Key != tx.current.Key {
		if _, known, err := tx.Command(a.Record.Key); err != nil || known {
			if err != nil {
				return Record{}, err
			}
			return tx.Save(a.Record) // a repeat, or a conflict: the balances have moved on since
		}
	}
	for _, c := range a.Claims {
		balance, err := tx.Balance(c.Account, c.Sub, EndOf(a.Day))
		if err != nil {
			return Record{}, err
		}
		if balance != c.Balance {
			return Record{}, tx.refuse(ErrAdoption, Refusal{Code: CodeAdoptionFailed, Key: a.Record.Key, Account: c.Account, Sub: c.Sub, Date: a.Day,
				Amount: c.Balance, Balance: balance,
				Detail: fmt.Sprintf("%s %s claims %s on %s, the book has %s", plain(a.Record.Kind), plain(a.Record.ID),
					tx.currency.Format(c.Balance), a.Day, tx.currency.Format(balance))})
		}
	}
	return tx.Save(a.Record)
}
