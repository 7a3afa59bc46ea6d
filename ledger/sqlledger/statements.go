package sqlledger

// Every statement names one book: book_id = $1. A test holds each to it.
//
// Many look up what belongs to a row they have: its change, its entry, its
// lines. Such a look-up is fenced (LATERAL with LIMIT or OFFSET), so that
// PostgreSQL has no other plan than one look into an index for each row:
// without statistics, as after a large import, or with a plan that it made
// while the tables were small, it would rather read the whole book and sort
// it. SQLite looks up row by row anyway, and is sent plain joins.

const headColumns = `currency, digits, change_no, entry_no, digest, closed_through, soft_closed_through, recounts`

const (
	// lockBook is the first statement of every write: it takes the lock that
	// makes one writer of many, and reads the head under it.
	lockBook = `UPDATE mizan_book SET change_no = change_no WHERE book_id = $1 RETURNING ` + headColumns
	// placeBook gives a book that does not exist yet a row to lock. Its change
	// number 0 means that there is none.
	placeBook = `INSERT INTO mizan_book (book_id, currency, digits, change_no, entry_no, digest, recounts)
VALUES ($1, '', 0, 0, 0, '', 0) ON CONFLICT (book_id) DO NOTHING`
	displaceBook = `DELETE FROM mizan_book WHERE book_id = $1 AND change_no = 0`
	readHead     = `SELECT ` + headColumns + ` FROM mizan_book WHERE book_id = $1`
	// moveHead is the last statement of every write, and compares and sets: if
	// the lock was lost, it touches no row.
	moveHead = `UPDATE mizan_book SET currency = %s, digits = %s, change_no = %s, entry_no = %s, digest = %s,
closed_through = %s, soft_closed_through = %s WHERE book_id = $1 AND change_no = %s`
	// flushPart ends a statement that writes a part of a long batch.
	flushPart = `SELECT count(*) FROM mizan_book WHERE book_id = $1`
	isolation = `SELECT current_setting('transaction_isolation')`
)

const accountColumns = `code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired`

const (
	listAccounts = `SELECT ` + accountColumns + ` FROM mizan_account WHERE book_id = $1 AND code > $2 ORDER BY code LIMIT $3`
	findAccounts = `SELECT ` + accountColumns + ` FROM mizan_account WHERE book_id = $1 AND code IN (%s)`
)

const (
	// A sub's last day and balance are those of its last turnover.
	subColumns = `s.sub, s.opened, s.holder, s.has_hard, s.hard, s.has_soft, s.soft, s.block,
COALESCE((SELECT t.balance FROM mizan_turnover t WHERE t.book_id = $1 AND t.code = $2 AND t.sub = s.sub ORDER BY t.on_date DESC, t.phase DESC LIMIT 1), 0),
(SELECT t.on_date FROM mizan_turnover t WHERE t.book_id = $1 AND t.code = $2 AND t.sub = s.sub ORDER BY t.on_date DESC LIMIT 1)`
	listSubs = `SELECT ` + subColumns + `
FROM mizan_sub s WHERE s.book_id = $1 AND s.code = $2 AND s.sub > $3 ORDER BY s.sub LIMIT $4`
	// firstSub lists from the very beginning: the empty sub is one too.
	firstSubs = `SELECT ` + subColumns + `
FROM mizan_sub s WHERE s.book_id = $1 AND s.code = $2 ORDER BY s.sub LIMIT $3`
	listTurnovers = `SELECT on_date, phase, debit, credit, balance
FROM mizan_turnover WHERE book_id = $1 AND code = $2 AND sub = $3 AND on_date <= $4 AND on_date >= $5 AND (on_date > $5 OR phase > $6)
ORDER BY on_date, phase LIMIT $7`
)

