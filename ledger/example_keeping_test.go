package ledger_test

import (
	"encoding/json"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// A contract's state is kept version by version with what happened. Two desks
// that load the same version cannot both save the next.
func ExampleTx_Save() {
	book := exampleBook()
	save := func(tx *ledger.Tx, key string, version int, event, state string) error {
		_, err := tx.Save(ledger.Record{Key: key, Kind: "qardh", ID: "QRD-1", Version: version, Event: event, Format: 1, State: json.RawMessage(state)})
		return err
	}
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		ok(save(tx, "form-1", 1, "grant", `{"left":100000}`))
		return save(tx, "BKM-9", 2, "pay", `{"left":60000}`)
	}))
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		fmt.Println(save(tx, "BKM-10", 2, "pay", `{"left":70000}`))
		latest, _, err := tx.Record("qardh", "QRD-1")
		ok(err)
		fmt.Println("latest:", latest.Version, string(latest.State))
		for version, err := range tx.History("qardh", "QRD-1") {
			fmt.Println(version.Version, version.Event, version.Key, err)
		}
		for record, err := range tx.Records("qardh", "") {
			fmt.Println(record.ID, err)
		}
		return nil
	}))
	// Output:
	// ledger: "BKM-10": qardh QRD-1 stands at version 2: the next is 3, not 2
	// latest: 2 {"left":60000}
	// 1 grant form-1 <nil>
	// 2 pay BKM-9 <nil>
	// QRD-1 <nil>
}

// Taking over running business: history with its own dates, and a contract
// that must agree with the opening balances of its subs.
func ExampleTx_Adopt() {
	book := exampleBook()
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		opening := deposit("saldo-awal", march(1), "M1", 750_000)
		opening.Memo = "Saldo awal"
		posted := must(tx.Import(opening)) // floors and blocks of today do not bind the past
		fmt.Println("imported:", posted.Imported)

		adopt := func(key string, balance int64) error {
			_, err := tx.Adopt(ledger.Adoption{
				Record: ledger.Record{Key: key, Kind: "savings", ID: "M1", Version: 1, Event: "adopt", Format: 1, State: json.RawMessage(`{"product":"SIMUDA"}`)},
				Day:    march(1), Claims: []ledger.Claim{{Account: "30101", Sub: "M1", Balance: ledger.IDR.Of(-balance)}},
			})
			return err
		}
		fmt.Println(adopt("adopt/M1-a", 700_000))
		fmt.Println(adopt("adopt/M1-b", 750_000))
		return nil
	}))
	// Output:
	// imported: true
	// ledger: "adopt/M1-a": account 30101/M1: savings M1 claims -700000.00 on 2026-03-01, the book has -750000.00
	// <nil>
}

// The head is printed on the month's report. A year later it proves that
// nothing up to it was changed or cut off.
func ExampleBook_Prove() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000))
	anchor := must(book.Head(ctx))
	fmt.Printf("%s, %d changes, digest of %d bytes\n", anchor.Book, anchor.Change, len(anchor.Digest))
	must(book.Post(ctx, deposit("T2", march(2), "M1", 10_000)))

	for finding, err := range book.Prove(ctx, anchor) {
		fmt.Println(finding, err)
	}
	fmt.Println("proved")
	anchor.Digest[0] ^= 1 // another history
	for finding, err := range book.Prove(ctx, anchor) {
		fmt.Println(finding.Check, "change", finding.Change, err)
	}
	// Output:
	// kspps-melati, 12 changes, digest of 32 bytes
	// proved
	// anchor change 12 <nil>
}

// A host adds its own invariants to Check: here, that every line on a member's
// savings says whose it is.
func ExampleNewCheck() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000))
	named := ledger.NewCheck("party", func(tx *ledger.Tx, report ledger.Report) error {
		for posted, err := range tx.Entries(1) {
			if err != nil {
				return err
			}
			for i := range posted.Lines {
				if l := ledger.LineOf(&posted, i); l.Sub != "" && l.Party.Member == "" {
					report(ledger.Finding{Entry: l.Entry, Account: l.Account, Sub: l.Sub}, "line %d of %s names no member", l.No, l.Amount.Abs())
				}
			}
		}
		return nil
	})
	for finding, err := range book.Check(ctx, named) {
		ok(err)
		fmt.Println(finding)
	}
	// Output:
	// party: entry 1: account 30101/M1: line 2 of 50000.00 names no member
}

// A backup is the list of a book's changes; package interchange writes it as
// JSON Lines. The restored book has the same head.
func ExampleRestore() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(2), "M1", 10_000))
	var backup []ledger.Change
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		for ch, err := range tx.Changes(1) {
			ok(err)
			backup = append(backup, ch)
		}
		return nil
	}))
	restored, err := ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: book.ID(), Clock: fixedClock()}, each(backup))
	ok(err)
	fmt.Println(must(book.Head(ctx)) == must(restored.Head(ctx)))

	_, err = ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: book.ID(), Clock: fixedClock()}, each(backup[1:]))
	fmt.Println(err)
	// Output:
	// true
	// ledger: corrupt book: change 2 (account) follows change 0
}

// Check says what is wrong, Rebuild recounts what can be recounted: the cached
// turnovers, never an entry.
func ExampleBook_Rebuild() {
	store := ledger.NewMemory()
	book := must(ledger.Create(ctx, store, ledger.Config{ID: "b", Currency: ledger.IDR, Chart: testChart(), Clock: fixedClock()}))
	must(book.Post(ctx, deposit("T1", march(1), "M1", 50_000)))
	head := must(book.Head(ctx))
	ok(store.Update(ctx, "b", func(w ledger.Writer) error { // somebody edits a row behind the book's back
		rows := []ledger.Turnover{{Day: march(1), Credit: ledger.IDR.Of(90_000), Balance: ledger.IDR.Of(-90_000)}}
		return w.Write(&ledger.Batch{Expect: head.Change, Head: head, Rebuilt: []ledger.SubTurnovers{{Account: "30101", Sub: "M1", Rows: rows}}})
	}))
	for finding, err := range book.Check(ctx) {
		ok(err)
		fmt.Println(finding.Check, finding.Account, finding.Sub)
	}
	for _, sub := range must(book.Rebuild(ctx)) {
		fmt.Println("rebuilt", sub.Account, sub.Sub, rp(sub.Rows[0].Balance.Neg()))
	}
	for finding := range book.Check(ctx) {
		fmt.Println(finding)
	}
	// Output:
	// turnovers 30101 M1
	// turnovers 30101 M1
	// rebuilt 30101 M1 50.000
}
