package ledgertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

func contract(key, id string, version int) ledger.Record {
	return ledger.Record{
		Key: key, Kind: "murabahah", ID: id, Version: version, Event: fmt.Sprintf("event-%d", version), Format: 2,
		Data:  json.RawMessage(fmt.Sprintf(`{ "amount" : %d, "memo": "Bu Siti <&>" }`, version)),
		State: json.RawMessage(fmt.Sprintf(`{"left":%d}`, 100-version)),
	}
}

func (t *trial) records() {
	for version := 1; version <= 3; version++ {
		t.do(save(contract(fmt.Sprintf("S%d", version), "K-1", version)))
	}
	t.do(save(contract("S4", "K-2", 1)))
	for _, stale := range []int{0, 1, 3, 5} {
		t.unchanged("a stale version", func() {
			t.refused(t.update(save(contract("S5", "K-1", stale))), ledger.CodeRecordStale)
		})
	}
	t.refused(t.update(save(contract("S5", "K-3", 2))), ledger.CodeRecordStale)
	t = t.reopened()
	t.view(func(tx *ledger.Tx) {
		latest, found, err := tx.Record("murabahah", "K-1")
		t.must(err)
		want := contract("S3", "K-1", 3)
		want.Change = latest.Change
		if !found || !sameRecord(latest, want) {
			t.Fatalf("the latest version is %+v", latest)
		}
		history := list(t, tx.History("murabahah", "K-1"))
		same(t, "versions", len(history), 3)
		for i, got := range history {
			want := contract(fmt.Sprintf("S%d", i+1), "K-1", i+1)
			want.Change = history[0].Change + uint64(i)
			if !sameRecord(got, want) {
				t.Fatalf("version %d is %+v", i+1, got)
			}
		}
		_, found, err = tx.Record("savings", "K-1")
		t.must(err)
		same(t, "whether another kind has it", found, false)
	})
	// Two writers that loaded the same version: the second one is told.
	t.do(save(contract("S6", "K-1", 4)))
	t.refused(t.update(save(contract("S7", "K-1", 4))), ledger.CodeRecordStale)
	t.do(func(tx *ledger.Tx) error { // two versions in one update
		for version := 5; version <= 6; version++ {
			if _, err := tx.Save(contract(fmt.Sprintf("S%d", version+3), "K-1", version)); err != nil {
				return err
			}
			latest, _, err := tx.Record("murabahah", "K-1")
			if err != nil || latest.Version != version || len(list(t, tx.History("murabahah", "K-1"))) != version {
				return fmt.Errorf("version %d is not seen: %+v %w", version, latest, err)
			}
		}
		return nil
	})
	t.view(func(tx *ledger.Tx) { same(t, "versions", len(list(t, tx.History("murabahah", "K-1"))), 6) })
	t.rawView(func(r ledger.Reader) {
		for _, version := range []int{7, 8, 1 << 30, -1} {
			_, found, err := r.Record("murabahah", "K-1", version)
			t.must(err)
			same(t, fmt.Sprintf("whether there is a version %d", version), found, false)
		}
	})
}

func (t *trial) recordPages() {
	var ids []string
	for i := range 30 {
		id := fmt.Sprintf("K-%03d", (i*7)%30)
		ids = append(ids, id)
		t.do(save(contract("S"+id, id, 1)))
	}
	r := contract("other", "K-000", 1)
	r.Kind = "murabaha" // a prefix of the kind is another kind
	t.do(save(r))
	t.do(save(contract("second", "K-010", 2)))
	slices.Sort(ids)
	names := func(after string) string {
		var got []string
		t.view(func(tx *ledger.Tx) {
			for _, r := range list(t, tx.Records("murabahah", after)) {
				got = append(got, r.ID)
				same(t, "the version of "+r.ID, r.Version == 2, r.ID == "K-010")
			}
		})
		return strings.Join(got, " ")
	}
	same(t, "all records", names(""), strings.Join(ids, " "))
	same(t, "records after one", names("K-019"), strings.Join(ids[20:], " "))
	same(t, "records after a missing one", names("K-0195"), strings.Join(ids[20:], " "))
	same(t, "records after the last", names("K-029"), "")
	after := ""
	var paged []string
	for range 20 {
		t.view(func(tx *ledger.Tx) {
			n := 0
			for r, err := range tx.Records("murabahah", after) {
				t.must(err)
				paged = append(paged, r.ID)
				after = r.ID
				if n++; n == 4 {
					break
				}
			}
		})
	}
	same(t, "records in pages", strings.Join(paged, " "), strings.Join(ids, " "))
}

func (t *trial) assertions() {
	t.november()
	assert := func(key string, day ledger.Date, rupiah int64) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			return tx.Assert(ledger.Assertion{Key: key, Account: cash, Date: day, Balance: rp(rupiah), Document: "kas opname", By: "kasir"})
		}
	}
	t.do(assert("Q1", nov(12), 1266))
	t.do(assert("Q2", nov(11), 1270))
	t.unchanged("a false assertion", func() { t.refused(t.update(assert("Q3", nov(12), 1267)), ledger.CodeAssertionFailed) })
	t = t.reopened()
	t.view(func(tx *ledger.Tx) {
		all := list(t, tx.Assertions())
		if len(all) != 2 || all[0].Key != "Q1" || all[1].Key != "Q2" || all[1].Date != nov(11) || all[1].Document != "kas opname" {
			t.Fatalf("the assertions are %+v", all)
		}
	})
	t.sound()
	// A back-dated entry breaks one, and Check finds just that one.
	t.post(deposit("T1", nov(12), "M1", 5))
	var found []string
	for finding, err := range t.book.Check(t.ctx) {
		t.must(err)
		found = append(found, finding.Check+" "+finding.Account)
	}
	same(t, "what Check finds", strings.Join(found, ", "), "assertions "+cash)
	_, err := t.book.Reverse(t.ctx, ledger.Reversal{Key: "R1", Entry: 8, Date: nov(12), Reason: "salah tanggal"})
	t.must(err)
}

