package sqlledger

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Changes implements [ledger.Reader]. The changes of a page are read first,
// then what they have written; the lines of long entries in pages of their own.
func (r *reader) Changes(from uint64) iter.Seq2[ledger.Change, error] {
	return func(yield func(ledger.Change, error) bool) {
		next, possible := bound64(from)
		for size := int64(1); possible; size = min(4*size, largePage/2) { // very many ask for one change only
			page, err := r.changes(next, size)
			if err != nil {
				yield(ledger.Change{}, err)
				return
			}
			for i := range page {
				if !yield(page[i], nil) {
					return
				}
			}
			if int64(len(page)) < size {
				return
			}
			next = int64(page[len(page)-1].Number) + 1
		}
	}
}

func (r *reader) changes(from, size int64) ([]ledger.Change, error) {
	var page []ledger.Change
	records := false
	err := r.query(listChanges, func(row *result) error {
		var ch ledger.Change
		var p ledger.Posted
		into := []any{&ch.Number, &ch.Kind, instant{&ch.Recorded}, &ch.Key, &ch.Command, digest{&ch.CommandDigest}, digest{&ch.Content},
			digest{&ch.Digest}, &ch.Entry, document{&ch.Document}}
		if err := row.Scan(append(into, entryFields(&p)...)...); err != nil {
			return err
		}
		if p.Number != 0 {
			p.Key, p.Recorded, p.Digest = ch.Key, ch.Recorded, ch.Digest
			ch.Posted = &p
		}
		records = records || ch.Kind == ledger.ChangeRecord
		page = append(page, ch)
		return nil
	}, r.book, from, size)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	if err := r.fillLines(page); err != nil {
		return nil, err
	}
	if records {
		err = r.fillRecords(page)
	}
	return page, err
}

func entryFields(p *ledger.Posted) []any {
	return []any{&p.Number, &p.Change, &p.Date, &p.Phase, &p.Memo, &p.Document, &p.Maker, &p.Approver,
		&p.Source.Kind, &p.Source.ID, &p.Source.Version, &p.Source.Event, &p.Waiver, &p.Reverses, &p.Imported}
}

// fillLines reads the lines of the entries of a page.
func (r *reader) fillLines(page []ledger.Change) error {
	entries := make(map[uint64]*ledger.Posted)
	first, last := uint64(math.MaxInt64), uint64(0)
	for i := range page {
		if p := page[i].Posted; p != nil {
			entries[p.Number] = p
			first, last = min(first, p.Number), max(last, p.Number)
		}
	}
	if last == 0 {
		return nil
	}
	return r.lines(first, last, func(entry uint64, l ledger.Line) {
		if p := entries[entry]; p != nil {
			p.Lines = append(p.Lines, l)
		}
	})
}

// lines reads all lines of a range of entries, in order.
func (r *reader) lines(first, last uint64, each func(entry uint64, l ledger.Line)) error {
	seq, no := int64(first), 0
	for {
		n := 0
		err := r.query(linesOfEntries, func(row *result) error {
			var l ledger.Line
			err := row.Scan(&seq, &no, &l.Account, &l.Sub, &l.Amount, &l.Party.Member, &l.Party.Standing, &l.Activity)
			n++
			each(uint64(seq), l)
			return err
		}, r.book, int64(last), seq, no, largePage)
		if err != nil || n < largePage {
			return err
		}
	}
}

func (r *reader) fillRecords(page []ledger.Change) error {
	records, err := r.records(recordsOfChanges, r.book, int64(page[0].Number), int64(page[len(page)-1].Number))
	if err != nil {
		return err
	}
	for i := range records {
		at, found := slices.BinarySearchFunc(page, records[i].Change, func(ch ledger.Change, n uint64) int { return cmp.Compare(ch.Number, n) })
		if found { // else a change is missing, as Check will say
			page[at].Record = &records[i]
		}
	}
	return nil
}

