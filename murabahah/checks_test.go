package murabahah_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// Every kind of contradiction is planted in a sound book past the desk, and
// found by the check that looks for it.
func TestChecksFindWhatIsWrong(t *testing.T) {
	// latest saves a further version of MRB-1 that an edited event and state make.
	latest := func(edit func(*murabahah.Event, *murabahah.Contract), entries ...ledger.Entry) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			c, _, err := murabahah.ContractIn(tx, "MRB-1")
			require.NoError(t, err)
			e, err := c.Penalise(murabahah.Receipt{Date: c.Latest, Amount: rupiah, Place: cash})
			require.NoError(t, err)
			e.Change, e.Cash = murabahah.Position{}, none
			next, err := c.Apply(e)
			require.NoError(t, err)
			edit(&e, &next)
			data, err := json.Marshal(e)
			require.NoError(t, err)
			state, err := json.Marshal(next)
			require.NoError(t, err)
			return forge(tx, ledger.Record{Kind: "murabahah", ID: "MRB-1", Version: next.Version, Event: "penalty", Data: data, Format: murabahah.Format, State: state}, entries...)
		}
	}
	entry := func(lines ...ledger.Line) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Post(ledger.Entry{Key: "X", Date: start, Memo: "x", Lines: lines})
			return err
		}
	}
	one := rupiah
	penalty := ledger.Entry{Date: start, Memo: "x", Source: ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: 6, Event: "penalty"},
		Lines: []ledger.Line{ledger.Debit("10102", one), ledger.Credit("40402", one)}}
	for _, test := range []struct {
		name  string
		plant func(*ledger.Tx) error
		check string
		text  string
	}{
		{"a line on the contract's sub", entry(ledger.Debit("10102", one), ledger.Credit("11101", one).For("MRB-1")),
			"murabahah.balances", "account 11101/MRB-1: the contract's receivable is 19067000.00, the book has 19066999.00"},
		{"a line on a sub of no contract", entry(ledger.Debit("11102", one).For("MRB-7"), ledger.Credit("40402", one)),
			"murabahah.balances", "account 11102/MRB-7: the contract's deferred margin is 0.00, the book has -1.00"},
		{"a second entry of one event", latest(func(*murabahah.Event, *murabahah.Contract) {}, penalty, penalty),
			"murabahah.entries", "murabahah/MRB-1#6 penalty has a second entry"},
		{"an entry of an event without money", latest(func(*murabahah.Event, *murabahah.Contract) {}, penalty),
			"murabahah.entries", "murabahah/MRB-1#6 penalty"},
		{"a state that the events do not give", latest(func(e *murabahah.Event, c *murabahah.Contract) { c.Position.Rebate = one }),
			"murabahah.replay", "contract MRB-1, version 6: the state is not what the events give"},
		{"an event that does not follow", latest(func(e *murabahah.Event, c *murabahah.Contract) { e.From = murabahah.Ordered }),
			"murabahah.replay", `goes from "ordered", the contract has version 5 and is "sold"`},
		{"another name", latest(func(e *murabahah.Event, c *murabahah.Contract) { e.Name = murabahah.EventPay }),
			"murabahah.replay", "the record says event penalty #6, its data pay #6"},
		{"margin lost", latest(func(e *murabahah.Event, c *murabahah.Contract) {
			e.Change.Recognised = one
			c.Position.Recognised = c.Position.Recognised.Add(one)
		}), "murabahah.sums", "margin earned, waived and deferred is 4800001.00, of 4800000.00"},
		{"debt lost", latest(func(e *murabahah.Event, c *murabahah.Contract) {
			e.Change.Collected = one
			c.Position.Collected = c.Position.Collected.Add(one)
		}), "murabahah.sums", "collected, waived and owed are 20800001.00, of a net receivable of 20800000.00"},
		{"money without an entry", latest(func(e *murabahah.Event, c *murabahah.Contract) {
			e.Change.Penalties = one
			c.Position.Penalties = one
		}), "murabahah.entries", "murabahah/MRB-1#6 penalty moves money and has no entry"},
		{"terms that changed after the sale", latest(func(e *murabahah.Event, c *murabahah.Contract) {
			terms := c.Terms
			terms.Goods = "Mobil"
			e.Terms, c.Terms = &terms, terms
		}), "murabahah.course", "contract MRB-1: penalty #6 on 2026-01-05: terms are stated before the akad alone"},
		{"a form of another release", func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X", Kind: "murabahah", ID: "MRB-8", Version: 1, Event: "order", Data: []byte("{}"), Format: 2, State: []byte("{}")})
			return err
		}, "murabahah.replay", "stored format 2, this release reads 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := newLedger(t, ledger.NewMemory())
			desk := murabahah.NewDesk(book, accounts)
			does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"), pay("K5", 1_733_000))
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

// forge writes past the desk what it would write under one key: an event's
// entries, as far as they move money, and the record of the contract after it.
func forge(tx *ledger.Tx, r ledger.Record, entries ...ledger.Entry) error {
	key := fmt.Sprint("forged/", r.Version)
	if _, _, err := tx.Repeat(ledger.Command{Key: key, Kind: "forged", Content: ledger.NewContent(key).Digest()}); err != nil {
		return err
	}
	for _, e := range entries {
		if len(e.Lines) == 0 {
			continue
		}
		if _, err := tx.Post(e); err != nil {
			return err
		}
	}
	_, err := tx.Save(r)
	return err
}

// A penalty booked as income, with its record, is found by its entry.
func TestChecksFindPenaltyAsIncome(t *testing.T) {
	book := newLedger(t, ledger.NewMemory())
	desk := murabahah.NewDesk(book, accounts)
	sold := does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4")).Contract
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		e, err := sold.Penalise(murabahah.Receipt{Date: start, Amount: rupiah, Place: cash})
		require.NoError(t, err)
		next, err := sold.Apply(e)
		require.NoError(t, err)
		asIncome := accounts
		asIncome.PenaltyFund = "50101"
		return forge(tx, ledger.Record{Kind: "murabahah", ID: "MRB-1", Version: 5, Event: "penalty", Data: []byte(asJSON(t, e)), Format: 1, State: []byte(asJSON(t, next))},
			murabahah.Journal(sold, e, asIncome))
	}))
	found := findings(t, book)
	require.Len(t, found, 1)
	require.Equal(t, "line 2 of murabahah/MRB-1#5 penalty is -1.00 on 50101/, its event gives -1.00 on 90205/", found[0].Text)
}

