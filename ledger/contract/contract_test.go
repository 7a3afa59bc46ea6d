package contract_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// A command writes its event and its entry under one key, and a repeat answers
// with the first result, whatever has happened since.
func TestCarry(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	opened := does(t, book, open)
	require.Zero(t, opened.Posted.Number, "no money moved")
	done := does(t, book, put)
	require.Equal(t, "put #2 holds 100000.00, entry 1, repeat false", line(done))
	require.Equal(t, "2", done.Posted.Key)
	require.Equal(t, ledger.Source{Kind: "envelope", ID: "A-1", Version: 2, Event: "put"}, done.Posted.Source)
	does(t, book, mark, take)
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: first}))

	before, err := book.Head(ctx)
	require.NoError(t, err)
	again := does(t, book, put)
	require.Equal(t, "put #2 holds 100000.00, entry 1, repeat true", line(again))
	require.True(t, again.Posted.Repeat)
	require.Equal(t, "open #1 holds 0.00, entry 0, repeat true", line(does(t, book, open)))
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after, "a repeat writes nothing")
	require.Equal(t, amount(70_000), standing(t, book))
	require.Empty(t, findings(t, book))

	record, err := ledger.View(ctx, book, func(tx *ledger.Tx) (ledger.Record, error) {
		r, _, err := tx.Record("envelope", "A-1")
		return r, err
	})
	require.NoError(t, err)
	require.Equal(t, 4, record.Version)
	require.Equal(t, "4", record.Key)
	require.JSONEq(t, `{"owner":"M0001","held":7000000,"marks":1,"version":4}`, string(record.State))
	require.JSONEq(t, `{"name":"take","version":4,"date":"2026-01-02","put":-3000000}`, string(record.Data))
}

// What is refused leaves the book as it was.
func TestCarryRefuses(t *testing.T) {
	elsewhere := func(a ask, id string) ask { a.Key, a.ID = "9", id; return a }
	for _, test := range []struct {
		name string
		ask  ask
		kind error
		text string
	}{
		{"no such contract", elsewhere(put, "A-7"), errUnknown, "envelope: contract A-7: there is none of that id"},
		{"open twice", elsewhere(open, "A-1"), errState, `envelope: contract A-1: the envelope is "M0001"'s (house rule 1)`},
		{"more than there is", ask{Key: "9", ID: "A-1", Name: "take", Put: amount(-100_001)}, errState, "envelope: contract A-1: it holds 100000.00, 100001.00 are asked"},
		{"another content", ask{Key: "2", ID: "A-1", Name: "put", Put: amount(1)}, ledger.ErrKeyConflict, ""},
		{"another command", ask{Key: "2", ID: "A-1", Name: "mark"}, ledger.ErrKeyConflict, ""},
		{"an amount that is none", ask{Key: "9", ID: "A-7", Name: "put", Put: amount(1).Sub(amount(-1 << 62))}, errState, ""},
		{"the book's own refusal", ask{Key: "9", ID: "A-1", Name: "put", Put: amount(1), Owner: "x"}, ledger.ErrPeriodClosed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := newBook(t, ledger.NewMemory())
			does(t, book, open, put)
			require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: first}))
			before, err := book.Head(ctx)
			require.NoError(t, err)
			_, err = ledger.Update(ctx, book, func(tx *ledger.Tx) (result, error) { return do(tx, test.ask) })
			require.ErrorIs(t, err, test.kind)
			if test.text != "" {
				require.EqualError(t, err, test.text)
			}
			after, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, before, after)
			require.Empty(t, findings(t, book))
		})
	}
}

// In an Update of several commands each stands or falls by itself.
func TestCarryInsideAnUpdate(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for _, a := range []ask{open, put, mark, take} {
			if _, err := do(tx, a); err != nil {
				return err
			}
		}
		_, err := do(tx, ask{Key: "9", ID: "A-1", Name: "take", Put: amount(-100_000)})
		require.ErrorIs(t, err, errState)
		first, err := do(tx, put)
		require.Equal(t, "put #2 holds 100000.00, entry 1, repeat true", line(first))
		return err
	}))
	require.Equal(t, amount(70_000), standing(t, book))
	require.Empty(t, findings(t, book))
}

// One event after the other is undone, contract and books together.
func TestReverse(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	_, err := undoes(book, "U0", 0)
	require.ErrorIs(t, err, errUnknown)
	does(t, book, open, put, mark, take)
	_, err = undoes(book, "U0", 2)
	require.ErrorIs(t, err, errNotLatest)
	require.EqualError(t, err, "envelope: contract A-1: later ones: mark #3 on 2026-01-02, take #4 on 2026-01-02")

	undone, err := undoes(book, "U1", 4)
	require.NoError(t, err)
	require.Equal(t, "undo #5 holds 100000.00, entry 3, repeat false", line(undone))
	require.EqualValues(t, 2, undone.Posted.Reverses)
	require.Equal(t, amount(100_000), standing(t, book))
	again, err := undoes(book, "U1", 4)
	require.NoError(t, err)
	require.Equal(t, "undo #5 holds 100000.00, entry 3, repeat true", line(again))

	for i, want := range []string{
		"undo #6 holds 100000.00, entry 0, repeat false", // the mark, which had no entry
		"undo #7 holds 0.00, entry 4, repeat false",
		"undo #8 holds 0.00, entry 0, repeat false",
	} {
		undone, err = undoes(book, "V"+string(rune('1'+i)), 0)
		require.NoError(t, err)
		require.Equal(t, want, line(undone))
	}
	_, err = undoes(book, "W", 0)
	require.ErrorIs(t, err, errState)
	require.True(t, standing(t, book).IsZero())
	require.Empty(t, findings(t, book))
	does(t, book, ask{Key: "again", ID: "A-1", Name: "open", Owner: "M0002"})
	require.Empty(t, findings(t, book))
}

