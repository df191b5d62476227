-- Deployment packages of functions, versions and layers, each kept once.
CREATE TABLE IF NOT EXISTS lambda_code (
    code_sha256 TEXT PRIMARY KEY,
    package BLOB NOT NULL
);

-- Functions that API calls made or changed. A row without code belongs to a function of the project.
CREATE TABLE IF NOT EXISTS lambda_function (
    function_name TEXT PRIMARY KEY,
    configuration TEXT NOT NULL,
    code_sha256 TEXT
) WITHOUT ROWID;

-- Published versions. The highest number ever given is kept as a setting: a number never comes twice.
CREATE TABLE IF NOT EXISTS lambda_version (
    function_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    configuration TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    PRIMARY KEY (function_name, version)
) WITHOUT ROWID;

-- Versions of layers; a deleted one keeps its row without code, so that its number does not come again.
CREATE TABLE IF NOT EXISTS lambda_layer (
    layer_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    code_sha256 TEXT,
    PRIMARY KEY (layer_name, version)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS lambda_alias (
    function_name TEXT NOT NULL,
    name TEXT NOT NULL,
    configuration TEXT NOT NULL,
    PRIMARY KEY (function_name, name)
) WITHOUT ROWID;

-- What is told of a function apart from its configuration (tags, reserved concurrency, event invoke configs):
-- value is JSON; qualifier is empty for what belongs to the whole function.
CREATE TABLE IF NOT EXISTS lambda_setting (
    function_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (function_name, kind, qualifier)
) WITHOUT ROWID;

-- Statements of resource policies (AddPermission); a version or alias (qualifier) has a policy of its own.
CREATE TABLE IF NOT EXISTS lambda_permission (
    function_name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    statement TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier, statement_id)
) WITHOUT ROWID;

-- Asynchronous events that were accepted and are not done; due is when the next try may begin.
CREATE TABLE IF NOT EXISTS lambda_event (
    request_id TEXT PRIMARY KEY,
    function_name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    payload BLOB NOT NULL,
    client_context TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    failures INTEGER NOT NULL,
    accepted REAL NOT NULL,
    due REAL NOT NULL
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
