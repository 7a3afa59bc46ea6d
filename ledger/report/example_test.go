package report_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

// openSmallBook is a book with one deposit, one cost and one income.
func openSmallBook() *ledger.Book {
	book, err := ledger.Create(context.Background(), ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.Chart{
			{Code: "101", Name: "Kas", NameEn: "Cash", Kind: ledger.Asset, Normal: ledger.DebitSide},
			{Code: "301", Name: "Simpanan Mudharabah", NameEn: "Mudharabah savings", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
			{Code: "501", Name: "Pendapatan", NameEn: "Income", Kind: ledger.Income, Normal: ledger.CreditSide},
			{Code: "509", Name: "Hak Pihak Ketiga", NameEn: "Fund owners' share", Kind: ledger.Income, Normal: ledger.DebitSide},
		},
	})
	if err != nil {
		panic(err)
	}
	day := ledger.On(2025, 3, 31)
	_, err = book.PostAll(context.Background(), []ledger.Entry{
		{Key: "1", Date: day, Memo: "Setoran tunai", Lines: []ledger.Line{
			ledger.Debit("101", ledger.IDR.Of(1_000_000)), ledger.Credit("301", ledger.IDR.Of(1_000_000)).For("S1")}},
		{Key: "2", Date: day, Memo: "Margin diterima", Lines: []ledger.Line{
			ledger.Debit("101", ledger.IDR.Of(50_000)), ledger.Credit("501", ledger.IDR.Of(50_000))}},
		{Key: "3", Date: day, Memo: "Bagi hasil Maret", Lines: []ledger.Line{
			ledger.Debit("509", ledger.IDR.Of(20_000)), ledger.Credit("301", ledger.IDR.Of(20_000)).For("S1")}},
	})
	if err != nil {
		panic(err)
	}
	return book
}

func ExampleStatement() {
	err := openSmallBook().View(context.Background(), func(tx *ledger.Tx) error {
		income, err := report.Statement(tx, report.Request{
			Entity: "KSPPS Melati", Layout: report.IncomeByKind("509"),
			Periods: []report.Period{report.InMonth(ledger.MonthOf(2025, 3))},
		})
		if err != nil {
			return err
		}
		income.Head = ledger.Head{} // no anchor in the example
		if err := income.Text(os.Stdout, report.English); err != nil {
			return err
		}
		shu, _ := income.Amount("shu", 0)
		fmt.Println("\nSHU:", ledger.IDR.Format(shu))
		return nil
	})
	fmt.Println(err)
	// Output:
	// KSPPS Melati
	// INCOME STATEMENT
	// For the period 1 March 2025 to 31 March 2025
	// In rupiah
	//
	// Code  Description                      March 2025
	// -------------------------------------------------
	//       INCOME
	// 501     Income                            50.000
	//                                        ----------
	//       TOTAL INCOME                        50.000
	//
	//       FUND OWNERS' SHARE OF PROFIT
	// 509     Fund owners' share               (20.000)
	//                                        ----------
	//       TOTAL FUND OWNERS' SHARE           (20.000)
	//
	//                                        ----------
	//       INCOME AFTER FUND OWNERS' SHARE     30.000
	//
	//       EXPENSES
	//                                        ----------
	//       TOTAL EXPENSES                           0
	//
	//                                        ----------
	//       RESULT FOR THE PERIOD (SHU)         30.000
	//                                        ==========
	//
	// SHU: 30000.00
	// <nil>
}

func ExampleCashFlow() {
	err := openSmallBook().View(context.Background(), func(tx *ledger.Tx) error {
		flows, err := report.Statement(tx, report.Request{
			Layout:  report.CashFlow([]report.Codes{report.Code("101")}, nil, nil),
			Periods: []report.Period{report.InMonth(ledger.MonthOf(2025, 3))},
		})
		if err != nil {
			return err
		}
		operating, _ := flows.Amount("operating", 0)
		closing, _ := flows.Amount("closing", 0)
		fmt.Println(ledger.IDR.Format(operating), ledger.IDR.Format(closing))
		return nil
	})
	fmt.Println(err)
	// Output:
	// 1050000.00 1050000.00
	// <nil>
}

