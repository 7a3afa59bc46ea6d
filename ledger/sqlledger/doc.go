// Package sqlledger keeps books in a SQL database: SQLite, PostgreSQL, and by
// the shape of its schema the engines of PostgreSQL's family that shard. It
// imports database/sql and no driver.
//
// # Two ways in
//
//	store := sqlledger.Open(db, sqlledger.Options{Dialect: sqlledger.PostgreSQL})
//	book, err := ledger.Open(ctx, store, config) // begins, commits and re-runs by itself
//
//	tx, err := db.BeginTx(ctx, nil)              // the host's own transaction
//	_, err = tx.ExecContext(ctx, "INSERT INTO orders ...")
//	book, err = ledger.Open(ctx, store.Bind(tx), config)
//	_, err = book.Post(ctx, entry)
//	err = tx.Commit()                            // both or neither
//
// [Store.Bind] neither commits nor runs anything again. What the book refuses
// leaves the host's transaction usable; if writing fails half way the error
// matches [ErrRollBack]. Hosts that want this package's retries around their
// own transaction use [Store.Retry].
//
// # One post
//
//	BEGIN                              READ COMMITTED
//	UPDATE mizan_book ... RETURNING    the lock of the one writer, and the head under it
//	SELECT ... UNION ALL ...           keys and subs of all who wait, in one statement
//	     the closures run, each in its caller's goroutine; refusals end here
//	WITH ... INSERT ... UPDATE         everything, the head last: compare and set
//	COMMIT
//
// Concurrent callers of one [ledger.Book] share such a transaction. On SQLite
// the fourth step is one statement a table and size, prepared once. Large
// batches go in statements of at most a thousand rows. Reading accounts costs
// nothing once they are known: they are kept while the head's digest says that
// nobody else has written. So is where the subs stand that were posted to
// lately, up to a bound: then the second statement asks for keys alone.
//
// # Reading
//
// A post and the opening of a book read a handful of rows, however long the
// book's history is. A balance at any date is one look into an index; as of an
// earlier change it is that less what was posted since. Lists are read in
// pages, each a range of an index that begins behind the last row of the page
// before. A View is one state of the database and keeps one connection until
// its closure returns; [ledger.Book.Lines] and [ledger.Book.Changes] keep
// nothing between pages, for readers that take their time. Whatever is read can
// be pinned to a change and read again as it was: balances as of it, lists up to
// it, since what is written is never changed. Two kinds of lists
// leave rows out on the way and are for reports: lines in the order they were
// written, of some days or of an account with all its subs; and the lines of
// all contracts of a kind.
//
// No plan of the rest depends on what the server knows of its tables. Still,
// whoever imports a large book does well to run ANALYZE afterwards instead of
// waiting for the server to do it: until then PostgreSQL takes the book for a
// short one and sorts what is left of it for every page of a list of all its
// lines.
//
// # Why nothing is lost or doubled
//
//  1. One writer a book: the first statement locks the book's row until the
//     end. It is an UPDATE, which SQLite takes too; there it takes the one
//     write lock of the file before anything is read.
//  2. Truth by keys: the numbers of changes, entries, lines and record versions
//     and the keys of commands are primary keys, one reversal an entry is a
//     unique index, and the head moves only from the number that was read. If
//     an engine's lock does not hold, a write fails and runs again.
//  3. Levels: READ COMMITTED to write, so that who waited for the lock reads
//     what the other has written; REPEATABLE READ to view, so that one View is
//     one state.
//  4. Run again: after 40001, 40P01, 55P03, a lost number (23505) or a busy
//     SQLite nothing was written. After a broken connection nothing was
//     written either, unless COMMIT had been sent: then nobody knows, and the
//     closure runs again because every command finds itself by its key. What
//     stays unknown after all attempts is a [*CommitError].
//  5. Cancelling a context ends a transaction up to COMMIT, never during it.
//
// What somebody has written into the tables that no book can have there is
// answered by a [*RowError], which names the table, the column and the row, and
// by [ledger.Book.Check]; never by a wrong figure that Check does not see.
//
// # Waiting for a bound transaction
//
// A bound transaction holds the book's lock until its host ends it. A post
// through the store waits for it like for any other writer; but in the same
// call chain it would wait for ever. Go does not say whose call chain a
// transaction belongs to, so the store remembers which books its bound
// transactions have locked, and a post that finds such a book waits at most
// [Options.BoundWait] and is then refused with [ErrBoundLock]. On SQLite a
// transaction that writes locks the file, and with it every book.
//
// A host that is told to roll back ([ErrRollBack]) and commits all the same
// commits nothing of what was being written: PostgreSQL refuses such a commit,
// and on SQLite every flush in a host's transaction stands behind a savepoint.
// What it had posted before in the same transaction is then there without the
// rest, which is why it should roll back.
//
// # Connections
//
// Nothing is expected of a connection but its search_path: its level, time
// zone, DateStyle, encoding and the way a driver sends statements (prepared or
// not, as behind a pooler) change nothing that is written or read. Where a
// driver reads days as text, as pgx does without prepared statements, it needs
// DateStyle ISO, which is PostgreSQL's own default, or fails; and array_nulls
// must be on, as it is.
//
// # Tables
//
// [Migrate] creates them. Other tools can run the files in migrations: on
// PostgreSQL in a database whose locale is C, or else as [Migrations] returns
// them, with an order of bytes for every text. All names begin with mizan_.
// Amounts are BIGINT minor units, debit positive. mizan_journal is a view for
// people, with exact decimal amounts.
//
// What is written seldom has foreign keys. Changes, entries, lines and
// turnovers, which every post writes in one statement, have none: looking their
// referents up row by row takes longer than writing them, and
// [ledger.Book.Check] finds what is missing.
//
// Every key, foreign key and index begins with book_id and every statement
// names one book, so that books can be spread over nodes. On Citus the
// operator runs, after Migrate and before the first book,
//
//	SELECT create_distributed_table('mizan_book', 'book_id');
//	SELECT create_distributed_table(t, 'book_id', colocate_with => 'mizan_book')
//	FROM unnest(ARRAY['mizan_account', 'mizan_sub', 'mizan_change', 'mizan_entry', 'mizan_line',
//	  'mizan_turnover', 'mizan_record', 'mizan_hold', 'mizan_assertion']) AS t;
//	SELECT create_reference_table('mizan_schema');
//
// Ids of books are the host's to choose. Where the engine splits tables by
// ranges of keys (CockroachDB) they should not all begin alike or rise with
// time, or all new books land on one node.
//
// Tested on: SQLite and PostgreSQL. Designed for, and not tested on: Citus,
// CockroachDB and YugabyteDB.
package sqlledger
