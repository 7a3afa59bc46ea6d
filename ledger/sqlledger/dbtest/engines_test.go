package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// engine is a kind of database that the tests run on.
type engine struct {
	name    string
	dialect sqlledger.Dialect
	// open returns a handle on a new, empty database. Every call of again
	// returns another handle on the same.
	open func(testing.TB) (db *sql.DB, again func() *sql.DB)
	// prepared is open with the tables of the books in it.
	prepared func(testing.TB) (db *sql.DB, again func() *sql.DB)
}

// engines are those that are here: SQLite always, PostgreSQL where a server
// can be started. Under CI=true a missing server is a failure.
func engines(t testing.TB) []engine {
	t.Helper()
	all := []engine{{"SQLite", sqlledger.SQLite, openSQLite, preparedSQLite}}
	if postgres(t) == nil {
		return all
	}
	return append(all, engine{"PostgreSQL", sqlledger.PostgreSQL, openPostgres, preparedPostgres})
}

// onEach runs a test on every engine, at the same time.
func onEach(t *testing.T, run func(*testing.T, engine)) {
	t.Helper()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			run(t, e)
		})
	}
}

// oneByOne runs a test on every engine, with nothing beside it.
func oneByOne(t *testing.T, run func(*testing.T, engine)) {
	t.Helper()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) { run(t, e) })
	}
}

func (e engine) options() sqlledger.Options {
	return sqlledger.Options{Dialect: e.dialect, Busy: busy}
}

// store returns a store on a new database with the tables in it.
func (e engine) store(t testing.TB) (*sqlledger.Store, *sql.DB) {
	t.Helper()
	db, _ := e.prepared(t)
	return sqlledger.Open(db, e.options()), db
}

// durable reports whether a test's databases write through to the disk: only
// where it is measured. A process that is killed loses nothing either way.
func durable(t testing.TB) bool {
	_, measured := t.(*testing.B)
	return measured
}

// busy tells SQLITE_BUSY and SQLITE_LOCKED by the driver's own error.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == 5 || e.Code()&0xff == 6)
}

func openSQLite(t testing.TB) (*sql.DB, func() *sql.DB) {
	t.Helper()
	return sqliteHandles(t, filepath.Join(t.TempDir(), "books.db"))
}

func sqliteHandles(t testing.TB, file string) (*sql.DB, func() *sql.DB) {
	name := fastSQLite(file)
	if durable(t) {
		name = sqliteName(file)
	}
	again := func() *sql.DB { return openHandle(t, "sqlite", name) }
	return again(), again
}

func openHandle(t testing.TB, driver, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, name)
	require.NoError(t, err)
	db.SetMaxIdleConns(20)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// preparedSQLite copies a file in which the tables are.
func preparedSQLite(t testing.TB) (*sql.DB, func() *sql.DB) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "books.db")
	copySQLite(t, file)
	return sqliteHandles(t, file)
}

// impatientSQLite is prepared; its connections wait for each other for a
// moment only.
func impatientSQLite(t testing.TB) *sql.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "books.db")
	copySQLite(t, file)
	return openHandle(t, "sqlite", strings.Replace(fastSQLite(file), "busy_timeout(10000)", "busy_timeout(100)", 1))
}

func copySQLite(t testing.TB, file string) {
	t.Helper()
	content, err := migratedFile()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, content, 0o600))
}

// migratedFile is a SQLite database after Migrate, made once.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "mizan-sqlite")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "books.db")
	db, err := sql.Open("sqlite", fastSQLite(file))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(sqlledger.Migrate(context.Background(), db, sqlledger.SQLite), db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// sqliteName is a file's name for the driver, with full durability. It is a
// URL: the names of folders may have any sign in them.
func sqliteName(file string) string {
	return sqliteURL(file, "_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
}

// fastSQLite leaves it to the operating system when the disk is written.
func fastSQLite(file string) string {
	return sqliteURL(file, "_pragma=synchronous(OFF)&_pragma=foreign_keys(1)")
}

func sqliteURL(file, pragmas string) string {
	name := url.URL{Scheme: "file", Path: file, RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&" + pragmas}
	return name.String()
}
