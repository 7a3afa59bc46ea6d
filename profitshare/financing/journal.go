package financing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// RecordKind is the kind under which the book keeps contracts, and the kind of
// source that their entries name.
const RecordKind = "financing"

// Accounts are the accounts that contracts post to. Those with subs are control
// accounts whose sub key is the contract's id. The accounts of a form that is
// not offered may be left out, and both commitment accounts.
//
// [ledger.StandardChart] has the investments, the receivable and the income;
// [ExtraAccounts] has the rest, and [StandardAccounts] names both.
type Accounts struct {
	Mudharabah string // Investasi (Pembiayaan) Mudharabah, asset with subs; musytarakah too
	Musyarakah string // Investasi Musyarakah, asset with subs
	Declining  string // Investasi Musyarakah Mutanaqisah, asset with subs
	ShareDue   string // Piutang Bagi Hasil, asset with subs
	Matured    string // Piutang Mudharabah/Musyarakah Jatuh Tempo, asset with subs
	Fault      string // Piutang Mudharabah - Kelalaian, asset with subs
	Allowance  string // Penyisihan Kerugian Investasi, asset account on the credit side, with subs
	Deferred   string // Keuntungan Tangguhan, credit side, with subs

	MudharabahIncome string // Pendapatan Bagi Hasil Mudharabah, income
	MusyarakahIncome string // Pendapatan Bagi Hasil Musyarakah, income
	HandoverGain     string // Keuntungan Penyerahan Aset, income
	HandoverLoss     string // Kerugian Penyerahan Aset, expense
	Loss             string // Kerugian (Beban Penyisihan) Investasi, expense
	Wear             string // Beban Penyusutan Aset Musyarakah, expense; needed only where goods are given to a musyarakah
	Recovery         string // Pemulihan Penyisihan Kerugian, income
	Gain             string // Keuntungan Investasi, income

	Commitment       string // Kontra Komitmen Investasi (komitmen belum dicairkan), memorandum, debit side, with subs
	CommitmentContra string // Kewajiban Komitmen Investasi (lawan administratif), memorandum, credit side
}

// Investment returns the account of a form's investment.
func (a Accounts) Investment(f Form) string {
	switch f {
	case Musyarakah:
		return a.Musyarakah
	case Declining:
		return a.Declining
	}
	return a.Mudharabah
}

// Income returns the account of a form's profit shares.
func (a Accounts) Income(f Form) string {
	if f == Musyarakah || f == Declining {
		return a.MusyarakahIncome
	}
	return a.MudharabahIncome
}

// Journal returns the entry of an event: at most one, lines of zero left out,
// debits first, its sum zero. Every line carries the partner and what that person was on the
// day. An event that moves no money gives an entry without lines, which is not
// to be posted. The caller sets the Key.
//
// Contract is the one before or after the event. Each line is the change of
// one balance, so the entry of a reversal is the exact mirror of the original.
func Journal(c Contract, e Event, a Accounts) ledger.Entry {
	terms := c.Terms
	if e.Terms != nil {
		terms = *e.Terms
	}
	id := terms.Contract
	entry := ledger.Entry{
		Date:   e.Date,
		Memo:   cmp.Or(e.Memo, memo(e, id)),
		Source: kind.Source(id, e), Document: e.Document, Maker: e.Maker, Approver: e.Approver,
	}
	if e.what() == EventAdopt {
		return entry
	}
	add := func(line ledger.Line) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line.With(e.Party))
		}
	}
	x := e.Change
	add(ledger.Debit(e.Place.Account, e.Cash).For(e.Place.Sub))
	add(ledger.Debit(a.Matured, x.Matured).For(id))
	add(ledger.Debit(a.Fault, x.Fault).For(id))
	add(ledger.Debit(a.ShareDue, x.ShareDue).For(id))
	add(ledger.Debit(a.Loss, x.Loss))
	add(ledger.Debit(a.HandoverLoss, x.HandoverLoss))
	add(ledger.Debit(a.Wear, x.Wear))
	add(ledger.Credit(a.Allowance, x.Allowance).For(id))
	add(ledger.Debit(a.Investment(terms.Form), x.Invested).For(id))
	add(ledger.Credit(a.Deferred, x.Deferred).For(id))
	add(ledger.Credit(a.Income(terms.Form), x.Income))
	add(ledger.Debit(a.Income(terms.Form), x.Forgone))
	add(ledger.Credit(a.HandoverGain, x.HandoverGain))
	add(ledger.Credit(a.Recovery, x.Recovery))
	add(ledger.Credit(a.Gain, x.Gain))
	debitsFirst(entry.Lines, e)
	if a.Commitment != "" {
		main := len(entry.Lines)
		add(ledger.Debit(a.Commitment, x.Commitment).For(id))
		add(ledger.Credit(a.CommitmentContra, x.Commitment))
		debitsFirst(entry.Lines[main:], e)
	}
	return entry
}

// debitsFirst puts lines as bookkeepers write them. A reversal keeps the order
// of what it mirrors, with the sides changed.
func debitsFirst(lines []ledger.Line, e Event) {
	slices.SortStableFunc(lines, func(l, m ledger.Line) int {
		order := m.Amount.Sign() - l.Amount.Sign()
		if e.Name == EventReverse {
			order = -order
		}
		return order
	})
}

// memos say in Indonesian what happened.
func memoOf(name EventName) string {
	switch name {
	case EventCommit:
		return "Komitmen investasi"
	case EventDisburse:
		return "Pencairan investasi"
	case EventHandOver:
		return "Penyerahan aset investasi"
	case EventRelease:
		return "Pelepasan komitmen investasi"
	case EventAgree:
		return "Perubahan nisbah"
	case EventStart:
		return "Mulai usaha"
	case EventReport:
		return "Laporan bagi hasil"
	case EventSettle:
		return "Penyelesaian bagi hasil sementara"
	case EventCollect:
		return "Penerimaan piutang"
	case EventRepay:
		return "Pengembalian modal"
	case EventBuyBack:
		return "Pengalihan porsi modal"
	case EventAmortise:
		return "Amortisasi keuntungan tangguhan"
	case EventWear:
		return "Penyusutan aset musyarakah"
	case EventLose:
		return "Kerugian investasi"
	case EventFault:
		return "Kerugian akibat kelalaian pengelola"
	case EventEnd:
		return "Akhir akad"
	case EventWriteOff:
		return "Penghapusan piutang"
	}
	return "Pengambilalihan investasi"
}

func memo(e Event, id string) string {
	if e.Name == EventReverse {
		return fmt.Sprintf("Pembatalan: %s %s", memoOf(e.Undone), id)
	}
	return memoOf(e.Name) + " " + id
}
