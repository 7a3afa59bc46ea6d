package ledger

import (
	"context"
	"iter"
)

// Store keeps books. It decides nothing: every rule is in the book, and every
// store keeps the same rows. [NewMemory] is the default; ledgertest holds the
// conformance suite that every store must pass.
type Store interface {
	// Update runs fn alone among the writers of one book, with one consistent
	// state, and keeps what it writes whole or, if fn returns an error or
	// panics, not at all. It may run fn again.
	Update(ctx context.Context, book string, fn func(Writer) error) error
	// View runs fn on one consistent state: nothing that is written meanwhile shows.
	View(ctx context.Context, book string, fn func(Reader) error) error
}

// Reader reads one book's rows in one consistent state. Absence is a value,
// never an error. What can be long is an iterator, read in pages underneath.
type Reader interface {
	// Head returns the book's head; a book that does not exist has Change 0.
	Head() (Head, error)
	Account(code string) (Account, bool, error)
	// Accounts lists all accounts by code.
	Accounts() iter.Seq2[Account, error]
	// Position returns what is needed to post on a sub from a day on.
	Position(code, sub string, from Date) (Position, error)
	// Subs lists the subs of an account that sort after the given one.
	Subs(code, after string) iter.Seq2[Sub, error]
	// Turnovers lists the rows of a sub from a day through a day, by day and phase.
	Turnovers(code, sub string, from, through Date) iter.Seq2[Turnover, error]
	// Command returns the command that used a key.
	Command(key string) (Command, bool, error)
	// Changes lists all changes from a number on, with what they wrote. Entries
	// are the reader's own; records and documents are not to be modified.
	Changes(from uint64) iter.Seq2[Change, error]
	// Entry returns an entry by its number, ReversedBy filled in. Its lines are
	// the reader's own.
	Entry(number uint64) (Posted, bool, error)
	// Lines lists lines by the query's order.
	Lines(query LineQuery) iter.Seq2[PostedLine, error]
	// Record returns a version of a record, the latest if version is 0.
	Record(kind, id string, version int) (Record, bool, error)
	// Records lists the latest versions of a kind by id, those after the given one.
	Records(kind, after string) iter.Seq2[Record, error]
	// Hold returns a hold by its key.
	Hold(key string) (Held, bool, error)
	// Assertions lists all assertions in the order they were made.
	Assertions() iter.Seq2[Assertion, error]
}

// Writer is a Reader that can also write, at most once, at the end. Its reads
// do not show what it writes.
type Writer interface {
	Reader
	Write(*Batch) error
}

// Balancer is what a [Reader] may be besides: one that answers at a look what
// the book would otherwise read all later rows or lines for. It changes no
// answer.
type Balancer interface {
	// Balance returns a sub's balance at the asked point, debit positive, zero
	// for a sub that does not exist.
	Balance(BalanceAt) (Money, error)
}

// BalanceAt is a point at which a balance is read.
type BalanceAt struct {
	Account string
	Sub     string
	Day     Date
	Phase   Phase  // the last phase of the day that counts
	AsOf    uint64 // lines written by later changes do not count; math.MaxUint64 for all
}

// Prefetcher is what a [Reader] may be besides, where every question is a way
// to a server and back: the book tells it in one call what it is about to ask.
// It changes no answer.
type Prefetcher interface {
	Prefetch(Need) error
}

// Breakable is what a [Writer] may be besides, whose transaction can be lost
// half way. What a closure returns after that is not its own failure: the store
// runs all closures of the flush again, or fails them all.
type Breakable interface {
	// Broken returns what the transaction was lost by, nil while it stands.
	Broken() error
}

// broken returns what a store's transaction was lost by, nil while it stands.
func broken(w Writer) error {
	if b, ok := w.(Breakable); ok {
		return b.Broken()
	}
	return nil
}

// Need names rows that are about to be asked for. Rows that do not exist may
// be among them, and the same row twice.
type Need struct {
	Keys  []string   // commands
	Codes []string   // accounts
	Subs  []SubSince // positions
}

// SubSince names the position of a sub from a day on.
type SubSince struct {
	Account string
	Sub     string
	From    Date
}

// Position is what is needed to post on a sub from a day on.
type Position struct {
	Sub    Sub
	Exists bool       // whether the sub has a row
	Before Money      // balance at the end of the day before the asked one
	Rows   []Turnover // from the asked day on, by day and phase; not to be modified
	Holds  []Held     // those with something left; not to be modified
}

// Batch is what one flush writes: appended rows, and rows put in place of
// those with the same key; of two rows with the same key the later one counts.
// All of it is kept or none. Its slices are the book's again when
// [Store.Update] returns, and so are the entries of its changes.
type Batch struct {
	Expect uint64 // the head's change number before this batch; anything else is a lost race
	Head   Head

	Changes  []Change  // appended; entries and records inside them
	Commands []Command // appended
	Accounts []Account // put by code
	Subs     []Sub     // put by account and sub
	// Turnovers are put by account, sub, day and phase. Those of a sub stand
	// together and in order, and with the first of them all that are behind it.
	Turnovers  []SubTurnover
	Holds      []Held // put by key
	Assertions []Assertion

	// Rebuilt replaces all turnover rows of the subs it names: only
	// [Book.Rebuild] writes it, and then nothing else.
	Rebuilt []SubTurnovers
}

// SubTurnover is a turnover row with its account and sub, put in place by
// account, sub, day and phase.
type SubTurnover struct {
	Account string
	Sub     string
	Turnover
}

// Command is what is remembered of a command under its key.
type Command struct {
	Key     string
	Kind    string // such as "post" or "savings.deposit"
	Content Digest // the digest of its content
	// First and Last are the numbers of its first and last change.
	First uint64
	Last  uint64
}

// LineQuery selects lines. The zero value selects all, by entry number and line.
type LineQuery struct {
	Account string // empty for all; then Sub must be empty
	// Sub is one sub's key. With AllSubs every sub of Account is meant.
	Sub     string
	AllSubs bool
	From    Date // zero for the beginning
	Through Date // zero for the end
	Party   string
	Source  string // the kind of the source, or kind/id
	// After selects lines written after a change number: what changed since.
	After uint64
	// Cursor continues behind the line of an earlier answer; zero starts.
	Cursor LineCursor
	// Descending lists the latest first.
	Descending bool
}

// LineCursor names a line's place: within one account and sub lines are listed
// by date and entry number, otherwise by entry number.
type LineCursor struct {
	Date  Date
	Entry uint64
	Line  int // from 1
}

// PostedLine is a line with what it belongs to.
type PostedLine struct {
	Line
	Entry  uint64 // entry number
	No     int    // its place in the entry, from 1
	Change uint64
	Date   Date
	Phase  Phase
	Key    string
	Memo   string
	Source Source
}

// Cursor returns the line's place, to continue behind it.
func (l PostedLine) Cursor() LineCursor {
	return LineCursor{Date: l.Date, Entry: l.Entry, Line: l.No}
}
