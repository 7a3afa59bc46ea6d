package sqlledger

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// writer is a [ledger.Writer] on a transaction that holds the book's lock.
type writer struct {
	reader
	placed  bool // the book did not exist: its row is there only to be locked
	wrote   bool
	batch   *ledger.Batch // what was written, whole
	guarded bool          // a flush that fails is taken back here: nobody else may do it
}

// lock takes the book's lock and reads the head under it.
func (w *writer) lock() error {
	for range 2 {
		if err := w.lockExisting(); err != nil || w.head.Change != 0 || w.placed {
			return err
		}
		if _, err := w.exec(placeBook, w.book); err != nil {
			return err
		}
		w.placed = true // or another has just created it: then the head says so
	}
	return nil
}

func (w *writer) lockExisting() error {
	err := w.scanHead(lockBook)
	if err == nil && w.head.Change != 0 {
		w.placed = false
	}
	return err
}

// displace takes the row of a book away that was not created after all.
func (w *writer) displace() error {
	_, err := w.exec(displaceBook, w.book)
	return err
}

// statesMove reports whether each statement of the host's transaction sees a
// state of its own.
func (w *writer) statesMove() (bool, error) {
	if w.store.options.Dialect == SQLite {
		return false, nil
	}
	var level string
	err := w.query(isolation, scanOne(&level))
	return level == "read committed" || level == "read uncommitted", err
}

// Write implements [ledger.Writer]: it sends everything at once, in bulk. Rows
// that others refer to go first.
func (w *writer) Write(b *ledger.Batch) error {
	switch {
	case w.wrote:
		panic("sqlledger: a transaction writes twice")
	case w.failed != nil:
		return w.failed
	case b.Expect != w.head.Change:
		return fmt.Errorf("%w: change %d expected, %d found", ledger.ErrConflict, b.Expect, w.head.Change)
	}
	if err := balanced(b); err != nil {
		return err
	}
	w.wrote = true
	if !w.guarded {
		return w.flush(b)
	}
	if _, err := w.exec(beginFlush); err != nil {
		return err
	}
	if err := w.flush(b); err != nil {
		w.takeBack()
		return err
	}
	_, err := w.exec(endFlush)
	return err
}

// On SQLite a statement that fails leaves those before it in the transaction.
// A host that commits all the same, although it was told to roll back, would
// commit half a flush, on top of which nothing could ever be written: such a
// flush has a savepoint before it.
const (
	beginFlush = `SAVEPOINT mizan_flush`
	endFlush   = `RELEASE mizan_flush`
)

// takeBack takes back what a flush has written before it failed, whatever has
// become of its context. Where it cannot, the whole transaction is gone.
func (w *writer) takeBack() {
	ctx := context.WithoutCancel(w.ctx)
	if _, err := w.q.ExecContext(ctx, "ROLLBACK TO mizan_flush"); err == nil {
		_, _ = w.q.ExecContext(ctx, endFlush)
	}
}

func (w *writer) flush(b *ledger.Batch) error {
	if len(b.Rebuilt) > 0 {
		if err := w.rebuild(b); err != nil {
			return err
		}
	}
	sets, _ := w.store.rowSets.Get().(*rowSets)
	if sets == nil {
		sets = new(rowSets)
	}
	f := flush{writer: w, sets: sets}
	if err := f.rows(b); err != nil {
		return w.fail(err)
	}
	moved, err := f.finish(b)
	f.clear()
	w.store.rowSets.Put(sets)
	if err == nil && moved != 1 {
		err = w.fail(errLostRace)
	}
	if err == nil {
		w.batch = b
	}
	return err
}

// errLostRace says that the head has moved under the lock: it did not hold.
var errLostRace = fmt.Errorf("sqlledger: the book's head moved under the lock: %w", ledger.ErrConflict)

// balanced asserts, last before the database, what the book has checked: no
// constraint of a table can.
func balanced(b *ledger.Batch) error {
	for i := range b.Changes {
		if b.Changes[i].Posted == nil {
			continue
		}
		var sum ledger.BalanceDays // 128 bits
		for _, l := range b.Changes[i].Posted.Lines {
			sum = sum.Add(l.Amount.Over(1))
		}
		if sum.Err() != nil || sum.Sign() != 0 { // an amount that is none makes no sum
			return fmt.Errorf("sqlledger: entry %d does not balance", b.Changes[i].Posted.Number)
		}
	}
	return nil
}

// hasRow reports whether this transaction has read a sub's row and found in it
// what the sub is.
func (w *writer) hasRow(s *ledger.Sub) bool {
	known := w.positions[place{s.Account, s.Sub}]
	if known == nil || !known.Exists {
		return false
	}
	row := known.Sub
	row.Last, row.LastDay = s.Last, s.LastDay
	return row == *s
}

// rebuild replaces the turnovers of subs.
func (w *writer) rebuild(b *ledger.Batch) error {
	if _, err := w.exec(countRecount, w.book); err != nil {
		return err
	}
	for _, r := range b.Rebuilt {
		if _, err := w.exec(deleteTurnovers, w.book, r.Account, r.Sub); err != nil {
			return err
		}
		if _, err := w.exec(insertBareSub, w.book, r.Account, r.Sub); err != nil {
			return err
		}
		for _, row := range r.Rows {
			b.Turnovers = append(b.Turnovers, ledger.SubTurnover{Account: r.Account, Sub: r.Sub, Turnover: row})
		}
	}
	return nil
}
