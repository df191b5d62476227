"""The log: one line a thing, on stderr."""

import logging
import os
import re
import sys

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_COLOURS = {"WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[31m"}


class _Formatter(logging.Formatter):
    def __init__(self, colour: bool) -> None:
        super().__init__("%(message)s")
        self._colour = colour

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """One line, whatever a client put into it: nobody forges a second one, or colours a terminal."""
        return _CONTROL.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        if record.levelno >= logging.WARNING:
            line = f"{record.levelname.lower()}: {line}"
        colour = _COLOURS.get(record.levelname) if self._colour else None
        return f"{colour}{line}\033[0m" if colour else line


def configure(level: str = "INFO") -> None:
    """Send the package's log to stderr; colour only on a terminal and without ``NO_COLOR``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(sys.stderr.isatty() and "NO_COLOR" not in os.environ))
    root = logging.getLogger("habitr_emulator")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False
