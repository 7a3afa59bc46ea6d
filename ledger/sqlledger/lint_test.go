package sqlledger

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// The schema must stay one that can be sharded by book: these tests read the
// migrations and every statement as text. They need no database.

var (
	createTable = regexp.MustCompile(`(?s)^CREATE TABLE (mizan_\w+) \((.*)\)(?: WITHOUT ROWID)?$`)
	createIndex = regexp.MustCompile(`^CREATE (?:UNIQUE )?INDEX mizan_\w+ ON mizan_\w+ \(([^)]*)\)`)
	keyList     = regexp.MustCompile(`(?:PRIMARY KEY|UNIQUE|FOREIGN KEY|REFERENCES mizan_\w+) \(([^)]*)\)`)
	columnLine  = regexp.MustCompile(`^(\w+) +(\w+)( COLLATE "C")?( +NOT NULL)?$`)
	// What some engine of the family has not, or what the schema must not lean
	// on: numbers made by the database, its clock and chance, code in it, locks
	// other than the book's row.
	forbidden = regexp.MustCompile(`(?i)\b(serial|bigserial|sequence|nextval|identity|autoincrement|trigger|procedure|function|rule|` +
		`deferrable|deferred|generated|exclude|advisory|pg_\w*lock\w*|listen|notify|lock|share|savepoint|merge|cascade|now|random|` +
		`current_date|current_time|current_timestamp|uuid|json|jsonb|numeric|real|double|float|timestamptz)\b|\bfor update\b|\bdefault\b|\binsert or (?:abort|ignore|replace|rollback)\b`)
)

func migrations(t *testing.T, d Dialect) []string {
	t.Helper()
	steps, err := Migrations(d)
	require.NoError(t, err)
	require.Len(t, steps, SchemaVersion)
	var all []string
	for _, step := range steps {
		all = append(all, step.Statements...)
	}
	return all
}

func TestSchemaLint(t *testing.T) {
	for _, d := range []Dialect{SQLite, PostgreSQL} {
		for _, statement := range migrations(t, d) {
			require.Empty(t, schemaFaults(statement), statement)
		}
	}
}

// TestSchemaLintFinds shows that the lint sees what it must.
func TestSchemaLintFinds(t *testing.T) {
	for name, statement := range map[string]string{
		"key":         "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  id text NOT NULL,\n  PRIMARY KEY (id)\n)",
		"first":       "CREATE TABLE mizan_x (\n  id text NOT NULL,\n  book_id text NOT NULL,\n  PRIMARY KEY (book_id, id)\n)",
		"unique":      "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  id text NOT NULL,\n  PRIMARY KEY (book_id),\n  UNIQUE (id)\n)",
		"foreign key": "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  id text NOT NULL,\n  PRIMARY KEY (book_id),\n  FOREIGN KEY (id) REFERENCES mizan_y (id)\n)",
		"type":        "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  id numeric NOT NULL,\n  PRIMARY KEY (book_id)\n)",
		"serial":      "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  id bigserial NOT NULL,\n  PRIMARY KEY (book_id)\n)",
		"no key":      "CREATE TABLE mizan_x (\n  book_id text NOT NULL\n)",
		"deferrable":  "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  PRIMARY KEY (book_id),\n  FOREIGN KEY (book_id) REFERENCES mizan_y (book_id) DEFERRABLE\n)",
		"index":       "CREATE INDEX mizan_i ON mizan_x (id, book_id)",
		"trigger":     "CREATE TRIGGER mizan_t AFTER INSERT ON mizan_x BEGIN SELECT 1",
		"rule":        "CREATE RULE mizan_r AS ON INSERT TO mizan_x DO INSTEAD NOTHING",
		"no primary":  "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  FOREIGN KEY (book_id) REFERENCES mizan_y (book_id)\n)",
		"inline key":  "CREATE TABLE mizan_x (\n  book_id text NOT NULL PRIMARY KEY\n)",
		"reference":   "CREATE TABLE mizan_x (\n  book_id text NOT NULL REFERENCES mizan_y,\n  PRIMARY KEY (book_id)\n)",
		"deferred":    "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  PRIMARY KEY (book_id),\n  FOREIGN KEY (book_id) REFERENCES mizan_y (book_id) INITIALLY DEFERRED\n)",
		"cascade":     "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  PRIMARY KEY (book_id),\n  FOREIGN KEY (book_id) REFERENCES mizan_y (book_id) ON UPDATE CASCADE\n)",
		"clock":       "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  at timestamp DEFAULT now(),\n  PRIMARY KEY (book_id)\n)",
		"generated":   "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  n bigint GENERATED ALWAYS AS (1) STORED,\n  PRIMARY KEY (book_id)\n)",
		"exclusion":   "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  PRIMARY KEY (book_id),\n  EXCLUDE (book_id WITH =)\n)",
		"other key":   "CREATE TABLE mizan_x (\n  book_id text NOT NULL,\n  id text NOT NULL,\n  PRIMARY KEY (book_id, id),\n  FOREIGN KEY (book_id, id) REFERENCES mizan_y (id, book_id)\n)",
		"view":        "CREATE VIEW mizan_v AS SELECT l.book_id FROM mizan_line l JOIN mizan_entry e ON e.seq = l.seq",
	} {
		require.NotEmpty(t, schemaFaults(statement), name)
	}
}

