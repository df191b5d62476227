"""What everything may use: clock, ids, store, bus, inbox, errors, log, trace."""
