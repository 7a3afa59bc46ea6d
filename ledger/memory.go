package ledger

import (
	"context"
	"fmt"
	"iter"
	"slices"
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
	b.writer = memoryView{book: b, latest: true}
	if err := fn(&b.writer); err != nil {
		return err
	}
	b.commit(b.writer.batch)
	return nil
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
	return fn(&memoryView{book: b, head: head})
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
			accounts: make(map[string]*memoryAccount), commands: make(map[string]span),
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
	last       *memoryAccount // the one written to last, by lastCode
	lastCode   string
	codes      sortedKeys
	commands   map[string]span
	changes    growing[Change]
	entries    growing[*Posted]
	records    map[recordID][]*Record
	kinds      map[string]*sortedKeys
	holds      map[string][]at[Held]
	assertions []at[Assertion]
	reversals  map[uint64]uint64 // reversed entry to its reversal
}

// span is a command's first and last change.
type span struct{ first, last uint64 }

// at is a state with the number of the change that made it.
type at[T any] struct {
	change uint64
	state  T
}

// as returns the state that held at a change.
func as[T any](states []at[T], change uint64) (T, bool) {
	for i := len(states) - 1; i >= 0; i-- {
		if states[i].change <= change {
			return states[i].state, true
		}
	}
	var none T
	return none, false
}

// put appends a state, in place of one that the same change had made.
func put[T any](states []at[T], change uint64, state T) []at[T] {
	if n := len(states); n > 0 && states[n-1].change == change {
		states[n-1].state = state
		return states
	}
	return append(states, at[T]{change, state})
}

// memoryAccount is an account with its subs.
type memoryAccount struct {
	states []at[Account]
	subs   map[string]*memorySub
	keys   sortedKeys
}

// memorySub is a sub with its turnovers and lines.
type memorySub struct {
	states []at[Sub] // Last and LastDay inside are not kept up; rows have them
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

// growing is a list that only grows and never moves what it holds.
type growing[T any] struct {
	chunks [][]T
	n      uint64
}

const chunk = 1024

func (g *growing[T]) append(v T) {
	if g.n%chunk == 0 {
		g.chunks = append(g.chunks, make([]T, 0, chunk))
	}
	last := len(g.chunks) - 1
	g.chunks[last] = append(g.chunks[last], v)
	g.n++
}

func (g *growing[T]) at(i uint64) *T { return &g.chunks[i/chunk][i%chunk] }

// sortedKeys is a set of keys with an order, sorted when it is asked for.
type sortedKeys struct {
	keys   []string
	sorted int // how many of keys are in order
}

func (s *sortedKeys) add(key string) {
	if s.sorted == len(s.keys) && (len(s.keys) == 0 || s.keys[len(s.keys)-1] < key) {
		s.sorted++
	}
	s.keys = append(s.keys, key)
}

func (s *sortedKeys) needsSort() bool { return s.sorted < len(s.keys) }

func (s *sortedKeys) sort() {
	// A view may still be reading the old list.
	keys := slices.Clone(s.keys)
	slices.Sort(keys)
	s.keys, s.sorted = keys, len(keys)
}

// from returns the keys after the given one, all if it is empty.
func (s *sortedKeys) from(after string) []string {
	if after == "" {
		return s.keys
	}
	i, found := slices.BinarySearch(s.keys, after)
	if found {
		i++
	}
	return s.keys[i:]
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

// memoryView is a Reader that sees the book as of a head, or a Writer that
// sees the latest state alone.
type memoryView struct {
	book   *memoryBook
	head   Head
	latest bool
	batch  *Batch // what the writer has written, until it is kept
}

// as returns the number of the last change that the view sees. The book's
// lock must be held.
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
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	return v.book.head, nil
}

// Account implements [Reader].
func (v *memoryView) Account(code string) (Account, bool, error) {
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	account := v.book.accounts[code]
	if account == nil {
		return Account{}, false, nil
	}
	state, found := as(account.states, v.as())
	return state, found, nil
}

// Accounts implements [Reader].
func (v *memoryView) Accounts() iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		for _, code := range v.book.inOrder(func() *sortedKeys { return &v.book.codes }, "") {
			account, found, err := v.Account(code)
			if (found || err != nil) && !yield(account, err) {
				return
			}
		}
	}
}

// sub returns a sub's memory, nil if there is none. The lock must be held.
func (v *memoryView) sub(code, sub string) *memorySub {
	account := v.book.accounts[code]
	if account == nil {
		return nil
	}
	return account.subs[sub]
}

