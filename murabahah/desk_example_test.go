package murabahah_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

func try(err error) {
	if err != nil {
		panic(err)
	}
}

func show(r murabahah.Result) {
	fmt.Println(strings.TrimSpace(r.Event.String() + " " + r.Posted.Memo))
	for _, l := range r.Posted.Lines {
		fmt.Printf("  %-5s %-12s %14s\n", l.Account, l.Sub, ledger.IDR.Format(l.Amount))
	}
}

// soldLaptop returns a desk whose book has the laptop sold, and the book.
func soldLaptop() (*murabahah.Desk, *ledger.Book) {
	ctx := context.Background()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: deskChart(), Clock: fixedClock()})
	try(err)
	desk := murabahah.NewDesk(book, accounts)
	january := func(day int) ledger.Date { return ledger.On(2026, time.January, day) }
	_, err = desk.Order(ctx, murabahah.Ordering{Key: "SP-1", Date: january(2), Terms: laptop()})
	try(err)
	_, err = desk.Acquire(ctx, murabahah.Acquisition{Key: "BKK-1", Contract: "MRB-2026-001", Date: january(5), Cost: ledger.IDR.Of(8_000_000), Place: cash, Document: "FKT-1"})
	try(err)
	_, err = desk.Sell(ctx, murabahah.Sale{Key: "AKAD-1", Contract: "MRB-2026-001", Date: january(6)})
	try(err)
	return desk, book
}

// From order to sale: each step under the number of its paper.
func ExampleDesk() {
	ctx := context.Background()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: deskChart(), Clock: fixedClock()})
	try(err)
	desk := murabahah.NewDesk(book, murabahah.Accounts{
		Inventory: "11401", Receivable: "11101", DeferredMargin: "11102", DownPayment: "20302",
		MarginIncome: "50101", PenaltyFund: "90205", CostRecovery: "50290",
	})
	terms := laptop()
	terms.DownPayment = ledger.IDR.Of(1_000_000)
	place := murabahah.Place{Account: "10102"}
	january := func(day int) ledger.Date { return ledger.On(2026, time.January, day) }

	ordered, err := desk.Order(ctx, murabahah.Ordering{Key: "SP-1", Date: january(2), Terms: terms, Maker: "Ani"})
	try(err)
	show(ordered)
	received, err := desk.ReceiveDownPayment(ctx, murabahah.Receipt{
		Key: "BKM-1", Contract: "MRB-2026-001", Date: january(2), Amount: ledger.IDR.Of(1_000_000), Place: place,
	})
	try(err)
	show(received)
	bought, err := desk.Acquire(ctx, murabahah.Acquisition{
		Key: "BKK-1", Contract: "MRB-2026-001", Date: january(5), Cost: ledger.IDR.Of(8_000_000), Place: place, Supplier: "Toko Jaya", Document: "FKT-1",
	})
	try(err)
	show(bought)
	sold, err := desk.Sell(ctx, murabahah.Sale{Key: "AKAD-1", Contract: "MRB-2026-001", Date: january(6)})
	try(err)
	show(sold)
	for finding := range book.Check(ctx, murabahah.Checks(accounts)...) {
		fmt.Println(finding)
	}
	// Output:
	// order #1 on 2026-01-02
	// down_payment #2 on 2026-01-02 Uang muka murabahah MRB-2026-001
	//   10102                  1000000.00
	//   20302 MRB-2026-001    -1000000.00
	// acquire #3 on 2026-01-05 Perolehan aset murabahah MRB-2026-001
	//   10102                 -8000000.00
	//   11401 MRB-2026-001     8000000.00
	// sell #4 on 2026-01-06 Penjualan murabahah MRB-2026-001
	//   11101 MRB-2026-001     8960000.00
	//   11401 MRB-2026-001    -8000000.00
	//   11102 MRB-2026-001     -960000.00
	//   20302 MRB-2026-001     1000000.00
	//   11101 MRB-2026-001    -1000000.00
}

func ExampleDesk_Pay() {
	desk, _ := soldLaptop()
	receipt := murabahah.Receipt{
		Key: "BKM-17", Contract: "MRB-2026-001", Date: ledger.On(2026, time.January, 31),
		Amount: ledger.IDR.Of(1_493_000), Place: murabahah.Place{Account: "10102"}, Maker: "Ani",
	}
	paid, err := desk.Pay(context.Background(), receipt)
	try(err)
	show(paid)
	again, err := desk.Pay(context.Background(), receipt)
	try(err)
	fmt.Println("again:", again.Repeat, again.Posted.Number == paid.Posted.Number)
	receipt.Key, receipt.Amount = "BKM-18", ledger.IDR.Of(8_000_000)
	_, err = desk.Pay(context.Background(), receipt)
	fmt.Println(err)
	// Output:
	// pay #4 on 2026-01-31 Angsuran murabahah MRB-2026-001
	//   10102                  1493000.00
	//   11101 MRB-2026-001    -1493000.00
	//   11102 MRB-2026-001      266943.00
	//   50101                  -266943.00
	// again: true true
	// murabahah: contract MRB-2026-001: payment of 8000000.00 is above the 7467000.00 owed
}

