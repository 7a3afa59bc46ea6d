package interchange

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// ExportEntries writes every entry of the book as CSV, one row a line, in the
// order of their numbers. The columns are number, date, key, memo, code, sub,
// debit, credit, document, maker, approver, phase, waiver, member, standing,
// activity, source, reverses and imported. [ReadSheet] reads it back, without
// what only [ImportBook] can bring back: numbers, instants, sources, and which
// entry reverses which.
//
// Cells stand as the book has them. A memo that begins with "=" is a formula
// to some spreadsheets: import the columns as text there.
func ExportEntries(w io.Writer, tx *ledger.Tx) error {
	out := csv.NewWriter(w)
	row := []string{
		"number", "date", "key", "memo", "code", "sub", "debit", "credit", "document", "maker", "approver",
		"phase", "waiver", "member", "standing", "activity", "source", "reverses", "imported",
	}
	if err := out.Write(row); err != nil {
		return err
	}
	currency := tx.Currency()
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		p := ch.Posted
		if p == nil {
			continue
		}
		reverses, imported := "", ""
		if p.Reverses != 0 {
			reverses = strconv.FormatUint(p.Reverses, 10)
		}
		if p.Imported {
			imported = "yes"
		}
		number, day, source := strconv.FormatUint(p.Number, 10), p.Date.String(), p.Source.String()
		for _, l := range p.Lines {
			debit, credit := currency.Format(l.Amount.Abs()), ""
			if l.Amount.Sign() < 0 {
				debit, credit = "", debit
			}
			row = append(row[:0], number, day, p.Key, p.Memo, l.Account, l.Sub, debit, credit, p.Document, p.Maker, p.Approver,
				p.Phase.String(), p.Waiver, l.Party.Member, l.Party.Standing.String(), l.Activity.String(), source, reverses, imported)
			if err := out.Write(row); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// ExportBalances writes what stands on every account and sub at a moment as
// CSV with the columns code, sub and balance, debit positive with all decimals
// of the currency, balances of zero left out, by code and sub.
func ExportBalances(w io.Writer, tx *ledger.Tx, at ledger.Moment) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"code", "sub", "balance"}); err != nil {
		return err
	}
	currency := tx.Currency()
	var row []string
	for b, err := range tx.Balances(at) {
		if err != nil {
			return err
		}
		row = append(row[:0], b.Account.Code, b.Sub, currency.Format(b.Amount))
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
