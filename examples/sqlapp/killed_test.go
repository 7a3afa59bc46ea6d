package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// child is the application in a process of its own.
type child struct {
	command *exec.Cmd
	url     string
	once    sync.Once
}

func startChild(t *testing.T, dsn, file string) *child {
	t.Helper()
	c := &child{command: exec.Command(os.Args[0])}
	c.command.Env = append(os.Environ(), childArgs+"="+strings.Join([]string{"-addr", "127.0.0.1:0", "-demo=false", "-db", file, "-dsn", dsn}, "\n"))
	c.command.Stderr = os.Stderr
	out, err := c.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.command.Start())
	t.Cleanup(c.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	c.url = strings.TrimSuffix(strings.TrimSpace(line), "/")
	require.True(t, strings.HasPrefix(c.url, "http://"), line)
	return c
}

// kill is kill -9.
func (c *child) kill() {
	c.once.Do(func() {
		_ = c.command.Process.Kill()
		_ = c.command.Wait()
	})
}

// errand is a request that must be carried out once, whatever happens.
type errand struct {
	path, key string
	fields    []string
	answered  string // where the first answer led, empty before there was one
}

// TestKilled kills the application again and again while requests are flying,
// starts it on the same database, and repeats what was not answered with its
// keys. In the end each request was carried out exactly once.
func TestKilled(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		const kills, many = 3, 30
		dsn, file := e.open(t, 2)
		h := watch(t, dsn, file)
		h.exec("UPDATE app_coop SET status = 'active'")
		before := [...]ledger.Money{h.balance("K001", "M0001", voluntary), h.balance("K002", "M0001", voluntary)}
		var all []*errand
		answered := 0
		for round := range kills {
			var waiting []*errand
			for n := range many {
				one := errandOf(h, round, n)
				all, waiting = append(all, one), append(waiting, one)
			}
			server := startChild(t, dsn, file)
			answered += run8(t, server, waiting, 3+8*round)
			server = startChild(t, dsn, file)
			run8(t, server, waiting, 0)
			for _, one := range waiting {
				require.NotEmpty(t, one.answered, one.key)
			}
			again := *waiting[round]
			again.answered = ""
			run8(t, server, []*errand{&again}, 0)
			require.Equal(t, waiting[round].answered, again.answered, "a repeat gets the first answer")
			server.kill()
		}
		require.Less(t, answered, kills*many, "no kill came in time")
		t.Logf("%d of %d requests were answered before their process was killed", answered, len(all))
		require.Equal(t, fmt.Sprint(len(all)), h.text("SELECT count(*) FROM app_request"))
		for i, was := range before { // a third are deposits of a thousand rupiah
			deposits := int64(0)
			for _, one := range all {
				if strings.HasPrefix(one.path, coopPath(coopID(i+1))) && strings.HasSuffix(one.path, "/setoran") {
					deposits++
				}
			}
			require.Positive(t, deposits)
			require.Equal(t, was.Add(idr(1_000*deposits)), h.balance(coopID(i+1), "M0001", voluntary))
		}
		h.sound()
	})
}

// watch looks at a database that another process serves.
func watch(t *testing.T, dsn, file string) *hosted {
	t.Helper()
	db, err := openDatabase(t.Context(), dsn, file)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return &hosted{t, must(newApp(db, still, nil)), ""}
}

func errandOf(h *hosted, round, n int) *errand {
	one := &errand{key: key(fmt.Sprintf("r%dn%d", round, n))}
	coop := coopID(n%2 + 1)
	switch n % 3 {
	case 0:
		one.path, one.fields = memberPath(coop, "M0001")+"/setoran", []string{"produk", voluntary, "jumlah", "1.000"}
	case 1:
		one.path, one.fields = coopPath(coop, "daftar"), []string{"nama", fmt.Sprintf("Anggota %d %d", round, n), "nik", nik(1_000*round + n)}
	case 2:
		one.path, one.fields = coopPath(coop, "barang", "B01", "pesan"), h.ordering(coop, "B01", "M0002", 6)
	}
	return one
}

// run8 sends the errands that have no answer yet, eight at a time, and kills
// the process in the midst of the others when so many are answered; never, if
// that is 0. It returns how many were answered.
func run8(t *testing.T, c *child, errands []*errand, enough int) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	work := make(chan *errand)
	var answered atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for one := range work {
				r, err := send(ctx, http.MethodPost, c.url+one.path, formOf(one.key, one.fields...))
				if err != nil || r.status != http.StatusOK {
					continue // killed before it could answer
				}
				one.answered = r.path
				if answered.Add(1) == int64(enough) {
					c.kill()
				}
			}
		})
	}
	for _, one := range errands {
		if one.answered == "" {
			work <- one
		}
	}
	close(work)
	group.Wait()
	return int(answered.Load())
}
