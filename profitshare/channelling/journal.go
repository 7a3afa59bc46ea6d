package channelling

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// RecordKind is the kind under which the book keeps contracts, and the kind of
// source that their entries name.
const RecordKind = "channelling"

// Accounts are the accounts that contracts post to.
type Accounts struct {
	Held   string // Titipan Dana Investasi Terikat, liability with a sub for each contract: what is not placed or not paid out yet
	Fee    string // Ujrah Mudharabah Muqayyadah Channelling, income; no pool may name it
	Placed string // Mudharabah Muqayyadah Channelling, memorandum, debit side, with a sub for each contract
	Contra string // Lawan Rekening Administratif, memorandum, credit side
}

// StandardAccounts are those of [ledger.StandardChart]. Held is its account for
// money that the cooperative may not use.
func StandardAccounts() Accounts {
	return Accounts{Held: "20112", Fee: "50204", Placed: "99106", Contra: "99199"}
}

// Journal returns the entry of an event: at most one, debits first, that of a
// reversal the exact mirror; without lines for an event that moves no money. Contract is the one before or after the
// event. The lines carry the investor.
func Journal(c Contract, e Event, a Accounts) ledger.Entry {
	terms := c.Terms
	if e.Terms != nil {
		terms = *e.Terms
	}
	entry := ledger.Entry{
		Date: e.Date, Memo: cmp.Or(e.Memo, memo(e, terms.Contract)), Document: e.Document, Maker: e.Maker, Approver: e.Approver,
		Source: kind.Source(terms.Contract, e),
	}
	if e.what() == EventAdopt {
		return entry
	}
	add := func(account, sub string, amount ledger.Money) {
		if !amount.IsZero() {
			entry.Lines = append(entry.Lines, ledger.Line{Account: account, Sub: sub, Amount: amount, Party: terms.Investor})
		}
	}
	add(e.Place.Account, e.Place.Sub, e.Cash)
	add(a.Held, terms.Contract, e.Change.Held.Neg())
	add(a.Fee, "", e.Change.Charged.Neg())
	debitsFirst(entry.Lines, e)
	main := len(entry.Lines)
	add(a.Placed, terms.Contract, e.Change.Placed)
	add(a.Contra, "", e.Change.Placed.Neg())
	debitsFirst(entry.Lines[main:], e)
	return entry
}

// debitsFirst puts debits before credits, and in a reversal, which is the exact
// mirror of the original, credits before debits.
func debitsFirst(lines []ledger.Line, e Event) {
	slices.SortStableFunc(lines, func(l, m ledger.Line) int {
		if e.Name == EventReverse {
			l, m = m, l
		}
		return m.Amount.Sign() - l.Amount.Sign()
	})
}

func memo(e Event, id string) string {
	text := map[EventName]string{
		EventReceive: "Penerimaan dana investasi terikat", EventPlace: "Penyaluran dana investasi terikat", EventCollect: "Penerimaan bagi hasil investor",
		EventReturn: "Pengembalian modal investasi terikat", EventLose: "Kerugian investasi terikat", EventCompensate: "Ganti rugi kelalaian agen",
		EventCharge: "Ujrah penyaluran", EventPayOut: "Pembayaran kepada investor",
	}[e.what()]
	if e.Name == EventReverse {
		return fmt.Sprintf("Pembatalan: %s %s", text, id)
	}
	return text + " " + id
}

// fit says whether every account can play its role.
func (a Accounts) fit(tx *ledger.Tx) error {
	for _, r := range []struct {
		name, code string
		kind       ledger.Kind
		normal     ledger.Side
		control    bool
	}{
		{"money held", a.Held, ledger.Liability, ledger.CreditSide, true},
		{"fee", a.Fee, ledger.Income, ledger.CreditSide, false},
		{"money placed", a.Placed, ledger.Memorandum, ledger.DebitSide, true},
		{"contra", a.Contra, ledger.Memorandum, ledger.CreditSide, false},
	} {
		account, found, err := tx.Account(r.code)
		if err != nil {
			return err
		}
		if !found || account.Kind != r.kind || account.Normal != r.normal || account.Control != r.control || account.Header || account.Retired {
			subs := "without subs"
			if r.control {
				subs = "with a sub for each contract"
			}
			return refuse(ErrRole, "role.account", "", "account %q cannot be that of the %s: it must be of kind %s on the %s side, %s", contract.Clip(r.code), r.name, r.kind, r.normal, subs).By(RuleAgent)
		}
	}
	return nil
}

// takes says whether an event's money can go through its place: income never;
// expense for a compensation, and for nothing else.
func (a Accounts) takes(tx *ledger.Tx, e Event) error {
	if e.Place.Account == "" || e.Name == EventReverse {
		return nil
	}
	if slices.Contains([]string{a.Held, a.Fee, a.Placed, a.Contra}, e.Place.Account) {
		return refuse(ErrRole, string(e.Name)+".place", "", "%s cannot go through account %q, which has a role of its own", e.Name, contract.Clip(e.Place.Account))
	}
	account, _, err := tx.Account(e.Place.Account) // the book refuses an unknown one
	if err != nil {
		return err
	}
	if fault := e.Name == EventCompensate; account.Kind == ledger.Income || fault != (account.Kind == ledger.Expense) {
		return refuse(ErrRole, string(e.Name)+".place", "", "%s cannot go through account %q, which is of kind %s", e.Name, contract.Clip(e.Place.Account), account.Kind).By(RuleAgent)
	}
	return nil
}