// An entry that should be there and is not is a broken book, and nothing is
// written upon it; neither is the undoing of what never happened.
func TestReverseOfWhatIsNotThere(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	does(t, book, open)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { // an event that moves money, saved without its entry
		if _, _, err := tx.Repeat(ledger.Command{Key: "X", Kind: "forged"}); err != nil {
			return err
		}
		e := event{Name: "put", Version: 2, Date: first, Put: amount(5)}
		return envelopes.Save(tx, "A-1", e, envelope{"M0001", amount(5), 0, 2})
	}))
	_, err := undoes(book, "U1", 0)
	require.ErrorIs(t, err, ledger.ErrCorrupt)
	require.EqualError(t, err, "ledger: corrupt book: envelope/A-1#2 put has no entry")
	_, err = ledger.Update(ctx, book, func(tx *ledger.Tx) (result, error) {
		r := contract.Request{Command: "undo", Key: "U2", Contract: "A-1"}
		wrong := func([]event) (event, error) { return event{Name: "undo", Version: 3, Date: first, Undoes: 3}, nil }
		return envelopes.Reverse(tx, r, wrong, nil)
	})
	require.EqualError(t, err, "envelope: contract A-1: event undo #3 on 2026-01-02 undoes version 3, of 2")
}

// A command that answers for several events answers with all of them, and one
// that saved no contract with none.
func TestFirsts(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	more := ask{Name: "put", Put: amount(7)}
	several := func(tx *ledger.Tx) ([]result, error) {
		return ledger.Atomic(tx, func() (results []result, err error) {
			first, repeated, err := tx.Repeat(ledger.Command{Key: "S", Kind: envelopes.Command("several")})
			if err != nil || repeated {
				results, err = envelopes.Firsts(tx, first)
				return results, err
			}
			c := envelope{}
			for _, a := range []ask{open, put, more, mark} {
				e, err := a.decide(c)
				if err != nil {
					return nil, err
				}
				done, err := write(tx, "A-1", c, e, tx.Post)
				if err != nil {
					return nil, err
				}
				c, results = done.Contract, append(results, done)
			}
			return results, nil
		})
	}
	for _, repeat := range []string{"false", "true"} {
		results, err := ledger.Update(ctx, book, several)
		require.NoError(t, err)
		require.Len(t, results, 4)
		require.Equal(t, "open #1 holds 0.00, entry 0, repeat "+repeat, line(results[0]))
		require.Equal(t, "put #2 holds 100000.00, entry 1, repeat "+repeat, line(results[1]))
		require.Equal(t, "put #3 holds 100007.00, entry 2, repeat "+repeat, line(results[2]))
		require.Equal(t, "mark #4 holds 100007.00, entry 0, repeat "+repeat, line(results[3]))
	}
	for _, mirrors := range []uint64{0, 2, 1} { // of several entries under one key, the event's own is mirrored
		undone, err := undoes(book, "U"+strconv.FormatUint(mirrors, 10), 0)
		require.NoError(t, err)
		require.Equal(t, mirrors, undone.Posted.Reverses)
	}
	_, err := book.Post(ctx, ledger.Entry{Key: "P", Date: first, Memo: "x", Lines: []ledger.Line{ledger.Debit("10101", amount(1)), ledger.Credit(cash, amount(1))}})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		command, _, err := tx.Command("P")
		require.NoError(t, err)
		_, err = envelopes.First(tx, command)
		require.ErrorIs(t, err, ledger.ErrCorrupt)
		return nil
	}))
	require.Empty(t, findings(t, book))
}

// What a command cannot write down is refused by the contract's own rules, or
// else by what the json package says.
func TestContent(t *testing.T) {
	a, err := envelopes.Content("put", put)
	require.NoError(t, err)
	b, err := envelopes.Content("put", put)
	require.NoError(t, err)
	other, err := envelopes.Content("take", put)
	require.NoError(t, err)
	require.Equal(t, a, b)
	require.NotEqual(t, a, other)
	require.Equal(t, "envelope.put", envelopes.Command("put"))

	_, err = envelopes.Content("put", refusing{})
	var r *contract.Refusal
	require.ErrorAs(t, err, &r)
	require.Same(t, refused, err)
	_, err = envelopes.Content("put", func() {})
	var unsupported *json.UnsupportedTypeError
	require.ErrorAs(t, err, &unsupported)

	book := newBook(t, ledger.NewMemory())
	does(t, book, open)
	none := amount(1).Sub(amount(-1 << 62))
	_, err = ledger.Update(ctx, book, func(tx *ledger.Tx) (result, error) { return do(tx, ask{Key: "9", ID: "A-1", Name: "mark", Put: none}) })
	require.ErrorContains(t, err, "json", "a mark has no rule about amounts")
}

type refusing struct{}

var refused = contract.Refuse(errState, "form", "", "no form")

func (refusing) MarshalJSON() ([]byte, error) { return nil, refused }
