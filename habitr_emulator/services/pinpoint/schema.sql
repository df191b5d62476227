CREATE TABLE IF NOT EXISTS pinpoint_app (
    application_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created REAL NOT NULL,
    tags TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS pinpoint_endpoint (
    application_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    created REAL NOT NULL,
    endpoint TEXT NOT NULL,
    PRIMARY KEY (application_id, endpoint_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS pinpoint_event (
    number INTEGER PRIMARY KEY,
    application_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    received REAL NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS pinpoint_event_by_app ON pinpoint_event (application_id, number);
