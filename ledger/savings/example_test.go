package savings_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// example returns a desk with the product SIMUDA and the members M1 and M2,
// each with an account.
func example() *savings.Desk {
	ctx, from := context.Background(), ledger.On(2026, time.January, 1)
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()})
	try(err)
	desk := savings.NewDesk(book)
	_, err = desk.AddProduct(ctx, savings.ProductOpening{Key: "P/SIMUDA", Code: "SIMUDA", Akad: savings.Mudharabah, Control: "30101", Terms: savings.Terms{
		From: from, Name: "Simpanan Mudharabah", Nisbah: decimal.RequireFromString("0.40"), ShareAccount: "50901",
		MinOpening: ledger.IDR.Of(20_000), MinBalance: ledger.IDR.Of(10_000),
	}})
	try(err)
	for _, m := range []string{"M1", "M2"} {
		_, err = desk.Join(ctx, savings.Joining{Key: "J/" + m, Date: from, Member: m})
		try(err)
		_, err = desk.Open(ctx, savings.Opening{Key: "O/" + m, Date: from, Account: m + "-SIMUDA", Member: m, Product: "SIMUDA"})
		try(err)
	}
	return desk
}

func try(err error) {
	if err != nil {
		panic(err)
	}
}

func show(p ledger.Posted) {
	fmt.Println(p.Date, p.Memo)
	for _, l := range p.Lines {
		fmt.Printf("  %-5s %-9s %12s\n", l.Account, l.Sub, ledger.IDR.Format(l.Amount))
	}
}

func ExampleDesk_Deposit() {
	desk := example()
	deposit := savings.Deposit{
		Key: "teller-7/000123", Date: ledger.On(2026, time.November, 23), Account: "M1-SIMUDA",
		Amount: ledger.IDR.Of(100_000), Counter: savings.Place{Account: "10102"}, Memo: "Setoran tunai",
	}
	receipt, err := desk.Deposit(context.Background(), deposit)
	try(err)
	show(receipt.Posted)
	again, err := desk.Deposit(context.Background(), deposit)
	fmt.Println(again.Repeat, err)
	// Output:
	// 2026-11-23 Setoran tunai
	//   10102              100000.00
	//   30101 M1-SIMUDA   -100000.00
	// true <nil>
}

func ExampleDesk_Withdraw() {
	ctx, desk, on := context.Background(), example(), ledger.On(2026, time.November, 23)
	teller := savings.Place{Account: "10102"}
	_, err := desk.Deposit(ctx, savings.Deposit{Key: "1", Date: on, Account: "M1-SIMUDA", Amount: ledger.IDR.Of(100_000), Counter: teller})
	try(err)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "2", Date: on, Account: "M1-SIMUDA", Amount: ledger.IDR.Of(95_000), Counter: teller})
	fmt.Println(err)
	receipt, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "3", Date: on, Account: "M1-SIMUDA", Amount: ledger.IDR.Of(90_000), Counter: teller})
	try(err)
	show(receipt.Posted)
	// Output:
	// savings: account M1-SIMUDA: member M1: the balance does not suffice: 95000.00 asked, at least 10000.00 must stay of 100000.00 on 2026-11-23
	// 2026-11-23 Penarikan M1-SIMUDA
	//   30101 M1-SIMUDA     90000.00
	//   10102              -90000.00
}

func ExampleDesk_Transfer() {
	ctx, desk, on := context.Background(), example(), ledger.On(2026, time.November, 23)
	_, err := desk.Deposit(ctx, savings.Deposit{Key: "1", Date: on, Account: "M1-SIMUDA", Amount: ledger.IDR.Of(100_000), Counter: savings.Place{Account: "10102"}})
	try(err)
	receipt, err := desk.Transfer(ctx, savings.Transfer{Key: "2", Date: on, From: "M1-SIMUDA", To: "M2-SIMUDA", Amount: ledger.IDR.Of(25_000)})
	try(err)
	show(receipt.Posted)
	// Output:
	// 2026-11-23 Pindah buku M1-SIMUDA ke M2-SIMUDA
	//   30101 M1-SIMUDA     25000.00
	//   30101 M2-SIMUDA    -25000.00
}

