"""One file an action of AWS Security Token Service."""
