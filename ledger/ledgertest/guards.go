package ledgertest

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

func (t *trial) periods() {
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C1", Through: nov(10), Reason: "tutup", By: "manajer"}))
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C2", Through: nov(20), Soft: true, Reason: "tutup", By: "manajer"}))
	head := t.reopened().head()
	if head.Closed != nov(10) || head.SoftClosed != nov(20) {
		t.Fatalf("closed through %s and %s", head.Closed, head.SoftClosed)
	}
	for day, code := range map[ledger.Date]ledger.Code{
		nov(10): ledger.CodePeriodClosed, nov(1): ledger.CodePeriodClosed, ledger.On(2001, 1, 1): ledger.CodePeriodClosed,
		nov(11): ledger.CodePeriodSoftClosed, nov(20): ledger.CodePeriodSoftClosed,
	} {
		_, err := t.book.Post(t.ctx, deposit("T", day, "M1", 5))
		t.refused(err, code)
	}
	late := deposit("T1", nov(11), "M1", 5)
	late.Phase = ledger.Adjusting
	t.post(late)
	t.post(deposit("T2", nov(21), "M1", 5))
	// A hard closing reaches no further than it says; the soft one stays.
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C3", Through: nov(15)}))
	head = t.head()
	if head.Closed != nov(15) || head.SoftClosed != nov(20) {
		t.Fatalf("closed through %s and %s", head.Closed, head.SoftClosed)
	}
	t.do(func(tx *ledger.Tx) error {
		return tx.Reopen(ledger.PeriodReopening{Key: "R1", Through: nov(5), SoftThrough: nov(5), Reason: "koreksi", By: "pengurus"})
	})
	head = t.reopened().head()
	if head.Closed != nov(5) || head.SoftClosed != nov(5) {
		t.Fatalf("after reopening closed through %s and %s", head.Closed, head.SoftClosed)
	}
	t.post(deposit("T3", nov(6), "M1", 5))
	// Nothing was deleted: the acts are all in the feed, with who and why.
	t.view(func(tx *ledger.Tx) {
		var closings, reopenings int
		for _, ch := range list(t, tx.Changes(1)) {
			switch ch.Kind {
			case ledger.ChangeClosing:
				closings++
			case ledger.ChangeReopening:
				reopenings++
				var r ledger.PeriodReopening
				t.must(ch.Decode(&r))
				if r.By != "pengurus" || r.Reason != "koreksi" || r.Through != nov(5) {
					t.Fatalf("the feed says %+v", r)
				}
			}
		}
		same(t, "closings", closings, 3)
		same(t, "reopenings", reopenings, 1)
	})
}

func (t *trial) floors() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.do(guard(ledger.HardFloor(rp(0)).WithSoft(rp(20)), "F1", "M1"))
	t = t.reopened() // the floor is the store's
	same(t, "available", t.available(savings, "M1", nov(10)), rp(80))
	t.view(func(tx *ledger.Tx) {
		_, err := tx.Available(savings, "", nov(10)) // nothing is taken but from a sub
		t.refused(err, ledger.CodeSubMissing)
	})
	_, err := t.book.Post(t.ctx, withdrawal("T2", nov(10), "M1", 81))
	t.refused(err, ledger.CodeBelowFloor)
	waived := withdrawal("T2", nov(10), "M1", 81)
	waived.Waiver = "tutup rekening"
	t.post(waived)
	waived = withdrawal("T3", nov(10), "M1", 20)
	waived.Waiver = "tutup rekening"
	_, err = t.book.Post(t.ctx, waived)
	t.refused(err, ledger.CodeBelowFloor)
	// Lowered and raised again in one update: each entry is judged by itself.
	t.refused(t.update(func(tx *ledger.Tx) error {
		if _, err := tx.Post(deposit("T4", nov(10), "M1", 6)); err != nil {
			return err
		}
		_, err := tx.Post(withdrawal("T5", nov(10), "M1", 6))
		return err
	}), ledger.CodeBelowFloor)
	// The floor of the whole account, for those without their own.
	t.do(func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "F2", Account: savings, Floor: ledger.HardFloor(rp(7))})
	})
	t = t.reopened()
	t.post(deposit("T6", nov(10), "M2", 10))
	_, err = t.book.Post(t.ctx, withdrawal("T7", nov(10), "M2", 4))
	t.refused(err, ledger.CodeBelowFloor)
	t.post(withdrawal("T7", nov(10), "M2", 3))
	// An end of day on any later day counts, on the account's own side.
	t.post(deposit("T8", nov(12), "M2", 50))
	t.post(withdrawal("T9", nov(20), "M2", 45))
	same(t, "available between", t.available(savings, "M2", nov(15)), rp(5))
	_, err = t.book.Post(t.ctx, withdrawal("T10", nov(13), "M2", 6))
	t.refused(err, ledger.CodeBelowFloor)
	t.post(withdrawal("T10", nov(13), "M2", 5))
}

