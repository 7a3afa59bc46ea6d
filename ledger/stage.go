package ledger

import "slices"

// stage holds what the closures of one flush have written so far, on top of
// the store's state. A closure sees the committed state plus what its
// predecessors in the same flush have staged; one that fails is taken back to
// its mark without touching the others.
type stage struct {
	store Reader
	ahead Prefetcher // the same store, nil if it has no use for that
	base  uint64     // the head's change number when the flush began
	head  Head

	changes    []Change
	commands   []Command
	accounts   []Account
	chart      map[string]*Account // the store's accounts as far as they were asked for
	charted    [2]Digest           // the heads at which chart is right: before and after the last flush
	assertions []Assertion
	holds      []Held
	subs       []*stagedSub
	index      stageIndex

	// saved are copies of what the running closure changed in rows that an
	// earlier closure of the flush had touched.
	saved   []savedSub
	mark    stageMark
	closure int // counts the closures of the flush
	checks  int // counts the entries checked
	expect  int // how many entries the flush is known to bring
	sourced int // counts the entries of the closure that name a contract's event
	added   int // counts the accounts added
	stored  int // counts the store's accounts; -1 until somebody asks

	// failed is why a change could not be carried through: the closure that
	// asked for it must not be kept, even if it looks away.
	failed error

	// What is used again from flush to flush.
	scratch Content
	room    copies       // for the entries that are staged
	lines   []*stagedSub // of the entry being checked
	spare   []*stagedSub
	made    blocks[stagedSub]
	rows    blocks[Turnover]
	out     Batch
}

type recordID struct{ kind, id string }

// stagedSub is one sub's row and its turnovers from a day on.
type stagedSub struct {
	account *Account // as it is now
	sub     Sub
	exists  bool
	from    Date // rows are known from this day on
	before  Money
	rows    []Turnover
	holds   []Held
	changed bool       // the sub's row
	touched Date       // the earliest day whose turnover row changed; zero for none
	born    int        // the number of the closure that staged it
	saved   int        // the number of the closure for which a copy is among stage.saved
	buffer  []Turnover // room for rows of the stage's own
	older   *stagedSub // of the same account, staged before; only where the index is in use

	// Sums over the lines of the entry being checked, whose number is check.
	check              int
	net, debit, credit Money
}

type savedSub struct {
	at   *stagedSub
	copy stagedSub
}

type stageMark struct {
	head                                                 Head
	changes, commands, accounts, assertions, holds, subs int
	saved, added                                         int
}

// open empties the stage for a new flush on top of a store's state.
func (s *stage) open(store Reader) error {
	head, err := store.Head()
	if err != nil {
		return err
	}
	s.store, s.base, s.head = store, head.Change, head
	s.ahead, _ = store.(Prefetcher)
	s.close()
	s.changes, s.commands, s.accounts = s.changes[:0], s.commands[:0], s.accounts[:0]
	s.openChart()
	s.assertions, s.holds, s.saved = s.assertions[:0], s.holds[:0], s.saved[:0]
	s.index.clear()
	s.spare = append(s.spare, s.subs...)
	if len(s.spare) > maxSpare {
		clear(s.spare[maxSpare:])
		s.spare = s.spare[:maxSpare]
	}
	s.subs = s.subs[:0]
	s.closure, s.checks, s.added, s.stored = 0, 0, 0, -1
	s.room.reset()
	return nil
}

// close lets go of what was flushed, which is the store's and the callers' now.
func (s *stage) close() { clear(s.changes) }

// tooLarge reports whether so much was staged that to keep the room for it
// costs more than it saves.
func (s *stage) tooLarge() bool {
	const most, mostBytes = 1 << 14, 1 << 20
	rows := max(cap(s.changes), cap(s.commands), cap(s.subs), cap(s.lines), cap(s.out.Subs), cap(s.out.Turnovers))
	return rows > most || cap(s.scratch.buf) > mostBytes
}

// maxSpare is how many subs' workspaces are kept for the next flush.
const maxSpare = 64

// newSub returns an empty sub's workspace.
func (s *stage) newSub() *stagedSub {
	n := len(s.spare)
	if n == 0 {
		return &s.made.room(1)[:1][0]
	}
	t := s.spare[n-1]
	s.spare = s.spare[:n-1]
	*t = stagedSub{buffer: t.buffer}
	return t
}

