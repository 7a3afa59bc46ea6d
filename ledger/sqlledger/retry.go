package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// The pause before another attempt doubles from the shortest to the longest,
// and is anything between half of that and all of it, so that two losers of a
// race do not meet again.
const (
	shortestPause = 2 * time.Millisecond
	longestPause  = 500 * time.Millisecond
)

// repeat runs an attempt until it succeeds, fails for good, or has been tried
// often enough. Once the outcome of a commit is unknown it stays so until an
// attempt succeeds: a later failure does not make it known.
func (s *Store) repeat(ctx context.Context, book string, attempt func() error) error {
	var open *CommitError
	pause := shortestPause
	for n := 1; ; n++ {
		err := attempt()
		var commit *CommitError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &commit):
			open = commit
		case !isOwn(err) || s.options.fateOf(err) == final:
			return unless(open, err)
		}
		if n >= s.options.Attempts {
			return unless(open, err)
		}
		if waited := wait(ctx, pause/2+rand.N(pause/2)); waited != nil {
			return unless(open, waited)
		}
		pause = min(2*pause, longestPause)
	}
}

// unless returns err, unless a commit's outcome is open. A refusal by the
// closure itself then still says what was found: nothing under its key.
func unless(open *CommitError, err error) error {
	if open == nil || err == error(open) {
		return err
	}
	return &CommitError{Book: open.Book, Err: open.Err, Then: err}
}

func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Retry runs fn in a transaction of its own, with the books bound to it, and
// commits, by the same rules by which the store runs its own transactions: a
// transaction that is lost to a conflict or a broken connection is run again.
// It is for hosts whose rows and books move together.
//
// fn may run more than once, even after a commit that did take place but was
// not answered. Its first step should be the book's keyed command: if that
// answers that it is a repeat, the host's own rows of the same transaction are
// there too. It must have no effect outside its transaction, which it must
// neither commit nor roll back, and it must return what its own statements
// fail with: a PostgreSQL transaction in which one has failed cannot be
// committed.
func (s *Store) Retry(ctx context.Context, fn func(tx *sql.Tx, books *Bound) error) error {
	return s.repeat(ctx, "", func() error {
		if err := s.ready(ctx); err != nil {
			return err
		}
		within, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		stop := context.AfterFunc(ctx, cancel)
		defer stop()
		tx, err := s.begin(within, "")
		if err != nil {
			return err
		}
		defer tx.Rollback()
		books := s.Bind(&ownTx{Tx: tx}) // begun here, so that prepared statements serve it
		if err := fn(tx, books); err != nil {
			return s.hostError(ctx, err, books)
		}
		if books.broken != nil {
			return books.broken
		}
		if !stop() {
			return ctx.Err()
		}
		switch err := tx.Commit(); {
		case err == nil:
			return nil
		case errors.Is(err, sql.ErrTxDone):
			return errEnded
		case s.options.mayHaveCommitted(err):
			return &CommitError{Err: err}
		default:
			return &StoreError{Err: err}
		}
	})
}

// errEnded is no error of the database: what the closure has committed is
// committed.
var errEnded = errors.New("sqlledger: the closure given to Retry has ended the transaction by itself, which is Retry's to do")

// hostError makes an error of the host's own statements one that can be run
// again, if it is of such a kind. What fails because the context has ended
// says so, whatever the transaction that was lost by it says.
func (s *Store) hostError(ctx context.Context, err error, books *Bound) error {
	ended := ctx.Err()
	switch {
	case ended != nil && !errors.Is(err, ended):
		return fmt.Errorf("%w: %w", ended, err)
	case isOwn(err):
		return err
	case books.broken != nil:
		return books.broken
	case s.options.fateOf(err) != final:
		return &StoreError{Err: err}
	}
	return err
}