// A sale of goods that were never owned, written past the desk with an entry and
// a record that agree with each other, is found.
func TestChecksFindSaleOfUnownedGoods(t *testing.T) {
	for name, from := range map[string]murabahah.State{"from the order": murabahah.Ordered, "bought for nothing": murabahah.Acquired} {
		t.Run(name, func(t *testing.T) {
			book := newLedger(t, ledger.NewMemory())
			desk := murabahah.NewDesk(book, accounts)
			c := does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000)).Contract
			plant := func(e murabahah.Event) {
				e.Version, e.Date, e.Latest, e.From, e.Party = c.Version+1, start, start, c.State, c.Terms.Buyer
				next, err := c.Apply(e)
				require.NoError(t, err)
				require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
					return forge(tx, ledger.Record{Kind: "murabahah", ID: "MRB-1", Version: e.Version, Event: string(e.Name),
						Data: []byte(asJSON(t, e)), Format: murabahah.Format, State: []byte(asJSON(t, next))}, murabahah.Journal(c, e, accounts))
				}))
				c = next
			}
			if from == murabahah.Acquired {
				plant(murabahah.Event{Name: murabahah.EventAcquire, To: murabahah.Acquired})
			}
			// Money lent: paid out in cash, claimed back with margin.
			plant(murabahah.Event{Name: murabahah.EventSell, To: murabahah.Sold, Place: cash, Cash: c.Terms.Cost.Neg(), Change: murabahah.Position{
				DownPayment: c.Terms.DownPayment.Neg(), Receivable: c.Terms.NetReceivable(), Deferred: c.Terms.Margin}})
			found := findings(t, book)
			require.Len(t, found, 1)
			require.Equal(t, "murabahah.course", found[0].Check)
		})
	}
}

// A chart that moves on to another account of the same kind leaves the checks
// silent about the entries before.
func TestChecksAfterTheChartMovedOn(t *testing.T) {
	book, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"), pay("K5", 1_733_000))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.AddAccount("A", ledger.Account{Code: "50109", Name: "Pendapatan Margin", Kind: ledger.Income, Normal: ledger.CreditSide})
	}))
	moved := accounts
	moved.MarginIncome = "50109"
	does(t, murabahah.NewDesk(book, moved), pay("K6", 1_733_000), reverse("K7", 0), reverse("K8", 0))
	for finding, err := range book.Check(ctx, murabahah.Checks(moved)...) {
		require.NoError(t, err)
		t.Error(finding)
	}
	require.NotContains(t, standing(t, book), "50101")
	require.NotContains(t, standing(t, book), "50109")
}
