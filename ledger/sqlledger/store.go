package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// Options say what a store cannot know from the database handle.
type Options struct {
	// Dialect is required.
	Dialect Dialect
	// Busy reports whether an error says that the database was only busy
	// (SQLITE_BUSY, SQLITE_LOCKED): such a transaction is run again. It is
	// needed on SQLite, whose errors have no SQLSTATE. It must be false for an
	// error after which a commit may have taken place. With modernc.org/sqlite:
	//
	//	func(err error) bool {
	//		var e *sqlite.Error
	//		return errors.As(err, &e) && (e.Code()&0xff == 5 || e.Code()&0xff == 6)
	//	}
	Busy func(error) bool
	// Attempts is how often a transaction is tried at most; 0 means 20, which
	// bridges an outage of three to six seconds. From the tenth on each further
	// attempt adds half a second at most: a host that wants to ride out a
	// server's restart names as many as that takes, and bounds the wait by the
	// context.
	Attempts int
	// BoundWait is how long a post through the store waits for a book that a
	// bound transaction of the same store has locked (on SQLite: for any book,
	// since the file has one lock), before it is refused with [ErrBoundLock]; 0
	// means 5 seconds.
	BoundWait time.Duration
}

// Store keeps books in a SQL database. It is safe for any number of
// goroutines. It implements [ledger.Store].
type Store struct {
	db         *sql.DB
	options    Options
	statements preparedStatements
	texts      flushTexts
	rowSets    sync.Pool // *rowSets
	charts     charts
	standings  standings
	bound      boundLocks
	sound      atomic.Bool // the schema's version was seen to be right
}

// Open returns a store over a database that [Migrate] has prepared. It does
// nothing yet: a wrong option or schema is reported by the first use. The
// store has nothing to close; the database handle stays the host's.
//
// On SQLite the handle's connections should have a busy timeout, and foreign
// keys switched on. A database in memory belongs to one connection and ends
// with it: such a handle may have no second one (SetMaxOpenConns(1)).
func Open(db *sql.DB, options Options) *Store {
	if options.Attempts <= 0 {
		options.Attempts = 20
	}
	if options.BoundWait <= 0 {
		options.BoundWait = 5 * time.Second
	}
	return &Store{db: db, options: options}
}

// Update implements [ledger.Store]: one transaction of the database, begun
// again by the rules of the package documentation if it is lost.
//
// If the database does not answer whether a commit took place, the closure
// runs again, in which every command finds by its key whether it was carried
// out. If that does not succeed either, the error matches
// [ledger.ErrCommitUnknown].
func (s *Store) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	if s.bound.has(s.lockOf(book)) {
		return s.updateBound(ctx, book, fn)
	}
	return s.repeat(ctx, book, func() error { return s.update(ctx, book, fn) })
}

// updateBound is Update while a bound transaction may hold the book. An engine
// that gives up waiting for a lock before our patience ends (SQLite's busy
// timeout) is asked again until then, and its word for it is not ours.
func (s *Store) updateBound(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	var over atomic.Bool
	timer := time.AfterFunc(s.options.BoundWait, func() { over.Store(true) })
	defer timer.Stop()
	held := func(err error) bool {
		return s.options.Busy != nil && err != nil && s.options.Busy(err) && s.bound.has(s.lockOf(book))
	}
	err := s.repeat(ctx, book, func() error {
		err := s.update(ctx, book, fn)
		if over.Load() && held(err) {
			return fmt.Errorf("%w: %q: %v", ErrBoundLock, book, err)
		}
		return err
	})
	if held(err) {
		return fmt.Errorf("%w: %q: %v", ErrBoundLock, book, err)
	}
	return err
}

// update is one attempt.
func (s *Store) update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// Cancelling ends the transaction at any moment but during COMMIT, so that
	// a caller's impatience never makes a commit's outcome unknown.
	within, stop := ctx, func() bool { return true }
	bound := s.bound.has(s.lockOf(book))
	var patience *patience
	if bound || ctx.Done() != nil { // a context that can end costs drivers a goroutine for every statement
		cancellable, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		defer cancel(nil)
		within, stop = cancellable, context.AfterFunc(ctx, func() { cancel(ctx.Err()) })
		defer stop()
		if bound {
			patience = s.bound.patience(s.lockOf(book), book, s.options.BoundWait, cancel)
			defer patience.stop()
		}
	}
	// The bound transaction may hold the pool's only connection as well.
	if err := s.ready(within); err != nil {
		return reason(within, err)
	}
	tx, err := s.begin(within, book)
	if err != nil {
		return err
	}
	defer tx.Rollback() // whatever becomes of the closure, a panic included
	w := &writer{reader: reader{session: session{store: s, ctx: within, q: &ownTx{Tx: tx}, book: book}}}
	if err := w.lock(); err != nil {
		return err
	}
	patience.over()
	if s.options.Dialect == SQLite {
		w.calm = context.WithoutCancel(within)
	}
	w.recall()

	err = fn(w)
	switch {
	case w.failed != nil:
		return w.failed // even if the closure has made something else of it
	case err != nil || !w.wrote:
		if !w.wrote {
			w.remember()
		}
		return err
	case !stop():
		return ctx.Err()
	}
	if err := tx.Commit(); err != nil {
		if s.options.mayHaveCommitted(err) {
			return &CommitError{Book: book, Err: err}
		}
		return &StoreError{Book: book, Err: err}
	}
	w.remember()
	return nil
}

