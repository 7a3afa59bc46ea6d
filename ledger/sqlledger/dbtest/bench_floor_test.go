package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// The floor is the least a double-entry post needs of a database: one entry,
// two lines, two turnovers and the head. It checks nothing and cannot be asked
// anything, but it is on the same server, in the same run, and as fast as bare
// SQL gets: prepared statements, and as many connections as callers.

const floorTables = `CREATE TABLE floor_book (book_id text PRIMARY KEY, head bigint NOT NULL);
CREATE TABLE floor_entry (book_id text, seq bigint, idem_key text, on_date date, memo text, PRIMARY KEY (book_id, seq), UNIQUE (book_id, idem_key));
CREATE TABLE floor_line (book_id text, seq bigint, line_no integer, code text, sub text, amount bigint, PRIMARY KEY (book_id, seq, line_no));
CREATE TABLE floor_turnover (book_id text, code text, sub text, on_date date, debit bigint, credit bigint, PRIMARY KEY (book_id, code, sub, on_date))`

const floorUpsert = " ON CONFLICT (book_id, code, sub, on_date) DO UPDATE SET debit = floor_turnover.debit + excluded.debit, " +
	"credit = floor_turnover.credit + excluded.credit"

type floor struct {
	b                                *testing.B
	db                               *sql.DB
	lock, entry, lines, turnover, to *sql.Stmt
	bulk, longLines                  *sql.Stmt // PostgreSQL only
	line, oneTurnover                *sql.Stmt // SQLite only
	n                                atomic.Int64
}

func newFloor(b *testing.B, e engine, books, callers int) *floor {
	b.Helper()
	db, _ := e.open(b)
	pool(db, e, callers)
	for statement := range strings.SplitSeq(floorTables, ";\n") {
		_, err := db.Exec(statement)
		require.NoError(b, err)
	}
	for i := range books {
		_, err := db.Exec(fmt.Sprintf("INSERT INTO floor_book VALUES ('%s', 0)", floorBook(i)))
		require.NoError(b, err)
	}
	f := &floor{b: b, db: db}
	f.lock = f.prepare(e, "UPDATE floor_book SET head = head WHERE book_id = $1 RETURNING head")
	f.entry = f.prepare(e, "INSERT INTO floor_entry VALUES ($1, $2, $3, $4, $5)")
	f.lines = f.prepare(e, "INSERT INTO floor_line VALUES ($1, $2, 1, $3, $4, $5), ($1, $2, 2, $6, $7, $8)")
	f.turnover = f.prepare(e, "INSERT INTO floor_turnover VALUES ($1, $2, $3, $4, $5, 0), ($1, $6, $7, $4, 0, $5)"+floorUpsert)
	f.to = f.prepare(e, "UPDATE floor_book SET head = $2 WHERE book_id = $1")
	if e.dialect == sqlledger.PostgreSQL {
		f.bulk, f.longLines = f.prepare(e, floorBulk), f.prepare(e, floorLong)
	} else {
		f.line = f.prepare(e, "INSERT INTO floor_line VALUES ($1, $2, $3, $4, $5, $6)")
		f.oneTurnover = f.prepare(e, "INSERT INTO floor_turnover VALUES ($1, $2, $3, $4, $5, $6)"+floorUpsert)
	}
	return f
}

// pool gives each caller a connection of its own. SQLite has one writer, whom
// the others wait for best in the pool.
func pool(db *sql.DB, e engine, callers int) {
	if e.dialect == sqlledger.SQLite {
		callers = 1
	}
	db.SetMaxOpenConns(callers)
	db.SetMaxIdleConns(callers)
}

func (f *floor) prepare(e engine, text string) *sql.Stmt {
	if e.dialect == sqlledger.SQLite {
		text = strings.ReplaceAll(text, "$", "?")
	}
	s, err := f.db.Prepare(text)
	require.NoError(f.b, err)
	return s
}

func floorBook(i int) string { return fmt.Sprintf("book-%d", i) }

// post posts one entry in a transaction of seven round trips.
func (f *floor) post(book int) error { return f.batch(book, 1) }

