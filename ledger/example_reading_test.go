package ledger_test

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// Balances at any day, as the book knows them now or knew them before a
// back-dated entry came.
func ExampleTx_Balance() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(10), "M1", 20_000))
	before := must(book.Head(ctx))
	must(book.Post(ctx, deposit("T3", march(5), "M1", 7_000)))
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		for _, day := range []int{1, 5, 31} {
			now := must(tx.Balance("30101", "M1", ledger.EndOf(march(day))))
			then := must(tx.Balance("30101", "M1", ledger.EndOf(march(day)).AsOf(before.Change)))
			fmt.Printf("%2d March: %s, before T3 %s\n", day, rp(now.Neg()), rp(then.Neg()))
		}
		fmt.Println("what changed since:")
		for line, err := range tx.Lines(ledger.LineQuery{Account: "30101", AllSubs: true, After: before.Change}) {
			ok(err)
			fmt.Println(line.Date, line.Key, line.Sub, rp(line.Amount.Neg()))
		}
		return nil
	}))
	// Output:
	//  1 March: 50.000, before T3 50.000
	//  5 March: 57.000, before T3 50.000
	// 31 March: 77.000, before T3 70.000
	// what changed since:
	// 2026-03-05 T3 M1 7.000
}

// A page of a passbook (buku tabungan): one range read, continued behind its
// last line.
func ExampleTx_Lines() {
	book := exampleBook(
		deposit("T1", march(1), "M1", 50_000), withdrawal("T2", march(3), "M1", 20_000),
		deposit("T3", march(2), "M1", 5_000), deposit("T4", march(9), "M2", 1_000), deposit("T5", march(9), "M1", 10_000),
	)
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		q := ledger.LineQuery{Account: "30101", Sub: "M1", From: march(1), Through: march(31)}
		balance := must(tx.Balance("30101", "M1", ledger.EndOf(march(1).Prev())))
		for page := 1; page <= 2; page++ {
			n := 0
			for line, err := range tx.Lines(q) {
				ok(err)
				balance = balance.Add(line.Amount)
				fmt.Printf("page %d: %s %-3s %8s %8s\n", page, line.Date, line.Key, rp(line.Amount.Neg()), rp(balance.Neg()))
				q.Cursor = line.Cursor()
				if n++; n == 3 {
					break
				}
			}
		}
		return nil
	}))
	// Output:
	// page 1: 2026-03-01 T1    50.000   50.000
	// page 1: 2026-03-02 T3     5.000   55.000
	// page 1: 2026-03-03 T2   -20.000   35.000
	// page 2: 2026-03-09 T5    10.000   45.000
}

// A trial balance of all accounts and subs, and the rows behind one of them.
func ExampleTx_Balances() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(3), "M2", 20_000), withdrawal("T3", march(3), "M1", 5_000))
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		for b, err := range tx.Balances(ledger.EndOf(march(31))) {
			ok(err)
			fmt.Printf("%s %-3s %8s %s\n", b.Account.Code, b.Sub, rp(b.Account.Normal.Natural(b.Amount)), b.Account.Name)
		}
		for row, err := range tx.Turnovers("10102", "", march(1), march(31)) {
			ok(err)
			fmt.Println(row.Day, "in", rp(row.Debit), "out", rp(row.Credit), "balance", rp(row.Balance))
		}
		accounts := 0
		for _, err := range tx.Accounts() {
			ok(err)
			accounts++
		}
		fmt.Println(accounts, "accounts in the chart")
		return nil
	}))
	// Output:
	// 10102       65.000 Kas Teller
	// 30101 M1    45.000 Simpanan Mudharabah
	// 30101 M2    20.000 Simpanan Mudharabah
	// 2026-03-01 in 50.000 out 0 balance 50.000
	// 2026-03-03 in 20.000 out 5.000 balance 65.000
	// 10 accounts in the chart
}

// A page of a control account's sub-ledger, as it stood on a day; the next page
// continues behind the last sub.
func ExampleTx_SubBalances() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(3), "M2", 20_000), deposit("T3", march(9), "M3", 5_000))
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		for b, err := range tx.SubBalances("30101", "M1", ledger.EndOf(march(5))) {
			ok(err)
			fmt.Println(b.Sub, rp(b.Account.Normal.Natural(b.Amount)))
		}
		return nil
	}))
	// Output:
	// M2 20.000
}

