package ledgertest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// together runs n goroutines and waits for all. Half of them use the trial's
// book, half a book of their own on the same store, as two processes would.
func (t *trial) together(n int, run func(i int, book *ledger.Book) error) {
	t.Helper()
	other := t.reopened().book
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Add(1)
		go func() {
			defer all.Done()
			book := t.book
			if i%2 == 1 {
				book = other
			}
			errs[i] = calmly(func() error { return run(i, book) })
		}()
	}
	all.Wait()
	t.must(errors.Join(errs...))
}

// calmly turns a panic into an error: in a goroutine it would end the process.
func calmly(run func() error) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v", thrown)
		}
	}()
	return run()
}

func (t *trial) failedUpdateLeavesNothing() {
	t.post(deposit("T1", nov(10), "M1", 100))
	writes := func(tx *ledger.Tx) {
		_, err := tx.Post(deposit("T2", nov(9), "M1", 5))
		t.must(err)
		_, err = tx.Post(deposit("T3", nov(11), "M9", 5))
		t.must(err)
		t.must(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(5), From: nov(10)})(tx))
		t.must(guard(ledger.HardFloor(rp(1)), "F1", "M1")(tx))
		t.must(save(contract("S1", "K-1", 1))(tx))
		t.must(tx.AddAccount("A1", ledger.Account{Code: "70001", Name: "X", Kind: ledger.Asset, Normal: ledger.DebitSide}))
		t.must(tx.Close(ledger.PeriodClosing{Key: "C1", Through: nov(1)}))
	}
	own := errors.New("the caller's own error")
	ways := map[string]func(){
		"an error": func() {
			err := t.update(func(tx *ledger.Tx) error { writes(tx); return own })
			same(t, "whether the error comes back", errors.Is(err, own), true)
		},
		"a panic": func() {
			defer func() { same(t, "what was thrown", fmt.Sprint(recover()), "thrown") }()
			_ = t.update(func(tx *ledger.Tx) error { writes(tx); panic("thrown") })
		},
		"a Goexit": func() {
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				_ = t.update(func(tx *ledger.Tx) error { writes(tx); runtime.Goexit(); return nil })
			}()
			<-gone
		},
	}
	for what, fail := range ways {
		t.unchanged(what, fail)
		t.sound()
		t.view(func(tx *ledger.Tx) {
			same(t, "the subs after "+what, len(list(t, tx.Subs(savings, ""))), 1)
			open, err := tx.Holds(savings, "M1")
			t.must(err)
			same(t, "the holds after "+what, len(open), 0)
			_, known, err := tx.Command("T2")
			t.must(err)
			same(t, "whether a key is taken after "+what, known, false)
		})
		t.stands(savings, "M1", ledger.Latest(), -100)
	}
	t.do(func(tx *ledger.Tx) error { writes(tx); return nil }) // all keys are free
	t.stands(savings, "M1", ledger.Latest(), -105)
}

// oneConsistentState writes while a view is open, and asks it again.
func (t *trial) oneConsistentState() {
	t.november()
	t.do(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(5), From: nov(30)}))
	t.do(save(contract("S1", "K-1", 1)))
	picture := func(tx *ledger.Tx) string {
		head, err := tx.Head()
		t.must(err)
		room, err := tx.Available(savings, "M1", nov(1))
		t.must(err)
		holds, err := tx.Holds(savings, "M1")
		t.must(err)
		one, _, err := tx.HeldUnder("H1")
		t.must(err)
		_, later, err := tx.HeldUnder("W6")
		t.must(err)
		_, second, err := tx.Record("murabahah", "K-0")
		t.must(err)
		_, added, err := tx.Account("00001")
		t.must(err)
		first, _, err := tx.Entry(1)
		t.must(err)
		record, _, err := tx.Record("murabahah", "K-1")
		t.must(err)
		retired, _, err := tx.Account(expense)
		t.must(err)
		_, late, err := tx.Entry(head.Entries + 1)
		t.must(err)
		_, known, err := tx.Command("W1")
		t.must(err)
		lines := list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"}))
		return fmt.Sprint(head, room, holds, one.Left, later, second, added, first.ReversedBy, record.Version, retired.Retired, late, known,
			list(t, tx.Balances(ledger.EndOf(nov(15)))), list(t, tx.Subs(savings, "")), len(list(t, tx.Changes(1))),
			len(lines), lines[0].Entry, len(list(t, tx.Lines(ledger.LineQuery{}))), len(list(t, tx.Lines(ledger.LineQuery{Descending: true}))),
			list(t, tx.Turnovers(savings, "M1", nov(1), nov(30))), len(list(t, tx.Records("murabahah", ""))),
			len(list(t, tx.Accounts())), len(list(t, tx.Assertions())), len(list(t, tx.History("murabahah", "K-1"))))
	}
	t.view(func(tx *ledger.Tx) {
		before := picture(tx)
		for i, write := range t.oneOfEverything() {
			errs := make(chan error)
			go func() { errs <- calmly(write) }() // a writer is not stopped by an open view
			t.must(<-errs)
			same(t, fmt.Sprintf("the open view after write %d", i+1), picture(tx), before)
		}
		// A view that is half way through a list goes on as it began.
		same(t, "the head of the view", len(list(t, tx.Entries(1))), 7)
	})
	t.view(func(tx *ledger.Tx) { same(t, "entries now", len(list(t, tx.Entries(1))), 11) })
}