// batch posts entries one after the other in one transaction.
func (f *floor) batch(book, entries int) error {
	ctx := context.Background()
	id := floorBook(book)
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var head int64
	if err := tx.StmtContext(ctx, f.lock).QueryRowContext(ctx, id).Scan(&head); err != nil {
		return err
	}
	entry, lines, turnover := tx.StmtContext(ctx, f.entry), tx.StmtContext(ctx, f.lines), tx.StmtContext(ctx, f.turnover)
	for range entries {
		head++
		n := f.n.Add(1)
		sub := fmt.Sprintf("M%d", n%1000)
		if _, err := entry.ExecContext(ctx, id, head, fmt.Sprintf("k%d", n), "2026-11-23", "Setoran tunai"); err != nil {
			return err
		}
		if _, err := lines.ExecContext(ctx, id, head, "10102", "", 100, "30101", sub, -100); err != nil {
			return err
		}
		if _, err := turnover.ExecContext(ctx, id, "10102", "", "2026-11-23", 100, "30101", sub); err != nil {
			return err
		}
	}
	if _, err := tx.StmtContext(ctx, f.to).ExecContext(ctx, id, head); err != nil {
		return err
	}
	return tx.Commit()
}

// long posts one entry of a line for each sub and one more: by one statement
// on PostgreSQL, by prepared ones on SQLite.
func (f *floor) long(subs []string) error {
	ctx := context.Background()
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	id, day, total := floorBook(0), "2026-11-23", 100*len(subs)
	var head int64
	if err := tx.StmtContext(ctx, f.lock).QueryRowContext(ctx, id).Scan(&head); err != nil {
		return err
	}
	head++
	if _, err := tx.StmtContext(ctx, f.entry).ExecContext(ctx, id, head, fmt.Sprint("long", head), day, "Bagi hasil"); err != nil {
		return err
	}
	if f.bulk != nil {
		_, err = tx.StmtContext(ctx, f.longLines).ExecContext(ctx, id, head, "{"+strings.Join(subs, ",")+"}", day, total)
	} else {
		line, turnover := tx.StmtContext(ctx, f.line), tx.StmtContext(ctx, f.oneTurnover)
		post := func(n int, code, sub string, debit, credit int) error {
			if _, err := line.ExecContext(ctx, id, head, n, code, sub, debit-credit); err != nil {
				return err
			}
			_, err := turnover.ExecContext(ctx, id, code, sub, day, debit, credit)
			return err
		}
		err = post(0, "10102", "", total, 0)
		for i, sub := range subs {
			if err == nil {
				err = post(i+1, "30101", sub, 0, 100)
			}
		}
	}
	if err != nil {
		return err
	}
	if _, err := tx.StmtContext(ctx, f.to).ExecContext(ctx, id, head); err != nil {
		return err
	}
	return tx.Commit()
}

// floorLong posts the lines of one long entry.
const floorLong = `WITH given AS (SELECT n, sub FROM unnest($3::text[]) WITH ORDINALITY AS u (sub, n)),
l AS (INSERT INTO floor_line SELECT $1, $2::bigint, 0, '10102', '', $5::bigint UNION ALL SELECT $1, $2::bigint, n, '30101', sub, -100 FROM given)
INSERT INTO floor_turnover SELECT $1, '10102', '', $4::date, $5::bigint, 0 UNION ALL SELECT $1, '30101', sub, $4::date, 0, 100 FROM given` + floorUpsert

// floorBulk posts any number of entries of two lines in one statement.
const floorBulk = `WITH given AS (SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[]) AS u (seq, idem_key, sub)),
e AS (INSERT INTO floor_entry SELECT $1, seq, idem_key, $5, 'Setoran tunai' FROM given),
l AS (INSERT INTO floor_line SELECT $1, seq, 1, '10102', '', 100 FROM given UNION ALL SELECT $1, seq, 2, '30101', sub, -100 FROM given),
t AS (INSERT INTO floor_turnover SELECT $1, '10102', '', $5, 100 * count(*), 0 FROM given
  UNION ALL SELECT $1, '30101', sub, $5, 0, 100 * count(*) FROM given GROUP BY sub` + floorUpsert + `)
UPDATE floor_book SET head = head + cardinality($2::bigint[]) WHERE book_id = $1`

// set posts entries by one statement for all of them.
func (f *floor) set(book, entries int) error {
	ctx := context.Background()
	id := floorBook(book)
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var head int64
	if err := tx.StmtContext(ctx, f.lock).QueryRowContext(ctx, id).Scan(&head); err != nil {
		return err
	}
	var numbers, keys, subs []string
	for range entries {
		head++
		n := f.n.Add(1)
		numbers = append(numbers, fmt.Sprint(head))
		keys = append(keys, fmt.Sprintf("k%d", n))
		subs = append(subs, fmt.Sprintf("M%d", n%1000))
	}
	array := func(list []string) string { return "{" + strings.Join(list, ",") + "}" }
	if _, err := tx.StmtContext(ctx, f.bulk).ExecContext(ctx, id, array(numbers), array(keys), array(subs), "2026-11-23"); err != nil {
		return err
	}
	return tx.Commit()
}
