package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// commandPost is the kind of the command that posts one entry.
const commandPost = "post"

// Post checks an entry in the order that the package documentation gives and
// appends it to the book, or refuses it with the first [*Refusal] found and
// changes nothing. The entry's lines are copied.
//
// A repeat of the same key and content returns the first result with
// Posted.Repeat set.
func (tx *Tx) Post(e Entry) (Posted, error) {
	p := posting{Entry: e}
	return p.given(tx.post(&p, nil))
}

// Import posts an entry of the past that is taken over from older books: it is
// marked as imported, and floors, holds and blocks, which were not there at
// the time, do not bind it. A closed period still refuses it.
func (tx *Tx) Import(e Entry) (Posted, error) {
	p := posting{Entry: e, imported: true}
	return p.given(tx.post(&p, nil))
}

// Violations returns everything that [Tx.Post] would refuse in e, in the order
// of the checks, and writes nothing. An entry that Post would take has none,
// and so has one that would be a repeat.
func (tx *Tx) Violations(e Entry) ([]*Refusal, error) {
	if err := tx.writable(); err != nil {
		return nil, err
	}
	p := posting{Entry: e, all: true}
	if tx.current.Key != "" && p.Key == "" {
		p.Key = tx.current.Key
	}
	repeated, err := tx.examineKey(&p)
	if err == nil && !repeated {
		err = tx.examine(&p)
	}
	return p.found, err
}

// examineKey finds what is wrong with the key of an entry that is only being
// looked at, and reports whether the entry would be a repeat.
func (tx *Tx) examineKey(p *posting) (repeated bool, err error) {
	if refusal := (*Refusal)(nil); errors.As(tx.checkKey(p.Key), &refusal) {
		p.found = append(p.found, refusal)
		return false, nil
	}
	if p.Key == tx.current.Key {
		return false, nil
	}
	content := new(Content).entry(&p.Entry, 0, false).Digest()
	_, repeated, err = tx.lookUp(Command{Key: p.Key, Kind: commandPost, Content: content})
	if conflict := (*KeyConflictError)(nil); errors.As(err, &conflict) {
		p.refuse(tx, ErrKeyConflict, Refusal{Code: CodeKeyConflict, Detail: strings.TrimPrefix(conflict.Error(), "ledger: ")})
		return false, nil
	}
	return repeated, err
}

// posting is an entry on its way into the book.
type posting struct {
	Entry
	reverses uint64
	imported bool

	content Digest

	all   bool // find every violation, not only the first
	found []*Refusal
}

// refuse notes a refusal and reports whether checking stops here.
func (p *posting) refuse(tx *Tx, kind error, r Refusal) bool {
	r.Key = p.Key
	p.found = append(p.found, tx.refuse(kind, r))
	return !p.all
}

// postInto posts an entry into the room that its caller has for it: neither is
// touched by anybody else until the flush is over, so nothing is copied.
func (tx *Tx) postInto(room *Posted, e *Entry) error {
	p := posting{Entry: *e}
	posted, err := tx.post(&p, room)
	if err == nil && posted != room {
		*room = *posted // the first result of a repeat
	}
	return err
}

// post returns the entry as it is staged, in room if that is not nil, or the
// first result of a repeat.
func (tx *Tx) post(p *posting, room *Posted) (*Posted, error) {
	command, first, err := tx.admit(p)
	if command == nil {
		return first, err
	}
	return tx.enter(command, p, room), nil
}

// admit returns the command of an entry that may be written; without one the
// first result of a repeat, or why it may not.
func (tx *Tx) admit(p *posting) (command *doing, repeat *Posted, err error) {
	if err := tx.writable(); err != nil {
		return nil, nil, err
	}
	if p.Key == "" {
		p.Key = tx.current.Key
	}
	p.digest(tx)
	command, first, repeated, err := tx.own(Command{Key: p.Key, Kind: commandPost, Content: p.content})
	if err != nil {
		return nil, nil, err
	}
	if repeated {
		posted, err := tx.postedBy(first)
		return nil, &posted, err
	}
	if err := tx.examine(p); err != nil {
		return nil, nil, err
	}
	if len(p.found) > 0 {
		return nil, nil, p.found[0]
	}
	return command, nil, nil
}

func (p *posting) digest(tx *Tx) {
	tx.stage.scratch.buf = tx.stage.scratch.buf[:0]
	p.content = tx.stage.scratch.entry(&p.Entry, p.reverses, p.imported).Digest()
}

// enter stages an entry that has passed every check; posted is room for it, as in post.
func (tx *Tx) enter(command *doing, p *posting, posted *Posted) *Posted {
	s := tx.stage
	s.enter(&p.Entry)
	if !p.Source.IsZero() {
		s.sourced++
	}
	lines := p.Lines
	if posted == nil { // the lines are the caller's, who may change them before the flush
		posted = s.room.entry(len(p.Lines))
		lines = posted.Lines
		copy(lines, p.Lines)
	}
	tx.number(posted, p)
	posted.Lines = lines
	change := tx.append(command, Change{Kind: ChangeEntry, Entry: posted.Number, Content: p.content, Posted: posted})
	posted.Digest = change.Digest
	return posted
}

// number makes an entry the last of the book, but for its digest.
func (tx *Tx) number(posted *Posted, p *posting) {
	head := &tx.stage.head
	head.Entries++
	posted.Entry = p.Entry
	posted.Number, posted.Change, posted.Recorded = head.Entries, head.Change+1, tx.now
	posted.Reverses, posted.Imported = p.reverses, p.imported
	posted.ReversedBy, posted.Repeat = 0, false // the room may have been used before
}

// given returns what was staged with the lines of the caller, who may do with
// them as they like.
func (p *posting) given(staged *Posted, err error) (Posted, error) {
	if err != nil {
		return Posted{}, err
	}
	posted := *staged
	if !posted.Repeat {
		posted.Lines = p.Lines
	}
	return posted, nil
}

// out gives a kept entry out: its lines are the caller's own.
func (tx *Tx) out(kept *Posted) Posted {
	posted := *kept
	posted.Lines = slices.Clone(kept.Lines)
	return posted
}

func (tx *Tx) postedBy(c Command) (Posted, error) {
	changes, err := tx.ChangesOf(c)
	if err != nil {
		return Posted{}, err
	}
	for _, ch := range changes {
		if ch.Posted != nil {
			posted := tx.out(ch.Posted)
			posted.Repeat = true
			return posted, nil
		}
	}
	return Posted{}, fmt.Errorf("%w: command %q has no entry", ErrCorrupt, clip(c.Key))
}
