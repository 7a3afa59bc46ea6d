package profitshare_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// shown is a small book for examples: M1 with 3.000.000 and M2 with 1.000.000
// at 50% all through April 2026.
type shown struct {
	book *ledger.Book
	desk *profitshare.Desk
}

// exampleBook opens such a book with a month's income and a plan, changed.
func exampleBook(change func(*profitshare.Plan), income int64) (*shown, ledger.Month) {
	clock := func() time.Time { return time.Date(2026, time.April, 30, 17, 0, 0, 0, time.UTC) }
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: runChart(), Clock: clock})
	if err != nil {
		panic(err)
	}
	plan := reservePlan()
	change(&plan)
	e := &shown{book, profitshare.NewDesk(book, plan, earning{account("M1-A"), account("M2-A")})}
	april := ledger.MonthOf(2026, time.April)
	e.entry(april.First(), "10102", "30101/M1-A", 3_000_000)
	e.entry(april.First(), "10102", "30101/M2-A", 1_000_000)
	e.entry(april.Last(), "10102", "50101", income)
	return e, april
}

func (e *shown) entry(date ledger.Date, debit, credit string, amount int64) {
	_, err := e.book.Post(ctx, ledger.Entry{Key: date.String() + debit + credit, Date: date, Memo: "Jurnal", Lines: []ledger.Line{
		at(ledger.Debit("", rp(amount)), debit), at(ledger.Credit("", rp(amount)), credit)}})
	if err != nil {
		panic(err)
	}
}

