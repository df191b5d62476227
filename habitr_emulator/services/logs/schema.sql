CREATE TABLE IF NOT EXISTS logs_group (
    name TEXT PRIMARY KEY,
    created REAL NOT NULL,
    retention_days INTEGER
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS logs_stream (
    group_name TEXT NOT NULL,
    name TEXT NOT NULL,
    created REAL NOT NULL,
    first_event INTEGER,
    last_event INTEGER,
    last_ingestion INTEGER,
    PRIMARY KEY (group_name, name)
) WITHOUT ROWID;

-- at and ingested in milliseconds since 1970; of one moment, what came first has the smaller id.
CREATE TABLE IF NOT EXISTS logs_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_name TEXT NOT NULL,
    stream_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    ingested INTEGER NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS logs_event_by_stream ON logs_event (group_name, stream_name, at, id);
CREATE INDEX IF NOT EXISTS logs_event_by_group ON logs_event (group_name, at, id);
