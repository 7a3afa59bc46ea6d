package contract_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// The smallest contract that there could be: an envelope of money that is kept
// for somebody, put in, taken out, and marked.

type envelope struct {
	Owner   string       `json:"owner,omitempty"`
	Held    ledger.Money `json:"held,omitzero"`
	Marks   int          `json:"marks,omitempty"`
	Version int          `json:"version"`
}

type event struct {
	Name    string       `json:"name"`
	Version int          `json:"version"`
	Date    ledger.Date  `json:"date"`
	Owner   string       `json:"owner,omitempty"` // open
	Put     ledger.Money `json:"put,omitzero"`    // below zero if taken out
	Marks   int          `json:"marks,omitempty"`
	Undoes  int          `json:"undoes,omitempty"`
}

var (
	errState      = errors.New("envelope: not possible")
	errNotLatest  = errors.New("envelope: not the latest event")
	errSequence   = errors.New("envelope: event out of sequence")
	errUnknown    = errors.New("envelope: no such envelope")
	errUnreadable = errors.New("envelope: stored form not readable")
)

const (
	cash  = "10102"
	owing = "20501" // with a sub for each envelope
)

var (
	ctx    = context.Background()
	first  = ledger.On(2026, time.January, 2)
	amount = ledger.IDR.Of
)

// config is of a book whose clock stands still.
var config = ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: func() time.Time { return time.Date(2026, time.January, 2, 3, 0, 0, 0, time.UTC) }}

var envelopes = contract.Kind[envelope, event]{
	Name: "envelope", Format: 1,
	Heading: func(e event) contract.Heading { return contract.Heading{e.Name, e.Version, e.Date, e.Undoes} },
	Apply:   apply,
	Unknown: func(id string) *contract.Refusal {
		return contract.Refuse(errUnknown, "envelope.unknown", id, "there is none of that id")
	},
	Unreadable: errUnreadable,
	Void:       func(c envelope) bool { return c.Owner == "" },
}

func apply(c envelope, e event) (envelope, error) {
	if e.Version != c.Version+1 {
		return c, contract.Refuse(errSequence, "apply.sequence", "", "event %s follows version %d", e.Name, c.Version)
	}
	next := envelope{c.Owner, c.Held.Add(e.Put), c.Marks + e.Marks, e.Version}
	if e.Name == "open" {
		next.Owner = e.Owner
	}
	if e.Name == "undo" && e.Owner != "" {
		next.Owner = ""
	}
	if next.Held.Sign() < 0 {
		return c, contract.Refuse(errSequence, "apply.amount", "", "%s would be left", next.Held)
	}
	return next, nil
}

// journal is the entry of an event: none where no money moves.
func journal(id string, e event) ledger.Entry {
	entry := ledger.Entry{Date: e.Date, Memo: "Amplop " + id + ": " + e.Name, Source: envelopes.Source(id, e)}
	if !e.Put.IsZero() {
		entry.Lines = []ledger.Line{ledger.Debit(cash, e.Put), ledger.Credit(owing, e.Put).For(id)}
	}
	return entry
}

// ask is a command on an envelope.
type ask struct {
	Key, ID, Name string
	Put           ledger.Money
	Owner         string
}

func (a ask) decide(c envelope) (event, error) {
	e := event{Name: a.Name, Version: c.Version + 1, Date: first, Put: a.Put, Owner: a.Owner}
	switch {
	case a.Name == "mark":
		e.Marks = 1
	case (a.Name == "open") != (c.Owner == ""):
		return event{}, contract.Refuse(errState, "open.state", "", "the envelope is %q's", c.Owner).By("house rule 1")
	case c.Held.Add(a.Put).Sign() < 0:
		return event{}, contract.Refuse(errState, "take.above", "", "it holds %s, %s are asked", c.Held, a.Put.Neg()).Comparing(a.Put.Neg(), c.Held)
	}
	return e, nil
}

type result = contract.Result[envelope, event]

func do(tx *ledger.Tx, a ask) (result, error) {
	content, err := envelopes.Content(a.Name, a)
	if err != nil {
		return result{}, envelopes.Ruled(tx, a.ID, a.decide, err)
	}
	r := contract.Request{Command: a.Name, Key: a.Key, Contract: a.ID, Content: content, Begins: a.Name == "open"}
	return envelopes.Carry(tx, r, func(before envelope) (result, error) {
		e, err := a.decide(before)
		if err != nil {
			return result{}, contract.In(tx, a.ID, err)
		}
		return write(tx, a.ID, before, e, tx.Post)
	})
}

