package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// faultyStore is a store whose driver can be made to fail.
func faultyStore(t *testing.T, e engine, attempts int) (*sqlledger.Store, *sql.DB, *faulty) {
	t.Helper()
	f := &faulty{}
	if e.dialect == sqlledger.SQLite {
		file := t.TempDir() + "/books.db"
		copySQLite(t, file)
		f.Connector = sqliteConnector{fastSQLite(file)}
	} else {
		address := postgres(t).schema(t)
		config, err := pgx.ParseConfig(address)
		require.NoError(t, err)
		f.name = config.RuntimeParams["search_path"]
		config.RuntimeParams["application_name"] = f.name
		f.Connector = stdlib.GetConnector(*config)
	}
	db := sql.OpenDB(f)
	t.Cleanup(func() { _ = db.Close() })
	require.NoError(t, sqlledger.Migrate(context.Background(), db, e.dialect))
	options := e.options()
	options.Attempts = attempts
	return sqlledger.Open(db, options), db, f
}

type sqliteConnector struct{ name string }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return c.Driver().Open(c.name)
}
func (c sqliteConnector) Driver() driver.Driver { return &sqlite.Driver{} }

// errs are the faults: every class that is run again, and one that is not.
func errs() []error {
	return []error{
		state("40001"), state("40P01"), state("55P03"), state("23505"), state("40003"), state("XX000"),
		state("08006"), state("57P01"), driver.ErrBadConn, io.ErrUnexpectedEOF, state("23514"),
	}
}

// operation is one command of a book, asked through a store.
type operation struct {
	name string
	// run asks for the operation under a key, as the n-th of the sweep's book.
	run func(ctx context.Context, s *sweep, key string) error
	// entries and records are how many more there must be afterwards.
	entries, records int
	// large operations are asked for with one fault at each call, the faults
	// taking turns, and on one book.
	large bool
}

func config(id string) ledger.Config {
	return ledger.Config{ID: id, Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()}
}

func operations() []operation {
	return []operation{
		{name: "post", entries: 1, run: func(ctx context.Context, s *sweep, key string) error { // and the opening of the book
			book, err := ledger.Open(ctx, s.store, config(s.book.ID()))
			if err != nil {
				return err
			}
			_, err = book.Post(ctx, deposit(key, "M1"))
			return err
		}},
		{name: "many", entries: 3, run: func(ctx context.Context, s *sweep, key string) error {
			_, err := s.book.PostAll(ctx, []ledger.Entry{deposit(key, "M1"), deposit(key+"/2", "M2"), deposit(key+"/3", "M1")})
			return err
		}},
		{name: "long", entries: 1, large: true, run: func(ctx context.Context, s *sweep, key string) error { // more rows than a statement takes
			_, err := s.book.Post(ctx, long(key, 350))
			return err
		}},
		{name: "all kinds", entries: 1, records: 1, run: func(ctx context.Context, s *sweep, key string) error {
			return s.book.Update(ctx, func(tx *ledger.Tx) error { return allKinds(tx, key, s.n) })
		}},
		{name: "reverse", entries: 1, run: func(ctx context.Context, s *sweep, key string) error {
			_, err := s.book.Reverse(ctx, ledger.Reversal{Key: key, Entry: uint64(s.n), Date: ledger.On(2026, time.November, 24), Reason: "salah"})
			return err
		}},
		{name: "host", entries: 1, run: hostOrder},
	}
}

// long is an entry of so many lines, each on a sub of its own.
func long(key string, lines int) ledger.Entry {
	e := ledger.Entry{Key: key, Date: ledger.On(2026, time.November, 23), Memo: "Bagi hasil", Lines: []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(int64(lines)))}}
	for i := range lines {
		e.Lines = append(e.Lines, ledger.Credit("30101", ledger.IDR.Of(1)).For(fmt.Sprint("M", i)))
	}
	return e
}

// allKinds writes to every table, under one key, the n-th time in its book.
func allKinds(tx *ledger.Tx, key string, n int) error {
	first, repeated, err := tx.Repeat(ledger.Command{Key: key, Kind: "test", Content: ledger.NewContent("test").Digest()})
	if err != nil || repeated {
		_, err = tx.ChangesOf(first)
		return err
	}
	day := ledger.On(2026, time.November, 23)
	if err := tx.AddAccount("", ledger.Account{Code: fmt.Sprint(70000 + n), Name: "Perlengkapan", NameEn: "Supplies", Kind: ledger.Asset, Normal: ledger.DebitSide}); err != nil {
		return err
	}
	if _, err := tx.Post(deposit("", "M1")); err != nil {
		return err
	}
	if _, err := tx.Hold(ledger.Hold{Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(5), From: day, Reason: "jaminan", By: "manajer"}); err != nil {
		return err
	}
	if _, err := tx.Save(ledger.Record{Kind: "murabahah", ID: fmt.Sprint("K-", n), Version: 1, Event: "order", Data: []byte(`{"a":1}`), State: []byte(`{"b": 2}`), Format: 1}); err != nil {
		return err
	}
	if err := tx.Assert(ledger.Assertion{Account: "10102", Date: day.AddDays(-1), Document: "kas", By: "kasir"}); err != nil {
		return err
	}
	return tx.Close(ledger.PeriodClosing{Through: ledger.On(2026, time.January, 31).AddDays(n), Reason: "tutup", By: "manajer"})
}

