package savings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// The longest id of an account leaves room for every key that a run makes of
// it: time savings of that id mature, and a block on it is lifted. A longer one
// is never opened.
func TestLongestAccountMatures(t *testing.T) {
	_, desk := newTermDesk(t)
	id := strings.Repeat("B", savings.MaxAccount)
	open := savings.Opening{Key: "O", Date: day(time.January, 31), Account: id + "J", Member: "M1", Product: "SIJAKA", Term: term(savings.NoRollover)}
	_, err := desk.Open(ctx, open)
	refused(t, err, savings.ErrCommand, "open.account")
	require.ErrorContains(t, err, "has 61 bytes, more than 60")
	open.Account = " BJ"
	_, err = desk.Open(ctx, open)
	refused(t, err, savings.ErrCommand, "open.account")

	open.Account = id
	_, err = desk.Open(ctx, open)
	require.NoError(t, err)
	paysIn(t, desk, "PLACE", id, day(time.January, 31), 1_000_000)
	due := day(time.April, 30)
	_, err = desk.Block(ctx, savings.Blocking{Key: "B", Date: day(time.February, 1), Account: id, Block: ledger.DebitBlock, Until: due.AddDays(-1), Reason: "buku hilang", By: "manajer"})
	require.NoError(t, err)
	ended, err := desk.EndDay(ctx, savings.DayEnd{Key: strings.Repeat("K", savings.MaxRunKey), Day: due, By: "malam"})
	require.NoError(t, err)
	require.Empty(t, ended.Refused)
	require.Equal(t, 1, ended.Unblocked)
	require.Equal(t, 1, ended.Matured)
}
