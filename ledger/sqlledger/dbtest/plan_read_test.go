package dbtest

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// node is a node of PostgreSQL's plan.
type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Index   string  `json:"Index Name"`
	Range   string  `json:"Index Cond"`
	Plans   []node
}

// String shows what is read, and by which range of which index.
func (n node) String() string {
	text := fmt.Sprintf("\n%s %s %s %s: %.0f rows and %.0f left out, %.0f times", n.Type, n.Table, n.Index, n.Range, n.Rows, n.Removed, n.Loops)
	for _, below := range n.Plans {
		text += strings.ReplaceAll(below.String(), "\n", "\n  ")
	}
	return text
}

// mostRead is how many rows a statement may look at: a page of the largest
// size, with what belongs to its rows.
const mostRead = 6000

func (s statement) checkPostgres(t *testing.T, tx *sql.Tx, reports *regexp.Regexp) {
	t.Helper()
	if !strings.Contains(s.text, "mizan_") {
		return
	}
	literals := make([]string, len(s.args))
	for i, arg := range s.args {
		literals[i] = literal(t, arg)
	}
	for _, step := range []string{"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE asked AS " + s.text} {
		_, err := tx.Exec(step)
		require.NoError(t, err, s.text)
	}
	// The plan that a server keeps for all arguments.
	execute := "EXECUTE asked (" + strings.Join(literals, ", ") + ")"
	if !strings.HasPrefix(s.text, "SELECT") {
		s.noScan(t, explain(t, tx, "EXPLAIN (FORMAT JSON) "+execute))
	} else {
		s.readsLittle(t, reports, explain(t, tx, "EXPLAIN (ANALYZE, FORMAT JSON) "+execute))
		// And the one that it makes for these.
		_, err := tx.Exec("SET LOCAL plan_cache_mode = auto")
		require.NoError(t, err)
		s.readsLittle(t, reports, explain(t, tx, "EXPLAIN (ANALYZE, FORMAT JSON) "+s.text, s.args...))
	}
	_, err := tx.Exec("DEALLOCATE asked")
	require.NoError(t, err)
}

func explain(t *testing.T, tx *sql.Tx, text string, args ...any) node {
	t.Helper()
	var plan string
	require.NoError(t, tx.QueryRow(text, args...).Scan(&plan), text)
	var all []struct{ Plan node }
	require.NoError(t, json.Unmarshal([]byte(plan), &all))
	return all[0].Plan
}

// literal is an argument as it stands in a statement.
func literal(t *testing.T, arg any) string {
	t.Helper()
	value, err := driver.DefaultParameterConverter.ConvertValue(arg)
	require.NoError(t, err)
	if value == nil {
		return "NULL"
	}
	return "'" + strings.ReplaceAll(fmt.Sprint(value), "'", "''") + "'"
}

// readsLittle fails for a plan that looks at more rows than the statement
// needs.
func (s statement) readsLittle(t *testing.T, reports *regexp.Regexp, plan node) {
	t.Helper()
	if read := s.noScan(t, plan); read > mostRead && !reports.MatchString(s.text) {
		t.Errorf("reads %.0f rows: %s%s", read, s.text, plan)
	}
}

// noScan fails for a plan that reads a table from end to end, and returns how
// many rows of tables are looked at.
func (s statement) noScan(t *testing.T, plan node) (read float64) {
	t.Helper()
	if plan.Type == "Seq Scan" && strings.HasPrefix(plan.Table, "mizan_") {
		t.Errorf("reads %s from end to end: %s", plan.Table, s.text)
	}
	if plan.Table != "" {
		read = (plan.Rows + plan.Removed) * plan.Loops
	}
	for _, below := range plan.Plans {
		read += s.noScan(t, below)
	}
	return read
}

// A report is the lines of the whole book in the order they were written, of
// some days or of an account with all its subs: that leaves lines out on the
// way. A list of all contracts of a kind reads what the kind has. Both are for
// those who read the book anyway. Without statistics PostgreSQL believes that
// a book is short, and for each page of what the whole book lists in its order
// (lines and assertions) it sorts what comes after: only that, and only then,
// is allowed to it too.
var (
	report  = regexp.MustCompile(`l\.(on_date >=|on_date <=|code =) \$\d(.|\n)*ORDER BY [le]\.seq`)
	inOrder = regexp.MustCompile(`FROM mizan_line l WHERE l\.book_id = \$1( AND l\.seq > \$\d)?( AND \(l\.seq, l\.line_no\) [<>] \(\$\d, \$\d\))? ORDER BY l\.seq|` +
		`FROM mizan_assertion a\nWHERE a\.book_id = \$1 AND a\.change_no > \$2`)
	ofKind = regexp.MustCompile(`source_kind <> ''( AND e.seq [<>]= .\d)? ORDER`)
)

var (
	scans   = regexp.MustCompile(`^SCAN `)
	allowed = regexp.MustCompile(`VIRTUAL TABLE|CONSTANT ROW|VALUES CLAUSE|^SCAN a$`) // a is the list of what is asked
	whole   = regexp.MustCompile(`\(book_id=\?\)$`)

	tableOfStep = regexp.MustCompile(`mizan_[a-z]+`)
)

func (s statement) checkSQLite(t *testing.T, tx *sql.Tx) {
	t.Helper()
	rows, err := tx.Query("EXPLAIN QUERY PLAN "+s.text, s.args...)
	require.NoError(t, err, s.text)
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		plan = append(plan, detail)
	}
	require.NoError(t, rows.Err())
	all := strings.Join(plan, "\n")
	sorts := strings.Contains(all, "TEMP B-TREE") && plan[0] != "CO-ROUTINE l" // which is a page
	for _, step := range plan {
		if alias, is := strings.CutPrefix(step, "SCAN "); is && strings.Contains(all, "CO-ROUTINE "+alias+"\n") {
			continue // of a subquery, which has steps of its own
		}
		// SQLite looks for the children of a row only while a foreign key is violated.
		table := tableOfStep.FindString(step)
		if table != "" && !strings.Contains(s.text, table) {
			continue
		}
		require.False(t, scans.MatchString(step) && !allowed.MatchString(step), "%s\n%s", s.text, all)
		// Reading a whole book's range is right only in its order up to a limit.
		limited := strings.Contains(s.text, "LIMIT") && !sorts || strings.Contains(step, "mizan_book")
		require.False(t, whole.MatchString(step) && !limited, "%s\n%s", s.text, all)
	}
}
