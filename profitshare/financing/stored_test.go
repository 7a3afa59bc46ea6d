package financing_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

var update = flag.Bool("update", false, "write golden files anew")

// life is a contract with every kind of event that a form has.
func life() []command {
	agreed := terms(financing.Declining)
	agreed.StartsLater = true
	day := on(2026, 3, 5)
	return []command{
		commit(agreed), disburse(start, 40_000_000), handOver(start, 36_000_000, 24_000_000), lose(start, 1_000_000), begin(start),
		agree(start, on(2026, 2, 1), "0.375"), results(time.January, 10_000_000, 2_000_000, 500_000), collect(on(2026, 2, 3), financing.ClaimShare, 3_000_000),
		lose(on(2026, 2, 10), 5_000_000), results(time.February, 0, 1_000_000, 0), amortise(day), wear(day, 500_000), blame(day, 2_000_000, 1_000_000, 0),
		buyBack(day, 4_000_000, 4_400_000), release(day), end(on(2026, 4, 1), 60_000_000, 50_000_000), collect(on(2026, 4, 2), financing.ClaimMatured, 10_000_000),
		writeOff(on(2026, 4, 2), financing.ClaimFault, 2_000_000),
	}
}

// TestStoredForm keeps format 1 readable: books written by this release replay
// under later ones, whatever rules have become by then.
func TestStoredForm(t *testing.T) {
	var c financing.Contract
	var events []financing.Event
	for _, command := range life() {
		e, err := command.pure(c)
		require.NoError(t, err, command.name)
		c, err = c.Apply(e)
		require.NoError(t, err, command.name)
		events = append(events, e)
	}
	undo, err := financing.Reverse(events, financing.Reversal{Slip: slip(on(2026, 4, 2))})
	require.NoError(t, err)
	c, err = c.Apply(undo)
	require.NoError(t, err)
	form := struct {
		Events   []financing.Event  `json:"events"`
		Contract financing.Contract `json:"contract"`
	}{append(events, undo), c}
	written, err := json.MarshalIndent(form, "", " ")
	require.NoError(t, err)
	kept := requireGolden(t, "testdata/format1.json", string(written)+"\n")
	form.Events, form.Contract = nil, financing.Contract{}
	require.NoError(t, json.Unmarshal(kept, &form))
	replayed, err := financing.Replay(form.Events)
	require.NoError(t, err)
	require.Equal(t, asJSON(t, form.Contract), asJSON(t, replayed))
	requireSame(t, c, replayed)
}

func requireSame(t testing.TB, want, got financing.Contract) {
	t.Helper()
	require.Equal(t, asJSON(t, want), asJSON(t, got))
}

func TestCard(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, life()[:9]...)
	does(t, desk, undo(0), results(time.February, 0, 1_000_000, 0))
	card, err := desk.Card(ctx, "PMB-1")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, card.Text(&b, ledger.IDR))
	requireGolden(t, "testdata/card.txt", b.String())
	_, err = desk.Card(ctx, "PMB-9")
	require.ErrorIs(t, err, financing.ErrUnknown)
}

// requireGolden compares with a file, which -update writes anew.
func requireGolden(t testing.TB, file, got string) []byte {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(kept), got)
	return kept
}
