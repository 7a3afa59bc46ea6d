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
	content := NewContent("adopt").record(&a.Record).Date(a.Day).Uint(uint64(len(a.Claims)))
	for _, c := range a.Claims {
		content.Text(c.Account).Text(c.Sub).Money(c.Balance)
	}
	command, first, repeated, err := tx.own(Command{Key: a.Record.Key, Kind: "adopt", Content: content.Digest()})
	if err != nil {
		return Record{}, err
	}
	if repeated {
		return tx.recordBy(first) // though the balances may have moved on since
	}
	if a.Record.Version != 1 {
		return Record{}, tx.refuse(ErrAdoption, Refusal{Code: CodeAdoptionFailed, Key: a.Record.Key,
			Detail: fmt.Sprintf("%s %s: version %d is not the first", plain(a.Record.Kind), plain(a.Record.ID), a.Record.Version)})
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
	return tx.save(command, &a.Record)
}
