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
			if err := v.ctx.Err(); err != nil {
				yield(PostedLine{}, err)
				return
			}
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
		if change := b.entries.at(ref.entry - 1).change; change > known || change <= q.After {
			continue
		}
		if line := b.postedLine(ref.entry, int(ref.line)); q.Selects(&line) {
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

// linesOfBook lists the lines of all entries by number, page by page.
func (v *memoryView) linesOfBook(q LineQuery) iter.Seq2[PostedLine, error] {
	return func(yield func(PostedLine, error) bool) {
		at, size := v.firstOfBook(q), firstPage
		page := make([]PostedLine, 0, size)
		for {
			if err := v.ctx.Err(); err != nil {
				yield(PostedLine{}, err)
				return
			}
			var more bool
			page, at, more = v.pageOfBook(q, at, page[:0], size)
			for i := range page {
				if !yield(page[i], nil) {
					return
				}
			}
			if !more {
				return
			}
			size = min(4*size, mostPage)
		}
	}
}

// firstOfBook returns the place of the first line that a query may list.
func (v *memoryView) firstOfBook(q LineQuery) LineCursor {
	v.lock()
	defer v.unlock()
	at := LineCursor{Entry: 1, Line: 1}
	if q.Descending {
		at = LineCursor{Entry: v.entriesSeen()}
		if q.Cursor != (LineCursor{}) {
			at.Entry = min(at.Entry, q.Cursor.Entry)
		}
		if at.Entry > 0 {
			at.Line = len(v.book.entries.at(at.Entry - 1).lines)
		}
		return at
	}
	at.Entry = max(at.Entry, q.Cursor.Entry)
	return at
}

// pageOfBook appends up to size lines from a place on, and returns the place
// behind them and whether there may be more.
func (v *memoryView) pageOfBook(q LineQuery, at LineCursor, page []PostedLine, size int) (found []PostedLine, next LineCursor, more bool) {
	b := v.book
	v.lock()
	defer v.unlock()
	seen := v.entriesSeen()
	for looked := 0; at.Entry >= 1 && at.Entry <= seen; looked++ {
		k := b.entries.at(at.Entry - 1)
		switch {
		case looked >= mostPage || len(page) == size:
			return page, at, true
		case k.change <= q.After && q.Descending:
			return page, at, false
		case k.change <= q.After, at.Line < 1, at.Line > len(k.lines):
			at = b.besideEntry(at, q.Descending)
			continue
		}
		if line := b.postedLine(at.Entry, at.Line-1); q.Selects(&line) {
			page = append(page, line)
		}
		if q.Descending {
			at.Line--
		} else {
			at.Line++
		}
	}
	return page, at, false
}

// besideEntry returns the place at which the next entry begins to be listed.
func (b *memoryBook) besideEntry(at LineCursor, descending bool) LineCursor {
	if !descending {
		return LineCursor{Entry: at.Entry + 1, Line: 1}
	}
	at = LineCursor{Entry: at.Entry - 1}
	if at.Entry > 0 {
		at.Line = len(b.entries.at(at.Entry - 1).lines)
	}
	return at
}

// entriesSeen returns how many entries the view sees. The view must be locked.
func (v *memoryView) entriesSeen() uint64 {
	if v.latest {
		return v.book.head.Entries
	}
	return v.head.Entries
}
