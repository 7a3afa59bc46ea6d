package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// reading is a page while it is made: one consistent state of our rows and of
// the books together.
type reading struct {
	queries
	books *sqlledger.Bound
	clock clock
	today ledger.Date
}

// book opens a cooperative's book in the reading's own state.
func (t *reading) book(coop string) (*ledger.Book, error) {
	return ledger.Open(t.ctx, t.books, bookConfig(coop, t.clock))
}

// errNoDatabase says that a page could not be read because the database is not
// there.
var errNoDatabase = errors.New("sqlapp: the database does not answer")

// inBook runs fn on a cooperative's book in the reading's own state.
func (t *reading) inBook(coop string, fn func(*ledger.Tx) error) error {
	book, err := t.book(coop)
	if err != nil {
		return err
	}
	return book.View(t.ctx, fn)
}

// reader reads what a page shows, and names the page.
type reader = func(*http.Request, *reading) (name string, p page, err error)

// view is the handler of every GET.
func (a *app) view(read reader) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name, p, err := a.page(r, read)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.show(w, r, http.StatusOK, name, p)
	}
}

// page reads a page in one transaction: it never shows a passbook of one moment
// under a balance of another.
func (a *app) page(r *http.Request, read reader) (name string, p page, err error) {
	err = a.read(r.Context(), func(t *reading) (err error) {
		if name, p, err = read(r, t); err != nil || p.Coop == nil {
			return err
		}
		p.Notice, err = t.notice(r, p.Coop.ID)
		return err
	})
	return name, p, err
}

// read runs fn on one snapshot of the database.
func (a *app) read(ctx context.Context, fn func(*reading) error) error {
	var options *sql.TxOptions // a transaction of SQLite is one snapshot anyway
	if a.db.dialect == sqlledger.PostgreSQL {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := a.db.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("%w: %w", errNoDatabase, err)
	}
	defer tx.Rollback() // nothing was written
	return fn(&reading{queries: queries{ctx, a.db, tx}, books: a.store.Bind(tx), clock: a.clock, today: a.today()})
}

// notice is what was answered to the request that sent the browser here. Its
// words come from the database, never from the address.
func (t *reading) notice(r *http.Request, coop string) (*answer, error) {
	key := r.URL.Query().Get("bukti")
	if !keyPattern.MatchString(key) {
		return nil, nil
	}
	given, known, err := t.answered(coop, key)
	if err != nil || !known || given.Location != r.URL.EscapedPath() { // another page's
		return nil, err
	}
	given.Repeat = r.URL.Query().Get("ulang") == "1"
	return &given, nil
}

// coopOf reads the cooperative that a page is about.
func (t *reading) coopOf(r *http.Request) (*coop, error) {
	c, err := t.coop(r.PathValue("coop"), t.today.Year())
	return &c, err
}
