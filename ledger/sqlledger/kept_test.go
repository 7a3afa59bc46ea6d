package sqlledger

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestKeptIsBounded keeps the charts and bound locks of more books than a store
// has room for: of some it forgets them, and it never takes more memory.
func TestKeptIsBounded(t *testing.T) {
	const books, accounts, most = 3_000, 120, 40 << 20
	before := heap()
	s := &Store{options: Options{Dialect: PostgreSQL}}
	digest := ledger.NewContent("test").Digest()
	for i := range books {
		all := make(map[string]ledger.Account)
		for n := range accounts { // each with texts of its own, as they come from the database
			code := fmt.Sprint(10000 + n)
			all[code] = ledger.Account{Code: code, Name: strings.Repeat("n", 30), NameEn: strings.Repeat("e", 30)}
		}
		book := fmt.Sprint("kspps-", i)
		s.charts.keep(book, chart{digest: digest, accounts: all})
		require.Len(t, s.charts.find(book, digest), accounts)
		require.Nil(t, s.charts.find(book, ledger.Digest{}))
		require.LessOrEqual(t, s.charts.size, maxCharts)
	}
	kept, size := 0, 0
	for i := range books {
		if found := s.charts.find(fmt.Sprint("kspps-", i), digest); found != nil {
			kept, size = kept+1, size+1+len(found)
		}
	}
	require.Equal(t, s.charts.size, size)
	require.Equal(t, maxCharts/(accounts+1), kept)

	for i := range 2 * maxBoundLocks {
		s.bound.add(s.lockOf(fmt.Sprint("kspps-", i)))
		require.True(t, s.bound.has(fmt.Sprint("kspps-", i)))
	}
	require.Len(t, s.bound.held, maxBoundLocks)
	grown := heap() - before
	t.Logf("a store keeps %d MB at most", grown>>20)
	if grown > most {
		t.Error("which is too much")
	}
	runtime.KeepAlive(s)

	// A chart larger than all that there is room for is kept alone, and replaced.
	large := make(map[string]ledger.Account)
	for n := range maxCharts + 1 {
		large[fmt.Sprint(n)] = ledger.Account{}
	}
	for range 2 {
		s.charts.keep("large", chart{digest: digest, accounts: large})
		require.Len(t, s.charts.books, 1)
		require.Equal(t, len(large)+1, s.charts.size)
	}
	s.charts.keep("small", chart{digest: digest})
	require.Len(t, s.charts.books, 1)
	require.Equal(t, 1, s.charts.size)
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
