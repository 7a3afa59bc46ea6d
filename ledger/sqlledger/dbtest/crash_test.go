package dbtest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// childFile names the database of a child process that writes until it is killed.
const childFile = "MIZAN_DBTEST_CHILD"

// childMain posts, each with a row of its own in the same transaction, and
// says which of them were answered.
func childMain(file string) {
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	name, first, _ := strings.Cut(file, "#")
	from, err := strconv.Atoi(first)
	check(err)
	db, err := sql.Open("sqlite", sqliteName(name))
	check(err)
	store := sqlledger.Open(db, sqlledger.Options{Dialect: sqlledger.SQLite, Busy: busy})
	for i := from; ; i++ {
		key := fmt.Sprint("K", i)
		check(store.Retry(context.Background(), func(tx *sql.Tx, books *sqlledger.Bound) error {
			if _, err := tx.Exec("INSERT INTO orders (id) VALUES ('" + key + "')"); err != nil {
				return err
			}
			book, err := ledger.Open(context.Background(), books, config("kspps-melati"))
			if err != nil {
				return err
			}
			_, err = book.Post(context.Background(), deposit(key, fmt.Sprint("M", i%7)))
			return err
		}))
		fmt.Println(i)
	}
}

// TestKilled kills a writing process a hundred times. What it was answered is
// there; of what it was not, host's row and books are both there or neither;
// and the next process goes on.
func TestKilled(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	ctx := context.Background()
	file := t.TempDir() + "/books.db"
	db := openSQLiteFile(t, file)
	require.NoError(t, sqlledger.Migrate(ctx, db, sqlledger.SQLite))
	store := sqlledger.Open(db, sqlledger.Options{Dialect: sqlledger.SQLite, Busy: busy})
	book := create(t, store, "kspps-melati")
	_, err := db.Exec("CREATE TABLE orders (id varchar(60) NOT NULL, PRIMARY KEY (id))")
	require.NoError(t, err)
	done := 0
	for n := range kills {
		answered := runKilled(t, file, done, n)
		head, err := book.Head(ctx)
		require.NoError(t, err)
		var orders int
		require.NoError(t, db.QueryRow("SELECT count(*) FROM orders").Scan(&orders))
		require.Equal(t, uint64(orders), head.Entries, "kill %d: host's rows and entries", n)
		require.GreaterOrEqual(t, orders, answered, "kill %d: what was answered is there", n)
		require.LessOrEqual(t, orders, answered+1, "kill %d", n)
		done = orders
		if n%10 == 9 {
			require.True(t, ledgertest.Sound(ctx, t, book), "kill %d", n)
		}
	}
	require.Greater(t, done, kills)
	require.True(t, ledgertest.Sound(ctx, t, book))
}

// runKilled starts a writer and kills it after some posts and a moment, and
// returns how many posts have been answered in all.
func runKilled(t *testing.T, file string, from, n int) int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFile+"="+file+"#"+strconv.Itoa(from))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	answered, lines := from, bufio.NewScanner(out)
	for lines.Scan() {
		last, err := strconv.Atoi(lines.Text())
		require.NoError(t, err)
		answered = last + 1
		if answered == from+1+n%5 {
			time.Sleep(time.Duration(n%11) * 300 * time.Microsecond) // somewhere within the next one
			require.NoError(t, child.Process.Kill())
		}
	}
	_ = child.Wait()
	return answered
}
