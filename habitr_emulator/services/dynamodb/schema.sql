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
