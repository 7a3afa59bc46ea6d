package sqlledger

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func places(n int) map[place]*position {
	all := make(map[place]*position, n)
	for i := range n {
		all[place{"30101", fmt.Sprint("M", i)}] = new(position)
	}
	return all
}

// TestStandingsTaken gives what is kept to one writer alone, and only under
// the state in which it was kept.
func TestStandingsTaken(t *testing.T) {
	var k standings
	here := state{digest: ledger.NewContent("here").Digest()}
	elsewhere, recounted := state{digest: ledger.NewContent("elsewhere").Digest()}, here
	recounted.recounts++
	for _, other := range []state{elsewhere, recounted} {
		k.put("b", here, places(3))
		require.Nil(t, k.take("other", here))
		require.Nil(t, k.take("b", other))
		require.Nil(t, k.take("b", here), "what is of no use is forgotten")
	}
	k.put("b", here, places(3))
	require.Len(t, k.take("b", here), 3)
	require.Nil(t, k.take("b", here))
	require.Zero(t, k.subs)
}

// TestStandingsBounded bounds the memory, however many books there are and
// whatever is posted at once.
func TestStandingsBounded(t *testing.T) {
	var k standings
	for i := range 100 {
		k.put(fmt.Sprint("b", i), state{}, places(1000))
		total := 0
		for _, kept := range k.books {
			total += len(kept.positions)
		}
		require.Equal(t, total, k.subs)
		require.LessOrEqual(t, total, maxStandings)
		require.Len(t, k.books[fmt.Sprint("b", i)].positions, 1000, "the latest is there")
	}
	k.put("b99", state{}, places(10))
	require.Len(t, k.books["b99"].positions, 10, "in place of what was there")
	k.put("big", state{}, places(maxStandings+1))
	require.Nil(t, k.take("big", state{}))
}

// TestTurn keeps the last rows of a sub as the database has them.
func TestTurn(t *testing.T) {
	day := ledger.On(2026, 11, 20)
	row := func(n int, phase ledger.Phase, balance int64) ledger.Turnover {
		return ledger.Turnover{Day: day.AddDays(n), Phase: phase, Balance: ledger.Minor(balance)}
	}
	p := &position{from: day}
	p.Before = ledger.Minor(5)
	given := p.Rows
	for _, r := range []ledger.Turnover{row(0, 0, 7), row(2, 0, 9), row(1, 0, 8), row(1, 0, 6), row(1, 2, 4)} {
		p.turn(r)
	}
	require.Empty(t, given)
	require.Equal(t, []ledger.Turnover{row(0, 0, 7), row(1, 0, 6), row(1, 2, 4), row(2, 0, 9)}, p.Rows)
	require.True(t, p.Sub.Last == ledger.Minor(9) && p.Sub.LastDay == day.AddDays(2))
	given = p.Rows
	p.turn(row(2, 0, 10))
	require.Equal(t, row(2, 0, 9), given[3], "what was given out stays as it was")
	p.turn(row(2, 1, 11)) // too many
	require.Equal(t, day.AddDays(2), p.from)
	require.True(t, p.Before == ledger.Minor(4))
	require.Equal(t, []ledger.Turnover{row(2, 0, 10), row(2, 1, 11)}, p.Rows)
}
