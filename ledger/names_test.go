package ledger_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// What names something is what people see of it: a key with a space behind it
// would post a voucher twice, a sub with a hidden mark would be a second account
// of the same name. And no text turns the direction of reading around, so that
// an amount beside it would be read backwards.
func TestNamesThatLookAlike(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, time.May, 4)
	for what, hidden := range map[string]string{
		"space behind": "M1 ", "space before": " M1", "only a space": " ", "no-break space": "M\u00a01", "zero width": "M1\u200b",
		"byte order mark": "\ufeffM1", "override": "M\u202e1", "isolate": "M\u20661", "soft hyphen": "M\u00ad1",
		"filler": "M1\u3164", "joiner": "M\u034f1", "variation": "M1\ufe0f", "wide space": "M1\u3000", "new line": "M1\n",
	} {
		t.Run(what, func(t *testing.T) {
			party := deposit("party", day, "M1", 1)
			party.Lines[1].Party = ledger.Party{Member: hidden, Standing: ledger.Member}
			for _, bad := range []struct {
				entry ledger.Entry
				kind  error
			}{{deposit(hidden, day, "M1", 1), ledger.ErrKey}, {deposit("sub", day, hidden, 1), ledger.ErrSub}, {party, ledger.ErrEntry}} {
				_, err := book.Post(ctx, bad.entry)
				require.ErrorIs(t, err, bad.kind)
				if strings.ContainsFunc(hidden, func(r rune) bool { return !unicode.IsPrint(r) }) {
					require.NotContains(t, err.Error(), hidden, "the message hides it too")
				}
			}
			require.ErrorIs(t, book.Update(ctx, func(tx *ledger.Tx) error {
				_, err := tx.Save(ledger.Record{Key: "record", Kind: "kind", ID: hidden, Version: 1, Event: "event", State: []byte("{}")})
				return err
			}), ledger.ErrRecord)
			require.ErrorIs(t, book.Update(ctx, func(tx *ledger.Tx) error {
				return tx.OpenSub(ledger.SubOpening{Key: "holder", Account: "30101", Sub: "M1", Holder: hidden})
			}), ledger.ErrSub)
		})
	}
	turned := deposit("memo", day, "M1", 1)
	turned.Memo = "Setoran \u202e000.001"
	_, err := book.Post(ctx, turned)
	require.ErrorContains(t, err, "the memo has a control character (U+202E)")
	for _, seen := range []string{"M 1", "Ḿ1", "سلامة"} {
		_, err := book.Post(ctx, deposit("T/"+seen, day, seen, 1))
		require.NoError(t, err)
	}
}