func (t *trial) blocks() {
	t.post(deposit("T1", nov(10), "M1", 100))
	sides := map[ledger.Block][2]bool{ // whether withdrawals and deposits pass
		ledger.NoBlock: {true, true}, ledger.DebitBlock: {false, true}, ledger.CreditBlock: {true, false}, ledger.FullBlock: {false, false},
	}
	for b, passes := range sides {
		name := b.String()
		t.do(block("B "+name, "M1", b))
		t = t.reopened()
		t.view(func(tx *ledger.Tx) {
			sub, found, err := tx.Sub(savings, "M1")
			t.must(err)
			same(t, "whether the sub is there", found, true)
			same(t, "the block", sub.Block, b)
		})
		for i, e := range []ledger.Entry{withdrawal("W "+name, nov(10), "M1", 1), deposit("D "+name, nov(10), "M1", 1)} {
			_, err := t.book.Post(t.ctx, e)
			if passes[i] {
				t.must(err)
			} else {
				t.refused(err, ledger.CodeBlocked)
			}
		}
		t.post(deposit("other "+name, nov(10), "M2", 1))
	}
}

func (t *trial) holds() {
	t.post(deposit("T1", nov(10), "M1", 100))
	t.do(guard(ledger.HardFloor(rp(0)), "F1", "M1"))
	t.do(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(60), From: nov(10)}))
	t.do(hold(ledger.Hold{Key: "H2", Sub: "M1", Amount: rp(40), From: nov(10), Until: nov(12)}))
	t = t.reopened()
	t.refused(t.update(hold(ledger.Hold{Key: "H3", Sub: "M1", Amount: rp(1), From: nov(12)})), ledger.CodeHoldTooLarge)
	_, err := t.book.Post(t.ctx, withdrawal("T2", nov(12), "M1", 1))
	t.refused(err, ledger.CodeHeld)
	t.post(withdrawal("T2", nov(13), "M1", 40)) // expired
	t.view(func(tx *ledger.Tx) {
		open, err := tx.Holds(savings, "M1")
		t.must(err)
		if len(open) != 2 || open[0].Key != "H1" || open[1].Left != rp(40) {
			t.Fatalf("the holds are %+v", open)
		}
	})
	t.do(release(ledger.Release{Key: "L1", Hold: "H1", Amount: rp(10), Entry: 1})) // only a capture names its entry
	t.view(func(tx *ledger.Tx) {
		all := list(t, tx.Changes(t.head().Change))
		var r ledger.Release
		t.must(all[0].Decode(&r))
		same(t, "the entry that a mere release names", r.Entry, 0)
	})
	t = t.reopened()
	same(t, "available", t.available(savings, "M1", nov(13)), rp(10))
	t.do(func(tx *ledger.Tx) error {
		_, err := tx.Capture(ledger.Release{Key: "C1", Hold: "H1", Amount: rp(30), Reason: "eksekusi"}, withdrawal("", nov(13), "M1", 30))
		return err
	})
	t.view(func(tx *ledger.Tx) {
		held, found, err := tx.HeldUnder("H1")
		t.must(err)
		same(t, "whether the hold is there", found, true)
		same(t, "what is left", held.Left, rp(20))
		captured, found, err := tx.EntryByKey("C1")
		t.must(err)
		same(t, "whether the capture's entry is found by its key", found, true)
		command, _, err := tx.Command("C1")
		t.must(err)
		changes, err := tx.ChangesOf(command)
		t.must(err)
		var r ledger.Release
		if len(changes) != 2 || changes[0].Decode(&r) != nil || r.Entry != captured.Number || r.Amount != rp(30) {
			t.Fatalf("the capture wrote %+v", changes)
		}
	})
	// A capture that is refused has released nothing.
	t.refused(t.update(func(tx *ledger.Tx) error {
		_, err := tx.Capture(ledger.Release{Key: "C2", Hold: "H1", Reason: "eksekusi"}, withdrawal("", nov(13), "M1", 31))
		if err == nil {
			return nil
		}
		if room, err := tx.Available(savings, "M1", nov(13)); err != nil || room != rp(10) {
			t.Fatalf("after a refused capture %v is available, %v", room, err)
		}
		return err
	}), ledger.CodeBelowFloor, ledger.CodeHeld)
	t.lapsed()
	t.do(release(ledger.Release{Key: "L2", Hold: "H1"}))
	t.refused(t.update(release(ledger.Release{Key: "L3", Hold: "H1"})), ledger.CodeHoldInvalid)
	// A hold and its posting in one update: the next entry sees it.
	t.refused(t.update(func(tx *ledger.Tx) error {
		if err := hold(ledger.Hold{Key: "H4", Sub: "M1", Amount: rp(25), From: nov(13)})(tx); err != nil {
			return err
		}
		_, err := tx.Post(withdrawal("T3", nov(13), "M1", 6))
		return err
	}), ledger.CodeHeld)
}

