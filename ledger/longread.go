package ledger

import (
	"context"
	"iter"
)

// The pages in which long lists are read: a small one first, for those who
// only look at the beginning.
const (
	firstListed = 60
	mostListed  = 1000
)

// Lines lists the lines that a query selects, like [Tx.Lines], as they are
// when the list begins. Every page is a view of its own: between pages nothing
// of the store is held, neither a state nor a connection, so that the reader
// may take its time and may post meanwhile. What is posted meanwhile is not
// listed.
func (b *Book) Lines(ctx context.Context, q LineQuery) iter.Seq2[PostedLine, error] {
	return inPages(ctx, b, func(tx *Tx, head uint64, last *PostedLine) iter.Seq2[PostedLine, error] {
		q := q
		if last != nil {
			q.Cursor = last.Cursor()
		}
		return through(tx.Lines(q), func(l *PostedLine) bool { return l.Change <= head })
	})
}

// Changes lists the changes from a number on through the head at which the
// list begins, like [Tx.Changes]: the feed, for readers that are slow or write
// to the same book. It holds nothing of the store between pages.
func (b *Book) Changes(ctx context.Context, from uint64) iter.Seq2[Change, error] {
	return inPages(ctx, b, func(tx *Tx, head uint64, last *Change) iter.Seq2[Change, error] {
		from := from
		if last != nil {
			from = last.Number + 1
		}
		return through(tx.Changes(from), func(ch *Change) bool { return ch.Number <= head })
	})
}

// through lists what was there already. What is written once is never changed,
// so leaving out what is newer gives the state of the head.
func through[R any](all iter.Seq2[R, error], there func(*R) bool) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for row, err := range all {
			if (err != nil || there(&row)) && !yield(row, err) {
				return
			}
		}
	}
}

// inPages reads a list page by page, each in a view of its own. rest lists
// what stands behind the last row that was read, nil at the beginning.
func inPages[R any](ctx context.Context, b *Book, rest func(tx *Tx, head uint64, last *R) iter.Seq2[R, error]) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		var page []R
		head, begun := Head{}, false
		for size := firstListed; ; size = mostListed {
			var last *R
			if n := len(page); n > 0 {
				kept := page[n-1]
				last = &kept
			}
			page = page[:0]
			err := b.View(ctx, func(tx *Tx) (err error) {
				if !begun {
					if head, err = tx.Head(); err != nil {
						return err
					}
					begun = true
				}
				for row, err := range rest(tx, head.Change, last) {
					if err != nil {
						return err
					}
					if page = append(page, row); len(page) == size {
						break
					}
				}
				return nil
			})
			if err != nil {
				var none R
				yield(none, err)
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			if len(page) < size {
				return
			}
		}
	}
}
