package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestPlans lets a book of a million lines do everything a book can, and asks
// the engine for the plan of every statement it has sent. None may read a
// table from end to end, and none that reads may look at more than some
// hundred rows for what a caller asked for: neither while the engine knows
// nothing of the tables, as after a large import, nor when it has statistics.
// Which statements there are is read from the package's source: one that the
// test does not make the book send is a failure.
func TestPlans(t *testing.T) {
	lines := 1_000_000
	if testing.Short() {
		lines = 100_000
	}
	onEach(t, func(t *testing.T, e engine) {
		store, db := e.store(t)
		if e.dialect == sqlledger.PostgreSQL { // which would gather statistics at a time of its own
			for _, table := range tamperTables(t) {
				_, err := db.Exec("ALTER TABLE " + table.name + " SET (autovacuum_enabled = false)")
				require.NoError(t, err)
			}
		}
		create(t, store, "big")
		for _, statement := range neighbours { // a table of few pages is rightly read from end to end
			_, err := db.Exec(statement)
			require.NoError(t, err)
		}
		members := fill(t, e, db, "big", lines)
		t.Run("without statistics", func(t *testing.T) {
			checkPlans(t, e, store, db, members, regexp.MustCompile(report.String()+"|"+inOrder.String()))
		})
		analyse(t, db)
		t.Run("with statistics", func(t *testing.T) { checkPlans(t, e, store, db, members, report) })
	})
}

// checkPlans uses the big book in a transaction that is rolled back. reports
// are the statements that may read much.
func checkPlans(t *testing.T, e engine, store *sqlledger.Store, db *sql.DB, members int, reports *regexp.Regexp) {
	t.Helper()
	tx, err := db.Begin()
	require.NoError(t, err)
	defer tx.Rollback()
	r := &recorder{Querier: tx}
	useAll(t, store.Bind(r), tx, members)
	for _, pattern := range statementPatterns(t, e) {
		require.True(t, r.sent(regexp.MustCompile(pattern)) || elsewhere(e, pattern), "no use of a statement was tested: %s", pattern)
	}
	require.Greater(t, len(r.statements), 40)
	for _, s := range r.statements {
		if ofKind.MatchString(s.text) {
			continue
		}
		if e.dialect == sqlledger.SQLite {
			s.checkSQLite(t, tx)
		} else {
			s.checkPostgres(t, tx, reports)
		}
	}
}

// neighbours are other books with their charts.
var neighbours = []string{
	`INSERT INTO mizan_book (book_id, currency, digits, change_no, entry_no, digest)
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000) SELECT 'n' || i, 'IDR', 2, 1, 0, '' FROM s`,
	`INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired)
SELECT b.book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired
FROM mizan_account a JOIN mizan_book b ON b.book_id <> 'big' WHERE a.book_id = 'big'`,
}

// recorder keeps every different statement that goes through it.
type recorder struct {
	sqlledger.Querier
	statements []statement
	known      map[string]bool
}

type statement struct {
	text string
	args []any
}

func (r *recorder) keep(text string, args []any) {
	if r.known == nil {
		r.known = make(map[string]bool)
	}
	if !r.known[text] {
		r.known[text] = true
		r.statements = append(r.statements, statement{text, args})
	}
}

func (r *recorder) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	r.keep(text, args)
	return r.Querier.ExecContext(ctx, text, args...)
}

func (r *recorder) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	r.keep(text, args)
	return r.Querier.QueryContext(ctx, text, args...)
}

func (r *recorder) sent(pattern *regexp.Regexp) bool {
	for _, s := range r.statements {
		if pattern.MatchString(s.text) {
			return true
		}
	}
	return false
}

// useAll has a book do everything a book can.
func useAll(t *testing.T, store ledger.Store, tx *sql.Tx, members int) {
	t.Helper()
	ctx := context.Background()
	book, err := ledger.Open(ctx, store, config("big"))
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { return writeAll(t, tx) }))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error { readAll(t, tx, members); return nil }))

	_, err = ledger.Open(ctx, store, config("absent"))
	require.ErrorIs(t, err, ledger.ErrNoBook)
	absent := errors.New("changed my mind")
	require.ErrorIs(t, store.Update(ctx, "absent", func(ledger.Writer) error { return absent }), absent)
	small := create(t, store, "small")
	_, err = small.Post(ctx, deposit("K", "M1"))
	require.NoError(t, err)
	_, err = tx.Exec("UPDATE mizan_turnover SET balance = 7 WHERE book_id = 'small'")
	require.NoError(t, err)
	_, err = small.Rebuild(ctx)
	require.NoError(t, err)
}