// Balance-days weigh a month's profit shares: each end-of-day balance counts
// once.
func ExampleTx_BalanceDays() {
	book := exampleBook(deposit("T1", march(1), "M1", 30_000), deposit("T2", march(16), "M2", 60_000))
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		for _, sub := range []string{"M1", "M2", ""} {
			days := must(tx.BalanceDays("30101", sub, march(1), march(31)))
			fmt.Printf("%2s %s\n", sub, days.Neg())
		}
		return nil
	}))
	// Output:
	// M1 93000000
	// M2 96000000
	//    189000000
}

// One question of one consistent state.
func ExampleView() {
	book := exampleBook(deposit("T1", march(1), "M1", 30_000))
	owed := must(ledger.View(ctx, book, func(tx *ledger.Tx) (ledger.Money, error) {
		return tx.KindBalance(ledger.Syirkah, ledger.Latest())
	}))
	fmt.Println(rp(owed.Neg()))
	// Output: 30.000
}

// What an account earns on is its balance before the books were closed: on the
// last day of the year the closing entries do not count.
func ExampleTx_BalanceDaysIn() {
	closing := deposit("T2", march(31), "M1", 60_000)
	closing.Phase = ledger.Closing
	book := exampleBook(deposit("T1", march(1), "M1", 30_000), closing)
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		span := ledger.InMonth(ledger.MonthOf(2026, time.March))
		fmt.Println(must(tx.BalanceDaysIn("30101", "M1", span)).Neg())
		fmt.Println(must(tx.BalanceDaysIn("30101", "M1", span.BeforeClosing())).Neg())
		return nil
	}))
	// Output:
	// 99000000
	// 93000000
}

// An outbox: every change once, in order, also after a restart. What it has
// dealt with is one number, kept beside what it has sent.
func ExampleTx_Changes() {
	book := exampleBook()
	sent := must(book.Head(ctx)).Change // from here on
	deliver := func() {
		ok(book.View(ctx, func(tx *ledger.Tx) error {
			for ch, err := range tx.Changes(sent + 1) {
				if err != nil {
					return err
				}
				switch {
				case ch.Posted != nil:
					fmt.Println(ch.Number, "entry", ch.Posted.Number, ch.Posted.Key, len(ch.Posted.Lines), "lines")
				case ch.Record != nil:
					fmt.Println(ch.Number, "record", ch.Record.Kind, ch.Record.ID, ch.Record.Event)
				case ch.Kind == ledger.ChangeBlock:
					var block ledger.BlockSetting
					ok(ch.Decode(&block))
					fmt.Println(ch.Number, "block", block.Sub, block.Block, block.Reason)
				default:
					fmt.Println(ch.Number, ch.Kind)
				}
				sent = ch.Number // in one step with the sending
			}
			return nil
		}))
	}
	must(book.Post(ctx, deposit("T1", march(1), "M1", 50_000)))
	deliver()
	ok(book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetBlock(ledger.BlockSetting{Key: "B1", Account: "30101", Sub: "M1", Block: ledger.FullBlock, Reason: "wasiat", By: "manajer"})
	}))
	ok(book.CloseThrough(ctx, ledger.PeriodClosing{Key: "P1", Through: march(31)}))
	deliver()
	deliver() // nothing new
	// Output:
	// 12 entry 1 T1 2 lines
	// 13 block M1 full wasiat
	// 14 closing
}

// Entries by number and by key, and what a key stands for.
func ExampleTx_EntryByKey() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(2), "M2", 20_000))
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		posted, found, err := tx.EntryByKey("T2")
		ok(err)
		fmt.Println(posted.Number, posted.Memo, found)
		command, found, err := tx.Command("T2")
		ok(err)
		fmt.Println(command.Kind, command.First == posted.Change, found)
		_, found, err = tx.EntryByKey("T9") // absence is an answer, not an error
		fmt.Println(found, err)
		for posted, err := range tx.Entries(1) {
			fmt.Println(posted.Number, posted.Key, posted.Date, err)
		}
		return nil
	}))
	// Output:
	// 2 Setoran tunai true
	// post true true
	// false <nil>
	// 1 T1 2026-03-01 <nil>
	// 2 T2 2026-03-02 <nil>
}
