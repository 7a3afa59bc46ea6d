package savings_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// sleeping returns books in which account M1-SIWA was moved last on 1 January
// 2026 and is dormant by its product's terms after 12 months.
func sleeping() (*ledger.Book, *savings.Desk) {
	book, desk := cooperative()
	terms := savings.Terms{From: ledger.On(2026, time.January, 2), DormantMonths: 12, Fees: savings.Fees{Inactive: ledger.IDR.Of(1_500), Account: "50202"}}
	_, err := desk.ChangeProduct(context.Background(), savings.ProductChange{Key: "product/SIWA/2", Code: "SIWA", Terms: terms})
	try(err)
	return book, desk
}

func ExampleDesk_MarkAllDormant() {
	ctx, on := context.Background(), ledger.On(2027, time.January, 1)
	book, desk := sleeping()
	marked, err := desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "dormant/2027-01-01", Date: on})
	try(err)
	for _, one := range marked {
		fmt.Println(one.Account, "moved last on", one.Dormant.Last)
	}
	receipt, err := desk.Charge(ctx, savings.Charge{Key: "fee/2027-01/M1", Date: ledger.On(2027, time.January, 31), Account: "M1-SIWA", Fee: savings.InactiveFee})
	try(err)
	show(receipt.Posted)
	try(book.View(ctx, func(tx *ledger.Tx) error {
		list, err := savings.DormantIn(tx, ledger.On(2027, time.January, 31))
		if err != nil {
			return err
		}
		return list.Table().CSV(os.Stdout)
	}))
	// Output:
	// M1-SIWA moved last on 2026-01-01
	// 2027-01-31 Biaya rekening pasif M1-SIWA
	//   20101 M1-SIWA        1500.00
	//   50202               -1500.00
	// account,member,product,last,months,balance,since
	// M1-SIWA,M1,SIWA,2026-01-01,12,98500.00,2027-01-01
}

func ExampleDesk_MarkDormant() {
	_, desk := sleeping()
	_, err := desk.MarkDormant(context.Background(), savings.DormancyMarking{Key: "dormant/1", Date: ledger.On(2026, time.December, 31), Account: "M1-SIWA"})
	fmt.Println(err)
	// Output:
	// savings: account M1-SIWA: not dormant on 2026-12-31: the member moved it on 2026-01-01, and 12 months are over on 2027-01-01
}

func ExampleDesk_Reactivate() {
	ctx, on := context.Background(), ledger.On(2027, time.February, 10)
	_, desk := sleeping()
	_, err := desk.MarkDormant(ctx, savings.DormancyMarking{Key: "dormant/1", Date: ledger.On(2027, time.January, 1), Account: "M1-SIWA"})
	try(err)
	withdrawal := savings.Withdrawal{Key: "teller-7/2", Date: on, Account: "M1-SIWA", Amount: ledger.IDR.Of(20_000), Counter: savings.Place{Account: "10102"}}
	_, err = desk.Withdraw(ctx, withdrawal)
	fmt.Println(err)
	_, err = desk.Reactivate(ctx, savings.Reactivation{Key: "reactivate/1", Date: on, Account: "M1-SIWA", Reason: "anggota datang dengan KTP", By: "manajer"})
	try(err)
	receipt, err := desk.Withdraw(ctx, withdrawal)
	try(err)
	show(receipt.Posted)
	// Output:
	// savings: account M1-SIWA: is dormant since 2027-01-01: it must be reactivated first
	// 2027-02-10 Penarikan M1-SIWA
	//   20101 M1-SIWA       20000.00
	//   10102              -20000.00
}

func ExampleDueDormantIn() {
	book, _ := sleeping()
	try(book.View(context.Background(), func(tx *ledger.Tx) error {
		due, err := savings.DueDormantIn(tx, ledger.On(2027, time.January, 1))
		if err != nil {
			return err
		}
		last, err := savings.LastOwnIn(tx, due[0])
		fmt.Println(due, last)
		return err
	}))
	// Output:
	// [M1-SIWA] 2026-01-01
}
