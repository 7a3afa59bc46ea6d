package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// maxGathered is the most closures that share one flush. A waiting closure is
// served in the order of arrival, so it waits for at most the flush under way
// and one flush for every maxGathered callers before it.
const maxGathered = 256

// gather is the queue of callers that want to write to one book. The first
// leads: it opens the store's transaction, runs its own closure, hands the
// turn to each waiting caller, whose closure runs in that caller's own
// goroutine, and flushes what all have staged at once.
type gather struct {
	mu     sync.Mutex
	busy   bool
	queue  []*caller
	flight *flight // at rest; only who leads may touch it

	// alone is held by who posts straight into memory. Several who do so wait for
	// each other here, for as long as a post takes, which costs less than turns.
	alone sync.Mutex
}

// caller is one waiting call of Update.
type caller struct {
	request
	ctx  context.Context
	turn chan turn // the leader hands over the stage, or the lead itself
	back chan bool // the caller hands the turn back, and says whether it waits for the flush
	err  error     // what its closure returned
	done chan error
}

// request is what a call of Update wants: its closure, the room for its Tx,
// and the entries that it will post as far as they are known beforehand.
type request struct {
	fn      func(*Tx) error
	tx      *Tx
	entries []Entry
}

type turn struct {
	stage *stage
	w     Writer
	lead  bool
}

// Update runs fn with the book's committed state plus what its predecessors
// in the same flush have staged, and writes what fn has asked for: all of it
// if fn returns nil, nothing if it returns an error or panics. Concurrent
// calls share one flush of the store; one that fails does not touch the
// others, and whoever was refused because of what it had written is asked again
// without it. They are served in the order in which they came: a call waits for
// the flush under way and one more for every 256 calls before it.
//
// fn runs in the caller's goroutine, one at a time per book, and may run more
// than once: it must have no effect outside its Tx. It must not call Update of
// the same book again, nor what does: [Book.Post], or a desk's method without
// Tx in its name. Such a call waits for the closure that it stands in, until its
// context is over.
//
// An error that comes from the store rather than from fn means that nothing
// is certain about the write: ask again with the same keys.
func (b *Book) Update(ctx context.Context, fn func(*Tx) error) error {
	return b.update(ctx, request{fn: fn, tx: new(Tx)})
}

func (b *Book) update(ctx context.Context, r request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g := &b.gather
	g.mu.Lock()
	if !g.busy {
		g.busy = true
		g.mu.Unlock()
		return b.lead(ctx, r)
	}
	c := &caller{request: r, ctx: ctx, turn: make(chan turn), back: make(chan bool), done: make(chan error, 1)}
	g.queue = append(g.queue, c)
	g.mu.Unlock()
	return b.follow(c)
}

// seize takes the lead if the book is free.
func (g *gather) seize() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy {
		return false
	}
	g.busy = true
	return true
}

// takeFlight returns the flight for whoever leads. One that does not end well
// is not put back.
func (b *Book) takeFlight() *flight {
	f := b.gather.flight
	b.gather.flight = nil
	if f == nil {
		f = &flight{book: b}
		f.update = f.run
	}
	return f
}

// putFlight keeps a flight for whoever leads next.
func (b *Book) putFlight(f *flight) {
	f.stage.close()
	if !f.stage.tooLarge() {
		b.gather.flight = f
	}
}

// follow waits for turns until the flush is over or the lead falls to it.
func (b *Book) follow(c *caller) error {
	cancelled := c.ctx.Done()
	for {
		select {
		case t := <-c.turn:
			if t.lead {
				return b.lead(c.ctx, c.request)
			}
			cancelled = nil // from here on the leader counts on this caller
			if waits := b.runTurn(c, t); !waits {
				return c.err
			}
		case err := <-c.done:
			if c.err != nil {
				return c.err
			}
			return err
		case <-cancelled:
			if b.leave(c) {
				return c.ctx.Err()
			}
			cancelled = nil // already chosen: the turn is coming
		}
	}
}

// leave takes a caller out of the queue, unless a leader has chosen it.
func (b *Book) leave(c *caller) bool {
	b.gather.mu.Lock()
	defer b.gather.mu.Unlock()
	for i, waiting := range b.gather.queue {
		if waiting == c {
			b.gather.queue = append(b.gather.queue[:i], b.gather.queue[i+1:]...)
			return true
		}
	}
	return false
}

// runTurn runs a follower's closure in its own goroutine. Whatever becomes of
// the closure (an error, a panic, a Goexit), the turn goes back. It reports
// whether the caller waits for what becomes of the flush: if it has staged
// something, and also if it failed on top of what others have staged. Such a
// failure is only true if that is kept: an overdraft, say, after a withdrawal
// that never came to be.
func (b *Book) runTurn(c *caller, t turn) (waits bool) {
	onOthers, staged := !t.stage.empty(), false
	defer func() {
		if !staged {
			t.stage.rollback()
		}
		c.back <- waits
	}()
	c.err = b.runClosure(c.ctx, t.stage, t.w, c.fn, c.tx)
	staged = c.err == nil
	switch {
	case staged:
		return true
	case broken(t.w) != nil: // not its own failure
		c.err = nil
		return true
	}
	return onOthers && c.ctx.Err() == nil
}

func (b *Book) runClosure(ctx context.Context, s *stage, w Writer, fn func(*Tx) error, tx *Tx) error {
	s.begin()
	if err := ctx.Err(); err != nil {
		return err
	}
	*tx = b.tx(s, w)
	defer func() { tx.done = true }()
	if err := fn(tx); err != nil {
		return err
	}
	if s.failed != nil {
		return s.failed
	}
	return tx.unclaimed()
}

