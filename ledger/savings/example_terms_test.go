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

func ExampleDesk_SetPolicy() {
	_, desk := cooperative()
	policy := savings.DefaultPolicy()
	policy.From, policy.Claims = ledger.On(2026, time.July, 1), "20204"
	policy.CapitalFloor, policy.MemberShare = ledger.IDR.Of(15_000_000), decimal.RequireFromString("0.20")
	set, err := desk.SetPolicy(context.Background(), savings.PolicySetting{Key: "policy/2", Policy: policy})
	try(err)
	for _, on := range []ledger.Date{ledger.On(2026, time.June, 30), ledger.On(2026, time.July, 1)} {
		fmt.Println(on, ledger.IDR.FormatLocal(set.Policies.On(on).CapitalFloor))
	}
	// Output:
	// 2026-06-30 0
	// 2026-07-01 15.000.000
}

func ExampleDesk_Admit() {
	ctx := context.Background()
	_, desk := cooperative()
	candidate, err := desk.Join(ctx, savings.Joining{Key: "join/C1", Date: ledger.On(2026, time.January, 31), Member: "C1", Standing: ledger.Candidate})
	try(err)
	fmt.Println(candidate.Member.State(), "until", candidate.Member.Until)
	admitted, err := desk.Admit(ctx, savings.Admission{Key: "admit/C1", Date: ledger.On(2026, time.March, 2), Member: "C1", ApprovedBy: "rapat pengurus 3"})
	try(err)
	fmt.Println(admitted.Member.State(), "since", admitted.Member.Since())
	// Output:
	// candidate until 2026-04-30
	// active since 2026-03-02
}

func ExampleDesk_Die() {
	ctx, known := context.Background(), ledger.On(2026, time.March, 4)
	_, desk := cooperative()
	_, err := desk.Die(ctx, savings.Death{Key: "death/M1", Date: ledger.On(2026, time.March, 1), Known: known, Member: "M1", Documents: []string{"akta kematian 5"}, By: "manajer"})
	try(err)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "teller-7/2", Date: known, Account: "M1-SIWA", Amount: ledger.IDR.Of(20_000), Counter: savings.Place{Account: "10102"}})
	fmt.Println(err)
	// Output:
	// ledger: "teller-7/2": line 1: account 20101/M1-SIWA: has a debit block
}

func ExampleDesk_Block() {
	ctx, on := context.Background(), ledger.On(2026, time.March, 2)
	book, desk := cooperative()
	_, err := desk.Block(ctx, savings.Blocking{Key: "block/1", Date: on, Account: "M1-SIWA", Block: ledger.DebitBlock, Until: on.AddDays(13), Reason: "buku hilang", By: "manajer"})
	try(err)
	try(book.View(ctx, func(tx *ledger.Tx) error {
		list, err := savings.HoldsIn(tx, on)
		if err != nil {
			return err
		}
		return list.Table().CSV(os.Stdout)
	}))
	// Output:
	// account,member,key,block,amount,reason,by,from,until
	// M1-SIWA,M1,,debit,0.00,buku hilang,manajer,2026-03-02,2026-03-15
}

func ExampleDesk_Agree() {
	ctx, from := context.Background(), ledger.On(2026, time.March, 16)
	book, desk := cooperative()
	_, err := desk.Open(ctx, savings.Opening{Key: "open/SIMUDA", Date: ledger.On(2026, time.March, 1), Account: "M1-SIMUDA", Member: "M1", Product: "SIMUDA"})
	try(err)
	_, err = desk.Agree(ctx, savings.Agreement{Key: "nisbah/1", Account: "M1-SIMUDA", Document: "adendum/4",
		Nisbah: savings.DatedRatio{From: from, Ratio: decimal.RequireFromString("0.475")}})
	try(err)
	try(book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, ledger.On(2026, time.March, 1), ledger.On(2026, time.March, 31)) {
			if err != nil {
				return err
			}
			for _, s := range e.Slices {
				fmt.Println(e.Account, s.From, s.Through, s.Nisbah)
			}
		}
		return nil
	}))
	// Output:
	// M1-SIMUDA 2026-03-01 2026-03-15 0.4
	// M1-SIMUDA 2026-03-16 2026-03-31 0.475
}

func ExampleSafekeepings() {
	ctx, month := context.Background(), ledger.MonthOf(2026, time.March)
	book, _ := cooperative()
	try(book.View(ctx, func(tx *ledger.Tx) error {
		for s, err := range savings.Safekeepings(tx, month.First(), month.Last()) {
			if err != nil {
				return err
			}
			fmt.Println(s.Account, s.Control, s.Party.Member) // no nisbah: a bonus is decided after the month
		}
		return nil
	}))
	// Output:
	// M1-SIWA 20101 M1
}

func ExampleDesk_MoveCash() {
	_, desk := cooperative()
	moved, err := desk.MoveCash(context.Background(), savings.CashMove{Key: "vault/1", Date: ledger.On(2026, time.March, 2),
		From: savings.Place{Account: "10101"}, To: savings.Place{Account: "10102"}, Amount: ledger.IDR.Of(5_000_000)})
	try(err)
	show(moved.Posted)
	// Output:
	// 2026-03-02 Pindah kas 10101 ke 10102
	//   10102             5000000.00
	//   10101            -5000000.00
}

func ExampleDesk_Register() {
	_, desk := cooperative()
	register, err := desk.Register(context.Background(), nil, ledger.On(2026, time.March, 31)) // no persons: numbers only
	try(err)
	for _, row := range register.Rows {
		fmt.Println(row.Number, row.State(), row.Joined, row.ApprovedBy)
	}
	// Output:
	// M1 active 2026-01-01 pengurus
}
