package ledger

import (
	"cmp"
	"fmt"
	"strings"
)

// LineOf returns the n-th line of an entry, from 0, with what it belongs to.
func LineOf(p *Posted, n int) PostedLine {
	return PostedLine{
		Line: p.Lines[n], Entry: p.Number, No: n + 1, Change: p.Change,
		Date: p.Date, Phase: p.Phase, Key: p.Key, Memo: p.Memo, Source: p.Source,
	}
}

// fault says why a query can mean nothing.
func (q LineQuery) fault() error {
	for _, day := range [...]Date{q.From, q.Through} {
		if !day.IsZero() && !day.Valid() {
			return day.Err()
		}
	}
	if q.Account == "" && (q.Sub != "" || q.AllSubs) {
		return fmt.Errorf("%w: lines of sub %q, but of which account?", ErrSub, clip(q.Sub))
	}
	return nil
}

// Selects reports whether the query selects a line: what every store's answer
// must agree with.
func (q LineQuery) Selects(l *PostedLine) bool {
	switch {
	case q.Account != "" && (l.Account != q.Account || !q.AllSubs && l.Sub != q.Sub),
		!q.From.IsZero() && l.Date.Before(q.From),
		!q.Through.IsZero() && l.Date.After(q.Through),
		q.Party != "" && l.Party.Member != q.Party,
		q.Source != "" && !sourceMatches(q.Source, &l.Source),
		l.Change <= q.After:
		return false
	}
	return q.Cursor == LineCursor{} || q.Compare(PostedLine{Date: q.Cursor.Date, Entry: q.Cursor.Entry, No: q.Cursor.Line}, *l) < 0
}

func sourceMatches(want string, s *Source) bool {
	kind, id, both := strings.Cut(want, "/")
	return s.Kind == kind && (!both || s.ID == id)
}

// Compare orders two lines as the query lists them: within one sub by date,
// else by entry number; the latest first if descending.
func (q LineQuery) Compare(a, b PostedLine) int {
	order := 0
	if q.byDate() {
		order = a.Date.Cmp(b.Date)
	}
	if order == 0 {
		order = cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.No, b.No))
	}
	if q.Descending {
		return -order
	}
	return order
}

func (q LineQuery) byDate() bool { return q.Account != "" && !q.AllSubs }
