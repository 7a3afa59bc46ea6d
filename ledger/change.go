package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Change is one row of the book's single history: everything that is written
// is a change, numbered from 1 without gaps, and its digest covers the change
// before it.
type Change struct {
	Number   uint64
	Kind     ChangeKind
	Recorded time.Time // UTC, in microseconds
	Key      string    // the key of the command that asked for it
	Command  string    // the kind of that command
	// CommandDigest is the digest of the command's content as it was asked.
	CommandDigest Digest
	Entry         uint64 // the entry's own number, if Kind is ChangeEntry
	Content       Digest // the digest of what was written
	Digest        Digest // the digest of this change and, through Previous, of all before it

	// What was written: the entry, the record version, or for every other kind
	// a JSON document that [Change.Decode] reads.
	Posted   *Posted
	Record   *Record
	Document json.RawMessage
}

// wroteOneThing reports whether the change carries what its kind says and
// nothing beside it, which no digest would cover.
func (ch *Change) wroteOneThing() bool {
	entry, record, document := ch.Posted != nil, ch.Record != nil, len(ch.Document) > 0
	return entry == (ch.Kind == ChangeEntry) && record == (ch.Kind == ChangeRecord) && document == (!entry && !record)
}

// copies makes room for many entries with few allocations.
type copies struct {
	entries []Posted
	lines   []Line
}

// reset makes the room free again for other entries: nobody has any of it.
func (c *copies) reset() { c.entries, c.lines = c.entries[:0], c.lines[:0] }

const (
	// mostCopies is how many entries share the memory of their copies: whoever
	// keeps one of them keeps that many.
	mostCopies = 64
	// mostShared is how many lines an entry may have to share memory.
	mostShared = 64
)

// entry returns room for an entry of n lines.
func (c *copies) entry(n int) *Posted {
	if n > mostShared {
		return &Posted{Entry: Entry{Lines: make([]Line, n)}}
	}
	if len(c.entries) == cap(c.entries) {
		c.entries = make([]Posted, 0, min(max(1, 2*cap(c.entries)), mostCopies))
	}
	if cap(c.lines)-len(c.lines) < n {
		c.lines = make([]Line, 0, max(n, 2*cap(c.entries)))
	}
	first, end := len(c.lines), len(c.lines)+n
	c.entries, c.lines = c.entries[:len(c.entries)+1], c.lines[:end]
	posted := &c.entries[len(c.entries)-1]
	posted.Lines = c.lines[first:end:end]
	return posted
}

// posted returns a copy of an entry that shares nothing with it.
func (c *copies) posted(p *Posted) *Posted {
	own := c.entry(len(p.Lines))
	lines := own.Lines
	copy(lines, p.Lines)
	*own = *p
	own.Lines = lines
	return own
}

// clone returns a change that shares nothing with ch.
func (ch Change) clone() Change {
	if ch.Posted != nil {
		posted := *ch.Posted
		posted.Lines = slices.Clone(posted.Lines)
		ch.Posted = &posted
	}
	if ch.Record != nil {
		record := ch.Record.clone()
		ch.Record = &record
	}
	ch.Document = bytes.Clone(ch.Document)
	return ch
}

// ChangeKind says what a change wrote.
type ChangeKind string

const (
	ChangeBook      ChangeKind = "book"      // the book was created: [BookOpened]
	ChangeAccount   ChangeKind = "account"   // an account was added: [Account]
	ChangeRetire    ChangeKind = "retire"    // an account was retired: [Retirement]
	ChangeEntry     ChangeKind = "entry"     // an entry was posted
	ChangeRecord    ChangeKind = "record"    // a record got a new version
	ChangeSub       ChangeKind = "sub"       // a sub was opened with a holder: [SubOpening]
	ChangeFloor     ChangeKind = "floor"     // a floor was set: [FloorSetting]
	ChangeBlock     ChangeKind = "block"     // a block was set: [BlockSetting]
	ChangeHold      ChangeKind = "hold"      // an amount was held: [Hold]
	ChangeRelease   ChangeKind = "release"   // a hold was released or captured: [Release]
	ChangeClosing   ChangeKind = "closing"   // days were closed: [PeriodClosing]
	ChangeReopening ChangeKind = "reopening" // days were opened again: [PeriodReopening]
	ChangeAssertion ChangeKind = "assertion" // a balance was asserted: [Assertion]
)

// Decode reads the document of a change that is neither an entry nor a record
// into the type that its kind names.
func (c Change) Decode(into any) error {
	if err := json.Unmarshal(c.Document, into); err != nil {
		return fmt.Errorf("ledger: change %d (%s): %w", c.Number, c.Kind, err)
	}
	return nil
}

// BookOpened is the first change of every book.
type BookOpened struct {
	ID       string `json:"id"`
	Currency string `json:"currency"`
	Digits   int    `json:"digits"`
}

// Head is where a book's history stands. Printed on the monthly report or
// mailed to the auditor it is an anchor: [Book.Prove] later shows that nothing
// up to it has changed or been cut off.
type Head struct {
	Book     string   `json:"book"`
	Currency Currency `json:"-"`
	Change   uint64   `json:"change"`  // number of the last change
	Entries  uint64   `json:"entries"` // number of the last entry
	Digest   Digest   `json:"digest"`  // digest of the last change
	// Closed is the last day of the closed period, SoftClosed of the softly
	// closed one; zero for none.
	Closed     Date `json:"closed"`
	SoftClosed Date `json:"soft_closed"`
}

// String returns the head in one line for people.
func (h Head) String() string { return fmt.Sprintf("%s @%d %s", h.Book, h.Change, h.Digest) }
