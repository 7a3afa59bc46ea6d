package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// fullEntry is an entry with something in every field.
func fullEntry(key string) ledger.Entry {
	return ledger.Entry{
		Key: key, Date: nov(10), Memo: "Angsuran ke-3 \"Melati\" – Bu Siti", Document: "BKM/2026/11/0007",
		Maker: "teller-7", Approver: "manajer", Phase: ledger.Adjusting, Waiver: "izin pengurus",
		Source: ledger.Source{Kind: "murabahah", ID: "K-1", Version: 1, Event: "pay"},
		Lines: []ledger.Line{
			ledger.Debit(cash, ledger.Minor(123_456_789)).In(ledger.Operating),
			ledger.Credit(savings, ledger.Minor(23_456_789)).For("M1").With(ledger.Party{Member: "A-1", Standing: ledger.Candidate}),
			ledger.Credit(savings, ledger.Minor(60_000_000)).For("M1").With(ledger.Party{Member: "A-1", Standing: ledger.Member}),
			ledger.Credit(wadiah, ledger.Minor(40_000_000)).For("M1").In(ledger.Financing),
		},
	}
}

func sameEntry(a, b ledger.Entry) bool {
	lines := slices.Equal(a.Lines, b.Lines)
	a.Lines, b.Lines = nil, nil
	return lines && fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}

// samePosted compares what two reads give of one entry, except whether it was
// a repeat and what has reversed it since.
func samePosted(a, b ledger.Posted) bool {
	return sameEntry(a.Entry, b.Entry) && a.Number == b.Number && a.Change == b.Change && a.Recorded.Equal(b.Recorded) &&
		a.Reverses == b.Reverses && a.Imported == b.Imported && a.Digest == b.Digest
}

func (t *trial) readsBack() {
	asked := fullEntry("T1")
	before := t.head()
	first := t.event(asked)
	same(t, "the first entry's number", first.Number, uint64(1))
	same(t, "its change", first.Change, before.Change+1)
	if !sameEntry(first.Entry, asked) || first.Repeat || first.Imported || first.Reverses != 0 || first.Digest.IsZero() {
		t.Fatalf("posted %+v, asked %+v", first, asked)
	}
	same(t, "whether it was recorded in microseconds", first.Recorded.Equal(recorded), true)
	nobody := deposit("T2", nov(9), "M2", 5)
	nobody.Lines[0].Party.Standing = ledger.Other // a standing without a number
	second := t.post(nobody)
	same(t, "the second entry's number", second.Number, uint64(2))
	asked.Lines[0].Amount = rp(1) // the caller's lines are the caller's own
	first.Lines[1].Amount = rp(1)

	asked = fullEntry("T1")
	t.view(func(tx *ledger.Tx) {
		for what, read := range map[string]func() (ledger.Posted, bool, error){
			"by number": func() (ledger.Posted, bool, error) { return tx.Entry(1) },
			"by key":    func() (ledger.Posted, bool, error) { return tx.EntryByKey("T1") },
		} {
			got, found, err := read()
			t.must(err)
			if !found || !sameEntry(got.Entry, asked) || got.Number != 1 || got.Digest != first.Digest || !got.Recorded.Equal(first.Recorded) {
				t.Fatalf("read %s: %+v", what, got)
			}
		}
		for _, ch := range list(t, tx.Changes(1)) {
			same(t, "whether a change was recorded in microseconds", ch.Recorded.Equal(recorded), true)
		}
		all := list(t, tx.Entries(1))
		if len(all) != 2 || !samePosted(all[1], second) {
			t.Fatalf("all entries: %+v", all)
		}
		for i, line := range list(t, tx.Lines(ledger.LineQuery{})) {
			if i < 4 && (line.Line != asked.Lines[i] || line.No != i+1 || line.Entry != 1 || line.Date != asked.Date ||
				line.Phase != asked.Phase || line.Key != "T1" || line.Memo != asked.Memo || line.Source != asked.Source) {
				t.Fatalf("line %d is %+v", i+1, line)
			}
		}
		_, found, err := tx.EntryByKey("T3")
		t.must(err)
		same(t, "whether an unknown key has an entry", found, false)
	})
	head := t.head()
	same(t, "the head's changes", head.Change, before.Change+3)
	same(t, "the head's entries", head.Entries, uint64(2))
	same(t, "the head's digest", head.Digest, second.Digest)
}