func schemaFaults(statement string) []string {
	var faults []string
	if word := forbidden.FindString(statement); word != "" {
		faults = append(faults, "uses "+word)
	}
	if strings.HasPrefix(statement, "CREATE VIEW") {
		for _, join := range regexp.MustCompile(`JOIN mizan_\w+ ([a-z]) ON (.*)`).FindAllStringSubmatch(statement, -1) {
			if !strings.HasPrefix(join[2], join[1]+".book_id = ") {
				faults = append(faults, join[0]+" joins rows of different books")
			}
		}
		return faults
	}
	lists := [][]string{}
	if index := createIndex.FindStringSubmatch(statement); index != nil {
		lists = append(lists, index)
	} else if table := createTable.FindStringSubmatch(statement); table != nil {
		lists = keyList.FindAllStringSubmatch(table[2], -1)
		faults = append(faults, columnFaults(table[2])...)
		if strings.Count(table[2], "\n  PRIMARY KEY (") != 1 {
			faults = append(faults, "has no primary key")
		}
	} else {
		return append(faults, "is neither a table nor an index nor a view")
	}
	for _, list := range lists {
		if first, _, _ := strings.Cut(list[1], ","); first != "book_id" {
			faults = append(faults, list[0]+" does not begin with book_id")
		}
	}
	if len(lists) == 0 {
		faults = append(faults, "has no key")
	}
	return faults
}

func columnFaults(body string) []string {
	var faults []string
	for i, line := range strings.Split(strings.TrimSpace(body), "\n") {
		line = strings.TrimSuffix(strings.TrimSpace(line), ",")
		column := columnLine.FindStringSubmatch(line)
		switch {
		case i == 0 && (column == nil || column[1] != "book_id"):
			faults = append(faults, "the first column is not book_id")
		case column == nil && !regexp.MustCompile(`^(PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK) `).MatchString(line):
			faults = append(faults, "cannot be read: "+line)
		case column != nil && !slices.Contains([]string{"text", "bigint", "integer", "smallint", "date", "timestamp"}, column[2]):
			faults = append(faults, "has the type "+column[2])
		}
	}
	return faults
}

