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
}

// A contract from order to early settlement. In a program the events are
// stored and their entries posted together.
func ExampleContract() {
	var contract murabahah.Contract
	chart := murabahah.Accounts{
		Inventory: "11401", Receivable: "11101", DeferredMargin: "11102", DownPayment: "20302",
		MarginIncome: "50101", PenaltyFund: "90205", CostRecovery: "50901",
	}
	cash := murabahah.Place{Account: "10102"}
	january := func(day int) ledger.Date { return ledger.On(2026, time.January, day) }

	steps := []func() (murabahah.Event, error){
		func() (murabahah.Event, error) {
			return contract.Order(murabahah.Ordering{Date: january(2), Terms: laptop()})
		},
		func() (murabahah.Event, error) {
			return contract.Acquire(murabahah.Acquisition{Date: january(5), Cost: ledger.IDR.Of(8_000_000), Place: cash})
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
}

func ExampleContract_Sell() {
	order, _ := murabahah.Contract{}.Order(murabahah.Ordering{Date: ledger.On(2026, time.January, 2), Terms: laptop()})
	contract, _ := murabahah.Contract{}.Apply(order)
	_, err := contract.Sell(murabahah.Sale{Date: ledger.On(2026, time.January, 3)})
	fmt.Println(err)
	// Output:
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
}
