package ledger_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestHashCoversPredecessor edits row K, with its own digests made to fit, and
// then row K+1 likewise: each time the change after it gives it away.
func TestHashCoversPredecessor(t *testing.T) {
	memory := ledger.NewMemory()
	history := changesOf(t, newEventful(t, memory, "kspps-melati"))
	const k = 17
	for _, number := range []uint64{k, k + 1} {
		previous := history[number-2].Digest
		by := &tampered{changes: func(h []ledger.Change) []ledger.Change {
			forge(&h[number-1], previous, anotherMemo)
			return h
		}}
		var chain []uint64
		for _, finding := range findingsIn(t, by) {
			if finding.Check == "chain" {
				chain = append(chain, finding.Change)
			}
		}
		require.Equal(t, []uint64{number + 1}, chain, "the forged change %d fits itself, its successor does not", number)
	}
}

// forge edits an entry and computes its own two digests anew.
func forge(ch *ledger.Change, previous ledger.Digest, edit func(*ledger.Posted)) {
	posted := ch.Posted
	edit(posted)
	content := ledger.Digest(sha256.Sum256(ledger.EntryBytes(&posted.Entry, posted.Reverses, posted.Imported)))
	if ch.CommandDigest == ch.Content {
		ch.CommandDigest = content
	}
	ch.Content = content
	ch.Digest = sha256.Sum256(ledger.LinkBytes("kspps-melati", previous, ch))
	posted.Digest = ch.Digest
}

func anotherMemo(p *ledger.Posted) { p.Memo = "lain" }

// rewritten forges change k and then rewrites the chain from there to its end.
func rewritten(h []ledger.Change, k int) []ledger.Change {
	for i := k - 1; i < len(h); i++ {
		previous := ledger.Digest{}
		if i > 0 {
			previous = h[i-1].Digest
		}
		if i == k-1 {
			forge(&h[i], previous, anotherMemo)
			continue
		}
		h[i].Digest = sha256.Sum256(ledger.LinkBytes("kspps-melati", previous, &h[i]))
		if h[i].Posted != nil {
			h[i].Posted.Digest = h[i].Digest
		}
	}
	return h
}

