package savings_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// Whatever a record's state holds, it is read as the JSON package reads it,
// whether it is read quickly or not.
func TestStatesAreReadAsJSON(t *testing.T) {
	book, _ := newFullDesk(t)
	texts := []string{"M1", "", `a"b`, `back\slash`, "é", "<&>", "tab\tinside", "}", `","id":"x`, "\u2028"}
	for i, text := range texts {
		for _, full := range []bool{false, true} {
			a := savings.Account{ID: text, Member: text, Product: text, Control: text, Opened: day(time.January, 1+i), Status: savings.Active}
			m := savings.Member{Number: text, Joined: day(time.January, 1+i), Standing: ledger.Candidate}
			if full {
				a.PayTo, a.Closed, a.Mandate, a.GoalDay = text, day(time.May, 1), text, day(time.June, 1)
				a.Reactivated, a.Dormant = day(time.July, 1), savings.Dormancy{Since: day(time.July, 2), Last: day(time.January, 2), Months: i}
				a.Nisbah = []savings.DatedRatio{{From: day(time.May, 1)}}
				a.Blocked = savings.Blocked{Block: ledger.FullBlock, Reason: text}
				m.Until, m.Admitted, m.Left, m.Cause, m.Settled = day(time.May, 1), day(time.May, 2), day(time.May, 3), savings.Expelled, day(time.May, 4)
				m.Identity, m.ApprovedBy, m.Reason, m.Documents = text, text, text, []string{text}
			}
			requireRead(t, book, savings.KindAccount, a)
			requireRead(t, book, savings.KindMember, m)
		}
	}
}

var errStop = ledger.ErrStale

// requireRead saves a state, reads it through the package, and takes it back.
func requireRead[S any](t *testing.T, book *ledger.Book, kind string, want S) {
	t.Helper()
	text, err := json.Marshal(want)
	require.NoError(t, err)
	var plain S
	require.NoError(t, json.Unmarshal(text, &plain))
	err = book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Save(ledger.Record{Key: "X", Kind: kind, ID: "X", Version: 1, Event: "open", Format: 1, State: text})
		require.NoError(t, err)
		var got any
		switch kind {
		case savings.KindAccount:
			got, _, err = savings.AccountIn(tx, "X")
		case savings.KindMember:
			got, _, err = savings.MemberIn(tx, "X")
		}
		require.NoError(t, err, string(text))
		require.Equal(t, any(plain), got, string(text))
		return errStop
	})
	require.ErrorIs(t, err, errStop)
}

// A state that nobody wrote is refused, not misread.
func TestStatesThatAreNone(t *testing.T) {
	book, _ := newFullDesk(t)
	for _, text := range []string{`{"opened":"2026-02-30"}`, `[]`, `"x"`, `{"status":5}`, `{"id":{"a":"b"}}`} {
		err := book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X", Kind: savings.KindAccount, ID: "X", Version: 1, Event: "open", Format: 1, State: json.RawMessage(text)})
			require.NoError(t, err)
			_, _, err = savings.AccountIn(tx, "X")
			return err
		})
		require.ErrorIs(t, err, savings.ErrFormat, text)
		require.True(t, strings.HasPrefix(err.Error(), "savings: "))
	}
}
