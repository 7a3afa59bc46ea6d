package ledger

import (
	"slices"
	"time"
)

// Entry is what a caller asks to be posted: a dated set of lines that sum to
// zero.
type Entry struct {
	// Key is the caller's own name for this command, such as the source
	// document's number. It is required: repeating a key with the same content
	// answers with the first result, with other content it is refused.
	Key  string
	Date Date   // decides the period; the recording instant is only evidence
	Memo string // what happened, for people

	Document string // reference to the paper or file behind it
	Maker    string // who entered it
	Approver string // who approved it
	Source   Source // the contract's event it comes from, if any
	Phase    Phase  // ordinary unless said otherwise
	// Waiver is the named reason for which soft floors (a product's minimum
	// balance) do not bind this entry. Hard floors always bind.
	Waiver string
	Lines  []Line
}

// Line is one leg of an entry. Debit is positive.
type Line struct {
	Account string
	Sub     string // required on control accounts, refused on others
	Amount  Money  // debit positive, never zero
	// Party and Activity can never be added later: they say whose business the
	// line is and where it belongs in the cash-flow statement.
	Party    Party
	Activity Activity
}

// Debit returns a line that debits account.
func Debit(account string, amount Money) Line { return Line{Account: account, Amount: amount} }

// Credit returns a line that credits account.
func Credit(account string, amount Money) Line { return Line{Account: account, Amount: amount.Neg()} }

// For returns the line with a sub key: a member's savings account, a contract.
func (l Line) For(sub string) Line {
	l.Sub = sub
	return l
}

// With returns the line with its party.
func (l Line) With(party Party) Line {
	l.Party = party
	return l
}

// In returns the line with its activity.
func (l Line) In(activity Activity) Line {
	l.Activity = activity
	return l
}

// Party is who a line is about, and what that person was at the time.
type Party struct {
	Member   string // member number; empty for none
	Standing Standing
}

// Standing is what a party was to the cooperative on the day of the entry.
// Income statements split members' business from others' by it.
type Standing uint8

const (
	NoStanding Standing = iota
	// Member is anggota.
	Member
	// Candidate is calon anggota.
	Candidate
	// Other is anybody else, other cooperatives included.
	Other
)

var standingNames = nameSet{what: "standing", list: []string{"", "member", "candidate", "other"}}

// String returns the standing's name, empty for none.
func (s Standing) String() string { return standingNames.text(uint8(s)) }

// Valid reports whether s is one of the standings, none included.
func (s Standing) Valid() bool { return standingNames.has(uint8(s)) }

// MarshalText writes the name; a value without one is an error that matches [ErrName].
func (s Standing) MarshalText() ([]byte, error) { return standingNames.marshal(uint8(s)) }

// UnmarshalText reads what MarshalText wrote. Errors match [ErrName].
func (s *Standing) UnmarshalText(text []byte) error {
	n, err := standingNames.parse(string(text))
	if err != nil {
		return err
	}
	*s = Standing(n)
	return nil
}

// Activity is where a line belongs in the cash-flow statement.
type Activity uint8

const (
	// Derived leaves it to the report to derive the activity from the accounts.
	Derived Activity = iota
	Operating
	Investing
	Financing
	// Fund marks movements of the zakat and benevolent funds.
	Fund
)

var activityNames = nameSet{what: "activity", list: []string{"", "operating", "investing", "financing", "fund"}}

// String returns the activity's name, empty for [Derived].
func (a Activity) String() string { return activityNames.text(uint8(a)) }

// Valid reports whether a is one of the activities, [Derived] included.
func (a Activity) Valid() bool { return activityNames.has(uint8(a)) }

// MarshalText writes the name; a value without one is an error that matches [ErrName].
func (a Activity) MarshalText() ([]byte, error) { return activityNames.marshal(uint8(a)) }

// UnmarshalText reads what MarshalText wrote. Errors match [ErrName].
func (a *Activity) UnmarshalText(text []byte) error {
	n, err := activityNames.parse(string(text))
	if err != nil {
		return err
	}
	*a = Activity(n)
	return nil
}

// Phase separates the entries of a day: adjusting entries stand after the
// ordinary ones, closing entries last. A balance can be read before either.
type Phase uint8

const (
	Ordinary Phase = iota
	// Adjusting entries correct a softly closed period before its statements are final.
	Adjusting
	// Closing entries take income and expense to the year's result.
	Closing
)

var phaseNames = nameSet{what: "phase", list: []string{"ordinary", "adjusting", "closing"}}

// String returns the phase's name.
func (p Phase) String() string { return phaseNames.text(uint8(p)) }

// Valid reports whether p is one of the three phases.
func (p Phase) Valid() bool { return phaseNames.has(uint8(p)) }

// MarshalText writes the name; a value without one is an error that matches [ErrName].
func (p Phase) MarshalText() ([]byte, error) { return phaseNames.marshal(uint8(p)) }

// UnmarshalText reads what MarshalText wrote. Errors match [ErrName].
func (p *Phase) UnmarshalText(text []byte) error {
	n, err := phaseNames.parse(string(text))
	if err != nil {
		return err
	}
	*p = Phase(n)
	return nil
}

// Posted is an entry as the book keeps it.
type Posted struct {
	Entry
	Number   uint64    // the entry's own number, without gaps, from 1
	Change   uint64    // the number of the change that wrote it
	Recorded time.Time // when it was recorded, UTC, in microseconds
	// Reverses is the number of the entry that this one mirrors, 0 for none.
	Reverses uint64
	// ReversedBy is the number of the entry that mirrors this one, 0 for none.
	// It is derived when read; the entry itself never changes.
	ReversedBy uint64
	// Imported marks history that was taken over with its original date.
	Imported bool
	Digest   Digest // the digest of its change
	// Repeat says that the command had been carried out before: this is the
	// first result, and nothing was written now.
	Repeat bool
}

// sameAs reports whether an entry read by its number is the one that a change
// wrote, in everything that does not follow from other entries.
func (p *Posted) sameAs(wrote *Posted, ch *Change) bool {
	same := p.Change == ch.Number && p.Recorded.Equal(ch.Recorded) && p.Digest == ch.Digest && p.Key == ch.Key &&
		wrote.Change == ch.Number && wrote.Recorded.Equal(ch.Recorded) && wrote.Digest == ch.Digest && wrote.Key == ch.Key
	return same && p.Number == wrote.Number && p.Date == wrote.Date && p.Phase == wrote.Phase &&
		p.Reverses == wrote.Reverses && p.Imported == wrote.Imported &&
		p.Memo == wrote.Memo && p.Document == wrote.Document && p.Maker == wrote.Maker && p.Approver == wrote.Approver &&
		p.Source == wrote.Source && p.Waiver == wrote.Waiver && slices.Equal(p.Lines, wrote.Lines)
}
