package financing

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

// Page is a page of the list of contracts, by id.
type Page = contract.Page[Contract]

// Contracts lists the contracts whose id sorts after the given one, at most
// the given number; zero or more than [MaxPage] means [MaxPage].
func (d *Desk) Contracts(ctx context.Context, after string, most int) (Page, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Page, error) { return kind.Page(tx, after, most) })
}

// Nominatif returns the list of all contracts as they stood at the end of a day,
// by id; no day (the zero Date) means by now. Its sums are what the control
// accounts show on that day: what was undone later still counts on it.
func (d *Desk) Nominatif(ctx context.Context, asOf ledger.Date) (Nominatif, error) {
	if !asOf.IsZero() && asOf.Err() != nil {
		return Nominatif{}, refuse(ErrDate, "nominatif.date", "", "nominatif: %v", asOf.Err())
	}
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Nominatif, error) {
		var n Nominatif
		for r, err := range tx.Records(RecordKind, "") {
			if err != nil {
				return Nominatif{}, err
			}
			history, err := HistoryIn(tx, r.ID)
			if err != nil {
				return Nominatif{}, err
			}
			n.add(contractOn(history, asOf))
		}
		return n, nil
	})
}

// contractOn returns a contract as its entries through a day have left it.
func contractOn(history []Event, asOf ledger.Date) (c Contract) {
	for _, e := range history {
		if !asOf.IsZero() && e.Date.After(asOf) {
			continue
		}
		if e.Terms != nil {
			c.Terms = *e.Terms
		}
		c.State, c.Version, c.Latest, c.Through = e.To, e.Version, e.Latest, e.Through
		c.Position = c.Position.Add(e.Change)
		c.Nisbah, _ = after(c.Nisbah, e.Nisbah, e.Name)
	}
	return c
}
