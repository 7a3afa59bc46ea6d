package financing

import "github.com/mizan-coop/mizan/ledger/contract"

// Named limits. What goes beyond one is refused with a [*Refusal] that names it.
const (
	// MaxNisbahPlaces is the most decimals that a nisbah may have.
	MaxNisbahPlaces = 18
	// MaxChanges is the most changes of the nisbah in one contract, and the
	// most tranches in kind whose gain is deferred.
	MaxChanges = 240
	// MaxPage is the most contracts that one page of [Desk.Contracts] lists.
	MaxPage = contract.MaxPage
)
