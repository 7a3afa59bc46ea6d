package ledger

import "cmp"

// Place is where money stands, comes from or goes to: an account of the chart
// and, on a control account, one of its subs.
type Place struct {
	Account string `json:"account"`
	Sub     string `json:"sub,omitempty"`
}

// String returns the account, and the sub behind a slash.
func (p Place) String() string { return place(p.Account, p.Sub) }

// Compare orders places by account and sub.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.Account, q.Account), cmp.Compare(p.Sub, q.Sub))
}

// Sub is one row per account and sub key (the sub is empty on an account
// without subs): who holds it, what guards it, and where it last stood.
type Sub struct {
	Account string
	Sub     string
	Opened  bool   // whether it was opened with a holder, not only by a line
	Holder  string // member number or contract party; empty if never given
	Floor   Floor
	Block   Block
	// Last is the balance after all lines, debit positive, and LastDay the
	// latest day on which it moved (zero for never).
	Last    Money
	LastDay Date
}

// guardedAs reports whether two rows of a sub have the same holder and guards.
func (s *Sub) guardedAs(o *Sub) bool {
	return s.Opened == o.Opened && s.Holder == o.Holder && s.Floor == o.Floor && s.Block == o.Block
}

// Floor is the least balance of an account on its normal side. The zero value
// sets no floor.
type Floor struct {
	HasHard bool  `json:"has_hard,omitempty"`
	Hard    Money `json:"hard"` // binds always; zero for every savings account
	HasSoft bool  `json:"has_soft,omitempty"`
	Soft    Money `json:"soft"` // a product's minimum balance; an entry with a named Waiver passes it
}

// HardFloor returns a floor that binds always.
func HardFloor(least Money) Floor { return Floor{HasHard: true, Hard: least} }

// WithSoft adds a floor that an entry's named waiver may pass.
func (f Floor) WithSoft(least Money) Floor {
	f.HasSoft, f.Soft = true, least
	return f
}

// IsZero reports whether f sets no floor.
func (f Floor) IsZero() bool { return f == Floor{} }

// least returns the binding floor and whether there is one.
func (f Floor) least(waived bool) (Money, bool) {
	switch {
	case f.HasSoft && !waived && f.HasHard:
		return f.Soft.Max(f.Hard), true
	case f.HasSoft && !waived:
		return f.Soft, true
	case f.HasHard:
		return f.Hard, true
	}
	return Money{}, false
}

func (f Floor) err() error {
	if err := f.Hard.Err(); err != nil {
		return err
	}
	return f.Soft.Err()
}

// Block stops postings on a sub, whoever posts them: a profit-share pay-out
// included.
type Block uint8

const (
	NoBlock Block = iota
	// DebitBlock refuses debit lines: nothing leaves a savings account.
	DebitBlock
	// CreditBlock refuses credit lines.
	CreditBlock
	// FullBlock refuses every line.
	FullBlock
)

var blockNames = nameSet{what: "block", list: []string{"none", "debit", "credit", "full"}}

// Valid reports whether b is one of the four.
func (b Block) Valid() bool { return blockNames.has(uint8(b)) }

// String returns the block's name.
func (b Block) String() string { return blockNames.text(uint8(b)) }

// MarshalText writes the name.
func (b Block) MarshalText() ([]byte, error) { return blockNames.marshal(uint8(b)) }

// UnmarshalText reads the name.
func (b *Block) UnmarshalText(text []byte) error {
	n, err := blockNames.parse(string(text))
	if err != nil {
		return err
	}
	*b = Block(n)
	return nil
}

func (b Block) stops(amount Money) bool {
	return b == FullBlock || b == DebitBlock && amount.Sign() > 0 || b == CreditBlock && amount.Sign() < 0
}

// SubOpening opens a sub with its holder before the first line.
type SubOpening struct {
	Key     string `json:"key"`
	Account string `json:"account"`
	Sub     string `json:"sub"`
	Holder  string `json:"holder"`
	Floor   Floor  `json:"floor"`
	By      string `json:"by"`
}

// FloorSetting sets the floor of a sub, of an account without subs (Sub
// empty), or of every sub of a control account that has none of its own (Sub
// empty).
type FloorSetting struct {
	Key     string `json:"key"`
	Account string `json:"account"`
	Sub     string `json:"sub"`
	Floor   Floor  `json:"floor"`
	Reason  string `json:"reason"`
	By      string `json:"by"`
}

// BlockSetting sets or lifts the block of a sub or of an account without subs.
type BlockSetting struct {
	Key     string `json:"key"`
	Account string `json:"account"`
	Sub     string `json:"sub"`
	Block   Block  `json:"block"`
	Reason  string `json:"reason"` // required: lost passbook, suspected fraud, death
	By      string `json:"by"`
}

// Turnover is what moved on one day and phase in an account or sub.
type Turnover struct {
	Day     Date
	Phase   Phase
	Debit   Money // total of the debits, not negative
	Credit  Money // total of the credits, not negative
	Balance Money // after this day and phase and everything before, debit positive
}

func (t Turnover) stands(day Date, phase Phase) int {
	if c := t.Day.Cmp(day); c != 0 {
		return c
	}
	return int(t.Phase) - int(phase)
}
