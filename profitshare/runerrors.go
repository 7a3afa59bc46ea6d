package profitshare

import (
	"errors"
	"strings"
)

// The kinds of what a [Desk] refuses, besides the book's own [ledger.Refusal].
// The data is in an [*InputError]. A refused command has changed nothing.
var (
	// ErrPlan marks a plan that the book cannot carry out.
	ErrPlan = errors.New("profitshare: the plan does not fit the book")
	// ErrEarning marks what the [Accounts] said of an account and cannot be.
	ErrEarning = errors.New("profitshare: the account cannot earn")
	// ErrRun marks what the state of a month's run does not allow.
	ErrRun = errors.New("profitshare: not in this state of the run")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("profitshare: stored form not readable")
)

// clipText shortens text from outside before it goes into a message.
func clipText(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
