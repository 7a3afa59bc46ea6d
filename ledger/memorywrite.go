package ledger

import (
	"iter"
	"slices"
	"sort"
)

// write applies a batch. Nothing in it can fail: every rule was checked before.
func (b *memoryBook) write(batch *Batch) {
	for i := range batch.Changes {
		b.append(&batch.Changes[i])
	}
	for _, c := range batch.Commands {
		b.commands[c.Key] = span{c.First, c.Last}
	}
	now := batch.Head.Change
	for _, account := range batch.Accounts {
		kept := b.account(account.Code)
		kept.states = put(kept.states, now, account)
	}
	for i := range batch.Subs {
		b.putSub(now, &batch.Subs[i])
	}
	b.putTurnovers(batch.Turnovers)
	for _, r := range batch.Rebuilt {
		b.sub(r.Account, r.Sub).rows = slices.Clone(r.Rows)
	}
	for _, held := range batch.Holds {
		states := b.holds[held.Key]
		if len(states) == 0 {
			kept := b.sub(held.Account, held.Sub)
			kept.holds = append(kept.holds, held.Key)
		}
		b.holds[held.Key] = put(states, now, held)
	}
	for _, a := range batch.Assertions {
		b.assertions = append(b.assertions, at[Assertion]{now, a})
	}
	b.head = batch.Head
}

func (b *memoryBook) append(ch *Change) {
	b.changes.append(*ch)
	switch {
	case ch.Posted != nil:
		b.appendEntry(ch.Posted)
	case ch.Record != nil:
		id := recordID{ch.Record.Kind, ch.Record.ID}
		if b.records[id] == nil {
			if b.kinds[id.kind] == nil {
				b.kinds[id.kind] = &sortedKeys{}
			}
			b.kinds[id.kind].add(id.id)
		}
		b.records[id] = append(b.records[id], ch.Record)
	}
}

func (b *memoryBook) appendEntry(posted *Posted) {
	b.entries.append(posted)
	if posted.Reverses != 0 {
		b.reversals[posted.Reverses] = posted.Number
	}
	for i := range posted.Lines {
		kept := b.sub(posted.Lines[i].Account, posted.Lines[i].Sub)
		kept.appendLine(lineRef{posted.Number, uint32(i), posted.Date, posted.Lines[i].Amount})
	}
}

// appendLine keeps the lines in the order they were written and, only where
// that differs, also by date.
func (s *memorySub) appendLine(ref lineRef) {
	if n := len(s.lines); s.byDate == nil && n > 0 && ref.date.Before(s.lines[n-1].date) {
		s.byDate = slices.Clone(s.lines)
	}
	s.lines = append(s.lines, ref)
	if s.byDate == nil {
		return
	}
	place := sort.Search(len(s.byDate), func(i int) bool { return s.byDate[i].date.After(ref.date) })
	s.byDate = slices.Insert(s.byDate, place, ref)
}

func (b *memoryBook) account(code string) *memoryAccount {
	if b.last != nil && b.lastCode == code {
		return b.last
	}
	account := b.accounts[code]
	if account == nil {
		account = &memoryAccount{subs: make(map[string]*memorySub)}
		b.accounts[code] = account
		b.codes.add(code)
	}
	b.last, b.lastCode = account, code
	return account
}

func (b *memoryBook) sub(code, sub string) *memorySub {
	account := b.account(code)
	kept := account.subs[sub]
	if kept == nil {
		kept = &memorySub{}
		account.subs[sub] = kept
		account.keys.add(sub)
	}
	return kept
}

// putSub keeps a sub's state where more than its latest balance changed.
func (b *memoryBook) putSub(now uint64, sub *Sub) {
	kept := b.sub(sub.Account, sub.Sub)
	state := *sub
	state.Last, state.LastDay = Money{}, Date{}
	if n := len(kept.states); n == 0 || kept.states[n-1].state != state {
		kept.states = put(kept.states, now, state)
	}
}

func (b *memoryBook) putTurnovers(rows []SubTurnover) {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Account == rows[0].Account && rows[n].Sub == rows[0].Sub {
			n++
		}
		b.sub(rows[0].Account, rows[0].Sub).putRows(rows[:n])
		rows = rows[n:]
	}
}

// putRows puts rows, which are in order and reach to the sub's last day.
func (s *memorySub) putRows(rows []SubTurnover) {
	cut := firstFrom(s.rows, rows[0].Day)
	s.rows = s.rows[:cut]
	for i := range rows {
		s.rows = append(s.rows, rows[i].Turnover)
	}
}

// Command implements [Reader].
func (v *memoryView) Command(key string) (Command, bool, error) {
	b := v.book
	b.mu.RLock()
	defer b.mu.RUnlock()
	s, found := b.commands[key]
	if !found || s.first > v.as() {
		return Command{}, false, nil
	}
	first := b.changes.at(s.first - 1)
	return Command{Key: first.Key, Kind: first.Command, Content: first.CommandDigest, First: s.first, Last: s.last}, true, nil
}

// Changes implements [Reader].
func (v *memoryView) Changes(from uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for number := max(from, 1); ; number++ {
			v.book.mu.RLock()
			if number > v.as() {
				v.book.mu.RUnlock()
				return
			}
			ch := *v.book.changes.at(number - 1)
			v.book.mu.RUnlock()
			if !yield(ch, nil) {
				return
			}
		}
	}
}

// Entry implements [Reader].
func (v *memoryView) Entry(number uint64) (Posted, bool, error) {
	b := v.book
	b.mu.RLock()
	defer b.mu.RUnlock()
	if number == 0 || number > b.entries.n {
		return Posted{}, false, nil
	}
	posted := **b.entries.at(number - 1)
	if posted.Change > v.as() {
		return Posted{}, false, nil
	}
	if by := b.reversals[number]; by != 0 && (*b.entries.at(by - 1)).Change <= v.as() {
		posted.ReversedBy = by
	}
	return posted, true, nil
}

// Record implements [Reader].
func (v *memoryView) Record(kind, id string, version int) (Record, bool, error) {
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	versions := v.book.records[recordID{kind, id}]
	if version == 0 {
		version = len(versions)
		for version > 0 && versions[version-1].Change > v.as() {
			version--
		}
	}
	if version < 1 || version > len(versions) || versions[version-1].Change > v.as() {
		return Record{}, false, nil
	}
	return *versions[version-1], true, nil
}

// Records implements [Reader].
func (v *memoryView) Records(kind, after string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, id := range v.book.inOrder(func() *sortedKeys { return v.book.kinds[kind] }, after) {
			r, found, err := v.Record(kind, id, 0)
			if (found || err != nil) && !yield(r, err) {
				return
			}
		}
	}
}

// Hold implements [Reader].
func (v *memoryView) Hold(key string) (Held, bool, error) {
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	held, found := as(v.book.holds[key], v.as())
	return held, found, nil
}

// Assertions implements [Reader].
func (v *memoryView) Assertions() iter.Seq2[Assertion, error] {
	return func(yield func(Assertion, error) bool) {
		v.book.mu.RLock()
		all := v.book.assertions
		now := v.as()
		v.book.mu.RUnlock()
		for _, a := range all {
			if a.change <= now && !yield(a.state, nil) {
				return
			}
		}
	}
}
