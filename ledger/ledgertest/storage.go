package ledgertest

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// goldenHead is the digest of the head after [trial.history]. It changes only
// with the encoding, which needs a new version tag then.
const goldenHead = "f24ba7b8597bb35574487c733d7df0f27ffec821c90f9c278047f8c954da00e0"

// history does one of everything, always the same.
func (t *trial) history() {
	t.november()
	t.event(fullEntry("full"))
	t.do(func(tx *ledger.Tx) error {
		if err := hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(5), From: nov(30), Until: ledger.On(2027, 1, 1)})(tx); err != nil {
			return err
		}
		_, err := tx.Capture(ledger.Release{Key: "C1", Hold: "H1", Amount: rp(2), Reason: "eksekusi", By: "manajer"}, withdrawal("", nov(30), "M1", 2))
		return err
	})
	t.do(release(ledger.Release{Key: "L1", Hold: "H1"}))
	t.do(guard(ledger.HardFloor(rp(0)).WithSoft(rp(20)), "F1", "M1"))
	t.do(block("B1", "M2", ledger.CreditBlock))
	t.do(save(contract("S1", "K-1", 2)))
	t.do(func(tx *ledger.Tx) error {
		if err := tx.AddAccount("A1", ledger.Account{Code: "70001", Name: "Perlengkapan", NameEn: "Supplies", Kind: ledger.Asset, Normal: ledger.DebitSide}); err != nil {
			return err
		}
		if err := tx.Retire(ledger.Retirement{Key: "X1", Account: "70001", Reason: "salah", By: "manajer"}); err != nil {
			return err
		}
		return tx.OpenSub(ledger.SubOpening{Key: "O1", Account: wadiah, Sub: "M9", Holder: "A-9", Floor: ledger.HardFloor(rp(0)), By: "cs"})
	})
	_, err := t.book.Reverse(t.ctx, ledger.Reversal{Key: "R1", Entry: 6, Date: nov(30), Reason: "salah", Document: "D"})
	t.must(err)
	t.do(func(tx *ledger.Tx) error {
		if _, err := tx.Import(move("I1", ledger.On(1999, 12, 31), cash, bank, 7)); err != nil {
			return err
		}
		return tx.Assert(ledger.Assertion{Key: "Q1", Account: bank, Date: nov(30), Balance: rp(-7), Document: "rekening koran", By: "akuntan"})
	})
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "P1", Through: nov(29), Soft: true, Reason: "tutup", By: "manajer"}))
	t.do(func(tx *ledger.Tx) error {
		return tx.Reopen(ledger.PeriodReopening{Key: "Y1", SoftThrough: nov(1), Reason: "koreksi", By: "pengurus"})
	})
}

func (t *trial) sameDigests() {
	t.history()
	same(t, "the head's digest", t.head().Digest.String(), goldenHead)
	again := *t
	again.book = t.create("kspps-mawar")
	again.history()
	head, other := t.head(), again.head()
	same(t, "the number of changes", other.Change, head.Change)
	same(t, "whether another book has other digests", other.Digest != head.Digest, true)
	again.sound()
}

// anchors shows that an anchor's change and all before it are as they were.
func (t *trial) anchors() {
	t.november()
	anchor := t.head()
	t.history2()
	prove := func(anchor ledger.Head) int {
		found := 0
		for _, err := range t.book.Prove(t.ctx, anchor) {
			t.must(err)
			found++
		}
		return found
	}
	same(t, "what contradicts the anchor", prove(anchor), 0)
	same(t, "what contradicts the head", prove(t.head()), 0)
	other := anchor
	other.Digest[0] ^= 1
	same(t, "whether another digest is found", prove(other) > 0, true)
	other = t.head()
	other.Change++
	same(t, "whether a tail that is missing is found", prove(other) > 0, true)
}

func (t *trial) history2() {
	for i := range 5 {
		t.post(deposit(fmt.Sprintf("Z%d", i), nov(1+i), "M1", 1))
	}
}

