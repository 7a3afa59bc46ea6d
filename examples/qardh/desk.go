package main

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// The accounts of the standard chart that loans post to.
const (
	till     = "10102" // Kas Teller
	fundCash = "10111" // Kas Dana Kebajikan
	lent     = "11109" // Pinjaman Qardh, with a sub for each loan
	given    = "90302" // the benevolent fund's use for donations
)

// loans is how loans are kept in a book.
var loans = contract.Kind[Loan, Event]{
	Name: "qardh", Format: 1,
	Heading: func(e Event) contract.Heading {
		return contract.Heading{Name: e.Name, Version: e.Version, Date: e.Date, Undoes: e.Undoes}
	},
	Apply: Loan.Apply,
	Unknown: func(id string) *contract.Refusal {
		return contract.Refuse(errUnknown, "qardh.unknown", id, "there is no such loan")
	},
	Unreadable: errUnreadable,
	Void:       func(l Loan) bool { return l.Lent.IsZero() },
}

// Result is what a command has done.
type Result = contract.Result[Loan, Event]

// journal is the entry of an event. What is written off the fund pays out of its
// own cash, so that no member's money bears it.
func journal(id string, e Event) ledger.Entry {
	entry := ledger.Entry{Date: e.Date, Memo: "Qardh " + id + ": " + e.Name, Source: loans.Source(id, e)}
	for _, line := range []ledger.Line{
		ledger.Debit(given, e.WrittenOff).In(ledger.Fund), ledger.Credit(fundCash, e.WrittenOff).In(ledger.Fund),
		ledger.Debit(till, e.Repaid.Add(e.WrittenOff).Sub(e.Lent)), ledger.Debit(lent, e.Lent.Sub(e.Repaid).Sub(e.WrittenOff)).For(id),
	} {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line)
		}
	}
	return entry
}

// Desk carries out commands on the loans of a book.
type Desk struct{ book *ledger.Book }

// Do carries out a command that decides one event.
func (d Desk) Do(ctx context.Context, name string, a Act, decide func(Loan, Act) (Event, error)) (Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Result, error) {
		content, err := loans.Content(name, a)
		if err != nil {
			return Result{}, err
		}
		request := contract.Request{Command: name, Key: a.Key, Contract: a.Loan, Content: content, Begins: name == "grant"}
		return loans.Carry(tx, request, func(before Loan) (Result, error) {
			e, err := decide(before, a)
			if err != nil {
				return Result{}, contract.In(tx, a.Loan, err)
			}
			return enter(tx, a.Loan, before, e, tx.Post)
		})
	})
}

// Undo takes the latest event back.
func (d Desk) Undo(ctx context.Context, a Act) (Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Result, error) {
		content, err := loans.Content("undo", a)
		if err != nil {
			return Result{}, err
		}
		decide := func(events []Event) (Event, error) { return undo(events, a) }
		request := contract.Request{Command: "undo", Key: a.Key, Contract: a.Loan, Content: content}
		return loans.Reverse(tx, request, decide, func(before Loan, e Event, mirror contract.Post) (Result, error) {
			return enter(tx, a.Loan, before, e, mirror)
		})
	})
}

// enter judges an event by the book and writes it: the fund cannot give more
// than it has.
func enter(tx *ledger.Tx, id string, before Loan, e Event, post contract.Post) (Result, error) {
	after, err := before.Apply(e)
	if err != nil {
		return Result{}, contract.In(tx, id, err)
	}
	if e.WrittenOff.Sign() > 0 {
		has, err := tx.Balance(fundCash, "", ledger.EndOf(e.Date))
		if err != nil {
			return Result{}, err
		}
		if has.Less(e.WrittenOff) {
			short := contract.Refuse(errRefused, "write_off.fund", id, "the benevolent fund has %s, not %s", has, e.WrittenOff).Comparing(e.WrittenOff, has)
			return Result{}, contract.In(tx, id, short)
		}
	}
	return loans.Enter(tx, id, Result{Contract: after, Event: e}, journal(id, e), post)
}

// checks are what must hold of all loans.
func checks() []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("qardh.replay", loans.CheckReplay),
		ledger.NewCheck("qardh.entries", func(tx *ledger.Tx, say ledger.Report) error {
			return loans.CheckEntries(tx, say, func(m contract.Match[Event]) error {
				return loans.CheckEntry(tx, m, journal(m.Record.ID, m.Event).Lines, till, say)
			})
		}),
	}
}
