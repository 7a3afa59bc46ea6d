package main

import (
	"context"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// laptop is the contract's id, and the sub key of all its lines.
const laptop = "MRB-2026-001"

// teller is where cash comes in and goes out: Kas Teller of the standard chart.
var teller = murabahah.Place{Account: "10102"}

// accounts are those of the standard chart.
var accounts = murabahah.Accounts{
	Inventory: "11401", Receivable: "11101", DeferredMargin: "11102", DownPayment: "20302",
	MarginIncome: "50101",
	PenaltyFund:  "90205", // a penalty is never income (DSN-MUI 17/2000)
	// Only contracts that fall behind need these.
	Due: "11115", AccruedIncome: accrued.Code, Allowance: "11301", AllowanceCost: "60501", WrittenOff: "99101", MemoContra: "99199",
}

// accrued keeps margin that has fallen due apart from margin received, which
// alone is shared with depositors.
var accrued = ledger.Account{Code: "50191", Name: "Pendapatan Margin Murabahah - Akrual", Kind: ledger.Income, Normal: ledger.CreditSide}

// order creates books in memory and takes the member's order for a laptop. It
// posts nothing: until the goods are bought there is nothing to account for.
func order(ctx context.Context, clock func() time.Time) (*murabahah.Desk, *ledger.Book, error) {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Chart: append(ledger.StandardChart(), accrued), Clock: clock,
	})
	if err != nil {
		return nil, nil, err
	}
	desk := murabahah.NewDesk(book, accounts)
	_, err = desk.Order(ctx, murabahah.Ordering{Key: "SP-1", Date: ledger.On(2026, time.January, 2), Terms: laptopTerms()})
	return desk, book, err
}

// laptopTerms are what the akad fixes: the price is cost + margin, once and
// for all.
func laptopTerms() murabahah.Terms {
	return murabahah.Terms{
		Contract: laptop,
		Buyer:    ledger.Party{Member: "M0001", Standing: ledger.Member},
		Goods:    "Laptop",
		Cost:     ledger.IDR.Of(8_000_000),
		Margin:   ledger.IDR.Of(960_000),
		Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: 6, FirstDue: ledger.On(2026, time.January, 31),
			Step: ledger.IDR.Of(1_000), Rounding: ledger.RoundHalfUp,
		},
		Recognition: murabahah.Recognition{Method: murabahah.Annuity, Step: ledger.IDR.Of(1)},
	}
}
