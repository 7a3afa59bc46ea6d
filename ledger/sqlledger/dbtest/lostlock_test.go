package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// onlyLooks makes a plain look at the head of the statement that takes a
// book's lock.
func onlyLooks(query string) string {
	columns, is := strings.CutPrefix(query, "UPDATE mizan_book SET change_no = change_no WHERE book_id = $1 RETURNING ")
	if !is {
		return query
	}
	return "SELECT " + columns + " FROM mizan_book WHERE book_id = $1"
}

// TestLostLock lets another writer write to the book, from beginning to end,
// in the middle of a closure that believes to hold the lock: the closure runs
// again, on what the other has written.
func TestLostLock(t *testing.T) {
	day := ledger.On(2026, time.November, 24)
	reverse := func(key string) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Reverse(ledger.Reversal{Key: key, Entry: 1, Date: day, Reason: "salah"})
			return err
		}
	}
	post := func(key string) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Post(deposit(key, "M1"))
			return err
		}
	}
	save := func(key string) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: key, Kind: "murabahah", ID: "K-1", Version: 1, Event: "order", Data: []byte(`{}`), State: []byte(`{}`), Format: 1})
			return err
		}
	}
	for _, c := range []struct {
		name       string
		own, other func(*ledger.Tx) error
		refused    error
		entries    uint64
	}{
		{name: "another entry", own: post("own"), other: post("other"), entries: 3},
		{name: "the same key", own: post("one"), other: post("one"), entries: 2},
		{name: "the same reversal", own: reverse("own"), other: reverse("other"), refused: ledger.ErrReversal, entries: 2},
		{name: "the same version", own: save("own"), other: save("other"), refused: ledger.ErrStale, entries: 1},
		{name: "an entry and a version", own: post("own"), other: save("other"), entries: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, e engine) {
				ctx := context.Background()
				store, db, f := faultyStore(t, e, 5)
				f.rewrite = onlyLooks
				book := create(t, store, "kspps-melati")
				_, err := book.Post(ctx, deposit("T0", "M1"))
				require.NoError(t, err)
				another, err := ledger.Open(ctx, sqlledger.Open(db, e.options()), config("kspps-melati"))
				require.NoError(t, err)
				runs := 0
				err = book.Update(ctx, func(tx *ledger.Tx) error {
					if err := c.own(tx); err != nil {
						return err
					}
					if runs++; runs == 1 {
						require.NoError(t, another.Update(ctx, c.other))
					}
					return nil
				})
				if c.refused != nil {
					require.ErrorIs(t, err, c.refused)
					require.Equal(t, 1, runs)
				} else {
					require.NoError(t, err)
					require.Equal(t, 2, runs)
				}
				require.Positive(t, f.planted())
				head, err := book.Head(ctx)
				require.NoError(t, err)
				require.Equal(t, c.entries, head.Entries)
				requireInvariants(t, db, book)
			})
		})
	}
}

// copied returns a statement that puts a row beside another of a table, equal
// to it but for some columns.
func copied(t *testing.T, table, where string, other map[string]string) string {
	t.Helper()
	for _, known := range tamperTables(t) {
		if known.name != table {
			continue
		}
		var names, values []string
		for _, column := range known.columns {
			value, changed := other[column[0]]
			if !changed {
				value = column[0]
			}
			names, values = append(names, column[0]), append(values, value)
		}
		return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + table + " WHERE " + where
	}
	t.Fatalf("there is no table %s", table)
	return ""
}

