package ledger

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// keysOf are keys and the table that finds them, beside a map that does too.
type keysOf struct {
	table keyTable
	list  []string
	where map[string]uint64
}

func (k *keysOf) put(key string) {
	k.list = append(k.list, key)
	k.where[key] = uint64(len(k.list))
	k.table.putKey(key, uint64(len(k.list)))
}

func (k *keysOf) find(key string) uint64 {
	return k.table.find(k.table.key(key), func(number uint64) bool {
		return number <= uint64(len(k.list)) && k.list[number-1] == key
	})
}

// TestKeyTable holds the table to a map while it grows, when it is cleared, and
// where numbers were taken back.
func TestKeyTable(t *testing.T) {
	for _, reserved := range []int{0, 1, 1_000, 20_000} {
		random := rand.New(rand.NewPCG(uint64(reserved), 7))
		k := keysOf{where: map[string]uint64{}}
		require.Zero(t, k.find("of an empty table"))
		for round := range 3 {
			k.table.reserve(reserved)
			for i := range 10_000 {
				k.put(fmt.Sprint(round, "/", i))
				if i%1_000 == 0 {
					k.list = k.list[:len(k.list)-1] // taken back, but left in the table
					delete(k.where, fmt.Sprint(round, "/", i))
				}
				asked := fmt.Sprint(round, "/", random.IntN(11_000))
				require.Equal(t, k.where[asked], k.find(asked), asked)
			}
			for key, number := range k.where {
				require.Equal(t, number, k.find(key), key)
			}
			k.table.clear()
			k.list = k.list[:0]
			clear(k.where)
			require.Zero(t, k.find(fmt.Sprint(round, "/1")))
			for i := range k.table.parts {
				require.LessOrEqual(t, len(k.table.parts[i].slots), mostKept)
			}
		}
	}
}

// TestKeyTableAlike puts all numbers under one hash: which is the asked one is
// said by whoever asks.
func TestKeyTableAlike(t *testing.T) {
	var table keyTable
	for n := uint64(1); n <= 1_000; n++ {
		table.put(0, n)
	}
	for n := uint64(1); n <= 1_000; n++ {
		require.Equal(t, n, table.find(0, func(number uint64) bool { return number == n }))
	}
	require.Zero(t, table.find(0, func(uint64) bool { return false }))
	require.Zero(t, table.find(1<<40, func(uint64) bool { return true }))
}

// TestKeyTableReaders asks a table in which nothing is yet by many goroutines
// at once: looking up changes nothing. The race detector is the judge.
func TestKeyTableReaders(t *testing.T) {
	var table keyTable
	var readers sync.WaitGroup
	for range 8 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			if table.find(table.key("k"), func(uint64) bool { return true })+
				table.find(table.place("30101", "M1"), func(uint64) bool { return true }) != 0 {
				t.Error("found in an empty table")
			}
		}()
	}
	readers.Wait()
}