// repeats asks every kind of command again after what it did has been undone,
// withdrawn, retired or closed.
func (t *trial) repeats() {
	t.do(func(tx *ledger.Tx) error {
		return tx.AddAccount("A", ledger.Account{Code: "70001", Name: "Perantara", Kind: ledger.Asset, Normal: ledger.DebitSide})
	})
	operations := []Operation{
		{ledger.SubOpening{Key: "O", Account: savings, Sub: "M1", Holder: "A-1", By: "cs"}},
		{deposit("T1", nov(10), "M1", 100)},
		{move("T2", nov(10), "70001", cash, 10)},
		{ledger.Hold{Key: "H", Account: savings, Sub: "M1", Amount: rp(60), From: nov(10), Reason: "jaminan"}},
		{ledger.Hold{Key: "H2", Account: cash, Amount: rp(10), From: nov(10), Reason: "titipan"}},
		{ledger.Release{Key: "L", Hold: "H", Amount: rp(20), Reason: "angsuran"}},
		{ledger.Release{Key: "L2", Hold: "H2", Amount: rp(4), Reason: "diambil"}}, // of another hold
		{ledger.Release{Key: "L3", Hold: "H2", Reason: "diambil"}},
		{Capture{ledger.Release{Key: "C", Hold: "H", Reason: "eksekusi"}, withdrawal("", nov(11), "M1", 100)}},
		{ledger.Reversal{Key: "R", Entry: 2, Date: nov(11), Reason: "salah"}},
		{ledger.FloorSetting{Key: "F", Account: savings, Sub: "M1", Floor: ledger.HardFloor(rp(0))}},
		{ledger.BlockSetting{Key: "B", Account: savings, Sub: "M1", Block: ledger.FullBlock, Reason: "tutup"}},
		{ledger.Assertion{Key: "Q", Account: savings, Sub: "M1", Date: nov(11)}},
		{ledger.Record{Key: "S", Kind: "savings", ID: "M1", Version: 1, Event: "open", State: []byte(`{}`)}},
		{ledger.Retirement{Key: "X", Account: "70001", Reason: "tidak dipakai"}},
		{Imported(move("I", nov(1), cash, bank, 3))},
		{ledger.PeriodClosing{Key: "P", Through: nov(30), Reason: "tutup"}},
		{ledger.PeriodReopening{Key: "Y", Through: nov(29), SoftThrough: nov(30), Reason: "koreksi", By: "pengurus"}},
		{ledger.PeriodClosing{Key: "P2", Through: nov(30), Reason: "tutup"}},
	}
	first := make([]Answer, len(operations))
	for i, op := range operations {
		first[i] = t.apply(op)
		if first[i].Code != "" {
			t.Fatalf("%v is refused: %s", op, first[i].Code)
		}
	}
	t.unchanged("repeats", func() {
		for round := range 2 { // each by itself, then all in one
			for i, op := range operations {
				got := t.apply(op)
				if got.Code != "" || got.Entry != first[i].Entry || got.Change != first[i].Change || got.Version != first[i].Version || got.Left != first[i].Left || !got.Repeat {
					t.Fatalf("round %d: the repeat of %v answers %+v, first %+v", round, op, got, first[i])
				}
			}
		}
		t.do(func(tx *ledger.Tx) error {
			for _, op := range operations {
				if got, err := op.Apply(tx); err != nil || got.Code != "" {
					return fmt.Errorf("the repeat of %v: %+v %w", op, got, err)
				}
			}
			return nil
		})
	})
}

func (t *trial) apply(op Operation) Answer {
	t.Helper()
	var answer Answer
	t.do(func(tx *ledger.Tx) (err error) {
		answer, err = op.Apply(tx)
		return err
	})
	return answer
}

