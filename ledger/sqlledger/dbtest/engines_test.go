package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
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
}

// engines are those that are here: SQLite always, PostgreSQL where a server
// can be started. Under CI=true a missing server is a failure.
func engines(t testing.TB) []engine {
	t.Helper()
	all := []engine{{"SQLite", sqlledger.SQLite, openSQLite}}
	if err := server.start(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL: %v", err)
		}
		t.Logf("without PostgreSQL: %v", err)
		return all
	}
	return append(all, engine{"PostgreSQL", sqlledger.PostgreSQL, openPostgres})
}

// onEach runs a test on every engine.
func onEach(t *testing.T, run func(*testing.T, engine)) {
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
	db, _ := e.open(t)
	require.NoError(t, sqlledger.Migrate(context.Background(), db, e.dialect))
	return sqlledger.Open(db, e.options()), db
}

// busy tells SQLITE_BUSY and SQLITE_LOCKED by the driver's own error.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == 5 || e.Code()&0xff == 6)
}

func openSQLite(t testing.TB) (*sql.DB, func() *sql.DB) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "books.db")
	again := func() *sql.DB { return openSQLiteFile(t, file) }
	return again(), again
}

// openSQLiteFile opens a file with full durability.
func openSQLiteFile(t testing.TB, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", sqliteName(file))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func sqliteName(file string) string {
	return (&url.URL{Scheme: "file", Path: file}).String() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
}

// cluster is a PostgreSQL server of the tests' own: made by initdb in a
// folder of its own, on a Unix socket, run by the user postgres if the tests
// run as root.
type cluster struct {
	dir     string
	err     error
	started bool
	count   atomic.Int64
}

var server cluster

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		childMain(file)
		return
	}
	code := m.Run()
	server.stop()
	os.Exit(code)
}

func (c *cluster) start() error {
	if c.started {
		return c.err
	}
	c.started = true
	c.err = c.create()
	return c.err
}

func (c *cluster) create() error {
	initdb, err := program("initdb")
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "mizan-pg"); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", c.dir).CombinedOutput(); err != nil {
			return fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	if out, err := c.as(initdb, "-D", c.data(), "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return c.run()
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// run starts the server, for the first time or again.
func (c *cluster) run() error {
	ctl, err := program("pg_ctl")
	if err != nil {
		return err
	}
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=200", c.dir)
	out, err := c.as(ctl, "-D", c.data(), "-w", "-l", filepath.Join(c.dir, "log"), "-o", options, "start").CombinedOutput()
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
		return fmt.Errorf("pg_ctl start: %w: %s %s", err, out, log)
	}
	return nil
}

// halt stops the server in a mode of pg_ctl: immediate is a crash.
func (c *cluster) halt(mode string) error {
	ctl, err := program("pg_ctl")
	if err != nil {
		return err
	}
	out, err := c.as(ctl, "-D", c.data(), "-w", "-m", mode, "stop").CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_ctl stop: %w: %s", err, out)
	}
	return nil
}

func (c *cluster) stop() {
	if c.dir == "" {
		return
	}
	_ = c.halt("immediate")
	_ = os.RemoveAll(c.dir)
}

// as is a command run by the user postgres, which the server insists on.
func (c *cluster) as(name string, args ...string) *exec.Cmd {
	if os.Getuid() == 0 {
		args = append([]string{"-u", "postgres", "--", name}, args...)
		name = "runuser"
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = os.TempDir()
	return cmd
}

// program finds a program of the server's, in the path or where Debian has it.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("there is no %s", name)
	}
	return found[len(found)-1], nil
}

func (c *cluster) address(database string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=%s sslmode=disable", c.dir, database)
}

// database creates a new database and returns its address.
func (c *cluster) database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("books%d", c.count.Add(1))
	admin, err := sql.Open("pgx", c.address("postgres"))
	require.NoError(t, err)
	defer admin.Close()
	_, err = admin.Exec("CREATE DATABASE " + name)
	require.NoError(t, err)
	return c.address(name)
}

func openPostgres(t testing.TB) (*sql.DB, func() *sql.DB) {
	t.Helper()
	address := server.database(t)
	again := func() *sql.DB {
		db, err := sql.Open("pgx", address)
		require.NoError(t, err)
		db.SetMaxIdleConns(20)
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	return again(), again
}

// byHand passes over what takes minutes where the short run is asked for, as
// .ci/run does; it is run by hand with `go test ./...` in this folder.
func byHand(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes minutes: run it by hand, without -short")
	}
}
