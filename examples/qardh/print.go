package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// open brings money into the till, and a donation into the benevolent fund.
func open(ctx context.Context, book *ledger.Book) error {
	post := func(key, to, from string, amount int64) error {
		_, err := book.Post(ctx, ledger.Entry{Key: key, Date: ledger.On(2026, 1, 2), Memo: "Saldo awal", Lines: []ledger.Line{
			ledger.Debit(to, ledger.IDR.Of(amount)), ledger.Credit(from, ledger.IDR.Of(amount))}})
		return err
	}
	if err := post("opening/1", till, "40202", 5_000_000); err != nil {
		return err
	}
	return post("opening/2", fundCash, "90202", 1_200_000)
}

// printer carries commands out and prints what they did.
type printer struct {
	ctx  context.Context
	w    io.Writer
	desk Desk
}

func (p printer) do(name string, a Act, decide func(Loan, Act) (Event, error)) {
	p.print(p.desk.Do(p.ctx, name, a, decide))
}

func (p printer) undo(a Act) { p.print(p.desk.Undo(p.ctx, a)) }

func (p printer) print(r Result, err error) {
	if err != nil {
		fmt.Fprintln(p.w, "refused:", err)
		return
	}
	repeated := ""
	if r.Repeat {
		repeated = " (repeated)"
	}
	fmt.Fprintf(p.w, "%s%s: %s is owed\n", loans.Heading(r.Event), repeated, ledger.IDR.FormatLocal(r.Contract.Owed()))
	for _, line := range r.Posted.Lines {
		fmt.Fprintf(p.w, "  %-12s %10s\n", line.Account+" "+line.Sub, ledger.IDR.FormatLocal(line.Amount))
	}
}

// history prints what stands of a loan.
func (p printer) history(id string) error {
	return p.desk.book.View(p.ctx, func(tx *ledger.Tx) error {
		history, err := loans.History(tx, id)
		for _, e := range loans.Standing(history.Events) {
			fmt.Fprintln(p.w, strings.TrimSpace(fmt.Sprintf("stands: %s %s", loans.Heading(e), e.Note)))
		}
		return err
	})
}
