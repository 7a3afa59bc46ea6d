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
	for i := range batch.Changes {
		b.append(&batch.Changes[i])
	}
	for i := range batch.Commands {
		c := &batch.Commands[i]
		b.commands[c.Key] = c.First
		if c.Last != c.First {
			b.lasts[c.First] = c.Last
		}
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
	b.changes.append(keep(ch))
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
		account = &memoryAccount{subs: make(map[string]*memorySub)}
		b.accounts[code] = account
		b.codes.add(code)
	}
	return account
}

// find returns a sub's memory, nil if there is none.
func (b *memoryBook) find(code, sub string) *memorySub {
	account := b.accounts[code]
	if account == nil {
		return nil
	}
	return account.subs[sub]
}

// lookUp is find for the writer, who asks for the same few subs again and
// again while it posts an entry.
func (b *memoryBook) lookUp(code, sub string) *memorySub {
	for _, kept := range b.recent {
		if kept != nil && kept.sub == sub && kept.account == code {
			return kept
		}
	}
	kept := b.find(code, sub)
	if kept != nil {
		b.recent[b.oldest] = kept
		b.oldest = (b.oldest + 1) % len(b.recent)
	}
	return kept
}

// sub returns a sub's memory, which it makes if there is none.
func (b *memoryBook) sub(code, sub string) *memorySub {
	if kept := b.lookUp(code, sub); kept != nil {
		return kept
	}
	kept := &memorySub{account: code, sub: sub}
	account := b.account(code)
	account.subs[sub] = kept
	account.keys.add(sub)
	return kept
}

// putSub keeps a sub's state where more than its latest balance changed.
func (b *memoryBook) putSub(now uint64, sub *Sub) {
	kept := b.sub(sub.Account, sub.Sub)
	if n := len(kept.states); n == 0 || !kept.states[n-1].state.guardedAs(sub) {
		state := *sub
		state.Last, state.LastDay = Money{}, Date{}
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
