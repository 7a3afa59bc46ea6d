package shu

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// Sentinels name the kind of a refusal; errors.Is finds them. The data is in a
// [*Refusal], which errors.As finds. Whoever returns one has computed and
// changed nothing.
var (
	// ErrKey marks an allocation key that does not divide a result.
	ErrKey = errors.New("shu: allocation key refused")
	// ErrMembers marks members or figures by which nothing can be divided.
	ErrMembers = errors.New("shu: figures refused")
	// ErrResult marks a result that is not the book's, or not to be divided.
	ErrResult = errors.New("shu: result refused")
	// ErrState marks a command that the year's state does not allow.
	ErrState = errors.New("shu: not in this state")
	// ErrCommand marks a command that lacks something it needs.
	ErrCommand = errors.New("shu: command incomplete")
	// ErrDate marks a day that does not exist or lies before the year's last event.
	ErrDate = errors.New("shu: date refused")
	// ErrAmount marks an amount that is none, or above what there is.
	ErrAmount = errors.New("shu: amount refused")
	// ErrRole marks an account that cannot play its role.
	ErrRole = errors.New("shu: account does not fit its role")
	// ErrSequence marks an event that does not follow the year's last one.
	ErrSequence = errors.New("shu: event out of sequence")
	// ErrNotLatest marks the reversal of an event that later ones build on.
	ErrNotLatest = errors.New("shu: not the latest event")
	// ErrUnknown marks a year of which the book has no decision.
	ErrUnknown = errors.New("shu: no such year")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("shu: stored form not readable")
)

// RuleSHU is the law that refusals name: the SHU is the year's revenue less
// costs, depreciation and other obligations including tax; after reserves it
// goes to members by the services each did with the cooperative, and to
// cooperative education and other needs, as the members' meeting decides. The
// reserve covers a loss by the same meeting's decision.
const RuleSHU = "UU 25/1992 art. 45"

// Refusal says what was refused and why.
type Refusal struct {
	Kind error  // one of the sentinels
	Code string // stable, for programs: "key.sum", "decide.result"
	What string // which year, item, measure or member it is about
	Rule string // the law that asks for it, empty for a rule of arithmetic
	// Reason is for people. It shows amounts in minor units; see [Refusal.In].
	Reason string
	// Given and Limit are the amounts that were compared, zero where the
	// refusal is not about amounts.
	Given, Limit ledger.Money

	format string
	args   []any
}

func refuse(kind error, code, what, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Code: code, What: what, Reason: fmt.Sprintf(format, args...), format: format, args: args}
}

func (r *Refusal) by(rule string) *Refusal {
	r.Rule = rule
	return r
}

func (r *Refusal) comparing(given, limit ledger.Money) *Refusal {
	r.Given, r.Limit = given, limit
	return r
}

// In returns the refusal with the amounts in its reason shown in a currency.
// The [Desk] does so with its book's.
func (r *Refusal) In(currency ledger.Currency) *Refusal {
	shown := *r
	args := make([]any, len(r.args))
	for i, arg := range r.args {
		if amount, isMoney := arg.(ledger.Money); isMoney {
			arg = currency.Format(amount)
		}
		args[i] = arg
	}
	if r.format != "" {
		shown.Reason = fmt.Sprintf(r.format, args...)
	}
	return &shown
}

// Error returns one line: what, reason, rule.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("shu: ")
	if r.What != "" {
		b.WriteString(clip(r.What) + ": ")
	}
	b.WriteString(r.Reason)
	if r.Rule != "" {
		fmt.Fprintf(&b, " (%s)", r.Rule)
	}
	return b.String()
}

// Unwrap returns the kind.
func (r *Refusal) Unwrap() error { return r.Kind }

// clip makes text from outside fit for a message: short and on one line.
func clip(s string) string {
	const most = 60
	short := s
	if len(s) > most {
		short = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return '\uFFFD'
		}
		return r
	}, short)
}

func control(r rune) bool { return ledger.TextFault(string(r), utf8.UTFMax) != "" }

// textFault says what is wrong with a text that is to be kept, or returns
// nothing: what the book asks of the texts of its entries.
func textFault(text string) string { return ledger.TextFault(text, ledger.MaxText) }
