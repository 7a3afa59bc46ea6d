package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// What a store keeps at the ends of what a book may ask: the longest texts, the
// first and last days, names that differ in one byte, and long lists.

// filled is a text of exactly so many bytes, of letters of four bytes as far as
// they fit.
func filled(size int) string {
	return strings.Repeat("😀", size/4) + "xyz"[:size%4]
}

func (t *trial) longTexts() {
	name, text, key := filled(ledger.MaxSub), filled(ledger.MaxText), filled(ledger.MaxKey)
	account := ledger.Account{Code: filled(ledger.MaxCode), Name: text, NameEn: text, Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true}
	opening := ledger.SubOpening{Key: "O1", Account: account.Code, Sub: name, Holder: name, By: text}
	held := ledger.Hold{Key: key[:len(key)-4] + "hold", Account: account.Code, Sub: name, Amount: rp(1), From: nov(10), Reason: text, By: text}
	asked := fullEntry(key)
	asked.Memo, asked.Document, asked.Maker, asked.Approver, asked.Waiver = text, text, text, text, text
	asked.Source = ledger.Source{Kind: name, ID: name, Version: 1, Event: name}
	for i := range asked.Lines[1:] {
		l := &asked.Lines[i+1]
		l.Account, l.Sub, l.Party.Member = account.Code, name, name
	}
	document := []byte(`"` + filled(ledger.MaxData-2) + `"`)
	record := ledger.Record{Key: "S1", Kind: name[:4], ID: name, Version: 1, Event: name, Data: document, State: document}
	t.do(func(tx *ledger.Tx) error {
		return errors.Join(tx.AddAccount("A1", account), tx.OpenSub(opening), save(record)(tx))
	})
	t.event(asked)
	t.do(hold(held))

	t = t.reopened()
	t.view(func(tx *ledger.Tx) {
		e, found, err := tx.EntryByKey(key)
		t.must(err)
		same(t, "whether an entry with the longest texts is as it was asked", found && sameEntry(e.Entry, asked), true)
		a, _, err := tx.Account(account.Code)
		t.must(err)
		same(t, "the account", a, account)
		s, _, err := tx.Sub(account.Code, name)
		t.must(err)
		same(t, "the sub's holder", s.Holder, name)
		h, _, err := tx.HeldUnder(held.Key)
		t.must(err)
		same(t, "the hold", h, ledger.Held{Hold: held, Left: rp(1)})
		r, _, err := tx.Record(record.Kind, name)
		t.must(err)
		same(t, "whether a record with the longest documents is as it was saved",
			r.Event == name && bytes.Equal(r.Data, document) && bytes.Equal(r.State, document), true)
		for _, q := range []ledger.LineQuery{{Party: name}, {Source: name + "/" + name, Account: account.Code, AllSubs: true}, {Account: account.Code, Sub: name}} {
			lines := list(t, tx.Lines(q))
			same(t, "lines found by the longest names", len(lines), 3)
			same(t, "whether a line has its memo", lines[0].Memo == text && lines[0].Key == key && lines[0].Source == asked.Source, true)
		}
	})
	other := t.create(filled(ledger.MaxKey))
	Sound(t.ctx, t.T, other)
}

