package profitshare

import (
	"errors"
	"fmt"
)

// Sentinels name the kind of an error; errors.Is finds them. The data is in an
// [*InputError], which errors.As finds. Whoever returns an error has computed
// nothing: there is no partial result.
var (
	// ErrPool marks a pool that cannot be shared out: a bad result, term, stake or rounding.
	ErrPool = errors.New("profitshare: the pool cannot be shared")
	// ErrReserve marks a movement of a reserve or a gift that its source does not cover.
	ErrReserve = errors.New("profitshare: the reserve does not allow it")
	// ErrWeigh marks balances from which no weight can be computed.
	ErrWeigh = errors.New("profitshare: the balances cannot be weighed")
	// ErrSplit marks funds between which no income can be split.
	ErrSplit = errors.New("profitshare: the income cannot be split")
	// ErrTier marks a ladder of tiers with a gap or in disorder.
	ErrTier = errors.New("profitshare: the ladder is not valid")
	// ErrTax marks returns from which no tax can be computed.
	ErrTax = errors.New("profitshare: the tax cannot be computed")
	// ErrSHU marks a surplus that cannot be allocated.
	ErrSHU = errors.New("profitshare: the SHU cannot be allocated")
)

// InputError says what was refused, its value, why, and the text that a rule
// comes from. It matches the sentinel in Kind.
type InputError struct {
	Kind   error  // one of the package's sentinels
	What   string // which field or row, such as "stake of account M1"
	Value  string // what was given
	Reason string
	Source string // fatwa, standard or law, where the rule comes from one
}

func (e *InputError) Error() string {
	text := "profitshare: " + e.What
	if e.Value != "" {
		text += ": " + e.Value
	}
	text += ": " + e.Reason
	if e.Source != "" {
		text += " (" + e.Source + ")"
	}
	return text
}

// Unwrap returns the sentinel.
func (e *InputError) Unwrap() error { return e.Kind }

// named quotes a name from outside for a message, clipped to a readable length.
func named(kind, name string) string {
	const most = 60
	if len(name) > most {
		name = name[:most] + "..."
	}
	return fmt.Sprintf("%s %q", kind, name)
}
