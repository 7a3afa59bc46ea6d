package profitshare_test

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

var update = flag.Bool("update", false, "write golden files anew")

// storedVersion is one version of a record as the book keeps it.
type storedVersion struct {
	Kind, ID, Event string
	Version, Format int
	Data, State     json.RawMessage
}

// What is stored keeps its form: the first event of every kind in the life of
// the second year, and what it made, as books that exist have them. A change
// here needs a new format and a reader for the old one.
func TestStoredFormOfRecords(t *testing.T) {
	y := newSecondYear(t, false)
	y.live()
	desk := profitshare.NewDesk(y.Book, func() profitshare.Plan {
		plan := runPlan()
		plan.Name, plan.Income, plan.Approvers = "lain", pooled("50201"), []string{"DPS"}
		return plan
	}(), earning{account("M1-A")})
	m := ledger.MonthOf(2027, 12)
	_, err := desk.Propose(ctx, profitshare.Proposal{Key: "usul", Month: m})
	require.NoError(t, err)
	_, err = desk.Approve(ctx, profitshare.Approving{Key: "setuju", Month: m, Approval: profitshare.Approval{Role: "DPS", By: "Ust. Ali", Date: m.Last(), Document: "BA"}})
	require.NoError(t, err)
	_, err = desk.Adopt(ctx, profitshare.Adoption{Key: "alih", Day: m.Last(), Month: m.Prev(), By: "Bu Sri", Document: "neraca", Carried: []profitshare.Carried{{Account: "M1-A", Amount: rp(5)}}})
	require.NoError(t, err)
	_, err = y.haji.Reverse(ctx, profitshare.Reversal{Key: "balik", Month: m, Date: ledger.On(2028, 1, 31), Reason: "uji"})
	require.NoError(t, err)

	var list []storedVersion
	seen := make(map[string]bool)
	require.NoError(t, y.View(ctx, func(tx *ledger.Tx) error {
		for _, kind := range []string{profitshare.RunKind, profitshare.PaidMonthKind, profitshare.LossKind, profitshare.AdvanceKind} {
			var ids []string
			for r, err := range tx.Records(kind, "") {
				require.NoError(t, err)
				ids = append(ids, r.ID)
			}
			for _, id := range ids {
				for r, err := range tx.History(kind, id) {
					require.NoError(t, err)
					if !seen[kind+r.Event] {
						seen[kind+r.Event] = true
						list = append(list, storedVersion{r.Kind, r.ID, r.Event, r.Version, r.Format, r.Data, r.State})
					}
				}
			}
		}
		return nil
	}))
	events := slices.Collect(func(yield func(string) bool) {
		for _, v := range list {
			if !yield(v.Kind + " " + v.Event) {
				return
			}
		}
	})
	slices.Sort(events)
	require.Equal(t, []string{
		"profitshare.advance pay", "profitshare.losses bear", "profitshare.losses restore", "profitshare.month join", "profitshare.month leave",
		"profitshare.run adopt", "profitshare.run approve", "profitshare.run pay_out", "profitshare.run post", "profitshare.run propose", "profitshare.run reverse",
	}, events)
	got, err := json.MarshalIndent(list, "", " ")
	require.NoError(t, err)
	const name = "testdata/format1.json"
	if *update {
		require.NoError(t, os.WriteFile(name, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got)+"\n")
}