func ExampleEquityChanges() {
	err := openSmallBook().View(context.Background(), func(tx *ledger.Tx) error {
		changes, err := report.EquityChanges(tx, "KSPPS Melati", ledger.On(2025, 1, 1), ledger.On(2025, 3, 31))
		if err != nil {
			return err
		}
		result, _ := changes.Amount("unclosed_shu", 3)
		fmt.Println("result not yet closed:", ledger.IDR.Format(result))
		return nil
	})
	fmt.Println(err)
	// Output:
	// result not yet closed: 30000.00
	// <nil>
}

func ExampleTrial() {
	err := openSmallBook().View(context.Background(), func(tx *ledger.Tx) error {
		trial, err := report.Trial(tx, ledger.EndOf(ledger.On(2025, 3, 31)))
		if err != nil {
			return err
		}
		return trial.Report("KSPPS Melati").CSV(os.Stdout, report.CSVForm{LinesOnly: true})
	})
	fmt.Println(err)
	// Output:
	// code,name,debit,credit
	// 101,Kas,1050000.00,
	// 301,Simpanan Mudharabah,,1020000.00
	// 501,Pendapatan,,50000.00
	// 509,Hak Pihak Ketiga,20000.00,
	// <nil>
}

func ExampleReadPassbook() {
	err := openSmallBook().View(context.Background(), func(tx *ledger.Tx) error {
		mark := report.Mark{} // kept by the application between two visits of the member
		for {
			page, err := report.ReadPassbook(tx, report.PassbookQuery{Account: "301", Sub: "S1", After: mark, Limit: 1})
			if err != nil {
				return err
			}
			for _, line := range page.Lines {
				fmt.Println(line.Line, line.Date, line.Memo, ledger.IDR.FormatLocal(line.Credit), ledger.IDR.FormatLocal(line.Balance))
			}
			if mark = page.Next; !page.More {
				return nil
			}
		}
	})
	fmt.Println(err)
	// Output:
	// 1 2025-03-31 Setoran tunai 1.000.000 1.000.000
	// 2 2025-03-31 Bagi hasil Maret 20.000 1.020.000
	// <nil>
}

// A layout of one's own is a file: here with a line too few.
func ExampleReadLayout() {
	layout, err := report.ReadLayout(strings.NewReader(`row,key,level,side,measure,select,sum,label_id,label_en
title,,,,,,,RINGKASAN,SUMMARY
covers,,,,,asset syirkah,,,
line,cash,0,debit,,10*,,Kas,Cash
`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = openSmallBook().View(context.Background(), func(tx *ledger.Tx) error {
		_, err := report.Statement(tx, report.Request{Layout: layout, Periods: []report.Period{report.At(ledger.Latest())}})
		return err
	})
	fmt.Println(errors.Is(err, report.ErrCoverage), err)
	// Output:
	// true report: layout "RINGKASAN": no line for 301
}

func ExampleInstalmentCard_Report() {
	card, err := report.InstalmentCard{
		Contract: "MRB-1", Member: "Siti Aisyah", Currency: ledger.IDR,
		Rows: []report.Instalment{
			{No: 1, Due: ledger.On(2025, 1, 31), Amount: ledger.IDR.Of(110_000), Principal: ledger.IDR.Of(100_000), Margin: ledger.IDR.Of(10_000),
				PaidOn: ledger.On(2025, 1, 30), Paid: ledger.IDR.Of(110_000), Outstanding: ledger.IDR.Of(110_000)},
			{No: 2, Due: ledger.On(2025, 2, 28), Amount: ledger.IDR.Of(110_000), Principal: ledger.IDR.Of(100_000), Margin: ledger.IDR.Of(10_000)},
		},
	}.Report()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(card.Text(os.Stdout, report.Indonesian))
	// Output:
	// KARTU ANGSURAN
	// Dalam rupiah
	// Akad    : MRB-1
	// Anggota : Siti Aisyah
	//
	// No  Jatuh tempo  Angsuran    Pokok  Margin  Dibayar tanggal  Dibayar     Sisa
	// -----------------------------------------------------------------------------
	//  1  31-01-2025    110.000  100.000  10.000  30-01-2025       110.000  110.000
	//  2  28-02-2025    110.000  100.000  10.000                                  0
	//                  --------  -------  ------                   -------
	//     JUMLAH        220.000  200.000  20.000                   110.000
	//                  ========  =======  ======                   =======
	// <nil>
}