// An instalment that the member's own savings pay obeys their floor.
func ExampleDesk_Pay_fromSavings() {
	ctx := context.Background()
	desk, book := soldLaptop()
	savings := murabahah.Place{Account: "30101", Sub: "M00044-SIMUDA"}
	try(book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.OpenSub(ledger.SubOpening{Key: "buka/1", Account: savings.Account, Sub: savings.Sub, Holder: "M00044", Floor: ledger.HardFloor(ledger.Money{})})
	}))
	_, err := desk.Pay(ctx, murabahah.Receipt{
		Key: "BKM-17", Contract: "MRB-2026-001", Date: ledger.On(2026, time.January, 31), Amount: ledger.IDR.Of(1_493_000), Place: savings,
	})
	fmt.Println(err)
	// Output:
	// ledger: "BKM-17": line 1: account 30101/M00044-SIMUDA: the balance on 2026-01-31 would be -1493000.00, below the least of 0.00
}

func ExampleDesk_Settle() {
	ctx := context.Background()
	desk, _ := soldLaptop()
	on := ledger.On(2026, time.February, 10)
	quote, err := desk.Quote(ctx, "MRB-2026-001", on)
	try(err)
	fmt.Println("pays", ledger.IDR.FormatLocal(quote.Pays), "rebate", ledger.IDR.FormatLocal(quote.Rebate))
	settled, err := desk.Settle(ctx, murabahah.Settlement{Key: "BKM-20", Contract: "MRB-2026-001", Date: on, Place: cash})
	try(err)
	show(settled)
	fmt.Println(settled.Contract.State)
	// Output:
	// pays 8.266.943 rebate 693.057
	// settle #4 on 2026-02-10 Pelunasan dipercepat murabahah MRB-2026-001
	//   10102                  8266943.00
	//   11101 MRB-2026-001    -8960000.00
	//   11102 MRB-2026-001      960000.00
	//   50101                  -266943.00
	// settled
}

// A penalty is no part of the debt and never income.
func ExampleDesk_Penalise() {
	desk, _ := soldLaptop()
	fined, err := desk.Penalise(context.Background(), murabahah.Receipt{
		Key: "BKM-30", Contract: "MRB-2026-001", Date: ledger.On(2026, time.March, 5), Amount: ledger.IDR.Of(25_000),
		Place: murabahah.Place{Account: "10111"}, Note: "mampu, menunda dua bulan",
	})
	try(err)
	show(fined)
	fmt.Println(ledger.IDR.FormatLocal(fined.Contract.Outstanding()))
	// Output:
	// penalty #4 on 2026-03-05 Denda (ta'zir) untuk dana kebajikan, murabahah MRB-2026-001
	//   10111                    25000.00
	//   90205                   -25000.00
	// 8.960.000
}

func ExampleDesk_Cancel() {
	ctx := context.Background()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: deskChart(), Clock: fixedClock()})
	try(err)
	desk := murabahah.NewDesk(book, accounts)
	terms := laptop()
	terms.DownPayment = ledger.IDR.Of(1_000_000)
	on := ledger.On(2026, time.January, 2)
	_, err = desk.Order(ctx, murabahah.Ordering{Key: "SP-1", Date: on, Terms: terms})
	try(err)
	_, err = desk.ReceiveDownPayment(ctx, murabahah.Receipt{Key: "BKM-1", Contract: "MRB-2026-001", Date: on, Amount: ledger.IDR.Of(1_000_000), Place: cash})
	try(err)
	cancelled, err := desk.Cancel(ctx, murabahah.Cancellation{
		Key: "BKK-2", Contract: "MRB-2026-001", Date: on.Next(), ActualLoss: ledger.IDR.Of(75_000), Evidence: "ongkos kirim", Place: cash,
	})
	try(err)
	show(cancelled)
	// Output:
	// cancel #3 on 2026-01-03 Pembatalan pesanan murabahah MRB-2026-001
	//   10102                  -925000.00
	//   20302 MRB-2026-001     1000000.00
	//   50290                   -75000.00
}

