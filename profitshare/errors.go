package profitshare

import (
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
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
	// ErrLoss marks a loss that cannot be borne as asked.
	ErrLoss = errors.New("profitshare: the loss cannot be borne")
	// ErrZakat marks a mandate that cannot be carried out.
	ErrZakat = errors.New("profitshare: the zakat cannot be computed")
)

// InputError says what was refused, its value, why, and the text that a rule
// comes from. It matches the sentinel in Kind.
type InputError struct {
	Kind   error  // one of the package's sentinels
	What   string // which field or row, such as "stake of account M1"
	Value  string // what was given, where it is no amount
	Reason string
	Source string // fatwa, standard or law, where the rule comes from one
	// Amount is what was given where that is money, and Bound the amount that
	// it was measured against; nil where there is none.
	Amount, Bound *ledger.Money
	// Currency writes the two amounts. The pure functions know none and say
	// "minor units"; a Desk fills in the book's.
	Currency ledger.Currency
}

func (e *InputError) Error() string {
	text := "profitshare: " + e.What
	if e.Amount != nil {
		text += ": " + e.money(*e.Amount)
	} else if e.Value != "" {
		text += ": " + e.Value
	}
	text += ": " + e.Reason
	if e.Bound != nil {
		text += " " + e.money(*e.Bound)
	}
	if e.Source != "" {
		text += " (" + e.Source + ")"
	}
	return text
}

func (e *InputError) money(m ledger.Money) string {
	if e.Currency.IsZero() || m.Err() != nil {
		return m.String() + " minor units"
	}
	return e.Currency.Code() + " " + e.Currency.FormatLocal(m)
}

// amountError refuses an amount of money.
func amountError(kind error, what string, amount ledger.Money, reason string) *InputError {
	return &InputError{Kind: kind, What: what, Amount: &amount, Reason: reason}
}

// against names the amount that a refused one was measured by; the reason ends
// with it.
func (e *InputError) against(bound ledger.Money) *InputError {
	e.Bound = &bound
	return e
}

// inCurrency lets an error of this package write its amounts in a currency.
func inCurrency(err error, c ledger.Currency) error {
	var input *InputError
	if errors.As(err, &input) && input.Currency.IsZero() {
		input.Currency = c
	}
	return err
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