// lapsed: a hold is not captured after its last day, though what is left of it
// can be released.
func (t *trial) lapsed() {
	t.Helper()
	capture := func(key string, day ledger.Date) error {
		return t.update(func(tx *ledger.Tx) error {
			_, err := tx.Capture(ledger.Release{Key: key, Hold: "H2", Amount: rp(1), Reason: "eksekusi"}, withdrawal("", day, "M1", 1))
			return err
		})
	}
	t.refused(capture("C3", nov(13)), ledger.CodeHoldInvalid)
	t.must(capture("C3", nov(12)))
	t.post(deposit("T0", nov(12), "M1", 1))
}

func (t *trial) accountLife() {
	added := ledger.Account{Code: "70001", Name: "Perlengkapan", NameEn: "Supplies", Kind: ledger.Asset, Normal: ledger.DebitSide}
	gone := added
	gone.Retired = true
	t.refused(t.update(func(tx *ledger.Tx) error { return tx.AddAccount("A0", gone) }), ledger.CodeAccountInvalid)
	t.do(func(tx *ledger.Tx) error { return tx.AddAccount("A1", added) })
	t = t.reopened()
	t.view(func(tx *ledger.Tx) {
		got, found, err := tx.Account("70001")
		t.must(err)
		if !found || got != added {
			t.Fatalf("the account is %+v", got)
		}
	})
	t.post(move("T1", nov(10), "70001", cash, 5))
	retire := func(tx *ledger.Tx) error {
		return tx.Retire(ledger.Retirement{Key: "R1", Account: "70001", Reason: "tidak dipakai", By: "manajer"})
	}
	t.refused(t.update(retire), ledger.CodeAccountNotZero)
	// Zero counts after all lines, not only today's.
	t.post(move("T2", nov(30), cash, "70001", 5))
	t.do(retire)
	t = t.reopened()
	_, err := t.book.Post(t.ctx, move("T3", nov(10), "70001", cash, 5))
	t.refused(err, ledger.CodeAccountRetired)
	t.refused(t.update(func(tx *ledger.Tx) error { return tx.AddAccount("A2", added) }), ledger.CodeAccountExists)
	t.stands("70001", "", ledger.EndOf(nov(15)), 5)
	t.view(func(tx *ledger.Tx) {
		var codes []string
		for _, a := range list(t, tx.Accounts()) {
			codes = append(codes, a.Code)
			same(t, "whether "+a.Code+" is retired", a.Retired, a.Code == "70001")
		}
		if !slices.IsSorted(codes) || len(codes) != len(Chart())+1 {
			t.Fatalf("the accounts are %v", codes)
		}
	})
	// Retired and used in one update.
	t.refused(t.update(func(tx *ledger.Tx) error {
		if err := tx.AddAccount("A3", ledger.Account{Code: "70002", Name: "X", Kind: ledger.Asset, Normal: ledger.DebitSide}); err != nil {
			return err
		}
		if _, err := tx.Post(move("T4", nov(10), "70002", cash, 5)); err != nil {
			return err
		}
		if _, err := tx.Post(move("T5", nov(10), cash, "70002", 5)); err != nil {
			return err
		}
		if err := tx.Retire(ledger.Retirement{Key: "R2", Account: "70002", Reason: "salah"}); err != nil {
			return err
		}
		_, err := tx.Post(move("T6", nov(10), "70002", cash, 5))
		return err
	}), ledger.CodeAccountRetired)
}

