package ledger_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// A month is closed softly, adjusted, closed hard, and reopened by authority.
func ExampleBook_CloseThrough() {
	book := exampleBook(deposit("T1", march(30), "M1", 50_000))
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.Close(ledger.PeriodClosing{Key: "tutup-03s", Through: march(31), Soft: true, By: "akuntan"})
	}))
	late := deposit("T2", march(31), "M1", 1_000)
	_, err := book.Post(ctx, late)
	fmt.Println(err)
	late.Phase = ledger.Adjusting
	_, err = book.Post(ctx, late)
	fmt.Println(err)
	ok(book.CloseThrough(ctx, ledger.PeriodClosing{Key: "tutup-03", Through: march(31), Reason: "laporan bulan", By: "manajer"}))
	late.Key = "T3"
	_, err = book.Post(ctx, late)
	fmt.Println(err)
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.Reopen(ledger.PeriodReopening{Key: "buka-03", SoftThrough: march(31), Reason: "koreksi auditor", By: "pengawas"})
	}))
	_, err = book.Post(ctx, late)
	fmt.Println(err)
	// Output:
	// ledger: "T2": 2026-03-31 is softly closed through 2026-03-31: only adjusting and closing entries are taken
	// <nil>
	// ledger: "T3": 2026-03-31 is closed: every day through 2026-03-31 is
	// <nil>
}

// The year's end: income and expense go to this year's result, and on the
// first day of the new year that becomes last year's, not yet divided. The
// year's income can still be read afterwards.
func ExampleTx_CloseYear() {
	last := ledger.On(2026, time.December, 31)
	book := exampleBook(
		ledger.Entry{Key: "I1", Date: last, Lines: []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(900_000)), ledger.Credit("50101", ledger.IDR.Of(900_000))}},
		ledger.Entry{Key: "E1", Date: last, Lines: []ledger.Line{ledger.Debit("60101", ledger.IDR.Of(600_000)), ledger.Credit("10102", ledger.IDR.Of(600_000))}},
	)
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		closing, _, err := tx.CloseYear(ledger.YearEnd{Key: "tutup-2026", Day: last, Result: "40402", Approver: "rapat anggota"})
		ok(err)
		carried, _, err := tx.CarryResult(ledger.CarryResult{Key: "awal-2027", Day: last.Next(), From: "40402", To: "40401"})
		ok(err)
		fmt.Println(closing.Key, closing.Phase, "and", carried.Key)

		fmt.Println("income before closing", rp(must(tx.KindBalance(ledger.Income, ledger.EndOf(last).BeforeClosing())).Neg()))
		fmt.Println("income after closing ", rp(must(tx.KindBalance(ledger.Income, ledger.EndOf(last))).Neg()))
		fmt.Println("SHU tahun lalu       ", rp(must(tx.Balance("40401", "", ledger.EndOf(last.Next()))).Neg()))
		_, credit, err := tx.Turnover("50101", "", ledger.InMonth(ledger.MonthOf(2026, time.December)).BeforeClosing())
		fmt.Println("income of December   ", rp(credit))
		return err
	}))
	// Output:
	// tutup-2026/1 closing and awal-2027/1
	// income before closing 900.000
	// income after closing  0
	// SHU tahun lalu        300.000
	// income of December    900.000
}

// A cash count is a fact that the book keeps, checked when it is recorded and
// ever after: a back-dated entry that breaks it is found.
func ExampleTx_Assert() {
	book := exampleBook(deposit("T1", march(10), "M1", 50_000))
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		wrong := tx.Assert(ledger.Assertion{Key: "kas/10-a", Account: "10102", Date: march(10), Balance: ledger.IDR.Of(49_000)})
		fmt.Println(wrong)
		return tx.Assert(ledger.Assertion{Key: "kas/10-b", Account: "10102", Date: march(10), Balance: ledger.IDR.Of(50_000), Document: "BA kas opname", By: "pengawas"})
	}))
	must(book.Post(ctx, deposit("T2", march(9), "M1", 5_000))) // back-dated, before the count
	for finding, err := range book.Check(ctx) {
		fmt.Println(finding, err)
	}
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		for a, err := range tx.Assertions() {
			fmt.Println(a.Key, a.Document, err)
		}
		return nil
	}))
	// Output:
	// ledger: "kas/10-a": account 10102: the balance on 2026-03-10 is 50000.00, asserted as 49000.00
	// assertions: account 10102: asserted as 50000.00 on 2026-03-10 ("kas/10-b"), now 55000.00 <nil>
	// kas/10-b BA kas opname <nil>
}
