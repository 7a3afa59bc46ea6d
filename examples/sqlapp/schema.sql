-- The application's own tables, beside those of the books (mizan_...) in the
-- same database, so that one COMMIT keeps both. One text for SQLite and
-- PostgreSQL. Amounts are whole sen, as in the books; days are YYYY-MM-DD.

-- A cooperative, and what its list shows of its books: counted along with
-- every entry, in the entry's own transaction, so that a page over hundreds of
-- cooperatives does not open hundreds of books.
CREATE TABLE IF NOT EXISTS app_coop (
  id          text   NOT NULL,
  name        text   NOT NULL,
  place       text   NOT NULL,
  status      text   NOT NULL,
  since       text   NOT NULL,
  requests    bigint NOT NULL,
  last_member bigint NOT NULL,
  last_order  bigint NOT NULL,
  members     bigint NOT NULL,
  savings     bigint NOT NULL,
  financing   bigint NOT NULL,
  PRIMARY KEY (id),
  CHECK (status IN ('active', 'inactive'))
);

-- The year's result so far: income less expenses.
CREATE TABLE IF NOT EXISTS app_result (
  coop   text   NOT NULL,
  year   bigint NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (coop, year),
  FOREIGN KEY (coop) REFERENCES app_coop (id)
);

-- Persons. The books know a member by number alone, because they can forget
-- nothing; a name can be corrected here, and removed.
CREATE TABLE IF NOT EXISTS app_member (
  coop   text NOT NULL,
  number text NOT NULL,
  name   text NOT NULL,
  phone  text NOT NULL,
  joined text NOT NULL,
  PRIMARY KEY (coop, number),
  FOREIGN KEY (coop) REFERENCES app_coop (id)
);

-- The numbers of their identity cards (NIK), apart from the names: who may read
-- the one need not read the other. One person is one member of a cooperative.
CREATE TABLE IF NOT EXISTS app_identity (
  coop   text NOT NULL,
  nik    text NOT NULL,
  member text NOT NULL,
  PRIMARY KEY (coop, nik),
  FOREIGN KEY (coop, member) REFERENCES app_member (coop, number)
);

-- What the cooperative offers, and what it pays for it.
CREATE TABLE IF NOT EXISTS app_goods (
  coop text   NOT NULL,
  id   text   NOT NULL,
  name text   NOT NULL,
  kind text   NOT NULL,
  cost bigint NOT NULL,
  PRIMARY KEY (coop, id),
  FOREIGN KEY (coop) REFERENCES app_coop (id),
  CHECK (cost > 0)
);

-- How it may be paid: in so many months, for this margin in hundredths of a
-- percent of the cost. Zero months is a sale for cash.
CREATE TABLE IF NOT EXISTS app_plan (
  coop   text   NOT NULL,
  months bigint NOT NULL,
  margin bigint NOT NULL,
  PRIMARY KEY (coop, months),
  FOREIGN KEY (coop) REFERENCES app_coop (id),
  CHECK (months >= 0 AND margin >= 0)
);

-- Orders. The contract's terms, payments and balances are the books'; here is
-- what lists need. The id is the contract's.
CREATE TABLE IF NOT EXISTS app_order (
  coop    text   NOT NULL,
  id      text   NOT NULL,
  member  text   NOT NULL,
  goods   text   NOT NULL,
  months  bigint NOT NULL,
  price   bigint NOT NULL,
  state   text   NOT NULL,
  ordered text   NOT NULL,
  PRIMARY KEY (coop, id),
  FOREIGN KEY (coop, member) REFERENCES app_member (coop, number)
);

CREATE INDEX IF NOT EXISTS app_order_member ON app_order (coop, member);

-- Requests that were carried out, by the key that their form carried, with
-- what was answered. A row is written in the transaction of the work itself.
CREATE TABLE IF NOT EXISTS app_request (
  coop        text   NOT NULL,
  request_key text   NOT NULL,
  action      text   NOT NULL,
  content     text   NOT NULL,
  receipt     bigint NOT NULL,
  location    text   NOT NULL,
  message     text   NOT NULL,
  PRIMARY KEY (coop, request_key)
)
