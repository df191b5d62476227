-- What calls of the control plane made or changed. A row stands over what the project brought under the same name;
-- one without a description says that the project's was deleted.
CREATE TABLE IF NOT EXISTS appsync_resource (
    number INTEGER PRIMARY KEY,
    api_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    UNIQUE (api_id, kind, name)
);
