package channelling

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/mizan-coop/mizan/ledger"
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

// Refusal says what was refused, in which contract, and why.
type Refusal struct {
	Kind     error
	Contract string
	Reason   string
	Rule     string // the fatwa that asks for it, empty for a rule of arithmetic
	// Given and Limit are the amounts that were compared, zero where none were.
	Given, Limit ledger.Money

	format string // of the reason, which shows amounts in minor units
	args   []any
}

// In returns the refusal with the amounts in its reason shown in a currency, as
// the [Desk] does with its book's.
func (r *Refusal) In(currency ledger.Currency) *Refusal {
	shown := *r
	args := make([]any, len(r.args))
	for i, arg := range r.args {
		if amount, isMoney := arg.(ledger.Money); isMoney && amount.Err() == nil {
			arg = currency.Format(amount)
		}
		args[i] = arg
	}
	shown.Reason = fmt.Sprintf(r.format, args...)
	return &shown
}

func (r *Refusal) Error() string {
	text := "channelling: "
	if r.Contract != "" {
		text += "contract " + clip(r.Contract) + ": "
	}
	text += r.Reason
	if r.Rule != "" {
		text += " (" + r.Rule + ")"
	}
	return text
}

// Unwrap returns the kind.
func (r *Refusal) Unwrap() error { return r.Kind }

func refuse(kind error, contract, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Contract: contract, Reason: fmt.Sprintf(format, args...), format: format, args: args}
}

func (r *Refusal) by(rule string) *Refusal {
	r.Rule = rule
	return r
}

// clip makes text from outside fit for a message.
func clip(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// textFault says what is wrong with a text that is to be kept, or returns
// nothing: what the book asks of the texts of its entries.
func textFault(text string) string { return ledger.TextFault(text, ledger.MaxText) }