func TestTablesMatchSchema(t *testing.T) {
	have := make(map[string][]column)
	for _, statement := range migrations(t, SQLite) {
		table := createTable.FindStringSubmatch(statement)
		if table == nil {
			continue
		}
		for _, line := range strings.Split(table[2], "\n") {
			if c := columnLine.FindStringSubmatch(strings.TrimSuffix(strings.TrimSpace(line), ",")); c != nil && c[1] != "book_id" {
				have[table[1]] = append(have[table[1]], column{name: c[1], kind: c[2], null: !strings.Contains(line, " NOT NULL")})
			}
		}
	}
	for i := range tables {
		require.Equal(t, have[tables[i].name], tables[i].columns, tables[i].name)
	}
}

// TestDistributed has the package's documentation distribute every table of the
// schema, the book's first.
func TestDistributed(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, list, found := strings.Cut(string(text), "create_distributed_table('mizan_book', 'book_id');")
	require.True(t, found)
	list, _, _ = strings.Cut(list, "create_reference_table('mizan_schema')")
	want, named := []string{"mizan_book"}, tableName.FindAllString(list, -1) // that all others stand beside
	for _, statement := range migrations(t, PostgreSQL) {
		if table := createTable.FindStringSubmatch(statement); table != nil && table[1] != "mizan_book" {
			want = append(want, table[1])
		}
	}
	require.ElementsMatch(t, want, named)
}

// TestByteOrder keeps keys in the order of their bytes on every PostgreSQL.
func TestByteOrder(t *testing.T) {
	for _, statement := range migrations(t, PostgreSQL) {
		if createTable.MatchString(statement) {
			require.Equal(t, strings.Count(statement, " text"), strings.Count(statement, ` text COLLATE "C"`), statement)
		}
	}
}

var (
	tableName = regexp.MustCompile(`\bmizan_\w+`)
	tableUse  = regexp.MustCompile(`(?:FROM|JOIN|UPDATE|INTO) (mizan_\w+)(?: ([a-z]))?\b`)
	inBook    = regexp.MustCompile(`(?:^|[^.\w])book_id = \$1\b`)
	onKey     = regexp.MustCompile(`ON CONFLICT \(([^)]*)\)`)
	setOfRow  = regexp.MustCompile(`(?s) SET (.*?)(?: WHERE |$)`)
)

// statementFaults says what in a statement is not of one book alone.
func statementFaults(statement string) []string {
	var faults []string
	if word := forbidden.FindString(statement); word != "" {
		faults = append(faults, "uses "+word)
	}
	statement = strings.ReplaceAll(statement, "mizan_schema", "schema") // the table of versions has no books
	uses := tableUse.FindAllStringSubmatch(statement, -1)
	if len(uses) != len(tableName.FindAllString(statement, -1)) {
		faults = append(faults, "names a table where this test does not see how it is used")
	}
	aliases := make(map[string]int) // how often a table goes by it; "" is by its own name
	for _, use := range uses {
		table, alias := use[1], use[2]
		switch {
		case strings.HasPrefix(use[0], "INTO"):
			_, rest, named := strings.Cut(statement, "INTO "+table+" (book_id, ")
			if _, values, _ := strings.Cut(rest, ")"); !named || !strings.HasPrefix(values, " VALUES ($1, ") && !strings.HasPrefix(values, "\nVALUES ($1, ") && !strings.HasPrefix(values, "\nSELECT $1, ") {
				faults = append(faults, "inserts into "+table+" without the book")
			}
		default:
			aliases[alias]++
		}
	}
	for alias, n := range aliases {
		equal := len(inBook.FindAllString(statement, -1))
		if alias != "" {
			equal = len(regexp.MustCompile(`\b`+alias+`\.book_id = \$1\b`).FindAllString(statement, -1))
		}
		if equal < n {
			faults = append(faults, fmt.Sprintf("reads a table (alias %q) of all books", alias))
		}
	}
	if strings.Contains(statement, "book_id = $1 OR ") {
		faults = append(faults, "reads other books by OR")
	}
	for _, key := range onKey.FindAllStringSubmatch(statement, -1) {
		if key[1] != "version" && key[1] != "book_id" && !strings.HasPrefix(key[1], "book_id, ") {
			faults = append(faults, "looks for a conflict by "+key[1])
		}
	}
	for _, set := range setOfRow.FindAllStringSubmatch(statement, -1) {
		if strings.Contains(set[1], "book_id =") {
			faults = append(faults, "moves a row to another book")
		}
	}
	return faults
}

