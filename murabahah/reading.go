package murabahah

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Contract returns a contract as it stands. The error matches [ErrUnknown] if
// there is none of that id.
func (d *Desk) Contract(ctx context.Context, id string) (Contract, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Contract, error) { return kind.Load(tx, id) })
}

// History returns all events of a contract: see [HistoryIn].
func (d *Desk) History(ctx context.Context, id string) ([]Event, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) ([]Event, error) { return HistoryIn(tx, id) })
}

// Quote computes an early settlement as of a day: see [Contract.Quote].
func (d *Desk) Quote(ctx context.Context, id string, asOf ledger.Date) (Quote, error) {
	return of(ctx, d, id, func(c Contract) (Quote, error) { return c.Quote(asOf) })
}

// Schedule computes the plan in force with the margin of each row: see
// [Contract.Schedule].
func (d *Desk) Schedule(ctx context.Context, id string) (Schedule, error) {
	return of(ctx, d, id, func(c Contract) (Schedule, error) { return c.Schedule() })
}

// Card returns a contract's instalment card: see [Contract.Card].
func (d *Desk) Card(ctx context.Context, id string) (Card, error) {
	return of(ctx, d, id, Contract.Card)
}

// Page is a page of the list of contracts, by id.
type Page = contract.Page[Contract]

// Contracts lists the contracts whose id sorts after the given one, at most
// the given number; zero or more than [MaxPage] means [MaxPage].
func (d *Desk) Contracts(ctx context.Context, after string, most int) (Page, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Page, error) { return kind.Page(tx, after, most) })
}

// of computes something of one contract.
func of[T any](ctx context.Context, d *Desk, id string, compute func(Contract) (T, error)) (T, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (T, error) {
		c, err := kind.Load(tx, id)
		var result T
		if err == nil {
			result, err = compute(c)
		}
		return result, contract.In(tx, id, err)
	})
}
