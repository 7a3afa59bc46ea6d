package main

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// Accounts of the standard chart.
const (
	tellerCash = "10102" // Kas Teller
	mudharabah = "30101" // Simpanan Mudharabah Umum, one sub for each savings account
	ownerShare = "50901" // Hak Pihak Ketiga atas Bagi Hasil Simpanan Mudharabah
)

// open creates books in memory with one product, one member and the member's
// savings account. All of it happens in one Update: there is never a member
// without the account, nor an account without its product.
func open(ctx context.Context, clock func() time.Time) (*savings.Desk, *ledger.Book, error) {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: clock,
	})
	if err != nil {
		return nil, nil, err
	}
	desk := savings.NewDesk(book)
	from := ledger.On(2026, time.January, 1)
	return desk, book, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := desk.AddProductTx(tx, savings.ProductOpening{
			Key: "product/SIMUDA", Code: "SIMUDA", Akad: savings.Mudharabah, Control: mudharabah,
			Terms: savings.Terms{
				From: from, Name: "Simpanan Mudharabah", ShareAccount: ownerShare, Taxed: true,
				Nisbah:     decimal.RequireFromString("0.40"), // the member's part of the profit
				MinOpening: ledger.IDR.Of(20_000), MinBalance: ledger.IDR.Of(10_000),
			},
		})
		if err != nil {
			return err
		}
		if _, err := desk.JoinTx(tx, savings.Joining{Key: "join/M0001", Date: from, Member: "M0001", Standing: ledger.Member}); err != nil {
			return err
		}
		_, err = desk.OpenTx(tx, savings.Opening{
			Key: "open/M0001-SIMUDA", Date: from, Account: "M0001-SIMUDA", Member: "M0001", Product: "SIMUDA",
		})
		return err
	})
}
