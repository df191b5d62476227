CREATE TABLE IF NOT EXISTS s3_buckets (
  name TEXT PRIMARY KEY,
  region TEXT NOT NULL,
  created_at REAL NOT NULL
);
-- one JSON document a setting, under the name of its sub-resource: policy, cors, tagging, versioning …
CREATE TABLE IF NOT EXISTS s3_bucket_settings (
  bucket TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (bucket, name)
);
-- every version of every object, a key's newest first, which is the current one; keys are compared bytewise, as S3
-- orders them. A delete marker is a version without a body; version_id is "null" for what was written unversioned.
CREATE TABLE IF NOT EXISTS s3_versions (
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  version_id TEXT NOT NULL,
  delete_marker INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified_at REAL NOT NULL,
  properties TEXT NOT NULL,
  tags TEXT NOT NULL,
  checksum TEXT,
  parts TEXT NOT NULL,
  upload_id TEXT,
  acl TEXT,
  lock TEXT,
  customer_key TEXT,
  PRIMARY KEY (bucket, key, sequence DESC)
) WITHOUT ROWID;
-- every file that belongs to an object or a part; a file that is not here is garbage
CREATE TABLE IF NOT EXISTS s3_blobs (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_uploads (
  id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  initiated_at REAL NOT NULL,
  initiator TEXT NOT NULL,
  properties TEXT NOT NULL,
  tags TEXT NOT NULL,
  acl TEXT,
  lock TEXT,
  customer_key TEXT,
  checksum_algorithm TEXT,
  checksum_type TEXT
);
CREATE INDEX IF NOT EXISTS s3_uploads_by_key ON s3_uploads (bucket, key, initiated_at, id);
CREATE TABLE IF NOT EXISTS s3_parts (
  upload_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  blob TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  checksum TEXT,
  modified_at REAL NOT NULL,
  PRIMARY KEY (upload_id, number)
);
