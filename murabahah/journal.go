package murabahah

import (
	"cmp"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// RecordKind is the kind under which the book keeps contracts, and the kind of
// source that their entries name.
const RecordKind = "murabahah"

// Journal returns the entry of an event: at most one, lines of zero left out,
// its sum zero. Every line carries the buyer and what that person was on the
// day; the line of money that somebody else pays carries the payer. The caller
// sets the Key. An event that does not move money ([Event.Moves]) gives an
// entry without lines, which is not to be posted.
//
// Contract is the one before or after the event. Each line is the change of
// one balance, so the entry of a reversal is the exact mirror of the original.
func Journal(c Contract, e Event, a Accounts) ledger.Entry {
	id := c.Terms.Contract
	if e.Terms != nil {
		id = e.Terms.Contract
	}
	entry := ledger.Entry{
		Date:   e.Date,
		Memo:   cmp.Or(e.Memo, memo(e, id)),
		Source: kind.Source(id, e), Document: e.Document, Maker: e.Maker, Approver: e.Approver,
	}
	if !e.Moves() {
		return entry
	}
	add := func(line ledger.Line, party ledger.Party) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line.With(party))
		}
	}
	cash, payer := ledger.Debit(e.Place.Account, e.Cash).For(e.Place.Sub), e.Party
	if e.what() == EventPenalty {
		cash = cash.In(ledger.Fund)
	}
	if e.Payer.Member != "" {
		payer = e.Payer
	}
	add(cash, payer)
	if e.Beside != nil {
		add(ledger.Debit(e.Beside.Place.Account, e.Beside.Cash).For(e.Beside.Place.Sub), e.Party)
	}
	change, offset := e.Change, ledger.Money{}
	if e.what() == EventSell {
		// The price is claimed in full and what was paid before is set against
		// it, as lines that a bookkeeper can follow.
		offset = change.DownPayment.Add(change.Deposit)
		change.Receivable = change.Receivable.Sub(offset)
	}
	for i := range roles {
		r := roles[i]
		if r.silent(&a) {
			continue
		}
		line := ledger.Debit(r.account(&a), r.stands(&change))
		if r.control {
			line = line.For(id)
		}
		if r.fund {
			line = line.In(ledger.Fund)
		}
		add(line, e.Party)
		if r.name == "order deposit" {
			add(ledger.Debit(a.Receivable, offset).For(id), e.Party)
		}
	}
	return entry
}

// what returns what kind of event moves the money: its own, or the one undone.
func (e Event) what() EventName {
	if e.Name == EventReverse {
		return e.Undone
	}
	return e.Name
}

func memo(e Event, id string) string {
	if e.Name == EventReverse {
		return fmt.Sprintf("Pembatalan: %s %s", memos[e.Undone], id)
	}
	return memos[e.Name] + " " + id
}
