package ledger_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// A member's savings are collateral for a financing: part of them is held, and
// when an instalment is missed it is taken from what is held.
func ExampleTx_Hold() {
	book := exampleBook(deposit("T1", march(1), "M1", 500_000))
	show := func(tx *ledger.Tx, what string) {
		free := must(tx.Available("30101", "M1", march(5)))
		held, _, err := tx.HeldUnder("agunan-MRB-1")
		ok(err)
		fmt.Printf("%-9s held %7s, free %7s\n", what, rp(held.Left), rp(free))
	}
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		ok(tx.SetFloor(ledger.FloorSetting{Key: "F1", Account: "30101", Floor: ledger.HardFloor(ledger.IDR.Of(0))}))
		must(tx.Hold(ledger.Hold{
			Key: "agunan-MRB-1", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(400_000),
			From: march(1), Until: ledger.On(2027, time.March, 1), Reason: "agunan MRB-1", By: "komite pembiayaan",
		}))
		show(tx, "hold")
		_, err := tx.Post(withdrawal("T2", march(2), "M1", 150_000))
		fmt.Println(err)
		return nil
	}))
	ok(book.Update(ctx, func(tx *ledger.Tx) error { // two-phase posting: the hold becomes an entry
		must(tx.Capture(
			ledger.Release{Key: "MRB-1/4", Hold: "agunan-MRB-1", Amount: ledger.IDR.Of(120_000), Reason: "angsuran 4 tertunggak", By: "manajer"},
			withdrawal("", march(5), "M1", 120_000),
		))
		show(tx, "captured")
		must(tx.Release(ledger.Release{Key: "lunas-MRB-1", Hold: "agunan-MRB-1", Reason: "MRB-1 lunas", By: "manajer"}))
		show(tx, "released")
		open := must(tx.Holds("30101", "M1"))
		fmt.Println(len(open), "holds left")
		return nil
	}))
	// Output:
	// hold      held 400.000, free 100.000
	// ledger: "T2": line 1: account 30101/M1: the balance on 2026-03-02 would be 350000.00, below the least of 0.00 with 400000.00 held
	// captured  held 280.000, free 100.000
	// released  held       0, free 380.000
	// 0 holds left
}

// A savings account with its holder, its hard floor of zero and the product's
// minimum balance, which a named reason may pass.
func ExampleTx_OpenSub() {
	book := exampleBook()
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		ok(tx.OpenSub(ledger.SubOpening{
			Key: "buka/M1", Account: "30101", Sub: "M1", Holder: "M-0001",
			Floor: ledger.HardFloor(ledger.IDR.Of(0)).WithSoft(ledger.IDR.Of(10_000)), By: "teller-7",
		}))
		must(tx.Post(deposit("T1", march(1), "M1", 50_000)))
		_, err := tx.Post(withdrawal("T2", march(2), "M1", 45_000))
		fmt.Println(err)
		last := withdrawal("T3", march(2), "M1", 45_000)
		last.Waiver = "penutupan rekening, izin manajer"
		_, err = tx.Post(last)
		fmt.Println(err)
		row, _, err := tx.Sub("30101", "M1")
		fmt.Println(row.Holder, rp(row.Last.Neg()))
		return err
	}))
	// Output:
	// ledger: "T2": line 1: account 30101/M1: the balance on 2026-03-02 would be 5000.00, below the least of 10000.00
	// <nil>
	// M-0001 5.000
}

// A lost passbook: nothing leaves the account until the block is lifted,
// whoever posts.
func ExampleTx_SetBlock() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000))
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		ok(tx.SetBlock(ledger.BlockSetting{Key: "B1", Account: "30101", Sub: "M1", Block: ledger.DebitBlock, Reason: "buku hilang", By: "manajer"}))
		_, err := tx.Post(withdrawal("T2", march(2), "M1", 5_000))
		fmt.Println(err)
		must(tx.Post(deposit("T3", march(2), "M1", 5_000)))
		ok(tx.SetBlock(ledger.BlockSetting{Key: "B2", Account: "30101", Sub: "M1", Block: ledger.NoBlock, Reason: "buku ditemukan", By: "manajer"}))
		_, err = tx.Post(withdrawal("T4", march(2), "M1", 5_000))
		return err
	}))
	// Output:
	// ledger: "T2": line 1: account 30101/M1: has a debit block
}

// The chart grows; a code is never used twice, and an account retires at zero.
func ExampleTx_AddAccount() {
	book := exampleBook()
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		ok(tx.AddAccount("bagan-1", ledger.Account{Code: "10103", Name: "Kas Kecil", NameEn: "Petty cash", Kind: ledger.Asset, Normal: ledger.DebitSide}))
		ok(tx.Retire(ledger.Retirement{Key: "bagan-2", Account: "10103", Reason: "digabung ke kas teller", By: "manajer"}))
		account, _, err := tx.Account("10103")
		fmt.Println(account.Name, account.Retired)
		err2 := tx.AddAccount("bagan-3", ledger.Account{Code: "10103", Name: "Kas Lain", Kind: ledger.Asset, Normal: ledger.DebitSide})
		fmt.Println(err2)
		return err
	}))
	// Output:
	// Kas Kecil true
	// ledger: "bagan-3": account 10103: is in the chart already; codes are never used twice
}
