package murabahah

import (
	"cmp"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// RecordKind is the kind under which the book keeps contracts, and the kind of
// source that their entries name.
const RecordKind = "murabahah"

// Accounts are the accounts that contracts post to. The first four are control
// accounts whose sub key is the contract's id.
type Accounts struct {
	Inventory      string // Aset Murabahah, asset
	Receivable     string // Piutang Murabahah, asset
	DeferredMargin string // Margin Murabahah Tangguhan, an asset account on the credit side, never a liability
	DownPayment    string // Uang Muka Murabahah, liability

	MarginIncome string // Pendapatan Margin Murabahah, income
	PenaltyFund  string // Dana Kebajikan, benevolent; never income (DSN-MUI 17/2000)
	CostRecovery string // Pemulihan Biaya, income; needed only where orders are cancelled at a cost
}

// Journal returns the entry of an event: at most one, lines of zero left out,
// its sum zero. Every line carries the buyer and what that person was on the
// day. The caller sets the Key. An event that does
// not move money ([Event.Moves]) gives an entry without lines, which is not to
// be posted.
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
		Source: source(id, e), Document: e.Document, Maker: e.Maker, Approver: e.Approver,
	}
	if !e.Moves() {
		return entry
	}
	receivable, offset := e.Change.Receivable, ledger.Money{}
	if e.Name == EventSell || e.Undone == EventSell {
		// The price is claimed in full and the down payment set against it,
		// as two lines that a bookkeeper can follow.
		offset = e.Change.DownPayment
		receivable = receivable.Sub(offset)
	}
	add := func(line ledger.Line) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line.With(e.Party))
		}
	}
	cash := ledger.Debit(e.Place.Account, e.Cash).For(e.Place.Sub)
	if e.fund() == EventPenalty {
		cash = cash.In(ledger.Fund)
	}
	add(cash)
	add(ledger.Debit(a.Receivable, receivable).For(id))
	add(ledger.Debit(a.Inventory, e.Change.Inventory).For(id))
	add(ledger.Credit(a.DeferredMargin, e.Change.Deferred).For(id))
	add(ledger.Credit(a.DownPayment, e.Change.DownPayment).For(id))
	add(ledger.Debit(a.Receivable, offset).For(id))
	add(ledger.Credit(a.MarginIncome, e.Change.Recognised))
	add(ledger.Credit(a.PenaltyFund, e.Change.Penalties).In(ledger.Fund))
	add(ledger.Credit(a.CostRecovery, e.Change.Recovered))
	return entry
}

// fund returns what kind of event moves the money: its own, or the one undone.
func (e Event) fund() EventName {
	if e.Name == EventReverse {
		return e.Undone
	}
	return e.Name
}

var memos = map[EventName]string{
	EventOrder:       "Pesanan murabahah",
	EventDownPayment: "Uang muka murabahah",
	EventAcquire:     "Perolehan aset murabahah",
	EventSell:        "Penjualan murabahah",
	EventPay:         "Angsuran murabahah",
	EventSettle:      "Pelunasan dipercepat murabahah",
	EventPenalty:     "Denda (ta'zir) untuk dana kebajikan, murabahah",
	EventCancel:      "Pembatalan pesanan murabahah",
	EventAdopt:       "Pengambilalihan murabahah",
}

func source(id string, e Event) ledger.Source {
	return ledger.Source{Kind: RecordKind, ID: id, Version: e.Version, Event: string(e.Name)}
}

func memo(e Event, id string) string {
	if e.Name == EventReverse {
		return fmt.Sprintf("Pembatalan: %s %s", memos[e.Undone], id)
	}
	return memos[e.Name] + " " + id
}
