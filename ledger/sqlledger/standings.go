package sqlledger

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// standings keeps where subs stand from one writer of a book to the next, so
// that a post need not read again what this store has just written. As with
// [charts], the digest of the head stands for the book's whole history: what
// was kept under it is right as long as a writer finds it, under the lock.
// Surgery leaves no change behind, so it counts itself in the book's row.
//
// Only writers use them. Views and [ledger.Book.Check] read what is there.
type standings struct {
	mu    sync.Mutex
	books map[string]standing
	subs  int // in all books
}

// standing belongs to the writer that has taken it, or to nobody.
type standing struct {
	under     state
	positions map[place]*position
}

// state is what a book's row says of its history.
type state struct {
	digest   ledger.Digest
	recounts int64
}

// maxStandings bounds the memory: some ten megabytes.
const maxStandings = 1 << 15

// take hands over what is kept of a book's subs under a state, for use under
// the book's lock. Who has it alone may change it.
func (k *standings) take(book string, under state) map[place]*position {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, found := k.books[book]
	if !found {
		return nil
	}
	k.drop(book)
	if kept.under != under {
		return nil
	}
	return kept.positions
}

// put keeps what is known of a book's subs until the next writer takes it. If
// it is too much together, other books are forgotten, whichever come first;
// they are read again.
func (k *standings) put(book string, under state, positions map[place]*position) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(book)
	if len(positions) == 0 || len(positions) > maxStandings {
		return
	}
	for other := range k.books {
		if k.subs+len(positions) <= maxStandings {
			break
		}
		k.drop(other)
	}
	if k.books == nil {
		k.books = make(map[string]standing)
	}
	k.books[book] = standing{under, positions}
	k.subs += len(positions)
}

func (k *standings) drop(book string) {
	k.subs -= len(k.books[book].positions)
	delete(k.books, book)
}

// recall begins with what the writer before has left.
func (w *writer) recall() {
	if w.head.Change != 0 {
		w.positions = w.store.standings.take(w.book, state{w.head.Digest, w.recounts})
	}
}

// remember leaves what this transaction knows to the next writer, once it is
// committed or, if it has written nothing, over.
func (w *writer) remember() {
	switch {
	case w.failed != nil || w.head.Change == 0 && w.batch == nil:
		return
	case w.batch == nil:
		w.store.standings.put(w.book, state{w.head.Digest, w.recounts}, w.positions)
		return
	}
	w.keepChart()
	if len(w.batch.Rebuilt) > 0 {
		return
	}
	w.move()
	w.store.standings.put(w.book, state{w.batch.Head.Digest, w.recounts}, w.positions)
}

// move brings what is known of subs to where the batch has put them.
func (w *writer) move() {
	b := w.batch
	for i := range b.Subs {
		if p := w.positions[place{b.Subs[i].Account, b.Subs[i].Sub}]; p != nil {
			p.put(b.Subs[i])
		}
	}
	for i := range b.Turnovers {
		t := &b.Turnovers[i]
		key := place{t.Account, t.Sub}
		switch p := w.positions[key]; {
		case p == nil:
		case t.Day.Before(p.from):
			delete(w.positions, key)
		default:
			p.turn(t.Turnover)
		}
	}
	for i := range b.Holds { // seldom
		delete(w.positions, place{b.Holds[i].Account, b.Holds[i].Sub})
	}
}

// put takes a sub's row over, with names of its own: a caller's may be parts of
// a text that is much longer.
func (p *position) put(s ledger.Sub) {
	s.Account, s.Sub = p.Sub.Account, p.Sub.Sub
	if s.Holder == p.Sub.Holder {
		s.Holder = p.Sub.Holder
	} else {
		s.Holder = strings.Clone(s.Holder)
	}
	p.Exists, p.Sub = true, s
}

// maxKept is the most rows of a sub that are kept; posting on a day before
// them reads again.
const maxKept = 4

// turn puts a row of turnovers. What was given out of the rows stays as it was.
func (p *position) turn(t ledger.Turnover) {
	at, found := slices.BinarySearchFunc(p.Rows, t, byDay)
	rows := make([]ledger.Turnover, 0, len(p.Rows)+1)
	rows = append(append(rows, p.Rows[:at]...), t)
	if found {
		at++
	}
	p.Rows = append(rows, p.Rows[at:]...)
	last := p.Rows[len(p.Rows)-1]
	p.Sub.Last, p.Sub.LastDay = last.Balance, last.Day
	if len(p.Rows) > maxKept {
		p.since(last.Day)
	}
}

// since forgets the rows of days before one.
func (p *position) since(from ledger.Date) {
	p.from = from
	for len(p.Rows) > 0 && p.Rows[0].Day.Before(from) {
		p.Before, p.Rows = p.Rows[0].Balance, p.Rows[1:]
	}
}

func byDay(a, b ledger.Turnover) int {
	return cmp.Or(a.Day.Cmp(b.Day), cmp.Compare(a.Phase, b.Phase))
}

// keepChart keeps the accounts that a committed transaction has used under the
// head that it has written.
func (w *writer) keepChart() {
	if w.fetched == nil && w.chart == nil {
		return
	}
	accounts := w.chart
	if w.fetched != nil || len(w.batch.Accounts) > 0 {
		accounts = make(map[string]ledger.Account, len(w.chart)+len(w.fetched))
		for code, account := range w.chart {
			accounts[code] = account
		}
		for code, account := range w.fetched {
			accounts[code] = account
		}
		for _, account := range w.batch.Accounts {
			accounts[account.Code] = account
		}
	}
	w.store.charts.keep(w.book, chart{digest: w.batch.Head.Digest, accounts: accounts})
}
