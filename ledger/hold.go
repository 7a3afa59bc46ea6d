package ledger

// Hold is an amount of one account and sub that may not be spent: the standing
// example is a member's savings pledged for a financing. Its Key is its id.
type Hold struct {
	Key     string `json:"key"`
	Account string `json:"account"`
	Sub     string `json:"sub"`
	Amount  Money  `json:"amount"` // above zero
	// From is the first day on which it binds, Until the last; a zero Until
	// binds until released.
	From   Date   `json:"from"`
	Until  Date   `json:"until"`
	Reason string `json:"reason"` // required
	By     string `json:"by"`     // who authorised it
}

// Release gives a held amount back, or uses it up: a capture names the entry
// that took the money.
type Release struct {
	Key    string `json:"key"`
	Hold   string `json:"hold"`   // the hold's key
	Amount Money  `json:"amount"` // zero releases what is left
	Reason string `json:"reason"`
	By     string `json:"by"`
	// Entry is the number of the entry that captured the amount, 0 for none.
	Entry uint64 `json:"entry,omitempty"`
}

// Held is a hold with what is left of it.
type Held struct {
	Hold
	Left Money // zero when it is over
}

// on returns what the hold binds at the end of a day.
func (h *Held) on(day Date) Money {
	if day.Before(h.From) || !h.Until.IsZero() && day.After(h.Until) {
		return Money{}
	}
	return h.Left
}
