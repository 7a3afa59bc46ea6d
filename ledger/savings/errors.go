package savings

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// Sentinels name the kind of a refusal; errors.Is finds them. The data is in a
// [*Refusal], which errors.As finds.
var (
	// ErrUnknown marks an account, member or product that there is none of.
	ErrUnknown = errors.New("savings: unknown")
	// ErrExists marks an account, member or product that there is already.
	ErrExists = errors.New("savings: exists already")
	// ErrProduct marks terms that no product can have.
	ErrProduct = errors.New("savings: product terms refused")
	// ErrMember marks what the member's standing does not allow.
	ErrMember = errors.New("savings: not open to this member")
	// ErrState marks a command that the account's state does not allow.
	ErrState = errors.New("savings: not in this state")
	// ErrDate marks a day that does not exist, or lies before the account, the
	// product or the membership began, or before what it would undo.
	ErrDate = errors.New("savings: date refused")
	// ErrAmount marks an amount that is not above zero, or is none at all.
	ErrAmount = errors.New("savings: amount refused")
	// ErrMinOpening marks a first deposit below the product's minimum opening.
	ErrMinOpening = errors.New("savings: below the minimum opening")
	// ErrMinBalance marks a withdrawal or transfer that would take an end of
	// day below zero, the minimum balance or what is held.
	ErrMinBalance = errors.New("savings: below the minimum balance")
	// ErrLocked marks a withdrawal from savings that stay while the member does.
	ErrLocked = errors.New("savings: not withdrawable while a member")
	// ErrMinDeposit marks a further deposit below the product's minimum deposit.
	ErrMinDeposit = errors.New("savings: below the minimum deposit")
	// ErrPolicy marks a policy that cannot be, or that lacks what a command needs.
	ErrPolicy = errors.New("savings: policy refused")
	// ErrCapital marks what the limits of own capital do not allow (Permenkop
	// 8/2023 art. 63).
	ErrCapital = errors.New("savings: limit of own capital")
	// ErrBulk marks a bulk deposit of which nothing was paid in. All that is wrong
	// with it is in a [*BulkError].
	ErrBulk = errors.New("savings: bulk deposit refused")
	// ErrClaim marks a payment to a member who has left beyond what is due.
	ErrClaim = errors.New("savings: beyond the claim")
	// ErrReversal marks what cannot be taken back.
	ErrReversal = errors.New("savings: cannot be taken back")
	// ErrNotLatest marks a reversal of what later events build upon.
	ErrNotLatest = errors.New("savings: not the latest event")
	// ErrMark marks a passbook's page that entries dated before its end have
	// changed since, whether it was only read or printed, see [Mismatch].
	ErrMark = errors.New("savings: the passbook has changed before its mark")
	// ErrPassbook marks what a printed passbook does not allow: nothing to print,
	// another serial than the one in use, no room left.
	ErrPassbook = errors.New("savings: passbook refused")
	// ErrAdoption marks a running account that does not agree with the opening
	// balances.
	ErrAdoption = errors.New("savings: does not agree with the opening balance")
	// ErrTerm marks what the term of time savings does not allow.
	ErrTerm = errors.New("savings: not within this term")
	// ErrDormant marks what a dormant account does not allow before it is
	// reactivated.
	ErrDormant = errors.New("savings: dormant, to be reactivated first")
	// ErrNotDormant marks a marking before the product's months are over, and
	// what only a dormant account allows.
	ErrNotDormant = errors.New("savings: not dormant")
	// ErrPerson marks personal data that cannot be kept.
	ErrPerson = errors.New("savings: person refused")
	// ErrCommand marks a command that lacks something it needs, or whose parts
	// do not fit together.
	ErrCommand = errors.New("savings: command refused")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("savings: stored form not readable")
)

// Rules that refusals name, besides the cooperative's own. Their wording was
// not compared with the sources: unconfirmed.
const (
	RuleSavings    = "DSN-MUI 02/2000"          // savings rest on mudharabah, or on wadiah without a stipulated return
	RuleMudharabah = "DSN-MUI 115/2017"         // the nisbah is a part of the result, agreed in the akad
	RuleMembership = "UU 25/1992"               // pokok and wajib stay with the cooperative while the member does
	RuleCandidate  = "PP 9/1995 art. 18"        // a candidate becomes a member within three months
	RuleCapital    = "Permenkop 8/2023 art. 63" // own capital's floor, and one member's part of it
)

// Refusal says what was refused, on which account, member or product, and
// why. Nothing has changed when one is returned.
type Refusal struct {
	Kind    error  // one of the sentinels
	Code    string // stable, for programs: "deposit.min_opening", "withdraw.min_balance"
	Account string // the savings account, empty if not concerned
	Member  string
	Product string
	Date    ledger.Date // the day that breaks the rule, zero if not concerned
	Rule    string      // the fatwa or law that asks for it, empty for the cooperative's own
	Reason  string      // for people
	// Given is the amount asked for and Limit the least (or, for a fee, the
	// most) that was allowed: a minimum balance includes what is held. Balance
	// is the account's balance on Date before the command. Amounts are in minor
	// units, positive on the member's side, zero where none is concerned.
	Given, Limit, Balance ledger.Money

	cause    error // the book's refusal, if it is the book's
	currency ledger.Currency
}

// Error returns one line: who, why, which amounts, which rule.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("savings: ")
	for _, n := range [...]struct{ what, id string }{{"account", r.Account}, {"member", r.Member}, {"product", r.Product}} {
		if n.id != "" {
			fmt.Fprintf(&b, "%s %s: ", n.what, clip(n.id))
		}
	}
	b.WriteString(r.Reason)
	switch r.Kind {
	case ErrMinOpening, ErrMinDeposit, ErrMinBalance:
		fmt.Fprintf(&b, ": %s asked, at least %s", r.amount(r.Given), r.amount(r.Limit))
	case ErrCapital, ErrClaim, ErrAdoption, ErrMark, ErrBulk:
		fmt.Fprintf(&b, ": %s against %s", r.amount(r.Given), r.amount(r.Limit))
	}
	if r.Kind == ErrMinBalance {
		fmt.Fprintf(&b, " must stay of %s on %s", r.amount(r.Balance), r.Date)
	}
	if r.Rule != "" {
		fmt.Fprintf(&b, " (%s)", r.Rule)
	}
	return b.String()
}

// amount shows m in the book's currency; a pure decision does not know it and
// shows minor units.
func (r *Refusal) amount(m ledger.Money) string {
	if r.currency.IsZero() {
		return m.String()
	}
	return r.currency.Format(m)
}

// Unwrap returns the kind and, where the book refused, the book's refusal.
func (r *Refusal) Unwrap() []error {
	if r.cause == nil {
		return []error{r.Kind}
	}
	return []error{r.Kind, r.cause}
}

// in completes a refusal with the book's currency.
func in(tx *ledger.Tx, err error) error {
	var r *Refusal
	if errors.As(err, &r) && r.currency.IsZero() {
		r.currency = tx.Currency()
	}
	return err
}

// textFault says what is wrong with a text that is to be kept, or returns
// nothing: what the book asks of the texts of its entries.
func textFault(text string) string { return ledger.TextFault(text, ledger.MaxText) }

// clip makes text from outside fit for a message: short and on one line.
func clip(s string) string {
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
