package ledger

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// Restore makes a book anew from its changes, as a backup has them: every
// digest is computed again and must be the recorded one, recording instants
// are kept, and all balances and other caches are rebuilt from the changes
// alone. The restored book has the same head. Of c only ID and Clock count.
//
// If anything does not fit (a gap, a changed byte, a missing first change) the
// error matches [ErrCorrupt] and the store has no such book. A book that is
// there already is [ErrBookExists].
func Restore(ctx context.Context, store Store, c Config, changes iter.Seq2[Change, error]) (*Book, error) {
	b, err := newBook(store, c)
	if err != nil {
		return nil, err
	}
	err = b.begin(ctx, func(s *stage, _ Writer) error {
		for ch, err := range changes {
			if err != nil {
				return err
			}
			if err := s.restore(b.id, &ch); err != nil {
				return err
			}
		}
		if s.head.Book != b.id {
			return fmt.Errorf("%w: there is no first change for book %q", ErrCorrupt, clip(b.id))
		}
		b.currency = s.head.Currency
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// restore verifies a change against the chain so far and applies it.
func (s *stage) restore(book string, ch *Change) error {
	if ch.Number != s.head.Change+1 || (ch.Number == 1) != (ch.Kind == ChangeBook) {
		return fmt.Errorf("%w: change %d (%s) follows change %d", ErrCorrupt, ch.Number, ch.Kind, s.head.Change)
	}
	if !ch.wroteOneThing() {
		return fmt.Errorf("%w: change %d (%s) carries more or less than its kind", ErrCorrupt, ch.Number, ch.Kind)
	}
	if content := s.scratch.contentOf(ch); content != ch.Content {
		return fmt.Errorf("%w: change %d: the content's digest is %s, recorded as %s", ErrCorrupt, ch.Number, short(content), short(ch.Content))
	}
	s.scratch.buf = s.scratch.buf[:0]
	if link := s.scratch.link(book, s.head.Digest, ch).Digest(); link != ch.Digest {
		return fmt.Errorf("%w: change %d: the chain's digest is %s, recorded as %s", ErrCorrupt, ch.Number, short(link), short(ch.Digest))
	}
	if err := s.restoreContent(ch); err != nil {
		return err
	}
	s.head.Change, s.head.Digest = ch.Number, ch.Digest
	s.changes = append(doubled(s.changes), *ch)
	s.indexChange(len(s.changes) - 1)
	return s.restoreCommand(ch)
}

func (s *stage) restoreContent(ch *Change) error {
	switch ch.Kind {
	case ChangeEntry:
		return s.restoreEntry(ch)
	case ChangeRecord:
		if ch.Record == nil {
			return fmt.Errorf("%w: change %d has no record", ErrCorrupt, ch.Number)
		}
		last, _, err := s.record(ch.Record.Kind, ch.Record.ID)
		if err != nil {
			return err
		}
		if ch.Record.Version != last.Version+1 {
			return fmt.Errorf("%w: change %d: version %d of a record follows version %d", ErrCorrupt, ch.Number, ch.Record.Version, last.Version)
		}
		kept := ch.Record.clone()
		kept.Key, kept.Change, kept.Recorded = ch.Key, ch.Number, ch.Recorded
		ch.Record = &kept
		return nil
	}
	ch.Document = slices.Clone(ch.Document)
	doc, err := ch.decode()
	if err != nil {
		return err
	}
	return s.apply(doc)
}

func (s *stage) restoreEntry(ch *Change) error {
	if ch.Posted == nil || ch.Entry != s.head.Entries+1 {
		return fmt.Errorf("%w: change %d: entry %d follows entry %d", ErrCorrupt, ch.Number, ch.Entry, s.head.Entries)
	}
	kept := s.room.posted(ch.Posted)
	kept.Number, kept.Change, kept.Recorded, kept.Digest = ch.Entry, ch.Number, ch.Recorded, ch.Digest
	kept.ReversedBy, kept.Repeat = 0, false
	ch.Posted = kept
	if !kept.Date.Valid() {
		return fmt.Errorf("%w: change %d: the entry has no day", ErrCorrupt, ch.Number)
	}
	s.lines = s.lines[:0]
	var sum BalanceDays
	for i := range kept.Lines {
		l := &kept.Lines[i]
		if l.Amount.IsZero() {
			return fmt.Errorf("%w: change %d: line %d is of zero", ErrCorrupt, ch.Number, i+1)
		}
		staged := s.find(l.Account, l.Sub)
		if staged == nil || kept.Date.Before(staged.from) {
			account, found, err := s.current(l.Account)
			if err != nil || !found {
				return errorOr(err, "%w: change %d: line %d is on the unknown account %q", ErrCorrupt, ch.Number, i+1, clip(l.Account))
			}
			if staged, err = s.load(staged, account, l.Sub, kept.Date); err != nil {
				return err
			}
		}
		s.lines = append(s.lines, staged)
		sum = sum.Add(l.Amount.Over(1))
	}
	if sum != (BalanceDays{}) || len(kept.Lines) < 2 || !kept.Phase.Valid() {
		return fmt.Errorf("%w: change %d: the entry does not balance", ErrCorrupt, ch.Number)
	}
	s.enter(&kept.Entry)
	s.head.Entries++
	for i, staged := range s.lines {
		for _, row := range staged.rows[firstFrom(staged.rows, kept.Date):] {
			if !row.Debit.valid() || !row.Credit.valid() || !row.Balance.valid() {
				return fmt.Errorf("%w: change %d: line %d takes a balance beyond the largest amount", ErrCorrupt, ch.Number, i+1)
			}
		}
	}
	return nil
}

// restoreCommand finds the command of a change again: the first change under a
// key begins it, later ones belong to it.
func (s *stage) restoreCommand(ch *Change) error {
	c, begun, err := s.command(ch.Key)
	if err != nil {
		return err
	}
	if begun {
		if c.Kind != ch.Command || c.Content != ch.CommandDigest {
			return fmt.Errorf("%w: change %d: key %q stands for another command", ErrCorrupt, ch.Number, clip(ch.Key))
		}
		s.commands[s.commandAt(ch.Key)].Last = ch.Number
		return nil
	}
	s.commands = append(doubled(s.commands), Command{Key: ch.Key, Kind: ch.Command, Content: ch.CommandDigest, First: ch.Number, Last: ch.Number})
	s.indexKey(len(s.commands) - 1)
	return nil
}
