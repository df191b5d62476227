-- One row a table. settings is what DescribeTable shows, as JSON; number names the SQL table of the items,
-- dynamodb_data_<number>, which a write function creates. Numbers are never used twice.
CREATE TABLE IF NOT EXISTS dynamodb_table (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL,
  ttl_attribute TEXT,
  tags TEXT NOT NULL DEFAULT '{}'
);

-- Client request tokens of transactions, kept ten minutes: the same token and request has no second effect.
CREATE TABLE IF NOT EXISTS dynamodb_transaction (
  token TEXT PRIMARY KEY,
  digest BLOB NOT NULL,
  at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dynamodb_transaction_at ON dynamodb_transaction (at);

-- Streams of tables. One ends when it is switched off or its table is deleted, and is readable a day longer.
-- started is the first sequence number that it may have, trimmed the last one that retention has taken,
-- last the one it ended with.
CREATE TABLE IF NOT EXISTS dynamodb_stream (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  table_name TEXT NOT NULL,
  label TEXT NOT NULL,
  view TEXT NOT NULL,
  key_schema TEXT NOT NULL,
  began REAL NOT NULL,
  started INTEGER NOT NULL,
  trimmed INTEGER NOT NULL DEFAULT 0,
  ended REAL,
  last INTEGER,
  UNIQUE (table_name, label)
);

-- What changed in tables with a stream. record is JSON of eventName, images, size and userIdentity; Keys and
-- images are pairs of plain JSON and types, as the items themselves are kept.
CREATE TABLE IF NOT EXISTS dynamodb_stream_record (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  stream INTEGER NOT NULL,
  at REAL NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS dynamodb_stream_record_stream ON dynamodb_stream_record (stream, sequence);

-- Backups of tables: what the table was like (settings, ttl_attribute) and how much it held. Its items are in the
-- SQL table dynamodb_backup_<number>, which a write function creates.
CREATE TABLE IF NOT EXISTS dynamodb_backup (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  arn TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  table_name TEXT NOT NULL,
  settings TEXT NOT NULL,
  ttl_attribute TEXT,
  at REAL NOT NULL,
  items INTEGER NOT NULL,
  size INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS dynamodb_backup_at ON dynamodb_backup (at, number);

-- When items of tables with a time to live expire (seconds since 1970), by table number.
CREATE TABLE IF NOT EXISTS dynamodb_expiry (
  number INTEGER NOT NULL,
  pk BLOB NOT NULL,
  sk BLOB NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (number, pk, sk)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dynamodb_expiry_at ON dynamodb_expiry (at);
