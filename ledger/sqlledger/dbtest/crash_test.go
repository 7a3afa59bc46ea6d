package dbtest

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// childJob is the variable that makes the test's program a child process that
// writes until it is killed.
const childJob = "MIZAN_DBTEST_CHILD"

// childName is by what a server knows the connections of child processes.
const childName = "mizan-child"

// errand is what a child process does.
type errand struct {
	Driver  string
	Address string
	Dialect sqlledger.Dialect
	From    int // the number of its first order
	// It kills itself at a place of the order of number Last, or waits to be
	// killed if the place is anywhere.
	Place place
	Last  int
}

// place is where in a host's transaction a process is killed.
type place int

const (
	anywhere  place = iota
	between         // after the host's row, before the books
	beforeEnd       // after both, before COMMIT
	afterEnd        // after COMMIT, before anybody is told
	places
)

// childMain orders and posts, each order in one transaction, and says which of
// them were answered.
func childMain(job string) {
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	var e errand
	check(json.Unmarshal([]byte(job), &e))
	db, err := sql.Open(e.Driver, e.Address)
	check(err)
	ctx := context.Background()
	store := sqlledger.Open(db, sqlledger.Options{Dialect: e.Dialect, Busy: busy})
	for i := e.From; ; i++ {
		die := func(here place) {
			if here == e.Place && i == e.Last {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}
		key := fmt.Sprint("K", i)
		check(store.Retry(ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO orders (id) VALUES ('"+key+"')"); err != nil {
				return err
			}
			die(between)
			book, err := ledger.Open(ctx, books, config("kspps-melati"))
			if err != nil {
				return err
			}
			_, err = book.Post(ctx, deposit(key, fmt.Sprint("M", i%7)))
			die(beforeEnd)
			return err
		}))
		die(afterEnd)
		fmt.Println(i)
	}
}

// TestKilled kills a writing process (kill -9), a hundred times on SQLite. What
// it was answered is there; of what it was not, the host's row and the books
// are both there or neither; and the next process goes on.
func TestKilled(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		job, kills := errand{Driver: "sqlite", Address: sqliteName(t.TempDir() + "/books.db"), Dialect: e.dialect}, 100
		if e.dialect == sqlledger.PostgreSQL {
			job.Driver, job.Address, kills = "pgx", postgres(t).schema(t)+" application_name="+childName, 40
		}
		db := openHandle(t, job.Driver, strings.TrimSuffix(job.Address, " application_name="+childName))
		require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
		book := create(t, sqlledger.Open(db, e.options()), "kspps-melati")
		_, err := db.Exec("CREATE TABLE orders (id varchar(60) NOT NULL, PRIMARY KEY (id))")
		require.NoError(t, err)
		for n := range kills {
			answered := runKilled(t, &job, n)
			var orders int
			require.NoError(t, db.QueryRow("SELECT count(*) FROM orders").Scan(&orders))
			head, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, uint64(orders), head.Entries, "kill %d: host's rows and entries", n)
			switch job.Place {
			case anywhere:
				require.GreaterOrEqual(t, orders, answered, "kill %d: what was answered is there", n)
				require.LessOrEqual(t, orders, answered+1, "kill %d", n)
			case between, beforeEnd:
				require.Equal(t, answered, orders, "kill %d: a transaction that did not end has left a trace", n)
			case afterEnd:
				require.Equal(t, answered+1, orders, "kill %d: what was committed is lost", n)
			}
			job.From = orders
			if n%10 == 9 {
				requireInvariants(t, db, book)
			}
		}
		require.Greater(t, job.From, kills)
	})
}

// runKilled starts a writer that is killed after some posts, and returns how
// many orders have been answered in all.
func runKilled(t *testing.T, job *errand, n int) int {
	t.Helper()
	job.Place, job.Last = place(n)%places, job.From+1+n%5
	text, err := json.Marshal(job)
	require.NoError(t, err)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childJob+"="+string(text))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	answered, lines := job.From, bufio.NewScanner(out)
	for lines.Scan() {
		last, err := strconv.Atoi(lines.Text())
		require.NoError(t, err)
		answered = last + 1
		if job.Place == anywhere && answered == job.Last {
			time.Sleep(time.Duration(n%11) * 300 * time.Microsecond) // somewhere within the next one
			require.NoError(t, child.Process.Kill())
		}
	}
	var killed *exec.ExitError
	require.ErrorAs(t, child.Wait(), &killed)
	require.Equal(t, syscall.SIGKILL, killed.Sys().(syscall.WaitStatus).Signal(), "it ended by itself")
	if job.Dialect == sqlledger.PostgreSQL {
		require.NoError(t, postgres(t).gone(childName))
	}
	return answered
}

// gone waits until the server has noticed that the processes of a name are
// gone: until then a COMMIT that was sent may still be carried out.
func (c *cluster) gone(name string) error {
	for {
		left, err := c.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "'")
		if err != nil || left[0] == 0 {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}
