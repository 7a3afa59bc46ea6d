-- The books of any number of cooperatives. One text for SQLite, PostgreSQL and
-- its sharded relatives: every key, foreign key and index begins with book_id,
-- nothing is unique across books, and nothing is computed by the database.
--
-- What every post writes (changes, entries, lines, turnovers) has no foreign
-- keys: one flush writes all of it under the book's lock, Check looks for what
-- is missing, and looking up the referents row by row would take longer than
-- writing the rows. What is written seldom has them.
--
-- Amounts are whole minor units (sen), debit positive. Texts that are keys sort
-- by their bytes: on PostgreSQL the columns get COLLATE "C", see doc.go.

-- Where each book stands. The row is the lock of the one writer. Recounts is
-- how often turnovers were replaced: no change says so, and who keeps what they
-- were reads them again.
CREATE TABLE mizan_book (
  book_id             text     NOT NULL,
  currency            text     NOT NULL,
  digits              smallint NOT NULL,
  change_no           bigint   NOT NULL,
  entry_no            bigint   NOT NULL,
  digest              text     NOT NULL,
  closed_through      date,
  soft_closed_through date,
  recounts            bigint   NOT NULL,
  PRIMARY KEY (book_id),
  CHECK (change_no >= 0 AND entry_no >= 0 AND entry_no <= change_no)
);

CREATE TABLE mizan_account (
  book_id  text     NOT NULL,
  code     text     NOT NULL,
  name     text     NOT NULL,
  name_en  text     NOT NULL,
  kind     text     NOT NULL,
  normal   text     NOT NULL,
  control  smallint NOT NULL,
  header   smallint NOT NULL,
  has_hard smallint NOT NULL,
  hard     bigint   NOT NULL,
  has_soft smallint NOT NULL,
  soft     bigint   NOT NULL,
  retired  smallint NOT NULL,
  PRIMARY KEY (book_id, code),
  FOREIGN KEY (book_id) REFERENCES mizan_book (book_id)
);

-- One row for each account and sub key; the sub is empty on accounts without
-- subs. Where it stands is the balance of its last turnover, and kept nowhere else.
CREATE TABLE mizan_sub (
  book_id  text     NOT NULL,
  code     text     NOT NULL,
  sub      text     NOT NULL,
  opened   smallint NOT NULL,
  holder   text     NOT NULL,
  has_hard smallint NOT NULL,
  hard     bigint   NOT NULL,
  has_soft smallint NOT NULL,
  soft     bigint   NOT NULL,
  block    text     NOT NULL,
  PRIMARY KEY (book_id, code, sub),
  FOREIGN KEY (book_id, code) REFERENCES mizan_account (book_id, code)
);

-- The single history: numbers without gaps, each digest over the one before.
-- The first change under a key stands for the key's command, whose kind and
-- content are its own, and says which change was the command's last.
CREATE TABLE mizan_change (
  book_id        text      NOT NULL,
  change_no      bigint    NOT NULL,
  kind           text      NOT NULL,
  recorded_at    timestamp NOT NULL,
  idem_key       text      NOT NULL,
  command        text      NOT NULL,
  command_digest text,
  content_digest text      NOT NULL,
  digest         text      NOT NULL,
  entry_no       bigint,
  document       text,
  last_change    bigint,
  PRIMARY KEY (book_id, change_no)
);

CREATE UNIQUE INDEX mizan_change_key ON mizan_change (book_id, idem_key) WHERE last_change IS NOT NULL;

CREATE TABLE mizan_entry (
  book_id        text     NOT NULL,
  seq            bigint   NOT NULL,
  change_no      bigint   NOT NULL,
  on_date        date     NOT NULL,
  phase          smallint NOT NULL,
  memo           text     NOT NULL,
  document       text     NOT NULL,
  maker          text     NOT NULL,
  approver       text     NOT NULL,
  source_kind    text     NOT NULL,
  source_id      text     NOT NULL,
  source_version bigint   NOT NULL,
  source_event   text     NOT NULL,
  waiver         text     NOT NULL,
  reverses       bigint,
  imported       smallint NOT NULL,
  PRIMARY KEY (book_id, seq),
  FOREIGN KEY (book_id, reverses) REFERENCES mizan_entry (book_id, seq)
);

CREATE UNIQUE INDEX mizan_entry_reverses ON mizan_entry (book_id, reverses) WHERE reverses IS NOT NULL;

CREATE INDEX mizan_entry_source ON mizan_entry (book_id, source_kind, source_id, seq) WHERE source_kind <> '';

