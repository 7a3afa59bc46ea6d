package ledger

import (
	"context"
	"maps"
	"slices"
)

// SubTurnovers are all turnover rows of one sub.
type SubTurnovers struct {
	Account string
	Sub     string
	Rows    []Turnover
}

// Rebuild recounts every turnover row and balance from the lines and replaces
// those that differ. It is surgery on a damaged book, after [Book.Check] has
// said what is wrong and a copy has been made: it changes caches only, never
// an entry, a number or a digest, and it leaves no change behind. It returns
// the subs it has replaced, none for a sound book.
//
// It reads the whole book and keeps writers out meanwhile.
func (b *Book) Rebuild(ctx context.Context) ([]SubTurnovers, error) {
	var rebuilt []SubTurnovers
	err := b.store.Update(ctx, b.id, func(w Writer) error {
		rebuilt = nil
		head, err := w.Head()
		if err != nil {
			return err
		}
		tx := &Tx{reader: w, book: b.id, currency: b.currency}
		if rebuilt, err = tx.damaged(); err != nil || len(rebuilt) == 0 {
			return err
		}
		return w.Write(&Batch{Expect: head.Change, Head: head, Rebuilt: rebuilt})
	})
	return rebuilt, err
}

// damaged returns the right rows of every sub whose rows are wrong.
func (tx *Tx) damaged() ([]SubTurnovers, error) {
	want, err := recounted(tx)
	if err != nil {
		return nil, err
	}
	var damaged []SubTurnovers
	for account, err := range tx.Accounts() {
		if err != nil {
			return nil, err
		}
		for sub, err := range tx.Subs(account.Code, "") {
			if err != nil {
				return nil, err
			}
			key := Place{account.Code, sub.Sub}
			rows, err := tx.allTurnovers(account.Code, sub.Sub)
			if err != nil {
				return nil, err
			}
			if !slices.Equal(rows, want[key]) {
				damaged = append(damaged, SubTurnovers{account.Code, sub.Sub, want[key]})
			}
			delete(want, key)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(want), Place.Compare) { // subs whose rows are missing altogether
		damaged = append(damaged, SubTurnovers{key.Account, key.Sub, want[key]})
	}
	return damaged, nil
}

func (tx *Tx) allTurnovers(account, sub string) ([]Turnover, error) {
	var rows []Turnover
	for row, err := range tx.Turnovers(account, sub, Date{1}, endOfTime) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
