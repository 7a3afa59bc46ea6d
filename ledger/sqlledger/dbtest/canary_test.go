package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// canary is a defect of a database or of the statements sent to it.
type canary struct {
	guarantee string // of the conformance suite, which must notice it
	plant     func(*faulty)
}

// canaries are defects that the conformance suite must notice, so that its
// silence means something.
func canaries() map[string]canary {
	reads := func(old, other string) func(*faulty) {
		return func(f *faulty) {
			f.rewrite = func(query string) string {
				if !strings.HasPrefix(query, "SELECT") && !strings.HasPrefix(query, "UPDATE mizan_book SET change_no = change_no") {
					return query
				}
				return strings.ReplaceAll(query, old, other)
			}
		}
	}
	return map[string]canary{
		"a commit is lost":        {"G2 ", func(f *faulty) { f.lost = func(n int) bool { return n%5 == 4 } }},
		"a rollback is committed": {"G49 ", func(f *faulty) { f.kept = true }},
		"the memo in capitals":    {"G1 ", reads("COALESCE(e.memo, '')", "upper(COALESCE(e.memo, ''))")},
		"keys of any case":        {"G4 ", reads("c.idem_key = $2", "lower(c.idem_key) = lower($2)")},
		"subs by letters":         {"G51 ", reads("ORDER BY s.sub", "ORDER BY lower(s.sub), s.sub")},
		"amounts without sen":     {"G1 ", reads("seq, line_no, code, sub, amount,", "seq, line_no, code, sub, amount / 100 * 100,")},
		"the closing forgotten":   {"G10 ", reads("closed_through, soft_closed_through", "NULL, NULL")},
		"other books' accounts":   {"G42 ", reads("FROM mizan_account WHERE book_id = $1", "FROM mizan_account WHERE book_id >= $1")},
		"no reversals":            {"G6 ", reads("x.reverses = $2", "x.reverses = 0")},
	}
}

// TestCanaries plants one defect after the other under the store and lets the
// suite find it.
func TestCanaries(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		for name, c := range canaries() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				store, _, f := faultyStore(t, e, 3)
				c.plant(f)
				for _, g := range ledgertest.Guarantees() {
					if strings.HasPrefix(g.Name, c.guarantee) {
						found := ledgertest.Messages(func(inner ledgertest.T) { g.Check(inner, store) })
						require.NotEmpty(t, found, "%s does not notice it", g.Name)
						require.Positive(t, f.planted(), "the defect has met no statement: what it looks for has changed")
						return
					}
				}
				t.Errorf("there is no guarantee %s", c.guarantee)
			})
		}
	})
}

// TestWithoutLock takes the lock away: the statement that takes it becomes a
// plain look at the head. Then the keys alone decide: writers clash and run
// again, and nothing is lost, doubled or half there.
func TestWithoutLock(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		if e.dialect != sqlledger.PostgreSQL {
			t.Skip("the only writer of a SQLite file is not chosen by a row")
		}
		ctx := context.Background()
		store, db, f := faultyStore(t, e, 10_000)
		f.rewrite = onlyLooks
		first := create(t, store, "kspps-melati")
		const writers, each = 8, 25
		var all sync.WaitGroup
		failed := make([]error, writers)
		for w := range writers {
			all.Add(1)
			go func() {
				defer all.Done()
				book, err := ledger.Open(ctx, store, config("kspps-melati")) // of its own: no flush is shared
				rng := rand.New(rand.NewPCG(3, uint64(w)))
				for i := 0; i < each && err == nil; i++ {
					if _, err = book.Post(ctx, deposit(fmt.Sprintf("%d/%d", w, i), fmt.Sprint("M", rng.IntN(3)))); err == nil {
						_, err = book.Post(ctx, deposit(fmt.Sprint("shared/", i), "M9"))
					}
				}
				failed[w] = err
			}()
		}
		all.Wait()
		for _, err := range failed {
			require.NoError(t, err)
		}
		require.Positive(t, f.planted())
		requireInvariants(t, db, first)
		head, err := first.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, uint64(writers*each+each), head.Entries)
	})
}