// openedAgain gives the same answers through a book that was opened anew.
func (t *trial) openedAgain() {
	t.history()
	if _, err := ledger.Create(t.ctx, t.store, config(t.book.ID())); !errors.Is(err, ledger.ErrBookExists) {
		t.Fatalf("creating it again gives %v", err)
	}
	if _, err := ledger.Open(t.ctx, t.store, config("nobody")); !errors.Is(err, ledger.ErrNoBook) {
		t.Fatalf("opening an unknown book gives %v", err)
	}
	again := t.reopened()
	same(t, "the head", again.head(), t.head())
	same(t, "the currency", again.book.Currency(), ledger.IDR)
	same(t, "what it says", again.told(), t.told())
	again.sound()
	posted, err := again.book.Post(t.ctx, deposit("N1", nov(10), "M1", 1000))
	t.must(err)
	same(t, "whether a key is known", posted.Repeat, true)
}

// told is much of what a book says, in one text.
func (t *trial) told() string {
	t.Helper()
	var b strings.Builder
	t.view(func(tx *ledger.Tx) {
		for _, a := range list(t, tx.Accounts()) {
			fmt.Fprintln(&b, a, list(t, tx.Subs(a.Code, "")))
		}
		fmt.Fprintln(&b, list(t, tx.Balances(ledger.Latest())))
		for _, ch := range list(t, tx.Changes(1)) {
			fmt.Fprintln(&b, ch.Number, ch.Kind, ch.Recorded, ch.Key, ch.Command, ch.Entry, ch.Digest, string(ch.Document))
		}
		fmt.Fprintln(&b, list(t, tx.Entries(1)), list(t, tx.Lines(ledger.LineQuery{Account: savings, Sub: "M1"})), list(t, tx.Assertions()))
		for _, r := range list(t, tx.Records("murabahah", "")) {
			fmt.Fprintln(&b, r.ID, r.Version, string(r.Data), string(r.State))
		}
	})
	return b.String()
}

// booksApart keeps two books of a store from knowing each other.
func (t *trial) booksApart() {
	other := *t
	other.book = t.create("kspps-mawar")
	t.post(deposit("T1", nov(10), "M1", 100))
	head := other.head()
	same(t, "the other book's entries", head.Entries, uint64(0))
	posted := other.post(deposit("T1", nov(10), "M1", 7))
	if posted.Repeat || posted.Number != 1 {
		t.Fatalf("in the other book it is %+v", posted)
	}
	t.must(other.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C1", Through: nov(30)}))
	t.post(deposit("T2", nov(10), "M1", 1))
	t.stands(savings, "M1", ledger.Latest(), -101)
	other.stands(savings, "M1", ledger.Latest(), -7)
	other.sound()
}

// restored makes the book anew from its changes, in the same store.
func (t *trial) restored() {
	t.history()
	var feed []ledger.Change
	t.view(func(tx *ledger.Tx) { feed = list(t, tx.Changes(1)) })
	changes := func(all []ledger.Change) iter.Seq2[ledger.Change, error] {
		return func(yield func(ledger.Change, error) bool) {
			for _, ch := range all {
				if !yield(ch, nil) {
					return
				}
			}
		}
	}
	broken := slices.Delete(slices.Clone(feed), 15, 16)
	c := config(t.book.ID())
	if _, err := ledger.Restore(t.ctx, t.store, c, changes(feed)); !errors.Is(err, ledger.ErrBookExists) {
		t.Fatalf("restoring over a book gives %v", err)
	}
	store := ledger.NewMemory()
	if _, err := ledger.Restore(t.ctx, store, c, changes(broken)); !errors.Is(err, ledger.ErrCorrupt) {
		t.Fatalf("restoring with a gap gives %v", err)
	}
	book, err := ledger.Restore(t.ctx, store, c, changes(feed))
	t.must(err)
	again := &trial{T: t.T, ctx: t.ctx, store: store, book: book}
	same(t, "the head", again.head(), t.head())
	same(t, "what it says", again.told(), t.told())
	again.sound()
}
