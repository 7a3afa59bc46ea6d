package dbtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestServerKilled ends a PostgreSQL server with full durability in every hard
// way under eight writers. The store's own retries ride it out: every post is
// answered, nothing is lost, nothing is there twice.
func TestServerKilled(t *testing.T) {
	server := durableServer.started(t)
	if server == nil {
		t.Skip("SQLite has no server; TestKilled kills its process")
	}
	ctx := context.Background()
	db, _ := handles(t, server.schema(t))
	require.NoError(t, sqlledger.Migrate(ctx, db, sqlledger.PostgreSQL))
	// As many tries as a server needs to come back, be the machine ever so busy.
	store := sqlledger.Open(db, sqlledger.Options{Dialect: sqlledger.PostgreSQL, Attempts: 10_000})
	books := createMany(t, store, 3)
	const writers, each = 8, 60
	var all sync.WaitGroup
	var answered atomic.Int64
	failed := make([]error, writers)
	for w := range writers {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range each {
				book := books[(w+i)%len(books)]
				for _, key := range []string{fmt.Sprintf("w%d/%d", w, i), fmt.Sprintf("shared/%d", i)} {
					if _, err := book.Post(ctx, deposit(key, fmt.Sprint("M", i%5))); err != nil {
						failed[w] = fmt.Errorf("%s: %w", key, err)
						return
					}
					answered.Add(1)
				}
			}
		}()
	}
	over := make(chan struct{})
	go func() { all.Wait(); close(over) }()
	blows := []func() error{server.terminate, server.crash, server.restart, server.murder}
	for i, blow := range blows {
		for due := int64(2 * writers * each * (i + 1) / (len(blows) + 1)); answered.Load() < due; {
			select {
			case <-over: // a writer has failed
			case <-time.After(time.Millisecond):
				continue
			}
			break
		}
		require.NoError(t, blow(), "blow %d", i)
	}
	<-over
	require.NoError(t, errors.Join(failed...))
	entries := uint64(0)
	for _, book := range books {
		requireInvariants(t, db, book)
		head, err := book.Head(ctx)
		require.NoError(t, err)
		entries += head.Entries
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			for w := range writers {
				for i := range each {
					_, found, err := tx.EntryByKey(fmt.Sprintf("w%d/%d", w, i))
					require.NoError(t, err)
					require.Equal(t, books[(w+i)%len(books)] == book, found)
				}
			}
			return nil
		}))
	}
	require.Equal(t, uint64(writers*each+each*len(books)), entries) // every shared key once a book
}

// terminate has all busy backends ended by the administrator.
func (c *cluster) terminate() error {
	_, err := c.ask("SELECT count(pg_terminate_backend(pid))::integer FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()")
	return err
}

// crash kills one backend: the server throws all others out and recovers.
func (c *cluster) crash() error {
	pids, err := c.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1")
	if err != nil {
		return err
	}
	return syscall.Kill(pids[0], syscall.SIGKILL)
}

// restart stops the server without letting it finish anything.
func (c *cluster) restart() error {
	if err := c.halt("immediate"); err != nil {
		return err
	}
	return c.run()
}

// murder kills the server's first process, and starts another as soon as the
// orphans have gone.
func (c *cluster) murder() error {
	pid, err := c.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	for range 600 {
		if err = c.run(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