// oneOfEverything returns writes of every kind.
func (t *trial) oneOfEverything() []func() error {
	return []func() error{
		func() error { _, err := t.book.Post(t.ctx, deposit("W1", nov(2), "M1", 8)); return err },
		func() error { _, err := t.book.Post(t.ctx, deposit("W2", nov(10), "M8", 8)); return err },
		func() error { _, err := t.book.Post(t.ctx, withdrawal("W3", nov(12), "M1", 3)); return err },
		func() error {
			_, err := t.book.Reverse(t.ctx, ledger.Reversal{Key: "W4", Entry: 1, Date: nov(15), Reason: "salah"})
			return err
		},
		func() error { return t.update(release(ledger.Release{Key: "W5", Hold: "H1", Amount: rp(2)})) },
		func() error {
			return t.update(hold(ledger.Hold{Key: "W6", Sub: "M1", Amount: rp(1), From: nov(30)}))
		},
		func() error { return t.update(save(contract("W7", "K-1", 2))) },
		func() error { return t.update(save(contract("W8", "K-0", 1))) },
		func() error { return t.update(guard(ledger.HardFloor(rp(1)), "W9", "M2")) },
		func() error { return t.update(block("W10", "M2", ledger.FullBlock)) },
		func() error {
			return t.update(func(tx *ledger.Tx) error {
				return tx.Retire(ledger.Retirement{Key: "W11", Account: expense, Reason: "salah"})
			})
		},
		func() error {
			return t.update(func(tx *ledger.Tx) error {
				return tx.AddAccount("W12", ledger.Account{Code: "00001", Name: "X", Kind: ledger.Asset, Normal: ledger.DebitSide})
			})
		},
		func() error {
			return t.update(func(tx *ledger.Tx) error {
				return tx.Assert(ledger.Assertion{Key: "W13", Account: expense, Date: nov(1)})
			})
		},
		func() error { return t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "W14", Through: nov(1)}) },
	}
}

// halfAnEntryNeverShows reads while others post: every state balances.
func (t *trial) halfAnEntryNeverShows() {
	var writing sync.WaitGroup
	stop := make(chan struct{})
	writing.Add(1)
	go func() {
		defer writing.Done()
		defer close(stop)
		for i := range 60 {
			e := deposit(fmt.Sprintf("T%d", i), nov(1+i%30), fmt.Sprintf("M%d", i%3), int64(i+1))
			e.Lines = append(e.Lines, ledger.Debit(bank, rp(7)), ledger.Credit(wadiah, rp(7)).For("M1"))
			err := calmly(func() error {
				_, err := t.book.Post(t.ctx, e)
				return err
			})
			if err != nil {
				t.Errorf("%v", err)
			}
		}
	}()
	defer writing.Wait()
	for open := true; open; {
		select {
		case <-stop:
			open = false
		default:
		}
		t.view(func(tx *ledger.Tx) {
			head, err := tx.Head()
			t.must(err)
			var total ledger.Money
			for _, b := range list(t, tx.Balances(ledger.Latest())) {
				total = total.Add(b.Amount)
			}
			same(t, "the sum of all balances", total, rp(0))
			lines := list(t, tx.Lines(ledger.LineQuery{}))
			same(t, "lines", uint64(len(lines)), 4*head.Entries)
			banked, err := tx.Balance(bank, "", ledger.Latest())
			t.must(err)
			same(t, "the bank", banked, rp(7*int64(head.Entries)))
			if head.Entries > 0 {
				last, found, err := tx.Entry(head.Entries)
				t.must(err)
				same(t, "whether the last entry is whole", found && len(last.Lines) == 4 && last.Digest == head.Digest, true)
			}
		})
	}
}

