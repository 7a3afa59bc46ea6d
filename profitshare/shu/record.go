package shu

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// YearIn returns a year as the book has it; false, and the year undecided, if
// there is none.
func YearIn(tx *ledger.Tx, year int) (Year, bool, error) {
	y := Year{Year: year}
	r, found, err := tx.Record(RecordKind, strconv.Itoa(year))
	if err != nil || !found {
		return y, false, err
	}
	err = decode(&r, r.State, &y)
	return y, err == nil, err
}

// HistoryIn returns all events of a year, the first first, reversals included.
// The error matches [ErrUnknown] if there is none.
func HistoryIn(tx *ledger.Tx, year int) ([]Event, error) {
	history, _, err := historyIn(tx, year)
	return history, err
}

// historyIn returns the events of a year and the keys of their commands.
func historyIn(tx *ledger.Tx, year int) (history []Event, keys []string, err error) {
	for r, err := range tx.History(RecordKind, strconv.Itoa(year)) {
		var e Event
		if err == nil {
			err = decode(&r, r.Data, &e)
		}
		if err != nil {
			return nil, nil, err
		}
		history, keys = append(history, e), append(keys, r.Key)
	}
	if len(history) == 0 {
		return nil, nil, unknown(year)
	}
	return history, keys, nil
}

// Unpaid lists what members are owed of a year, by account and member.
func Unpaid(tx *ledger.Tx, year int) iter.Seq2[Owed, error] {
	return func(yield func(Owed, error) bool) {
		y, found, err := YearIn(tx, year)
		if err == nil && !found {
			err = unknown(year)
		}
		if err != nil {
			yield(Owed{}, err)
			return
		}
		unpaid(tx, y.Owing, year)(yield)
	}
}

// unpaid lists the subs of a year on accounts that may have many years.
func unpaid(tx *ledger.Tx, accounts []string, year int) iter.Seq2[Owed, error] {
	return func(yield func(Owed, error) bool) {
		for _, account := range accounts {
			for sub, err := range tx.Subs(account, "") {
				member, ours := MemberOf(sub.Sub, year)
				if err == nil && (!ours || sub.Last.IsZero()) {
					continue
				}
				if !yield(Owed{Account: account, Member: member, Amount: sub.Last.Neg()}, err) || err != nil {
					return
				}
			}
		}
	}
}

// Payable returns what a member is owed of each year, the earliest first: this
// year's share, and what was carried unpaid.
func (d *Desk) Payable(ctx context.Context, member string) (byYear []YearOwed, err error) {
	err = d.book.View(ctx, func(tx *ledger.Tx) error {
		byYear = nil
		for r, err := range tx.Records(RecordKind, "") {
			var y Year
			if err == nil {
				err = decode(&r, r.State, &y)
			}
			if err != nil {
				return err
			}
			owed := YearOwed{Year: y.Year}
			for _, account := range y.Owing {
				balance, err := tx.Balance(account, Sub(member, y.Year), ledger.Latest())
				if err != nil {
					return err
				}
				owed.Amount = owed.Amount.Sub(balance)
			}
			if !owed.Amount.IsZero() {
				byYear = append(byYear, owed)
			}
		}
		slices.SortFunc(byYear, func(a, b YearOwed) int { return a.Year - b.Year })
		return nil
	})
	return byYear, err
}

// YearOwed is what a member is owed of one year.
type YearOwed struct {
	Year   int
	Amount ledger.Money
}

// Year returns a year as it stands. The error matches [ErrUnknown] if there is
// no decision on it.
func (d *Desk) Year(ctx context.Context, year int) (y Year, err error) {
	err = d.book.View(ctx, func(tx *ledger.Tx) error {
		var found bool
		y, found, err = YearIn(tx, year)
		if err == nil && !found {
			err = unknown(year)
		}
		return err
	})
	return y, err
}

// History returns all events of a year: see [HistoryIn].
func (d *Desk) History(ctx context.Context, year int) (history []Event, err error) {
	err = d.book.View(ctx, func(tx *ledger.Tx) error {
		history, err = HistoryIn(tx, year)
		return err
	})
	return history, err
}

// stored returns the record of an event and the year after it.
func stored(e Event, after Year) (ledger.Record, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("shu: event %s: %w", e, err)
	}
	state, err := json.Marshal(after)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("shu: year %d: %w", after.Year, err)
	}
	return ledger.Record{
		Kind: RecordKind, ID: strconv.Itoa(after.Year), Version: e.Version, Event: string(e.Name), Data: data, Format: Format, State: state,
	}, nil
}

func decode(r *ledger.Record, data []byte, into any) error {
	if r.Format != Format {
		return refuse(ErrFormat, "format.version", "SHU "+r.ID, "version %d has stored format %d, this release reads %d", r.Version, r.Format, Format)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: year %s, version %d: %w", ErrFormat, clip(r.ID), r.Version, err)
	}
	return nil
}

// firstResult returns what a command did when it was first carried out.
func firstResult(tx *ledger.Tx, first ledger.Command) (Result, error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Result{}, err
	}
	result := Result{Repeat: true}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil && ch.Posted.Source.Kind == RecordKind:
			if result.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return Result{}, err
			}
			result.Posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == RecordKind:
			if err := decode(ch.Record, ch.Record.State, &result.Year); err != nil {
				return Result{}, err
			}
			return result, decode(ch.Record, ch.Record.Data, &result.Event)
		}
	}
	return Result{}, fmt.Errorf("%w: command %q has saved no year", ledger.ErrCorrupt, clip(first.Key))
}

// Reverse undoes the latest event of a year that still stands: year and books
// step back together. An earlier event is refused with [ErrNotLatest].
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Result, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Result, error) {
	return ledger.Atomic(tx, func() (Result, error) {
		asked, err := contentOf(EventReverse, r)()
		if err != nil {
			return Result{}, err
		}
		first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: kindOf(EventReverse), Content: asked})
		if err != nil {
			return Result{}, err
		}
		if repeated {
			return firstResult(tx, first)
		}
		history, keys, err := historyIn(tx, r.Year)
		if err != nil {
			return Result{}, err
		}
		e, err := Reverse(history, r)
		if err != nil {
			return Result{}, in(tx, err)
		}
		before, err := Replay(r.Year, history)
		if err != nil {
			return Result{}, in(tx, err)
		}
		if e.Undone == EventAdopt {
			return write(tx, before, e, nil)
		}
		original, err := entryOf(tx, keys[e.Undoes-1], source(r.Year, history[e.Undoes-1]))
		if err != nil {
			return Result{}, err
		}
		return write(tx, before, e, func() (ledger.Posted, error) {
			return tx.Reverse(ledger.Reversal{
				Entry: original, Date: e.Date, Reason: e.Memo, Source: source(r.Year, e),
				Document: e.Document, Maker: e.Maker, Approver: e.Approver,
			})
		})
	})
}

// entryOf returns the number of the entry that a command posted for an event.
func entryOf(tx *ledger.Tx, key string, event ledger.Source) (uint64, error) {
	command, _, err := tx.Command(key)
	if err != nil {
		return 0, err
	}
	changes, err := tx.ChangesOf(command)
	if err != nil {
		return 0, err
	}
	for _, ch := range changes {
		if ch.Posted != nil && ch.Posted.Source == event {
			return ch.Posted.Number, nil
		}
	}
	return 0, fmt.Errorf("%w: %s has no entry", ledger.ErrCorrupt, event)
}
