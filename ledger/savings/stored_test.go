package savings_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// The stored forms of what happens to dormant accounts and printed passbooks:
// later releases must read them. No person's data is in them but the number.
func TestStoredForms(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 20_000)
	require.NoError(t, marks(desk, "P1", "M1-SIWA", next(time.February, 2)))
	paysIn(t, desk, "D2", "M1-SIWA", next(time.March, 2), 5_000)
	require.NoError(t, marks(desk, "P2", "M1-SIWA", ledger.On(2028, time.March, 2)))
	_, err := desk.Reactivate(ctx, savings.Reactivation{Key: "R", Date: ledger.On(2028, time.March, 3), Account: "M1-SIWA", Reason: "datang", By: "manajer", Document: "surat/1"})
	require.NoError(t, err)
	_, err = desk.IssuePassbook(ctx, savings.PassbookIssue{Key: "I", Date: day(time.February, 1), Account: "M1-SIWA", Serial: "A-1"})
	require.NoError(t, err)
	printing := savings.PassbookPrinting{Key: "P", Date: ledger.On(2028, time.March, 3), Account: "M1-SIWA", Serial: "A-1"}
	printed, err := desk.PrintPassbook(ctx, printing)
	require.NoError(t, err)
	_, err = desk.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "E", Date: ledger.On(2028, time.March, 3), Account: "M1-SIWA", Serial: "A-2",
		Cause: savings.LostBook, By: "manajer", Document: "lapor/1"})
	require.NoError(t, err)

	const account = `"id":"M1-SIWA","member":"M1","product":"SIWA","control":"20101","opened":"2026-01-10","status":"active"`
	const party = `"account":"M1-SIWA","party":{"Member":"M1","Standing":"member"}`
	want := map[string][]string{
		savings.KindAccount: {
			`dormant {"name":"dormant","date":"2027-02-02",` + party + `,"dormant":{"since":"2027-02-02","last":"2026-02-02","months":12}}`,
			`{` + account + `,"dormant":{"since":"2027-02-02","last":"2026-02-02","months":12}}`,
			`deposit {"name":"deposit","date":"2027-03-02",` + party + `,"amount":500000,"counter":{"account":"10102"},"reactivates":true}`,
			`{` + account + `}`,
			`dormant {"name":"dormant","date":"2028-03-02",` + party + `,"dormant":{"since":"2028-03-02","last":"2027-03-02","months":12}}`,
			`{` + account + `,"dormant":{"since":"2028-03-02","last":"2027-03-02","months":12}}`,
			`reactivate {"name":"reactivate","date":"2028-03-03",` + party + `,"reason":"datang","by":"manajer","document":"surat/1"}`,
			`{` + account + `,"reactivated":"2028-03-03"}`,
		},
		savings.KindPassbook: {
			`issue {"name":"issue","date":"2026-02-01","account":"M1-SIWA","serial":"A-1","page_lines":24,"seen":0}`,
			`{"account":"M1-SIWA","serial":"A-1","book":1,"issued":"2026-02-01","page_lines":24,"seen":0}`,
			`print {"name":"print","date":"2028-03-03","account":"M1-SIWA","serial":"A-1","lines":2,"after":{"cursor":{"Date":"2027-03-02","Entry":2,"Line":2},"balance":2500000},"seen":0}`,
			`{"account":"M1-SIWA","serial":"A-1","book":1,"issued":"2026-02-01","page_lines":24,"printed":2,"number":2,"after":{"cursor":{"Date":"2027-03-02","Entry":2,"Line":2},"balance":2500000},"seen":0}`,
			`replace {"name":"replace","date":"2028-03-03","account":"M1-SIWA","serial":"A-2","page_lines":24,"cause":"lost","by":"manajer","document":"lapor/1","after":{"cursor":{"Date":"2027-03-02","Entry":2,"Line":2},"balance":2500000},"seen":0}`,
			`{"account":"M1-SIWA","serial":"A-2","book":2,"issued":"2028-03-03","page_lines":24,"brought":2500000,"number":2,"after":{"cursor":{"Date":"2027-03-02","Entry":2,"Line":2},"balance":2500000},"seen":0}`,
		},
	}
	seen := regexp.MustCompile(`"seen":[0-9]+`) // counts what the set-up wrote
	var changes []ledger.Change
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for kind, forms := range want {
			var got []string
			for r, err := range tx.History(kind, "M1-SIWA") {
				require.NoError(t, err)
				if kind == savings.KindPassbook || r.Version > 2 {
					for _, form := range []string{fmt.Sprintf("%s %s", r.Event, r.Data), string(r.State)} {
						got = append(got, seen.ReplaceAllString(form, `"seen":0`))
					}
				}
			}
			require.Equal(t, forms, got)
		}
		for ch, err := range tx.Changes(1) {
			require.NoError(t, err)
			changes = append(changes, ch)
		}
		return nil
	}))

	// A book restored from its changes knows all of it: what was printed too.
	restored, err := ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: book.ID(), Clock: fixedClock()}, func(yield func(ledger.Change, error) bool) {
		for _, ch := range changes {
			if !yield(ch, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	requireSound(t, restored)
	again, err := savings.NewDesk(restored).PrintPassbook(ctx, printing)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	again.Repeat = false
	require.Equal(t, printed, again)

	// What an older release has stored of an account reads as one that never slept.
	var older savings.Account
	require.NoError(t, json.Unmarshal([]byte(`{`+account+`}`), &older))
	require.Zero(t, older.Dormant)
	require.Zero(t, older.Reactivated)
}
