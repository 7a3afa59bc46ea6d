package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// The examples keep the books of a small cooperative: cash (10102), wadiah and
// mudharabah savings (20101, 30101), results (40401, 40402), income (50101),
// expense (60101). ok and rp keep them short; real code handles its errors.

var (
	ctx   = context.Background()
	march = func(day int) ledger.Date { return ledger.On(2026, time.March, day) }
	rp    = ledger.IDR.FormatLocal
)

func ok(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](v T, err error) T {
	ok(err)
	return v
}

// exampleBook creates a book in memory with some savings in it.
func exampleBook(entries ...ledger.Entry) *ledger.Book {
	book := must(ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: testChart(), Clock: fixedClock()}))
	must(book.PostAll(ctx, entries))
	return book
}

func ExampleBook_Post() {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{
		ID: "kspps-melati", Currency: ledger.IDR, Chart: testChart(), Clock: time.Now,
	})
	ok(err)
	entry := ledger.Entry{
		Key: "teller-7/000123", Date: march(10), Memo: "Setoran tunai",
		Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(100_000)),
			ledger.Credit("30101", ledger.IDR.Of(100_000)).For("M0001-SIMUDA"),
		},
	}
	posted, err := book.Post(ctx, entry)
	ok(err)
	fmt.Println(book.ID(), book.Currency(), "entry", posted.Number, posted.Repeat)

	posted, err = book.Post(ctx, entry) // asked again after a lost connection
	ok(err)
	fmt.Println("entry", posted.Number, posted.Repeat)

	entry.Lines[0].Amount = ledger.IDR.Of(99_000)
	_, err = book.Post(ctx, entry)
	fmt.Println(errors.Is(err, ledger.ErrKeyConflict))
	// Output:
	// kspps-melati IDR entry 1 false
	// entry 1 true
	// true
}

// Many entries in one step: all of them, or none.
func ExampleBook_PostAll() {
	book := exampleBook()
	_, err := book.PostAll(ctx, []ledger.Entry{
		deposit("T1", march(10), "M1", 50_000),
		{Key: "T2", Date: march(10), Lines: []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(1)), ledger.Credit("30101", ledger.IDR.Of(2)).For("M1")}},
	})
	fmt.Println(err)
	fmt.Println(must(book.Head(ctx)).Entries, "entries")
	// Output:
	// ledger: "T2": credits exceed debits by 1.00
	// 0 entries
}

// A refusal says what, which and why, for people and for programs.
func ExampleRefusal() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000))
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "F1", Account: "30101", Floor: ledger.HardFloor(ledger.IDR.Of(0))})
	}))
	_, err := book.Post(ctx, withdrawal("T2", march(2), "M1", 60_000))
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) && errors.Is(err, ledger.ErrFloor) {
		fmt.Println(refusal.Code, "line", refusal.Line, refusal.Account, refusal.Sub, rp(refusal.Balance))
	}
	fmt.Println(err)
	// Output:
	// below_floor line 1 30101 M1 -10.000
	// ledger: "T2": line 1: account 30101/M1: the balance on 2026-03-02 would be -10000.00, below the least of 0.00
}

// A form shows all that is wrong with an entry at once.
func ExampleTx_Violations() {
	book := exampleBook()
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		refusals, err := tx.Violations(ledger.Entry{Key: "T1", Date: ledger.On(2026, 2, 30), Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(5)), ledger.Credit("30101", ledger.IDR.Of(4)),
		}})
		for _, r := range refusals {
			fmt.Println(r.Code)
		}
		return err
	}))
	// Output:
	// date_invalid
	// sub_missing
	// unbalanced
}

// A mistake is corrected by the entry's mirror; both stay.
func ExampleBook_Reverse() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000))
	mirror, err := book.Reverse(ctx, ledger.Reversal{Key: "R1", Entry: 1, Date: march(3), Reason: "salah rekening", Approver: "manajer"})
	ok(err)
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		original, _, err := tx.Entry(1)
		fmt.Println("entry", original.Number, "reversed by", original.ReversedBy, "and", mirror.Number, "reverses", mirror.Reverses)
		return err
	}))
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R2", Entry: 1, Date: march(3), Reason: "lagi"})
	fmt.Println(err)
	// Output:
	// entry 1 reversed by 2 and 2 reverses 1
	// ledger: "R2": entry 1 was reversed by entry 2
}

