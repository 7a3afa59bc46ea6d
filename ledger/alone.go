package ledger

import "context"

// postAlone posts an entry straight into a book in memory, if nobody else
// writes to that or waits to, but others who post alone: most posts of most
// books find it so. The entry meets the same checks, on a stage of the same kind; but what has passed them
// is not staged and flushed, since nothing can fail any more and there is
// nobody to share a flush with. ok is false if the entry has to go the way of
// all writes.
func (b *Book) postAlone(ctx context.Context, e *Entry) (posted Posted, ok bool, err error) {
	if b.memory == nil || ctx.Err() != nil {
		return Posted{}, false, nil
	}
	b.gather.alone.Lock()
	defer b.gather.alone.Unlock()
	if !b.gather.seize() {
		return Posted{}, false, nil
	}
	defer b.passLead()
	kept := b.memory
	if !kept.writing.TryLock() { // another handle of the book writes, for as long as it likes
		return Posted{}, false, nil
	}
	defer kept.writing.Unlock()
	f := b.takeFlight()
	kept.beginWriting(ctx)
	s, tx := &f.stage, &f.straight
	if err := s.open(&kept.writer); err != nil {
		return Posted{}, true, err
	}
	*tx = b.tx(s, &kept.writer)
	p := posting{Entry: *e}
	command, first, err := tx.admit(&p)
	switch {
	case command != nil:
		kept.enter(tx, &p, command, &f.posted)
		posted, f.posted = f.posted, Posted{} // keep nothing of it alive
	case first != nil && err == nil:
		posted = *first
	}
	tx.done = true
	b.putFlight(f)
	return posted, true, err
}

// enter keeps an entry that has passed every check, with all that follows from
// it: what [Tx.append], [stage.enter] and [memoryBook.write] do in more steps
// for what is flushed together.
func (b *memoryBook) enter(tx *Tx, p *posting, c *doing, posted *Posted) {
	tx.number(posted, p)
	ch := Change{Kind: ChangeEntry, Entry: posted.Number, Content: p.content, Posted: posted}
	tx.link(c, &ch)
	posted.Digest = ch.Digest
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lately.again()
	b.changes.more().entry = b.appendEntry(&ch)
	b.commands.putKey(ch.Key, ch.Number)
	b.lately.again()
	for i := range p.Lines {
		l := &p.Lines[i]
		kept := b.sub(l.Account, l.Sub)
		if kept.since == 0 {
			kept.since = ch.Number
		}
		if kept.rows == nil {
			kept.rows = b.rowRoom.room(1)
		}
		kept.rows = addTo(kept.rows, Money{}, lineAt{p.Date, p.Phase, l.Amount})
	}
	b.head = tx.stage.head
	tx.stage.charted[1] = b.head.Digest
}