// begin marks the state to which a failing closure is taken back.
func (s *stage) begin() {
	s.saved, s.failed, s.sourced = s.saved[:0], nil, 0
	s.mark = s.here()
}

// here returns a mark of the state as it is now. What changes from now on is
// kept a copy of first.
func (s *stage) here() stageMark {
	s.closure++
	return stageMark{s.head, len(s.changes), len(s.commands), len(s.accounts), len(s.assertions), len(s.holds), len(s.subs), len(s.saved), s.added}
}

// rollback takes back all that the closure has done.
func (s *stage) rollback() { s.back(s.mark) }

// back takes everything back to a mark.
func (s *stage) back(m stageMark) {
	s.head, s.added = m.head, m.added
	s.forget(m)
	clear(s.changes[m.changes:])
	s.changes = s.changes[:m.changes]
	s.commands = s.commands[:m.commands]
	s.accounts = s.accounts[:m.accounts]
	s.assertions = s.assertions[:m.assertions]
	s.holds = s.holds[:m.holds]
	for _, saved := range slices.Backward(s.saved[m.saved:]) { // the oldest copy last
		*saved.at = saved.copy
	}
	s.saved = s.saved[:m.saved]
	s.subs = s.subs[:m.subs]
}

// forget takes what was staged after a mark out of the index.
func (s *stage) forget(m stageMark) {
	for i := range slices.Backward(s.changes[m.changes:]) {
		s.forgetChange(&s.changes[m.changes+i])
	}
	for i := range slices.Backward(s.accounts[m.accounts:]) {
		s.index.accounts.drop(s.accounts[m.accounts+i].Code)
	}
	for i := range slices.Backward(s.holds[m.holds:]) {
		s.index.holds.drop(s.holds[m.holds+i].Key)
	}
	for _, staged := range slices.Backward(s.subs[m.subs:]) {
		s.index.forgetSub(staged)
	}
}

func (s *stage) empty() bool { return len(s.changes) == 0 }

// batch is what the flush writes.
func (s *stage) batch() *Batch {
	s.closeChart()
	b := &s.out
	*b = Batch{
		Expect: s.base, Head: s.head, Changes: s.changes, Commands: s.commands,
		Accounts: s.accounts, Assertions: s.assertions, Holds: s.holds,
		Subs: slices.Grow(b.Subs[:0], len(s.subs)), Turnovers: slices.Grow(b.Turnovers[:0], len(s.subs)),
	}
	for _, sub := range s.subs {
		if sub.changed || !sub.touched.IsZero() {
			b.Subs = append(b.Subs, sub.sub)
		}
		if sub.touched.IsZero() {
			continue
		}
		for i := firstFrom(sub.rows, sub.touched); i < len(sub.rows); i++ {
			b.Turnovers = append(b.Turnovers, SubTurnover{sub.sub.Account, sub.sub.Sub, sub.rows[i]})
		}
	}
	return b
}

// command returns a command as staged or stored.
func (s *stage) command(key string) (Command, bool, error) {
	if at := s.commandAt(key); at >= 0 {
		return s.commands[at], true, nil
	}
	return s.store.Command(key)
}

// record returns the latest version of a record as staged or stored.
func (s *stage) record(kind, id string) (Record, bool, error) {
	if at, staged := s.index.records.find(recordID{kind, id}); staged {
		return *s.changes[at].Record, true, nil
	}
	return s.store.Record(kind, id, 0)
}

// change returns a change by its number, staged or stored.
func (s *stage) change(number uint64) (Change, bool, error) {
	if number > s.base {
		at := number - s.base - 1
		if at >= uint64(len(s.changes)) {
			return Change{}, false, nil
		}
		return s.changes[at], true, nil
	}
	for ch, err := range s.store.Changes(number) {
		return ch, err == nil && ch.Number == number, err
	}
	return Change{}, false, nil
}

// position returns a sub of an account with its turnovers loaded from a day on.
func (s *stage) position(account *Account, sub string, from Date) (*stagedSub, error) {
	staged := s.find(account.Code, sub)
	if staged != nil && !from.Before(staged.from) {
		return staged, nil
	}
	return s.load(staged, account, sub, from)
}

