CREATE TABLE IF NOT EXISTS cognito_identity_pools (
  identity_pool_id TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  roles TEXT NOT NULL DEFAULT '{}',
  role_mappings TEXT NOT NULL DEFAULT '{}',
  deployed TEXT,
  created_at REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_identity_identities (
  identity_id TEXT PRIMARY KEY,
  identity_pool_id TEXT NOT NULL REFERENCES cognito_identity_pools ON DELETE CASCADE,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_identity_identities_of_pool
  ON cognito_identity_identities (identity_pool_id, identity_id);

CREATE TABLE IF NOT EXISTS cognito_identity_logins (
  identity_pool_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  identity_id TEXT NOT NULL REFERENCES cognito_identity_identities ON DELETE CASCADE,
  PRIMARY KEY (identity_pool_id, provider, subject)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_identity_logins_of_identity ON cognito_identity_logins (identity_id);

-- identities that lost their last login: nobody reaches them any more
CREATE TABLE IF NOT EXISTS cognito_identity_disabled (
  identity_id TEXT PRIMARY KEY REFERENCES cognito_identity_identities ON DELETE CASCADE
) WITHOUT ROWID;

-- which claims of a provider's tokens become session tags
CREATE TABLE IF NOT EXISTS cognito_identity_principal_tags (
  identity_pool_id TEXT NOT NULL REFERENCES cognito_identity_pools ON DELETE CASCADE,
  provider TEXT NOT NULL,
  use_defaults INTEGER NOT NULL,
  tags TEXT NOT NULL,
  PRIMARY KEY (identity_pool_id, provider)
) WITHOUT ROWID;
