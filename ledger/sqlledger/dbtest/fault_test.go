package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
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
		f.Connector = sqliteConnector{strings.Replace(sqliteName(t.TempDir()+"/books.db"), "FULL", "OFF", 1)} // only the process fails
	} else {
		config, err := pgx.ParseConfig(postgres(t).schema(t))
		require.NoError(t, err)
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
	run  func(ctx context.Context, s *sqlledger.Store, db *sql.DB, id string) error
	// entries and records are how many there must be afterwards.
	entries, records int
}

func config(id string) ledger.Config {
	return ledger.Config{ID: id, Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()}
}

func onBook(run func(ctx context.Context, book *ledger.Book) error) func(context.Context, *sqlledger.Store, *sql.DB, string) error {
	return func(ctx context.Context, s *sqlledger.Store, _ *sql.DB, id string) error {
		book, err := ledger.Open(ctx, s, config(id))
		if err != nil {
			return err
		}
		return run(ctx, book)
	}
}

func operations() []operation {
	return []operation{
		{"post", onBook(func(ctx context.Context, book *ledger.Book) error {
			_, err := book.Post(ctx, deposit("T1", "M1"))
			return err
		}), 2, 0},
		{"many", onBook(func(ctx context.Context, book *ledger.Book) error {
			_, err := book.PostAll(ctx, []ledger.Entry{deposit("T1", "M1"), deposit("T2", "M2"), deposit("T3", "M1")})
			return err
		}), 4, 0},
		{"all kinds", onBook(func(ctx context.Context, book *ledger.Book) error {
			return book.Update(ctx, allKinds)
		}), 2, 1},
		{"reverse", onBook(func(ctx context.Context, book *ledger.Book) error {
			_, err := book.Reverse(ctx, ledger.Reversal{Key: "T1", Entry: 1, Date: ledger.On(2026, time.November, 24), Reason: "salah"})
			return err
		}), 2, 0},
		{"host", hostOrder, 2, 0},
	}
}

// allKinds writes to every table, under one key.
func allKinds(tx *ledger.Tx) error {
	first, repeated, err := tx.Repeat(ledger.Command{Key: "T1", Kind: "test", Content: ledger.NewContent("test").Digest()})
	if err != nil || repeated {
		_, err = tx.ChangesOf(first)
		return err
	}
	day := ledger.On(2026, time.November, 23)
	if err := tx.AddAccount("", ledger.Account{Code: "70001", Name: "Perlengkapan", NameEn: "Supplies", Kind: ledger.Asset, Normal: ledger.DebitSide}); err != nil {
		return err
	}
	if _, err := tx.Post(deposit("", "M1")); err != nil {
		return err
	}
	if _, err := tx.Hold(ledger.Hold{Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(5), From: day, Reason: "jaminan", By: "manajer"}); err != nil {
		return err
	}
	if _, err := tx.Save(ledger.Record{Kind: "murabahah", ID: "K-1", Version: 1, Event: "order", Data: []byte(`{"a":1}`), State: []byte(`{"b": 2}`), Format: 1}); err != nil {
		return err
	}
	if err := tx.Assert(ledger.Assertion{Account: "10102", Date: day, Balance: ledger.IDR.Of(200), Document: "kas", By: "kasir"}); err != nil {
		return err
	}
	return tx.Close(ledger.PeriodClosing{Through: ledger.On(2026, time.October, 31), Reason: "tutup", By: "manajer"})
}

// hostOrder writes a row of the host's and posts, in the host's transaction.
func hostOrder(ctx context.Context, s *sqlledger.Store, _ *sql.DB, id string) error {
	return s.Retry(ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
		book, err := ledger.Open(ctx, books, config(id))
		if err != nil {
			return err
		}
		posted, err := book.Post(ctx, deposit("T1", "M1"))
		if err != nil || posted.Repeat {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO orders (id) VALUES ('"+id+"')")
		return err
	})
}

// TestFaults fails every call of every operation in every way, before and
// after it was carried out, and then asks again with the same key.
func TestFaults(t *testing.T) {
	byHand(t)
	onEach(t, func(t *testing.T, e engine) {
		for _, attempts := range []int{1, 5} {
			store, db, f := faultyStore(t, e, attempts)
			_, err := db.Exec("CREATE TABLE orders (id varchar(60) NOT NULL)")
			require.NoError(t, err)
			for _, op := range operations() {
				t.Run(fmt.Sprintf("%s, %d attempts", op.name, attempts), func(t *testing.T) {
					s := sweep{t: t, store: store, db: db, faulty: f, op: op, attempts: attempts}
					calls := s.one(0, false, nil)
					require.Greater(t, calls, 3)
					commits := 0
					for at := 1; at <= calls; at++ {
						for _, after := range []bool{false, true} {
							for _, err := range errs() {
								s.one(at, after, err)
								if s.hit == "commit" && after {
									commits++
								}
							}
						}
					}
					require.GreaterOrEqual(t, commits, len(errs()), "COMMIT must be among what fails")
				})
			}
		}
	})
}

