package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// settings are ways in which a host, an administrator or a pooler may have set
// up connections. None changes what is written or read.
var settings = map[sqlledger.Dialect][]string{
	sqlledger.PostgreSQL: {
		"default_query_exec_mode=simple_protocol", // as behind a pooler, without prepared statements
		"default_query_exec_mode=exec",
		"default_query_exec_mode=cache_describe",
		"default_query_exec_mode=describe_exec",
		"DateStyle='SQL, DMY'",
		"DateStyle='German, DMY'",
		"DateStyle='Postgres, MDY'",
		"TimeZone=Asia/Jakarta",
		"TimeZone=Asia/Jakarta default_query_exec_mode=simple_protocol",
		"IntervalStyle=sql_standard extra_float_digits=0 bytea_output=escape",
		"standard_conforming_strings=off backslash_quote=off",
		"standard_conforming_strings=off default_query_exec_mode=exec",
		"default_transaction_isolation=serializable",
		"default_transaction_isolation='repeatable read' default_transaction_deferrable=on",
		"client_encoding=LATIN1",
		"client_encoding=SQL_ASCII",
		"plan_cache_mode=force_generic_plan transform_null_equals=on",
		"statement_timeout=20000 lock_timeout=10000 idle_in_transaction_session_timeout=60000",
		"locale", // a database whose texts sort as people sort them
	},
	sqlledger.SQLite: {
		"foreign_keys(0)", "journal_mode(DELETE)", "journal_mode(TRUNCATE)&_pragma=locking_mode(EXCLUSIVE)", "busy_timeout(0)",
		"recursive_triggers(1)", "case_sensitive_like(1)", "defer_foreign_keys(1)", "reverse_unordered_selects(1)", "ignore_check_constraints(1)",
		"foreign_keys(1)&_txlock=immediate", "foreign_keys(1)&_txlock=deferred", "foreign_keys(1)&_txlock=exclusive",
		"foreign_keys(1)&_time_format=sqlite", "foreign_keys(1)&_time_integer_format=unix_milli", "foreign_keys(1)&_inttotime=1", "foreign_keys(1)&_texttotime=1",
		"foreign_keys(1)&mode=memory&cache=shared",
	},
}

// TestSettings writes one of everything, and texts that are awkward in SQL,
// over connections of every kind: all is as in memory.
func TestSettings(t *testing.T) {
	ctx := context.Background()
	want := awkward(t, ledger.NewMemory())
	onEach(t, func(t *testing.T, e engine) {
		for _, setting := range settings[e.dialect] {
			t.Run(setting, func(t *testing.T) {
				db := connected(t, e, setting)
				require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
				requireAwkward(t, e, db, want)
			})
		}
	})
}

func requireAwkward(t *testing.T, e engine, db *sql.DB, want string) {
	t.Helper()
	store := sqlledger.Open(db, e.options())
	require.Equal(t, want, awkward(t, store))
	for _, id := range []string{"kspps-melati", awkwardBook} {
		book, err := ledger.Open(context.Background(), store, config(id))
		require.NoError(t, err)
		requireInvariants(t, db, book)
	}
}

// connected returns a handle on a new database whose connections have a setting.
func connected(t *testing.T, e engine, setting string) *sql.DB {
	t.Helper()
	driver, address := addressed(t, e, setting)
	return openHandle(t, driver, address)
}

// addressed returns the address of a new database with a setting of its
// connections, and the driver for it.
func addressed(t *testing.T, e engine, setting string) (driver, address string) {
	t.Helper()
	switch {
	case e.dialect == sqlledger.SQLite:
		return "sqlite", "file:" + t.TempDir() + "/books.db?_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)&_pragma=" + setting
	case setting == "locale":
		server := postgres(t)
		name := fmt.Sprintf("people%d", server.count.Add(1))
		admin := openHandle(t, "pgx", server.address("public"))
		_, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'id-u-kn-true'")
		require.NoError(t, err)
		return "pgx", strings.Replace(server.address("public"), "dbname=postgres", "dbname="+name, 1)
	}
	return "pgx", postgres(t).schema(t) + " " + setting
}

