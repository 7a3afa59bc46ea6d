package ledgertest_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// readingCanaries answer single questions wrongly.
func readingCanaries() map[string]*canary {
	return map[string]*canary{
		"forgotten key": reads(func(r *reading) {
			r.command = func(key string) (ledger.Command, bool, error) { return ledger.Command{}, false, nil }
		}),
		"keys of any case": reads(func(r *reading) {
			r.command = func(key string) (ledger.Command, bool, error) {
				c, found, err := r.Reader.Command(key)
				if !found && err == nil {
					c, found, err = r.Reader.Command(strings.ToUpper(key))
				}
				return c, found, err
			}
		}),
		"command's end lost": reads(func(r *reading) {
			r.command = func(key string) (ledger.Command, bool, error) {
				c, found, err := r.Reader.Command(key)
				c.Last = c.First
				return c, found, err
			}
		}),
		"swapped entries": reads(func(r *reading) {
			r.entry = func(n uint64) (ledger.Posted, bool, error) {
				if head, _ := r.Reader.Head(); head.Entries >= 4 && (n == 3 || n == 4) {
					n = 7 - n
				}
				return r.Reader.Entry(n)
			}
		}),
		"half an entry": reads(func(r *reading) {
			r.entry = func(n uint64) (ledger.Posted, bool, error) {
				p, found, err := r.Reader.Entry(n)
				p.Lines = p.Lines[:len(p.Lines)/2]
				return p, found, err
			}
		}),
		"reversal not shown": reads(func(r *reading) {
			r.entry = func(n uint64) (ledger.Posted, bool, error) {
				p, found, err := r.Reader.Entry(n)
				p.ReversedBy = 0
				return p, found, err
			}
		}),
		"absence is an error": reads(func(r *reading) {
			r.entry = func(n uint64) (ledger.Posted, bool, error) {
				p, found, err := r.Reader.Entry(n)
				if !found && err == nil {
					err = errors.New("no rows in result set")
				}
				return p, found, err
			}
		}),
		"record version overwritten": reads(func(r *reading) {
			r.record = func(kind, id string, version int) (ledger.Record, bool, error) {
				if latest, found, err := r.Reader.Record(kind, id, 0); version > 0 && version <= latest.Version {
					latest.Version = version
					return latest, found, err
				}
				return r.Reader.Record(kind, id, version)
			}
		}),
		"first version for latest": reads(func(r *reading) {
			r.record = func(kind, id string, version int) (ledger.Record, bool, error) {
				return r.Reader.Record(kind, id, max(version, 1))
			}
		}),
		"records in local time": reads(func(r *reading) {
			r.record = func(kind, id string, version int) (ledger.Record, bool, error) {
				rec, found, err := r.Reader.Record(kind, id, version)
				rec.Recorded = rec.Recorded.In(time.FixedZone("WIB", 7*60*60))
				return rec, found, err
			}
		}),
		"latest version for any": reads(func(r *reading) {
			r.record = func(kind, id string, version int) (ledger.Record, bool, error) {
				if latest, found, err := r.Reader.Record(kind, id, 0); version > latest.Version {
					return latest, found, err
				}
				return r.Reader.Record(kind, id, version)
			}
		}),
		"records of any kind": reads(func(r *reading) {
			r.records = func(kind, after string) iter.Seq2[ledger.Record, error] {
				return func(yield func(ledger.Record, error) bool) {
					for _, k := range []string{kind, kind[:max(len(kind)-1, 0)]} {
						for rec, err := range r.Reader.Records(k, after) {
							if !yield(rec, err) {
								return
							}
						}
					}
				}
			}
		}),
		"balance before forgotten": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				p.Before = ledger.Money{}
				return p, err
			}
		}),
		"balance before with the day": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				if len(p.Rows) > 0 && p.Rows[0].Day == from {
					p.Before = p.Rows[0].Balance
				}
				return p, err
			}
		}),
		"first day left out": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				return r.Reader.Position(code, sub, from.Next())
			}
		}),
		"released holds listed": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				holds := slices.Clone(p.Holds)
				for i := range holds {
					holds[i].Left = holds[i].Amount
				}
				p.Holds = holds
				return p, err
			}
		}),
		"only the first hold": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				p.Holds = p.Holds[:min(len(p.Holds), 1)]
				return p, err
			}
		}),
		"last day stale": reads(func(r *reading) {
			r.position = func(code, sub string, from ledger.Date) (ledger.Position, error) {
				p, err := r.Reader.Position(code, sub, from)
				p.Sub.LastDay = ledger.Date{}
				return p, err
			}
		}),
		"hold by its key as it was": reads(func(r *reading) {
			r.hold = func(key string) (ledger.Held, bool, error) {
				h, found, err := r.Reader.Hold(key)
				h.Left = h.Amount
				return h, found, err
			}
		}),
	}
}