func (t *trial) keyConflicts() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.do(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(5), From: nov(10)}))
	own := func(key string) ledger.Entry {
		e := fullEntry(key)
		e.Source = ledger.Source{}
		return e
	}
	t.post(own("T2"))
	changed := map[string]func(*ledger.Entry){
		"date": func(e *ledger.Entry) { e.Date = nov(11) }, "memo": func(e *ledger.Entry) { e.Memo += "." },
		"document": func(e *ledger.Entry) { e.Document += "." }, "maker": func(e *ledger.Entry) { e.Maker += "." },
		"approver": func(e *ledger.Entry) { e.Approver = "" }, "phase": func(e *ledger.Entry) { e.Phase = ledger.Ordinary },
		"waiver": func(e *ledger.Entry) { e.Waiver = "" }, "source": func(e *ledger.Entry) { e.Source.Version++ },
		"amounts":    func(e *ledger.Entry) { e.Lines[0].Amount, e.Lines[1].Amount = rp(1), rp(-1) },
		"sub":        func(e *ledger.Entry) { e.Lines[1].Sub = "M2" },
		"account":    func(e *ledger.Entry) { e.Lines[0].Account = bank },
		"party":      func(e *ledger.Entry) { e.Lines[1].Party.Standing = ledger.Other },
		"activity":   func(e *ledger.Entry) { e.Lines[0].Activity = ledger.Fund },
		"line order": func(e *ledger.Entry) { e.Lines[0], e.Lines[1] = e.Lines[1], e.Lines[0] },
		"line count": func(e *ledger.Entry) { e.Lines = e.Lines[:2] },
	}
	t.unchanged("key conflicts", func() {
		for what, change := range changed {
			other := own("T2")
			change(&other)
			_, err := t.book.Post(t.ctx, other)
			t.conflict(what, err, "T2")
		}
		_, err := t.book.Post(t.ctx, deposit("H1", nov(10), "M1", 5))
		t.conflict("an entry under a hold's key", err, "H1")
		t.conflict("a hold under an entry's key", t.update(hold(ledger.Hold{Key: "T1", Sub: "M1", Amount: rp(5), From: nov(10)})), "T1")
		t.conflict("a hold of another day", t.update(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(5), From: nov(11)})), "H1")
	})
}

// conflict fails unless err names both contents under the key.
func (t *trial) conflict(what string, err error, key string) {
	t.Helper()
	var conflict *ledger.KeyConflictError
	if !errors.As(err, &conflict) || !errors.Is(err, ledger.ErrKeyConflict) {
		t.Fatalf("%s: got %v, want a key conflict", what, err)
	}
	if conflict.Key != key || conflict.First.Content == conflict.SecondUsing || conflict.First.Content.IsZero() ||
		!strings.Contains(err.Error(), conflict.First.Content.String()[:8]) || !strings.Contains(err.Error(), conflict.SecondUsing.String()[:8]) {
		t.Fatalf("%s: %v does not name both digests", what, err)
	}
}

func (t *trial) refusalsChangeNothing() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.do(guard(ledger.HardFloor(rp(0)), "F1", "M1"))
	t.unchanged("refusals", func() {
		_, err := t.book.Post(t.ctx, withdrawal("T2", nov(10), "M1", 101))
		t.refused(err, ledger.CodeBelowFloor)
		var refusal *ledger.Refusal
		if !errors.As(err, &refusal) || refusal.Account != savings || refusal.Sub != "M1" || refusal.Line != 1 || refusal.Key != "T2" ||
			refusal.Balance != rp(-1) || refusal.Limit != rp(0) || refusal.Date != nov(10) {
			t.Fatalf("the refusal says %+v", refusal)
		}
		// One of many refuses all.
		_, err = t.book.PostAll(t.ctx, []ledger.Entry{deposit("T3", nov(10), "M1", 5), withdrawal("T4", nov(10), "M1", 500), deposit("T5", nov(10), "M1", 5)})
		t.refused(err, ledger.CodeBelowFloor)
		// A refusal that its closure passes over has written nothing either.
		t.do(func(tx *ledger.Tx) error {
			_, err := tx.Post(withdrawal("T6", nov(10), "M1", 101))
			t.refused(err, ledger.CodeBelowFloor)
			return nil
		})
	})
	t.stands(savings, "M1", ledger.Latest(), -100)
	all, err := t.book.PostAll(t.ctx, []ledger.Entry{deposit("T3", nov(10), "M1", 5), withdrawal("T4", nov(10), "M1", 105)})
	t.must(err)
	same(t, "entries posted", len(all), 2)
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	t.unchanged("a cancelled call", func() {
		if _, err := t.book.Post(ctx, deposit("T7", nov(10), "M1", 5)); !errors.Is(err, context.Canceled) {
			t.Fatalf("a cancelled call returns %v", err)
		}
	})
}

