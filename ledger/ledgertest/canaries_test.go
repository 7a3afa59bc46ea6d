package ledgertest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// TestEveryCanaryIsCaught plants one defect after the other and lets the suite
// find it. Run with -v it says which guarantee does.
func TestEveryCanaryIsCaught(t *testing.T) {
	for name, c := range canaries() {
		t.Run(name, func(t *testing.T) {
			if raced && name == "two writers at once" {
				t.Skip("the race detector catches it first")
			}
			t.Parallel()
			for failure := range ledgertest.Judge(planted(c)) {
				t.Logf("caught by %.300s", failure)
				return
			}
			t.Errorf("the suite does not notice: %s", name)
		})
	}
}

// missed are the defects that random operations alone do not meet: with other
// books, contexts that are over, two writers, open views, very long entries,
// names and keys that look alike, documents with spaces, damaged caches, what
// only the store's own promises cover, and those of [extentCanaries].
var missed = []string{
	"one book for all", "books of any case", "context ignored", "error swallowed", "panic swallowed", "kept in spite of an error",
	"expectation ignored", "two writers at once", "view moves on", "view's balances move on", "lost line in a long entry",
	"keys of any case", "subs by letters", "records of any kind", "record data compacted", "rebuilt rows forgotten", "turnovers without an end",
}

// TestExerciseCatches shows that random operations by themselves, without the
// suite's own examples, find all other defects.
func TestExerciseCatches(t *testing.T) {
	for name, c := range canaries() {
		if _, atTheEnds := extentCanaries()[name]; atTheEnds || slices.Contains(missed, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			messages := ledgertest.Messages(func(t ledgertest.T) { ledgertest.Exercise(t, planted(c)(t), 4, 2000) })
			require.NotEmpty(t, messages, "the exercise does not notice: %s", name)
		})
	}
}

// planted opens memory stores with a canary's defect.
func planted(c *canary) func(ledgertest.T) ledger.Store {
	return func(ledgertest.T) ledger.Store {
		fresh := *c
		fresh.Store = ledger.NewMemory()
		return &fresh
	}
}

// TestNoDefectNoFailure is the other half: the wrapping by itself breaks nothing.
func TestNoDefectNoFailure(t *testing.T) {
	for _, c := range []*canary{{}, {write: func(*ledger.Batch) {}}, reads(func(*reading) {})} {
		require.Empty(t, slices.Collect(ledgertest.Judge(planted(c))))
	}
}

// canaries are all planted defects by name.
func canaries() map[string]*canary {
	return merged(writingCanaries(), readingCanaries(), listingCanaries(), runningCanaries(), extentCanaries())
}

// canary is a memory store with one planted defect: in what is written, in
// what is read, or in how transactions run.
type canary struct {
	ledger.Store
	write  func(*ledger.Batch)               // spoils a deep copy of every batch
	read   func(ledger.Reader) ledger.Reader // spoils what is read
	update func(ledger.Store) updating       // spoils how updates run
	view   func(ledger.Store) viewing        // spoils how views run
	book   func(string) string               // spoils which book is meant
}

type (
	updating func(context.Context, string, func(ledger.Writer) error) error
	viewing  func(context.Context, string, func(ledger.Reader) error) error
)

func (c *canary) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	update := c.Store.Update
	if c.update != nil {
		update = c.update(c.Store)
	}
	return update(ctx, c.named(book), func(w ledger.Writer) error { return fn(&spoiled{c.reader(w), w, c}) })
}

func (c *canary) View(ctx context.Context, book string, fn func(ledger.Reader) error) error {
	view := c.Store.View
	if c.view != nil {
		view = c.view(c.Store)
	}
	return view(ctx, c.named(book), func(r ledger.Reader) error { return fn(c.reader(r)) })
}

func (c *canary) named(book string) string {
	if c.book != nil {
		return c.book(book)
	}
	return book
}

func (c *canary) reader(r ledger.Reader) ledger.Reader {
	if c.read != nil {
		return c.read(r)
	}
	return r
}

// spoiled is a Writer that reads through the canary's reader.
type spoiled struct {
	ledger.Reader
	writer ledger.Writer
	canary *canary
}

func (s *spoiled) Write(b *ledger.Batch) error {
	if s.canary.write == nil {
		return s.writer.Write(b)
	}
	copied := deepCopy(b)
	s.canary.write(copied)
	return s.writer.Write(copied)
}

func deepCopy(b *ledger.Batch) *ledger.Batch {
	c := *b
	c.Changes, c.Commands, c.Accounts = slices.Clone(b.Changes), slices.Clone(b.Commands), slices.Clone(b.Accounts)
	c.Subs, c.Turnovers, c.Holds, c.Assertions = slices.Clone(b.Subs), slices.Clone(b.Turnovers), slices.Clone(b.Holds), slices.Clone(b.Assertions)
	for i := range c.Changes {
		if p := c.Changes[i].Posted; p != nil {
			posted := *p
			posted.Lines = slices.Clone(p.Lines)
			c.Changes[i].Posted = &posted
		}
		if r := c.Changes[i].Record; r != nil {
			record := *r
			c.Changes[i].Record = &record
		}
	}
	return &c
}

// entries calls spoil with every entry of a batch.
func entries(spoil func(*ledger.Posted)) func(*ledger.Batch) {
	return func(b *ledger.Batch) {
		for i := range b.Changes {
			if p := b.Changes[i].Posted; p != nil {
				spoil(p)
			}
		}
	}
}