// flight is one flush: the leader's work, used again from flush to flush.
type flight struct {
	request
	book      *Book
	stage     stage
	straight  Tx     // of an entry that is posted alone
	posted    Posted // room for it
	ctx       context.Context
	own       error // what the leader's closure returned
	followers []*caller
	chosen    bool
	fate      atomic.Int32 // whether others' work depends on this flush: alone, joined or given up
	update    func(Writer) error
}

// The fates of a flush.
const (
	alone   int32 = iota // only its leader's work hangs on it
	joined               // others have joined: the leader's patience no longer counts
	givenUp              // the leader's context was cancelled before any joined
)

// lead runs one flush and then passes the lead on.
func (b *Book) lead(ctx context.Context, r request) (err error) {
	f := b.takeFlight()
	f.ctx, f.request, f.own, f.followers, f.chosen = ctx, r, nil, f.followers[:0], false
	f.fate.Store(alone)
	landed := false
	defer func() {
		if !landed { // the closure panicked or exited: nobody's work was flushed
			b.requeue(f.followers)
			b.passLead()
		}
	}()
	flush, release := f.flushContext()
	defer release()
	err = b.store.Update(flush, b.id, f.update)
	landed = true
	if ended := ctx.Err(); err != nil && f.fate.Load() == givenUp && !errors.Is(err, ended) {
		err = fmt.Errorf("%w: %w", ended, err) // a deadline, where the flush only knows that it was cancelled
	}
	followers, own := f.followers, f.own
	if len(followers) > 0 {
		f.followers = nil
	}
	f.ctx, f.request = nil, request{}
	b.putFlight(f)
	if err != nil {
		followers = b.again(followers)
	}
	b.passLead()
	for _, c := range followers {
		c.done <- err
	}
	if own != nil {
		return own
	}
	return err
}

// again puts those followers of a failed flush back into the queue whose
// closures had failed on top of it: they have written nothing, and what they
// were told was never true. It returns the others.
func (b *Book) again(followers []*caller) (others []*caller) {
	var failed []*caller
	for _, c := range followers {
		if c.err != nil {
			c.err = nil
			failed = append(failed, c)
		} else {
			others = append(others, c)
		}
	}
	b.requeue(failed)
	return others
}

// run is the store's transaction; the store may run it again.
func (f *flight) run(w Writer) error {
	s := &f.stage
	if err := s.open(w); err != nil {
		return err
	}
	s.expect = len(f.entries)
	if s.ahead != nil {
		f.board()
		if err := f.prefetch(); err != nil {
			return err
		}
	}
	f.own = f.book.runClosure(f.ctx, s, w, f.fn, f.tx)
	if f.own != nil {
		s.rollback()
	}
	f.board()
	staying := f.followers[:0]
	for _, c := range f.followers {
		c.turn <- turn{stage: s, w: w}
		if <-c.back {
			staying = append(staying, c)
		} // else it has its own error, which nobody else's work led to, and is gone
	}
	f.followers = staying
	if err := broken(w); err != nil {
		return err
	}
	if s.empty() {
		return nil
	}
	return w.Write(s.batch())
}

// board takes the waiting callers along, once in a flight: after the leader's
// closure has run, so that those who came meanwhile are among them, or before,
// if the store wants to know beforehand what all will ask.
func (f *flight) board() {
	if f.chosen {
		return
	}
	f.chosen = true
	f.followers = f.book.choose(f.followers)
	if len(f.followers) > 0 && !f.fate.CompareAndSwap(alone, joined) {
		f.book.requeue(f.followers) // the leader gave up just now, they did not
		f.followers = nil
	}
}

// prefetch tells the store which entries the flight will post.
func (f *flight) prefetch() error {
	entries := make([][]Entry, 1, 1+len(f.followers))
	entries[0] = f.entries
	for _, c := range f.followers {
		entries = append(entries, c.entries)
	}
	return f.stage.prefetch(entries...)
}

// flushContext is the context of a flush: the leader's, until others have
// joined, whose work must not hang on one caller's patience.
func (f *flight) flushContext() (context.Context, func()) {
	if f.ctx.Done() == nil {
		return f.ctx, func() {}
	}
	flush, cancel := context.WithCancel(context.WithoutCancel(f.ctx))
	stop := context.AfterFunc(f.ctx, func() {
		if f.fate.CompareAndSwap(alone, givenUp) {
			cancel()
		}
	})
	return flush, func() {
		stop()
		cancel()
	}
}

// choose takes the waiting callers of this flush from the queue.
func (b *Book) choose(chosen []*caller) []*caller {
	b.gather.mu.Lock()
	defer b.gather.mu.Unlock()
	n := min(len(b.gather.queue), maxGathered)
	chosen = append(chosen, b.gather.queue[:n]...)
	b.gather.queue = append(b.gather.queue[:0], b.gather.queue[n:]...)
	return chosen
}

func (b *Book) requeue(callers []*caller) {
	b.gather.mu.Lock()
	defer b.gather.mu.Unlock()
	b.gather.queue = append(slices.Clone(callers), b.gather.queue...)
}

// passLead gives the lead to the first waiting caller, or frees the book.
func (b *Book) passLead() {
	b.gather.mu.Lock()
	if len(b.gather.queue) == 0 {
		b.gather.busy = false
		b.gather.mu.Unlock()
		return
	}
	next := b.gather.queue[0]
	b.gather.queue = append(b.gather.queue[:0], b.gather.queue[1:]...)
	b.gather.mu.Unlock()
	next.turn <- turn{lead: true}
}
