package dbtest

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// invariants are queries that a sound book has no answer to. They count again
// what Check counts, by other means.
var invariants = map[string]string{
	"numbers of changes have no gap and end at the head": `SELECT 'change ' || max(c.change_no) FROM mizan_change c JOIN mizan_book b ON b.book_id = c.book_id
		WHERE c.book_id = $1 GROUP BY b.change_no HAVING min(c.change_no) <> 1 OR max(c.change_no) <> count(*) OR max(c.change_no) <> b.change_no`,
	"numbers of entries have no gap and end at the head": `SELECT 'entry ' || max(e.seq) FROM mizan_entry e JOIN mizan_book b ON b.book_id = e.book_id
		WHERE e.book_id = $1 GROUP BY b.entry_no HAVING min(e.seq) <> 1 OR max(e.seq) <> count(*) OR max(e.seq) <> b.entry_no`,
	"lines sum to zero": `SELECT 'entry ' || e.seq FROM mizan_entry e LEFT JOIN mizan_line l ON l.book_id = e.book_id AND l.seq = e.seq
		WHERE e.book_id = $1 GROUP BY e.seq HAVING count(l.line_no) < 2 OR sum(l.amount) <> 0 OR max(l.line_no) <> count(l.line_no)`,
	"turnovers are the sums of their lines": `SELECT x.code || '/' || x.sub || ' on ' || x.on_date FROM (
		SELECT code, sub, on_date, phase, amount AS net, CASE WHEN amount > 0 THEN amount ELSE 0 END AS debit FROM mizan_line WHERE book_id = $1
		UNION ALL SELECT code, sub, on_date, phase, credit - debit, -debit FROM mizan_turnover WHERE book_id = $1) x
		GROUP BY x.code, x.sub, x.on_date, x.phase HAVING sum(x.net) <> 0 OR sum(x.debit) <> 0`,
	"the last balance of a sub is the sum of its lines": `SELECT s.code || '/' || s.sub FROM mizan_sub s
		WHERE s.book_id = $1 AND COALESCE((SELECT t.balance FROM mizan_turnover t WHERE t.book_id = $1 AND t.code = s.code AND t.sub = s.sub
			ORDER BY t.on_date DESC, t.phase DESC LIMIT 1), 0)
		<> COALESCE((SELECT sum(l.amount) FROM mizan_line l WHERE l.book_id = $1 AND l.code = s.code AND l.sub = s.sub), 0)`,
	"each key stands for its changes, once": `SELECT c.idem_key FROM mizan_change c
		WHERE c.book_id = $1 GROUP BY c.idem_key HAVING count(c.last_change) <> 1 OR max(c.last_change) <> max(c.change_no)
		OR max(CASE WHEN c.last_change IS NULL THEN NULL ELSE c.change_no END) <> min(c.change_no) OR max(c.change_no) - min(c.change_no) + 1 <> count(*)`,
	"the rows of an entry stand behind its change": `SELECT 'entry ' || e.seq FROM mizan_entry e
		LEFT JOIN mizan_change c ON c.book_id = $1 AND c.change_no = e.change_no AND c.entry_no = e.seq WHERE e.book_id = $1 AND c.change_no IS NULL`,
	"nothing is half placed": `SELECT book_id FROM mizan_book WHERE change_no = 0 OR $1 = ''`,
}

// requireInvariants fails unless a book keeps every invariant and Check is silent.
func requireInvariants(t *testing.T, db *sql.DB, book *ledger.Book) {
	t.Helper()
	for name, query := range invariants {
		rows, err := db.Query(query, book.ID())
		require.NoError(t, err, name)
		var found []string
		for rows.Next() {
			var place string
			require.NoError(t, rows.Scan(&place))
			found = append(found, place)
		}
		require.NoError(t, rows.Err(), name)
		require.Empty(t, strings.Join(found, ", "), "%s: %s", book.ID(), name)
	}
	require.True(t, ledgertest.Sound(context.Background(), t, book))
}
