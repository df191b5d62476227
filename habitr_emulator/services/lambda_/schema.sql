-- Functions that API calls made or changed. A row without code belongs to a function of the project.
CREATE TABLE IF NOT EXISTS lambda_function (
    function_name TEXT PRIMARY KEY,
    configuration TEXT NOT NULL,
    code BLOB,
    code_sha256 TEXT
) WITHOUT ROWID;

-- Statements of resource policies (AddPermission).
CREATE TABLE IF NOT EXISTS lambda_permission (
    function_name TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    statement TEXT NOT NULL,
    PRIMARY KEY (function_name, statement_id)
) WITHOUT ROWID;

-- Event source mappings. settings is JSON of what CreateEventSourceMapping was given. Reading begins at iterator,
-- and once records were dealt with, behind sequence_number.
CREATE TABLE IF NOT EXISTS lambda_event_source_mapping (
    uuid TEXT PRIMARY KEY,
    function_name TEXT NOT NULL,
    event_source_arn TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    settings TEXT NOT NULL,
    iterator TEXT NOT NULL,
    sequence_number TEXT,
    last_modified REAL NOT NULL,
    last_result TEXT NOT NULL DEFAULT 'No records processed',
    UNIQUE (event_source_arn, function_name)
) WITHOUT ROWID;
