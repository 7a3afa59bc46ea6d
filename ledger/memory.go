package ledger

import (
	"context"
	"fmt"
	"iter"
	"sync"
)

// Memory is a Store that keeps books in memory. The zero value is ready to
// use; [NewMemory] reads better. It is safe for any number of goroutines.
//
// A View sees the book as it stood when the View began, whatever is written
// meanwhile: it neither stops writers nor is stopped by them for longer than
// one flush takes.
type Memory struct {
	mu    sync.Mutex
	books map[string]*memoryBook
}

// NewMemory returns an empty store in memory.
func NewMemory() *Memory { return &Memory{} }

// Update implements [Store].
func (m *Memory) Update(ctx context.Context, book string, fn func(Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b := m.book(book)
	b.writing.Lock()
	defer b.writing.Unlock()
	b.beginWriting(ctx)
	if err := fn(&b.writer); err != nil {
		return err
	}
	b.commit(b.writer.batch)
	return nil
}

// beginWriting makes the writer ready for a transaction.
func (b *memoryBook) beginWriting(ctx context.Context) {
	b.writer = memoryView{book: b, latest: true, ctx: ctx}
	b.lately.begin()
}

// View implements [Store].
func (m *Memory) View(ctx context.Context, book string, fn func(Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b := m.book(book)
	b.mu.RLock()
	head := b.head
	b.mu.RUnlock()
	return fn(&memoryView{book: b, head: head, ctx: ctx})
}

func (m *Memory) book(id string) *memoryBook {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.books[id]
	if b == nil {
		if m.books == nil {
			m.books = make(map[string]*memoryBook)
		}
		b = &memoryBook{
			accounts: make(map[string]*memoryAccount), lasts: make(map[uint64]uint64),
			records: make(map[recordID][]*Record), kinds: make(map[string]*sortedKeys),
			holds: make(map[string][]at[Held]), reversals: make(map[uint64]uint64),
		}
		m.books[id] = b
	}
	return b
}

// memoryBook is one book. Everything in it either only grows, so that a view
// cuts it off at its own change number, or keeps its earlier states beside the
// latest with the number of the change that made them.
type memoryBook struct {
	writing sync.Mutex // held by the one writer for its whole transaction
	writer  memoryView // that writer's
	mu      sync.RWMutex

	head       Head
	accounts   map[string]*memoryAccount
	codes      sortedKeys
	commands   keyTable          // key to the command's first change
	lasts      map[uint64]uint64 // first to last change of the commands that wrote several
	changes    growing[keptChange]
	entries    growing[keptEntry]
	subs       growing[memorySub]
	places     keyTable // account and sub to the sub's number
	records    map[recordID][]*Record
	kinds      map[string]*sortedKeys
	holds      map[string][]at[Held]
	assertions []at[Assertion]
	reversals  map[uint64]uint64 // reversed entry to its reversal
	lately     lately            // what the writer dealt with lately

	lineRoom blocks[keptLine]
	refRoom  blocks[lineRef]
	rowRoom  blocks[Turnover]
}

// memoryAccount is an account with the keys of its subs.
type memoryAccount struct {
	states []at[Account]
	keys   sortedKeys
}

// memorySub is a sub with its turnovers and lines.
type memorySub struct {
	account, sub string

	number uint32    // its own, from 1
	since  uint64    // the change by which it has a row, 0 for none
	states []at[Sub] // its guards, once it has any; Last and LastDay inside are not kept up, rows have them
	rows   []Turnover
	holds  []string // keys of all holds ever, in order
	lines  []lineRef
	byDate []lineRef // lines by date and entry; nil while that is lines itself
}

// lineRef names a line by its entry's number and its place from 0, with what
// sums over many lines need of it.
type lineRef struct {
	entry  uint64
	line   uint32
	date   Date
	amount Money
}

// memoryView is a Reader that sees the book as of a head, or a Writer that
// sees the latest state alone.
type memoryView struct {
	book   *memoryBook
	head   Head
	latest bool
	batch  *Batch // what the writer has written, until it is kept
	ctx    context.Context
}

// patience is how many rows of a list are read before its context is asked
// again: a reader who reads all of a book, as Check does, can be stopped.
const patience = 256

// lock keeps the writer out while a view reads. The writer itself reads without
// it: nobody else changes anything.
func (v *memoryView) lock() {
	if !v.latest {
		v.book.mu.RLock()
	}
}

func (v *memoryView) unlock() {
	if !v.latest {
		v.book.mu.RUnlock()
	}
}

// as returns the number of the last change that the view sees. The view must
// be locked.
func (v *memoryView) as() uint64 {
	if v.latest {
		return v.book.head.Change
	}
	return v.head.Change
}

// Head implements [Reader].
func (v *memoryView) Head() (Head, error) {
	if !v.latest {
		return v.head, nil
	}
	return v.book.head, nil
}

// Account implements [Reader].
func (v *memoryView) Account(code string) (Account, bool, error) {
	v.lock()
	defer v.unlock()
	account := v.book.accounts[code]
	if account == nil {
		return Account{}, false, nil
	}
	if state := as(account.states, v.as()); state != nil {
		return *state, true, nil
	}
	return Account{}, false, nil
}

// inOrder returns a set's keys after the given one, in order.
func (b *memoryBook) inOrder(set func() *sortedKeys, after string) []string {
	b.mu.RLock()
	s := set()
	if s == nil || !s.needsSort() {
		defer b.mu.RUnlock()
		if s == nil {
			return nil
		}
		return s.from(after)
	}
	b.mu.RUnlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	s = set()
	if s.needsSort() {
		s.sort()
	}
	return s.from(after)
}

// Accounts implements [Reader].
func (v *memoryView) Accounts() iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		for i, code := range v.book.inOrder(func() *sortedKeys { return &v.book.codes }, "") {
			account, found, err := v.Account(code)
			if i%patience == patience-1 && err == nil {
				err = v.ctx.Err()
			}
			if (found || err != nil) && !yield(account, err) || err != nil {
				return
			}
		}
	}
}

// Write implements [Writer].
func (v *memoryView) Write(batch *Batch) error {
	if v.batch != nil {
		panic("ledger: a memory transaction writes twice")
	}
	if head, _ := v.Head(); batch.Expect != head.Change {
		return fmt.Errorf("%w: change %d expected, %d found", ErrConflict, batch.Expect, head.Change)
	}
	v.batch = batch
	return nil
}
