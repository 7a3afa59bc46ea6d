package contract_test

import (
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

func exampleBook() *ledger.Book {
	config := config
	config.Chart = ledger.StandardChart()
	book, err := ledger.Create(ctx, ledger.NewMemory(), config)
	if err != nil {
		panic(err)
	}
	return book
}

// A command under a key is carried out once.
func ExampleKind_Carry() {
	book := exampleBook()
	carry := func(key, name string, put ledger.Money) error {
		return book.Update(ctx, func(tx *ledger.Tx) error {
			asked := struct {
				Owner string
				Put   ledger.Money
			}{"M0001", put}
			content, err := envelopes.Content(name, asked)
			if err != nil {
				return err
			}
			r := contract.Request{Command: name, Key: key, Contract: "A-1", Content: content, Begins: name == "open"}
			done, err := envelopes.Carry(tx, r, func(before envelope) (result, error) {
				// The rules would decide here.
				e := event{Name: name, Version: before.Version + 1, Date: first, Owner: asked.Owner, Put: put}
				after, err := envelopes.Apply(before, e)
				if err != nil {
					return result{}, contract.In(tx, r.Contract, err)
				}
				return envelopes.Enter(tx, r.Contract, result{Contract: after, Event: e}, journal(r.Contract, e), tx.Post)
			})
			fmt.Println(line(done))
			return err
		})
	}
	err := errors.Join(carry("1", "open", ledger.Money{}), carry("2", "put", amount(50_000)), carry("2", "put", amount(50_000)))
	conflict := carry("2", "put", amount(60_000))
	fmt.Println(err, errors.Is(conflict, ledger.ErrKeyConflict))
	// Output:
	// open #1 holds 0.00, entry 0, repeat false
	// put #2 holds 50000.00, entry 1, repeat false
	// put #2 holds 50000.00, entry 1, repeat true
	//  #0 holds 0.00, entry 0, repeat false
	// <nil> true
}

// The latest event is undone, and its entry mirrored; an earlier one is not.
func ExampleKind_Reverse() {
	book := exampleBook()
	err := book.Update(ctx, func(tx *ledger.Tx) error {
		for _, a := range []ask{open, put} {
			if _, err := do(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	_, earlier := undoes(book, "U1", 1)
	undone, failed := undoes(book, "U2", 2)
	fmt.Println(errors.Join(err, failed))
	fmt.Println(earlier)
	fmt.Printf("%s, the mirror of entry %d\n", line(undone), undone.Posted.Reverses)
	// Output:
	// <nil>
	// envelope: contract A-1: later ones: put #2 on 2026-01-02
	// undo #3 holds 0.00, entry 2, repeat false, the mirror of entry 1
}

// A contract's history has everything; what stands leaves out what was undone.
func ExampleKind_History() {
	book := exampleBook()
	err := book.Update(ctx, func(tx *ledger.Tx) error {
		for _, a := range []ask{open, put, mark} {
			if _, err := do(tx, a); err != nil {
				return err
			}
		}
		if _, err := undo(tx, "U", "A-1", 0); err != nil {
			return err
		}
		history, err := envelopes.History(tx, "A-1")
		fmt.Println("keys:", history.Keys)
		for _, e := range envelopes.Standing(history.Events) {
			fmt.Println(envelopes.Heading(e))
		}
		return err
	})
	fmt.Println(err)
	// Output:
	// keys: [1 2 3 U]
	// open #1 on 2026-01-02
	// put #2 on 2026-01-02
	// <nil>
}

// A check computes every version again out of its event.
func ExampleKind_CheckReplay() {
	book := exampleBook()
	err := book.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := do(tx, open); err != nil {
			return err
		}
		// Somebody saves a state that no event gives.
		if _, _, err := tx.Repeat(ledger.Command{Key: "X", Kind: "forged"}); err != nil {
			return err
		}
		return envelopes.Save(tx, "A-1", event{Name: "mark", Version: 2, Date: first, Marks: 1}, envelope{Owner: "M0002", Version: 2})
	})
	fmt.Println(err)
	for finding, err := range book.Check(ctx, ledger.NewCheck("envelope.replay", envelopes.CheckReplay)) {
		fmt.Println(finding.Text, err)
	}
	// Output:
	// <nil>
	// contract A-1, version 2: the state is not what the events give: {"owner":"M0001","marks":1,"version":2}, stored {"owner":"M0002","version":2} <nil>
}

// One errors.As handles the refusals of every kind of contract.
func ExampleRefusal() {
	err := error(contract.Refuse(errState, "take.above", "A-1", "it holds %s, %s are asked", amount(70_000), amount(90_000)).
		Comparing(amount(90_000), amount(70_000)).In(ledger.IDR))
	var r *contract.Refusal
	fmt.Println(errors.As(err, &r), errors.Is(err, errState))
	fmt.Println(r.Code, r.Contract, ledger.IDR.Format(r.Given), ledger.IDR.Format(r.Limit))
	fmt.Println(err)
	// Output:
	// true true
	// take.above A-1 90000.00 70000.00
	// envelope: contract A-1: it holds 70000.00, 90000.00 are asked
}
