package sqlledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// SchemaVersion is the version of the tables that this release reads and
// writes.
const SchemaVersion = 1

//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrSchema marks a database whose tables are not those of this release:
// missing, older (run [Migrate]) or newer (run a newer release).
var ErrSchema = errors.New("sqlledger: schema version")

// SchemaError says which version of the tables a database has. It matches
// [ErrSchema].
type SchemaError struct {
	Found int // 0 if there are no tables
	Want  int
}

func (e *SchemaError) Error() string {
	switch {
	case e.Found == 0:
		return "sqlledger: the database has no tables of the books: run Migrate"
	case e.Found < e.Want:
		return fmt.Sprintf("sqlledger: the database's tables are of version %d, this release needs %d: run Migrate", e.Found, e.Want)
	}
	return fmt.Sprintf("sqlledger: the database's tables are of version %d, newer than this release, which knows %d", e.Found, e.Want)
}

// Is reports whether target is [ErrSchema].
func (e *SchemaError) Is(target error) bool { return target == ErrSchema }

// Migration is one numbered step of the schema.
type Migration struct {
	Version    int
	Name       string
	Statements []string // without the closing semicolons
}

// Migrations returns all steps in order as a dialect takes them, for hosts
// that run them with a tool of their own; they must then write the versions to
// mizan_schema too, as [Migrate] does.
//
// The files are one text for all engines. PostgreSQL gets COLLATE "C" on every
// text column, because keys are listed in the order of their bytes whatever
// the database's locale is. SQLite gets WITHOUT ROWID on most tables that
// every post writes: one tree to write and to read instead of a tree of rows and
// another of their keys. Where another tool runs the files as they are,
// everything works, only slower.
func Migrations(d Dialect) ([]Migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	all := make([]Migration, 0, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, Migration{Version: i + 1, Name: name, Statements: statements(d, string(text))})
	}
	return all, nil
}

// statements cuts a file into its statements; none has a semicolon inside.
func statements(d Dialect, text string) []string {
	var plain strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "--") {
			plain.WriteString(line)
		}
	}
	var all []string
	for statement := range strings.SplitSeq(plain.String(), ";\n") {
		if statement = strings.TrimSpace(statement); statement == "" {
			continue
		}
		if strings.HasPrefix(statement, "CREATE TABLE") {
			if d == PostgreSQL {
				statement = byteOrder(statement)
			} else if clustered.MatchString(statement) {
				statement += " WITHOUT ROWID"
			}
		}
		all = append(all, statement)
	}
	return all
}

// clustered are the tables that SQLite keeps in the order of their keys. Of
// those with a second index for some of their rows, entries and holds, it
// would read the whole book by the key as long as it has no statistics.
var clustered = regexp.MustCompile(`^CREATE TABLE mizan_(book|sub|change|line|turnover) `)

// byteOrder gives every text column of a CREATE TABLE the order of its bytes.
func byteOrder(create string) string {
	lines := strings.Split(create, "\n")
	for i, line := range lines {
		if words := strings.Fields(line); len(words) > 1 && strings.TrimSuffix(words[1], ",") == "text" {
			lines[i] = strings.Replace(line, " text", ` text COLLATE "C"`, 1)
		}
	}
	return strings.Join(lines, "\n")
}

// The table of versions is the only one that belongs to no book.
const (
	createVersions = `CREATE TABLE IF NOT EXISTS mizan_schema (version integer NOT NULL, name text NOT NULL, PRIMARY KEY (version))`
	insertVersion  = `INSERT INTO mizan_schema (version, name) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING`
	selectVersion  = `SELECT max(version) FROM mizan_schema`
)

// Migrate brings the tables of a database up to [SchemaVersion], each step in
// a transaction of its own, and does nothing if they are. Several processes
// may run it at once. A database that is newer than this release is refused
// with a [*SchemaError] and left as it is.
func Migrate(ctx context.Context, db *sql.DB, d Dialect) error {
	if err := d.check(); err != nil {
		return err
	}
	switch found, err := schemaVersion(ctx, db, d); {
	case err != nil:
		return fmt.Errorf("sqlledger: migrate: %w", err)
	case found > SchemaVersion:
		return &SchemaError{Found: found, Want: SchemaVersion}
	case found == SchemaVersion: // who may not write may be here too
		return nil
	}
	if _, err := db.ExecContext(ctx, createVersions); err != nil {
		// Two processes that create it at the same moment can collide.
		if _, err = db.ExecContext(ctx, createVersions); err != nil {
			return fmt.Errorf("sqlledger: migrate: %w", err)
		}
	}
	steps, err := Migrations(d)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := step.run(ctx, db, d); err != nil {
			return fmt.Errorf("sqlledger: migrate: %s: %w", step.Name, err)
		}
	}
	return nil
}

// run carries a step out unless somebody has. The row of its version is
// written first: whoever else migrates waits for it.
func (m Migration) run(ctx context.Context, db *sql.DB, d Dialect) error {
	tx, err := db.BeginTx(ctx, d.writing())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	inserted, err := tx.ExecContext(ctx, d.text(insertVersion), m.Version, m.Name)
	if err != nil {
		return err
	}
	if n, err := inserted.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, statement := range m.Statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			first, _, _ := strings.Cut(statement, "\n")
			return fmt.Errorf("%s: %w", first, err)
		}
	}
	return tx.Commit()
}

// schemaVersion returns the version of the tables, 0 if there are none.
func schemaVersion(ctx context.Context, q Querier, d Dialect) (int, error) {
	if exists, err := number(ctx, q, d.hasSchema()); err != nil || exists == 0 {
		return 0, err
	}
	return number(ctx, q, selectVersion)
}

// Catalogue queries: a look at a table that is missing would end the host's
// transaction.
const (
	hasSchemaSQLite   = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'mizan_schema'`
	hasSchemaPostgres = `SELECT CASE WHEN to_regclass('mizan_schema') IS NULL THEN 0 ELSE 1 END`
)

func (d Dialect) hasSchema() string {
	if d == SQLite {
		return hasSchemaSQLite
	}
	return hasSchemaPostgres
}

// number asks for one number, 0 for NULL.
func number(ctx context.Context, q Querier, query string) (int, error) {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var n sql.NullInt64
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return int(n.Int64), rows.Err()
}
