package dbtest

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// bulkRows makes a long history by set-based SQL: entries of two lines, one of
// them of the cash desk and one of a member, over 700 days. The digests are no
// digests, so it is for reading and posting, not for Check.
//
// {series} is a table of the numbers i from 1 to n, {day} the day of entry i,
// {head} the number of changes before.
const bulkRows = `INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change)
SELECT $1, {head} + i, CASE i % 20 WHEN 0 THEN 'assertion' ELSE 'entry' END, '2026-01-01 00:00:00', 'bulk/' || i, 'post', NULL, {digest}, {digest}, i, NULL, {head} + i FROM {series};
INSERT INTO mizan_entry (book_id, seq, change_no, on_date, phase, memo, document, maker, approver, source_kind, source_id, source_version,
  source_event, waiver, reverses, imported)
SELECT $1, i, {head} + i, {day}, 0, 'Setoran tunai', '', '', '', CASE i % 10 WHEN 0 THEN 'murabahah' ELSE '' END,
  CASE i % 10 WHEN 0 THEN 'K-' || (i % 1000) ELSE '' END, 0, '', '', NULL, 0 FROM {series};
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity)
SELECT $1, i, 1, '10102', '', 100, {day}, 0, '', 0, 0 FROM {series}
UNION ALL SELECT $1, i, 2, '30101', 'M' || (i % {members}), -100, {day}, 0, 'P' || (i % {members}), 0, 0 FROM {series};
INSERT INTO mizan_sub (book_id, code, sub, opened, holder, has_hard, hard, has_soft, soft, block)
SELECT $1, code, sub, 0, '', 0, 0, 0, 0, 'none' FROM mizan_line WHERE book_id = $1 GROUP BY code, sub;
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance)
SELECT $1, code, sub, on_date, 0, sum(CASE WHEN amount > 0 THEN amount ELSE 0 END), sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END),
  sum(sum(amount)) OVER (PARTITION BY code, sub ORDER BY on_date) FROM mizan_line WHERE book_id = $1 GROUP BY code, sub, on_date;
INSERT INTO mizan_record (book_id, kind, id, version, change_no, event, data, format, state)
SELECT $1, 'murabahah', 'K-' || (i / 4), 1 + i % 4, {head} + i, 'paid', '{}', 1, '{}' FROM {series} WHERE i <= {some};
INSERT INTO mizan_hold (book_id, idem_key, code, sub, amount, left_amount, from_date, until_date, reason, held_by)
SELECT $1, 'hold/' || i, '30101', 'M' || (i % {members}), 7, CASE i % 4 WHEN 0 THEN 7 ELSE 0 END, {day}, NULL, 'akad', '' FROM {series} WHERE i <= {some};
INSERT INTO mizan_assertion (book_id, change_no, idem_key, code, sub, on_date, balance, document, asserted_by)
SELECT $1, {head} + i, 'said/' || i, '10102', '', {day}, 100, '', '' FROM {series} WHERE i % 20 = 0;
UPDATE mizan_book SET change_no = {head} + {n}, entry_no = {n} WHERE book_id = $1`

// bulk gives a new book so many lines and returns how many members it has.
func bulk(t testing.TB, e engine, db *sql.DB, book string, lines int) (members int) {
	t.Helper()
	members = fill(t, e, db, book, lines)
	if e.dialect == sqlledger.PostgreSQL { // as autovacuum does
		analyse(t, db)
	}
	return members
}

// analyse has the engine gather statistics, of which SQLite by itself has none.
func analyse(t testing.TB, db *sql.DB) {
	t.Helper()
	_, err := db.Exec("ANALYZE")
	require.NoError(t, err)
}

// fill is bulk without statistics.
func fill(t testing.TB, e engine, db *sql.DB, book string, lines int) (members int) {
	t.Helper()
	var head int
	require.NoError(t, db.QueryRow("SELECT change_no FROM mizan_book WHERE book_id = '"+book+"'").Scan(&head))
	n := lines / 2
	members = max(n/100, 10)
	series, day := "generate_series(1, {n}) AS s (i)", "date '2024-01-01' + (i::bigint * 700 / {n})::integer"
	if e.dialect == sqlledger.SQLite {
		series = "(WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {n}) SELECT i FROM s)"
		day = "date('2024-01-01', '+' || (i * 700 / {n}) || ' days')"
	}
	first := strings.NewReplacer("{series}", series, "{day}", day)
	then := strings.NewReplacer("{n}", strconv.Itoa(n), "{head}", strconv.Itoa(head), "{members}", strconv.Itoa(members),
		"{some}", strconv.Itoa(max(n/20, 1000)), "{digest}", "'"+strings.Repeat("ab", 32)+"'", "$1", "'"+book+"'")
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	require.NoError(t, err)
	defer conn.Close()
	if e.dialect == sqlledger.SQLite { // as much of the indexes as there is, so that they grow in memory
		_, err = conn.ExecContext(ctx, "PRAGMA cache_size = -4000000")
		require.NoError(t, err)
		defer func() { _, _ = conn.ExecContext(ctx, "PRAGMA cache_size = -2000; PRAGMA shrink_memory") }()
	}
	tx, err := conn.BeginTx(ctx, nil)
	require.NoError(t, err)
	defer tx.Rollback()
	for statement := range strings.SplitSeq(then.Replace(first.Replace(bulkRows)), ";\n") {
		_, err := tx.Exec(statement)
		require.NoError(t, err, statement)
	}
	require.NoError(t, tx.Commit())
	return members
}
