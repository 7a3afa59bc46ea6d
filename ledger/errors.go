package ledger

import "errors"

// Sentinels name the kind of an error; errors.Is finds them. Refusals of the
// book carry their data in a [*Refusal], which errors.As finds.
var (
	// ErrMoney marks text or numbers that are not an amount.
	ErrMoney = errors.New("ledger: not an amount")
	// ErrDate marks text or numbers that are not a day.
	ErrDate = errors.New("ledger: not a date")
	// ErrAllocate marks a split that cannot be made.
	ErrAllocate = errors.New("ledger: cannot allocate")
)
