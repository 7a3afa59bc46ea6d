package ledger

import "fmt"

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

var kindNames = nameSet{what: "account kind", first: 1, list: []string{
	"", "asset", "liability", "syirkah", "equity", "income", "expense", "zakat", "benevolent", "memorandum",
}}

// ParseKind reads a kind's name, as [Kind.String] writes it. Errors match [ErrName].
func ParseKind(text string) (Kind, error) {
	n, err := kindNames.parse(text)
	return Kind(n), err
}

// Valid reports whether k is one of the nine kinds.
func (k Kind) Valid() bool { return kindNames.has(uint8(k)) }

// Side returns the side on which accounts of the kind stand unless they are
// contra accounts: debit for assets, expenses and, by convention, memorandum
// accounts; credit for all others. It is 0 for what is not a kind.
func (k Kind) Side() Side {
	switch k {
	case Asset, Expense, Memorandum:
		return DebitSide
	case Liability, Syirkah, Equity, Income, Zakat, Benevolent:
		return CreditSide
	}
	return 0
}

// String returns the kind's name in lower case.
func (k Kind) String() string { return kindNames.text(uint8(k)) }

// MarshalText writes the kind's name; a value without one is an error that matches [ErrName].
func (k Kind) MarshalText() ([]byte, error) { return kindNames.marshal(uint8(k)) }

// UnmarshalText reads what MarshalText wrote. Errors match [ErrName].
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

// ParseSide reads "debit" or "credit". Errors match [ErrName].
func ParseSide(text string) (Side, error) {
	for _, side := range []Side{DebitSide, CreditSide} {
		if text == side.String() {
			return side, nil
		}
	}
	return 0, unknownSide(text)
}

func unknownSide(text string) error {
	return &NameError{What: "side", Text: clip(text), Want: []string{DebitSide.String(), CreditSide.String()}}
}

// Valid reports whether s is one of the two sides.
func (s Side) Valid() bool { return s == DebitSide || s == CreditSide }

// String returns "debit" or "credit".
func (s Side) String() string {
	switch s {
	case DebitSide:
		return "debit"
	case CreditSide:
		return "credit"
	}
	return fmt.Sprintf("side(%d)", int8(s))
}

// Natural returns a debit-positive amount as the account's own side shows it:
// positive where it stands on side s.
func (s Side) Natural(m Money) Money {
	if s == CreditSide {
		return m.Neg()
	}
	return m
}

// MarshalText writes the side's name; a value without one is an error that matches [ErrName].
func (s Side) MarshalText() ([]byte, error) {
	if !s.Valid() {
		return nil, unknownSide(s.String())
	}
	return []byte(s.String()), nil
}

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
	// Floor binds every sub that has none of its own, and the account itself if
	// it has no subs.
	Floor Floor
	// Retired accounts take no more lines. See [Tx.Retire].
	Retired bool
}

// Contra reports whether the account stands on the other side than its kind:
// deferred margin among the assets, the fund owners' share among the income.
func (a Account) Contra() bool { return a.Normal.Valid() && a.Normal == -a.Kind.Side() }
