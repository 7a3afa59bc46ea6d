package ledgertest_test

import (
	"iter"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// listingCanaries list something else than what was asked for.
func listingCanaries() map[string]*canary {
	lines := func(spoil func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error]) *canary {
		return reads(func(r *reading) {
			r.lines = func(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] { return spoil(r.Reader, q) }
		})
	}
	changes := func(spoil func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error]) *canary {
		return reads(func(r *reading) {
			r.changes = func(from uint64) iter.Seq2[ledger.Change, error] { return spoil(r.Reader.Changes(from)) }
		})
	}
	return map[string]*canary{
		"removed line": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			return rearranged(r.Lines(q), func(all []ledger.PostedLine) []ledger.PostedLine {
				return slices.DeleteFunc(all, func(l ledger.PostedLine) bool { return l.Entry == 2 && l.No == 2 })
			})
		}),
		"wrong as-of": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			if q.After > 0 {
				q.After++
			}
			return r.Lines(q)
		}),
		"as-of ignored": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			q.After = 0
			return r.Lines(q)
		}),
		"cursor's line again": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			if q.Cursor.Line > 0 {
				q.Cursor.Line--
			}
			return r.Lines(q)
		}),
		"cursor skips the entry": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			if q.Cursor.Line > 0 && !q.Descending {
				q.Cursor.Line = 1 << 30
			}
			return r.Lines(q)
		}),
		"descending ignored": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			q.Descending = false
			return r.Lines(q)
		}),
		"lines by number, not by date": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			return rearranged(r.Lines(q), func(all []ledger.PostedLine) []ledger.PostedLine {
				slices.SortStableFunc(all, func(a, b ledger.PostedLine) int { return int(a.Entry) - int(b.Entry) })
				return all
			})
		}),
		"party ignored": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			q.Party = ""
			return r.Lines(q)
		}),
		"source's id ignored": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			q.Source, _, _ = strings.Cut(q.Source, "/")
			return r.Lines(q)
		}),
		"last day of lines left out": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			if q.Through.Valid() && q.Account != "" {
				q.Through = q.Through.Prev()
			}
			return r.Lines(q)
		}),
		"lines do not stop": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] { return deaf(r.Lines(q)) }),
		"line without its change": lines(func(r ledger.Reader, q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			return changed(r.Lines(q), func(l *ledger.PostedLine) { l.Memo, l.Key = "", "" })
		}),
		"gap in the numbers": changes(func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error] {
			return changed(all, func(ch *ledger.Change) {
				if ch.Number > 14 {
					ch.Number++
				}
			})
		}),
		"tail cut off": changes(func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error] {
			return rearranged(all, butLast)
		}),
		"feed in disorder": changes(func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error] {
			return rearranged(all, reversed)
		}),
		"feed does not stop": changes(deaf[ledger.Change]),
		"feed's documents lost": changes(func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error] {
			return changed(all, func(ch *ledger.Change) { ch.Document = nil })
		}),
		"feed's kinds lost": changes(func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error] {
			return changed(all, func(ch *ledger.Change) { ch.Kind = ledger.ChangeEntry })
		}),
		"feed begins one later": reads(func(r *reading) {
			r.changes = func(from uint64) iter.Seq2[ledger.Change, error] { return r.Reader.Changes(from + 1) }
		}),
		"feed stops at a page": changes(func(all iter.Seq2[ledger.Change, error]) iter.Seq2[ledger.Change, error] {
			return rearranged(all, func(page []ledger.Change) []ledger.Change { return page[:min(len(page), 20)] })
		}),
		"subs in disorder": reads(func(r *reading) {
			r.subs = func(code, after string) iter.Seq2[ledger.Sub, error] {
				return rearranged(r.Reader.Subs(code, after), reversed)
			}
		}),
		"subs by letters": reads(func(r *reading) {
			r.subs = func(code, after string) iter.Seq2[ledger.Sub, error] {
				return rearranged(r.Reader.Subs(code, after), func(all []ledger.Sub) []ledger.Sub {
					slices.SortFunc(all, func(a, b ledger.Sub) int { return strings.Compare(strings.ToLower(a.Sub), strings.ToLower(b.Sub)) })
					return all
				})
			}
		}),
		"subs from one on": reads(func(r *reading) {
			r.subs = func(code, after string) iter.Seq2[ledger.Sub, error] {
				return r.Reader.Subs(code, after[:max(len(after)-1, 0)])
			}
		}),
		"last sub left out": reads(func(r *reading) {
			r.subs = func(code, after string) iter.Seq2[ledger.Sub, error] {
				return rearranged(r.Reader.Subs(code, after), butLast)
			}
		}),
		"accounts in disorder": reads(func(r *reading) {
			r.accounts = func() iter.Seq2[ledger.Account, error] { return rearranged(r.Reader.Accounts(), reversed) }
		}),
		"records in disorder": reads(func(r *reading) {
			r.records = func(kind, after string) iter.Seq2[ledger.Record, error] {
				return rearranged(r.Reader.Records(kind, after), reversed)
			}
		}),
		"all records from the start": reads(func(r *reading) {
			r.records = func(kind, _ string) iter.Seq2[ledger.Record, error] { return r.Reader.Records(kind, "") }
		}),
		"assertions in disorder": reads(func(r *reading) {
			r.assertions = func() iter.Seq2[ledger.Assertion, error] { return rearranged(r.Reader.Assertions(), reversed) }
		}),
		"turnovers without an end": reads(func(r *reading) {
			r.turnovers = func(code, sub string, from, _ ledger.Date) iter.Seq2[ledger.Turnover, error] {
				return r.Reader.Turnovers(code, sub, from, ledger.On(ledger.MaxYear, 12, 31))
			}
		}),
	}
}
