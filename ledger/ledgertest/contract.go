package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// What a store promises by itself, below any book: the checks here write
// batches as a book would.

// raw runs one update of the trial's book at the store.
func (t *trial) raw(fn func(ledger.Writer) error) error {
	return t.store.Update(t.ctx, t.book.ID(), fn)
}

func (t *trial) rawView(fn func(ledger.Reader)) {
	t.Helper()
	t.must(t.store.View(t.ctx, t.book.ID(), func(r ledger.Reader) error { fn(r); return nil }))
}

// next is a batch that appends one change to a head: an assertion, which
// nothing else hangs on.
func next(head ledger.Head, key string) *ledger.Batch {
	b := &ledger.Batch{Expect: head.Change, Head: head}
	b.Head.Change++
	b.Head.Digest[0]++
	b.Changes = []ledger.Change{{
		Number: b.Head.Change, Kind: ledger.ChangeAssertion, Recorded: recorded, Key: key, Command: "assertion",
		Document: []byte(`{}`), Digest: b.Head.Digest,
	}}
	b.Commands = []ledger.Command{{Key: key, Kind: "assertion", First: b.Head.Change, Last: b.Head.Change}}
	return b
}

// scratch gives the trial a book that it may spoil.
func (t *trial) scratch() *trial {
	t.Helper()
	other := *t
	other.book = t.create("scratch")
	return &other
}

func (t *trial) storeLostRace() {
	s := t.scratch()
	head := s.head()
	for _, expect := range []uint64{head.Change - 1, head.Change + 1, 0} {
		b := next(head, "K1")
		b.Expect = expect
		err := s.raw(func(w ledger.Writer) error { return w.Write(b) })
		same(t, fmt.Sprintf("whether %v is a conflict", err), errors.Is(err, ledger.ErrConflict), true)
		same(t, "the head after a lost race", s.head(), head)
	}
	t.must(s.raw(func(w ledger.Writer) error { return w.Write(next(head, "K1")) }))
	same(t, "the head's change", s.head().Change, head.Change+1)
}

func (t *trial) storeAllOrNothing() {
	s := t.scratch()
	head := s.head()
	nothing := func(what string) {
		t.Helper()
		same(t, "the head after "+what, s.head(), head)
		s.rawView(func(r ledger.Reader) {
			_, known, err := r.Command("K1")
			t.must(err)
			same(t, "whether the key is known after "+what, known, false)
			same(t, "changes after "+what, uint64(len(list(t, r.Changes(1)))), head.Change)
			p, err := r.Position(savings, "M1", nov(1))
			t.must(err)
			same(t, "whether the sub is there after "+what, p.Exists, false)
		})
	}
	batch := func() *ledger.Batch {
		b := next(head, "K1")
		b.Subs = []ledger.Sub{{Account: savings, Sub: "M1", Holder: "A-1"}}
		return b
	}
	failed := errors.New("after writing")
	err := s.raw(func(w ledger.Writer) error {
		t.must(w.Write(batch()))
		return failed
	})
	same(t, "whether the error comes back", errors.Is(err, failed), true)
	nothing("an error")
	func() {
		defer func() { same(t, "what was thrown", fmt.Sprint(recover()), "thrown") }()
		_ = s.raw(func(w ledger.Writer) error {
			t.must(w.Write(batch()))
			panic("thrown")
		})
	}()
	nothing("a panic")
	// A writer's own reads do not show what it writes, and others see nothing before the end.
	t.must(s.raw(func(w ledger.Writer) error {
		t.must(w.Write(batch()))
		seen, err := w.Head()
		t.must(err)
		same(t, "the head that the writer sees", seen, head)
		return nil
	}))
	same(t, "the head's change", s.head().Change, head.Change+1)
}

