package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// event carries out a contract's event as its package would: under one key it
// posts what comes of it and saves the version of the record that it names.
func event(tx *ledger.Tx, key string, source ledger.Source, post func() (ledger.Posted, error)) (posted ledger.Posted, err error) {
	_, repeated, err := tx.Repeat(ledger.Command{Key: key, Kind: source.Kind + "." + source.Event, Content: ledger.NewContent("event").Text(key).Digest()})
	if err != nil || repeated {
		return posted, err
	}
	if posted, err = post(); err != nil {
		return posted, err
	}
	_, err = tx.Save(ledger.Record{Kind: source.Kind, ID: source.ID, Version: source.Version, Event: source.Event, Format: 1, State: json.RawMessage("{}")})
	return posted, err
}

// postEvent is event for an entry, under its key.
func postEvent(tx *ledger.Tx, e ledger.Entry) (ledger.Posted, error) {
	return event(tx, e.Key, e.Source, func() (ledger.Posted, error) { return tx.Post(e) })
}

// TestMadeUpSource: whoever posts or reverses in a contract's name without
// saving the version of its record that is named, under the same key, is
// refused, and nothing is left of it.
func TestMadeUpSource(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	paid := ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: 1, Event: "pay"}
	instalment := deposit("T1", eventfulDay, "M1", 500)
	instalment.Source = paid
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := postEvent(tx, instalment)
		return err
	}), "the contract's own way")
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H1", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(50), From: eventfulDay, Reason: "jaminan"})
		return err
	}))
	undone := ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: 2, Event: "reverse"}
	forged := deposit("X", eventfulDay, "M1", 5)
	forged.Source = undone
	begin := func(tx *ledger.Tx) error {
		_, _, err := tx.Repeat(ledger.Command{Key: "X", Kind: "murabahah.reverse", Content: ledger.NewContent("x").Digest()})
		return err
	}
	save := func(tx *ledger.Tx, key string, change func(*ledger.Record)) error {
		r := ledger.Record{Key: key, Kind: "murabahah", ID: "MRB-1", Version: 2, Event: "reverse", Format: 1, State: json.RawMessage("{}")}
		change(&r)
		_, err := tx.Save(r)
		return err
	}
	asIs := func(*ledger.Record) {}
	post := func(tx *ledger.Tx) error { _, err := tx.Post(forged); return err }
	for name, do := range map[string]func(*ledger.Tx) error{
		"post":   post,
		"import": func(tx *ledger.Tx) error { _, err := tx.Import(forged); return err },
		"reverse": func(tx *ledger.Tx) error {
			_, err := tx.Reverse(ledger.Reversal{Key: "X", Entry: 1, Date: eventfulDay, Reason: "salah", Source: undone})
			return err
		},
		"capture": func(tx *ledger.Tx) error {
			taken := ledger.Entry{Date: eventfulDay, Source: undone, Lines: []ledger.Line{
				ledger.Debit("30101", ledger.IDR.Of(50)).For("M1"), ledger.Credit("10102", ledger.IDR.Of(50)),
			}}
			_, err := tx.Capture(ledger.Release{Key: "X", Hold: "H1", Reason: "angsuran"}, taken)
			return err
		},
		"a command that saves nothing": func(tx *ledger.Tx) error { return errors.Join(begin(tx), post(tx)) },
		"and looks away": func(tx *ledger.Tx) error {
			_ = tx.Atomic(func() error { return errors.Join(begin(tx), post(tx)) })
			return nil
		},
		"another key saves it": func(tx *ledger.Tx) error {
			return errors.Join(begin(tx), post(tx), save(tx, "Y", asIs))
		},
		"another event": func(tx *ledger.Tx) error {
			return errors.Join(begin(tx), post(tx), save(tx, "", func(r *ledger.Record) { r.Event = "pay" }))
		},
		"another contract": func(tx *ledger.Tx) error {
			return errors.Join(begin(tx), post(tx), save(tx, "", func(r *ledger.Record) { r.ID, r.Version = "MRB-2", 1 }))
		},
		"another kind": func(tx *ledger.Tx) error {
			return errors.Join(begin(tx), post(tx), save(tx, "", func(r *ledger.Record) { r.Kind, r.Version = "financing", 1 }))
		},
		"another version": func(tx *ledger.Tx) error {
			e := forged
			e.Source.Version = 1
			_, err := tx.Post(e)
			return errors.Join(begin(tx), err, save(tx, "", asIs))
		},
		"the step that saved it is taken back": func(tx *ledger.Tx) error {
			_ = tx.Atomic(func() error { return errors.Join(begin(tx), save(tx, "", asIs), errors.New("other")) })
			return errors.Join(begin(tx), post(tx))
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, err := book.Head(ctx)
			require.NoError(t, err)
			err = book.Update(ctx, do)
			require.ErrorIs(t, err, ledger.ErrSource)
			refusedAs(t, err, ledger.CodeSourceNotSaved)
			require.ErrorContains(t, err, "murabahah/MRB-1#")
			after, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}

	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		violations, err := tx.Violations(forged)
		require.NoError(t, err)
		require.Len(t, violations, 1)
		require.Equal(t, ledger.CodeSourceNotSaved, violations[0].Code)
		return nil
	}))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return errors.Join(begin(tx), save(tx, "", asIs), post(tx))
	}), "the version may be saved before the entry")
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for version := 3; version < 6; version++ {
			e := deposit(fmt.Sprint("T", version), eventfulDay, "M1", 5)
			e.Source = ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: version, Event: "pay"}
			if _, err := postEvent(tx, e); err != nil {
				return err
			}
		}
		return nil
	}), "several events of one contract")
	requireSound(t, book)
}

// TestMadeUpSourceOfOldBooks: an entry that stands in a book all the same, by
// an older release or by somebody's hand, is found by Check.
func TestMadeUpSourceOfOldBooks(t *testing.T) {
	renamed := func(change func(*ledger.Source)) func([]ledger.Change) []ledger.Change {
		return func(h []ledger.Change) []ledger.Change {
			for i := range h {
				if p := h[i].Posted; p != nil && !p.Source.IsZero() {
					change(&p.Source)
				}
			}
			return h
		}
	}
	ctx := context.Background()
	memory := ledger.NewMemory()
	book := newEventful(t, memory, "kspps-melati")
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		e := deposit("E1", eventfulDay.AddDays(40), "M3", 20)
		e.Source = ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: 2, Event: "down_payment"}
		_, err := postEvent(tx, e)
		return err
	}))
	requireSound(t, book)
	for name, tc := range map[string]struct {
		edit func([]ledger.Change) []ledger.Change
		want []string
	}{
		"as it was": {renamed(func(*ledger.Source) {}), nil},
		"another contract": {renamed(func(s *ledger.Source) { s.ID = "MRB-7" }),
			[]string{`entry 6: comes from murabahah/MRB-7#2 down_payment, which its command "E1" has not saved`}},
		"another version": {renamed(func(s *ledger.Source) { s.Version++ }),
			[]string{`entry 6: comes from murabahah/MRB-1#3 down_payment, which its command "E1" has not saved`}},
	} {
		t.Run(name, func(t *testing.T) {
			var found []string
			read, err := ledger.Open(ctx, &tampered{Store: memory, changes: tc.edit}, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
			require.NoError(t, err)
			for f, err := range read.Check(ctx) {
				require.NoError(t, err)
				if f.Check == "records" {
					found = append(found, fmt.Sprintf("entry %d: %s", f.Entry, f.Text))
				}
			}
			require.Equal(t, tc.want, found)
		})
	}
}
