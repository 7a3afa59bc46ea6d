package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// cluster is a PostgreSQL server of the tests' own: made by initdb in a folder
// of its own, on a Unix socket, run by the user postgres if the tests run as
// root.
type cluster struct {
	once   sync.Once
	dir    string
	err    error
	count  atomic.Int64
	filled prepared
}

var server cluster

// engine makes databases on the server. Under CI=true a missing server is a
// failure.
func (c *cluster) engine(t *testing.T) engine {
	t.Helper()
	c.once.Do(func() { c.err = c.start() })
	if c.err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL: %v", c.err)
		}
		t.Skipf("there is no PostgreSQL: %v", c.err)
	}
	return engine{"PostgreSQL", func(t testing.TB, coops int) (dsn, file string) {
		t.Helper()
		if coops == noTables {
			return c.address(c.create(t, "template1")), ""
		}
		filled := c.filled.name(t, coops, func() string {
			name := c.create(t, "template1")
			fillDatabase(t, c.address(name), "", coops)
			return name
		})
		return c.address(c.create(t, filled)), ""
	}}
}

// create creates a database like another one and returns its name.
func (c *cluster) create(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("app%d", c.count.Add(1))
	admin, err := sql.Open("pgx", c.address("postgres"))
	require.NoError(t, err)
	defer admin.Close()
	_, err = admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + like)
	require.NoError(t, err)
	return name
}

func (c *cluster) address(database string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=%s sslmode=disable", c.dir, database)
}

func (c *cluster) start() error {
	initdb, err := program("initdb")
	if err != nil {
		return err
	}
	ctl, err := program("pg_ctl")
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "sqlapp-pg"); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", c.dir).CombinedOutput(); err != nil {
			return fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	data := filepath.Join(c.dir, "data")
	if out, err := as(initdb, "-D", data, "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	flags := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=100", c.dir)
	if out, err := as(ctl, "-D", data, "-w", "-l", filepath.Join(c.dir, "log"), "-o", flags, "start").CombinedOutput(); err != nil {
		return fmt.Errorf("pg_ctl start: %w: %s", err, out)
	}
	return nil
}

func (c *cluster) stop() {
	if c.dir == "" {
		return
	}
	if ctl, err := program("pg_ctl"); err == nil {
		_ = as(ctl, "-D", filepath.Join(c.dir, "data"), "-w", "-m", "immediate", "stop").Run()
	}
	_ = os.RemoveAll(c.dir)
}

// as is a command run by the user postgres, which the server insists on.
func as(name string, args ...string) *exec.Cmd {
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
