CREATE TABLE IF NOT EXISTS iam_roles (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  id TEXT NOT NULL,
  path TEXT NOT NULL,
  trust_policy TEXT NOT NULL,
  description TEXT,
  max_session_duration INTEGER NOT NULL,
  tags TEXT NOT NULL,
  created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS iam_users (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  id TEXT NOT NULL,
  path TEXT NOT NULL,
  tags TEXT NOT NULL,
  created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS iam_groups (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  id TEXT NOT NULL,
  path TEXT NOT NULL,
  created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS iam_group_members (
  group_name TEXT NOT NULL COLLATE NOCASE,
  user_name TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY (group_name, user_name)
);
CREATE INDEX IF NOT EXISTS iam_group_members_by_user ON iam_group_members (user_name);
-- inline policies; kind is role, user or group
CREATE TABLE IF NOT EXISTS iam_inline_policies (
  kind TEXT NOT NULL,
  owner TEXT NOT NULL COLLATE NOCASE,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (kind, owner, name)
);
-- document is that of the default version; versions are numbered for good, so that none comes twice
CREATE TABLE IF NOT EXISTS iam_managed_policies (
  arn TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  id TEXT NOT NULL,
  path TEXT NOT NULL,
  description TEXT,
  document TEXT NOT NULL,
  tags TEXT NOT NULL,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  default_version INTEGER NOT NULL,
  latest_version INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS iam_policy_versions (
  policy_arn TEXT NOT NULL,
  version INTEGER NOT NULL,
  document TEXT NOT NULL,
  created_at REAL NOT NULL,
  PRIMARY KEY (policy_arn, version)
);
CREATE TABLE IF NOT EXISTS iam_attachments (
  kind TEXT NOT NULL,
  owner TEXT NOT NULL COLLATE NOCASE,
  policy_arn TEXT NOT NULL,
  PRIMARY KEY (kind, owner, policy_arn)
);
CREATE INDEX IF NOT EXISTS iam_attachments_by_policy ON iam_attachments (policy_arn);
CREATE TABLE IF NOT EXISTS iam_access_keys (
  id TEXT PRIMARY KEY,
  user_name TEXT NOT NULL COLLATE NOCASE,
  secret TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS iam_access_keys_by_user ON iam_access_keys (user_name);
