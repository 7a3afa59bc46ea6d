package ledgertest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// runningCanaries run their transactions wrongly.
func runningCanaries() map[string]*canary {
	return map[string]*canary{
		"one book for all": {book: func(string) string { return "the one" }},
		"books of any case": {book: func(id string) string {
			id, _, _ = strings.Cut(id, "-")
			return id
		}},
		"kept in spite of an error": {update: func(s ledger.Store) updating {
			return func(ctx context.Context, book string, fn func(ledger.Writer) error) error {
				var failed error
				if err := s.Update(ctx, book, func(w ledger.Writer) error { failed = fn(w); return nil }); err != nil {
					return err
				}
				return failed
			}
		}},
		"error swallowed": {update: func(s ledger.Store) updating {
			return func(ctx context.Context, book string, fn func(ledger.Writer) error) error {
				_ = s.Update(ctx, book, fn)
				return nil
			}
		}},
		"panic swallowed": {update: func(s ledger.Store) updating {
			return func(ctx context.Context, book string, fn func(ledger.Writer) error) (err error) {
				defer func() {
					if thrown := recover(); thrown != nil {
						err = fmt.Errorf("%v", thrown)
					}
				}()
				return s.Update(ctx, book, fn)
			}
		}},
		"context ignored": {
			update: func(s ledger.Store) updating {
				return func(_ context.Context, book string, fn func(ledger.Writer) error) error {
					return s.Update(context.Background(), book, fn)
				}
			},
		},
		"two writers at once": {update: func(s ledger.Store) updating {
			return func(ctx context.Context, book string, fn func(ledger.Writer) error) error {
				collected := &collecting{}
				err := s.View(ctx, book, func(r ledger.Reader) error {
					collected.Reader = r
					return fn(collected)
				})
				if err != nil || collected.batch == nil {
					return err
				}
				return carelessly(s)(ctx, book, func(w ledger.Writer) error { return w.Write(collected.batch) })
			}
		}},
		"view moves on": {view: func(s ledger.Store) viewing {
			return func(ctx context.Context, book string, fn func(ledger.Reader) error) error {
				return s.View(ctx, book, func(r ledger.Reader) error { return fn(fresh(ctx, s, book, r)) })
			}
		}},
		"view's balances move on": {view: func(s ledger.Store) viewing {
			return func(ctx context.Context, book string, fn func(ledger.Reader) error) error {
				return s.View(ctx, book, func(r ledger.Reader) error {
					moving := fresh(ctx, s, book, r)
					return fn(&reading{Reader: r, position: moving.position})
				})
			}
		}},
		"entry shows before its balances": lateBalances(),
		"closed twice": {update: func(s ledger.Store) updating {
			return func(ctx context.Context, book string, fn func(ledger.Writer) error) error {
				if err := s.Update(ctx, book, fn); err != nil {
					return err
				}
				return s.Update(ctx, book, fn) // a retry although it was kept
			}
		}},
	}
}

// collecting is a Writer that keeps its batch for later.
type collecting struct {
	ledger.Reader
	batch *ledger.Batch
}

func (w *collecting) Write(b *ledger.Batch) error {
	head, err := w.Head()
	if err != nil {
		return err
	}
	if head.Change != b.Expect {
		return ledger.ErrConflict
	}
	w.batch = b
	return nil
}

// fresh is a Reader that asks the latest state each time.
func fresh(ctx context.Context, s ledger.Store, book string, r ledger.Reader) *reading {
	moving := &reading{Reader: r}
	moving.head = func() (h ledger.Head, err error) {
		err = s.View(ctx, book, func(r ledger.Reader) error { h, err = r.Head(); return err })
		return h, err
	}
	moving.position = func(code, sub string, from ledger.Date) (p ledger.Position, err error) {
		err = s.View(ctx, book, func(r ledger.Reader) error { p, err = r.Position(code, sub, from); return err })
		return p, err
	}
	return moving
}

// lateBalances keeps a batch in two steps: first all but its turnovers, then
// those, so that a view in between sees half.
func lateBalances() *canary {
	var mu sync.Mutex
	late := map[string][]ledger.SubTurnover{}
	c := &canary{}
	c.write = func(b *ledger.Batch) {
		mu.Lock()
		defer mu.Unlock()
		b.Turnovers, late[b.Head.Book] = append(late[b.Head.Book], b.Turnovers...), nil
		if b.Head.Entries%5 == 4 {
			late[b.Head.Book], b.Turnovers = b.Turnovers, nil
		}
	}
	return c
}