// Entry implements [ledger.Reader].
func (r *reader) Entry(number uint64) (ledger.Posted, bool, error) {
	var p ledger.Posted
	n, possible := bound64(number)
	if !possible {
		return p, false, r.failed
	}
	err := r.query(findEntry, func(row *result) error {
		return row.Scan(append(entryFields(&p), &p.Key, instant{&p.Recorded}, digest{&p.Digest}, &p.ReversedBy)...)
	}, r.book, n)
	if err != nil || p.Number == 0 {
		return ledger.Posted{}, false, err
	}
	err = r.lines(number, number, func(_ uint64, l ledger.Line) { p.Lines = append(p.Lines, l) })
	return p, err == nil, err
}

// Record implements [ledger.Reader].
func (r *reader) Record(kind, id string, version int) (ledger.Record, bool, error) {
	if !plain(kind, id) || version < 0 || version > math.MaxInt32 {
		return ledger.Record{}, false, r.failed
	}
	statement, args := latestRecord, []any{r.book, kind, id}
	if version != 0 {
		statement, args = findRecord, append(args, version)
	}
	found, err := r.records(statement, args...)
	if err != nil || len(found) == 0 {
		return ledger.Record{}, false, err
	}
	return found[0], true, nil
}

func (r *reader) records(statement string, args ...any) ([]ledger.Record, error) {
	var all []ledger.Record
	err := r.query(statement, func(row *result) error {
		var rec ledger.Record
		err := row.Scan(&rec.Kind, &rec.ID, &rec.Version, &rec.Event, document{&rec.Data}, &rec.Format, document{&rec.State},
			&rec.Change, &rec.Key, instant{&rec.Recorded})
		all = append(all, rec)
		return err
	}, args...)
	return all, err
}

// Records implements [ledger.Reader].
func (r *reader) Records(kind, after string) iter.Seq2[ledger.Record, error] {
	return func(yield func(ledger.Record, error) bool) {
		if !plain(kind, after) {
			return
		}
		after := after
		pages(false, func(rec ledger.Record, err error) bool { return err == nil && r.newer(rec.Change) || yield(rec, err) }, func(size int) ([]ledger.Record, error) {
			page, err := r.records(listRecords, r.book, kind, after, size)
			if len(page) > 0 {
				after = page[len(page)-1].ID
			}
			return page, err
		})
	}
}

// Lines implements [ledger.Reader]: every page is one range of an index that
// begins behind the last line of the page before.
func (r *reader) Lines(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
	return func(yield func(ledger.PostedLine, error) bool) {
		if !plain(q.Account, q.Sub, q.Party, q.Source) || !q.From.IsZero() && !q.From.Valid() || !q.Through.IsZero() && !q.Through.Valid() {
			return
		}
		above := int64(0)
		if q.After > 0 {
			var err error
			if above, err = r.lastEntry(q.After); err != nil {
				yield(ledger.PostedLine{}, err)
				return
			}
		}
		q := q
		pages(false, func(l ledger.PostedLine, err error) bool { return err == nil && r.newer(l.Change) || yield(l, err) }, func(size int) (page []ledger.PostedLine, err error) {
			statement, args := lineQuery(r.book, q, above, size)
			err = r.query(statement, func(row *result) error {
				var l ledger.PostedLine
				err := row.Scan(&l.Entry, &l.No, &l.Account, &l.Sub, &l.Amount, &l.Date, &l.Phase, &l.Party.Member, &l.Party.Standing, &l.Activity,
					&l.Change, &l.Memo, &l.Source.Kind, &l.Source.ID, &l.Source.Version, &l.Source.Event, &l.Key)
				page = append(page, l)
				return err
			}, args...)
			if len(page) > 0 {
				q.Cursor = page[len(page)-1].Cursor()
			}
			return page, err
		})
	}
}