func (t *trial) reversalOnce() {
	original := t.event(fullEntry("T1"))
	_, err := t.book.Reverse(t.ctx, ledger.Reversal{Key: "R", Entry: 1, Date: nov(20), Reason: "salah"})
	t.refused(err, ledger.CodeReversalOfSource)
	if !strings.Contains(err.Error(), "murabahah") {
		t.Fatalf("%q does not say which package reverses it", err)
	}
	t.post(deposit("T2", nov(10), "M1", 70))
	mirror, err := t.book.Reverse(t.ctx, ledger.Reversal{Key: "R1", Entry: 2, Date: nov(12), Reason: "salah rekening", Document: "D", Maker: "m", Approver: "a"})
	t.must(err)
	if mirror.Reverses != 2 || mirror.Number != 3 || mirror.Date != nov(12) || mirror.Memo != "salah rekening" || mirror.Document != "D" || mirror.Maker != "m" || mirror.Approver != "a" {
		t.Fatalf("the mirror is %+v", mirror)
	}
	for i, l := range mirror.Lines {
		if want := deposit("", nov(1), "M1", 70).Lines[i]; l.Account != want.Account || l.Sub != want.Sub || l.Amount != want.Amount.Neg() {
			t.Fatalf("line %d of the mirror is %+v", i+1, l)
		}
	}
	t.view(func(tx *ledger.Tx) {
		for number, by := range map[uint64]uint64{1: 0, 2: 3, 3: 0} {
			got, _, err := tx.Entry(number)
			t.must(err)
			same(t, fmt.Sprintf("what reverses entry %d", number), got.ReversedBy, by)
		}
		kept, _, err := tx.Entry(1)
		t.must(err)
		same(t, "whether the original is as it was", samePosted(kept, original), true)
	})
	_, err = t.book.Reverse(t.ctx, ledger.Reversal{Key: "R2", Entry: 2, Date: nov(12), Reason: "lagi"})
	t.refused(err, ledger.CodeReversedAlready)
	_, err = t.book.Reverse(t.ctx, ledger.Reversal{Key: "R2", Entry: 3, Date: nov(12), Reason: "lagi"})
	t.refused(err, ledger.CodeReversalOfReverse)
	same(t, "the cash before the mirror", t.balance(cash, "", ledger.EndOf(nov(11))), ledger.Minor(123_456_789+7_000))
}

func (t *trial) importedHistory() {
	t.do(guard(ledger.HardFloor(rp(0)), "F1", "M1"))
	t.do(block("B1", "M1", ledger.FullBlock))
	day := ledger.On(1998, 5, 21)
	var posted ledger.Posted
	t.do(func(tx *ledger.Tx) (err error) {
		posted, err = tx.Import(withdrawal("T1", day, "M1", 5))
		return err
	})
	same(t, "whether it is marked", posted.Imported, true)
	t.stands(savings, "M1", ledger.EndOf(day), 5)
	t.view(func(tx *ledger.Tx) {
		kept, _, err := tx.Entry(1)
		t.must(err)
		same(t, "whether it is kept as imported", kept.Imported, true)
	})
	_, err := t.book.Post(t.ctx, withdrawal("T1", day, "M1", 5))
	t.conflict("the same as an ordinary entry", err, "T1")
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C", Through: day}))
	t.refused(t.update(func(tx *ledger.Tx) error { _, err := tx.Import(deposit("T2", day, "M1", 5)); return err }), ledger.CodePeriodClosed)
}

// manyLines posts an entry that does not fit one page of anything.
func (t *trial) manyLines() {
	const members = 3000
	e := ledger.Entry{Key: "bagi-hasil", Date: nov(30), Memo: "Bagi hasil"}
	var total int64
	for i := range members {
		e.Lines = append(e.Lines, ledger.Credit(savings, rp(int64(i+1))).For(fmt.Sprintf("M%05d", i)))
		total += int64(i + 1)
	}
	e.Lines = append(e.Lines, ledger.Debit(expense, rp(total)))
	t.post(e)
	t.stands(savings, "", ledger.EndOf(nov(30)), -total)
	t.stands(savings, "M02999", ledger.EndOf(nov(30)), -members)
	t.view(func(tx *ledger.Tx) {
		same(t, "subs", len(list(t, tx.Subs(savings, ""))), members)
		same(t, "subs after one", len(list(t, tx.Subs(savings, "M02989"))), 10)
		same(t, "lines", len(list(t, tx.Lines(ledger.LineQuery{Account: savings, AllSubs: true}))), members)
		got, _, err := tx.Entry(1)
		t.must(err)
		same(t, "whether all lines are there, in order", slices.Equal(got.Lines, e.Lines), true)
	})
}

