package savings_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// cooperative returns books on the standard chart with a policy, two products
// of voluntary savings and one of dues, and the member M1 with an account of
// each but the last.
func cooperative() (*ledger.Book, *savings.Desk) {
	ctx, from := context.Background(), ledger.On(2026, time.January, 1)
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.StandardChart()})
	try(err)
	desk := savings.NewDesk(book)
	policy := savings.DefaultPolicy()
	policy.From, policy.Claims, policy.Shortage, policy.Overage = from, "20204", "15104", "20901"
	_, err = desk.SetPolicy(ctx, savings.PolicySetting{Key: "policy/1", Policy: policy})
	try(err)
	fees := savings.Fees{Monthly: ledger.IDR.Of(2_500), Account: "50202"}
	for _, p := range []savings.ProductOpening{
		{Code: "SIWA", Akad: savings.Wadiah, Control: "20101", Terms: savings.Terms{From: from, MinBalance: ledger.IDR.Of(10_000), Fees: fees}},
		{Code: "WAJIB", Akad: savings.Wajib, Control: "40102", Terms: savings.Terms{From: from, Dues: ledger.IDR.Of(25_000)}},
		{Code: "SIMUDA", Akad: savings.Mudharabah, Control: "30101", Terms: savings.Terms{From: from, Nisbah: decimal.RequireFromString("0.40"), ShareAccount: "50901"}},
	} {
		p.Key = "product/" + p.Code
		_, err := desk.AddProduct(ctx, p)
		try(err)
	}
	_, err = desk.Join(ctx, savings.Joining{Key: "join/M1", Date: from, Member: "M1", ApprovedBy: "pengurus"})
	try(err)
	for _, product := range []string{"SIWA", "WAJIB"} {
		_, err := desk.Open(ctx, savings.Opening{Key: "open/" + product, Date: from, Account: "M1-" + product, Member: "M1", Product: product})
		try(err)
	}
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "teller-7/1", Date: from, Account: "M1-SIWA", Amount: ledger.IDR.Of(100_000), Counter: savings.Place{Account: "10102"}})
	try(err)
	return book, desk
}

func ExampleDesk_Enrol() {
	_, desk := cooperative()
	var persons savings.MemoryPersons // the host's own store in earnest
	enrolment := savings.Enrolment{
		Joining: savings.Joining{Key: "join/M2", Date: ledger.On(2026, time.March, 2), Member: "M2", ApprovedBy: "pengurus"},
		Person:  savings.Person{Name: "Siti Aminah", Identity: "3404 0112 3456 0001"},
		Salt:    []byte("a secret of the cooperative"),
	}
	_, err := desk.Enrol(context.Background(), &persons, enrolment)
	try(err)
	enrolment.Key, enrolment.Member = "join/M3", "M3"
	_, err = desk.Enrol(context.Background(), &persons, enrolment)
	fmt.Println(err)
	// Output:
	// savings: member M3: the same person is member M2: one person, one membership (UU 25/1992)
}

func ExampleDesk_CollectDues() {
	ctx, on := context.Background(), ledger.On(2026, time.February, 1)
	book, desk := cooperative()
	_, err := desk.MandateDues(ctx, savings.DuesMandate{Key: "mandate/1", Date: on, Account: "M1-WAJIB", From: "M1-SIWA", Document: "kuasa/17"})
	try(err)
	receipt, err := desk.CollectDues(ctx, savings.DuesCollection{Key: "dues/2026-02/M1", Date: on, Account: "M1-WAJIB"})
	try(err)
	show(receipt.Posted)
	try(book.View(ctx, func(tx *ledger.Tx) error {
		owes, err := savings.ScheduleIn(tx, "M1-WAJIB", ledger.On(2026, time.April, 30))
		fmt.Println("paid to", owes.PaidTo(), "- owed by the end of April:", ledger.IDR.Format(owes.Arrears()))
		return err
	}))
	// Output:
	// 2026-02-01 Simpanan wajib M1-WAJIB
	//   20101 M1-SIWA       50000.00
	//   40102 M1-WAJIB     -50000.00
	// paid to 2026-02 - owed by the end of April: 50000.00
}

func ExampleDesk_Convert() {
	_, desk := cooperative()
	converted, err := desk.Convert(context.Background(), savings.Conversion{
		Key: "convert/1", Date: ledger.On(2026, time.March, 2), Account: "M1-SIWA", To: "M1-SIMUDA", Product: "SIMUDA", Document: "akad/88",
	})
	try(err)
	fmt.Println(converted.From.Status, converted.To.Status)
	show(converted.Posted)
	// Output:
	// closed active
	// 2026-03-02 Perubahan akad M1-SIWA ke M1-SIMUDA
	//   20101 M1-SIWA      100000.00
	//   30101 M1-SIMUDA   -100000.00
}

