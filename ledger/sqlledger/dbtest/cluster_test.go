package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// cluster is a PostgreSQL server of the tests' own: made by initdb in a
// folder of its own, on a Unix socket, run by the user postgres if the tests
// run as root.
type cluster struct {
	durable bool
	create  sync.Once
	err     error
	dir     string
	leash   io.Closer // of the process that ends the server if the tests do not
	count   atomic.Int64
}

// The servers of a run: one that never waits for the disk, and one with full
// durability for what is measured and for the server that crashes.
var (
	fastServer    cluster
	durableServer = cluster{durable: true}
)

func TestMain(m *testing.M) {
	if job := os.Getenv(childJob); job != "" {
		childMain(job)
		return
	}
	code := m.Run()
	fastServer.stop()
	durableServer.stop()
	os.Exit(code)
}

// postgres returns the server for a test, nil where none can be started.
func postgres(t testing.TB) *cluster {
	t.Helper()
	c := &fastServer
	if durable(t) {
		c = &durableServer
	}
	return c.started(t)
}

// started starts the server, once.
func (c *cluster) started(t testing.TB) *cluster {
	t.Helper()
	c.create.Do(func() { c.err = c.init() })
	if c.err == nil {
		return c
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("PostgreSQL: %v", c.err)
	}
	t.Logf("without PostgreSQL: %v", c.err)
	return nil
}

func (c *cluster) init() error {
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
	if out, err := c.as(initdb, "-D", c.data(), "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := c.watch(); err != nil {
		return err
	}
	return c.run()
}

// watch starts a process that outlives the tests, however they end: when they
// let go of its input it ends the server and removes the folder.
func (c *cluster) watch() error {
	ctl, err := program("pg_ctl")
	if err != nil {
		return err
	}
	watcher := c.as("sh", "-c", `cat; "$1" -D "$2/data" -w -m immediate stop; rm -rf "$2"`, "sh", ctl, c.dir)
	watcher.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt from the keyboard is not for it
	if c.leash, err = watcher.StdinPipe(); err != nil {
		return err
	}
	return watcher.Start()
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// run starts the server, for the first time or again.
func (c *cluster) run() error {
	ctl, err := program("pg_ctl")
	if err != nil {
		return err
	}
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=200", c.dir)
	if !c.durable {
		options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
	}
	out, err := c.as(ctl, "-D", c.data(), "-w", "-t", "300", "-l", filepath.Join(c.dir, "log"), "-o", options, "start").CombinedOutput()
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
	out, err := c.as(ctl, "-D", c.data(), "-w", "-t", "300", "-m", mode, "stop").CombinedOutput()
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
	if c.leash != nil {
		_ = c.leash.Close()
	}
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

// pid is the number of the server's first process.
func (c *cluster) pid() (int, error) {
	file, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(file), "\n")
	return strconv.Atoi(first)
}

// ask asks the server for numbers, in the administrator's name.
func (c *cluster) ask(query string) (numbers []int, err error) {
	admin, err := pgx.Connect(context.Background(), c.address("public"))
	if err != nil {
		return nil, err
	}
	defer admin.Close(context.Background())
	rows, err := admin.Query(context.Background(), query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// address is that of a schema in the server's one database.
func (c *cluster) address(schema string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=postgres sslmode=disable search_path=%s", c.dir, schema)
}

// schema creates a new schema, which is as good as a database and quicker to
// make, and returns its address.
func (c *cluster) schema(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("books%d", c.count.Add(1))
	admin, err := sql.Open("pgx", c.address("public"))
	require.NoError(t, err)
	defer admin.Close()
	_, err = admin.Exec("CREATE SCHEMA " + name)
	require.NoError(t, err)
	return c.address(name)
}

func openPostgres(t testing.TB) (*sql.DB, func() *sql.DB) {
	t.Helper()
	return handles(t, postgres(t).schema(t))
}

func handles(t testing.TB, address string) (*sql.DB, func() *sql.DB) {
	again := func() *sql.DB { return openHandle(t, "pgx", address) }
	return again(), again
}

func preparedPostgres(t testing.TB) (*sql.DB, func() *sql.DB) {
	t.Helper()
	db, again := openPostgres(t)
	require.NoError(t, sqlledger.Migrate(context.Background(), db, sqlledger.PostgreSQL))
	return db, again
}
