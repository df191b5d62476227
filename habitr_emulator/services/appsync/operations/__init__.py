"""One file an action of AWS AppSync."""
