package murabahah

import (
	"errors"

	"github.com/mizan-coop/mizan/ledger/contract"
)

// Sentinels name the kind of a refusal; errors.Is finds them. The data is in a
// [*Refusal], which errors.As finds.
var (
	// ErrTerms marks terms that no murabahah can have.
	ErrTerms = errors.New("murabahah: terms refused")
	// ErrState marks a command that the contract's state does not allow.
	ErrState = errors.New("murabahah: not in this state")
	// ErrNotOwned marks a sale of goods that the cooperative does not own yet
	// (DSN-MUI 04/2000).
	ErrNotOwned = errors.New("murabahah: goods not owned")
	// ErrDownPayment marks down payments above, or at the sale below, the terms.
	ErrDownPayment = errors.New("murabahah: down payment differs from the terms")
	// ErrCost marks an acquisition at another cost than the terms disclose.
	ErrCost = errors.New("murabahah: cost differs from the terms")
	// ErrOverpaid marks a payment above what is owed.
	ErrOverpaid = errors.New("murabahah: payment above what is owed")
	// ErrNoClaim marks a settlement in which the rebate exceeds the debt, so
	// that there is nothing to claim; the debt is paid in the ordinary way.
	ErrNoClaim = errors.New("murabahah: rebate above the debt")
	// ErrAmount marks an amount that is not above zero, or is none at all.
	ErrAmount = errors.New("murabahah: amount refused")
	// ErrDate marks a day that does not exist or lies before the contract's last event.
	ErrDate = errors.New("murabahah: date refused")
	// ErrCommand marks a command that lacks something it needs: the account of
	// the money, a reason, evidence.
	ErrCommand = errors.New("murabahah: command incomplete")
	// ErrSequence marks an event that does not follow the contract's last one.
	ErrSequence = errors.New("murabahah: event out of sequence")
	// ErrNotLatest marks the reversal of an event that later ones build on.
	ErrNotLatest = errors.New("murabahah: not the latest event")
	// ErrUnknown marks a contract that the book does not have.
	ErrUnknown = errors.New("murabahah: no such contract")
	// ErrRole marks an account that cannot play its role in [Accounts], or an
	// account with a role as the place of the money.
	ErrRole = errors.New("murabahah: account does not fit its role")
	// ErrPayer marks money taken out of the savings of somebody who is neither
	// the buyer nor named as paying for the buyer.
	ErrPayer = errors.New("murabahah: not the payer's money")
	// ErrEvidence marks a command that lacks the paper that must prove it.
	ErrEvidence = errors.New("murabahah: evidence missing")
	// ErrInah marks goods bought from the very buyer (bay' al-'inah).
	ErrInah = errors.New("murabahah: supplier is the buyer")
	// ErrGrows marks what would raise a debt after the akad.
	ErrGrows = errors.New("murabahah: debt would grow")
	// ErrAble marks a penalty on a member who is not able to pay.
	ErrAble = errors.New("murabahah: no penalty on who cannot pay")
	// ErrRebate marks a rebate that the contract's rule does not allow.
	ErrRebate = errors.New("murabahah: rebate refused")
	// ErrOpening marks an adoption that differs from the opening balances.
	ErrOpening = errors.New("murabahah: differs from the opening balances")
	// ErrAllowance marks a debt charged to an allowance that does not hold so much.
	ErrAllowance = errors.New("murabahah: allowance does not suffice")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("murabahah: stored form not readable")
)

// Rules that refusals name, besides the cooperative's own.
const (
	RuleMurabahah   = "DSN-MUI 04/2000"        // the goods are owned before they are sold; price = cost + margin, disclosed
	RuleDownPayment = "DSN-MUI 13/2000"        // never keep more of a down payment than the actual loss
	RulePenalty     = "DSN-MUI 17/2000"        // penalties go to the benevolent fund alone
	RuleRecognition = "DSN-MUI 84/2012"        // margin remains in every period until the receivable is settled
	RuleEarlySettle = "DSN-MUI 153/2022"       // margin of time not yet elapsed is not claimed
	RuleRebate      = "DSN-MUI 23/2002"        // a rebate may be given at a settlement, and is never promised
	RuleWakalah     = "DSN-MUI 10/2000"        // the akad follows when the goods belong to the cooperative
	RuleDiscount    = "DSN-MUI 16/2000"        // a discount before the akad is the buyer's, after it is shared as the akad says
	RuleCompensate  = "DSN-MUI 43/2004"        // ta'widh: only real, proven costs of a breach
	RuleConcession  = "DSN-MUI 46/2005"        // a reduction at the cooperative's discretion, never promised
	RuleRealise     = "DSN-MUI 47/2005"        // object or collateral sold at market price: surplus returned, the rest stays owed
	RuleReschedule  = "DSN-MUI 48/2005"        // the debt does not grow; only real costs are charged
	RuleConvert     = "DSN-MUI 49/2005"        // the object is sold to the cooperative first, then comes a new akad
	RuleWriteOff    = "SOP KJKS (unconfirmed)" // a debt is written off against an allowance that was set up before
	RuleStandard    = "PSAK 402"               // measurement and recognition (numbered 102 before 2024)
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