func (t *trial) storeAbsence() {
	t.november()
	absent := func(r ledger.Reader) {
		_, found, err := r.Account("77777")
		t.must(err)
		same(t, "an account", found, false)
		p, err := r.Position("77777", "M1", nov(1))
		t.must(err)
		same(t, "a position of no account", p.Exists, false)
		p, err = r.Position(savings, "M99", nov(1))
		t.must(err)
		if p.Exists || len(p.Rows) != 0 || len(p.Holds) != 0 || !p.Before.IsZero() || !p.Sub.Last.IsZero() {
			t.Fatalf("the position of no sub is %+v", p)
		}
		_, found, err = r.Command("nobody's")
		t.must(err)
		same(t, "a command", found, false)
		for _, number := range []uint64{0, 999, 1 << 63} {
			_, found, err = r.Entry(number)
			t.must(err)
			same(t, "an entry", found, false)
		}
		for _, version := range []int{0, 1, -1} {
			_, found, err = r.Record("murabahah", "K-1", version)
			t.must(err)
			same(t, "a record", found, false)
		}
		_, found, err = r.Hold("H1")
		t.must(err)
		same(t, "a hold", found, false)
		same(t, "subs", len(list(t, r.Subs("77777", ""))), 0)
		same(t, "turnovers", len(list(t, r.Turnovers(savings, "M99", nov(1), nov(30)))), 0)
		same(t, "records", len(list(t, r.Records("murabahah", ""))), 0)
		same(t, "lines", len(list(t, r.Lines(ledger.LineQuery{Account: "77777"}))), 0)
		same(t, "assertions", len(list(t, r.Assertions())), 0)
		same(t, "changes", len(list(t, r.Changes(999))), 0)
	}
	t.rawView(absent)
	t.must(t.raw(func(w ledger.Writer) error { absent(w); return nil }))
	t.must(t.store.View(t.ctx, "no such book", func(r ledger.Reader) error {
		head, err := r.Head()
		t.must(err)
		same(t, "the head of no book", head.Change, 0)
		absent(r)
		return nil
	}))
}

func (t *trial) storeOrder() {
	for _, sub := range []string{"M2", "M10", "m1", "M1", "é", "M-1", "M 1", "Z"} {
		t.post(deposit("T"+sub, nov(10), sub, 1))
		t.do(save(contract("S"+sub, sub, 1)))
	}
	for _, day := range []int{20, 5, 25, 1} {
		t.post(deposit(fmt.Sprintf("D%d", day), nov(day), "M1", int64(day)))
	}
	want := []string{"M 1", "M-1", "M1", "M10", "M2", "Z", "m1", "é"} // by bytes
	t.rawView(func(r ledger.Reader) {
		for from := range len(want) + 1 {
			after := ""
			if from > 0 {
				after = want[from-1]
			}
			var subs, records []string
			for _, s := range list(t, r.Subs(savings, after)) {
				subs = append(subs, s.Sub)
			}
			for _, rec := range list(t, r.Records("murabahah", after)) {
				records = append(records, rec.ID)
			}
			same(t, "subs after "+after, strings.Join(subs, ","), strings.Join(want[from:], ","))
			same(t, "records after "+after, strings.Join(records, ","), strings.Join(want[from:], ","))
		}
		var days []int
		for _, row := range list(t, r.Turnovers(savings, "M1", nov(2), nov(24))) {
			days = append(days, row.Day.Day())
		}
		if !slices.Equal(days, []int{5, 10, 20}) {
			t.Fatalf("the turnovers' days are %v", days)
		}
		p, err := r.Position(savings, "M1", nov(10))
		t.must(err)
		if p.Before != rp(-6) || len(p.Rows) != 3 || p.Rows[0].Balance != rp(-7) || p.Rows[2].Balance != rp(-52) || p.Sub.LastDay != nov(25) || p.Sub.Last != rp(-52) {
			t.Fatalf("the position is %+v", p)
		}
		p, err = r.Position(savings, "M1", nov(26))
		t.must(err)
		if p.Before != rp(-52) || len(p.Rows) != 0 {
			t.Fatalf("the position after the last day is %+v", p)
		}
		numbers := uint64(0)
		for _, ch := range list(t, r.Changes(3)) {
			if numbers == 0 {
				numbers = 2
			}
			numbers++
			same(t, "the number of a change", ch.Number, numbers)
		}
	})
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.Account, error] { return r.Accounts() })
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.Sub, error] { return r.Subs(savings, "") })
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.Turnover, error] {
		return r.Turnovers(savings, "M1", nov(1), nov(30))
	})
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.Change, error] { return r.Changes(1) })
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.PostedLine, error] { return r.Lines(ledger.LineQuery{}) })
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.PostedLine, error] {
		return r.Lines(ledger.LineQuery{Account: savings, Sub: "M1"})
	})
	stops(t, func(r ledger.Reader) iter.Seq2[ledger.Record, error] { return r.Records("murabahah", "") })
}

