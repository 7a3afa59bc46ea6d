package murabahah_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// laptop is a laptop of 8 million, sold at 8.96 million in six instalments.
func laptop() murabahah.Terms {
	return murabahah.Terms{
		Contract: "MRB-2026-001",
		Buyer:    ledger.Party{Member: "M00044", Standing: ledger.Member},
		Goods:    "Laptop",
		Cost:     ledger.IDR.Of(8_000_000),
		Margin:   ledger.IDR.Of(960_000),
		Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: 6, FirstDue: ledger.On(2026, time.January, 31),
			Step: ledger.IDR.Of(1000), Rounding: ledger.RoundHalfUp,
		},
		Recognition: murabahah.Recognition{Method: murabahah.Annuity, Step: ledger.IDR.Of(1)},
	}
}

func ExampleTerms_Schedule() {
	schedule, err := laptop().Schedule()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range schedule.Rows {
		fmt.Println(row.No, row.Due, ledger.IDR.FormatLocal(row.Amount), ledger.IDR.FormatLocal(row.Principal), ledger.IDR.FormatLocal(row.Margin))
	}
	// Output:
	// 1 2026-01-31 1.493.000 1.226.057 266.943
	// 2 2026-02-28 1.493.000 1.266.968 226.032
	// 3 2026-03-31 1.493.000 1.309.244 183.756
	// 4 2026-04-30 1.493.000 1.352.931 140.069
	// 5 2026-05-31 1.493.000 1.398.075 94.925
	// 6 2026-06-30 1.495.000 1.446.725 48.275
}

// A contract from order to early settlement. In a program the events are
// stored and their entries posted together.
func ExampleContract() {
	var contract murabahah.Contract
	chart := murabahah.Accounts{
		Inventory: "11401", Receivable: "11101", DeferredMargin: "11102", DownPayment: "20302",
		MarginIncome: "50101", PenaltyFund: "90205", CostRecovery: "50290",
	}
	cash := murabahah.Place{Account: "10102"}
	january := func(day int) ledger.Date { return ledger.On(2026, time.January, day) }

	steps := []func() (murabahah.Event, error){
		func() (murabahah.Event, error) {
			return contract.Order(murabahah.Ordering{Date: january(2), Terms: laptop()})
		},
		func() (murabahah.Event, error) {
			return contract.Acquire(murabahah.Acquisition{Date: january(5), Cost: ledger.IDR.Of(8_000_000), Place: cash, Document: "FKT-1"})
		},
		func() (murabahah.Event, error) { return contract.Sell(murabahah.Sale{Date: january(6)}) },
		func() (murabahah.Event, error) {
			return contract.Pay(murabahah.Receipt{Date: january(31), Amount: ledger.IDR.Of(1_493_000), Place: cash})
		},
		func() (murabahah.Event, error) {
			return contract.Settle(murabahah.Settlement{Date: ledger.On(2026, time.February, 10), Place: cash})
		},
	}
	for _, step := range steps {
		event, err := step()
		if err != nil {
			fmt.Println(err)
			return
		}
		if contract, err = contract.Apply(event); err != nil {
			fmt.Println(err)
			return
		}
		entry := murabahah.Journal(contract, event, chart)
		fmt.Println(event.Date, entry.Memo)
		for _, line := range entry.Lines {
			fmt.Printf("  %s %s\n", line.Account, ledger.IDR.FormatLocal(line.Amount))
		}
	}
	fmt.Println(contract.State, "rebate", ledger.IDR.FormatLocal(contract.Position.Rebate))
	// Output:
	// 2026-01-02 Pesanan murabahah MRB-2026-001
	// 2026-01-05 Perolehan aset murabahah MRB-2026-001
	//   10102 -8.000.000
	//   11401 8.000.000
	// 2026-01-06 Penjualan murabahah MRB-2026-001
	//   11101 8.960.000
	//   11401 -8.000.000
	//   11102 -960.000
	// 2026-01-31 Angsuran murabahah MRB-2026-001
	//   10102 1.493.000
	//   11101 -1.493.000
	//   11102 266.943
	//   50101 -266.943
	// 2026-02-10 Pelunasan dipercepat murabahah MRB-2026-001
	//   10102 6.773.943
	//   11101 -7.467.000
	//   11102 693.057
	// settled rebate 693.057
}

func ExampleContract_Sell() {
	order, _ := murabahah.Contract{}.Order(murabahah.Ordering{Date: ledger.On(2026, time.January, 2), Terms: laptop()})
	contract, _ := murabahah.Contract{}.Apply(order)
	_, err := contract.Sell(murabahah.Sale{Date: ledger.On(2026, time.January, 3)})
	fmt.Println(err)
	// Output:
	// murabahah: contract MRB-2026-001: the goods must be owned before they are sold, the contract is only ordered (DSN-MUI 04/2000)
}

func ExampleContract_Quote() {
	adoption, _ := murabahah.Contract{}.Adopt(murabahah.Adoption{
		Date: ledger.On(2026, time.March, 31), Terms: laptop(), State: murabahah.Sold, Collected: ledger.IDR.Of(2_986_000),
	})
	contract, _ := murabahah.Contract{}.Apply(adoption)
	quote, err := contract.Quote(ledger.On(2026, time.April, 15))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range quote.Working() {
		fmt.Println(line.NameEn, ledger.IDR.FormatLocal(line.Amount))
	}
	// Output:
	// Price outstanding 5.974.000
	// Margin earned so far 492.975
	// Margin of instalments due 676.731
	// Margin owed 676.731
	// Rebate 283.269
	// To be paid 5.690.731
}
