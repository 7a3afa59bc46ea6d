//go:build go1.25

package ledgertest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// watched is a store that counts its updates, can fail them, and like a
// database refuses to commit for a context that is over.
type watched struct {
	ledger.Store
	updates int
	fail    func(n int) error // of the n-th update, after its closure ran
}

func (s *watched) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	s.updates++
	n := s.updates
	return s.Store.Update(ctx, book, func(w ledger.Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		if s.fail != nil {
			if err := s.fail(n); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}

// call is one caller of Update in a flush that is arranged by [gathered].
type call struct {
	ctx context.Context
	fn  func(*ledger.Tx) error

	// What came of it.
	returned bool  // Update returned, rather than panicked or ended its goroutine
	err      error // what it returned
	thrown   any   // what it panicked with
	caller   string
	ran      []string // the goroutines that its closure ran in
}

func goroutine() string {
	buf := make([]byte, 64)
	id, _, _ := strings.Cut(strings.TrimPrefix(string(buf[:runtime.Stack(buf, false)]), "goroutine "), " ")
	return id
}

func (c *call) run(book *ledger.Book) {
	defer func() { c.thrown = recover() }()
	c.caller = goroutine()
	ctx := c.ctx
	if ctx == nil {
		ctx = context.Background()
	}
	c.err = book.Update(ctx, func(tx *ledger.Tx) error {
		c.ran = append(c.ran, goroutine())
		return c.fn(tx)
	})
	c.returned = true
}

// gathered lets all calls meet in one flush, in their order: the first leads
// and waits inside its closure until the others have queued up one by one.
// meanwhile runs when they all wait.
func gathered(book *ledger.Book, calls []*call, meanwhile func()) {
	gate := make(chan struct{})
	lead := calls[0].fn
	calls[0].fn = func(tx *ledger.Tx) error {
		<-gate
		return lead(tx)
	}
	for _, c := range calls {
		go c.run(book)
		synctest.Wait()
	}
	if meanwhile != nil {
		meanwhile()
		synctest.Wait()
	}
	close(gate)
	synctest.Wait()
	calls[0].fn = lead
}

// posts returns calls that post one deposit each.
func posts(n int) []*call {
	calls := make([]*call, n)
	for i := range calls {
		calls[i] = &call{fn: func(tx *ledger.Tx) error {
			_, err := tx.Post(setoran(fmt.Sprintf("T%d", i), int64(i+1)))
			return err
		}}
	}
	return calls
}

func setoran(key string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: ledger.On(2026, 11, 10), Lines: []ledger.Line{
		ledger.Debit("10102", ledger.IDR.Of(rupiah)), ledger.Credit("30101", ledger.IDR.Of(rupiah)).For("M1"),
	}}
}

func watchedBook(t *testing.T) (*ledger.Book, *watched) {
	t.Helper()
	store := &watched{Store: ledger.NewMemory()}
	book, err := ledger.Create(t.Context(), store, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()})
	require.NoError(t, err)
	store.updates = 0
	return book, store
}

// keys returns the keys of all entries, in their order.
func keys(t *testing.T, book *ledger.Book) string {
	t.Helper()
	var all []string
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		for e, err := range tx.Entries(1) {
			require.NoError(t, err)
			all = append(all, e.Key)
		}
		return nil
	}))
	require.True(t, ledgertest.Sound(context.Background(), t, book))
	return strings.Join(all, " ")
}

func TestFlushIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, store := watchedBook(t)
		calls := posts(6)
		gathered(book, calls, nil)
		require.Equal(t, 1, store.updates)
		require.Equal(t, "T0 T1 T2 T3 T4 T5", keys(t, book)) // first come, first served
		for _, c := range calls {
			require.NoError(t, c.err)
			require.Equal(t, []string{c.caller}, c.ran) // in its caller's goroutine
		}
	})
}

// TestClosureSeesPredecessors in the same flush, and not those that failed.
func TestClosureSeesPredecessors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, _ := watchedBook(t)
		calls := posts(4)
		post := calls[1].fn
		calls[1].fn = func(tx *ledger.Tx) error {
			if err := post(tx); err != nil {
				return err
			}
			return errors.New("given up")
		}
		var seen []ledger.Money
		for _, c := range calls {
			fn := c.fn
			c.fn = func(tx *ledger.Tx) error {
				balance, err := tx.Balance("10102", "", ledger.Latest())
				require.NoError(t, err)
				seen = append(seen, balance)
				return fn(tx)
			}
		}
		gathered(book, calls, nil)
		require.Equal(t, []ledger.Money{ledger.IDR.Of(0), ledger.IDR.Of(1), ledger.IDR.Of(1), ledger.IDR.Of(4)}, seen)
		require.Equal(t, "T0 T2 T3", keys(t, book))
	})
}

// TestFailureTouchesNobodyElse ends one closure of a flush in every way, as
// its leader and as one of its followers.
func TestFailureTouchesNobodyElse(t *testing.T) {
	ways := map[string]func() error{
		"error":   func() error { return errors.New("given up") },
		"panic":   func() error { panic("thrown") },
		"Goexit":  func() error { runtime.Goexit(); return nil },
		"refusal": nil,
	}
	for name, fail := range ways {
		for at := range 4 {
			t.Run(fmt.Sprintf("%s of call %d", name, at), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					book, _ := watchedBook(t)
					calls := posts(4)
					post := calls[at].fn
					calls[at].fn = func(tx *ledger.Tx) error {
						if err := post(tx); err != nil {
							return err
						}
						if fail == nil {
							_, err := tx.Post(setoran("two\nlines", 1))
							return err
						}
						return fail()
					}
					gathered(book, calls, nil)
					var want []string
					for i, c := range calls {
						if i == at {
							continue
						}
						want = append(want, fmt.Sprintf("T%d", i))
						require.True(t, c.returned)
						require.NoError(t, c.err)
					}
					failed := calls[at]
					switch name {
					case "error", "refusal":
						require.Error(t, failed.err)
					case "panic":
						require.Equal(t, "thrown", failed.thrown)
						require.False(t, failed.returned)
					case "Goexit":
						require.Nil(t, failed.thrown)
						require.False(t, failed.returned)
					}
					require.Equal(t, strings.Join(want, " "), keys(t, book))
					// The book goes on.
					_, err := book.Post(t.Context(), setoran("after", 1))
					require.NoError(t, err)
				})
			})
		}
	}
}

