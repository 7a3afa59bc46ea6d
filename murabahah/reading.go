package murabahah

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
)

// Contract returns a contract as it stands. The error matches [ErrUnknown] if
// there is none of that id.
func (d *Desk) Contract(ctx context.Context, id string) (Contract, error) {
	return view(ctx, d, func(tx *ledger.Tx) (Contract, error) {
		c, found, err := ContractIn(tx, id)
		if err == nil && !found {
			err = unknown(id)
		}
		return c, err
	})
}

// History returns all events of a contract: see [HistoryIn].
func (d *Desk) History(ctx context.Context, id string) ([]Event, error) {
	return view(ctx, d, func(tx *ledger.Tx) ([]Event, error) { return HistoryIn(tx, id) })
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
type Page struct {
	Contracts []Contract
	Next      string // the id behind which the next page begins
	More      bool   // whether there are contracts behind it now
}

// Contracts lists the contracts whose id sorts after the given one, at most
// the given number; zero or more than [MaxPage] means [MaxPage].
func (d *Desk) Contracts(ctx context.Context, after string, most int) (Page, error) {
	if most <= 0 || most > MaxPage {
		most = MaxPage
	}
	return view(ctx, d, func(tx *ledger.Tx) (Page, error) {
		page := Page{Next: after}
		for c, err := range Contracts(tx, after) {
			if err != nil {
				return Page{}, err
			}
			if len(page.Contracts) == most {
				page.More = true
				break
			}
			page.Contracts, page.Next = append(page.Contracts, c), c.Terms.Contract
		}
		return page, nil
	})
}

// of computes something of one contract.
func of[T any](ctx context.Context, d *Desk, id string, compute func(Contract) (T, error)) (T, error) {
	return view(ctx, d, func(tx *ledger.Tx) (T, error) {
		c, found, err := ContractIn(tx, id)
		if err == nil && !found {
			err = unknown(id)
		}
		var result T
		if err == nil {
			result, err = compute(c)
		}
		return result, in(tx, id, err)
	})
}

func view[T any](ctx context.Context, d *Desk, read func(*ledger.Tx) (T, error)) (T, error) {
	var result T
	err := d.book.View(ctx, func(tx *ledger.Tx) (err error) {
		result, err = read(tx)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}