// largestAmounts stays right where sums pass what one amount can hold.
func (t *trial) largestAmounts() {
	most := ledger.Minor(ledger.MaxMoney)
	t.post(ledger.Entry{Key: "T1", Date: nov(1), Lines: []ledger.Line{
		ledger.Debit(cash, most), ledger.Debit(bank, most), ledger.Credit(wadiah, most).For("M1"), ledger.Credit(wadiah, most).For("M2"),
	}})
	same(t, "the balance", t.balance(cash, "", ledger.Latest()), most)
	_, err := t.book.Post(t.ctx, move("T2", nov(1), cash, expense, 1))
	t.refused(err, ledger.CodeBalanceOverflow)
	_, err = t.book.Post(t.ctx, ledger.Entry{Key: "T2", Date: nov(1), Lines: []ledger.Line{ // on the way it would not fit
		ledger.Debit(cash, rp(5)), ledger.Credit(cash, rp(5)),
	}})
	t.refused(err, ledger.CodeBalanceOverflow)
	t.post(ledger.Entry{Key: "T3", Date: nov(3), Lines: []ledger.Line{ledger.Debit(wadiah, most).For("M1"), ledger.Credit(cash, most)}})
	third := t.post(ledger.Entry{Key: "T4", Date: nov(2), Lines: []ledger.Line{ledger.Debit(expense, rp(5)), ledger.Credit(income, rp(5))}})
	_, err = t.book.Post(t.ctx, move("T5", nov(2), cash, expense, 1)) // back-dated to when it was full
	t.refused(err, ledger.CodeBalanceOverflow)
	t.post(ledger.Entry{Key: "T6", Date: nov(4), Lines: []ledger.Line{ledger.Debit(cash, most), ledger.Credit(bank, most)}})
	// A day's debits have to fit too, though the balance does.
	t.post(ledger.Entry{Key: "T8", Date: nov(4), Lines: []ledger.Line{ledger.Debit("10409", most).For("K-1"), ledger.Credit(cash, most)}})
	_, err = t.book.Post(t.ctx, move("T9", nov(4), cash, bank, 1))
	t.refused(err, ledger.CodeBalanceOverflow)
	same(t, "the balance as of before", t.balance(cash, "", ledger.Latest().AsOf(third.Change-2)), most)
	same(t, "the balance as of between", t.balance(cash, "", ledger.Latest().AsOf(third.Change)), rp(0))
	t.view(func(tx *ledger.Tx) {
		if _, err := tx.Balance(wadiah, "", ledger.EndOf(nov(2))); !errors.Is(err, ledger.ErrMoney) {
			t.Fatalf("a total beyond the largest amount gives %v", err)
		}
	})
}

// keysApart uses keys that a database may take for one another: each is a
// command of its own. Keys that people would take for one another are refused.
func (t *trial) keysApart() {
	alike := []string{"T1", "t1", "T 1", "T  1", "T01", "\u00e9", "e\u0301", "T1/1", "T1%", "T_", "Tx", "ß", "ss", "K", "\u212a"}
	for i, key := range alike {
		if posted := t.post(deposit(key, nov(10), "M1", 1)); posted.Repeat || posted.Number != uint64(i+1) {
			t.Fatalf("key %q is taken for another: %+v", key, posted)
		}
	}
	for _, hidden := range []string{"T1 ", " T1", " ", "T\u00a01", "T1\u200b", "T1\u3164"} {
		_, err := t.book.Post(t.ctx, deposit(hidden, nov(10), "M1", 1))
		t.refused(err, ledger.CodeKeyInvalid)
		_, err = t.book.Post(t.ctx, deposit("sub", nov(10), hidden, 1))
		t.refused(err, ledger.CodeSubInvalid)
	}
	t.view(func(tx *ledger.Tx) {
		for i, key := range alike {
			e, found, err := tx.EntryByKey(key)
			t.must(err)
			if !found || e.Number != uint64(i+1) {
				t.Fatalf("key %q finds %+v", key, e)
			}
		}
	})
}
