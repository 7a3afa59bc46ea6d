package ledger

import (
	"iter"
	"sort"
)

// Lines implements [Reader].
func (v *memoryView) Lines(q LineQuery) iter.Seq2[PostedLine, error] {
	if q.byDate() {
		return v.linesOfSub(q)
	}
	return v.linesOfBook(q)
}

// A page of lines is read under one lock and yielded without it, so that a
// slow reader stops nobody. Pages begin small, because many readers want few
// lines, and grow.
const (
	firstPage = 64
	mostPage  = 4096
)

// linesOfSub lists one sub's lines by date, page by page: where a page ends
// the next begins, wherever lines written meanwhile have moved it.
func (v *memoryView) linesOfSub(q LineQuery) iter.Seq2[PostedLine, error] {
	return func(yield func(PostedLine, error) bool) {
		q, size := q, firstPage // the list may be read again
		page := make([]PostedLine, 0, size)
		for {
			var more bool
			page, q.Cursor, more = v.page(q, page[:0], size)
			for i := range page {
				if !yield(page[i], nil) {
					return
				}
			}
			if !more {
				return
			}
			size = min(2*size, mostPage)
		}
	}
}

// page appends up to size lines from where the query starts. It returns where
// it ended, and whether there may be more behind: it looks at no more than
// mostPage lines, so that a query that selects few stops no writer either.
func (v *memoryView) page(q LineQuery, page []PostedLine, size int) (found []PostedLine, next LineCursor, more bool) {
	b := v.book
	v.lock()
	defer v.unlock()
	kept := v.sub(q.Account, q.Sub)
	if kept == nil {
		return page, next, false
	}
	refs := kept.lines
	if kept.byDate != nil {
		refs = kept.byDate
	}
	known := v.as()
	at, step := b.start(q, refs)
	if kept.byDate == nil && !q.Descending { // then what was written later stands behind
		at = max(at, len(refs)-len(b.after(refs, q.After)))
	}
	for looked := 0; at >= 0 && at < len(refs); at, looked = at+step, looked+1 {
		ref := &refs[at]
		if q.Descending && !q.From.IsZero() && ref.date.Before(q.From) ||
			!q.Descending && !q.Through.IsZero() && ref.date.After(q.Through) {
			return page, next, false
		}
		if looked == mostPage || len(page) == size {
			return page, next, true
		}
		next = LineCursor{Date: ref.date, Entry: ref.entry, Line: int(ref.line) + 1}
		posted := *b.entries.at(ref.entry - 1)
		if posted.Change > known || posted.Change <= q.After {
			continue
		}
		if line := LineOf(posted, int(ref.line)); q.Selects(&line) {
			page = append(page, line)
		}
	}
	return page, next, false
}

// start returns the place in refs, which are by date, at which a query starts,
// and the step to the next.
func (b *memoryBook) start(q LineQuery, refs []lineRef) (at, step int) {
	from := LineCursor{Date: q.From}
	if q.Descending {
		from = LineCursor{Date: q.Through, Entry: ^uint64(0)}
	}
	if q.Cursor != (LineCursor{}) {
		from = q.Cursor
	}
	at = 0
	if !from.Date.IsZero() {
		ascending := LineQuery{Account: q.Account, Sub: q.Sub}
		start := PostedLine{Date: from.Date, Entry: from.Entry, No: from.Line}
		at = sort.Search(len(refs), func(i int) bool {
			line := PostedLine{Date: refs[i].date, Entry: refs[i].entry, No: int(refs[i].line) + 1}
			return ascending.Compare(line, start) >= 0
		})
	} else if q.Descending {
		at = len(refs)
	}
	if !q.Descending {
		return at, 1
	}
	return min(at, len(refs)-1), -1
}

// linesOfBook lists the lines of all entries by number.
func (v *memoryView) linesOfBook(q LineQuery) iter.Seq2[PostedLine, error] {
	return func(yield func(PostedLine, error) bool) {
		first, last := uint64(1), v.entriesSeen()
		if q.Cursor != (LineCursor{}) {
			if q.Descending {
				last = min(last, q.Cursor.Entry)
			} else {
				first = max(first, q.Cursor.Entry)
			}
		}
		for i := first; i <= last; i++ {
			number := i
			if q.Descending {
				number = last - (i - first)
			}
			v.lock()
			posted := *v.book.entries.at(number - 1)
			v.unlock()
			if posted.Change <= q.After {
				if q.Descending {
					return
				}
				continue
			}
			for j := range posted.Lines {
				if q.Descending {
					j = len(posted.Lines) - 1 - j
				}
				if line := LineOf(posted, j); q.Selects(&line) && !yield(line, nil) {
					return
				}
			}
		}
	}
}

func (v *memoryView) entriesSeen() uint64 {
	v.lock()
	defer v.unlock()
	if v.latest {
		return v.book.head.Entries
	}
	return v.head.Entries
}
