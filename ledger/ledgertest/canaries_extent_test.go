package ledgertest_test

import (
	"context"
	"iter"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// extentCanaries keep and find what is small, near and few, and fail at the
// ends: where a column is too narrow, a calendar too short, a comparison loose,
// a page the whole list.
func extentCanaries() map[string]*canary {
	return merged(narrowCanaries(), looseCanaries(), shortCanaries(), movingCanaries())
}

func merged(all ...map[string]*canary) map[string]*canary {
	one := map[string]*canary{}
	for _, some := range all {
		for name, c := range some {
			one[name] = c
		}
	}
	return one
}

func narrowCanaries() map[string]*canary {
	writes := func(spoil func(*ledger.Batch)) *canary { return &canary{write: spoil} }
	days := func(first, last ledger.Date) *canary {
		return writes(entries(func(p *ledger.Posted) {
			if p.Date.Before(first) {
				p.Date = first
			}
			if p.Date.After(last) {
				p.Date = last
			}
		}))
	}
	return map[string]*canary{
		"memos of 255 bytes": writes(entries(func(p *ledger.Posted) { p.Memo = p.Memo[:min(len(p.Memo), 255)] })),
		"subs of 64 bytes": writes(entries(func(p *ledger.Posted) {
			for i := range p.Lines {
				p.Lines[i].Sub = p.Lines[i].Sub[:min(len(p.Lines[i].Sub), 64)]
			}
		})),
		"letters of three bytes": writes(entries(func(p *ledger.Posted) {
			p.Memo = strings.Map(func(r rune) rune {
				if r > 0xffff {
					return '?'
				}
				return r
			}, p.Memo)
		})),
		"documents of 64 kB": writes(func(b *ledger.Batch) {
			for _, ch := range b.Changes {
				if ch.Record != nil && len(ch.Record.State) >= 1<<16 {
					ch.Record.State = ch.Record.State[:1<<16-1]
				}
			}
		}),
		"days from 1970 on":   days(ledger.On(1970, 1, 1), ledger.On(ledger.MaxYear, 12, 31)),
		"days through 2038":   days(ledger.On(ledger.MinYear, 1, 1), ledger.On(2038, 1, 19)),
		"opened by a holder":  writes(subs(func(s *ledger.Sub) { s.Opened = s.Holder != "" })),
		"standing of members": writes(entries(func(p *ledger.Posted) { standingOfMembers(p) })),
		"soft floor of zero is none": writes(subs(func(s *ledger.Sub) {
			if s.Floor.Soft.IsZero() {
				s.Floor.HasSoft = false
			}
		})),
		"first of two rows counts": writes(func(b *ledger.Batch) {
			var first []ledger.Sub
			seen := map[ledger.Place]bool{}
			for _, s := range b.Subs {
				if at := (ledger.Place{Account: s.Account, Sub: s.Sub}); !seen[at] {
					first, seen[at] = append(first, s), true
				}
			}
			b.Subs = first
		}),
	}
}

func standingOfMembers(p *ledger.Posted) {
	for i := range p.Lines {
		if p.Lines[i].Party.Member == "" {
			p.Lines[i].Party.Standing = ledger.NoStanding
		}
	}
}

// looseCanaries take a name for one that is like it.
func looseCanaries() map[string]*canary {
	return map[string]*canary{
		"accounts of any case": {read: func(r ledger.Reader) ledger.Reader { return looseAccounts{r} }},
		"holds of any case": reads(func(r *reading) {
			r.hold = func(key string) (ledger.Held, bool, error) { return eitherCase(key, r.Reader.Hold) }
		}),
		"record ids of any case": reads(func(r *reading) {
			r.record = func(kind, id string, version int) (ledger.Record, bool, error) {
				return eitherCase(id, func(id string) (ledger.Record, bool, error) { return r.Reader.Record(kind, id, version) })
			}
		}),
		"parties of any case": looseLines(func(q *ledger.LineQuery) { q.Party = "" }, func(q ledger.LineQuery, l *ledger.PostedLine) bool {
			return q.Party == "" || strings.EqualFold(l.Party.Member, q.Party)
		}),
		"parties by their beginning": looseLines(func(q *ledger.LineQuery) { q.Party = "" }, func(q ledger.LineQuery, l *ledger.PostedLine) bool {
			return strings.HasPrefix(l.Party.Member, q.Party)
		}),
		"sources by their beginning": looseLines(func(q *ledger.LineQuery) { q.Source = "" }, func(q ledger.LineQuery, l *ledger.PostedLine) bool {
			return strings.HasPrefix(l.Source.Kind+"/"+l.Source.ID, q.Source)
		}),
		"days the other way round": looseLines(func(q *ledger.LineQuery) {
			if q.Through.Valid() && q.Through.Before(q.From) {
				q.From, q.Through = q.Through, q.From
			}
		}, func(ledger.LineQuery, *ledger.PostedLine) bool { return true }),
		"a cursor forgets since when": looseLines(func(q *ledger.LineQuery) {
			if q.Cursor.Entry > 0 {
				q.After = 0
			}
		}, func(ledger.LineQuery, *ledger.PostedLine) bool { return true }),
	}
}

type looseAccounts struct{ ledger.Reader }

func (r looseAccounts) Account(code string) (ledger.Account, bool, error) {
	return eitherCase(code, r.Reader.Account)
}

func eitherCase[V any](name string, find func(string) (V, bool, error)) (V, bool, error) {
	v, found, err := find(name)
	if !found && err == nil {
		return find(strings.ToUpper(name))
	}
	return v, found, err
}

// looseLines lists the lines of a wider query, those that keep wants.
func looseLines(widen func(*ledger.LineQuery), keep func(ledger.LineQuery, *ledger.PostedLine) bool) *canary {
	return reads(func(r *reading) {
		r.lines = func(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
			return func(yield func(ledger.PostedLine, error) bool) {
				wide := q
				widen(&wide)
				for l, err := range r.Reader.Lines(wide) {
					if (err != nil || keep(q, &l)) && !yield(l, err) {
						return
					}
				}
			}
		}
	})
}

// shortCanaries take the first page for the whole list.
func shortCanaries() map[string]*canary {
	return map[string]*canary{
		"a thousand turnovers": reads(func(r *reading) {
			r.turnovers = func(code, sub string, from, through ledger.Date) iter.Seq2[ledger.Turnover, error] {
				return rearranged(r.Reader.Turnovers(code, sub, from, through), firstOf[ledger.Turnover](1000))
			}
		}),
		"a thousand days of a position": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				p.Rows = firstOf[ledger.Turnover](1000)(p.Rows)
				return p, err
			}
		}),
		"64 holds": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				p.Holds = firstOf[ledger.Held](64)(p.Holds)
				return p, err
			}
		}),
		"a thousand records": reads(func(r *reading) {
			r.records = func(kind, after string) iter.Seq2[ledger.Record, error] {
				return rearranged(r.Reader.Records(kind, after), firstOf[ledger.Record](1000))
			}
		}),
		"a thousand accounts": reads(func(r *reading) {
			r.accounts = func() iter.Seq2[ledger.Account, error] {
				return rearranged(r.Reader.Accounts(), firstOf[ledger.Account](1000))
			}
		}),
		"a thousand assertions": reads(func(r *reading) {
			r.assertions = func() iter.Seq2[ledger.Assertion, error] {
				return rearranged(r.Reader.Assertions(), firstOf[ledger.Assertion](1000))
			}
		}),
	}
}