// hostOrder writes a row of the host's and posts, in the host's transaction.
func hostOrder(ctx context.Context, s *sweep, key string) error {
	return s.store.Retry(ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
		book, err := ledger.Open(ctx, books, config(s.book.ID()))
		if err != nil {
			return err
		}
		posted, err := book.Post(ctx, deposit(key, "M1"))
		if err != nil || posted.Repeat {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO orders (id) VALUES ('"+s.book.ID()+" "+key+"')")
		return err
	})
}

// TestFaults fails every call of every operation in every way, before and
// after it was carried out, and then asks again with the same key.
func TestFaults(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		for _, attempts := range []int{1, 5} {
			for _, op := range operations() {
				t.Run(fmt.Sprintf("%s, %d attempts", op.name, attempts), func(t *testing.T) {
					t.Parallel()
					s := newSweep(t, e, op, attempts)
					if op.large {
						s.turns()
						return
					}
					commits, at := 0, 1
					for failed := true; failed; at++ {
						failed = false
						for _, after := range []bool{false, true} {
							s.begin()
							for _, fault := range errs() {
								s.one(at, after, fault)
								failed = failed || s.hit != ""
								if s.hit == "commit" && after {
									commits++
								}
							}
							s.sound()
						}
					}
					require.Greater(t, at, s.calls)
					require.GreaterOrEqual(t, commits, len(errs()), "COMMIT must be among what fails")
				})
			}
		}
	})
}

// sweep asks for an operation again and again, with a fault each time, on a
// new book for each place of the fault.
type sweep struct {
	*testing.T
	store    *sqlledger.Store
	db       *sql.DB
	faulty   *faulty
	op       operation
	attempts int
	calls    int    // of the operation without a fault
	hit      string // the call that failed last
	books    int
	book     *ledger.Book
	n        int // how often the operation was asked of it
}

// before is how many entries a book has when the sweep begins with it: enough
// for as many reversals as there are faults.
const before = 20

func newSweep(t *testing.T, e engine, op operation, attempts int) *sweep {
	t.Helper()
	s := &sweep{T: t, op: op, attempts: attempts}
	s.store, s.db, s.faulty = faultyStore(t, e, attempts)
	_, err := s.db.Exec("CREATE TABLE orders (id varchar(60) NOT NULL)")
	require.NoError(t, err)
	s.begin()
	for range 3 { // the first times prepare statements
		s.one(0, false, nil)
	}
	s.sound()
	require.Greater(t, s.calls, 3)
	return s
}

// turns fails every call of a large operation once, the faults taking turns.
func (s *sweep) turns() {
	s.Helper()
	s.begin()
	for at := 1; at <= s.calls; at++ {
		s.one(at, at%2 == 0, errs()[at%len(errs())])
	}
	s.sound()
}

// begin begins with a new book.
func (s *sweep) begin() {
	s.Helper()
	s.books, s.n = s.books+1, 0
	s.book = create(s, s.store, fmt.Sprint("book-", s.books))
	entries := make([]ledger.Entry, before)
	for i := range entries {
		entries[i] = deposit(fmt.Sprint("T", i), "M1")
	}
	_, err := s.book.PostAll(context.Background(), entries)
	require.NoError(s, err)
}

// one asks for the operation with one fault, and then twice without.
func (s *sweep) one(at int, after bool, fault error) {
	s.Helper()
	ctx := context.Background()
	s.n++
	key := fmt.Sprint("K", s.n)
	what := fmt.Sprintf("%s: call %d, after %v, %v", s.op.name, at, after, fault)

	s.faulty.arm(at, after, fault)
	err := s.op.run(ctx, s, key)
	calls, hit := s.faulty.disarm()
	s.hit = hit
	switch {
	case fault == nil:
		require.NoError(s, err, what)
		s.calls = calls
	case s.attempts > 1 && !errors.Is(fault, state("23514")):
		require.NoError(s, err, what)
	case err == nil: // a call whose failure does not matter, or that database/sql has asked again
	case s.hit == "commit" && fault != error(state("23514")) && !conflict(fault):
		require.ErrorIs(s, err, ledger.ErrCommitUnknown, what)
	default:
		require.NotErrorIs(s, err, ledger.ErrCommitUnknown, what)
	}
	s.again(key, what)
}

func conflict(err error) bool {
	return errors.Is(err, state("40001")) || errors.Is(err, state("40P01")) || errors.Is(err, state("55P03")) || errors.Is(err, state("23505"))
}

