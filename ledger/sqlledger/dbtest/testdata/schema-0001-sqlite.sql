-- A database of version 1 of the schema;
CREATE TABLE mizan_schema (version integer NOT NULL, name text NOT NULL, PRIMARY KEY (version));
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
) WITHOUT ROWID;
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
) WITHOUT ROWID;
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
) WITHOUT ROWID;
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
) WITHOUT ROWID;
CREATE INDEX mizan_line_by_date ON mizan_line (book_id, code, sub, on_date, seq, line_no);
CREATE INDEX mizan_line_party ON mizan_line (book_id, party, seq, line_no) WHERE party <> '';
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
) WITHOUT ROWID;
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
INSERT INTO mizan_schema (version, name) VALUES ('1', 'migrations/0001_books.sql');
INSERT INTO mizan_book (book_id, currency, digits, change_no, entry_no, digest, closed_through, soft_closed_through, recounts) VALUES ('kspps-melati', 'IDR', '2', '25', '4', '1cae811dda123862d2a32b1b4cef36717db50a1b0c1e81c34dc553769ce55d85', '2026-02-01', '2026-02-01', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '10000', 'Aset', '', 'asset', 'debit', '0', '1', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '10102', 'Kas Teller', '', 'asset', 'debit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '10103', 'Bank', '', 'asset', 'debit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '10409', 'Margin Ditangguhkan', '', 'asset', 'credit', '1', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '20101', 'Simpanan Wadiah', '', 'liability', 'credit', '1', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '30101', 'Simpanan Mudharabah', '', 'syirkah', 'credit', '1', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '40402', 'SHU Tahun Berjalan', '', 'equity', 'credit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '50101', 'Pendapatan', '', 'income', 'credit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '60101', 'Beban', '', 'expense', 'debit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '70001', 'Perlengkapan', 'Supplies', 'asset', 'debit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '99101', 'Wakalah', '', 'memorandum', 'debit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_account (book_id, code, name, name_en, kind, normal, control, header, has_hard, hard, has_soft, soft, retired) VALUES ('kspps-melati', '99199', 'Lawan Wakalah', '', 'memorandum', 'credit', '0', '0', '0', '0', '0', '0', '0');
INSERT INTO mizan_sub (book_id, code, sub, opened, holder, has_hard, hard, has_soft, soft, block) VALUES ('kspps-melati', '10102', '', '0', '', '0', '0', '0', '0', 'none');
INSERT INTO mizan_sub (book_id, code, sub, opened, holder, has_hard, hard, has_soft, soft, block) VALUES ('kspps-melati', '30101', 'M1', '1', 'A-1', '0', '0', '0', '0', 'none');
INSERT INTO mizan_sub (book_id, code, sub, opened, holder, has_hard, hard, has_soft, soft, block) VALUES ('kspps-melati', '30101', 'M2', '0', '', '0', '0', '0', '0', 'none');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '1', 'book', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', 'bc71af22ef0e564c996912ec7544e5dd4e0d880a7c5ea999b5d7d83e55a722f9', 'ae5a762cdfa0860f393a2df0e62973041239daeed173f3f35008f6186fba24cc', NULL, '{"id":"kspps-melati","currency":"IDR","digits":2}', '12');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '2', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '1fa11446e2c5f0537a9f9a0464baa6c31001ea329a784bfa7e2d0b4b7c66e77a', 'a1aef79ded51fc14d65a6e490f89d0111bdad38999b79ca3195da315fcf5a127', NULL, '{"Code":"10000","Name":"Aset","NameEn":"","Kind":"asset","Normal":"debit","Control":false,"Header":true,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '3', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '536fe28464ddb11485fd2bc24bc8c2cc6927e695a6472dd0bd3f2f402049dd54', '289a531f867dee02a36241b469c17970a258c11a75ea68515d7daa1760ddc7c4', NULL, '{"Code":"10102","Name":"Kas Teller","NameEn":"","Kind":"asset","Normal":"debit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '4', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '36a07a0c06e2cfb72aca8c4ea305a662aab801408ce5f521ba3e863c5f91455d', '0900dba079ece71dde44795592958ecc6058c6d891e1c22696c136d715d6476e', NULL, '{"Code":"10103","Name":"Bank","NameEn":"","Kind":"asset","Normal":"debit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '5', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '863b0c1cff7a5aadc1505d7f52a1f69461ec8ab6d908b41906b5da2a48c32a21', 'ff019014ae7d033e0beb5fddedcf5f9a83d5b03cc5261cf1bdffabd0f8eb3c51', NULL, '{"Code":"10409","Name":"Margin Ditangguhkan","NameEn":"","Kind":"asset","Normal":"credit","Control":true,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '6', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '9d3e3ad1ca3b56769b94f9c5ec8fa6e34aedd346b39e486dae0083a1a195155e', 'badd316c06994af84c54caab056e62eb0ba9821f0cf1aa486fe33488080cbe53', NULL, '{"Code":"20101","Name":"Simpanan Wadiah","NameEn":"","Kind":"liability","Normal":"credit","Control":true,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '7', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', 'c29ae13c99d036da4e192d599fa6b344936dbb8763e1ee542c0f1ae9c382250a', 'f7ed23f39c7b9a28a95d972d967845159f6d68f8835dbfc96d44537fc90e267b', NULL, '{"Code":"30101","Name":"Simpanan Mudharabah","NameEn":"","Kind":"syirkah","Normal":"credit","Control":true,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '8', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', 'ec463abe037e1eb9669601932283861595bc10dc5c374af2430fa8005d8b4379', '60508dc86007ba39c54d626e45371cc87d755b5bf56fb70fbece6a8a5b46faf5', NULL, '{"Code":"40402","Name":"SHU Tahun Berjalan","NameEn":"","Kind":"equity","Normal":"credit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '9', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '5d76016d2a12582679c6cd681af27edc7b9139904d0d61faa6e7f6f81e015951', '762ac5d8d72fd8742c0f4e9b2089666ba9d18c3af36ace60e7cbed1b9d450d4d', NULL, '{"Code":"50101","Name":"Pendapatan","NameEn":"","Kind":"income","Normal":"credit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '10', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', 'e73a29759cfc2611605a2a7b8fbe10ba9b044cbe1e554433a73d0dc640701354', '52abdd18dd9b1632f4c9c6d1c66390de9d5c719f89ae9ac2f27634a54a18a3c4', NULL, '{"Code":"60101","Name":"Beban","NameEn":"","Kind":"expense","Normal":"debit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '11', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', '1b2c04bd164c390dad33a82e0888a7a6d1ccf2329ce8609050024bddacf4114d', '7d1c9846947bb1ba5e3f7947d5a50793779255a1708a9737c1e603235a4d0293', NULL, '{"Code":"99101","Name":"Wakalah","NameEn":"","Kind":"memorandum","Normal":"debit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '12', 'account', '2026-01-01 01:00:00.123456', 'mizan/create', 'create', 'e2050892856282020e00bb8a68e717b70ad30fd88eba7e5e60ef72d7f06d9860', 'd48b3e17035be55bc63f95ba5427161b2cbb6d9069c24ad1f9e02766963a2403', '1d08bfea9fd60b1b7b3cefd67718cd11cb12605dfdbc980d7f3d5af891bfc421', NULL, '{"Code":"99199","Name":"Lawan Wakalah","NameEn":"","Kind":"memorandum","Normal":"credit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '13', 'sub', '2026-01-01 01:00:00.123456', 'O', 'sub', 'bda515d958333ccb193f30478ea3f6a6a757d49aff1c522d5fd47d14e109d698', 'a51ca02b07a716357fa1a5abbfb1a0fe422671c0bcb4ff2deb9dde27ec91ca00', '7f4e078ec3675c1aea549491977e4e1ea3f30429c4217de49b7f4eb113eec2af', NULL, '{"key":"O","account":"30101","sub":"M1","holder":"A-1","floor":{"hard":0,"soft":0},"by":"cs"}', '13');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '14', 'entry', '2026-01-01 01:00:00.123456', 'T0', 'post', NULL, '06f4177ecabc54cf21389719da106ff85a3d78795d6e5c5e7f93fa0748773472', '009332180a6562707eb09906d065b43bc7e02468cc8f442781910214681d0a8a', '1', NULL, '14');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '15', 'account', '2026-01-01 01:00:00.123456', 'T1', 'test', 'b3aeb359cf6535ee375b6e36ceab842ee8670fe398dbc6eee295cbad6dd9ca2b', '5ddca882f430ba1b429e5f8c8d79006163e3ad18b269ec5da427efd8cb022fcd', '1c42ddaa4dcaba2c363d840df00696e726fe08ffa1b7475677457c4cc5303972', NULL, '{"Code":"70001","Name":"Perlengkapan","NameEn":"Supplies","Kind":"asset","Normal":"debit","Control":false,"Header":false,"Floor":{"hard":0,"soft":0},"Retired":false}', '20');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '16', 'entry', '2026-01-01 01:00:00.123456', 'T1', 'test', 'b3aeb359cf6535ee375b6e36ceab842ee8670fe398dbc6eee295cbad6dd9ca2b', '6f7274a1a3e09e26e65d4780f5d823e83cfc97870b262b35e862e5a5442c4346', '0683e74cbc9b60e4c885d9654294a42570d59436abfbc7aab9cb420e25e9b92c', '2', NULL, NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '17', 'hold', '2026-01-01 01:00:00.123456', 'T1', 'test', 'b3aeb359cf6535ee375b6e36ceab842ee8670fe398dbc6eee295cbad6dd9ca2b', '84a05d44b9aeb32ba3c4a6a1b70048a0b877653e977134239d1dd2ed5ad2079f', 'acd61fc6279391fa9c9e42834200cb6e8f9bf85aea74b70d56d923458fbc2af2', NULL, '{"key":"T1","account":"30101","sub":"M1","amount":500,"from":"2026-11-23","until":"","reason":"jaminan","by":"manajer"}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '18', 'record', '2026-01-01 01:00:00.123456', 'T1', 'test', 'b3aeb359cf6535ee375b6e36ceab842ee8670fe398dbc6eee295cbad6dd9ca2b', '5aab294285b04b8502ff35393250ac47e6876acbd0a80e20931525d4c013db8c', 'd831f372f728b4d64cd2ab36fc6df6e4b2ee285d97c9734b5065994e44eb46c7', NULL, NULL, NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '19', 'assertion', '2026-01-01 01:00:00.123456', 'T1', 'test', 'b3aeb359cf6535ee375b6e36ceab842ee8670fe398dbc6eee295cbad6dd9ca2b', '88f80e5f4420b4b61861628d411b03786a2a92f3c6f5b8e4f205ad7ac431ae59', '29e7394251c928d6f654b4232adb55962ca38afcf4679c71f2c5fd7c8ff5437d', NULL, '{"key":"","account":"10102","sub":"","date":"2026-11-22","balance":0,"document":"kas","by":"kasir"}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '20', 'closing', '2026-01-01 01:00:00.123456', 'T1', 'test', 'b3aeb359cf6535ee375b6e36ceab842ee8670fe398dbc6eee295cbad6dd9ca2b', '2666e65cec0b3e7c3f414cd8f936461327ae139e9338a1a6d4cb0a3e6530983a', '40403d7c023f76f794eeaab2597b41755aa9087a969ded947fb53f2d6069ee36', NULL, '{"key":"","through":"2026-02-01","reason":"tutup","by":"manajer"}', NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '21', 'entry', '2026-01-01 01:00:00.123456', 'T2', 'murabahah.pay', '8e1a6419351caab98ca75e43e9fc5d436ad443d1e0e8aa61a0c46d4703274602', '801a3ec9df23466da5938191594bf1b3fa0530e51cff905bf0487aa01582c742', '539e4c96971e0f74162e6a94cd5c7a902eda3251b61e4423b6ae15c53d75fc3b', '3', NULL, '22');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '22', 'record', '2026-01-01 01:00:00.123456', 'T2', 'murabahah.pay', '8e1a6419351caab98ca75e43e9fc5d436ad443d1e0e8aa61a0c46d4703274602', 'e70c5c76c3ad5e60546f6f5f58cedf764ec45af1e9529d58cc88c3c351cd297c', 'e085f114e191b19106ccb45b976cd36214bb352049b0fdc98375ea0f5c1cf27e', NULL, NULL, NULL);
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '23', 'hold', '2026-01-01 01:00:00.123456', 'H2', 'hold', '4056a3f328667dacf3581ac9c4af761adede92a5ea64373ce06c2777b8864a08', '55ae16063d896f5130568a92d2d7b0f7c48b6e852c6f3397b0abb593702c1496', 'c70b9d50bf3948c970b744668270f1e57cb77cf24f1005a00f832c956dc72e47', NULL, '{"key":"H2","account":"30101","sub":"M1","amount":700,"from":"2026-11-23","until":"2026-12-02","reason":"jaminan","by":"manajer"}', '23');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '24', 'assertion', '2026-01-01 01:00:00.123456', 'Q2', 'assertion', '8719ea1ed258bfce5a3b008ca4e82db3972f1cb7e96b076ba81bb78b12bc8018', '720de6cb349a9d7439092c4c313f1fab7c11094e8187148f520163fc78d3afc9', '8b0a74618172dea568999cc863b6e7b067b237dcbf7fe66a656f065a19443c21', NULL, '{"key":"Q2","account":"10102","sub":"","date":"2026-11-23","balance":20000,"document":"kas","by":"kasir"}', '24');
INSERT INTO mizan_change (book_id, change_no, kind, recorded_at, idem_key, command, command_digest, content_digest, digest, entry_no, document, last_change) VALUES ('kspps-melati', '25', 'entry', '2026-01-01 01:00:00.123456', 'R', 'reverse', '42b0624636f1e444117d5f4ba08a4c85edaf87e718fe8502a89b3911d7ee083a', '8c4ef86b8e961dabc703d29af239079332a16956610168f4f1dd9c07ed9a2bf3', '1cae811dda123862d2a32b1b4cef36717db50a1b0c1e81c34dc553769ce55d85', '4', NULL, '25');
INSERT INTO mizan_entry (book_id, seq, change_no, on_date, phase, memo, document, maker, approver, source_kind, source_id, source_version, source_event, waiver, reverses, imported) VALUES ('kspps-melati', '1', '14', '2026-11-23', '0', 'Setoran tunai', '', '', '', '', '', '0', '', '', NULL, '0');
INSERT INTO mizan_entry (book_id, seq, change_no, on_date, phase, memo, document, maker, approver, source_kind, source_id, source_version, source_event, waiver, reverses, imported) VALUES ('kspps-melati', '2', '16', '2026-11-23', '0', 'Setoran tunai', '', '', '', '', '', '0', '', '', NULL, '0');
INSERT INTO mizan_entry (book_id, seq, change_no, on_date, phase, memo, document, maker, approver, source_kind, source_id, source_version, source_event, waiver, reverses, imported) VALUES ('kspps-melati', '3', '21', '2026-11-24', '0', 'Setoran tunai', 'D', 'kasir', 'manajer', 'murabahah', 'K-1', '2', 'pay', 'alasan', NULL, '0');
INSERT INTO mizan_entry (book_id, seq, change_no, on_date, phase, memo, document, maker, approver, source_kind, source_id, source_version, source_event, waiver, reverses, imported) VALUES ('kspps-melati', '4', '25', '2026-11-25', '0', 'salah', '', '', '', '', '', '0', '', '', '1', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '1', '1', '10102', '', '10000', '2026-11-23', '0', '', '0', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '1', '2', '30101', 'M1', '-10000', '2026-11-23', '0', '', '0', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '2', '1', '10102', '', '10000', '2026-11-23', '0', '', '0', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '2', '2', '30101', 'M1', '-10000', '2026-11-23', '0', '', '0', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '3', '1', '10102', '', '10000', '2026-11-24', '0', '', '0', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '3', '2', '30101', 'M2', '-10000', '2026-11-24', '0', 'A-2', '1', '3');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '4', '1', '10102', '', '-10000', '2026-11-25', '0', '', '0', '0');
INSERT INTO mizan_line (book_id, seq, line_no, code, sub, amount, on_date, phase, party, standing, activity) VALUES ('kspps-melati', '4', '2', '30101', 'M1', '10000', '2026-11-25', '0', '', '0', '0');
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance) VALUES ('kspps-melati', '10102', '', '2026-11-23', '0', '20000', '0', '20000');
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance) VALUES ('kspps-melati', '10102', '', '2026-11-24', '0', '10000', '0', '30000');
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance) VALUES ('kspps-melati', '10102', '', '2026-11-25', '0', '0', '10000', '20000');
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance) VALUES ('kspps-melati', '30101', 'M1', '2026-11-23', '0', '0', '20000', '-20000');
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance) VALUES ('kspps-melati', '30101', 'M1', '2026-11-25', '0', '10000', '0', '-10000');
INSERT INTO mizan_turnover (book_id, code, sub, on_date, phase, debit, credit, balance) VALUES ('kspps-melati', '30101', 'M2', '2026-11-24', '0', '0', '10000', '-10000');
INSERT INTO mizan_record (book_id, kind, id, version, change_no, event, data, format, state) VALUES ('kspps-melati', 'murabahah', 'K-1', '1', '18', 'order', '{"a":1}', '1', '{"b": 2}');
INSERT INTO mizan_record (book_id, kind, id, version, change_no, event, data, format, state) VALUES ('kspps-melati', 'murabahah', 'K-1', '2', '22', 'pay', '{}', '1', '{}');
INSERT INTO mizan_hold (book_id, idem_key, code, sub, amount, left_amount, from_date, until_date, reason, held_by) VALUES ('kspps-melati', 'H2', '30101', 'M1', '700', '700', '2026-11-23', '2026-12-02', 'jaminan', 'manajer');
INSERT INTO mizan_hold (book_id, idem_key, code, sub, amount, left_amount, from_date, until_date, reason, held_by) VALUES ('kspps-melati', 'T1', '30101', 'M1', '500', '500', '2026-11-23', NULL, 'jaminan', 'manajer');
INSERT INTO mizan_assertion (book_id, change_no, idem_key, code, sub, on_date, balance, document, asserted_by) VALUES ('kspps-melati', '19', '', '10102', '', '2026-11-22', '0', 'kas', 'kasir');
INSERT INTO mizan_assertion (book_id, change_no, idem_key, code, sub, on_date, balance, document, asserted_by) VALUES ('kspps-melati', '24', 'Q2', '10102', '', '2026-11-23', '20000', 'kas', 'kasir');
