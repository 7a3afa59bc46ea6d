package ledgertest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

var errLost = errors.New("connection lost")

// flaky is a store that runs closures once or twice and then keeps what they
// wrote, or loses it, or panics.
type flaky struct {
	ledger.Store
	mu  sync.Mutex
	rng *rand.Rand
}

func (s *flaky) roll(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rng.IntN(n)
}

func (s *flaky) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	return s.Store.Update(ctx, book, func(w ledger.Writer) error {
		for range 1 + s.roll(2) {
			collected := &collecting{Reader: w}
			if err := fn(collected); err != nil {
				return err
			}
			switch s.roll(5) {
			case 0:
				return errLost
			case 1:
				panic(errLost)
			case 2, 3:
				if collected.batch == nil {
					return nil
				}
				return w.Write(collected.batch)
			}
		}
		return errLost
	})
}

// TestFlakyStore: callers of a store that loses, repeats and panics, some of
// whom end in other ways themselves, ask until they are answered. Everybody who
// was told that an entry is posted finds it, whoever was refused does not, and
// the money is enough for as many as it is.
func TestFlakyStore(t *testing.T) {
	const callers, each, start, taken = 16, 20, 1000, 7
	ctx := context.Background()
	for seed := range uint64(3) {
		memory := ledger.NewMemory()
		c := ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()}
		plain, err := ledger.Create(ctx, memory, c)
		require.NoError(t, err)
		_, err = plain.Post(ctx, setoran("start", start))
		require.NoError(t, err)
		require.NoError(t, plain.Update(ctx, func(tx *ledger.Tx) error {
			return tx.SetFloor(ledger.FloorSetting{Key: "F", Account: "30101", Sub: "M1", Floor: ledger.HardFloor(ledger.Money{}), Reason: "produk"})
		}))
		store := &flaky{Store: memory, rng: rand.New(rand.NewPCG(seed, 3))}
		book, err := ledger.Open(ctx, store, c)
		require.NoError(t, err)

		answers := make([]map[string]error, callers)
		var all sync.WaitGroup
		for i := range callers {
			answers[i] = map[string]error{}
			all.Add(1)
			go func() {
				defer all.Done()
				for n := range each {
					key := fmt.Sprintf("%d/%d", i, n)
					answers[i][key] = stubborn(func() (answered bool, err error) { return withdrawing(ctx, book, store, key, taken) })
				}
			}()
		}
		all.Wait()

		posted := 0
		require.NoError(t, plain.View(ctx, func(tx *ledger.Tx) error {
			for _, some := range answers {
				for key, answer := range some {
					_, found, err := tx.EntryByKey(key)
					require.NoError(t, err)
					require.Equal(t, answer == nil, found, "%s: %v", key, answer)
					if answer != nil {
						require.ErrorIs(t, answer, ledger.ErrFloor)
						continue
					}
					posted++
				}
			}
			return nil
		}))
		require.Equal(t, start/taken, posted, "as many as the money is enough for")
		require.True(t, ledgertest.Sound(ctx, t, plain))
	}
}

// stubborn asks until it is answered.
func stubborn(ask func() (answered bool, err error)) error {
	for {
		if answered, err := ask(); answered && !errors.Is(err, errLost) {
			return err
		}
	}
}

// withdrawing is one call of Update in a goroutine of its own, which at times
// panics or ends in its closure, or by the store's panic, and is not answered.
func withdrawing(ctx context.Context, book *ledger.Book, store *flaky, key string, rupiah int64) (answered bool, err error) {
	end := store.roll(20)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		defer func() { _ = recover() }()
		err = book.Update(ctx, func(tx *ledger.Tx) error {
			e := setoran(key, rupiah)
			e.Lines[0].Amount, e.Lines[1].Amount = e.Lines[0].Amount.Neg(), e.Lines[1].Amount.Neg()
			_, err := tx.Post(e)
			runtime.Gosched()
			switch end {
			case 0:
				panic("thrown on purpose")
			case 1:
				runtime.Goexit()
			}
			return err
		})
		answered = true
	}()
	<-gone
	return answered, err
}