// TestTailCutOff: a tail that is cut off together with the head, and a chain
// that is rewritten to its end, are consistent in themselves. Only a head that
// was kept outside shows them.
func TestTailCutOff(t *testing.T) {
	ctx := context.Background()
	memory := ledger.NewMemory()
	book := newEventful(t, memory, "kspps-melati")
	history := changesOf(t, book)
	anchor, err := book.Head(ctx)
	require.NoError(t, err)
	by := &tampered{Store: memory}
	read, err := ledger.Open(ctx, by, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
	require.NoError(t, err)

	prove := func(anchor ledger.Head) []string { return texts(t, read.Prove(ctx, anchor)) }
	chain := func() []string {
		return slices.DeleteFunc(texts(t, read.Check(ctx)), func(text string) bool { return !strings.HasPrefix(text, "chain") })
	}
	require.Empty(t, prove(anchor))
	require.Empty(t, prove(ledger.Head{}), "no anchor proves the chain alone")

	t.Run("cut off", func(t *testing.T) {
		by.changes = func(h []ledger.Change) []ledger.Change { return h[:len(h)-2] }
		by.head = func(h *ledger.Head) {
			last := history[len(history)-3]
			h.Change, h.Digest = last.Number, last.Digest
		}
		require.Empty(t, chain())
		require.Equal(t, []string{"anchor: change 30: the anchor names it, but the book ends before"}, prove(anchor))
	})
	t.Run("rewritten", func(t *testing.T) {
		var last ledger.Digest
		by.changes = func(h []ledger.Change) []ledger.Change {
			h = rewritten(h, 17)
			last = h[len(h)-1].Digest
			return h
		}
		by.head = nil
		require.NotEmpty(t, chain()) // fills last
		by.head = func(h *ledger.Head) { h.Digest = last }
		require.Empty(t, chain())
		require.Len(t, prove(anchor), 1)
		require.Contains(t, prove(anchor)[0], "anchor: change 30: its digest is")
	})
	t.Run("changed before an early anchor", func(t *testing.T) {
		by.changes, by.head = func(h []ledger.Change) []ledger.Change {
			h[14].Posted.Memo = "lain"
			return h
		}, nil
		early := ledger.Head{Book: anchor.Book, Change: history[19].Number, Digest: history[19].Digest}
		require.NotEmpty(t, prove(early))
	})
	t.Run("grown since", func(t *testing.T) {
		by.changes, by.head = nil, nil
		_, err := book.Post(ctx, deposit("later", eventfulDay.AddDays(100), "M2", 5))
		require.NoError(t, err)
		require.Empty(t, prove(anchor))
	})
}

func texts(t *testing.T, findings iter.Seq2[ledger.Finding, error]) []string {
	t.Helper()
	var all []string
	for finding, err := range findings {
		require.NoError(t, err)
		all = append(all, finding.String())
	}
	return all
}

// TestChainKeyCollidesBetweenLedgers: two books of the same commands at the
// same instants have different digests, and neither's history passes for the
// other's.
func TestChainKeyCollidesBetweenLedgers(t *testing.T) {
	ctx := context.Background()
	store := ledger.NewMemory()
	melati, mawar := newEventful(t, store, "kspps-melati"), newEventful(t, store, "kspps-mawar")
	of, other := changesOf(t, melati), changesOf(t, mawar)
	require.Len(t, other, len(of))
	seen := map[ledger.Digest]bool{}
	for i := range of {
		require.False(t, seen[of[i].Digest] || seen[other[i].Digest])
		seen[of[i].Digest], seen[other[i].Digest] = true, true
	}
	_, err := ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-mawar", Clock: fixedClock()}, each(of))
	require.ErrorIs(t, err, ledger.ErrCorrupt)
	head, err := melati.Head(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, texts(t, mawar.Prove(ctx, head)))
	requireSound(t, melati)
	requireSound(t, mawar)
}

func each(changes []ledger.Change) iter.Seq2[ledger.Change, error] {
	return func(yield func(ledger.Change, error) bool) {
		for _, ch := range changes {
			if !yield(ch, nil) {
				return
			}
		}
	}
}

// TestRestoreRefusesForgedEntries restores a book whose last entry is none that
// the book would ever have taken, its digests made to fit.
func TestRestoreRefusesForgedEntries(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name string
		edit func(*ledger.Posted)
		want string // empty if the book is restored
	}{
		{"another memo", anotherMemo, ""},
		{"lines of zero", func(p *ledger.Posted) { p.Lines[0].Amount, p.Lines[1].Amount = ledger.Money{}, ledger.Money{} }, "of zero"},
		{"one line", func(p *ledger.Posted) { p.Lines = p.Lines[:1] }, "does not balance"},
		{"no lines", func(p *ledger.Posted) { p.Lines = nil }, "does not balance"},
		{"out of balance", func(p *ledger.Posted) { p.Lines[0].Amount = ledger.Minor(1) }, "does not balance"},
		{"no such account", func(p *ledger.Posted) { p.Lines[0].Account = "none" }, "unknown account"},
		{"no such phase", func(p *ledger.Posted) { p.Phase = 9 }, "does not balance"},
		{"beyond the largest amount", func(p *ledger.Posted) {
			p.Lines[0].Amount, p.Lines[1].Amount = ledger.Minor(ledger.MaxMoney), ledger.Minor(-ledger.MaxMoney)
		}, "beyond the largest amount"},
		{"beyond the largest amount on earlier days", func(p *ledger.Posted) {
			p.Date = eventfulDay.Prev()
			p.Lines[0].Amount, p.Lines[1].Amount = ledger.Minor(ledger.MaxMoney), ledger.Minor(-ledger.MaxMoney)
		}, "beyond the largest amount"},
		{"no day", func(p *ledger.Posted) { p.Date = ledger.Date{} }, "no day"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := newBook(t)
			_, err := book.PostAll(ctx, []ledger.Entry{deposit("A", eventfulDay, "M1", 5), deposit("B", eventfulDay, "M1", 7)})
			require.NoError(t, err)
			h := changesOf(t, book)
			last := len(h) - 1
			forge(&h[last], h[last-1].Digest, c.edit)
			_, err = ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Clock: fixedClock()}, each(h))
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ledger.ErrCorrupt)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestRestoreRefusesForgedNumbers restores a book whose last entry or record
// has a number that does not follow, its digests made to fit.
func TestRestoreRefusesForgedNumbers(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err1 := tx.Save(ledger.Record{Key: "S", Kind: "k", ID: "1", Version: 1, Event: "e", State: []byte("{}")})
		_, err2 := tx.Post(deposit("A", eventfulDay, "M1", 5))
		return errors.Join(err1, err2)
	}))
	restored := func(edit func(record, entry, before *ledger.Change)) error {
		h := changesOf(t, book)
		last := len(h) - 1
		edit(&h[last-1], &h[last], &h[last-2])
		forge(&h[last], h[last-1].Digest, func(*ledger.Posted) {})
		_, err := ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Clock: fixedClock()}, each(h))
		return err
	}
	require.NoError(t, restored(func(_, _, _ *ledger.Change) {}))
	require.ErrorIs(t, restored(func(_, entry, _ *ledger.Change) { entry.Entry = 2 }), ledger.ErrCorrupt)
	for version, refused := range map[int]bool{0: true, 1: false, 2: true} {
		err := restored(func(record, _, before *ledger.Change) {
			forged := *record.Record
			forged.Version = version
			record.Record, record.Content = &forged, sha256.Sum256(ledger.RecordBytes(&forged))
			record.Digest = sha256.Sum256(ledger.LinkBytes("kspps-melati", before.Digest, record))
		})
		require.Equal(t, refused, errors.Is(err, ledger.ErrCorrupt), "version %d: %v", version, err)
	}
}