// TestEveryKeyDecides puts what a writer is about to write under its feet, one
// key at a time, behind its lock: each key alone is enough to notice it, and
// the head's compare-and-set where there is none.
func TestEveryKeyDecides(t *testing.T) {
	for name, c := range map[string]struct {
		table, where string
		other        map[string]string
	}{
		"head":           {},
		"change":         {"mizan_change", "change_no = 1", map[string]string{"change_no": "(SELECT change_no + 1 FROM mizan_book)", "idem_key": "'x'"}},
		"key":            {"mizan_change", "change_no = 1", map[string]string{"change_no": "900", "idem_key": "'K'"}},
		"entry":          {"mizan_entry", "seq = 1", map[string]string{"seq": "(SELECT entry_no + 1 FROM mizan_book)"}},
		"line":           {"mizan_line", "seq = 1 AND line_no = 1", map[string]string{"seq": "(SELECT entry_no + 1 FROM mizan_book)"}},
		"reversal":       {"mizan_entry", "seq = 1", map[string]string{"seq": "900", "reverses": "2"}},
		"record version": {"mizan_record", "id = 'K-1' AND version = 1", map[string]string{"id": "'K-9'", "version": "1", "change_no": "1"}},
		"assertion":      {"mizan_assertion", "idem_key = 'Q'", map[string]string{"change_no": "(SELECT change_no + 2 FROM mizan_book)"}},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, e engine) {
				ctx := context.Background()
				var db *sql.DB
				if e.dialect == sqlledger.SQLite { // what is put there need not refer to anything
					db = openHandle(t, "sqlite", strings.Replace(fastSQLite(t.TempDir()+"/books.db"), "foreign_keys(1)", "foreign_keys(0)", 1))
				} else {
					db, _ = e.open(t)
				}
				require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
				book := create(t, sqlledger.Open(db, e.options()), "kspps-melati")
				_, err := book.PostAll(ctx, []ledger.Entry{deposit("T1", "M1"), deposit("T2", "M1")})
				require.NoError(t, err)
				day := ledger.On(2026, time.November, 26)
				record := ledger.Record{Key: "R", Kind: "murabahah", ID: "K-1", Version: 1, Event: "order", Data: []byte(`{}`), State: []byte(`{}`), Format: 1}
				require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
					_, err := tx.Save(record)
					return errors.Join(err, tx.Assert(ledger.Assertion{Key: "Q", Account: "10103", Date: day, Document: "kas", By: "kasir"}))
				}))
				tx, err := db.BeginTx(ctx, nil)
				require.NoError(t, err)
				defer tx.Rollback()
				if e.dialect == sqlledger.PostgreSQL {
					_, err := tx.Exec("SET LOCAL session_replication_role = replica") // no foreign keys
					require.NoError(t, err)
				}
				bound, err := ledger.Open(ctx, sqlledger.Open(db, e.options()).Bind(tx), config("kspps-melati"))
				require.NoError(t, err)
				err = bound.Update(ctx, func(own *ledger.Tx) error {
					_, _, err := own.Repeat(ledger.Command{Key: "K", Kind: "test", Content: ledger.NewContent("test").Digest()})
					require.NoError(t, err)
					_, err = own.Reverse(ledger.Reversal{Entry: 2, Date: day, Reason: "salah"})
					require.NoError(t, err)
					require.NoError(t, own.Assert(ledger.Assertion{Account: "10103", Date: day, Document: "kas", By: "kasir"}))
					record := record
					record.Key, record.ID = "", "K-9"
					_, err = own.Save(record)
					require.NoError(t, err)
					statement := "UPDATE mizan_book SET change_no = change_no + 1"
					if c.table != "" {
						statement = copied(t, c.table, c.where, c.other)
					}
					done, err := tx.Exec(statement)
					require.NoError(t, err, statement)
					n, err := done.RowsAffected()
					require.NoError(t, err)
					require.Equal(t, int64(1), n, statement)
					return nil
				})
				require.ErrorIs(t, err, sqlledger.ErrRollBack)
				var failed *sqlledger.StoreError
				require.ErrorAs(t, err, &failed)
				require.Equal(t, c.table == "", errors.Is(err, ledger.ErrConflict))
				if c.table != "" {
					require.ErrorContains(t, err, c.table, "it is this key that notices")
				}
				require.NoError(t, tx.Rollback())
				requireInvariants(t, db, book)
			})
		})
	}
}

// TestUnbalancedBatch hands the store an entry that the book would have
// refused: it counts again, in more than 64 bits, and sends nothing. So it does
// with a batch on another head than it has read.
func TestUnbalancedBatch(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		store, db, f := faultyStore(t, e, 5)
		book := create(t, store, "kspps-melati")
		before, err := book.Head(ctx)
		require.NoError(t, err)
		for i, amounts := range [][]int64{{1}, {100, -99}, {ledger.MaxMoney, ledger.MaxMoney, 32}, {math.MaxInt64, 1}, {1 << 62, 1 << 62, 1 << 62, 1 << 62}} {
			runs := 0
			f.arm(0, false, nil)
			err := store.Update(ctx, "kspps-melati", func(w ledger.Writer) error {
				runs++
				head, err := w.Head()
				require.NoError(t, err)
				posted := ledger.Posted{Number: head.Entries + 1, Change: head.Change + 1}
				posted.Date = ledger.On(2026, time.November, 23)
				for _, amount := range amounts {
					posted.Lines = append(posted.Lines, ledger.Line{Account: "10102", Amount: ledger.Minor(amount)})
				}
				change := ledger.Change{Number: head.Change + 1, Kind: ledger.ChangeEntry, Key: fmt.Sprint("K", i), Entry: posted.Number, Posted: &posted}
				batch := ledger.Batch{Expect: head.Change, Head: head, Changes: []ledger.Change{change}}
				batch.Head.Change, batch.Head.Entries = change.Number, posted.Number
				return w.Write(&batch)
			})
			require.ErrorContains(t, err, "does not balance")
			require.Equal(t, 1, runs)
			require.Zero(t, f.sent("INSERT"), "%v", amounts)
		}
		runs := 0
		err = store.Update(ctx, "kspps-melati", func(w ledger.Writer) error {
			runs++
			return w.Write(&ledger.Batch{Expect: before.Change + 1, Head: before})
		})
		require.ErrorIs(t, err, ledger.ErrConflict)
		require.Equal(t, 1, runs)
		after, err := book.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, before, after)
		requireInvariants(t, db, book)
	})
}