// stops fails unless a listing ends when its reader has had enough, can be
// read again, and lets its reader ask something else in between.
func stops[V any](t *trial, open func(ledger.Reader) iter.Seq2[V, error]) {
	t.Helper()
	t.rawView(func(r ledger.Reader) {
		seq := open(r)
		for range 2 {
			read := 0
			for _, err := range seq {
				t.must(err)
				if _, err := r.Head(); err != nil {
					t.Fatalf("asking in between: %v", err)
				}
				for range seq { // a second reading of the same list
					break
				}
				if read++; read == 2 {
					break
				}
			}
			same(t, "rows read", read, 2)
		}
	})
}

// storeLaterRowCounts puts the same key twice in one batch.
func (t *trial) storeLaterRowCounts() {
	s := t.scratch()
	b := next(s.head(), "K1")
	account := ledger.Account{Code: "70001", Name: "eins", Kind: ledger.Asset, Normal: ledger.DebitSide}
	later := account
	later.Retired = true
	b.Accounts = []ledger.Account{account, later}
	b.Subs = []ledger.Sub{{Account: savings, Sub: "M1", Holder: "A-1", Block: ledger.DebitBlock}, {Account: savings, Sub: "M1", Holder: "A-2"}}
	held := ledger.Held{Hold: ledger.Hold{Key: "H1", Account: savings, Sub: "M1", Amount: rp(5), From: nov(1)}, Left: rp(5)}
	released := held
	released.Left = rp(2)
	b.Holds = []ledger.Held{held, released}
	t.must(s.raw(func(w ledger.Writer) error { return w.Write(b) }))
	s.rawView(func(r ledger.Reader) {
		a, _, err := r.Account("70001")
		t.must(err)
		same(t, "the account", a, later)
		h, _, err := r.Hold("H1")
		t.must(err)
		same(t, "the hold", h, released)
		p, err := r.Position(savings, "M1", nov(1))
		t.must(err)
		if len(p.Holds) != 1 || p.Holds[0] != released {
			t.Fatalf("the sub's holds are %+v", p.Holds)
		}
		same(t, "the sub", p.Sub, ledger.Sub{Account: savings, Sub: "M1", Holder: "A-2"})
	})
}

// storeErrors hands back what the closure returns, and takes no call whose
// context is over.
func (t *trial) storeErrors() {
	own := errors.New("the closure's own")
	err := t.raw(func(ledger.Writer) error { return own })
	same(t, "whether Update hands the error back", errors.Is(err, own), true)
	err = t.store.View(t.ctx, t.book.ID(), func(ledger.Reader) error { return own })
	same(t, "whether View hands the error back", errors.Is(err, own), true)
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	for what, err := range map[string]error{
		"Update": t.store.Update(ctx, t.book.ID(), func(ledger.Writer) error { return nil }),
		"View":   t.store.View(ctx, t.book.ID(), func(ledger.Reader) error { return nil }),
	} {
		same(t, "whether a cancelled "+what+" says so", errors.Is(err, context.Canceled), true)
	}
	t.must(t.raw(func(ledger.Writer) error { return nil })) // writes nothing
}