// TestRestoreRefusesEveryEdit restores a book from changes of which one field
// is another: none passes, and the store has no book afterwards.
func TestRestoreRefusesEveryEdit(t *testing.T) {
	ctx := context.Background()
	history := changesOf(t, newEventful(t, ledger.NewMemory(), "kspps-melati"))
	restore := func(changes []ledger.Change) (*ledger.Book, error) {
		store := ledger.NewMemory()
		book, err := ledger.Restore(ctx, store, ledger.Config{ID: "kspps-melati", Clock: fixedClock()}, each(changes))
		if err != nil {
			_, missing := ledger.Open(ctx, store, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
			require.ErrorIs(t, missing, ledger.ErrNoBook)
		}
		return book, err
	}
	book, err := restore(history)
	require.NoError(t, err)
	requireSound(t, book)
	require.Equal(t, history, changesOf(t, book))

	derived := []string{".Number", ".Change", ".Recorded", ".Digest", ".ReversedBy", ".Repeat", ".Key"}
	for i := range history {
		eachField(t, history[i], func(path string, changed ledger.Change) {
			for _, name := range derived {
				if path == ".Posted"+name && name != ".Key" || path == ".Record"+name {
					return // set by the book again, whatever the backup says
				}
			}
			edited := slices.Clone(history)
			edited[i] = changed
			_, err := restore(edited)
			require.ErrorIs(t, err, ledger.ErrCorrupt, "change %d: %s", i+1, path)
		})
	}
	for _, changes := range [][]ledger.Change{nil, history[1:], append(slices.Clone(history), history[len(history)-1])} {
		_, err := restore(changes)
		require.ErrorIs(t, err, ledger.ErrCorrupt)
	}
	shorter, err := restore(history[:20]) // a shorter book is a book: only an anchor tells
	require.NoError(t, err)
	requireSound(t, shorter)
}
