package savings_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A record that says what was never printed is found.
func TestChecksFindPassbooks(t *testing.T) {
	for name, test := range map[string]struct {
		tamper func(*savings.Passbook)
		want   string
	}{
		"a number":   {func(p *savings.Passbook) { p.Number++ }, "passbook A-1: 3 lines were printed and 0 skipped, the ledger had 2"},
		"a balance":  {func(p *savings.Passbook) { p.After.Balance = rupiah(1) }, "passbook A-1 shows 1.00, its lines come to 30000.00"},
		"a serial":   {func(p *savings.Passbook) { p.Serial = "A-9" }, `passbook A-9 is registered for account ""`},
		"an account": {func(p *savings.Passbook) { p.Account = "X" }, "passbook A-1 belongs to no savings account"},
	} {
		t.Run(name, func(t *testing.T) {
			book := newBook(t)
			desk := savings.NewDesk(book)
			for _, p := range products() {
				_, err := desk.AddProduct(ctx, p)
				require.NoError(t, err)
			}
			_, err := desk.Join(ctx, savings.Joining{Key: "J/M1", Date: day(time.January, 5), Member: "M1"})
			require.NoError(t, err)
			opens(t, desk, "M1", "SIWA")
			issues(t, desk, "A-1", day(time.February, 1))
			paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 1), 10_000)
			paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 2), 20_000)
			r, err := prints(desk, "P", "A-1", day(time.February, 28))
			require.NoError(t, err)
			requireSound(t, book)
			test.tamper(&r.Passbook)
			require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
				state, err := json.Marshal(r.Passbook)
				require.NoError(t, err)
				_, err = tx.Save(ledger.Record{Key: "X", Kind: savings.KindPassbook, ID: "M1-SIWA", Version: 3, Event: "print", Format: 1, Data: []byte("{}"), State: state})
				return err
			}))
			var all []string
			for finding, err := range book.Check(ctx, savings.Checks()...) {
				require.NoError(t, err)
				all = append(all, finding.String())
			}
			require.Contains(t, strings.Join(all, "\n"), test.want)
			require.Contains(t, strings.Join(all, "\n"), "savings.passbook M1-SIWA, version 3: replayed")
		})
	}
}

// Every status of an account meets every command on its passbook.
func TestStatusAndPassbook(t *testing.T) {
	on := day(time.March, 1)
	issue := func(d *savings.Desk) error {
		_, err := d.IssuePassbook(ctx, savings.PassbookIssue{Key: "I", Date: day(time.February, 1), Account: "M1-SIWA", Serial: "A-1"})
		return err
	}
	print := func(d *savings.Desk) error { _, err := prints(d, "X", "A-1", on); return err }
	replace := func(d *savings.Desk) error {
		_, err := d.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "X", Date: on, Account: "M1-SIWA", Serial: "A-2", Cause: savings.LostBook, By: "manajer"})
		return err
	}
	reach := map[savings.Status]func(*testing.T, *savings.Desk, bool){
		savings.Unopened: func(*testing.T, *savings.Desk, bool) {},
		savings.Opened: func(t *testing.T, d *savings.Desk, issued bool) {
			opens(t, d, "M1", "SIWA")
			if issued {
				require.NoError(t, issue(d))
			}
		},
		savings.Active: func(t *testing.T, d *savings.Desk, issued bool) {
			opens(t, d, "M1", "SIWA")
			if issued {
				require.NoError(t, issue(d))
			}
			paysIn(t, d, "D", "M1-SIWA", day(time.February, 2), 50_000)
		},
		savings.Closed: func(t *testing.T, d *savings.Desk, issued bool) {
			opens(t, d, "M1", "SIWA")
			if issued {
				require.NoError(t, issue(d))
			}
			paysIn(t, d, "D", "M1-SIWA", day(time.February, 2), 50_000)
			_, err := d.Close(ctx, savings.Closing{Key: "C", Date: day(time.February, 3), Account: "M1-SIWA", Counter: teller})
			require.NoError(t, err)
		},
	}
	unknown, state, passbook := savings.ErrUnknown, savings.ErrState, savings.ErrPassbook
	for _, test := range []struct {
		name   string
		issued bool
		do     func(*savings.Desk) error
		want   map[savings.Status]error
	}{
		{"issue", false, issue, map[savings.Status]error{savings.Unopened: unknown, savings.Opened: nil, savings.Active: nil, savings.Closed: state}},
		{"issue again", true, func(d *savings.Desk) error {
			_, err := d.IssuePassbook(ctx, savings.PassbookIssue{Key: "X", Date: on, Account: "M1-SIWA", Serial: "A-9"})
			return err
		}, map[savings.Status]error{savings.Unopened: unknown, savings.Opened: savings.ErrExists, savings.Active: savings.ErrExists, savings.Closed: savings.ErrExists}},
		{"print without one", false, print, map[savings.Status]error{savings.Unopened: unknown, savings.Opened: passbook, savings.Active: passbook, savings.Closed: passbook}},
		{"print", true, print, map[savings.Status]error{savings.Unopened: unknown, savings.Opened: passbook, savings.Active: nil, savings.Closed: nil}},
		{"replace without one", false, replace, map[savings.Status]error{savings.Unopened: unknown, savings.Opened: passbook, savings.Active: passbook, savings.Closed: state}},
		{"replace", true, replace, map[savings.Status]error{savings.Unopened: unknown, savings.Opened: nil, savings.Active: nil, savings.Closed: state}},
	} {
		for _, status := range savings.Statuses() {
			t.Run(fmt.Sprintf("%q %s", status, test.name), func(t *testing.T) {
				book, desk := newFullDesk(t)
				reach[status](t, desk, test.issued)
				meets(t, book, test.want[status], func() error { return test.do(desk) })
			})
		}
	}
}