func ExampleDesk_Propose() {
	e, april := exampleBook(func(p *profitshare.Plan) { p.Approvers = []string{"DPS"} }, 1_000_000)
	posting := profitshare.Posting{Key: "share/2026-04", Month: april}
	_, err := e.desk.Post(ctx, posting)
	fmt.Println(err)
	proposed, err := e.desk.Propose(ctx, profitshare.Proposal{Key: "propose/2026-04", Month: april})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proposed.Run.Status, ledger.IDR.FormatLocal(proposed.Figures.Members))
	_, err = e.desk.Approve(ctx, profitshare.Approving{Key: "dps/2026-04", Month: april,
		Approval: profitshare.Approval{Role: "DPS", By: "Ust. Ali", Date: april.Next().First(), Document: "BA-DPS/4"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	posted, err := e.desk.Post(ctx, posting)
	fmt.Println(posted.Run.Status, posted.Run.Approvals[0].By, err)
	// Output:
	// profitshare: run "2026-04/umum": must be proposed and approved before it is posted
	// proposed 500.000
	// posted Ust. Ali <nil>
}

func ExampleDesk_BearLoss() {
	e, april := exampleBook(func(*profitshare.Plan) {}, 1_000_000)
	e.entry(april.Last(), "50101", "11102", 1_400_000) // a loss beyond the month's income
	posted, err := e.desk.Post(ctx, profitshare.Posting{Key: "share/2026-04", Month: april})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ledger.IDR.FormatLocal(posted.Figures.Result), posted.Figures.Nothing)
	loss, err := e.desk.BearLoss(ctx, profitshare.LossBearing{
		Key: "loss/2026-04", Month: april, Date: april.Last(), From: profitshare.Place{Account: "50901"},
		Reason: "Hapus buku pembiayaan", By: "Rapat pengurus", Document: "BA-4/2026",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range loss.Shares.Parts {
		fmt.Println(part.Account, ledger.IDR.FormatLocal(part.Amount))
	}
	// Output:
	// -400.000 no income to share
	// M1-A 300.000
	// M2-A 100.000
}

func ExampleDesk_Advance() {
	e, april := exampleBook(func(p *profitshare.Plan) { p.Benevolent = "90205" }, 1_200_000)
	if _, err := e.desk.Post(ctx, profitshare.Posting{Key: "share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	// M2 breaks its term on 11 May: ten days at April's rate, less a penalty.
	paid, err := e.desk.Advance(ctx, profitshare.Advance{
		Key: "break/M2-A", Date: april.Next().Day(11), Accounts: []string{"M2-A"}, Penalties: map[string]ledger.Money{"M2-A": rp(10_000)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ledger.IDR.FormatLocal(paid.Paid.Gross), "by the rate of", paid.Paid.Rated)
	for _, l := range paid.Posted.Lines {
		fmt.Println(l.Account, l.Sub, ledger.IDR.FormatLocal(l.Amount))
	}
	// Output:
	// 50.000 by the rate of 2026-04
	// 50901  50.000
	// 20201 M2-A -50.000
	// 20201 M2-A 50.000
	// 30101 M2-A -40.000
	// 90205  -10.000
}

func ExampleDesk_Reconciliation() {
	e, april := exampleBook(func(p *profitshare.Plan) { p.Income[0].Accrued = []string{"11102"} }, 1_000_000)
	e.entry(april.Last(), "11102", "50101", 300_000) // recognised, not received
	if _, err := e.desk.Post(ctx, profitshare.Posting{Key: "share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	report, err := e.desk.Reconciliation(ctx, april, april.Last())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(report.Text(ledger.IDR))
	// Output:
	// Rekonsiliasi pendapatan dan bagi hasil umum, 2026-04
	// Pendapatan (akrual)                                             1.300.000
	// Dikurangi: belum diterima kasnya                                 -300.000
	// Ditambah: periode lalu, diterima periode ini                            0
	// Pendapatan yang tersedia untuk bagi hasil                       1.000.000
	//   Bagian pengelola                                                500.000
	// Hak pemilik dana                                                  500.000
	//   Sudah didistribusikan                                                 0
	//   Belum didistribusikan                                           500.000
}

func ExampleWithholdingList() {
	e, april := exampleBook(func(*profitshare.Plan) {}, 1_000_000)
	if _, err := e.desk.Post(ctx, profitshare.Posting{Key: "share/2026-04", Month: april}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := e.desk.PayOut(ctx, profitshare.Disbursement{Key: "pay/2026-04", Month: april, Date: april.Next().First()}); err != nil {
		fmt.Println(err)
		return
	}
	list, err := profitshare.WithholdingList(ctx, e.book, april.Next())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range list.Rows { // a slip for each, also at zero
		fmt.Println(row.Member, row.Account, ledger.IDR.FormatLocal(row.Gross), ledger.IDR.FormatLocal(row.Tax))
	}
	// Output:
	// M1 M1-A 375.000 37.500
	// M2 M2-A 125.000 0
}

func ExampleDesk_Adopt() {
	e, april := exampleBook(func(*profitshare.Plan) {}, 1_000_000)
	e.entry(april.Last(), "10102", "20201/M1-A", 25_000)
	adoption := profitshare.Adoption{
		Key: "adopt/2026-03", Day: april.Last(), Month: april.Prev(), By: "Bu Sri", Document: "Neraca awal",
		Owed: []profitshare.AdoptedShare{{Account: "M1-A", Member: "M1", Standing: ledger.Member, Gross: rp(26_000)}},
	}
	_, err := e.desk.Adopt(ctx, adoption)
	fmt.Println(err)
	adoption.Owed[0].Gross = rp(25_000)
	run, err := e.desk.Adopt(ctx, adoption)
	fmt.Println(run.Status, ledger.IDR.FormatLocal(run.Owed()), err)
	// Output:
	// ledger: account 20201/M1-A: profitshare.run 2026-03/umum claims -26000.00 on 2026-04-30, the book has -25000.00
	// posted 25.000 <nil>
}

func ExampleShareLoss() {
	s, err := profitshare.ShareLoss(profitshare.LossPool{
		Amount: rp(1_000_000), Reserve: rp(100_000), Own: rp(30_000_000), Step: rp(1),
		Capital: []profitshare.Capital{{Account: "M1", Balance: rp(40_000_000)}, {Account: "M2", Balance: rp(20_000_000)}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("reserve", ledger.IDR.FormatLocal(s.Reserve), "own", ledger.IDR.FormatLocal(s.Own))
	for _, part := range s.Parts {
		fmt.Println(part.Account, ledger.IDR.FormatLocal(part.Amount))
	}
	// Output:
	// reserve 100.000 own 300.000
	// M1 400.000
	// M2 200.000
}

func ExampleIncomeOf() {
	april := ledger.MonthOf(2026, 4)
	list, err := profitshare.IncomeOf([]profitshare.IncomeItem{
		{Account: "50101", Amount: rp(100_000), Recognised: april.First(), Received: april.Last()},
		{Account: "50101", Amount: rp(70_000), Recognised: april.Last()},                                  // not received yet
		{Account: "50101", Amount: rp(40_000), Recognised: april.First().Prev(), Received: april.First()}, // March's
	}, april, profitshare.Received)
	if err != nil {
		fmt.Println(err)
		return
	}
	a := list[0]
	f := ledger.IDR.FormatLocal
	fmt.Printf("%s - %s + %s = %s\n", f(a.Recognised), f(a.Unreceived), f(a.Earlier), f(a.Amount))
	// Output: 170.000 - 70.000 + 40.000 = 140.000
}
