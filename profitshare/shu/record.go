package shu

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// kind is how the years are kept in a book: the id of one is its number.
var kind = contract.Kind[Year, Event]{
	Name: RecordKind, Format: Format,
	Heading: func(e Event) contract.Heading {
		return contract.Heading{Name: string(e.Name), Version: e.Version, Date: e.Date, Undoes: e.Undoes}
	},
	Apply: Year.Apply,
	New: func(id string) Year {
		year, _ := strconv.Atoi(id)
		return Year{Year: year}
	},
	Unknown: func(id string) *Refusal {
		return refuse(ErrUnknown, "year.unknown", nameOf(id), "there is no decision on it")
	},
	Unreadable: ErrFormat,
	What:       nameOf,
	Summary:    func(y Year) string { return fmt.Sprintf("%s %+v", y.State, y.Position) },
	Marshal:    Year.MarshalJSON, Unmarshal: (*Year).UnmarshalJSON,
}

func nameOf(id string) string { return "SHU " + id }

// YearIn returns a year as the book has it; false, and the year undecided, if
// there is none.
func YearIn(tx *ledger.Tx, year int) (Year, bool, error) { return kind.Find(tx, strconv.Itoa(year)) }

// HistoryIn returns all events of a year, the first first, reversals included.
// The error matches [ErrUnknown] if there is none.
func HistoryIn(tx *ledger.Tx, year int) ([]Event, error) {
	history, err := kind.History(tx, strconv.Itoa(year))
	return history.Events, err
}

// Unpaid lists what members are owed of a year, by account and member.
func Unpaid(tx *ledger.Tx, year int) iter.Seq2[Owed, error] {
	return func(yield func(Owed, error) bool) {
		y, err := kind.Load(tx, strconv.Itoa(year))
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
func (d *Desk) Payable(ctx context.Context, member string) ([]YearOwed, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) ([]YearOwed, error) {
		var byYear []YearOwed
		for y, err := range kind.List(tx, "") {
			if err != nil {
				return nil, err
			}
			owed := YearOwed{Year: y.Year}
			for _, account := range y.Owing {
				balance, err := tx.Balance(account, Sub(member, y.Year), ledger.Latest())
				if err != nil {
					return nil, err
				}
				owed.Amount = owed.Amount.Sub(balance)
			}
			if !owed.Amount.IsZero() {
				byYear = append(byYear, owed)
			}
		}
		slices.SortFunc(byYear, func(a, b YearOwed) int { return a.Year - b.Year })
		return byYear, nil
	})
}

// YearOwed is what a member is owed of one year.
type YearOwed struct {
	Year   int
	Amount ledger.Money
}

// Year returns a year as it stands. The error matches [ErrUnknown] if there is
// no decision on it.
func (d *Desk) Year(ctx context.Context, year int) (Year, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Year, error) { return kind.Load(tx, strconv.Itoa(year)) })
}

// History returns all events of a year: see [HistoryIn].
func (d *Desk) History(ctx context.Context, year int) ([]Event, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) ([]Event, error) { return HistoryIn(tx, year) })
}

// Reverse undoes the latest event of a year that still stands: year and books
// step back together. An earlier event is refused with [ErrNotLatest].
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Result, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Result, error) {
	content, err := contentOf(EventReverse, r)()
	if err != nil {
		return Result{}, err
	}
	decide := func(history []Event) (Event, error) {
		e, err := Reverse(history, r)
		return e, contract.In(tx, "", err)
	}
	done, err := kind.Reverse(tx, request(EventReverse, r.Slip, content), decide, func(before Year, e Event, mirror contract.Post) (kept, error) {
		return d.write(tx, before, e, nil, mirror)
	})
	return resultOf(done), err
}