// load is position for a sub that is not staged, or only from a later day on.
func (s *stage) load(staged *stagedSub, account *Account, sub string, from Date) (*stagedSub, error) {
	p, err := s.store.Position(account.Code, sub, from)
	if err != nil {
		return nil, err
	}
	if staged == nil {
		staged = s.newSub()
		staged.born = s.closure
		staged.account, staged.sub, staged.exists = account, p.Sub, p.Exists
		staged.from, staged.before, staged.rows, staged.holds = from, p.Before, p.Rows, p.Holds
		staged.sub.Account, staged.sub.Sub = account.Code, sub
		s.subs = append(s.subs, staged)
		s.indexSub()
		return staged, nil
	}
	// The store's rows before the staged ones are still as they were.
	earlier := slices.Clone(p.Rows)
	cut := len(earlier)
	for cut > 0 && !earlier[cut-1].Day.Before(staged.from) {
		cut--
	}
	staged.rows = append(earlier[:cut:cut], staged.rows...)
	staged.before, staged.from = p.Before, from
	return staged, nil
}

// modify must be called before a staged sub is changed: it keeps a copy for
// rollback where an earlier closure of the flush may have left something, and
// makes the rows the stage's own.
func (s *stage) modify(staged *stagedSub) {
	if staged.saved == s.closure {
		return
	}
	if staged.born != s.closure { // else going back to the mark drops it whole
		s.saved = append(s.saved, savedSub{staged, *staged})
	}
	if staged.saved == 0 {
		if cap(staged.buffer) <= len(staged.rows) {
			staged.buffer = s.rows.room(len(staged.rows) + 1)
		}
		staged.buffer = append(staged.buffer[:0], staged.rows...)
		staged.rows = staged.buffer
	} else {
		staged.rows = slices.Clone(staged.rows)
	}
	staged.saved = s.closure
	staged.holds = slices.Clone(staged.holds)
}

// endOfDay returns the balance after a day's rows up to and including a phase.
func (t *stagedSub) endOfDay(day Date, phase Phase) Money {
	return balanceAfter(t.rows, t.before, day, phase)
}

// balanceAfter returns the balance after a day's rows up to and including a
// phase; before is the one before all rows.
func balanceAfter(rows []Turnover, before Money, day Date, phase Phase) Money {
	i := len(rows)
	if next := day.Next(); next.Valid() {
		i = firstFrom(rows, next)
	}
	for ; i > 0; i-- {
		if rows[i-1].stands(day, phase) <= 0 {
			return rows[i-1].Balance
		}
	}
	return before
}

// add puts one line's amount into the turnovers.
func (t *stagedSub) add(day Date, phase Phase, amount Money) {
	t.rows = addTo(t.rows, t.before, lineAt{day, phase, amount})
	if t.touched.IsZero() || day.Before(t.touched) {
		t.touched = day
	}
	last := &t.rows[len(t.rows)-1]
	t.sub.Last, t.sub.LastDay = last.Balance, last.Day
	t.exists = true
}

// lineAt is the amount of one line, and where in its sub's turnovers it counts.
type lineAt struct {
	day    Date
	phase  Phase
	amount Money
}

// addTo adds a line to turnovers, which it may change; before is the balance
// before all of them.
func addTo(rows []Turnover, before Money, l lineAt) []Turnover {
	at := len(rows)
	for at > 0 && rows[at-1].stands(l.day, l.phase) > 0 {
		at--
	}
	if at == 0 || rows[at-1].stands(l.day, l.phase) != 0 {
		balance := before
		if at > 0 {
			balance = rows[at-1].Balance
		}
		rows = slices.Insert(rows, at, Turnover{Day: l.day, Phase: l.phase, Balance: balance})
		at++
	}
	row := &rows[at-1]
	if l.amount.Sign() > 0 {
		row.Debit = row.Debit.Add(l.amount)
	} else {
		row.Credit = row.Credit.Add(l.amount.Neg())
	}
	for i := at - 1; i < len(rows); i++ {
		rows[i].Balance = rows[i].Balance.Add(l.amount)
	}
	return rows
}
