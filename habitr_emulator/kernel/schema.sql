CREATE TABLE IF NOT EXISTS kernel_inbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  user_pool_id TEXT NOT NULL,
  client_id TEXT,
  username TEXT NOT NULL,
  sub TEXT,
  destination TEXT NOT NULL,
  medium TEXT NOT NULL,
  trigger TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  code TEXT,
  sent_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS kernel_inbox_by_username ON kernel_inbox (username);
CREATE TABLE IF NOT EXISTS kernel_secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS kernel_seeded (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID;
