package shu

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// RecordKind is the kind under which the book keeps years, and the kind of
// source that their entries name.
const RecordKind = "shu"

// Accounts are the accounts that every year uses. The others stand in its plan.
type Accounts struct {
	// Undivided is SHU Tahun Lalu Belum Dibagi: equity, in credit with a result
	// and in debit with a deficit. [ledger.Tx.CarryResult] brings the year's
	// result there.
	Undivided string
}

// Journal returns the entry of an event: one, its sum zero, lines of zero left
// out. Owed are the members of a decision or payment, each on a line of its own
// with the party; the event has their sum. An adoption has no entry, and a
// reversal's is the exact mirror of the original, which the book makes. The
// caller sets the Key.
func Journal(e Event, year int, owed []Owed, a Accounts) ledger.Entry {
	entry := ledger.Entry{
		Date: e.Date, Memo: cmp.Or(e.Memo, memo(e, year)), Source: kind.Source(strconv.Itoa(year), e),
		Document: e.Document, Maker: e.Maker, Approver: e.Approver,
	}
	add := func(line ledger.Line) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line)
		}
	}
	switch e.Name {
	case EventDecide:
		entry.Lines = make([]ledger.Line, 0, 1+len(e.Legs)+len(owed))
		add(ledger.Debit(a.Undivided, e.Change.Divided))
		for _, leg := range e.Legs {
			add(ledger.Credit(leg.Account, leg.Amount))
		}
		for _, o := range owed {
			add(ledger.Credit(o.Account, o.Amount).For(Sub(o.Member, year)).With(party(o)))
		}
	case EventPay:
		entry.Lines = make([]ledger.Line, 0, 2*len(owed))
		for _, o := range owed {
			add(ledger.Debit(o.Account, o.Amount).For(Sub(o.Member, year)).With(party(o)))
			add(ledger.Credit(o.Place.Account, o.Amount).For(o.Place.Sub).With(party(o)))
		}
	case EventSpend:
		add(ledger.Debit(e.Fund, e.Change.Spent))
		add(ledger.Credit(e.Place.Account, e.Change.Spent).For(e.Place.Sub))
	case EventCover:
		for _, leg := range e.Legs {
			add(ledger.Debit(leg.Account, leg.Amount))
		}
		add(ledger.Credit(a.Undivided, e.Change.Covered))
	}
	return entry
}

// party is who a share is about: only members have one.
func party(o Owed) ledger.Party { return ledger.Party{Member: o.Member, Standing: ledger.Member} }

func memo(e Event, year int) string {
	what := "Pengambilalihan SHU anggota"
	switch e.what() {
	case EventDecide:
		what = "Pembagian SHU"
	case EventPay:
		what = "Pembayaran SHU anggota"
	case EventSpend:
		what = "Penggunaan dana SHU"
	case EventCover:
		what = "Penutupan defisit SHU"
	}
	if e.Name == EventReverse {
		what = "Pembatalan: " + what
	}
	return fmt.Sprintf("%s %d", what, year)
}
