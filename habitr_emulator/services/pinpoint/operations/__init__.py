"""One file an action of Amazon Pinpoint."""
