package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Bound is a store inside a transaction of the host: the host's rows and the
// books are committed together, by the host, or not at all. It neither commits
// nor runs anything again nor shares flushes. It implements [ledger.Store]:
// [ledger.Open] over it gives a book for the length of the transaction.
//
// It is good for one goroutine at a time, as transactions are.
type Bound struct {
	store  *Store
	q      Querier
	broken error // a flush failed: nothing more is taken
}

// Bind returns a store inside a transaction that the host has begun on the
// same database and will itself commit or roll back. On PostgreSQL it may have
// any isolation level; READ COMMITTED waits least and is never refused. On
// SQLite it should be begun IMMEDIATE, or with a write as its first statement:
// a transaction that has read before it writes can be refused as busy.
//
// From the first Update of a book until the transaction ends, the book's lock
// is held. Posting to the same book through the store meanwhile waits, and in
// the same call chain would wait for ever: it is refused with [ErrBoundLock]
// after [Options.BoundWait].
//
// A transaction may touch several books; two that lock the same books in
// different orders wait for each other until the database ends one of them.
// [Bound.Lock] takes them in one order.
//
// On SQLite [Store.Retry] is nearly twice as fast: it prepares its statements,
// which takes a transaction that this package has begun.
//
// Bind is not for use inside a closure of [ledger.Book.Update]: a bound post to
// the same book would wait for the closure that it stands in.
func (s *Store) Bind(tx Querier) *Bound {
	b := &Bound{store: s, q: tx}
	if _, pool := tx.(*sql.DB); pool {
		b.broken = errPool
	}
	return b
}

// errPool is what a Bound says of a handle of which every statement may take
// another connection, and commits by itself.
var errPool = errors.New("sqlledger: Bind takes a transaction of the host, as db.BeginTx returns, and not a *sql.DB")

// Lock takes the locks of several books at once, in the order of their ids, so
// that no two transactions that do so can wait for each other. A book that
// does not exist has no lock to take.
func (b *Bound) Lock(ctx context.Context, books ...string) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	for _, book := range slices.Sorted(slices.Values(books)) {
		w := &writer{reader: reader{session: session{store: b.store, ctx: ctx, q: b.q, book: book}}}
		if err := w.lockExisting(); err != nil {
			return b.spoiled(err)
		}
		b.store.bound.add(b.store.lockOf(book))
	}
	return nil
}

// Update implements [ledger.Store]. What the closure refuses has sent nothing
// but a look at the book, and leaves the host's transaction usable. If writing
// fails half way the error matches [ErrRollBack]: the host must roll back, and
// every later Update here says so again.
func (b *Bound) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	w := &writer{reader: reader{session: session{store: b.store, ctx: ctx, q: b.q, book: book}}}
	if err := w.lock(); err != nil {
		return b.spoiled(err)
	}
	b.store.bound.add(b.store.lockOf(book))
	_, own := b.q.(*ownTx) // which is rolled back whatever its host says
	w.guarded = b.store.options.Dialect == SQLite && !own
	w.recall()
	kept := false
	defer func() {
		if !kept && w.placed && b.broken == nil { // the row that was only there to be locked
			_ = b.spoiled(w.displace())
		}
	}()
	err := fn(w)
	switch {
	case w.failed != nil:
		return b.spoiled(w.failed)
	case err != nil && w.wrote:
		return b.spoiled(err) // already sent: only the host can take it back
	}
	kept = w.wrote
	w.remember()
	return err
}

// spoiled marks the transaction as one that must be rolled back.
func (b *Bound) spoiled(err error) error {
	if err == nil {
		return nil
	}
	b.broken = fmt.Errorf("%w: %w", ErrRollBack, err)
	return b.broken
}

// View implements [ledger.Store]. Under READ COMMITTED, where every statement
// sees a state of its own, it takes the book's lock to read one state, unless
// nothing but the head is asked for. If another writer moves the head between
// a look at it and the lock, the error matches [ledger.ErrConflict].
func (b *Bound) View(ctx context.Context, book string, fn func(ledger.Reader) error) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	w := &writer{reader: reader{hosted: true, session: session{store: b.store, ctx: ctx, q: b.q, book: book}}}
	w.first = func() error { return b.settle(w) }
	err := fn(&w.reader)
	if w.failed != nil {
		return b.spoiled(w.failed)
	}
	return err
}

// settle makes sure, before a view reads more than the head, that what it
// reads is one state.
func (b *Bound) settle(w *writer) error {
	seen := w.head
	moving, err := w.statesMove()
	switch {
	case err != nil:
		return err
	case moving:
		err = w.lockExisting()
		b.store.bound.add(b.store.lockOf(w.book))
	default:
		err = w.readHead()
	}
	if err == nil && w.looked && seen != w.head {
		err = w.fail(fmt.Errorf("%w: the head has moved since it was read", ledger.ErrConflict))
	}
	return err
}

func (b *Bound) ready(ctx context.Context) error {
	switch {
	case b.broken != nil:
		return b.broken
	case ctx.Err() != nil:
		return ctx.Err()
	case b.store.sound.Load():
		return nil
	}
	if err := b.store.options.Dialect.check(); err != nil {
		return err
	}
	err := b.store.checkSchema(ctx, b.q)
	if wrong := (*SchemaError)(nil); err != nil && !errors.As(err, &wrong) {
		return b.spoiled(err)
	}
	return err
}