// The bulletin answers in one statement all that a flush will ask: for every
// asked sub its row and its turnovers from the asked day on, those of the last
// day before among them (what = 0), and every asked key that was used before
// (what = 1).
//
// Each part is fenced; with EXISTS in place of the sub-select of one row
// PostgreSQL would read all holds of the book. The arrays come out of
// sub-selects so that their lengths are no part of a plan either: otherwise
// the server finds a plan of its own for each length cheaper than the one it
// has, and makes it anew for every post, which takes longer than the answer.
// The rows come in any order: sorting them would cost SQLite a table of its own.
const (
	bulletinSubs = `SELECT 0 AS what, a.ord AS ord, s.opened AS opened, s.holder AS holder, s.has_hard AS has_hard, s.hard AS hard,
s.has_soft AS has_soft, s.soft AS soft, s.block AS block,
COALESCE((SELECT 1 FROM mizan_hold h WHERE h.book_id = $1 AND h.code = a.code AND h.sub = a.sub AND h.left_amount <> 0 LIMIT 1), 0) AS held,
%s AS on_date, t.phase AS phase, t.debit AS debit, t.credit AS credit, t.balance AS balance, '' AS digest
FROM %s`
	// PostgreSQL gives a day as text in whatever style the connection has, SQLite
	// as it stands there; as a day SQLite's drivers are slow to read it.
	dayPostgres   = `t.on_date`
	daySQLite     = `CAST(t.on_date AS text)`
	askedPostgres = `unnest((SELECT $2::text[]), (SELECT $3::text[]), (SELECT $4::date[])) WITH ORDINALITY AS a (code, sub, since, ord)
CROSS JOIN LATERAL (SELECT * FROM mizan_sub s WHERE s.book_id = $1 AND s.code = a.code AND s.sub = a.sub LIMIT 1) s
LEFT JOIN LATERAL (SELECT * FROM mizan_turnover t WHERE t.book_id = $1 AND t.code = a.code AND t.sub = a.sub AND t.on_date >= ` + dayBefore + `
  OFFSET 0) t ON true`
	askedSQLite = `(SELECT key AS ord, value ->> 0 AS code, value ->> 1 AS sub, value ->> 2 AS since FROM json_each($2)) a
CROSS JOIN mizan_sub s ON s.book_id = $1 AND s.code = a.code AND s.sub = a.sub
LEFT JOIN mizan_turnover t ON t.book_id = $1 AND t.code = a.code AND t.sub = a.sub AND t.on_date >= ` + dayBefore
	dayBefore = `COALESCE((SELECT x.on_date FROM mizan_turnover x WHERE x.book_id = $1 AND x.code = a.code AND x.sub = a.sub AND x.on_date < a.since
  ORDER BY x.on_date DESC LIMIT 1), a.since)`

	bulletinKeys = `SELECT 1, 0, 0, c.idem_key, 0, c.change_no, 0, c.last_change, c.command, 0, NULL, 0, 0, 0, 0,
COALESCE(c.command_digest, c.content_digest)
FROM %s`
	keysPostgres = `unnest((SELECT $%d::text[])) AS k (idem_key)
CROSS JOIN LATERAL (SELECT * FROM mizan_change c WHERE c.book_id = $1 AND c.idem_key = k.idem_key AND c.last_change IS NOT NULL LIMIT 1) c`
	keysSQLite = `json_each($%d) k
CROSS JOIN mizan_change c ON c.book_id = $1 AND c.idem_key = k.value AND c.last_change IS NOT NULL`
)

// What a balance at a day and as of a change is made of.
const (
	balanceAt = `SELECT balance FROM mizan_turnover WHERE book_id = $1 AND code = $2 AND sub = $3 AND (on_date, phase) <= ($4, $5)
ORDER BY on_date DESC, phase DESC LIMIT 1`
	movedSince = `SELECT ` + sumOfLines + ` FROM mizan_line l
WHERE l.book_id = $1 AND l.code = $2 AND l.sub = $3 AND l.on_date <= $4 AND (l.on_date < $4 OR l.phase <= $5) AND l.seq > $6`
	// movedLately reads the lines of the latest entries, by number: COALESCE
	// keeps it from the index by account, and a range with two ends from being
	// taken for a third of the table.
	movedLately = `SELECT ` + sumOfLines + ` FROM mizan_line l
WHERE l.book_id = $1 AND l.seq > $6 AND l.seq <= $7 AND COALESCE(l.code, '') = $2 AND COALESCE(l.sub, '') = $3
AND l.on_date <= $4 AND (l.on_date < $4 OR l.phase <= $5)`
	sumOfLines = `CAST(COALESCE(sum(l.amount / 1073741824), 0) AS bigint), CAST(COALESCE(sum(l.amount % 1073741824), 0) AS bigint)`
)

