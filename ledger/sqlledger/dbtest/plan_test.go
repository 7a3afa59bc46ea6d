package dbtest

import (
	"context"
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestPlans lets a book of -lines lines do everything a book can, and asks
// the engine for the plan of every statement it has sent. None may read a
// table from end to end, and none that reads may look at more than some
// hundred rows for what a caller asked for: neither while the engine knows
// nothing of the tables, as after a large import, nor when it has statistics.
// Which statements there are is read from the package's source: one that the
// test does not make the book send is a failure.
func TestPlans(t *testing.T) {
	lines := *manyLines
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
	`INSERT INTO mizan_book (book_id, currency, digits, change_no, entry_no, digest, recounts)
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000) SELECT 'n' || i, 'IDR', 2, 1, 0, '', 0 FROM s`,
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
