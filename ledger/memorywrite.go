package ledger

import (
	"slices"
	"sort"
)

// commit keeps what the writer has written, once nothing can fail any more.
func (b *memoryBook) commit(batch *Batch) {
	if batch == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write(batch)
}

// write applies a batch. Nothing in it can fail: every rule was checked before.
func (b *memoryBook) write(batch *Batch) {
	b.lately.again()
	for i := range batch.Changes {
		b.append(&batch.Changes[i])
	}
	for i := range batch.Commands {
		c := &batch.Commands[i]
		b.commands.putKey(c.Key, c.First)
		if c.Last != c.First {
			b.lasts[c.First] = c.Last
		}
	}
	now := batch.Head.Change
	for _, account := range batch.Accounts {
		kept := b.account(account.Code)
		kept.states = put(kept.states, now, account)
	}
	b.lately.again()
	for i := range batch.Subs {
		b.putSub(now, &batch.Subs[i])
	}
	b.lately.again()
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
	kept := b.changes.more()
	if ch.Posted != nil {
		kept.entry = b.appendEntry(ch)
		return
	}
	other := *ch
	kept.other = &other
	if ch.Record != nil {
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

// appendEntry keeps a change's entry and returns its number.
func (b *memoryBook) appendEntry(ch *Change) (number uint64) {
	posted, k := ch.Posted, b.entries.more()
	number = b.entries.n
	k.keep(ch)
	if posted.Reverses != 0 {
		b.reversals[posted.Reverses] = number
	}
	k.lines = b.lineRoom.room(len(posted.Lines))
	for i := range posted.Lines {
		l := &posted.Lines[i]
		kept := b.sub(l.Account, l.Sub)
		k.lines = append(k.lines, keptLine{l.Amount, l.Party.Member, kept.number, l.Party.Standing, l.Activity})
		b.appendLine(kept, lineRef{number, uint32(i), posted.Date, l.Amount})
	}
	return number
}

// appendLine keeps the lines in the order they were written and, only where
// that differs, also by date.
func (b *memoryBook) appendLine(s *memorySub, ref lineRef) {
	if s.lines == nil {
		s.lines = b.refRoom.room(1)
	}
	if n := len(s.lines); s.byDate == nil && n > 0 && ref.date.Before(s.lines[n-1].date) {
		s.byDate = slices.Clone(s.lines)
	}
	s.lines = append(doubled(s.lines), ref)
	if s.byDate == nil {
		return
	}
	place := sort.Search(len(s.byDate), func(i int) bool { return s.byDate[i].date.After(ref.date) })
	s.byDate = slices.Insert(s.byDate, place, ref)
}

func (b *memoryBook) account(code string) *memoryAccount {
	account := b.accounts[code]
	if account == nil {
		account = &memoryAccount{}
		b.accounts[code] = account
		b.codes.add(code)
	}
	return account
}

// find returns a sub's memory, nil if there is none.
func (b *memoryBook) find(code, sub string) *memorySub {
	number := b.places.find(b.places.place(code, sub), func(number uint64) bool { return b.subs.at(number-1).is(code, sub) })
	if number == 0 {
		return nil
	}
	return b.subs.at(number - 1)
}

func (s *memorySub) is(code, sub string) bool { return s.sub == sub && s.account == code }

// lookUp is find for the writer, who asks for some subs again and again.
func (b *memoryBook) lookUp(code, sub string) *memorySub {
	if kept := b.lately.find(code, sub); kept != nil {
		return kept
	}
	kept := b.find(code, sub)
	if kept != nil {
		b.lately.found(kept)
	}
	return kept
}

// sub returns the memory of a sub that is being written, which it makes if
// there is none.
func (b *memoryBook) sub(code, sub string) *memorySub {
	if kept := b.lately.expected(code, sub); kept != nil {
		return kept
	}
	if kept := b.lookUp(code, sub); kept != nil {
		return kept
	}
	kept := b.subs.more()
	kept.account, kept.sub, kept.number = code, sub, uint32(b.subs.n)
	b.places.putPlace(code, sub, b.subs.n)
	b.account(code).keys.add(sub)
	b.lately.made(kept)
	return kept
}

// putSub keeps a sub's state where more than its latest balance changed.
func (b *memoryBook) putSub(now uint64, sub *Sub) {
	kept := b.sub(sub.Account, sub.Sub)
	if kept.since == 0 {
		kept.since = now
	}
	var before Sub
	if n := len(kept.states); n > 0 {
		before = kept.states[n-1].state
	}
	if !before.guardedAs(sub) {
		state := *sub
		state.Last, state.LastDay = Money{}, Date{}
		kept.states = put(kept.states, now, state)
	}
}

// asOf returns a sub's guards as they were at a change, and whether it had a row.
func (s *memorySub) asOf(change uint64) (state Sub, exists bool) {
	if guarded := as(s.states, change); guarded != nil {
		return *guarded, true
	}
	return Sub{Account: s.account, Sub: s.sub}, s.since != 0 && s.since <= change
}

func (b *memoryBook) putTurnovers(rows []SubTurnover) {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Account == rows[0].Account && rows[n].Sub == rows[0].Sub {
			n++
		}
		b.putRows(b.sub(rows[0].Account, rows[0].Sub), rows[:n])
		rows = rows[n:]
	}
}

// putRows puts rows, which are in order and reach to the sub's last day.
func (b *memoryBook) putRows(s *memorySub, rows []SubTurnover) {
	if s.rows == nil {
		s.rows = b.rowRoom.room(len(rows))
	}
	cut := firstFrom(s.rows, rows[0].Day)
	s.rows = s.rows[:cut]
	for i := range rows {
		s.rows = append(s.rows, rows[i].Turnover)
	}
}
