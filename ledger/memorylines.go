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
		size := firstPage
		page := make([]PostedLine, 0, size)
		for {
			var more bool
			page, more = v.page(q, page[:0], size)
			for i := range page {
				if !yield(page[i], nil) {
					return
				}
			}
			if !more {
				return
			}
			q.Cursor = page[len(page)-1].Cursor()
			size = min(2*size, mostPage)
		}
	}
}

// page appends up to size lines from where the query starts and says whether
// there may be more.
func (v *memoryView) page(q LineQuery, page []PostedLine, size int) ([]PostedLine, bool) {
	b := v.book
	b.mu.RLock()
	defer b.mu.RUnlock()
	kept := v.sub(q.Account, q.Sub)
	if kept == nil {
		return page, false
	}
	refs := kept.lines
	if kept.byDate != nil {
		refs = kept.byDate
	}
	seen := v.as()
	at, step := b.start(q, refs)
	for ; at >= 0 && at < len(refs); at += step {
		posted := *b.entries.at(refs[at].entry - 1)
		if q.Descending && !q.From.IsZero() && posted.Date.Before(q.From) ||
			!q.Descending && !q.Through.IsZero() && posted.Date.After(q.Through) {
			return page, false
		}
		if posted.Change > seen || posted.Change <= q.After {
			continue
		}
		line := LineOf(posted, int(refs[at].line))
		if !q.Selects(&line) {
			continue
		}
		if page = append(page, line); len(page) == size {
			return page, true
		}
	}
	return page, false
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
			posted := *b.entries.at(refs[i].entry - 1)
			line := PostedLine{Date: posted.Date, Entry: posted.Number, No: int(refs[i].line) + 1}
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
			v.book.mu.RLock()
			posted := *v.book.entries.at(number - 1)
			v.book.mu.RUnlock()
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
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	if v.latest {
		return v.book.head.Entries
	}
	return v.head.Entries
}
