package financing

import (
	"errors"

	"github.com/mizan-coop/mizan/ledger/contract"
)

// Sentinels name the kind of a refusal; errors.Is finds them. The data is in a
// [*Refusal], which errors.As finds.
var (
	// ErrTerms marks terms that no partnership can have.
	ErrTerms = errors.New("financing: terms refused")
	// ErrState marks a command that the contract's state or terms do not allow.
	ErrState = errors.New("financing: not in this state")
	// ErrAmount marks an amount that is not above zero, or is none at all.
	ErrAmount = errors.New("financing: amount refused")
	// ErrAbove marks an amount above what is committed, invested or due.
	ErrAbove = errors.New("financing: amount above what there is")
	// ErrReport marks a report that is none of the business's actual results:
	// of days to come, without its document, or of days reported before.
	ErrReport = errors.New("financing: not a report of actual results")
	// ErrDate marks a day that does not exist or lies before the contract's last event.
	ErrDate = errors.New("financing: date refused")
	// ErrCommand marks a command that lacks something it needs: the account of
	// the money, a reason, evidence.
	ErrCommand = errors.New("financing: command incomplete")
	// ErrPolicy marks a day on which no accounting policy is in force.
	ErrPolicy = errors.New("financing: no accounting policy")
	// ErrSequence marks an event that does not follow the contract's last one.
	ErrSequence = errors.New("financing: event out of sequence")
	// ErrNotLatest marks the reversal of an event that later ones build on.
	ErrNotLatest = errors.New("financing: not the latest event")
	// ErrUnknown marks a contract that the book does not have.
	ErrUnknown = errors.New("financing: no such contract")
	// ErrRole marks an account that cannot play its role in [Accounts], or an
	// account with a role as the place of the money.
	ErrRole = errors.New("financing: account does not fit its role")
	// ErrOpening marks an adoption that differs from the opening balances.
	ErrOpening = errors.New("financing: differs from the opening balances")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("financing: stored form not readable")
)

// Rules that refusals name, besides the cooperative's own. The texts were not
// at hand when this was written; their content is unconfirmed.
const (
	RuleMudharabah  = "DSN-MUI 07/2000"  // the owner bears loss unless the manager is at fault; capital is money or valued goods
	RuleMusyarakah  = "DSN-MUI 08/2000"  // profit by agreed nisbah, loss by capital
	RuleSharing     = "DSN-MUI 15/2000"  // revenue or profit is shared, as the akad says
	RuleMusytarakah = "DSN-MUI 50/2006"  // the manager's own capital takes its part first, the rest is shared by nisbah
	RuleDeclining   = "DSN-MUI 73/2008"  // the partner buys the cooperative's shares step by step
	RuleNisbah      = "DSN-MUI 115/2017" // a nisbah is a part of the result and leaves nobody with nothing
	RuleOwner       = "PSAK 405"         // the owner's accounting, formerly PSAK 105
	RulePartner     = "PSAK 406"         // the partner's accounting, formerly PSAK 106
)

// Refusal says what was refused, in which contract, and why. Nothing has
// changed when one is returned. Other packages of contracts have the same type;
// the Kind of this one's is one of the sentinels above.
type Refusal = contract.Refusal

func refuse(kind error, code, id, format string, args ...any) *Refusal {
	return contract.Refuse(kind, code, id, format, args...)
}

func unknown(id string) *Refusal {
	return refuse(ErrUnknown, "contract.unknown", id, "there is no contract %q", contract.Clip(id))
}
