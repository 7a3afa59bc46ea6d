package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// A request that changes something is carried out by carryOut, and by nothing
// else:
//
//	BEGIN
//	INSERT INTO app_request ... ON CONFLICT DO NOTHING   known? then the first answer again
//	UPDATE app_coop ... RETURNING                        the cooperative, and one order of locks
//	     our own rows: a member, an order                    } both or neither
//	     the books: savings.Desk, murabahah.Desk              }
//	UPDATE app_coop, app_request                         figures; what was answered
//	COMMIT
//
// Three things follow. Our rows and the books cannot differ, because nothing
// is ever between two commits. A request whose answer was lost may be sent
// again: its key is found, and it is answered as the first time. And one that
// was refused leaves nothing behind, its key included: the form can be
// corrected and sent again.

// errOtherContent says that a key came again with another content.
var errOtherContent = errors.New("sqlapp: the request's key was used for another request")

// errInactive says that the cooperative takes no more business.
var errInactive = errors.New("sqlapp: the cooperative is not active")

// request is what somebody asks for.
type request struct {
	Coop    string
	Key     string // from the form, or the header Idempotency-Key
	Action  string
	Content ledger.Digest // of everything that was asked
}

// answer is what a request came to.
type answer struct {
	Location string // the page that shows it
	Message  string // Indonesian
	Receipt  int64  // the cooperative's running number of requests
	Repeat   bool   // the request had been carried out before
}

// job is a request while it is carried out: everything in one transaction.
type job struct {
	queries
	coop    coop
	book    *ledger.Book
	books   *sqlledger.Bound // all books of the database, in this transaction
	clock   clock
	today   ledger.Date
	key     string
	receipt int64
}

// step is the key of a command of the request. The books keep commands under
// keys of their own: a second lock on the same door, and the way from an entry
// back to the request that it came from.
func (j *job) step(name string) string { return "web/" + j.key + "/" + name }

// document is the number on the member's receipt.
func (j *job) document() string { return fmt.Sprintf("BKT-%06d", j.receipt) }

// carryOut carries a request out once, however often it is sent. The work may
// run more than once, when the database lost the transaction to another one or
// broke the connection; it must have no effect outside its transaction.
func (a *app) carryOut(ctx context.Context, r request, work func(*job) (answer, error)) (answer, error) {
	var given answer
	today := a.today()
	err := a.store.Retry(ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
		j := &job{queries: queries{ctx, a.db, tx}, books: books, clock: a.clock, key: r.Key, today: today}
		first, known, err := j.claim(r)
		if err != nil || known {
			given = first
			return err
		}
		if err := j.begin(r); err != nil {
			return err
		}
		if given, err = work(j); err != nil {
			return err
		}
		given.Receipt = j.receipt
		return j.exec("UPDATE app_request SET receipt = $3, location = $4, message = $5 WHERE coop = $1 AND request_key = $2",
			r.Coop, r.Key, given.Receipt, given.Location, given.Message)
	})
	return given, err
}

// claim takes the request's key, or returns what was answered under it. If the
// same request is being carried out at this moment, the INSERT waits for it.
func (j *job) claim(r request) (first answer, known bool, err error) {
	inserted, err := j.on.ExecContext(j.ctx, j.db.text(`INSERT INTO app_request (coop, request_key, action, content, receipt, location, message)
VALUES ($1, $2, $3, $4, 0, '', '') ON CONFLICT (coop, request_key) DO NOTHING`), r.Coop, r.Key, r.Action, r.Content.String())
	if err != nil {
		return answer{}, false, err
	}
	if n, err := inserted.RowsAffected(); err != nil || n == 1 {
		return answer{}, false, err
	}
	var action, content string
	first.Repeat = true
	err = j.row("SELECT action, content, receipt, location, message FROM app_request WHERE coop = $1 AND request_key = $2", r.Coop, r.Key).
		Scan(&action, &content, &first.Receipt, &first.Location, &first.Message)
	if err == nil && (action != r.Action || content != r.Content.String()) {
		err = fmt.Errorf("%w: %s, now %s", errOtherContent, action, r.Action)
	}
	return first, true, err
}

// begin locks the cooperative's row and opens its book. Every request takes
// its locks in this one order, request, cooperative, book: so two requests can
// wait for each other, but never in a circle.
func (j *job) begin(r request) error {
	if r.Coop == "" { // a cooperative that is only being founded
		return nil
	}
	var status string
	err := j.row("UPDATE app_coop SET requests = requests + 1 WHERE id = $1 RETURNING id, name, status, requests", r.Coop).
		Scan(&j.coop.ID, &j.coop.Name, &status, &j.receipt)
	if err != nil {
		return found(err, "coop", r.Coop)
	}
	if status != "active" {
		return errInactive
	}
	j.book, err = ledger.Open(j.ctx, j.books, bookConfig(r.Coop, j.clock))
	return err
}

// answered returns what was answered to a request, for the page that the
// browser was sent to. That a cooperative was founded stands under none.
func (q queries) answered(coop, key string) (answer, bool, error) {
	var a answer
	err := q.row("SELECT receipt, location, message FROM app_request WHERE coop IN ($1, '') AND request_key = $2 ORDER BY coop DESC", coop, key).
		Scan(&a.Receipt, &a.Location, &a.Message)
	if errors.Is(err, sql.ErrNoRows) {
		return answer{}, false, nil
	}
	return a, err == nil, err
}
