package savings

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
)

// MarkDormant marks an account as dormant once its member has begun no
// movement for the months of the product's terms on the day. Nothing is posted.
// Until it is reactivated the member cannot withdraw, transfer, convert or
// close, and the inactive fee may be charged; profit shares, dues by mandate
// and a settlement go on. A deposit of the member's own reactivates it by
// itself. Errors are those of [Account.MarkDormant], or match [ErrUnknown].
func (d *Desk) MarkDormant(ctx context.Context, m DormancyMarking) (Registered, error) {
	return update(ctx, d, m, d.MarkDormantTx)
}

// MarkDormantTx is MarkDormant in the caller's transaction.
func (d *Desk) MarkDormantTx(tx *ledger.Tx, m DormancyMarking) (Registered, error) {
	return d.alter(tx, m.Account, command(m.Key, "savings.dormant", m), func(at *opened) (Event, error) {
		if err := at.loadTerms(tx, m.Date); err != nil {
			return Event{}, err
		}
		last, err := at.account.lastOwn(tx)
		if err != nil {
			return Event{}, err
		}
		return at.account.MarkDormant(m, at.basis, last)
	})
}

// Reactivate ends an account's dormancy. It counts as a movement of the
// member's own, so the months begin anew. Errors are those of
// [Account.Reactivate], or match [ErrUnknown].
func (d *Desk) Reactivate(ctx context.Context, r Reactivation) (Registered, error) {
	return update(ctx, d, r, d.ReactivateTx)
}

// ReactivateTx is Reactivate in the caller's transaction.
func (d *Desk) ReactivateTx(tx *ledger.Tx, r Reactivation) (Registered, error) {
	return d.alter(tx, r.Account, command(r.Key, "savings.reactivate", r), func(at *opened) (Event, error) {
		return at.account.Reactivate(r, at.basis)
	})
}

// DormancyRun marks every account that is due on a day.
type DormancyRun struct {
	Key  string // each account's command is Key, a slash and the account
	Date ledger.Date
}

// DormancyMarked is what a run came to for one account.
type DormancyMarked struct {
	Account string
	Dormant Dormancy // zero if Refused is not nil
	Refused error    // why it was not marked: it has moved since the run began
	Repeat  bool
}

// MarkAllDormant runs [Desk.MarkDormant] for every account that is due on a
// day, by [DueDormantIn], and says of each what came of it. Run again with the
// same key it marks nothing twice and goes on where it stopped; a key that was
// used for another day is refused with [ledger.ErrKeyConflict]. It reads the
// lines of the last months of every account that has moved in them.
func (d *Desk) MarkAllDormant(ctx context.Context, r DormancyRun) ([]DormancyMarked, error) {
	var due []string
	err := d.book.View(ctx, func(tx *ledger.Tx) (err error) {
		due, err = dueDormant(tx, r.Date, func(a Account) (bool, error) { // marked by this run before
			_, used, err := tx.Command(r.Key + "/" + a.ID)
			return used, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	results := make([]DormancyMarked, 0, len(due))
	for len(due) > 0 {
		chunk := due[:min(len(due), runChunk)]
		due = due[len(chunk):]
		var marked []DormancyMarked
		err := d.book.Update(ctx, func(tx *ledger.Tx) error {
			marked = marked[:0]
			for _, account := range chunk {
				one, err := d.markOne(tx, r, account)
				if err != nil {
					return err
				}
				marked = append(marked, one)
			}
			return nil
		})
		if err != nil {
			return results, err
		}
		results = append(results, marked...)
	}
	return results, nil
}

func (d *Desk) markOne(tx *ledger.Tx, r DormancyRun, account string) (DormancyMarked, error) {
	marked, err := d.MarkDormantTx(tx, DormancyMarking{Key: r.Key + "/" + account, Date: r.Date, Account: account})
	if isRefusal(err) {
		return DormancyMarked{Account: account, Refused: err}, nil
	}
	return DormancyMarked{Account: account, Dormant: marked.Account.Dormant, Repeat: marked.Repeat}, err
}

// DueDormantIn lists the accounts that [Desk.MarkDormant] would mark on a day,
// by id. The error matches [ErrDate].
func DueDormantIn(tx *ledger.Tx, day ledger.Date) ([]string, error) {
	return dueDormant(tx, day, func(Account) (bool, error) { return false, nil })
}

// dueDormant lists the accounts that are due on a day, and of those that are
// dormant already the ones that again lets pass.
func dueDormant(tx *ledger.Tx, day ledger.Date, again func(Account) (bool, error)) ([]string, error) {
	if err := registerDay(day); err != nil {
		return nil, err
	}
	months := make(map[string]int)
	for p, err := range Products(tx) {
		if err != nil {
			return nil, err
		}
		terms, _ := p.On(day)
		months[p.Code] = terms.DormantMonths
	}
	var list []string
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return nil, err
		}
		due := false
		switch n := months[a.Product]; {
		case a.dormant():
			due, err = again(a)
		case n > 0:
			due, err = a.due(tx, day, n)
		}
		if err != nil {
			return nil, err
		}
		if due {
			list = append(list, a.ID)
		}
	}
	return list, nil
}

// due reports whether an account that is not dormant becomes so on a day under
// so many months. Most accounts answer from their record or their sub, and the
// others from their lines of the last months.
func (a Account) due(tx *ledger.Tx, day ledger.Date, months int) (bool, error) {
	over := func(last ledger.Date) bool {
		due := last.AddMonths(months)
		return due.Valid() && !day.Before(due)
	}
	if a.Status == Closed || a.Term != nil || a.Opened.After(day) || !over(a.begins()) {
		return false, nil
	}
	sub, _, err := tx.Sub(a.Control, a.ID)
	if err != nil {
		return false, err
	}
	if !sub.LastDay.IsZero() && !over(sub.LastDay) {
		from := day.AddMonths(-months)
		if !from.Valid() {
			from = ledger.Date{}
		}
		if own, err := a.ownSince(tx, from); err != nil || !own.IsZero() && !over(own) {
			return false, err
		}
	}
	m, _, err := MemberIn(tx, a.Member)
	return err == nil && !m.LeftOn(day), err
}
