package report

import (
	"errors"

	"github.com/mizan-coop/mizan/ledger"
)

// EquityChanges reads the statement of changes in equity (laporan perubahan
// ekuitas) of the days from through through, closing entries included: each
// equity account's opening balance, what was added and taken away, and its
// closing balance. What income and expense accounts still carry stands in a
// row of its own, until it is closed into equity. Accounts that were empty at
// both ends, such as an income summary, are left out.
//
// Its keys: account (all rows of accounts), unclosed_shu, total; its amount
// columns opening, added, taken and closing. If they do not add up the report
// is returned all the same, with an alert and an error that matches
// [ErrUnbalanced].
func EquityChanges(tx *ledger.Tx, entity string, from, through ledger.Date) (Report, error) {
	span := ledger.Span{From: from, Through: through}
	r := Report{
		Entity: entity, Title: equityTitle, Period: During(from, through).heading(), Currency: tx.Currency(),
		Columns: []Column{
			{Key: "code", Label: Label{"Kode", "Code"}, Kind: Short},
			{Key: "name", Label: Label{"Uraian", "Description"}, Indented: true},
			{Key: "opening", Label: Label{"Saldo awal", "Opening"}, Kind: Numbers},
			{Key: "added", Label: Label{"Penambahan", "Added"}, Kind: Numbers},
			{Key: "taken", Label: Label{"Pengurangan", "Taken"}, Kind: Numbers},
			{Key: "closing", Label: Label{"Saldo akhir", "Closing"}, Kind: Numbers},
		},
	}
	var err error
	if r.Head, err = tx.Head(); err != nil {
		return Report{}, err
	}
	var sum, unclosed equityRow
	for account, err := range tx.Accounts() {
		if err != nil {
			return Report{}, err
		}
		row, err := readEquity(tx, account, span)
		if err != nil {
			return Report{}, err
		}
		switch {
		case account.Kind == ledger.Income || account.Kind == ledger.Expense:
			unclosed = unclosed.add(row)
		case account.Kind == ledger.Equity && (!row.opening.IsZero() || !row.closing.IsZero()):
			r.Rows = append(r.Rows, row.row(Line, "account", account.Code, Label{account.Name, account.NameEn}))
			sum = sum.add(row)
		}
	}
	// An account's turnover of both sides says nothing here: only what the
	// period left on them, which is its result, is added or taken.
	unclosed.added, unclosed.taken = unclosed.added.Sub(unclosed.taken), ledger.Money{}
	if unclosed.added.Sign() < 0 {
		unclosed.added, unclosed.taken = ledger.Money{}, unclosed.added.Neg()
	}
	if unclosed != (equityRow{}) {
		r.Rows = append(r.Rows, unclosed.row(Line, "unclosed_shu", "", Label{"SHU yang belum ditutup", "Result not yet closed"}))
		sum = sum.add(unclosed)
	}
	r.Rows = append(r.Rows, sum.row(Grand, "total", "", Label{"JUMLAH EKUITAS", "TOTAL EQUITY"}))
	if err := r.sound(); err != nil {
		return Report{}, err
	}
	if reached := sum.opening.Add(sum.added).Sub(sum.taken); reached != sum.closing {
		fault := &UnbalancedError{Report: equityTitle.ID, Column: "closing", Left: "opening + added - taken", Right: "closing",
			LeftAmount: reached, RightAmount: sum.closing, currency: r.Currency}
		r.Alerts = append(r.Alerts, fault.alert())
		return r, fault
	}
	return r, nil
}

// equityTitle is fixed text.
var equityTitle = Label{"LAPORAN PERUBAHAN EKUITAS", "STATEMENT OF CHANGES IN EQUITY"}

// equityRow is one account's row; all amounts as equity, so credit positive.
type equityRow struct{ opening, added, taken, closing ledger.Money }

func readEquity(tx *ledger.Tx, a ledger.Account, span ledger.Span) (equityRow, error) {
	if a.Kind != ledger.Equity && a.Kind != ledger.Income && a.Kind != ledger.Expense {
		return equityRow{}, nil
	}
	debit, credit, err := tx.Turnover(a.Code, "", span)
	if err != nil {
		return equityRow{}, err
	}
	closing, err := tx.Balance(a.Code, "", ledger.EndOf(span.Through))
	if err != nil {
		return equityRow{}, err
	}
	row := equityRow{added: credit, taken: debit, closing: closing.Neg()}
	if eve := span.From.Prev(); eve.Valid() { // nothing is dated before the first day there is
		opening, err := tx.Balance(a.Code, "", ledger.EndOf(eve))
		if err != nil {
			return equityRow{}, err
		}
		row.opening = opening.Neg()
	}
	return row, errors.Join(row.opening.Err(), row.closing.Err())
}

func (e equityRow) add(f equityRow) equityRow {
	return equityRow{e.opening.Add(f.opening), e.added.Add(f.added), e.taken.Add(f.taken), e.closing.Add(f.closing)}
}

func (e equityRow) row(kind RowKind, key, code string, label Label) Row {
	return Row{Kind: kind, Key: key, Cells: []Cell{
		Name(code), Text(label), Money(e.opening), Money(e.added), Money(e.taken), Money(e.closing)}}
}
