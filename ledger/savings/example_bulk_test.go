package savings_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// An employer has deducted its workers' savings from their pay: one file, one
// call. What is wrong with it is told line by line, and nothing is paid in.
func ExampleDesk_DepositAll() {
	desk := example()
	list, err := savings.ReadBulk(strings.NewReader(`key,member,product,amount
GAJI-11/1,M1,SIMUDA,150000
GAJI-11/2,M2,SIMUDA,15000
GAJI-11/3,M3,SIMUDA,100000
`), ledger.IDR)
	try(err)
	payroll := savings.BulkDeposit{
		Date: ledger.On(2026, time.November, 25), Counter: savings.Place{Account: "10201"}, List: list, Memo: "Potongan gaji November",
	}
	_, err = desk.DepositAll(context.Background(), payroll)
	var faults *savings.BulkError
	if errors.As(err, &faults) {
		for _, fault := range faults.Faults {
			fmt.Println(fault)
		}
	}

	payroll.List.Lines[1].Amount = ledger.IDR.Of(51_000) // as the employer had meant
	payroll.List.Lines = payroll.List.Lines[:2]
	result, err := desk.DepositAll(context.Background(), payroll)
	try(err)
	fmt.Println(len(result.Receipts), ledger.IDR.Format(result.Total))
	again, err := desk.DepositAll(context.Background(), payroll)
	try(err)
	fmt.Println(again.Repeats)
	// Output:
	// line 3: key "GAJI-11/2": account M2-SIMUDA: product SIMUDA: the first deposit is below the product's minimum opening: 15000.00 asked, at least 20000.00
	// line 4: key "GAJI-11/3": member M3: there is no such member
	// 2 201000.00
	// 2
}

// A file becomes the lines of a bulk deposit. Rows that cannot be read are kept
// as faults, so that the desk tells everything at once.
func ExampleReadBulk() {
	list, err := savings.ReadBulk(strings.NewReader(`key,account,amount,note
GAJI-11/1,M1-SIMUDA,150000,Lembur
GAJI-11/2,M2-SIMUDA,seratus ribu,
`), ledger.IDR)
	try(err)
	fmt.Println(list.Lines[0].Account, ledger.IDR.Format(list.Lines[0].Amount), list.Lines[0].Note)
	fmt.Println(list.Faults[0])
	// Output:
	// M1-SIMUDA 150000.00 Lembur
	// line 3: key "GAJI-11/2": account M2-SIMUDA: "seratus ribu" is not an amount: not a number
}
