CREATE TABLE IF NOT EXISTS cognito_idp_pools (
  user_pool_id TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  deployed TEXT,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_idp_signing_keys (
  user_pool_id TEXT NOT NULL REFERENCES cognito_idp_pools ON DELETE CASCADE,
  token_use TEXT NOT NULL,
  kid TEXT NOT NULL,
  private_key BLOB NOT NULL,
  PRIMARY KEY (user_pool_id, token_use)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_idp_clients (
  client_id TEXT PRIMARY KEY,
  user_pool_id TEXT NOT NULL REFERENCES cognito_idp_pools ON DELETE CASCADE,
  settings TEXT NOT NULL,
  deployed TEXT,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_idp_clients_of_pool ON cognito_idp_clients (user_pool_id, client_id);

CREATE TABLE IF NOT EXISTS cognito_idp_domains (
  domain TEXT PRIMARY KEY,
  user_pool_id TEXT NOT NULL UNIQUE REFERENCES cognito_idp_pools ON DELETE CASCADE,
  login_version INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_idp_users (
  user_pool_id TEXT NOT NULL REFERENCES cognito_idp_pools ON DELETE CASCADE,
  username TEXT NOT NULL,
  sub TEXT NOT NULL,
  attributes TEXT NOT NULL,
  status TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  salt BLOB,
  verifier BLOB,
  password_set_at REAL,
  password_history TEXT NOT NULL,
  mfa TEXT NOT NULL,
  generation INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  locked_until REAL NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  PRIMARY KEY (user_pool_id, username)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS cognito_idp_users_by_sub ON cognito_idp_users (user_pool_id, sub);
CREATE INDEX IF NOT EXISTS cognito_idp_users_by_status ON cognito_idp_users (user_pool_id, status, username);
CREATE INDEX IF NOT EXISTS cognito_idp_users_by_enabled ON cognito_idp_users (user_pool_id, enabled, username);

-- How many users a pool has: counting them would take longer the more there are.
CREATE TABLE IF NOT EXISTS cognito_idp_user_counts (
  user_pool_id TEXT PRIMARY KEY REFERENCES cognito_idp_pools ON DELETE CASCADE,
  users INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO cognito_idp_user_counts SELECT user_pool_id, count(*) FROM cognito_idp_users
  WHERE NOT EXISTS (SELECT 1 FROM cognito_idp_user_counts) GROUP BY user_pool_id;
CREATE TRIGGER IF NOT EXISTS cognito_idp_user_counted AFTER INSERT ON cognito_idp_users BEGIN
  INSERT INTO cognito_idp_user_counts VALUES (new.user_pool_id, 1) ON CONFLICT DO UPDATE SET users = users + 1;
END;
CREATE TRIGGER IF NOT EXISTS cognito_idp_user_discounted AFTER DELETE ON cognito_idp_users BEGIN
  UPDATE cognito_idp_user_counts SET users = users - 1 WHERE user_pool_id = old.user_pool_id;
END;

-- The attributes that ListUsers can filter by and users can sign in with; values without case in such pools.
CREATE TABLE IF NOT EXISTS cognito_idp_user_attributes (
  user_pool_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  username TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, name, value, username),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_idp_user_attributes_of_user
  ON cognito_idp_user_attributes (user_pool_id, username);

CREATE TABLE IF NOT EXISTS cognito_idp_codes (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  purpose TEXT NOT NULL,
  digest BLOB,
  attribute TEXT NOT NULL,
  value TEXT NOT NULL,
  expires_at REAL NOT NULL,
  attempts INTEGER NOT NULL,
  attempts_since REAL NOT NULL,
  PRIMARY KEY (user_pool_id, username, purpose),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE
) WITHOUT ROWID;

-- What people tried whom the pool does not know, by a hash of their name: codes, and (until: lock-out) passwords.
CREATE TABLE IF NOT EXISTS cognito_idp_strangers (
  user_pool_id TEXT NOT NULL REFERENCES cognito_idp_pools ON DELETE CASCADE,
  bucket INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  since REAL NOT NULL,
  until REAL NOT NULL,
  PRIMARY KEY (user_pool_id, bucket, purpose)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_idp_groups (
  user_pool_id TEXT NOT NULL REFERENCES cognito_idp_pools ON DELETE CASCADE,
  group_name TEXT NOT NULL,
  description TEXT,
  role_arn TEXT,
  precedence INTEGER,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  PRIMARY KEY (user_pool_id, group_name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_idp_memberships (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  group_name TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, username, group_name),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE,
  FOREIGN KEY (user_pool_id, group_name) REFERENCES cognito_idp_groups ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_idp_members_of_group
  ON cognito_idp_memberships (user_pool_id, group_name, username);

-- What must not work again although it proves itself: revoked sign-ins, rotated refresh tokens, used sessions.
CREATE TABLE IF NOT EXISTS cognito_idp_spent (
  id TEXT PRIMARY KEY,
  works_until REAL NOT NULL,
  expires_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_idp_spent_by_expiry ON cognito_idp_spent (expires_at);

CREATE TABLE IF NOT EXISTS cognito_idp_devices (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  device_key TEXT NOT NULL,
  name TEXT NOT NULL,
  salt BLOB,
  verifier BLOB,
  remembered INTEGER NOT NULL,
  last_ip TEXT NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  authenticated_at REAL NOT NULL,
  PRIMARY KEY (user_pool_id, username, device_key),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cognito_idp_web_authn_credentials (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  algorithm INTEGER NOT NULL,
  sign_count INTEGER NOT NULL,
  relying_party_id TEXT NOT NULL,
  attachment TEXT,
  transports TEXT NOT NULL,
  created_at REAL NOT NULL,
  PRIMARY KEY (user_pool_id, username, credential_id),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE
) WITHOUT ROWID;

-- What users did, in pools whose AdvancedSecurityMode asks for it.
CREATE TABLE IF NOT EXISTS cognito_idp_auth_events (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  number INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, username, number),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE
) WITHOUT ROWID;

-- What a pool keeps for an administrator: risk and log configuration, looks, branding, terms. client_id '' is all.
CREATE TABLE IF NOT EXISTS cognito_idp_documents (
  user_pool_id TEXT NOT NULL REFERENCES cognito_idp_pools ON DELETE CASCADE,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  PRIMARY KEY (user_pool_id, kind, id)
) WITHOUT ROWID;

-- Who a person of an identity provider is here: the profile of a first sign-in, or the user it was linked to.
CREATE TABLE IF NOT EXISTS cognito_idp_identities (
  user_pool_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  claim TEXT NOT NULL,
  value TEXT NOT NULL,
  username TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, provider, claim, value),
  FOREIGN KEY (user_pool_id, username) REFERENCES cognito_idp_users ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_idp_identities_of_user ON cognito_idp_identities (user_pool_id, username);

-- What the hosted UI gave a browser a code for: authorizations of apps, profiles of the stand-in provider.
CREATE TABLE IF NOT EXISTS cognito_idp_authorizations (
  code_digest BLOB PRIMARY KEY,
  content TEXT NOT NULL,
  expires_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_idp_authorizations_by_expiry ON cognito_idp_authorizations (expires_at);