func writeAll(t *testing.T, tx *ledger.Tx) error {
	t.Helper()
	var entries []ledger.Posted
	for i := range 700 { // more than one statement takes
		posted, err := tx.Post(deposit(fmt.Sprint("K", i), fmt.Sprint("N", i)))
		require.NoError(t, err)
		entries = append(entries, posted)
	}
	_, err := tx.Post(deposit("bulk/7", "M1")) // a used key
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	day := ledger.On(2026, time.November, 24)
	_, err = tx.Reverse(ledger.Reversal{Key: "R", Entry: entries[0].Number, Date: day, Reason: "salah", Maker: "T", Approver: "M"})
	require.NoError(t, err)
	_, err = tx.Reverse(ledger.Reversal{Key: "R2", Entry: 5, Date: day, Reason: "salah", Maker: "T", Approver: "M"})
	require.NoError(t, err)
	require.NoError(t, tx.AddAccount("A", ledger.Account{Code: "10104", Name: "Bank Lain", Kind: ledger.Asset, Normal: ledger.DebitSide}))
	require.NoError(t, tx.OpenSub(ledger.SubOpening{Key: "S", Account: "30101", Sub: "O1", Holder: "A-1", By: "T"}))
	_, err = tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M4", Amount: ledger.IDR.Of(1), From: day, Reason: "akad", By: "T"})
	require.NoError(t, err)
	_, err = tx.Release(ledger.Release{Key: "H2", Hold: "hold/4", Reason: "lunas", By: "T"})
	require.NoError(t, err)
	require.NoError(t, tx.Assert(ledger.Assertion{Key: "AS", Account: "10103", Date: day, Document: "RK", By: "T"}))
	for range 2 {
		_, err = tx.Save(ledger.Record{Key: "", Kind: "murabahah", ID: "K-new", Event: "x", Data: []byte("{}"), Format: 1, State: []byte("{}")})
		require.Error(t, err) // no key
	}
	_, err = tx.Save(ledger.Record{Key: "REC", Kind: "murabahah", ID: "K-new", Version: 1, Event: "x", Data: []byte("{}"), Format: 1, State: []byte("{}")})
	require.NoError(t, err)
	return nil
}

func readAll(t *testing.T, tx *ledger.Tx, members int) {
	t.Helper()
	head, err := tx.Head()
	require.NoError(t, err)
	day := ledger.On(2025, time.March, 3)
	member := fmt.Sprintf("M%d", members/2)
	for _, at := range []ledger.Moment{ledger.EndOf(day), ledger.Latest(), ledger.Latest().AsOf(head.Change - 10), ledger.EndOf(day).AsOf(head.Change / 2)} {
		_, err := tx.Balance("30101", member, at)
		require.NoError(t, err)
	}
	_, err = tx.Available("30101", "M4", day) // on which something is held
	require.NoError(t, err)
	_, _, err = tx.Record("murabahah", "K-7")
	require.NoError(t, err)
	_, _, err = tx.EntryByKey("bulk/77")
	require.NoError(t, err)
	_, _, err = tx.HeldUnder("hold/4")
	require.NoError(t, err)
	_, _, err = tx.Account("10103")
	require.NoError(t, err)
	few(t, tx.Accounts())
	few(t, tx.Subs("30101", ""))
	few(t, tx.Subs("30101", member))
	few(t, tx.Turnovers("30101", member, day, ledger.On(2026, 1, 1)))
	few(t, tx.Changes(head.Change/2))
	few(t, tx.Changes(head.Change-1))
	few(t, tx.Changes(1))
	few(t, tx.Entries(head.Entries/2))
	few(t, tx.History("murabahah", "K-7"))
	few(t, tx.Records("murabahah", ""))
	few(t, tx.Records("murabahah", "K-7"))
	few(t, tx.Assertions())
	for _, q := range []ledger.LineQuery{
		{}, {Account: "30101", Sub: member}, {Account: "10102"}, {Account: "30101", AllSubs: true},
		{Party: fmt.Sprintf("P%d", members/2)}, {Source: "murabahah"}, {Source: "murabahah/K-70"},
	} {
		for _, span := range []ledger.LineQuery{{}, {From: day}, {Through: day}, {From: day, Through: day.AddDays(30)}, {After: head.Change / 2}} {
			for _, descending := range []bool{false, true} {
				q.From, q.Through, q.After, q.Descending = span.From, span.Through, span.After, descending
				few(t, tx.Lines(q))
			}
		}
	}
}

// few reads the beginning of a list, the second page included.
func few[T any](t *testing.T, list iter.Seq2[T, error]) {
	t.Helper()
	n := 0
	for _, err := range list {
		require.NoError(t, err)
		if n++; n > 70 {
			return
		}
	}
}

// statementPatterns returns every constant of statements.go that is a
// statement or a part with a table in it, as a pattern in which any value may
// stand for what is put in later.
func statementPatterns(t *testing.T, e engine) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../statements.go", nil, 0)
	require.NoError(t, err)
	values := make(map[string]string)
	var value func(ast.Expr) string
	value = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			text, _ := strconv.Unquote(e.Value)
			return text
		case *ast.BinaryExpr:
			return value(e.X) + value(e.Y)
		case *ast.Ident:
			return values[e.Name]
		}
		return ""
	}
	var names []string
	for range 2 { // constants may use later ones
		names = nil
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, is := n.(*ast.ValueSpec); is {
				for i, name := range spec.Names {
					values[name.Name] = value(spec.Values[i])
					names = append(names, name.Name)
				}
			}
			return true
		})
	}
	var patterns []string
	for _, name := range names {
		if !strings.Contains(values[name], " mizan_") {
			continue
		}
		text := values[name]
		if e.dialect == sqlledger.SQLite && !strings.Contains(text, "unnest") {
			text = strings.ReplaceAll(fence.ReplaceAllString(text, "$1 ON $2"), "$", "?")
		}
		patterns = append(patterns, regexp.MustCompile(`%s|\\[$?]%d|%d`).ReplaceAllString(regexp.QuoteMeta(text), `.+`))
	}
	require.Greater(t, len(patterns), 30)
	return patterns
}

// fence is a look-up that only PostgreSQL needs to be held to.
var fence = regexp.MustCompile(`LATERAL \(SELECT \* FROM (mizan_\w+ \w) WHERE ([^()]*) (?:LIMIT 1|OFFSET 0)\) \w(?: ON true)?`)

// elsewhere reports whether a statement is the other dialect's.
func elsewhere(e engine, pattern string) bool {
	if e.dialect == sqlledger.SQLite {
		return strings.Contains(pattern, "unnest") || strings.Contains(pattern, `count\(\*\) FROM mizan_book`)
	}
	return strings.Contains(pattern, "json_each")
}

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
