package ledger

import (
	"fmt"
	"iter"
	"slices"
)

// Finding is one contradiction in the books.
type Finding struct {
	Check   string // the check that found it
	Change  uint64 // the change it concerns, 0 for none
	Entry   uint64 // the entry it concerns, 0 for none
	Account string
	Sub     string
	Text    string // what is wrong, with both values
}

// String says what is wrong and where, in one line.
func (f Finding) String() string {
	where := ""
	if f.Change != 0 {
		where += fmt.Sprintf("change %d: ", f.Change)
	}
	if f.Entry != 0 {
		where += fmt.Sprintf("entry %d: ", f.Entry)
	}
	if f.Account != "" {
		where += "account " + place(f.Account, f.Sub) + ": "
	}
	return f.Check + ": " + where + f.Text
}

// CheckFunc examines one invariant and yields everything that breaks it.
// Contract packages give theirs to [Book.Check]: that records replay, that a
// contract agrees with its subs.
type CheckFunc func(*Tx) iter.Seq2[Finding, error]

// bookChecks are the book's own invariants, one function each.
func bookChecks() []CheckFunc {
	return []CheckFunc{
		checkChain(Head{}), checkEntries, checkReversals, checkCommands,
		checkTurnovers, checkGuards, checkRecords, checkAssertions, checkRows,
	}
}

// Report says what is wrong at a place: at has the change, entry, account and
// sub it concerns, as far as there are any. Amounts among args are shown in the
// book's currency.
type Report func(at Finding, format string, args ...any)

// NewCheck makes a CheckFunc of a name and a function that reports what it
// finds. An error that run returns means that the book could not be read.
func NewCheck(name string, run func(tx *Tx, report Report) error) CheckFunc {
	return func(tx *Tx) iter.Seq2[Finding, error] {
		return func(yield func(Finding, error) bool) {
			wanted := true
			err := run(tx, func(at Finding, format string, args ...any) {
				args = slices.Clone(args)
				for i := range args {
					if amount, isMoney := args[i].(Money); isMoney {
						args[i] = tx.currency.Format(amount)
					}
				}
				at.Check, at.Text = name, fmt.Sprintf(format, args...)
				wanted = wanted && yield(at, nil)
			})
			if err != nil && wanted {
				yield(Finding{}, err)
			}
		}
	}
}

// checking is NewCheck for findings that carry their text.
func checking(name string, run func(tx *Tx, report func(Finding)) error) CheckFunc {
	return NewCheck(name, func(tx *Tx, report Report) error {
		return run(tx, func(f Finding) { report(f, "%s", f.Text) })
	})
}

// checkChain recomputes every digest from an anchor on, and that numbers have
// no gaps and end at the head.
func checkChain(anchor Head) CheckFunc {
	return checking("chain", func(tx *Tx, report func(Finding)) error {
		last, entries := anchor.Change, anchor.Entries
		previous := anchor.Digest
		var c Content
		for ch, err := range tx.changes(anchor.Change + 1) {
			if err != nil {
				return err
			}
			if ch.Number != last+1 {
				report(Finding{Change: ch.Number, Text: fmt.Sprintf("follows change %d", last)})
			}
			last = ch.Number
			if !ch.wroteOneThing() {
				report(Finding{Change: ch.Number, Text: fmt.Sprintf("is of kind %q and carries more or less than that", clip(string(ch.Kind)))})
			}
			if ch.Posted != nil {
				if ch.Entry != entries+1 || ch.Posted.Number != ch.Entry {
					report(Finding{Change: ch.Number, Entry: ch.Entry, Text: fmt.Sprintf("entry number %d follows entry %d", ch.Posted.Number, entries)})
				}
				entries = ch.Entry
			}
			if content := c.contentOf(&ch); content != ch.Content {
				report(Finding{Change: ch.Number, Entry: ch.Entry, Text: fmt.Sprintf("the content's digest is %s, recorded as %s", short(content), short(ch.Content))})
			}
			c.buf = c.buf[:0]
			if link := c.link(tx.book, previous, &ch).Digest(); link != ch.Digest {
				report(Finding{Change: ch.Number, Text: fmt.Sprintf("the chain's digest is %s, recorded as %s", short(link), short(ch.Digest))})
			}
			previous = ch.Digest
		}
		head, err := tx.Head()
		if err != nil {
			return err
		}
		if head.Change != last || head.Entries != entries || head.Digest != previous {
			report(Finding{Change: head.Change, Text: fmt.Sprintf("the head stands at change %d and entry %d (%s), the last found are %d and %d (%s)",
				head.Change, head.Entries, short(head.Digest), last, entries, short(previous))})
		}
		return nil
	})
}

// checkAnchor looks that the change an anchor names is still there, with the
// anchor's digest: a tail that was cut off or a chain that was rewritten shows.
func checkAnchor(anchor Head) CheckFunc {
	return checking("anchor", func(tx *Tx, report func(Finding)) error {
		if anchor.Change == 0 {
			return nil
		}
		ch, found, err := tx.change(anchor.Change)
		switch {
		case err != nil:
			return err
		case !found:
			report(Finding{Change: anchor.Change, Text: "the anchor names it, but the book ends before"})
		case ch.Digest != anchor.Digest:
			report(Finding{Change: anchor.Change, Text: fmt.Sprintf("its digest is %s, the anchor's %s", short(ch.Digest), short(anchor.Digest))})
		}
		return nil
	})
}

// contentOf computes the digest of what a change wrote.
func (c *Content) contentOf(ch *Change) Digest {
	c.buf = c.buf[:0]
	switch {
	case ch.Kind == ChangeEntry && ch.Posted != nil:
		return c.entry(&ch.Posted.Entry, ch.Posted.Reverses, ch.Posted.Imported).Digest()
	case ch.Kind == ChangeRecord && ch.Record != nil:
		return c.record(ch.Record).Digest()
	}
	return c.document(ch.Kind, ch.Document).Digest()
}
