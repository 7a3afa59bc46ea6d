package dbtest

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// A fixture is a database of one version of the schema, as statements: its
// tables and a book with at least two rows in each. One is made for every
// version and dialect while the version is being worked on, by
//
//	go test -run TestFixtures -update .
//
// and never touched again once that version is released.
var update = flag.Bool("update", false, "write the fixtures of the newest schema anew")

// fixtureFile names the file of a version.
func fixtureFile(d sqlledger.Dialect, version int) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%04d-%s.sql", version, strings.ToLower(d.String())))
}

// TestFixtures migrates a database of every version of the schema. Its book
// then has the digest that it has in memory, is sound, knows its keys and
// takes a post.
func TestFixtures(t *testing.T) {
	ctx := context.Background()
	memory := oneOfEverything(t, ledger.NewMemory())
	want, err := memory.Head(ctx)
	require.NoError(t, err)
	later := deposit("T9", "M1")
	later.Date = ledger.On(2026, time.December, 1)
	next, err := memory.Post(ctx, later)
	require.NoError(t, err)
	onEach(t, func(t *testing.T, e engine) {
		if *update {
			writeFixture(t, e)
		}
		for version := 1; version <= sqlledger.SchemaVersion; version++ {
			db, _ := e.open(t)
			for _, statement := range fixture(t, e.dialect, version) {
				_, err := db.Exec(statement)
				require.NoError(t, err, statement)
			}
			require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
			book, err := ledger.Open(ctx, sqlledger.Open(db, e.options()), config("kspps-melati"))
			require.NoError(t, err)
			head, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, want, head, "version %d", version)
			requireInvariants(t, db, book)
			repeated, err := book.Post(ctx, deposit("T0", "M1"))
			require.NoError(t, err)
			require.True(t, repeated.Repeat)
			posted, err := book.Post(ctx, later)
			require.NoError(t, err)
			require.Equal(t, next.Digest, posted.Digest)
			requireInvariants(t, db, book)
		}
	})
}

// TestEveryVersionHasAFixture keeps a migration from being added without one,
// and from being edited after its fixture was made.
func TestEveryVersionHasAFixture(t *testing.T) {
	for _, d := range []sqlledger.Dialect{sqlledger.SQLite, sqlledger.PostgreSQL} {
		steps, err := sqlledger.Migrations(d)
		require.NoError(t, err)
		require.Len(t, steps, sqlledger.SchemaVersion)
		made := 0
		for _, step := range steps {
			statements := fixture(t, d, step.Version)
			made += len(step.Statements)
			require.Greater(t, len(statements), made)
			for _, statement := range step.Statements {
				require.Contains(t, statements, statement, "%s is not what its fixture was made with: write a new migration, or, "+
					"if this one was never released, the fixture anew with -update", step.Name)
			}
		}
	}
}

// fixture returns the statements of a file.
func fixture(t *testing.T, d sqlledger.Dialect, version int) []string {
	t.Helper()
	text, err := os.ReadFile(fixtureFile(d, version))
	require.NoError(t, err, "version %d of the schema needs a fixture: go test -run TestFixtures -update .", version)
	var statements []string
	for statement := range strings.SplitSeq(string(text), ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" && !strings.HasPrefix(statement, "--") {
			statements = append(statements, statement)
		}
	}
	return statements
}

// writeFixture writes the file of the newest version.
func writeFixture(t *testing.T, e engine) {
	t.Helper()
	store, db := e.store(t)
	oneOfEverything(t, store)
	var text strings.Builder
	fmt.Fprintf(&text, "-- A database of version %d of the schema;\n", sqlledger.SchemaVersion)
	text.WriteString("CREATE TABLE mizan_schema (version integer NOT NULL, name text NOT NULL, PRIMARY KEY (version));\n")
	steps, err := sqlledger.Migrations(e.dialect)
	require.NoError(t, err)
	for _, step := range steps {
		for _, statement := range step.Statements {
			text.WriteString(statement + ";\n")
		}
	}
	dump(t, db, &text, "mizan_schema", []string{"version", "name"})
	for _, table := range tamperTables(t) {
		var columns []string
		for _, column := range table.columns {
			columns = append(columns, column[0])
		}
		dump(t, db, &text, table.name, columns)
	}
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	require.NoError(t, os.WriteFile(fixtureFile(e.dialect, sqlledger.SchemaVersion), []byte(text.String()), 0o644))
}

// dump writes the rows of a table as inserts.
func dump(t *testing.T, db *sql.DB, text *strings.Builder, table string, columns []string) {
	t.Helper()
	rows, err := db.Query("SELECT CAST(" + strings.Join(columns, " AS text), CAST(") + " AS text) FROM " + table + " ORDER BY " + strings.Join(columns, ", "))
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		cells := make([]string, len(columns))
		for i, v := range values {
			cells[i] = "NULL"
			if v.Valid {
				cells[i] = "'" + strings.ReplaceAll(v.String, "'", "''") + "'"
			}
		}
		fmt.Fprintf(text, "INSERT INTO %s (%s) VALUES (%s);\n", table, strings.Join(columns, ", "), strings.Join(cells, ", "))
	}
	require.NoError(t, rows.Err())
}