type sweep struct {
	t        *testing.T
	store    *sqlledger.Store
	db       *sql.DB
	faulty   *faulty
	op       operation
	attempts int
	n        int
	hit      string
}

// one runs the operation with one fault on a new book, and then without.
func (s *sweep) one(at int, after bool, fault error) (calls int) {
	s.n++
	ctx := context.Background()
	id := fmt.Sprintf("%s-%d", s.op.name, s.n)
	what := fmt.Sprintf("%s: call %d, after %v, %v", s.op.name, at, after, fault)
	book, err := ledger.Create(ctx, s.store, config(id))
	require.NoError(s.t, err, what)
	_, err = book.Post(ctx, deposit("T0", "M1"))
	require.NoError(s.t, err, what)

	s.faulty.arm(at, after, fault)
	err = s.op.run(ctx, s.store, s.db, id)
	calls, s.hit = s.faulty.disarm()
	switch {
	case fault == nil, s.attempts > 1 && !errors.Is(fault, state("23514")):
		require.NoError(s.t, err, what)
	case err == nil: // a call whose failure does not matter, or that database/sql has asked again
	case s.hit == "commit" && fault != error(state("23514")) && !conflict(fault):
		require.ErrorIs(s.t, err, ledger.ErrCommitUnknown, what)
	default:
		require.NotErrorIs(s.t, err, ledger.ErrCommitUnknown, what)
	}
	for range 2 { // asked again with the same key, it is there once
		require.NoError(s.t, s.op.run(ctx, s.store, s.db, id), what)
	}
	s.exactlyOnce(id, what)
	return calls
}

func conflict(err error) bool {
	return errors.Is(err, state("40001")) || errors.Is(err, state("40P01")) || errors.Is(err, state("55P03")) || errors.Is(err, state("23505"))
}

func (s *sweep) exactlyOnce(id, what string) {
	ctx := context.Background()
	book, err := ledger.Open(ctx, s.store, config(id))
	require.NoError(s.t, err, what)
	head, err := book.Head(ctx)
	require.NoError(s.t, err, what)
	require.Equal(s.t, uint64(s.op.entries), head.Entries, what)
	require.True(s.t, ledgertest.Sound(ctx, s.t, book), what)
	for table, want := range map[string]int{"mizan_record": s.op.records, "mizan_entry": s.op.entries} {
		require.Equal(s.t, want, s.count("SELECT count(*) FROM "+table+" WHERE book_id = '"+id+"'"), what)
	}
	if s.op.name == "host" {
		require.Equal(s.t, 1, s.count("SELECT count(*) FROM orders WHERE id = '"+id+"'"), what)
	}
}

func (s *sweep) count(query string) int {
	var n int
	require.NoError(s.t, s.db.QueryRow(query).Scan(&n))
	return n
}

// TestCreateFaults creates books over a failing driver.
func TestCreateFaults(t *testing.T) {
	byHand(t)
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
	byHand(t)
	onEach(t, func(t *testing.T, e engine) {
		store, db, f := faultyStore(t, e, 5)
		_, err := db.Exec("CREATE TABLE orders (id varchar(60) NOT NULL)")
		require.NoError(t, err)
		for _, op := range operations() {
			s := sweep{t: t, store: store, db: db, faulty: f, op: op, attempts: 5}
			calls := s.one(0, false, nil)
			for at := 1; at <= calls; at++ {
				s.n++
				id := fmt.Sprintf("%s-%d", op.name, s.n)
				book := create(t, store, id)
				_, err := book.Post(context.Background(), deposit("T0", "M1"))
				require.NoError(t, err)
				ctx, cancel := context.WithCancel(context.Background())
				f.arm(0, false, nil)
				f.each = func(n int) {
					if n == at {
						cancel()
					}
				}
				err = op.run(ctx, store, db, id)
				f.disarm()
				cancel()
				if err != nil {
					require.ErrorIs(t, err, context.Canceled, "%s at %d", op.name, at)
				}
				require.NoError(t, op.run(context.Background(), store, db, id))
				s.exactlyOnce(id, fmt.Sprintf("%s cancelled at %d", op.name, at))
			}
		}
	})
}
