"""One file an action of AWS Lambda."""
