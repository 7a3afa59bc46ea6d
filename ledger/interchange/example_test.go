package interchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

// exampleBook has one deposit.
func exampleBook(ctx context.Context) *ledger.Book {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR,
		Clock: func() time.Time { return time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC) },
		Chart: ledger.Chart{
			{Code: "10102", Name: "Kas Teller", Kind: ledger.Asset, Normal: ledger.DebitSide},
			{Code: "30101", Name: "Simpanan Mudharabah", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
		},
	})
	if err != nil {
		panic(err)
	}
	_, err = book.Post(ctx, ledger.Entry{
		Key: "T-1", Date: ledger.On(2026, time.November, 23), Memo: "Setoran tunai",
		Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(100_000)),
			ledger.Credit("30101", ledger.IDR.Of(100_000)).For("M0001-SIMUDA"),
		},
	})
	if err != nil {
		panic(err)
	}
	return book
}

func ExampleExportHledger() {
	ctx := context.Background()
	book := exampleBook(ctx)
	var journal strings.Builder
	err := book.View(ctx, func(tx *ledger.Tx) error { return interchange.ExportHledger(&journal, tx) })
	_, text, _ := strings.Cut(journal.String(), "\n\n") // the head stands above
	fmt.Println(text, err)
	// Output:
	// decimal-mark .
	// commodity IDR 1000.00
	//
	// account 10102  ; type:A, name:Kas Teller, kind:asset
	// account 30101  ; type:L, name:Simpanan Mudharabah, kind:syirkah
	// account 30101:M0001-SIMUDA
	//
	// 2026-11-23 * (1) Setoran tunai  ; key:T-1
	//     10102  IDR 100000.00
	//     30101:M0001-SIMUDA  IDR -100000.00
	//  <nil>
}

func ExampleExportBeancount() {
	ctx := context.Background()
	book := exampleBook(ctx)
	var file strings.Builder
	err := book.View(ctx, func(tx *ledger.Tx) error { return interchange.ExportBeancount(&file, tx) })
	_, text, _ := strings.Cut(file.String(), "\n\n") // options and the head stand above
	fmt.Println(text, err)
	// Output:
	// 1900-01-01 commodity IDR
	//
	// 1900-01-01 open Assets:10102 IDR
	//   name: "Kas Teller"
	//   kind: "asset"
	// 1900-01-01 open Liabilities:30101 IDR
	//   name: "Simpanan Mudharabah"
	//   kind: "syirkah"
	// 1900-01-01 open Liabilities:30101:M0001-SIMUDA IDR
	//
	// 2026-11-23 * "Setoran tunai"
	//   number: 1
	//   key: "T-1"
	//   Assets:10102  100000.00 IDR
	//   Liabilities:30101:M0001-SIMUDA  -100000.00 IDR
	//  <nil>
}

func ExampleExportEntries() {
	ctx := context.Background()
	book := exampleBook(ctx)
	err := book.View(ctx, func(tx *ledger.Tx) error { return interchange.ExportEntries(os.Stdout, tx) })
	fmt.Println(err)
	// Output:
	// number,date,key,memo,code,sub,debit,credit,document,maker,approver,phase,waiver,member,standing,activity,source,reverses,imported
	// 1,2026-11-23,T-1,Setoran tunai,10102,,100000.00,,,,,ordinary,,,,,,,
	// 1,2026-11-23,T-1,Setoran tunai,30101,M0001-SIMUDA,,100000.00,,,,ordinary,,,,,,,
	// <nil>
}

func ExampleExportBalances() {
	ctx := context.Background()
	book := exampleBook(ctx)
	err := book.View(ctx, func(tx *ledger.Tx) error { return interchange.ExportBalances(os.Stdout, tx, ledger.Latest()) })
	fmt.Println(err)
	// Output:
	// code,sub,balance
	// 10102,,100000.00
	// 30101,M0001-SIMUDA,-100000.00
	// <nil>
}

// A backup, and the book made from it in another store.
func ExampleImportBook() {
	ctx := context.Background()
	book := exampleBook(ctx)
	var backup bytes.Buffer
	if err := book.View(ctx, func(tx *ledger.Tx) error { return interchange.ExportBook(&backup, tx) }); err != nil {
		panic(err)
	}
	altered := strings.Replace(backup.String(), "Setoran", "Tarikan", 1)

	restored, err := interchange.ImportBook(ctx, ledger.NewMemory(), ledger.Config{Clock: time.Now}, &backup)
	if err != nil {
		panic(err)
	}
	before, _ := book.Head(ctx)
	after, _ := restored.Head(ctx)
	fmt.Println(before == after)

	_, err = interchange.ImportBook(ctx, ledger.NewMemory(), ledger.Config{Clock: time.Now}, strings.NewReader(altered))
	var fault *interchange.Fault
	if errors.As(err, &fault) {
		fmt.Println("refused at line", fault.Line)
	}
	// Output:
	// true
	// refused at line 5
}

func ExampleImportSheet() {
	ctx := context.Background()
	book := exampleBook(ctx)
	posted, err := interchange.ImportSheet(ctx, book, strings.NewReader(`date,key,memo,code,sub,debit,credit
2026-11-24,T-2,Setoran tunai,10102,,25000,
2026-11-24,T-2,Setoran tunai,30101,M0002-SIMUDA,,25000
`))
	fmt.Println(len(posted), err)

	_, err = interchange.ImportSheet(ctx, book, strings.NewReader(`date,key,memo,code,sub,debit,credit
2026-11-24,T-3,Setoran tunai,10102,,25.000,
2026-11-24,T-3,Setoran tunai,30101,M0002-SIMUDA,,25000
2026-11-24,T-4,Setoran tunai,10102,,40000,
2026-11-24,T-4,Setoran tunai,30101,,,45000
`))
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// interchange: line 2: debit: "25.000" is not an amount: more than 2 decimals
	// interchange: line 4: "T-4": credits exceed debits by 5000.00
	// interchange: line 5: "T-4": line 2: account 30101: is a control account: the line needs a sub key
}

// A sheet can be posted together with other writes.
func ExampleSheet_Post() {
	ctx := context.Background()
	book := exampleBook(ctx)
	sheet, err := interchange.ReadSheet(strings.NewReader("date,key,code,sub,debit,credit\n2026-11-24,T-2,10102,,25000,\n2026-11-24,T-2,30101,M0002-SIMUDA,,25000\n"), book.Currency())
	if err != nil {
		panic(err)
	}
	err = book.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.OpenSub(ledger.SubOpening{Key: "buka/2", Account: "30101", Sub: "M0002-SIMUDA", Holder: "M0002"}); err != nil {
			return err
		}
		_, err := sheet.Post(tx)
		return err
	})
	fmt.Println(len(sheet.Entries()), err)
	// Output:
	// 1 <nil>
}

func ExampleHledgerAccount() {
	name := interchange.HledgerAccount("30101", "Siti; buku 2")
	fmt.Println(name)
	fmt.Println(interchange.ParseHledgerAccount(name))
	// Output:
	// 30101:Siti%3B buku 2
	// 30101 Siti; buku 2
}

func ExampleBeancountAccount() {
	name := interchange.BeancountAccount(ledger.Syirkah, "30101", "Siti buku 2")
	fmt.Println(name)
	fmt.Println(interchange.ParseBeancountAccount(name))
	// Output:
	// Liabilities:30101:Siti-x20buku-x202
	// 30101 Siti buku 2
}
