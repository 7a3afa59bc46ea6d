package ledgertest

import "github.com/mizan-coop/mizan/ledger"

// sources posts in a contract's name in every way there is, without the
// contract and with it.
func (t *trial) sources() {
	paid := deposit("T1", nov(10), "M1", 100)
	paid.Source = ledger.Source{Kind: "murabahah", ID: "K-1", Version: 1, Event: "pay"}
	first := t.event(paid)
	forged := deposit("T2", nov(10), "M1", 5)
	forged.Source = ledger.Source{Kind: "murabahah", ID: "K-1", Version: 2, Event: "pay"}
	t.unchanged("made-up sources", func() {
		_, err := t.book.Post(t.ctx, forged)
		t.refused(err, ledger.CodeSourceNotSaved)
		_, err = t.book.PostAll(t.ctx, []ledger.Entry{deposit("T3", nov(10), "M1", 5), forged})
		t.refused(err, ledger.CodeSourceNotSaved)
		_, err = t.book.Reverse(t.ctx, ledger.Reversal{Key: "R1", Entry: first.Number, Date: nov(11), Reason: "salah", Source: forged.Source})
		t.refused(err, ledger.CodeSourceNotSaved)
		t.refused(t.update(func(tx *ledger.Tx) error { _, err := tx.Import(forged); return err }), ledger.CodeSourceNotSaved)
		begin := ledger.Command{Key: forged.Key, Kind: "event", Content: ledger.NewContent("event").Digest()}
		t.refused(t.update(func(tx *ledger.Tx) error {
			if _, _, err := tx.Repeat(begin); err != nil {
				return err
			}
			_, err := tx.Post(forged)
			return err
		}), ledger.CodeSourceNotSaved)
		t.refused(t.update(func(tx *ledger.Tx) error {
			if _, _, err := tx.Repeat(begin); err != nil {
				return err
			}
			if _, err := tx.Post(forged); err != nil {
				return err
			}
			r := Event{forged}.record()
			r.Key = "S1" // another command
			_, err := tx.Save(r)
			return err
		}), ledger.CodeSourceNotSaved)
	})
	// The contract's own way, for an entry and for its mirror.
	t.event(forged)
	t.do(func(tx *ledger.Tx) error {
		undone := ledger.Source{Kind: "murabahah", ID: "K-1", Version: 3, Event: "reverse"}
		_, err := Event{ledger.Reversal{Key: "R1", Entry: 2, Date: nov(11), Reason: "salah", Source: undone}}.apply(tx)
		return err
	})
	t.stands(savings, "M1", ledger.Latest(), -100)
}