// TestMigrateAtOnce has several processes migrate one new database at the same
// moment, at the level that their connections bring along.
func TestMigrateAtOnce(t *testing.T) {
	levels := map[sqlledger.Dialect][]string{
		sqlledger.PostgreSQL: {"default_transaction_isolation=serializable", "default_transaction_isolation='repeatable read'", "default_query_exec_mode=simple_protocol"},
		sqlledger.SQLite:     {"foreign_keys(1)", "journal_mode(WAL)", "foreign_keys(1)&_txlock=immediate"},
	}
	onEach(t, func(t *testing.T, e engine) {
		for range 5 {
			for _, level := range levels[e.dialect] {
				driver, address := addressed(t, e, level)
				failed := make(chan error)
				const processes = 6
				for range processes {
					db := openHandle(t, driver, address)
					go func() { failed <- sqlledger.Migrate(context.Background(), db, e.dialect) }()
				}
				for range processes {
					require.NoError(t, <-failed, level)
				}
				create(t, sqlledger.Open(openHandle(t, driver, address), e.options()), "kspps-melati")
			}
		}
	})
}

// TestMigrateHalfWay fails in the last statement of a step: nothing of the step
// is left, no book opens, and the next run does all of it.
func TestMigrateHalfWay(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		db, _ := e.open(t)
		_, err := db.Exec("CREATE TABLE mizan_journal (n integer)") // where the view goes
		require.NoError(t, err)
		require.ErrorContains(t, sqlledger.Migrate(ctx, db, e.dialect), "mizan_journal")
		for _, table := range tamperTables(t) {
			_, err := db.Exec("SELECT 1 FROM " + table.name)
			require.Error(t, err, table.name)
		}
		store := sqlledger.Open(db, e.options())
		_, err = ledger.Create(ctx, store, config("kspps-melati"))
		require.ErrorIs(t, err, sqlledger.ErrSchema)
		_, err = db.Exec("DROP TABLE mizan_journal")
		require.NoError(t, err)
		require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
		requireInvariants(t, db, create(t, store, "kspps-melati"))
	})
}

// TestSettingsRefused has connections on which no amount or day could be told
// from another: the database or its driver refuses, and no book is there.
func TestSettingsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := context.Background()
		if e.dialect == sqlledger.SQLite {
			t.Skip("SQLite has no such settings")
		}
		for _, setting := range []string{"array_nulls=off", "default_transaction_read_only=on"} {
			address := postgres(t).schema(t)
			plain := openHandle(t, "pgx", address)
			require.NoError(t, sqlledger.Migrate(ctx, plain, e.dialect))
			db := openHandle(t, "pgx", address+" "+setting)
			require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect), "there is nothing to do")
			_, err := ledger.Create(ctx, sqlledger.Open(db, e.options()), config("kspps-melati"))
			require.Error(t, err, setting)
			_, err = ledger.Open(ctx, sqlledger.Open(db, e.options()), config("kspps-melati"))
			require.ErrorIs(t, err, ledger.ErrNoBook, setting)
			book := create(t, sqlledger.Open(plain, e.options()), "kspps-melati")
			requireInvariants(t, plain, book)
		}
		// Days as text in another order than the driver takes them for.
		text := openHandle(t, "pgx", postgres(t).schema(t)+" DateStyle='SQL, DMY' default_query_exec_mode=simple_protocol")
		require.NoError(t, sqlledger.Migrate(ctx, text, e.dialect))
		book := create(t, sqlledger.Open(text, e.options()), "kspps-melati")
		_, err := book.Post(ctx, deposit("T1", "M1"))
		if err == nil { // and another process has to read the day
			book, err = ledger.Open(ctx, sqlledger.Open(text, e.options()), config("kspps-melati"))
			require.NoError(t, err)
			_, err = book.Post(ctx, deposit("T2", "M1"))
		}
		require.ErrorContains(t, err, "date")
	})
}

