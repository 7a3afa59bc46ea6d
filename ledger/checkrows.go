package ledger

import (
	"encoding/binary"
	"slices"
)

// checkRows looks that what is kept beside the history, so that it can be
// found without reading it, says the same as the history: the head's currency,
// the span of every command, the lines as they are listed by account and sub,
// the assertions.
var checkRows = NewCheck("rows", func(tx *Tx, report Report) error {
	want := kept{lines: make(map[Place]fingerprint), spans: make(map[string]span)}
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if err := want.add(tx, &ch); err != nil {
			return err
		}
	}
	if err := want.compareHead(tx, report); err != nil {
		return err
	}
	want.compareSpans(report)
	if err := want.compareLines(tx, report); err != nil {
		return err
	}
	return want.compareAssertions(tx, report)
})

// span is a command's first and last change.
type span struct{ first, last uint64 }

// kept is what the changes of a book say must be found elsewhere.
type kept struct {
	opened     BookOpened
	spans      map[string]span // of the commands whose rows name more than one change: those seen
	named      map[string]span // what those rows say
	keys       []string        // of spans, in order
	lines      map[Place]fingerprint
	assertions []Assertion
}

func (k *kept) add(tx *Tx, ch *Change) error {
	switch ch.Kind {
	case ChangeBook:
		_ = decoded(ch, func(o BookOpened) { k.opened = o }) // what cannot be read the guards report
	case ChangeAssertion:
		_ = decoded(ch, func(a Assertion) { k.assertions = append(k.assertions, a) })
	}
	if ch.Posted != nil {
		var c Content
		for n := range ch.Posted.Lines {
			l := LineOf(ch.Posted, n)
			k.lines[Place{l.Account, l.Sub}] = k.lines[Place{l.Account, l.Sub}].plus(&c, &l)
		}
	}
	return k.addCommand(tx, ch)
}

// addCommand follows the commands of several changes: a row that names exactly
// its one change has been compared by checkCommands.
func (k *kept) addCommand(tx *Tx, ch *Change) error {
	if s, seen := k.spans[ch.Key]; seen {
		k.spans[ch.Key] = span{s.first, ch.Number}
		return nil
	}
	command, found, err := tx.Command(ch.Key)
	if err != nil || !found || command.First == ch.Number && command.Last == ch.Number {
		return err
	}
	if k.named == nil {
		k.named = make(map[string]span)
	}
	k.spans[ch.Key], k.named[ch.Key] = span{ch.Number, ch.Number}, span{command.First, command.Last}
	k.keys = append(k.keys, ch.Key)
	return nil
}

func (k *kept) compareHead(tx *Tx, report Report) error {
	head, err := tx.Head()
	if err != nil || k.opened.ID == "" {
		return err // without its first change: the chain says so
	}
	if k.opened.ID != head.Book || k.opened.Currency != head.Currency.Code() || k.opened.Digits != head.Currency.Digits() {
		report(Finding{Change: 1}, "book %q was opened in %s with %d digits, the head says %q in %s with %d", clip(k.opened.ID), clip(k.opened.Currency),
			k.opened.Digits, clip(head.Book), head.Currency, head.Currency.Digits())
	}
	return nil
}

func (k *kept) compareSpans(report Report) {
	for _, key := range k.keys {
		if got, want := k.named[key], k.spans[key]; got != want {
			report(Finding{Change: want.first}, "key %q stands for changes %d to %d, its changes are %d to %d", clip(key), got.first, got.last, want.first, want.last)
		}
	}
}

// compareLines lists every sub's lines and compares all of each with its entry.
func (k *kept) compareLines(tx *Tx, report Report) error {
	places := make([]Place, 0, len(k.lines))
	for p := range k.lines {
		places = append(places, p)
	}
	slices.SortFunc(places, Place.Compare)
	for _, p := range places {
		var got fingerprint
		var c Content
		for l, err := range tx.Lines(LineQuery{Account: p.Account, Sub: p.Sub}) {
			if err != nil {
				return err
			}
			got = got.plus(&c, &l)
		}
		if got != k.lines[p] {
			report(Finding{Account: p.Account, Sub: p.Sub}, "its lines are not listed as they stand in their entries (%d lines listed, %d in entries)", got.n, k.lines[p].n)
		}
	}
	return nil
}

func (k *kept) compareAssertions(tx *Tx, report Report) error {
	i := 0
	for a, err := range tx.Assertions() {
		if err != nil {
			return err
		}
		if i >= len(k.assertions) || a != k.assertions[i] {
			report(Finding{Account: a.Account, Sub: a.Sub}, "assertion %d is listed as the changes did not make it", i+1)
		}
		i++
	}
	for ; i < len(k.assertions); i++ {
		report(Finding{Account: k.assertions[i].Account, Sub: k.assertions[i].Sub}, "assertion %d is not listed", i+1)
	}
	return nil
}

// fingerprint is the same for two collections of lines, in whatever order, if
// and, but for a collision of SHA-256 sums, only if they are the same.
type fingerprint struct {
	n   int
	sum [4]uint64
}

func (f fingerprint) plus(c *Content, l *PostedLine) fingerprint {
	c.buf = c.buf[:0]
	d := c.Text(l.Account).Text(l.Sub).Money(l.Amount).Text(l.Party.Member).Uint(uint64(l.Party.Standing)).Uint(uint64(l.Activity)).
		Uint(l.Entry).Int(int64(l.No)).Uint(l.Change).Date(l.Date).Uint(uint64(l.Phase)).Text(l.Key).Text(l.Memo).
		Text(l.Source.Kind).Text(l.Source.ID).Int(int64(l.Source.Version)).Text(l.Source.Event).Digest()
	f.n++
	for i := range f.sum {
		f.sum[i] += binary.BigEndian.Uint64(d[8*i:])
	}
	return f
}