// Contract and books step back together.
func ExampleDesk_Reverse() {
	ctx := context.Background()
	desk, _ := soldLaptop()
	on := ledger.On(2026, time.January, 31)
	_, err := desk.Pay(ctx, murabahah.Receipt{Key: "BKM-17", Contract: "MRB-2026-001", Date: on, Amount: ledger.IDR.Of(1_493_000), Place: cash})
	try(err)
	undone, err := desk.Reverse(ctx, murabahah.Reversal{Key: "KOR-1", Contract: "MRB-2026-001", Date: on, Reason: "salah kontrak", Approver: "Budi"})
	try(err)
	show(undone)
	fmt.Println(undone.Contract.State, ledger.IDR.FormatLocal(undone.Contract.Outstanding()))
	// Output:
	// reverse #5 on 2026-01-31 salah kontrak
	//   10102                 -1493000.00
	//   11101 MRB-2026-001     1493000.00
	//   11102 MRB-2026-001     -266943.00
	//   50101                   266943.00
	// sold 8.960.000
}

// A contract in mid-term is taken over on top of its opening balances.
func ExampleDesk_Adopt() {
	ctx := context.Background()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: deskChart(), Clock: fixedClock()})
	try(err)
	on := ledger.On(2026, time.March, 31)
	_, err = book.Post(ctx, ledger.Entry{Key: "saldo-awal", Date: on, Memo: "Saldo awal", Lines: []ledger.Line{
		ledger.Debit("11101", ledger.IDR.Of(5_974_000)).For("MRB-2026-001"),
		ledger.Credit("11102", ledger.IDR.Of(467_025)).For("MRB-2026-001"),
		ledger.Credit("40402", ledger.IDR.Of(5_506_975)),
	}})
	try(err)
	desk := murabahah.NewDesk(book, accounts)
	adoption := murabahah.Adoption{Key: "alih-1", Date: on, Terms: laptop(), State: murabahah.Sold, Collected: ledger.IDR.Of(1_493_000)}
	_, err = desk.Adopt(ctx, adoption)
	fmt.Println(err)
	adoption.Collected = ledger.IDR.Of(2_986_000)
	adopted, err := desk.Adopt(ctx, adoption)
	try(err)
	fmt.Println(adopted.Contract.State, ledger.IDR.FormatLocal(adopted.Contract.Outstanding()))
	// Output:
	// murabahah: contract MRB-2026-001: the receivable is 7467000.00 by terms and progress, the book has 5974000.00 on account 11101/MRB-2026-001 on 2026-03-31
	// sold 5.974.000
}

func ExampleDesk_Card() {
	ctx := context.Background()
	desk, _ := soldLaptop()
	_, err := desk.Pay(ctx, murabahah.Receipt{Key: "BKM-17", Contract: "MRB-2026-001", Date: ledger.On(2026, time.January, 31), Amount: ledger.IDR.Of(2_000_000), Place: cash})
	try(err)
	card, err := desk.Card(ctx, "MRB-2026-001")
	try(err)
	for _, row := range card.Rows {
		fmt.Printf("%d %s %9s %9s %7s %9s %9s\n", row.No, row.Due, ledger.IDR.FormatLocal(row.Amount), ledger.IDR.FormatLocal(row.Principal),
			ledger.IDR.FormatLocal(row.Margin), ledger.IDR.FormatLocal(row.Paid), ledger.IDR.FormatLocal(row.Outstanding))
	}
	// Output:
	// 1 2026-01-31 1.493.000 1.226.057 266.943 1.493.000         0
	// 2 2026-02-28 1.493.000 1.266.968 226.032   507.000   986.000
	// 3 2026-03-31 1.493.000 1.309.244 183.756         0 1.493.000
	// 4 2026-04-30 1.493.000 1.352.931 140.069         0 1.493.000
	// 5 2026-05-31 1.493.000 1.398.075  94.925         0 1.493.000
	// 6 2026-06-30 1.495.000 1.446.725  48.275         0 1.495.000
}

// An instalment and the host's own entry, both or neither.
func ExampleDesk_PayTx() {
	ctx := context.Background()
	desk, book := soldLaptop()
	err := book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := desk.PayTx(tx, murabahah.Receipt{Key: "BKM-17", Contract: "MRB-2026-001", Date: ledger.On(2026, time.January, 31), Amount: ledger.IDR.Of(1_493_000), Place: cash})
		if err != nil {
			return err
		}
		_, err = tx.Post(ledger.Entry{Key: "BKM-17/setor", Date: ledger.On(2026, time.January, 31), Memo: "Setor ke bank", Lines: []ledger.Line{
			ledger.Debit("10201", ledger.IDR.Of(1_493_000)), ledger.Credit("10102", ledger.IDR.Of(1_493_000)),
		}})
		return err
	})
	try(err)
	contract, err := desk.Contract(ctx, "MRB-2026-001")
	try(err)
	fmt.Println(contract.State, ledger.IDR.FormatLocal(contract.Outstanding()))
	// Output:
	// sold 7.467.000
}