func TestStatementLint(t *testing.T) {
	all := slices.Concat(constantStatements(t), builtStatements())
	require.Greater(t, len(all), 60)
	for _, statement := range all {
		require.Empty(t, statementFaults(statement), statement)
	}
}

// TestStatementLintFinds shows that the lint sees what it must.
func TestStatementLintFinds(t *testing.T) {
	for name, statement := range map[string]string{
		"no book":         "SELECT 1 FROM mizan_line l WHERE l.seq = $1",
		"another's book":  "SELECT 1 FROM mizan_line l WHERE l.book_id = $2",
		"a tenth":         "SELECT 1 FROM mizan_line l WHERE l.book_id = $10",
		"books":           "SELECT 1 FROM mizan_line WHERE book_id IN ($1, $2)",
		"or":              "SELECT 1 FROM mizan_line WHERE book_id = $1 OR seq = 1",
		"join":            "SELECT 1 FROM mizan_line l JOIN mizan_entry e ON e.seq = l.seq WHERE l.book_id = $1",
		"comma":           "SELECT 1 FROM mizan_line l, mizan_entry e WHERE l.book_id = $1 AND e.seq = l.seq",
		"lateral":         "SELECT 1 FROM mizan_line l CROSS JOIN LATERAL (SELECT * FROM mizan_entry e WHERE e.seq = l.seq LIMIT 1) e WHERE l.book_id = $1",
		"sub-select":      "SELECT (SELECT c.kind FROM mizan_change c WHERE c.change_no = a.change_no) FROM mizan_assertion a WHERE a.book_id = $1",
		"alias twice":     "SELECT (SELECT 1 FROM mizan_entry x WHERE x.book_id = $1) FROM mizan_line l WHERE l.book_id = $1 AND EXISTS (SELECT 1 FROM mizan_entry x WHERE x.seq = 1)",
		"delete":          "DELETE FROM mizan_line WHERE seq = $1",
		"update":          "UPDATE mizan_line SET amount = $2 WHERE seq = $1",
		"move":            "UPDATE mizan_line SET book_id = $2 WHERE book_id = $1",
		"insert":          "INSERT INTO mizan_line (seq) VALUES ($1)",
		"insert other":    "INSERT INTO mizan_line (book_id, seq) VALUES ($2, $1)",
		"insert from":     "INSERT INTO mizan_line (book_id, seq)\nSELECT l.book_id, l.seq FROM mizan_line l WHERE l.book_id = $1",
		"conflict":        "INSERT INTO mizan_change (book_id, idem_key) VALUES ($1, $2) ON CONFLICT (idem_key) DO NOTHING",
		"for update":      "SELECT 1 FROM mizan_book WHERE book_id = $1 FOR UPDATE",
		"skip locked":     "SELECT 1 FROM mizan_book WHERE book_id = $1 FOR NO KEY UPDATE SKIP LOCKED; SAVEPOINT a",
		"advisory":        "SELECT pg_advisory_xact_lock(1) FROM mizan_book WHERE book_id = $1",
		"lock table":      "LOCK TABLE mizan_book",
		"clock":           "UPDATE mizan_change SET recorded_at = now() WHERE book_id = $1",
		"merge":           "MERGE INTO mizan_line USING x ON book_id = $1",
		"insert or":       "INSERT OR REPLACE INTO mizan_line (book_id, seq) VALUES ($1, $2)",
		"exclusive share": "SELECT 1 FROM mizan_book WHERE book_id = $1 FOR SHARE",
	} {
		require.NotEmpty(t, statementFaults(statement), name)
	}
}

