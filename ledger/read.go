package ledger

import (
	"iter"
	"slices"
)

// Account returns an account of the chart.
func (tx *Tx) Account(code string) (Account, bool, error) { return tx.account(code) }

// Accounts lists the chart by code.
func (tx *Tx) Accounts() iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		if tx.done {
			yield(Account{}, ErrTxDone)
			return
		}
		var staged []Account
		if tx.stage != nil {
			staged = tx.stage.accountsByCode()
		}
		merge(tx.reader.Accounts(), staged, func(a Account) string { return a.Code }, yield)
	}
}

// accountsByCode returns the staged accounts, the latest state of each, by code.
func (s *stage) accountsByCode() []Account {
	latest := make(map[string]Account, len(s.accounts))
	for _, a := range s.accounts {
		latest[a.Code] = a
	}
	return byKey(latest)
}

func byKey[T any](m map[string]T) []T {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	list := make([]T, len(keys))
	for i, key := range keys {
		list[i] = m[key]
	}
	return list
}

// merge yields stored rows and staged rows in the order of their keys, the
// staged row where both have the key.
func merge[T any](stored iter.Seq2[T, error], staged []T, key func(T) string, yield func(T, error) bool) {
	for row, err := range stored {
		if err != nil {
			yield(row, err)
			return
		}
		for len(staged) > 0 && key(staged[0]) < key(row) {
			if !yield(staged[0], nil) {
				return
			}
			staged = staged[1:]
		}
		if len(staged) > 0 && key(staged[0]) == key(row) {
			row, staged = staged[0], staged[1:]
		}
		if !yield(row, nil) {
			return
		}
	}
	for _, row := range staged {
		if !yield(row, nil) {
			return
		}
	}
}

// Sub returns the row of a sub, or of an account without subs if sub is empty.
func (tx *Tx) Sub(account, sub string) (Sub, bool, error) {
	if tx.done {
		return Sub{}, false, ErrTxDone
	}
	if tx.stage != nil {
		if staged := tx.stage.find(account, sub); staged != nil {
			return staged.sub, staged.exists, nil
		}
	}
	p, err := tx.reader.Position(account, sub, endOfTime)
	return p.Sub, p.Exists, err
}

// Subs lists the subs of an account that sort after the given one, by key.
func (tx *Tx) Subs(account, after string) iter.Seq2[Sub, error] {
	return func(yield func(Sub, error) bool) {
		if tx.done {
			yield(Sub{}, ErrTxDone)
			return
		}
		staged := make(map[string]Sub)
		if tx.stage != nil {
			tx.stage.subsOf(account, func(s *stagedSub) {
				if s.exists && (s.sub.Sub > after || after == "") {
					staged[s.sub.Sub] = s.sub
				}
			})
		}
		merge(tx.reader.Subs(account, after), byKey(staged), func(s Sub) string { return s.Sub }, yield)
	}
}
