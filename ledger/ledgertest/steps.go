package ledgertest

import (
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// stepsTakenBack lets steps of an update fail while the update goes on.
func (t *trial) stepsTakenBack() {
	t.post(deposit("T0", nov(10), "M1", 100))
	failed := errors.New("the step's own error")
	t.do(func(tx *ledger.Tx) error {
		before, err := tx.Head()
		t.must(err)
		_, err = tx.Post(deposit("T1", nov(9), "M1", 1))
		t.must(err)
		after, err := tx.Head()
		t.must(err)
		for round := range 3 {
			err := calmly(func() error {
				return tx.Atomic(func() error {
					t.pledge(tx)
					if round == 1 {
						panic("thrown")
					}
					return failed
				})
			})
			if round != 1 && !errors.Is(err, failed) || round == 1 && err == nil {
				return fmt.Errorf("round %d: %w", round, err)
			}
			head, err := tx.Head()
			t.must(err)
			same(t, "the head after a step that failed", head, after)
			sub, _, err := tx.Sub(savings, "M1")
			t.must(err)
			same(t, "the sub after it", sub, ledger.Sub{Account: savings, Sub: "M1", Last: rp(-101), LastDay: nov(10)})
			_, known, err := tx.Record("murabahah", "K-1")
			t.must(err)
			same(t, "whether the record is there", known, false)
			_, known, err = tx.Command("D1")
			t.must(err)
			same(t, "whether the step's key is taken", known, false)
			open, err := tx.Holds(savings, "M1")
			t.must(err)
			same(t, "open holds", len(open), 0)
			original, _, err := tx.Entry(1)
			t.must(err)
			same(t, "what reverses the entry", original.ReversedBy, 0)
		}
		t.accountsTakenBack(tx)
		// The step's command has ended with it: a write without a key has none.
		t.refused(tx.Atomic(func() error {
			_, err := tx.Post(deposit("", nov(8), "M1", 7))
			return err
		}), ledger.CodeKeyMissing)
		// And a step that succeeds stays.
		t.must(tx.Atomic(func() error {
			_, err := tx.Post(deposit("T3", nov(8), "M1", 3))
			return err
		}))
		feed := list(t, tx.Changes(before.Change+1))
		same(t, "changes", len(feed), 4)
		return nil
	})
	t.stands(savings, "M1", ledger.EndOf(nov(8)), -3)
	t.stands(savings, "", ledger.Latest(), -104)
	same(t, "entries", t.head().Entries, uint64(5))
}

// accountsTakenBack: nor does an account stay as a step has left it, retired or
// with another floor.
func (t *trial) accountsTakenBack(tx *ledger.Tx) {
	t.Helper()
	failed := errors.New("the step's own error")
	err := tx.Atomic(func() error {
		for _, err := range []error{
			tx.Retire(ledger.Retirement{Key: "X1", Account: wadiah, Reason: "salah"}),
			tx.SetFloor(ledger.FloorSetting{Key: "F1", Account: savings, Floor: ledger.HardFloor(rp(50))}),
		} {
			t.must(err)
		}
		_, err := tx.Post(move("T5", nov(10), bank, cash, 1)) // which looks at accounts again
		t.must(err)
		t.refused(hold(ledger.Hold{Key: "H5", Account: wadiah, Sub: "M1", Amount: rp(1), From: nov(10)})(tx), ledger.CodeAccountRetired)
		t.refused(hold(ledger.Hold{Key: "H5", Sub: "M5", Amount: rp(1), From: nov(10)})(tx), ledger.CodeHoldTooLarge)
		return failed
	})
	same(t, "whether the step gives its error", errors.Is(err, failed), true)
	_, err = tx.Post(ledger.Entry{Key: "T6", Date: nov(10), Lines: []ledger.Line{
		ledger.Debit(cash, rp(2)), ledger.Credit(wadiah, rp(1)).For("M6"), ledger.Credit(savings, rp(1)).For("M6"),
	}})
	t.must(err)
	_, err = tx.Post(withdrawal("T7", nov(10), "M6", 1))
	t.must(err)
}

// pledge is a command of many writes, with a step of its own.
func (t *trial) pledge(tx *ledger.Tx) {
	t.Helper()
	content := ledger.NewContent("savings.pledge").Text("M1").Digest()
	_, repeated, err := tx.Repeat(ledger.Command{Key: "D1", Kind: "savings.pledge", Content: content})
	t.must(err)
	same(t, "whether the command is a repeat", repeated, false)
	_, err = tx.Post(deposit("", nov(8), "M1", 7))
	t.must(err)
	t.must(tx.Atomic(func() error {
		_, err := tx.Post(deposit("T2", nov(10), "M2", 7))
		t.must(err)
		_, err = tx.Reverse(ledger.Reversal{Key: "R1", Entry: 1, Date: nov(10), Reason: "salah"})
		t.must(err)
		return save(contract("", "K-1", 1))(tx) // the pledge's
	}))
	t.must(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(2), From: nov(10)})(tx))
	t.must(block("B1", "M1", ledger.FullBlock)(tx))
	t.must(tx.Close(ledger.PeriodClosing{Key: "C1", Through: nov(5)}))
}

