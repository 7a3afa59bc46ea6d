package sqlledger

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// reader is a [ledger.Reader] on one transaction. What it has read stays read:
// within the transaction the book does not change.
type reader struct {
	session
	head Head
	// recounts is how often the book's turnovers were replaced, see standings.
	recounts int64
	looked   bool // the head was given out before the session's first statement
	hosted   bool // a view inside the host's transaction, which may write meanwhile

	chart     map[string]ledger.Account // kept by earlier transactions; never modified
	fetched   map[string]ledger.Account // read by this one
	absent    map[string]bool           // codes that are not in the chart
	positions map[place]*position
	commands  map[string]ledger.Command // First is 0 for a key that was not used
}

// Head is the book's head as the row of the book has it.
type Head = ledger.Head

type place struct{ account, sub string }

// position is what is known of a sub from a day on.
type position struct {
	from ledger.Date
	ledger.Position
}

// settle takes from the sub's turnovers where it stands, and those of before
// the asked day out of them.
func (p *position) settle() {
	if len(p.Rows) == 0 {
		return
	}
	slices.SortFunc(p.Rows, byDay)
	last := p.Rows[len(p.Rows)-1]
	p.Sub.Last, p.Sub.LastDay = last.Balance, last.Day
	p.since(p.from)
}

// The sizes of pages: small first, since many lists are left early.
const (
	firstPage = 64
	largePage = 1024
)

// pages reads a list in pages that grow. read reads one page and returns how
// many rows it had; a page that is not full was the last.
//
// A view inside the host's transaction sees what is written there while the
// list runs, which then need not end: such a list is read whole before a row of
// it is given out. What has the number of its change is not read whole but
// passed over where it is newer, see [reader.newer].
func pages[T any](whole bool, yield func(T, error) bool, read func(size int) ([]T, error)) {
	var all []T
	for size := firstPage; ; size = min(4*size, largePage) {
		page, err := read(size)
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		last := len(page) < size
		if whole {
			all = append(all, page...)
			if page = nil; last {
				page = all
			}
		}
		for _, row := range page {
			if !yield(row, nil) {
				return
			}
		}
		if last {
			return
		}
	}
}

// newer reports whether a change was made after a view inside the host's
// transaction began.
func (r *reader) newer(change uint64) bool { return r.hosted && change > r.head.Change }

// readHead reads the head without taking the lock.
func (r *reader) readHead() error { return r.scanHead(readHead) }

func (r *reader) scanHead(statement string) error {
	r.head = Head{}
	err := r.query(statement, func(row *result) error {
		var code string
		var digits int
		h := Head{Book: r.book}
		err := row.Scan(&code, &digits, &h.Change, &h.Entries, digest{&h.Digest}, &h.Closed, &h.SoftClosed, &r.recounts)
		if err != nil || h.Change == 0 {
			return err
		}
		if h.Currency, err = ledger.NewCurrency(code, digits); err != nil {
			return row.unreadable(0, err)
		}
		r.head = h
		return nil
	}, r.book)
	if err != nil {
		return err
	}
	r.chart = nil
	if r.head.Change != 0 {
		r.chart = r.store.charts.find(r.book, r.head.Digest)
	}
	return nil
}

// Head implements [ledger.Reader]. A view inside the host's transaction looks
// at nothing else for it.
func (r *reader) Head() (ledger.Head, error) {
	if r.first != nil && !r.looked && r.failed == nil {
		first := r.first
		r.first = nil
		if err := r.readHead(); err != nil {
			return ledger.Head{}, err
		}
		r.first, r.looked = first, true
	}
	return r.head, r.failed
}

// Account implements [ledger.Reader].
func (r *reader) Account(code string) (ledger.Account, bool, error) {
	if account, known := r.knownAccount(code); known || !plain(code) {
		return account, account.Code != "", r.failed
	}
	if err := r.fetchAccounts([]string{code}); err != nil {
		return ledger.Account{}, false, err
	}
	account, _ := r.knownAccount(code)
	return account, account.Code != "", nil
}

// knownAccount returns an account that need not be read, the zero one if it is
// known that there is none.
func (r *reader) knownAccount(code string) (ledger.Account, bool) {
	if account, known := r.chart[code]; known {
		return account, true
	}
	if account, known := r.fetched[code]; known {
		return account, true
	}
	return ledger.Account{}, r.absent[code]
}