// constantStatements finds every constant of the package that is a statement.
func constantStatements(t *testing.T) []string {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
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
	var all []string
	for range 2 { // constants may use later ones
		all = nil
		ast.Inspect(packages["sqlledger"], func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					values[name.Name] = value(spec.Values[i])
				}
				text := values[name.Name]
				whole := regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE) `).MatchString(text) && !strings.Contains(text, "FROM %s")
				if whole {
					all = append(all, text)
				}
			}
			return true
		})
	}
	return all
}

// builtStatements are those that are put together from parts.
func builtStatements() []string {
	var all []string
	day := ledger.On(2026, 11, 23)
	for n := range 1 << 8 {
		is := func(bit int) bool { return n>>bit&1 == 1 }
		q := ledger.LineQuery{AllSubs: is(1), Descending: is(2)}
		if is(0) {
			q.Account = "30101"
		}
		if is(3) {
			q.From, q.Through = day, day
		}
		if is(4) {
			q.Party = "A-1"
		}
		if is(5) {
			q.Source = "murabahah/K-1"
		}
		if is(6) {
			q.Cursor = ledger.LineCursor{Date: day, Entry: 1, Line: 1}
		}
		above := int64(0)
		if is(7) {
			above = 7
		}
		text, _ := lineQuery("b", q, above, 64)
		all = append(all, text)
	}
	for _, d := range []Dialect{SQLite, PostgreSQL} {
		r := reader{session: session{store: &Store{options: Options{Dialect: d}}, book: "b"}}
		for _, keys := range [][]string{nil, {"K"}} {
			for _, subs := range [][]ledger.SubSince{nil, {{Account: "30101", Sub: "M1", From: day}}} {
				if len(keys)+len(subs) > 0 {
					text, _ := r.bulletin(keys, subs)
					all = append(all, text)
				}
			}
		}
	}
	for i := range tables {
		all = append(all, tables[i].insertArrays(2), tables[i].insertValues(1), tables[i].insertValues(tables[i].largestInsert()))
	}
	return append(all, moveHeadFrom(2), fmt.Sprintf(findAccounts, "$2"))
}

// TestFewTexts bounds the number of different statements, and the parameters
// of each.
func TestFewTexts(t *testing.T) {
	for i := range tables {
		rows := tables[i].largestInsert()
		require.LessOrEqual(t, rows*(1+len(tables[i].columns)), mostParameters, tables[i].name)
		require.Greater(t, 2*rows*(1+len(tables[i].columns)), mostParameters, tables[i].name)
	}
	require.Equal(t, "SELECT ?1 FROM x WHERE y = ?12", SQLite.text("SELECT $1 FROM x WHERE y = $12"))
}

// TestUnfenced gives SQLite plain joins.
func TestUnfenced(t *testing.T) {
	for text, want := range map[string]string{
		latestRecord: "SELECT " + recordColumns + " FROM mizan_record r LEFT JOIN mizan_change c ON c.book_id = ?1 AND c.change_no = r.change_no " +
			"WHERE r.book_id = ?1 AND r.kind = ?2 AND r.id = ?3 ORDER BY r.version DESC LIMIT 1",
		"FROM x\nLEFT JOIN LATERAL (SELECT * FROM y b WHERE b.i = x.i LIMIT 1) b ON true\nCROSS JOIN LATERAL (SELECT * FROM z c WHERE c.i = b.i OFFSET 0) c ORDER BY 1": "FROM x\nLEFT JOIN y b ON b.i = x.i\nCROSS JOIN z c ON c.i = b.i ORDER BY 1",
	} {
		require.Equal(t, want, SQLite.text(text))
	}
	for _, text := range slices.Concat(constantStatements(t), builtStatements()) {
		if !strings.Contains(text, "unnest") {
			require.NotContains(t, SQLite.text(text), "LATERAL")
		}
	}
}
