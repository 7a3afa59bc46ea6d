package interchange

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Sheet is a CSV of entries that was read and not posted yet. It keeps what is
// wrong with its rows, so that [Sheet.Post] can tell everything at once.
type Sheet struct {
	entries []sheetEntry
	faults  faultList
}

// sheetEntry is an entry with the lines of the file that its lines stand on.
type sheetEntry struct {
	ledger.Entry
	rows   []int
	faulty bool
	number string
}

// sheetColumns are the columns that are read; those of the first row must be
// there. What a book gives itself is passed over, so that an export can be
// read in as it is.
var (
	sheetRequired = []string{"date", "key", "code", "debit", "credit"}
	sheetOptional = []string{"memo", "sub", "document", "maker", "approver", "phase", "waiver", "member", "standing", "activity", "number"}
	sheetPassed   = []string{"source", "reverses", "imported"}
)

// ImportSheet reads a CSV of entries and posts them, all or none, in one
// [ledger.Book.Update]. It is [ReadSheet] and [Sheet.Post] in one.
func ImportSheet(ctx context.Context, book *ledger.Book, r io.Reader) ([]ledger.Posted, error) {
	sheet, err := ReadSheet(r, book.Currency())
	if err != nil {
		return nil, err
	}
	var posted []ledger.Posted
	err = book.Update(ctx, func(tx *ledger.Tx) (err error) {
		posted, err = sheet.Post(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return posted, nil
}

// ReadSheet reads a CSV of entries: UTF-8 with a header line, comma, quoting
// by RFC 4180. The columns date, key, code, debit and credit are required;
// memo, sub, document, maker, approver, phase, waiver, member, standing and
// activity may be there, in any order; source, reverses and imported, which
// exports have, are passed over; any other column is a fault.
//
// A row is a line of an entry, with an amount above zero in debit or in
// credit, in plain digits as [ledger.Currency.Parse] reads them. Rows of one
// key that stand together form one entry and agree in all that an entry has
// once; so do the cells of number, if there is that column. An empty phase is
// ordinary.
//
// The error is that of the reader, or a [*Fault] that hides all others: no
// header, or text that is not CSV. What is wrong with single rows comes with
// [Sheet.Post] or [Sheet.Err].
func ReadSheet(r io.Reader, c ledger.Currency) (*Sheet, error) {
	return readSheet(r, c, MaxCSV)
}

func readSheet(r io.Reader, c ledger.Currency, most int) (*Sheet, error) {
	limited := &io.LimitedReader{R: r, N: int64(most) + 1}
	read := sheetReader{csv: csv.NewReader(limited), currency: c, sheet: new(Sheet)}
	read.csv.ReuseRecord = true
	err := read.all()
	switch {
	case limited.N <= 0:
		return nil, &Fault{Reason: fmt.Sprintf("the file is longer than %d bytes", most)}
	case err != nil:
		return nil, err
	}
	return read.sheet, nil
}

// Entries returns the entries whose rows have no fault, in the file's order.
func (s *Sheet) Entries() []ledger.Entry {
	var entries []ledger.Entry
	for i := range s.entries {
		if !s.entries[i].faulty {
			entries = append(entries, s.entries[i].Entry)
		}
	}
	return entries
}

// Err returns what is wrong with the rows by themselves, as [*Faults], or nil.
func (s *Sheet) Err() error { return s.faults.err() }

// Post posts the entries in the file's order. An entry whose key was used with
// the same content, in the book or further up in the file, is a repeat and
// changes nothing.
//
// If anything is wrong, with a row or because the book refuses an entry, the
// error is [*Faults] with everything there is to say, by line, and the caller's
// Update must fail: return the error. Entries are tried without those that
// were refused before them, so one that needed their money is refused too.
func (s *Sheet) Post(tx *ledger.Tx) ([]ledger.Posted, error) {
	return s.enter(tx, tx.Post, func(ledger.Code) bool { return true })
}

// Import does what Post does for entries of the past that are taken over from
// older books. See [ledger.Tx.Import].
func (s *Sheet) Import(tx *ledger.Tx) ([]ledger.Posted, error) {
	return s.enter(tx, tx.Import, func(code ledger.Code) bool {
		return code != ledger.CodeBlocked && code != ledger.CodeBelowFloor && code != ledger.CodeHeld
	})
}

// enter posts all entries. binds tells which of the violations count.
func (s *Sheet) enter(tx *ledger.Tx, post func(ledger.Entry) (ledger.Posted, error), binds func(ledger.Code) bool) ([]ledger.Posted, error) {
	faults := s.faults.clone()
	all := make([]ledger.Posted, 0, len(s.entries))
	for i := range s.entries {
		e := &s.entries[i]
		if e.faulty {
			continue
		}
		posted, err := post(e.Entry)
		if err == nil {
			all = append(all, posted)
			continue
		}
		var refusal *ledger.Refusal
		if errors.Is(err, ledger.ErrKeyConflict) {
			faults.add(e.fault(0, err))
			continue
		} else if !errors.As(err, &refusal) {
			return nil, err
		}
		refusals, err := tx.Violations(e.Entry)
		if err != nil {
			return nil, err
		}
		for _, r := range refusals {
			if binds(r.Code) {
				faults.add(e.fault(r.Line, r))
			}
		}
		if len(refusals) == 0 {
			faults.add(e.fault(refusal.Line, refusal))
		}
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	return all, nil
}

// fault is an error of the book about the entry's n-th line, from 1, or about
// the entry if n is 0.
func (e *sheetEntry) fault(n int, err error) *Fault {
	return &Fault{Line: e.rows[max(n, 1)-1], Reason: reasonOf(err), Err: err}
}

// faultList gathers faults up to the limit.
type faultList struct {
	list []*Fault
	more int
}

func (l *faultList) add(f *Fault) {
	if len(l.list) == MaxFaults {
		l.more++
		return
	}
	l.list = append(l.list, f)
}

func (l *faultList) clone() faultList { return faultList{slices.Clone(l.list), l.more} }

func (l *faultList) err() error {
	if len(l.list) == 0 {
		return nil
	}
	list := slices.Clone(l.list)
	slices.SortStableFunc(list, func(a, b *Fault) int { return a.Line - b.Line })
	return &Faults{List: list, More: l.more}
}

type sheetReader struct {
	csv      *csv.Reader
	currency ledger.Currency
	sheet    *Sheet
	titles   []string
	column   map[string]int
	cells    []string // of the current row
	line     int      // the current row's first line in the file
}

// all reads to the end. Its error is one that hides what follows.
func (r *sheetReader) all() error {
	if err := r.header(); err != nil {
		return err
	}
	for {
		cells, err := r.csv.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			return sheetFault(err)
		}
		r.line, _ = r.csv.FieldPos(0)
		if err != nil {
			r.refuse("", fmt.Sprintf("has %d columns, the header has %d", len(cells), len(r.titles)), nil)
			continue
		}
		r.cells = cells
		r.row()
	}
}

// sheetFault gives an error of the CSV form its line; one of the reader itself
// stays what it is.
func sheetFault(err error) error {
	var form *csv.ParseError
	if errors.As(err, &form) {
		return &Fault{Line: form.StartLine, Reason: "is not CSV: " + form.Err.Error(), Err: err}
	}
	return err
}

func (r *sheetReader) header() error {
	titles, err := r.csv.Read()
	if err == io.EOF {
		return &Fault{Line: 1, Reason: "the file has no header line"}
	}
	if err != nil {
		return sheetFault(err)
	}
	r.titles = slices.Clone(titles)
	r.titles[0] = strings.TrimPrefix(r.titles[0], "\ufeff") // spreadsheets put it before the first
	r.column = make(map[string]int, len(titles))
	var faults faultList
	for i, title := range r.titles {
		known := slices.Contains(sheetRequired, title) || slices.Contains(sheetOptional, title) || slices.Contains(sheetPassed, title)
		if _, twice := r.column[title]; twice {
			faults.add(&Fault{Line: 1, Column: clip(title), Reason: "is a column twice"})
		} else if !known {
			faults.add(&Fault{Line: 1, Column: clip(title), Reason: "is not a column that entries have"})
		}
		r.column[title] = i
	}
	for _, title := range sheetRequired {
		if _, ok := r.column[title]; !ok {
			faults.add(&Fault{Line: 1, Column: title, Reason: "is missing from the columns"})
		}
	}
	return faults.err()
}

func (r *sheetReader) cell(title string) string {
	if i, ok := r.column[title]; ok {
		return r.cells[i]
	}
	return ""
}
