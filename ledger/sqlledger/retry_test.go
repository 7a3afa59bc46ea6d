package sqlledger_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// fake is a driver of a database that has the tables and nothing in them, and
// that fails the calls it is told to.
type fake struct {
	fails  func(n int, call string) error // the n-th call of the driver, from 1
	after  bool                           // whether a call that fails was carried out
	calls  []string
	orders int // rows of the host's, committed
	placed int // in the transaction under way
}

func (f *fake) call(name string, carryOut func()) error {
	f.calls = append(f.calls, name)
	var err error
	if f.fails != nil {
		err = f.fails(len(f.calls), name)
	}
	if err == nil || f.after {
		carryOut()
	}
	return err
}

func (f *fake) Connect(context.Context) (driver.Conn, error) {
	if err := f.call("connect", func() {}); err != nil {
		return nil, err
	}
	return &fakeConn{f}, nil
}

func (f *fake) Driver() driver.Driver { return nil }

type fakeConn struct{ *fake }

func (c *fakeConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("not prepared") }
func (c *fakeConn) Close() error                        { return nil }
func (c *fakeConn) Begin() (driver.Tx, error)           { return nil, errors.New("without options") }

func (c *fakeConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	return c, c.call("begin", func() { c.placed = 0 })
}

func (c *fakeConn) Commit() error {
	return c.call("commit", func() { c.orders, c.placed = c.orders+c.placed, 0 })
}

func (c *fakeConn) Rollback() error {
	c.placed = 0
	return nil
}

func (c *fakeConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	return driver.RowsAffected(1), c.call("exec", func() { c.placed++ })
}

// QueryContext answers the questions about the schema.
func (c *fakeConn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	if err := c.call("query", func() {}); err != nil {
		return nil, err
	}
	return &fakeRows{left: 1}, nil
}

type fakeRows struct{ left int }

func (r *fakeRows) Columns() []string { return []string{"n"} }
func (r *fakeRows) Close() error      { return nil }
func (r *fakeRows) Next(row []driver.Value) error {
	if r.left == 0 {
		return io.EOF
	}
	r.left--
	row[0] = int64(1)
	return nil
}

// sqlState is an error as drivers of PostgreSQL have them.
type sqlState string

func (s sqlState) Error() string    { return "state " + string(s) }
func (s sqlState) SQLState() string { return string(s) }

var errBusy = errors.New("database is locked")

func openFake(t *testing.T, f *fake, o sqlledger.Options) *sqlledger.Store {
	t.Helper()
	db := sql.OpenDB(f)
	t.Cleanup(func() { _ = db.Close() })
	if o.Dialect == 0 {
		o.Dialect = sqlledger.PostgreSQL
	}
	o.Busy = func(err error) bool { return errors.Is(err, errBusy) }
	return sqlledger.Open(db, o)
}

func order(ctx context.Context, store *sqlledger.Store) error {
	return store.Retry(ctx, func(tx *sql.Tx, _ *sqlledger.Bound) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO orders ...")
		return err
	})
}

// TestRetryRules fails every call of a host's transaction with every kind of
// error, once: which are run again, which are not, and after which nobody
// knows what has become of it.
func TestRetryRules(t *testing.T) {
	const again, final, unknown = "run again", "final", "unknown"
	for _, kind := range []struct {
		err              error
		before, atCommit string // with one attempt; with more, all but the final ones succeed
	}{
		{sqlState("40001"), again, again},
		{sqlState("40P01"), again, again},
		{sqlState("55P03"), again, again},
		{sqlState("23505"), again, again},
		{errBusy, again, again},
		{sqlState("40003"), again, unknown},
		{sqlState("08000"), again, unknown},
		{sqlState("08006"), again, unknown},
		{sqlState("57P01"), again, unknown},
		{sqlState("57P02"), again, unknown},
		{sqlState("57P03"), again, unknown},
		{sqlState("XX000"), again, unknown},
		{io.ErrUnexpectedEOF, again, unknown},
		{io.EOF, again, unknown},
		{sqlState("23514"), final, final},
		{sqlState("22001"), final, final},
		{sqlState("42601"), final, final},
		{sqlState("57014"), final, final},
		{errors.New("of no known kind"), final, unknown},
	} {
		for _, after := range []bool{false, true} {
			for at := 1; ; at++ {
				hit := ""
				ask := func(attempts int) (*fake, error) {
					f := &fake{after: after, fails: func(n int, call string) error {
						if n != at {
							return nil
						}
						hit = call
						return kind.err
					}}
					return f, order(context.Background(), openFake(t, f, sqlledger.Options{Attempts: attempts}))
				}
				f, err := ask(1)
				if hit == "" {
					require.Equal(t, 6+1, at, "connect, two questions about the schema, begin, exec, commit: %v", f.calls)
					break
				}
				what := fmt.Sprintf("%v at %s, carried out %v: %v", kind.err, hit, after, err)
				want := kind.before
				if hit == "commit" {
					want = kind.atCommit
				}
				require.ErrorIs(t, err, kind.err, what)
				require.Equal(t, want == unknown, errors.Is(err, ledger.ErrCommitUnknown), what)
				f, err = ask(3)
				if want == final {
					require.ErrorIs(t, err, kind.err, what)
					require.NotErrorIs(t, err, ledger.ErrCommitUnknown, what)
					continue
				}
				require.NoError(t, err, what)
				rows := 1
				if hit == "commit" && after {
					rows = 2 // this host has no key by which to find its first row
				}
				require.Equal(t, rows, f.orders, what)
			}
		}
	}
}
