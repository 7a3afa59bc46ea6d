package ledgertest

import (
	"errors"
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// listsEnd reads lists of which every row leads to more rows behind it: posted
// by others while a view reads, and by the update itself. A view lists what was
// there when it began; an update need not, but comes to an end too. Each list is
// longer than the pages that a store may read first.
func (t *trial) listsEnd() {
	const many = 80
	day := ledger.On(2020, 1, 1)
	more := func(key string, day ledger.Date, sub string) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			for i, sub := range []string{"M1", sub} {
				if _, err := tx.Post(deposit(fmt.Sprintf("%s/%d", key, i), day, sub, 1)); err != nil {
					return err
				}
			}
			return save(ledger.Record{Key: key, Kind: "k", ID: sub, Version: 1, Event: "e", State: []byte("{}")})(tx)
		}
	}
	t.do(func(tx *ledger.Tx) error {
		for i := range many {
			if err := more(fmt.Sprint("T", i), day.AddDays(i), fmt.Sprintf("N%05d", i))(tx); err != nil {
				return err
			}
		}
		return nil
	})
	lists := []struct {
		name string
		open func(*ledger.Tx) iter.Seq[error]
	}{
		{"turnovers", func(tx *ledger.Tx) iter.Seq[error] {
			return errs(tx.Turnovers(savings, "M1", day, ledger.On(ledger.MaxYear, 1, 1)))
		}},
		{"subs", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.Subs(savings, "")) }},
		{"balances", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.Balances(ledger.Latest())) }},
		{"a page of balances", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.SubBalances(savings, "M1", ledger.Latest())) }},
		{"lines", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.Lines(ledger.LineQuery{})) }},
		{"a sub's lines", func(tx *ledger.Tx) iter.Seq[error] {
			return errs(tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"}))
		}},
		{"entries", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.Entries(1)) }},
		{"changes", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.Changes(1)) }},
		{"records", func(tx *ledger.Tx) iter.Seq[error] { return errs(tx.Records("k", "")) }},
	}
	posted := 0
	next := func(write func(func(*ledger.Tx) error) error) error {
		posted++
		return write(more(fmt.Sprint("P", posted), day.AddDays(many+posted), fmt.Sprintf("Z%05d", posted)))
	}
	for _, each := range lists {
		t.view(func(tx *ledger.Tx) {
			there, n := 0, 0
			for err := range each.open(tx) {
				t.must(err)
				there++
			}
			for err := range each.open(tx) {
				t.must(err)
				if n++; n > there {
					t.Fatalf("%s: a view lists what was posted after it began", each.name)
				}
				if n%8 != 1 { // a writer of another goroutine, every now and then
					continue
				}
				done := make(chan error)
				go func() { done <- calmly(func() error { return next(t.update) }) }()
				t.must(<-done)
			}
			same(t, each.name+" of a view", n, there)
		})
		enough := errors.New("taken back")
		err := t.update(func(tx *ledger.Tx) error {
			there, n := 0, 0
			for err := range each.open(tx) {
				if err != nil {
					return err
				}
				there++
			}
			for err := range each.open(tx) {
				if err != nil {
					return err
				}
				if n++; n > 5*there { // a row leads to three changes, which may be listed too
					return fmt.Errorf("%s: an update that posts for every row comes to no end", each.name)
				}
				if err := next(func(write func(*ledger.Tx) error) error { return write(tx) }); err != nil {
					return err
				}
			}
			return enough
		})
		if !errors.Is(err, enough) {
			t.Fatalf("%v", err)
		}
	}
}

// errs are the errors of a list, nil for every row.
func errs[V any](list iter.Seq2[V, error]) iter.Seq[error] {
	return func(yield func(error) bool) {
		for _, err := range list {
			if !yield(err) {
				return
			}
		}
	}
}
