CREATE TABLE IF NOT EXISTS s3_buckets (
  name TEXT PRIMARY KEY,
  region TEXT NOT NULL,
  created_at REAL NOT NULL
);
-- one JSON document a setting: policy, cors, tagging
CREATE TABLE IF NOT EXISTS s3_bucket_settings (
  bucket TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (bucket, name)
);
-- keys are compared bytewise, as S3 orders them
CREATE TABLE IF NOT EXISTS s3_objects (
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified_at REAL NOT NULL,
  properties TEXT NOT NULL,
  tags TEXT NOT NULL,
  checksum TEXT,
  parts TEXT NOT NULL,
  upload_id TEXT,
  PRIMARY KEY (bucket, key)
);
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