const (
	findCommand = `SELECT c.change_no, c.last_change, c.command, COALESCE(c.command_digest, c.content_digest)
FROM mizan_change c WHERE c.book_id = $1 AND c.idem_key = $2 AND c.last_change IS NOT NULL`

	// A hold's change says when it was made; holds are listed in that order.
	holdColumns = `h.idem_key, h.code, h.sub, h.amount, h.left_amount, h.from_date, h.until_date, h.reason, h.held_by`
	findHold    = `SELECT ` + holdColumns + ` FROM mizan_hold h WHERE h.book_id = $1 AND h.idem_key = $2`
	holdsOfSub  = `SELECT ` + holdColumns + ` FROM mizan_hold h
LEFT JOIN LATERAL (SELECT * FROM mizan_change m WHERE m.book_id = $1 AND m.idem_key = h.idem_key AND m.last_change IS NOT NULL LIMIT 1) m ON true
LEFT JOIN LATERAL (SELECT * FROM mizan_change c WHERE c.book_id = $1 AND c.change_no BETWEEN m.change_no AND m.last_change
  AND c.idem_key = h.idem_key AND c.kind = 'hold' LIMIT 1) c ON true
WHERE h.book_id = $1 AND h.code = $2 AND h.sub = $3 AND h.left_amount <> 0
ORDER BY COALESCE(c.change_no, 0), h.idem_key`

	// An assertion counts only under a change that made one. The change is
	// looked up by its number: as a join, the server would look for all changes
	// of the kind first, and there is no index of kinds.
	listAssertions = `SELECT a.change_no, a.idem_key, a.code, a.sub, a.on_date, a.balance, a.document, a.asserted_by FROM mizan_assertion a
WHERE a.book_id = $1 AND a.change_no > $2
AND (SELECT c.kind FROM mizan_change c WHERE c.book_id = $1 AND c.change_no = a.change_no) = 'assertion' ORDER BY a.change_no LIMIT $3`

	recordColumns = `r.kind, r.id, r.version, r.event, r.data, r.format, r.state, r.change_no, COALESCE(c.idem_key, ''), c.recorded_at`
	recordJoin    = ` FROM mizan_record r LEFT JOIN LATERAL (SELECT * FROM mizan_change c WHERE c.book_id = $1 AND c.change_no = r.change_no LIMIT 1) c ON true`
	latestRecord  = `SELECT ` + recordColumns + recordJoin + ` WHERE r.book_id = $1 AND r.kind = $2 AND r.id = $3 ORDER BY r.version DESC LIMIT 1`
	findRecord    = `SELECT ` + recordColumns + recordJoin + ` WHERE r.book_id = $1 AND r.kind = $2 AND r.id = $3 AND r.version = $4`
	listRecords   = `SELECT ` + recordColumns + recordJoin + ` WHERE r.book_id = $1 AND r.kind = $2 AND r.id > $3
AND r.version = (SELECT max(x.version) FROM mizan_record x WHERE x.book_id = $1 AND x.kind = r.kind AND x.id = r.id)
ORDER BY r.id LIMIT $4`
	recordsOfChanges = `SELECT ` + recordColumns + recordJoin + ` WHERE r.book_id = $1 AND r.change_no BETWEEN $2 AND $3 ORDER BY r.change_no`
)