// concurrentUpdates keeps totals and floors whatever runs beside.
func (t *trial) concurrentUpdates() {
	for m := range 4 {
		sub := fmt.Sprintf("M%d", m)
		t.post(deposit("start "+sub, nov(1), sub, 100))
		t.do(guard(ledger.HardFloor(rp(0)), "F "+sub, sub))
	}
	t.together(8, func(i int, book *ledger.Book) error {
		for n := range 15 {
			from, to := fmt.Sprintf("M%d", (i+n)%4), fmt.Sprintf("M%d", (i+3*n+1)%4)
			key := fmt.Sprintf("X%d/%d", i, n)
			e := ledger.Entry{Key: key, Date: nov(1 + (i*n)%30), Lines: []ledger.Line{
				ledger.Debit(savings, rp(int64(1+n))).For(from), ledger.Credit(savings, rp(int64(1+n))).For(to),
			}}
			err := book.Update(t.ctx, func(tx *ledger.Tx) error {
				runtime.Gosched()
				if _, err := tx.Post(e); err != nil {
					return err
				}
				runtime.Gosched()
				return nil
			})
			if code, _ := CodeOf(err); err != nil && code != ledger.CodeBelowFloor {
				return err
			}
		}
		return nil
	})
	t.stands(savings, "", ledger.Latest(), -400)
	for m := range 4 {
		for day := 1; day <= 30; day++ {
			if b := t.balance(savings, fmt.Sprintf("M%d", m), ledger.EndOf(nov(day))); b.Sign() > 0 {
				t.Fatalf("M%d is below its floor on %s: %v", m, nov(day), b)
			}
		}
	}
}

func (t *trial) sameKeyAtOnce() {
	var mu sync.Mutex
	first := 0
	t.together(50, func(_ int, book *ledger.Book) error {
		posted, err := book.Post(t.ctx, deposit("T1", nov(10), "M1", 5))
		mu.Lock()
		defer mu.Unlock()
		if !posted.Repeat {
			first++
		}
		if err == nil && posted.Number != 1 {
			return fmt.Errorf("the entry is number %d", posted.Number)
		}
		return err
	})
	same(t, "first results", first, 1)
	same(t, "entries", t.head().Entries, uint64(1))
	t.stands(savings, "M1", ledger.Latest(), -5)
}

// once runs n attempts of which exactly so many may succeed.
func (t *trial) once(n, may int, code ledger.Code, attempt func(i int, book *ledger.Book) error) {
	t.Helper()
	var mu sync.Mutex
	done := 0
	t.together(n, func(i int, book *ledger.Book) error {
		err := attempt(i, book)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			done++
			return nil
		}
		if got, _ := CodeOf(err); got != code {
			return err
		}
		return nil
	})
	same(t, "how many succeeded", done, may)
}

func (t *trial) withdrawalsAtOnce() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.do(guard(ledger.HardFloor(rp(0)), "F1", "M1"))
	t.once(10, 1, ledger.CodeBelowFloor, func(i int, book *ledger.Book) error {
		_, err := book.Post(t.ctx, withdrawal(fmt.Sprintf("W%d", i), nov(10+i), "M1", 60))
		return err
	})
}

func (t *trial) holdsAtOnce() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.once(10, 3, ledger.CodeHoldTooLarge, func(i int, book *ledger.Book) error {
		return book.Update(t.ctx, hold(ledger.Hold{Key: fmt.Sprintf("H%d", i), Sub: "M1", Amount: rp(30), From: nov(10)}))
	})
	same(t, "available", t.available(savings, "M1", nov(10)), rp(10))
}

func (t *trial) reversalsAtOnce() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.once(10, 1, ledger.CodeReversedAlready, func(i int, book *ledger.Book) error {
		_, err := book.Reverse(t.ctx, ledger.Reversal{Key: fmt.Sprintf("R%d", i), Entry: 1, Date: nov(10), Reason: "salah"})
		return err
	})
	t.stands(savings, "M1", ledger.Latest(), 0)
}

// closingAndLatePosts never lets an entry into a period after its closing.
func (t *trial) closingAndLatePosts() {
	t.together(8, func(i int, book *ledger.Book) error {
		if i == 3 {
			return book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C", Through: nov(10)})
		}
		for n := range 10 {
			_, err := book.Post(t.ctx, deposit(fmt.Sprintf("T%d/%d", i, n), nov(10), "M1", 1))
			if code, _ := CodeOf(err); err != nil && code != ledger.CodePeriodClosed {
				return err
			}
		}
		return nil
	})
	closed := false
	t.view(func(tx *ledger.Tx) {
		for _, ch := range list(t, tx.Changes(1)) {
			closed = closed || ch.Kind == ledger.ChangeClosing
			if closed && ch.Posted != nil {
				t.Fatalf("entry %d was posted after the closing", ch.Entry)
			}
		}
	})
	same(t, "whether it is closed", closed, true)
}

// writersOneAtATime counts on a plain variable, which only holds if no two
// closures run at once, whichever book value they come through.
func (t *trial) writersOneAtATime() {
	inside, most, runs := 0, 0, 0
	t.together(8, func(i int, book *ledger.Book) error {
		for n := range 10 {
			err := book.Update(t.ctx, func(tx *ledger.Tx) error {
				inside++
				most = max(most, inside)
				before := runs
				for range 5 {
					runtime.Gosched()
				}
				runs = before + 1
				inside--
				_, err := tx.Post(deposit(fmt.Sprintf("T%d/%d", i, n), nov(10), "M1", 1))
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "closures at once", most, 1)
	if runs < 80 {
		t.Fatalf("80 updates, %d closures counted", runs)
	}
	t.stands(savings, "M1", ledger.Latest(), -80)
}
