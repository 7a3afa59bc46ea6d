package interchange

import (
	"encoding"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// row reads one row into the entry that it belongs to.
func (r *sheetReader) row() {
	key, number := r.cell("key"), r.cell("number")
	var e *sheetEntry
	if n := len(r.sheet.entries); n > 0 && r.sheet.entries[n-1].Key == key && r.sheet.entries[n-1].number == number {
		e = &r.sheet.entries[n-1]
	}
	head, ok := r.head(key, e)
	if e == nil {
		r.sheet.entries = append(r.sheet.entries, sheetEntry{Entry: head, number: number})
		e = &r.sheet.entries[len(r.sheet.entries)-1]
	}
	line, fine := r.posting()
	if !ok || !fine {
		e.faulty = true
	}
	e.Lines = append(e.Lines, line)
	e.rows = append(e.rows, r.line)
}

// head reads what an entry has once, and holds it against the rows before.
func (r *sheetReader) head(key string, before *sheetEntry) (e ledger.Entry, ok bool) {
	e.Key, ok = key, true
	if key == "" {
		r.refuse("key", "is missing", nil)
		ok = false
	}
	var err error
	if e.Date, err = ledger.ParseDate(r.cell("date")); err != nil {
		r.refuse("date", reasonOf(err), err)
		ok = false
	}
	ok = r.name("phase", &e.Phase) && ok
	e.Memo, e.Document, e.Maker = r.cell("memo"), r.cell("document"), r.cell("maker")
	e.Approver, e.Waiver = r.cell("approver"), r.cell("waiver")
	if before == nil {
		return e, ok
	}
	if title, this, that := difference(&e, &before.Entry); ok && !before.faulty && title != "" {
		r.refuse(title, fmt.Sprintf("%q differs from %q in line %d, which has the same key", clip(this), clip(that), before.rows[0]), nil)
		return e, false
	}
	return e, ok
}

// difference names the first column in which two rows of an entry differ, and
// what they say there.
func difference(a, b *ledger.Entry) (title, this, that string) {
	switch {
	case a.Date != b.Date:
		return "date", a.Date.String(), b.Date.String()
	case a.Memo != b.Memo:
		return "memo", a.Memo, b.Memo
	case a.Document != b.Document:
		return "document", a.Document, b.Document
	case a.Maker != b.Maker:
		return "maker", a.Maker, b.Maker
	case a.Approver != b.Approver:
		return "approver", a.Approver, b.Approver
	case a.Phase != b.Phase:
		return "phase", a.Phase.String(), b.Phase.String()
	case a.Waiver != b.Waiver:
		return "waiver", a.Waiver, b.Waiver
	}
	return "", "", ""
}

// name reads a cell that holds a name, empty for the first of its set.
func (r *sheetReader) name(title string, into encoding.TextUnmarshaler) bool {
	text := r.cell(title)
	if text == "" {
		return true
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		r.refuse(title, reasonOf(err), err)
		return false
	}
	return true
}

// posting reads the row's line.
func (r *sheetReader) posting() (l ledger.Line, ok bool) {
	l.Account, l.Sub, ok = r.cell("code"), r.cell("sub"), true
	if l.Account == "" {
		r.refuse("code", "is missing", nil)
		ok = false
	}
	l.Party.Member = r.cell("member")
	ok = r.name("standing", &l.Party.Standing) && ok
	ok = r.name("activity", &l.Activity) && ok
	debit, credit := r.cell("debit"), r.cell("credit")
	switch {
	case debit != "" && credit != "":
		r.refuse("credit", "there is a debit too: a line has one of them", nil)
		return l, false
	case debit != "":
		amount, fine := r.amount("debit", debit)
		l.Amount = amount
		return l, ok && fine
	case credit != "":
		amount, fine := r.amount("credit", credit)
		l.Amount = amount.Neg()
		return l, ok && fine
	}
	r.refuse("debit", "there is neither debit nor credit", nil)
	return l, false
}

func (r *sheetReader) amount(title, text string) (ledger.Money, bool) {
	m, err := r.currency.Parse(text)
	switch {
	case err != nil:
		r.refuse(title, reasonOf(err), err)
		return m, false
	case m.Sign() <= 0:
		r.refuse(title, fmt.Sprintf("%q is not above zero", clip(text)), nil)
		return m, false
	}
	return m, true
}

func (r *sheetReader) refuse(column, reason string, err error) {
	r.sheet.faults.add(&Fault{Line: r.line, Column: column, Reason: reason, Err: err})
}
