package channelling

import (
	"errors"

	"github.com/mizan-coop/mizan/ledger/contract"
)

// Sentinels name the kind of a refusal; errors.Is finds them. The data is in a
// [*Refusal], which errors.As finds. Nothing has changed when one is returned.
var (
	// ErrTerms marks terms that no such contract can have.
	ErrTerms = errors.New("channelling: terms refused")
	// ErrState marks a command that the contract's state does not allow.
	ErrState = errors.New("channelling: not in this state")
	// ErrAmount marks an amount that is not above zero, or above what there is.
	ErrAmount = errors.New("channelling: amount refused")
	// ErrReport marks a report that is none of actual results.
	ErrReport = errors.New("channelling: not a report of actual results")
	// ErrCommand marks a command that lacks something, or has a day or text that cannot be.
	ErrCommand = errors.New("channelling: command refused")
	// ErrSequence marks an event that does not follow the contract's last one.
	ErrSequence = errors.New("channelling: event out of sequence")
	// ErrUnknown marks a contract that the book does not have.
	ErrUnknown = errors.New("channelling: no such contract")
	// ErrRole marks an account that cannot play its role in [Accounts].
	ErrRole = errors.New("channelling: account does not fit its role")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("channelling: stored form not readable")
)

// Rules that refusals name; their texts are unconfirmed.
const (
	RuleAgent      = "DSN-MUI 10/2000, 113/2017" // wakalah: the agent acts for another and answers for its own fault only
	RuleRestricted = "DSN-MUI 115/2017"          // muqayyadah: what the money is for is the owner's to say
	RuleNisbah     = "DSN-MUI 115/2017"          // a nisbah is a part of the result
)

// Refusal says what was refused, in which contract, and why. Other packages of
// contracts have the same type; the Kind of this one's is one of the sentinels
// above.
type Refusal = contract.Refusal

func refuse(kind error, code, id, format string, args ...any) *Refusal {
	return contract.Refuse(kind, code, id, format, args...)
}

func unknown(id string) *Refusal {
	return refuse(ErrUnknown, "contract.unknown", id, "there is none of that id")
}
