"""One file an action of Amazon DynamoDB."""