// TestPlainFiles has another tool run the migrations as they stand in their
// files, and write the version.
func TestPlainFiles(t *testing.T) {
	ctx := context.Background()
	want := awkward(t, ledger.NewMemory())
	onEach(t, func(t *testing.T, e engine) {
		db, _ := e.open(t)
		_, err := db.Exec("CREATE TABLE mizan_schema (version integer NOT NULL, name text NOT NULL, PRIMARY KEY (version))")
		require.NoError(t, err)
		steps, err := sqlledger.Migrations(e.dialect)
		require.NoError(t, err)
		for _, step := range steps {
			text, err := os.ReadFile("../" + step.Name)
			require.NoError(t, err)
			_, err = db.Exec(string(text))
			require.NoError(t, err)
			_, err = db.Exec("INSERT INTO mizan_schema (version, name) VALUES ($1, $2)", step.Version, step.Name)
			require.NoError(t, err)
		}
		require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
		requireAwkward(t, e, db, want)
	})
}

// awkwardBook is a book's id with every sign in it that means something to
// somebody.
const awkwardBook = "k\"s\\p{},'\u2603 %s$1?1"

// awkwardTexts mean something to SQL, to the literal of an array, to JSON or to
// a format, or are long or of letters of many bytes.
var awkwardTexts = []string{
	`a"b`, `a\b`, `{a,b}`, `'`, `''`, `\'`, `NULL`, `null`, `$1`, `?1`, "\u2603 \U0001F54C", `a,b`, `x  y`, `\\"`, `%s`, `{}`, `{"a":1}`, `--`, `;`, `/*`,
	strings.Repeat("üa\"\\", 180),
}

// awkward keeps one of everything in a book, and awkward texts in another with
// the first and the last day and the largest amounts. It returns what is read.
func awkward(t *testing.T, store ledger.Store) string {
	t.Helper()
	ctx := context.Background()
	oneOfEverything(t, store)
	book := create(t, store, awkwardBook)
	days := []ledger.Date{ledger.On(1900, time.January, 1), ledger.On(9999, time.December, 31), ledger.On(2026, time.December, 11), ledger.On(2026, time.March, 2)}
	for i, text := range awkwardTexts {
		short := text[:min(len(text), 80)]
		e := deposit("key "+short, "M "+short)
		e.Memo, e.Document, e.Maker, e.Date = text, text, text, days[i%len(days)]
		e.Lines[1] = e.Lines[1].With(ledger.Party{Member: short, Standing: ledger.Member})
		_, err := book.Post(ctx, e)
		require.NoError(t, err, text)
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "record " + short, Kind: "order", ID: short, Version: 1, Event: "paid", Format: 1,
				Data: []byte(`{"a": "\u0000\"\\ü"}`), State: []byte(`["{}"]`)})
			return err
		}), text)
	}
	for i, sign := range []int64{1, -1} {
		largest := deposit(fmt.Sprint("largest", i), fmt.Sprint("largest", i))
		largest.Lines[0].Amount, largest.Lines[1].Amount = ledger.Minor(sign*ledger.MaxMoney), ledger.Minor(-sign*ledger.MaxMoney)
		largest.Lines[0].Account = "10103"
		_, err := book.Post(ctx, largest)
		require.NoError(t, err)
	}
	for _, text := range []string{"\x00", "a\x00b", "\xff", "a\xed\xa0\x80"} {
		refused := deposit("refused", "M1")
		refused.Memo = text
		_, err := book.Post(ctx, refused)
		require.Error(t, err, "%q", text)
	}
	return readBack(t, book)
}

// readBack lists what a book has.
func readBack(t *testing.T, book *ledger.Book) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		for ch, err := range tx.Changes(1) {
			require.NoError(t, err)
			fmt.Fprintln(&out, ch.Number, ch.Kind, ch.Recorded, ch.Key, ch.Digest)
			if ch.Posted != nil {
				fmt.Fprintf(&out, "%+v\n", *ch.Posted)
			}
		}
		for l, err := range tx.Lines(ledger.LineQuery{}) {
			require.NoError(t, err)
			fmt.Fprintf(&out, "%+v\n", l)
		}
		for s, err := range tx.Subs("30101", "") {
			require.NoError(t, err)
			fmt.Fprintf(&out, "%+v\n", s)
		}
		for r, err := range tx.Records("order", "") {
			require.NoError(t, err)
			fmt.Fprintf(&out, "%s %s %s %v\n", r.ID, r.Data, r.State, r.Recorded)
		}
		return nil
	}))
	return out.String()
}