func ExampleDesk_Charge() {
	_, desk := cooperative()
	receipt, err := desk.Charge(context.Background(), savings.Charge{Key: "fee/2026-01/M1", Date: ledger.On(2026, time.January, 31), Account: "M1-SIWA", Fee: savings.MonthlyFee})
	try(err)
	show(receipt.Posted)
	// Output:
	// 2026-01-31 Biaya administrasi M1-SIWA
	//   20101 M1-SIWA        2500.00
	//   50202               -2500.00
}

func ExampleDesk_Hold() {
	ctx, on := context.Background(), ledger.On(2026, time.March, 2)
	_, desk := cooperative()
	_, err := desk.Hold(ctx, savings.HoldPlacing{Key: "hold/1", Date: on, Account: "M1-SIWA", Amount: ledger.IDR.Of(75_000), Reason: "jaminan", By: "manajer", Contract: "MRB-1"})
	try(err)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "teller-7/2", Date: on, Account: "M1-SIWA", Amount: ledger.IDR.Of(20_000), Counter: savings.Place{Account: "10102"}})
	fmt.Println(err)
	// Output:
	// savings: account M1-SIWA: member M1: the balance does not suffice with what is held: 20000.00 asked, at least 85000.00 must stay of 100000.00 on 2026-03-02
}

func ExampleDesk_Reverse() {
	ctx := context.Background()
	_, desk := cooperative()
	reversed, err := desk.Reverse(ctx, savings.Reversal{Key: "koreksi/1", Of: "teller-7/1", Date: ledger.On(2026, time.January, 2), Reason: "Salah rekening"})
	try(err)
	show(reversed.Posted)
	// Output:
	// 2026-01-02 Salah rekening
	//   10102             -100000.00
	//   20101 M1-SIWA      100000.00
}

func ExampleDesk_Settle() {
	ctx, on := context.Background(), ledger.On(2026, time.March, 31)
	_, desk := cooperative()
	_, err := desk.Leave(ctx, savings.Leaving{Key: "leave/M1", Date: on, Member: "M1", Reason: "pindah domisili"})
	try(err)
	settled, err := desk.Settle(ctx, savings.Settlement{Key: "settle/M1", Date: on, Member: "M1", From: ledger.On(2026, time.April, 20)})
	try(err)
	show(settled.Posted)
	pay := savings.ClaimPayment{Key: "claim/M1", Date: on, Member: "M1", Amount: settled.Exit.Claim, Counter: savings.Place{Account: "10102"}}
	_, err = desk.PayClaim(ctx, pay)
	fmt.Println(err)
	pay.Date = ledger.On(2026, time.April, 20)
	paid, err := desk.PayClaim(ctx, pay)
	try(err)
	show(paid.Posted)
	// Output:
	// 2026-03-31 Penyelesaian anggota M1
	//   20101 M1-SIWA      100000.00
	//   20204 M1          -100000.00
	// savings: member M1: more than what is due by 2026-03-31 and not paid: 100000.00 against 0.00
	// 2026-04-20 Pembayaran hak anggota M1
	//   20204 M1           100000.00
	//   10102             -100000.00
}

func ExampleDesk_CountTill() {
	ctx, on := context.Background(), ledger.On(2026, time.January, 1)
	_, desk := cooperative()
	counted, err := desk.CountTill(ctx, savings.TillCount{Key: "count/1", Date: on, Till: savings.Place{Account: "10102"}, Counted: ledger.IDR.Of(99_000), Maker: "teller-7"})
	try(err)
	show(counted.Posted)
	// Output:
	// 2026-01-01 Selisih kas kurang 10102
	//   15104                1000.00
	//   10102               -1000.00
}

func ExampleNominatif_Table() {
	book, _ := cooperative()
	try(book.View(context.Background(), func(tx *ledger.Tx) error {
		list, err := savings.NominatifIn(tx, "SIWA", ledger.On(2026, time.January, 31))
		if err != nil {
			return err
		}
		return list.Table().Text(os.Stdout, false)
	}))
	// Output:
	// DAFTAR NOMINATIF SIWA
	// 2026-01-31
	//
	// Rekening  Anggota  Dibuka      Status  Nisbah    Saldo  Ditahan  Blokir  Mutasi terakhir
	// ----------------------------------------------------------------------------------------
	// M1-SIWA   M1       2026-01-01  active          100.000        0          2026-01-01
	// ----------------------------------------------------------------------------------------
	//                                                100.000
}