func (t *trial) transactionOver() {
	var kept *ledger.Tx
	for _, run := range []func(func(*ledger.Tx) error) error{
		func(fn func(*ledger.Tx) error) error { return t.book.View(t.ctx, fn) }, t.update,
	} {
		t.must(run(func(tx *ledger.Tx) error { kept = tx; return nil }))
		_, err := kept.Post(deposit("T1", nov(10), "M1", 5))
		_, headErr := kept.Head()
		_, balanceErr := kept.Balance(cash, "", ledger.Latest())
		_, _, entryErr := kept.Entry(1)
		for _, err := range []error{err, headErr, balanceErr, entryErr} {
			same(t, fmt.Sprintf("whether %v says that the transaction is over", err), errors.Is(err, ledger.ErrTxDone), true)
		}
	}
	t.view(func(tx *ledger.Tx) {
		_, err := tx.Post(deposit("T1", nov(10), "M1", 5))
		same(t, "whether a view refuses to write", errors.Is(err, ledger.ErrReadOnly), true)
	})
}

// adoption takes a contract over that agrees with the opening balances.
func (t *trial) adoption() {
	t.do(func(tx *ledger.Tx) error {
		_, err := tx.Import(deposit("T1", nov(1), "M1", 100))
		return err
	})
	adopt := func(key string, version int, claim int64) (saved ledger.Record, err error) {
		err = t.update(func(tx *ledger.Tx) (err error) {
			saved, err = tx.Adopt(ledger.Adoption{Record: contract(key, "K-1", version), Day: nov(1), Claims: []ledger.Claim{
				{Account: savings, Sub: "M1", Balance: rp(-claim)}, {Account: cash, Balance: rp(claim)}, {Account: savings, Sub: "M2"},
			}})
			return err
		})
		return saved, err
	}
	t.unchanged("adoptions that do not agree", func() {
		for _, c := range []struct {
			version int
			claim   int64
		}{{1, 99}, {2, 100}, {0, 100}} {
			_, err := adopt("A1", c.version, c.claim)
			t.refused(err, ledger.CodeAdoptionFailed)
		}
	})
	first, err := adopt("A1", 1, 100)
	t.must(err)
	t.post(deposit("T2", nov(1), "M1", 1)) // the balances move on
	again, err := adopt("A1", 1, 100)
	t.must(err)
	same(t, "the change that a repeat names", again.Change, first.Change)
	_, err = adopt("A2", 1, 101)
	t.refused(err, ledger.CodeRecordStale)
	// The key speaks before the claims do.
	_, err = adopt("A1", 1, 101)
	t.conflict("other claims", err, "A1")
	t.conflict("another day", t.update(func(tx *ledger.Tx) error {
		_, err := tx.Adopt(ledger.Adoption{Record: contract("A1", "K-1", 1), Day: nov(2), Claims: []ledger.Claim{
			{Account: savings, Sub: "M1", Balance: rp(-100)}, {Account: cash, Balance: rp(100)}, {Account: savings, Sub: "M2"},
		}})
		return err
	}), "A1")
	_, err = adopt("T1", 2, 99)
	t.conflict("an entry's key", err, "T1")
	_, err = adopt("", 1, 99)
	t.refused(err, ledger.CodeKeyMissing)
}

// rebuilt damages the caches at the store and has them recounted.
func (t *trial) rebuilt() {
	t.november()
	rebuild := func() int {
		t.Helper()
		replaced, err := t.book.Rebuild(t.ctx)
		t.must(err)
		return len(replaced)
	}
	before := t.head()
	same(t, "what is rebuilt of a sound book", rebuild(), 0)
	damage := []ledger.SubTurnovers{
		{Account: savings, Sub: "M1", Rows: []ledger.Turnover{{Day: nov(7), Credit: rp(9), Balance: rp(-9)}}}, // wrong
		{Account: cash}, // lost
		{Account: wadiah, Sub: "M9", Rows: []ledger.Turnover{{Day: nov(7), Credit: rp(9), Balance: rp(-9)}}}, // made up
	}
	t.must(t.raw(func(w ledger.Writer) error {
		return w.Write(&ledger.Batch{
			Expect: before.Change, Head: before, Rebuilt: damage, Subs: []ledger.Sub{{Account: wadiah, Sub: "M9"}},
		})
	}))
	t.stands(savings, "M1", ledger.EndOf(nov(30)), -9)
	found := 0
	for _, err := range t.book.Check(t.ctx) {
		t.must(err)
		found++
	}
	if found < 3 {
		t.Fatalf("Check finds %d of three damages", found)
	}
	same(t, "what is rebuilt", rebuild(), 3)
	same(t, "the head", t.head(), before)
	same(t, "what is rebuilt again", rebuild(), 0)
	t.stands(savings, "M1", ledger.EndOf(nov(30)), -1397)
	t.stands(cash, "", ledger.EndOf(nov(30)), 1467)
	t.stands(wadiah, "M9", ledger.EndOf(nov(30)), 0)
}