// Several writes in one step, by what is read in it. A closure may run again,
// so it has no effect but on its Tx.
func ExampleBook_Update() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(1), "M2", 30_000))
	err := book.Update(ctx, func(tx *ledger.Tx) error { // all that M1 has goes to M2
		balance, err := tx.Balance("30101", "M1", ledger.EndOf(march(2)))
		if err != nil {
			return err
		}
		_, err = tx.Post(ledger.Entry{Key: "T3", Date: march(2), Memo: "Pindah buku", Lines: []ledger.Line{
			ledger.Debit("30101", balance.Neg()).For("M1"), ledger.Credit("30101", balance.Neg()).For("M2"),
		}})
		return err
	})
	ok(err)
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		fmt.Println(tx.Book(), tx.Currency())
		for sub, err := range tx.Subs("30101", "") {
			ok(err)
			fmt.Println(sub.Sub, rp(ledger.CreditSide.Natural(sub.Last)), sub.LastDay)
		}
		return nil
	}))
	// Output:
	// kspps-melati IDR
	// M1 0 2026-03-02
	// M2 80.000 2026-03-02
}

// A desk's method writes several things under one key of its caller, and
// answers a repeat with what it did the first time.
func ExampleTx_Repeat() {
	book := exampleBook()
	open := func(tx *ledger.Tx, key, member string, amount ledger.Money) (repeated bool, err error) {
		content := ledger.NewContent("savings.open").Text(member).Money(amount).Digest()
		err = tx.Atomic(func() error {
			first, again, err := tx.Repeat(ledger.Command{Key: key, Kind: "savings.open", Content: content})
			if err != nil || again {
				repeated = again
				changes, err2 := tx.ChangesOf(first)
				fmt.Println("repeated:", len(changes), "changes")
				return errors.Join(err, err2)
			}
			if err := tx.OpenSub(ledger.SubOpening{Account: "30101", Sub: member, Holder: member}); err != nil {
				return err
			}
			_, err = tx.Post(ledger.Entry{Date: march(1), Lines: []ledger.Line{ledger.Debit("10102", amount), ledger.Credit("30101", amount).For(member)}})
			return err
		})
		return repeated, err
	}
	for range 2 {
		repeated, err := ledger.Update(ctx, book, func(tx *ledger.Tx) (bool, error) {
			return open(tx, "form-12", "M1", ledger.IDR.Of(25_000))
		})
		fmt.Println(repeated, err)
	}
	// Output:
	// false <nil>
	// repeated: 2 changes
	// true <nil>
}

// One step of several may fail without taking the others along.
func ExampleAtomic() {
	book := exampleBook()
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		for i, amount := range []int64{10_000, -1, 30_000} {
			posted, err := ledger.Atomic(tx, func() (ledger.Posted, error) {
				if amount < 0 {
					return ledger.Posted{}, errors.New("nothing to deposit")
				}
				return tx.Post(deposit(fmt.Sprintf("row-%d", i+1), march(1), "M1", amount))
			})
			fmt.Println(posted.Number, err, tx.Repeated())
		}
		return nil
	}))
	// Output:
	// 1 <nil> false
	// 0 nothing to deposit false
	// 2 <nil> false
}

// Books that exist are opened; their history is not read for that.
func ExampleOpen() {
	store := ledger.NewMemory()
	must(ledger.Create(ctx, store, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: time.Now}))
	book, err := ledger.Open(ctx, store, ledger.Config{ID: "kspps-melati", Clock: time.Now})
	fmt.Println(book.Currency(), err)
	_, err = ledger.Open(ctx, store, ledger.Config{ID: "kspps-mawar", Clock: time.Now})
	fmt.Println(err)
	// Output:
	// IDR <nil>
	// ledger: no such book: "kspps-mawar"
}