// TestAllFail leaves a book that can be written.
func TestAllFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, _ := watchedBook(t)
		calls := posts(3)
		for i, c := range calls {
			c.fn = func(*ledger.Tx) error {
				switch i {
				case 0:
					runtime.Goexit()
				case 1:
					panic("thrown")
				}
				return errors.New("given up")
			}
		}
		gathered(book, calls, nil)
		_, err := book.Post(t.Context(), setoran("after", 1))
		require.NoError(t, err)
		require.Equal(t, "after", keys(t, book))
	})
}

func TestWaitingCallerIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, _ := watchedBook(t)
		calls := posts(4)
		ctx, cancel := context.WithCancel(t.Context())
		calls[2].ctx = ctx
		gathered(book, calls, func() {
			cancel()
			synctest.Wait()
			require.ErrorIs(t, calls[2].err, context.Canceled) // at once, while the others wait
			require.True(t, calls[2].returned)
		})
		require.Empty(t, calls[2].ran)
		require.Equal(t, "T0 T1 T3", keys(t, book))
	})
}

// TestCancelledLeader takes nobody with it: its followers' work is written
// although the flush began under its context.
func TestCancelledLeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, _ := watchedBook(t)
		calls := posts(4)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		calls[0].ctx = ctx
		gathered(book, calls, cancel)
		require.ErrorIs(t, calls[0].err, context.Canceled)
		for _, c := range calls[1:] {
			require.NoError(t, c.err)
		}
		require.Equal(t, "T1 T2 T3", keys(t, book))
	})
}

// TestLeadersDeadline passes while the store works: the error says that it was
// a deadline, not that somebody cancelled.
func TestLeadersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, err := ledger.Create(context.Background(), stuck{ledger.NewMemory()}, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = slow.Post(ctx, setoran("late", 1))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// stuck is a store that writes to no existing book before its context is over.
type stuck struct{ ledger.Store }

func (s stuck) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	if ctx.Done() == nil {
		return s.Store.Update(ctx, book, fn)
	}
	<-ctx.Done()
	return ctx.Err()
}

// TestLeaderIsCancelledLate, when others' work hangs on the flush already: its
// own is written too, as nobody can tell them apart any more.
func TestLeaderIsCancelledLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, _ := watchedBook(t)
		calls := posts(3)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		calls[0].ctx = ctx
		post := calls[1].fn
		calls[1].fn = func(tx *ledger.Tx) error {
			cancel()
			return post(tx)
		}
		gathered(book, calls, nil)
		for _, c := range calls {
			require.NoError(t, c.err)
		}
		require.Equal(t, "T0 T1 T2", keys(t, book))
	})
}

// TestFailedFlush tells all of it whose work was in it, and nobody else.
func TestFailedFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, store := watchedBook(t)
		lost := errors.New("connection lost")
		store.fail = func(n int) error {
			if n == 1 {
				return lost
			}
			return nil
		}
		calls := posts(4)
		own := errors.New("given up")
		calls[2].fn = func(*ledger.Tx) error { return own }
		gathered(book, calls, nil)
		for i, c := range calls {
			if i == 2 {
				require.ErrorIs(t, c.err, own)
				continue
			}
			require.ErrorIs(t, c.err, lost)
		}
		require.Empty(t, keys(t, book))
		gathered(book, posts(4), nil) // with the same keys
		require.Equal(t, "T0 T1 T2 T3", keys(t, book))
	})
}

// TestStorePanics in the leader's goroutine: the followers' turn comes again.
func TestStorePanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, store := watchedBook(t)
		store.fail = func(n int) error {
			if n == 1 {
				panic("driver")
			}
			return nil
		}
		calls := posts(4)
		gathered(book, calls, nil)
		require.Equal(t, "driver", calls[0].thrown)
		for _, c := range calls[1:] {
			require.NoError(t, c.err)
			require.Len(t, c.ran, 2)
		}
		require.Equal(t, "T1 T2 T3", keys(t, book))
	})
}

// TestClosuresRunAgain when the store does: with the same results, and those
// that failed on top of others' work are asked again with it.
func TestClosuresRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, store := watchedBook(t)
		store.Store = ledgertest.Twice(store.Store)
		calls := posts(4)
		calls[2].fn = func(*ledger.Tx) error { return errors.New("given up") }
		gathered(book, calls, nil)
		require.Len(t, calls[0].ran, 2)
		require.Len(t, calls[1].ran, 2)
		require.Len(t, calls[2].ran, 2)
		require.EqualError(t, calls[2].err, "given up")
		require.Equal(t, "T0 T1 T3", keys(t, book))
	})
}

// TestManyCallers are served in the order they came, over several flushes.
func TestManyCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book, store := watchedBook(t)
		calls := posts(600)
		gathered(book, calls, nil)
		var want []string
		for i, c := range calls {
			require.NoError(t, c.err)
			want = append(want, fmt.Sprintf("T%d", i))
		}
		require.Equal(t, strings.Join(want, " "), keys(t, book))
		require.Equal(t, 3, store.updates, "600 callers: each flush takes its leader and 256 others")
	})
}
