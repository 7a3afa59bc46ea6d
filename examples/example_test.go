package examples_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// The body of this example stands in the README; a test keeps the two the same.
func Example() {
	ctx := context.Background()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: time.Now,
	})
	if err != nil {
		log.Fatal(err)
	}
	deposit := ledger.Entry{
		Key:  "teller-7/000123", // the voucher's number: each is carried out once
		Date: ledger.On(2026, time.November, 23), Memo: "Setoran tunai",
		Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(100_000)),                      // Kas Teller
			ledger.Credit("30101", ledger.IDR.Of(100_000)).For("M0001-SIMUDA"), // Simpanan Mudharabah
		},
	}
	first, err := book.Post(ctx, deposit)
	fmt.Println(first.Number, first.Repeat, err)
	again, err := book.Post(ctx, deposit) // the answer got lost: asking again changes nothing
	fmt.Println(again.Number, again.Repeat, err)
	deposit.Lines[0].Amount = ledger.IDR.Of(90_000)
	_, err = book.Post(ctx, deposit) // the same voucher with another content
	fmt.Println(errors.Is(err, ledger.ErrKeyConflict))
	// Output:
	// 1 false <nil>
	// 1 true <nil>
	// true
}
