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
	t.do(func(tx *ledger.Tx) error {
		for i := range many {
			if err := more(tx, fmt.Sprint("T", i), day.AddDays(i), fmt.Sprintf("N%05d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	posted := 0
	next := func(tx *ledger.Tx) error {
		posted++
		return more(tx, fmt.Sprint("P", posted), day.AddDays(many+posted), fmt.Sprintf("Z%05d", posted))
	}
	for _, list := range endlessLists {
		t.endsInView(list, next)
		t.endsInUpdate(list, next)
	}
}

// more adds a row or more to every one of the lists, behind those there are.
func more(tx *ledger.Tx, key string, day ledger.Date, sub string) error {
	for i, sub := range []string{"M1", sub} {
		if _, err := tx.Post(deposit(fmt.Sprintf("%s/%d", key, i), day, sub, 1)); err != nil {
			return err
		}
	}
	return save(ledger.Record{Key: key, Kind: "k", ID: sub, Version: 1, Event: "e", State: []byte("{}")})(tx)
}

// endless is a list of which only the errors are looked at, nil for every row.
type endless struct {
	name string
	open func(*ledger.Tx) iter.Seq[error]
}

var endlessLists = []endless{
	{"turnovers", func(tx *ledger.Tx) iter.Seq[error] {
		return rows(tx.Turnovers(savings, "M1", ledger.On(ledger.MinYear, 1, 1), ledger.On(ledger.MaxYear, 1, 1)))
	}},
	{"subs", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.Subs(savings, "")) }},
	{"balances", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.Balances(ledger.Latest())) }},
	{"a page of balances", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.SubBalances(savings, "M1", ledger.Latest())) }},
	{"lines", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.Lines(ledger.LineQuery{})) }},
	{"a sub's lines", func(tx *ledger.Tx) iter.Seq[error] {
		return rows(tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"}))
	}},
	{"entries", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.Entries(1)) }},
	{"changes", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.Changes(1)) }},
	{"records", func(tx *ledger.Tx) iter.Seq[error] { return rows(tx.Records("k", "")) }},
}

func rows[V any](list iter.Seq2[V, error]) iter.Seq[error] {
	return func(yield func(error) bool) {
		for _, err := range list {
			if !yield(err) {
				return
			}
		}
	}
}

func (e endless) count(tx *ledger.Tx) (n int, err error) {
	for err := range e.open(tx) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// endsInView lets others post for every eighth row of a view's list.
func (t *trial) endsInView(list endless, next func(*ledger.Tx) error) {
	t.Helper()
	t.view(func(tx *ledger.Tx) {
		there, err := list.count(tx)
		t.must(err)
		n := 0
		for err := range list.open(tx) {
			t.must(err)
			if n++; n > there {
				t.Fatalf("%s: a view lists what was posted after it began", list.name)
			}
			if n%8 == 1 {
				done := make(chan error)
				go func() { done <- calmly(func() error { return t.update(next) }) }()
				t.must(<-done)
			}
		}
		same(t, list.name+" of a view", n, there)
	})
}

// endsInUpdate posts for every row of a list of the same update.
func (t *trial) endsInUpdate(list endless, next func(*ledger.Tx) error) {
	t.Helper()
	enough := errors.New("taken back")
	err := t.update(func(tx *ledger.Tx) error {
		there, err := list.count(tx)
		if err != nil {
			return err
		}
		n := 0
		for err := range list.open(tx) {
			if err != nil {
				return err
			}
			if n++; n > 5*there { // a row leads to three changes, which may be listed too
				return fmt.Errorf("%s: an update that posts for every row comes to no end", list.name)
			}
			if err := next(tx); err != nil {
				return err
			}
		}
		return enough
	})
	if !errors.Is(err, enough) {
		t.Fatalf("%v", err)
	}
}