// lastEntry returns the number of the last entry on or before a change.
func (r *reader) lastEntry(change uint64) (int64, error) {
	n, _ := bound64(change)
	entry := int64(0)
	err := r.query(entryBefore, func(row *result) error { return row.Scan(&entry) }, r.book, n)
	return entry, err
}

// lineQuery builds the statement for one page of a query's lines: few
// different texts, with no value in them but the page's size, which the
// server's plan should depend on.
func lineQuery(book string, q ledger.LineQuery, above int64, size int) (string, []any) {
	l := lineText{LineQuery: q, args: []any{book}, byDate: q.Account != "" && !q.AllSubs}
	if l.Source != "" {
		l.ofSource()
	} else {
		l.text.WriteString(listLines)
	}
	l.filter(above)
	l.behindCursor()
	fmt.Fprintf(&l.text, "%s LIMIT %d", l.order(l.columns()), size)
	if l.Source == "" {
		l.text.WriteString(ofTheLines + l.order(l.columns()))
	}
	return l.text.String(), l.args
}

// lineText is a query of lines on its way to a statement.
type lineText struct {
	ledger.LineQuery
	text   strings.Builder
	args   []any
	byDate bool // lines of one sub, by date; otherwise by number
}

// where adds a condition with the numbers of its values' parameters.
func (l *lineText) where(condition string, values ...any) {
	at := make([]any, len(values))
	for i, v := range values {
		l.args = append(l.args, v)
		at[i] = len(l.args)
	}
	fmt.Fprintf(&l.text, " AND "+condition, at...)
}

// ofSource begins with the entries of a source, from the cursor on.
func (l *lineText) ofSource() {
	l.text.WriteString(linesOfSource)
	kind, id, both := strings.Cut(l.Source, "/")
	l.where("e.source_kind = $%d AND e.source_kind <> ''", kind)
	if both {
		l.where("e.source_id = $%d", id)
	}
	if l.Cursor != (ledger.LineCursor{}) && !l.byDate {
		entry, _ := bound64(l.Cursor.Entry)
		l.where("e.seq "+l.behind()+"= $%d", entry)
	}
	l.text.WriteString(l.order([]string{"e.seq"}) + ofTheEntries)
}

func (l *lineText) filter(above int64) {
	if l.Account != "" {
		l.where("l.code = $%d", l.Account)
	}
	if l.byDate {
		l.where("l.sub = $%d", l.Sub)
	}
	if !l.From.IsZero() {
		l.where("l.on_date >= $%d", l.From)
	}
	if !l.Through.IsZero() {
		l.where("l.on_date <= $%d", l.Through)
	}
	if l.Party != "" {
		l.where("l.party = $%d AND l.party <> ''", l.Party)
	}
	if above > 0 {
		l.where("l.seq > $%d", above)
	}
}

// columns are what the lines are listed by.
func (l *lineText) columns() []string {
	switch {
	case l.byDate:
		return []string{"l.on_date", "l.seq", "l.line_no"}
	case l.Source != "":
		return []string{"e.seq", "l.line_no"} // in which the entries come
	}
	return []string{"l.seq", "l.line_no"}
}

func (l *lineText) behind() string {
	if l.Descending {
		return "<"
	}
	return ">"
}

func (l *lineText) behindCursor() {
	if l.Cursor == (ledger.LineCursor{}) || l.byDate && !l.Cursor.Date.Valid() {
		return
	}
	entry, _ := bound64(l.Cursor.Entry)
	if l.byDate {
		l.where("(l.on_date, l.seq, l.line_no) "+l.behind()+" ($%d, $%d, $%d)", l.Cursor.Date, entry, l.Cursor.Line)
	} else {
		l.where("(l.seq, l.line_no) "+l.behind()+" ($%d, $%d)", entry, l.Cursor.Line)
	}
}

func (l *lineText) order(columns []string) string {
	direction := ""
	if l.Descending {
		direction = " DESC"
	}
	return " ORDER BY " + strings.Join(columns, direction+", ") + direction
}