CREATE TABLE mizan_line (
  book_id  text     NOT NULL,
  seq      bigint   NOT NULL,
  line_no  integer  NOT NULL,
  code     text     NOT NULL,
  sub      text     NOT NULL,
  amount   bigint   NOT NULL,
  on_date  date     NOT NULL,
  phase    smallint NOT NULL,
  party    text     NOT NULL,
  standing smallint NOT NULL,
  activity smallint NOT NULL,
  PRIMARY KEY (book_id, seq, line_no),
  CHECK (amount <> 0)
);

CREATE INDEX mizan_line_by_date ON mizan_line (book_id, code, sub, on_date, seq, line_no);

CREATE INDEX mizan_line_party ON mizan_line (book_id, party, seq, line_no) WHERE party <> '';

-- What moved on a day and phase, and the balance after it.
CREATE TABLE mizan_turnover (
  book_id text     NOT NULL,
  code    text     NOT NULL,
  sub     text     NOT NULL,
  on_date date     NOT NULL,
  phase   smallint NOT NULL,
  debit   bigint   NOT NULL,
  credit  bigint   NOT NULL,
  balance bigint   NOT NULL,
  PRIMARY KEY (book_id, code, sub, on_date, phase)
);

-- Contracts: every version of each. The insert's key is its compare-and-set.
CREATE TABLE mizan_record (
  book_id   text    NOT NULL,
  kind      text    NOT NULL,
  id        text    NOT NULL,
  version   integer NOT NULL,
  change_no bigint  NOT NULL,
  event     text    NOT NULL,
  data      text    NOT NULL,
  format    integer NOT NULL,
  state     text    NOT NULL,
  PRIMARY KEY (book_id, kind, id, version),
  FOREIGN KEY (book_id, change_no) REFERENCES mizan_change (book_id, change_no)
);

CREATE UNIQUE INDEX mizan_record_change ON mizan_record (book_id, change_no);

CREATE TABLE mizan_hold (
  book_id     text   NOT NULL,
  idem_key    text   NOT NULL,
  code        text   NOT NULL,
  sub         text   NOT NULL,
  amount      bigint NOT NULL,
  left_amount bigint NOT NULL,
  from_date   date   NOT NULL,
  until_date  date,
  reason      text   NOT NULL,
  held_by     text   NOT NULL,
  PRIMARY KEY (book_id, idem_key),
  FOREIGN KEY (book_id, code, sub) REFERENCES mizan_sub (book_id, code, sub)
);

CREATE INDEX mizan_hold_sub ON mizan_hold (book_id, code, sub) WHERE left_amount <> 0;

CREATE TABLE mizan_assertion (
  book_id     text   NOT NULL,
  change_no   bigint NOT NULL,
  idem_key    text   NOT NULL,
  code        text   NOT NULL,
  sub         text   NOT NULL,
  on_date     date   NOT NULL,
  balance     bigint NOT NULL,
  document    text   NOT NULL,
  asserted_by text   NOT NULL,
  PRIMARY KEY (book_id, change_no),
  FOREIGN KEY (book_id, change_no) REFERENCES mizan_change (book_id, change_no)
);

-- The journal for people and their tools: exact decimal amounts as text, and
-- the minor units to add up.
CREATE VIEW mizan_journal AS
SELECT l.book_id, l.seq, l.line_no, l.on_date,
  CASE l.phase WHEN 0 THEN 'ordinary' WHEN 1 THEN 'adjusting' ELSE 'closing' END AS phase,
  e.memo, e.document, l.code, a.name AS account, l.sub,
  CASE WHEN l.amount < 0 THEN '-' ELSE '' END ||
    CASE b.digits
      WHEN 0 THEN CAST(abs(l.amount) AS text)
      WHEN 1 THEN CAST(abs(l.amount) / 10 AS text) || '.' || substr(CAST(10 + abs(l.amount) % 10 AS text), 2)
      WHEN 2 THEN CAST(abs(l.amount) / 100 AS text) || '.' || substr(CAST(100 + abs(l.amount) % 100 AS text), 2)
      WHEN 3 THEN CAST(abs(l.amount) / 1000 AS text) || '.' || substr(CAST(1000 + abs(l.amount) % 1000 AS text), 2)
      ELSE CAST(abs(l.amount) / 10000 AS text) || '.' || substr(CAST(10000 + abs(l.amount) % 10000 AS text), 2)
    END AS amount,
  l.amount AS minor, b.currency, l.party, e.source_kind, e.source_id, e.reverses
FROM mizan_line l
JOIN mizan_book b ON b.book_id = l.book_id
JOIN mizan_entry e ON e.book_id = l.book_id AND e.seq = l.seq
JOIN mizan_account a ON a.book_id = l.book_id AND a.code = l.code;
