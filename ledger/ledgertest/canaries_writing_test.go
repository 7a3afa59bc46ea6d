package ledgertest_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// writingCanaries keep something else than what was written.
func writingCanaries() map[string]*canary {
	writes := func(spoil func(*ledger.Batch)) *canary { return &canary{write: spoil} }
	n := 0 // counts, for defects that show only now and then
	nth := func(every int) bool { n++; return n%every == 0 }
	return map[string]*canary{
		"lost line": writes(entries(func(p *ledger.Posted) { p.Lines = p.Lines[:len(p.Lines)-1] })),
		"lost line in a long entry": writes(entries(func(p *ledger.Posted) {
			if len(p.Lines) > 1000 {
				p.Lines = p.Lines[:1000]
			}
		})),
		"changed amount": writes(entries(func(p *ledger.Posted) {
			p.Lines[0].Amount = p.Lines[0].Amount.Add(ledger.Minor(1))
		})),
		"changed amount on both sides": writes(entries(func(p *ledger.Posted) {
			p.Lines[0].Amount, p.Lines[1].Amount = p.Lines[0].Amount.Add(ledger.Minor(1)), p.Lines[1].Amount.Sub(ledger.Minor(1))
		})),
		"sen lost":           writes(entries(func(p *ledger.Posted) { p.Lines[0].Amount = ledger.Minor(p.Lines[0].Amount.Minor() / 100 * 100) })),
		"swapped lines":      writes(entries(func(p *ledger.Posted) { p.Lines[0], p.Lines[1] = p.Lines[1], p.Lines[0] })),
		"memo lost":          writes(entries(func(p *ledger.Posted) { p.Memo = "" })),
		"memo clipped":       writes(entries(func(p *ledger.Posted) { p.Memo = p.Memo[:min(len(p.Memo), 20)] })),
		"party lost":         writes(entries(func(p *ledger.Posted) { clearParties(p) })),
		"phase lost":         writes(entries(func(p *ledger.Posted) { p.Phase = ledger.Ordinary })),
		"source lost":        writes(entries(func(p *ledger.Posted) { p.Source = ledger.Source{} })),
		"import mark lost":   writes(entries(func(p *ledger.Posted) { p.Imported = false })),
		"reversal link lost": writes(entries(func(p *ledger.Posted) { p.Reverses = 0 })),
		"text in another normal form": writes(entries(func(p *ledger.Posted) {
			p.Memo = strings.ReplaceAll(p.Memo, "–", "-")
		})),
		"record data compacted": writes(func(b *ledger.Batch) {
			for _, ch := range b.Changes {
				if ch.Record != nil {
					ch.Record.Data = []byte(strings.ReplaceAll(string(ch.Record.Data), " ", ""))
				}
			}
		}),
		"seconds only": writes(func(b *ledger.Batch) {
			for i := range b.Changes {
				b.Changes[i].Recorded = b.Changes[i].Recorded.Truncate(time.Second)
			}
		}),
		"broken chain": writes(func(b *ledger.Batch) {
			if b.Head.Change > 15 {
				b.Changes[0].Digest[5] ^= 1
			}
		}),
		"content digest lost": writes(func(b *ledger.Batch) { b.Changes[0].Content = ledger.Digest{} }),
		"head's digest not moved": writes(func(b *ledger.Batch) {
			if b.Head.Change > 15 {
				b.Head.Digest = ledger.Digest{1}
			}
		}),
		"head's entries not moved": writes(func(b *ledger.Batch) {
			if b.Head.Entries > 2 {
				b.Head.Entries--
			}
		}),
		"closing forgotten":      writes(func(b *ledger.Batch) { b.Head.Closed = ledger.Date{} }),
		"soft closing forgotten": writes(func(b *ledger.Batch) { b.Head.SoftClosed = b.Head.Closed }),
		"stale turnover row": writes(func(b *ledger.Batch) {
			if len(b.Turnovers) > 2 {
				b.Turnovers = b.Turnovers[:len(b.Turnovers)-1]
			}
		}),
		"later rows not updated": writes(func(b *ledger.Batch) {
			for i := range b.Changes {
				if p := b.Changes[i].Posted; p != nil {
					b.Turnovers = slices.DeleteFunc(b.Turnovers, func(t ledger.SubTurnover) bool { return t.Day.After(p.Date) })
				}
			}
		}),
		"row for a day, whatever the phase": writes(func(b *ledger.Batch) {
			b.Turnovers = slices.CompactFunc(b.Turnovers, func(x, y ledger.SubTurnover) bool {
				return x.Account == y.Account && x.Sub == y.Sub && x.Day == y.Day
			})
		}),
		"subs forgotten":    writes(func(b *ledger.Batch) { b.Subs = nil }),
		"holder forgotten":  writes(subs(func(s *ledger.Sub) { s.Holder = "" })),
		"opening forgotten": writes(subs(func(s *ledger.Sub) { s.Opened = false })),
		"floor forgotten":   writes(subs(func(s *ledger.Sub) { s.Floor = ledger.Floor{} })),
		"soft floor forgotten": writes(subs(func(s *ledger.Sub) {
			s.Floor.HasSoft, s.Floor.Soft = false, ledger.Money{}
		})),
		"floor of zero is none": writes(subs(func(s *ledger.Sub) {
			if s.Floor.Hard.IsZero() {
				s.Floor.HasHard = false
			}
		})),
		"block forgotten": writes(subs(func(s *ledger.Sub) { s.Block = ledger.NoBlock })),
		"block turned": writes(subs(func(s *ledger.Sub) {
			if s.Block == ledger.DebitBlock {
				s.Block = ledger.CreditBlock
			}
		})),
		"hold forgotten": writes(func(b *ledger.Batch) { b.Holds = nil }),
		"release forgotten": writes(func(b *ledger.Batch) {
			b.Holds = slices.DeleteFunc(b.Holds, func(h ledger.Held) bool { return h.Left != h.Amount })
		}),
		"expiry forgotten": writes(func(b *ledger.Batch) {
			for i := range b.Holds {
				b.Holds[i].Until = ledger.Date{}
			}
		}),
		"rebuilt rows forgotten": writes(func(b *ledger.Batch) { b.Rebuilt = nil }),
		"assertion forgotten":    writes(func(b *ledger.Batch) { b.Assertions = nil }),
		"account forgotten": writes(func(b *ledger.Batch) {
			if len(b.Accounts) == 1 {
				b.Accounts = nil
			}
		}),
		"retirement forgotten": writes(func(b *ledger.Batch) {
			for i := range b.Accounts {
				b.Accounts[i].Retired = false
			}
		}),
		"account's floor forgotten": writes(func(b *ledger.Batch) {
			for i := range b.Accounts {
				b.Accounts[i].Floor = ledger.Floor{}
			}
		}),
		"half a batch": writes(func(b *ledger.Batch) {
			if nth(9) {
				b.Turnovers, b.Subs = nil, nil
			}
		}),
		"expectation ignored": {write: func(b *ledger.Batch) {}, update: carelessly},
	}
}

func clearParties(p *ledger.Posted) {
	for i := range p.Lines {
		p.Lines[i].Party = ledger.Party{}
	}
}

func subs(spoil func(*ledger.Sub)) func(*ledger.Batch) {
	return func(b *ledger.Batch) {
		for i := range b.Subs {
			spoil(&b.Subs[i])
		}
	}
}

// carelessly lets every batch through, whatever head it expects.
func carelessly(s ledger.Store) updating {
	return func(ctx context.Context, book string, fn func(ledger.Writer) error) error {
		return s.Update(ctx, book, func(w ledger.Writer) error { return fn(careless{w}) })
	}
}

type careless struct{ ledger.Writer }

func (w careless) Write(b *ledger.Batch) error {
	head, err := w.Head()
	if err != nil {
		return err
	}
	copied := *b
	copied.Expect = head.Change
	return w.Writer.Write(&copied)
}