func (s *Store) begin(ctx context.Context, book string) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, s.options.Dialect.writing())
	if err != nil {
		failing := session{ctx: ctx, book: book}
		return nil, failing.fail(err)
	}
	return tx, nil
}

// View implements [ledger.Store]: one read transaction with one snapshot. It
// holds one connection until fn returns, but no open rows: lists are read in
// pages.
//
// fn runs once, because it may have handed on what it has read. What others
// write never disturbs it, so nothing fails that would go well at once if it
// were asked again, but for a lost connection, or on a standby server that
// must catch up (40001): then the caller asks again.
func (s *Store) View(ctx context.Context, book string, fn func(ledger.Reader) error) error {
	var r *reader
	var tx *sql.Tx
	err := s.repeat(ctx, book, func() (err error) { // fn itself runs once: its reader may have passed rows on
		r, tx, err = s.openView(ctx, book)
		return err
	})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	err = fn(r)
	if r.failed != nil {
		return r.failed
	}
	return err
}

func (s *Store) openView(ctx context.Context, book string) (*reader, *sql.Tx, error) {
	if err := s.ready(ctx); err != nil {
		return nil, nil, err
	}
	var options *sql.TxOptions
	if s.options.Dialect == PostgreSQL {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	r := &reader{session: session{store: s, ctx: ctx, book: book}}
	tx, err := s.db.BeginTx(ctx, options)
	if err != nil {
		return nil, nil, r.fail(err)
	}
	r.q = &ownTx{Tx: tx}
	if err := r.readHead(); err != nil { // the snapshot begins with the first read
		_ = tx.Rollback()
		return nil, nil, err
	}
	return r, tx, nil
}

// reason returns why a context has ended in place of the error that came of it.
func reason(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// ready looks once at the options and the schema.
func (s *Store) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.sound.Load() {
		if s.options.Dialect == SQLite {
			s.statements.prepare(ctx, s.db)
		}
		return nil
	}
	if err := s.options.Dialect.check(); err != nil {
		return err
	}
	return s.checkSchema(ctx, s.db)
}

func (s *Store) checkSchema(ctx context.Context, q Querier) error {
	found, err := schemaVersion(ctx, q, s.options.Dialect)
	switch {
	case err != nil:
		return &StoreError{Err: fmt.Errorf("schema: %w", err)} // a server that is just starting is asked again
	case found != SchemaVersion:
		return &SchemaError{Found: found, Want: SchemaVersion}
	}
	s.sound.Store(true)
	return nil
}

// boundLocks remembers which locks bound transactions of this store have
// taken. When such a transaction ends only its host knows, so an entry stays
// until a post through the store gets the lock, which proves that it has.
type boundLocks struct {
	mu   sync.Mutex
	held map[string]bool
}

// maxBoundLocks bounds the memory: of more books some are forgotten, and a post
// to one of them that waits for its own call chain waits until its context ends.
const maxBoundLocks = 1 << 16

// lockOf returns what is locked for a book: its row, and on SQLite the file.
func (s *Store) lockOf(book string) string {
	if s.options.Dialect == SQLite {
		return ""
	}
	return book
}

func (b *boundLocks) add(lock string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		b.held = make(map[string]bool)
	}
	if !b.held[lock] && len(b.held) >= maxBoundLocks {
		for any := range b.held {
			delete(b.held, any)
			break
		}
	}
	b.held[lock] = true
}

// has reports whether a bound transaction may hold a lock.
func (b *boundLocks) has(lock string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held[lock]
}

// patience bounds the wait for a book that a bound transaction may hold. If it
// runs out, the attempt is cancelled with [ErrBoundLock].
func (b *boundLocks) patience(lock, book string, wait time.Duration, cancel context.CancelCauseFunc) *patience {
	return &patience{locks: b, lock: lock, timer: time.AfterFunc(wait, func() {
		cancel(fmt.Errorf("%w: waited %v for %q", ErrBoundLock, wait, book))
	})}
}

// patience is nil where no bound transaction was seen.
type patience struct {
	locks *boundLocks
	lock  string
	timer *time.Timer
}

func (p *patience) stop() { p.timer.Stop() }

// over is called with the lock in hand.
func (p *patience) over() {
	if p == nil {
		return
	}
	p.timer.Stop()
	p.locks.mu.Lock()
	defer p.locks.mu.Unlock()
	delete(p.locks.held, p.lock)
}

// isOwn reports whether an error is this store's and not a closure's.
func isOwn(err error) bool {
	var store *StoreError
	var commit *CommitError
	return errors.As(err, &store) || errors.As(err, &commit)
}