// fetchAccounts reads accounts in one statement.
func (r *reader) fetchAccounts(codes []string) error {
	if r.absent == nil {
		r.absent, r.fetched = make(map[string]bool), make(map[string]ledger.Account)
	}
	for len(codes) > 0 {
		n := 1
		for 2*n <= min(len(codes), 128) { // few different statements
			n *= 2
		}
		args := []any{r.book}
		for _, code := range codes[:n] {
			args = append(args, code)
			r.absent[code] = true
		}
		codes = codes[n:]
		err := r.query(fmt.Sprintf(findAccounts, parameters(2, n)), func(row *result) error {
			account, err := scanAccount(row)
			r.fetched[account.Code] = account
			delete(r.absent, account.Code)
			return err
		}, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// parameters returns n parameters from a number on.
func parameters(from, n int) string {
	var list strings.Builder
	for i := range n {
		if i > 0 {
			list.WriteString(", ")
		}
		fmt.Fprintf(&list, "$%d", from+i)
	}
	return list.String()
}

func scanAccount(row *result) (ledger.Account, error) {
	var a ledger.Account
	err := row.Scan(&a.Code, &a.Name, &a.NameEn, name{&a.Kind}, name{&a.Normal}, &a.Control, &a.Header,
		&a.Floor.HasHard, &a.Floor.Hard, &a.Floor.HasSoft, &a.Floor.Soft, &a.Retired)
	return a, err
}

// Accounts implements [ledger.Reader].
func (r *reader) Accounts() iter.Seq2[ledger.Account, error] {
	return func(yield func(ledger.Account, error) bool) {
		after := ""
		pages(r.hosted, yield, func(size int) (page []ledger.Account, err error) {
			err = r.query(listAccounts, func(row *result) error {
				a, err := scanAccount(row)
				page, after = append(page, a), a.Code
				return err
			}, r.book, after, size)
			return page, err
		})
	}
}

// Subs implements [ledger.Reader].
func (r *reader) Subs(code, after string) iter.Seq2[ledger.Sub, error] {
	return func(yield func(ledger.Sub, error) bool) {
		if !plain(code, after) {
			return
		}
		begun, after := after != "", after
		pages(r.hosted, yield, func(size int) (page []ledger.Sub, err error) {
			statement, args := firstSubs, []any{r.book, code, size}
			if begun {
				statement, args = listSubs, []any{r.book, code, after, size}
			}
			begun = true
			err = r.query(statement, func(row *result) error {
				s := ledger.Sub{Account: code}
				err := row.Scan(&s.Sub, &s.Opened, &s.Holder, &s.Floor.HasHard, &s.Floor.Hard, &s.Floor.HasSoft, &s.Floor.Soft,
					name{&s.Block}, &s.Last, &s.LastDay)
				page, after = append(page, s), s.Sub
				return err
			}, args...)
			return page, err
		})
	}
}

// Turnovers implements [ledger.Reader].
func (r *reader) Turnovers(code, sub string, from, through ledger.Date) iter.Seq2[ledger.Turnover, error] {
	return func(yield func(ledger.Turnover, error) bool) {
		if !plain(code, sub) {
			return
		}
		day, phase := from, -1
		pages(r.hosted, yield, func(size int) (page []ledger.Turnover, err error) {
			err = r.query(listTurnovers, func(row *result) error {
				var t ledger.Turnover
				err := row.Scan(&t.Day, &t.Phase, &t.Debit, &t.Credit, &t.Balance)
				page, day, phase = append(page, t), t.Day, int(t.Phase)
				return err
			}, r.book, code, sub, through, day, phase, size)
			return page, err
		})
	}
}

// Hold implements [ledger.Reader].
func (r *reader) Hold(key string) (ledger.Held, bool, error) {
	if !plain(key) {
		return ledger.Held{}, false, r.failed
	}
	held, err := r.holds(findHold, r.book, key)
	if err != nil || len(held) == 0 {
		return ledger.Held{}, false, err
	}
	return held[0], true, nil
}

func (r *reader) holds(statement string, args ...any) ([]ledger.Held, error) {
	var all []ledger.Held
	err := r.query(statement, func(row *result) error {
		var h ledger.Held
		err := row.Scan(&h.Key, &h.Account, &h.Sub, &h.Amount, &h.Left, &h.From, &h.Until, &h.Reason, &h.By)
		all = append(all, h)
		return err
	}, args...)
	return all, err
}

// Assertions implements [ledger.Reader].
func (r *reader) Assertions() iter.Seq2[ledger.Assertion, error] {
	return func(yield func(ledger.Assertion, error) bool) {
		after := int64(0)
		pages(r.hosted, yield, func(size int) (page []ledger.Assertion, err error) {
			err = r.query(listAssertions, func(row *result) error {
				var a ledger.Assertion
				err := row.Scan(&after, &a.Key, &a.Account, &a.Sub, &a.Date, &a.Balance, &a.Document, &a.By)
				page = append(page, a)
				return err
			}, r.book, after, size)
			return page, err
		})
	}
}
