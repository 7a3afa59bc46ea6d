package contract

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Kind describes one kind of contract: C is the contract, E its event, both
// plain data. It is written down once and never changed.
type Kind[C, E any] struct {
	// Name is the kind of the records, and of the sources that their entries
	// name; a command "pay" of the kind "murabahah" is of kind "murabahah.pay".
	Name string
	// Format is the version of the stored form of contracts and events. Another
	// one is refused, matching Unreadable.
	Format int
	// Heading reads off an event what the book needs to know of it.
	Heading func(E) Heading
	// Apply returns the contract after an event, or says why it cannot follow.
	// It adds up what the event carries and computes no rule, so that old books
	// replay under new releases.
	Apply func(C, E) (C, error)
	// Unknown is the refusal of a contract that the book does not have.
	Unknown func(id string) *Refusal
	// Unreadable is the sentinel of stored data that this release cannot read.
	Unreadable error

	// The rest may be left out.

	// New returns the contract before its first event; left out, the zero C.
	New func(id string) C
	// Void says whether nothing is left of a contract because its very first
	// event was undone. Lists leave it out.
	Void func(C) bool
	// What is what messages call a contract; left out, "contract MRB-1".
	What func(id string) string
	// Summary shows a contract in a finding; left out, its JSON is shown.
	Summary func(C) string
	// Marshal and Unmarshal are the stored form of a contract; left out, the
	// json package's.
	Marshal   func(C) ([]byte, error)
	Unmarshal func(*C, []byte) error
}

// Heading is what the book needs to know of an event.
type Heading struct {
	Name    string
	Version int // the contract's version that the event makes, from 1
	Date    ledger.Date
	Undoes  int // the version that it undoes; zero for an event in its own right
}

// String returns the event's name, version and date.
func (h Heading) String() string { return fmt.Sprintf("%s #%d on %s", h.Name, h.Version, h.Date) }

// Result is what a command has done.
type Result[C, E any] struct {
	Contract C             // after the event
	Event    E             // with every amount that was decided
	Posted   ledger.Posted // the event's entry; zero if it moved no money
	Repeat   bool          // the command had been carried out before; this is its first result
}

// Voucher is the paper behind an event and its entry. All of it is optional
// unless a command says that it needs a document.
type Voucher struct {
	Memo     string `json:"memo,omitempty"`     // the entry's; empty gives one in Indonesian that names event and contract
	Document string `json:"document,omitempty"` // reference to the paper or file
	Maker    string `json:"maker,omitempty"`    // who entered it
	Approver string `json:"approver,omitempty"` // who approved it
}

// Source returns what the entry of an event names as its source.
func (k *Kind[C, E]) Source(id string, e E) ledger.Source {
	h := k.Heading(e)
	return ledger.Source{Kind: k.Name, ID: id, Version: h.Version, Event: h.Name}
}

// Replay applies events in their order to the contract before its first one.
func (k *Kind[C, E]) Replay(id string, events []E) (C, error) {
	c := k.blank(id)
	for _, e := range events {
		next, err := k.Apply(c, e)
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, nil
}

// Standing returns the events that still stand: without those that undo, and
// what they undid.
func (k *Kind[C, E]) Standing(events []E) []E {
	var standing []E
	for _, e := range events {
		if k.Heading(e).Undoes == 0 {
			standing = append(standing, e)
		} else if len(standing) > 0 {
			standing = standing[:len(standing)-1]
		}
	}
	return standing
}

// Later names the events that stand after a version, at most five, for the
// refusal to undo an earlier one.
func (k *Kind[C, E]) Later(standing []E, version int) string {
	const most = 5
	text, later := "", 0
	for _, e := range standing {
		h := k.Heading(e)
		if h.Version <= version {
			continue
		}
		if later++; later > most {
			continue
		}
		if later > 1 {
			text += ", "
		}
		text += h.String()
	}
	if later > most {
		text += fmt.Sprintf(" and %d more", later-most)
	}
	return text
}

// Command returns a command's kind in the book.
func (k *Kind[C, E]) Command(name string) string { return k.Name + "." + name }

// Content digests everything that a command asks for, as the json package
// writes it; its key is not part of that. A refusal inside the error comes out
// of what the json package wraps it in.
func (k *Kind[C, E]) Content(name string, command any) (ledger.Digest, error) {
	asked, err := json.Marshal(command)
	if err != nil {
		var r *Refusal
		if errors.As(err, &r) {
			return ledger.Digest{}, r
		}
		return ledger.Digest{}, err
	}
	return ledger.NewContent(k.Command(name)).Bytes(asked).Digest(), nil
}

func (k *Kind[C, E]) blank(id string) C {
	if k.New != nil {
		return k.New(id)
	}
	var c C
	return c
}

// called is what messages call a contract.
func (k *Kind[C, E]) called(id string) string {
	if k.What != nil {
		return Clip(k.What(id))
	}
	return "contract " + Clip(id)
}

// void says whether nothing is left of a contract.
func (k *Kind[C, E]) void(c C) bool { return k.Void != nil && k.Void(c) }
