package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"sync"
)

// faulty is a driver between database/sql and a real one that fails one call,
// before or after the call has been carried out.
type faulty struct {
	driver.Connector
	mu    sync.Mutex
	count int   // calls so far
	at    int   // the call that fails; 0 for none
	after bool  // whether it is carried out
	err   error // what it answers
	hit   string
	each  func(n int) // called before every call
	heard []string    // what was sent since it was armed
	name  string      // by which a server knows the connections

	// What a canary changes; set before the first call.
	rewrite func(query string) string
	lost    func(n int) bool // the n-th commit is answered and not carried out
	kept    bool             // a rollback commits
	changed int              // how often
	commits int

	mixed int // statements about another book than those before them in the transaction
}

// arm makes the n-th call from now on fail.
func (f *faulty) arm(at int, after bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count, f.at, f.after, f.err, f.hit, f.heard = 0, at, after, err, "", nil
}

// watch has a function called before every call from now on.
func (f *faulty) watch(each func(n int)) {
	f.arm(0, false, nil)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.each = each
}

// disarm returns how many calls there were, and which of them failed.
func (f *faulty) disarm() (calls int, hit string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.each = 0, nil
	return f.count, f.hit
}

// sent counts the statements with a text in them since the driver was armed,
// and arms it anew.
func (f *faulty) sent(text string) (n int) {
	defer f.arm(0, false, nil)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, what := range f.heard {
		if strings.Contains(what, text) {
			n++
		}
	}
	return n
}

// planted returns how often a canary's defect came into play.
func (f *faulty) planted() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// text is a statement as the canary wants it.
func (f *faulty) text(query string) string {
	if f.rewrite == nil {
		return query
	}
	// SQLite's spelling of parameters is taken for the common one.
	other := f.rewrite(strings.ReplaceAll(query, "?", "$"))
	if other == strings.ReplaceAll(query, "?", "$") {
		return query
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changed++
	if strings.Contains(query, "?1") {
		other = strings.ReplaceAll(other, "$", "?")
	}
	return other
}

// loses reports whether a commit is to be lost.
func (f *faulty) loses() bool {
	if f.lost == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.commits++
	if !f.lost(f.commits) {
		return false
	}
	f.changed++
	return true
}

// keeps reports whether a rollback is to be committed.
func (f *faulty) keeps() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept {
		f.changed++
	}
	return f.kept
}

// call runs one call of the driver.
func (f *faulty) call(c *faultyConn, what string, run func() error) error {
	f.mu.Lock()
	if c.broken {
		f.mu.Unlock()
		return driver.ErrBadConn
	}
	f.count++
	f.heard = append(f.heard, what)
	n, each := f.count, f.each
	fails, after, injected := n == f.at, f.after, f.err
	if fails {
		f.hit = what
	}
	f.mu.Unlock()
	if each != nil {
		each(n)
	}
	if !fails {
		return run()
	}
	if after {
		if err := run(); err != nil {
			return err
		}
	}
	if breaks(injected) {
		f.mu.Lock()
		c.broken = true
		f.mu.Unlock()
	}
	return injected
}

// lose does to a broken connection's transaction what the server does when it
// notices.
func (c *faultyConn) lose(err error) error {
	if err != nil && c.broken && c.tx != nil {
		_ = c.tx.Rollback()
		c.tx = nil
	}
	return err
}

// state is an error with a SQLSTATE, as drivers of PostgreSQL return them.
type state string

func (s state) Error() string    { return "injected " + string(s) }
func (s state) SQLState() string { return string(s) }

// breaks reports whether an error means that the connection is gone.
func breaks(err error) bool {
	var s state
	if errors.As(err, &s) {
		return s[:2] == "08" || s == "57P01"
	}
	return true
}

func (f *faulty) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := f.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &faultyConn{Conn: conn, faulty: f, books: make(map[any]bool)}, nil
}

type faultyConn struct {
	driver.Conn
	faulty *faulty
	broken bool
	tx     driver.Tx
	books  map[any]bool // that the statements of the transaction were about
}

// about notes the book of a statement: its first argument.
func (c *faultyConn) about(query string, args []driver.NamedValue) {
	if len(args) == 0 || !strings.Contains(query, "mizan_") || strings.Contains(query, "mizan_schema") {
		return
	}
	c.books[args[0].Value] = true
	if len(c.books) > 1 {
		c.faulty.mu.Lock()
		defer c.faulty.mu.Unlock()
		c.faulty.mixed++
	}
}

func (c *faultyConn) IsValid() bool { return !c.broken }

func (c *faultyConn) ResetSession(ctx context.Context) error {
	if c.broken {
		return driver.ErrBadConn
	}
	if r, is := c.Conn.(driver.SessionResetter); is {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *faultyConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	var tx driver.Tx
	what := "begin " + sql.IsolationLevel(options.Isolation).String()
	if options.ReadOnly {
		what += ", read only"
	}
	c.books = make(map[any]bool)
	err := c.faulty.call(c, what, func() error {
		begun, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, options)
		if err == nil { // else it may be a nil of the driver's type
			tx = begun
		}
		return err
	})
	if err != nil {
		if tx != nil {
			_ = tx.Rollback()
		}
		return nil, err
	}
	c.tx = tx
	return &faultyTx{tx, c}, nil
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.about(query, args)
	var result driver.Result
	err := c.faulty.call(c, query, func() (err error) {
		result, err = c.Conn.(driver.ExecerContext).ExecContext(ctx, c.faulty.text(query), args)
		return err
	})
	return result, c.lose(err)
}

func (c *faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.about(query, args)
	var rows, got driver.Rows
	err := c.faulty.call(c, query, func() (err error) {
		if got, err = c.Conn.(driver.QueryerContext).QueryContext(ctx, c.faulty.text(query), args); err == nil {
			rows = got
		}
		return err
	})
	return orClose(c, rows, err)
}

// orClose closes rows that a failed call has left.
func orClose(c *faultyConn, rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil && rows != nil {
		_ = rows.Close()
		rows = nil
	}
	return rows, c.lose(err)
}

func (c *faultyConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	stmt, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, c.faulty.text(query))
	if err != nil {
		return nil, err
	}
	return &faultyStmt{stmt, c, query}, nil
}

type faultyStmt struct {
	driver.Stmt
	conn  *faultyConn
	query string
}

func (s *faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.conn.about(s.query, args)
	var result driver.Result
	err := s.conn.faulty.call(s.conn, s.query, func() (err error) {
		result, err = s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
		return err
	})
	return result, s.conn.lose(err)
}

func (s *faultyStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.conn.about(s.query, args)
	var rows, got driver.Rows
	err := s.conn.faulty.call(s.conn, s.query, func() (err error) {
		if got, err = s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args); err == nil {
			rows = got
		}
		return err
	})
	return orClose(s.conn, rows, err)
}

type faultyTx struct {
	driver.Tx
	conn *faultyConn
}

func (t *faultyTx) Commit() error {
	sent := false
	err := t.conn.faulty.call(t.conn, "commit", func() error {
		sent = true
		if t.conn.faulty.loses() {
			return t.Tx.Rollback()
		}
		return t.Tx.Commit()
	})
	if !sent { // refused: such a transaction is over
		_ = t.Tx.Rollback()
	}
	t.conn.tx = nil
	return err
}

func (t *faultyTx) Rollback() error {
	if t.conn.broken {
		return driver.ErrBadConn
	}
	if t.conn.faulty.keeps() {
		return t.Tx.Commit()
	}
	return t.Tx.Rollback()
}