func (t *trial) farDays() {
	days := []ledger.Date{
		ledger.On(ledger.MinYear, 1, 1), ledger.On(1969, 12, 31), ledger.On(1970, 1, 1), ledger.On(2000, 2, 29), ledger.On(2038, 1, 20),
		ledger.On(2262, 4, 12), ledger.On(ledger.MaxYear, 12, 31),
	}
	first, last := days[0], days[len(days)-1]
	for i, at := range []int{3, 6, 0, 5, 1, 4, 2} { // not in their order
		t.post(deposit(fmt.Sprintf("T%d", i), days[at], "M1", 1<<at))
	}
	t.do(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(1), From: first, Until: last}))
	t.do(func(tx *ledger.Tx) error {
		return tx.Assert(ledger.Assertion{Key: "Q1", Account: cash, Date: last, Balance: rp(1<<len(days) - 1)})
	})
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C1", Through: first}))
	t = t.reopened()
	same(t, "the closed day", t.head().Closed, first)
	t.view(func(tx *ledger.Tx) {
		rows, lines := list(t, tx.Turnovers(savings, "M1", first, last)), list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"}))
		same(t, "turnovers", len(rows), len(days))
		same(t, "lines", len(lines), len(days))
		for i, day := range days {
			same(t, "the day of a turnover", rows[i].Day, day)
			same(t, "the day of a line", lines[i].Date, day)
			e, _, err := tx.Entry(lines[i].Entry)
			t.must(err)
			same(t, "the day of an entry", e.Date, day)
			balance, err := tx.Balance(savings, "M1", ledger.EndOf(day))
			t.must(err)
			same(t, fmt.Sprintf("the balance on %s", day), balance, rp(-(1<<(i+1) - 1)))
			only := list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1", From: day, Through: day}))
			same(t, fmt.Sprintf("lines of %s", day), len(only), 1)
		}
		h, _, err := tx.HeldUnder("H1")
		t.must(err)
		same(t, "whether the hold has its days", h.From == first && h.Until == last, true)
	})
}

// namesToTheByte uses names that a store may take for one another: by letters
// alone, by their beginning, or as a pattern.
func (t *trial) namesToTheByte() {
	names := []string{"ab", "AB", "a", "abc", "a_", "a%", "áb", "aB"}
	absent := []string{"Ab", "b", "_b", "%", "abcd", "A"}
	for i, name := range names {
		t.do(func(tx *ledger.Tx) error {
			return errors.Join(
				tx.AddAccount("A "+name, ledger.Account{Code: name, Name: name, Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true}),
				tx.OpenSub(ledger.SubOpening{Key: "O " + name, Account: name, Sub: name, Holder: name}))
		})
		e := ledger.Entry{Key: "E " + name, Date: nov(10), Source: ledger.Source{Kind: name, ID: name, Version: 1, Event: "pay"}, Lines: []ledger.Line{
			ledger.Debit(cash, rp(int64(i+1))), ledger.Credit(name, rp(int64(i+1))).For(name).With(ledger.Party{Member: name, Standing: ledger.Member}),
		}}
		t.event(e)
		t.do(hold(ledger.Hold{Key: name, Account: name, Sub: name, Amount: rp(int64(i + 1)), From: nov(10)}))
		t.do(save(ledger.Record{Key: "S " + name, Kind: "one", ID: name, Version: 1, Event: "e", State: []byte("{}")}))
	}
	t = t.reopened()
	lines := func(tx *ledger.Tx, name string) string {
		var all []string
		for _, q := range []ledger.LineQuery{{Account: name, AllSubs: true}, {Account: name, Sub: name}, {Party: name}, {Source: name}, {Source: name + "/" + name}} {
			sum := ledger.Money{}
			for _, l := range list(t, tx.Lines(q)) {
				if l.Account != cash {
					sum = sum.Add(l.Amount)
				}
			}
			all = append(all, show(sum))
		}
		return strings.Join(all, " ")
	}
	t.view(func(tx *ledger.Tx) {
		for i, name := range append(slices.Clone(names), absent...) {
			there, amount := i < len(names), "0"
			if there {
				amount = show(rp(int64(-i - 1)))
			}
			a, found, err := tx.Account(name)
			t.must(err)
			same(t, fmt.Sprintf("whether there is an account %q", name), found && a.Name == name, there)
			s, found, err := tx.Sub(name, name)
			t.must(err)
			same(t, fmt.Sprintf("whether there is a sub %q", name), found && s.Holder == name, there)
			h, found, err := tx.HeldUnder(name)
			t.must(err)
			same(t, fmt.Sprintf("whether there is a hold %q", name), found && h.Key == name && h.Sub == name, there)
			for _, kind := range []string{name, "one"} {
				r, found, err := tx.Record(kind, name)
				t.must(err)
				same(t, fmt.Sprintf("whether there is a record %q of the kind %q", name, kind), found && r.ID == name, there)
			}
			same(t, fmt.Sprintf("records of the kind %q", name), len(list(t, tx.Records(name, ""))) == 1, there)
			same(t, fmt.Sprintf("what is found by the name %q", name), lines(tx, name), strings.TrimSpace(strings.Repeat(amount+" ", 5)))
		}
	})
}