func write(tx *ledger.Tx, id string, before envelope, e event, post contract.Post) (result, error) {
	after, err := apply(before, e)
	if err != nil {
		return result{}, contract.In(tx, id, err)
	}
	return envelopes.Enter(tx, id, result{Contract: after, Event: e}, journal(id, e), post)
}

// undo takes the latest event back, or the version that is named.
func undo(tx *ledger.Tx, key, id string, version int) (result, error) {
	content, err := envelopes.Content("undo", struct {
		ID      string
		Version int
	}{id, version})
	if err != nil {
		return result{}, err
	}
	decide := func(events []event) (event, error) {
		standing := envelopes.Standing(events)
		if len(standing) == 0 {
			return event{}, contract.Refuse(errState, "undo.none", id, "nothing stands")
		}
		last := standing[len(standing)-1]
		if version != 0 && version != last.Version {
			return event{}, contract.Refuse(errNotLatest, "undo.latest", id, "later ones: %s", envelopes.Later(standing, version))
		}
		return event{Name: "undo", Version: len(events) + 1, Date: first, Put: last.Put.Neg(), Marks: -last.Marks, Owner: last.Owner, Undoes: last.Version}, nil
	}
	r := contract.Request{Command: "undo", Key: key, Contract: id, Content: content}
	return envelopes.Reverse(tx, r, decide, func(before envelope, e event, mirror contract.Post) (result, error) {
		return write(tx, id, before, e, mirror)
	})
}

var checks = []ledger.CheckFunc{
	ledger.NewCheck("envelope.replay", envelopes.CheckReplay),
	ledger.NewCheck("envelope.course", func(tx *ledger.Tx, say ledger.Report) error {
		return envelopes.CheckCourse(tx, say, func(at contract.Step[envelope, event]) string {
			latest, stood := at.Latest()
			switch {
			case at.Event.Undoes != 0 && (!stood || latest.Event.Version != at.Event.Undoes):
				return "does not undo the latest event that stood"
			case at.Event.Undoes != 0 && at.After.Held != latest.Before.Held:
				return "does not bring back what stood before"
			case at.Event.Name == "open" && at.Before.Owner != "":
				return "was open already"
			}
			return ""
		})
	}),
	ledger.NewCheck("envelope.entries", func(tx *ledger.Tx, say ledger.Report) error {
		return envelopes.CheckEntries(tx, say, func(m contract.Match[event]) error {
			return envelopes.CheckEntry(tx, m, journal(m.Record.ID, m.Event).Lines, cash, say)
		})
	}),
}

func newBook(t testing.TB, store ledger.Store) *ledger.Book {
	t.Helper()
	config := config
	config.Chart = slices.DeleteFunc(ledger.StandardChart(), func(a ledger.Account) bool {
		return !slices.Contains([]string{cash, owing, "10101", "20303", "50101"}, a.Code)
	})
	book, err := ledger.Create(ctx, store, config)
	require.NoError(t, err)
	return book
}

func findings(t testing.TB, book *ledger.Book) (found []string) {
	t.Helper()
	for f, err := range book.Check(ctx, checks...) {
		require.NoError(t, err)
		found = append(found, f.String())
	}
	return found
}

// does carries commands out one after the other and returns the last result.
func does(t testing.TB, book *ledger.Book, asked ...ask) (last result) {
	t.Helper()
	for _, a := range asked {
		var err error
		last, err = ledger.Update(ctx, book, func(tx *ledger.Tx) (result, error) { return do(tx, a) })
		require.NoError(t, err, a.Key)
	}
	return last
}

func undoes(book *ledger.Book, key string, version int) (result, error) {
	return ledger.Update(ctx, book, func(tx *ledger.Tx) (result, error) { return undo(tx, key, "A-1", version) })
}

var (
	open = ask{Key: "1", ID: "A-1", Name: "open", Owner: "M0001"}
	put  = ask{Key: "2", ID: "A-1", Name: "put", Put: amount(100_000)}
	mark = ask{Key: "3", ID: "A-1", Name: "mark"}
	take = ask{Key: "4", ID: "A-1", Name: "take", Put: amount(-30_000)}
)

// standing is what the book says the cooperative owes an envelope.
func standing(t testing.TB, book *ledger.Book) ledger.Money {
	t.Helper()
	owed, err := ledger.View(ctx, book, func(tx *ledger.Tx) (ledger.Money, error) { return tx.Balance(owing, "A-1", ledger.Latest()) })
	require.NoError(t, err)
	return owed.Neg()
}

func text(found []string) string { return strings.Join(found, "\n") }

func line(r result) string {
	return fmt.Sprintf("%s #%d holds %s, entry %d, repeat %t", r.Event.Name, r.Event.Version, ledger.IDR.Format(r.Contract.Held), r.Posted.Number, r.Repeat)
}
