package sqlledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

var (
	// ErrRollBack: a flush inside the host's transaction failed half way, or
	// an earlier one did: the host must roll its transaction back.
	ErrRollBack = errors.New("sqlledger: the transaction must be rolled back")
	// ErrBoundLock: the book's lock, on SQLite the file's, did not become free
	// while a bound transaction of this same store holds it: most likely this
	// very call chain.
	ErrBoundLock = errors.New("sqlledger: a bound transaction holds the book")
)

// StoreError is an error of the database during the work on a book. Unless it
// is a [*CommitError], nothing was written.
type StoreError struct {
	Book string // empty in [Store.Retry], where there may be several
	Err  error
}

func (e *StoreError) Error() string { return fmt.Sprintf("sqlledger: %s%v", ofBook(e.Book), e.Err) }

func ofBook(id string) string {
	if id == "" {
		return ""
	}
	return fmt.Sprintf("book %q: ", id)
}

// Unwrap returns the database's error.
func (e *StoreError) Unwrap() error { return e.Err }

// CommitError says that the database did not answer whether it has committed.
// It matches [ledger.ErrCommitUnknown]: ask again with the same keys, and what
// was written is found and what was not is written.
type CommitError struct {
	Book string
	Err  error // what the commit said
	// Then is what ended the attempts to find out, nil if the commit's own
	// error was the last.
	Then error
}

func (e *CommitError) Error() string {
	text := fmt.Sprintf("sqlledger: %swhether the commit took place is unknown (%v): ask again with the same keys", ofBook(e.Book), e.Err)
	if e.Then != nil {
		text += fmt.Sprintf("; finding out failed: %v", e.Then)
	}
	return text
}

// Is reports whether target is [ledger.ErrCommitUnknown].
func (e *CommitError) Is(target error) bool { return target == ledger.ErrCommitUnknown }

// Unwrap returns both errors.
func (e *CommitError) Unwrap() []error { return []error{e.Err, e.Then} }

// fate says what an error of the database means for the transaction.
type fate int

const (
	final   fate = iota // not written, and would fail again
	again               // not written; may go well the next time
	unknown             // the connection is gone: before COMMIT not written, at COMMIT nobody knows
)

// fateOf classifies an error without knowing any driver: by its SQLSTATE, by
// what the standard library says of broken connections, and for the rest by
// the host's own predicate.
func (o *Options) fateOf(err error) fate {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, sql.ErrTxDone):
		return final
	case o.Busy != nil && o.Busy(err), errors.Is(err, errLostRace):
		return again
	}
	var state interface{ SQLState() string }
	if errors.As(err, &state) {
		return fateOfState(state.SQLState())
	}
	var network net.Error
	var safe interface{ SafeToRetry() bool }
	switch {
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, sql.ErrConnDone), errors.As(err, &network), errors.As(err, &safe):
		return unknown
	}
	return final
}

// fateOfState classifies a SQLSTATE.
func fateOfState(state string) fate {
	switch state {
	case "40001", "40P01", // serialisation failure, deadlock
		"23505", // lost race for a number: the book's lock did not hold
		"55P03": // the lock is not to be had
		return again
	case "40003", "57P01", "57P02", "57P03", "XX000": // completion unknown, shutdown, crash, starting; a node's failure
		return unknown
	}
	if strings.HasPrefix(state, "08") { // connection exceptions
		return unknown
	}
	return final
}

// committed reports whether an error of COMMIT leaves open that it took place.
// Only a plain refusal by the server does not.
func (o *Options) mayHaveCommitted(err error) bool {
	if o.Busy != nil && o.Busy(err) || errors.Is(err, sql.ErrTxDone) {
		return false
	}
	var state interface{ SQLState() string }
	if errors.As(err, &state) {
		code := state.SQLState()
		return fateOfState(code) == unknown
	}
	return true
}