func (t *trial) subsOfAnAccount() {
	open := func(key, sub, holder string, floor ledger.Floor) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			return tx.OpenSub(ledger.SubOpening{Key: key, Account: savings, Sub: sub, Holder: holder, Floor: floor, By: "cs"})
		}
	}
	t.do(open("O1", "M2", "A-2", ledger.HardFloor(rp(0))))
	t.post(deposit("T1", nov(10), "M1", 5)) // a line opens one without a holder
	t.do(open("O2", "M1", "A-1", ledger.Floor{}))
	t.post(deposit("T2", nov(12), "M3", 9))
	t.post(deposit("T3", nov(11), "M3", 1))
	t.refused(t.update(open("O3", "M1", "A-9", ledger.Floor{})), ledger.CodeSubExists)
	t.do(open("O4", "M4", "", ledger.Floor{}.WithSoft(rp(0)))) // nobody's yet, and a soft floor of zero is a floor
	t.refused(t.update(open("O5", "M4", "A-4", ledger.Floor{})), ledger.CodeSubExists)
	want := []ledger.Sub{
		{Account: savings, Sub: "M1", Opened: true, Holder: "A-1", Last: rp(-5), LastDay: nov(10)},
		{Account: savings, Sub: "M2", Opened: true, Holder: "A-2", Floor: ledger.HardFloor(rp(0))},
		{Account: savings, Sub: "M3", Last: rp(-10), LastDay: nov(12)},
		{Account: savings, Sub: "M4", Opened: true, Floor: ledger.Floor{}.WithSoft(rp(0))},
	}
	t.reopened().view(func(tx *ledger.Tx) {
		if got := list(t, tx.Subs(savings, "")); !slices.Equal(got, want) {
			t.Fatalf("the subs are %+v", got)
		}
		if got := list(t, tx.Subs(savings, "M1")); !slices.Equal(got, want[1:]) {
			t.Fatalf("the subs after M1 are %+v", got)
		}
		same(t, "subs after the last", len(list(t, tx.Subs(savings, "M4"))), 0)
		same(t, "subs after a missing one", len(list(t, tx.Subs(savings, "M15"))), 3)
		for _, w := range want {
			got, found, err := tx.Sub(savings, w.Sub)
			t.must(err)
			if !found || got != w {
				t.Fatalf("the sub is %+v, want %+v", got, w)
			}
		}
		_, found, err := tx.Sub(savings, "M9")
		t.must(err)
		same(t, "whether an unknown sub is found", found, false)
	})
}
