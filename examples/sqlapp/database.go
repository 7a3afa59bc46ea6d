package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

//go:embed schema.sql
var schema string

// database is the one database of the application: its own tables and the
// books. They are in one database because only then does one COMMIT keep both.
type database struct {
	*sql.DB
	dialect sqlledger.Dialect
}

// openDatabase opens PostgreSQL if a dsn is given, else the SQLite file.
func openDatabase(ctx context.Context, dsn, file string) (*database, error) {
	db := &database{dialect: sqlledger.SQLite}
	driver, source := "sqlite", sqliteSource(file)
	if dsn != "" {
		db.dialect, driver, source = sqlledger.PostgreSQL, "pgx", dsn
	}
	var err error
	if db.DB, err = sql.Open(driver, source); err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(20) // what one process may take of the server
	db.SetMaxIdleConns(20)
	if err := db.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// sqliteSource asks for a log that readers do not wait for (WAL), for every
// commit to be on the disk before it is answered (FULL), and for patience with
// another writer.
func sqliteSource(file string) string {
	pragmas := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + pragmas.Encode()
}

// prepare creates what tables are missing: the books' and ours. Ours are only
// ever added to here; an application that has users numbers its changes and
// notes which have been made, as the books do.
func (db *database) prepare(ctx context.Context) error {
	if err := sqlledger.Migrate(ctx, db.DB, db.dialect); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // says nothing after Commit
	statements := strings.Split(schema, ";\n")
	if db.dialect == sqlledger.PostgreSQL {
		// IF NOT EXISTS looks before it leaps: of two processes that start at
		// once one would fail. A file of SQLite has one writer anyway.
		statements = append([]string{"SELECT pg_advisory_xact_lock(hashtext('app_schema'))"}, statements...)
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("schema: %w", err)
		}
	}
	return tx.Commit()
}

// store returns the store of the books in this database.
func (db *database) store() *sqlledger.Store {
	return sqlledger.Open(db.DB, sqlledger.Options{Dialect: db.dialect, Busy: busy})
}

// busy tells SQLITE_BUSY and SQLITE_LOCKED by the driver's own error: the one
// thing that the library cannot know of a driver.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == 5 || e.Code()&0xff == 6)
}

// text spells a statement for the dialect. Ours are written with $1, which
// SQLite would take for a name.
func (db *database) text(statement string) string {
	if db.dialect == sqlledger.SQLite {
		return strings.ReplaceAll(statement, "$", "?")
	}
	return statement
}

// querier is a transaction, or the database where one statement is enough.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// queries are our statements in one dialect on one querier.
type queries struct {
	ctx context.Context
	db  *database
	on  querier
}

func (q queries) exec(statement string, args ...any) error {
	_, err := q.on.ExecContext(q.ctx, q.db.text(statement), args...)
	return err
}

func (q queries) row(statement string, args ...any) *sql.Row {
	return q.on.QueryRowContext(q.ctx, q.db.text(statement), args...)
}

// all reads all rows of a query; scan reads one into its fields.
func all[T any](q queries, scan func(*T, func(...any) error) error, statement string, args ...any) ([]T, error) {
	rows, err := q.on.QueryContext(q.ctx, q.db.text(statement), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var one T
		if err := scan(&one, rows.Scan); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// insert writes rows, so many a statement that no engine's limit on parameters
// is met.
func (q queries) insert(table string, columns []string, rows [][]any) error {
	const most = 100
	for len(rows) > 0 {
		some := rows[:min(most, len(rows))]
		rows = rows[len(some):]
		var b strings.Builder
		fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ", "))
		args := make([]any, 0, len(some)*len(columns))
		for i, row := range some {
			separator := ", ("
			if i == 0 {
				separator = "("
			}
			for _, value := range row {
				args = append(args, value)
				fmt.Fprintf(&b, "%s$%d", separator, len(args))
				separator = ", "
			}
			b.WriteString(")")
		}
		if err := q.exec(b.String(), args...); err != nil {
			return err
		}
	}
	return nil
}
