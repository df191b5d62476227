"""One file an action of Amazon Cognito user pools."""