// longLists reads lists that are longer than a page of anything, whole and from
// their middle, and reads on when nobody waits any more.
func (t *trial) longLists() {
	const many, holds = 1_100, 70
	first := ledger.On(2020, 1, 1)
	entries := make([]ledger.Entry, many)
	for i := range entries {
		entries[i] = deposit(fmt.Sprintf("T%d", i), first.AddDays(i), "M1", 1)
	}
	_, err := t.book.PostAll(t.ctx, entries)
	t.must(err)
	t.do(func(tx *ledger.Tx) error {
		for i := range many {
			n := fmt.Sprintf("%05d", i)
			if err := errors.Join(
				save(ledger.Record{Key: "S" + n, Kind: "k", ID: n, Version: 1, Event: "e", State: []byte("{}")})(tx),
				tx.AddAccount("A"+n, ledger.Account{Code: "9" + n, Kind: ledger.Asset, Normal: ledger.DebitSide}),
				tx.Assert(ledger.Assertion{Key: "Q" + n, Account: bank, Date: first.AddDays(i)})); err != nil {
				return err
			}
		}
		for i := range holds {
			if err := hold(ledger.Hold{Key: fmt.Sprintf("H%d", i), Sub: "M1", Amount: rp(1), From: first.AddDays(many)})(tx); err != nil {
				return err
			}
		}
		return nil
	})
	t = t.reopened()
	last, head := first.AddDays(many-1), t.head()
	same(t, "available", t.available(savings, "M1", last), rp(many-holds))
	t.view(func(tx *ledger.Tx) {
		rows := list(t, tx.Turnovers(savings, "M1", first, last))
		same(t, "turnovers", len(rows), many)
		same(t, "the last turnover", rows[many-1], ledger.Turnover{Day: last, Credit: rp(1), Balance: rp(-many)})
		same(t, "turnovers from the middle", len(list(t, tx.Turnovers(savings, "M1", first.AddDays(50), last))), many-50)
		days, err := tx.BalanceDays(savings, "M1", first, last)
		t.must(err)
		same(t, "balance-days", days, rp(-many*(many+1)/2).Over(1))
		same(t, "records", len(list(t, tx.Records("k", ""))), many)
		same(t, "records from the middle", len(list(t, tx.Records("k", "00049"))), many-50)
		same(t, "accounts", len(list(t, tx.Accounts())), many+len(Chart()))
		same(t, "assertions", len(list(t, tx.Assertions())), many)
		same(t, "entries", len(list(t, tx.Entries(1))), many)
		same(t, "changes", uint64(len(list(t, tx.Changes(1)))), head.Change)
		same(t, "a sub's lines", len(list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"}))), many)
		same(t, "a sub's lines, the latest first", len(list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1", Descending: true}))), many)
		held, err := tx.Holds(savings, "M1")
		t.must(err)
		same(t, "holds", len(held), holds)
	})
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	err = t.book.View(ctx, func(tx *ledger.Tx) error {
		cancel()
		for _, err := range tx.Changes(1) {
			if err != nil {
				return err
			}
		}
		return errors.New("all was read")
	})
	same(t, fmt.Sprintf("whether a list whose context is over says so (%v)", err), errors.Is(err, context.Canceled), true)
}
