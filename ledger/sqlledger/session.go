package sqlledger

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// session is one transaction's work on one book: every statement goes through
// it, with the book's id as the first parameter.
type session struct {
	store *Store
	ctx   context.Context
	q     Querier
	book  string
	// calm is a context that cannot end, for statements that neither wait nor
	// go anywhere: SQLite's, once its lock is there. Drivers watch a context
	// that can end with a goroutine for each statement.
	calm context.Context
	// first runs before the first statement.
	first func() error

	// failed is the first error that came from the database. After it nothing
	// is sent any more, whatever a closure makes of the error.
	failed error
}

// query runs a statement and hands its rows to scan. No rows stay open: a
// closure may ask in the middle of a list.
func (s *session) query(statement string, scan func(*result) error, args ...any) error {
	if s.over() || s.begin() != nil {
		return s.failed
	}
	rows, err := s.store.statements.query(s, statement, args)
	if err != nil {
		return s.fail(err)
	}
	row := &result{rows: rows, statement: statement, args: args}
	for err == nil && rows.Next() {
		err = scan(row)
	}
	if err == nil {
		err = rows.Err()
	}
	if closing := rows.Close(); err == nil {
		err = closing
	}
	return s.fail(err)
}

// exec runs a statement and returns the number of rows it has touched.
func (s *session) exec(statement string, args ...any) (int64, error) {
	if s.over() || s.begin() != nil {
		return 0, s.failed
	}
	result, err := s.store.statements.exec(s, statement, args)
	if err != nil {
		return 0, s.fail(err)
	}
	n, err := result.RowsAffected()
	return n, s.fail(err)
}

func (s *session) begin() error {
	first := s.first
	if first == nil {
		return nil
	}
	s.first = nil
	return first()
}

// over reports whether nothing may be sent any more.
func (s *session) over() bool {
	if s.failed == nil {
		_ = s.fail(s.ctx.Err())
	}
	return s.failed != nil
}

// context is that of the next statement.
func (s *session) context() context.Context {
	if s.calm != nil {
		return s.calm
	}
	return s.ctx
}

// Broken implements [ledger.Breakable].
func (s *session) Broken() error { return s.failed }

func (s *session) fail(err error) error {
	if err != nil && s.failed == nil {
		s.failed = &StoreError{Book: s.book, Err: reason(s.ctx, err)}
	}
	return s.failed
}

// preparedStatements are prepared statements for SQLite, where compiling one costs
// more than running it. (Drivers of PostgreSQL prepare by themselves, or must
// not behind a connection pooler.) Preparing takes a connection of its own,
// and a transaction that waits for one while it holds another can wait for
// ever: a statement's first use is therefore sent plainly, and prepared before
// the next transaction begins.
type preparedStatements struct {
	mu       sync.Mutex
	prepared map[string]*sql.Stmt
	wanted   map[string]bool
}

// prepare prepares what earlier transactions have used. The caller must hold
// no connection, and nobody is kept from looking while this waits for one:
// whoever has the only connection of a small pool may be the one who looks.
func (c *preparedStatements) prepare(ctx context.Context, db *sql.DB) {
	for _, text := range c.claim() {
		prepared, err := db.PrepareContext(ctx, SQLite.text(text))
		if err != nil {
			continue // it will be sent plainly, and wanted again
		}
		c.mu.Lock()
		if c.prepared == nil {
			c.prepared = make(map[string]*sql.Stmt)
		}
		c.prepared[text] = prepared
		c.mu.Unlock()
	}
}

// claim returns what is wanted, to be prepared by the caller alone.
func (c *preparedStatements) claim() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.wanted) == 0 {
		return nil
	}
	texts := slices.Collect(maps.Keys(c.wanted))
	clear(c.wanted)
	return texts
}

// find returns a statement for use in s, nil if it is to be sent plainly.
func (c *preparedStatements) find(s *session, text string) *sql.Stmt {
	tx, own := s.q.(*ownTx)
	if !own || s.store.options.Dialect != SQLite {
		return nil
	}
	if prepared := tx.used[text]; prepared != nil {
		return prepared
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	prepared := c.prepared[text]
	if prepared == nil {
		if c.wanted == nil {
			c.wanted = make(map[string]bool)
		}
		c.wanted[text] = true
		return nil
	}
	prepared = tx.StmtContext(s.context(), prepared)
	if tx.used == nil {
		tx.used = make(map[string]*sql.Stmt)
	}
	tx.used[text] = prepared
	return prepared
}

func (c *preparedStatements) query(s *session, text string, args []any) (*sql.Rows, error) {
	if prepared := c.find(s, text); prepared != nil {
		return prepared.QueryContext(s.context(), args...)
	}
	return s.q.QueryContext(s.context(), s.store.options.Dialect.text(text), args...)
}

func (c *preparedStatements) exec(s *session, text string, args []any) (sql.Result, error) {
	if prepared := c.find(s, text); prepared != nil {
		return prepared.ExecContext(s.context(), args...)
	}
	return s.q.ExecContext(s.context(), s.store.options.Dialect.text(text), args...)
}

// ownTx is a transaction that this package has begun, with the prepared
// statements that it has used.
type ownTx struct {
	*sql.Tx
	used map[string]*sql.Stmt
}

// charts keeps the accounts that postings use, by book, so that a post need
// not read them again. The digest of a book's head stands for its whole
// history: while the head that a transaction finds has the digest under which
// accounts were kept, they are still right, whoever wrote in between.
type charts struct {
	mu    sync.Mutex
	books map[string]chart
	size  int // of all charts
}

// chart is never modified once it is kept.
type chart struct {
	digest   ledger.Digest
	accounts map[string]ledger.Account
}

// size is what a chart counts for: its accounts, and itself.
func (k chart) size() int { return 1 + len(k.accounts) }

// maxCharts bounds what all charts count for, and so the memory, to some 20
// megabytes: of more some are read again.
const maxCharts = 1 << 16

func (c *charts) find(book string, digest ledger.Digest) map[string]ledger.Account {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.books[book]; kept.digest == digest {
		return kept.accounts
	}
	return nil
}

func (c *charts) keep(book string, kept chart) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.books == nil {
		c.books = make(map[string]chart)
	}
	c.forget(book)
	for other := range c.books {
		if c.size+kept.size() <= maxCharts {
			break
		}
		c.forget(other)
	}
	c.books[book] = kept
	c.size += kept.size()
}

func (c *charts) forget(book string) {
	if kept, known := c.books[book]; known {
		c.size -= kept.size()
		delete(c.books, book)
	}
}
