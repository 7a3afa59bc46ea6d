package ledger

import (
	"slices"
	"time"
)

// How a book keeps things in memory: closely, because what a post costs is
// mostly the memory that it touches and that the collector must look at again.

// keptEntry is an entry with what its change says of it. Account and sub of a
// line are kept once for all lines, what few entries have stands apart.
type keptEntry struct {
	key, memo       string
	more            *keptMore
	lines           []keptLine
	recorded        int64 // in microseconds
	change          uint64
	content, digest Digest
	date            Date
	phase           Phase
	imported        bool
}

// keptMore is what an entry from a contract has besides, or one with papers.
type keptMore struct {
	document, maker, approver, waiver string

	source   Source
	reverses uint64
	command  string // the kind of the command
	asked    Digest // the digest of its content
}

type keptLine struct {
	amount   Money
	party    string
	sub      uint32 // the sub's number in the book
	standing Standing
	activity Activity
}

// keep fills an entry in from its change, but for its lines.
func (k *keptEntry) keep(ch *Change) {
	p := ch.Posted
	k.key, k.memo, k.recorded, k.change = p.Key, p.Memo, p.Recorded.UnixMicro(), ch.Number
	k.content, k.digest, k.date, k.phase, k.imported = ch.Content, ch.Digest, p.Date, p.Phase, p.Imported
	plain := p.Document == "" && p.Maker == "" && p.Approver == "" && p.Waiver == "" && p.Reverses == 0 && p.Source.IsZero()
	if plain && ch.Command == commandPost && ch.CommandDigest == ch.Content {
		return
	}
	k.more = &keptMore{
		document: p.Document, maker: p.Maker, approver: p.Approver, waiver: p.Waiver,
		source: p.Source, reverses: p.Reverses, command: ch.Command, asked: ch.CommandDigest,
	}
}

// command returns the command that wrote the entry, without its changes.
func (k *keptEntry) command() Command {
	if k.more == nil {
		return Command{Key: k.key, Kind: commandPost, Content: k.content}
	}
	return Command{Key: k.key, Kind: k.more.command, Content: k.more.asked}
}

// source returns where the entry comes from.
func (k *keptEntry) source() Source {
	if k.more == nil {
		return Source{}
	}
	return k.more.source
}

// posted fills p in with the entry of a number. Its lines stand where those of
// p stood, which are as many.
func (b *memoryBook) posted(number uint64, p *Posted) {
	k, lines := b.entries.at(number-1), p.Lines
	*p = Posted{
		Entry:  Entry{Key: k.key, Date: k.date, Memo: k.memo, Phase: k.phase, Lines: lines},
		Number: number, Change: k.change, Recorded: time.UnixMicro(k.recorded).UTC(), Imported: k.imported, Digest: k.digest,
	}
	if more := k.more; more != nil {
		p.Document, p.Maker, p.Approver, p.Waiver = more.document, more.maker, more.approver, more.waiver
		p.Source, p.Reverses = more.source, more.reverses
	}
	for i := range lines {
		lines[i] = b.line(&k.lines[i])
	}
}

func (b *memoryBook) line(l *keptLine) Line {
	sub := b.subs.at(uint64(l.sub) - 1)
	return Line{Account: sub.account, Sub: sub.sub, Amount: l.amount, Party: Party{l.party, l.standing}, Activity: l.activity}
}

// postedLine returns the n-th line of an entry, from 0, with what it belongs to.
func (b *memoryBook) postedLine(number uint64, n int) PostedLine {
	k := b.entries.at(number - 1)
	return PostedLine{
		Line: b.line(&k.lines[n]), Entry: number, No: n + 1, Change: k.change,
		Date: k.date, Phase: k.phase, Key: k.key, Memo: k.memo, Source: k.source(),
	}
}

// keptChange is a change: of an entry only its number.
type keptChange struct {
	entry uint64
	other *Change // every other change as it is
}

// change returns a change by its number; room is for its entry, if it is one.
func (b *memoryBook) change(number uint64, room *copies) Change {
	kept := b.changes.at(number - 1)
	if kept.other != nil {
		return *kept.other
	}
	k := b.entries.at(kept.entry - 1)
	c, p := k.command(), room.entry(len(k.lines))
	b.posted(kept.entry, p)
	return Change{
		Number: number, Kind: ChangeEntry, Recorded: p.Recorded,
		Key: k.key, Command: c.Kind, CommandDigest: c.Content,
		Entry: kept.entry, Content: k.content, Digest: k.digest, Posted: p,
	}
}

// asked returns the command that a change belongs to, without its changes.
func (b *memoryBook) asked(change uint64) Command {
	kept := b.changes.at(change - 1)
	if kept.other != nil {
		return Command{Key: kept.other.Key, Kind: kept.other.Command, Content: kept.other.CommandDigest}
	}
	return b.entries.at(kept.entry - 1).command()
}

// doubled returns a list with room for one more. It doubles where append grows
// a long list by a quarter, which copies each of its elements five times.
func doubled[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, max(1, len(list)))
}

// growing is a list that only grows and never moves what it holds.
type growing[T any] struct {
	chunks [][]T
	n      uint64
}

const chunk = 256

// more appends an empty element and returns it.
func (g *growing[T]) more() *T {
	if g.n%chunk == 0 {
		g.chunks = append(g.chunks, make([]T, chunk))
	}
	g.n++
	return g.at(g.n - 1)
}

func (g *growing[T]) at(i uint64) *T { return &g.chunks[i/chunk][i%chunk] }

// blocks gives room for short lists, many in one piece of memory.
type blocks[T any] struct{ free []T }

const (
	block    = 256 // how many elements share a piece
	mostEach = 64  // a longer list has a piece of its own
)

// room returns an empty list with room for n.
func (b *blocks[T]) room(n int) []T {
	if n > mostEach {
		return make([]T, 0, n)
	}
	if len(b.free) < n {
		b.free = make([]T, block)
	}
	list := b.free[:0:n]
	b.free = b.free[n:]
	return list
}

// at is a state with the number of the change that made it.
type at[T any] struct {
	change uint64
	state  T
}

// as returns the state that held at a change, nil if there was none yet.
func as[T any](states []at[T], change uint64) *T {
	for i := len(states) - 1; i >= 0; i-- {
		if states[i].change <= change {
			return &states[i].state
		}
	}
	return nil
}

// put appends a state, in place of one that the same change had made.
func put[T any](states []at[T], change uint64, state T) []at[T] {
	if n := len(states); n > 0 && states[n-1].change == change {
		states[n-1].state = state
		return states
	}
	return append(states, at[T]{change, state})
}
