-- One row an index; it follows one table.
CREATE TABLE IF NOT EXISTS opensearch_index (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  table_name TEXT NOT NULL
);

-- The text fields that an index has seen, numbered from 0.
CREATE TABLE IF NOT EXISTS opensearch_field (
  index_number INTEGER NOT NULL,
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (index_number, name)
) WITHOUT ROWID;

-- Documents: source is the item as JSON.
CREATE TABLE IF NOT EXISTS opensearch_document (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  index_number INTEGER NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (index_number, id)
);

-- The words of one text field of one document, under the rowid 1000 * document + field; place is a word for index
-- and field, so that a query finds words of one field alone.
CREATE VIRTUAL TABLE IF NOT EXISTS opensearch_text USING fts5(
  place, text, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
);
CREATE VIRTUAL TABLE IF NOT EXISTS opensearch_term USING fts5vocab('opensearch_text', 'col');
