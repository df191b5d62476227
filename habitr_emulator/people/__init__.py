"""People of a running emulator, as a program has them: each speaks to the public APIs, in process."""
