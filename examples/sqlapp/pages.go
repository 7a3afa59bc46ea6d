package main

import (
	"context"
	"database/sql"
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

// inBook runs fn on a cooperative's book in the reading's own state.
func (t *reading) inBook(coop string, fn func(*ledger.Tx) error) error {
	book, err := t.book(coop)
	if err != nil {
		return err
	}
	return book.View(t.ctx, fn)
}

// view is the handler of every GET. A page never shows a passbook of one
// moment under a balance of another: it is read in one transaction.
func (a *app) view(read func(*http.Request, *reading) (name string, p page, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var name string
		var p page
		err := a.read(r.Context(), func(t *reading) (err error) {
			if name, p, err = read(r, t); err != nil || p.Coop == nil {
				return err
			}
			p.Notice, err = t.notice(r, p.Coop.ID)
			return err
		})
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.show(w, r, http.StatusOK, name, p)
	}
}

// read runs fn on one snapshot of the database.
func (a *app) read(ctx context.Context, fn func(*reading) error) error {
	var options *sql.TxOptions // a transaction of SQLite is one snapshot anyway
	if a.db.dialect == sqlledger.PostgreSQL {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := a.db.BeginTx(ctx, options)
	if err != nil {
		return err
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
	if err != nil || !known {
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