// Position implements [Reader].
func (v *memoryView) Position(code, sub string, from Date) (Position, error) {
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	p := Position{Sub: Sub{Account: code, Sub: sub}}
	kept := v.sub(code, sub)
	if kept == nil {
		return p, nil
	}
	now := v.as()
	state, exists := as(kept.states, now)
	if !exists {
		return p, nil
	}
	rows := v.rows(kept)
	p.Sub, p.Exists = state, true
	if n := len(rows); n > 0 {
		p.Sub.Last, p.Sub.LastDay = rows[n-1].Balance, rows[n-1].Day
	}
	cut := firstFrom(rows, from)
	if cut > 0 {
		p.Before = rows[cut-1].Balance
	}
	p.Rows = rows[cut:]
	if !v.latest { // the writer changes rows in place, but only its own flush does
		p.Rows = slices.Clone(p.Rows)
	}
	for _, key := range kept.holds {
		if held, found := as(v.book.holds[key], now); found && !held.Left.IsZero() {
			p.Holds = append(p.Holds, held)
		}
	}
	return p, nil
}

// firstFrom returns the place of the first row on or after a day. Most
// questions are about the last days.
func firstFrom(rows []Turnover, from Date) int {
	n := len(rows)
	for near := 0; near < 4; near++ {
		if n == 0 || rows[n-1].Day.Before(from) {
			return n
		}
		n--
	}
	i, _ := slices.BinarySearchFunc(rows[:n], from, func(row Turnover, day Date) int {
		if row.Day.Before(day) {
			return -1
		}
		return 1
	})
	return i
}

// rows returns a sub's turnovers as the view sees them: as they are, or with
// the lines written since taken out again.
func (v *memoryView) rows(kept *memorySub) []Turnover {
	now := v.as()
	n := len(kept.lines)
	if n == 0 || v.latest || (*v.book.entries.at(kept.lines[n-1].entry - 1)).Change <= now {
		return kept.rows
	}
	rows := slices.Clone(kept.rows)
	for i := n - 1; i >= 0; i-- {
		posted := *v.book.entries.at(kept.lines[i].entry - 1)
		if posted.Change <= now {
			break
		}
		takeOut(rows, posted, posted.Lines[kept.lines[i].line].Amount)
	}
	return slices.DeleteFunc(rows, func(row Turnover) bool { return row.Debit.IsZero() && row.Credit.IsZero() })
}

func takeOut(rows []Turnover, posted *Posted, amount Money) {
	for i := len(rows) - 1; i >= 0; i-- {
		switch order := rows[i].stands(posted.Date, posted.Phase); {
		case order > 0:
			rows[i].Balance = rows[i].Balance.Sub(amount)
		case order == 0:
			rows[i].Balance = rows[i].Balance.Sub(amount)
			if amount.Sign() > 0 {
				rows[i].Debit = rows[i].Debit.Sub(amount)
			} else {
				rows[i].Credit = rows[i].Credit.Add(amount)
			}
			return
		default:
			return
		}
	}
}

// Subs implements [Reader].
func (v *memoryView) Subs(code, after string) iter.Seq2[Sub, error] {
	return func(yield func(Sub, error) bool) {
		keys := func() *sortedKeys {
			if account := v.book.accounts[code]; account != nil {
				return &account.keys
			}
			return nil
		}
		for _, key := range v.book.inOrder(keys, after) {
			p, err := v.Position(code, key, endOfTime)
			if (p.Exists || err != nil) && !yield(p.Sub, err) {
				return
			}
		}
	}
}

// Turnovers implements [Reader].
func (v *memoryView) Turnovers(code, sub string, from, through Date) iter.Seq2[Turnover, error] {
	return func(yield func(Turnover, error) bool) {
		for _, row := range v.between(code, sub, from, through) {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// between returns a sub's rows of the days from one through another.
func (v *memoryView) between(code, sub string, from, through Date) []Turnover {
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	kept := v.sub(code, sub)
	if kept == nil {
		return nil
	}
	rows := v.rows(kept)
	rows = rows[firstFrom(rows, from):]
	if end := through.Next(); end.Valid() {
		rows = rows[:firstFrom(rows, end)]
	}
	if v.latest {
		return rows
	}
	return slices.Clone(rows)
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

// commit keeps what the writer has written, once nothing can fail any more.
func (b *memoryBook) commit(batch *Batch) {
	if batch == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write(batch)
}
