package contract

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// Refusal says what was refused, in which contract, and why. Nothing has
// changed when one is returned. It is the refusal of every package of contracts,
// so that a host handles them all with one errors.As; whose it is says its Kind.
type Refusal struct {
	// Kind is one of the package's sentinels. The word before its colon is the
	// package's name, with which the refusal's message begins too.
	Kind     error
	Code     string // stable, for programs: "terms.down_payment", "sell.not_owned"
	Contract string // the contract's id, empty if not known
	What     string // which item, measure, member or year it is about, empty for the contract as a whole
	Rule     string // the fatwa, standard or law that asks for it, empty for a rule of arithmetic
	// Reason is for people. It shows amounts in minor units, as a contract
	// does not know its currency; see [Refusal.In].
	Reason string
	// Given and Limit are the amounts that were compared, zero where the
	// refusal is not about amounts.
	Given, Limit ledger.Money
	Row          int // the instalment concerned, from 1; 0 for none

	format string // of the reason
	args   []any
}

// Refuse returns a refusal whose reason is made of a format and what it shows.
func Refuse(kind error, code, contract, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Code: code, Contract: contract, Reason: fmt.Sprintf(format, args...), format: format, args: args}
}

// By names the rule that asks for the refusal, and returns it.
func (r *Refusal) By(rule string) *Refusal {
	r.Rule = rule
	return r
}

// Comparing names the amounts that were compared, and returns the refusal.
func (r *Refusal) Comparing(given, limit ledger.Money) *Refusal {
	r.Given, r.Limit = given, limit
	return r
}

// In returns the refusal with the amounts in its reason shown in a currency.
// The desks do so with their book's.
func (r *Refusal) In(currency ledger.Currency) *Refusal {
	shown := *r
	if r.format == "" {
		return &shown
	}
	args := make([]any, len(r.args))
	for i, arg := range r.args {
		if amount, isMoney := arg.(ledger.Money); isMoney {
			arg = currency.Format(amount)
		}
		args[i] = arg
	}
	shown.Reason = fmt.Sprintf(r.format, args...)
	return &shown
}

// Error returns one line: package, contract, reason, rule.
func (r *Refusal) Error() string {
	var b strings.Builder
	if r.Kind != nil {
		name, _, _ := strings.Cut(r.Kind.Error(), ":")
		b.WriteString(name + ": ")
	}
	if r.Contract != "" {
		fmt.Fprintf(&b, "contract %s: ", Clip(r.Contract))
	}
	if r.What != "" {
		b.WriteString(Clip(r.What) + ": ")
	}
	b.WriteString(r.Reason)
	if r.Rule != "" {
		fmt.Fprintf(&b, " (%s)", r.Rule)
	}
	return b.String()
}

// Unwrap returns the kind, so that errors.Is finds the sentinel.
func (r *Refusal) Unwrap() error { return r.Kind }

// In completes a refusal with the book's currency and, unless id is empty, the
// contract where it names none. Other errors, and none, are returned as they
// are.
func In(tx *ledger.Tx, id string, err error) error {
	var r *Refusal
	if !errors.As(err, &r) {
		return err
	}
	shown := r.In(tx.Currency())
	if shown.Contract == "" {
		shown.Contract = id
	}
	return shown
}

// Clip makes text from outside fit for a message: short and on one line.
func Clip(s string) string {
	const most = 60
	short := s
	if len(s) > most {
		short = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if ledger.TextFault(string(r), utf8.UTFMax) != "" {
			return '\uFFFD'
		}
		return r
	}, short)
}

// TextFault says what is wrong with a text that is to be kept, or returns
// nothing: what the book asks of the texts of its entries.
func TextFault(text string) string { return ledger.TextFault(text, ledger.MaxText) }
