package ledgertest

import (
	"context"
	"errors"

	"github.com/mizan-coop/mizan/ledger"
)

// Twice returns a store that runs the closure of every Update once for nothing
// and once for real, as a store does whose transactions can be lost: code
// whose closures have effects outside their transaction, or that lean on a
// first run, fails on it.
func Twice(store ledger.Store) ledger.Store { return twice{store} }

type twice struct{ ledger.Store }

// errDiscarded ends the run that is for nothing.
var errDiscarded = errors.New("ledgertest: discarded on purpose")

func (s twice) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	err := s.Store.Update(ctx, book, func(w ledger.Writer) error {
		_ = fn(discarding{w}) // whatever comes of it, the real run will say
		return errDiscarded
	})
	if !errors.Is(err, errDiscarded) {
		return err
	}
	return s.Store.Update(ctx, book, fn)
}

// discarding is a Writer whose Write is lost.
type discarding struct{ ledger.Writer }

func (discarding) Write(*ledger.Batch) error { return nil }
