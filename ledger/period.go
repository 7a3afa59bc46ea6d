package ledger

// PeriodClosing shuts every day on or before Through, gaps included. A soft closing
// still lets adjusting and closing entries in; a hard one nothing.
type PeriodClosing struct {
	Key     string `json:"key"`
	Through Date   `json:"through"`
	Soft    bool   `json:"soft,omitempty"`
	Reason  string `json:"reason"`
	By      string `json:"by"`
}

// PeriodReopening opens days again, by authority: it is recorded with who and why,
// and deletes nothing.
type PeriodReopening struct {
	Key string `json:"key"`
	// Through is the last day that stays hard closed and SoftThrough the last
	// that stays softly closed; zero opens everything.
	Through     Date   `json:"through"`
	SoftThrough Date   `json:"soft_through"`
	Reason      string `json:"reason"` // required
	By          string `json:"by"`     // required
}

// Assertion is a balance that a cash count or a bank statement shows, as a
// recorded fact. It is checked when made and by every later [Book.Check], so a
// back-dated entry that breaks it is found.
type Assertion struct {
	Key      string `json:"key"`
	Account  string `json:"account"`
	Sub      string `json:"sub"`
	Date     Date   `json:"date"`
	Balance  Money  `json:"balance"` // at the end of Date, debit positive
	Document string `json:"document"`
	By       string `json:"by"`
}

// Retirement retires an account whose balance is zero; its code is never used again.
type Retirement struct {
	Key     string `json:"key"`
	Account string `json:"account"`
	Reason  string `json:"reason"`
	By      string `json:"by"`
}
