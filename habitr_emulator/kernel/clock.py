"""The only clock. It has two hands.

The *real* hand is the machine's time: request signatures and presigned URLs are judged by it, because
clients keep real time. The *emulator's* hand can be frozen, moved and set: tokens, codes, sessions,
temporary credentials and TTLs expire by it, and timestamps that AWS would write are read from it.
"""

import time
from datetime import UTC, datetime


class Clock:
    """Both hands of the time, in seconds since 1970 (float)."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None

    def real(self) -> float:
        """The machine's time, for signatures only."""
        return time.time()

    def now(self) -> float:
        """The emulator's time."""
        return self._frozen if self._frozen is not None else time.time() + self._offset

    def monotonic(self) -> float:
        """Seconds of an arbitrary origin, for measuring durations."""
        return time.monotonic()

    def iso(self) -> str:
        """The emulator's time as ``2026-11-21T19:02:03.456Z`` (what ``$util.time.nowISO8601`` prints)."""
        return iso8601(self.now())

    @property
    def frozen(self) -> bool:
        """Whether the emulator's hand stands still."""
        return self._frozen is not None

    @property
    def offset(self) -> float:
        """How many seconds the emulator's hand is ahead of the real one."""
        return self.now() - time.time()

    def advance(self, seconds: float) -> None:
        """Move the emulator's hand; a frozen clock stays frozen at the new time."""
        if self._frozen is not None:
            self._frozen += seconds
        else:
            self._offset += seconds

    def freeze(self) -> None:
        """Stop the emulator's hand where it is."""
        self._frozen = self.now()

    def set(self, at: float) -> None:
        """Put the emulator's hand to a time, without freezing or thawing it."""
        if self._frozen is not None:
            self._frozen = at
        else:
            self._offset = at - time.time()

    def resume(self) -> None:
        """Let the emulator's hand show real time again."""
        self._offset, self._frozen = 0.0, None


def iso8601(at: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC with milliseconds and ``Z``."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def moment(text: str) -> float:
    """Seconds since 1970 of a text that says them, or ISO 8601 (UTC if it names no offset). Raises ValueError."""
    try:
        return float(text)
    except ValueError:
        named = datetime.fromisoformat(text)
        return (named if named.tzinfo else named.replace(tzinfo=UTC)).timestamp()


def http_date(at: float) -> str:
    """Seconds since 1970 as an RFC 1123 date (``Sat, 21 Nov 2026 19:02:03 GMT``)."""
    moment = datetime.fromtimestamp(at, UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[moment.month * 3 - 3 : moment.month * 3]
    return f"{day}, {moment.day:02d} {month} {moment:%Y %H:%M:%S} GMT"
