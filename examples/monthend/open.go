package main

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// Accounts of the standard chart.
const (
	tellerCash   = "10102" // Kas Teller
	payable      = "20201" // Bagi Hasil yang Belum Dibagikan, one sub for each savings account
	finalTax     = "20401" // Utang PPh Final Imbalan Simpanan
	mudharabah   = "30101" // Simpanan Mudharabah Umum, one sub for each savings account
	marginIncome = "50101" // Pendapatan Margin Murabahah
	ownerShare   = "50901" // Hak Pihak Ketiga atas Bagi Hasil Simpanan Mudharabah
)

// nisbah is the members' part of the profit, the rest is the cooperative's.
var nisbah = decimal.RequireFromString("0.40")

// plan says what is shared among whom, and on which accounts. Members' shares
// are rounded up to whole rupiah, so that their right is never cut.
func plan() profitshare.Plan {
	return profitshare.Plan{
		Name:     "umum",
		Income:   []profitshare.IncomeSource{{Account: marginIncome, Nature: profitshare.FinancingIncome}},
		Products: []profitshare.Product{{Code: "SIMUDA", Control: mudharabah, ShareAccount: ownerShare, Nisbah: nisbah}},
		Payable:  payable,
		Tax:      finalTax, TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: ledger.IDR.Of(1)},
	}
}

// open creates books in memory with three savers and the income of October.
// The second saver came in the middle of the month: days count, not only money.
func open(ctx context.Context, clock func() time.Time) (*ledger.Book, error) {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: clock,
	})
	if err != nil {
		return nil, err
	}
	from := ledger.On(2026, time.October, 1)
	_, err = savings.NewDesk(book).AddProduct(ctx, savings.ProductOpening{
		Key: "product/SIMUDA", Code: "SIMUDA", Akad: savings.Mudharabah, Control: mudharabah,
		Terms: savings.Terms{From: from, Name: "Simpanan Mudharabah", Nisbah: nisbah, ShareAccount: ownerShare, Taxed: true},
	})
	if err != nil {
		return nil, err
	}
	for _, saver := range []struct {
		member string
		from   ledger.Date
		amount int64
	}{
		{"M0001", from, 40_000_000},
		{"M0002", ledger.On(2026, time.October, 16), 10_000_000},
		{"M0003", from, 2_500_000},
	} {
		account := saver.member + "-SIMUDA"
		if err := openAccount(ctx, book, account, saver.member, from); err != nil {
			return nil, err
		}
		if err := deposit(ctx, book, "first/"+account, account, saver.from, saver.amount); err != nil {
			return nil, err
		}
	}
	_, err = book.Post(ctx, ledger.Entry{
		Key: "margin/2026-10", Date: ledger.On(2026, time.October, 31), Memo: "Margin murabahah Oktober",
		Lines: []ledger.Line{
			ledger.Debit(tellerCash, ledger.IDR.Of(1_000_000)),
			ledger.Credit(marginIncome, ledger.IDR.Of(1_000_000)),
		},
	})
	return book, err
}

// openAccount lets a member join and opens the member's account, both or neither.
func openAccount(ctx context.Context, book *ledger.Book, account, member string, from ledger.Date) error {
	desk := savings.NewDesk(book)
	return book.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := desk.JoinTx(tx, savings.Joining{Key: "join/" + member, Date: from, Member: member}); err != nil {
			return err
		}
		_, err := desk.OpenTx(tx, savings.Opening{Key: "open/" + account, Date: from, Account: account, Member: member, Product: "SIMUDA"})
		return err
	})
}

func deposit(ctx context.Context, book *ledger.Book, key, account string, date ledger.Date, amount int64) error {
	_, err := savings.NewDesk(book).Deposit(ctx, savings.Deposit{
		Key: key, Date: date, Account: account, Amount: ledger.IDR.Of(amount), Counter: ledger.Place{Account: tellerCash},
	})
	if err != nil {
		return fmt.Errorf("deposit of %s: %w", account, err)
	}
	return nil
}