func firstOf[V any](n int) func([]V) []V {
	return func(all []V) []V { return all[:min(len(all), n)] }
}

// movingCanaries let a view see what is written after it began, where only a
// second look or a long list shows it.
func movingCanaries() map[string]*canary {
	moving := func(spoil func(moving *reading, latest func(func(ledger.Reader) error) error)) *canary {
		return &canary{view: func(s ledger.Store) viewing {
			return func(ctx context.Context, book string, fn func(ledger.Reader) error) error {
				return s.View(ctx, book, func(r ledger.Reader) error {
					m := &reading{Reader: r}
					spoil(m, func(look func(ledger.Reader) error) error { return s.View(ctx, book, look) })
					return fn(m)
				})
			}
		}}
	}
	return map[string]*canary{
		"view's holds move on": moving(func(m *reading, latest func(func(ledger.Reader) error) error) {
			m.hold = func(key string) (h ledger.Held, found bool, err error) {
				err = latest(func(r ledger.Reader) (err error) { h, found, err = r.Hold(key); return err })
				return h, found, err
			}
		}),
		"second page of a later state": moving(func(m *reading, latest func(func(ledger.Reader) error) error) {
			first := m.Reader
			m.subs = func(code, after string) iter.Seq2[ledger.Sub, error] {
				return func(yield func(ledger.Sub, error) bool) {
					n := 0
					for s, err := range first.Subs(code, after) {
						if n++; n > 64 || !yield(s, err) {
							break
						}
						after = s.Sub
					}
					for n > 64 { // one by one, each as it is then
						var next ledger.Sub
						found := false
						err := latest(func(r ledger.Reader) error {
							for s, err := range r.Subs(code, after) {
								next, found = s, true
								return err
							}
							return nil
						})
						if !found || !yield(next, err) {
							return
						}
						after = next.Sub
					}
				}
			}
		}),
		"context asked at the beginning only": {view: func(s ledger.Store) viewing {
			return func(ctx context.Context, book string, fn func(ledger.Reader) error) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				return s.View(context.WithoutCancel(ctx), book, fn)
			}
		}},
	}
}
