package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

var errTakenBack = errors.New("taken back")

// TestFailedStepExtendsNoCommand: what a failed step wrote under the key of the
// command around it is not counted as that command's.
func TestFailedStepExtendsNoCommand(t *testing.T) {
	book := newBook(t)
	require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
		if _, _, err := tx.Repeat(ledger.Command{Key: "desk", Kind: "desk"}); err != nil {
			return err
		}
		if _, err := tx.Post(deposit("", eventfulDay, "M1", 5)); err != nil {
			return err
		}
		require.ErrorIs(t, tx.Atomic(func() error {
			_, err := tx.Post(deposit("", eventfulDay, "M1", 7))
			return errors.Join(err, errTakenBack)
		}), errTakenBack)
		_, err := tx.Post(deposit("other", eventfulDay, "M1", 9))
		return err
	}))
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		command, found, err := tx.Command("desk")
		require.True(t, found)
		require.Equal(t, command.First, command.Last)
		return err
	}))
}

// TestStepsOfALargeUpdate: an Update of many commands, every other of which is
// first tried in a step that fails, gives the same book as one without the
// failures, and answers of its own writes on the way.
func TestStepsOfALargeUpdate(t *testing.T) {
	heads := [2]ledger.Head{}
	for i, failing := range []bool{false, true} {
		book := newBook(t)
		require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
			for n := range 150 {
				if failing && n%2 == 0 {
					require.ErrorIs(t, tx.Atomic(func() error {
						return errors.Join(manyWrites(t, tx, n), manyWrites(t, tx, n+1_000), errTakenBack)
					}), errTakenBack)
				}
				if err := manyWrites(t, tx, n); err != nil {
					return err
				}
			}
			return nil
		}))
		head, err := book.Head(context.Background())
		require.NoError(t, err)
		heads[i] = head
	}
	require.Equal(t, heads[0], heads[1])
}

// manyWrites writes one of everything that is found again by a key, and looks
// whether it is found: inside the same Update.
func manyWrites(t *testing.T, tx *ledger.Tx, n int) error {
	key := func(what string) string { return fmt.Sprintf("%s/%d", what, n) }
	sub := fmt.Sprintf("M%d", n)
	account := ledger.Account{Code: fmt.Sprintf("9%04d", n), Kind: ledger.Asset, Normal: ledger.DebitSide}
	err := tx.AddAccount(key("account"), account)
	posted, errPost := tx.Post(deposit(key("post"), eventfulDay, sub, 50))
	mirror, errReverse := tx.Reverse(ledger.Reversal{Key: key("reverse"), Entry: posted.Number, Date: eventfulDay, Reason: "typing"})
	_, errPost2 := tx.Post(deposit(key("again"), eventfulDay, sub, 60))
	_, errHold := tx.Hold(ledger.Hold{Key: key("hold"), Account: "30101", Sub: sub, Amount: ledger.IDR.Of(10), From: eventfulDay, Reason: "pledge"})
	held, errRelease := tx.Release(ledger.Release{Key: key("release"), Hold: key("hold"), Amount: ledger.IDR.Of(4), Reason: "half"})
	record := ledger.Record{Kind: "k", ID: fmt.Sprint(n), Event: "e", State: []byte("{}")}
	for record.Version = 1; record.Version <= 2; record.Version++ {
		record.Key = key(fmt.Sprint("save", record.Version))
		_, errSave := tx.Save(record)
		err = errors.Join(err, errSave)
	}
	if err := errors.Join(err, errPost, errReverse, errPost2, errHold, errRelease); err != nil {
		return err
	}
	kept, found, err := tx.Account(account.Code)
	require.True(t, found)
	require.Equal(t, account, kept)
	original, found, errEntry := tx.Entry(posted.Number)
	require.True(t, found)
	require.Equal(t, mirror.Number, original.ReversedBy)
	left, found, errHeld := tx.HeldUnder(key("hold"))
	require.True(t, found)
	require.Equal(t, held.Left, left.Left)
	latest, found, errRecord := tx.Record("k", fmt.Sprint(n))
	require.True(t, found)
	require.Equal(t, 2, latest.Version)
	row, found, errSub := tx.Sub("30101", sub)
	require.True(t, found)
	require.Equal(t, ledger.IDR.Of(-60), row.Last)
	_, found, errNone := tx.Entry(posted.Number + 1_000_000)
	require.False(t, found)
	return errors.Join(err, errEntry, errHeld, errRecord, errSub, errNone)
}

// TestUpdateInsideUpdate waits for itself, and ends with its context: the outer
// update goes on and the inner one has left nothing.
func TestUpdateInsideUpdate(t *testing.T) {
	book := newBook(t)
	require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		_, err := book.Post(ctx, deposit("inner", eventfulDay, "M1", 5))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = tx.Post(deposit("outer", eventfulDay, "M1", 7))
		return err
	}))
	require.Equal(t, ledger.IDR.Of(-7), balanceOf(t, book, "30101", "M1", ledger.Latest()))
}