// again asks for the operation with the key that was just asked: it is there
// once. The book then takes the next post.
func (s *sweep) again(key, what string) {
	s.Helper()
	for range 2 {
		require.NoError(s, s.op.run(context.Background(), s, key), what)
	}
	_, err := s.book.Post(context.Background(), deposit(key+"/next", "M1"))
	require.NoError(s, err, what)
	var head, entries, records, orders int
	require.NoError(s, s.db.QueryRow(fmt.Sprintf(`SELECT entry_no, (SELECT count(*) FROM mizan_entry WHERE book_id = '%[1]s'),
		(SELECT count(*) FROM mizan_record WHERE book_id = '%[1]s'), (SELECT count(*) FROM orders WHERE id = '%[1]s %[2]s')
		FROM mizan_book WHERE book_id = '%[1]s'`, s.book.ID(), key)).Scan(&head, &entries, &records, &orders), what)
	require.Equal(s, before+s.n*(s.op.entries+1), head, what)
	require.Equal(s, head, entries, what)
	require.Equal(s, s.n*s.op.records, records, what)
	require.True(s, orders == 1 || s.op.name != "host", what)
}

// sound fails unless the book keeps every invariant.
func (s *sweep) sound() {
	s.Helper()
	requireInvariants(s.T, s.db, s.book)
}

// TestCreateFaults creates books over a failing driver.
func TestCreateFaults(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, _, f := faultyStore(t, e, 5)
		_, err := ledger.Create(ctx, store, config("first"))
		require.NoError(t, err)
		f.arm(0, false, nil)
		_, err = ledger.Create(ctx, store, config("counted"))
		require.NoError(t, err)
		calls, _ := f.disarm()
		for at := 1; at <= calls; at++ {
			for _, after := range []bool{false, true} {
				for i, fault := range errs() {
					id := fmt.Sprintf("%d-%v-%d", at, after, i)
					f.arm(at, after, fault)
					book, err := ledger.Create(ctx, store, config(id))
					f.disarm()
					if errors.Is(fault, state("23514")) {
						if err != nil {
							_, err = ledger.Create(ctx, store, config(id))
							require.True(t, err == nil || errors.Is(err, ledger.ErrBookExists), "%s: %v", id, err)
						}
						continue
					}
					require.NoError(t, err, "%s: %v", id, fault)
					require.True(t, ledgertest.Sound(ctx, t, book))
					_, err = ledger.Create(ctx, store, config(id))
					require.ErrorIs(t, err, ledger.ErrBookExists)
				}
			}
		}
	})
}

// TestCancelled cancels the context at every call.
func TestCancelled(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		for _, op := range operations() {
			t.Run(op.name, func(t *testing.T) {
				t.Parallel()
				s := newSweep(t, e, op, 5)
				ended := 0
				for at := 1; at <= s.calls; at++ {
					key := s.next()
					ctx, cancel := context.WithCancel(context.Background())
					s.faulty.watch(func(n int) {
						if n == at {
							cancel()
							time.Sleep(2 * time.Millisecond) // word of it goes round; what is quicker than that is carried out
						}
					})
					err := op.run(ctx, s, key)
					s.faulty.disarm()
					cancel()
					if err != nil {
						ended++
						require.ErrorIs(t, err, context.Canceled, "%s at %d", op.name, at)
						require.NotErrorIs(t, err, ledger.ErrCommitUnknown, "%s at %d", op.name, at)
					}
					s.again(key, fmt.Sprintf("%s cancelled at %d", op.name, at))
				}
				s.sound()
				require.Positive(t, ended)
			})
		}
	})
}

// next returns a key for the next time, on a new book when that one is full.
func (s *sweep) next() string {
	s.Helper()
	if s.n >= before {
		s.sound()
		s.begin()
	}
	s.n++
	return fmt.Sprint("K", s.n)
}

// TestTerminated has an administrator end the backend (pg_terminate_backend)
// before every call: the operation is carried out once all the same.
func TestTerminated(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		if e.dialect != sqlledger.PostgreSQL {
			t.Skip("SQLite has no backends")
		}
		admin := openHandle(t, "pgx", postgres(t).address("public"))
		for _, op := range operations() {
			t.Run(op.name, func(t *testing.T) {
				t.Parallel()
				s := newSweep(t, e, op, 5)
				for at := 1; at <= s.calls; at++ {
					key := s.next()
					s.faulty.watch(func(n int) {
						if n == at {
							_, err := admin.Exec("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1", s.faulty.name)
							require.NoError(t, err)
						}
					})
					require.NoError(t, op.run(context.Background(), s, key), "%s at %d", op.name, at)
					s.faulty.disarm()
					s.again(key, fmt.Sprintf("%s terminated at %d", op.name, at))
				}
				s.sound()
			})
		}
	})
}
