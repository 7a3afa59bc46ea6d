package financing_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// What could be wrong in a book that somebody wrote to past the desk is found
// by the check that looks for it.
func TestChecksFindWhatIsWrong(t *testing.T) {
	latest := func(edit func(*financing.Event, *financing.Contract)) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			c, _, err := financing.ContractIn(tx, "PMB-1")
			require.NoError(t, err)
			e, err := c.Agree(financing.Agreement{Slip: slip(c.Latest), From: c.Latest.Next(), Nisbah: ratio("0.3")})
			require.NoError(t, err)
			next, err := c.Apply(e)
			require.NoError(t, err)
			edit(&e, &next)
			data, err := json.Marshal(e)
			require.NoError(t, err)
			state, err := json.Marshal(next)
			require.NoError(t, err)
			_, err = tx.Save(ledger.Record{Key: "X", Kind: financing.RecordKind, ID: "PMB-1", Version: next.Version, Event: "agree", Data: data, Format: financing.Format, State: state})
			return err
		}
	}
	entry := func(lines ...ledger.Line) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Post(ledger.Entry{Key: "X", Date: start, Memo: "x", Lines: lines})
			return err
		}
	}
	one := rp(1)
	for _, test := range []struct {
		name  string
		plant func(*ledger.Tx) error
		check string
		text  string
	}{
		{"a line on the contract's sub", entry(ledger.Debit("10102", one), ledger.Credit("11201", one).For("PMB-1")),
			"financing.balances", "the contract's mudharabah investment is 60000000.00, the book has 59999999.00"},
		{"a line on a sub of no contract", entry(ledger.Debit("10102", one), ledger.Credit("11302", one).For("PMB-7")),
			"financing.balances", "account 11302/PMB-7: the contract's allowance is 0.00, the book has 1.00"},
		{"a state that the events do not give", latest(func(_ *financing.Event, c *financing.Contract) { c.Position.Deficit = one }),
			"financing.replay", "contract PMB-1, version 4: the state is not what the events give"},
		{"money without an entry", latest(func(e *financing.Event, c *financing.Contract) {
			e.Change.ShareDue, e.Change.Income = one, one
			c.Position = c.Position.Add(e.Change)
		}), "financing.entries", "financing/PMB-1#4 agree moves money and has no entry"},
		{"a result ahead of its days", latest(func(e *financing.Event, _ *financing.Contract) {
			e.Reported = &financing.Reported{Through: on(2027, 1, 1)}
		}), "financing.course", "reports days that were still to come (PSAK 405)"},
		{"a command that the state does not allow", latest(func(e *financing.Event, _ *financing.Contract) { e.Name = financing.EventStart }),
			"financing.course", "was not possible, the contract was running"},
		{"more invested than given", latest(func(e *financing.Event, c *financing.Contract) {
			e.Change.Capital = rp(-1)
			c.Position = c.Position.Add(e.Change)
		}), "financing.sums", "of a capital of 59999999.00, 60000000.00 is invested"},
		{"a form of another release", func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X", Kind: "financing", ID: "PMB-8", Version: 1, Event: "commit", Data: []byte("{}"), Format: 2, State: []byte("{}")})
			return err
		}, "financing.replay", "stored format 2, this release reads 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := newBook(t)
			desk := financing.NewDesk(book, accounts, financing.PSAK405())
			does(t, desk, commit(mudharabah()), disburse(start, 60_000_000), results(time.January, 10_000_000, 0, 0))
			requireSound(t, book)
			require.NoError(t, book.Update(ctx, test.plant))
			var texts []string
			for _, f := range findings(t, book) {
				texts = append(texts, f.String())
				if f.Check == test.check && strings.Contains(f.String(), test.text) {
					return
				}
			}
			t.Fatalf("not found: %s: %s\namong: %q", test.check, test.text, texts)
		})
	}
}
