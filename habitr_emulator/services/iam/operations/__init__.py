"""One file an action of AWS Identity and Access Management."""
