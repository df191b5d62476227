"""One file an action of Amazon Cognito identity pools."""
