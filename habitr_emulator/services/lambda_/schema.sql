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
