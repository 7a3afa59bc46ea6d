package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// fridge is the contract that falls behind.
const fridge = "MRB-2026-002"

// late walks a contract through arrears, a rescheduling and a write-off, and
// prints the entry and the card at each step.
func late(ctx context.Context, w io.Writer, desk *murabahah.Desk) error {
	on := func(month time.Month, day int) ledger.Date { return ledger.On(2026, month, day) }
	rp := ledger.IDR.Of
	act := func(key string, day ledger.Date, note, document string) murabahah.Act {
		return murabahah.Act{Key: key, Contract: fridge, Date: day, Note: note, Document: document, Approver: "Pengurus"}
	}
	terms := laptopTerms()
	terms.Contract, terms.Goods, terms.Cost, terms.Margin = fridge, "Kulkas", rp(4_000_000), rp(480_000)
	terms.Recognition.Method, terms.Recognition.Basis = murabahah.Proportional, murabahah.OnDueDate
	pay := func(key string, day ledger.Date, amount int64) murabahah.Command {
		return murabahah.Payment{Receipt: murabahah.Receipt{Key: key, Contract: fridge, Date: day, Amount: rp(amount), Place: teller}}
	}
	rest := murabahah.Plan{Kind: murabahah.Level, Instalments: 9, FirstDue: on(time.May, 31), Step: rp(1_000), Rounding: ledger.RoundHalfUp}
	allowance := murabahah.Provision{Key: "PPAP-12", Date: on(time.December, 31), Required: rp(2_900_000)}
	if _, err := desk.Provide(ctx, allowance); err != nil {
		return err
	}
	for _, step := range []murabahah.Command{
		murabahah.Ordering{Key: "SP-2", Date: on(time.January, 2), Terms: terms},
		murabahah.Acquisition{Key: "BKK-2", Contract: fridge, Date: on(time.January, 5), Cost: terms.Cost, Place: teller, Document: "FKT-91"},
		murabahah.Sale{Key: "akad/2", Contract: fridge, Date: on(time.January, 6)},
		pay("BKM-18", on(time.January, 31), 747_000),
		murabahah.Falling{Act: act("JT-2", on(time.March, 31), "", "")}, // February and March are unpaid
		murabahah.Ability{Act: act("KEM-2", on(time.April, 2), "usaha tutup", "BA-7")},
		murabahah.Reschedule{Act: act("ADD-2", on(time.April, 3), "", "ADD-2"), Kind: murabahah.Rescheduling, Plan: rest},
		pay("BKM-40", on(time.June, 2), 500_000),
		murabahah.WriteOff{Act: act("HB-2", on(time.December, 31), "tidak tertagih", "SK-12")}, // against an allowance that is there
		murabahah.Recovery{Act: act("BKM-77", on(time.December, 31), "", ""), Amount: rp(200_000), Place: teller},
	} {
		result, err := desk.Do(ctx, step)
		if err != nil {
			return err
		}
		if err := printStep(w, result); err != nil {
			return err
		}
	}
	return printArrears(ctx, w, desk, on(time.December, 31))
}

// printArrears prints why the debt was written off.
func printArrears(ctx context.Context, w io.Writer, desk *murabahah.Desk, asOf ledger.Date) error {
	history, err := desk.History(ctx, fridge)
	if err != nil {
		return err
	}
	before, err := murabahah.Replay(history[:len(history)-2])
	if err != nil {
		return err
	}
	class, arrears, err := murabahah.DefaultCollectibility(asOf).ClassOf(before, asOf)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nbefore the write-off: class %s, %d instalments of together %s overdue since %s\n",
		class, arrears.Instalments, ledger.IDR.FormatLocal(arrears.Overdue), arrears.Since)
	return nil
}
