package ledger

import (
	"fmt"
	"strings"
)

// Kind is an account's class. A sharia cooperative needs nine: temporary
// syirkah funds are neither liability nor equity (PSAK 101/401), and the zakat
// and benevolent funds are kept apart from the cooperative's own results.
type Kind uint8

const (
	Asset Kind = iota + 1
	Liability
	// Syirkah is dana syirkah temporer: mudharabah money of members, who bear
	// its losses and share its profit.
	Syirkah
	Equity
	Income
	Expense
	// Zakat is the zakat fund: receipts credit it, payments to the eight groups debit it.
	Zakat
	// Benevolent is dana kebajikan: infaq, penalties (ta'zir), non-halal receipts and their use.
	Benevolent
	// Memorandum accounts stand outside the statements and balance among themselves.
	Memorandum
)

var kindNames = [...]string{"", "asset", "liability", "syirkah", "equity", "income", "expense", "zakat", "benevolent", "memorandum"}

// ParseKind reads a kind's name, as [Kind.String] writes it.
func ParseKind(text string) (Kind, error) {
	for i, name := range kindNames {
		if i > 0 && name == text {
			return Kind(i), nil
		}
	}
	return 0, fmt.Errorf("ledger: unknown account kind %q, want one of %s", clip(text), strings.Join(kindNames[1:], ", "))
}

// Valid reports whether k is one of the nine kinds.
func (k Kind) Valid() bool { return k >= Asset && k <= Memorandum }

// String returns the kind's name in lower case.
func (k Kind) String() string {
	if k.Valid() {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a kind's name.
func (k *Kind) UnmarshalText(text []byte) error {
	read, err := ParseKind(string(text))
	if err != nil {
		return err
	}
	*k = read
	return nil
}

// Side is the side on which an account's balance normally stands.
type Side int8

const (
	// DebitSide is positive: debit amounts are positive in every line.
	DebitSide Side = 1
	// CreditSide is negative.
	CreditSide Side = -1
)

// ParseSide reads "debit" or "credit".
func ParseSide(text string) (Side, error) {
	switch text {
	case "debit":
		return DebitSide, nil
	case "credit":
		return CreditSide, nil
	}
	return 0, fmt.Errorf("ledger: unknown side %q, want debit or credit", clip(text))
}

// String returns "debit" or "credit".
func (s Side) String() string {
	switch s {
	case DebitSide:
		return "debit"
	case CreditSide:
		return "credit"
	}
	return fmt.Sprintf("Side(%d)", int8(s))
}

// Natural returns a debit-positive amount as the account's own side shows it:
// positive where it stands on side s.
func (s Side) Natural(m Money) Money {
	if s == CreditSide {
		return m.Neg()
	}
	return m
}

// MarshalText writes the side's name.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a side's name.
func (s *Side) UnmarshalText(text []byte) error {
	read, err := ParseSide(string(text))
	if err != nil {
		return err
	}
	*s = read
	return nil
}

// Account is one line of the chart of accounts.
type Account struct {
	Code   string // unique in the book, never reused; at most MaxCode bytes
	Name   string // Indonesian, as reports print it
	NameEn string // English
	Kind   Kind
	Normal Side
	// Control marks an account whose every line carries a sub key (a member's
	// savings account, a contract). Its balance is the sum of its subs and
	// cannot drift from them. An account without subs takes lines without one.
	Control bool
	// Header marks a heading that takes no lines.
	Header bool
	// Retired accounts take no more lines. See [Tx.Retire].
	Retired bool
}

// Chart is the list of accounts a book starts with.
type Chart []Account

// Account returns the account with the given code.
func (c Chart) Account(code string) (Account, bool) {
	for _, a := range c {
		if a.Code == code {
			return a, true
		}
	}
	return Account{}, false
}