func ExampleDesk_Close() {
	ctx, desk, on := context.Background(), example(), ledger.On(2026, time.November, 23)
	teller := savings.Place{Account: "10102"}
	_, err := desk.Deposit(ctx, savings.Deposit{Key: "1", Date: on, Account: "M1-SIMUDA", Amount: ledger.IDR.Of(100_000), Counter: teller})
	try(err)
	closure, err := desk.Close(ctx, savings.Closing{Key: "2", Date: on, Account: "M1-SIMUDA", Counter: teller, Fee: ledger.IDR.Of(5_000), FeeAccount: "50202"})
	try(err)
	fmt.Println(closure.Account.Status, ledger.IDR.Format(closure.Paid))
	show(closure.Posted)
	// Output:
	// closed 95000.00
	// 2026-11-23 Penutupan M1-SIMUDA
	//   30101 M1-SIMUDA    100000.00
	//   50202               -5000.00
	//   10102              -95000.00
}

func ExampleDesk_Passbook() {
	ctx, desk := context.Background(), example()
	teller := savings.Place{Account: "10102"}
	for d, amount := range []int64{100_000, 50_000, 25_000} {
		_, err := desk.Deposit(ctx, savings.Deposit{Key: fmt.Sprint(d), Date: ledger.On(2026, time.November, 23+d), Account: "M1-SIMUDA", Amount: ledger.IDR.Of(amount), Counter: teller})
		try(err)
	}
	query := savings.PassbookQuery{Account: "M1-SIMUDA", Lines: 2}
	for {
		page, err := desk.Passbook(ctx, query)
		try(err)
		for _, line := range page.Lines {
			fmt.Println(line.Date, line.Memo, ledger.IDR.FormatLocal(line.In), ledger.IDR.FormatLocal(line.Balance))
		}
		if !page.More {
			break
		}
		query.After = page.Next
	}
	// Output:
	// 2026-11-23 Setoran M1-SIMUDA 100.000 100.000
	// 2026-11-24 Setoran M1-SIMUDA 50.000 150.000
	// 2026-11-25 Setoran M1-SIMUDA 25.000 175.000
}

func ExampleDesk_Open() {
	ctx, desk := context.Background(), example()
	opened, err := desk.Open(ctx, savings.Opening{Key: "O/3", Date: ledger.On(2026, time.March, 2), Account: "M1-SIMUDA-2", Member: "M1", Product: "SIMUDA", PayTo: "M1-SIMUDA"})
	try(err)
	fmt.Println(opened.Account.ID, opened.Account.Status, opened.Account.PayTo)
	// Output: M1-SIMUDA-2 opened M1-SIMUDA
}

// A running account is adopted; the opening entry brings its balance.
func ExampleDesk_Adopt() {
	ctx, desk := context.Background(), example()
	adopted, err := desk.Adopt(ctx, savings.Opening{Key: "A/1", Date: ledger.On(2026, time.March, 2), Account: "M2-LAMA", Member: "M2", Product: "SIMUDA"})
	try(err)
	fmt.Println(adopted.Account.ID, adopted.Account.Status)
	// Output: M2-LAMA active
}

func ExampleDesk_ChangeProduct() {
	ctx, desk := context.Background(), example()
	changed, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: "N/1", Code: "SIMUDA", Terms: savings.Terms{
		From: ledger.On(2026, time.July, 1), Name: "Simpanan Mudharabah", Nisbah: decimal.RequireFromString("0.45"), ShareAccount: "50901",
		MinOpening: ledger.IDR.Of(20_000), MinBalance: ledger.IDR.Of(10_000),
	}})
	try(err)
	for _, on := range []ledger.Date{ledger.On(2026, time.June, 30), ledger.On(2026, time.July, 1)} {
		terms, _ := changed.Product.On(on)
		fmt.Println(on, terms.Nisbah)
	}
	// Output:
	// 2026-06-30 0.4
	// 2026-07-01 0.45
}

func ExampleDesk_Join() {
	joined, err := example().Join(context.Background(), savings.Joining{Key: "J/3", Date: ledger.On(2026, time.March, 2), Member: "M3", Standing: ledger.Candidate})
	try(err)
	fmt.Println(joined.Member.Number, joined.Member.Joined, joined.Member.Standing)
	// Output: M3 2026-03-02 candidate
}

func ExampleDesk_Leave() {
	left, err := example().Leave(context.Background(), savings.Leaving{Key: "L/1", Date: ledger.On(2026, time.March, 2), Member: "M1", Reason: "pindah domisili"})
	try(err)
	fmt.Println(left.Member.Party(ledger.On(2026, time.March, 1)).Standing, left.Member.Party(ledger.On(2026, time.March, 2)).Standing)
	// Output: member other
}