func TestPassbookRefusals(t *testing.T) {
	book, desk := newPrinter(t, 24, 0)
	opens(t, desk, "M2", "SIWA")
	issues(t, desk, "A-1", day(time.February, 1))
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 50_000)
	issue := func(change func(*savings.PassbookIssue)) error {
		c := savings.PassbookIssue{Key: "X", Date: day(time.March, 1), Account: "M2-SIWA", Serial: "B-1"}
		change(&c)
		_, err := desk.IssuePassbook(ctx, c)
		return err
	}
	replace := func(change func(*savings.PassbookReplacement)) error {
		c := savings.PassbookReplacement{Key: "X", Date: day(time.March, 1), Account: "M1-SIWA", Serial: "A-2", Cause: savings.LostBook, By: "manajer"}
		change(&c)
		_, err := desk.ReplacePassbook(ctx, c)
		return err
	}
	print := func(change func(*savings.PassbookPrinting)) error {
		_, err := prints(desk, "X", "A-1", day(time.March, 1), change)
		return err
	}
	for _, test := range []struct {
		code string
		kind error
		err  func() error
	}{
		{"passbook.serial_exists", savings.ErrExists, func() error { return issue(func(c *savings.PassbookIssue) { c.Serial = "A-1" }) }},
		{"passbook.serial", savings.ErrPassbook, func() error { return issue(func(c *savings.PassbookIssue) { c.Serial = "" }) }},
		{"passbook.serial", savings.ErrPassbook, func() error { return issue(func(c *savings.PassbookIssue) { c.Serial = "a\nb" }) }},
		{"account.date", savings.ErrDate, func() error { return issue(func(c *savings.PassbookIssue) { c.Date = ledger.Date{} }) }},
		{"account.before_opened", savings.ErrDate, func() error { return issue(func(c *savings.PassbookIssue) { c.Date = day(time.January, 9) }) }},
		{"passbook.serial_exists", savings.ErrExists, func() error { return replace(func(c *savings.PassbookReplacement) { c.Serial = "A-1" }) }},
		{"passbook.cause", savings.ErrCommand, func() error { return replace(func(c *savings.PassbookReplacement) { c.Cause = "tired" }) }},
		{"passbook.by", savings.ErrCommand, func() error { return replace(func(c *savings.PassbookReplacement) { c.By = "" }) }},
		{"passbook.text", savings.ErrCommand, func() error { return replace(func(c *savings.PassbookReplacement) { c.Document = "a\nb" }) }},
		{"passbook.before", savings.ErrDate, func() error { return replace(func(c *savings.PassbookReplacement) { c.Date = day(time.January, 31) }) }},
		{"account.date", savings.ErrDate, func() error { return replace(func(c *savings.PassbookReplacement) { c.Date = ledger.Date{} }) }},
		{"counter.savings", savings.ErrCommand, func() error {
			return replace(func(c *savings.PassbookReplacement) {
				c.Charge, c.Counter = true, savings.Place{Account: "20101", Sub: "M2-SIWA"}
			})
		}},
		{"passbook.date", savings.ErrDate, func() error { return print(func(c *savings.PassbookPrinting) { c.Date = ledger.Date{} }) }},
		{"passbook.before", savings.ErrDate, func() error { return print(func(c *savings.PassbookPrinting) { c.Date = day(time.January, 31) }) }},
		{"passbook.serial", savings.ErrPassbook, func() error { return print(func(c *savings.PassbookPrinting) { c.Serial = "B-1" }) }},
		{"passbook.lines", savings.ErrCommand, func() error {
			return print(func(c *savings.PassbookPrinting) { c.Lines = savings.MaxPassbookLines + 1 })
		}},
		{"passbook.lines", savings.ErrCommand, func() error { return print(func(c *savings.PassbookPrinting) { c.Lines = -1 }) }},
	} {
		meets(t, book, test.kind, test.err)
		refused(t, test.err(), test.kind, test.code)
	}
	policy := standardPolicy()
	policy.From, policy.PassbookLines = day(time.May, 1), -1
	_, err := desk.SetPolicy(ctx, savings.PolicySetting{Key: "X", Policy: policy})
	refused(t, err, savings.ErrPolicy, "policy.passbook")
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		_, err := savings.MismatchIn(tx, "M2-SIWA")
		refused(t, err, savings.ErrUnknown, "passbook.none")
		_, err = savings.PassbooksIn(tx, ledger.Date{})
		refused(t, err, savings.ErrDate, "register.day")
		r, err := savings.PassbooksIn(tx, day(time.January, 31))
		require.Empty(t, r.Rows)
		return err
	}))
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "D9", Date: day(time.February, 1), Account: "M1-SIWA", Amount: rupiah(5), Counter: teller})
	require.NoError(t, err)
	_, err = prints(desk, "P", "A-1", day(time.February, 28))
	require.NoError(t, err)
	paysIn(t, desk, "D10", "M1-SIWA", day(time.February, 1), 700)
	_, err = prints(desk, "P9", "A-1", day(time.February, 28))
	require.EqualError(t, err, "savings: account M1-SIWA: passbook A-1 lacks lines dated before its line 2: 1, the first of 2026-02-01: 50005.00 against 50705.00")
	var m *savings.Mismatch
	require.ErrorAs(t, err, &m)
	require.EqualError(t, m, "savings: account M1-SIWA: passbook A-1 lacks lines dated before its line 2: 1, the first of 2026-02-01")
}
