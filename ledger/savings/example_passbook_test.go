package savings_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// withPassbook returns books in which account M1-SIWA has passbook A-0001, of
// two lines a page, and three lines.
func withPassbook() (*ledger.Book, *savings.Desk) {
	ctx, on := context.Background(), ledger.On(2026, time.January, 2)
	book, desk := cooperative()
	policy := savings.DefaultPolicy()
	policy.From, policy.PassbookLines = on, 2
	_, err := desk.SetPolicy(ctx, savings.PolicySetting{Key: "policy/2", Policy: policy})
	try(err)
	_, err = desk.IssuePassbook(ctx, savings.PassbookIssue{Key: "passbook/1", Date: on, Account: "M1-SIWA", Serial: "A-0001"})
	try(err)
	for n, amount := range []int64{25_000, 40_000} {
		_, err := desk.Deposit(ctx, savings.Deposit{Key: fmt.Sprint("teller-7/", n+2), Date: ledger.On(2026, time.February, n+2), Account: "M1-SIWA", Amount: ledger.IDR.Of(amount), Counter: savings.Place{Account: "10102"}})
		try(err)
	}
	return book, desk
}

func ExampleDesk_PrintPassbook() {
	_, desk := withPassbook()
	printed, err := desk.PrintPassbook(context.Background(), savings.PassbookPrinting{Key: "print/1", Date: ledger.On(2026, time.February, 3), Account: "M1-SIWA", Serial: "A-0001"})
	try(err)
	for _, page := range printed.Tables() {
		try(page.Text(os.Stdout, false))
	}
	// Output:
	// BUKU TABUNGAN M1-SIWA A-0001/1
	// 2026-02-02
	//
	// No  Tanggal     Keterangan       Debet   Kredit    Saldo
	// --------------------------------------------------------
	//  1  2026-01-01  Setoran M1-SIWA         100.000  100.000
	//  2  2026-02-02  Setoran M1-SIWA          25.000  125.000
	// BUKU TABUNGAN M1-SIWA A-0001/2
	// 2026-02-03
	//
	// No  Tanggal     Keterangan       Debet  Kredit    Saldo
	// -------------------------------------------------------
	//                 Saldo pindahan                  125.000
	//  3  2026-02-03  Setoran M1-SIWA         40.000  165.000
}

func ExampleMismatch() {
	ctx, on := context.Background(), ledger.On(2026, time.February, 10)
	book, desk := withPassbook()
	printing := savings.PassbookPrinting{Key: "print/1", Date: on, Account: "M1-SIWA", Serial: "A-0001"}
	_, err := desk.PrintPassbook(ctx, printing)
	try(err)
	_, err = desk.Reverse(ctx, savings.Reversal{Key: "koreksi/1", Of: "teller-7/2", Date: ledger.On(2026, time.February, 2), Reason: "Salah rekening"})
	try(err)
	printing.Key = "print/2"
	_, err = desk.PrintPassbook(ctx, printing)
	var m *savings.Mismatch
	if errors.As(err, &m) {
		fmt.Println(m.Serial, "shows", ledger.IDR.Format(m.Shown), "and should show", ledger.IDR.Format(m.Stands))
	}
	try(book.View(ctx, func(tx *ledger.Tx) error {
		m, err := savings.MismatchIn(tx, "M1-SIWA")
		fmt.Println(m)
		return err
	}))
	printing.Corrections = true
	printed, err := desk.PrintPassbook(ctx, printing)
	try(err)
	try(printed.Tables()[0].Text(os.Stdout, false))
	// Output:
	// A-0001 shows 165000.00 and should show 140000.00
	// savings: account M1-SIWA: passbook A-0001 lacks lines dated before its line 3: 1, the first of 2026-02-02
	// BUKU TABUNGAN M1-SIWA A-0001/2
	// 2026-02-02
	//
	// No  Tanggal     Keterangan       Debet  Kredit    Saldo
	// -------------------------------------------------------
	// *4  2026-02-02  Salah rekening  25.000          140.000
}

func ExampleDesk_ReplacePassbook() {
	ctx, on := context.Background(), ledger.On(2026, time.March, 2)
	book, desk := withPassbook()
	terms := savings.Terms{From: ledger.On(2026, time.February, 1), Fees: savings.Fees{Passbook: ledger.IDR.Of(10_000), Account: "50202"}}
	_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: "product/SIWA/2", Code: "SIWA", Terms: terms})
	try(err)
	_, err = desk.PrintPassbook(ctx, savings.PassbookPrinting{Key: "print/1", Date: on, Account: "M1-SIWA", Serial: "A-0001"})
	try(err)
	replaced, err := desk.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "passbook/2", Date: on, Account: "M1-SIWA", Serial: "A-0002",
		Cause: savings.LostBook, By: "manajer", Document: "laporan kehilangan/3", Charge: true, Counter: savings.Place{Account: "10102"}})
	try(err)
	show(replaced.Posted)
	try(book.View(ctx, func(tx *ledger.Tx) error {
		register, err := savings.PassbooksIn(tx, on)
		if err != nil {
			return err
		}
		p, _, err := savings.IssuedPassbookIn(tx, "M1-SIWA")
		fmt.Println(p.Serial, "begins with", ledger.IDR.Format(p.Brought))
		if err != nil {
			return err
		}
		return register.Table().CSV(os.Stdout)
	}))
	// Output:
	// 2026-03-02 Biaya ganti buku M1-SIWA
	//   10102               10000.00
	//   50202              -10000.00
	// A-0002 begins with 165000.00
	// account,member,serial,book,issued,number,page,balance,missed
	// M1-SIWA,M1,A-0002,2,2026-03-02,3,1,165000.00,
}
