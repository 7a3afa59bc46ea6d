package savings

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// MaturityList is the time savings by the day they mature (daftar jatuh tempo).
type MaturityList struct {
	From, Through ledger.Date
	Currency      ledger.Currency
	Rows          []MaturityRow
	Total         ledger.Money // of Balance
}

// MaturityRow is one certificate.
type MaturityRow struct {
	Account, Member string
	Term            Term
	Balance         ledger.Money // now, principal and shares paid into it
	Held            ledger.Money // of it on the day of maturity, as collateral
}

// MaturitiesIn lists the running time savings that mature on the days from
// from through through, by account; and, if waiting is set, those that matured
// and wait to be collected instead. Errors match [ErrDate].
func MaturitiesIn(tx *ledger.Tx, from, through ledger.Date, waiting bool) (MaturityList, error) {
	list := MaturityList{From: from, Through: through, Currency: tx.Currency()}
	for _, day := range []ledger.Date{from, through} {
		if err := registerDay(day); err != nil {
			return MaturityList{}, err
		}
	}
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return MaturityList{}, err
		}
		if a.Term == nil {
			continue
		}
		place := Place{Account: a.Control, Sub: a.ID}
		if waiting {
			place = a.Term.Uncollected
		}
		due := a.Term.Maturity
		if place == (Place{}) || (a.Status == Active) == waiting || a.Status == Opened || !waiting && a.Status == Closed ||
			due.Before(from) || due.After(through) {
			continue
		}
		row := MaturityRow{Account: a.ID, Member: a.Member, Term: *a.Term}
		balance, err := tx.Balance(place.Account, place.Sub, ledger.Latest())
		if err != nil {
			return MaturityList{}, err
		}
		row.Balance = ledger.CreditSide.Natural(balance)
		if row.Held, err = heldOn(tx, place, due); err != nil {
			return MaturityList{}, err
		}
		list.Rows = append(list.Rows, row)
		list.Total = list.Total.Add(row.Balance)
	}
	return list, list.Total.Err()
}

// Table lays the list out.
func (l MaturityList) Table() Table {
	t := Table{Title: Label{"DAFTAR SIMPANAN BERJANGKA JATUH TEMPO", "TIME SAVINGS BY MATURITY"}, Day: l.Through, Currency: l.Currency,
		Columns: []Column{
			{"account", Label{"Rekening", "Account"}, false}, {"member", Label{"Anggota", "Member"}, false},
			{"certificate", Label{"Bilyet", "Certificate"}, false}, {"months", Label{"Jangka", "Months"}, true},
			{"from", Label{"Mulai", "From"}, false}, {"maturity", Label{"Jatuh tempo", "Maturity"}, false},
			{"rollover", Label{"Perpanjangan", "Rollover"}, false}, {"principal", Label{"Pokok", "Principal"}, true},
			{"balance", Label{"Saldo", "Balance"}, true}, {"held", Label{"Dijaminkan", "Pledged"}, true},
		},
		Total: []Cell{word(""), {}, {}, {}, {}, {}, {}, {}, amount(l.Total), {}}}
	for _, r := range l.Rows {
		t.Rows = append(t.Rows, []Cell{word(r.Account), word(r.Member), word(r.Term.Certificate), word(fmt.Sprint(r.Term.Months)),
			dayCell(r.Term.From), dayCell(r.Term.Maturity), word(string(r.Term.Rollover)), amount(r.Term.Principal), amount(r.Balance), amount(r.Held)})
	}
	return t
}

// DayEnd is the end of a day of the savings desk.
type DayEnd struct {
	// Key begins the key of every account's command, which goes on with the
	// account's id and the day of maturity.
	Key  string
	Day  ledger.Date
	By   string
	Memo string
}

// DayEnded is what a day's end did.
type DayEnded struct {
	Matured, RolledOver int
	Unblocked           int // blocks that were agreed until the day or an earlier one
	// Refused are the accounts whose maturity could not be carried out, or whose
	// block could not be lifted, with the reason of each: a person must decide.
	Refused []error
}

// EndDay lifts the blocks that were agreed until a day and carries out all
// maturities that are due on it, each under a key of its own, so that asking
// again after a failure does only what is left.
func (d *Desk) EndDay(ctx context.Context, e DayEnd) (DayEnded, error) {
	var due, expired []Account
	err := d.book.View(ctx, func(tx *ledger.Tx) (err error) {
		due, expired, err = endsOn(tx, e.Day)
		return err
	})
	if err != nil {
		return DayEnded{}, err
	}
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (DayEnded, error) {
		var result DayEnded
		for _, a := range expired {
			_, err := d.UnblockTx(tx, Unblocking{Key: e.Key + "/" + a.ID + "/block/" + a.Blocked.Until.String(), Date: e.Day, Account: a.ID,
				Reason: "ended on " + a.Blocked.Until.String(), By: cmp.Or(e.By, a.Blocked.By)})
			switch {
			case isRefusal(err):
				result.Refused = append(result.Refused, err)
			case err != nil:
				return DayEnded{}, err
			default:
				result.Unblocked++
			}
		}
		for _, a := range due {
			if err := d.matureThrough(tx, e, a, &result); err != nil {
				return DayEnded{}, err
			}
		}
		return result, nil
	})
}

// endsOn lists the accounts with time savings that mature by a day's end, and
// those whose block has bound for the last time, by id.
func endsOn(tx *ledger.Tx, day ledger.Date) (due, expired []Account, err error) {
	if err := registerDay(day); err != nil {
		return nil, nil, err
	}
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return nil, nil, err
		}
		if a.Status == Active && a.Term != nil && !a.Term.Maturity.After(day) {
			due = append(due, a)
		}
		if a.blockEnded(day) {
			expired = append(expired, a)
		}
	}
	return due, expired, nil
}

// matureThrough carries out one account's maturities until none is due: there
// are several where the day's end was not done for longer than a term.
func (d *Desk) matureThrough(tx *ledger.Tx, e DayEnd, account Account, result *DayEnded) error {
	for due := account.Term.Maturity; !due.After(e.Day); {
		_, err := d.MatureTx(tx, Maturing{Key: e.Key + "/" + account.ID + "/" + due.String(), Date: e.Day, Account: account.ID,
			Memo: e.Memo, Maker: e.By, Approver: e.By})
		if isRefusal(err) {
			result.Refused = append(result.Refused, err)
			return nil
		}
		if err != nil {
			return err
		}
		a, _, err := AccountIn(tx, account.ID)
		if err != nil {
			return err
		}
		if a.Status != Active {
			result.Matured++
			return nil
		}
		result.RolledOver++
		due = a.Term.Maturity
	}
	return nil
}

// isRefusal reports whether an error is a rule's and not the store's.
func isRefusal(err error) bool {
	var ours *Refusal
	var books *ledger.Refusal
	return errors.As(err, &ours) || errors.As(err, &books)
}
