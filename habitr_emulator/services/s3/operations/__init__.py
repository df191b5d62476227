"""One file an action of Amazon S3."""