const (
	changeColumns = `c.change_no, c.kind, c.recorded_at, c.idem_key, c.command, COALESCE(c.command_digest, c.content_digest), c.content_digest,
c.digest, COALESCE(c.entry_no, 0), COALESCE(c.document, '')`
	entryColumns = `COALESCE(e.seq, 0), COALESCE(e.change_no, 0), e.on_date, COALESCE(e.phase, 0), COALESCE(e.memo, ''), COALESCE(e.document, ''),
COALESCE(e.maker, ''), COALESCE(e.approver, ''), COALESCE(e.source_kind, ''), COALESCE(e.source_id, ''), COALESCE(e.source_version, 0),
COALESCE(e.source_event, ''), COALESCE(e.waiver, ''), COALESCE(e.reverses, 0), COALESCE(e.imported, 0)`
	listChanges = `SELECT ` + changeColumns + `, ` + entryColumns + `
FROM mizan_change c LEFT JOIN LATERAL (SELECT * FROM mizan_entry e WHERE e.book_id = $1 AND e.seq = c.entry_no LIMIT 1) e ON true
WHERE c.book_id = $1 AND c.change_no >= $2 ORDER BY c.change_no LIMIT $3`
	findEntry = `SELECT ` + entryColumns + `, COALESCE(c.idem_key, ''), c.recorded_at, COALESCE(c.digest, ''),
COALESCE((SELECT x.seq FROM mizan_entry x WHERE x.book_id = $1 AND x.reverses = $2), 0)
FROM mizan_entry e LEFT JOIN LATERAL (SELECT * FROM mizan_change c WHERE c.book_id = $1 AND c.change_no = e.change_no LIMIT 1) c ON true
WHERE e.book_id = $1 AND e.seq = $2`
	linesOfEntries = `SELECT seq, line_no, code, sub, amount, party, standing, activity
FROM mizan_line WHERE book_id = $1 AND seq <= $2 AND (seq, line_no) > ($3, $4) ORDER BY seq, line_no LIMIT $5`
	// entryBefore finds the last entry on or before a change: entry numbers
	// rise with change numbers, so lines written since are those above it.
	entryBefore = `SELECT entry_no FROM mizan_change WHERE book_id = $1 AND change_no <= $2 AND entry_no IS NOT NULL ORDER BY change_no DESC LIMIT 1`

	lineColumns = `l.seq, l.line_no, l.code, l.sub, l.amount, l.on_date, l.phase, l.party, l.standing, l.activity,
e.change_no, e.memo, e.source_kind, e.source_id, e.source_version, e.source_event, COALESCE(c.idem_key, '')`
	// listLines reads one page of lines before it looks up what belongs to
	// them: joined first, the server may read the entries from the book's
	// beginning for every page.
	listLines  = `SELECT ` + lineColumns + ` FROM (SELECT * FROM mizan_line l WHERE l.book_id = $1`
	ofTheLines = `) l CROSS JOIN LATERAL (SELECT * FROM mizan_entry e WHERE e.book_id = $1 AND e.seq = l.seq LIMIT 1) e
LEFT JOIN LATERAL (SELECT * FROM mizan_change c WHERE c.book_id = $1 AND c.change_no = e.change_no LIMIT 1) c ON true`
	// linesOfSource begins with the entries of the source, which for both
	// engines must be a table of its own to stay in front.
	linesOfSource = `SELECT ` + lineColumns + ` FROM (SELECT * FROM mizan_entry e WHERE e.book_id = $1`
	ofTheEntries  = ` LIMIT 9223372036854775807) e CROSS JOIN LATERAL (SELECT * FROM mizan_line l WHERE l.book_id = $1 AND l.seq = e.seq OFFSET 0) l
LEFT JOIN LATERAL (SELECT * FROM mizan_change c WHERE c.book_id = $1 AND c.change_no = e.change_no LIMIT 1) c ON true
WHERE l.book_id = $1`
)

const (
	countRecount    = `UPDATE mizan_book SET recounts = recounts + 1 WHERE book_id = $1`
	deleteTurnovers = `DELETE FROM mizan_turnover WHERE book_id = $1 AND code = $2 AND sub = $3`
	insertBareSub   = `INSERT INTO mizan_sub (book_id, code, sub, opened, holder, has_hard, hard, has_soft, soft, block)
VALUES ($1, $2, $3, 0, '', 0, 0, 0, 0, 'none') ON CONFLICT (book_id, code, sub) DO NOTHING`
)
