package financing

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Reverse undoes the latest event that still stands: contract and books step
// back together. The entry is the exact mirror, linked with the original; it
// obeys periods, floors and holds like any entry. An earlier event is refused
// with [ErrNotLatest], the later ones named. Repeated with new keys it undoes
// one event after the other, back to before the commitment. An adoption has no
// entry: who reverses it reverses the opening entry too.
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Result, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Result, error) {
	asked, err := content(EventReverse, r)
	if err != nil {
		return Result{}, err
	}
	decide := func(history []Event) (Event, error) {
		e, err := Reverse(history, r)
		return e, contract.In(tx, r.Contract, err)
	}
	return kind.Reverse(tx, request(EventReverse, r.Slip, asked), decide, func(before Contract, e Event, mirror contract.Post) (Result, error) {
		return d.write(tx, r.Contract, before, e, mirror)
	})
}