// ownWrites shows a transaction what it has written itself.
func (t *trial) ownWrites() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.do(func(tx *ledger.Tx) error {
		head, err := tx.Head()
		t.must(err)
		posted, err := tx.Post(withdrawal("T2", nov(5), "M1", 30))
		t.must(err)
		same(t, "the new entry's change", posted.Change, head.Change+1)
		for day, want := range map[int]int64{4: 0, 5: 30, 9: 30, 10: -70} {
			balance, err := tx.Balance(savings, "M1", ledger.EndOf(nov(day)))
			t.must(err)
			same(t, fmt.Sprintf("the balance on %d", day), balance, rp(want))
		}
		before, err := tx.Balance(savings, "M1", ledger.EndOf(nov(10)).AsOf(head.Change))
		t.must(err)
		same(t, "the balance as of before", before, rp(-100))
		days, err := tx.BalanceDays(savings, "M1", nov(4), nov(10))
		t.must(err)
		same(t, "balance-days", days, rp(30*5-70).Over(1))
		kept, found, err := tx.EntryByKey("T2")
		t.must(err)
		if !found || !samePosted(kept, posted) {
			t.Fatalf("the new entry is %+v", kept)
		}
		lines := list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"}))
		if len(lines) != 2 || lines[0].Entry != 2 || lines[1].Entry != 1 {
			t.Fatalf("the lines are %+v", lines)
		}
		t.must(guard(ledger.HardFloor(rp(5)), "F1", "M1")(tx))
		t.must(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(50), From: nov(10)})(tx))
		room, err := tx.Available(savings, "M1", nov(10))
		t.must(err)
		same(t, "available", room, rp(15))
		open, err := tx.Holds(savings, "M1")
		t.must(err)
		same(t, "open holds", len(open), 1)
		t.must(block("B1", "M7", ledger.FullBlock)(tx))
		subs := list(t, tx.Subs(savings, ""))
		if len(subs) != 2 || subs[1].Sub != "M7" || subs[1].Block != ledger.FullBlock || subs[0].Floor != ledger.HardFloor(rp(5)) || subs[0].LastDay != nov(10) {
			t.Fatalf("the subs are %+v", subs)
		}
		_, err = tx.Reverse(ledger.Reversal{Key: "R1", Entry: 2, Date: nov(10), Reason: "salah"})
		t.must(err)
		_, err = tx.Reverse(ledger.Reversal{Key: "R2", Entry: 2, Date: nov(10), Reason: "salah"})
		t.refused(err, ledger.CodeReversedAlready)
		feed := list(t, tx.Changes(head.Change+1))
		same(t, "own changes", len(feed), 5)
		now, err := tx.Head()
		t.must(err)
		same(t, "the head", now.Digest, feed[4].Digest)
		return nil
	})
	t.stands(savings, "M1", ledger.Latest(), -100)
}

// oneCommandManyWrites is what a Desk does: one key for an entry, a record and
// a hold, answered as one when it comes again.
func (t *trial) oneCommandManyWrites() {
	t.post(deposit("T1", nov(10), "M1", 100))
	desk := func(amount int64) (first []ledger.Change, repeated bool, err error) {
		err = t.update(func(tx *ledger.Tx) error {
			content := ledger.NewContent("savings.pledge").Text("M1").Money(rp(amount)).Digest()
			command, again, err := tx.Repeat(ledger.Command{Key: "D1", Kind: "savings.pledge", Content: content})
			if err != nil {
				return err
			}
			if repeated = again; again {
				first, err = tx.ChangesOf(command)
				return err
			}
			e := withdrawal("", nov(10), "M1", amount)
			if _, err := tx.Post(e); err != nil {
				return err
			}
			if _, err := tx.Post(deposit("aside", nov(10), "M2", 1)); err != nil { // a command of its own in between
				return err
			}
			if err := hold(ledger.Hold{Key: "D1", Sub: "M1", Amount: rp(10), From: nov(10)})(tx); err != nil {
				return err
			}
			// One command places one hold under its key.
			t.refused(hold(ledger.Hold{Key: "D1", Sub: "M1", Amount: rp(5), From: nov(10)})(tx), ledger.CodeHoldInvalid)
			return save(ledger.Record{Kind: "savings", ID: "M1", Version: 1, Event: "pledge", State: []byte(`{}`)})(tx)
		})
		return first, repeated, err
	}
	_, repeated, err := desk(30)
	t.must(err)
	same(t, "whether the first is a repeat", repeated, false)
	t.unchanged("a repeat", func() {
		first, repeated, err := desk(30)
		t.must(err)
		same(t, "whether the second is a repeat", repeated, true)
		kinds := ""
		for _, ch := range first {
			same(t, "the key", ch.Key, "D1")
			same(t, "the command", ch.Command, "savings.pledge")
			kinds += string(ch.Kind) + " "
		}
		same(t, "what it wrote", kinds, "entry hold record ")
		_, _, err = desk(31)
		t.conflict("another amount", err, "D1")
	})
	t.view(func(tx *ledger.Tx) {
		e, found, err := tx.EntryByKey("D1")
		t.must(err)
		if !found || e.Number != 2 || e.Key != "D1" {
			t.Fatalf("the entry of the command is %+v", e)
		}
		command, found, err := tx.Command("aside")
		t.must(err)
		if !found || command.First != command.Last || command.Kind != "post" {
			t.Fatalf("the command in between is %+v", command)
		}
	})
}
