package ledger

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"
)

// Book is one cooperative's books. It is safe for any number of goroutines.
type Book struct {
	id       string
	currency Currency
	store    Store
	clock    func() time.Time
	gather   gather
	posts    sync.Pool   // of *postCall
	memory   *memoryBook // the book itself, if the store is a [Memory]
}

// Config says which book, and in what currency and with which chart a new one
// begins.
type Config struct {
	ID       string   // the book's id, unique in its store; at most MaxKey bytes
	Currency Currency // of a new book; an existing one knows its own
	Chart    Chart    // of a new book
	// Clock stamps the recording instant of changes, cut to microseconds. It
	// decides nothing: dates are given by callers. It is required.
	Clock func() time.Time
}

// Create creates a book in a store and returns it. If the store has a book of
// that id the error matches [ErrBookExists] and nothing is changed.
func Create(ctx context.Context, store Store, c Config) (*Book, error) {
	b, err := newBook(store, c)
	if err != nil {
		return nil, err
	}
	if c.Currency == (Currency{}) {
		return nil, fmt.Errorf("ledger: book %q: no currency", clip(c.ID))
	}
	if err := c.Chart.Validate(); err != nil {
		return nil, fmt.Errorf("ledger: book %q: %w", clip(c.ID), err)
	}
	b.currency = c.Currency
	err = b.begin(ctx, func(s *stage, w Writer) error {
		tx := b.tx(s, w)
		if err := tx.timed(); err != nil {
			return err
		}
		opened := BookOpened{ID: b.id, Currency: c.Currency.Code(), Digits: c.Currency.Digits()}
		content := NewContent("create").Text(b.id).Text(opened.Currency).Int(int64(opened.Digits)).Digest()
		tx.current = doing{Command: Command{Key: "mizan/create", Kind: "create", Content: content}}
		if err := tx.document(&tx.current, ChangeBook, opened); err != nil {
			return err
		}
		for _, account := range c.Chart {
			if err := tx.document(&tx.current, ChangeAccount, account); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// begin writes the first batch of a book that the store does not have yet.
func (b *Book) begin(ctx context.Context, fill func(*stage, Writer) error) error {
	var wrote Head
	return b.store.Update(ctx, b.id, func(w Writer) error {
		s := new(stage)
		if err := s.open(w); err != nil {
			return err
		}
		switch {
		case s.head.Change != 0 && s.head == wrote:
			return nil // an earlier run, whose commit was not answered, did it
		case s.head.Change != 0:
			return fmt.Errorf("%w: %q", ErrBookExists, clip(b.id))
		}
		s.begin()
		if err := fill(s, w); err != nil {
			return err
		}
		wrote = s.head
		return w.Write(s.batch())
	})
}

// Open returns a book that the store has. Its history is not read. If there is
// none the error matches [ErrNoBook].
func Open(ctx context.Context, store Store, c Config) (*Book, error) {
	b, err := newBook(store, c)
	if err != nil {
		return nil, err
	}
	err = store.View(ctx, b.id, func(r Reader) error {
		head, err := r.Head()
		if err != nil {
			return err
		}
		if head.Change == 0 {
			return fmt.Errorf("%w: %q", ErrNoBook, clip(c.ID))
		}
		b.currency = head.Currency
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

func newBook(store Store, c Config) (*Book, error) {
	switch {
	case store == nil:
		return nil, fmt.Errorf("ledger: book %q: no store", clip(c.ID))
	case c.Clock == nil:
		return nil, fmt.Errorf("ledger: book %q: no clock", clip(c.ID))
	case c.ID == "":
		return nil, fmt.Errorf("ledger: a book needs an id")
	}
	if why := NameFault(c.ID, MaxKey); why != "" {
		return nil, fmt.Errorf("ledger: book id %q %s", clip(c.ID), why)
	}
	b := &Book{id: c.ID, store: store, clock: c.Clock}
	if m, ok := store.(*Memory); ok && m != nil {
		b.memory = m.book(c.ID)
	}
	return b, nil
}

// ID returns the book's id.
func (b *Book) ID() string { return b.id }

// Currency returns the book's currency.
func (b *Book) Currency() Currency { return b.currency }

// View runs fn on one consistent state of the book.
func (b *Book) View(ctx context.Context, fn func(*Tx) error) error {
	return b.store.View(ctx, b.id, func(r Reader) error {
		tx := &Tx{reader: r, book: b.id, currency: b.currency}
		defer func() { tx.done = true }()
		return fn(tx)
	})
}

// Post posts one entry. See [Tx.Post].
func (b *Book) Post(ctx context.Context, e Entry) (Posted, error) {
	if posted, ok, err := b.postAlone(ctx, &e); ok {
		return posted, err
	}
	call, _ := b.posts.Get().(*postCall)
	if call == nil {
		call = newPostCall()
	}
	call.entries[0] = e
	err := b.update(ctx, request{fn: call.fn, tx: &call.tx, entries: call.entries[:]})
	posted := call.posted
	call.entries[0], call.posted = Entry{}, Posted{} // keep nothing of them alive
	b.posts.Put(call)
	if err != nil {
		return Posted{}, err
	}
	return posted, nil
}

// postCall is the room that one Post needs, used again from call to call: its
// Tx is never seen by a caller.
type postCall struct {
	entries [1]Entry
	posted  Posted
	tx      Tx
	fn      func(*Tx) error
}

func newPostCall() *postCall {
	call := &postCall{}
	call.fn = func(tx *Tx) error { return tx.postInto(&call.posted, &call.entries[0]) }
	return call
}

// PostAll posts entries in order, all or none.
func (b *Book) PostAll(ctx context.Context, entries []Entry) ([]Posted, error) {
	if len(entries) == 1 {
		posted, err := b.Post(ctx, entries[0])
		if err != nil {
			return nil, err
		}
		return []Posted{posted}, nil
	}
	var all []Posted
	fn := func(tx *Tx) error {
		all = make([]Posted, len(entries))
		for i := range entries {
			if err := tx.postInto(&all[i], &entries[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := b.update(ctx, request{fn: fn, tx: new(Tx), entries: entries}); err != nil {
		return nil, err
	}
	return all, nil
}

// Reverse posts the exact mirror of an entry. See [Tx.Reverse].
func (b *Book) Reverse(ctx context.Context, r Reversal) (Posted, error) {
	return Update(ctx, b, func(tx *Tx) (Posted, error) { return tx.Reverse(r) })
}

// CloseThrough closes every day on or before a day. See [Tx.Close].
func (b *Book) CloseThrough(ctx context.Context, c PeriodClosing) error {
	return b.Update(ctx, func(tx *Tx) error { return tx.Close(c) })
}

// Head returns where the book stands.
func (b *Book) Head(ctx context.Context) (Head, error) {
	var head Head
	err := b.View(ctx, func(tx *Tx) (err error) {
		head, err = tx.Head()
		return err
	})
	return head, err
}

// Update runs fn in the book's [Book.Update] and returns its result.
func Update[R any](ctx context.Context, b *Book, fn func(*Tx) (R, error)) (R, error) {
	var result R
	err := b.Update(ctx, func(tx *Tx) (err error) {
		result, err = fn(tx)
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return result, nil
}

// View runs fn in the book's [Book.View] and returns its result.
func View[R any](ctx context.Context, b *Book, fn func(*Tx) (R, error)) (R, error) {
	var result R
	err := b.View(ctx, func(tx *Tx) (err error) {
		result, err = fn(tx)
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return result, nil
}

func (b *Book) tx(s *stage, r Reader) Tx {
	return Tx{
		reader: r, stage: s, book: b.id, currency: b.currency,
		now: time.UnixMicro(b.clock().UnixMicro()).UTC(),
	}
}

// Prove shows that nothing up to an earlier head has been changed or cut off,
// and that everything after it is chained to it: it yields what contradicts
// the anchor. An anchor is a head that was printed or mailed out.
func (b *Book) Prove(ctx context.Context, anchor Head) iter.Seq2[Finding, error] {
	return b.run(ctx, checkAnchor(anchor), checkChain(Head{}))
}

// Check looks for contradictions in the book and yields every one it finds:
// lines that do not balance, caches that are not the sum of their lines,
// numbers with gaps, a broken chain, commands without their changes, broken
// assertions. Contract packages hand in their own checks. An error means that
// the book could not be read.
func (b *Book) Check(ctx context.Context, more ...CheckFunc) iter.Seq2[Finding, error] {
	return b.run(ctx, append(bookChecks(), more...)...)
}

func (b *Book) run(ctx context.Context, checks ...CheckFunc) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		stopped := false
		err := b.View(ctx, func(tx *Tx) error {
			for _, check := range checks {
				for finding, err := range check(tx) {
					if err != nil {
						return err
					}
					if !yield(finding, nil) {
						stopped = true
						return nil
					}
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(Finding{}, err)
		}
	}
}
